"""What the platform keeps about people, read from ``privacy.yaml`` for the page that tells them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from openregion.core import glossary


@dataclass(frozen=True)
class Kept:
    """One personal column: why it is kept, on what ground, how long, who sees it."""

    column: str
    purpose: str
    ground: str
    retention: str
    seen_by: str


@dataclass(frozen=True)
class Register:
    """The personal columns of one table, under the name the glossary gives it."""

    code: str
    name: str
    kept: tuple[Kept, ...]


def registers(file: Path, lang: str) -> list[Register]:
    """List the tables that hold personal data, with what each column is for (law 09-08)."""
    known = glossary.by_model()
    found = []
    for table, rows in (_declared(file)["tables"] or {}).items():
        personal = rows.get("personal") or {}
        if not personal:
            continue
        model = table.rpartition(".")[2]
        term = next((term for name, term in known.items() if name.lower() == model), None)
        name = term.name_in(lang) if term else model.replace("_", " ")
        kept = tuple(_kept(column, entry, lang) for column, entry in personal.items())
        found.append(Register(code=table, name=name, kept=kept))
    return found


def elsewhere(file: Path, lang: str) -> tuple[Kept, ...]:
    """List what is kept about people beside our own tables: sessions, outbox, held files, drafts in browsers."""
    return tuple(
        _kept(_said(entry["what"], lang), entry, lang) for entry in (_declared(file).get("elsewhere") or {}).values()
    )


@cache
def _declared(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _kept(column: str, entry: dict[str, Any], lang: str) -> Kept:
    said = {key: _said(entry[key], lang) for key in ("purpose", "ground", "retention", "seen_by")}
    return Kept(column=_said(entry.get("label") or column.replace("_", " "), lang), **said)


def _said(words: Any, lang: str) -> str:
    """Take one language's words where the file gives several, else the words themselves."""
    if isinstance(words, dict):
        return str(words.get(lang) or words.get("fr") or next(iter(words.values())))
    if isinstance(words, list):
        return ", ".join(str(word) for word in words)
    return str(words)
