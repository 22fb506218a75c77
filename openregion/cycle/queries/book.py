"""The method as a book: its chapters, and each part with everything its codes name."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.core import glossary, languages
from openregion.cycle.queries.days import UNDATED, days_of_stages
from openregion.guide import queries as guides
from openregion.guide.schema import (
    Actor,
    BodyKind,
    Choice,
    Form,
    Guide,
    Operation,
    Printed,
    Procedure,
    Question,
    QuestionGroup,
    Reference,
    ReferenceLine,
    Role,
    Stage,
    Text,
    ValueList,
)
from openregion.people.models import Member


@dataclass(frozen=True)
class Passage:
    """Things the guide says together, and where: a list (numbered or not) or paragraphs."""

    code: str
    title: str
    items: tuple[Printed, ...]
    shape: str = "list"

    @property
    def numbered(self) -> bool:
        """Whether the number of an item is quoted."""
        return self.shape == "numbered"

    @property
    def places(self) -> tuple[str, ...]:
        """Where in the guide, each place once."""
        return tuple(dict.fromkeys(item.place for item in self.items))


@dataclass(frozen=True)
class StakeholderLine:
    """A line of a stakeholder table with the actors it means."""

    code: str
    text: Text
    actors: tuple[Actor, ...]


@dataclass(frozen=True)
class OperationLine:
    """An operation with its number in the procedure and the forms it uses."""

    number: int
    operation: Operation
    forms: tuple[Form, ...]


@dataclass(frozen=True)
class CitedLine:
    """A line of a procedure's references with what it cites."""

    line: ReferenceLine
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class ProcedureAsRead:
    """A procedure with everything its codes name."""

    procedure: Procedure
    stakeholders: tuple[StakeholderLine, ...]
    objectives: Passage
    operations: tuple[OperationLine, ...]
    references: tuple[CitedLine, ...]


@dataclass(frozen=True)
class StageAsRead:
    """A stage between the one before and the one after."""

    stage: Stage
    part: str
    frame: Passage
    procedures: tuple[ProcedureAsRead, ...]
    before: Stage | None
    after: Stage | None


@dataclass(frozen=True)
class ActorInTheMethod:
    """An actor, and in how many procedures the guide names them."""

    actor: Actor
    times: int


@dataclass(frozen=True)
class AskedAtStage:
    """What is asked of an actor in one procedure: the lines that name them, and its operations."""

    stage: Stage
    procedure: Procedure
    lines: tuple[Printed, ...]


@dataclass(frozen=True)
class ActorAsRead:
    """An actor's page: what is asked, when, and where the platform seats them."""

    actor: Actor
    asked: tuple[AskedAtStage, ...]
    role: Role | None
    body: BodyKind | None
    category: Choice | None


@dataclass(frozen=True)
class MappedValue:
    """One OGP value and what answers to it in the three other lists (row C9)."""

    value: Printed
    columns: tuple[tuple[Printed, ...], ...]
    note: Text


@dataclass(frozen=True)
class CitedReference:
    """A reference, and the stages whose procedures cite it."""

    reference: Reference
    stages: tuple[Stage, ...]


Link = tuple[str, str, bool]


def part_name(part: str) -> str:
    """Name a part of the cycle."""
    return _("Candidacy") if part == "candidacy" else _("Action plan")


def chapters(member: Member, current: str = "") -> tuple[Link, ...]:
    """List the chapters of the book with their addresses; ``current`` is a page's name."""
    named = (
        ("method", _("Contents")),
        ("method_programme", _("The programme")),
        ("method_values", _("The values")),
        ("method_criteria", _("The criteria")),
        ("method_directives", _("The directives")),
        ("method_actors", _("Who takes part")),
        ("method_bodies", _("The bodies, kept apart")),
        ("method_rules", _("Delays and thresholds")),
        ("method_today", _("The guide and today's rules")),
        ("method_references", _("References")),
        ("method_versions", _("Versions")),
    )
    return tuple((label, reverse(name, args=[member.slug]), name == current) for name, label in named)


def stage_links(member: Member, book: Guide, current: str = "") -> tuple[Link, ...]:
    """List the stages with their addresses."""
    lang = get_language() or "fr"
    return tuple(
        (f"{part_name(one.part)} {one.number}. {one.short.in_(lang)}", _stage_url(member, one), one.code == current)
        for one in book.stages
    )


def form_links(member: Member, book: Guide, current: str = "") -> tuple[Link, ...]:
    """List the annexes of the guide, then OGP's own records, with their addresses."""
    lang = get_language() or "fr"
    return tuple(
        (
            f"{annex(one)}. {one.title.in_(lang)}",
            reverse("method_form", args=[member.slug, one.code]),
            one.code == current,
        )
        for one in book.forms
    )


def annex(form: Form) -> str:
    """Name an annex of the guide by its number; a form of OGP's is never passed off as one."""
    if form.says == "ogp":
        return _("OGP's own record")
    return _("Annex %(number)s") % {"number": form.number}


