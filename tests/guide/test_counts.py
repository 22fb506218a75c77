"""The guide's data against the guide: the counts, and every French word verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from openregion.guide import queries as guides
from openregion.guide.schema import Guide, Printed, Question, Text

ROOT = Path(__file__).resolve().parent.parent.parent
PRINTED_GUIDE = ROOT.parent / "shared" / "guide" / "guide-4.2-regions-pgo-local.fr.md"

CANDIDACY = [(8, 3, 9, 3), (8, 2, 4, 2), (9, 0, 5, 3)]
PLAN = [(12, 3, 7, 3), (5, 4, 9, 4), (9, 2, 7, 6), (1, 1, 5, 6), (8, 2, 4, 3), (7, 2, 5, 2)]

pytestmark = pytest.mark.row("GUIDE")


@pytest.fixture(scope="module")
def book() -> Guide:
    return guides.guide("ma-region-2021")


def _counts(book: Guide, part: str) -> list[tuple[int, int, int, int]]:
    return [
        (len(p.stakeholders), len(p.objectives), len(p.operations), len(p.references))
        for stage in book.stages
        if stage.part == part
        for p in stage.procedures
    ]


def test_candidacy_steps_hold_what_the_guide_prints(book: Guide) -> None:
    assert _counts(book, "candidacy") == CANDIDACY


def test_plan_procedures_hold_what_the_guide_prints(book: Guide) -> None:
    assert _counts(book, "plan") == PLAN


def test_fourth_phase_holds_two_procedures(book: Guide) -> None:
    assert [len(stage.procedures) for stage in book.stages if stage.part == "plan"] == [1, 1, 1, 2, 1]


def test_whole_guide_holds_fifty_five_operations_and_sixty_seven_lines(book: Guide) -> None:
    lines = [line for stage in book.stages for p in stage.procedures for line in p.stakeholders]
    assert (len(guides.operations(book)), len(lines)) == (55, 67)


@pytest.mark.row("A1")
def test_book_holds_its_lists(book: Guide) -> None:
    parts = book.book
    lists = (parts.audiences, parts.objectives, parts.axes, parts.reasons, parts.eligibility, parts.admissibility)
    assert [len(one) for one in (*lists, parts.duties, parts.directives)] == [3, 3, 3, 5, 3, 9, 5, 8]


@pytest.mark.row("C9")
def test_four_lists_of_values_stand_side_by_side_and_are_mapped(book: Guide) -> None:
    lists = {one.code: {item.code for item in one.items} for one in book.book.value_lists}
    assert {code: len(items) for code, items in lists.items()} == {"programme": 4, "diagnosis": 4, "tests": 3, "ogp": 4}
    rows = book.book.value_mapping
    assert {row.ogp for row in rows} == lists["ogp"]
    mapped = {
        name: {code for row in rows for code in getattr(row, name)} for name in ("programme", "diagnosis", "tests")
    }
    assert mapped == {name: lists[name] for name in mapped}


def test_first_annex_asks_twenty_questions_under_three_criteria(book: Guide) -> None:
    form = guides.form(book, "annex-1")
    assert form is not None
    assert [len(group.questions) for group in form.groups] == [3, 6, 11]


def test_second_annex_asks_six_questions_on_values(book: Guide) -> None:
    form = guides.form(book, "annex-2")
    assert form is not None
    assert [len(group.questions) for group in form.groups if group.code == "values"] == [6]


def test_fourth_annex_offers_four_levels(book: Guide) -> None:
    form = guides.form(book, "annex-4")
    assert form is not None
    levels = {question.code: len(question.choices) for group in form.groups for question in group.questions}
    assert 4 in levels.values()


def test_guide_has_four_annexes_and_ogp_two_records_apart(book: Guide) -> None:
    assert [(form.number, form.says) for form in book.forms] == [
        *((number, "guide") for number in (1, 2, 3, 4)),
        (None, "ogp"),
        (None, "ogp"),
    ]
    assert all(form.place.startswith("OGP") for form in book.forms if form.says == "ogp")


def test_every_actor_is_seated(book: Guide) -> None:
    seats = {
        "role": {role.code for role in book.roles},
        "seat": {body.code for body in book.book.bodies},
        "directory": {category.code for category in book.directory},
    }
    assert [actor.code for actor in book.actors if actor.of not in seats[actor.seated_as]] == []


def test_rules_carry_source_confidence_and_date(book: Guide) -> None:
    assert {rule.says for rule in book.rules} == {"guide", "law", "ogp", "practice"}
    assert [rule.code for rule in book.rules if not (rule.source and rule.effective_on)] == []


def _verbatim(book: Guide) -> Iterator[tuple[str, str]]:
    def walk(value: object, place: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, Printed):
            if not value.place.startswith("OGP"):
                yield f"{place} {value.code}", value.text.fr
        elif isinstance(value, Question):
            yield f"{place} {value.code}", value.label.fr
            yield from ((f"{place} {value.code}", words.fr) for words in value.help)
            yield from (
                (f"{place} {choice.code}", choice.label.fr) for choice in value.choices if value.kind == "choice"
            )
            for column in value.columns:
                yield from walk(column, place)
        elif isinstance(value, tuple):
            for one in value:
                yield from walk(one, place)
        elif hasattr(value, "__pydantic_fields__") and not isinstance(value, Text):
            for name in type(value).model_fields:
                yield from walk(getattr(value, name), f"{place}.{name}")

    yield from walk(book.book, "book")
    yield from walk(book.stages, "stages")
    # OGP's own record is not the guide's: its words are ours.
    yield from walk(tuple(form for form in book.forms if form.says == "guide"), "forms")


def _plain(text: str) -> str:
    bare = re.sub(r"<[^>]+>", " ", text).replace("•", " ").replace("**", "")
    bare = bare.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    bare = re.sub(r"^#+\s*|^\s*-\s+", " ", bare, flags=re.M)
    return re.sub(r"\s+", "", bare).casefold()


def test_french_words_are_the_guides_own(book: Guide) -> None:
    if not PRINTED_GUIDE.exists():
        pytest.skip("the printed guide is not here (../shared/guide)")
    printed = _plain(PRINTED_GUIDE.read_text(encoding="utf-8"))
    texts = list(_verbatim(book))
    assert len(texts) > 250
    assert [(place, text) for place, text in texts if _plain(text) not in printed] == []
