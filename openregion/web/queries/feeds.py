"""What the calendar feeds hold: the public one of a member, and a person's own lines of the desk."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.admission.models import Call
from openregion.consultation.models import Consultation
from openregion.consultation.queries.workshops import workshop_addresses
from openregion.core import languages
from openregion.core.icalendar import CalendarEntry
from openregion.core.official import OfficialText, text_in
from openregion.cycle.queries.calendar import calendar_entries
from openregion.people.models import CalendarKey, Member, User
from openregion.people.rules import deeds_of, today
from openregion.plan.models import PlanVersion
from openregion.web.queries.ahead import first_plan_ahead, reports_ahead
from openregion.web.queries.desk import due_of, is_for

PAST, AHEAD = dt.timedelta(days=92), dt.timedelta(days=400)  # how far a feed goes: what a calendar shows


def hashed_key(key: str) -> str:
    """Hash the key of a calendar's address: the only way it is kept and looked up."""
    return hashlib.sha256(key.encode()).hexdigest()


def reader_of(key: str, member: Member) -> User | None:
    """Find whose calendar a key opens at a member: someone active who holds a role there today.

    The key is looked up by its hash: what is compared tells nothing of it.
    """
    found = CalendarKey.objects.filter(key_hash=hashed_key(key), member=member, user__is_active=True)
    one = found.select_related("user").first()
    return one.user if one and deeds_of(one.user, member) else None


def public_entries(member: Member) -> tuple[CalendarEntry, ...]:
    """Give what everyone may put in a calendar: meetings and delays, consultations, calls, reports, plans."""
    on = today()
    ours = calendar_entries(member, first=on - PAST, last=on + AHEAD)
    # A workshop is a meeting that has a page of its own: how to get in, the languages, the kit.
    led = workshop_addresses(member)
    ours = tuple(replace(one, url=led[one.uid]) if one.uid in led else one for one in ours)
    found = [*ours, *_consultations(member, on), *_calls(member, on), *_plans(member, on), *_counted(member, on)]
    return tuple(sorted(found, key=lambda one: (one.day, one.uid)))


def own_entries(user: User, member: Member) -> tuple[CalendarEntry, ...]:
    """Give a person's own lines that have a day and are not done; what it is, and why that day."""
    on, may = today(), deeds_of(user, member)
    return tuple(
        CalendarEntry(
            uid=line.key,
            title=line.label,
            starts=line.day,
            url=line.url,
            note=line.why,
            estimated=line.estimated,
        )
        for line in due_of(member, on)
        if line.day is not None and line.done_on is None and is_for(line, user, may)
    )


def _consultations(member: Member, on: dt.date) -> list[CalendarEntry]:
    since = timezone.now() - PAST
    return [
        CalendarEntry(
            uid=f"consultation-{one.uid}",
            title=_("Last day to answer: %(title)s") % {"title": _said(one.title)},
            # What closes at midnight closes the day before.
            starts=timezone.localdate(one.closes_at - dt.timedelta(seconds=1)),
            url=reverse("consultation", args=[member.slug, one.slug]),
        )
        for one in Consultation.objects.of(member).filter(closes_at__gte=since).order_by("closes_at", "pk")
    ]


def _calls(member: Member, on: dt.date) -> list[CalendarEntry]:
    """Give the deadline of OGP's calls; a working form is nobody's call."""
    found = Call.objects.of(member).filter(working=False, closes_at__gte=timezone.now() - PAST)
    return [
        CalendarEntry(
            uid=f"call-{one.uid}",
            title=_("OGP's call closes: %(title)s") % {"title": _said(one.title)},
            starts=one.closes_at,
            url=reverse("calls", args=[member.slug]),
            note=one.time_zone,
        )
        for one in found.order_by("closes_at", "pk")
        if one.closes_at
    ]


def _counted(member: Member, on: dt.date) -> list[CalendarEntry]:
    """Give the days counted by OGP's own rules: the monitoring body's reports, the first plan."""
    return [
        CalendarEntry(
            uid=one.key.replace(":", "-"),
            title=one.label,
            starts=one.day,
            url=one.url,
            note=one.why,
            estimated=one.estimated,
        )
        for one in (*reports_ahead(member, on), *first_plan_ahead(member))
        if one.day >= on - PAST
    ]


def _plans(member: Member, on: dt.date) -> list[CalendarEntry]:
    versions = PlanVersion.objects.of(member).published().filter(plan__ends_on__gte=on - PAST)
    plans = {one.plan_id: one.plan for one in versions.select_related("plan__cycle")}
    return [
        CalendarEntry(
            uid=f"plan-{one.uid}",
            title=_("The plan ends: %(title)s") % {"title": _said(one.title)},
            starts=one.ends_on,
            url=reverse("plan", args=[member.slug, one.cycle.number]),
        )
        for one in sorted(plans.values(), key=lambda one: one.ends_on)
    ]


def _said(text: OfficialText) -> str:
    return text_in(text, languages.body_lang(get_language() or "fr"))
