"""The glossary: each term of the field in every language, what it means, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from openregion.analysis.normaliser import plain

FILE = Path(__file__).resolve().parent / "glossary.yaml"
SPOKEN = ("ar", "fr", "en", "zgh")


@dataclass(frozen=True)
class Term:
    """A term: its code, its names and definitions by language, its source.

    ``model`` is the table of that name; "" for a term that is only a word.
    Amazigh is absent until a competent person has validated it.
    """

    code: str
    names: dict[str, str]
    definitions: dict[str, str]
    source: str
    model: str

    def name_in(self, lang: str) -> str:
        """Give the term in ``lang``, else in French."""
        return self.names.get(lang) or self.names["fr"]

    def elsewhere(self, lang: str) -> list[tuple[str, str]]:
        """List (language, term) in the languages other than ``lang``."""
        return [(code, self.names[code]) for code in SPOKEN if code != lang and code in self.names]


@cache
def terms() -> tuple[Term, ...]:
    """Read every term, in the order of the file."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))["terms"]
    return tuple(_term(entry) for entry in entries)


def in_order(lang: str) -> list[Term]:
    """List the terms as a reader of ``lang`` looks them up; accents and the Arabic article do not count."""
    return sorted(terms(), key=lambda term: plain(term.name_in(lang)).removeprefix("ال"))


def by_model() -> dict[str, Term]:
    """Give the term of each table that has one, by the model's name."""
    return {term.model: term for term in terms() if term.model}


def _term(entry: dict[str, Any]) -> Term:
    return Term(
        code=entry["code"],
        names={code: entry[code].strip() for code in SPOKEN if entry.get(code)},
        definitions={code: text.strip() for code, text in entry["definition"].items()},
        source=str(entry["source"]),
        model=entry.get("model", ""),
    )
