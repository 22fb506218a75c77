"""What the papers of a plan state: annex 3 with its sheets of annex 2, or OGP Local's own order.

A paper is drawn from the frozen JSON alone, through the forms of the guide: the
form gives the order and the labels, ``stores`` says where each answer is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from openregion.core import dates
from openregion.core.languages import body_lang
from openregion.core.paper import (
    Block,
    Fields,
    Heading,
    ItemList,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Table,
)
from openregion.guide.schema import Form, Guide, Question, Text
from openregion.plan.queries import DECISIONS, policy_area
from openregion.plan.rules import PROBLEM_KINDS

# The form of the plan and the form of its sheets, for each shape a plan is printed in.
SHAPES = {"annex-3": ("annex-3", "annex-2"), "ogp": ("ogp-plan", "ogp-commitment")}

# How long an answer and its question may be and still stand side by side, in characters.
_BESIDE, _LONGEST_LABEL = 100, 70

Said = Mapping[str, str]
"""Official text as it is frozen: the words by language."""

Answer = Said | str | bool | Block | None
"""What a form is filled with: text by language, words already written, yes or no, or a block ready to print."""


@dataclass
class Pen:
    """Writes in one language, and remembers having had to give words in another."""

    lang: str
    borrowed: bool = field(default=False)

    def pick(self, said: Said) -> tuple[str, str]:
        """Give the language that answers and its words; nothing when nobody wrote anything."""
        for code in (self.lang, "fr", "ar", "en", *said):
            if words := said.get(code, "").strip():
                self.borrowed = self.borrowed or code != self.lang
                return code, words
        return self.lang, ""

    def words(self, said: Said) -> str:
        """Give the words for a place that names no language of its own: a cell, a heading."""
        return self.pick(said)[1]

    def paragraph(self, said: Said) -> Paragraph:
        """Give the words as a paragraph, marked with their language where it is not the paper's."""
        code, words = self.pick(said)
        return Paragraph(words, code if code != self.lang else None)

    def day(self, value: str) -> str:
        """Write a day of the JSON in full."""
        return dates.day(dt.date.fromisoformat(value), self.lang)

    def brief(self, value: str) -> str:
        """Write a day of the JSON for a narrow column."""
        return dates.day(dt.date.fromisoformat(value), self.lang, short=True)

    def period(self, first: str, last: str) -> str:
        """Write a period in full."""
        return _("from %(first)s to %(last)s") % {"first": self.day(first), "last": self.day(last)}

    def section(self, heading: Heading, blocks: Iterable[Block]) -> Iterator[Block]:
        """Give a chapter, and warn under its heading when some of its words are not in the paper's language."""
        self.borrowed = False
        written = list(blocks)
        yield heading
        if self.borrowed:
            yield Note(_("Not everything here is translated: some words stand in the language they were written in."))
        yield from written


def paper_of_plan(
    stated: Mapping[str, Any],
    *,
    form_guide: Guide,
    lang: str,
    sha256: str,
    adopted: tuple[str, dt.date] | None,
    shape: str = "annex-3",
    dated: dt.date | None = None,
    address: str = "",
    check_at: str = "",
) -> Paper | None:
    """Give the paper of a plan; nothing when the guide has no form for that shape.

    ``adopted`` is the number and day of the deliberation, ``dated`` the day it
    was frozen. Without ``sha256`` it is a draft, and says so. ``check_at`` is
    where anyone gets the JSON whose fingerprint is printed.
    """
    lang = body_lang(lang)
    plan_form, sheet_form = (_form(form_guide, code) for code in SHAPES.get(shape, ("", "")))
    if plan_form is None or sheet_form is None:
        return None
    pen = Pen(lang)
    with override(lang):
        title, member = pen.words(stated["title"]), pen.words(stated["member"]["name"])
        blocks = (
            *_front(stated, pen, adopted=adopted, sha256=sha256, dated=dated, check_at=check_at),
            *_chapters(stated, plan_form, pen),
            *(block for one in stated["commitments"] for block in _sheet(one, plan_form, sheet_form, form_guide, pen)),
        )
        return Paper(
            title=title,
            subtitle=member,
            kind=_("Action plan"),
            lang=lang,  # type: ignore[arg-type]
            reference=reference_of(stated) if sha256 else _("Draft"),
            dated=adopted[1] if adopted else dated,
            address=address,
            notice="\n".join(_notices(stated, adopted, sha256)),
            source_note=source_of(form_guide) if shape == "annex-3" else _("Sections and questions: OGP Local."),
            blocks=blocks,
        )


def reference_of(stated: Mapping[str, Any]) -> str:
    """Name a frozen plan in a few words, in the language in force."""
    return _("Plan %(plan)s, version %(version)s") % {"plan": stated["cycle"], "version": stated["version"]}


