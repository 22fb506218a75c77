"""Reading what people gave, in phrases. Every reading starts at ``.of(member)``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from openregion.people.models import Member


CAME_AT = Coalesce("arrived_at", "received_at")  # when words reached the platform: as they were given, or later


class ConsultationQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Questions put to the public."""

    def of(self, member: Member) -> Self:
        """Only this member's consultations."""
        return self.filter(cycle__member=member)

    def open_at(self, at: dt.datetime) -> Self:
        """Only those receiving contributions at that instant."""
        return self.filter(opens_at__lte=at, closes_at__gt=at)

    def latest_first(self) -> Self:
        """The one that opened last first."""
        return self.order_by("-opens_at", "-pk")


class ContributionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """What people gave."""

    def of(self, member: Member) -> Self:
        """Only what was given to this member."""
        return self.filter(member=member)

    def published(self) -> Self:
        """Only what moderation has published and its author has not withdrawn."""
        return self.filter(moderation="published", withdrawn_at=None)

    def awaiting_moderation(self) -> Self:
        """Only what nobody has read yet."""
        return self.filter(moderation="pending", withdrawn_at=None)

    def countable(self) -> Self:
        """The denominator of coverage: received, less spam and what its author withdrew."""
        return self.exclude(moderation="spam").filter(withdrawn_at=None)

    def hidden_without_notice(self) -> Self:
        """Hidden, and the author has not been told the reason."""
        return self.filter(moderation="hidden", reason_told_at=None)

    def latest_first(self) -> Self:
        """The one received last first; the key follows the order of arrival."""
        return self.order_by("-pk")

    def published_last_first(self) -> Self:
        """The one published last first, along ``contributions_published``; what shows at once came out as it came."""
        return self.order_by(Coalesce("moderated_at", "received_at").desc(), "-pk")


class SuggestionManager(models.Manager.from_queryset(ContributionQuerySet)):  # type: ignore[misc]
    """Suggestions alone: what is answered and counted. Comments are read through ``everything``."""

    def get_queryset(self) -> ContributionQuerySet:
        """Leave comments out."""
        return super().get_queryset().filter(kind="suggestion")  # type: ignore[no-any-return]


class NoticeQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """What authors who left an address are to be told."""

    def waiting(self) -> Self:
        """Only what has not left yet, what was refused least often first, then the oldest."""
        return self.filter(sent_at=None, given_up_at=None).order_by("tries", "pk")

    def not_tried_since(self, at: dt.datetime) -> Self:
        """Only what the mail server has not refused since that instant."""
        return self.filter(models.Q(tried_at=None) | models.Q(tried_at__lt=at))


class CallQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Calls for participation."""

    def of(self, member: Member) -> Self:
        """Only this member's calls."""
        return self.filter(member=member)

    def public(self) -> Self:
        """Only those that were published: everyone may read them."""
        return self.exclude(state="draft")

    def latest_first(self) -> Self:
        """The one that opened last first."""
        return self.order_by("-opens_at", "-pk")


class ApplicationQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Who asks to take part."""

    def of(self, member: Member) -> Self:
        """Only those to this member's calls."""
        return self.filter(call__member=member)

    def standing(self) -> Self:
        """Only those that were not withdrawn."""
        return self.exclude(state="withdrawn")


class WorkshopQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Workshops of consultations."""

    def of(self, member: Member) -> Self:
        """Only this member's workshops."""
        return self.filter(consultation__cycle__member=member)
