"""What the drafting pages show: sections and sheets with what is written, missing or out of date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, Contribution
from openregion.core import dates
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, is_out_of_date
from openregion.cycle.models import Cycle
from openregion.cycle.queries import annex, book_of
from openregion.diagnosis.models import Finding
from openregion.guide.schema import Form, Question, QuestionGroup, Text
from openregion.plan.models import ActionPlan, Commitment, PlanVersion
from openregion.plan.queries.statement import contributions_behind, coverage_of

# Parts of a sheet that the guide gives no title of their own, and the two that it does not have.
PARTS: dict[str, Promise] = {
    "identification": gettext_lazy("Title, dates and responsible unit"),
    "activities": gettext_lazy("Activities"),
    "additional-information": gettext_lazy("Closing additional information"),
    "indicator": gettext_lazy("The indicator that measures it"),
    "record": gettext_lazy("OGP's own record"),
}
# What the guide leaves to choice ("Au choix") or asks only where there is something to say.
OPTIONAL = ("extras", "other-actors", "additional-information")
_GIVEN_LATER = ("ogp-id",)  # by OGP, once the plan is submitted


def in_words(label: Text | str) -> str:
    """Give the guide's words, or ours, in the page's language."""
    return label.in_(get_language() or "fr") if isinstance(label, Text) else label


def words_in(text: OfficialText, lang: str) -> str:
    """Give the words written in this very language, or nothing."""
    held = text.get(lang)
    return held["text"] if held else ""


@dataclass(frozen=True)
class Wording:
    """One language of an official text: written, missing, or translating something that has changed since."""

    lang: str
    state: str
    words: int


@dataclass(frozen=True)
class Asked:
    """A question with the form and the group it belongs to."""

    form: Form
    group: QuestionGroup
    question: Question

    @property
    def of(self) -> str:
        """Name the form: an annex of the guide, or OGP's own record."""
        return annex(self.form)


@dataclass(frozen=True)
class SectionLine:
    """A section of the plan in its list."""

    code: str
    label: Text
    wordings: tuple[Wording, ...]


@dataclass(frozen=True)
class SectionGroup:
    """The sections that a form asks under one heading."""

    of: str
    says: str
    title: Text
    lines: tuple[SectionLine, ...]


@dataclass(frozen=True)
class Part:
    """A part of a commitment sheet: what is asked together on one page."""

    code: str
    title: Text | str
    help: tuple[Text, ...]
    questions: tuple[Question, ...]
    says: str

    @property
    def name(self) -> str:
        """Name the part in the page's language."""
        return in_words(self.title)

    @property
    def optional(self) -> bool:
        """Whether the guide leaves this part to choice."""
        return self.code in OPTIONAL


@dataclass(frozen=True)
class Gap:
    """What a sheet lacks: a question, and in which languages; none named when it is no text.

    ``state`` is "missing", or "stale" when the French has changed since.
    """

    part: str
    question: str
    label: Text | str
    langs: tuple[str, ...]
    state: str
    optional: bool

    @property
    def name(self) -> str:
        """Name what is lacking in the page's language."""
        return in_words(self.label)


@dataclass(frozen=True)
class CommitmentLine:
    """A commitment in the list of its plan, with what its sheet lacks."""

    slug: str
    number: int
    title: OfficialText
    unit: OfficialText
    starts_on: dt.date
    ends_on: dt.date
    lacks: tuple[tuple[str, int], ...]
    complete: bool


@dataclass(frozen=True)
class VersionLine:
    """A frozen version in the list."""

    number: int
    frozen_at: dt.datetime
    sha256: str
    adopted_by: str
    adopted_on: dt.date | None
    published_at: dt.datetime | None

    @property
    def state(self) -> str:
        """Say how far it is: frozen, adopted or published."""
        return "published" if self.published_at else "adopted" if self.adopted_on else "frozen"


@dataclass(frozen=True)
class PlanWork:
    """The workshop of a plan, whole."""

    number: int
    title: OfficialText
    starts_on: dt.date
    ends_on: dt.date
    sections: int
    written: tuple[tuple[str, int], ...]
    commitments: tuple[CommitmentLine, ...]
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True)
class Figures:
    """What the platform counted, in sentences ready to be copied, one for each language."""

    sentences: tuple[tuple[str, str], ...]


def wordings(text: OfficialText) -> tuple[Wording, ...]:
    """Say of each working language whether it is written, and up to date."""
    return tuple(
        Wording(
            lang,
            "missing" if not words_in(text, lang) else "stale" if is_out_of_date(text, lang) else "written",
            len(words_in(text, lang).split()),
        )
        for lang in WORKING
    )


def sections(cycle: Cycle) -> tuple[Asked, ...]:
    """List the sections of a plan that are written as text: annex 3's, then OGP's, each once."""
    found: dict[str, Asked] = {}
    for form in book_of(cycle).forms:
        for group in form.groups:
            for question in group.questions:
                if question.kind == "long-text" and (question.stores or "").startswith("action_plan."):
                    found.setdefault(question.code, Asked(form, group, question))
    return tuple(found.values())


