"""Writes a paper as an editable Word document, for a committee to work on.

The templates hold the looks (``tools/make_docx_templates.py`` makes them); here
are the words, and what a template cannot say: column widths, lists that start
again at 1, the language, the document's properties.

A person's words can do nothing: the templating is sandboxed, what it prints is
escaped, and no field, macro or link is ever made from them.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

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
from openregion.record.press.columns import shares
from openregion.record.press.directions import Line, Run, line
from openregion.record.press.glyphs import safe
from openregion.record.press.labels import Labels, in_groups, labels, printed_day, short
from openregion.record.press.steady import steady

_TEMPLATES = Path(__file__).parent / "templates"
_PAGE_WIDTH = 9298  # twentieths of a point between the margins: 164 mm
_FIELD_SHARES = (30, 70)
_PEN_HEIGHT = 540  # twentieths of a point: 9.5 mm
_TICK = "     \u2610   "  # between two choices of a row; the template writes the first box
_LARGEST_SIGN = 72  # points: a sign is read from afar, and its longest word still holds on a line
_ARROWS = {"left": "\u2190", "right": "\u2192", "ahead": "\u2191"}
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_LATIN_LANGUAGES = {"ar": "fr-MA", "fr": "fr-MA", "en": "en-GB"}  # Word has no en-MA

_EMPTY_RUN = re.compile(r"<w:r><w:t(?: [^>]*)?(?:/>|></w:t>)</w:r>")
_MARK = "\u200e"  # left-to-right mark
_ARABIC_MARK = "\u200f"

# What docxtpl would turn back into template marks after printing.
_MARKS = (("{_", "{&#95;"), ("_}", "&#95;}"), ("%_", "%&#95;"))


@dataclass(frozen=True, slots=True)
class Words:
    """A run as the template prints it."""

    text: Markup
    rtl: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A line as the template prints it."""

    rtl: bool
    runs: tuple[Words, ...]


class _Template(DocxTemplate):
    """docxtpl without the empty runs it leaves around each of its tags: five for one of words."""

    def patch_xml(self, src_xml: str) -> str:
        """The template as Jinja reads it."""
        return _EMPTY_RUN.sub("", super().patch_xml(src_xml))


def docx(paper: Paper, fingerprint: str = "") -> bytes:
    """The paper as a document people may edit: real headings, lists and tables, in its direction.

    It carries the fingerprint of the text it started from; an edited copy no
    longer matches, and that is the point.
    """
    ready = steady(paper, lambda text: safe(text).strip())
    template = _Template(io.BytesIO(_template("rtl" if direction(body_lang(paper.lang)) == "rtl" else "ltr")))
    template.render(_content(ready, fingerprint or paper.sha256()), _environment())
    document: Document = template.docx
    _set_tables(document, ready)
    _start_lists_at_one(document, ready)
    _enlarge_signs(document, ready)
    _say_what_it_is(document, ready)
    made = io.BytesIO()
    document.save(made)
    return _packed(made)


def _content(paper: Paper, fingerprint: str) -> dict[str, Any]:
    """Everything the template prints."""
    lang, words = body_lang(paper.lang), labels(paper.lang)
    day = printed_day(paper.dated, lang) if paper.dated else ""
    meta = [
        label + words.colon + value
        for label, value in ((words.reference, paper.reference), (words.dated, day))
        if value
    ]
    proof = f"{words.fingerprint} {fingerprint if paper.sheets else in_groups(fingerprint)}"
    colophon = [(words.source, paper.source_note)]
    if not paper.sheets:
        colophon += [(words.address, paper.address), (words.fingerprint, fingerprint)]
    return {
        **{part: _written(getattr(paper, part), lang) for part in ("kind", "title", "subtitle", "notice")},
        "meta": _in_a_row(meta, lang, "     ") if meta else None,
        "blocks": [_block(block, lang, words) for block in paper.blocks],
        "colophon": [_written(label + words.colon + value, lang) for label, value in colophon if value],
        "running": _in_a_row([short(text) for text in (paper.reference, paper.address) if text], lang, "  ·  "),
        "proof": _in_a_row([text for text in (day, proof) if text], lang, "  ·  "),
        "page": _in_a_row([words.page, ""], lang, " "),
        "of": _in_a_row(["", words.of, ""], lang, " "),
    }


