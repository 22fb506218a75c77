"""What the columns of a file of contributions are: guessed from their names and what they hold, or said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.analysis import tables
from openregion.analysis.normaliser import plain
from openregion.core.refusal import Refused

PARTS = ("text", "problem", "idea", "effect")
TARGETS: dict[str, Promise] = {
    "text": gettext_lazy("Whole text"),
    "problem": gettext_lazy("Problem seen"),
    "idea": gettext_lazy("Idea"),
    "effect": gettext_lazy("Expected effect"),
    "theme": gettext_lazy("Theme"),
    "province": gettext_lazy("Province it speaks of"),
    "lang": gettext_lazy("Language"),
    "date": gettext_lazy("Day it was given"),
    "channel": gettext_lazy("How it was given"),
    "id": gettext_lazy("Its number or code in the file"),
}
# What is wrong with a row, and what to do about it.
_NOT_TABLES: dict[str, Promise] = {
    "empty": gettext_lazy("This file is empty. Choose the file that holds the contributions."),
    "pdf": gettext_lazy("This is a PDF, not a table. Ask for the table as CSV."),
    "spreadsheet": gettext_lazy(
        "This is a spreadsheet or an office file. Save its sheet as “CSV UTF-8”, then use that."
    ),
    "picture": gettext_lazy("This is a picture, not a table. Ask for the table as CSV."),
    "archive": gettext_lazy("This is a compressed file. Open it, then use the CSV file that is in it."),
    "binary": gettext_lazy("This is not a table. Save it as “CSV UTF-8”, then use that."),
}

# What columns are called, folded; a whole name counts most, then its first words, then a word of it.
_HEADERS: dict[str, str] = {
    "text": "texte|text|contribution|contributions|message|commentaire|comment|reponse|response|answer|avis|opinion"
    "|verbatim|contenu|content|النص|نص|المساهمه|مساهمه|الراي|راي|تعليق|الجواب|جواب|محتوي",
    "problem": "probleme|problem|constat|difficulte|besoin|المشكل|مشكل|المشكله|الاشكال|الاشكاليه|الصعوبه",
    "idea": "idee|idea|proposition|proposal|suggestion|solution|الفكره|فكره|المقترح|مقترح|الاقتراح|اقتراح|الحل|حل",
    "effect": "effet|effect|impact|resultat|result|benefice|الاثر|اثر|النتيجه|نتيجه",
    "theme": "theme|thematique|axe|categorie|category|topic|sujet|المحور|محور|الموضوع|موضوع|المجال",
    "province": "province|prefecture|territoire|territory|الاقليم|اقليم|العماله|عماله",
    "lang": "langue|language|lang|اللغه|لغه",
    "id": "id|identifiant|identifier|uid|numero|num|no|n|number|reference|ref|code|المعرف|معرف|الرقم|رقم|الترقيم",
    "date": "date|horodateur|timestamp|jour|day|recu le|created at|submitted at|التاريخ|تاريخ",
    "channel": "canal|channel|voie|mode|القناه|قناه|الطريقه",
}
# Columns about people rather than what they say: never read, least of all as the row's own number.
_PERSONAL = frozenset(
    re.split(
        r"\|",
        "telephone|tel|gsm|phone|mobile|mail|email|courriel|adresse|address|cin|cnie|nom|prenom|name|fullname|ip"
        "|الهاتف|هاتف|البريد|بريد|الاسم|اسم|العنوان|عنوان",
    )
)
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Column:
    """What a first reading finds in a column."""

    name: str
    filled: int
    length: float
    wordless: int
    repeats: bool


@dataclass(frozen=True)
class Survey:
    """What a first reading finds in a file: how to read it, how many rows, what is in its columns."""

    shape: tables.Shape
    total: int
    columns: tuple[Column, ...]


def why_not_a_table(error: tables.NotATable) -> str:
    """Say in words why a file cannot be read as a table."""
    return str(_NOT_TABLES[error.kind])


def survey(file: BinaryIO, *, encoding: str = "") -> Survey:
    """Read a file through once: how it is read, how many rows it has, what its columns hold.

    Raises ``Refused`` for what is no table.
    """
    try:
        shape = tables.shape_of(file, encoding=encoding)
    except tables.NotATable as error:
        raise Refused(why_not_a_table(error)) from error
    except LookupError as error:
        raise Refused(_("“%(name)s” is not the name of an encoding.") % {"name": encoding}) from error
    width = len(shape.names)
    filled, lengths, wordless = [0] * width, [0] * width, [0] * width
    seen: dict[int, set[int]] = {i: set() for i, name in enumerate(shape.names) if _likeness(name, "id")}
    repeated: set[int] = set()
    total = 0
    for row in tables.rows_of(file, shape):
        total += 1
        if row.fault:
            continue
        for i, cell in enumerate(row.cells):
            if not (text := cell.strip()):
                continue
            filled[i] += 1
            lengths[i] += len(text)
            wordless[i] += not any(map(str.isalpha, text[:40]))
            if i in seen:
                known = hash(text)
                if known in seen[i]:
                    repeated.add(i)
                seen[i].add(known)
    if not total:
        raise Refused(_("This file has a header and no row under it."))
    columns = tuple(
        Column(name, filled[i], lengths[i] / (filled[i] or 1), wordless[i], i in repeated)
        for i, name in enumerate(shape.names)
    )
    return Survey(shape, total, columns)


def guess(found: Survey) -> dict[str, str]:
    """Guess what each column is, from its name, then from what it holds: the longest texts are the text."""
    guessed: dict[str, str] = {}
    likely = sorted(
        ((-_likeness(column.name, target), rank, place) for rank, target in enumerate(_HEADERS)
         for place, column in enumerate(found.columns) if _likeness(column.name, target)),
    )  # fmt: skip
    targets, taken = tuple(_HEADERS), set()
    for _score, rank, place in likely:
        target, column = targets[rank], found.columns[place]
        if target in guessed or place in taken or not column.filled:
            continue
        if target in PARTS and column.wordless > column.filled / 2:
            continue
        # A column of ids that repeats, or that half the rows lack, numbers something else than the rows.
        if target == "id" and (column.repeats or column.filled < found.total / 2):
            continue
        guessed[target] = column.name
        taken.add(place)
    if not any(part in guessed for part in PARTS):
        free = [c for i, c in enumerate(found.columns) if i not in taken and c.wordless <= c.filled / 2 and c.filled]
        if free:
            guessed["text"] = max(free, key=lambda column: column.length).name
    return guessed


def chosen(found: Survey, asked: Mapping[str, str]) -> dict[str, str]:
    """Give what each column is: as asked, and guessed for what was not asked about.

    A column is named by its header, or by its place from 1; an empty name says
    that there is none. Raises ``Refused`` for a column that the file does not have.
    """
    names = found.shape.names
    given: dict[str, str] = {}
    for target, name in asked.items():
        if target not in TARGETS:
            known = ", ".join(TARGETS)
            raise Refused(
                _("“%(name)s” is not something a column can be: %(known)s.") % {"name": target, "known": known}
            )
        if name and name not in names and name.isdecimal() and 0 < int(name) <= len(names):
            name = names[int(name) - 1]
        if name and name not in names:
            listed = ", ".join(names)
            raise Refused(
                _("The file has no column “%(name)s”. It has: %(listed)s.") % {"name": name, "listed": listed}
            )
        given[target] = name
    guessed = {target: name for target, name in guess(found).items() if name not in given.values()}
    columns = {target: name for target, name in (guessed | given).items() if name}
    if not any(part in columns for part in PARTS):
        raise Refused(_("No column holds text. Say which one does."))
    return columns


def asked_of(text: str) -> dict[str, str]:
    """Read ``text=Contribution,theme=Axe`` as what each column is; a comma in a column's name stays in it."""
    keys = "|".join(TARGETS)
    found: dict[str, str] = {}
    for part in re.split(rf",(?=\s*(?:{keys})\s*=)", text):
        target, equals, name = part.partition("=")
        if not equals:
            raise Refused(_("Write columns as text=NAME,theme=NAME: “%(part)s” is not so.") % {"part": part})
        found[target.strip()] = name.strip()
    return found


def _likeness(header: str, target: str) -> int:
    words = _WORDS.findall(plain(header))
    whole = " ".join(words)
    # "Nom de la province" names a place; "numéro de téléphone" numbers nobody's contribution.
    if target == "id" and not _PERSONAL.isdisjoint(words):
        return 0
    best = 0
    for name in _HEADERS[target].split("|"):
        if whole == name:
            return 3
        if whole.startswith(f"{name} ") or whole.endswith(f" {name}"):
            best = max(best, 2)
        elif f" {name} " in f" {whole} ":
            best = max(best, 1)
    return best