def section(cycle: Cycle, code: str) -> Asked | None:
    """Find a section by its code; nothing when the template has none."""
    return next((one for one in sections(cycle) if one.question.code == code), None)


def sections_page(plan: ActionPlan) -> tuple[SectionGroup, ...]:
    """List the sections under their headings, with what each has in each language."""
    groups: dict[tuple[str, str], list[Asked]] = {}
    for one in sections(plan.cycle):
        groups.setdefault((one.form.code, one.group.code), []).append(one)
    return tuple(
        SectionGroup(
            of=asked[0].of,
            says=asked[0].form.says,
            title=asked[0].group.label or asked[0].question.label,
            lines=tuple(
                SectionLine(one.question.code, one.question.label, wordings(plan.sections.get(one.question.code, {})))
                for one in asked
            ),
        )
        for asked in groups.values()
    )


def figures_of(plan: ActionPlan) -> Figures:
    """Count what the platform knows of how the plan was prepared, and say it in each working language."""
    given = Contribution.objects.of(plan.cycle.member).filter(consultation__cycle=plan.cycle)
    held = Consultation.objects.filter(cycle=plan.cycle).aggregate(
        number=Count("pk"), first=Min("opens_at"), last=Max("closes_at")
    )
    counted = coverage_of(given)
    places = given.countable().exclude(suggestion__province=None).values("suggestion__province").distinct().count()
    found = Finding.objects.filter(cycle=plan.cycle).published().count()
    if not held["number"]:
        return Figures(())
    said: list[tuple[str, str]] = []
    for lang in WORKING:
        with override(lang):
            n, received = held["number"], counted.countable
            days = {"first": dates.day(held["first"].date(), lang), "last": dates.day(held["last"].date(), lang)}
            lines = [
                ngettext(
                    "The Region opened %(n)s online consultation, from %(first)s to %(last)s.",
                    "The Region opened %(n)s online consultations, from %(first)s to %(last)s.",
                    n,
                )
                % {"n": dates.whole(n), **days},
                ngettext("It received %(n)s contribution.", "It received %(n)s contributions.", received)
                % {"n": dates.whole(received)},
            ]
            if places:
                lines.append(
                    ngettext(
                        "They speak of %(n)s prefecture or province.",
                        "They speak of %(n)s prefectures and provinces.",
                        places,
                    )
                    % {"n": places}
                )
            if found:
                lines.append(
                    ngettext("%(n)s finding gathers them.", "%(n)s findings gather them.", found) % {"n": found}
                )
            if received:
                lines.append(
                    ngettext(
                        "%(answered)s of %(n)s contribution has its public answer with reasons.",
                        "%(answered)s of %(n)s contributions have their public answer with reasons.",
                        received,
                    )
                    % {"answered": dates.whole(counted.answered), "n": dates.whole(received)}
                )
            said.append((lang, " ".join(lines)))
    return Figures(tuple(said))


def parts_of_sheet(cycle: Cycle) -> tuple[Part, ...]:
    """Cut a commitment sheet into parts: the guide's own, the indicator, and what only OGP's record asks."""
    forms = [form for form in book_of(cycle).forms if _asks_of_commitments(form)]
    parts: list[Part] = []
    asked: set[str] = set()
    for form in forms:
        if form.says == "guide":
            for group in form.groups:
                asked |= {question.code for question in group.questions}
                title = PARTS.get(group.code) or group.label or group.questions[0].label
                shown = title if isinstance(title, Text) else str(title)
                parts.append(Part(group.code, shown, group.help, group.questions, "guide"))
    parts.append(Part("indicator", str(PARTS["indicator"]), (), (), "ogp"))
    more = tuple(
        question
        for form in forms
        if form.says == "ogp"
        for group in form.groups
        for question in group.questions
        if question.code not in asked and question.code != "ogp-values"
    )
    if more:
        parts.append(Part("record", str(PARTS["record"]), (), more, "ogp"))
    return tuple(parts)


def _asks_of_commitments(form: Form) -> bool:
    return any(question.stores == "commitment.title" for group in form.groups for question in group.questions)


def gaps_of(commitment: Commitment, parts: Sequence[Part]) -> tuple[Gap, ...]:
    """List what a sheet lacks, part by part. Its activities and indicator are expected to be loaded."""
    return tuple(gap for part in parts for gap in _gaps(commitment, part))


