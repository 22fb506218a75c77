"""Gathers the platform's messages into locale/, and compiles them; no gettext tool is needed."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.translation.template import templatize

LANGUAGES = ("ar", "fr", "en", "zgh")
SOURCE = "en"  # what code and templates are written in: its msgstr stay empty
CONTEXT = "\x04"  # between a context and its message, as gettext writes it

_PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
    "n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5)",
    "fr": "nplurals=2; plural=(n > 1)",
    "en": "nplurals=2; plural=(n != 1)",
    "zgh": "nplurals=2; plural=(n > 1)",
}
_KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_CONTEXT_FIRST = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
_PLURAL = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


class Command(BaseCommand):
    """Keeps locale/<lang>/LC_MESSAGES/django.po in step with the code; translations are never guessed."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Take what to do; nothing said: gather, then compile."""
        parser.add_argument("--compile", action="store_true", help="only compile what is there (at each start)")
        parser.add_argument("--missing", metavar="LANG", help="print what LANG lacks, as JSON to fill")
        parser.add_argument(
            "--fill", nargs=2, metavar=("LANG", "FILE"), help="fill LANG from JSON ({msgid: words}; - reads stdin)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked, and end with one line of figures."""
        if options["missing"]:
            lacking = _missing(_read(_known(options["missing"])))
            self.stdout.write(json.dumps(lacking, ensure_ascii=False, indent=1))
            return
        if options["fill"]:
            self._fill(_known(options["fill"][0]), options["fill"][1])
        elif not options["compile"]:
            self._gather()
        compiled = sum(_compile(lang) for lang in LANGUAGES)
        if options["compile"] and options["verbosity"]:
            self.stdout.write(f"languages {len(LANGUAGES)} · compiled {compiled}")

    def _gather(self) -> None:
        found = _gathered()
        told = [f"messages {len(found)}"]
        for lang in LANGUAGES:
            catalog = _brought_in_step(lang, found)
            _write(lang, catalog)
            if lang != SOURCE:
                told.append(f"{lang} missing {len(_missing(catalog))}")
        self.stdout.write(" · ".join(told))

    def _fill(self, lang: str, file: str) -> None:
        given = json.loads(sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8"))
        catalog = _read(lang)
        keys = {_key(message): message for message in catalog if message.id}
        filled = unknown = refused = empty = 0
        for key, words in given.items():
            message = keys.get(key)
            if message is None:
                unknown += 1
                self.stderr.write(f"no such message: {key}")
            elif not words or not all(words):
                empty += 1
            elif problem := _fault(message, words, catalog.num_plurals):
                refused += 1
                self.stderr.write(f"{problem}: {key}")
            else:
                message.string = tuple(words) if message.pluralizable else words
                filled += 1
        _write(lang, catalog)
        counts = {"read": len(given), "filled": filled, "empty": empty, "unknown": unknown, "refused": refused}
        self.stdout.write(" · ".join(f"{name} {count}" for name, count in counts.items()))


def _known(lang: str) -> str:
    if lang not in LANGUAGES:
        raise CommandError(f"{lang!r} is not a language of the platform ({', '.join(LANGUAGES)})", returncode=2)
    return lang


def _gathered() -> Catalog:
    """Gather every message of the package, in the order of the files."""
    found = Catalog()
    package = settings.ROOT / "openregion"
    for path in sorted(package.rglob("*.py")):
        _add(found, path, path.read_bytes())
    for path in sorted([*package.rglob("templates/**/*.html"), *package.rglob("templates/**/*.txt")]):
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        # What is left of a template is not Python: indented, it could not even be read word by word.
        _add(found, path, "\n".join(line.strip() for line in source.splitlines()).encode())
    return found


def _add(found: Catalog, path: Path, source: bytes) -> None:
    place = (path.relative_to(settings.ROOT).as_posix(), 0)
    calls: Any = extract_python(io.BytesIO(source), _KEYWORDS, ["Translators:"], {})
    for _, keyword, message, comments in calls:
        parts = [part for part in ([message] if isinstance(message, str) else message or ()) if isinstance(part, str)]
        context = parts.pop(0) if keyword in _CONTEXT_FIRST and len(parts) > 1 else None
        if not parts or not parts[0]:
            continue
        words = tuple(parts[:2]) if keyword in _PLURAL and len(parts) > 1 else parts[0]
        found.add(words, locations=[place], auto_comments=[line.strip() for line in comments], context=context)


def _brought_in_step(lang: str, found: Catalog) -> Catalog:
    """Give the language's catalogue with exactly the messages found, and its translations of those kept."""
    before = {_key(message): message for message in _read(lang) if message.id}
    after = _blank(lang)
    for message in found:
        if not message.id:
            continue
        old = before.get(_key(message))
        words = old.string if old is not None and lang != SOURCE and old.pluralizable == message.pluralizable else None
        after.add(
            message.id,
            string=words or (("",) * after.num_plurals if message.pluralizable else ""),
            locations=sorted(set(message.locations)),
            auto_comments=message.auto_comments,
            user_comments=old.user_comments if old is not None else (),
            flags={flag for flag in message.flags if flag != "fuzzy"},
            context=message.context,
        )
    return after


def _missing(catalog: Catalog) -> dict[str, Any]:
    return {
        _key(message): [""] * catalog.num_plurals if message.pluralizable else ""
        for message in catalog
        if message.id and not _is_said(message)
    }


def _key(message: Message) -> str:
    """Name a message: its context, its singular and its plural."""
    told = "|".join(message.id) if isinstance(message.id, list | tuple) else str(message.id)
    return f"{message.context}{CONTEXT}{told}" if message.context else told


def _is_said(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def _fault(message: Message, words: Any, plurals: int) -> str:
    """Say what is wrong with a translation given; empty when nothing is."""
    if message.pluralizable != isinstance(words, list):
        return f"a list of {plurals} forms is needed" if message.pluralizable else "one text is needed"
    if message.pluralizable and len(words) != plurals:
        return f"{plurals} forms are needed"
    known = {name for one in _forms(message.id) for name in _PLACEHOLDER.findall(one)}
    for one in _forms(words):
        named = set(_PLACEHOLDER.findall(one))
        if named - known or (not message.pluralizable and named != known):
            return f"the names in %(…)s must be {', '.join(sorted(known)) or 'none'}"
    return ""


def _forms(words: Any) -> list[str]:
    return [str(one) for one in words] if isinstance(words, list | tuple) else [str(words)]


def _path(lang: str, ending: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / lang / "LC_MESSAGES" / f"django.{ending}"


def _header(lang: str) -> str:
    """Write the head of a catalogue: nothing in it changes from one day or machine to the next."""
    lines = [
        f"Language: {lang}", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit", f"Plural-Forms: {_PLURALS[lang]};",
    ]  # fmt: skip
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"


def _blank(lang: str) -> Catalog:
    return read_po(io.StringIO(_header(lang)), locale=lang)


def _read(lang: str) -> Catalog:
    path = _path(lang, "po")
    if not path.exists():
        return _blank(lang)
    with path.open(encoding="utf-8") as source:
        return read_po(source, locale=lang, ignore_obsolete=True)


def _write(lang: str, catalog: Catalog) -> None:
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=True, include_lineno=False, ignore_obsolete=True)
    _replace(_path(lang, "po"), (_header(lang) + out.getvalue().decode().lstrip("\n")).encode())


def _compile(lang: str) -> int:
    """Compile a language's messages unless they are already; say how many files were written.

    A message said in part is left out whole: an empty form would show as nothing,
    while one left out shows in the language that stands in for it.
    """
    source, target = _path(lang, "po"), _path(lang, "mo")
    if target.exists() and source.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return 0
    whole, said = _read(lang), _blank(lang)
    for message in _said(whole):
        said.add(message.id, string=message.string, context=message.context)
    out = io.BytesIO()
    write_mo(out, said)
    _replace(target, out.getvalue())
    return 1


def _said(catalog: Catalog) -> Iterator[Message]:
    yield from (message for message in catalog if message.id and not message.fuzzy and _is_said(message))


def _replace(path: Path, content: bytes) -> None:
    """Write a file in one move: another process may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)
