"""A frozen version as a page to read: everything comes from its JSON, its labels from the method it pinned."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, says_the_same
from openregion.guide.schema import Text
from openregion.plan.models import ActionPlan, Commitment, Indicator, Milestone, PlanVersion
from openregion.plan.queries.drafting import Part, in_words, parts_of_sheet, sections

_AS_THEY_ARE = ("uid", "number", "values", "problem_kinds", "policy_areas", "sector", "ogp_id")
AREAS_FILE = Path(__file__).resolve().parent.parent / "policy_areas.yaml"


@dataclass(frozen=True)
class Said:
    """Words in some languages: gives those of the page's language, else of another, and says which."""

    words: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, words: dict[str, str]) -> Said:
        """Keep the words that are there."""
        return cls(tuple((lang, text) for lang, text in words.items() if text))

    def _picked(self, lang: str) -> tuple[str, str]:
        held = dict(self.words)
        return next(((code, held[code]) for code in (lang, "fr", "ar", "en", *held) if code in held), (lang, ""))

    def in_(self, lang: str) -> str:
        """Give the words."""
        return self._picked(lang)[1]

    def lang_in(self, lang: str) -> str:
        """Say which language they are really in."""
        return self._picked(lang)[0]

    @property
    def here(self) -> str:
        """The words for the page's language."""
        return self.in_(get_language() or "fr")

    @property
    def lang_here(self) -> str:
        """The language that answers for the page's."""
        return self.lang_in(get_language() or "fr")

    def __bool__(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True)
class PolicyArea:
    """A policy area of OGP's table: its code, and its name in the languages that have one."""

    code: str
    name: Said

    @property
    def named(self) -> bool:
        """Whether it has a name in every working language; the others are in English alone."""
        return len(self.name.words) == len(WORKING)


@cache
def policy_areas() -> tuple[PolicyArea, ...]:
    """List OGP's policy areas, in the order of its table."""
    entries = yaml.safe_load(AREAS_FILE.read_text(encoding="utf-8"))["areas"]
    return tuple(PolicyArea(one["code"], Said.of({lang: one.get(lang, "") for lang in WORKING})) for one in entries)


def policy_area(code: str) -> Said:
    """Name a policy area; one that the list does not know is called by its code."""
    known = {one.code: one.name for one in policy_areas()}
    return known.get(code) or Said.of({"en": code})


@dataclass(frozen=True)
class Answer:
    """A question and what the version answers to it: words, or yes or no, or plain values."""

    label: Text | str
    says: str
    words: Said
    yes: bool | None = None
    plain: str = ""

    @property
    def name(self) -> str:
        """The question in the page's language."""
        return in_words(self.label)


@dataclass(frozen=True)
class StatedStep:
    """An activity as it was frozen."""

    number: int
    title: Said
    deliverable: Said
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class StatedIndicator:
    """An indicator as it was frozen."""

    name: Said
    unit: Said
    baseline: str
    baseline_on: dt.date
    target: str
    target_on: dt.date
    source: Said


@dataclass(frozen=True)
class StatedCommitment:
    """A commitment as it was frozen."""

    number: int
    title: Said
    unit: Said
    starts_on: dt.date
    ends_on: dt.date
    answers: tuple[Answer, ...]
    areas: tuple[Said, ...]
    steps: tuple[StatedStep, ...]
    indicator: StatedIndicator | None
    contact: tuple[str, ...]
    findings: tuple[tuple[int, Said], ...]
    responses: tuple[int, ...]
    voices: int


@dataclass(frozen=True)
class VersionPage:
    """A frozen version, whole: what anyone can check against its hash."""

    plan: int
    number: int
    title: Said
    starts_on: dt.date
    ends_on: dt.date
    frozen_at: dt.datetime
    sha256: str
    size: int
    guide: str
    sections: tuple[Answer, ...]
    commitments: tuple[StatedCommitment, ...]
    adopted_by: str
    adopted_on: dt.date | None
    published_at: dt.datetime | None


def version_page(version: PlanVersion) -> VersionPage:
    """Prepare a frozen version from its own JSON; the database is asked for nothing that could have changed."""
    stated: dict[str, Any] = json.loads(version.document.content)
    cycle = version.plan.cycle
    asked = sections(cycle)
    parts = parts_of_sheet(cycle)
    act = version.deliberation.act if version.deliberation else None
    return VersionPage(
        plan=cycle.number,
        number=version.number,
        title=Said.of(stated["title"]),
        starts_on=dt.date.fromisoformat(stated["starts_on"]),
        ends_on=dt.date.fromisoformat(stated["ends_on"]),
        frozen_at=version.frozen_at,
        sha256=version.document.sha256,
        size=len(version.document.content.encode()),
        guide=stated["guide"]["version"],
        sections=tuple(
            Answer(one.question.label, one.form.says, Said.of(stated["sections"][one.question.code]))
            for one in asked
            if stated["sections"].get(one.question.code)
        ),
        commitments=tuple(_stated(one, parts) for one in stated["commitments"]),
        adopted_by=act.number if act else "",
        adopted_on=act.dated_on if act else None,
        published_at=version.published_at,
    )


