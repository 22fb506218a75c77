"""Make the two Word templates of the press, left to right and right to left.

Run by hand after changing this file, then look at both in Word or LibreOffice:

    python tools/make_docx_templates.py

A template is an ordinary document: real styles (a committee that edits a paper
finds its headings in Word's outline), with docxtpl tags where words will come.
Right to left takes more than one switch: the section, every paragraph, every
run of Arabic (never an address or a number), every table, and the language of
complex scripts.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TEMPLATES = Path(__file__).resolve().parent.parent / "openregion/record/press/templates"

ACCENT, INK, SOFT, HAIR, TINT, WARM = "0B4F4A", "1C1B19", "57534C", "B9B3A7", "EEF3F1", "8A3B12"
LATIN, ARABIC = "Calibri", "Sakkal Majalla"  # what an office machine in Morocco has
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'


@dataclass(frozen=True)
class Look:
    """How one style looks; sizes in points, Arabic a step larger."""

    name: str
    size: float = 10.5
    bold: bool = False
    colour: str = INK
    before: float = 0
    after: float = 6
    next_: bool = False  # stays with what follows
    indent: float = 0  # from the side where reading starts
    borders: tuple[str, ...] = ()
    border: str = HAIR
    fill: str = ""


FRAME = ("top", "left", "bottom", "right")
LOOKS = (
    Look("Normal", after=7),
    Look("Title", 21, True, ACCENT, 0, 6),
    Look("Subtitle", 12.5, colour=SOFT, after=6),
    Look("Heading 1", 15.5, True, ACCENT, 20, 7, True),
    Look("Heading 2", 12.5, True, INK, 16, 6, True),
    Look("Heading 3", 11, True, ACCENT, 14, 5, True),
    Look("List Bullet", after=3),
    Look("List Number", after=3),
    Look("Caption", 10.5, True, INK, 12, 4, True),
    Look("Quote", before=6, after=8, indent=16),
    Look("Paper Kind", 10.5, True, SOFT, 0, 3),
    Look("Paper Meta", 10, colour=INK, after=8),
    Look("Paper Notice", 10.5, True, WARM, 6, 12, borders=FRAME, border=WARM),
    Look("Paper Note", before=8, after=10, borders=FRAME, border=TINT, fill=TINT),
    Look("Paper Cell", 10, before=2, after=2),
    Look("Paper Between", 4, after=8),
    Look("Paper Question", 10.5, True, INK, 14, 3, True),
    Look("Paper Help", 9.5, colour=SOFT, after=3, next_=True),
    Look("Paper Line", 10.5, before=11, after=0, borders=("bottom", "between"), border=SOFT),
    Look("Paper Box", 10.5, before=4, after=7, borders=FRAME, border=SOFT),
    Look("Paper Choice", after=3),
    Look("Paper Colophon", 8.5, colour=SOFT, after=3),
    Look("Footer", 8, colour=SOFT, after=0),
)


class Template:
    """One template being made. ``rtl`` says which way the page runs."""

    def __init__(self, *, rtl: bool) -> None:
        self.rtl = rtl
        self.doc: Document = docx.Document()
        self._lighten()
        self._page()
        for look in LOOKS:
            self._style(look)
        self._languages()
        self._table_style()

    # --- the page and the styles ---

    def _lighten(self) -> None:
        """Leave behind what python-docx's own template carries and no paper uses: 800 KB of table styles."""
        for package in (self.doc.part, self.doc.part.package):
            unused = ("stylesWithEffects", "customXml", "thumbnail")
            for key in [key for key, rel in package.rels.items() if rel.reltype.endswith(unused)]:
                del package.rels[key]
        styles = self.doc.styles.element
        for style in styles.findall(qn("w:style")):
            if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) != "TableNormal":
                styles.remove(style)

    def _page(self) -> None:
        section = self.doc.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(23)
        section.top_margin, section.bottom_margin = Mm(22), Mm(25)
        section.footer_distance = Mm(11)
        if self.rtl:
            _insert_sorted(section._sectPr, OxmlElement("w:bidi"), ("w:rtlGutter", "w:docGrid", "w:printerSettings"))
        # Word 2013's layout, or Word opens the paper in "compatibility mode".
        compat = parse_xml(
            f'<w:compat {_W}><w:compatSetting w:name="compatibilityMode" '
            'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        )
        settings = self.doc.settings.element
        for old in settings.findall(qn("w:compat")):
            settings.replace(old, compat)

    def _style(self, look: Look) -> None:
        styles = self.doc.styles
        try:
            style: Any = styles[look.name]
        except KeyError:
            style = styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles["Normal"]
            style.quick_style = True
        self._letters(style, look)
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(look.before), Pt(look.after)
        form.line_spacing = 1.0 if look.name in ("Footer", "Paper Between") else 1.15
        form.keep_with_next = look.next_
        form.widow_control = True
        if look.borders[:2] == FRAME[:2]:  # a frame stands outside its words: draw both back between the margins
            form.left_indent = form.right_indent = Pt(5)
        elif look.indent:
            form.left_indent = Pt(look.indent)
        properties = style.element.get_or_add_pPr()
        for tag in ("w:pBdr", "w:contextualSpacing"):
            for old in properties.findall(qn(tag)):
                properties.remove(old)
        if look.borders:
            sides = "".join(
                f'<w:{side} w:val="single" w:sz="6" w:space="4" w:color="{look.border}"/>'
                for side in ("top", "left", "bottom", "right", "between")
                if side in look.borders
            )
            _into_paragraph(properties, parse_xml(f"<w:pBdr {_W}>{sides}</w:pBdr>"))
        if look.fill:
            _into_paragraph(properties, parse_xml(f'<w:shd {_W} w:val="clear" w:color="auto" w:fill="{look.fill}"/>'))
        if self.rtl:
            _into_paragraph(properties, OxmlElement("w:bidi"))

    def _letters(self, style: Any, look: Look) -> None:
        """Fonts, sizes and weight, each twice: Word keeps complex scripts apart."""
        properties = style.element.get_or_add_rPr()
        for child in list(properties):
            properties.remove(child)
        arabic = look.size + 3
        latin = look.size + 1.5 if self.rtl else look.size  # beside Arabic, small letters look smaller still
        bold = "<w:b/><w:bCs/>" if look.bold else ""
        wanted = (
            f'<w:rPr {_W}><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{LATIN}" w:cs="{ARABIC}"/>'
            f'{bold}<w:color w:val="{look.colour}"/>'
            f'<w:sz w:val="{round(latin * 2)}"/><w:szCs w:val="{round(arabic * 2)}"/></w:rPr>'
        )
        for child in list(parse_xml(wanted)):
            properties.append(child)

    def _languages(self) -> None:
        """The languages spelling and voices go by; the press sets the Latin one for each paper."""
        lang = self.doc.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
        lang.set(qn("w:val"), "fr-MA")
        lang.set(qn("w:bidi"), "ar-MA")

    def _table_style(self) -> None:
        """A table with a tinted head and, when asked, a first column that names its rows."""
        edge = f'w:val="single" w:sz="4" w:space="0" w:color="{HAIR}"'
        strong = f'w:val="single" w:sz="8" w:space="0" w:color="{ACCENT}"'
        self.doc.styles.element.append(
            parse_xml(
                f'<w:style {_W} w:type="table" w:customStyle="1" w:styleId="PaperTable"><w:name w:val="Paper Table"/>'
                '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:tblPr><w:tblBorders>'
                f"<w:top {edge}/><w:bottom {edge}/><w:insideH {edge}/></w:tblBorders>"
                '<w:tblCellMar><w:left w:w="110" w:type="dxa"/><w:right w:w="110" w:type="dxa"/></w:tblCellMar>'
                "</w:tblPr>"
                '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr><w:tcBorders>'
                f'<w:top {strong}/><w:bottom {strong}/></w:tcBorders><w:shd w:val="clear" w:color="auto" '
                f'w:fill="{TINT}"/></w:tcPr></w:tblStylePr>'
                '<w:tblStylePr w:type="firstCol"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr></w:style>'
            )
        )

    # --- tags and words ---

    def tag(self, where: Any, words: str) -> None:
        """A paragraph that is only a tag; docxtpl takes the paragraph away with it."""
        where.add_paragraph(words)

    def words(self, where: Any, style: str, line: str, *, first: Any = None) -> None:
        """A paragraph of a person's words, in whichever direction ``line`` runs."""
        start = first if first is not None else where.add_paragraph()
        start.add_run("{%p if " + line + ".rtl %}")
        leans = style not in ("Normal", "Quote")  # a foreign cell or item keeps to the paper's side
        self._directed(where.add_paragraph(style=style), line, rtl=True, across=leans and not self.rtl)
        self.tag(where, "{%p else %}")
        self._directed(where.add_paragraph(style=style), line, rtl=False, across=leans and self.rtl)
        self.tag(where, "{%p endif %}")

    def _directed(self, paragraph: Any, line: str, *, rtl: bool, across: bool) -> None:
        """One direction; ``across`` leans to its end, which is where the paper starts."""
        if across:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT  # for Word, the end: left when right to left
        bidi = OxmlElement("w:bidi")
        if not rtl:
            bidi.set(qn("w:val"), "0")
        _into_paragraph(paragraph._p.get_or_add_pPr(), bidi)
        self.runs(paragraph, line)

    def runs(self, paragraph: Any, line: str) -> None:
        """Runs of words, Arabic ones marked right to left, addresses and numbers left alone."""
        paragraph.add_run("{%r for run in " + line + ".runs %}")
        paragraph.add_run("{%r if run.rtl %}")
        _right_to_left(paragraph.add_run("{{ run.text }}"))
        paragraph.add_run("{%r else %}")
        paragraph.add_run("{{ run.text }}")
        paragraph.add_run("{%r endif %}")
        paragraph.add_run("{%r endfor %}")

    def own(self, where: Any, style: str | None = None) -> Any:
        """A paragraph in the paper's own direction."""
        paragraph = where.add_paragraph(style=style)
        if self.rtl:
            _into_paragraph(paragraph._p.get_or_add_pPr(), OxmlElement("w:bidi"))
        return paragraph

    # --- the parts of a paper ---

    def opening(self) -> None:
        """Kind, title, subtitle, reference and date, notice."""
        for part, style in (("kind", "Paper Kind"), ("title", "Title"), ("subtitle", "Subtitle")):
            self.when(part, lambda part=part, style=style: self.words(self.doc, style, part))
        self.when("meta", self._meta)
        self.when("notice", lambda: self.words(self.doc, "Paper Notice", "notice"))

    def when(self, condition: str, make: Any) -> None:
        """What is printed only if there is something to print."""
        self.tag(self.doc, "{%p if " + condition + " %}")
        make()
        self.tag(self.doc, "{%p endif %}")

    def _meta(self) -> None:
        paragraph = self.own(self.doc, "Paper Meta")
        self.runs(paragraph, "meta")

    def blocks(self) -> None:
        """One branch for each kind of block."""
        self.tag(self.doc, "{%p for block in blocks %}")
        for level in (1, 2, 3):
            self.branch(f"heading-{level}", lambda level=level: self.words(self.doc, f"Heading {level}", "block.line"))
        self.branch("paragraph", lambda: self.each("block.lines", "Normal"))
        self.branch("quote", lambda: self.each("block.lines", "Quote"))
        self.branch("note", lambda: self.each("block.lines", "Paper Note"))
        self.branch("bullets", lambda: self.each("block.lines", "List Bullet"))
        self.branch("numbers", lambda: self.each("block.lines", "List Number"))
        self.branch("table", self.table)
        self.branch("fields", self.fields)
        self.branch("blank", self.blank)
        self.branch("page-break", self._page_break)
        self.tag(self.doc, "{%p endfor %}")

    def branch(self, kind: str, make: Any) -> None:
        """What is made for one kind of block."""
        self.when(f"block.kind == '{kind}'", make)

    def each(self, lines: str, style: str) -> None:
        """Lines one under the other."""
        self.tag(self.doc, "{%p for line in " + lines + " %}")
        self.words(self.doc, style, "line")
        self.tag(self.doc, "{%p endfor %}")

    def _page_break(self) -> None:
        self.own(self.doc, "Paper Between").paragraph_format.page_break_before = True

    def table(self) -> None:
        """Caption, head repeated on every page, rows that do not split."""
        self.when("block.caption", lambda: self.words(self.doc, "Caption", "block.caption"))
        table = self._table(5, 3)
        self._row_tag(table.rows[0], "{%tr if block.head %}")
        self._cells(table.rows[1], "block.head")
        _row_property(table.rows[1], "w:tblHeader")
        self._row_tag(table.rows[2], "{%tr endif %}")
        self._row_tag(table.rows[3], "{%tr for row in block.rows %}")
        self._cells(table.rows[4], "row")
        self._row_tag(table.add_row(), "{%tr endfor %}")
        self.own(self.doc, "Paper Between")  # Word joins two tables that touch

    def fields(self) -> None:
        """Labels and values."""
        table = self._table(3, 2)
        self._row_tag(table.rows[0], "{%tr for row in block.rows %}")
        for at in (0, 1):
            self._cell(table.rows[1].cells[at], f"row[{at}]")
        _row_property(table.rows[1], "w:cantSplit")
        self._row_tag(table.rows[2], "{%tr endfor %}")
        self.own(self.doc, "Paper Between")

    def _table(self, rows: int, columns: int) -> Any:
        table = self.doc.add_table(rows, columns)
        properties = table._tbl.tblPr
        for old in list(properties):
            properties.remove(old)
        visual = "<w:bidiVisual/>" if self.rtl else ""
        for child in list(
            parse_xml(
                f'<w:tblPr {_W}><w:tblStyle w:val="PaperTable"/>{visual}<w:tblW w:w="5000" w:type="pct"/>'
                '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
                'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/></w:tblPr>'
            )
        ):
            properties.append(child)
        return table

    def _row_tag(self, row: Any, words: str) -> None:
        row.cells[0].paragraphs[0].add_run(words)

    def _cells(self, row: Any, cells: str) -> None:
        """One cell, repeated for each column."""
        row.cells[0].paragraphs[0].add_run("{%tc for cell in " + cells + " %}")
        self._cell(row.cells[1], "cell")
        row.cells[2].paragraphs[0].add_run("{%tc endfor %}")
        _row_property(row, "w:cantSplit")

    def _cell(self, cell: Any, line: str) -> None:
        self.words(cell, "Paper Cell", line, first=cell.paragraphs[0])

    def blank(self) -> None:
        """A question, its help, and room to answer on paper or on screen."""
        self.when("block.label", lambda: self.words(self.doc, "Paper Question", "block.label"))
        self.each("block.help", "Paper Help")
        for room, style in (("lines", "Paper Line"), ("box", "Paper Box")):
            self.tag(self.doc, "{%p for nth in block." + room + " %}")
            self.own(self.doc, style)
            self.tag(self.doc, "{%p endfor %}")
        self.tag(self.doc, "{%p for line in block.choices %}")
        paragraph = self.own(self.doc, "Paper Choice")
        paragraph._p.append(_tick_box())
        paragraph.add_run("\u00a0 ")
        self.runs(paragraph, "line")
        self.tag(self.doc, "{%p endfor %}")
        self.own(self.doc, "Paper Between")

    def closing(self) -> None:
        """Where it comes from, and the whole fingerprint."""
        self.each("colophon", "Paper Colophon")

    def footer(self) -> None:
        """Reference, address, date, short fingerprint, page of pages."""
        footer = self.doc.sections[0].footer
        first = footer.paragraphs[0]
        second = footer.add_paragraph(style="Footer")
        for paragraph, line in ((first, "running"), (second, "proof")):
            paragraph.style = self.doc.styles["Footer"]
            if self.rtl:
                _into_paragraph(paragraph._p.get_or_add_pPr(), OxmlElement("w:bidi"))
            self.runs(paragraph, line)
        stops = first.paragraph_format.tab_stops
        for stop in list(self.doc.styles["Footer"].paragraph_format.tab_stops):
            stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
        stops.add_tab_stop(Mm(164), WD_TAB_ALIGNMENT.RIGHT)
        first.add_run("\t")
        self.runs(first, "page")
        _field(first, "PAGE")
        self.runs(first, "of")
        _field(first, "NUMPAGES")

    def save(self, path: Path) -> None:
        """Write it, the same bytes at each run."""
        properties = self.doc.core_properties
        properties.author = properties.last_modified_by = properties.comments = ""
        properties.title = properties.keywords = properties.language = ""
        properties.created = properties.modified = datetime(2000, 1, 1, tzinfo=UTC)
        packed = io.BytesIO()
        self.doc.save(packed)
        with zipfile.ZipFile(packed) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as kept:
            for name in sorted(made.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
                kept.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), made.read(name), zipfile.ZIP_DEFLATED)


