"""What a first draft is made of: passages to write, in the languages the platform drafts in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import override

from openregion.core.official import OfficialText, official

OFFICIAL = ("fr", "ar")  # what the platform drafts in, and what a report is published in
MOST_QUOTED = 10  # by one passage, on a page and on paper


@dataclass(frozen=True)
class Piece:
    """A passage to write: its section, its words, the keys of what it cites, how much of the material it reads.

    ``finding`` is the key of the one it counts or words; what is ``as_given`` is people's own words.
    """

    section: str
    text: OfficialText
    cites: tuple[int, ...] = ()
    quotes: bool = False
    drafted: bool = True
    read: int = 0
    as_given: bool = False
    finding: int | None = None


def both(make: Callable[[str], str], at: dt.datetime) -> OfficialText:
    """Say something in French and in Arabic."""
    words = {}
    for lang in OFFICIAL:
        with override(lang):
            words[lang] = make(lang)
    return official(at=at, **words)
