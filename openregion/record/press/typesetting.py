"""Sets a paper as a PDF: tagged, PDF/UA-1 declared, same bytes every time.

Every word travels to Typst as JSON. ``paper.typ`` prints it and never reads it
as markup, so ``#eval(…)`` in a suggestion comes out as those very characters.
"Tagged, PDF/UA-1 declared" is all we may claim: no certified validator was run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from openregion.core.languages import body_lang, direction
from openregion.core.paper import (
    Blank,
    Block,
    Fields,
    Heading,
    ItemList,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Quote,
    Sign,
    Table,
)
from openregion.record.press import tagging
from openregion.record.press.columns import LINE, figures, shares
from openregion.record.press.directions import Line, line
from openregion.record.press.glyphs import FONT_FOLDERS, printable
from openregion.record.press.labels import in_groups, labels, printed_day, short
from openregion.record.press.steady import steady

_TEMPLATE = Path(__file__).parent / "paper.typ"

# A place where a word may be cut; ``paper.typ`` turns it into next to no width.
_CUT = "\u200b"
_LONG_WORD = 34

# What is kept together must fit a page with room to spare: asked to keep more,
# Typst tries page after page (24 GB for one hostile table head).
_LONG_BLANK = 20  # lines of handwriting
_SHORT_LIST = 6  # items of a list that is not cut
_MOST_KEPT = 400  # characters of a heading, a caption, a head
_TALLEST_ROW = 18  # lines in a cell
# How large a sign is written, in points: what is short fills the page, and a long word still stands whole on its line.
_SIGN_SIZES = ((3, 220), (8, 96), (16, 72), (40, 54), (120, 34))
_SMALLEST_SIGN = 20

Json = dict[str, Any]


def pdf(paper: Paper, fingerprint: str = "") -> bytes:
    """The official paper, for the archive, the printer and the screen reader.

    ``fingerprint`` is that of what was voted, when it is not this paper itself;
    its start is on every page, the whole of it on the last.
    """
    print_ = fingerprint or paper.sha256()
    ready = steady(paper, lambda text: printable(text).replace(_CUT, "").replace("\t", " ").strip())
    made = _compile(sheet(ready, print_), timestamp=_instant(ready))
    return tagging.finish(made, title=ready.title, lang=labels(paper.lang).language_tag, named_rows=_named_rows(ready))


def sheet(paper: Paper, fingerprint: str) -> Json:
    """What the Typst template receives: nothing but words, numbers and choices."""
    lang = body_lang(paper.lang)
    words = labels(paper.lang)
    dated = printed_day(paper.dated, lang) if paper.dated else ""
    meta = [(words.reference, paper.reference), (words.dated, dated)]
    colophon = [(words.source, paper.source_note), ("" if paper.sheets else words.address, paper.address)]
    return {
        "lang": lang,
        "rtl": direction(lang) == "rtl",
        "colon": words.colon,
        "title": _text(paper.title, lang),
        "plain_title": paper.title,
        "date": [paper.dated.year, paper.dated.month, paper.dated.day] if paper.dated else None,
        "kind": _text(paper.kind, lang),
        "subtitle": _text(paper.subtitle, lang),
        "notice": _text(paper.notice, lang),
        "meta": [[_text(label, lang), _text(value, lang)] for label, value in meta if value],
        "running": [_text(short(text), lang) for text in (paper.reference, _bare(paper.address)) if text],
        "dated": [_text(dated, lang)] if dated else [],
        "fingerprint": [_text(words.fingerprint, lang), in_groups(fingerprint), fingerprint],
        "sheets": paper.sheets,
        "keep_colophon": len(paper.source_note + paper.address) <= 2 * _MOST_KEPT,
        "colophon": [[_text(label, lang), _text(value, lang)] for label, value in colophon if label and value],
        "words": {name: _text(getattr(words, name), lang) for name in ("page", "of", "nothing", "yes", "no")},
        "blocks": _blocks(paper.blocks, lang),
    }


def _blocks(blocks: Sequence[Block], lang: str) -> list[Json]:
    """The blocks; the words that lead to what follows stay with it, so that neither stands alone on a page."""
    made = [_block(block, lang) for block in blocks]
    for at, block in enumerate(blocks[1:], 1):
        before = blocks[at - 1]
        if isinstance(before, Paragraph) and _leads_to(before, block, blocks[at - 2] if at > 1 else None):
            made[at - 1]["sticks"] = len(before.text) <= 2 * _MOST_KEPT
    if blocks and isinstance(blocks[-1], Paragraph):
        # The colophon, which comes next, would else stand alone on a page.
        made[-1]["sticks"] = len(blocks[-1].text) <= _MOST_KEPT
    return made


def _leads_to(words: Paragraph, after: Block, before: Block | None) -> bool:
    """Whether words belong to what comes after them: the box to sign, a list they announce, a smaller heading."""
    match after:
        case Blank():
            return after.kind == "box"
        case ItemList() | Quote() | Table():
            return words.text.rstrip().endswith((":", "\uff1a"))
        case Heading():
            # Only towards a smaller one: so no more than three can stick to each other.
            return isinstance(before, Heading) and before.level < after.level and len(words.text) <= LINE
    return False


def _block(block: Block, lang: str) -> Json:
    """One block as the template knows it, by its ``is``."""
    match block:
        case Heading(level, text):
            return {"is": "heading", "level": level, "text": _text(text, lang), "sticks": len(text) <= _MOST_KEPT}
        case Paragraph(text, own):
            return {"is": "paragraph", "lines": _paragraphs(text, own or lang), "sticks": False}
        case Quote(text, own):
            return {"is": "quote", "lines": _paragraphs(text, own or lang, own_words=True)}
        case Note(text):
            return {"is": "note", "lines": _paragraphs(text, lang)}
        case ItemList(items, numbered):
            keep = len(items) <= _SHORT_LIST and sum(map(len, items)) <= 2 * _MOST_KEPT
            return {"is": "list", "numbered": numbered, "items": [_text(item, lang) for item in items], "keep": keep}
        case Table():
            return _table(block, lang)
        case Fields(pairs):
            return {
                "is": "fields",
                "by_hand": block.by_hand,
                "pairs": [[_text(label, lang), _text(value, lang)] for label, value in pairs],
            }
        case Blank():
            return _blank(block, lang)
        case PageBreak():
            return {"is": "page-break"}
        case Sign(text, figure, pointing):
            return {
                "is": "sign",
                "text": _text(text, lang),
                "size": _sign_size(text),
                "figure": _text(figure, lang),
                "figure_size": _sign_size(figure),
                "pointing": pointing,
            }


def _table(table: Table, lang: str) -> Json:
    """A table with its widths; words that no column could hold whole may be cut."""
    parts = shares(table)
    room = [max(6, LINE * part // 100 - 2) for part in parts]
    rows = [[_text(cell, lang, room[at]) for at, cell in enumerate(row)] for row in table.rows]
    tallest = max((_height(cell, room[at]) for row in table.rows for at, cell in enumerate(row)), default=0)
    head_is_short = all(_height(cell, room[at]) <= _TALLEST_ROW // 3 for at, cell in enumerate(table.head))
    return {
        "is": "table",
        "caption": _text(table.caption, lang),
        "head": [_text(cell, lang, room[at]) for at, cell in enumerate(table.head)],
        "rows": rows,
        "row_headers": table.row_headers,
        "by_hand": table.by_hand,
        "empty": bool(table.rows) and not any(cell.strip() for row in table.rows for cell in row),
        "parts": parts,
        "figures": figures(table),
        "keep_rows": head_is_short and tallest <= _TALLEST_ROW,
        "repeat_head": head_is_short,
        "sticks": head_is_short and len(table.caption) <= _MOST_KEPT,
    }


def _blank(blank: Blank, lang: str) -> Json:
    """A question to answer by hand, kept on one page unless it leaves a page of lines."""
    return {
        "is": "blank",
        "kind": blank.kind,
        "label": _text(blank.label, lang),
        "help": [_text(text, lang) for text in blank.help if text],
        "lines": blank.lines,
        "in_a_row": blank.in_a_row,
        "choices": [_text(choice, lang) for choice in blank.choices],
        "keep": _fits_a_page(blank),
    }


def _fits_a_page(blank: Blank) -> bool:
    """Whether a question and its room can be asked to stay together."""
    said = (blank.label, *blank.help)
    return (
        blank.lines <= _LONG_BLANK
        and len(blank.choices) <= _LONG_BLANK
        and sum(map(len, blank.choices)) <= 3 * _MOST_KEPT
        and len(said) <= _LONG_BLANK // 2
        and sum(map(len, said)) <= 3 * _MOST_KEPT
        and sum(text.count("\n") for text in (*said, *blank.choices)) <= _LONG_BLANK
    )


def _sign_size(text: str) -> int:
    """Give the size of a sign's words: by their length, and by the longest of them, which is never cut."""
    longest = max(map(len, text.split()), default=0)
    by_length = next((size for most, size in _SIGN_SIZES if len(text) <= most), _SMALLEST_SIGN)
    return max(min(by_length, 700 // max(longest, 1)), _SMALLEST_SIGN)


def _height(cell: str, room: int) -> int:
    """About how many lines a cell takes."""
    return sum(1 + len(part) // room for part in cell.split("\n"))


def _paragraphs(text: str, lang: str, *, own_words: bool = False) -> list[Json]:
    """Each line a person ended is a paragraph."""
    return [
        _set(line(_softened(part.strip(), _LONG_WORD), lang, own_words=own_words))
        for part in text.split("\n")
        if part.strip()
    ]


def _text(text: str, lang: str, room: int = _LONG_WORD) -> Json:
    """A text for one place; its line ends are kept."""
    return _set(line(_softened(text, room), lang))


def _set(cut: Line) -> Json:
    return {"lang": cut.lang, "rtl": cut.rtl, "runs": [[run.text, run.rtl, run.lang] for run in cut.runs]}


def _softened(text: str, room: int) -> str:
    """Mark where a word longer than its place may be cut: after the signs of an address, else anywhere."""
    if len(text) <= room:
        return text
    return re.sub(rf"\S{{{room + 1},}}", lambda word: _cuts(word.group(), room), text)


def _cuts(word: str, room: int) -> str:
    pieces = re.findall(rf"[^/?&=._-]{{1,{min(room, 24)}}}[/?&=._-]*|[/?&=._-]{{1,{room}}}", word)
    return _CUT.join(pieces)


def _bare(address: str) -> str:
    """An address as people say it."""
    return re.sub(r"^https?://", "", address).rstrip("/")


def _named_rows(paper: Paper) -> list[bool]:
    """For each table of the PDF, in order: does the first cell name its row?"""
    found: list[bool] = []
    for block in paper.blocks:
        if isinstance(block, Table) and block.columns:
            found.append(block.row_headers and bool(block.rows))
        elif isinstance(block, Fields) and block.pairs:
            found.append(True)
    return found


def _instant(paper: Paper) -> datetime:
    """The paper's own day, never today's: printing again gives the same bytes."""
    return datetime.combine(paper.dated, time(), UTC) if paper.dated else datetime(2000, 1, 1, tzinfo=UTC)


@cache
def _fonts() -> typst.Fonts:
    """Our fonts and no other: a missing sign fails here as it would elsewhere."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in FONT_FOLDERS],
    )


def _compile(content: Json, *, timestamp: datetime) -> bytes:
    """Run Typst once. A compiler each time: one cannot be shared between threads."""
    compiler = typst.Compiler(str(_TEMPLATE), root=str(_TEMPLATE.parent), font_paths=_fonts(), ignore_system_fonts=True)
    try:
        made = compiler.compile(
            format="pdf",
            sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=int(timestamp.timestamp()),  # typst keeps the first class of datetime it meets; a number has none
        )
    except BaseException as error:
        # A panic in Rust passes by ``except Exception`` and would take the worker with it.
        if type(error).__name__ == "PanicException":
            raise RuntimeError(f"Typst stopped: {error}") from error
        raise
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no PDF")
    return made
