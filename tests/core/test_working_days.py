"""How delays are counted: working days, clear days, months, forwards and backwards; each against worked examples."""

from __future__ import annotations

import calendar
import datetime as dt

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openregion.core.working_days import (
    DAY,
    Announced,
    TooFar,
    Unit,
    WorkCalendar,
    add_clear_days,
    add_days,
    add_months,
    first_monday,
    is_estimate,
)

pytestmark = pytest.mark.row("O-1")
OURS = WorkCalendar()
NAMES = {"fr": "Fête", "ar": "عيد", "en": "Feast"}
# Those years hold every case: feasts on weekends, at year ends, two in a year, leap years.
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2045, 12, 31))
SPANS = st.integers(1, 90)
FITR = dt.date(2026, 3, 20)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# Each line was worked by hand on a printed calendar; the last column says on what ground.
WORKED: tuple[tuple[str, int, Unit, str, str], ...] = (
    # 14 weekdays in March after the 2nd besides Fitr (Fri 20): 3–6, 9–13, 16–19 make 13; 23–27 make 18; 30, 31.
    ("2026-03-02", 20, "working-days", "2026-03-31", "law 31-13 art. 16, answer; shared domain/morocco.md §5"),
    # No holiday on a weekday between: 20 working days are four weeks.
    ("2026-09-01", 20, "working-days", "2026-09-29", "law 31-13 art. 16, no holiday inside"),
    ("2026-09-29", 20, "working-days", "2026-10-27", "law 31-13 art. 16, extension, from the end of the first delay"),
    # Thu 31 Dec: Fri 1 Jan is off; Mon 11 and Thu 14 Jan are off too. 4–8 make 5; 12, 13, 15 make 8.
    ("2026-12-31", 8, "working-days", "2027-01-15", "111-14 art. 113, minutes to the Wali, across a year's end"),
    # Fri 6 Nov 2026 is the Green March: 9–13 make 5; 16, 17 make 7; Wed 18 is Independence Day; 19 is the eighth.
    ("2026-11-05", 8, "working-days", "2026-11-19", "111-14 art. 113, minutes to the Wali, two holidays inside"),
    ("2026-10-09", 8, "working-days", "2026-10-21", "111-14 art. 113, minutes of a session closed on a Friday"),
    ("2026-10-21", 3, "working-days", "2026-10-26", "111-14 art. 114, opposition over a weekend"),
    (
        "2026-05-26",
        3,
        "working-days",
        "2026-06-02",
        "111-14 art. 114, opposition across Adha (27 and 28 May) and a weekend",
    ),
    ("2026-10-21", 20, "days", "2026-11-10", "111-14 art. 115, visa, calendar days"),
    ("2026-12-20", 20, "days", "2027-01-09", "111-14 art. 115, visa, across a year's end, ends on a Saturday"),
    ("2026-12-31", 2, "months", "2027-02-28", "petition refused within 2 months, no 31 February"),
    ("2027-12-31", 2, "months", "2028-02-29", "petition refused within 2 months, leap year"),
    ("2026-03-15", 2, "months", "2026-05-15", "petition refused within 2 months; inception report of OGP"),
    ("2027-09-08", -16, "months", "2026-05-08", "OGP, 16 months left of a term that ends in September 2027: May 2026"),
    ("2027-06-30", -16, "months", "2026-02-28", "OGP, 16 months back to a February: 28 February leaves them whole"),
    ("2027-03-01", -20, "days", "2027-02-09", "111-14 art. 39, agenda 20 days before Monday 1 March 2027"),
    ("2027-03-01", -7, "days", "2027-02-22", "111-14 art. 38, convocation 7 days before"),
    ("2026-03-02", 10, "clear-days", "2026-03-13", "clear days: 3 to 12 March are the ten"),
    ("2026-03-13", -10, "clear-days", "2026-03-02", "the same clear days, backwards"),
    ("2024-02-29", 1, "years", "2025-02-28", "a year from a leap day"),
    ("2024-02-29", 4, "years", "2028-02-29", "four years from a leap day"),
    ("2026-03-31", -20, "working-days", "2026-03-02", "back from 31 March: 30; 27–23; 19–16; 13–9; 6–2 make 20"),
)


@pytest.mark.parametrize(("start", "n", "unit", "end", "ground"), WORKED)
def test_delay_ends_on_the_day_worked_by_hand(start: str, n: int, unit: Unit, end: str, ground: str) -> None:
    assert OURS.count(day(start), n, unit) == day(end), ground


@given(start=DAYS, n=st.integers(-60, 60).filter(bool))
@settings(max_examples=200, deadline=None)
def test_working_days_never_end_on_a_day_off(start: dt.date, n: int) -> None:
    end = OURS.add_working_days(start, n)
    assert end.weekday() < calendar.SATURDAY
    assert end not in holidays.country_holidays("MA", years=end.year)


