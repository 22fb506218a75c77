"""How a question was announced, what changed in it since, and which stages have been asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation
from openregion.core.official import OfficialText
from openregion.cycle.models import Cycle
from openregion.cycle.queries import NoDay, book_of, latest_day
from openregion.guide.schema import Text

NOTICE_RULE = "co-creation-notice"

# What a correction may change, as the page says it.
CHANGED: dict[str, Promise] = {
    "title": gettext_lazy("the title"),
    "question": gettext_lazy("the question"),
    "purpose": gettext_lazy("what it is for"),
    "promise": gettext_lazy("what will be done with the answers"),
    "conduct": gettext_lazy("the rules"),
    "themes": gettext_lazy("the words of a theme"),
    "closes_at": gettext_lazy("the closing day"),
    "answers_by": gettext_lazy("the day of the answers"),
    "paper": gettext_lazy("a document that was taken away"),
}


@dataclass(frozen=True)
class Ahead:
    """How long before it opened a question could be read, against the good practice of the guide."""

    announced_on: dt.date
    days: int
    met: bool
    wanted: str
    announce_by: dt.date
    about: Text
    sentence: str
    confidence: str
    rule_url: str


@dataclass(frozen=True)
class Changed:
    """A correction made after it opened: its day, what it touches, the note, and what stood before."""

    on: dt.date
    what: str
    note: OfficialText
    before: tuple[OfficialText, ...]
    closed_on: dt.datetime | None
    answered_by: dt.date | None


@dataclass(frozen=True)
class StageAsked:
    """A stage of the cycle, and the questions put at it, with their dates; none is a gap that the page names."""

    name: Text
    asked: tuple[Any, ...]


def announced_ahead(consultation: Consultation) -> Ahead | None:
    """Measure the notice people had; nothing where nobody knows since when the question could be read.

    National members owe two weeks; for a Region it is good practice: not met, the page says so.
    """
    if consultation.announced_at is None:
        return None
    opens_on = timezone.localdate(consultation.opens_at)
    announced_on = timezone.localdate(consultation.announced_at)
    try:
        due = latest_day(consultation.cycle.member, NOTICE_RULE, end=opens_on, what=_("the day it opens"))
    except NoDay:
        return None
    return Ahead(
        announced_on=announced_on,
        days=max((opens_on - announced_on).days, 0),
        met=announced_on <= due.day,
        wanted=due.figure,
        announce_by=due.day,
        about=due.rule.about,
        sentence=due.sentence,
        confidence=due.confidence.name,
        rule_url=due.rule_url,
    )


def corrections_of(consultation: Consultation) -> tuple[Changed, ...]:
    """Give what changed since it opened, the latest first."""
    return tuple(_changed(one) for one in reversed(consultation.corrections))


def stages_asked(cycle: Cycle | None, lines: Iterable[Any]) -> tuple[StageAsked, ...]:
    """Say for each stage of the cycle which question was put at it: the guide asks for one at every stage (row C3).

    ``lines`` are the member's consultations, each with its ``stage`` and its cycle's number.
    """
    if cycle is None:
        return ()
    held = list(lines)
    opened = set(cycle.stages.values_list("code", flat=True))
    return tuple(
        StageAsked(
            name=stage.short,
            asked=tuple(one for one in held if one.cycle_id == cycle.pk and one.stage == stage.code),
        )
        for stage in book_of(cycle).stages
        if stage.code in opened
    )


def _changed(one: dict[str, Any]) -> Changed:
    lang = get_language() or "fr"
    before = dict(one.get("before", {}))
    closed, answered = before.pop("closes_at", ""), before.pop("answers_by", "")
    texts: list[OfficialText] = []
    for value in before.values():
        texts.extend(value if isinstance(value, list) else [value])
    named = [str(CHANGED[name]) for name in one.get("what", ()) if name in CHANGED]
    separator = "، " if lang == "ar" else ", "
    return Changed(
        on=timezone.localdate(dt.datetime.fromisoformat(one["at"])),
        what=separator.join(named),
        note=one.get("note", {}),
        before=tuple(text for text in texts if text),
        closed_on=dt.datetime.fromisoformat(closed) if closed else None,
        answered_by=dt.date.fromisoformat(answered) if answered else None,
    )
