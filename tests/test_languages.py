"""Every message is translated, and looks it; nothing is guessed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"
# Words that French writes as English does, and signs that no language changes.
SAME_IN_FRENCH = {
    ", ", " – ", "%(n)s abstention", "%(n)s contribution", "%(name)s – %(day)s (%(state)s)", "%(part)s (%(language)s)",
    "%(reason)s (code %(code)s).", "%(stage)s – %(cycle)s", "%(what)s – %(session)s", "Abstentions", "Administration",
    "Annexes", "Casablanca", "Commission", "Commune", "Communication", "Contacts", "Convocation", "Document", "Dossier",
    "Dossier %(n)s", "Guide %(n)s", "Guide, %(place)s", "Message", "OGP", "Organisation", "Organisations", "Province",
    "Question %(n)s", "Quorum", "Session", "Signature", "Visa", "Visa – %(title)s", "Vote",
    "%(title)s (%(sitting)s)", "Article %(n)s", "Dossier %(number)s",
    "Code", "Table", "Tables", "Table %(number)s", "%(theme)s (%(consultation)s)", "Transport", "Photo", "Conclusion",
    "Type", "Suggestion",
}  # fmt: skip
ARABIC = re.compile("[\u0600-\u06ff]")
LETTERS = re.compile(r"[^\W\d_]")


def catalogue(lang: str) -> Catalog:
    with (LOCALE / lang / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=lang)


def pairs(lang: str) -> list[tuple[str, str]]:
    """Give every message with each of its translated forms."""
    found = []
    for message in catalogue(lang):
        if not message.id:
            continue
        first = message.id[0] if isinstance(message.id, tuple) else message.id
        forms = message.string if isinstance(message.string, tuple | list) else [message.string]
        found += [(first, form) for form in forms]
    return found


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_message_is_translated(lang: str) -> None:
    assert [source for source, form in pairs(lang) if not form.strip() and source.strip()] == []


@pytest.mark.parametrize("lang", ["fr", "ar", "en", "zgh"])
def test_no_message_is_guessed(lang: str) -> None:
    assert [message.id for message in catalogue(lang) if message.id and message.fuzzy] == []


def test_every_message_asked_in_code_is_in_the_catalogue() -> None:
    """What stands inside an f-string is not read by the tool that gathers messages."""
    known = {
        form for message in catalogue("fr") for form in ([message.id] if isinstance(message.id, str) else message.id)
    }
    asked = set()
    for path in (LOCALE.parent / "openregion").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
            if called in {"_", "gettext", "gettext_lazy", "ngettext"} and isinstance(node.args[0], ast.Constant):
                asked.add(node.args[0].value)
    assert len(asked) > 1000
    assert asked - known == set()


def test_french_is_not_english() -> None:
    assert [source for source, form in pairs("fr") if source == form and source not in SAME_IN_FRENCH] == []


def test_arabic_is_written_in_arabic() -> None:
    bare = [(source, re.sub(r"%\(\w+\)[sd]|%%|<[^>]+>", "", form)) for source, form in pairs("ar")]
    assert [source for source, form in bare if LETTERS.search(form) and not ARABIC.search(form)] == []


def test_catalogues_are_in_step_with_the_code() -> None:
    from openregion.core.management.commands.messages import _gathered

    wanted = {message.id for message in _gathered() if message.id}
    assert {message.id for message in catalogue("fr") if message.id} == wanted
