"""Reading progress, in phrases. Every reading starts at ``.of(member)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from openregion.people.models import Member


class UpdateQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """What was reported."""

    def of(self, member: Member) -> Self:
        """Only what is reported on this member's commitments."""
        return self.filter(commitment__plan__cycle__member=member)

    def standing(self) -> Self:
        """Only what no later update corrects."""
        return self.filter(corrected_by=None)

    def latest_first(self) -> Self:
        """The one reported last first."""
        return self.order_by("-reported_at", "-pk")


class SheetQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Completion sheets."""

    def of(self, member: Member) -> Self:
        """Only sheets on this member's commitments."""
        return self.filter(commitment__plan__cycle__member=member)

    def issued(self) -> Self:
        """Only those issued, which never change again."""
        return self.exclude(document=None)
