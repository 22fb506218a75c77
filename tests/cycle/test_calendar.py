"""The calendar: its pages, holidays announced and what they move, plans made backwards, due lines, feeds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from freezegun import freeze_time

from openregion.core.refusal import Refused
from openregion.cycle import actions, queries, rules
from openregion.cycle.models import Holiday, Meeting, Minutes
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.cycle.overrides import overridden
from tests.factories.calendar import HolidayFactory
from tests.factories.cycle import CycleFactory, DeliberationFactory
from tests.factories.people import AT, AuthorityFactory, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("O-1")]
LANGUAGES = ("ar", "zgh", "fr", "en")
ROLES = (
    "administrator",
    "president",
    "council-secretary",
    "point-of-contact",
    "coordinator",
    "team-member",
    "moderator",
)
FITR = dt.date(2026, 3, 20)
TODAY = dt.date(2026, 3, 10)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici", authorities=[AuthorityFactory(mandate_ends_on=dt.date(2027, 9, 8))])


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def address(name: str, *args: Any, lang: str = "en") -> str:
    with override(lang):
        return reverse(name, args=args)


def session(member: Member, day: dt.date, **fields: Any) -> Meeting:
    given: dict[str, Any] = {
        "number": Meeting.objects.filter(member=member).count() + 1,
        "kind": Meeting.Kind.ORDINARY_SESSION,
        "title": words("Session inventée", "دورة متخيلة", "Invented session"),
        "starts_at": dt.datetime.combine(day, dt.time(10), timezone.get_current_timezone()),
    }
    return Meeting.objects.create(member=member, **(given | fields))


def announced(member: Member, by: User, day: dt.date, **fields: Any) -> tuple[Holiday, ...]:
    given: dict[str, Any] = {"estimated_on": FITR, "source": "Communiqué inventé", "at": AT}
    return actions.record_holiday(member=member, day=day, by=by, **(given | fields))


# The deed


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_holiday_is_recorded_by_those_whose_role_says_so(member: Member, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    found = guides.role(guides.guide(member.guide_version), role) if role else None
    reason = rules.why_not_record_holiday(
        by, member, queries.calendar_of(member), estimated_on=FITR, day=FITR, name={}, source="x"
    )
    assert (not reason) == bool(found and "record_holiday" in found.deeds)


def test_holiday_of_two_days_moves_whole_and_is_written_in_the_journal(member: Member, contact: User) -> None:
    made = announced(member, contact, FITR + dt.timedelta(days=1))
    days = [(one.estimated_on, one.day) for one in made]
    assert days == [(FITR + dt.timedelta(days=n), FITR + dt.timedelta(days=n + 1)) for n in range(2)]
    assert made[0].name["ar"]["text"] == "عيد الفطر"
    line = JournalLine.objects.get(verb="record_holiday")
    assert line.facts["day"] == "2026-03-21"
    with override("en"):
        said = render_to_string("cycle/journal/record_holiday.html", {"line": line, "facts": line.facts})
    assert said.strip() == (
        "The day of a public holiday was announced: Eid al-Fitr, 21 March 2026 (estimated on 20 March 2026)."
    )


def test_exceptional_holiday_is_named_and_written_in_the_journal(member: Member, contact: User) -> None:
    (made,) = announced(
        member, contact, dt.date(2026, 3, 4), estimated_on=None, name=words("Congé inventé", "عطلة متخيلة")
    )
    assert queries.calendar_of(member).is_holiday(made.day)
    line = JournalLine.objects.get(verb="record_holiday")
    with override("ar"):
        said = render_to_string("cycle/journal/record_holiday.html", {"line": line, "facts": line.facts})
    assert "عطلة متخيلة" in said


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"source": "  "}, "Say where the day was announced: it is published."),
        ({"estimated_on": dt.date(2026, 3, 18)}, "No holiday is estimated on that day. Choose one of the list."),
        ({"estimated_on": dt.date(2026, 5, 1)}, "No holiday is estimated on that day. Choose one of the list."),
        (
            {"day": dt.date(2026, 3, 30)},
            "That day is far from the estimate. Check it; an estimate is a day or two early at most.",
        ),
        ({"day": dt.date(1900, 1, 1)}, "This day is too far away. Check its year."),
        ({"day": dt.date(9999, 12, 31)}, "This day is too far away. Check its year."),
        ({"estimated_on": None}, "Name the holiday in French and in Arabic."),
        (
            {"estimated_on": None, "day": dt.date(2026, 5, 1), "name": words("x", "س")},
            "That day is a public holiday already. If it is a religious one, choose it in the list.",
        ),
    ],
)
def test_holiday_is_refused_with_a_reason(member: Member, contact: User, fields: dict[str, Any], reason: str) -> None:
    given: dict[str, Any] = {"day": FITR}
    with override("en"), pytest.raises(Refused) as refused:
        announced(member, contact, **(given | fields))
    assert str(refused.value) == reason
    assert Holiday.objects.count() == 0


def test_same_day_recorded_twice_is_refused_and_another_day_counts(member: Member, contact: User) -> None:
    announced(member, contact, FITR)
    with pytest.raises(Refused):
        announced(member, contact, FITR)
    announced(member, contact, FITR + dt.timedelta(days=1), at=AT + dt.timedelta(days=1))
    assert Holiday.objects.count() == 4
    assert not queries.calendar_of(member).is_holiday(FITR)


def test_exceptional_holiday_is_refused_twice_and_may_be_moved(member: Member, contact: User) -> None:
    day, name = dt.date(2026, 3, 4), words("Congé inventé", "عطلة متخيلة")
    announced(member, contact, day, estimated_on=None, name=name)
    with pytest.raises(Refused):
        announced(member, contact, day, estimated_on=None, name=name)
    announced(member, contact, day + dt.timedelta(days=1), estimated_on=day, at=AT + dt.timedelta(days=1))
    calendar = queries.calendar_of(member)
    assert (calendar.is_holiday(day), calendar.is_holiday(day + dt.timedelta(days=1))) == (False, True)


# What it moves


@freeze_time("2026-03-17 10:00:00+00:00")
def test_recorded_holiday_recomputes_due_days_and_tells_old_and_new(member: Member, contact: User) -> None:
    closed = dt.date(2026, 3, 10)
    session(member, dt.date(2026, 3, 2), state=Meeting.State.HELD, closed_on=closed)
    client = Client()
    client.force_login(contact)
    # 8 working days after Tuesday 10: 11–13, 16–19 make 7; Fri 20 is off; Mon 23 is the eighth.
    before = {one.key.split(":")[0]: one.due for one in queries.open_legal_days(member, dt.date(2026, 3, 17))}
    assert (before["minutes-to-wali"].day, before["minutes-to-wali"].estimated) == (dt.date(2026, 3, 23), True)
    said = {"holiday": "2026-03-20", "day": "2026-03-21", "source": "Communiqué inventé du 19 mars"}
    response = client.post(address("record_holiday", "ici", 2026), said, follow=True)
    page = response.content.decode()
    moved = "A due date moved. Minutes sent to the Wali – Invented session: 23 March 2026 becomes 20 March 2026."
    assert moved in page
    after = {one.key.split(":")[0]: one.due for one in queries.open_legal_days(member, dt.date(2026, 3, 17))}
    assert (after["minutes-to-wali"].day, after["minutes-to-wali"].estimated) == (dt.date(2026, 3, 20), False)


@freeze_time("2026-03-17 10:00:00+00:00")
def test_recorded_holiday_that_moves_nothing_says_so(member: Member, contact: User) -> None:
    client = Client()
    client.force_login(contact)
    said = {"holiday": "2026-05-27", "day": "2026-05-27", "source": "Communiqué inventé"}
    page = client.post(address("record_holiday", "ici", 2026), said, follow=True).content.decode()
    assert "No due date that runs has moved." in page


def test_refused_holiday_keeps_what_was_typed(member: Member, contact: User) -> None:
    client = Client()
    client.force_login(contact)
    said = {
        "holiday": "exceptional",
        "day": "2026-05-01",
        "source": "Décret inventé",
        "name_fr": "Congé",
        "name_ar": "عطلة",
    }
    response = client.post(address("record_holiday", "ici", 2026), said)
    page = response.content.decode()
    assert response.status_code == 200
    assert "That day is a public holiday already." in page
    assert 'value="Décret inventé"' in page


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"holiday": "x", "day": "x", "source": "x"},
        {"holiday": "2026-03-20", "day": "0001-01-01", "source": "x"},
        {"holiday": "exceptional", "day": "2026-03-04", "source": "x"},
        {"holiday": "2026-03-20\x00", "day": "2026-03-20", "source": "x"},
        {"holiday": "exceptional", "day": "2026-03-04", "source": "x" * 400, "name_fr": "<b>", "name_ar": "س"},
    ],
)
def test_dirty_holiday_is_asked_again(member: Member, contact: User, said: dict[str, str]) -> None:
    client = Client()
    client.force_login(contact)
    response = client.post(address("record_holiday", "ici", 2026), said)
    assert (response.status_code, Holiday.objects.count()) == (200, 0)


# Pages


@pytest.mark.parametrize("lang", LANGUAGES)
@freeze_time("2026-03-10 10:00:00+00:00")
def test_calendar_pages_open_in_every_language(member: Member, lang: str) -> None:
    CycleFactory(member=member, dated=True)
    HolidayFactory(member=member)
    session(member, dt.date(2026, 7, 6))
    client = Client()
    asked = (
        (address("calendar", "ici", lang=lang), {}),
        (address("holidays", "ici", 2026, lang=lang), {}),
        (address("backward_planning", "ici", lang=lang), {"day": "2026-07-06", "commission_days": "10"}),
        (address("count_delay", "ici", lang=lang), {"rule": "minutes-to-wali", "day": "2026-03-10"}),
    )
    for url, said in asked:
        assert client.get(url, said).status_code == 200, url


@freeze_time("2026-03-10 10:00:00+00:00")
def test_calendar_shows_expected_sessions_by_their_rule_and_recorded_ones_in_their_place(member: Member) -> None:
    with override("en"):
        expected = queries.calendar_page(member, TODAY).sessions
        assert [(one.day, one.expected) for one, _days in expected] == [
            (dt.date(2026, 7, 6), True),
            (dt.date(2026, 10, 5), True),
            (dt.date(2027, 3, 1), True),
        ]
        assert {one.confidence.name for one, _days in expected if one.confidence} == {"High confidence"}
        session(member, dt.date(2026, 7, 13))
        session(member, dt.date(2026, 10, 5), state=Meeting.State.CANCELLED)
        session(member, dt.date(2026, 5, 4), kind=Meeting.Kind.EXTRAORDINARY_SESSION)
        session(MemberFactory(), dt.date(2027, 3, 2))
        found = queries.calendar_page(member, TODAY).sessions
    assert [(one.day, one.expected) for one, _days in found] == [
        (dt.date(2026, 5, 4), False),
        (dt.date(2026, 7, 13), False),
        (dt.date(2026, 10, 5), True),
        (dt.date(2027, 3, 1), True),
    ]


@freeze_time("2026-03-10 10:00:00+00:00")
def test_calendar_labels_national_standards_as_good_practice(member: Member) -> None:
    page = queries.calendar_page(member, TODAY)
    assert {one.rule.code for one in page.good_practice} >= {
        "forum-meeting-interval",
        "repository-updates",
        "implementation-meetings",
        "co-creation-notice",
    }
    assert {one.rule.code for one in page.ogp} >= {
        "inception-report",
        "end-of-commitment-report",
        "public-page-refresh",
    }
    assert not {one.rule.code for one in page.ogp} & {one.rule.code for one in page.good_practice}
    html = Client().get(address("calendar", "ici")).content.decode()
    assert "These bind national members of OGP only." in html


@freeze_time("2026-03-10 10:00:00+00:00")
def test_calendar_counts_visas_awaited_and_oppositions(member: Member) -> None:
    held = session(member, dt.date(2026, 3, 2), state=Meeting.State.HELD, closed_on=dt.date(2026, 3, 3))
    Minutes.objects.create(meeting=held, sent_on=dt.date(2026, 3, 9))
    DeliberationFactory(cycle=CycleFactory(member=member), visa="awaited", received_on=dt.date(2026, 3, 4))
    found = {one.key.split(":")[0]: one.due.day for one in queries.open_legal_days(member, TODAY)}
    assert found["wali-opposition"] == dt.date(2026, 3, 12)
    assert found["visa"] == dt.date(2026, 3, 24)
    assert "minutes-to-wali" not in found


@freeze_time("2026-03-10 10:00:00+00:00")
def test_calendar_asks_the_same_for_one_row_and_thirty(member: Member, client: Client) -> None:
    CycleFactory(member=member, dated=True)
    counts = []
    for number in (1, 29):
        for n in range(number):
            session(member, dt.date(2026, 3, 11) + dt.timedelta(days=n))
            held = session(member, dt.date(2026, 1, 5) + dt.timedelta(days=n), state=Meeting.State.HELD)
            Meeting.objects.filter(pk=held.pk).update(closed_on=dt.date(2026, 2, 20))
            HolidayFactory(member=member, exceptional=True, day=dt.date(2026, 4, 1) + dt.timedelta(days=n))
        with CaptureQueriesContext(connection) as asked:
            queries.calendar_page(member, TODAY)
            queries.due_calendar(member, TODAY)
            queries.calendar_entries(member, first=dt.date(2026, 1, 1), last=dt.date(2026, 12, 31))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_holidays_page_says_what_is_fixed_estimated_announced_and_exceptional(member: Member) -> None:
    HolidayFactory(member=member)
    HolidayFactory(member=member, estimated_on=dt.date(2026, 3, 21), day=dt.date(2026, 3, 22))
    HolidayFactory(member=member, exceptional=True)
    with override("en"):
        lines = queries.holidays_page(member, 2026).lines
    states = {(one.first.isoformat(), one.last.isoformat()): one.state for one in lines}
    assert states["2026-03-21", "2026-03-22"] == "Announced"
    assert states["2026-03-04", "2026-03-04"] == "Exceptional"
    over = "Never confirmed" if timezone.localdate() > dt.date(2026, 5, 28) else "Estimated"
    assert states["2026-05-27", "2026-05-28"] == over
    assert states["2026-05-01", "2026-05-01"] == "Fixed"


def test_holidays_page_shows_the_button_to_those_who_may(member: Member, contact: User) -> None:
    visitor, holder = Client(), Client()
    holder.force_login(contact)
    url, button = address("holidays", "ici", 2026), address("record_holiday", "ici", 2026)
    assert button not in visitor.get(url).content.decode()
    assert button in holder.get(url).content.decode()


@pytest.mark.parametrize("year", [0, 1, 1999, 2101, 999999, 10**30])
def test_absurd_year_is_not_found(member: Member, contact: User, year: int) -> None:
    client = Client()
    client.force_login(contact)
    assert client.get(f"/en/ici/calendar/holidays/{year}/").status_code == 404
    assert client.get(f"/en/ici/calendar/holidays/{year}/record/").status_code == 404


@pytest.mark.parametrize("year", [2000, 2100])
def test_first_and_last_year_are_shown(member: Member, year: int) -> None:
    assert Client().get(address("holidays", "ici", year)).status_code == 200


# Planning backwards


@pytest.mark.row("B2")
def test_backward_plan_gives_each_step_its_last_day_and_ground(member: Member) -> None:
    with override("en"):
        plan = queries.backward_plan(member, dt.date(2027, 3, 1), today=dt.date(2026, 11, 23), commission_days=10)
    assert [(one.label, one.day) for one in plan.steps] == [
        ("With the competent commission", dt.date(2027, 1, 30)),
        ("File frozen: its words no longer change", dt.date(2027, 2, 9)),
        ("On the agenda, addressed to the Wali", dt.date(2027, 2, 9)),
        ("Members of the Council called", dt.date(2027, 2, 22)),
        ("Vote of the Council", dt.date(2027, 3, 1)),
    ]
    assert [(one.due.rule.code, one.due.figure) for one in plan.steps if one.due] == [
        ("agenda-to-wali", "20 days"),
        ("session-convocation", "7 days"),
    ]
    assert (plan.may_hold, plan.remarks) == (True, ())


@pytest.mark.row("B2")
def test_backward_plan_never_invents_the_commissions_delay(member: Member) -> None:
    with override("en"):
        plan = queries.backward_plan(member, dt.date(2027, 3, 1), today=TODAY, commission_days=None)
    step = next(one for one in plan.steps if one.label == "With the competent commission")
    assert (step.due, step.day, step.when) == (None, None, "before 9 February 2027, days not given")
    assert step.ground.startswith("No text sets how long the commission studies a file.")


@pytest.mark.row("B2")
@pytest.mark.parametrize(
    ("day", "remark"),
    [
        ("2027-05-03", "This month has no ordinary session: the Council would meet in extraordinary session."),
        ("2026-10-02", "The ordinary session of that month opens on 5 October 2026."),
        ("2027-03-07", "Offices are closed that day: a weekend or a public holiday."),
        (
            "2027-10-04",
            "The Council’s term ends on 8 September 2027, before that day: this session belongs to the next Council.",
        ),
    ],
)
def test_backward_plan_remarks_on_the_day(member: Member, day: str, remark: str) -> None:
    with override("en"):
        plan = queries.backward_plan(member, dt.date.fromisoformat(day), today=TODAY, commission_days=None)
    assert [said for said, _url in plan.remarks] == [remark]


@pytest.mark.row("B2")
@freeze_time("2027-02-15 10:00:00+00:00")
def test_backward_plan_says_which_days_are_past(member: Member) -> None:
    html = Client().get(address("backward_planning", "ici"), {"day": "2027-03-01"}).content.decode()
    assert "Some of these days are past" in html
    assert html.count("Already past") == 3  # with the commission, frozen, addressed


@pytest.mark.row("B2")
def test_backward_plan_follows_the_members_own_figure(member: Member) -> None:
    overridden(member, "session-convocation", 10)
    plan = queries.backward_plan(member, dt.date(2027, 3, 1), today=TODAY, commission_days=0)
    assert {one.day for one in plan.steps} == {dt.date(2027, 2, 9), dt.date(2027, 2, 19), dt.date(2027, 3, 1)}


@pytest.mark.parametrize("page", ["backward_planning", "count_delay"])
@pytest.mark.parametrize(
    "said",
    [
        {"day": ""},
        {"day": "x"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31"},
        {"day": "2000-01-01"},
        {"day": "2100-12-31"},
        {"day": "2027-02-30"},
        {"day": "2027-03-01", "commission_days": "-1"},
        {"day": "2027-03-01", "commission_days": "99999999999999999999"},
        {"day": "２٠27-03-01", "rule": "visa\u202e"},
        {"day": "2027-03-01", "rule": "<script>"},
        {"day": "2100-12-31", "rule": "council-term"},
        {"rule": "<script>alert(1)</script>"},
        {"day": ["2027-03-01", "x"], "rule": ["visa", "quorum"]},
    ],
)
def test_dirty_days_are_answered_with_words(member: Member, page: str, said: dict[str, Any]) -> None:
    response = Client().get(address(page, "ici"), said)
    assert response.status_code == 200
    assert b"<script>" not in response.content


@pytest.mark.row("A2")
@freeze_time("2026-11-23 10:00:00+00:00")
def test_backward_page_says_to_prepare_now_and_file_after_the_election(member: Member) -> None:
    html = Client().get(address("backward_planning", "ici")).content.decode()
    assert "Prepare the file now, and file it after the election." in html


@pytest.mark.row("A2")
def test_backward_page_names_the_last_session_before_the_last_day_to_apply() -> None:
    member = MemberFactory(authorities=[AuthorityFactory(mandate_ends_on=dt.date(2033, 9, 7))])
    found = queries.to_apply(member, dt.date(2031, 1, 1))
    assert (found.term.last_day, found.session) == (dt.date(2032, 5, 7), dt.date(2032, 3, 1))


# A delay counted


def test_delay_page_counts_and_explains(member: Member) -> None:
    said = {"rule": "information-request-answer", "day": "2026-03-02"}
    html = Client().get(address("count_delay", "ici"), said).content.decode()
    assert "Tuesday 31 March 2026" in html
    assert "20 working days after 2 March 2026 (receipt of the request), a day that is not counted." in html
    assert "Eid al-Fitr" in html


def test_delay_page_counts_back_what_is_counted_back(member: Member) -> None:
    html = Client().get(address("count_delay", "ici"), {"rule": "agenda-to-wali", "day": "2027-03-01"}).content.decode()
    assert "Act at the latest on" in html
    assert "Tuesday 9 February 2027" in html


def test_delay_page_offers_delays_and_nothing_else(member: Member) -> None:
    offered = {rule.code for _topic, found in queries.countable_rules(member) for rule in found}
    assert {"information-request-answer", "visa", "inception-report", "council-term"} <= offered
    assert not offered & {"quorum", "petition-signatures", "information-request-silence", "ordinary-sessions"}


# Due lines


def test_next_session_is_due_to_be_planned_by_the_day_of_its_agenda(member: Member) -> None:
    lines = {one.key: one for one in queries.due_calendar(member, dt.date(2026, 11, 23))}
    line = lines["agenda-to-wali:session-ici-2027-03"]
    assert (line.day, line.deed, line.estimated) == (dt.date(2027, 2, 9), "plan_meeting", True)
    meeting = session(member, dt.date(2027, 3, 1))
    line = {one.key: one for one in queries.due_calendar(member, dt.date(2026, 11, 23))}[
        f"agenda-to-wali:session-{meeting.uid}"
    ]
    assert (line.day, line.deed) == (dt.date(2027, 2, 9), "address_agenda")


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-03-04", []),
        ("2026-03-05", ["holiday:2026-03-20"]),
        ("2026-03-25", ["holiday:2026-03-20"]),
        ("2026-05-19", ["holiday:2026-03-20", "holiday:2026-05-27"]),
        ("2026-05-20", ["holiday:2026-05-27"]),
    ],
)
def test_holiday_is_due_to_be_confirmed_within_fifteen_days(member: Member, today: str, expected: list[str]) -> None:
    lines = queries.due_calendar(member, dt.date.fromisoformat(today))
    assert [one.key for one in lines if one.key.startswith("holiday:")] == expected


def test_confirmed_holiday_is_no_longer_due(member: Member, contact: User) -> None:
    announced(member, contact, FITR)
    lines = queries.due_calendar(member, dt.date(2026, 3, 15))
    assert not [one for one in lines if one.key.startswith("holiday:")]


@pytest.mark.row("A2")
@pytest.mark.parametrize(
    ("today", "day", "label"),
    [
        ("2026-03-10", dt.date(2026, 5, 8), "Last day to apply to OGP Local"),
        ("2026-11-23", None, "Prepare the file now, file it after the election"),
    ],
)
def test_last_day_to_apply_is_due_while_a_candidacy_runs(
    member: Member, today: str, day: dt.date | None, label: str
) -> None:
    def found() -> list[Any]:
        with override("en"):
            lines = queries.due_calendar(member, dt.date.fromisoformat(today))
        return [(one.day, one.label) for one in lines if one.key == "last-day-to-apply"]

    assert found() == []
    CycleFactory(member=member, admission=True)
    assert found() == [(day, label)]
    CycleFactory(member=member, opened_on=dt.date(2026, 2, 1))
    assert found() == []


def test_public_page_is_due_to_be_refreshed_four_months_after_the_last_line(member: Member, contact: User) -> None:
    announced(member, contact, FITR, at=dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))

    def found() -> list[dt.date | None]:
        return [one.day for one in queries.due_calendar(member, TODAY) if one.key == "public-page-refresh"]

    assert found() == []  # a holiday recorded tells the public nothing of the process
    stage = CycleFactory(member=member).stages.get(code="plan-1")
    at = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    actions.date_stage(stage, starts_on=TODAY, ends_on=TODAY, by=contact, at=at)
    assert found() == [dt.date(2026, 7, 1)]


def test_member_with_a_plan_is_not_told_to_apply(member: Member) -> None:
    assert queries.to_apply(member, TODAY) is not None
    CycleFactory(member=member)
    assert queries.to_apply(member, TODAY) is None
    for name in ("calendar", "backward_planning"):
        assert "last day to apply" not in Client().get(address(name, "ici")).content.decode()


def test_calendar_begins_with_what_comes_next(member: Member) -> None:
    day = timezone.localdate() + dt.timedelta(days=9)
    session(member, day, kind=Meeting.Kind.PUBLIC, open_to_all=True, title=words("Forum inventé", "", "Invented forum"))
    html = Client().get(address("calendar", "ici")).content.decode()
    assert "Invented forum" in html[html.index('id="next"') : html.index('id="running"')]


# A feed


@freeze_time("2026-03-10 10:00:00+00:00")
def test_feed_holds_stages_sessions_meetings_legal_days_and_holidays(member: Member) -> None:
    cycle = CycleFactory(member=member, dated=True)
    HolidayFactory(member=member)
    planned = session(member, dt.date(2026, 7, 6), place=words("Siège inventé", "", "Invented seat"))
    public = session(member, dt.date(2026, 6, 1), kind=Meeting.Kind.PUBLIC, open_to_all=True)
    bureau = session(member, dt.date(2026, 6, 2), kind=Meeting.Kind.BUREAU)
    session(member, dt.date(2026, 6, 3), kind=Meeting.Kind.PUBLIC, open_to_all=True, state=Meeting.State.CANCELLED)
    with override("en"):
        entries = queries.calendar_entries(member, first=dt.date(2026, 1, 1), last=dt.date(2026, 12, 31))
    found = {one.uid: one for one in entries}
    assert len(found) == len(entries)
    assert {f"stage-{cycle.uid}-plan-{n}" for n in (1, 2, 3)} <= set(found)
    assert (found[f"session-{planned.uid}"].place, found[f"session-{planned.uid}"].estimated) == (
        "Invented seat",
        False,
    )
    assert found["session-ici-2026-10"].estimated is True
    assert found[f"meeting-{public.uid}"].starts == public.starts_at
    told = {one.uid for one in entries if one.uid.startswith("meeting-")}
    assert told == {f"meeting-{public.uid}", f"meeting-{bureau.uid}"}  # those that the public list of meetings shows
    legal = found[f"legal-agenda-to-wali-session-{planned.uid}"]
    assert (legal.starts, legal.title) == (
        dt.date(2026, 6, 16),
        "At the latest: Agenda addressed to the Wali – Invented session",
    )
    assert (found["feast-ici-2026-05-27"].estimated, found["holiday-ici-2026-05-01"].estimated) == (True, False)
    assert [one.day for one in entries] == sorted(one.day for one in entries)


def test_feed_keeps_the_uid_of_a_holiday_that_moves(member: Member, contact: User) -> None:
    span = {"first": dt.date(2026, 3, 1), "last": dt.date(2026, 3, 31)}
    before = {one.uid: one.starts for one in queries.calendar_entries(member, **span)}
    announced(member, contact, FITR + dt.timedelta(days=1))
    after = {one.uid: one.starts for one in queries.calendar_entries(member, **span)}
    assert set(before) == set(after)
    assert (before["feast-ici-2026-03-20"], after["feast-ici-2026-03-20"]) == (FITR, FITR + dt.timedelta(days=1))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_feed_speaks_the_language_of_the_page(member: Member, lang: str) -> None:
    with override(lang):
        entries = queries.calendar_entries(member, first=dt.date(2026, 3, 1), last=dt.date(2026, 3, 31))
    assert {one.title for one in entries} != set()
