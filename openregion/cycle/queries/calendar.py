"""The calendar: what its pages show, what a feed says of it, and what is due about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.due import Due
from openregion.core.forms import FIRST_DAY, LAST_DAY
from openregion.core.icalendar import CalendarEntry
from openregion.core.official import OfficialText, text_in
from openregion.core.working_days import DayOff, Feast, WorkCalendar, is_estimate
from openregion.cycle.models import Cycle, Holiday, Meeting, Stage
from openregion.cycle.queries.clock import (
    Clock,
    DueDate,
    NoDay,
    TermLeft,
    announced,
    clock_of,
    may_be_counted,
    still_to_apply,
    term_left,
)
from openregion.cycle.queries.days import StageDays, days_of
from openregion.cycle.queries.delays import Confidence, confidence_in_words, figures
from openregion.cycle.queries.meetings import PUBLIC
from openregion.cycle.queries.pinned import book_of, cycle_name
from openregion.cycle.queries.sessions import (
    AGENDA,
    LegalDay,
    Session,
    days_before,
    legal_days,
    running,
    sessions_between,
)
from openregion.guide import queries as guides
from openregion.guide.schema import Rule, Text
from openregion.people.models import Member
from openregion.record.models import JournalLine

AHEAD, BEHIND, NEAR = dt.timedelta(days=366), dt.timedelta(days=31), dt.timedelta(days=60)
CONFIRM_WITHIN = dt.timedelta(days=15)
# An estimate nobody confirmed by then moved nothing that still runs.
CONFIRM_UNTIL = dt.timedelta(days=60)
NEXT_SHOWN = 8
# The deeds after which the public page says something new; work behind the scenes refreshes nothing.
PUBLISHING = frozenset(
    {
        "adopt_plan",
        "approve_minutes",
        "cancel_meeting",
        "convene_meeting",
        "correct_progress",
        "correct_status",
        "date_stage",
        "freeze_dossier",
        "freeze_plan",
        "freeze_proposal",
        "give_reasoned_response",
        "give_verdict",
        "hold_meeting",
        "issue_completion_sheet",
        "issue_letter",
        "name_point_of_contact",
        "open_consultation",
        "open_cycle",
        "prove_operation",
        "prove_operations",
        "publish_contribution",
        "publish_deliberation",
        "publish_finding",
        "publish_minutes",
        "publish_plan",
        "record_ogp_answer",
        "record_peer_activity",
        "record_publication",
        "record_status",
        "record_visa",
        "record_vote",
        "report_progress",
        "set_aside_operation",
        "submit_dossier",
    }
)
OGP_TOPIC, REFRESH, FORUM_INTERVAL = "ogp-calendar", "public-page-refresh", "forum-meeting-interval"


@dataclass(frozen=True)
class HolidayLine:
    """A holiday on its day or days: its name, whether the day is fixed, estimated or announced, and its source."""

    first: dt.date
    last: dt.date
    name: OfficialText
    state: str
    tone: str
    source: str
    known_by: dt.date
    movable: bool
    weekday: str


@dataclass(frozen=True)
class OgpDate:
    """A date of OGP's own: its rule, its figure, and the day where it can be counted from what is known here."""

    rule: Rule
    figures: tuple[str, ...]
    confidence: Confidence
    due: DueDate | None
    countable: bool


@dataclass(frozen=True)
class StageLine:
    """A stage with its days, in the words of the method its cycle pinned."""

    name: Text
    cycle: str
    url: str
    days: StageDays


@dataclass(frozen=True)
class CalendarPage:
    """The public calendar; ``applies`` while the member has still to apply to OGP."""

    coming: tuple[CalendarEntry, ...]
    running: tuple[LegalDay, ...]
    sessions: tuple[tuple[Session, tuple[LegalDay, ...]], ...]
    stages: tuple[StageLine, ...]
    stages_over: tuple[StageLine, ...]
    term: TermLeft
    applies: bool
    kept_elsewhere: str
    ogp: tuple[OgpDate, ...]
    good_practice: tuple[OgpDate, ...]
    holidays: tuple[HolidayLine, ...]
    year: int


