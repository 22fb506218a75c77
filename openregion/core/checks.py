"""What ``manage.py check`` says of languages and personal data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Warning, register

_FIELDS = {"purpose", "ground", "retention", "seen_by"}


@register("languages")
def catalogues_are_compiled(**kwargs: Any) -> list[Warning]:
    """Warn when a language's messages are not compiled: its addresses would be 404."""
    missing = [
        code
        for code, _ in settings.LANGUAGES
        if not (Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / "django.mo").exists()
    ]
    return [Warning(f"messages of {code} are not compiled: ./manage messages", id="core.W001") for code in missing]


@register("privacy")
def personal_columns_are_declared(**kwargs: Any) -> list[Error]:
    """Check that every column of every table of ours is declared personal or not in ``privacy.yaml``.

    A personal column says its purpose, legal ground, retention and who sees
    it; the check prints the lines to add (law 09-08).
    """
    declared = yaml.safe_load(settings.PRIVACY_FILE.read_text(encoding="utf-8"))["tables"]
    problems: list[Error] = []
    actual = {
        model._meta.label_lower: {field.name for field in model._meta.local_fields if not field.primary_key}
        for model in apps.get_models()
        if model.__module__.startswith("openregion.")
    }
    for table, columns in actual.items():
        rows = declared.get(table)
        if rows is None:
            lines = "\n".join([f"  {table}:", "    none: [" + ", ".join(sorted(columns)) + "]", "    personal: {}"])
            problems.append(Error(f"{table} is not in privacy.yaml; add\n{lines}", id="core.E001"))
            continue
        personal = rows.get("personal") or {}
        known = set(rows.get("none") or []) | set(personal)
        problems += [_undeclared(table, column) for column in sorted(columns - known)]
        problems += [
            Error(f"{table}.{c}: in privacy.yaml and not in the table", id="core.E003") for c in known - columns
        ]
        problems += [
            Error(f"{table}.{column}: privacy.yaml must say {', '.join(sorted(_FIELDS - set(entry)))}", id="core.E004")
            for column, entry in personal.items()
            if _FIELDS - set(entry)
        ]
    problems += [
        Error(f"{table}: in privacy.yaml and not a table", id="core.E005") for table in set(declared) - set(actual)
    ]
    return problems


def _undeclared(table: str, column: str) -> Error:
    return Error(
        f"{table}.{column} is not in privacy.yaml; add it to `none`, or to `personal`:\n"
        f"      {column}:\n        purpose: …\n        ground: …\n        retention: …\n        seen_by: …",
        id="core.E002",
    )
