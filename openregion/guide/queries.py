"""Opening a version of the methodology, handing it out frozen, comparing two."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from django.conf import settings
from pydantic import BaseModel, ValidationError

from openregion.core.languages import WORKING
from openregion.guide.schema import (
    Actor,
    BodyKind,
    Form,
    Guide,
    LetterModel,
    Operation,
    Procedure,
    Reference,
    Role,
    Rule,
    Stage,
    Text,
)

_BRACES = re.compile(r"\{([^{}\n]*)\}")
JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class BadGuide(Exception):
    """A version cannot be opened; ``problems`` are sentences a committee can act on."""

    def __init__(self, version: str, problems: list[str]) -> None:
        super().__init__(f"guide/{version}: " + "; ".join(problems))
        self.version, self.problems = version, problems


@dataclass(frozen=True)
class Asked:
    """One thing asked of an actor: where it stands in the method."""

    stage: Stage
    procedure: Procedure


@dataclass(frozen=True)
class Piece:
    """A run of words in a comparison: kept, added or removed."""

    kind: Literal["kept", "added", "removed"]
    words: str


@dataclass(frozen=True)
class Changed:
    """One text that two versions do not share, and where it stands."""

    kind: Literal["added", "removed", "changed"]
    where: str
    place: str
    pieces: tuple[Piece, ...]


def versions() -> tuple[str, ...]:
    """List the versions in ``guide/``, oldest first."""
    return tuple(sorted(path.parent.name for path in Path(settings.GUIDES).glob("*/guide.yaml")))


def guide(version: str) -> Guide:
    """Open a version, once per process.

    Raises ``BadGuide`` when a file is missing, unreadable or not as the schemas ask.
    """
    return _opened(f"{settings.GUIDES}/{version}")


def readable_versions() -> tuple[str, ...]:
    """List the versions that can be opened: one that a committee is still writing is left out."""
    found = []
    for version in versions():
        with suppress(BadGuide):
            guide(version)
            found.append(version)
    return tuple(found)


@cache
def _opened(folder: str) -> Guide:
    return open_folder(Path(folder))


def open_folder(folder: Path) -> Guide:
    """Read and validate every file of a version's folder.

    Raises ``BadGuide`` naming each file, place and problem.
    """
    whole = {"version": folder.name, **raw_content(folder)}
    try:
        return Guide.model_validate(whole)
    except ValidationError as error:
        files = {name: [path.name for path in _files(folder, name)] for name in ("stages", "forms")}
        raise BadGuide(folder.name, [_sentence(one, whole, files) for one in error.errors()]) from error


def raw_content(folder: Path) -> dict[str, Any]:
    """Read a version's YAML files as they are, put together."""
    content: dict[str, Any] = {"book": _read(folder / "guide.yaml")}
    for name in ("actors", "roles", "references", "rules"):
        content.update(_read(folder / f"{name}.yaml"))
    for name in ("stages", "forms"):
        content[name] = [_read(path) for path in _files(folder, name)]
    if (letters := folder / "letters.yaml").exists():
        content.update(_read(letters))
    return content


def fingerprint(version: str) -> str:
    """Give the hash of a version's canonical JSON: what a cycle pins."""
    return _fingerprint(f"{settings.GUIDES}/{version}")


@cache
def _fingerprint(folder: str) -> str:
    return hashlib.sha256(_canonical(folder).encode()).hexdigest()


def canonical_json(version: str) -> str:
    """Write a version as the one JSON text it has."""
    return _canonical(f"{settings.GUIDES}/{version}")


@cache
def _canonical(folder: str) -> str:
    # What is left at its default is not written: a key added to the schemas later changes no hash of before.
    content = _opened(folder).model_dump(mode="json", exclude_defaults=True)
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@cache
def json_schema() -> str:
    """Describe the published JSON of a version: every key, its meaning, what it may hold."""
    return json.dumps({"$schema": JSON_SCHEMA, **Guide.model_json_schema()}, ensure_ascii=False, indent=1)


def _find(items: Any, code: str) -> Any:
    return next((item for item in items if item.code == code), None)


def stage(book: Guide, code: str) -> Stage | None:
    """Find a stage by its code."""
    return _find(book.stages, code)


def form(book: Guide, code: str) -> Form | None:
    """Find a form by its code."""
    return _find(book.forms, code)


def actor(book: Guide, code: str) -> Actor | None:
    """Find an actor by its code."""
    return _find(book.actors, code)


def role(book: Guide, code: str) -> Role | None:
    """Find a role by its code."""
    return _find(book.roles, code)


def rule(book: Guide, code: str) -> Rule | None:
    """Find a rule by its code."""
    return _find(book.rules, code)


def reference(book: Guide, code: str) -> Reference | None:
    """Find a reference by its code."""
    return _find(book.references, code)


def letter(book: Guide, code: str) -> LetterModel | None:
    """Find the model of a letter by its code."""
    return _find(book.letters, code)


def words_in_braces(text: str) -> tuple[str, ...]:
    """List what stands in braces in a text, each once, in the order it is met."""
    return tuple(dict.fromkeys(one.strip() for one in _BRACES.findall(text)))


def body_kind(book: Guide, code: str) -> BodyKind | None:
    """Find a kind of body by its code."""
    return _find(book.book.bodies, code)


