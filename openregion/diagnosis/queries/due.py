"""Reports that wait to be begun or published. No rule sets a day for them: each line says so."""

from __future__ import annotations

import datetime as dt

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
from openregion.people.models import Member

# Who words what more than one meeting said. A rapporteur may draft and write too, but of their own meeting alone.
OF_MANY = "write_finding"


def due(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say which reports of the latest plan's consultations are to be written: after the close, after a meeting held.

    A report begun is a line of its own until it is published.
    """
    cycle = latest_cycle(member)
    begun = Report.objects.of(member).exclude(state=Report.State.PUBLISHED).order_by("number")
    return (*_to_begin(member, cycle), *(_to_finish(member, one) for one in begun))


def _to_begin(member: Member, cycle: Cycle | None) -> list[Due]:
    if cycle is None:
        return []
    reports = Report.objects.filter(consultation__cycle=cycle).values_list("consultation", "kind", "workshop")
    written = set(reports)
    lines = []
    closed = Consultation.objects.filter(cycle=cycle, closes_at__lte=timezone.now()).order_by("closes_at", "pk")
    for one in closed:
        if (one.pk, Report.Kind.FINAL, None) not in written:
            on = timezone.localdate(one.closes_at - dt.timedelta(seconds=1))
            why = _("The consultation closed on %(day)s. No rule sets a day.") % {"day": _day(on)}
            label = _("Write the final report of the consultation: %(title)s")
            lines.append(_begin(member, f"report:final:{one.uid}", label, one.title, why, f"{one.uid}|final|", OF_MANY))
    held = Workshop.objects.filter(consultation__cycle=cycle, meeting__state=Meeting.State.HELD)
    for met in held.select_related("meeting", "consultation").order_by("meeting__starts_at", "pk"):
        if (met.consultation_id, Report.Kind.MEETING, met.pk) not in written:
            on = timezone.localdate(met.meeting.starts_at)
            why = _("The meeting was held on %(day)s. No rule sets a day.") % {"day": _day(on)}
            label = _("Write the report of the meeting: %(title)s")
            asked = f"{met.consultation.uid}|meeting|{met.meeting.number}"
            lines.append(
                _begin(member, f"report:meeting:{met.uid}", label, met.meeting.title, why, asked, "draft_report")
            )
    return lines


def _begin(member: Member, key: str, label: str, title: dict, why: str, of: str, deed: str) -> Due:  # type: ignore[type-arg]
    return Due(
        key=key,
        label=label % {"title": text_in(title, _lang())},
        url=reverse("reports", args=[member.slug]),
        act=_("Begin it"),
        act_url=reverse("new_report", args=[member.slug]) + f"?of={of}",
        why=why,
        deed=deed,
        duty="civil-society",
    )


def _to_finish(member: Member, one: Report) -> Due:
    return Due(
        key=f"report:{one.uid}",
        label=_("Finish the report: %(title)s") % {"title": text_in(one.title, _lang())},
        url=reverse("report", args=[member.slug, one.number]),
        act=_("Open the draft"),
        why=_("Begun on %(day)s. No rule sets a day.") % {"day": _day(timezone.localdate(one.drafted_at))},
        deed="write_passage" if one.kind == Report.Kind.MEETING else OF_MANY,
        duty="civil-society",
    )


def _day(on: dt.date) -> str:
    return dates.day(on, get_language() or "fr")


def _lang() -> str:
    return languages.body_lang(get_language() or "fr")
