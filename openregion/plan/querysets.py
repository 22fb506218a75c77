"""Reading responses, plans and commitments, in phrases. Every reading starts at ``.of(member)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from openregion.people.models import Member


class ResponseQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Reasoned responses."""

    def of(self, member: Member) -> Self:
        """Only this member's responses."""
        return self.filter(member=member)

    def latest_first(self) -> Self:
        """The one given last first."""
        return self.order_by("-given_at", "-pk")


class PlanQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Action plans."""

    def of(self, member: Member) -> Self:
        """Only this member's plans."""
        return self.filter(cycle__member=member)

    def latest_first(self) -> Self:
        """The one that starts last first."""
        return self.order_by("-starts_on", "-pk")


class VersionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Frozen versions of plans."""

    def of(self, member: Member) -> Self:
        """Only versions of this member's plans."""
        return self.filter(plan__cycle__member=member)

    def published(self) -> Self:
        """Only those the public reads, the latest first."""
        return self.exclude(published_at=None).order_by("-number")


class CommitmentQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Commitments."""

    def of(self, member: Member) -> Self:
        """Only commitments of this member's plans."""
        return self.filter(plan__cycle__member=member)


class LibraryQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Commitments that other members of OGP have published."""
