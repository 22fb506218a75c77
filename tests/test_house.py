"""The rules of the house that reviewers would forget."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.template import engines
from django.template.loader import get_template

from tests.pages import views

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "openregion"
ROOMS = ["analysis", "core", "guide", "record", "people", "cycle", "consultation", "admission", "registers"]
ROOMS += ["diagnosis", "plan", "monitoring", "assessment", "api", "web"]
HEIGHT = {room: rank for rank, room in enumerate(ROOMS)}
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "managers", "service", "services", "common", "data"}


def sources() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]


def templates() -> list[Path]:
    return sorted(PACKAGE.rglob("templates/**/*.html"))


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sources():
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_no_key_points_to_a_room_above() -> None:
    for model in apps.get_models():
        if not model.__module__.startswith("openregion."):
            continue
        for field in model._meta.local_fields:
            target = field.related_model
            if target is None or not target.__module__.startswith("openregion."):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            assert HEIGHT[there] <= HEIGHT[here], f"{model._meta.label}.{field.name} points up to {there}"
            if here != there:
                assert field.remote_field.related_name == "+", f"{model._meta.label}.{field.name}: related_name='+'"


def test_record_has_no_key_out_of_its_room() -> None:
    keys = [
        (model._meta.label, field.name)
        for model in apps.get_app_config("record").get_models()
        for field in model._meta.local_fields
        if field.related_model and field.related_model._meta.app_label != "record"
    ]
    assert keys == []


def test_every_room_has_its_card() -> None:
    cards = {room: ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text())) for room in ROOMS}
    missing = [room for room, card in cards.items() if not card or "Never:" not in card]
    assert missing == []


def test_templates_include_nothing_from_a_room_above() -> None:
    for path in templates():
        room = path.relative_to(PACKAGE).parts[0]
        for name in re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)", path.read_text(encoding="utf-8")):
            other = name.split("/")[0]
            assert HEIGHT.get(other, 0) <= HEIGHT[room], f"{path.name} ({room}) includes {name}"


def test_templates_link_to_no_room_above_but_from_the_frame() -> None:
    rooms = {name: callback.__module__.split(".")[1] for name, callback, _ in views()}
    for path in templates():
        room = path.relative_to(PACKAGE).parts[0]
        if "base.html" in path.name or path.parent.name in {"account", "frame"}:
            continue  # the frame of a page links to everything by its nature
        for name in re.findall(r"{%\s*url\s+[\"']([^\"']+)", path.read_text(encoding="utf-8")):
            there = rooms.get(name, "core")
            assert HEIGHT[there] <= HEIGHT[room], f"{path.name} ({room}) links to {name} ({there})"


def test_templates_carry_no_inline_script_or_style() -> None:
    found = [
        path.name
        for path in templates()
        if re.search(r"\sstyle=|\son(click|change|submit|load)=|<script>|<style", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_templates_all_parse() -> None:
    names = [str(path).split("/templates/", 1)[1] for path in templates()]
    assert len([get_template(name) for name in names]) == len(names)
    assert engines["django"] is not None


def test_stylesheets_name_no_physical_side() -> None:
    physical = re.compile(
        r"(margin|padding|border|inset)-(left|right)\b|text-align:\s*(left|right)|float:\s*(left|right)"
    )
    found = [
        f"{path.name}: {match.group()}"
        for path in PACKAGE.rglob("*.css")
        for match in [physical.search(path.read_text(encoding="utf-8"))]
        if match
    ]
    assert found == []


def test_modules_are_under_six_hundred_lines() -> None:
    long = [(path.name, n) for path in sources() if (n := len(path.read_text().splitlines())) > 600]
    assert long == []


def test_modules_and_names_say_what_they_hold() -> None:
    found = [str(path.relative_to(ROOT)) for path in sources() if path.stem in FORBIDDEN_NAMES]
    assert found == []


def test_booleans_are_keyword_only() -> None:
    """A private function, read beside its only callers, is let off."""
    found = [
        f"{path.name}: {function.name}({argument.arg})"
        for path, tree in trees()
        for function in functions(tree)
        if not function.name.startswith("_")
        for argument in function.args.posonlyargs + function.args.args
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "bool"
    ]
    assert found == []


def test_public_functions_say_what_they_do() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}: {node.name}"
        for path, tree in trees()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and path.name not in {"apps.py"}
    ]
    assert found == []


def test_deeds_are_keyword_only_and_one_transaction() -> None:
    for path in (*PACKAGE.glob("*/actions.py"), *PACKAGE.glob("*/actions/*.py")):
        if path.name == "steps.py":
            continue  # what every deed of a room does the same way; no deed itself
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            names = {ast.unparse(decorator) for decorator in node.decorator_list}
            if node.name != "write_line" and "_line(" in ast.unparse(node):
                assert "transaction.atomic" in names, f"{path.parent.name}.{node.name} is not one transaction"
            assert len(node.args.args) <= 1, f"{path.parent.name}.{node.name}: all but the subject by keyword"


def test_rules_begin_by_asking_why_not() -> None:
    """A rule returns the reason for refusing; a helper beside it does not return a sentence."""
    for path in (*PACKAGE.glob("*/rules.py"), *PACKAGE.glob("*/rules/*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.returns is not None:
                is_rule = ast.unparse(node.returns) == "str"
                assert is_rule == node.name.startswith("why_not_"), node.name


def test_models_are_in_the_glossary() -> None:
    import yaml

    terms = yaml.safe_load((PACKAGE / "core" / "glossary.yaml").read_text(encoding="utf-8"))["terms"]
    known = {term.get("model") for term in terms}
    ours = {model.__name__ for model in apps.get_models() if model.__module__.startswith("openregion.")}
    assert ours - known == set()


def test_views_say_who_they_are_for() -> None:
    silent = [name for name, callback, _ in views() if not getattr(callback, "audience", None)]
    assert silent == []


def test_addresses_start_with_the_member_or_belong_to_the_instance() -> None:
    from openregion.people.models import RESERVED

    without = {name for name, _, parameters in views() if "member" not in parameters}
    allowed = {
        "choose_language",
        "closed",
        "home",
        "setup",
        "components",
        "glossary",
        "privacy",
        "accessibility",
        "outbox",
        "accent",
        "arrived",
    }
    assert without - allowed - {"robots", "healthz", "favicon", "about"} == set()
    assert {"setup", "components", "outbox", "glossary", "privacy", "accessibility"} <= set(RESERVED)


@pytest.mark.django_db
def test_migrations_are_up_to_date() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_checks_find_nothing_wrong(settings: Any) -> None:
    # pytest's own guard on undefined variables is not something Django's checks know.
    settings.SILENCED_SYSTEM_CHECKS = [*settings.SILENCED_SYSTEM_CHECKS, "templates.E002"]
    call_command("check", fail_level="WARNING", verbosity=0)


def test_demonstration_writes_through_deeds_only() -> None:
    writing = {"create", "save", "bulk_create", "update", "get_or_create", "update_or_create", "delete"}
    for path in (PACKAGE / "web" / "management" / "commands" / "demo.py", *PACKAGE.glob("web/demonstration/*.py")):
        written = [
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writing
        ]
        assert written == [], path.name


def test_traceability_is_made_from_the_marks() -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "traceability.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_repository_names_no_machine_and_no_registry() -> None:
    named = re.compile(r"(?<![\w./])/(?:work|root|farm)/\w|--index-url|--extra-index-url|--find-links")
    kept = [path for path in ROOT.glob("*") if path.is_file()] + [
        path
        for folder in ("docs", "guide", "openregion", "tools", "bench", "tests", ".ci")
        for path in (ROOT / folder).rglob("*")
    ]
    texts = {".py", ".md", ".sh", ".yaml", ".toml", ".html", ".css", ".typ", ".lock", ""}
    found = [
        str(path.relative_to(ROOT))
        for path in kept
        if path.is_file()
        and path.suffix in texts
        and path.name != "test_house.py"
        and named.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


def test_page_of_roles_is_made_from_the_guide() -> None:
    from tools import roles

    assert roles.PAGE.read_text(encoding="utf-8") == roles.page()


def test_page_of_states_is_made_from_the_rules() -> None:
    from tools import states

    assert states.PAGE.read_text(encoding="utf-8") == states.page()
