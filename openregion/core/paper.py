"""A paper: what a document states, before anyone decides how it looks.

A room that owes the public a document (a plan, minutes, a form to fill by hand)
returns a ``Paper``. ``record.press`` alone turns it into PDF, DOCX or HTML. The
same paper always gives the same JSON, so its fingerprint can be voted on,
printed, and checked by anyone years later.

Everything here is frozen and holds tuples only: a paper cannot change between
the vote and the print.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any, Literal, get_args

Language = Literal["ar", "fr", "en", "zgh"]
BlankKind = Literal["lines", "box", "yes-no", "choice"]
Pointing = Literal["", "left", "right", "ahead"]

_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a part of the paper, so that one can jump to it.

    Level 1 is a chapter. The press closes gaps (a 3 after a 1 becomes a 2): a
    reader moving by headings must never wonder what was skipped.
    """

    level: int
    text: str

    def __post_init__(self) -> None:
        _ask(self.level in (1, 2, 3), "a heading is of level 1, 2 or 3")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Says one thing. ``lang`` only when it is not the paper's own language."""

    text: str
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class ItemList:
    """Lists things; numbered when their order, or quoting their number, matters."""

    items: tuple[str, ...]
    numbered: bool = False

    def __post_init__(self) -> None:
        _ask_tuples(self.items)


