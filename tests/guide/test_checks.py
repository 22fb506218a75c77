"""What a committee's edit meets: `./manage check` says what is wrong and which lines to add."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from openregion.guide import queries as guides

VERSION = "ma-region-2021"
pytestmark = pytest.mark.row("GUIDE")


@pytest.fixture
def edited(tmp_path: Path, settings: Any) -> Callable[[str, Callable[[Any], None]], str]:
    """Edit a file of a copy of the guide, then say what the check prints."""
    shutil.copytree(Path(settings.GUIDES) / VERSION, tmp_path / VERSION)
    settings.GUIDES = tmp_path

    def edit(name: str, change: Callable[[Any], None]) -> str:
        path = tmp_path / VERSION / name
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        try:
            call_command("check", tags=["guide"], stderr=io.StringIO())
        except SystemCheckError as error:
            return str(error)
        return ""

    return edit


def test_guide_as_it_stands_passes(edited: Any) -> None:
    assert edited("actors.yaml", lambda content: None) == ""


def test_removed_actor_fails_and_prints_the_lines_to_add(edited: Any) -> None:
    said = edited("actors.yaml", lambda content: content["actors"].pop(0))
    assert "no actor is called 'council-president'; add to actors.yaml" in said
    assert "  - code: council-president\n" in said
    assert "seated_as: role | seat | directory" in said


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_missing_text_fails_and_prints_the_line_to_add(edited: Any, lang: str) -> None:
    def forget(content: Any) -> None:
        del content["procedures"][0]["operations"][0]["text"][lang]

    said = edited("stages/plan-1-launch.yaml", forget)
    assert "study-annexes" in said
    assert f"add the missing line\n        {lang}: …" in said


def test_unknown_key_fails_and_names_its_place(edited: Any) -> None:
    said = edited("stages/plan-1-launch.yaml", lambda content: content.update({"colour": "red"}))
    assert "colour: unknown key; remove it or correct its spelling" in said


def test_unknown_deed_fails(edited: Any) -> None:
    said = edited("roles.yaml", lambda content: content["roles"][0]["deeds"].append("crown_the_king"))
    assert "no room has a deed called 'crown_the_king'" in said


def test_unknown_form_fails(edited: Any) -> None:
    def ask(content: Any) -> None:
        content["procedures"][0]["operations"][0]["forms"] = ["annex-9"]

    assert "no form is called 'annex-9'" in edited("stages/plan-1-launch.yaml", ask)


def test_doubled_code_fails(edited: Any) -> None:
    said = edited("actors.yaml", lambda content: content["actors"].append(content["actors"][0]))
    assert "the code 'council-president' is used 2 times" in said


def test_question_must_say_where_its_answer_goes(edited: Any) -> None:
    def forget(content: Any) -> None:
        content["groups"][0]["questions"][0].pop("stores", None)
        content["groups"][0]["questions"][0].pop("free", None)

    assert "a question says either `stores: model.field` or `free: true`" in edited("forms/annex-1.yaml", forget)


def test_broken_yaml_fails_and_names_the_file(tmp_path: Path, settings: Any) -> None:
    shutil.copytree(Path(settings.GUIDES) / VERSION, tmp_path / VERSION)
    settings.GUIDES = tmp_path
    (tmp_path / VERSION / "rules.yaml").write_text("rules: [unclosed", encoding="utf-8")
    with pytest.raises(guides.BadGuide, match=r"rules\.yaml cannot be read"):
        guides.open_folder(tmp_path / VERSION)


def test_released_version_may_not_change(tmp_path: Path, settings: Any) -> None:
    shutil.copytree(Path(settings.GUIDES) / VERSION, tmp_path / VERSION)
    settings.GUIDES = tmp_path
    (tmp_path / "released.yaml").write_text(f"{VERSION}: {'0' * 64}\n", encoding="utf-8")
    with pytest.raises(SystemCheckError, match=r"a wording fix is a new folder ma-region-2021\.1"):
        call_command("check", tags=["guide"], stderr=io.StringIO())