def drawn_stages(member: Member, book: Guide, part: str) -> list[dict[str, object]]:
    """Give the stages of a part as the drawing asks: where each is in the member's latest cycle of that part.

    A stage without dates says how many operations it holds; none is under way before a cycle is opened.
    """
    lang = get_language() or "fr"
    days = days_of_stages(member, part)
    drawn: list[dict[str, object]] = []
    for one in book.stages:
        if one.part != part:
            continue
        whole = sum(len(procedure.operations) for procedure in one.procedures)
        dated = days.get(one.code, UNDATED)
        when = dated.when or ngettext("%(n)s operation", "%(n)s operations", whole) % {"n": whole}
        drawn.append(
            {
                "number": one.number,
                "label": one.short.in_(lang),
                "url": _stage_url(member, one),
                "state": dated.state,
                "when": when,
            }
        )
    return drawn


def programme_passages(book: Guide) -> tuple[Passage, ...]:
    """List what the guide says of the programme before its steps."""
    frame = book.book
    return (
        Passage("context", _("Context"), frame.context, "paragraphs"),
        Passage("audiences", _("Who the guide is for"), frame.audiences),
        Passage("objectives", _("What the guide sets out to do"), frame.objectives),
        Passage("axes", _("The three parts of the guide"), frame.axes),
        Passage("what-it-is", _("What the local programme is"), frame.programme, "paragraphs"),
        Passage("reasons", _("Why join"), frame.reasons, "numbered"),
        Passage("membership", _("What members do"), frame.membership, "paragraphs"),
        Passage("duties", _("What the official point of contact coordinates"), frame.duties, "numbered"),
        Passage("support-unit", _("The Support Unit"), frame.support_unit, "paragraphs"),
    )


def criteria_passages(book: Guide) -> tuple[Passage, ...]:
    """List the eligibility criteria and the admissibility conditions."""
    return (
        Passage("eligibility", _("Eligibility: may the Region apply?"), book.book.eligibility, "numbered"),
        Passage("admissibility", _("Admissibility: is its file ready?"), book.book.admissibility, "numbered"),
    )


def value_passages(book: Guide) -> tuple[tuple[ValueList, Passage], ...]:
    """List the four lists of values."""
    lang = get_language() or "fr"
    return tuple((one, Passage(one.code, one.title.in_(lang), one.items)) for one in book.book.value_lists)


def mapped_values(book: Guide) -> tuple[tuple[Text, ...], tuple[MappedValue, ...]]:
    """Give the mapping between the lists: the heads of its columns, and one row for each OGP value."""
    lists = {one.code: one for one in book.book.value_lists}
    items = {(one.code, item.code): item for one in book.book.value_lists for item in one.items}
    columns = ("programme", "diagnosis", "tests")
    rows = tuple(
        MappedValue(
            value=items["ogp", row.ogp],
            columns=tuple(tuple(items[name, code] for code in getattr(row, name)) for name in columns),
            note=row.note,
        )
        for row in book.book.value_mapping
    )
    return tuple(lists[name].title for name in ("ogp", *columns)), rows


def stage_as_read(book: Guide, code: str) -> StageAsRead | None:
    """Give a stage with all that its codes name, and its neighbours; nothing when there is none."""
    codes = [one.code for one in book.stages]
    if code not in codes:
        return None
    at = codes.index(code)
    stage = book.stages[at]
    return StageAsRead(
        stage=stage,
        part=part_name(stage.part),
        frame=Passage("frame", _("Frame of reference"), stage.frame),
        procedures=tuple(_as_read(book, procedure) for procedure in stage.procedures),
        before=book.stages[at - 1] if at else None,
        after=book.stages[at + 1] if at + 1 < len(codes) else None,
    )


def _as_read(book: Guide, procedure: Procedure) -> ProcedureAsRead:
    actors = {one.code: one for one in book.actors}
    forms = {one.code: one for one in book.forms}
    cited = {one.code: one for one in book.references}
    return ProcedureAsRead(
        procedure=procedure,
        stakeholders=tuple(
            StakeholderLine(line.code, line.text, tuple(actors[code] for code in line.actors))
            for line in procedure.stakeholders
        ),
        objectives=Passage(f"{procedure.code}-objectives", _("Objectives"), procedure.objectives),
        operations=tuple(
            OperationLine(number, one, tuple(forms[code] for code in one.forms))
            for number, one in enumerate(procedure.operations, 1)
        ),
        references=tuple(CitedLine(line, tuple(cited[code] for code in line.cites)) for line in procedure.references),
    )


def actors_by_seat(book: Guide) -> tuple[tuple[str, tuple[ActorInTheMethod, ...]], ...]:
    """List everyone the guide names, by where the platform seats them."""
    names = {
        "role": _("They sign in and act"),
        "seat": _("They sit in a body"),
        "directory": _("They are in the directory of stakeholders"),
    }
    return tuple(
        (
            name,
            tuple(
                ActorInTheMethod(actor, len(guides.asked_of(book, actor.code)))
                for actor in book.actors
                if actor.seated_as == seat
            ),
        )
        for seat, name in names.items()
    )