def asked_of(book: Guide, actor_code: str) -> tuple[Asked, ...]:
    """List where the method names an actor: "what is asked of me, when"."""
    return tuple(
        Asked(one_stage, procedure)
        for one_stage in book.stages
        for procedure in one_stage.procedures
        if any(actor_code in line.actors for line in procedure.stakeholders)
    )


def operations(book: Guide) -> tuple[Operation, ...]:
    """List every operation of every procedure, in order."""
    return tuple(
        operation
        for one_stage in book.stages
        for procedure in one_stage.procedures
        for operation in procedure.operations
    )


def compare(older: Guide, newer: Guide, lang: str) -> tuple[Changed, ...]:
    """List every text, figure and address that two versions do not share, in the order of the book.

    Each stands at its place: what a code names is compared with what the same
    code names, wherever it moved in its list.
    """
    before, after = ({leaf.key: leaf for leaf in _leaves(book, lang)} for book in (older, newer))
    found: list[Changed] = []
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old and new and old.words == new.words:
            continue
        kind: Literal["added", "removed", "changed"] = "changed" if old and new else "added" if new else "removed"
        at = new or old
        assert at is not None  # the key came from one of the two
        found.append(
            Changed(
                kind=kind,
                where=" › ".join(at.key),
                place=at.place,
                pieces=_pieces(old.words if old else "", new.words if new else ""),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class _Leaf:
    key: tuple[str, ...]
    place: str
    words: str


def _leaves(value: Any, lang: str, key: tuple[str, ...] = (), place: str = "") -> Iterator[_Leaf]:
    """Walk a version down to its words, each with the codes that lead to it."""
    if isinstance(value, Text):
        yield _Leaf(key, place, value.in_(lang))
    elif isinstance(value, BaseModel):
        here = str(getattr(value, "place", "") or place)
        for name in type(value).model_fields:
            if name not in {"code", "place", "version"}:
                yield from _leaves(getattr(value, name), lang, (*key, name), here)
    elif isinstance(value, tuple) and value and not isinstance(value[0], str):
        for number, item in enumerate(value, 1):
            yield from _leaves(item, lang, (*key, str(getattr(item, "code", number))), place)
    elif value not in (None, (), ""):
        yield _Leaf(key, place, ", ".join(value) if isinstance(value, tuple) else str(value))


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Cut two texts into the words they share and the words they do not."""
    before, after = re.findall(r"\s*\S+", old), re.findall(r"\s*\S+", new)
    pieces: list[Piece] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("kept", "".join(before[i:j])))
            continue
        if i < j:
            pieces.append(Piece("removed", "".join(before[i:j])))
        if k < m:
            pieces.append(Piece("added", "".join(after[k:m])))
    return tuple(pieces)


def _files(folder: Path, name: str) -> list[Path]:
    return sorted((folder / name).glob("*.yaml"))


def _read(path: Path) -> Any:
    try:
        # The same safe loader, in C where PyYAML has it: ten times faster.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    except FileNotFoundError as error:
        raise BadGuide(path.parent.name, [f"{path.name} is missing"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadGuide(path.parent.name, [f"{path.name} cannot be read: {error}"]) from error
    if not isinstance(content, dict):
        raise BadGuide(path.parent.name, [f"{path.name} is empty, or holds a list where keys are expected"])
    return content


def _sentence(error: Any, whole: dict[str, Any], files: dict[str, list[str]]) -> str:
    """Say where in the files a problem is, and the lines to add when one is missing."""
    place = _place(error["loc"], whole, files)
    if error["type"] == "missing":
        return f"{place}: add the missing {_to_add(str(error['loc'][-1]))}"
    if error["type"] == "extra_forbidden":
        return f"{place}: unknown key; remove it or correct its spelling"
    return f"{place}: {error['msg']}"


# The keys that hold a text in three languages, wherever they stand.
_TEXTS = {"text", "title", "label", "about", "remit", "note", "intro", "short", "topic", "guide_says", "today"}
_TEXTS |= {"consequence", "publisher", "addressee", "signatory", "subject", "body"}
_LISTS = {"actors", "deeds", "cites", "stakeholders", "operations", "references", "procedures", "groups", "questions"}


def _to_add(key: str) -> str:
    if key in _TEXTS:
        return "\n".join(["lines", f"      {key}:", *(f"        {lang}: …" for lang in WORKING)])
    return f"lines\n      {key}:\n        - …" if key in _LISTS else f"line\n        {key}: …"


def _place(loc: tuple[Any, ...], whole: Any, files: dict[str, list[str]]) -> str:
    """Name the file, then the codes and keys that lead to the problem."""
    first, *rest = loc
    parts: list[str] = []
    value = whole.get(first)
    if first == "book":
        parts.append("guide.yaml")
    elif first in files and rest:
        number = rest.pop(0)
        parts.append(f"{first}/{files[first][number]}")
        value = value[number] if value else None
    else:
        # A topic or a category of the directory stands in another list's file.
        elsewhere = {"topics": "rules", "directory": "actors", "letter_words": "letters"}
        parts.append(elsewhere.get(str(first), str(first)) + ".yaml")
    for key in rest:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            value = None
        named = isinstance(key, int) and isinstance(value, dict) and value.get("code")
        parts.append(str(named or key))
    return " › ".join(parts)