def _block(block: Block, lang: str, words: Labels) -> dict[str, Any]:
    """One block as the template knows it, by its ``kind``."""
    match block:
        case Heading(level, text):
            return {"kind": f"heading-{level}", "line": _always(text, lang)}
        case Paragraph(text, own):
            return {"kind": "paragraph", "lines": _paragraphs(text, own or lang)}
        case Quote(text, own):
            return {"kind": "quote", "lines": _paragraphs(text, own or lang, own_words=True)}
        case Note(text):
            return {"kind": "note", "lines": _paragraphs(text, lang)}
        case ItemList(items, numbered):
            return {"kind": "numbers" if numbered else "bullets", "lines": [_always(item, lang) for item in items]}
        case Table():
            return _table(block, lang, words)
        case Fields(pairs):
            return {
                "kind": "fields" if pairs else "none",
                "rows": [[_always(text, lang) for text in pair] for pair in pairs],
            }
        case Blank():
            return _blank(block, lang, words)
        case PageBreak():
            return {"kind": "page-break"}
        case Sign(text, figure, pointing):
            told = " ".join(part for part in (text, figure, _ARROWS.get(pointing, "")) if part)
            return {"kind": "heading-1", "line": _always(told, lang)}


def _table(table: Table, lang: str, words: Labels) -> dict[str, Any]:
    """A table; without rows it says so."""
    nothing = (words.nothing, *("" for _ in range(table.columns - 1)))
    return {
        "kind": "table" if table.columns else "none",
        "caption": _written(table.caption, lang),
        "head": [_always(cell, lang) for cell in table.head],
        "rows": [[_always(cell, lang) for cell in row] for row in (table.rows or (nothing,))],
    }


def _blank(blank: Blank, lang: str, words: Labels) -> dict[str, Any]:
    """A question and its room: lines, a box, or boxes to tick."""
    choices = {"yes-no": (words.yes, words.no), "choice": blank.choices}.get(blank.kind, ())
    return {
        "kind": "blank",
        "label": _written(blank.label, lang),
        "help": [_always(text, lang) for text in blank.help if text],
        "lines": range(blank.lines if blank.kind == "lines" else 0),
        "box": range(max(blank.lines, 1) if blank.kind == "box" else 0),
        "choices": [_in_a_row(list(choices), lang, _TICK)]
        if blank.in_a_row
        else [_always(one, lang) for one in choices],
    }


# --- words ---------------------------------------------------------------


def _paragraphs(text: str, lang: str, *, own_words: bool = False) -> list[Written]:
    parts = (part.strip() for part in text.split("\n"))
    return [_printed(line(part, lang, own_words=own_words)) for part in parts if part]


def _written(text: str, lang: str) -> Written | None:
    """A text that may be missing."""
    return _always(text, lang) if text else None


def _always(text: str, lang: str) -> Written:
    """A text that has its place even when empty, as a cell has."""
    return _printed(line(text, lang))


def _in_a_row(texts: list[str], lang: str, between: str) -> Written:
    """Several texts on one line, in the paper's own direction.

    Two numbers or addresses that only signs part would be read as one, from the left: marks keep them apart.
    """
    rtl = direction(lang) == "rtl"
    between = f"{_ARABIC_MARK}{between}{_ARABIC_MARK}" if rtl else between
    runs: list[Words] = []
    for nth, text in enumerate(texts):
        if nth:
            runs.append(Words(_literal(between), rtl))
        runs.extend(Words(_literal(_edged(run, rtl)), run.rtl) for run in line(text, lang).runs)
    return Written(rtl, tuple(runs))


def _printed(cut: Line) -> Written:
    """A line's runs. Word and LibreOffice disagree on a number or a sign at the edge of one; a mark settles it."""
    return Written(cut.rtl, tuple(Words(_literal(_edged(run, cut.rtl)), run.rtl) for run in cut.runs))


def _edged(run: Run, rtl: bool) -> str:
    """A left-to-right run of an Arabic line, closed by invisible marks where it does not end on a letter."""
    text = run.text
    if run.rtl or not rtl or not text:
        return text
    before = "" if text[0].isalpha() else _MARK
    after = "" if text[-1].isalpha() else _MARK
    return before + text + after


def _literal(text: str) -> Markup:
    """Words that stay words, for XML and for docxtpl."""
    safe_text = str(escape(text))
    for mark, harmless in _MARKS:
        safe_text = safe_text.replace(mark, harmless)
    return Markup(safe_text)  # noqa: S704 - escaped two lines above


# --- what a template cannot say ------------------------------------------


