"""Completion sheets as they are filled in and read, and the reports of a commitment as open data."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from openregion.analysis.tables import safe_cell
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText
from openregion.cycle.queries import book_of
from openregion.guide import queries as guides
from openregion.guide.schema import Form, Question, QuestionGroup
from openregion.monitoring.models import CompletionLevel, CompletionSheet, ProgressUpdate
from openregion.monitoring.queries import standing
from openregion.monitoring.queries.plans import plan_at, said_in
from openregion.monitoring.queries.promise import SLUG, Answer, Block, Promised, SheetStep, step_told
from openregion.monitoring.queries.standing import worded
from openregion.monitoring.queries.statement import statement_of_sheet
from openregion.people.models import Member
from openregion.plan.models import Commitment, Milestone

FORM = "annex-4"
# What the record knows already is read from it, and not typed again.
FROM_THE_RECORD = ("title", "starts_on", "lead_agency", "contact_name", "contact_title", "contact_reach", "milestones")
COLUMNS = (
    "report", "commitment", "milestone", "milestone_title", "level", "as_of", "reported_at", "expected_on", "measure",
    "corrects", "corrected_by", "text_fr", "text_ar", "text_en", "evidence",
)  # fmt: skip


@dataclass(frozen=True)
class Period:
    """A year of the plan, as a completion sheet reports on it."""

    number: int
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class AskedGroup:
    """The questions of a group of annex 4 that the sheet itself answers."""

    group: QuestionGroup
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class SheetProof:
    """Something anyone can open, as the sheet froze it."""

    title: OfficialText
    href: str
    about: str
    outside: bool


@dataclass(frozen=True)
class SheetPage:
    """A completion sheet to read: once issued, from its frozen words alone."""

    slug: str
    number: int
    title: OfficialText
    unit: OfficialText
    starts_on: dt.date
    ends_on: dt.date
    level: str
    form: Form
    blocks: tuple[Block, ...]
    proofs: tuple[SheetProof, ...]
    issued_at: dt.datetime | None
    sha256: str


def commitment_of(member: Member, slug: str) -> Commitment | None:
    """Find a commitment by its place in addresses, published or not."""
    parts = SLUG.fullmatch(slug)
    if parts is None:
        return None
    found = Commitment.objects.of(member).filter(plan__cycle__number=int(parts[1]), number=int(parts[2]))
    return found.select_related("unit", "indicator", "plan__cycle__member").first()


def reported_steps(commitment: Commitment, found: Promised | None) -> list[Milestone]:
    """List the activities that can be reported on: those the public reads in the plan."""
    promised = {step["uid"] for step in found.stated["milestones"]} if found else set()
    return [one for one in commitment.milestones.order_by("number") if one.uid in promised]


def periods(starts_on: dt.date, ends_on: dt.date) -> tuple[Period, ...]:
    """Cut a plan into its years: the first, the second, and what follows."""
    found: list[Period] = []
    start = starts_on
    while start < ends_on:
        end = min(_a_year_after(start) - dt.timedelta(days=1), ends_on)
        found.append(Period(len(found) + 1, start, end))
        start = end + dt.timedelta(days=1)
    return tuple(found)


def _a_year_after(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + 1, day=28)


def level_of_period(commitment: Commitment, until: dt.date) -> str:
    """Say at which level the record leaves a commitment on a day; no evidence where nothing was reported."""
    reports = standing.reports_of(commitment.plan, commitment.plan.cycle.member)
    own = (one for one in reports if one.commitment_uid == commitment.uid and not one.milestone_uid)
    return standing.standing_of(own, until=until).level or CompletionLevel.NO_EVIDENCE


def questions_asked(commitment: Commitment) -> tuple[AskedGroup, ...]:
    """Give the questions of annex 4 that are typed, group by group, as the guide prints them."""
    form = guides.form(book_of(commitment.plan.cycle), FORM)
    groups = form.groups if form else ()
    found = (AskedGroup(group, tuple(one for one in group.questions if _is_typed(one))) for group in groups)
    return tuple(one for one in found if one.questions)


def _is_typed(question: Question) -> bool:
    table, _, column = (question.stores or "").partition(".")
    return table == "completion_sheet" and column not in FROM_THE_RECORD


def said_by_the_plan(found: Promised | None) -> dict[str, OfficialText]:
    """Give what the plan answers to the questions that annex 4 asks again, so that only what changed is typed."""
    return {code: worded(said) for code, said in found.stated["texts"].items()} if found else {}


def sheet_at(member: Member, slug: str, number: int) -> CompletionSheet | None:
    """Find a completion sheet by the place of its commitment and its own number."""
    parts = SLUG.fullmatch(slug)
    if parts is None:
        return None
    found = CompletionSheet.objects.of(member).filter(
        commitment__plan__cycle__number=int(parts[1]), commitment__number=int(parts[2]), number=number
    )
    return found.select_related("document", "commitment__unit", "commitment__plan__cycle__member").first()


def sheet_page(sheet: CompletionSheet) -> SheetPage:
    """Prepare a completion sheet: from what was frozen when it was issued, before that from the record of today."""
    stated = json.loads(sheet.document.content) if sheet.document else statement_of_sheet(sheet)
    form = guides.form(guides.guide(stated["guide"]["version"]), FORM)
    if form is None:
        raise LookupError(f"the guide {stated['guide']['version']} has no form {FORM!r}")
    promise, period = stated["commitment"], stated["period"]
    blocks = (
        Block(group.label, tuple(answer for one in group.questions if (answer := _stated_answer(one, stated))))
        for group in form.groups
    )
    return SheetPage(
        slug=promise["slug"],
        number=stated["number"],
        title=worded(promise["title"]),
        unit=worded(promise["unit"]),
        starts_on=dt.date.fromisoformat(period["starts_on"]),
        ends_on=dt.date.fromisoformat(period["ends_on"]),
        level=stated["level"],
        form=form,
        blocks=tuple(block for block in blocks if block.answers),
        proofs=tuple(_sheet_proof(one, stated["member"]["slug"]) for one in stated["evidence"]),
        issued_at=sheet.issued_at,
        sha256=sheet.document.sha256 if sheet.document else "",
    )


def _sheet_proof(one: Mapping[str, Any], member: str) -> SheetProof:
    if "file" in one:
        return SheetProof(worded(one["title"]), reverse("evidence_file", args=[member, one["uid"]]), one["file"], False)
    return SheetProof(worded(one["title"]), one["url"], urlsplit(one["url"]).hostname or "", True)


def _stated_answer(question: Question, stated: Mapping[str, Any]) -> Answer | None:
    """Give the answer to a question of annex 4: what the unit typed, or what the record holds."""
    kept_in, promise, label = (question.stores or "").partition(".")[2], stated["commitment"], question.label
    days = (dt.date.fromisoformat(promise["starts_on"]), dt.date.fromisoformat(promise["ends_on"]))
    if kept_in == "starts_on":
        return Answer(label, days=days)
    if kept_in == "level":
        return Answer(label, level=stated["level"])
    if kept_in == "milestones":
        steps = tuple(_sheet_step(one) for one in stated["milestones"])
        return Answer(label, steps=steps) if steps else None
    if question.code in stated["values"]:
        return Answer(label, yes=stated["values"][question.code])
    changes = stated["changes"]
    known = {
        "title": {lang: f"{promise['number']}. {text}" for lang, text in promise["title"].items()},
        "lead_agency": promise["unit"],
        **{f"contact_{name}": {"": text} for name, text in stated["contact"].items() if text},
    }
    said = known.get(kept_in) or stated["texts"].get(question.code)
    if not said:
        return None
    changed = question.code in changes["texts"] or kept_in.removeprefix("contact_") in changes["contact"]
    return Answer(label, said=said_in(said), changed=changed)


def _sheet_step(one: Mapping[str, Any]) -> SheetStep:
    return SheetStep(
        number=one["number"],
        title=worded(one["title"]),
        starts_on=dt.date.fromisoformat(one["starts_on"]),
        ends_on=dt.date.fromisoformat(one["ends_on"]),
        level=one["level"],
        late=one["late"],
        expected_on=dt.date.fromisoformat(one["expected_on"]) if one["expected_on"] else None,
    )


def progress_as_csv(found: Promised, member: Member, *, site: str) -> str:
    """Write every report of a commitment as a table: what the page shows can be counted again from it.

    A byte order mark leads, so that a spreadsheet reads the Arabic; words that a
    spreadsheet would run as a formula are preceded by an apostrophe.
    """
    plan = plan_at(member, found.edition.number)
    uid = found.stated["uid"]
    updates = ProgressUpdate.objects.of(member).filter(commitment__plan=plan, commitment__uid=uid)
    related = updates.select_related("milestone", "corrects", "corrected_by").prefetch_related("evidence__file")
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for one in related.order_by("reported_at", "pk"):
        table.writerow(_row(one, found, member, site))
    return "\ufeff" + out.getvalue()


def _row(one: ProgressUpdate, found: Promised, member: Member, site: str) -> list[Any]:
    correction = getattr(one, "corrected_by", None)
    step = step_told(found.stated, one)
    opened = [
        f"{site}{reverse('evidence_file', args=[member.slug, shown.uid])}" if shown.file_id else shown.url
        for shown in sorted(one.evidence.all(), key=lambda shown: shown.pk)
    ]
    return [
        one.uid,
        found.slug,
        step["number"] if step else "",
        safe_cell(step["title"].get("fr", "")) if step else "",
        one.level,
        one.as_of.isoformat(),
        one.reported_at.isoformat(),
        one.expected_on.isoformat() if one.expected_on else "",
        "" if one.measure is None else f"{one.measure.normalize():f}",
        one.corrects.uid if one.corrects else "",
        correction.uid if correction else "",
        *(safe_cell(_in(one.text, lang)) for lang in WORKING),
        safe_cell(" ".join(opened)),
    ]


def _in(said: Mapping[str, Any], lang: str) -> str:
    return said.get(lang, {}).get("text", "")
