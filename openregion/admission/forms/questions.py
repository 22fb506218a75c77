"""A call's questions as they are typed, one a line, or read from a file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml
from django.utils.translation import gettext as _

from openregion.core.languages import WORKING

MOST_BYTES = 200_000
_LIMIT = re.compile(r"^(\d{1,6})\s*(words?|characters?|mots?|caractères?|كلمات|كلمة|حروف|حرف)?$", re.IGNORECASE)
_CHARACTERS = ("char", "carac", "حر")
_OPTIONAL = {"optional", "facultatif", "facultative", "اختياري", "no", "non"}
_REQUIRED = {"", "required", "obligatoire", "إلزامي", "yes", "oui"}


class Unread(ValueError):
    """The questions could not be read; ``str()`` says where and what to write."""


def read_lines(text: str, lang: str) -> list[dict[str, Any]]:
    """Read questions typed one a line, their parts between bars.

    English words | limit | required or optional | condition of the guide |
    French words | Arabic words. Only the first part is needed. Raises ``Unread``.
    """
    rows = [line.strip() for line in text.splitlines() if line.strip()]
    return [_row(number, line, lang) for number, line in enumerate(rows, 1)]


def _row(number: int, line: str, lang: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) > 6:
        raise Unread(_("Line %(n)s has more than six parts. Parts are kept apart by bars.") % {"n": number})
    english, limit, needed, condition, french, arabic = [*parts, *[""] * (6 - len(parts))]
    if needed.lower() not in _OPTIONAL | _REQUIRED:
        raise Unread(_("Line %(n)s: its third part is “required” or “optional”.") % {"n": number})
    figure, unit = _limit_of(number, limit)
    return {
        "code": f"question-{number}",
        "label": {name: said for name, said in (("fr", french), ("ar", arabic), ("en", english)) if said},
        "help": {},
        "limit": figure,
        "unit": unit,
        "required": needed.lower() in _REQUIRED,
        "condition": condition,
        "lang": lang,
    }


def _limit_of(number: int, written: str) -> tuple[int | None, str]:
    if not written:
        return None, "words"
    found = _LIMIT.match(written)
    if not found:
        raise Unread(_("Line %(n)s: write its limit as “300 words” or “2000 characters”.") % {"n": number})
    unit = "characters" if (found[2] or "").lower().startswith(_CHARACTERS) else "words"
    return int(found[1]), unit


def write_lines(questions: list[dict[str, Any]]) -> str:
    """Write questions one a line, to be corrected."""
    lines = []
    for one in questions:
        limit = f"{one['limit']} {one['unit']}" if one.get("limit") else ""
        label = one["label"]
        needed = "required" if one.get("required") else "optional"
        parts = [label.get("en", ""), limit, needed, one.get("condition", ""), label.get("fr", ""), label.get("ar", "")]
        lines.append(" | ".join(part.replace("|", "/").replace("\n", " ") for part in parts))
    return "\n".join(lines)


def read_file(content: bytes, lang: str) -> list[dict[str, Any]]:
    """Read questions from a YAML or JSON file: a list, or a mapping with ``questions``. Raises ``Unread``."""
    if len(content) > MOST_BYTES:
        raise Unread(_("This file is larger than 200 kB. A form is much smaller: check that it is the right one."))
    try:
        text = content.decode("utf-8-sig")
        found = json.loads(text) if text.lstrip()[:1] in ("{", "[") else yaml.safe_load(text)
    except (UnicodeDecodeError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise Unread(_("This file is neither YAML nor JSON in UTF-8. Save it again, then send it.")) from error
    rows = found.get("questions") if isinstance(found, Mapping) else found
    if not isinstance(rows, list) or not all(isinstance(one, Mapping) for one in rows):
        raise Unread(_("This file holds no list of questions."))
    return [_from_file(number, one, lang) for number, one in enumerate(rows, 1)]


def _from_file(number: int, one: Mapping[str, Any], lang: str) -> dict[str, Any]:
    label = one.get("label")
    known = {key: value for key, value in one.items() if isinstance(key, str)}
    return {
        "code": f"question-{number}",
        "help": {},
        "limit": None,
        "unit": "words",
        "required": False,
        "condition": "",
        "lang": lang,
        **known,
        "label": {lang: label} if isinstance(label, str) and lang in WORKING else label,
    }
