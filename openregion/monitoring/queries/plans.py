"""Plans as the public reads them: those of a member, and one at a glance, from the version published last."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import get_language, get_language_bidi

from openregion.consultation.models import Contribution
from openregion.core.official import OfficialText
from openregion.guide import queries as guides
from openregion.guide.schema import Text
from openregion.monitoring.queries import drawing, standing
from openregion.monitoring.queries.standing import STATES, Stands, sentence_of, stands, worded
from openregion.people.models import Member
from openregion.plan.models import ActionPlan, PlanVersion
from openregion.plan.queries import Coverage, coverage_of, statement_of

# Who prepares the plan reads it before it is published.
DRAFTING = frozenset({"draft_plan", "revise_plan", "revise_commitment", "freeze_plan", "publish_plan"})
SHAPES = ("annex-3", "ogp")
FORMATS = ("pdf", "docx")


@dataclass(frozen=True)
class Edition:
    """A plan as it is read: the version published last, or the draft when there is none (``version`` empty)."""

    plan: ActionPlan
    version: PlanVersion | None

    @cached_property
    def stated(self) -> dict[str, Any]:
        """What it states: the frozen words; of a draft, today's."""
        return json.loads(self.version.document.content) if self.version else statement_of(self.plan)

    @property
    def number(self) -> int:
        """The number of its cycle: its place in addresses."""
        return self.plan.cycle.number


@dataclass(frozen=True)
class PlanLine:
    """A plan in the list: its period, and how far its promises are."""

    number: int
    title: OfficialText
    starts_on: dt.date
    ends_on: dt.date
    in_force: bool
    is_draft: bool
    sentence: str


@dataclass(frozen=True)
class Row:
    """A commitment at a glance."""

    slug: str
    number: int
    title: OfficialText
    unit: OfficialText
    stands: Stands
    bar: drawing.Bar


@dataclass(frozen=True)
class Said:
    """A text at length, in the language it is really in."""

    lang: str
    text: str
    marked: bool


@dataclass(frozen=True)
class Section:
    """A section of the plan: the heading the guide prints, and what the plan says under it."""

    code: str
    label: Text
    said: Said


@dataclass(frozen=True)
class VersionLine:
    """A published version: when, by which vote, and the hash that its papers carry."""

    number: int
    published_at: dt.datetime
    frozen_at: dt.datetime
    sha256: str
    act_number: str
    act_on: dt.date
    act_title: OfficialText
    act_uid: str


@dataclass(frozen=True)
class PlanPage:
    """A plan at a glance, and all that says what it is."""

    number: int
    title: OfficialText
    starts_on: dt.date
    ends_on: dt.date
    is_draft: bool
    sentence: str
    rows: tuple[Row, ...]
    line: drawing.Timeline
    late_rows: tuple[Row, ...]
    sections: tuple[Section, ...]
    versions: tuple[VersionLine, ...]
    coverage: Coverage

    @property
    def version(self) -> VersionLine | None:
        """The version in force."""
        return self.versions[0] if self.versions else None

    @property
    def percent(self) -> int | None:
        """The coverage in percent, a share rounded down: nothing is said to be whole before it is."""
        share = self.coverage.share
        return None if share is None else int(share * 100)


def plan_at(member: Member, number: int) -> ActionPlan | None:
    """Find the plan of a member's cycle by its number."""
    found = ActionPlan.objects.of(member).filter(cycle__number=number)
    return found.select_related("cycle__member").first()


def published(plan: ActionPlan) -> list[PlanVersion]:
    """Read the versions that the public reads, the latest first."""
    return list(PlanVersion.objects.filter(plan=plan).published().select_related("document", "deliberation__act__file"))


def plans_page(member: Member, today: dt.date, may: frozenset[str]) -> tuple[PlanLine, ...]:
    """List a member's plans, the one in force first; drafts only for those who prepare them."""
    plans = list(ActionPlan.objects.of(member).select_related("cycle__member").latest_first())
    latest: dict[int, PlanVersion] = {}
    for version in PlanVersion.objects.of(member).published().select_related("document"):
        latest.setdefault(version.plan_id, version)
    reports = standing.reports_of_plans(plans, member)
    lines = [
        _plan_line(plan, latest.get(plan.pk), reports[plan.pk], today)
        for plan in plans
        if plan.pk in latest or may & DRAFTING
    ]
    return tuple(sorted(lines, key=lambda line: not line.in_force))


