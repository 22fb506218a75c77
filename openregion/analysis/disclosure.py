"""Counts that may be shown without telling about someone: small ones are grouped, and cannot be worked out.

Minimum frequency rule of official statistics: a cell under the threshold is not
shown, and neither is a sum under it. Who knows the rule may still reason back
from what is shown; so the rule never looks at a name. Whatever makes it hide
some figures makes it hide the same figures in any other order, and shows the
same: as long as two of the hidden figures differ, each cell may hold the one or
the other. Figures that are all equal would be had by dividing their sum; others
join them, or nothing at all is shown.

The promise is of one table: two of them on two days, or one beside a list of
the very things that it counts, can still be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Shown:
    """What may be shown: cells as they are, and the others only together.

    ``rest`` is the sum of the ``grouped`` cells, which stand in the order of
    their names. It is ``None`` when there are none, and when even their sum may
    not be told: then no cell is shown, and the total may not be either.
    """

    cells: dict[str, int]
    rest: int | None
    grouped: tuple[str, ...]


def shown_cells(counts: Mapping[str, int], threshold: int) -> Shown:
    """Say which cells may be shown, the largest first, and what the others make together.

    ``counts``: people or things by category, whole numbers from 0; empty cells
    are left out. ``threshold``: the smallest figure that may be shown; 2 is
    taken as 3, since whatever is hidden under 2 can only be 1. Nobody who knows
    what is shown and this rule can find a grouped cell exactly. Raises
    ``ValueError`` for a negative count.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count cannot be negative")
    smallest = 3 if threshold == 2 else threshold
    held = {name: count for name, count in counts.items() if count}
    limit = _limit(sorted(held.values()), smallest)
    shown = sorted(((name, count) for name, count in held.items() if count >= limit), key=lambda one: (-one[1], one[0]))
    hidden = sorted(name for name, count in held.items() if count < limit)
    rest = sum(held[name] for name in hidden)
    tellable = _is_safe([held[name] for name in hidden], smallest)
    return Shown(dict(shown), rest if hidden and tellable else None, tuple(hidden))


def _limit(ascending: list[int], smallest: int) -> int:
    """Give the figure from which cells are shown: the threshold, or higher when those under it need company.

    Equal cells go together: to part them by their names would say which is which.
    """
    limit = smallest
    while not _is_safe([count for count in ascending if count < limit], smallest):
        following = next((count for count in ascending if count >= limit), None)
        if following is None:
            break
        limit = following + 1
    return limit


def _is_safe(hidden: list[int], smallest: int) -> bool:
    """Say whether the sum of hidden cells may be told: two of them differ, and it is not small itself."""
    return not hidden or (len(set(hidden)) > 1 and sum(hidden) >= smallest)
