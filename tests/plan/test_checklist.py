"""Live checks: each as it should be and not, with why and what to do; none blocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openregion.cycle.models import Deliberation
from openregion.people.models import Authority, Member
from openregion.plan import checklist
from openregion.plan.checklist import PlanRead, Verdict
from openregion.plan.models import ActionPlan, Commitment
from tests.cycle.overrides import overridden
from tests.factories.consultation import ConsultationFactory
from tests.factories.monitoring import CommitmentFactory, publish
from tests.factories.people import AuthorityFactory, MemberFactory, UserFactory, words
from tests.factories.plan import a_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    authority = AuthorityFactory(mandate_starts_on=dt.date(2021, 9, 1), mandate_ends_on=dt.date(2028, 9, 1))
    return MemberFactory(authorities=[authority])


@pytest.fixture
def plan(member: Member) -> ActionPlan:
    return a_plan(member, commitments=2, full=True)


def verdict(plan: ActionPlan, check: Callable[[PlanRead], Verdict]) -> Verdict:
    return check(checklist.read(ActionPlan.objects.select_related("cycle__member").get(pk=plan.pk)))


def test_every_verdict_says_why_on_what_ground_and_what_to_do(member: Member) -> None:
    for one in checklist.verdicts_on(a_plan(member)):
        assert one.why
        assert one.source
        assert one.confidence
        assert (one.state == "ok") == (not one.what_to_do), one.title


@pytest.mark.row("C0")
def test_plan_is_the_councils_once_adopted_after_a_consultation(plan: ActionPlan) -> None:
    assert verdict(plan, checklist.drawn_up_by_the_council).state == "missing"
    ConsultationFactory(cycle=plan.cycle)
    assert len(verdict(plan, checklist.drawn_up_by_the_council).items) == 1
    publish(plan)
    assert verdict(plan, checklist.drawn_up_by_the_council).state == "ok"


@pytest.mark.row("C0")
def test_commitments_reach_over_several_domains(plan: ActionPlan, member: Member) -> None:
    assert verdict(plan, checklist.several_domains).state == "ok"
    Commitment.objects.update(policy_areas=["youth"], problem_kinds=[])
    assert verdict(plan, checklist.several_domains).state == "warn"


@pytest.mark.row("C3")
def test_every_stage_begun_has_its_online_consultation(plan: ActionPlan) -> None:
    day = timezone.localdate() - dt.timedelta(days=3)
    stages = list(plan.cycle.stages.order_by("pk"))
    assert verdict(plan, checklist.consulted_at_every_stage).state == "warn"  # nothing has begun
    plan.cycle.stages.filter(pk=stages[0].pk).update(starts_on=day)
    found = verdict(plan, checklist.consulted_at_every_stage)
    assert (found.state, len(found.items)) == ("missing", len(stages))
    for number, stage in enumerate(stages):
        ConsultationFactory(cycle=plan.cycle, stage=stage.code, slug=f"consultation-{number}")
    assert verdict(plan, checklist.consulted_at_every_stage).state == "ok"


@pytest.mark.row("C6")
def test_template_is_respected_when_every_field_is_filled_in_french_and_english(plan: ActionPlan) -> None:
    assert verdict(plan, checklist.template_respected).state == "ok"
    sections = plan.sections | {"context-importance": words("Français seul.")}
    ActionPlan.objects.update(sections={code: text for code, text in sections.items() if code != "foreword"})
    found = verdict(plan, checklist.template_respected)
    assert (found.state, len(found.items)) == ("missing", 2)
    assert found.items[0].url.endswith("/sections/context-importance/")
    assert "English" in found.items[0].label


@pytest.mark.row("C6")
def test_template_lists_the_fields_of_sheets_and_lets_off_what_the_guide_leaves_to_choice(plan: ActionPlan) -> None:
    one = plan.commitments.order_by("number")[0]
    texts = {code: text for code, text in one.texts.items() if code not in ("problem", "budget")}
    Commitment.objects.filter(pk=one.pk).update(texts=texts)
    found = verdict(plan, checklist.template_respected)
    assert [item.url.rsplit("?", 1)[1] for item in found.items] == ["part=description"]
    assert found.note


@pytest.mark.row("C7")
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "state"),
    [
        (dt.date(2026, 1, 1), dt.date(2027, 12, 31), "ok"),
        (dt.date(2026, 2, 15), dt.date(2028, 2, 14), "ok"),
        (dt.date(2026, 1, 1), dt.date(2027, 12, 30), "warn"),
        (dt.date(2026, 1, 1), dt.date(2028, 6, 30), "warn"),
        (dt.date(2027, 1, 1), dt.date(2028, 12, 31), "warn"),  # after the mandate
    ],
)
def test_plan_lasts_two_years_within_the_mandate(
    plan: ActionPlan, starts_on: dt.date, ends_on: dt.date, state: str
) -> None:
    ActionPlan.objects.update(starts_on=starts_on, ends_on=ends_on)
    found = verdict(plan, checklist.two_years)
    assert (found.state, found.rule) == (state, "plan-length")


@pytest.mark.row("O-2")
def test_plan_length_follows_the_members_own_value(plan: ActionPlan, member: Member) -> None:
    ActionPlan.objects.update(starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2027, 8, 31))
    assert verdict(plan, checklist.two_years).state == "warn"
    overridden(member, "plan-length", 20)
    found = verdict(plan, checklist.two_years)
    assert (found.state, bool(found.note)) == ("ok", True)


@pytest.mark.row("O-2")
def test_plan_length_says_when_no_mandate_is_recorded(plan: ActionPlan) -> None:
    Authority.objects.update(mandate_starts_on=None, mandate_ends_on=None)
    assert verdict(plan, checklist.two_years).state == "warn"


@pytest.mark.row("C8")
def test_english_is_there_and_up_to_date_and_each_commitment_is_measured(plan: ActionPlan) -> None:
    found = verdict(plan, checklist.english_and_measurable)
    assert (found.state, found.items) == ("ok", ())
    assert found.note  # "clear, motivating" is a named person's to say
    one = plan.commitments.order_by("number")[0]
    one.indicator.delete()
    one.milestones.filter(number=1).update(deliverable={})
    stale = dict(one.title, fr=one.title["fr"] | {"text": "Autre titre"})
    Commitment.objects.filter(pk=one.pk).update(title=stale)
    parts = [item.url.rsplit("=", 1)[1] for item in verdict(plan, checklist.english_and_measurable).items]
    assert parts == ["identification", "activities", "indicator"]


@pytest.mark.row("O-1")
def test_more_than_five_commitments_warn(member: Member) -> None:
    five = verdict(a_plan(member, commitments=5), checklist.no_more_than_five)
    six = verdict(a_plan(MemberFactory(), commitments=6), checklist.no_more_than_five)
    assert (five.state, six.state, six.rule) == ("ok", "warn", "commitments-maximum")


@pytest.mark.row("C9")
def test_each_commitment_serves_a_value_of_ogp(plan: ActionPlan) -> None:
    assert verdict(plan, checklist.each_serves_a_value).state == "ok"
    one = plan.commitments.order_by("number")[0]
    Commitment.objects.filter(pk=one.pk).update(values={"values-information": False})
    found = verdict(plan, checklist.each_serves_a_value)
    assert (found.state, len(found.items), found.rule) == ("missing", 1, "commitment-ogp-value")


def test_checks_are_public_once_a_version_is(plan: ActionPlan, member: Member) -> None:
    address = reverse("plan_checks", args=[member.slug, plan.cycle.number])
    assert Client().get(address).status_code == 403
    staff = Client()
    staff.force_login(UserFactory(role="coordinator", at=member))
    assert staff.get(address).status_code == 200
    publish(plan)
    page = Client().get(address)
    assert (page.status_code, "/sheet/" in page.content.decode()) == (200, False)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (dt.date(2026, 1, 1), dt.date(2027, 12, 31), (24, 0)),
        (dt.date(2026, 1, 31), dt.date(2026, 2, 28), (1, 1)),
        (dt.date(2026, 1, 1), dt.date(2026, 1, 1), (0, 1)),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 28), (12, 1)),
    ],
)
def test_months_are_counted_whole_with_the_days_left(first: dt.date, last: dt.date, expected: tuple[int, int]) -> None:
    assert checklist.months_between(first, last) == expected


def test_deliberation_that_rejected_adopts_nothing(plan: ActionPlan) -> None:
    version = publish(plan)
    Deliberation.objects.filter(pk=version.deliberation_id).update(decision="rejected")
    # The constraint of rules keeps this from happening; the check reads what versions say.
    assert checklist.read(plan).adopted == version


def test_public_reads_the_checks_of_what_is_published_and_nothing_of_the_draft(
    plan: ActionPlan, member: Member
) -> None:
    address = reverse("plan_checks", args=[member.slug, plan.cycle.number])
    version = publish(plan)
    live, stated = checklist.verdicts_on(plan), checklist.verdicts_on(plan, published=version)
    assert [(one.row, one.state, one.why, one.items) for one in stated] == [
        (one.row, one.state, one.why, one.items) for one in live
    ]
    for number in range(3, 9):
        CommitmentFactory(plan=plan, number=number, title=words("Une promesse encore secrète"))
    ActionPlan.objects.update(title=words("Titre encore secret"), sections={})
    plan = ActionPlan.objects.select_related("cycle__member").get(pk=plan.pk)
    again = checklist.verdicts_on(plan, published=version)
    assert [(one.row, one.state) for one in again] == [(one.row, one.state) for one in live]
    page = Client().get(address).content.decode()
    assert ("secr" in page, "version 1" in page) == (False, True)
    staff = Client()
    staff.force_login(UserFactory(role="coordinator", at=member))
    assert "Une promesse encore secrète" in staff.get(address).content.decode()


def test_public_checks_ask_as_much_for_one_commitment_as_for_thirty() -> None:
    counts = []
    for number in (1, 30):
        plan = a_plan(MemberFactory(), commitments=number, full=True)
        version = publish(plan)
        checklist.verdicts_on(plan, published=version)
        with CaptureQueriesContext(connection) as asked:
            checklist.verdicts_on(plan, published=version)
        counts.append(len(asked))
    assert counts[0] == counts[1]
