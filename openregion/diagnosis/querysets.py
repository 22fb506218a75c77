"""Reading findings and reports, in phrases. Every reading starts at ``.of(member)``."""

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


class ReportQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Reports of what was said."""

    def of(self, member: Member) -> Self:
        """Only this member's reports."""
        return self.filter(member=member)

    def published(self) -> Self:
        """Only those the public reads."""
        return self.filter(state="published")

    def current(self) -> Self:
        """Only those the public reads and no later one corrects."""
        return self.published().exclude(replaced_by__state="published")