def calendar_page(member: Member, today: dt.date) -> CalendarPage:
    """Prepare the public calendar of a year ahead."""
    clock = clock_of(member)
    sessions = sessions_between(clock, today, today + AHEAD)
    stages = tuple(_stage_lines(member))
    coming = (one for one in calendar_entries(member, first=today, last=today + NEAR) if one.day >= today)
    latest = Cycle.objects.of(member).latest_first().first()
    return CalendarPage(
        coming=tuple(coming)[:NEXT_SHOWN],
        running=tuple(_near(running(legal_days(clock, today - BEHIND, today + AHEAD, today)), today)),
        sessions=tuple((one, tuple(days_before(clock, one, today))) for one in sessions),
        stages=tuple(one for one in stages if one.days.state != "done"),
        stages_over=tuple(one for one in stages if one.days.state == "done"),
        term=term_left(member, today),
        applies=still_to_apply(member),
        kept_elsewhere=f"{reverse('timeline', args=[member.slug, latest.kind, latest.number])}#ogp" if latest else "",
        ogp=tuple(_ogp_dates(clock, today, good_practice=False)),
        good_practice=tuple(_ogp_dates(clock, today, good_practice=True)),
        holidays=tuple(one for one in _ahead(clock.calendar, today))[:6],
        year=today.year,
    )


def _near(days: tuple[LegalDay, ...], today: dt.date) -> Iterator[LegalDay]:
    """Leave the days of sessions that are only expected to the sessions themselves, until they come near."""
    return (one for one in days if not one.expected or one.due.day <= today + NEAR)


def _ahead(calendar: WorkCalendar, today: dt.date) -> Iterator[HolidayLine]:
    for year in (today.year, today.year + 1):
        yield from (one for one in holiday_lines(calendar, year) if one.last >= today)


def _stage_lines(member: Member) -> Iterator[StageLine]:
    for cycle in Cycle.objects.of(member).latest_first().prefetch_related("stages"):
        dated = {one.code: one for one in cycle.stages.all() if one.starts_on}
        for written in book_of(cycle).stages:
            if written.code in dated:
                yield StageLine(
                    name=written.short,
                    cycle=cycle_name(cycle.kind, cycle.number),
                    url=reverse("cycle", args=[member.slug, cycle.kind, cycle.number]),
                    days=days_of(dated[written.code]),
                )


def _ogp_dates(clock: Clock, today: dt.date, *, good_practice: bool) -> Iterator[OgpDate]:
    for rule in guides.guide(clock.member.guide_version).rules:
        if rule.good_practice != good_practice or not (good_practice or rule.topic == OGP_TOPIC):
            continue
        held = clock.in_force(rule.code, today)
        yield OgpDate(
            rule=rule,
            figures=figures(rule) if held.own is None else figures(rule.model_copy(update={"value": held.value})),
            confidence=confidence_in_words(rule.confidence),
            due=_counted_from_what_is_known(clock, rule.code),
            countable=may_be_counted(rule),
        )


def _counted_from_what_is_known(clock: Clock, rule: str) -> DueDate | None:
    """Count what the platform itself knows the start of: its last public act, the forum's last meeting."""
    if rule == REFRESH:
        lines = JournalLine.objects.filter(member_code=clock.member.slug, verb__in=PUBLISHING).order_by("-at")
        last, what = lines.values_list("at", flat=True).first(), _("last deed that changed a public page")
    elif rule == FORUM_INTERVAL:
        held = Meeting.objects.of(clock.member).filter(state=Meeting.State.HELD, body__kind="forum")
        last, what = (
            held.order_by("-starts_at").values_list("starts_at", flat=True).first(),
            _("last meeting of the forum"),
        )
    else:
        return None
    return clock.due_date(rule, start=timezone.localdate(last), what=what) if last else None


# Holidays


