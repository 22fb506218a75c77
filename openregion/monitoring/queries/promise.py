"""A commitment as the public reads it: where it stands, its proof, the voices behind it, its sheet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, gettext_lazy

from openregion.consultation.models import Contribution
from openregion.consultation.queries import CHANNELS
from openregion.core.official import OfficialText
from openregion.diagnosis.models import Finding, FindingSource
from openregion.guide import queries as guides
from openregion.guide.schema import Question, Text
from openregion.monitoring.models import CompletionSheet, Evidence, ProgressUpdate
from openregion.monitoring.queries import drawing, standing
from openregion.monitoring.queries.plans import DRAFTING, Edition, Said, plan_at, published, said_in
from openregion.monitoring.queries.standing import Stands, stands, worded
from openregion.people.models import Member
from openregion.plan.models import ActionPlan, CoveredContribution, PlanVersion
from openregion.plan.queries import DECISIONS, policy_area
from openregion.plan.rules import PROBLEM_KINDS
from openregion.record.models import StoredFile

SLUG = re.compile(r"([1-9][0-9]{0,4})-([1-9][0-9]{0,4})")
QUOTED, LONGEST_QUOTE = 3, 320
_NOWHERE = gettext_lazy("No province named")


@dataclass(frozen=True)
class Proof:
    """Something anyone can open: its title, where it is, what it is."""

    title: OfficialText
    href: str
    about: str
    added_at: dt.datetime
    outside: bool


@dataclass(frozen=True)
class Told:
    """A report as it stands on the page; one that was corrected says when and by which."""

    uid: str
    level: str
    about: OfficialText
    about_number: int
    text: Said
    as_of: dt.date
    expected_on: dt.date | None
    measure: str
    reported_at: dt.datetime
    proofs: tuple[Proof, ...]
    corrects_uid: str
    corrects_at: dt.datetime | None
    corrected_uid: str
    corrected_at: dt.datetime | None


@dataclass(frozen=True)
class Measured:
    """A figure of the indicator on a day."""

    day: dt.date
    figure: str


@dataclass(frozen=True)
class Indicator:
    """By what the commitment is measured, from the baseline to the target."""

    name: OfficialText
    unit: OfficialText
    source: OfficialText
    baseline: Measured
    target: Measured
    measures: tuple[Measured, ...]
    chart: drawing.Chart

    @property
    def latest(self) -> Measured | None:
        """The figure measured last."""
        return self.measures[-1] if self.measures else None


@dataclass(frozen=True)
class Quote:
    """A voice's own words, and where all of them are read."""

    number: int
    lang: str
    text: str
    href: str


@dataclass(frozen=True)
class Source:
    """A finding or an answer that the commitment rests on."""

    number: int
    name: OfficialText | str
    href: str


@dataclass(frozen=True)
class Cell:
    """How many voices in one category."""

    name: str
    count: int


@dataclass(frozen=True)
class Voices:
    """The voices behind a commitment: how many were given, and where from and how, of those that are published."""

    count: int
    published: int
    by_province: tuple[Cell, ...]
    by_channel: tuple[Cell, ...]
    quotes: tuple[Quote, ...]
    findings: tuple[Source, ...]
    responses: tuple[Source, ...]


@dataclass(frozen=True)
class SheetStep:
    """An activity on a completion sheet: as promised, and its level on the last day of the period."""

    number: int
    title: OfficialText
    starts_on: dt.date
    ends_on: dt.date
    level: str
    late: bool
    expected_on: dt.date | None


@dataclass(frozen=True)
class Answer:
    """A question of a sheet as it is printed, and its answer; ``changed`` when the plan said something else."""

    label: Text
    said: Said | None = None
    yes: bool | None = None
    days: tuple[dt.date, dt.date] | None = None
    items: tuple[str, ...] = ()
    level: str = ""
    steps: tuple[SheetStep, ...] = ()
    changed: bool = False


@dataclass(frozen=True)
class Block:
    """A group of questions of the sheet."""

    label: Text | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class SheetLine:
    """A completion sheet of the commitment."""

    number: int
    starts_on: dt.date
    ends_on: dt.date
    level: str
    issued_at: dt.datetime | None


