"""What Typst cannot say about a PDF yet: which cell names its row.

Typst tags a table's head by itself. A first cell that names its row stays a
plain cell in its tags, so a screen reader reads figures without saying whose
they are. One pass over the structure tree makes it a header of its row.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String


def finish(made: bytes, *, title: str, lang: str, named_rows: Sequence[bool]) -> bytes:
    """The PDF with its row headers, its language and title said, and packed; same bytes every time.

    ``named_rows`` has one entry for each table, in reading order.
    """
    with pikepdf.open(io.BytesIO(made)) as pdf:
        _say_what_it_is(pdf, title, lang)
        tables = _tables(pdf)
        if len(tables) != len(named_rows):
            raise ValueError(f"{len(named_rows)} tables were set and {len(tables)} are tagged")
        for table, named in zip(tables, named_rows, strict=True):
            if named:
                _name_rows(table)
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            recompress_flate=True,
        )
    return out.getvalue()


def _say_what_it_is(pdf: Pdf, title: str, lang: str) -> None:
    """The language for the voice, the title for the window, if Typst left them out."""
    root = pdf.Root
    if Name.Lang not in root:
        root.Lang = String(lang)
    if Name.MarkInfo not in root:
        root.MarkInfo = Dictionary(Marked=True)
    preferences = root.get(Name.ViewerPreferences, Dictionary())
    preferences.DisplayDocTitle = True
    root.ViewerPreferences = preferences
    if Name.Title not in pdf.docinfo:
        pdf.docinfo[Name.Title] = String(title)


def _tables(pdf: Pdf) -> list[Object]:
    """The tables in reading order."""
    return [element for element in _elements(pdf.Root.StructTreeRoot) if element.get(Name.S) == Name.Table]


def _elements(root: Object) -> Iterator[Object]:
    """Every structure element, in reading order. A stack, not recursion: a paper may be long and deep."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if Name.S in element:
            yield element
        waiting.extend(reversed(_children(element)))


def _children(element: Object) -> list[Object]:
    """The elements right under one, without the references to page content."""
    kids = element.get(Name.K)
    if kids is None:
        return []
    listed = list(kids) if isinstance(kids, Array) else [kids]
    return [kid for kid in listed if isinstance(kid, Dictionary) and Name.S in kid]


def _name_rows(table: Object) -> None:
    """Make the first cell of every body row the header of that row.

    Typst lists each cell's headers by name, columns only, and such a list wins
    over ``Scope``: in these tables it goes, and scopes speak for both.
    """
    for row in _rows(table):
        for cell in _children(row):
            for attribute in _attributes(cell):
                if Name.Headers in attribute:
                    del attribute[Name.Headers]
        cells = _children(row)
        if cells and cells[0].S == Name.TD:
            _make_row_header(cells[0])


def _rows(table: Object) -> Iterator[Object]:
    """The rows of a table, of its head and of its body."""
    for part in _children(table):
        if part.S == Name.TR:
            yield part
        elif part.S in (Name.THead, Name.TBody):
            yield from (row for row in _children(part) if row.S == Name.TR)


def _attributes(cell: Object) -> list[Object]:
    """What a cell's tag says of it, as Typst's one dictionary or several."""
    given = cell.get(Name.A)
    listed = [] if given is None else list(given) if isinstance(given, Array) else [given]
    return [attribute for attribute in listed if isinstance(attribute, Dictionary)]


def _make_row_header(cell: Object) -> None:
    """Turn a cell of figures' names into the header of its row; the head's cells stay headers of columns."""
    cell.S = Name.TH
    attributes = _attributes(cell)
    for attribute in attributes:
        if attribute.get(Name.O) == Name.Table:
            attribute.Scope = Name.Row
            return
    cell.A = Array([Dictionary(O=Name.Table, Scope=Name.Row), *attributes])