def source_of(book: Guide) -> str:
    """Say which guide the sections and questions of a paper come from."""
    return _("Sections and questions: guide %(number)s, %(year)s.") % {
        "number": book.book.number,
        "year": book.book.published,
    }


def how_to_check(address: str) -> Note:
    """Say how anyone checks that a paper states what was frozen."""
    return Note(
        _(
            "How to check this paper: it is drawn from a data file that never changes, published at %(address)s. "
            "Download it and compute its SHA-256 fingerprint (on most computers, with the command sha256sum). "
            "It must be the fingerprint printed at the foot of each page and, whole, on the last."
        )
        % {"address": address}
    )


def _form(book: Guide, code: str) -> Form | None:
    return next((one for one in book.forms if one.code == code), None)


def _notices(stated: Mapping[str, Any], adopted: tuple[str, dt.date] | None, sha256: str) -> Iterator[str]:
    if stated["member"]["invented"]:
        yield _("Demonstration: this Region, its people and its texts are invented.")
    if not sha256:
        yield _("Draft. Nothing here is frozen, and all of it may still change.")
    elif adopted is None:
        yield _("Draft, not adopted by the Council.")


# --- the plan -------------------------------------------------------------


def _front(
    stated: Mapping[str, Any],
    pen: Pen,
    *,
    adopted: tuple[str, dt.date] | None,
    sha256: str,
    dated: dt.date | None,
    check_at: str,
) -> Iterator[Block]:
    pairs = [(_("Period"), pen.period(stated["starts_on"], stated["ends_on"]))]
    if sha256:
        said = {"number": stated["version"], "day": dates.day(dated, pen.lang) if dated else ""}
        pairs.append((_("Version"), _("%(number)s, frozen on %(day)s") % said if dated else str(said["number"])))
    if adopted:
        number, day = adopted
        said = {"number": number, "day": dates.day(day, pen.lang)}
        pairs.append((_("Decision"), _("Adopted by deliberation no. %(number)s of %(day)s") % said))
    pairs.append((_("Commitments"), str(len(stated["commitments"]))))
    yield Fields(tuple(pairs))
    if sha256 and check_at:
        yield how_to_check(check_at)


def _chapters(stated: Mapping[str, Any], form: Form, pen: Pen) -> Iterator[Block]:
    """Give the plan's own sections, each axis of the form as a chapter."""

    def answer(question: Question) -> Answer:
        if question.stores == "action_plan.commitments":
            return _at_a_glance(stated, pen)
        return stated["sections"].get(question.code, {})

    def after(question: Question) -> Iterator[Block]:
        if question.stores == "action_plan.methodology_participation":
            yield from _participation(stated["participation"])

    for group in form.groups:
        opening = (Paragraph(text.in_(pen.lang)) for text in group.help)
        # A chapter of one question, without a name of its own, takes the question's.
        named = group.label is not None
        asked = (
            block
            for question in group.questions
            for block in (*_at_length(question, answer(question), pen, 2 if named else 0), *after(question))
        )
        label = group.label or group.questions[0].label
        yield from pen.section(Heading(1, label.in_(pen.lang)), chain(opening, asked))
    stores = {question.stores for group in form.groups for question in group.questions}
    if "action_plan.commitments" not in stores:
        yield from pen.section(Heading(1, _("Commitments")), (_at_a_glance(stated, pen) for _once in range(1)))


def _at_length(question: Question, answer: Answer, pen: Pen, level: int) -> Iterator[Block]:
    """Give a section of the plan under its question; an empty one says so."""
    if level:
        yield Heading(level, question.label.in_(pen.lang))
    if not answer:
        yield Note(_("Not filled in."))
    else:
        yield from _written(answer, pen)


def _written(answer: Answer, pen: Pen) -> Iterator[Block]:
    if isinstance(answer, Mapping):
        yield pen.paragraph(answer)
    elif isinstance(answer, str):
        yield Paragraph(answer)
    elif answer is not None and not isinstance(answer, bool):
        yield answer


def _at_a_glance(stated: Mapping[str, Any], pen: Pen) -> Table:
    rows = tuple(
        (
            str(one["number"]),
            pen.words(one["title"]),
            pen.words(one["unit"]),
            pen.brief(one["starts_on"]),
            pen.brief(one["ends_on"]),
        )
        for one in stated["commitments"]
    )
    head = (_("No."), _("Commitment"), _("Unit that answers for it"), _("Starts"), _("Ends"))
    return Table(_("The plan at a glance"), head, rows, widths=(3, 13, 9, 7, 7))


