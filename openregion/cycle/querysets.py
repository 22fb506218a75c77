"""Reading cycles, in phrases. Every reading starts at ``.of(member)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

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


class OperationQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Operations of cycles."""

    def of(self, member: Member) -> Self:
        """Only operations of this member's cycles."""
        return self.filter(cycle__member=member)

    def open(self) -> Self:
        """Those neither proved nor set aside."""
        proofs: Any = self.model._meta.get_field("proofs").related_model
        proved = proofs.objects.filter(operation=models.OuterRef("pk"), withdrawn_on=None)
        return self.filter(~models.Exists(proved), set_aside_on=None)


class MeetingQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Meetings."""

    def of(self, member: Member) -> Self:
        """Only this member's meetings."""
        return self.filter(member=member)


class InvitationQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Guests of meetings."""

    def of(self, member: Member) -> Self:
        """Only guests of this member's meetings."""
        return self.filter(meeting__member=member)


class LetterQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Official letters."""

    def of(self, member: Member) -> Self:
        """Only this member's letters."""
        return self.filter(member=member)


class ProposalQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Files put to councils."""

    def of(self, member: Member) -> Self:
        """Only files of this member's cycles."""
        return self.filter(cycle__member=member)
