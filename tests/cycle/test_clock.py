"""The legal clock: due days by rule, with the sentence that says from what, on what ground, how sure."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from openregion.cycle import queries
from openregion.guide import queries as guides
from openregion.people.models import Member
from tests.cycle.overrides import overridden
from tests.factories.calendar import HolidayFactory
from tests.factories.people import AT, AuthorityFactory, MemberFactory, TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("O-1")]
START = dt.date(2026, 3, 2)
ANSWER = "information-request-answer"


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


def in_term(ends_on: dt.date | None) -> Member:
    return MemberFactory(authorities=[AuthorityFactory(mandate_ends_on=ends_on)])


# Hand-worked: each delay of the law from a day, with the day it ends.
@pytest.mark.parametrize(
    ("rule", "start", "day"),
    [
        (ANSWER, "2026-03-02", "2026-03-31"),
        ("information-request-extension", "2026-09-29", "2026-10-27"),
        ("information-request-urgent", "2026-03-05", "2026-03-08"),
        ("information-complaint-to-head", "2026-09-01", "2026-09-29"),
        ("information-complaint-head-answer", "2026-03-02", "2026-03-17"),
        ("information-complaint-to-cdai", "2026-01-31", "2026-03-02"),
        ("information-court-appeal", "2026-01-31", "2026-04-01"),
        ("petition-refusal-notice", "2026-12-31", "2027-02-28"),
        ("minutes-to-wali", "2026-12-31", "2027-01-15"),
        ("wali-opposition", "2026-10-21", "2026-10-26"),
        ("visa", "2026-10-21", "2026-11-10"),
        ("inception-report", "2026-12-31", "2027-02-28"),
        ("end-of-commitment-report", "2026-01-31", "2026-02-28"),
        ("public-page-refresh", "2026-11-01", "2027-03-01"),
        ("council-term", "2021-09-08", "2027-09-08"),
    ],
)
def test_due_date_is_the_day_worked_by_hand(member: Member, rule: str, start: str, day: str) -> None:
    due = queries.due_date(member, rule, start=dt.date.fromisoformat(start), what="dépôt")
    assert due.day == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("rule", "end", "day"),
    [
        ("agenda-to-wali", "2027-03-01", "2027-02-09"),
        ("session-convocation", "2027-03-01", "2027-02-22"),
        ("term-left-at-application", "2027-09-08", "2026-05-08"),
        ("co-creation-notice", "2027-01-08", "2026-12-25"),
    ],
)
def test_latest_day_is_counted_back(member: Member, rule: str, end: str, day: str) -> None:
    due = queries.latest_day(member, rule, end=dt.date.fromisoformat(end), what="session")
    assert due.day == dt.date.fromisoformat(day)


def test_due_date_says_from_what_by_which_rule_and_how_sure(member: Member) -> None:
    with override("en"):
        due = queries.due_date(member, ANSWER, start=START, what="request received")
    assert due.sentence == (
        "20 working days after 2 March 2026 (request received), a day that is not counted. "
        "Saturdays, Sundays and public holidays are left out. "
        "Rule: Answer to an information request (\u206831-13, art. 16\u2069). "
        "Verified. Read in the source given. It may block an act. "
        "The day is estimated: a religious holiday nearby is not announced yet."
    )
    assert (due.figure, due.may_block, due.estimated) == ("20 working days", True, True)
    assert due.rule_url == "/en/ici/method/rules/information-request-answer/"


def test_rule_that_is_not_verified_warns_and_never_blocks(member: Member) -> None:
    weak = [one.code for one in guides.guide(member.guide_version).rules if one.confidence != "verified"]
    clock = queries.clock_of(member)
    found = {}
    for code in weak:
        try:
            found[code] = clock.due_date(code, start=START, what="x")
        except queries.NoDay:
            continue
    assert {one.may_block for one in found.values()} == {False}
    with override("en"):
        due = queries.latest_day(member, "session-convocation", end=START, what="session")
    assert "Low confidence. Uncertain: check it before you rely on it. It warns and never blocks." in due.sentence


def test_members_own_value_counts_and_is_said(member: Member) -> None:
    overridden(member, "session-convocation", 10)
    with override("en"):
        due = queries.latest_day(member, "session-convocation", end=dt.date(2027, 3, 1), what="session")
    assert (due.day, due.figure) == (dt.date(2027, 2, 19), "10 days")
    assert "The figure is this authority’s own." in due.sentence


def test_own_value_counts_from_its_effective_day_only(member: Member) -> None:
    overridden(member, "visa", 30, effective_on=dt.date(2026, 6, 1))
    days = [queries.due_date(member, "visa", start=dt.date(2026, one, 1), what="x").day for one in (5, 6)]
    assert days == [dt.date(2026, 5, 21), dt.date(2026, 7, 1)]


def test_day_of_closed_offices_says_the_working_day_before(member: Member) -> None:
    with override("en"):
        due = queries.due_date(member, "visa", start=dt.date(2026, 12, 20), what="receipt")
    assert (due.day, due.open_day) == (dt.date(2027, 1, 9), dt.date(2027, 1, 8))
    assert due.sentence.endswith("Offices are closed that day.")  # the act is the authority's


def test_rule_not_yet_in_force_says_since_when(member: Member) -> None:
    with override("en"):
        due = queries.due_date(member, ANSWER, start=dt.date(2018, 6, 1), what="receipt")
    assert "The rule holds from 12 March 2019 only." in due.sentence


@pytest.mark.parametrize(
    "rule", ["information-request-silence", "petition-signatures", "quorum", "ordinary-sessions", "no-such-rule"]
)
def test_rule_that_is_no_delay_gives_no_day(member: Member, rule: str) -> None:
    with pytest.raises(queries.NoDay):
        queries.due_date(member, rule, start=START, what="x")


@pytest.mark.parametrize("start", [dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2100, 12, 31)])
def test_day_out_of_this_century_is_refused(member: Member, start: dt.date) -> None:
    for rule in (ANSWER, "visa", "council-term"):
        with pytest.raises(queries.NoDay):
            queries.due_date(member, rule, start=start, what="x")


def test_absurd_own_value_is_refused(member: Member) -> None:
    overridden(member, "visa", 1e12)
    with pytest.raises(queries.NoDay):
        queries.due_date(member, "visa", start=START, what="x")


def test_announced_holiday_moves_the_day_and_makes_it_sure(member: Member) -> None:
    HolidayFactory(member=member)
    HolidayFactory(member=member, estimated_on=dt.date(2026, 3, 21), day=dt.date(2026, 3, 22))
    HolidayFactory(estimated_on=dt.date(2026, 3, 20), day=dt.date(2026, 3, 18))  # another member's
    due = queries.due_date(member, ANSWER, start=START, what="x")
    assert (due.day, due.estimated) == (dt.date(2026, 3, 30), False)


def test_later_row_of_a_holiday_counts_whatever_the_order_of_writing(member: Member) -> None:
    HolidayFactory(member=member, day=dt.date(2026, 3, 23), decided_at=AT + dt.timedelta(days=2))
    HolidayFactory(member=member, day=dt.date(2026, 3, 19), decided_at=AT)
    assert queries.calendar_of(member).is_holiday(dt.date(2026, 3, 23))
    assert not queries.calendar_of(member).is_holiday(dt.date(2026, 3, 19))


def test_estimate_does_not_touch_a_delay_in_days_of_the_calendar(member: Member) -> None:
    """But where it ends on closed offices, the day to act before it is as sure as the holidays around."""
    due = queries.due_date(member, "visa", start=dt.date(2026, 4, 1), what="x")
    assert (due.day, due.estimated) == (dt.date(2026, 4, 21), False)
    due = queries.due_date(member, "visa", start=START, what="x")
    assert (due.day, due.estimated) == (dt.date(2026, 3, 22), True)


def test_clock_asks_the_same_for_one_delay_and_thirty(member: Member) -> None:
    HolidayFactory(member=member)
    overridden(member, "visa", 25)
    counts = []
    for number in (1, 30):
        with CaptureQueriesContext(connection) as asked:
            clock = queries.clock_of(member)
            for n in range(number):
                clock.due_date("visa", start=START + dt.timedelta(days=n), what="x")
                clock.latest_day("agenda-to-wali", end=START + dt.timedelta(days=n), what="x")
        counts.append(len(asked))
    assert counts == [2, 2]


@pytest.mark.row("A2")
@pytest.mark.parametrize(
    ("ends_on", "today", "months", "last", "may"),
    [
        ("2027-09-08", "2026-05-07", 16, "2026-05-08", True),
        ("2027-09-08", "2026-05-08", 16, "2026-05-08", True),
        ("2027-09-08", "2026-05-09", 15, "2026-05-08", False),
        ("2027-09-08", "2026-11-23", 9, "2026-05-08", False),
        ("2033-09-30", "2027-10-01", 71, "2032-05-30", True),
        ("2027-09-08", "2028-01-01", 0, "2026-05-08", False),
        ("2027-06-30", "2026-02-28", 16, "2026-02-28", True),
    ],
)
def test_term_left_says_whether_an_application_can_be_filed(
    ends_on: str, today: str, months: int, last: str, may: bool
) -> None:
    member = in_term(dt.date.fromisoformat(ends_on))
    term = queries.term_left(member, dt.date.fromisoformat(today))
    assert (term.months_left, term.last_day, term.may_apply) == (months, dt.date.fromisoformat(last), may)


@pytest.mark.row("A2")
def test_term_too_short_says_to_prepare_now_and_file_after_the_election() -> None:
    with override("en"):
        term = queries.term_left(in_term(dt.date(2027, 9, 8)), dt.date(2026, 11, 23))
    assert term.sentence == (
        "The Council’s term ends on 8 September 2027. An application needs 16 months left: the last day to apply was "
        "8 May 2026. Prepare the file now, and file it after the election."
    )


@pytest.mark.row("A2")
def test_term_not_recorded_says_what_to_record() -> None:
    term = queries.term_left(in_term(None), dt.date(2026, 11, 23))
    assert (term.mandate_ends_on, term.last_day, term.may_apply) == (None, None, False)
    assert term.authority_url.startswith("/")


@pytest.mark.row("A2")
def test_of_several_councils_the_term_that_ends_first_decides() -> None:
    ends = (dt.date(2029, 1, 1), dt.date(2027, 9, 8))
    councils = [AuthorityFactory(mandate_ends_on=one, territory=TerritoryFactory()) for one in ends]
    term = queries.term_left(MemberFactory(authorities=councils), dt.date(2026, 1, 1))
    assert (term.mandate_ends_on, term.authority) == (ends[1], councils[1].name)
    unknown = MemberFactory(authorities=[councils[0], AuthorityFactory()])
    assert queries.term_left(unknown, dt.date(2026, 1, 1)).mandate_ends_on is None


def test_visa_asks_nobody_to_act_and_an_estimated_closing_is_said(member: Member) -> None:
    with override("en"):
        visa = queries.due_date(member, "visa", start=dt.date(2026, 12, 20), what="receipt")
        closed = queries.latest_day(member, "agenda-to-wali", end=dt.date(2026, 4, 9), what="opening")
        sure = queries.latest_day(member, "agenda-to-wali", end=dt.date(2026, 7, 1), what="opening")
    assert visa.sentence.endswith("Offices are closed that day.")
    assert (closed.day, closed.open_day, closed.estimated) == (dt.date(2026, 3, 20), dt.date(2026, 3, 19), True)
    assert "That the offices are closed is estimated" in closed.sentence
    assert sure.estimated is False
