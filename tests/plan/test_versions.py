"""What is frozen never changes; a council adopts it after, and then everyone reads it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openregion.consultation.models import Contribution, Notice
from openregion.core.refusal import Refused
from openregion.cycle.models import Deliberation
from openregion.people.models import Member
from openregion.plan import actions, queries, rules
from openregion.plan.forms import as_entered
from openregion.plan.models import ActionPlan, Commitment, CommitmentSource, PlanVersion
from openregion.record.models import JournalLine
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.cycle import CycleFactory
from tests.factories.diagnosis import FindingFactory
from tests.factories.people import ActFactory, AuthorityFactory, MemberFactory, UserFactory, words
from tests.factories.plan import a_plan
from tests.factories.responses import ResponseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D6")]


@pytest.fixture
def member() -> Member:
    return MemberFactory(authorities=[AuthorityFactory(in_mandate=True)])


@pytest.fixture
def plan(member: Member) -> ActionPlan:
    return a_plan(member, commitments=2, full=True)


def signed_in(member: Member, role: str = "point-of-contact") -> Client:
    client = Client()
    client.force_login(UserFactory(role=role, at=member))
    return client


def at(name: str, plan: ActionPlan, *more: Any) -> str:
    return reverse(name, args=[plan.cycle.member.slug, plan.cycle.number, *more])


def vote(plan: ActionPlan, *, on: dt.date | None = None, decision: str = "adopted") -> Deliberation:
    authority = plan.cycle.member.authorities.get()
    act = ActFactory(authority=authority, deliberation=True, dated_on=on or timezone.localdate())
    return Deliberation.objects.create(cycle=plan.cycle, act=act, decision=decision)


def frozen(plan: ActionPlan) -> PlanVersion:
    by = UserFactory(role="point-of-contact", at=plan.cycle.member)
    return actions.freeze_plan(plan, by=by, at=timezone.now())


def test_freezing_shows_what_will_be_frozen_and_the_warnings_left(plan: ActionPlan, member: Member) -> None:
    page = signed_in(member).get(at("freeze_plan", plan))
    assert (page.context["following"], len(page.context["page"].commitments)) == (1, 2)
    assert next(one.row for one in page.context["open"]) == "C0"
    assert PlanVersion.objects.count() == 0


def test_plan_without_a_commitment_is_not_frozen(member: Member) -> None:
    plan = a_plan(member, commitments=0)
    page = signed_in(member).post(at("freeze_plan", plan))
    assert (page.status_code, PlanVersion.objects.count()) == (200, 0)
    assert page.context["refusal"] in page.content.decode().replace("&#x27;", "'")


def test_frozen_then_changed_then_published_is_what_was_frozen(plan: ActionPlan, member: Member) -> None:
    client = signed_in(member)
    client.post(at("freeze_plan", plan))
    version = PlanVersion.objects.get()
    before = client.get(at("plan_json", plan, 1)).content
    Commitment.objects.update(title=words("Tout autre chose"))
    ActionPlan.objects.update(title=words("Autre plan"), sections={})
    chosen = vote(plan)
    assert client.post(at("adopt_plan", plan, 1), {"deliberation": chosen.uid}).status_code == 302
    assert client.post(at("publish_plan", plan, 1)).status_code == 302
    public = Client().get(at("plan_json", plan, 1)).content
    assert public == before
    assert hashlib.sha256(public).hexdigest() == version.document.sha256
    page = Client().get(at("plan_version", plan, 1))
    text = page.content.decode()
    assert (page.status_code, version.document.sha256 in text, "Tout autre chose" in text) == (200, True, False)


def test_journal_tells_each_deed_of_the_plan(plan: ActionPlan, member: Member) -> None:
    by, now = UserFactory(role="point-of-contact", at=member), timezone.now()
    days = {"title": plan.title, "starts_on": plan.starts_on, "ends_on": plan.ends_on}
    one = plan.commitments.order_by("number")[0]
    begun = actions.draft_plan(CycleFactory(member=member), **days, by=by, at=now)
    actions.revise_plan(begun, **days, sections={"foreword": words("Un mot.")}, by=by, at=now)
    actions.draft_commitment(begun, **days, unit=one.unit, by=by, at=now)
    actions.revise_commitment(one, **as_entered(one), by=by, at=now)
    cited = actions.cite_source(one, finding=FindingFactory(member=member), by=by, at=now)
    actions.cite_source(one, response=ResponseFactory(member=member), by=by, at=now)
    actions.remove_source(cited, by=by, at=now)
    version = actions.freeze_plan(plan, by=by, at=now)
    actions.adopt_plan(version, deliberation=vote(plan), by=by, at=now)
    actions.publish_plan(version, by=by, at=now)
    lines = JournalLine.objects.filter(room="plan").order_by("pk")
    told = {line.verb: render_to_string(f"plan/journal/{line.verb}.html", {"facts": line.facts}) for line in lines}
    assert set(told) == {
        *("draft_plan", "revise_plan", "draft_commitment", "revise_commitment", "cite_source", "remove_source"),
        *("freeze_plan", "adopt_plan", "publish_plan"),
    }
    assert version.document.sha256[:12] in told["freeze_plan"]
    assert Client().get(reverse("journal", args=[member.slug])).status_code == 200


def test_frozen_statement_writes_figures_plainly(plan: ActionPlan) -> None:
    stated = json.loads(frozen(plan).document.content)
    assert (stated["commitments"][0]["indicator"]["baseline"], stated["commitments"][0]["indicator"]["target"]) == (
        "0",
        "100",
    )


def test_version_is_read_by_those_who_write_before_everyone(plan: ActionPlan, member: Member) -> None:
    frozen(plan)
    assert Client().get(at("plan_version", plan, 1)).status_code == 403
    assert signed_in(member, "moderator").get(at("plan_version", plan, 1)).status_code == 403
    assert signed_in(member, "council-secretary").get(at("plan_version", plan, 1)).status_code == 200
    assert Client().get(at("plan_version", plan, 2)).status_code == 404


def test_adoption_refuses_a_deliberation_older_than_the_version(plan: ActionPlan, member: Member) -> None:
    frozen(plan)
    old = vote(plan, on=timezone.localdate() - dt.timedelta(days=1))
    page = signed_in(member, "council-secretary").post(at("adopt_plan", plan, 1), {"deliberation": old.uid})
    assert (page.status_code, bool(page.context["form"].non_field_errors())) == (200, True)
    assert PlanVersion.objects.get().deliberation is None


def test_adoption_takes_a_deliberation_of_the_day_of_freezing_in_casablanca(plan: ActionPlan, member: Member) -> None:
    by = UserFactory(role="point-of-contact", at=member)
    # Half past midnight in Casablanca is still the day before in UTC.
    late = dt.datetime(2026, 6, 10, 23, 30, tzinfo=dt.UTC)
    version = actions.freeze_plan(plan, by=by, at=late)
    from openregion.plan.rules import why_not_adopt

    assert why_not_adopt(by, version, deliberation=vote(plan, on=dt.date(2026, 6, 11))) == ""
    assert why_not_adopt(by, version, deliberation=vote(plan, on=dt.date(2026, 6, 10))) != ""


def test_adoption_offers_only_what_the_council_adopted(plan: ActionPlan, member: Member) -> None:
    frozen(plan)
    vote(plan, decision="rejected")
    page = signed_in(member).get(at("adopt_plan", plan, 1))
    assert page.context["none"]
    assert reverse("new_deliberation", args=[member.slug, "plan", plan.cycle.number]) in page.content.decode()


def test_version_that_no_council_adopted_is_not_published(plan: ActionPlan, member: Member) -> None:
    frozen(plan)
    page = signed_in(member).post(at("publish_plan", plan, 1))
    assert (page.status_code, PlanVersion.objects.get().published_at) == (200, None)


@pytest.mark.parametrize("lang", ["fr", "ar", "en", "zgh"])
def test_version_is_read_in_every_language(plan: ActionPlan, member: Member, lang: str) -> None:
    from django.utils.translation import override

    frozen(plan)
    with override(lang):
        page = signed_in(member).get(at("plan_version", plan, 1))
    assert page.status_code == 200


def test_what_has_not_changed_is_not_frozen_twice(plan: ActionPlan) -> None:
    first = frozen(plan)
    with pytest.raises(Refused):
        frozen(plan)
    ActionPlan.objects.filter(pk=plan.pk).update(title=words("Un autre titre"))
    assert (first.number, frozen(plan).number) == (1, 2)


def test_version_is_adopted_and_published_once_whatever_a_page_had_loaded(plan: ActionPlan, member: Member) -> None:
    by, now = UserFactory(role="point-of-contact", at=member), timezone.now()
    version = frozen(plan)
    stale, vote_once, vote_twice = PlanVersion.objects.get(), vote(plan), vote(plan)
    actions.adopt_plan(version, deliberation=vote_once, by=by, at=now)
    with pytest.raises(Refused):
        actions.adopt_plan(stale, deliberation=vote_twice, by=by, at=now)
    stale = PlanVersion.objects.get()
    actions.publish_plan(version, by=by, at=now)
    with pytest.raises(Refused):
        actions.publish_plan(stale, by=by, at=now)
    assert JournalLine.objects.filter(verb__in=["adopt_plan", "publish_plan"]).count() == 2
    assert PlanVersion.objects.get().deliberation == vote_once


def test_source_is_taken_away_once(plan: ActionPlan, member: Member) -> None:
    by, now = UserFactory(role="point-of-contact", at=member), timezone.now()
    one = plan.commitments.order_by("number")[0]
    source = actions.cite_source(one, finding=FindingFactory(member=member), by=by, at=now)
    stale = CommitmentSource.objects.get()
    actions.remove_source(source, by=by, at=now)
    with pytest.raises(Refused):
        actions.remove_source(stale, by=by, at=now)
    assert JournalLine.objects.filter(verb="remove_source").count() == 1


def test_commitment_is_not_begun_twice_while_its_sheet_is_empty(plan: ActionPlan, member: Member) -> None:
    by, now = UserFactory(role="point-of-contact", at=member), timezone.now()
    unit = plan.commitments.order_by("number")[0].unit
    said = {"starts_on": plan.starts_on, "ends_on": plan.ends_on, "unit": unit, "by": by, "at": now}
    begun = actions.draft_commitment(plan, title=words("Un registre ouvert"), **said)
    with pytest.raises(Refused):
        actions.draft_commitment(plan, title=words("Un registre ouvert"), **said)
    actions.draft_commitment(plan, title=words("Un autre registre"), **said)
    Commitment.objects.filter(pk=begun.pk).update(texts={"problem": words("Un problème.")})
    actions.draft_commitment(plan, title=words("Un registre ouvert"), **said)
    assert plan.commitments.count() == 5


def test_plan_of_a_cycle_is_begun_once_whatever_a_page_had_loaded(member: Member) -> None:
    by, now = UserFactory(role="point-of-contact", at=member), timezone.now()
    cycle = CycleFactory(member=member)
    days = {"title": words("Plan"), "starts_on": dt.date(2027, 1, 1), "ends_on": dt.date(2028, 12, 31)}
    actions.draft_plan(cycle, **days, by=by, at=now)
    with pytest.raises(Refused):
        actions.draft_plan(cycle, **days, by=by, at=now)
    assert ActionPlan.objects.filter(cycle=cycle).count() == 1


def published_by(plan: ActionPlan) -> PlanVersion:
    by, version = UserFactory(role="point-of-contact", at=plan.cycle.member), frozen(plan)
    actions.adopt_plan(version, deliberation=vote(plan), by=by, at=timezone.now())
    return actions.publish_plan(version, by=by, at=timezone.now())


def test_authors_are_told_by_what_is_published_and_once_for_each_commitment(plan: ActionPlan, member: Member) -> None:
    one, two = plan.commitments.order_by("number")
    found = FindingFactory(member=member, gathers=1, gathers__reply_to="a@example.ma")
    given = ResponseFactory(member=member, covers=1, covers__reply_to="b@example.ma")
    now = timezone.now()
    CommitmentSource.objects.create(commitment=one, finding=found, linked_at=now)
    by, version = UserFactory(role="point-of-contact", at=member), frozen(plan)
    # The sheet changes after the freeze: what is told is what was voted.
    CommitmentSource.objects.all().delete()
    CommitmentSource.objects.create(commitment=two, response=given, linked_at=now)
    actions.adopt_plan(version, deliberation=vote(plan), by=by, at=now)
    actions.publish_plan(version, by=by, at=now)
    told = Notice.objects.filter(step="taken-into").order_by("pk").values_list("contribution__reply_to", "facts")
    assert list(told.all()) == [("a@example.ma", {"commitment": one.slug})]
    CommitmentSource.objects.create(commitment=one, finding=found, linked_at=now)
    published_by(plan)
    assert list(told.all()) == [("a@example.ma", {"commitment": one.slug}), ("b@example.ma", {"commitment": two.slug})]


@pytest.mark.row("D7")
def test_decisions_stated_are_those_of_what_counts_in_this_cycle(plan: ActionPlan, member: Member) -> None:
    consultation = ConsultationFactory(cycle=plan.cycle)
    given = [SuggestionFactory(consultation=consultation, published=True) for _ in range(5)]
    elsewhere = SuggestionFactory(consultation=ConsultationFactory(cycle=CycleFactory(member=member)), published=True)
    ResponseFactory(member=member, cycle=plan.cycle, covers=[*given[:2], elsewhere])
    ResponseFactory(member=member, cycle=elsewhere.consultation.cycle, covers=[given[2]], declined=True)
    now = timezone.now()
    Contribution.objects.filter(pk=given[0].pk).update(withdrawn_at=now)
    Contribution.objects.filter(pk=given[3].pk).update(
        moderation="hidden", hidden_for="personal-data", reason_told_at=now
    )
    said = queries.statement_of(plan)["participation"]
    assert (said["countable"], said["answered"]) == (4, 3)
    assert said["by_decision"] == {"taken-up": 1, "in-part": 0, "not-taken-up": 1, "out-of-scope": 0}


def test_voices_behind_a_commitment_are_those_that_count(plan: ActionPlan, member: Member) -> None:
    one = plan.commitments.order_by("number")[0]
    found = FindingFactory(member=member, gathers=3)
    CommitmentSource.objects.create(commitment=one, finding=found, linked_at=timezone.now())
    Contribution.objects.filter(pk=found.sources.order_by("pk")[0].contribution_id).update(withdrawn_at=timezone.now())
    assert queries.statement_of(plan)["commitments"][0]["voices"] == 2


def test_share_of_answers_is_whole_percent_rounded_down() -> None:
    # 29 of 100 in floating point is 28.999…
    shares = [queries.Coverage(n, 0, 0, n, m).percent for n, m in ((100, 29), (290, 289), (3, 3), (0, 0))]
    assert shares == [29, 99, 100, None]


def test_deliberation_adopts_the_version_it_names_and_no_other(plan: ActionPlan, member: Member) -> None:
    first = frozen(plan)
    ActionPlan.objects.filter(pk=plan.pk).update(title=words("Un autre titre"))
    second, by = frozen(plan), UserFactory(role="point-of-contact", at=member)
    named, unnamed = vote(plan), vote(plan)
    Deliberation.objects.filter(pk=named.pk).update(subject_type="PlanVersion", subject_uid=first.uid)
    named.refresh_from_db()
    assert rules.why_not_adopt(by, second, deliberation=named) != ""
    assert rules.why_not_adopt(by, first, deliberation=named) == ""
    actions.adopt_plan(first, deliberation=unnamed, by=by, at=timezone.now())
    assert rules.why_not_adopt(by, second, deliberation=unnamed) != ""


def test_version_is_not_published_after_a_later_one(plan: ActionPlan, member: Member) -> None:
    by, first = UserFactory(role="point-of-contact", at=member), frozen(plan)
    actions.adopt_plan(first, deliberation=vote(plan), by=by, at=timezone.now())
    ActionPlan.objects.filter(pk=plan.pk).update(title=words("Un autre titre"))
    assert rules.why_not_publish_plan(by, first) == ""
    published_by(plan)
    with pytest.raises(Refused):
        actions.publish_plan(first, by=by, at=timezone.now())