def as_published(plan: ActionPlan, version: PlanVersion) -> tuple[ActionPlan, tuple[Commitment, ...]]:
    """Rebuild a plan and its commitments as a version states them, to be checked; nothing of this is ever saved.

    What is frozen does not keep which wording translates which: a text that the
    draft still holds is the draft's own, and knows it; another is taken as up to date.
    """
    stated: dict[str, Any] = json.loads(version.document.content)
    first, last = (dt.date.fromisoformat(stated[name]) for name in ("starts_on", "ends_on"))
    sections = {code: _official(text, plan.sections.get(code)) for code, text in stated["sections"].items()}
    title = _official(stated["title"], plan.title)
    whole = ActionPlan(
        pk=plan.pk, uid=plan.uid, cycle=plan.cycle, title=title, starts_on=first, ends_on=last, sections=sections
    )
    held = {one.uid: one for one in plan.commitments.select_related("indicator").prefetch_related("milestones")}
    return whole, tuple(_as_promised(whole, one, held.get(one["uid"])) for one in stated["commitments"])


def _as_promised(plan: ActionPlan, one: dict[str, Any], held: Commitment | None) -> Commitment:
    texts = held.texts if held else {}
    made = Commitment(
        pk=held.pk if held else -one["number"],
        plan=plan,
        title=_official(one["title"], held.title if held else None),
        texts={code: _official(text, texts.get(code)) for code, text in one["texts"].items()},
        **{f"contact_{name}": said for name, said in one["contact"].items()},
        **{name: one[name] for name in _AS_THEY_ARE},
        **_days(one),
    )
    known = {step.uid: step for step in held.milestones.all()} if held else {}
    steps = [_as_said(Milestone, step, known.get(step["uid"]), "title", "deliverable") for step in one["milestones"]]
    found = one["indicator"]
    measure = found and _as_said(Indicator, found, getattr(held, "indicator", None), "name", "unit", "source")
    # Put where Django looks before it asks the database: these rows exist in the statement alone.
    made._state.fields_cache["indicator"] = measure
    made._prefetched_objects_cache = {"milestones": steps}  # type: ignore[attr-defined]
    return made


def _as_said(kind: Any, one: dict[str, Any], held: Any, *texts: str) -> Any:
    """Make the row that was frozen, its texts official again."""
    said = {name: _official(one[name], getattr(held, name, None)) for name in texts}
    return kind(**({name: value for name, value in one.items() if name not in texts} | said | _days(one)))


def _days(one: dict[str, Any]) -> dict[str, dt.date]:
    return {name: dt.date.fromisoformat(day) for name, day in one.items() if name.endswith("_on")}


def _official(said: dict[str, str], held: OfficialText | None) -> OfficialText:
    frozen: OfficialText = {lang: {"text": text, "at": "", "of": ""} for lang, text in said.items()}
    return held if held and says_the_same(held, frozen) else frozen


def _stated(one: dict[str, Any], parts: tuple[Part, ...]) -> StatedCommitment:
    found = one["indicator"]
    answers = []
    for part in parts:
        for question in part.questions:
            if question.kind == "yes-no" and question.code in one["values"]:
                answers.append(Answer(question.label, part.says, Said(()), yes=one["values"][question.code]))
            elif words := one["texts"].get(question.code):
                answers.append(Answer(question.label, part.says, Said.of(words)))
            elif question.stores == "commitment.sector" and one["sector"]:
                answers.append(Answer(question.label, part.says, Said(()), plain=one["sector"]))
            elif question.stores == "commitment.ogp_id" and one["ogp_id"]:
                answers.append(Answer(question.label, part.says, Said(()), plain=one["ogp_id"]))
    return StatedCommitment(
        number=one["number"],
        title=Said.of(one["title"]),
        unit=Said.of(one["unit"]),
        starts_on=dt.date.fromisoformat(one["starts_on"]),
        ends_on=dt.date.fromisoformat(one["ends_on"]),
        answers=tuple(answers),
        areas=tuple(policy_area(code) for code in one["policy_areas"]),
        steps=tuple(
            StatedStep(
                step["number"],
                Said.of(step["title"]),
                Said.of(step["deliverable"]),
                dt.date.fromisoformat(step["starts_on"]),
                dt.date.fromisoformat(step["ends_on"]),
            )
            for step in one["milestones"]
        ),
        indicator=found
        and StatedIndicator(
            name=Said.of(found["name"]),
            unit=Said.of(found["unit"]),
            baseline=found["baseline"],
            baseline_on=dt.date.fromisoformat(found["baseline_on"]),
            target=found["target"],
            target_on=dt.date.fromisoformat(found["target_on"]),
            source=Said.of(found["source"]),
        ),
        contact=tuple(filter(None, (one["contact"][name] for name in ("name", "title", "reach")))),
        findings=tuple((found["number"], Said.of(found["title"])) for found in one["findings"]),
        responses=tuple(found["number"] for found in one["responses"]),
        voices=one["voices"],
    )
