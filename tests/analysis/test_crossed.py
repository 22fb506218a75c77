"""Tables of people by two things: no small cell can be worked out from what is shown, by trying every table."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openregion.analysis.crossed import Cell, Crossed, crossed

pytestmark = pytest.mark.row("D2")
ROWS, COLUMNS = "abc", "xy"
CELLS = list(itertools.product(ROWS, COLUMNS))


def every_table(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Give every way to spread people over cells."""
    for bars in itertools.combinations(range(total + cells - 1), cells - 1):
        edges = (-1, *bars, total + cells - 1)
        yield tuple(edges[at + 1] - edges[at] - 1 for at in range(cells))


def agrees(table: dict[Cell, int], shown: Crossed, threshold: int) -> bool:
    """Say whether a table is one that a reader of what is shown must think possible."""
    for side, told in ((0, shown.rows), (1, shown.columns)):
        for name, figure in told.cells.items():
            if sum(count for cell, count in table.items() if cell[side] == name) != figure:
                return False
    return (
        all(table[cell] == figure for cell, figure in shown.cells.items())
        and all(table[cell] < threshold for cell in shown.small)
        and all(table[cell] >= threshold for cell in shown.held)
    )


def told_exactly(counts: dict[Cell, int], threshold: int) -> set[Cell]:
    """Give the cells that a reader who tries every table finds."""
    shown, total = crossed(counts, threshold), sum(counts.values())
    tables = (dict(zip(CELLS, figures, strict=True)) for figures in every_table(total, len(CELLS)))
    possible = [table for table in tables if agrees(table, shown, threshold)]
    assert counts in possible
    return {cell for cell in CELLS if len({table[cell] for table in possible}) == 1}


tables = st.lists(st.integers(0, 6), min_size=6, max_size=6).filter(lambda figures: 3 <= sum(figures) <= 15)


@settings(max_examples=60, deadline=None)
@given(figures=tables)
def test_no_small_cell_can_be_deduced(figures: list[int]) -> None:
    counts = dict(zip(CELLS, figures, strict=True))
    found = told_exactly(counts, 3)
    assert [cell for cell in found if 0 < counts[cell] < 3] == []
    assert found & crossed(counts, 3).small == set()


@given(figures=st.lists(st.integers(0, 80), min_size=6, max_size=6))
def test_what_is_shown_is_true_and_large_enough(figures: list[int]) -> None:
    counts = dict(zip(CELLS, figures, strict=True))
    shown = crossed(counts, 10)
    assert shown.cells == {cell: counts[cell] for cell in shown.cells}
    assert all(count >= 10 for count in shown.cells.values())
    assert all(counts[cell] < 10 for cell in shown.small)
    assert all(counts[cell] >= 10 for cell in shown.held)


def test_small_cell_takes_its_row_and_the_next_smallest_row_with_it() -> None:
    counts = {("a", "x"): 4, ("a", "y"): 116, ("b", "x"): 60, ("b", "y"): 70, ("c", "x"): 200, ("c", "y"): 210}
    shown = crossed(counts, 10)
    assert shown.rows.cells == {"a": 120, "b": 130, "c": 410}
    assert shown.small == {("a", "x")}
    assert shown.held == {("a", "y"), ("b", "x"), ("b", "y")}
    assert shown.cells == {("c", "x"): 200, ("c", "y"): 210}


def test_nothing_is_crossed_when_a_single_row_would_be_left_alone() -> None:
    counts = {("a", "x"): 4, ("a", "y"): 116}
    shown = crossed(counts, 10)
    assert (shown.cells, shown.small, shown.held) == ({}, frozenset(), frozenset())
    assert shown.columns.cells == {}


def test_empty_rows_are_not_told_from_small_ones() -> None:
    counts = {(row, column): 0 for row in "abc" for column in "xy"} | {("a", "x"): 40, ("a", "y"): 50}
    shown = crossed(counts, 10)
    # To show the one row that holds everybody would tell that the others hold nobody.
    assert (shown.rows.cells, shown.rows.hidden, shown.cells) == ({}, {"a", "b", "c"}, {})


def test_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        crossed({("a", "x"): -30, ("b", "x"): 50, ("b", "y"): 50}, 10)
