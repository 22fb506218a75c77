"""How a delay is counted: days, working days, clear days, months; forwards and backwards.

The convention is one, and said on every page. The day a delay starts from is
not counted (*dies a quo*). A clear-day delay leaves out its last day too, so the
act may be done the day after. A working-day delay leaves out Saturdays, Sundays
and public holidays; a holiday that falls on a Saturday or a Sunday moves nothing.
Months run from day to day, and end on the month's last day where it has no such day.

Religious holidays come from the ``holidays`` library as estimates, one day early
in about half the years checked; an announced day takes the estimate's place.
Nothing here reads the clock, the database or the language of the page.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import holidays

Unit = Literal["days", "working-days", "clear-days", "months", "years"]
UNITS: tuple[Unit, ...] = ("days", "working-days", "clear-days", "months", "years")

DAY = dt.timedelta(days=1)
SATURDAY = 5
# A delay of the law is years at most; a longer one is a slip of the keyboard.
MOST = 10_000
# An estimate was one day early in half the years checked: it may still move into or out of a delay by that much.
ESTIMATES_MOVE_BY = DAY
_LANGUAGES = {"fr": "fr", "ar": "ar", "en": "en_US"}
_ESTIMATE = re.compile(r"\s*\((?:estimé|estimated|تقديري|المقدرة|تقدير)\)\s*$")


class TooFar(ValueError):
    """A delay leads beyond the days that a calendar knows."""


@dataclass(frozen=True)
class DayOff:
    """A public holiday on its day: its names by language, and whether that day is still an estimate.

    ``estimated_on`` is the estimate it was, for a religious holiday; an announced
    day keeps its source.
    """

    day: dt.date
    names: Mapping[str, str]
    estimated: bool = False
    estimated_on: dt.date | None = None
    source: str = ""


@dataclass(frozen=True)
class Announced:
    """A holiday's day as announced: in place of the estimated one, or exceptional when there was none."""

    day: dt.date
    names: Mapping[str, str]
    estimated_on: dt.date | None = None
    source: str = ""


@dataclass(frozen=True)
class Feast:
    """A holiday of one or several days in a row under the same name, as it is announced: all together."""

    days: tuple[DayOff, ...]

    @property
    def first(self) -> DayOff:
        """Its first day, by which it is known."""
        return self.days[0]


@lru_cache(maxsize=256)
def _written(year: int) -> tuple[DayOff, ...]:
    """List the year's holidays as the library gives them, the fixed and the estimated of one day apart."""
    named = {
        lang: dict(holidays.country_holidays("MA", years=year, language=code)) for lang, code in _LANGUAGES.items()
    }
    found = []
    for day in sorted(named["fr"]):
        parts = [{lang: text.split("; ")[n] for lang, text in _of(named, day)} for n in range(_parts(named, day))]
        for names in parts:
            estimated = bool(_ESTIMATE.search(names["en"]))
            bare = {lang: _ESTIMATE.sub("", text).replace("'", "’") for lang, text in names.items()}
            found.append(DayOff(day, bare, estimated, day if estimated else None))
    return tuple(found)


def _of(named: Mapping[str, Mapping[dt.date, str]], day: dt.date) -> Iterator[tuple[str, str]]:
    for lang, names in named.items():
        yield lang, names[day]


def _parts(named: Mapping[str, Mapping[dt.date, str]], day: dt.date) -> int:
    return min(len(text.split("; ")) for _lang, text in _of(named, day))