def names_of(day: DayOff) -> OfficialText:
    """Give a holiday's names as official text."""
    return {lang: {"text": text, "at": "", "of": ""} for lang, text in day.names.items()}


def holiday_lines(calendar: WorkCalendar, year: int) -> tuple[HolidayLine, ...]:
    """List the holidays of a year, those of several days on one line."""
    return tuple(_holiday_line(feast) for feast in calendar.feasts(year))


def _holiday_line(feast: Feast) -> HolidayLine:
    first = feast.first
    if first.estimated and feast.days[-1].day < timezone.localdate():
        state, tone = _("Never confirmed"), "late"
    elif first.estimated:
        state, tone = _("Estimated"), "underway"
    elif first.estimated_on and is_estimate(first.estimated_on):
        state, tone = _("Announced"), "done"
    elif first.source:
        state, tone = _("Exceptional"), "done"
    else:
        state, tone = _("Fixed"), "idle"
    return HolidayLine(
        first=first.day,
        last=feast.days[-1].day,
        name=names_of(first),
        state=state,
        tone=tone,
        source=first.source,
        known_by=known_by(first),
        movable=first.estimated or bool(first.source),
        weekday=dates.weekday(first.day, get_language() or "fr"),
    )


def known_by(day: DayOff) -> dt.date:
    """Give the day by which a holiday is known when it is recorded: its estimate, or its own first day."""
    return day.estimated_on or day.day


def feast_known_by(calendar: WorkCalendar, day: dt.date) -> Feast | None:
    """Find a holiday that may be announced (or announced again), by its estimate or its first day recorded."""
    for year in (day.year, day.year - 1, day.year + 1):
        if not FIRST_DAY.year <= year <= LAST_DAY.year:
            continue
        for feast in calendar.feasts(year):
            first = feast.first
            if known_by(first) == day and (first.estimated or first.source):
                return feast
    return None


@dataclass(frozen=True)
class RecordedHoliday:
    """A row of the table of holidays as it was recorded; a later one for the same holiday takes its place."""

    name: OfficialText
    day: dt.date
    estimated_on: dt.date | None
    source: str
    decided_at: dt.datetime


@dataclass(frozen=True)
class HolidaysPage:
    """The holidays of a year, and everything recorded about them."""

    year: int
    before: int | None
    after: int | None
    lines: tuple[HolidayLine, ...]
    recorded: tuple[RecordedHoliday, ...]


def holidays_page(member: Member, year: int) -> HolidaysPage:
    """Prepare the page of a year's holidays."""
    rows = list(Holiday.objects.filter(member=member).order_by("decided_at", "pk"))
    calendar = WorkCalendar(tuple(announced(row) for row in rows))
    theirs = [one for one in rows if year in {one.day.year, (one.estimated_on or one.day).year}]
    return HolidaysPage(
        year=year,
        before=year - 1 if year > FIRST_DAY.year else None,
        after=year + 1 if year < LAST_DAY.year else None,
        lines=holiday_lines(calendar, year),
        recorded=tuple(
            RecordedHoliday(one.name, one.day, one.estimated_on, one.source, one.decided_at) for one in reversed(theirs)
        ),
    )


def open_legal_days(member: Member, today: dt.date) -> tuple[LegalDay, ...]:
    """List the legal days that run, to compare them before and after a holiday is recorded."""
    return running(legal_days(clock_of(member), today - BEHIND, today + AHEAD, today, private=True))


# What is due, and what a feed says


