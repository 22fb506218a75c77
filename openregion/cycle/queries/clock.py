"""The legal clock: from a day and a rule, the day a delay ends, and the sentence that says how it was counted."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.forms import FIRST_DAY, LAST_DAY
from openregion.core.official import OfficialText
from openregion.core.working_days import UNITS, Announced, TooFar, WorkCalendar
from openregion.cycle.models import Cycle, Holiday, RuleOverride
from openregion.cycle.queries.delays import Confidence, InForce, confidence_in_words, figure, value_of
from openregion.guide import queries as guides
from openregion.guide.schema import Rule
from openregion.people.models import Authority, Member
from openregion.people.queries import name_of, whole_months

# Delays that bind the authority of control, not the Region.
OF_OTHERS = frozenset({"visa", "wali-opposition"})


class NoDay(LookupError):
    """A rule gives no day: it is no delay, or leads beyond this century."""


@dataclass(frozen=True, kw_only=True)
class DueDate:
    """The day a delay ends, or before which to act: from what, by which rule, with which confidence.

    ``estimated`` while a holiday not yet announced may still move it. ``may_block``
    only for a rule that is verified; the others warn. ``open_day`` is the working
    day to act on at the latest when ``day`` finds the offices closed.
    """

    day: dt.date
    start: dt.date
    rule: Rule
    figure: str
    confidence: Confidence
    estimated: bool
    may_block: bool
    sentence: str
    rule_url: str
    open_day: dt.date


@dataclass(frozen=True)
class Clock:
    """A member's calendar and own values, read once to count many delays."""

    member: Member
    calendar: WorkCalendar
    overrides: tuple[RuleOverride, ...]

    def due_date(self, rule_code: str, *, start: dt.date, what: str) -> DueDate:
        """Count a delay forwards from a day, which is not counted. Raises ``NoDay``."""
        return self._counted(rule_code, start, what, way=1)

    def latest_day(self, rule_code: str, *, end: dt.date, what: str) -> DueDate:
        """Count a delay backwards: the last day by which to act before another. Raises ``NoDay``."""
        return self._counted(rule_code, end, what, way=-1)

    def in_force(self, rule_code: str, on: dt.date) -> InForce:
        """Give a rule's figure at the member on a day. Raises ``LookupError`` for an unknown rule."""
        theirs = [one for one in self.overrides if one.rule == rule_code]
        return value_of(self.member, rule_code, on, overrides=theirs)

    def _counted(self, rule_code: str, start: dt.date, what: str, *, way: int) -> DueDate:
        try:
            held = self.in_force(rule_code, start)
        except LookupError as error:
            raise NoDay(str(error)) from error
        rule = held.rule
        # Before a rule takes effect its figure still says what to expect; the sentence says so.
        value = held.value if held.value is not None else rule.value
        if value is None or rule.unit not in UNITS:
            raise NoDay(f"{rule_code} is no delay")
        try:
            day = self.calendar.count(start, way * math.ceil(value), rule.unit)
            open_day = self.calendar.working_day_before(day)
        except TooFar as error:
            raise NoDay(f"{rule_code} leads too far") from error
        if not FIRST_DAY <= day <= LAST_DAY:
            raise NoDay(f"{rule_code} leads too far")
        working = rule.unit == "working-days"
        estimated = working and self.calendar.may_move(start, day)
        # A delay in days of the calendar is sure; the last day the offices are open before it may not be.
        closed = not working and open_day != day and self.calendar.may_move(open_day, day)
        confidence = confidence_in_words(rule.confidence)
        said = figure(rule, value)
        sentences = _sentences(
            held,
            start,
            what,
            said,
            confidence,
            way=way,
            estimated=estimated,
            closed=closed,
            day=day,
            open_day=open_day,
        )
        return DueDate(
            day=day,
            start=start,
            rule=rule,
            figure=said,
            confidence=confidence,
            estimated=estimated or closed,
            may_block=held.may_block,
            sentence=" ".join(sentences),
            rule_url=reverse("method_rule", args=[self.member.slug, rule.code]),
            open_day=open_day,
        )


def _sentences(
    held: InForce,
    start: dt.date,
    what: str,
    said: str,
    confidence: Confidence,
    *,
    way: int,
    estimated: bool,
    closed: bool,
    day: dt.date,
    open_day: dt.date,
) -> Iterator[str]:
    lang = get_language() or "fr"
    words = {"figure": said, "day": dates.day(start, lang), "what": what}
    if way > 0:
        yield _("%(figure)s after %(day)s (%(what)s), a day that is not counted.") % words
    else:
        yield _("%(figure)s before %(day)s (%(what)s), a day that is not counted.") % words
    if held.rule.unit == "working-days":
        yield _("Saturdays, Sundays and public holidays are left out.")
    if held.rule.unit == "clear-days":
        yield _("Clear days: the last day is left out too.")
    if held.rule.unit in {"months", "years"} and day.day != start.day:
        yield _("That month has no such day: its last day counts.")
    named = {"rule": held.rule.title.in_(lang), "article": _apart(held.rule.article or "")}
    if held.rule.article:
        yield _("Rule: %(rule)s (%(article)s).") % named
    else:
        yield _("Rule: %(rule)s.") % named
    if held.own:
        yield _("The figure is this authority’s own.")
    elif start < held.rule.effective_on:
        yield _("The rule holds from %(day)s only.") % {"day": dates.day(held.rule.effective_on, lang)}
    yield f"{confidence.name}. {confidence.meaning}"
    if estimated:
        yield _("The day is estimated: a religious holiday nearby is not announced yet.")
    if open_day != day and held.rule.code in OF_OTHERS:
        # The act is the authority's: nobody here has to do it earlier.
        yield _("Offices are closed that day.")
    elif open_day != day:
        yield _("Offices are closed that day: act by %(day)s.") % {"day": dates.day(open_day, lang)}
    if closed:
        yield _("That the offices are closed is estimated: a religious holiday nearby is not announced yet.")


