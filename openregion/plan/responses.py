"""Reading the answers given to people, and what still waits for one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.consultation.models import Contribution
from openregion.core import dates
from openregion.core.official import OfficialText
from openregion.cycle.models import Cycle
from openregion.diagnosis.models import Finding, FindingSource
from openregion.diagnosis.queries import (
    Choice,
    Passage,
    Picking,
    ToPick,
    Voice,
    Voices,
    passage,
    readable,
    some_voices,
    to_pick,
    voices_among,
)
from openregion.people.models import Member
from openregion.plan.models import CoveredContribution, ReasonedResponse
from openregion.plan.queries import DECISIONS, coverage_of

# A mark and a colour go with the word, and never stand for it.
TONES = {"taken-up": "done", "in-part": "underway", "not-taken-up": "idle", "out-of-scope": "idle"}
ON_A_PAGE = 20
TO_ANSWER_ON_A_PAGE = 30
SHOWN_IN_FULL = 10
OTHERS_SHOWN = 20


@dataclass(frozen=True)
class ResponseLine:
    """A response in a list: what was decided, why, on how many suggestions."""

    number: int
    decision: str
    tone: str
    reasons: OfficialText
    given_on: dt.date
    suggestions: int
    url: str


@dataclass(frozen=True)
class CoverageAsRead:
    """How many suggestions have their answer, in figures ready to be read."""

    answered: str
    countable: str
    share: str


@dataclass(frozen=True)
class ResponsesPage:
    """The responses given, latest first; ``following`` is the number after which the next ones begin."""

    lines: tuple[ResponseLine, ...]
    following: int
    decisions: tuple[Choice, ...]
    chosen: str
    coverage: CoverageAsRead | None


@dataclass(frozen=True)
class GivenAnswer:
    """One answer among those given to the same suggestions."""

    line: ResponseLine
    is_this_one: bool
    shared: int


@dataclass(frozen=True)
class ResponsePage:
    """A response as its page shows it, among the others given to the same suggestions, the latest first."""

    number: int
    decision: str
    tone: str
    reasons: Passage
    given_on: dt.date
    body: OfficialText | None
    body_url: str
    finding: OfficialText | None
    finding_url: str
    covered: int
    shown: int
    voices: Voices
    answers: tuple[GivenAnswer, ...]
    changed: int


@dataclass(frozen=True)
class WaitingUnder:
    """A finding whose suggestions wait for an answer: how many, and the way to answer them together."""

    number: int
    title: OfficialText
    waiting: int


@dataclass(frozen=True)
class WaitingPage:
    """What waits for an answer, oldest first: the suggestions to choose from, and findings to answer whole."""

    waiting: int
    pick: ToPick
    findings: tuple[WaitingUnder, ...]
    finding: int


@dataclass(frozen=True)
class ToAnswer:
    """The words about to be answered: some in full, the number of the others; their numbers as one field keeps them."""

    count: int
    voices: tuple[Voice, ...]
    others: int
    chosen: str


def responses_page(member: Member, *, decision: str, before: int) -> ResponsesPage:
    """List the responses given, latest first, of one decision when asked; ``before`` is the last one already seen."""
    given = ReasonedResponse.objects.of(member)
    counts = dict(given.order_by().values_list("decision").annotate(Count("pk")))
    chosen = decision if decision in DECISIONS else ""
    found = given.filter(decision=chosen) if chosen else given
    last = given.filter(number=before).first() if before else None
    if last:
        found = found.filter(Q(given_at__lt=last.given_at) | Q(given_at=last.given_at, pk__lt=last.pk))
    rows = list(found.latest_first()[: ON_A_PAGE + 1])
    more, rows = len(rows) > ON_A_PAGE, rows[:ON_A_PAGE]
    everything = Choice("", _("All: %(n)s") % {"n": dates.whole(sum(counts.values()))}, chosen == "")
    decisions = tuple(
        Choice(code, f"{label}: {dates.whole(counts.get(code, 0))}", code == chosen)
        for code, label in DECISIONS.items()
    )
    return ResponsesPage(
        lines=_lines(rows, member),
        following=rows[-1].number if more else 0,
        decisions=(everything, *decisions),
        chosen=chosen,
        coverage=coverage_as_read(Contribution.objects.of(member)),
    )


def coverage_as_read(contributions: QuerySet[Contribution]) -> CoverageAsRead | None:
    """Write the coverage of these contributions; nothing while nothing was received."""
    counted = coverage_of(contributions)
    if counted.percent is None:
        return None
    return CoverageAsRead(dates.whole(counted.answered), dates.whole(counted.countable), f"{counted.percent}\u00a0%")


def response_page(response: ReasonedResponse, member: Member, *, after: int) -> ResponsePage:
    """Prepare a response's page: the reasons, whom it answers, and every other answer given to the same people."""
    covered = covered_by(response)
    shown = readable(covered)
    answers = _answers_to_the_same(response, member)
    finding = response.finding if response.finding and response.finding.published_at else None
    return ResponsePage(
        number=response.number,
        decision=str(DECISIONS[response.decision]),
        tone=TONES[response.decision],
        reasons=passage(response.reasons),
        given_on=timezone.localdate(response.given_at),
        body=response.body.name if response.body else None,
        body_url=reverse("body", args=[member.slug, response.body.slug]) if response.body else "",
        finding=finding.title if finding else None,
        finding_url=reverse("finding", args=[member.slug, finding.number]) if finding else "",
        covered=covered.count(),
        shown=shown.count(),
        voices=some_voices(shown, after=after),
        answers=answers if len(answers) > 1 else (),
        changed=_answered_anew(response),
    )


