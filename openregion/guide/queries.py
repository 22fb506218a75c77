"""Opening a version of the methodology and handing it out, frozen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from pydantic import ValidationError

from openregion.guide.schema import (
    Actor,
    BodyKind,
    Form,
    Guide,
    Operation,
    Procedure,
    Reference,
    Role,
    Rule,
    Stage,
)


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


def versions() -> tuple[str, ...]:
    """List the versions in ``guide/``, oldest first."""
    return tuple(sorted(path.parent.name for path in Path(settings.GUIDES).glob("*/guide.yaml")))


@cache
def guide(version: str) -> Guide:
    """Open a version, once per process.

    Raises ``BadGuide`` when a file is missing, unreadable or not as the schemas ask.
    """
    return open_folder(Path(settings.GUIDES) / version)


def open_folder(folder: Path) -> Guide:
    """Read and validate every file of a version's folder.

    Raises ``BadGuide`` naming each file, place and problem.
    """
    whole = {"version": folder.name, **raw_content(folder)}
    try:
        return Guide.model_validate(whole)
    except ValidationError as error:
        raise BadGuide(folder.name, [_sentence(one, whole) for one in error.errors()]) from error


def raw_content(folder: Path) -> dict[str, Any]:
    """Read a version's YAML files as they are, put together."""
    content: dict[str, Any] = {"book": _read(folder / "guide.yaml")}
    for name in ("actors", "roles", "references", "rules"):
        content.update(_read(folder / f"{name}.yaml"))
    content["stages"] = [_read(path) for path in sorted((folder / "stages").glob("*.yaml"))]
    content["forms"] = [_read(path) for path in sorted((folder / "forms").glob("*.yaml"))]
    return content


def fingerprint(version: str) -> str:
    """Give the hash of a version's canonical JSON: what a cycle pins."""
    return hashlib.sha256(canonical_json(version).encode()).hexdigest()


@cache
def canonical_json(version: str) -> str:
    """Write a version as the one JSON text it has."""
    content = guide(version).model_dump(mode="json", exclude_none=True)
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


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


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError as error:
        raise BadGuide(path.parent.name, [f"{path.name} is missing"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadGuide(path.parent.name, [f"{path.name} cannot be read: {error}"]) from error


def _sentence(error: Any, whole: dict[str, Any]) -> str:
    """Say where in the files a problem is, and the lines to add when one is missing."""
    place = _place(error["loc"], whole)
    if error["type"] == "missing":
        key = error["loc"][-1]
        return f"{place}: add the missing line\n        {key}: …"
    if error["type"] == "extra_forbidden":
        return f"{place}: unknown key; remove it or correct its spelling"
    return f"{place}: {error['msg']}"


def _place(loc: tuple[Any, ...], whole: Any) -> str:
    parts: list[str] = []
    value = whole
    for key in loc:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            value = None
        named = isinstance(key, int) and isinstance(value, dict) and value.get("code")
        parts.append(str(named or key))
    return " › ".join(parts)
