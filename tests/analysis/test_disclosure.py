"""Grouped counts: no cell can be found, even by who knows the rule and tries every table there could be."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregion.analysis.disclosure import Shown, shown_cells

pytestmark = pytest.mark.row("O-5")
NAMES = "abcd"


def seen(counts: dict[str, int], threshold: int) -> tuple[object, ...]:
    """Give all that a reader sees, the order included."""
    shown = shown_cells(counts, threshold)
    return tuple(shown.cells.items()), shown.rest, shown.grouped


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("threshold", [2, 3, 4, 5])
def test_no_grouped_cell_is_found_by_trying_every_table(threshold: int, width: int) -> None:
    # Where the figures stop only takes away tables that could be taken for one another: the test asks for more.
    most = (2 * threshold + 5) if width < 4 else threshold + 5
    tables = defaultdict(list)
    for figures in itertools.product(range(most + 1), repeat=width):
        tables[seen(dict(zip(NAMES, figures, strict=False)), threshold)].append(figures)
    for (_cells, _rest, grouped), alike in tables.items():
        for name in grouped:  # type: ignore[attr-defined]
            at = NAMES.index(name)
            assert len({figures[at] for figures in alike}) > 1, (threshold, alike)


figures = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), max_size=8)


@given(counts=figures, threshold=st.integers(0, 20))
def test_what_is_shown_adds_up_and_nothing_small_is_told(counts: dict[str, int], threshold: int) -> None:
    shown = shown_cells(counts, threshold)
    held = {name: count for name, count in counts.items() if count}
    assert sorted([*shown.cells, *shown.grouped]) == sorted(held)
    assert shown.cells == {name: held[name] for name in shown.cells}
    assert all(count >= threshold for count in shown.cells.values())
    if shown.rest is not None:
        assert shown.rest == sum(held[name] for name in shown.grouped) >= threshold
    elif shown.grouped:
        assert shown.cells == {}


@given(counts=figures, threshold=st.integers(0, 20))
def test_hidden_figures_in_any_other_order_show_the_same(counts: dict[str, int], threshold: int) -> None:
    shown = shown_cells(counts, threshold)
    turned = [*shown.grouped[1:], *shown.grouped[:1]]
    other = counts | {name: counts[from_] for name, from_ in zip(shown.grouped, turned, strict=True)}
    assert seen(other, threshold) == seen(counts, threshold)
    if shown.rest is not None:
        assert len({counts[name] for name in shown.grouped}) > 1


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, Shown({}, None, ())),
        ({"a": 0, "b": 12}, Shown({"b": 12}, None, ())),
        ({"a": 3}, Shown({}, None, ("a",))),
        ({"a": 12, "b": 9, "c": 5}, Shown({"a": 12}, 14, ("b", "c"))),
        # One small cell would be had by subtraction: the next one joins it.
        ({"a": 30, "b": 12, "c": 5}, Shown({"a": 30}, 17, ("b", "c"))),
        # The two tens cannot be parted: whichever is shown tells what the other is.
        ({"a": 8, "b": 10, "c": 10}, Shown({}, 28, ("a", "b", "c"))),
        ({"a": 8, "b": 10, "c": 10, "d": 11}, Shown({"d": 11}, 28, ("a", "b", "c"))),
        # Equal figures are had by dividing: others join them, or nothing is told.
        ({"a": 9, "b": 9}, Shown({}, None, ("a", "b"))),
        ({"a": 9, "b": 9, "c": 40, "d": 50}, Shown({"d": 50}, 58, ("a", "b", "c"))),
        ({"a": 1, "b": 2, "c": 40}, Shown({}, 43, ("a", "b", "c"))),
    ],
)
def test_cells_are_shown_or_grouped(counts: dict[str, int], expected: Shown) -> None:
    assert seen(counts, 10) == (tuple(expected.cells.items()), expected.rest, expected.grouped)


def test_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        shown_cells({"a": -1}, 10)