@given(start=DAYS, n=SPANS)
@settings(max_examples=150, deadline=None)
def test_working_days_counted_give_back_the_number_added(start: dt.date, n: int) -> None:
    assert OURS.count_working_days(start, OURS.add_working_days(start, n)) == n


@given(start=DAYS, n=SPANS)
@settings(max_examples=150, deadline=None)
def test_working_days_go_back_to_where_they_came_from(start: dt.date, n: int) -> None:
    end = OURS.add_working_days(start, n)
    assert OURS.add_working_days(end, -n) == OURS.add_working_days(OURS.add_working_days(start, 1), -1)


@given(start=DAYS, n=SPANS)
@settings(max_examples=100, deadline=None)
def test_one_more_working_day_ends_later_and_a_later_start_never_earlier(start: dt.date, n: int) -> None:
    assert OURS.add_working_days(start, n) < OURS.add_working_days(start, n + 1)
    assert OURS.add_working_days(start, n) <= OURS.add_working_days(start + DAY, n)


@given(start=DAYS, n=SPANS)
@settings(max_examples=150, deadline=None)
def test_working_days_agree_with_the_holidays_library(start: dt.date, n: int) -> None:
    theirs = holidays.country_holidays("MA", years=range(start.year, start.year + 2))
    assert OURS.add_working_days(start, n) == theirs.get_nth_working_day(start, n)


@given(start=DAYS, n=SPANS)
@settings(max_examples=100, deadline=None)
def test_working_days_agree_with_a_plain_walk(start: dt.date, n: int) -> None:
    off = {one.day for year in (start.year, start.year + 1) for one in OURS.days_off(year)}
    walked = [start + DAY * k for k in range(1, 4 * n + 60)]
    open_days = [one for one in walked if one.weekday() not in (5, 6) and one not in off]
    assert OURS.add_working_days(start, n) == open_days[n - 1]


@given(shift=st.integers(-3, 3), n=st.integers(1, 30), back=st.integers(0, 25))
@settings(max_examples=150, deadline=None)
def test_announced_day_moves_a_delay_by_the_working_days_it_gives_or_takes(shift: int, n: int, back: int) -> None:
    start, told = FITR - DAY * back, FITR + DAY * shift
    after = WorkCalendar((Announced(told, NAMES, FITR),))
    end = after.add_working_days(start, n)
    assert after.count_working_days(start, end) == n
    # Counting the moved end in the old calendar finds the same number, but for the two days that changed.
    gained = sum(start < one <= end and one.weekday() < 5 for one in (FITR,) if told != FITR)
    lost = sum(start < one <= end and one.weekday() < 5 and OURS.is_working_day(one) for one in (told,))
    assert OURS.count_working_days(start, end) == n - gained + lost


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ("2026-03-20", "2026-03-31"),  # announced on its estimate: nothing moves
        ("2026-03-21", "2026-03-30"),  # on a Saturday: Friday 20 is worked, a day is won
        ("2026-03-19", "2026-03-31"),  # Thursday instead of Friday: as many days off before the end
        ("2026-04-01", "2026-03-30"),  # beyond the delay
    ],
)
def test_moved_holiday_moves_the_delay_by_hand(told: str, end: str) -> None:
    moved = WorkCalendar((Announced(day(told), NAMES, FITR),))
    assert moved.add_working_days(day("2026-03-02"), 20) == day(end)


def test_later_announcement_of_one_holiday_takes_the_place_of_the_earlier() -> None:
    first, second = Announced(day("2026-03-19"), NAMES, FITR), Announced(day("2026-03-23"), NAMES, FITR)
    both = WorkCalendar((first, second))
    assert [both.is_holiday(day(f"2026-03-{one}")) for one in (19, 20, 23)] == [False, False, True]


def test_exceptional_holiday_adds_a_day_and_leaves_the_estimate_beside_it() -> None:
    added = WorkCalendar((Announced(FITR, NAMES), Announced(day("2026-03-04"), NAMES)))
    found = [one for one in added.days_off(2026) if one.day == FITR]
    assert [one.estimated for one in found] == [True, False]
    assert added.add_working_days(day("2026-03-02"), 20) == day("2026-04-01")


def test_exceptional_holiday_moves_when_it_is_recorded_again() -> None:
    rows = (Announced(day("2026-03-04"), NAMES), Announced(day("2026-03-05"), NAMES, day("2026-03-04")))
    moved = WorkCalendar(rows)
    assert (moved.is_holiday(day("2026-03-04")), moved.is_holiday(day("2026-03-05"))) == (False, True)


