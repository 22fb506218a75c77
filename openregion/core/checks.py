"""What ``manage.py check`` says of languages and personal data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.checks import Error, Warning, register
from django.db.models import EmailField, Model

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


@register("privacy")
def what_is_kept_elsewhere_is_declared(**kwargs: Any) -> list[Error]:
    """Check that ``elsewhere`` of ``privacy.yaml`` lists every table of a library that is about people.

    A table is when it holds an e-mail address or sessions, points to a user,
    or points to a table that does; the check prints the lines to add (law 09-08).
    """
    declared = yaml.safe_load(settings.PRIVACY_FILE.read_text(encoding="utf-8")).get("elsewhere") or {}
    theirs = [model for model in apps.get_models() if not model.__module__.startswith("openregion.")]
    about_people = {model._meta.label_lower for model in theirs if _is_about_people(model)}
    wanted = _FIELDS | {"what"}
    problems = [
        Error(
            f"{table} is not in privacy.yaml; add under `elsewhere`:\n  {table}:\n    what: …\n    purpose: …\n"
            "    ground: …\n    retention: …\n    seen_by: …",
            id="core.E006",
        )
        for table in sorted(about_people - set(declared))
    ]
    problems += [
        Error(f"{name}: privacy.yaml must say {', '.join(sorted(wanted - set(entry or {})))}", id="core.E007")
        for name, entry in declared.items()
        if wanted - set(entry or {})
    ]
    # A name with a dot is a table; one without, such as the outbox, is kept outside the database.
    tables = {model._meta.label_lower for model in theirs}
    problems += [
        Error(f"{name}: under `elsewhere` in privacy.yaml and not a table", id="core.E008")
        for name in declared
        if "." in name and name not in tables
    ]
    return problems


def _is_about_people(model: type[Model]) -> bool:
    targets = [field.related_model for field in model._meta.local_fields if field.related_model]
    return _names_people(model) or any(_names_people(target) for target in targets)


def _names_people(model: type[Model]) -> bool:
    fields = model._meta.local_fields
    return (
        issubclass(model, AbstractBaseSession)
        or any(isinstance(field, EmailField) for field in fields)
        or any(field.related_model is get_user_model() for field in fields)
    )


def _undeclared(table: str, column: str) -> Error:
    return Error(
        f"{table}.{column} is not in privacy.yaml; add it to `none`, or to `personal`:\n"
        f"      {column}:\n        purpose: …\n        ground: …\n        retention: …\n        seen_by: …",
        id="core.E002",
    )
