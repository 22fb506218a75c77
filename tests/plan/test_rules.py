"""Who may write, freeze, adopt and publish a plan, role by role; the reasons for refusing, state by state."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from openregion.cycle.models import Cycle
from openregion.people.models import Member
from openregion.plan import actions, rules
from openregion.plan.models import ActionPlan, PlanVersion
from tests.factories.cycle import CycleFactory
from tests.factories.diagnosis import FindingFactory
from tests.factories.people import AppointmentFactory, BodyFactory, MemberFactory, UserFactory, words
from tests.factories.plan import a_plan
from tests.plan.test_versions import vote

pytestmark = pytest.mark.django_db

ROLES = (
    "administrator",
    "president",
    "council-secretary",
    "point-of-contact",
    "coordinator",
    "team-member",
    "unit-head",
    "moderator",
    "monitor",
)
MAY = {
    "draft_plan": {"point-of-contact", "coordinator"},
    "revise_plan": {"point-of-contact", "coordinator"},
    "draft_commitment": {"point-of-contact", "coordinator", "team-member"},
    "fill_in": {"point-of-contact", "coordinator", "team-member", "unit-head"},
    "freeze_plan": {"point-of-contact"},
    "adopt_plan": {"point-of-contact", "council-secretary"},
    "publish_plan": {"point-of-contact"},
}


@pytest.fixture
def member() -> Member:
    return MemberFactory()


@pytest.fixture
def version(member: Member) -> PlanVersion:
    by = UserFactory(role="point-of-contact", at=member)
    return actions.freeze_plan(a_plan(member), by=by, at=timezone.now())


@pytest.mark.row("D7")
@pytest.mark.row("D4")
@pytest.mark.parametrize("deed", list(MAY))
@pytest.mark.parametrize("role", ROLES)
def test_deeds_of_the_plan_role_by_role(version: PlanVersion, member: Member, deed: str, role: str) -> None:
    plan, commitment = version.plan, version.plan.commitments.get()
    user = UserFactory()
    AppointmentFactory(user=user, member=member, role=role, unit=commitment.unit)
    days = {"starts_on": plan.starts_on, "ends_on": plan.ends_on, "title": plan.title}
    adopted = vote(plan)
    if deed == "publish_plan":
        PlanVersion.objects.filter(pk=version.pk).update(deliberation=adopted)
        version.refresh_from_db()
    why = {
        "draft_plan": lambda: rules.why_not_draft_plan(user, CycleFactory(member=member), **days),
        "revise_plan": lambda: rules.why_not_revise_plan(user, plan, **days, sections=[]),
        "draft_commitment": lambda: rules.why_not_draft_commitment(user, plan, **days, unit=commitment.unit),
        "fill_in": lambda: rules.why_not_fill_in(user, commitment, deed="revise_commitment"),
        "freeze_plan": lambda: rules.why_not_freeze(user, plan),
        "adopt_plan": lambda: rules.why_not_adopt(user, version, deliberation=adopted),
        "publish_plan": lambda: rules.why_not_publish_plan(user, version),
    }[deed]()
    assert (why == "") == (role in MAY[deed]), why


@pytest.mark.row("D7")
def test_plan_is_begun_once_in_an_action_plan_cycle(member: Member) -> None:
    by = UserFactory(role="coordinator", at=member)
    days = {"starts_on": dt.date(2027, 1, 1), "ends_on": dt.date(2028, 12, 31), "title": words("Plan")}
    assert rules.why_not_draft_plan(by, a_plan(member).cycle, **days) != ""
    assert rules.why_not_draft_plan(by, CycleFactory(member=member, admission=True), **days) != ""
    cycle: Cycle = CycleFactory(member=member)
    assert rules.why_not_draft_plan(by, cycle, **days | {"title": {}}) != ""
    assert rules.why_not_draft_plan(by, cycle, **days | {"ends_on": dt.date(2027, 1, 1)}) != ""
    assert rules.why_not_draft_plan(by, cycle, **days) == ""


@pytest.mark.row("D5")
def test_sheet_takes_no_question_that_its_forms_do_not_ask(member: Member) -> None:
    one = a_plan(member).commitments.get()
    by = UserFactory(role="team-member", at=member)
    held = {"title": one.title, "starts_on": one.starts_on, "ends_on": one.ends_on, "unit": one.unit}
    whole = held | {"texts": {}, "values": {}, "problem_kinds": []}
    assert rules.why_not_revise_commitment(by, one, **whole) == ""
    for name in ("texts", "values"):
        assert rules.why_not_revise_commitment(by, one, **whole | {name: {"status-quo-2": {}}}) != ""
    assert rules.why_not_revise_commitment(by, one, **whole | {"texts": {"status-quo": {}}}) == ""
    assert rules.why_not_revise_commitment(by, one, **whole | {"problem_kinds": ["cosmic"]}) != ""
    assert rules.why_not_revise_commitment(by, one, **whole | {"unit": BodyFactory()}) != ""


@pytest.mark.row("D4")
def test_source_is_cited_once_and_is_the_members_own(member: Member) -> None:
    one = a_plan(member).commitments.get()
    by = UserFactory(role="team-member", at=member)
    found, theirs = FindingFactory(member=member, cycle=one.plan.cycle), FindingFactory()
    assert rules.why_not_cite(by, one, finding=found, response=None) == ""
    assert rules.why_not_cite(by, one, finding=None, response=None) != ""
    assert rules.why_not_cite(by, one, finding=theirs, response=None) != ""
    actions.cite_source(one, finding=found, by=by, at=timezone.now())
    assert rules.why_not_cite(by, one, finding=found, response=None) != ""


@pytest.mark.row("D6")
@pytest.mark.parametrize("decision", ["rejected", "postponed"])
def test_version_is_adopted_only_by_what_the_council_adopted(version: PlanVersion, decision: str) -> None:
    by = UserFactory(role="council-secretary", at=version.plan.cycle.member)
    assert rules.why_not_adopt(by, version, deliberation=vote(version.plan, decision=decision)) != ""
    elsewhere = a_plan(version.plan.cycle.member)
    assert rules.why_not_adopt(by, version, deliberation=vote(elsewhere)) != ""
    actions.adopt_plan(version, deliberation=vote(version.plan), by=by, at=timezone.now())
    assert rules.why_not_adopt(by, version, deliberation=vote(version.plan)) != ""


@pytest.mark.row("D6")
def test_version_is_published_once(version: PlanVersion) -> None:
    by = UserFactory(role="point-of-contact", at=version.plan.cycle.member)
    assert rules.why_not_publish_plan(by, version) != ""
    actions.adopt_plan(version, deliberation=vote(version.plan), by=by, at=timezone.now())
    assert rules.why_not_publish_plan(by, version) == ""
    actions.publish_plan(version, by=by, at=timezone.now())
    assert rules.why_not_publish_plan(by, version) != ""


@pytest.mark.row("O-4")
def test_sections_and_questions_come_from_the_forms(member: Member) -> None:
    plan: ActionPlan = a_plan(member)
    asked = set(rules.sections_of(plan.cycle))
    assert {"context-importance", "methodology-participation", "foreword", "vision-long-term", "endorsement"} <= asked
    assert {"problem", "status-quo", "long-term-goal", "institutions"} <= set(rules.questions_of_commitment(plan.cycle))
