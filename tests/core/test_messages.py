"""``./manage messages``: what is said in code and templates, gathered once, never guessed."""

from __future__ import annotations

import gettext
import io
import json
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.core.management import CommandError, call_command

TEMPLATE = """
{% extends "x.html" %}
{% block a %}
    {% translate "Plain words" %} and {% translate "Same word" context "place" %}
  {% blocktranslate trimmed count n=things|length with who=name %}
    {{ who }} has
    {{ n }} thing.
  {% plural %}
    {{ who }} has {{ n }} things.
  {% endblocktranslate %}
  {# Translators: shown on paper #}
  {% include "y.html" with title=_("In a tag") %}
{% endblock %}
"""
PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
def say(n):
    return [_("Said in code"), pgettext("time", "Same word"), ngettext("%(n)s day", "%(n)s days", n) % {"n": n}]
"""


@pytest.fixture
def project(settings: Any, tmp_path: Path) -> Path:
    """A small project with one room."""
    room = tmp_path / "openregion" / "room"
    (room / "templates" / "room").mkdir(parents=True)
    (room / "templates" / "room" / "page.html").write_text(TEMPLATE)
    (room / "rules.py").write_text(PYTHON)
    settings.ROOT = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return tmp_path


def run(*words: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("messages", *words, stdout=out, stderr=out, **options)
    return out.getvalue()


def po(project: Path, lang: str) -> str:
    return (project / "locale" / lang / "LC_MESSAGES" / "django.po").read_text()


def fill(project: Path, lang: str, words: dict[str, Any]) -> str:
    path = project / "words.json"
    path.write_text(json.dumps(words))
    return run("--fill", lang, str(path))


def said(project: Path, lang: str) -> gettext.GNUTranslations:
    with (project / "locale" / lang / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def test_messages_are_gathered_from_templates_and_code(project: Path) -> None:
    assert run() == "messages 7 · ar missing 7 · fr missing 7 · zgh missing 7\n"
    asked = json.loads(run("--missing", "ar"))
    assert asked == {
        "Said in code": "",
        "time\x04Same word": "",
        "%(n)s day|%(n)s days": [""] * 6,
        "Plain words": "",
        "place\x04Same word": "",
        "%(who)s has %(n)s thing.|%(who)s has %(n)s things.": [""] * 6,
        "In a tag": "",
    }


def test_catalogue_is_the_same_on_every_machine_and_day(project: Path) -> None:
    run()
    first = po(project, "fr")
    run()
    assert po(project, "fr") == first
    assert "#: openregion/room/templates/room/page.html\n" in first
    assert [word for word in (str(project), "2026", "fuzzy", "Babel") if word in first] == []


def test_words_filled_are_kept_compiled_and_shown(project: Path) -> None:
    run()
    words = {
        "Plain words": "كلمات",
        "time\x04Same word": "وقت",
        "%(n)s day|%(n)s days": [f"%(n)s {i}" for i in range(6)],
    }
    assert fill(project, "ar", words) == "read 3 · filled 3 · empty 0 · unknown 0 · refused 0\n"
    run()
    arabic = said(project, "ar")
    assert arabic.gettext("Plain words") == "كلمات"
    assert (arabic.pgettext("time", "Same word"), arabic.pgettext("place", "Same word")) == ("وقت", "Same word")
    assert [arabic.ngettext("%(n)s day", "%(n)s days", n) for n in (0, 2, 5, 11, 100)] == [
        "%(n)s 0", "%(n)s 2", "%(n)s 3", "%(n)s 4", "%(n)s 5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ({"No such thing": "x"}, "no such message"),
        ({"%(n)s day|%(n)s days": ["%(n)s"]}, "2 forms are needed"),
        ({"%(n)s day|%(n)s days": "%(n)s"}, "a list of 2 forms is needed"),
        ({"%(n)s day|%(n)s days": ["%(m)s", "%(n)s"]}, "the names in %(…)s must be n"),
        ({"Plain words": ["x"]}, "one text is needed"),
        ({"Plain words": "%(n)s"}, "the names in %(…)s must be none"),
    ],
)
def test_words_that_do_not_fit_are_refused(project: Path, words: dict[str, Any], fault: str) -> None:
    run()
    before = po(project, "fr")
    assert fault in fill(project, "fr", words)
    assert po(project, "fr") == before


def test_message_that_left_the_code_leaves_the_catalogue_and_a_changed_one_starts_empty(project: Path) -> None:
    run()
    fill(project, "fr", {"Plain words": "Mots simples", "Said in code": "Dit"})
    page = project / "openregion" / "room" / "templates" / "room" / "page.html"
    page.write_text(page.read_text().replace("Plain words", "Plainer words"))
    run()
    with io.StringIO(po(project, "fr")) as source:
        catalog = read_po(source)
    assert catalog.get("Plain words") is None
    assert (catalog["Plainer words"].string, catalog["Said in code"].string) == ("", "Dit")
    assert "#~" not in po(project, "fr")


@pytest.mark.row("L-3")
def test_language_with_nothing_said_compiles_to_a_catalogue_that_falls_back(project: Path) -> None:
    run()
    assert said(project, "zgh").ngettext("%(n)s day", "%(n)s days", 1) == "%(n)s day"
    assert "%(n)s day" not in said(project, "zgh")._catalog  # type: ignore[attr-defined]


def test_compiling_writes_only_what_changed(project: Path) -> None:
    run()
    assert run("--compile") == "languages 4 · compiled 0\n"
    (project / "locale" / "fr" / "LC_MESSAGES" / "django.mo").unlink()
    assert run("--compile") == "languages 4 · compiled 1\n"
    assert run(compile=True, verbosity=0) == ""


def test_unknown_language_is_refused(project: Path) -> None:
    with pytest.raises(CommandError, match="not a language"):
        run("--missing", "de")
