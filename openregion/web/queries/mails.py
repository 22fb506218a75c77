"""The state of messages, in figures: those to people the platform knows, and those to authors of suggestions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _

from openregion.consultation.models import Notice
from openregion.people.models import Member, OutgoingMail


@dataclass(frozen=True)
class Flow:
    """A flow of messages: how many wait, since when, how many left, when the last did, how many were given up."""

    title: str
    queued: int
    since: dt.datetime | None
    sent: int
    last: dt.datetime | None
    failed: int


def mails_page(member: Member) -> tuple[Flow, Flow]:
    """Count both flows of a member, in one question each."""
    state = OutgoingMail.State
    ours = OutgoingMail.objects.filter(member=member).aggregate(
        queued=Count("pk", filter=Q(state=state.QUEUED)),
        since=Min("made_at", filter=Q(state=state.QUEUED)),
        sent=Count("pk", filter=Q(state=state.SENT)),
        last=Max("sent_at"),
        failed=Count("pk", filter=Q(state=state.FAILED)),
    )
    waiting = Q(sent_at=None, given_up_at=None)
    authors = Notice.objects.filter(contribution__member=member).aggregate(
        queued=Count("pk", filter=waiting),
        since=Min("made_at", filter=waiting),
        sent=Count("pk", filter=~Q(sent_at=None)),
        last=Max("sent_at"),
        failed=Count("pk", filter=~Q(given_up_at=None)),
    )
    return (
        Flow(_("To the team and to guests"), **ours),
        Flow(_("To authors of suggestions"), **authors),
    )