def covered_by(response: ReasonedResponse) -> QuerySet[Contribution]:
    """Give the contributions that a response answers."""
    covers = CoveredContribution.objects.filter(response=response)
    return Contribution.objects.filter(pk__in=covers.values("contribution"))


def to_answer_anew(response: ReasonedResponse) -> tuple[int, ...]:
    """Give the numbers of the contributions of a response that can be answered again: those still standing."""
    return numbers_of(_answerable(covered_by(response)))


def _answerable(contributions: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Keep what moderation has read and its author has not withdrawn: nothing else is answered, nor read to answer."""
    return contributions.filter(withdrawn_at=None).exclude(moderation__in=["spam", "pending"])


def _answers_to_the_same(response: ReasonedResponse, member: Member) -> tuple[GivenAnswer, ...]:
    """List the answers given to any of the same suggestions, this one among them, the latest first."""
    same = CoveredContribution.objects.filter(response=response).values("contribution")
    shared = CoveredContribution.objects.filter(contribution__in=same, response__member=member).order_by()
    counts = dict(shared.values_list("response").annotate(Count("pk")))
    rows = list(ReasonedResponse.objects.of(member).filter(pk__in=list(counts)).latest_first()[:OTHERS_SHOWN])
    return tuple(
        GivenAnswer(line, row.pk == response.pk, counts[row.pk])
        for row, line in zip(rows, _lines(rows, member), strict=True)
    )


def _answered_anew(response: ReasonedResponse) -> int:
    """Count the suggestions of a response that were answered again after it."""
    later = CoveredContribution.objects.filter(contribution=OuterRef("contribution")).filter(
        Q(response__given_at__gt=response.given_at) | Q(response__given_at=response.given_at, response__gt=response.pk)
    )
    return CoveredContribution.objects.filter(response=response).filter(Exists(later)).count()


def _lines(rows: list[ReasonedResponse], member: Member) -> tuple[ResponseLine, ...]:
    covers = CoveredContribution.objects.filter(response__in=[row.pk for row in rows]).order_by()
    counts = dict(covers.values_list("response").annotate(Count("pk")))
    return tuple(
        ResponseLine(
            number=row.number,
            decision=str(DECISIONS[row.decision]),
            tone=TONES[row.decision],
            reasons=row.reasons,
            given_on=timezone.localdate(row.given_at),
            suggestions=counts.get(row.pk, 0),
            url=reverse("response", args=[member.slug, row.number]),
        )
        for row in rows
    )


def awaiting(member: Member) -> QuerySet[Contribution]:
    """Give the contributions that wait for their answer.

    Read by moderation, neither spam nor withdrawn; one that is hidden waits
    until its author was told why.
    """
    covering = CoveredContribution.objects.filter(contribution=OuterRef("pk"))
    countable = Contribution.objects.of(member).countable().exclude(moderation="pending")
    told = {"moderation": "hidden", "reason_told_at__isnull": False}
    return countable.filter(erased_at=None).exclude(**told).filter(~Exists(covering))


def waiting_page(member: Member, picking: Picking, *, finding: int) -> WaitingPage:
    """Prepare what waits for an answer, of one finding when asked."""
    waiting = awaiting(member)
    under = FindingSource.objects.filter(finding__member=member, contribution__in=waiting).order_by()
    counts = dict(under.values_list("finding").annotate(Count("pk")))
    findings = [
        WaitingUnder(one.number, one.title, counts[one.pk])
        for one in Finding.objects.of(member).filter(pk__in=list(counts)).order_by("number")
    ]
    among = waiting_under(member, finding) if finding else waiting
    return WaitingPage(
        waiting=waiting.count(),
        pick=to_pick(member, picking, among=among, most=TO_ANSWER_ON_A_PAGE, choosable=waiting),
        findings=tuple(findings),
        finding=finding,
    )


def waiting_under(member: Member, finding: int) -> QuerySet[Contribution]:
    """Give the contributions of a finding that wait for their answer."""
    sources = FindingSource.objects.filter(finding__member=member, finding__number=finding)
    return awaiting(member).filter(pk__in=sources.values("contribution"))


def all_under(finding: Finding, numbers: tuple[int, ...]) -> bool:
    """Say whether a finding gathers every one of these suggestions."""
    return FindingSource.objects.filter(finding=finding, contribution__number__in=numbers).count() == len(set(numbers))


def to_answer(member: Member, numbers: tuple[int, ...]) -> ToAnswer:
    """Prepare the words about to be answered: of the numbers asked for, those that may be."""
    found = _answerable(Contribution.objects.of(member).filter(number__in=numbers))
    standing, voices = numbers_of(found), voices_among(found, most=SHOWN_IN_FULL)
    return ToAnswer(len(standing), voices, len(standing) - len(voices), ",".join(map(str, standing)))


def numbers_of(contributions: QuerySet[Contribution]) -> tuple[int, ...]:
    """Give the public numbers of contributions, in their order."""
    return tuple(contributions.order_by("number").values_list("number", flat=True))


def cycle_of(contributions: list[Contribution], finding: Finding | None) -> Cycle | None:
    """Say in which cycle an answer is given: the finding's, else the last in which these were received."""
    if finding:
        return finding.cycle
    cycles = (one.consultation.cycle for one in contributions)
    return max(cycles, key=lambda cycle: (cycle.opened_on, cycle.pk), default=None)
