"""Reading the candidacy, in phrases. Every reading starts at ``.of(member)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from openregion.people.models import Member


class OfCycleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """What belongs to a candidacy."""

    def of(self, member: Member) -> Self:
        """Only what belongs to this member's candidacies."""
        return self.filter(cycle__member=member)


class OfMemberQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """What belongs to a member, whatever the cycle."""

    def of(self, member: Member) -> Self:
        """Only this member's."""
        return self.filter(member=member)