@dataclass(frozen=True)
class PromisePage:
    """All that the page of a commitment shows."""

    slug: str
    number: int
    title: OfficialText
    unit: OfficialText
    is_draft: bool
    gone_since: int
    plan_number: int
    plan_title: OfficialText
    version: PlanVersion | None
    stands: Stands
    line: drawing.Timeline
    bar: drawing.Bar
    change: Said
    proofs: tuple[Proof, ...]
    indicator: Indicator | None
    told: tuple[Told, ...]
    voices: Voices
    blocks: tuple[Block, ...]
    sheets: tuple[SheetLine, ...]


@dataclass(frozen=True)
class Promised:
    """A commitment in the edition where the reader finds it."""

    edition: Edition
    stated: dict[str, Any]
    gone_since: int = 0

    @property
    def slug(self) -> str:
        """Its place in addresses."""
        return f"{self.edition.number}-{self.stated['number']}"


def promised(member: Member, slug: str, may: frozenset[str] = frozenset()) -> Promised | None:
    """Find a commitment by its address in the version published last, or in the last that held it.

    ``gone_since`` is the version that no longer has it. Those who prepare the
    plan find it in the draft too.
    """
    parts = SLUG.fullmatch(slug)
    plan = plan_at(member, int(parts[1])) if parts else None
    if parts is None or plan is None:
        return None
    gone_since = 0
    for version in published(plan):
        if found := _in_it(Edition(plan, version), int(parts[2]), gone_since):
            return found
        gone_since = version.number
    return _in_it(Edition(plan, None), int(parts[2]), 0) if may & DRAFTING else None


def _in_it(edition: Edition, number: int, gone_since: int) -> Promised | None:
    stated = next((one for one in edition.stated["commitments"] if one["number"] == number), None)
    return Promised(edition, stated, gone_since) if stated else None


def promise_page(found: Promised, member: Member, today: dt.date, *, with_drafts: bool) -> PromisePage:
    """Prepare the page of a commitment from the version found, and from what was reported since."""
    stated, plan = found.stated, found.edition.plan
    updates = _updates(plan, member, stated["uid"])
    where = stands(stated, _reports(updates, stated["uid"]), today)
    lang, mirrored = get_language() or "fr", get_language_bidi()
    line = drawing.timeline(where.starts_on, where.ends_on, [where], today, lang=lang, mirrored=mirrored)
    told = tuple(_told(one, step_told(stated, one), member, lang) for one in updates)
    return PromisePage(
        slug=found.slug,
        number=stated["number"],
        title=worded(stated["title"]),
        unit=worded(stated["unit"]),
        is_draft=found.edition.version is None,
        gone_since=found.gone_since,
        plan_number=found.edition.number,
        plan_title=worded(found.edition.stated["title"]),
        version=found.edition.version,
        stands=where,
        line=line,
        bar=drawing.bar(where, line, today),
        change=said_in(stated["texts"].get("contribution", {})),
        proofs=tuple(proof for one in told if not one.corrected_uid for proof in one.proofs),
        indicator=_indicator(stated["indicator"], updates, lang, mirrored=mirrored),
        told=told,
        voices=_voices(member, stated),
        blocks=_blocks(found),
        sheets=_sheet_lines(member, stated["uid"], with_drafts=with_drafts),
    )


def _updates(plan: ActionPlan, member: Member, uid: str) -> list[ProgressUpdate]:
    found = ProgressUpdate.objects.of(member).filter(commitment__plan=plan, commitment__uid=uid)
    related = found.select_related("milestone", "corrects", "corrected_by").prefetch_related("evidence__file")
    return list(related.latest_first())


def _corrected_by(update: ProgressUpdate) -> ProgressUpdate | None:
    return getattr(update, "corrected_by", None)


def _reports(updates: Sequence[ProgressUpdate], uid: str) -> list[standing.Report]:
    counted = sorted(
        (one for one in updates if not _corrected_by(one)), key=lambda one: (one.as_of, one.reported_at, one.pk)
    )
    return [
        standing.Report(
            uid=one.uid,
            commitment_uid=uid,
            milestone_uid=one.milestone.uid if one.milestone else "",
            level=one.level,
            as_of=one.as_of,
            expected_on=one.expected_on,
            measure=one.measure,
            reported_at=one.reported_at,
        )
        for one in counted
    ]


def step_told(stated: Mapping[str, Any], update: ProgressUpdate) -> Mapping[str, Any] | None:
    """Give the activity that a report is about, as the version states it: its draft may have other words by now."""
    uid = update.milestone.uid if update.milestone else ""
    return next((one for one in stated["milestones"] if one["uid"] == uid), None)


