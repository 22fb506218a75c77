"""The register of personal columns (law 09-08)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as ours

from openregion.core.checks import personal_columns_are_declared

DECLARED = yaml.safe_load(ours.PRIVACY_FILE.read_text(encoding="utf-8"))


@pytest.fixture
def file(settings: Any, tmp_path: Path) -> Path:
    settings.PRIVACY_FILE = tmp_path / "privacy.yaml"
    return settings.PRIVACY_FILE


def said(file: Path, tables: dict[str, Any]) -> list[str]:
    file.write_text(yaml.safe_dump(DECLARED | {"tables": tables}, allow_unicode=True), encoding="utf-8")
    return [error.msg for error in personal_columns_are_declared()]


@pytest.mark.row("L-1")
def test_every_column_is_declared() -> None:
    assert personal_columns_are_declared() == []


@pytest.mark.row("L-1")
def test_a_missing_personal_column_fails_with_the_lines_to_add(file: Path) -> None:
    tables = {table: {**rows} for table, rows in DECLARED["tables"].items()}
    user = dict(tables["people.user"]["personal"])
    del user["email"]
    (message,) = said(file, {**tables, "people.user": {**tables["people.user"], "personal": user}})
    assert [word for word in ("email:", "purpose:", "ground:", "retention:", "seen_by:") if word not in message] == []


@pytest.mark.row("L-1")
def test_a_missing_table_fails_with_the_lines_to_add(file: Path) -> None:
    tables = {table: rows for table, rows in DECLARED["tables"].items() if table != "people.seat"}
    (message,) = said(file, tables)
    assert "  people.seat:\n    none: [actor, body, leads, rank, side, title, uid, votes]" in message


@pytest.mark.row("L-1")
def test_every_sentence_is_written_in_the_working_languages() -> None:
    lacking = [
        f"{table}.{column}.{key}"
        for table, rows in DECLARED["tables"].items()
        for column, entry in (rows.get("personal") or {}).items()
        for key in ("purpose", "ground", "retention", "seen_by")
        if set(entry[key]) != {"fr", "ar", "en"}
    ]
    assert lacking == []


@pytest.mark.row("L-1")
def test_what_names_a_person_is_declared_personal() -> None:
    named = {"people.user": {"email", "name", "password"}, "people.mandate": {"holder_name", "holder"}}
    named |= {"people.appointment": {"user"}, "record.journalline": {"by_ref"}, "record.storedfile": {"by_ref"}}
    assert {table: columns - set(DECLARED["tables"][table]["personal"]) for table, columns in named.items()} == {
        table: set() for table in named
    }