def _participation(counted: Mapping[str, Any]) -> Iterator[Block]:
    """Give the figures of the platform, and how the share is computed."""
    countable, answered = counted["countable"], counted["answered"]
    # Rounded down: the whole is said only when all have their answer.
    share = f"{100 * answered // countable}\u00a0%" if countable else _("Nothing was received yet.")
    pairs = (
        (_("Suggestions received"), dates.whole(counted["received"])),
        (_("Of which set aside as spam"), dates.whole(counted["spam"])),
        (_("Of which withdrawn by their author"), dates.whole(counted["withdrawn"])),
        (_("Suggestions that have their public answer"), dates.whole(answered)),
        (_("Coverage"), share),
        *((str(DECISIONS[code]), dates.whole(number)) for code, number in _in_order(counted["by_decision"])),
    )
    yield Heading(3, _("Participation, counted by the platform"))
    yield Fields(pairs)
    yield Note(
        _(
            "Coverage is the suggestions that have their answer, divided by those received, "
            "less spam and those that their authors withdrew. "
            "One that moderation hid counts as answered only when its author was told the reason."
        )
    )


def _in_order(by_decision: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(code, by_decision[code]) for code in DECISIONS if code in by_decision]


# --- a sheet --------------------------------------------------------------


def _sheet(one: Mapping[str, Any], plan_form: Form, form: Form, book: Guide, pen: Pen) -> Iterator[Block]:
    """Give one commitment on its own page: the form filled in, then what it rests on."""
    yield PageBreak()
    called = _label_of_commitments(plan_form)
    name = called.in_(pen.lang) if called else _("Commitment")
    heading = Heading(1, f"{name} {one['number']}. {pen.words(one['title'])}")
    form_filled = filled(form, lambda question: promised(one, question, pen, book), pen, after=_beside(one, pen))
    yield from pen.section(heading, chain(form_filled, _rests_on(one, pen)))


def _label_of_commitments(form: Form) -> Text | None:
    for group in form.groups:
        if any(question.stores == "action_plan.commitments" for question in group.questions):
            return group.label
    return None


def promised(one: Mapping[str, Any], question: Question, pen: Pen, book: Guide) -> Answer:
    """Give what a frozen commitment answers to a question of its form, from where ``stores`` says it is kept."""
    field_ = (question.stores or "").removeprefix("commitment.")
    if field_ == "title":
        return f"{one['number']}. {pen.words(one['title'])}"
    if question.kind == "period":
        return pen.period(one["starts_on"], one["ends_on"])
    if field_ in {"starts_on", "ends_on"}:
        return pen.day(one[field_])
    if field_ == "unit":
        return pen.words(one["unit"])
    if field_ == "milestones":
        return activities(question, one["milestones"], pen)
    if field_ in {"sector", "ogp_id"}:
        return one[field_]
    if field_ == "values":
        return _(", ").join(value.in_(pen.lang) for value in _ogp_values(one["values"], book))
    if field_ == "policy_areas":
        return _(", ").join(pen.words(dict(policy_area(code).words)) for code in one[field_])
    if field_.startswith("contact_"):
        return one["contact"][field_.removeprefix("contact_")]
    if question.kind == "yes-no":
        return one["values"].get(question.code)
    return one["texts"].get(question.code, {})


def _ogp_values(values: Mapping[str, bool], book: Guide) -> Iterator[Text]:
    """List OGP's values that a commitment serves: those whose test in annex 2 is answered yes."""
    names = {item.code: item.text for one in book.book.value_lists for item in one.items}
    for row in book.book.value_mapping:
        if any(values.get(f"values-{test}") for test in row.tests):
            yield names[row.ogp]


def _beside(one: Mapping[str, Any], pen: Pen) -> Callable[[Question], Iterator[Block]]:
    """Give what the record adds to the form: the kinds of the problem, and the indicator after the activities."""

    def after(question: Question) -> Iterator[Block]:
        if question.stores == "commitment.problem" and one["problem_kinds"]:
            kinds = _(", ").join(str(PROBLEM_KINDS[code]) for code in one["problem_kinds"])
            yield Fields(((_("Kinds of the problem"), kinds),))
        if question.stores == "commitment.milestones":
            yield indicator_table(one["indicator"], pen)

    return after


def activities(question: Question, steps: Iterable[Mapping[str, Any]], pen: Pen) -> Table:
    """Give the activities as the form's table, with what each delivers."""
    heads = {
        (column.stores or "").removeprefix("milestone."): column.label.in_(pen.lang) for column in question.columns
    }
    heads = {"title": heads.pop("title", _("Activity")), "deliverable": _("What it delivers"), **heads}
    days = {"starts_on", "ends_on"}
    rows = tuple(
        tuple(pen.brief(step[name]) if name in days else pen.words(step.get(name, {})) for name in heads)
        for step in steps
    )
    widths = tuple(7 if name in days else 11 for name in heads)
    return Table(question.label.in_(pen.lang), tuple(heads.values()), rows, widths=widths)


