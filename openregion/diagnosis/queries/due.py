"""Reports that wait to be begun or published. No rule sets a day for them: each line says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, Workshop
from openregion.core import dates, languages
from openregion.core.due import Due
from openregion.core.official import text_in
from openregion.cycle.models import Cycle, Meeting
from openregion.cycle.queries import latest_cycle
from openregion.diagnosis.models import Report
from openregion.diagnosis.queries.writers import writers_of
from openregion.people.models import Member

# Who words what more than one meeting said. A rapporteur may draft and write too, but of their own meeting alone.
OF_MANY = "write_finding"


def due(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say which reports of the latest plan's consultations are to be written: after the close, after a meeting held.

    A report begun is a line of its own until it is published. That of a meeting
    is for those who may write it: the team, and who took notes there.
    """
    begun = list(Report.objects.of(member).exclude(state=Report.State.PUBLISHED).order_by("number"))
    closed, held = _without_report(latest_cycle(member))
    met = {one.pk for one in held} | {one.workshop_id for one in begun if one.workshop_id}
    writers = writers_of(member, met, today)
    return (
        *(_of_the_whole(member, one) for one in closed),
        *(_of_a_meeting(member, one, writers[one.pk]) for one in held),
        *(_to_finish(member, one, writers.get(one.workshop_id or 0)) for one in begun),
    )


def _without_report(cycle: Cycle | None) -> tuple[list[Consultation], list[Workshop]]:
    """Give the consultations that are closed and the workshops that were held, whose report is not begun."""
    if cycle is None:
        return [], []
    reports = Report.objects.filter(consultation__cycle=cycle).values_list("consultation", "kind", "workshop")
    written = set(reports)
    closed = Consultation.objects.filter(cycle=cycle, closes_at__lte=timezone.now()).order_by("closes_at", "pk")
    held = Workshop.objects.filter(consultation__cycle=cycle, meeting__state=Meeting.State.HELD)
    return (
        [one for one in closed if (one.pk, Report.Kind.FINAL, None) not in written],
        [
            one
            for one in held.select_related("meeting", "consultation").order_by("meeting__starts_at", "pk")
            if (one.consultation_id, Report.Kind.MEETING, one.pk) not in written
        ],
    )


def _of_the_whole(member: Member, one: Consultation) -> Due:
    on = timezone.localdate(one.closes_at - dt.timedelta(seconds=1))
    said = _("Write the final report of the consultation: %(title)s")
    return Due(
        key=f"report:final:{one.uid}",
        label=said % {"title": text_in(one.title, _lang())},
        why=_("The consultation closed on %(day)s. No rule sets a day.") % {"day": _day(on)},
        deed=OF_MANY,
        **_begin(member, f"{one.uid}|final|"),
    )


def _of_a_meeting(member: Member, one: Workshop, writers: frozenset[int]) -> Due:
    on = timezone.localdate(one.meeting.starts_at)
    said = _("Write the report of the meeting: %(title)s")
    return Due(
        key=f"report:meeting:{one.uid}",
        label=said % {"title": text_in(one.meeting.title, _lang())},
        why=_("The meeting was held on %(day)s. No rule sets a day.") % {"day": _day(on)},
        deed="draft_report",
        only_for=writers,
        **_begin(member, f"{one.consultation.uid}|meeting|{one.meeting.number}"),
    )


def _begin(member: Member, of: str) -> dict[str, Any]:
    return {
        "url": reverse("reports", args=[member.slug]),
        "act": _("Begin it"),
        "act_url": reverse("new_report", args=[member.slug]) + f"?of={of}",
        "duty": "civil-society",
    }


def _to_finish(member: Member, one: Report, writers: frozenset[int] | None) -> Due:
    return Due(
        key=f"report:{one.uid}",
        label=_("Finish the report: %(title)s") % {"title": text_in(one.title, _lang())},
        # Everybody's desk names it: its own page is for those who may read the draft.
        url=reverse("reports", args=[member.slug]),
        act=_("Open the draft"),
        act_url=reverse("report", args=[member.slug, one.number]),
        why=_("Begun on %(day)s. No rule sets a day.") % {"day": _day(timezone.localdate(one.drafted_at))},
        deed="write_passage" if one.kind == Report.Kind.MEETING else OF_MANY,
        only_for=writers,
        duty="civil-society",
    )


def _day(on: dt.date) -> str:
    return dates.day(on, get_language() or "fr")


def _lang() -> str:
    return languages.body_lang(get_language() or "fr")
