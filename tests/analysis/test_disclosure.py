"""Counts of people: no hidden cell can be found, even by who knows the rule and tries every table there could be."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregion.analysis.disclosure import Shown, most_of, shown_cells

pytestmark = pytest.mark.row("D2")
NAMES = "abcd"


def seen(counts: dict[str, int], threshold: int) -> tuple[object, ...]:
    """Give all that a reader sees, the order included."""
    shown = shown_cells(counts, threshold)
    return tuple(shown.cells.items()), shown.small, shown.held, shown.rest, shown.total


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("threshold", [2, 3, 4])
def test_no_hidden_cell_nor_small_sum_is_found_by_trying_every_table(threshold: int, width: int) -> None:
    most = (5 * threshold + 6) if width < 4 else 3 * threshold + 4
    tables = defaultdict(list)
    for figures in itertools.product(range(most + 1), repeat=width):
        tables[seen(dict(zip(NAMES, figures, strict=False)), threshold)].append(figures)
    for (_cells, small, held, _rest, total), alike in tables.items():
        if total is not None and total >= most:  # type: ignore[operator]
            continue  # tables with a larger figure, which are not tried, could be taken for these
        for name in small | held:  # type: ignore[operator]
            at = NAMES.index(name)
            assert len({figures[at] for figures in alike}) > 1, (threshold, alike)
        if small:
            sums = {sum(figures[NAMES.index(name)] for name in small) for figures in alike}  # type: ignore[attr-defined]
            assert len(sums) > 1 or min(sums) >= threshold, (threshold, alike)


figures = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), max_size=8)


@given(counts=figures, threshold=st.integers(0, 20))
def test_what_is_shown_adds_up_and_nothing_small_is_told(counts: dict[str, int], threshold: int) -> None:
    shown, total = shown_cells(counts, threshold), sum(counts.values())
    assert {*shown.cells, *shown.hidden} == {*counts}
    assert shown.cells == {name: counts[name] for name in shown.cells}
    assert all(count >= threshold for count in shown.cells.values())
    assert all(counts[name] < max(threshold, 3) for name in shown.small)
    if shown.small:
        assert all(counts[name] >= threshold for name in shown.held)
    if shown.total is None:
        assert (shown.cells, shown.rest, total < max(threshold, 3)) == ({}, None, True)
    else:
        assert shown.total == total
        assert (shown.rest or 0) == total - sum(shown.cells.values())
        assert shown.rest is None or shown.rest >= threshold


@given(counts=figures, threshold=st.integers(0, 20))
def test_the_most_of_a_group_is_never_too_little(counts: dict[str, int], threshold: int) -> None:
    shown = shown_cells(counts, threshold)
    for name, count in counts.items():
        most = most_of(name, shown, threshold)
        assert most is None or count <= most


@given(counts=figures, threshold=st.integers(0, 20))
def test_hidden_figures_in_any_other_order_hide_the_same(counts: dict[str, int], threshold: int) -> None:
    shown = shown_cells(counts, threshold)
    hidden = sorted(shown.hidden)
    turned = [*hidden[1:], *hidden[:1]]
    other = shown_cells(counts | {name: counts[from_] for name, from_ in zip(hidden, turned, strict=True)}, threshold)
    assert (other.cells, other.hidden, other.rest) == (shown.cells, shown.hidden, shown.rest)
    assert len(other.small) == len(shown.small)  # told or not told, whatever the order


@pytest.mark.parametrize(
    ("counts", "cells", "small", "held", "rest"),
    [
        ({}, {}, "", "", None),
        ({"a": 15, "b": 12}, {"a": 15, "b": 12}, "", "", None),
        # An empty group is a small one: to show the other would tell that it is empty.
        ({"a": 0, "b": 14}, {}, "a", "b", 14),
        # Of ten or eleven, it would be found: which is small is not told.
        ({"a": 0, "b": 10}, {}, "", "ab", 10),
        ({"a": 3}, {}, "", "a", None),
        ({"a": 12, "b": 9, "c": 5}, {"a": 12}, "", "bc", 14),
        ({"a": 30, "b": 9, "c": 5}, {"a": 30}, "bc", "", 14),
        # One small cell would be had by subtraction: the next one joins it.
        ({"a": 40, "b": 25, "c": 5}, {"a": 40}, "c", "b", 30),
        # Two small ones that made seventeen would be eight and nine: nothing says that these are not.
        ({"a": 30, "b": 12, "c": 5}, {"a": 30}, "", "bc", 17),
        # The two tens cannot be parted: whichever is shown tells what the other is.
        ({"a": 8, "b": 10, "c": 10, "d": 11}, {"d": 11}, "", "abc", 28),
        # Equal figures are had by dividing: others join them, or which is small is not told.
        ({"a": 9, "b": 9}, {}, "", "ab", 18),
        ({"a": 9, "b": 9, "c": 40, "d": 50}, {"d": 50}, "ab", "c", 58),
    ],
)
def test_cells_are_shown_told_as_fewer_or_held_back(
    counts: dict[str, int], cells: dict[str, int], small: str, held: str, rest: int | None
) -> None:
    shown = shown_cells(counts, 10)
    assert (shown.cells, shown.small, shown.held, shown.rest) == (cells, set(small), set(held), rest)


def test_under_the_threshold_nothing_is_told() -> None:
    assert shown_cells({"a": 4, "b": 5}, 10) == Shown(held=frozenset("ab"))


def test_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        shown_cells({"a": -1}, 10)