def indicator_table(indicator: Mapping[str, Any] | None, pen: Pen) -> Table:
    """Give the indicator: from which figure to which, by when, read where."""
    head = (_("Indicator"), _("Baseline"), _("Target"), _("Where it is read"))
    rows: tuple[tuple[str, ...], ...] = ()
    if indicator:
        unit = pen.words(indicator["unit"])

        def at(value: str, day: str) -> str:
            return f"{figure(value)} {unit}\n{pen.brief(day)}"

        rows = (
            (
                pen.words(indicator["name"]),
                at(indicator["baseline"], indicator["baseline_on"]),
                at(indicator["target"], indicator["target_on"]),
                pen.words(indicator["source"]),
            ),
        )
    return Table(_("How it will be measured"), head, rows, widths=(11, 7, 7, 9))


def figure(value: str) -> str:
    """Write a figure of the JSON without the zeros that say nothing, thousands apart."""
    number = Decimal(value)
    whole = number.to_integral_value() if number == number.to_integral_value() else number.normalize()
    return f"{whole:,f}".replace(",", "\u202f")


def _rests_on(one: Mapping[str, Any], pen: Pen) -> Iterator[Block]:
    """Give the findings, the answers and the number of voices behind a commitment."""
    findings = tuple(
        _("Finding %(number)s: %(title)s") % {"number": found["number"], "title": pen.words(found["title"])}
        for found in one["findings"]
    )
    responses = tuple(
        _("Public answer %(number)s: %(decision)s")
        % {"number": given["number"], "decision": DECISIONS[given["decision"]]}
        for given in one["responses"]
    )
    yield Heading(2, _("What this commitment rests on"))
    if findings or responses:
        yield ItemList(findings + responses)
    voices = one["voices"]
    if voices:
        behind = ngettext("%(n)s suggestion stands behind it.", "%(n)s suggestions stand behind it.", voices)
        yield Paragraph(behind % {"n": dates.whole(voices)})
    elif not findings and not responses:
        yield Note(_("It cites no finding and no answer."))


# --- a form filled in -----------------------------------------------------


def filled(
    form: Form,
    answer: Callable[[Question], Answer],
    pen: Pen,
    *,
    after: Callable[[Question], Iterator[Block]] = lambda question: iter(()),
    level: int = 2,
) -> Iterator[Block]:
    """Give a sheet in its form's order and words: short and missing answers in rows, long ones under their question.

    A group without a label of its own but with advice goes on with the one before it, as the guide prints it.
    """
    for group in form.groups:
        deeper = level + 1 if group.label or group.help else level
        if group.label:
            yield Heading(level, group.label.in_(pen.lang))
        elif group.help:
            yield Paragraph(group.help[0].in_(pen.lang))
        rows: list[tuple[str, str]] = []
        tests: list[tuple[str, str]] = []
        for question in group.questions:
            given, label = answer(question), question.label.in_(pen.lang)
            if question.kind == "yes-no":
                yield from _drained(rows, tests, into=tests)
                tests.append((label, _yes_or_no(given)))
                continue
            if needs_room(question, given, pen):
                yield from _drained(rows, tests)
                if question.kind != "rows":
                    yield Heading(deeper, label)
                yield from _written(given or _("Not filled in."), pen)
            else:
                yield from _drained(rows, tests, into=rows)
                words = pen.words(given) if isinstance(given, Mapping) else str(given or "")
                rows.append((label, words or _("Not filled in.")))
            if more := list(after(question)):
                yield from _drained(rows, tests)
                yield from more
        yield from _drained(rows, tests)


def needs_room(question: Question, given: Answer, pen: Pen) -> bool:
    """Say whether an answer stands under its question rather than beside it: long, of several lines, or borrowed.

    Only a paragraph can say which language it is in.
    """
    if isinstance(given, Block):
        return True
    if question.kind != "long-text":
        return False
    if isinstance(given, str):
        lang, words = pen.lang, given
    else:
        lang, words = Pen(pen.lang).pick(given if isinstance(given, Mapping) else {})
    label = question.label.in_(pen.lang)
    return lang != pen.lang or len(words) > _BESIDE or "\n" in words or len(label) > _LONGEST_LABEL


def _drained(
    rows: list[tuple[str, str]], tests: list[tuple[str, str]], *, into: list[tuple[str, str]] | None = None
) -> Iterator[Block]:
    """Give what was gathered, unless more is about to be added to it: questions keep the form's order."""
    if rows and into is not rows:
        yield Fields(tuple(rows))
        rows.clear()
    if tests and into is not tests:
        # Its heading stands right above: a caption would say it twice.
        yield Table("", (_("Question"), _("Answer")), tuple(tests), widths=(8, 2))
        tests.clear()


def _yes_or_no(given: Answer) -> str:
    return _("Not answered") if given is None else _("Yes") if given else _("No")