def _told(update: ProgressUpdate, step: Mapping[str, Any] | None, member: Member, lang: str) -> Told:
    correction, corrected = _corrected_by(update), update.corrects
    return Told(
        uid=update.uid,
        level=update.level,
        about=worded(step["title"]) if step else {},
        about_number=step["number"] if step else 0,
        text=said_in({code: one["text"] for code, one in update.text.items()}),
        as_of=update.as_of,
        expected_on=update.expected_on,
        measure="" if update.measure is None else drawing.figure(update.measure, lang),
        reported_at=update.reported_at,
        proofs=tuple(_proof(one, member) for one in sorted(update.evidence.all(), key=lambda one: one.pk)),
        corrects_uid=corrected.uid if corrected else "",
        corrects_at=corrected.reported_at if corrected else None,
        corrected_uid=correction.uid if correction else "",
        corrected_at=correction.reported_at if correction else None,
    )


def _proof(one: Evidence, member: Member) -> Proof:
    if one.file:
        here = reverse("evidence_file", args=[member.slug, one.uid])
        return Proof(one.title, here, _about(one.file), one.added_at, outside=False)
    return Proof(one.title, one.url, urlsplit(one.url).hostname or "", one.added_at, outside=True)


def _about(file: StoredFile) -> str:
    return f"{file.name.rpartition('.')[2].upper()} · {filesizeformat(file.size)}"


def _indicator(
    stated: Mapping[str, Any] | None, updates: Sequence[ProgressUpdate], lang: str, *, mirrored: bool
) -> Indicator | None:
    if not stated:
        return None
    baseline = (dt.date.fromisoformat(stated["baseline_on"]), Decimal(stated["baseline"]))
    target = (dt.date.fromisoformat(stated["target_on"]), Decimal(stated["target"]))
    counted = [one for one in updates if not _corrected_by(one) and one.measure is not None]
    # Of two figures for a day, the one reported last is drawn.
    measures = sorted({one.as_of: one.measure for one in reversed(counted) if one.measure is not None}.items())
    return Indicator(
        name=worded(stated["name"]),
        unit=worded(stated["unit"]),
        source=worded(stated["source"]),
        baseline=Measured(baseline[0], drawing.figure(baseline[1], lang)),
        target=Measured(target[0], drawing.figure(target[1], lang)),
        measures=tuple(Measured(day, drawing.figure(value, lang)) for day, value in measures),
        chart=drawing.chart(baseline, target, measures, lang=lang, mirrored=mirrored),
    )


def voices_behind(member: Member, stated: Mapping[str, Any]) -> Any:
    """Give the contributions behind a commitment that count, each once."""
    return given_behind(member, stated).countable()


def given_behind(member: Member, stated: Mapping[str, Any]) -> Any:
    """Give all that was given behind a commitment, each once: through the findings and answers its version cites."""
    findings = [one["number"] for one in stated["findings"]]
    responses = [one["number"] for one in stated["responses"]]
    gathered = FindingSource.objects.filter(finding__member=member, finding__number__in=findings)
    covered = CoveredContribution.objects.filter(response__member=member, response__number__in=responses)
    behind = Q(pk__in=gathered.values("contribution")) | Q(pk__in=covered.values("contribution"))
    return Contribution.objects.of(member).filter(behind)


def _voices(member: Member, stated: Mapping[str, Any]) -> Voices:
    lang = get_language() or "fr"
    behind = voices_behind(member, stated)
    public = behind.published().filter(erased_at=None)
    named = f"suggestion__province__name_{'ar' if lang == 'ar' else 'fr'}"
    by_channel = _counted(public, "channel")
    return Voices(
        count=behind.distinct().count(),
        published=sum(count for _code, count in by_channel),
        by_province=tuple(Cell(name or str(_NOWHERE), count) for name, count in _counted(public, named)),
        by_channel=tuple(Cell(str(CHANNELS[code or ""]), count) for code, count in by_channel),
        quotes=_quotes(behind, member, lang),
        findings=_findings(member, stated),
        responses=tuple(
            Source(number, str(DECISIONS[one["decision"]]), reverse("response", args=[member.slug, number]))
            for one in stated["responses"]
            for number in [one["number"]]
        ),
    )