def due_calendar(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say what the calendar asks: an agenda to address, a holiday to confirm, the council's term, a page to renew."""
    clock = clock_of(member)
    return (
        *_due_session(clock, today),
        *_due_holidays(clock, today),
        *_due_term(member, today),
        *_due_refresh(clock),
    )


def _due_session(clock: Clock, today: dt.date) -> Iterator[Due]:
    """The next session that is still to be prepared: planned first, then its agenda addressed."""
    for session in sessions_between(clock, today, today + AHEAD):
        if session.held or session.agenda_sent_on:
            continue
        agenda = next((one for one in days_before(clock, session, today) if one.key.startswith(AGENDA)), None)
        if agenda is None:
            return
        if session.expected:
            yield Due(
                key=agenda.key,
                label=_("Plan the session and address its agenda to the Wali: %(session)s") % {"session": session.name},
                url=reverse("new_meeting", args=[clock.member.slug]),
                act=_("Plan the session"),
                day=agenda.due.day,
                why=agenda.due.sentence,
                estimated=True,
                deed="plan_meeting",
            )
        elif not session.has_files and agenda.due.day >= today:
            # A file on the agenda has its own line; past its day, the convocation is what is left to do.
            yield Due(
                key=agenda.key,
                label=_("Address the agenda to the Wali: %(session)s") % {"session": session.name},
                url=session.url,
                act=_("Complete the agenda"),
                day=agenda.due.day,
                why=agenda.due.sentence,
                estimated=agenda.due.estimated,
                deed="address_agenda",
            )
        return


def _due_holidays(clock: Clock, today: dt.date) -> Iterator[Due]:
    for year in sorted({(today - CONFIRM_UNTIL).year, today.year, (today + CONFIRM_WITHIN).year}):
        for feast in clock.calendar.feasts(year):
            first = feast.first
            if first.estimated and today - CONFIRM_UNTIL <= first.day <= today + CONFIRM_WITHIN:
                name = text_in(names_of(first), get_language() or "fr")
                url = reverse("record_holiday", args=[clock.member.slug, year])
                past = first.day < today
                said = _("Never confirmed, say which day it was: %(name)s") if past else None
                yield Due(
                    key=f"holiday:{first.day.isoformat()}",
                    label=(said or _("Confirm the day of a holiday: %(name)s")) % {"name": name},
                    url=f"{url}?holiday={first.day.isoformat()}",
                    act=_("Record the day announced"),
                    day=first.day,
                    why=_("The day is an estimate until it is announced; delays in working days wait for it."),
                    estimated=True,
                    deed="record_holiday",
                )


def _due_term(member: Member, today: dt.date) -> Iterator[Due]:
    """While a candidacy is the cycle that runs: the last day to apply, or the term to record."""
    latest = Cycle.objects.of(member).latest_first().values_list("kind", flat=True).first()
    if latest != Cycle.Kind.ADMISSION:
        return
    term = term_left(member, today)
    if term.mandate_ends_on is None:
        yield Due(
            key="council-term",
            label=_("Record the end of the Council’s term"),
            url=term.authority_url,
            act=_("Record the term"),
            why=term.sentence,
            deed="set_council_mandate",
        )
    else:
        late = not term.may_apply
        yield Due(
            key="last-day-to-apply",
            label=_("Prepare the file now, file it after the election")
            if late
            else _("Last day to apply to OGP Local"),
            url=reverse("backward_planning", args=[member.slug]),
            act=_("Plan back from a session"),
            day=None if late else term.last_day,
            why=f"{term.sentence} {term.due.sentence if term.due else ''}".strip(),
            deed="submit_dossier",
        )


def _due_refresh(clock: Clock) -> Iterator[Due]:
    try:
        due = _counted_from_what_is_known(clock, REFRESH)
    except NoDay:
        return
    if due is not None:
        yield Due(
            key=REFRESH,
            label=_("Refresh what the public page says of the process"),
            url=reverse("calendar", args=[clock.member.slug]),
            act=_("See the calendar"),
            day=due.day,
            why=due.sentence,
            deed="record_publication",
        )


def calendar_entries(member: Member, *, first: dt.date, last: dt.date) -> tuple[CalendarEntry, ...]:
    """Gather what a feed says of the cycle between two days: stages, sessions, public meetings, legal days, holidays.

    In the language in force; every uid is the same at each reading.
    """
    clock, today = clock_of(member), timezone.localdate()
    entries = [
        *_stage_entries(member, first, last),
        *_session_entries(clock, first, last),
        *_meeting_entries(member, first, last),
        *_legal_entries(clock, first, last, today),
        *_holiday_entries(clock, first, last),
    ]
    return tuple(sorted(entries, key=lambda one: (one.day, one.uid)))


def _stage_entries(member: Member, first: dt.date, last: dt.date) -> Iterator[CalendarEntry]:
    lang = get_language() or "fr"
    dated = Stage.objects.filter(cycle__member=member, starts_on__lte=last)
    dated = dated.filter(Q(ends_on__gte=first) | Q(ends_on=None, starts_on__gte=first)).select_related("cycle")
    for one in dated.order_by("starts_on", "pk"):
        found = guides.stage(book_of(one.cycle), one.code)
        name = found.short.in_(lang) if found else one.code
        yield CalendarEntry(
            uid=f"stage-{one.cycle.uid}-{one.code}",
            title=_("%(stage)s – %(cycle)s") % {"stage": name, "cycle": cycle_name(one.cycle.kind, one.cycle.number)},
            starts=one.starts_on or first,
            ends=one.ends_on,
            url=reverse("cycle", args=[member.slug, one.cycle.kind, one.cycle.number]),
        )


def _session_entries(clock: Clock, first: dt.date, last: dt.date) -> Iterator[CalendarEntry]:
    for one in sessions_between(clock, first, last):
        note = ""
        if one.expected and one.confidence:
            note = _("Expected by the rule of ordinary sessions; the day is not set yet. %(confidence)s.")
            note %= {"confidence": one.confidence.name}
        yield CalendarEntry(
            uid=one.key,
            title=_("Council: %(session)s") % {"session": one.name},
            starts=one.starts_at or one.day,
            ends=one.ends_at,
            place=text_in(one.place, get_language() or "fr"),
            url=one.url or one.rule_url,
            estimated=one.expected,
            note=note,
        )


def _meeting_entries(member: Member, first: dt.date, last: dt.date) -> Iterator[CalendarEntry]:
    zone = timezone.get_current_timezone()
    span = (dt.datetime.combine(first, dt.time.min, zone), dt.datetime.combine(last, dt.time.max, zone))
    public = Meeting.objects.of(member).filter(PUBLIC, starts_at__range=span)
    sessions = {Meeting.Kind.ORDINARY_SESSION, Meeting.Kind.EXTRAORDINARY_SESSION}
    for one in public.exclude(kind__in=sessions).exclude(state=Meeting.State.CANCELLED).order_by("starts_at", "pk"):
        yield CalendarEntry(
            uid=f"meeting-{one.uid}",
            title=text_in(one.title, get_language() or "fr"),
            starts=one.starts_at,
            ends=one.ends_at,
            place=text_in(one.place, get_language() or "fr"),
            url=reverse("meeting", args=[member.slug, one.number]),
        )


def _legal_entries(clock: Clock, first: dt.date, last: dt.date, today: dt.date) -> Iterator[CalendarEntry]:
    for one in legal_days(clock, first, last, today):
        if first <= one.due.day <= last:
            yield CalendarEntry(
                uid=f"legal-{one.key.replace(':', '-')}",
                title=_("At the latest: %(what)s") % {"what": one.label},
                starts=one.due.day,
                url=one.url or one.due.rule_url,
                estimated=one.estimated,
                note=one.due.sentence,
            )


def _holiday_entries(clock: Clock, first: dt.date, last: dt.date) -> Iterator[CalendarEntry]:
    for year in range(first.year, last.year + 1):
        for feast in clock.calendar.feasts(year):
            one = feast.first
            if feast.days[-1].day < first or one.day > last:
                continue
            kind = "feast" if one.estimated_on and is_estimate(one.estimated_on) else "holiday"
            yield CalendarEntry(
                uid=f"{kind}-{clock.member.slug}-{known_by(one).isoformat()}",
                title=_("Public holiday: %(name)s") % {"name": text_in(names_of(one), get_language() or "fr")},
                starts=one.day,
                ends=feast.days[-1].day,
                url=reverse("holidays", args=[clock.member.slug, year]),
                estimated=one.estimated,
                note=one.source,
            )
