"""People's words and official words, ready to be shown in their own language and direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from openregion.analysis.tongue import guess_language
from openregion.consultation.queries import tag_of
from openregion.core import languages
from openregion.core.official import OfficialText, written_in

# The parts of a suggestion in the order a list looks for its first words.
_FIRST = ("idea", "text", "problem", "effect", "spoken")


@dataclass(frozen=True)
class Voice:
    """Words with the language they are in and the way they are written; no language where it is the page's own."""

    text: str
    lang: str = ""
    way: str = ""


def way_of(text: str, lang: str) -> str:
    """Say which way a text runs: that of most of its letters, since darija is written in two scripts."""
    guessed = guess_language(text, lang)
    return languages.direction(guessed)


def said(text: str, lang: str) -> Voice:
    """Give what a person wrote, as they wrote it."""
    return Voice(text, tag_of(lang), way_of(text, lang))


def official(text: OfficialText, *, most: int = 0) -> Voice:
    """Give official text in the page's language, or marked with the one it is really in; cut after ``most`` letters."""
    lang = get_language() or "fr"
    written, words = written_in(text, lang)
    words = cut(words, most) if most else words
    return Voice(words) if written == languages.body_lang(lang) else Voice(words, written, languages.direction(written))


def first_words(words: Mapping[str, str], *, most: int) -> str:
    """Give the first words of a contribution on one line: the idea, else what there is."""
    whole = next((words[part] for part in _FIRST if words.get(part)), "")
    return cut(" ".join(whole.split()), most)


def cut(text: str, most: int) -> str:
    """Cut a text between two words, and say so."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"