def _counted(behind: Any, column: str) -> list[tuple[str | None, int]]:
    """Count what is published in each group, the largest first: each can be read, and counted again."""
    counted = behind.order_by().values_list(column).annotate(voices=Count("pk", distinct=True))
    return sorted(counted, key=lambda one: (-one[1], one[0] or ""))


def _quotes(behind: Any, member: Member, lang: str) -> tuple[Quote, ...]:
    """Give a few of the published voices' own words, those in the page's language first."""
    own = [lang, *(["ary"] if lang == "ar" else [])]
    first = Case(When(lang__in=own, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = behind.published().filter(erased_at=None, suggestion__isnull=False).order_by(first, "-number")
    quotes = []
    for one in found.only("number", "lang", "words")[:QUOTED]:
        said = one.words
        whole = said.get("idea") or said.get("text") or said.get("problem") or said.get("effect") or ""
        text = " ".join(whole.split())
        short = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + "…"
        tongue = "ar-MA" if one.lang == "ary" else one.lang
        quotes.append(Quote(one.number, tongue, short, reverse("suggestion", args=[member.slug, one.number])))
    return tuple(quotes)


def _findings(member: Member, stated: Mapping[str, Any]) -> tuple[Source, ...]:
    numbers = [one["number"] for one in stated["findings"]]
    read = set(Finding.objects.of(member).published().filter(number__in=numbers).values_list("number", flat=True))
    return tuple(
        Source(number, worded(one["title"]), reverse("finding", args=[member.slug, number]) if number in read else "")
        for one in stated["findings"]
        for number in [one["number"]]
    )


def _blocks(found: Promised) -> tuple[Block, ...]:
    """Lay the frozen answers under the questions of annex 2, then of whatever other form asks of a commitment."""
    book = guides.guide(found.edition.stated["guide"]["version"])
    blocks, told = [], set()
    for form in sorted(book.forms, key=lambda form: form.code != "annex-2"):
        for group in form.groups:
            ours = [one for one in group.questions if (one.stores or "").startswith("commitment.")]
            asked = [one for one in ours if one.code not in told]
            told |= {one.code for one in asked}
            answers = tuple(answer for one in asked if (answer := _answer(one, found.stated)))
            if answers:
                blocks.append(Block(group.label, answers))
    return tuple(blocks)


def _answer(question: Question, stated: Mapping[str, Any]) -> Answer | None:
    code, kept_in = question.code, (question.stores or "").partition(".")[2]
    if stated["texts"].get(code):
        said = said_in(stated["texts"][code])
        kinds = stated["problem_kinds"] if kept_in == "problem" else []
        return Answer(question.label, said=said, items=tuple(str(PROBLEM_KINDS[kind]) for kind in kinds))
    if code in stated["values"]:
        return Answer(question.label, yes=stated["values"][code])
    if kept_in == "starts_on":
        days = dt.date.fromisoformat(stated["starts_on"]), dt.date.fromisoformat(stated["ends_on"])
        return Answer(question.label, days=days)
    if kept_in == "unit":
        return Answer(question.label, said=said_in(stated["unit"]))
    if kept_in.startswith("contact_") and (text := stated["contact"].get(kept_in.removeprefix("contact_"))):
        return Answer(question.label, said=Said("", text, False))
    if kept_in in ("sector", "ogp_id") and stated[kept_in]:
        return Answer(question.label, said=Said("", stated[kept_in], False))
    if kept_in == "policy_areas" and stated["policy_areas"]:
        return Answer(
            question.label,
            items=tuple(policy_area(code).in_(get_language() or "fr") for code in stated["policy_areas"]),
        )
    return None


def _sheet_lines(member: Member, uid: str, *, with_drafts: bool) -> tuple[SheetLine, ...]:
    found = CompletionSheet.objects.of(member).filter(commitment__uid=uid).order_by("-number")
    columns = ("number", "starts_on", "ends_on", "level", "issued_at")
    return tuple(SheetLine(*row) for row in (found if with_drafts else found.issued()).values_list(*columns))


def shown_to_all(evidence_uid: str, member: Member) -> Evidence | None:
    """Find a piece of evidence that is a file; whether its promise is published is the rule's to say."""
    found = Evidence.objects.filter(update_shown__commitment__plan__cycle__member=member, uid=evidence_uid)
    return found.exclude(file=None).select_related("file", "update_shown__commitment__plan").first()
