"""Planning backwards from a vote, and counting any delay from any day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.working_days import DayOff, TooFar, add_days
from openregion.cycle.queries.calendar import AHEAD, names_of
from openregion.cycle.queries.clock import Clock, DueDate, NoDay, TermLeft, clock_of, still_to_apply, term_left
from openregion.cycle.queries.sessions import (
    AGENDA,
    CONVOCATION,
    MINUTES,
    ORDINARY,
    VISA,
    Session,
    expected_days,
    sessions_between,
)
from openregion.guide import queries as guides
from openregion.people.models import Member

EXTRAORDINARY, STUDY = "extraordinary-session", "petition-on-agenda"


@dataclass(frozen=True)
class Step:
    """A step of a plan made backwards: by which day, what, and on what ground.

    ``due`` is the rule's; a step no text dates says so in ``ground``, and one that
    has no day of its own says ``when`` in words. ``past`` when its day has gone.
    """

    day: dt.date | None
    label: str
    due: DueDate | None
    ground: str
    past: bool
    when: str = ""


@dataclass(frozen=True)
class BackwardPlan:
    """What must be done by when for a file to be voted on a day, and what the day itself calls for."""

    day: dt.date
    weekday: str
    steps: tuple[Step, ...]
    after: tuple[Step, ...]
    remarks: tuple[tuple[str, str], ...]
    may_hold: bool


@dataclass(frozen=True)
class ToApply:
    """The application seen backwards: the term, the last day to apply, the last ordinary session before it."""

    term: TermLeft
    session: dt.date | None
    session_url: str


def coming_sessions(member: Member, today: dt.date) -> tuple[Session, ...]:
    """List the sessions of the year ahead, to plan back from one."""
    found = sessions_between(clock_of(member), today, today + AHEAD)
    return tuple(one for one in found if not one.held)


def backward_plan(member: Member, day: dt.date, *, today: dt.date, commission_days: int | None) -> BackwardPlan:
    """Plan back from the day a file is to be voted.

    The commission gives its opinion, then the file is frozen, then its point is
    addressed to the Wali. No text gives the commission a delay:
    ``commission_days`` is the authority's own figure. Raises ``NoDay`` when a step
    falls out of this century.
    """
    clock = clock_of(member)
    opening = _("opening of the session")
    agenda = clock.latest_day(AGENDA, end=day, what=opening)
    convocation = clock.latest_day(CONVOCATION, end=day, what=opening)
    # What is addressed is frozen, and read by the commission: whichever of the two days comes first binds both.
    frozen = min(agenda.open_day, convocation.open_day)
    commission = _with_the_commission(frozen, commission_days, today)
    steps = [
        Step(
            frozen,
            _("File frozen: its words no longer change"),
            None,
            _(
                "The commission has given its opinion by then, and the letter to the Wali prints the fingerprint "
                "of the frozen file."
            ),
            frozen < today,
        ),
        Step(agenda.day, _("On the agenda, addressed to the Wali"), agenda, "", agenda.day < today),
        Step(convocation.day, _("Members of the Council called"), convocation, "", convocation.day < today),
        Step(day, _("Vote of the Council"), None, _("The day you chose."), day < today),
    ]
    return BackwardPlan(
        day=day,
        weekday=dates.weekday(day, get_language() or "fr"),
        steps=(commission, *sorted(steps, key=lambda one: one.day or day)),
        after=tuple(_after(clock, day)),
        remarks=tuple(_remarks(clock, day)),
        may_hold=not commission.past and all(not one.past for one in steps),
    )


def _with_the_commission(frozen: dt.date, days: int | None, today: dt.date) -> Step:
    """Say when the file goes to the commission: a day only where the Region gave its own number of days."""
    label = _("With the competent commission")
    if days is None:
        own = _("No text sets how long the commission studies a file. Give your own number of days above.")
        when = _("before %(day)s, days not given") % {"day": dates.day(frozen, get_language() or "fr")}
        return Step(None, label, None, own, frozen < today, when)
    own = _(
        "No text sets how long the commission studies a file: the number of days is your own, "
        "counted back from the day the file is frozen."
    )
    try:
        day = add_days(frozen, -days)
    except TooFar as error:
        raise NoDay(str(error)) from error
    return Step(day, label, None, own, day < today)


def _after(clock: Clock, day: dt.date) -> list[Step]:
    found = []
    for rule, label, what in (
        (MINUTES, _("Minutes sent to the Wali"), _("session, if it closes that day")),
        (VISA, _("Visa given or refused"), _("session, if the deliberation is received that day")),
    ):
        try:
            due = clock.due_date(rule, start=day, what=what)
        except NoDay:
            continue
        found.append(Step(due.day, label, due, "", past=False))
    return sorted(found, key=lambda one: one.day or day)


def _remarks(clock: Clock, day: dt.date) -> list[tuple[str, str]]:
    found = []
    rule = reverse("method_rule", args=[clock.member.slug, EXTRAORDINARY])
    month = day.replace(day=1)
    opens = next((one for one, _rule in expected_days(clock, month, month + dt.timedelta(days=30))), None)
    if opens is None or opens.month != day.month:
        months = _("This month has no ordinary session: the Council would meet in extraordinary session.")
        found.append((months, rule))
    elif day < opens:
        early = _("The ordinary session of that month opens on %(day)s.") % {
            "day": dates.day(opens, get_language() or "fr")
        }
        found.append((early, reverse("method_rule", args=[clock.member.slug, ORDINARY])))
    for council in clock.member.authorities.filter(mandate_ends_on__lt=day).select_related("territory"):
        ends = _("The Council’s term ends on %(end)s, before that day: this session belongs to the next Council.")
        page = reverse("authority", args=[clock.member.slug, council.territory.code])
        assert council.mandate_ends_on  # the filter asks for one
        found.append((ends % {"end": dates.day(council.mandate_ends_on, get_language() or "fr")}, page))
    if not clock.calendar.is_working_day(day):
        found.append((_("Offices are closed that day: a weekend or a public holiday."), ""))
    return found


def to_apply(member: Member, today: dt.date) -> ToApply | None:
    """Say by when to apply to OGP, and the last ordinary session that can vote before; nothing to who applied."""
    if not still_to_apply(member):
        return None
    term = term_left(member, today)
    if not term.may_apply or term.last_day is None:
        return ToApply(term, None, "")
    days = [one for one, _rule in expected_days(clock_of(member), today, term.last_day)]
    if not days:
        return ToApply(term, None, "")
    url = reverse("backward_planning", args=[member.slug])
    return ToApply(term, days[-1], f"{url}?day={days[-1].isoformat()}")


@dataclass(frozen=True)
class Counted:
    """A delay counted from a day someone chose, and the holidays met on the way."""

    due: DueDate
    weekday: str
    holidays: tuple[tuple[dt.date, object, bool], ...]
    backwards: bool


def counted_delay(member: Member, rule_code: str, day: dt.date) -> Counted:
    """Count a rule from a day, in the direction the rule itself is counted. Raises ``NoDay``."""
    clock = clock_of(member)
    rule = guides.rule(guides.guide(member.guide_version), rule_code)
    if rule is None:
        raise NoDay(f"no rule {rule_code!r}")
    what = _counted_from(rule.counted_from.in_(get_language() or "fr") if rule.counted_from else "")
    if rule.counted_back:
        due = clock.latest_day(rule_code, end=day, what=_("the day you chose"))
    else:
        due = clock.due_date(rule_code, start=day, what=what)
    first, last = min(day, due.day), max(day, due.day)
    met: tuple[DayOff, ...] = ()
    if rule.unit == "working-days":
        met = clock.calendar.days_off_between(first, last)
    return Counted(
        due=due,
        weekday=dates.weekday(due.day, get_language() or "fr"),
        holidays=tuple((one.day, names_of(one), one.estimated) for one in met),
        backwards=rule.counted_back,
    )


def _counted_from(words: str) -> str:
    """Put the words a rule is counted from inside a sentence: no capital, where letters have one."""
    return words[:1].lower() + words[1:] if words else _("the day you chose")
