"""The Council's sessions, held and expected, and the legal days around them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.official import OfficialText, text_in
from openregion.core.working_days import first_monday
from openregion.cycle.models import Deliberation, Meeting, Minutes
from openregion.cycle.queries.clock import Clock, DueDate, NoDay
from openregion.cycle.queries.council import PUBLIC_DELIBERATIONS
from openregion.cycle.queries.delays import Confidence, confidence_in_words
from openregion.cycle.queries.meetings import name_of_sitting
from openregion.guide.schema import Rule

SESSIONS = (Meeting.Kind.ORDINARY_SESSION, Meeting.Kind.EXTRAORDINARY_SESSION)
ORDINARY, AGENDA, CONVOCATION = "ordinary-sessions", "agenda-to-wali", "session-convocation"
MINUTES, OPPOSITION, VISA = "minutes-to-wali", "wali-opposition", "visa"
# Minutes and visas older than this are history: nobody waits for them any more.
REMEMBERED = dt.timedelta(days=370)


@dataclass(frozen=True, kw_only=True)
class Session:
    """A session of the Council: recorded, or expected by the rule that says in which months it sits.

    An expected one has no meeting yet: its day is the rule's, as sure as the rule is.
    """

    key: str
    name: str
    day: dt.date
    expected: bool
    confidence: Confidence | None = None
    rule_url: str = ""
    url: str = ""
    place: OfficialText = field(default_factory=dict)
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    agenda_sent_on: dt.date | None = None
    convened_on: dt.date | None = None
    held: bool = False
    has_files: bool = False
    follows: bool = False


@dataclass(frozen=True, kw_only=True)
class LegalDay:
    """A legal delay that runs: what is due, by when, and whether it was done.

    ``short`` says it where the session is named already. ``key`` stays the same when a holiday moves the day.
    """

    key: str
    label: str
    due: DueDate
    short: str = ""
    url: str = ""
    done_on: dt.date | None = None
    deed: str = ""
    late: bool = False
    expected: bool = False

    @property
    def estimated(self) -> bool:
        """Whether the day may still move: a holiday is not announced, or the session is only expected."""
        return self.due.estimated or self.expected


def expected_days(clock: Clock, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, Rule]]:
    """Give the days on which ordinary sessions open between two days, as the rule in force says."""
    try:
        rule = clock.in_force(ORDINARY, first).rule
    except LookupError:
        return
    for year in range(first.year, last.year + 1):
        for month in rule.months:
            if first <= (day := first_monday(year, month)) <= last:
                yield day, rule


def sessions_between(clock: Clock, first: dt.date, last: dt.date) -> tuple[Session, ...]:
    """List the Council's sessions from a day to another: those recorded, and the ordinary ones still expected."""
    recorded = [_recorded(one, clock) for one in _meetings(clock, first, last)]
    ordinary = {(one.day.year, one.day.month) for one, kind in recorded if kind == Meeting.Kind.ORDINARY_SESSION}
    expected = [
        _expected(day, rule, clock)
        for day, rule in expected_days(clock, first, last)
        if (day.year, day.month) not in ordinary
    ]
    within = [one for one, _kind in recorded if first <= one.day <= last]
    return tuple(sorted([*within, *expected], key=lambda one: (one.day, one.key)))


def _meetings(clock: Clock, first: dt.date, last: dt.date) -> Iterable[Meeting]:
    sessions = Meeting.objects.of(clock.member).filter(kind__in=SESSIONS).exclude(state=Meeting.State.CANCELLED)
    # An ordinary session may sit later in its month than the rule expects: look at whole months.
    start = dt.datetime.combine(first.replace(day=1), dt.time.min, tzinfo=timezone.get_current_timezone())
    end = dt.datetime.combine(last + dt.timedelta(days=31), dt.time.max, tzinfo=timezone.get_current_timezone())
    found = sessions.filter(starts_at__gte=start, starts_at__lte=end).select_related("follows__follows")
    return found.annotate(addressed_on=Min("proposals__agenda_addressed_on"), files=Count("proposals")).order_by(
        "starts_at", "pk"
    )


def _recorded(meeting: Meeting, clock: Clock) -> tuple[Session, str]:
    session = Session(
        key=f"session-{meeting.uid}",
        name=name_of_sitting(meeting) or session_name(timezone.localdate(meeting.starts_at)),
        day=timezone.localdate(meeting.starts_at),
        expected=False,
        url=reverse("meeting", args=[clock.member.slug, meeting.number]),
        place=meeting.place,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        # The agenda went with the convocation, or a file's point was addressed before it.
        agenda_sent_on=meeting.agenda_sent_on or meeting.addressed_on,  # type: ignore[attr-defined]
        has_files=meeting.files > 0,  # type: ignore[attr-defined]
        convened_on=meeting.convened_on,
        follows=meeting.follows_id is not None,
        held=meeting.state == Meeting.State.HELD,
    )
    return session, meeting.kind


def _expected(day: dt.date, rule: Rule, clock: Clock) -> Session:
    return Session(
        key=f"session-{clock.member.slug}-{day:%Y-%m}",
        name=session_name(day),
        day=day,
        expected=True,
        confidence=confidence_in_words(rule.confidence),
        rule_url=reverse("method_rule", args=[clock.member.slug, rule.code]),
    )


