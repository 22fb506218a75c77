"""What ``manage.py check`` says of the methodology: it holds together, or which lines to add."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from inspect import getmembers, isfunction
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register

from openregion.core.languages import WORKING
from openregion.guide.queries import BadGuide, fingerprint, open_folder, versions, words_in_braces
from openregion.guide.queries import operations as operations_of
from openregion.guide.schema import Guide, Text


@register("guide")
def guides_hold_together(**kwargs: Any) -> list[Error]:
    """Check every version: schemas, codes that answer each other, deeds that exist, released hashes."""
    found = [(version, sentence) for version in versions() for sentence in faults(version)]
    return [Error(f"{version}: {sentence}", id="guide.E001") for version, sentence in found] or _released_unchanged()


def faults(version: str) -> list[str]:
    """List what is wrong with a version, as sentences."""
    try:
        book = open_folder(Path(settings.GUIDES) / version)
    except BadGuide as error:
        return error.problems
    return [
        *_unknown_actors(book),
        *_unknown_codes(book),
        *_doubled_codes(book),
        *_unknown_deeds(book),
        *_letter_faults(book),
    ]


def known_deeds() -> dict[str, str]:
    """Map every deed to its room: the public functions of each room's ``actions``."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.actions"
        if not config.name.startswith("openregion.") or find_spec(name) is None:
            continue
        module = import_module(name)
        for deed, function in getmembers(module, isfunction):
            if function.__module__.startswith(name) and not deed.startswith("_"):
                found[deed] = config.label
    return found


def _unknown_actors(book: Guide) -> Iterator[str]:
    """Name each actor that is missing once, with the places that name it and the lines to add."""
    known = {actor.code for actor in book.actors}
    places: dict[str, list[str]] = {}
    words: dict[str, Text] = {}
    for stage in book.stages:
        for procedure in stage.procedures:
            for line in procedure.stakeholders:
                for code in line.actors:
                    if code not in known:
                        places.setdefault(code, []).append(f"{stage.code} › {procedure.code} › {line.code}")
                        words.setdefault(code, line.text)
    for code, where in places.items():
        label = "\n".join(f"      {lang}: {json.dumps(words[code].in_(lang), ensure_ascii=False)}" for lang in WORKING)
        yield (
            f"no actor is called {code!r}; add to actors.yaml, or correct {', '.join(where)}\n"
            f"  - code: {code}\n    label:\n{label}\n    seated_as: role | seat | directory\n    of: …"
        )


def _unknown_codes(book: Guide) -> Iterator[str]:
    references = {reference.code for reference in book.references}
    forms = {form.code for form in book.forms}
    topics = {topic.code for topic in book.topics}
    bodies = {body.code for body in book.book.bodies}
    duties = {duty.code for duty in book.book.duties}
    seats = {
        "role": {role.code for role in book.roles},
        "seat": bodies,
        "directory": {category.code for category in book.directory},
    }
    for actor in book.actors:
        if actor.of not in seats[actor.seated_as]:
            yield f"actors › {actor.code}: no {actor.seated_as} is called {actor.of!r}"
    for rule in book.rules:
        if rule.topic not in topics:
            yield f"rules › {rule.code}: no topic is called {rule.topic!r}"
    for body in book.book.bodies:
        missing = [code for code in body.never_with if code not in bodies]
        yield from (f"guide.yaml › bodies › {body.code}: no body is called {code!r}" for code in missing)
    for stage in book.stages:
        for procedure in stage.procedures:
            where = f"stages › {stage.code} › {procedure.code}"
            for line in procedure.references:
                missing = [code for code in line.cites if code not in references]
                yield from (f"{where} › {line.code}: no reference is called {code!r}" for code in missing)
            for operation in procedure.operations:
                missing = [code for code in operation.forms if code not in forms]
                yield from (f"{where} › {operation.code}: no form is called {code!r}" for code in missing)
                missing = [code for code in operation.duties if code not in duties]
                yield from (f"{where} › {operation.code}: no duty is called {code!r}" for code in missing)
    yield from _mapping_faults(book)


def _mapping_faults(book: Guide) -> Iterator[str]:
    lists = {values.code: {item.code for item in values.items} for values in book.book.value_lists}
    for row in book.book.value_mapping:
        pairs = [("ogp", row.ogp), *(("programme", c) for c in row.programme)]
        pairs += [*(("diagnosis", c) for c in row.diagnosis), *(("tests", c) for c in row.tests)]
        for name, code in pairs:
            if code not in lists.get(name, set()):
                yield f"guide.yaml › value_mapping › {row.ogp}: {code!r} is not in the list {name!r}"


def _letter_faults(book: Guide) -> Iterator[str]:
    """Name operations no stage has, words in braces nobody explains, and those a language forgot."""
    operations = {one.code for one in operations_of(book)}
    known = {word.code for word in book.letter_words}
    for letter in book.letters:
        where = f"letters.yaml › {letter.code}"
        missing = [code for code in letter.operations if code not in operations]
        yield from (f"{where} › operations: no operation is called {code!r}" for code in missing)
        for field in ("addressee", "signatory", "subject", "body"):
            text: Text = getattr(letter, field)
            used = {lang: set(words_in_braces(text.in_(lang))) for lang in WORKING}
            whole = set().union(*used.values())
            for code in sorted(whole - known):
                yield f"{where} › {field}: {{{code}}} is not in letter_words; add it there, or correct its spelling"
            for lang in WORKING:
                for code in sorted(whole - used[lang]):
                    yield f"{where} › {field}: the {lang} text has no {{{code}}}, and another language has it"


def _doubled_codes(book: Guide) -> Iterator[str]:
    operations = [o.code for s in book.stages for p in s.procedures for o in p.operations]
    groups: dict[str, list[str]] = {
        "actors": [actor.code for actor in book.actors],
        "roles": [role.code for role in book.roles],
        "references": [reference.code for reference in book.references],
        "rules": [rule.code for rule in book.rules],
        "stages": [stage.code for stage in book.stages],
        "forms": [form.code for form in book.forms],
        "operations": operations,
        "bodies": [body.code for body in book.book.bodies],
        "directory": [category.code for category in book.directory],
        "topics": [topic.code for topic in book.topics],
        "letters": [letter.code for letter in book.letters],
        "letter_words": [word.code for word in book.letter_words],
    }
    for name, codes in groups.items():
        yield from (f"{name}: the code {code!r} is used {n} times" for code, n in Counter(codes).items() if n > 1)


def _unknown_deeds(book: Guide) -> Iterator[str]:
    deeds = known_deeds()
    named = [(f"roles.yaml › {role.code}", deed) for role in book.roles for deed in role.deeds]
    named += [
        (f"stages › {stage.code} › {operation.code}", deed)
        for stage in book.stages
        for procedure in stage.procedures
        for operation in procedure.operations
        for deed in operation.proved_by
    ]
    yield from (f"{where}: no room has a deed called {deed!r}" for where, deed in named if deed not in deeds)


def _released_unchanged() -> list[Error]:
    path = Path(settings.GUIDES) / "released.yaml"
    released = yaml.safe_load(path.read_text()) if path.exists() else {}
    return [
        Error(
            f"{version}: released, and its content changed; a wording fix is a new folder {version}.1",
            id="guide.E002",
        )
        for version, sha in (released or {}).items()
        if version not in versions() or fingerprint(version) != sha
    ]