def actor_as_read(book: Guide, code: str) -> ActorAsRead | None:
    """Give what is asked of an actor and when; nothing when the guide names no such actor."""
    actor = guides.actor(book, code)
    if actor is None:
        return None
    return ActorAsRead(
        actor=actor,
        asked=tuple(
            AskedAtStage(
                stage=one.stage,
                procedure=one.procedure,
                lines=tuple(line for line in one.procedure.stakeholders if code in line.actors),
            )
            for one in guides.asked_of(book, code)
        ),
        role=guides.role(book, actor.of) if actor.seated_as == "role" else None,
        body=guides.body_kind(book, actor.of) if actor.seated_as == "seat" else None,
        category=next((one for one in book.directory if one.code == actor.of), None)
        if actor.seated_as == "directory"
        else None,
    )


def references_by_kind(book: Guide) -> tuple[tuple[str, tuple[CitedReference, ...]], ...]:
    """List the references by kind, each with the stages that cite it."""
    names = {
        "law": _("Laws and decrees"),
        "rules": _("Rules of the Council and of OGP"),
        "document": _("Documents"),
        "plan": _("Plans and programmes"),
        "site": _("Sites"),
    }
    citing: dict[str, dict[str, Stage]] = {}
    for stage in book.stages:
        for procedure in stage.procedures:
            for line in procedure.references:
                for code in line.cites:
                    citing.setdefault(code, {})[stage.code] = stage
    return tuple(
        (
            name,
            tuple(
                CitedReference(one, tuple(citing.get(one.code, {}).values()))
                for one in book.references
                if one.kind == kind
            ),
        )
        for kind, name in names.items()
    )


@dataclass(frozen=True)
class Counts:
    """How much the method holds, for its cover."""

    stages: int
    operations: int
    actors: int
    forms: int
    rules: int


def counts(book: Guide) -> Counts:
    """Count what the method holds."""
    whole = len(guides.operations(book))
    return Counts(len(book.stages), whole, len(book.actors), len(book.forms), len(book.rules))


def differing_texts(older: Guide, newer: Guide) -> tuple[tuple[languages.Language, int], ...]:
    """Count, in each working language, the texts and figures that two versions do not share."""
    working = [one for one in languages.ALL if one.code in languages.WORKING]
    return tuple((one, len(guides.compare(older, newer, one.code))) for one in working)


@dataclass(frozen=True)
class BodyAsRead:
    """A kind of body, and the kinds whose part it may never fill."""

    body: BodyKind
    never_with: tuple[BodyKind, ...]


def bodies_as_read(book: Guide) -> tuple[BodyAsRead, ...]:
    """List the bodies of the process, kept apart."""
    kinds = {one.code: one for one in book.book.bodies}
    return tuple(BodyAsRead(one, tuple(kinds[code] for code in one.never_with)) for one in book.book.bodies)


@dataclass(frozen=True)
class QuestionAsRead:
    """A question of a form as its page says it; a column of a table has no anchor of its own."""

    question: Question
    number: int
    kind: str
    feeds: str
    columns: tuple[QuestionAsRead, ...] = ()


@dataclass(frozen=True)
class GroupAsRead:
    """A group of a form's questions, numbered on from the group before."""

    group: QuestionGroup
    questions: tuple[QuestionAsRead, ...]


def groups_as_read(form: Form) -> tuple[GroupAsRead, ...]:
    """Give a form's questions by group, with what becomes of each answer."""
    read: list[GroupAsRead] = []
    number = 0
    for group in form.groups:
        asked = tuple(_question(one, at) for at, one in enumerate(group.questions, number + 1))
        number += len(asked)
        read.append(GroupAsRead(group, asked))
    return tuple(read)


def _question(question: Question, number: int) -> QuestionAsRead:
    return QuestionAsRead(
        question=question,
        number=number,
        kind=kind_in_words(question),
        feeds=_kept_in(question.stores or ""),
        columns=tuple(_question(column, at) for at, column in enumerate(question.columns, 1)),
    )


def _kept_in(stores: str) -> str:
    """Name what keeps an answer in the reader's words: a commitment, a milestone…"""
    table = "".join(part.title() for part in stores.partition(".")[0].split("_"))
    term = glossary.by_model().get(table)
    return term.name_in(get_language() or "fr") if term else table


def kind_in_words(question: Question) -> str:
    """Say how a question is answered."""
    return {
        "text": _("A short text"),
        "long-text": _("A text"),
        "yes-no": _("Yes or no"),
        "number": _("A number"),
        "date": _("A date"),
        "period": _("A start and an end"),
        "choice": _("One answer among these"),
        "rows": _("A table, one line for each"),
    }[question.kind]


def _stage_url(member: Member, stage: Stage) -> str:
    return reverse("method_stage", args=[member.slug, stage.code])