def _plan_line(
    plan: ActionPlan, version: PlanVersion | None, reports: list[standing.Report], today: dt.date
) -> PlanLine:
    stated = json.loads(version.document.content) if version else None
    states = [stands(one, reports, today).state for one in stated["commitments"]] if stated else []
    starts_on = dt.date.fromisoformat(stated["starts_on"]) if stated else plan.starts_on
    ends_on = dt.date.fromisoformat(stated["ends_on"]) if stated else plan.ends_on
    return PlanLine(
        number=plan.cycle.number,
        title=worded(stated["title"]) if stated else plan.title,
        starts_on=starts_on,
        ends_on=ends_on,
        in_force=version is not None and starts_on <= today <= ends_on,
        is_draft=version is None,
        sentence=sentence_of(states) if stated else "",
    )


def plan_page(member: Member, number: int, today: dt.date, may: frozenset[str]) -> PlanPage | None:
    """Prepare a plan at a glance, late first; nothing where none is published and the reader prepares none."""
    plan = plan_at(member, number)
    versions = published(plan) if plan else []
    if plan is None or not (versions or may & DRAFTING):
        return None
    edition = Edition(plan, versions[0] if versions else None)
    stated, reports = edition.stated, standing.reports_of(plan, member)
    starts_on, ends_on = (dt.date.fromisoformat(stated[name]) for name in ("starts_on", "ends_on"))
    found = [(one, stands(one, reports, today)) for one in stated["commitments"]]
    lang, mirrored = get_language() or "fr", get_language_bidi()
    line = drawing.timeline(starts_on, ends_on, [one for _, one in found], today, lang=lang, mirrored=mirrored)
    rank = list(STATES)
    rows = tuple(
        Row(
            slug=f"{edition.number}-{one['number']}",
            number=one["number"],
            title=worded(one["title"]),
            unit=worded(one["unit"]),
            stands=where,
            bar=drawing.bar(where, line, today),
        )
        for one, where in sorted(found, key=lambda pair: (rank.index(pair[1].state), pair[0]["number"]))
    )
    return PlanPage(
        number=edition.number,
        title=worded(stated["title"]),
        starts_on=starts_on,
        ends_on=ends_on,
        is_draft=edition.version is None,
        sentence=sentence_of([row.stands.state for row in rows]),
        rows=rows,
        line=line,
        late_rows=tuple(row for row in rows if row.stands.late),
        sections=_sections(stated),
        versions=tuple(_version_line(one) for one in versions),
        coverage=coverage_of(Contribution.objects.of(member).filter(consultation__cycle=plan.cycle)),
    )


def _version_line(version: PlanVersion) -> VersionLine:
    assert version.published_at is not None and version.deliberation is not None  # the database says so
    act = version.deliberation.act
    return VersionLine(
        number=version.number,
        published_at=version.published_at,
        frozen_at=version.frozen_at,
        sha256=version.document.sha256,
        act_number=act.number,
        act_on=act.dated_on,
        act_title=act.title,
        act_uid=act.uid if act.file else "",
    )


def _sections(stated: Mapping[str, Any]) -> tuple[Section, ...]:
    """Give what the plan says under each heading of the template, in the template's order."""
    book = guides.guide(stated["guide"]["version"])
    asked = [one for form in book.forms for group in form.groups for one in group.questions]
    labels = {one.code: one.label for one in asked if (one.stores or "").startswith("action_plan.")}
    return tuple(
        Section(code, label, said_in(stated["sections"][code]))
        for code, label in labels.items()
        if stated["sections"].get(code)
    )


def said_in(said: Mapping[str, str]) -> Said:
    """Give frozen words in the page's language, else in the one they are in, which is then marked."""
    lang = get_language() or "fr"
    body = "fr" if lang == "zgh" else lang
    code = next((one for one in (body, "fr", "ar", "en", *said) if said.get(one)), body)
    return Said(code, said.get(code, ""), code != body)