# The order the schema wants in a paragraph's properties: Word refuses some files out of order.
_ORDER = """
    pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
    suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
    snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
    textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange
"""


def _into_paragraph(properties: Any, child: Any) -> None:
    """Put a paragraph property at its place."""
    order = _ORDER.split()
    at = order.index(child.tag.split("}")[1])
    _insert_sorted(properties, child, tuple(f"w:{name}" for name in order[at + 1 :]))


def _insert_sorted(parent: Any, child: Any, after: tuple[str, ...]) -> None:
    """Insert before the first of the elements that must come after it."""
    later = {qn(name) for name in after}
    for at, sibling in enumerate(parent):
        if sibling.tag in later:
            parent.insert(at, child)
            return
    parent.append(child)


def _right_to_left(run: Any) -> None:
    properties = run._r.get_or_add_rPr()
    properties.append(OxmlElement("w:rtl"))
    lang = OxmlElement("w:lang")
    lang.set(qn("w:bidi"), "ar-MA")
    properties.append(lang)


def _row_property(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _tick_box() -> Any:
    """A box Word ticks at a click, and a pen on paper."""
    return parse_xml(
        f'<w:sdt {_W} {_W14}><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/>'
        '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:rPr>'
        '<w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic" w:cs="MS Gothic"/></w:rPr>'
        "<w:t>\u2610</w:t></w:r></w:sdtContent></w:sdt>"
    )


def _field(paragraph: Any, code: str) -> None:
    """A number Word keeps up to date."""
    for kind, words in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.text = words
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {words} "
            run._r.append(instruction)


def main() -> None:
    """Write both templates."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    for name, rtl in (("paper-ltr.docx", False), ("paper-rtl.docx", True)):
        template = Template(rtl=rtl)
        template.opening()
        template.blocks()
        template.closing()
        template.footer()
        template.save(TEMPLATES / name)
        print(f"{name}: {(TEMPLATES / name).stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
