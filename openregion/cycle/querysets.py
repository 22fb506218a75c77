"""Reading cycles, in phrases. Every reading starts at ``.of(member)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from openregion.people.models import Member


class CycleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Turns of the process."""

    def of(self, member: Member) -> Self:
        """Only this member's cycles."""
        return self.filter(member=member)

    def latest_first(self) -> Self:
        """The one opened last first."""
        return self.order_by("-opened_on", "-pk")


class DeliberationQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """What councils decided."""

    def of(self, member: Member) -> Self:
        """Only deliberations in this member's cycles."""
        return self.filter(cycle__member=member)
