"""The guide as data to take away: its JSON answers its schema, its hash pins it, two versions compare."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from openregion.guide import queries as guides
from openregion.guide.schema import Guide

VERSION = "ma-region-2021"
pytestmark = pytest.mark.row("GUIDE")


@pytest.fixture
def amended(tmp_path: Path, settings: Any) -> Callable[[str, Callable[[Any], None]], Guide]:
    """Make a second version beside the first, with one file edited."""
    for version in (VERSION, f"{VERSION}-1"):
        shutil.copytree(Path(settings.GUIDES) / VERSION, tmp_path / version)
    settings.GUIDES = tmp_path

    def amend(name: str, change: Callable[[Any], None]) -> Guide:
        path = tmp_path / f"{VERSION}-1" / name
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return guides.guide(f"{VERSION}-1")

    return amend


def faults(value: Any, schema: dict[str, Any], whole: dict[str, Any], where: str = "$") -> Iterator[str]:
    """Say where a value is not as a JSON Schema asks: the keywords that ours uses, and no other."""
    known = {"$schema", "$defs", "$ref", "title", "description", "type", "properties", "required", "default", "format"}
    known |= {"additionalProperties", "items", "enum", "const", "anyOf", "pattern", "minItems", "minLength"}
    assert set(schema) <= known, f"{where}: the test does not know {set(schema) - known}"
    if "$ref" in schema:
        yield from faults(value, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole, where)
        return
    if "anyOf" in schema:
        if all(list(faults(value, one, whole, where)) for one in schema["anyOf"]):
            yield f"{where}: none of the alternatives"
        return
    types: dict[str, Any] = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    types |= {"number": (int, float), "null": type(None)}
    if "type" in schema and not isinstance(value, types[schema["type"]]):
        yield f"{where}: not of type {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not allowed"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where}: {value!r} is not as {schema['pattern']}"
    if len(value) < schema.get("minLength", 0) if isinstance(value, str) else False:
        yield f"{where}: empty"
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{where}: too few"
        for number, one in enumerate(value):
            yield from faults(one, schema["items"], whole, f"{where}[{number}]")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        yield from (f"{where}: {key} is missing" for key in schema.get("required", []) if key not in value)
        if schema.get("additionalProperties") is False:
            yield from (f"{where}: {key} is unknown" for key in value if key not in properties)
        for key, one in value.items():
            yield from faults(one, properties.get(key, {}), whole, f"{where}.{key}")


def test_published_data_answers_its_published_schema() -> None:
    schema = json.loads(guides.json_schema())
    content = json.loads(guides.canonical_json(VERSION))
    assert list(faults(content, schema, schema)) == []
    assert list(faults({**content, "colour": "red"}, schema, schema)) == ["$: colour is unknown"]


def test_schema_says_what_every_kind_of_thing_is() -> None:
    schema = json.loads(guides.json_schema())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert [name for name, one in schema["$defs"].items() if not one.get("description")] == []
    assert schema["$defs"]["Rule"]["properties"]["effective_on"]["description"] == "The day from which it holds."


def test_published_data_makes_the_same_guide_again() -> None:
    assert Guide.model_validate_json(guides.canonical_json(VERSION)) == guides.guide(VERSION)


def test_guide_cannot_change_while_the_platform_runs() -> None:
    with pytest.raises(ValueError, match="frozen"):
        guides.guide(VERSION).book.number = "5"  # type: ignore[misc]


def test_comparing_a_version_with_itself_finds_nothing() -> None:
    book = guides.guide(VERSION)
    assert guides.compare(book, book, "fr") == ()


def test_comparing_two_versions_shows_the_words_that_differ_at_their_place(amended: Any) -> None:
    def reword(content: Any) -> None:
        content["procedures"][0]["operations"][3]["text"]["fr"] = "Tenir deux réunions multipartites."

    (change,) = guides.compare(guides.guide(VERSION), amended("stages/plan-1-launch.yaml", reword), "fr")
    code = guides.guide(VERSION).stages[3].procedures[0].operations[3].code
    assert change.where == f"stages › plan-1 › procedures › launch › operations › {code} › text"
    assert (change.kind, change.place) == ("changed", "Axe 3 §2, étape 1, Opérations et procédures")
    assert [(piece.kind, piece.words) for piece in change.pieces] == [
        ("kept", "Tenir"),
        ("removed", " une réunion multipartite."),
        ("added", " deux réunions multipartites."),
    ]


def test_comparing_two_versions_keeps_to_one_language(amended: Any) -> None:
    def reword(content: Any) -> None:
        content["procedures"][0]["operations"][3]["text"]["fr"] = "Tenir deux réunions multipartites."

    assert guides.compare(guides.guide(VERSION), amended("stages/plan-1-launch.yaml", reword), "ar") == ()


def test_comparing_two_versions_shows_what_is_added_and_removed(amended: Any) -> None:
    newer = amended("guide.yaml", lambda content: content["reasons"].pop(0))
    first = guides.guide(VERSION).book.reasons[0]
    (removed,) = guides.compare(guides.guide(VERSION), newer, "en")
    (added,) = guides.compare(newer, guides.guide(VERSION), "en")
    assert (removed.kind, added.kind) == ("removed", "added")
    assert [piece.words for piece in added.pieces] == [first.text.en]


def test_guide_hash_prints_the_line_that_pins_a_version() -> None:
    out = io.StringIO()
    call_command("guide_hash", VERSION, stdout=out)
    assert out.getvalue() == f"{VERSION}: {guides.fingerprint(VERSION)}\n"
    with pytest.raises(CommandError, match="guide/nowhere does not exist"):
        call_command("guide_hash", "nowhere")


def test_released_version_that_did_not_change_passes(tmp_path: Path, settings: Any) -> None:
    shutil.copytree(Path(settings.GUIDES) / VERSION, tmp_path / VERSION)
    settings.GUIDES = tmp_path
    (tmp_path / "released.yaml").write_text(f"{VERSION}: {guides.fingerprint(VERSION)}\n", encoding="utf-8")
    call_command("check", tags=["guide"], stderr=io.StringIO())