def _set_tables(document: Document, paper: Paper) -> None:
    """Columns as wide as in the PDF (Word wants it said twice), and which first columns name their rows."""
    asked: list[tuple[tuple[int, ...], bool, bool, bool]] = []
    for block in paper.blocks:
        if isinstance(block, Table) and block.columns:
            asked.append((shares(block), bool(block.head), block.row_headers, block.by_hand))
        elif isinstance(block, Fields) and block.pairs:
            asked.append((_FIELD_SHARES, False, True, block.by_hand))
    tables = list(document.element.body.iterchildren(qn("w:tbl")))
    for table, (parts, head, named, by_hand) in zip(tables, asked, strict=True):
        if by_hand:
            _make_room(table)
        widths = [str(_PAGE_WIDTH * part // sum(parts)) for part in parts]
        for column, width in zip(table.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
            column.set(qn("w:w"), width)
        for row in table.iterchildren(qn("w:tr")):
            for cell, width in zip(row.iterchildren(qn("w:tc")), widths, strict=True):
                cell.get_or_add_tcPr().get_or_add_tcW().attrib.update({qn("w:w"): width, qn("w:type"): "dxa"})
        look = table.tblPr.find(qn("w:tblLook"))
        look.set(qn("w:firstRow"), "1" if head else "0")
        look.set(qn("w:firstColumn"), "1" if named else "0")
        look.set(qn("w:val"), f"{0x0400 | (0x20 if head else 0) | (0x80 if named else 0):04X}")


def _make_room(table: Any) -> None:
    """Rows as high as handwriting, and lines between the cells to write in."""
    for row in table.iterchildren(qn("w:tr")):
        height = OxmlElement("w:trHeight")
        height.set(qn("w:val"), str(_PEN_HEIGHT))
        height.set(qn("w:hRule"), "atLeast")
        row.get_or_add_trPr().append(height)
    borders = OxmlElement("w:tblBorders")
    for side in ("w:top", "w:bottom", "w:insideH", "w:insideV"):
        edge = OxmlElement(side)
        edge.attrib.update({qn("w:val"): "single", qn("w:sz"): "4", qn("w:color"): "B9B3A7"})
        borders.append(edge)
    table.tblPr.find(qn("w:tblLayout")).addprevious(borders)  # where the schema has them


def _start_lists_at_one(document: Document, paper: Paper) -> None:
    """Each numbered list counts for itself; in Word, one style is one count."""
    lengths = [len(block.items) for block in paper.blocks if isinstance(block, ItemList) and block.numbered]
    style = document.styles["List Number"]
    items = iter([item for item in document.paragraphs if item.style == style] if lengths else [])
    if not lengths:
        return
    numbering = document.part.numbering_part.element
    given = style.element.pPr.numPr.numId.val
    pattern = next(num for num in numbering.num_lst if num.numId == given).abstractNumId.val
    for length in lengths:
        count = numbering.add_num(pattern)
        count.add_lvlOverride(0).add_startOverride(1)
        for _ in range(length):
            properties = next(items)._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = count.numId


def _enlarge_signs(document: Document, paper: Paper) -> None:
    """Signs, large and in the middle of their line; each begins a page."""
    chapters = [one for one in paper.blocks if isinstance(one, Sign) or (isinstance(one, Heading) and one.level == 1)]
    if not any(isinstance(one, Sign) for one in chapters):
        return
    printed = [one for one in document.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    for block, paragraph in zip(chapters, printed, strict=True):
        if not isinstance(block, Sign):
            continue
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.page_break_before = True
        points = min(_LARGEST_SIGN, 700 // max(map(len, block.text.split()), default=1))
        for run in paragraph.runs:
            properties = run._r.get_or_add_rPr()
            for name in ("w:sz", "w:szCs"):
                size = properties.find(qn(name))
                if size is None:
                    size = OxmlElement(name)
                    properties.append(size)
                size.set(qn("w:val"), str(2 * points))


def _say_what_it_is(document: Document, paper: Paper) -> None:
    """Title, language and day for the file's properties; the Latin language for spelling and voices."""
    about = document.core_properties
    about.title = paper.title[:255]  # what the format allows
    about.subject = paper.kind[:255]
    about.identifier = paper.reference[:255]
    about.language = labels(paper.lang).language_tag
    about.created = about.modified = datetime.combine(paper.dated, time(), UTC) if paper.dated else _NO_DAY
    lang = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    lang.set(qn("w:val"), _LATIN_LANGUAGES[body_lang(paper.lang)])
    theme = OxmlElement("w:themeFontLang")
    theme.set(qn("w:val"), _LATIN_LANGUAGES[body_lang(paper.lang)])
    theme.set(qn("w:bidi"), "ar-MA")
    settings = document.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        settings.replace(old, theme)


@cache
def _template(name: str) -> bytes:
    return (_TEMPLATES / f"paper-{name}.docx").read_bytes()


class _Environment(SandboxedEnvironment):
    """Compiles each part of a template once: the templates are ours and fixed, and compiling took half of a paper."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._parts: dict[str, Template] = {}

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Template:
        """The part, ready to print."""
        if source not in self._parts:
            self._parts[source] = super().from_string(source, *args, **kwargs)
        return self._parts[source]


@cache
def _environment() -> SandboxedEnvironment:
    return _Environment(autoescape=True, undefined=StrictUndefined)


def _packed(made: io.BytesIO) -> bytes:
    """The file without the hour it was made: same paper, same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in parts.namelist():
            kept.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), parts.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
