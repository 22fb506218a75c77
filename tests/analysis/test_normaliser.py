"""Words that people write in many ways come out alike; words that differ stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregion.analysis.normaliser import LONGEST_WORD, MOST_TERMS, asked, plain, stems

ARABIC_FAMILIES = [
    "مدرسة المدرسة مدارس المدارس والمدارس بالمدرسة للمدارس",
    "جهة الجهة جهات للجهات بالجهة والجهة",
    "مشاركة المشاركة والمشاركة بالمشاركة مشاركات",
    "التزام الالتزام التزامات الالتزامات والتزام والالتزام بالالتزام",
    "لجنة اللجنة لجان اللجان للجنة",
    "وثيقة الوثيقة وثائق الوثائق",
    "مواطن المواطن مواطنون المواطنين مواطنات المواطنات",
    "ميزانية الميزانية ميزانيات",
    "مجلس المجلس مجالس",
    "عضو أعضاء الأعضاء",
    "رئيس الرئيس رؤساء",
    "فريق الفريق",
]
FRENCH_FAMILIES = [
    "publier publié publiée publiées",
    "commission commissions",
    "régional régionaux régionale Régionales",
    "donnée données",
    "engagement engagements",
    "délibération délibérer délibérations",
    "publique publics public publiques",
    "œuvre oeuvre Œuvres",
    "niveau niveaux",
]
ENGLISH_FAMILIES = ["commitment commitments", "publish published publishing", "region Regions"]


@pytest.mark.parametrize(
    ("words", "lang"),
    [(words, "ar") for words in ARABIC_FAMILIES]
    + [(words, "fr") for words in FRENCH_FAMILIES]
    + [(words, "en") for words in ENGLISH_FAMILIES],
)
def test_stems_join_the_forms_of_one_word(words: str, lang: str) -> None:
    assert len(set(stems(words, lang))) == 1


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [("جهة", "لجنة", "ar"), ("مجلس", "مدرسة", "ar"), ("région", "réunion", "fr"), ("plan", "plainte", "fr")],
)
def test_stems_keep_different_words_apart(one: str, other: str, lang: str) -> None:
    assert stems(one, lang) != stems(other, lang)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("مُشَارَكَةٌ", "مشاركه"),
        ("مـــشاركة", "مشاركه"),
        ("أإآٱ", "اااا"),
        ("على", "علي"),
        ("١٢٣ ۴۵۶", "123 456"),
        ("ÉLÈVE", "eleve"),
        ("Straße", "strasse"),
        ("gouver\u00adnance", "gouvernance"),
        ("ﻻ", "لا"),
    ],
)
def test_plain_folds_what_eyes_do_not_tell_apart(written: str, folded: str) -> None:
    assert plain(written) == folded


def test_stems_cut_an_arabic_word_as_arabic_in_a_french_text() -> None:
    assert stems("le مجلس régional", "fr") == ["le", *stems("المجلس", "ar"), *stems("régional", "fr")]


def test_asked_leaves_out_empty_words_but_not_all_of_them() -> None:
    assert asked("l’accès à l'information", "fr") == [("acce",), ("inform", "information")]
    assert [forms[0] for forms in asked("de la", "fr")] == ["de", "la"]


def test_asked_lets_only_the_last_word_be_unfinished() -> None:
    terms = asked("budget transpar", "fr")
    assert [len(forms) for forms in terms] == [1, 1]
    assert "transpar" in terms[-1]


@pytest.mark.parametrize("question", ["", "   ", "'\"*()", "----", "\u200f\u202e", "\x00"])
def test_asked_finds_no_term_in_signs(question: str) -> None:
    assert asked(question, "fr") == []


def test_asked_reads_no_more_than_it_should() -> None:
    assert len(asked("mot " * 5000, "fr")) == MOST_TERMS
    assert all(len(form) <= LONGEST_WORD for forms in asked("a" * 10_000, "en") for form in forms)


@given(st.text(max_size=200), st.sampled_from(["fr", "ar", "en", "zgh"]))
def test_stems_are_words_whatever_is_typed(text: str, lang: str) -> None:
    assert all(stem and stem == stem.strip() and not set(stem) & set("\"'*()&|!:<> ") for stem in stems(text, lang))
