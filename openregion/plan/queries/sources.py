"""What a commitment rests on, and what it could rest on: findings and answers, with the voices behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import get_language

from openregion.analysis.normaliser import asked as terms_of
from openregion.analysis.normaliser import stems
from openregion.consultation.models import Contribution
from openregion.consultation.queries import tag_of
from openregion.core.official import OfficialText
from openregion.diagnosis.models import Finding, FindingSource
from openregion.plan.models import Commitment, CommitmentSource, CoveredContribution, ReasonedResponse
from openregion.plan.queries.statement import DECISIONS, contributions_behind

MOST_SHOWN = 40
MOST_VOICES = 12


@dataclass(frozen=True)
class SourceLine:
    """A finding or an answer: its number, what it says, how many people are behind it, who cites it already."""

    kind: str
    number: int
    title: OfficialText
    decision: str
    voices: int
    cited_by: int
    source: int = 0


@dataclass(frozen=True)
class Voice:
    """A few of somebody's published words."""

    number: int
    text: str
    tag: str


@dataclass(frozen=True)
class SourcePage:
    """What a commitment cites, what it does not, and the voices behind it."""

    cited: tuple[SourceLine, ...]
    findings: tuple[SourceLine, ...]
    responses: tuple[SourceLine, ...]
    left_out: int
    voices: int
    heard: tuple[Voice, ...]
    unheard: int


def source_page(commitment: Commitment, *, q: str = "") -> SourcePage:
    """Prepare what a commitment may cite; what no commitment cites yet comes first."""
    held = list(
        commitment.sources.select_related("finding", "response").annotate(
            gathered=Count("finding__sources", distinct=True), covered=Count("response__covers", distinct=True)
        )
    )
    mine = {("finding", one.finding_id) for one in held} | {("response", one.response_id) for one in held}
    findings, responses = _findings(commitment), _responses(commitment)
    free = [line for key, line in (*findings, *responses) if key not in mine and _answers(line, q)]
    free.sort(key=lambda line: line.cited_by > 0)  # the order of numbers stays within each
    shown = {kind: [one for one in free if one.kind == kind][:MOST_SHOWN] for kind in ("finding", "response")}
    heard = contributions_behind(commitment)
    voices = heard.count()
    public = Contribution.objects.filter(pk__in=heard.values("pk")).published()
    told = tuple(_voice(one) for one in public.order_by("-pk")[:MOST_VOICES])
    return SourcePage(
        cited=tuple(_cited(one) for one in sorted(held, key=lambda one: one.pk)),
        findings=tuple(shown["finding"]),
        responses=tuple(shown["response"]),
        left_out=len(free) - sum(map(len, shown.values())),
        voices=voices,
        heard=told,
        unheard=voices - len(told),
    )


def _findings(commitment: Commitment) -> list[tuple[tuple[str, int], SourceLine]]:
    found = Finding.objects.of(commitment.plan.cycle.member).order_by("-pk")
    gathered = _counted(FindingSource.objects.filter(finding__in=found), "finding")
    citing = _counted(CommitmentSource.objects.exclude(finding=None).filter(finding__in=found), "finding")
    return [
        (
            ("finding", one.pk),
            SourceLine("finding", one.number, one.title, "", gathered.get(one.pk, 0), citing.get(one.pk, 0)),
        )
        for one in found
    ]


def _responses(commitment: Commitment) -> list[tuple[tuple[str, int], SourceLine]]:
    given = ReasonedResponse.objects.of(commitment.plan.cycle.member).order_by("-pk")
    covered = _counted(CoveredContribution.objects.filter(response__in=given), "response")
    citing = _counted(CommitmentSource.objects.exclude(response=None).filter(response__in=given), "response")
    return [
        (
            ("response", one.pk),
            SourceLine(
                "response",
                one.number,
                one.reasons,
                str(DECISIONS[one.decision]),
                covered.get(one.pk, 0),
                citing.get(one.pk, 0),
            ),
        )
        for one in given
    ]


def _counted(rows: Any, by: str) -> Mapping[int, int]:
    return dict(rows.order_by().values_list(by).annotate(number=Count("pk")))


def _cited(source: Any) -> SourceLine:
    if source.finding:
        return SourceLine(
            "finding", source.finding.number, source.finding.title, "", source.gathered, 1, source=source.pk
        )
    given = source.response
    decision = str(DECISIONS[given.decision])
    return SourceLine("response", given.number, given.reasons, decision, source.covered, 1, source=source.pk)


def _answers(line: SourceLine, q: str) -> bool:
    """Say whether a line holds every word asked, by its stems, in any of its languages."""
    if asked := number_typed(q):
        return line.number == asked
    terms = terms_of(q, get_language() or "fr")
    if not terms:
        return True
    held: set[str] = set()
    for code, wording in line.title.items():
        held |= set(stems(wording["text"], code))
    return all(any(stem in held or any(word.startswith(stem) for word in held) for stem in forms) for forms in terms)


def number_typed(text: str) -> int:
    """Read a number that somebody typed or sent; 0 for anything else, and for more digits than any number here has."""
    typed = text.strip()
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _voice(one: Contribution) -> Voice:
    said = one.words.get("idea") or one.words.get("text") or next(iter(one.words.values()), "")
    short = said if len(said) <= 200 else said[:200].rsplit(" ", 1)[0] + "…"
    return Voice(one.number, short, tag_of(one.lang))
