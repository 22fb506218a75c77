"""OGP's own days counted for this member: each names the day it starts from, and says whether it was met."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.admission.models import StatusEvent
from openregion.core import dates
from openregion.cycle.queries.clock import Clock, DueDate, NoDay, clock_of
from openregion.guide.schema import Text
from openregion.people.models import Member
from openregion.people.rules import today
from openregion.plan.models import ActionPlan, PlanVersion

FIRST_PLAN, NEW_COUNCIL = "first-plan", "plan-after-new-council"
INCEPTION, LEARNING = "inception-report", "final-learning-exercise"


@dataclass(frozen=True)
class OgpDay:
    """One of OGP's days: its rule, the day, from what it is counted, and where it stands in words."""

    title: Text
    due: DueDate
    state: str
    tone: str


def ogp_days(member: Member) -> tuple[OgpDay, ...]:
    """Count the days of OGP whose start is known here, the first day first."""
    found = _days(member, clock_of(member), today())
    return tuple(sorted(found, key=lambda one: one.due.day))


def _days(member: Member, clock: Clock, on: dt.date) -> Iterator[OgpDay]:
    published = _first_versions(member)
    admitted = _admitted_on(member)
    if admitted:
        met = min((day for day in published.values() if day >= admitted), default=None)
        yield from _one(clock, FIRST_PLAN, admitted, _("admission by OGP"), on, met=met)
    seated = [one.mandate_starts_on for one in member.authorities.all() if one.mandate_starts_on]
    ends = [one.mandate_ends_on for one in member.authorities.all() if one.mandate_ends_on]
    if admitted and seated and max(seated) > admitted:
        since = max(seated)
        met = min((day for day in published.values() if day >= since), default=None)
        yield from _one(clock, NEW_COUNCIL, since, _("new Council taking office"), on, met=met)
    elif admitted and ends:
        yield from _one(clock, NEW_COUNCIL, min(ends), _("end of the Council’s term, taken as the start"), on)
    for plan in ActionPlan.objects.filter(cycle__member=member, pk__in=published).order_by("pk"):
        what = _("first publication of the plan, taken as its submission")
        yield from _one(clock, INCEPTION, published[plan.pk], what, on, of_others=True)
        yield from _one(clock, LEARNING, plan.ends_on, _("end of the plan"), on, of_others=True)


def _one(
    clock: Clock,
    rule: str,
    start: dt.date,
    what: str,
    on: dt.date,
    *,
    met: dt.date | None = None,
    of_others: bool = False,
) -> Iterator[OgpDay]:
    """Count a rule; what the platform keeps no trace of is never said to be late."""
    try:
        due = clock.due_date(rule, start=start, what=what)
    except NoDay:
        return
    said = {"day": dates.day(met, get_language() or "fr")} if met else {}
    if met and met <= due.day:
        state, tone = _("Met on %(day)s") % said, "done"
    elif met:
        state, tone = _("Done late, on %(day)s") % said, "late"
    elif due.day >= on:
        state, tone = _("To come"), "idle"
    elif of_others:
        state, tone = _("The day is past; nothing here says whether it was done"), "idle"
    else:
        state, tone = _("Late"), "late"
    yield OgpDay(due.rule.title, due, state, tone)


def _admitted_on(member: Member) -> dt.date | None:
    admitted = StatusEvent.objects.of(member).filter(corrected_by=None, state=StatusEvent.State.ADMITTED)
    return admitted.order_by("-on").values_list("on", flat=True).first()


def _first_versions(member: Member) -> dict[int, dt.date]:
    """Give the day each plan was first published, by the plan's key."""
    versions = PlanVersion.objects.filter(plan__cycle__member=member).published().order_by("-published_at")
    return {
        plan: timezone.localdate(at) for plan, at in versions.values_list("plan_id", "published_at") if at is not None
    }
