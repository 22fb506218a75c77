"""Reading the people room, in phrases. Every reading starts at ``.of(member)``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from openregion.people.models import Member


def _holding(day: dt.date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class TerritoryQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Regions, prefectures and provinces."""

    def regions(self) -> Self:
        """Only the Regions, in code order."""
        return self.filter(level="region").order_by("code")

    def of(self, member: Member) -> Self:
        """The prefectures and provinces of a member's Regions; a province or a commune covers itself."""
        within = Q(level="province", parent__authority__membership__member=member)
        itself = Q(authority__membership__member=member) & ~Q(level="region")
        return self.filter(within | itself).distinct().order_by("code")


class AuthorityQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Territorial authorities."""

    def of(self, member: Member) -> Self:
        """The authorities that make up a member."""
        return self.filter(membership__member=member).order_by("membership__rank")


class BodyQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Bodies of authorities."""

    def of(self, member: Member) -> Self:
        """Only bodies of the member's authorities."""
        return self.filter(authority__membership__member=member).order_by("authority_id", "rank", "pk")


class SeatQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Seats of bodies."""

    def of(self, member: Member) -> Self:
        """Only seats in the member's bodies."""
        return self.filter(body__authority__membership__member=member)


class MandateQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Who sits, from when to when."""

    def of(self, member: Member) -> Self:
        """Only mandates in the member's bodies."""
        return self.filter(seat__body__authority__membership__member=member)

    def held_on(self, day: dt.date) -> Self:
        """Only mandates running that day."""
        return self.filter(_holding(day))


class AppointmentQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Who holds which role."""

    def of(self, member: Member) -> Self:
        """Only appointments at this member."""
        return self.filter(member=member)

    def held_on(self, day: dt.date) -> Self:
        """Only appointments running that day."""
        return self.filter(_holding(day))


class ActQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Legal acts of authorities."""

    def of(self, member: Member) -> Self:
        """Only acts of the member's authorities."""
        return self.filter(authority__membership__member=member)

    def shown(self, *, early: bool) -> Self:
        """Those everyone reads; with ``early`` also those whose deliberation is not published yet."""
        return self if early else self.filter(public=True)

    def latest_first(self) -> Self:
        """The most recent act first."""
        return self.order_by("-dated_on", "-pk")


class ContactQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """The directory of those the Region works with."""

    def of(self, member: Member) -> Self:
        """Only this member's contacts."""
        return self.filter(member=member)

    def present(self) -> Self:
        """Those not retired."""
        return self.filter(retired_on=None)

    def by_name(self) -> Self:
        """In the order they joined the directory, category by category."""
        return self.order_by("category", "pk")


class OutgoingMailQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Messages on their way to people."""

    def of(self, member: Member) -> Self:
        """Only those that leave in this member's name."""
        return self.filter(member=member)

    def waiting(self) -> Self:
        """Only what has not left yet, what was refused least often first, then the oldest."""
        return self.filter(state="queued").order_by("tries", "pk")

    def not_tried_since(self, at: dt.datetime) -> Self:
        """Only what the mail server has not refused since that instant."""
        return self.filter(Q(tried_at=None) | Q(tried_at__lt=at))

    def over_since(self, at: dt.datetime) -> Self:
        """Only what left, or was given up, before that instant."""
        return self.filter(Q(state="sent", sent_at__lt=at) | Q(state="failed", tried_at__lt=at))
