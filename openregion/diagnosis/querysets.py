"""Reading findings, in phrases. Every reading starts at ``.of(member)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from openregion.people.models import Member


class FindingQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """What the diagnosis found."""

    def of(self, member: Member) -> Self:
        """Only this member's findings."""
        return self.filter(member=member)

    def published(self) -> Self:
        """Only those the public reads."""
        return self.exclude(published_at=None)
