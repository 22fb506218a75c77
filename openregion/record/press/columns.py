"""How wide each column of a table is, and which hold figures.

The same parts serve the PDF and the DOCX, so that both look alike. Words are
measured in characters: near enough to share a page's width fairly.
"""

from __future__ import annotations

import re

from openregion.core.paper import Table

# Characters of table text on one line of an A4 page, and the longest word worth keeping whole.
LINE = 92
_WHOLE_WORD = 20
_PADDING = 4

_FIGURE = re.compile(r"[-−+]?[\d\s.,:/]*\d(?:\s?(?:%|‰|DH|درهم|€))?|[–—-]|")


def shares(table: Table) -> tuple[int, ...]:
    """Each column's share of the width, in hundredths.

    The room's own widths when it gave some. Else every column first gets its
    longest word, and what is left goes to those that have more to say.
    """
    if table.widths:
        return _of_a_hundred([float(part) for part in table.widths])
    needs = [min(_longest_word(cells), _WHOLE_WORD) + _PADDING for cells in _by_column(table)]
    wants = [min(max(map(len, cells), default=0), 4 * LINE) for cells in _by_column(table)]
    left = LINE - sum(needs)
    if left <= 0:
        return _of_a_hundred([float(need) for need in needs])
    more = [max(want - need, 0) ** 0.7 for want, need in zip(wants, needs, strict=True)]
    whole = sum(more) or 1
    return _of_a_hundred([need + left * part / whole for need, part in zip(needs, more, strict=True)])


def figures(table: Table) -> tuple[bool, ...]:
    """Which columns hold nothing but figures: those are aligned on their last digit."""
    return tuple(
        any(row[at] for row in table.rows) and all(_FIGURE.fullmatch(row[at].strip()) for row in table.rows)
        for at in range(table.columns)
    )


def _by_column(table: Table) -> list[list[str]]:
    lines = ((table.head,) if table.head else ()) + table.rows
    return [[row[at] for row in lines] for at in range(table.columns)]


def _longest_word(cells: list[str]) -> int:
    return max((len(word) for cell in cells for word in cell.split()), default=0)


def _of_a_hundred(parts: list[float]) -> tuple[int, ...]:
    whole = sum(parts) or 1
    return tuple(max(1, round(100 * part / whole)) for part in parts)
