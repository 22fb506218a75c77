"""Writes a paper as HTML, to read on the site around it.

A fragment: one ``article``, one ``h1``. Every word is escaped, nothing carries a
style or a script of its own. Classes, for the stylesheet: ``paper``,
``paper-kind``, ``paper-subtitle``, ``paper-meta``, ``paper-notice``,
``paper-note``, ``paper-table`` (scrolls), ``paper-fields``, ``paper-blank``,
``paper-help``, ``paper-lines``, ``paper-box``, ``paper-choices``,
``paper-figure`` (numbers), ``paper-break``, ``paper-source``.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

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
from openregion.record.press.columns import figures
from openregion.record.press.directions import Line, line
from openregion.record.press.glyphs import safe
from openregion.record.press.labels import labels, printed_day
from openregion.record.press.steady import steady


def html(paper: Paper) -> str:
    """The paper for the screen, the telephone and the screen reader."""
    ready = steady(paper, lambda text: safe(text).strip())
    lang = body_lang(paper.lang)
    parts = [
        f'<article class="paper" lang="{lang}" dir="{direction(lang)}">',
        *_opening(ready, lang),
        *(_block(block, lang) for block in ready.blocks),
        *_closing(ready, lang),
        "</article>",
    ]
    return "\n".join(part for part in parts if part)


def _opening(paper: Paper, lang: str) -> Iterable[str]:
    """The head of the paper: what it is, of when, and whether to believe its figures."""
    words = labels(lang)
    yield "<header>"
    if paper.kind:
        yield f'<p class="paper-kind">{_text(paper.kind, lang)}</p>'
    yield f"<h1>{_text(paper.title, lang)}</h1>"
    if paper.subtitle:
        yield f'<p class="paper-subtitle">{_text(paper.subtitle, lang)}</p>'
    if paper.reference or paper.dated:
        yield '<dl class="paper-meta">'
        if paper.reference:
            yield _pair(words.reference, _text(paper.reference, lang))
        if paper.dated:
            day = _text(printed_day(paper.dated, lang), lang)
            yield _pair(words.dated, f'<time datetime="{paper.dated.isoformat()}">{day}</time>')
        yield "</dl>"
    if paper.notice:
        yield f'<p class="paper-notice"><strong>{_text(paper.notice, lang)}</strong></p>'
    yield "</header>"


def _closing(paper: Paper, lang: str) -> Iterable[str]:
    """Where the content comes from."""
    if paper.source_note:
        words = labels(lang)
        source = words.source + words.colon
        yield f'<footer class="paper-source"><p>{escape(source)}{_text(paper.source_note, lang)}</p></footer>'


def _block(block: Block, lang: str) -> str:
    """One block; a paper's chapter comes under the paper's own title."""
    match block:
        case Heading(level, text):
            return f"<h{level + 1}>{_text(text, lang)}</h{level + 1}>"
        case Paragraph(text, own):
            return "\n".join(_paragraphs(text, lang, own or lang))
        case Quote(text, own):
            words = "\n".join(_paragraphs(text, lang, own or lang, own_words=True))
            return f"<blockquote>\n{words}\n</blockquote>" if words else ""
        case Note(text):
            words = "\n".join(_paragraphs(text, lang, lang))
            return f'<div class="paper-note" role="note">\n{words}\n</div>' if words else ""
        case ItemList(items, numbered):
            kind = "ol" if numbered else "ul"
            listed = "".join(f"<li>{_text(item, lang)}</li>" for item in items)
            return f"<{kind}>{listed}</{kind}>" if items else ""
        case Table():
            return _table(block, lang)
        case Fields(pairs):
            return (
                f'<dl class="paper-fields">{"".join(_pair(k, _text(v, lang)) for k, v in pairs)}</dl>' if pairs else ""
            )
        case Blank():
            return _blank(block, lang)
        case PageBreak():
            return '<hr class="paper-break">'
        case Sign(text, figure, _pointing):
            return f"<h2>{_text(f'{text} {figure}'.strip(), lang)}</h2>"


def _table(table: Table, lang: str) -> str:
    """A table in a region that scrolls alone, reachable by keyboard, named by its caption."""
    if not table.columns:
        return ""
    numbers = figures(table)
    rows = "\n".join(_row(row, table.row_headers, numbers, lang) for row in table.rows)
    if not rows:
        rows = f'<tr><td colspan="{table.columns}">{escape(labels(lang).nothing)}</td></tr>'
    head = "".join(
        f'<th scope="col"{_figure(numbers[at])}>{_text(cell, lang)}</th>' for at, cell in enumerate(table.head)
    )
    name = f' role="region" aria-label="{escape(table.caption)}"' if table.caption else ""
    return "\n".join(
        part
        for part in (
            f'<div class="paper-table"{name} tabindex="0">',
            "<table>",
            f"<caption>{_text(table.caption, lang)}</caption>" if table.caption else "",
            f"<thead><tr>{head}</tr></thead>" if head else "",
            f"<tbody>\n{rows}\n</tbody>",
            "</table>",
            "</div>",
        )
        if part
    )


def _row(row: tuple[str, ...], named: bool, numbers: tuple[bool, ...], lang: str) -> str:
    cells = [f"<td{_figure(numbers[at])}>{_text(cell, lang)}</td>" for at, cell in enumerate(row)]
    if named and row:
        cells[0] = f'<th scope="row">{_text(row[0], lang)}</th>'
    return f"<tr>{''.join(cells)}</tr>"


def _figure(holds: bool) -> str:
    return ' class="paper-figure"' if holds else ""


def _blank(blank: Blank, lang: str) -> str:
    """The question and its help; the room itself is for print and says nothing aloud."""
    words = labels(lang)
    label = f"<p><strong>{_text(blank.label, lang)}</strong></p>" if blank.label else ""
    told = "".join(f'<p class="paper-help">{_text(text, lang)}</p>' for text in blank.help if text)
    if blank.kind in ("lines", "box"):
        room = f'<div class="paper-{blank.kind}" aria-hidden="true">{"<span></span>" * blank.lines}</div>'
    else:
        choices = (words.yes, words.no) if blank.kind == "yes-no" else blank.choices
        room = f'<ul class="paper-choices">{"".join(f"<li>{_text(choice, lang)}</li>" for choice in choices)}</ul>'
    return f'<div class="paper-blank">\n{label}{told}\n{room}\n</div>'


def _pair(label: str, value: str) -> str:
    return f"<div><dt>{escape(label)}</dt><dd>{value}</dd></div>"


def _paragraphs(text: str, around: str, own: str, *, own_words: bool = False) -> Iterable[str]:
    """Each line a person ended is a paragraph, in its own language and direction."""
    for part in text.split("\n"):
        if part.strip():
            cut = line(part.strip(), own, own_words=own_words)
            yield f"<p{_differs(cut, around)}>{_runs(cut)}</p>"


def _text(text: str, lang: str) -> str:
    """A text inside something else, set apart when it is in another language."""
    cut = line(text, lang)
    differs = _differs(cut, lang)
    return f"<bdi{differs}>{_runs(cut)}</bdi>" if differs else _runs(cut)


def _differs(cut: Line, around: str) -> str:
    """``lang`` and ``dir`` where they are not those around."""
    lang = f' lang="{escape(cut.lang)}"' if cut.lang != around else ""
    turned = cut.rtl != (direction(around) == "rtl")
    return lang + (f' dir="{"rtl" if cut.rtl else "ltr"}"' if turned else "")


def _runs(cut: Line) -> str:
    """A line's words: ``bdi`` keeps each foreign run to itself, so the invisible marks go."""
    out = []
    for run in cut.runs:
        words = escape(run.text.strip("\u200e\u200f")).replace("\n", "<br>")
        if run.rtl != cut.rtl:
            lang = f' lang="{run.lang}"' if run.lang else ""
            out.append(f'<bdi{lang} dir="{"rtl" if run.rtl else "ltr"}">{words}</bdi>')
        elif run.lang:
            out.append(f'<span lang="{run.lang}">{words}</span>')
        else:
            out.append(words)
    return "".join(out)
