"""Days of OGP's own that come: reports of the monitoring body, the first plan, the closing of calls.

They are everybody's: each is counted from something published, by a rule whose confidence is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.admission.models import Call, StatusEvent
from openregion.core.official import OfficialText
from openregion.cycle.queries.clock import NoDay, due_date
from openregion.monitoring import queries as monitorings
from openregion.people.models import Member
from openregion.plan.models import PlanVersion

FIRST_PLAN = "first-plan"
# The lines of the follow-up that everyone may read: what the monitoring body owes, by the start of their keys.
OWED = ("inception", "ended")


@dataclass(frozen=True)
class Ahead:
    """A day to come, or come lately: what, from what it is counted, where it is read; a call has its instant too."""

    key: str
    label: str
    day: dt.date
    url: str
    why: str = ""
    estimated: bool = False
    at: dt.datetime | None = None
    title: OfficialText | None = None


def reports_ahead(member: Member, on: dt.date, *, about: Collection[str] | None = None) -> Iterator[Ahead]:
    """Give the days by which the monitoring body reports on published plans, or on those ``about`` names alone."""
    for line in monitorings.due(member, on):
        kind, _sign, uid = line.key.partition(":")
        if kind in OWED and line.day is not None and (about is None or uid in about):
            yield Ahead(line.key, line.label, line.day, line.url, line.why, line.estimated)


def first_plan_ahead(member: Member) -> Iterator[Ahead]:
    """Give the day by which a new member submits its first plan, until one is published."""
    admitted = StatusEvent.objects.of(member).filter(state=StatusEvent.State.ADMITTED, corrected_by=None)
    event = admitted.order_by("on", "pk").first()
    if event is None or PlanVersion.objects.of(member).published().exists():
        return
    try:
        by = due_date(member, FIRST_PLAN, start=event.on, what=_("admission by OGP"))
    except NoDay:  # the method of this member has no such rule
        return
    label, url = _("First plan to be submitted to OGP"), reverse("membership", args=[member.slug])
    yield Ahead(f"first-plan-{event.uid}", label, by.day, url, by.sentence, by.estimated)


def calls_ahead(member: Member, since: dt.datetime) -> Iterator[Ahead]:
    """Give the closing of OGP's calls; a working form is nobody's call."""
    found = Call.objects.of(member).filter(working=False, closes_at__gte=since)
    for one in found.order_by("closes_at", "pk"):
        if one.closes_at:
            day, url = timezone.localdate(one.closes_at), reverse("call", args=[member.slug, one.uid])
            label = _("OGP's call closes")
            yield Ahead(f"call-{one.uid}", label, day, url, one.time_zone, at=one.closes_at, title=one.title)
