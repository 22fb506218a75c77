"""The guide's lists as the candidacy reads them, with what stands behind each entry (``conditions.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from openregion.core.languages import WORKING
from openregion.core.official import OfficialText
from openregion.cycle.models import Cycle
from openregion.cycle.queries import book_of
from openregion.guide import queries as guides
from openregion.guide.schema import Guide, Text
from openregion.people.models import Member

FILE = Path(__file__).resolve().parent.parent / "conditions.yaml"


@dataclass(frozen=True)
class Criterion:
    """A criterion of eligibility: the guide's own, or a rule of OGP's of today."""

    code: str
    text: Text
    place: str
    source: str
    confidence: str
    computed: str
    rule: str


@dataclass(frozen=True)
class Condition:
    """A condition of admissibility of the guide, the rule its evidence is held against, what it may draw on."""

    code: str
    number: int
    text: Text
    place: str
    recent: str
    draws: tuple[str, ...]


@cache
def behind() -> dict[str, Any]:
    """Read what stands behind the guide's lists."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def book_for(member: Member, cycle: Cycle | None) -> Guide:
    """Open the method: as the candidacy pinned it, or as the member follows it before one is open."""
    return book_of(cycle) if cycle else guides.guide(member.guide_version)


def criteria(book: Guide) -> tuple[Criterion, ...]:
    """List the guide's criteria, then those that OGP adds today."""
    reads: dict[str, str] = behind()["criteria"]
    written = [
        Criterion(one.code, one.text, one.place, "", "verified", reads.get(one.code, ""), "")
        for one in book.book.eligibility
    ]
    for code in behind()["today"]:
        if (rule := guides.rule(book, code)) is not None:
            place = rule.article or ""
            written.append(Criterion(code, rule.about, place, rule.source, rule.confidence, reads.get(code, ""), code))
    return tuple(written)


def conditions(book: Guide) -> tuple[Condition, ...]:
    """List the guide's conditions of admissibility, in its order."""
    more: dict[str, dict[str, Any]] = behind()["conditions"]
    return tuple(
        Condition(
            code=one.code,
            number=number,
            text=one.text,
            place=one.place,
            recent=more.get(one.code, {}).get("recent", ""),
            draws=tuple(more.get(one.code, {}).get("draws", ())),
        )
        for number, one in enumerate(book.book.admissibility, 1)
    )


def as_official(text: Text) -> OfficialText:
    """Give the guide's words as official text, to stand beside what people write."""
    return {lang: {"text": text.in_(lang), "at": "", "of": ""} for lang in WORKING}
