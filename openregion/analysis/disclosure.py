"""Counts of people that may be shown without telling about someone: small ones stand together, and are not found.

Minimum frequency rule of official statistics: a cell under the threshold is not
shown, the empty ones no more than the others, and neither is a sum under it.
Who knows the rule may still reason back from what is shown; so what it hides
depends on no name: it hides the same figures in any other order. Which of the
hidden figures are small is told only where the figures that may be read next to
it leave each of them room, whichever they are.

The promise is of one table whose groups and whose total everybody knows. It is
for people: what is published one by one is counted as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SLACK = 2  # how far a figure told as small must be able to move, all that is shown staying true


@dataclass(frozen=True)
class Shown:
    """What may be shown of a table: cells as they are, and the sum of the others.

    ``small`` are told as "fewer than the threshold", ``held`` as held back: each
    of these holds the threshold at least where ``small`` names any, and may hold
    anything where it names none. ``total`` is the sum of all, ``rest`` of the
    hidden ones; ``total`` is ``None`` under the threshold: then nothing is told.
    """

    cells: dict[str, int] = field(default_factory=dict)
    small: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    rest: int | None = None
    total: int | None = None

    @property
    def hidden(self) -> frozenset[str]:
        """The groups that are not shown, small or held back with them."""
        return self.small | self.held


def shown_cells(counts: Mapping[str, int], threshold: int) -> Shown:
    """Say which cells may be shown, the largest first, and what may be told of the others.

    ``counts``: people by group, whole numbers from 0, with each group that a
    reader knows of: one left out would be told as empty. ``threshold``: the
    smallest figure that may be shown; 2 is taken as 3, since whatever is hidden
    under 2 can only be 0 or 1. Nobody who knows what is shown and this rule can
    find a hidden cell exactly. Raises ``ValueError`` for a negative count.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count cannot be negative")
    smallest, total = _least(threshold), sum(counts.values())
    if total < smallest:
        return Shown(held=frozenset(counts))
    limit = _limit(sorted(counts.values()), smallest)
    shown = sorted(
        ((name, count) for name, count in counts.items() if count >= limit), key=lambda one: (-one[1], one[0])
    )
    hidden = {name: count for name, count in counts.items() if count < limit}
    rest = sum(hidden.values())
    least_shown = shown[-1][1] if shown else None
    named = hidden and _may_be_named(len(hidden), rest, least_shown, smallest)
    small = frozenset(name for name, count in hidden.items() if named and count < smallest)
    return Shown(dict(shown), small, frozenset(hidden) - small, rest if hidden else None, total)


def most_of(name: str, shown: Shown, threshold: int) -> int | None:
    """Say how many people a group can hold at most, by what is shown of its table; ``None`` where nothing is."""
    if name in shown.cells:
        return shown.cells[name]
    if shown.rest is None or name not in shown.hidden:
        return None
    smallest = _least(threshold)
    if not shown.small:
        return shown.rest
    others = len(shown.held - {name}) * smallest
    return min(smallest - 1, shown.rest - others) if name in shown.small else shown.rest - others


def _least(threshold: int) -> int:
    return 3 if threshold == 2 else threshold


def _limit(ascending: Sequence[int], smallest: int) -> int:
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


def _is_safe(hidden: Sequence[int], smallest: int) -> bool:
    """Say whether the sum of hidden cells may be told: two of them differ, and it is not small itself."""
    return not hidden or (len(set(hidden)) > 1 and sum(hidden) >= smallest)


def _may_be_named(groups: int, rest: int, least_shown: int | None, smallest: int) -> bool:
    """Say whether the small ones of some hidden groups may be named.

    Asked of what everybody reads: the number of the hidden groups, their sum and
    the least figure shown. However many of them are small, each of these must
    have room; so what is not named tells nothing either.
    """
    rooms = (_room(groups - large, large, rest, least_shown or rest + 1, smallest) for large in range(groups))
    return all(room is None or room >= SLACK for room in rooms)


def _room(small: int, large: int, rest: int, least_shown: int, smallest: int) -> int | None:
    """Say how far a small figure, and the sum of all of these, can move beside some large ones.

    ``None`` where there can be no such table. The large ones are there because
    the small ones could not stand alone: they are equal, and the small ones make
    together less than the smallest figure shown, or are all equal too.
    """
    most = smallest - 1
    if not large:
        return min(most, rest) - max(0, rest - (small - 1) * most) if rest <= small * most else None
    first = max(smallest, -(-(rest - small * most) // large))
    sums = [rest - large * each for each in range(first, min(rest // large, least_shown - 1) + 1)]
    sums = [one for one in sums if one < smallest or one % small == 0]
    if not sums:
        return None
    # Several that make less than the smallest figure may each be empty, or all of it.
    figures = {n for one in sums for n in ({0, one} if one < smallest and small > 1 else {one // small})}
    return min(max(sums) - min(sums), max(figures) - min(figures))