@dataclass(frozen=True, slots=True)
class Table:
    """Compares things cell by cell; the caption is its name.

    With ``row_headers`` the first cell of a row names the row, and a screen
    reader says it before each cell. ``widths`` are relative parts, whole numbers
    so that the fingerprint never depends on how a fraction is written. A table
    without rows is printed and says that there is nothing. One that is filled
    ``by_hand`` has room for a pen in each empty cell, and a line around it.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_headers: bool = False
    widths: tuple[int, ...] | None = None
    by_hand: bool = False

    def __post_init__(self) -> None:
        _ask_tuples(self.head, self.rows, *self.rows)
        _ask(
            all(len(row) == self.columns for row in self.rows),
            "every row of a table has as many cells as its head",
        )
        if self.widths is not None:
            _ask_tuples(self.widths)
            _ask(
                len(self.widths) == self.columns and all(part > 0 for part in self.widths),
                "a table has one width above zero for each column",
            )

    @property
    def columns(self) -> int:
        """How many cells a row has."""
        return len(self.head) if self.head else len(self.rows[0]) if self.rows else 0


@dataclass(frozen=True, slots=True)
class Fields:
    """Sums a thing up: who, where, when, how much, as (label, value) pairs.

    What is empty is written ``by_hand`` where it says so: it has the height for it.
    """

    pairs: tuple[tuple[str, str], ...]
    by_hand: bool = False

    def __post_init__(self) -> None:
        _ask_tuples(self.pairs, *self.pairs)
        _ask(all(len(pair) == 2 for pair in self.pairs), "a field is a label and a value")


@dataclass(frozen=True, slots=True)
class Blank:
    """Leaves room to answer by hand: a question, its help, and the place to write.

    ``lines`` is how many lines of handwriting to leave; the guide's advice comes
    before the room, as on screen. Choices stand one under the other, or follow
    each other ``in_a_row`` where a small paper must hold them all.
    """

    label: str
    help: tuple[str, ...] = ()
    lines: int = 3
    kind: BlankKind = "lines"
    choices: tuple[str, ...] = ()
    in_a_row: bool = False

    def __post_init__(self) -> None:
        _ask_tuples(self.help, self.choices)
        _ask(self.kind in get_args(BlankKind), f"a blank is one of {', '.join(get_args(BlankKind))}")
        _ask(0 <= self.lines <= 200, "a blank leaves between 0 and 200 lines")
        _ask(
            (self.kind == "choice") == bool(self.choices),
            "a blank of kind choice lists its choices, and no other does",
        )


@dataclass(frozen=True, slots=True)
class Quote:
    """Gives a person's own words, in their language and direction, never corrected."""

    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Warns or explains beside the text: a ground, a limit, how to read what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Starts a new page: an annex to hand out, a sheet to sign."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Is read from afar, on a page of its own: a word, a number, an arrow that shows the way.

    ``pointing`` is the side of the wall, the same in every language.
    """

    text: str
    figure: str = ""
    pointing: Pointing = ""

    def __post_init__(self) -> None:
        _ask(self.pointing in get_args(Pointing), f"a sign points one of {', '.join(get_args(Pointing))}")
        _ask(bool(self.text), "a sign says something")


Block = Heading | Paragraph | ItemList | Table | Fields | Blank | Quote | Note | PageBreak | Sign

# How each block is called in the JSON. Never rename one: fingerprints rest on it.
_NAMES: dict[str, type[Block]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "list": ItemList,
    "table": Table,
    "fields": Fields,
    "blank": Blank,
    "quote": Quote,
    "note": Note,
    "page-break": PageBreak,
    "sign": Sign,
}
_NAME_OF = {kind: name for name, kind in _NAMES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """States a whole document, ready to be frozen, voted, printed and checked.

    ``kind`` is the sort of document as a reader would call it ("Action plan",
    "Minutes"), ``dated`` the day it was adopted or issued, ``address`` where the
    living page is. ``notice`` is printed large ("invented data");
    ``source_note`` says at the end where the content comes from. One made of
    ``sheets`` is handed out or hung page by page: its whole fingerprint stands
    at the foot of each, and nothing comes after the last.
    """

    title: str
    lang: Language
    subtitle: str = ""
    kind: str = ""
    reference: str = ""
    dated: date | None = None
    address: str = ""
    notice: str = ""
    source_note: str = ""
    sheets: bool = False
    blocks: tuple[Block, ...] = ()

    def __post_init__(self) -> None:
        _ask(self.lang in get_args(Language), f"a paper is in one of {', '.join(get_args(Language))}")
        _ask_tuples(self.blocks)
        _ask(all(type(block) in _NAME_OF for block in self.blocks), "a paper is made of this module's blocks")

    def as_json(self) -> str:
        """The one way this paper is written down, for the fingerprint and the archive.

        Canonical: sorted keys, no spaces, real letters instead of escapes. A value
        left at its default is not written, so a field added next year does not
        change the fingerprint of what was voted this year.
        """
        stated = _stated(self) | {
            "blocks": [{"block": _NAME_OF[type(block)], **_stated(block)} for block in self.blocks]
        }
        text = json.dumps(stated, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return _LONE_SURROGATES.sub("\ufffd", text)

    def sha256(self) -> str:
        """The fingerprint: anyone with the JSON gets the same 64 characters."""
        return hashlib.sha256(self.as_json().encode("utf-8")).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> Paper:
        """The paper again, from what was archived; equal to the one that wrote it."""
        stated = json.loads(text)
        blocks = tuple(_block(dict(entry)) for entry in stated.pop("blocks", ()))
        if dated := stated.pop("dated", None):
            stated["dated"] = date.fromisoformat(dated)
        return cls(**stated, blocks=blocks)


def _stated(thing: Paper | Block) -> dict[str, Any]:
    """A thing's values that are not the default, without a paper's blocks."""
    out: dict[str, Any] = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        if field.name == "blocks" or (field.default is not MISSING and value == field.default):
            continue
        out[field.name] = value.isoformat() if isinstance(value, date) else value
    return out


def _block(entry: dict[str, Any]) -> Block:
    """One block from its JSON; an unknown name is refused rather than dropped."""
    name = entry.pop("block", "")
    _ask(name in _NAMES, f"unknown block {name!r}")
    return _NAMES[name](**{key: _as_tuples(value) for key, value in entry.items()})


def _as_tuples(value: Any) -> Any:
    """JSON's lists as the tuples a paper holds."""
    return tuple(_as_tuples(item) for item in value) if isinstance(value, list) else value


def _ask(holds: bool, otherwise: str) -> None:
    """Refuse a paper that cannot be printed, where it is written and not where it is printed."""
    if not holds:
        raise ValueError(otherwise)


def _ask_tuples(*values: object) -> None:
    """A list could still change after the vote."""
    _ask(all(isinstance(value, tuple) for value in values), "a paper holds tuples, never lists")
