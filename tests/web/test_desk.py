"""The desk gathers what each room says is due; one line, one act, for whoever holds its deed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openregion.core.due import Due
from openregion.cycle.models import Meeting
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.web.queries.desk import Section, desk_of, due_of, is_for, work_of
from tests.factories.chains import Chain
from tests.factories.desk import InvitationFactory, MeetingFactory, due
from tests.factories.people import AppointmentFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db


def section(user: User, member: Member, code: str, *, mine: bool = True) -> Section:
    return next(one for one in desk_of(user, member, mine=mine).sections if one.code == code)


@pytest.fixture
def chain() -> Chain:
    chain = Chain()
    chain.suggest("À lire", publish=False)
    return chain


def test_desk_gathers_lines_of_every_room_by_day(chain: Chain) -> None:
    chain.suggest("Sans réponse")
    chain.promise(chain.gather(chain.received[1:]))
    chain.publish()
    today = timezone.localdate()
    found = due_of(chain.member, today)
    days = [line.day or dt.date.max for line in found]
    assert days == sorted(days)
    keys = {line.key.split(":")[0] for line in found}
    assert {"moderation", "consultation", "responses", "report", "plan-ends"} - keys == set()
    assert len({line.key for line in found}) == len(found)


def test_line_becomes_a_button_only_for_whoever_holds_its_deed(chain: Chain) -> None:
    moderator = UserFactory(role="moderator", at=chain.member)
    head = UserFactory(role="unit-head", at=chain.member)
    told = []
    for user in (moderator, head):
        lines = section(user, chain.member, "undated", mine=False).lines
        told.append([one.may for one in lines if "/moderation/" in one.url])
    assert told == [[True], [False]]


def test_line_without_its_deed_names_the_roles_that_hold_it(chain: Chain) -> None:
    head = UserFactory(role="unit-head", at=chain.member)
    (line,) = [one for one in section(head, chain.member, "undated", mine=False).lines if "/moderation/" in one.url]
    book = guides.guide(chain.member.guide_version)
    held = [role.label.in_("fr") for role in book.roles if "publish_contribution" in role.deeds]
    assert [name in line.who for name in held] == [True] * len(held)


def test_assigned_line_is_that_persons_alone() -> None:
    member = MemberFactory()
    charged, other = (UserFactory(role="point-of-contact", at=member) for _ in range(2))
    line, free = due(assignee=charged.pk), due("free")
    may = frozenset({"open_cycle"})
    assert [is_for(one, user, may) for one in (line, free) for user in (charged, other)] == [True, False, True, True]


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"day": dt.date(2026, 3, 9)}, "late"),
        ({"day": dt.date(2026, 3, 10)}, "soon"),
        ({"day": dt.date(2026, 3, 24)}, "soon"),
        ({"day": dt.date(2026, 3, 25)}, "later"),
        ({}, "later"),
        ({"day": dt.date(2026, 3, 9), "waits_for": "Le wali"}, "waiting"),
        ({"day": dt.date(2026, 3, 1), "done_on": dt.date(2026, 3, 2)}, "done"),
    ],
)
def test_state_of_a_line_depends_on_the_day(more: dict[str, Any], state: str) -> None:
    assert due(**more).state(dt.date(2026, 3, 10)) == state


@pytest.mark.row("A5")
def test_five_duties_show_with_figures_and_their_lines(chain: Chain) -> None:
    InvitationFactory(meeting=MeetingFactory(cycle=chain.cycle))
    desk = desk_of(chain.by, chain.member, mine=True)
    codes = [one.code for one in guides.guide(chain.member.guide_version).book.duties]
    assert (len(desk.duties), len(codes)) == (5, 5)
    assert [bool(duty.figures) for duty in desk.duties] == [True] * 5
    civil = desk.duties[codes.index("civil-society")]
    held = timezone.localdate(Meeting.objects.get().starts_at)
    assert str(held.year) in civil.figures[0].sentence
    assert any("/moderation/" in line.url for line in civil.lines)


@pytest.mark.row("A5")
def test_duty_says_when_nothing_is_recorded() -> None:
    member = MemberFactory()
    desk = desk_of(UserFactory(role="point-of-contact", at=member), member, mine=True)
    assert desk.duties[0].figures[0].sentence != ""
    assert {duty.tone for duty in desk.duties} <= {"done", "underway", "late"}


def test_desk_opens_to_the_team_alone(client: Client) -> None:
    member = MemberFactory()
    address = reverse("desk", args=[member.slug])
    assert client.get(address).status_code == 302
    client.force_login(UserFactory())
    assert client.get(address).status_code == 403
    client.force_login(UserFactory(role="rapporteur", at=member))
    assert client.get(address).status_code == 200
    client.force_login(UserFactory(role="point-of-contact", at=MemberFactory()))
    assert client.get(address).status_code == 403


def test_desk_shows_mine_then_everybodys(client: Client, chain: Chain) -> None:
    client.force_login(UserFactory(role="unit-head", at=chain.member))
    address = reverse("desk", args=[chain.member.slug])
    moderation = reverse("moderation", args=[chain.member.slug])
    shown = [moderation in client.get(address, asked).content.decode() for asked in ({}, {"lines": "all"})]
    # The duties list every open line, whoever reads: the sections alone are narrowed.
    assert shown[1] is True
    sections = desk_of(User.objects.get(appointments__role="unit-head"), chain.member, mine=True).sections
    assert [line.url for one in sections for line in (*one.lines, *one.folded) if line.url == moderation] == []


def test_home_page_leads_the_team_to_the_desk(client: Client, chain: Chain) -> None:
    home, desk = (reverse(name, args=[chain.member.slug]) for name in ("member_home", "desk"))
    assert f'href="{desk}"' not in client.get(home).content.decode()
    client.force_login(chain.by)
    assert f'href="{desk}"' in client.get(home).content.decode()


def test_home_page_shows_five_lines_at_most(chain: Chain) -> None:
    for number in range(8):
        chain.ask(f"question-{number}")
    assert len(work_of(chain.by, chain.member)) == 5


def test_desk_asks_the_same_number_of_questions_for_one_row_and_thirty(client: Client, chain: Chain) -> None:
    client.force_login(chain.by)
    chain.promise()
    chain.publish()
    AppointmentFactory(member=chain.member, role="unit-head", unit=chain.unit)
    MeetingFactory(cycle=chain.cycle, to_come=True)
    address = reverse("desk", args=[chain.member.slug]) + "?lines=all"

    def questions() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = questions()
    for number in range(29):
        chain.ask(f"question-{number}")
        chain.suggest(f"À lire {number}", publish=False)
        MeetingFactory(cycle=chain.cycle, to_come=True)
    assert questions() == few


def test_reports_fall_to_the_head_of_the_unit(chain: Chain) -> None:
    chain.promise()
    chain.publish()
    head = AppointmentFactory(member=chain.member, role="unit-head", unit=chain.unit).user
    reports = [line for line in due_of(chain.member, timezone.localdate()) if line.key.startswith("report:")]
    assert [line.assignee for line in reports] == [head.pk]


@pytest.mark.row("O-6")
def test_report_is_due_four_months_after_the_last_one(chain: Chain) -> None:
    one = chain.promise()
    chain.publish()
    chain.report(one, ago=60)
    (line,) = [line for line in due_of(chain.member, timezone.localdate()) if line.key.startswith("report:")]
    told = timezone.localdate() - dt.timedelta(days=60)
    month = told.month + 4
    assert line.day is not None
    assert (line.day.year, line.day.month) == (told.year + (month - 1) // 12, (month - 1) % 12 + 1)
    assert line.why != ""


def test_nothing_of_a_room_is_kept_from_the_desk() -> None:
    assert isinstance(due(), Due)
    assert due_of(MemberFactory(), timezone.localdate()) is not None


def test_long_section_folds_after_ten_lines(chain: Chain) -> None:
    for number in range(14):
        chain.ask(f"question-{number}")
    soon = section(chain.by, chain.member, "soon")
    assert (len(soon.lines), len(soon.folded), soon.count) == (10, 5, 15)