def _apart(text: str) -> str:
    """Keep a French citation whole inside a sentence that may run from right to left."""
    return f"\u2068{text}\u2069"


def calendar_of(member: Member) -> WorkCalendar:
    """Give the working days as a member knows them: holidays estimated, and those it recorded as announced."""
    rows = Holiday.objects.filter(member=member).order_by("decided_at", "pk")
    return WorkCalendar(tuple(announced(row) for row in rows))


def announced(row: Holiday) -> Announced:
    """Read a recorded holiday as the calendar counts it."""
    names = {lang: said["text"] for lang, said in row.name.items()}
    return Announced(row.day, names, row.estimated_on, row.source)


def clock_of(member: Member) -> Clock:
    """Read a member's holidays and own values once, to count many delays in the same two questions."""
    return Clock(member, calendar_of(member), tuple(RuleOverride.objects.filter(member=member)))


def due_date(member: Member, rule_code: str, *, start: dt.date, what: str) -> DueDate:
    """Say when a delay ends that starts on a day; ``what`` is what happened that day, in words.

    Raises ``NoDay`` for a rule that is no delay, and beyond this century. For many
    delays at once, ask ``clock_of``.
    """
    return clock_of(member).due_date(rule_code, start=start, what=what)


def latest_day(member: Member, rule_code: str, *, end: dt.date, what: str) -> DueDate:
    """Say by which day to act at the latest before another; ``what`` is what comes that day, in words.

    Raises ``NoDay`` for a rule that is no delay, and beyond this century.
    """
    return clock_of(member).latest_day(rule_code, end=end, what=what)


@dataclass(frozen=True, kw_only=True)
class TermLeft:
    """How long the council's term still runs, and whether an application to OGP can still be filed in it.

    ``last_day`` is the last day to apply. Of several councils, the one whose term
    ends first decides. Without the dates of the term nothing can be said, and
    ``sentence`` says what to record. ``ends`` speaks of the term alone, for a
    member that has nothing more to apply for.
    """

    authority: OfficialText
    authority_url: str
    mandate_ends_on: dt.date | None
    months_left: int
    last_day: dt.date | None
    may_apply: bool
    tone: str
    sentence: str
    due: DueDate | None
    ends: str = ""


TERM_LEFT = "term-left-at-application"


def term_left(member: Member, on: dt.date) -> TermLeft:
    """Count the months left in the council's term on a day, against what OGP asks at application."""
    councils = list(Authority.objects.of(member).select_related("territory"))
    unknown = [one for one in councils if one.mandate_ends_on is None]
    if unknown or not councils:
        return TermLeft(
            authority=unknown[0].name if unknown else {},
            authority_url=_page_of(unknown[0], member) if unknown else "",
            mandate_ends_on=None,
            months_left=0,
            last_day=None,
            may_apply=False,
            tone="idle",
            sentence=_("The end of the Council’s term is not recorded. Record it on the page of the authority."),
            due=None,
        )
    first = min(councils, key=lambda one: (one.mandate_ends_on or dt.date.max, one.pk))
    ends_on = first.mandate_ends_on or dt.date.max
    lang = get_language() or "fr"
    what = _("end of the term of %(council)s") % {"council": name_of(first)} if councils[1:] else _("end of the term")
    try:
        due = clock_of(member).latest_day(TERM_LEFT, end=ends_on, what=what)
    except NoDay:
        due = None
    may = due is not None and on <= due.day
    left = {
        "end": dates.day(ends_on, lang),
        "figure": due.figure if due else "",
        "last": dates.day(due.day, lang) if due else "",
    }
    if due is None:
        sentence = _("The Council’s term ends on %(end)s.") % left
    elif may:
        sentence = _(
            "The Council’s term ends on %(end)s. An application needs %(figure)s left: "
            "the last day to apply is %(last)s."
        )
        sentence %= left
    else:
        sentence = _(
            "The Council’s term ends on %(end)s. An application needs %(figure)s left: "
            "the last day to apply was %(last)s. "
            "Prepare the file now, and file it after the election."
        )
        sentence %= left
    return TermLeft(
        authority=first.name,
        authority_url=_page_of(first, member),
        mandate_ends_on=ends_on,
        months_left=whole_months(on, ends_on),
        last_day=due.day if due else None,
        may_apply=may,
        tone="done" if may else "late",
        sentence=sentence,
        due=due,
        ends=_("The Council’s term ends on %(end)s.") % left,
    )


def still_to_apply(member: Member) -> bool:
    """Say whether the member has still to apply to OGP: it works on no action plan, or on a candidacy since."""
    latest = Cycle.objects.of(member).latest_first().values_list("kind", flat=True).first()
    return latest != Cycle.Kind.ACTION_PLAN


def _page_of(authority: Authority, member: Member) -> str:
    return reverse("authority", args=[member.slug, authority.territory.code])


def may_be_counted(rule: Rule) -> bool:
    """Say whether a rule is a delay that a day can be counted from."""
    return rule.unit in UNITS and rule.value is not None


def countable_rules(member: Member) -> tuple[tuple[str, tuple[Rule, ...]], ...]:
    """List the rules that are delays, by topic, in the page's language."""
    book, lang = guides.guide(member.guide_version), get_language() or "fr"
    gathered = (
        (one.title.in_(lang), tuple(rule for rule in book.rules if rule.topic == one.code and may_be_counted(rule)))
        for one in book.topics
    )
    return tuple((title, rules) for title, rules in gathered if rules)
