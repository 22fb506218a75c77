"""The letters of the method: every kind is there, worded in its languages, with words in braces that are explained."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from openregion.guide import queries as guides
from openregion.guide.checks import faults

VERSION = "ma-region-2021"
BOOK = guides.guide(VERSION)
KINDS = {
    "presentation-file", "invitation", "agenda-item-to-wali", "referral-to-commission", "deliberation-transmission",
    "support-head", "support-non-government", "point-of-contact-nomination", "expression-of-interest",
    "coordinator-nomination", "press-note",
}  # fmt: skip
READ_BY_OGP = {"support-head", "support-non-government", "point-of-contact-nomination", "expression-of-interest"}
pytestmark = pytest.mark.row("B1")


@pytest.fixture
def edited(tmp_path: Path, settings: Any) -> Callable[[Callable[[Any], None]], str]:
    """Edit the letters of a copy of the guide, then say what the check prints."""
    shutil.copytree(Path(settings.GUIDES) / VERSION, tmp_path / VERSION)
    settings.GUIDES = tmp_path

    def edit(change: Callable[[Any], None]) -> str:
        path = tmp_path / VERSION / "letters.yaml"
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        try:
            call_command("check", tags=["guide"], stderr=io.StringIO())
        except SystemCheckError as error:
            return str(error)
        return ""

    return edit


def test_letters_are_the_eleven_kinds() -> None:
    assert {one.code for one in BOOK.letters} == KINDS
    assert {one.code for one in BOOK.letters if "en" in one.languages} == READ_BY_OGP


@pytest.mark.parametrize("model", BOOK.letters, ids=lambda one: one.code)
def test_letter_is_worded_in_arabic_french_and_english(model: Any) -> None:
    for field in ("title", "addressee", "signatory", "subject", "body"):
        text = getattr(model, field)
        bare = {lang: re.sub(r"\{[^{}]*\}", "", text.in_(lang)) for lang in ("fr", "ar", "en")}
        if any(re.search(r"\w", words) for words in bare.values()):
            assert re.search("[\u0621-\u064a]", bare["ar"]), f"{field} has no Arabic letter"
            assert not re.search("[\u0621-\u064a]", bare["fr"] + bare["en"])
            assert bare["fr"] != bare["en"] or len(bare["fr"]) < 5


@pytest.mark.parametrize("model", BOOK.letters, ids=lambda one: one.code)
def test_words_in_braces_are_explained_and_stand_in_every_language(model: Any) -> None:
    explained = {one.code for one in BOOK.letter_words}
    for field in ("addressee", "signatory", "subject", "body"):
        used = [set(guides.words_in_braces(getattr(model, field).in_(lang))) for lang in ("fr", "ar", "en")]
        assert used[0] == used[1] == used[2]
        assert used[0] <= explained


def test_words_explained_are_used_or_known_everywhere() -> None:
    used: set[str] = set()
    for model in BOOK.letters:
        for text in (model.addressee, model.signatory, model.subject, model.body):
            used |= set(guides.words_in_braces(text.fr))
    assert {one.code for one in BOOK.letter_words} - used == {"president"}


def test_operations_a_letter_proves_are_the_guides() -> None:
    proved = {one.code: one.operations for one in BOOK.letters if one.operations}
    assert proved == {
        "presentation-file": ("prepare-presentation-file",),
        "agenda-item-to-wali": ("agenda-item-to-wali",),
        "referral-to-commission": ("refer-to-commission",),
        "deliberation-transmission": ("submit-to-control-authority",),
        "point-of-contact-nomination": ("name-point-of-contact",),
        "coordinator-nomination": ("name-coordinator",),
    }


def test_expression_of_interest_answers_the_nine_conditions() -> None:
    conditions = [one.code for one in BOOK.book.admissibility]
    found = guides.letter(BOOK, "expression-of-interest")
    assert found is not None
    for lang in ("fr", "ar", "en"):
        asked = guides.words_in_braces(found.body.in_(lang))
        assert [code for code in asked if code in conditions] == conditions


def test_guide_without_letters_still_opens(tmp_path: Path, settings: Any) -> None:
    shutil.copytree(Path(settings.GUIDES) / VERSION, tmp_path / VERSION)
    (tmp_path / VERSION / "letters.yaml").unlink()
    assert guides.open_folder(tmp_path / VERSION).letters == ()


def test_letters_are_in_the_published_schema_and_in_the_comparison() -> None:
    assert "LetterModel" in guides.json_schema()
    assert '"letter_words"' in guides.canonical_json(VERSION)
    first = BOOK.letters[0]
    newer = first.model_copy(update={"title": first.title.model_copy(update={"fr": "Autre titre"})})
    after = BOOK.model_copy(update={"letters": (newer, *BOOK.letters[1:])})
    assert [one.where for one in guides.compare(BOOK, after, "fr")] == ["letters › presentation-file › title"]


def test_unknown_word_in_braces_fails_and_says_where(edited: Any) -> None:
    def misspell(content: Any) -> None:
        content["letters"][2]["subject"]["fr"] = "Session {sesion}"

    said = edited(misspell)
    assert "letters.yaml › agenda-item-to-wali › subject: {sesion} is not in letter_words" in said
    assert "the fr text has no {session}, and another language has it" in said


def test_unknown_operation_of_a_letter_fails(edited: Any) -> None:
    said = edited(lambda content: content["letters"][0].update(operations=["fly-to-the-moon"]))
    assert "letters.yaml › presentation-file › operations: no operation is called 'fly-to-the-moon'" in said


def test_doubled_letter_and_doubled_word_fail(edited: Any) -> None:
    def double(content: Any) -> None:
        content["letters"].append(content["letters"][0])
        content["letter_words"].append(content["letter_words"][0])

    said = edited(double)
    assert "letters: the code 'presentation-file' is used 2 times" in said
    assert "letter_words: the code 'region' is used 2 times" in said


def test_letter_without_arabic_fails_and_prints_the_line_to_add(edited: Any) -> None:
    said = edited(lambda content: content["letters"][1]["body"].pop("ar"))
    assert "letters.yaml › invitation › body › ar: add the missing line\n        ar: …" in said


def test_guide_as_it_stands_has_no_fault() -> None:
    assert [one for one in faults(VERSION) if "letter" in one] == []