def test_announced_day_may_fall_in_another_year_than_its_estimate() -> None:
    # 10 January 2027 estimated nothing; a feast estimated on the last days of 2031 may be told in 2032.
    estimate = next(one for year in range(2026, 2045) for one in OURS.days_off(year) if one.estimated).day
    moved = WorkCalendar((Announced(dt.date(estimate.year + 1, 1, 4), NAMES, estimate),))
    assert not moved.is_holiday(estimate)
    assert moved.is_holiday(dt.date(estimate.year + 1, 1, 4))


def test_holiday_on_a_weekend_moves_nothing() -> None:
    # Saturday 31 October 2026 is Unity Day: the Monday after is worked.
    assert OURS.is_holiday(day("2026-10-31"))
    assert OURS.is_working_day(day("2026-11-02"))


def test_fixed_and_estimated_holidays_of_one_day_stand_apart() -> None:
    found = [(one.names["fr"], one.estimated) for one in OURS.days_off(2027) if one.day == day("2027-08-14")]
    assert found == [("Allégeance Oued Eddahab", False), ("Anniversaire du prophète", True)]
    moved = WorkCalendar((Announced(day("2027-08-16"), NAMES, day("2027-08-14")),))
    assert moved.is_holiday(day("2027-08-14"))


def test_every_religious_holiday_is_estimated_and_no_other() -> None:
    estimated = {one.names["en"] for one in OURS.days_off(2026) if one.estimated}
    assert estimated == {"Eid al-Fitr", "Eid al-Adha", "Islamic New Year", "Prophet’s Birthday"}
    assert len(OURS.days_off(2026)) == 18
    assert is_estimate(FITR)
    assert not is_estimate(day("2026-05-01"))


@pytest.mark.parametrize(
    ("start", "n", "estimated"),
    [
        ("2026-03-02", 20, True),  # Fitr inside
        ("2026-03-02", 13, True),  # ends the day before the estimate, which may come a day early
        ("2026-03-02", 12, False),
        ("2026-03-21", 5, True),  # starts on an estimate, which may come a day late
        ("2026-03-23", 5, False),
        ("2026-09-01", 20, False),
    ],
)
def test_delay_is_estimated_while_a_holiday_near_it_is_not_announced(start: str, n: int, estimated: bool) -> None:
    assert OURS.may_move(day(start), OURS.add_working_days(day(start), n)) is estimated


def test_delay_is_sure_once_its_holidays_are_announced() -> None:
    rows = tuple(Announced(FITR + DAY * n, NAMES, FITR + DAY * n) for n in range(2))
    assert not WorkCalendar(rows).may_move(day("2026-03-02"), day("2026-03-31"))


def test_hours_and_ramadan_change_nothing_to_days() -> None:
    # Morocco's clock went back on 15 February 2026 for Ramadan and forward on 22 March: a day is a day.
    assert add_days(day("2026-02-14"), 2) == day("2026-02-16")
    assert OURS.add_working_days(day("2026-03-19"), 1) == day("2026-03-23")


@given(start=DAYS, n=st.integers(-40, 40))
def test_months_end_in_the_month_they_count_to(start: dt.date, n: int) -> None:
    end = add_months(start, n)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == n
    last = calendar.monthrange(end.year, end.month)[1]
    assert end.day == min(start.day, last)


@given(start=DAYS, n=st.integers(1, 400))
def test_clear_days_are_one_more_than_days_and_come_back(start: dt.date, n: int) -> None:
    assert add_clear_days(start, n) == add_days(start, n + 1)
    assert add_clear_days(add_clear_days(start, n), -n) == start


@given(year=st.integers(2000, 2100), month=st.integers(1, 12))
def test_first_monday_is_a_monday_of_the_first_seven_days(year: int, month: int) -> None:
    found = first_monday(year, month)
    assert (found.weekday(), found.month, found.day <= 7) == (0, month, True)


@pytest.mark.parametrize("seen", ["2023-10-02", "2025-10-06"])
def test_first_monday_agrees_with_sessions_seen(seen: str) -> None:
    """Sessions of October 2023 and 2025, as read on Regions' sites (shared domain/morocco.md §1)."""
    assert first_monday(day(seen).year, 10) == day(seen)


@pytest.mark.parametrize("unit", ["days", "working-days", "clear-days", "months", "years"])
@pytest.mark.parametrize("n", [10**9, -(10**9), 10**30])
def test_delay_out_of_reach_is_refused(unit: Unit, n: int) -> None:
    with pytest.raises(TooFar):
        OURS.count(day("2026-03-02"), n, unit)


def test_delay_of_nothing_ends_where_it_starts() -> None:
    assert {OURS.count(FITR, 0, unit) for unit in ("days", "working-days", "clear-days", "months")} == {FITR}  # type: ignore[arg-type]


def test_calendar_of_a_year_the_library_does_not_know_has_no_holiday() -> None:
    assert OURS.days_off(2150) == ()
