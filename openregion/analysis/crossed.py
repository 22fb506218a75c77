"""A table of people by two things at once, of which no small cell can be worked out.

A cell under the threshold is not shown: the reader is told "fewer than". What
its row would give away goes with it, and further rows when the totals of the
columns would; a figure is held back rather than rounded, so that what is shown
is true. Totals follow the rule of one table (``disclosure``). Complementary
suppression, as statistical offices do it, in its plainest form: by whole rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from openregion.analysis.disclosure import SLACK, Shown, shown_cells

Cell = tuple[str, str]


@dataclass(frozen=True)
class Crossed:
    """What may be shown of a table: totals of rows and columns, cells, and which are small or held back.

    ``cells`` are shown as they are. ``small`` are told as "fewer than the
    threshold"; ``held`` are held back with them. A row that stands in none of
    the three shows its total alone.
    """

    rows: Shown
    columns: Shown
    cells: dict[Cell, int] = field(default_factory=dict)
    small: frozenset[Cell] = frozenset()
    held: frozenset[Cell] = frozenset()


def crossed(counts: Mapping[Cell, int], threshold: int, *, apart: AbstractSet[str] = frozenset()) -> Crossed:
    """Say what may be shown of people counted by row and column.

    ``counts``: people by (row, column), whole numbers from 0; a cell left out is
    0, and counts as small. Whoever publishes it gives every row and column, the
    empty ones too: to name only those that hold somebody would tell of them.
    ``threshold``: the smallest figure shown. ``apart``: the rows that a wider table
    published beside it does not show; nothing is told of them here. For each cell told as small there is
    another table, with the same totals, cells and words, where it differs;
    together they range over ``SLACK`` at least. Raises ``ValueError`` for a
    negative count.
    """
    row_names = sorted({row for row, _column in counts})
    column_names = sorted({column for _row, column in counts})
    table = {row: [counts.get((row, column), 0) for column in column_names] for row in row_names}
    rows = _without(apart, shown_cells({row: sum(cells) for row, cells in table.items()}, threshold))
    columns = shown_cells(
        {column: sum(cells[at] for cells in table.values()) for at, column in enumerate(column_names)}, threshold
    )
    # Where a total is held back, or there is nothing to cross, totals are all there is to show.
    if len(columns.cells) < 2 or columns.hidden or not rows.cells:
        return Crossed(rows, columns)
    told = {row: table[row] for row in rows.cells}
    together = [sum(table[row][at] for row in rows.hidden) for at in range(len(column_names))]
    hidden = _hidden(told, together if rows.hidden else None, threshold)
    if hidden is None:
        return Crossed(rows, columns)
    small = {
        (row, column)
        for row in hidden
        for column, count in zip(column_names, told[row], strict=True)
        if count < threshold
    }
    return Crossed(
        rows,
        columns,
        cells={
            (row, column): count
            for row in told
            if row not in hidden
            for column, count in zip(column_names, told[row], strict=True)
        },
        small=frozenset(small),
        held=frozenset(itertools.product(hidden, column_names)) - small,
    )


def _without(apart: AbstractSet[str], rows: Shown) -> Shown:
    """Hide these rows with those that are hidden already, and say of none whether it is small."""
    cells = {row: figure for row, figure in rows.cells.items() if row not in apart}
    hidden = (rows.hidden | rows.cells.keys()) - cells.keys()
    rest = None if rows.total is None else rows.total - sum(cells.values())
    return Shown(cells, held=frozenset(hidden), rest=rest if hidden else None, total=rows.total)


def _hidden(told: Mapping[str, Sequence[int]], together: Sequence[int] | None, threshold: int) -> set[str] | None:
    """Choose the rows whose cells are held back; none of the table may be crossed when it gives None.

    Beside those with a small cell, the next are chosen by their total alone,
    which everybody reads: the choice tells nothing. Rows of one total go together.
    """
    hidden = {row for row, cells in told.items() if min(cells) < threshold}
    while hidden or together is not None:
        rows = [told[row] for row in sorted(hidden)]
        if _is_safe([*rows, together] if together is not None else rows, threshold):
            return hidden
        others = [row for row in told if row not in hidden]
        if not others:
            return None
        least = min(sum(told[row]) for row in others)
        hidden |= {row for row in others if sum(told[row]) == least}
    return hidden


def _is_safe(rows: Sequence[Sequence[int]], threshold: int) -> bool:
    """Say whether no small cell of these rows can be found, nor a small sum down a column.

    Their totals are known, and so is the sum of each column. A cell can move
    when another row and another column can make up for it.
    """
    if any(0 < sum(column) < threshold or not sum(column) for column in zip(*rows, strict=True)):
        return False
    return all(
        _reach(rows, at, column, threshold) >= SLACK
        for at, row in enumerate(rows)
        for column, count in enumerate(row)
        if count < threshold
    )


def _reach(rows: Sequence[Sequence[int]], at: int, column: int, threshold: int) -> int:
    """Say how far a cell can move up and down by one exchange of people between two rows and two columns."""
    up = down = 0
    for other, across in itertools.product(range(len(rows)), range(len(rows[at]))):
        if other == at or across == column:
            continue
        grows = (rows[at][column], rows[other][across])
        shrinks = (rows[at][across], rows[other][column])
        up = max(up, min(*(_room_up(n, threshold) for n in grows), *(_room_down(n, threshold) for n in shrinks)))
        down = max(down, min(*(_room_down(n, threshold) for n in grows), *(_room_up(n, threshold) for n in shrinks)))
    return up + down


def _room_up(count: int, threshold: int) -> int:
    """Say how much more a cell could hold and be told in the same words."""
    return threshold - 1 - count if count < threshold else 10 * threshold + count


def _room_down(count: int, threshold: int) -> int:
    """Say how much less a cell could hold and be told in the same words."""
    return count if count < threshold else count - threshold
