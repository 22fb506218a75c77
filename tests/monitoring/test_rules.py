"""Who may report, correct and issue, and in which state."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from freezegun import freeze_time

from openregion.core.official import OfficialText
from openregion.monitoring import rules
from openregion.monitoring.actions import Shown
from openregion.monitoring.models import CompletionLevel
from openregion.people.models import Member, User
from openregion.plan.models import Commitment
from tests.factories.monitoring import (
    CommitmentFactory,
    EvidenceFactory,
    MilestoneFactory,
    PlanFactory,
    ReportFactory,
    SheetFactory,
    publish,
)
from tests.factories.people import AppointmentFactory, BodyFactory, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("D10")]
TODAY = "2026-11-23"
SAID = words("Fait en partie.")
OVER = dt.date(2026, 10, 31)  # the end of a period that can be issued


@pytest.fixture(autouse=True)
def _today() -> Any:
    with freeze_time(TODAY):
        yield


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def promised(member: Member) -> Commitment:
    one = CommitmentFactory(plan=PlanFactory(member=member))
    publish(one.plan)
    return one


def ask(by: User, one: Commitment, **other: Any) -> str:
    said: dict[str, Any] = {"level": "limited", "text": SAID, "as_of": dt.date(2026, 10, 1), "evidence": ()}
    return rules.why_not_report(by, one, **(said | other))


@pytest.mark.parametrize(
    ("role", "reports", "corrects", "drafts", "fills_in", "issues"),
    [
        ("point-of-contact", True, True, True, True, True),
        ("unit-head", False, False, False, False, False),  # of no unit of this commitment
        ("coordinator", False, False, False, False, False),
        ("team-member", False, False, False, False, False),
        ("moderator", False, False, False, False, False),
        ("monitor", False, False, False, False, False),
        ("administrator", False, False, False, False, False),
    ],
)
def test_who_may_do_what_follows_the_role(
    promised: Commitment, role: str, reports: bool, corrects: bool, drafts: bool, fills_in: bool, issues: bool
) -> None:
    member = promised.plan.cycle.member
    by, update, sheet = (
        UserFactory(role=role, at=member),
        ReportFactory(commitment=promised),
        SheetFactory(commitment=promised, ends_on=OVER),
    )
    again: dict[str, Any] = {"level": "limited", "text": SAID, "as_of": dt.date(2026, 10, 1), "evidence": ()}
    days = {"starts_on": sheet.starts_on, "ends_on": dt.date(2027, 6, 30), "level": "limited"}
    allowed = (
        not ask(by, promised),
        not rules.why_not_correct(by, update, **again),
        not rules.why_not_draft_sheet(by, promised, **days),
        not rules.why_not_revise_sheet(by, sheet, texts={}, values={}, level="limited"),
        not rules.why_not_issue_sheet(by, sheet),
    )
    assert allowed == (reports, corrects, drafts, fills_in, issues)


def test_the_head_of_a_unit_reports_on_that_unit_s_promises_only(promised: Commitment, member: Member) -> None:
    head, other = UserFactory(), UserFactory()
    AppointmentFactory(user=head, member=member, role="unit-head", unit=promised.unit)
    elsewhere = BodyFactory(unit=True, authority=member.authorities.get())
    AppointmentFactory(user=other, member=member, role="unit-head", unit=elsewhere)
    assert ask(head, promised) == ""
    assert promised.unit.name["fr"]["text"] in ask(other, promised)


@pytest.mark.row("O-7")
@pytest.mark.parametrize("level", CompletionLevel.values)
def test_what_is_claimed_high_is_shown(promised: Commitment, member: Member, level: str) -> None:
    by = UserFactory(role="point-of-contact", at=member)
    claims = level in ("substantial", "complete")
    assert (bool(ask(by, promised, level=level)), ask(by, promised, level=level, evidence=["one"])) == (claims, "")


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        ({}, False),
        ({"level": "verified"}, True),
        ({"text": {}}, True),
        ({"as_of": dt.date(2026, 11, 23)}, False),
        ({"as_of": dt.date(2026, 11, 24)}, True),
        ({"as_of": dt.date(2024, 12, 30)}, True),  # the plan starts in 2026
        ({"as_of": dt.date(2025, 1, 1)}, False),
        ({"expected_on": dt.date(2026, 9, 30)}, True),
        ({"expected_on": dt.date(2027, 1, 31)}, False),
    ],
)
def test_a_report_speaks_of_a_past_day_and_a_known_level(
    promised: Commitment, member: Member, other: dict[str, OfficialText], refused: bool
) -> None:
    assert bool(ask(UserFactory(role="point-of-contact", at=member), promised, **other)) is refused


def test_only_what_was_published_is_reported_on(member: Member) -> None:
    draft = CommitmentFactory(plan=PlanFactory(member=member))
    by = UserFactory(role="point-of-contact", at=member)
    before = ask(by, draft)
    publish(draft.plan)
    assert (before != "", ask(by, draft)) == (True, "")


def test_an_activity_of_another_promise_is_refused(promised: Commitment, member: Member) -> None:
    assert ask(UserFactory(role="point-of-contact", at=member), promised, milestone=MilestoneFactory()) != ""


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("https://region.example/preuve?a=1#b", False),
        ("http://region.example/\u0648\u062b\u064a\u0642\u0629", False),
        ("ftp://region.example/x", True),
        ("javascript:alert(1)", True),
        ("https://user:pw@region.example/", True),
        ("https://region.example\\@elsewhere.example/", True),
        ("https://region.example/\u202egpj.exe", True),
        ("https://region\u200f.example/", True),
        ("https://[region.example/", True),
    ],
)
def test_an_address_opens_for_anyone_where_it_says(
    promised: Commitment, member: Member, url: str, refused: bool
) -> None:
    by = UserFactory(role="point-of-contact", at=member)
    assert bool(ask(by, promised, evidence=[Shown(title=SAID, url=url)])) is refused


def test_a_report_is_corrected_once(promised: Commitment, member: Member) -> None:
    by, first = UserFactory(role="point-of-contact", at=member), ReportFactory(commitment=promised)
    again: dict[str, Any] = {"level": "limited", "text": SAID, "as_of": dt.date(2026, 10, 1), "evidence": ()}
    second = ReportFactory(commitment=promised, corrects=first)
    assert (rules.why_not_correct(by, first, **again) != "", rules.why_not_correct(by, second, **again)) == (True, "")


def test_a_sheet_is_issued_once_its_results_are_told(promised: Commitment, member: Member) -> None:
    by = UserFactory(role="point-of-contact", at=member)
    mute = SheetFactory(commitment=promised, texts={}, ends_on=OVER)
    told = SheetFactory(commitment=promised, number=2, ends_on=OVER)
    assert (rules.why_not_issue_sheet(by, mute) != "", rules.why_not_issue_sheet(by, told)) == (True, "")


@pytest.mark.parametrize(("ends_on", "refused"), [(dt.date(2026, 11, 23), False), (dt.date(2026, 11, 24), True)])
def test_a_sheet_is_issued_once_its_period_is_over(
    promised: Commitment, member: Member, ends_on: dt.date, refused: bool
) -> None:
    by = UserFactory(role="point-of-contact", at=member)
    assert bool(rules.why_not_issue_sheet(by, SheetFactory(commitment=promised, ends_on=ends_on))) is refused


@pytest.mark.row("O-7")
@pytest.mark.parametrize("level", ["substantial", "complete"])
def test_a_sheet_that_claims_much_rests_on_evidence_of_its_period(
    promised: Commitment, member: Member, level: str
) -> None:
    by = UserFactory(role="point-of-contact", at=member)
    sheet = SheetFactory(commitment=promised, level=level, ends_on=OVER)

    def refused() -> bool:
        return bool(rules.why_not_issue_sheet(by, sheet))

    EvidenceFactory(update_shown=ReportFactory(commitment=promised, as_of=OVER + dt.timedelta(days=1)))
    found = [refused()]
    first = ReportFactory(commitment=promised, as_of=OVER)
    EvidenceFactory(update_shown=first)
    found.append(refused())
    ReportFactory(commitment=promised, corrects=first, as_of=OVER)
    assert [*found, refused()] == [True, False, True]


def test_a_sheet_answers_the_questions_of_annex_4_and_no_other(promised: Commitment, member: Member) -> None:
    by, sheet = UserFactory(role="point-of-contact", at=member), SheetFactory(commitment=promised)
    known = {"texts": {"results": SAID}, "values": {"relevance-transparency": True}, "level": "limited"}
    assert rules.why_not_revise_sheet(by, sheet, **known) == ""
    assert rules.why_not_revise_sheet(by, sheet, **known | {"texts": {"invented": SAID}}) != ""
    assert rules.why_not_revise_sheet(by, sheet, **known | {"level": "almost"}) != ""