def session_name(day: dt.date) -> str:
    """Name the ordinary session of a month."""
    return _("Ordinary session of %(month)s") % {"month": dates.month(day, get_language() or "fr")}


def days_before(clock: Clock, session: Session, today: dt.date) -> Iterator[LegalDay]:
    """Give the legal days before a session: its agenda addressed to the Wali, its members called.

    Nothing before a sitting that follows one without quorum: its agenda is the
    first one's, and the method knows no delay between the two.
    """
    if session.follows:
        return
    what = _("opening of the session")
    for rule, label, done_on, deed in (
        (AGENDA, _("Agenda addressed to the Wali"), session.agenda_sent_on, "address_agenda"),
        (CONVOCATION, _("Members of the Council called"), session.convened_on, "convene_meeting"),
    ):
        try:
            due = clock.latest_day(rule, end=session.day, what=what)
        except NoDay:
            continue
        yield LegalDay(
            key=f"{rule}:{session.key}",
            label=_("%(what)s – %(session)s") % {"what": label, "session": session.name},
            short=label,
            due=due,
            url=session.url,
            done_on=done_on,
            deed=deed,
            late=done_on is None and not session.held and due.day < today,
            expected=session.expected,
        )


def days_after(clock: Clock, today: dt.date, *, private: bool = False) -> Iterator[LegalDay]:
    """Give the legal days that run after sessions: minutes to send, opposition, visas awaited.

    A decision that is not published is told to those who work on it alone (``private``).
    """
    slug, lang = clock.member.slug, get_language() or "fr"
    of = Meeting.objects.of(clock.member).filter(kind__in=SESSIONS, state=Meeting.State.HELD)
    sent = dict(Minutes.objects.filter(meeting__in=of).values_list("meeting_id", "sent_on"))
    lately = of.filter(closed_on__gte=today - REMEMBERED).select_related("follows__follows")
    for meeting in lately.order_by("closed_on", "pk"):
        url = reverse("meeting", args=[slug, meeting.number])
        named = {"session": name_of_sitting(meeting) or session_name(timezone.localdate(meeting.starts_at))}
        sent_on = sent.get(meeting.pk)
        yield from _legal_day(
            clock,
            MINUTES,
            meeting.uid,
            start=meeting.closed_on or today,
            what=_("close of the session"),
            label=_("Minutes sent to the Wali – %(session)s") % named,
            url=url,
            done_on=sent_on,
            deed="send_minutes",
            today=today,
        )
        if sent_on:
            yield from _legal_day(
                clock,
                OPPOSITION,
                meeting.uid,
                start=sent_on,
                what=_("minutes sent, taken as received that day"),
                label=_("The Wali may oppose a deliberation – %(session)s") % named,
                url=url,
                today=today,
                ends=True,
            )
    awaited = Deliberation.objects.of(clock.member).filter(visa=Deliberation.Visa.AWAITED, received_on__isnull=False)
    shown = awaited if private else awaited.filter(PUBLIC_DELIBERATIONS)
    for one in shown.select_related("act").order_by("received_on", "pk"):
        yield from _legal_day(
            clock,
            VISA,
            one.uid,
            start=max(one.received_on or today, one.visa_asked_on or dt.date.min),
            what=_("deliberation received by the authority"),
            label=_("Visa – %(title)s") % {"title": text_in(one.act.title, lang)},
            url=reverse("deliberation", args=[slug, one.uid]),
            deed="record_visa",
            today=today,
        )


def _legal_day(
    clock: Clock,
    rule: str,
    uid: str,
    *,
    start: dt.date,
    what: str,
    label: str,
    url: str,
    today: dt.date,
    done_on: dt.date | None = None,
    deed: str = "",
    ends: bool = False,
) -> Iterator[LegalDay]:
    try:
        due = clock.due_date(rule, start=start, what=what)
    except NoDay:
        return
    # A right of others that ends by itself is never late.
    done = due.day if ends and due.day < today else done_on
    late = done is None and due.day < today
    yield LegalDay(key=f"{rule}:{uid}", label=label, due=due, url=url, done_on=done, deed=deed, late=late)


def legal_days(
    clock: Clock, first: dt.date, last: dt.date, today: dt.date, *, private: bool = False
) -> tuple[LegalDay, ...]:
    """List the Council's legal days: those of the sessions between two days, and those that run after a session."""
    before = [
        one
        for session in sessions_between(clock, first, last)
        for one in days_before(clock, session, today)
        if not session.held
    ]
    return tuple(sorted([*before, *days_after(clock, today, private=private)], key=lambda one: (one.due.day, one.key)))


def running(days: Iterable[LegalDay]) -> tuple[LegalDay, ...]:
    """Keep the legal days not done yet."""
    return tuple(one for one in days if one.done_on is None)


@dataclass(frozen=True)
class Moved:
    """A due day that a holiday moved: what is due, from which day to which."""

    label: str
    old: dt.date
    new: dt.date
    still_estimated: bool


def moved_days(before: Iterable[LegalDay], after: Iterable[LegalDay]) -> tuple[Moved, ...]:
    """Compare the same legal days read twice, and list those whose day changed."""
    was = {one.key: one.due.day for one in before}
    return tuple(
        Moved(one.label, was[one.key], one.due.day, one.due.estimated)
        for one in after
        if one.key in was and was[one.key] != one.due.day
    )