def _gaps(one: Commitment, part: Part) -> Iterator[Gap]:
    def lacking(code: str, label: Text | str, text: OfficialText) -> Iterator[Gap]:
        said = wordings(text)
        for state in ("missing", "stale"):
            if langs := tuple(word.lang for word in said if word.state == state):
                yield Gap(part.code, code, label, langs, state, part.optional)

    def empty(code: str, label: Text | str, *, filled: object) -> Iterator[Gap]:
        if not filled:
            optional = part.optional or code in _GIVEN_LATER
            yield Gap(part.code, code, label, (), "missing", optional)

    if part.code == "indicator":
        indicator = getattr(one, "indicator", None)
        yield from empty("indicator", part.title, filled=indicator)
        if indicator:
            yield from lacking("indicator-name", _("What is measured"), indicator.name)
            yield from lacking("indicator-unit", _("Unit"), indicator.unit)
        return
    for question in part.questions:
        code, label, stored = question.code, question.label, question.stores or ""
        field = stored.removeprefix("commitment.")
        if field == "title":
            yield from lacking(code, label, one.title)
        elif field == "milestones":
            steps = list(one.milestones.all())
            yield from empty(code, label, filled=steps)
            for step in sorted(steps, key=lambda step: step.number):
                name = _("Activity %(n)s: title") % {"n": step.number}
                yield from lacking(f"activity-{step.number}", name, step.title)
                name = _("Activity %(n)s: deliverable") % {"n": step.number}
                yield from lacking(f"deliverable-{step.number}", name, step.deliverable)
        elif question.kind == "yes-no":
            yield from empty(code, label, filled=code in one.values)
        elif field in ("policy_areas", "sector", "ogp_id", "contact_name", "contact_title", "contact_reach"):
            yield from empty(code, label, filled=getattr(one, field))
        elif field not in ("starts_on", "unit"):
            yield from lacking(code, label, one.texts.get(code, {}))


def with_their_rows(commitments: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Load commitments with all that their sheets hold, in a fixed number of questions."""
    return commitments.select_related("plan__cycle", "unit", "indicator").prefetch_related("milestones")


def plan_work(plan: ActionPlan) -> PlanWork:
    """Prepare the workshop of a plan."""
    parts = parts_of_sheet(plan.cycle)
    asked = sections(plan.cycle)
    written = dict.fromkeys(WORKING, 0)
    for one in asked:
        for word in wordings(plan.sections.get(one.question.code, {})):
            written[word.lang] += word.state == "written"
    return PlanWork(
        number=plan.cycle.number,
        title=plan.title,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        sections=len(asked),
        written=tuple(written.items()),
        commitments=tuple(_line_of(one, parts) for one in with_their_rows(plan.commitments.order_by("number"))),
        versions=version_lines(plan),
    )


def _line_of(one: Commitment, parts: Sequence[Part]) -> CommitmentLine:
    gaps = [gap for gap in gaps_of(one, parts) if not gap.optional]
    lacks = tuple((lang, sum(lang in gap.langs or not gap.langs for gap in gaps)) for lang in WORKING)
    return CommitmentLine(
        slug=one.slug,
        number=one.number,
        title=one.title,
        unit=one.unit.name,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        lacks=lacks,
        complete=not gaps,
    )


def version_lines(plan: ActionPlan) -> tuple[VersionLine, ...]:
    """List the frozen versions of a plan, the latest first."""
    held = PlanVersion.objects.filter(plan=plan).select_related("document", "deliberation__act").order_by("-number")
    return tuple(
        VersionLine(
            number=one.number,
            frozen_at=one.frozen_at,
            sha256=one.document.sha256,
            adopted_by=one.deliberation.act.number if one.deliberation else "",
            adopted_on=one.deliberation.act.dated_on if one.deliberation else None,
            published_at=one.published_at,
        )
        for one in held
    )


@dataclass(frozen=True)
class PartLine:
    """A part of a sheet in the list of parts, with what it lacks."""

    code: str
    title: Text | str
    says: str
    optional: bool
    gaps: tuple[Gap, ...]
    current: bool

    @property
    def name(self) -> str:
        """Name the part in the page's language."""
        return in_words(self.title)

    @property
    def complete(self) -> bool:
        """Whether nothing is lacking."""
        return not self.gaps


@dataclass(frozen=True)
class SheetPage:
    """A commitment sheet as it is being filled in."""

    slug: str
    number: int
    plan: int
    title: OfficialText
    unit: OfficialText
    starts_on: dt.date
    ends_on: dt.date
    parts: tuple[PartLine, ...]
    sources: int
    voices: int


def sheet_page(commitment: Commitment, *, current: str = "") -> SheetPage:
    """Prepare a commitment sheet: its parts, and what each still lacks."""
    parts = parts_of_sheet(commitment.plan.cycle)
    gaps = gaps_of(commitment, parts)
    return SheetPage(
        slug=commitment.slug,
        number=commitment.number,
        plan=commitment.plan.cycle.number,
        title=commitment.title,
        unit=commitment.unit.name,
        starts_on=commitment.starts_on,
        ends_on=commitment.ends_on,
        parts=tuple(
            PartLine(
                part.code,
                part.title,
                part.says,
                part.optional,
                tuple(gap for gap in gaps if gap.part == part.code),
                part.code == current,
            )
            for part in parts
        ),
        sources=commitment.sources.count(),
        voices=contributions_behind(commitment).count(),
    )


def cited_syntheses(commitment: Commitment) -> tuple[tuple[int, OfficialText], ...]:
    """Give the syntheses of the findings that a commitment cites, to be taken up as its problem."""
    found = Finding.objects.filter(pk__in=commitment.sources.exclude(finding=None).values("finding"))
    return tuple((one.number, one.synthesis) for one in found.order_by("number"))