def is_estimate(day: dt.date) -> bool:
    """Say whether the library estimates a religious holiday on a day."""
    return any(one.estimated for one in _written(day.year) if one.day == day)


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of Morocco as an authority knows them: estimates, and what was announced since.

    ``announced`` comes in the order it was decided: of two for the same estimate
    the later counts. One that moves an exceptional holiday names its day.
    """

    announced: tuple[Announced, ...] = ()
    _years: dict[int, tuple[DayOff, ...]] = field(default_factory=dict, compare=False, repr=False)

    def days_off(self, year: int) -> tuple[DayOff, ...]:
        """List the holidays of a year, in order."""
        if year not in self._years:
            standing = self._standing()
            kept = [one for one in _written(year) if not one.estimated or (True, one.day) not in standing]
            told = [one for one in standing.values() if one.day.year == year]
            self._years[year] = tuple(sorted([*kept, *told], key=lambda one: one.day))
        return self._years[year]

    def _standing(self) -> dict[tuple[bool, dt.date], DayOff]:
        """Give what was announced and still counts, by the estimate it replaces or by its own first day."""
        standing: dict[tuple[bool, dt.date], DayOff] = {}
        for one in self.announced:
            known_by = one.estimated_on or one.day
            told = DayOff(one.day, one.names, estimated_on=one.estimated_on, source=one.source)
            standing[one.estimated_on is not None and is_estimate(known_by), known_by] = told
        return standing

    def days_off_between(self, first: dt.date, last: dt.date) -> tuple[DayOff, ...]:
        """List the holidays from a day to another, both included."""
        return tuple(
            one for year in range(first.year, last.year + 1) for one in self.days_off(year) if first <= one.day <= last
        )

    def feasts(self, year: int) -> tuple[Feast, ...]:
        """Gather the holidays of a year that follow each other under one name."""
        gathered: list[list[DayOff]] = []
        for one in self.days_off(year):
            near = next((days for days in gathered if _follows(days[-1], one)), None)
            if near is None:
                gathered.append([one])
            else:
                near.append(one)
        return tuple(Feast(tuple(days)) for days in gathered)

    def is_holiday(self, day: dt.date) -> bool:
        """Say whether a day is a public holiday."""
        return any(one.day == day for one in self.days_off(day.year))

    def is_working_day(self, day: dt.date) -> bool:
        """Say whether offices are open: neither Saturday, Sunday nor a public holiday."""
        return day.weekday() < SATURDAY and not self.is_holiday(day)

    def add_working_days(self, start: dt.date, n: int) -> dt.date:
        """Give the nth working day after a day, or before it for a negative ``n``; the day itself for none.

        Raises ``TooFar`` beyond the calendar.
        """
        step, left, day = (DAY if n > 0 else -DAY), abs(_bounded(n)), start
        try:
            while left:
                day += step
                left -= self.is_working_day(day)
        except (OverflowError, ValueError) as error:
            raise TooFar(str(error)) from error
        return day

    def count_working_days(self, after: dt.date, up_to: dt.date) -> int:
        """Count the working days after a day, up to another which counts; none when it comes before."""
        days = (after + DAY * n for n in range(1, (up_to - after).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def working_day_before(self, day: dt.date) -> dt.date:
        """Give the day itself when it is a working day, else the last one before it."""
        return day if self.is_working_day(day) else self.add_working_days(day, -1)

    def count(self, start: dt.date, n: int, unit: Unit) -> dt.date:
        """Give the day a delay ends: forwards from its start, backwards for a negative ``n``.

        Raises ``TooFar`` beyond the calendar.
        """
        if unit == "working-days":
            return self.add_working_days(start, n)
        if unit == "clear-days":
            return add_clear_days(start, n)
        if unit == "days":
            return add_days(start, n)
        return add_months(start, n * (12 if unit == "years" else 1))

    def may_move(self, start: dt.date, end: dt.date) -> bool:
        """Say whether a holiday not yet announced could still move a count of working days between two days."""
        first, last = min(start, end), max(start, end)
        try:
            near = self.days_off_between(first - ESTIMATES_MOVE_BY, last + ESTIMATES_MOVE_BY)
        except OverflowError:
            return False
        return any(one.estimated for one in near)


def _follows(before: DayOff, after: DayOff) -> bool:
    same = before.names.get("fr") == after.names.get("fr") and before.estimated == after.estimated
    return same and after.day - before.day == DAY


def _bounded(n: int) -> int:
    if abs(n) > MOST:
        raise TooFar(f"{n} is more than {MOST}")
    return n


def add_days(start: dt.date, n: int) -> dt.date:
    """Count days of the calendar, the first left out. Raises ``TooFar`` beyond the calendar."""
    try:
        return start + DAY * _bounded(n)
    except OverflowError as error:
        raise TooFar(str(error)) from error


def add_clear_days(start: dt.date, n: int) -> dt.date:
    """Count clear days: neither the first day nor the last is one of them. Raises ``TooFar`` beyond the calendar."""
    return add_days(start, n + (1 if n > 0 else -1 if n < 0 else 0))


def add_months(start: dt.date, n: int) -> dt.date:
    """Count months from day to day; on the month's last day where it has no such day.

    Raises ``TooFar`` beyond the calendar.
    """
    months = start.year * 12 + start.month - 1 + _bounded(n)
    year, month = divmod(months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise TooFar(f"year {year}")
    return dt.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def clear_days_between(first: dt.date, last: dt.date) -> int:
    """Count the clear days between two days: neither is one of them."""
    return max((last - first).days - 1, 0)


def first_monday(year: int, month: int) -> dt.date:
    """Give the first Monday of a month."""
    first = dt.date(year, month, 1)
    return first + DAY * (-first.weekday() % 7)


def in_order(days: Iterable[dt.date]) -> bool:
    """Say whether days follow each other, none before the one it follows."""
    return all(before <= after for before, after in pairwise(days))
