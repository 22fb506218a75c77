"""Draws bars on a timeline and a line of measures: places in percent, so that every width is sharp.

What reads from right to left is drawn so: places are counted from the other
side, and no letter is ever mirrored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from openregion.core import dates
from openregion.monitoring.models import CompletionLevel
from openregion.monitoring.queries.standing import Stands

# How much of a bar is filled for a level: a third a step, as the legend says.
FILLED = {CompletionLevel.LIMITED: 1 / 3, CompletionLevel.SUBSTANTIAL: 2 / 3, CompletionLevel.COMPLETE: 1.0}
MOST_TICKS = 4
TOP, BOTTOM = 34, 172  # of the chart's drawing, in pixels
_APART = 15.0  # percent of the width that a label takes on a telephone


@dataclass(frozen=True)
class Axis:
    """Days laid along a line, from one edge to the other, mirrored where the page reads so."""

    first: dt.date
    last: dt.date
    mirrored: bool

    def share(self, day: dt.date) -> float:
        """Say how far along a day stands, in percent from the physical left."""
        whole = max((self.last - self.first).days, 1)
        along = min(max((day - self.first).days / whole, 0), 1) * 100
        return 100 - along if self.mirrored else along

    def at(self, day: dt.date) -> str:
        """Give the place of a day for a drawing."""
        return _percent(self.share(day))

    def between(self, start: dt.date, end: dt.date, part: float = 1.0) -> Stretch:
        """Give the stretch between two days, or the first part of it."""
        one, other = self.share(start), self.share(end)
        other = one + (other - one) * part
        return Stretch(_percent(min(one, other)), _percent(abs(other - one)))


@dataclass(frozen=True)
class Stretch:
    """Where a bar begins and how long it is."""

    x: str
    width: str


@dataclass(frozen=True)
class Tick:
    """A place on the axis and what is written there."""

    x: str
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class StepMark:
    """An activity's planned end on the bar, in the tone of its state."""

    x: str
    tone: str


@dataclass(frozen=True)
class Bar:
    """A commitment's row: planned, how far, what runs over, the new day promised, its activities."""

    planned: Stretch
    filled: Stretch | None
    over: Stretch | None
    promised: str
    steps: tuple[StepMark, ...]
    tone: str


@dataclass(frozen=True)
class Timeline:
    """What all the bars of a plan share: the axis, its ticks, the line of today."""

    axis: Axis
    ticks: tuple[Tick, ...]
    today: str


def timeline(
    starts_on: dt.date, ends_on: dt.date, rows: Sequence[Stands], today: dt.date, *, lang: str, mirrored: bool
) -> Timeline:
    """Lay out the days of a plan: as long as its commitments last, and to today when something is late."""
    first = min([starts_on, *(row.starts_on for row in rows)])
    ends = [ends_on, *(row.ends_on for row in rows), *(row.expected_on for row in rows if row.expected_on)]
    last = max([*ends, *([today] if any(row.late for row in rows) else [])])
    axis = Axis(first, last, mirrored)
    return Timeline(axis, _ticks(axis, lang), axis.at(today) if first <= today <= last else "")


def bar(row: Stands, line: Timeline, today: dt.date) -> Bar:
    """Draw a commitment: the planned outline, filled as far as it is reported done, and what runs over its end."""
    axis, part = line.axis, _part_done(row)
    promised = row.expected_on if row.late else None
    return Bar(
        planned=axis.between(row.starts_on, row.ends_on),
        filled=axis.between(row.starts_on, row.ends_on, part) if part else None,
        over=axis.between(row.ends_on, today) if row.overdue else None,
        promised=axis.at(promised) if promised else "",
        steps=tuple(StepMark(axis.at(step.ends_on), step.tone) for step in row.steps),
        tone=row.tone,
    )


def _part_done(row: Stands) -> float:
    """Say how much of a bar is filled: by the level of the whole, else by the activities that are complete."""
    if row.whole.level:
        return FILLED.get(CompletionLevel(row.whole.level), 0)
    return row.done_steps / len(row.steps) if row.steps else 0


