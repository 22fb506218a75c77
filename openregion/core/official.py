"""Official text: the same words in several languages, knowing which are out of date.

Kept as ``{lang: {"text", "at", "of"}}``. ``of`` is the hash of the text it was
translated from, so that "out of date" costs nothing: it is ``of`` differing
from the source's hash today. The source has ``of`` empty.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.db import models

from openregion.core.languages import WORKING


class Wording(TypedDict):
    """One language's words, when they were written, and the hash of their source."""

    text: str
    at: str
    of: str


OfficialText = dict[str, Wording]


class OfficialTextField(models.JSONField):
    """A model field that holds official text; empty is ``{}``, never null."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


def fingerprint(text: str) -> str:
    """Give the short hash by which a translation remembers its source."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def official(*, at: dt.datetime, source: str = "fr", **words: str) -> OfficialText:
    """Write official text at once in all the languages given.

    ``source`` is the language the others translate. Empty words are left out.
    """
    base = fingerprint(words.get(source, ""))
    return {
        lang: {"text": text, "at": at.isoformat(), "of": "" if lang == source else base}
        for lang, text in words.items()
        if text
    }


def text_in(value: OfficialText, lang: str) -> str:
    """Give the words in ``lang``, else in French, else in whatever there is."""
    return written_in(value, lang)[1]


def written_in(value: OfficialText, lang: str) -> tuple[str, str]:
    """Give the language that answers for ``lang``, and its words."""
    for code in (lang, "fr", "ar", "en", *value):
        wording = value.get(code)
        if wording and wording["text"]:
            return code, wording["text"]
    return lang, ""


def stated_in(said: Mapping[str, str] | str, lang: str) -> str:
    """Give the words in ``lang``, else in French, else in whatever there is, of text as it is frozen.

    What was frozen as one line, before it was kept in languages, stands as it is.
    """
    if isinstance(said, str):
        return said
    return next((said[code] for code in (lang, "fr", "ar", "en", *said) if said.get(code)), "")


def says_the_same(value: OfficialText, other: OfficialText) -> bool:
    """Say whether two texts hold the same words in the same languages, whenever they were written."""
    return {lang: said["text"] for lang, said in value.items()} == {lang: said["text"] for lang, said in other.items()}


def is_out_of_date(value: OfficialText, lang: str) -> bool:
    """Say whether the words in ``lang`` translate something that has changed since."""
    wording = value.get(lang)
    if not wording or not wording["of"]:
        return False
    sources = {fingerprint(other["text"]) for other in value.values() if not other["of"]}
    return wording["of"] not in sources


def reworded(
    before: OfficialText, words: Mapping[str, str], *, at: dt.datetime, confirmed: Sequence[str] = ()
) -> OfficialText:
    """Write official text again, honestly: words left as they were keep their date and the text they translate.

    So a French that changes makes its translations out of date, until each is
    written anew or somebody says that it still holds (``confirmed``). The first
    language written, French first, is the one the others translate.
    """
    source = next((lang for lang in WORKING if words.get(lang)), "fr")
    base = fingerprint(words.get(source, ""))
    written: OfficialText = {}
    for lang, text in words.items():
        if not text:
            continue
        of, known = "" if lang == source else base, before.get(lang)
        if known and known["text"] == text and lang not in confirmed:
            # What was the source and is one no longer translates the new one.
            same = known["of"] if lang != source and known["of"] else of
            written[lang] = {"text": text, "at": known["at"], "of": same}
        else:
            written[lang] = {"text": text, "at": at.isoformat(), "of": of}
    return written