def _ticks(axis: Axis, lang: str) -> tuple[Tick, ...]:
    """Mark the first of a month, a quarter or a year, as many as can be read."""
    months = (axis.last.year - axis.first.year) * 12 + axis.last.month - axis.first.month
    apart = next((step for step in (1, 2, 3, 6, 12, 24) if months / step <= MOST_TICKS), 60)
    begin = axis.first.year * 12 + axis.first.month - 1
    begin += -begin % apart if apart < 12 else -begin % 12
    places = range(begin, axis.last.year * 12 + axis.last.month, apart)
    days = [day for place in places if (day := dt.date(place // 12, place % 12 + 1, 1)) >= axis.first]
    return tuple(_tick(axis.share(day), dates.month(day, lang)) for day in days if day <= axis.last)


def _tick(share: float, label: str) -> Tick:
    anchor = "start" if share < 12 else "end" if share > 88 else "middle"
    return Tick(_percent(share), label, anchor)


@dataclass(frozen=True)
class Point:
    """A figure of the indicator on its day: the mark, and its label where there is room."""

    x: str
    y: float
    label: str
    label_y: float
    anchor: str
    kind: str


@dataclass(frozen=True)
class Segment:
    """A straight piece of the line between two marks."""

    x1: str
    y1: float
    x2: str
    y2: float


@dataclass(frozen=True)
class Chart:
    """An indicator drawn: what was promised dashed, what was measured drawn through."""

    points: tuple[Point, ...]
    measured: tuple[Segment, ...]
    promised: Segment
    ticks: tuple[Tick, ...]
    floor: float


def chart(
    baseline: tuple[dt.date, Decimal],
    target: tuple[dt.date, Decimal],
    measures: Iterable[tuple[dt.date, Decimal]],
    *,
    lang: str,
    mirrored: bool,
) -> Chart:
    """Draw an indicator from its baseline to its target, with what was measured on the way.

    The axis begins at zero where no figure is below it, so that a small step looks small.
    """
    known = sorted(measures)
    marks = [("baseline", *baseline), *(("measure", *one) for one in known), ("target", *target)]
    axis = Axis(min(day for _, day, _ in marks), max(day for _, day, _ in marks), mirrored)
    low, high = min(Decimal(0), *(value for *_, value in marks)), max(value for *_, value in marks)
    height = float(high - low) or 1.0

    def y(value: Decimal) -> float:
        return round(BOTTOM - float(value - low) / height * (BOTTOM - TOP), 1)

    def segment(one: tuple[dt.date, Decimal], other: tuple[dt.date, Decimal]) -> Segment:
        return Segment(axis.at(one[0]), y(one[1]), axis.at(other[0]), y(other[1]))

    way = [baseline, *known]
    return Chart(
        points=_points(marks, axis, y, lang),
        measured=tuple(segment(one, other) for one, other in pairwise(way)),
        promised=segment(baseline, target),
        ticks=_ticks(axis, lang),
        floor=y(low),
    )


def _points(marks: list[tuple[str, dt.date, Decimal]], axis: Axis, y, lang: str) -> tuple[Point, ...]:  # type: ignore[no-untyped-def]
    """Label the first, the last measured and the target, and the others where they do not touch."""
    last = max((n for n, mark in enumerate(marks) if mark[0] == "measure"), default=0)
    labelled = {0, last, len(marks) - 1}
    for number, mark in enumerate(marks):
        if all(abs(axis.share(mark[1]) - axis.share(marks[other][1])) > _APART for other in labelled):
            labelled.add(number)
    points = []
    for number, (kind, day, value) in enumerate(marks):
        share = axis.share(day)
        anchor = "start" if share < 8 else "end" if share > 92 else "middle"
        above = y(value) - 12
        label = figure(value, lang) if number in labelled else ""
        points.append(Point(_percent(share), y(value), label, above, anchor, kind))
    return tuple(points)


def figure(value: Decimal, lang: str) -> str:
    """Write a figure as the language does, without idle zeros: 1 250,5 in French and Arabic, 1 250.5 in English."""
    whole, _, part = f"{value.normalize():,f}".partition(".")
    point = "." if lang == "en" else ","
    return whole.replace(",", "\u202f") + (f"{point}{part}" if part else "")


def _percent(share: float) -> str:
    return f"{share:.2f}%"
