"""A plan is begun, written section by section, and read by those who write it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openregion.core.official import is_out_of_date
from openregion.people.models import Member
from openregion.plan.models import ActionPlan
from tests.factories.cycle import CycleFactory
from tests.factories.people import AuthorityFactory, MemberFactory, UserFactory, words
from tests.factories.plan import a_plan

pytestmark = [pytest.mark.django_db, pytest.mark.row("D7")]


@pytest.fixture
def member() -> Member:
    return MemberFactory(authorities=[AuthorityFactory(in_mandate=True)])


def signed_in(member: Member, role: str = "point-of-contact", **fields: Any) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role, at=member, **fields))
    return client


def at(name: str, member: Member, *more: Any) -> str:
    return reverse(name, args=[member.slug, *more])


def typed(name: str, fr: str = "", ar: str = "", en: str = "") -> dict[str, str]:
    return {f"{name}_fr": fr, f"{name}_ar": ar, f"{name}_en": en}


@pytest.mark.row("O-2")
def test_plan_is_begun_for_twenty_four_months_proposed(member: Member) -> None:
    cycle = CycleFactory(member=member)
    client = signed_in(member)
    page = client.get(at("new_plan", member))
    days = page.context["form"].initial
    assert (days["ends_on"] + dt.timedelta(days=1)).year == days["starts_on"].year + 2
    assert "24" in page.context["form"].fields["ends_on"].help_text
    sent = typed("title", "Plan 2027-2028", "مخطط") | {"starts_on": "2027-01-01", "ends_on": "2029-06-30"}
    # Another length than the rule's is recorded: it warns, and blocks nothing.
    assert client.post(at("new_plan", member), sent)["Location"] == at("plan_work", member, cycle.number)
    assert ActionPlan.objects.get(cycle=cycle).ends_on == dt.date(2029, 6, 30)


def test_plan_page_says_when_no_cycle_waits(member: Member) -> None:
    a_plan(member)
    page = signed_in(member).get(at("new_plan", member))
    assert (page.status_code, page.templates[0].name) == (200, "plan/no_cycle.html")


def test_plan_that_is_refused_keeps_what_was_typed(member: Member) -> None:
    CycleFactory(member=member)
    sent = typed("title", "Un titre à garder") | {"starts_on": "2027-01-01", "ends_on": "2026-01-01"}
    page = signed_in(member).post(at("new_plan", member), sent)
    assert "Un titre à garder" in page.content.decode()
    assert ActionPlan.objects.count() == 0


def test_section_is_written_in_three_languages_and_keeps_the_others(member: Member) -> None:
    plan = a_plan(member)
    ActionPlan.objects.update(sections={"foreword": words("Avant-propos tenu.")})
    address = at("edit_section", member, plan.cycle.number, "context-importance")
    sent = typed("text", "Pourquoi ce plan.", "لماذا هذا المخطط.", "Why this plan.")
    assert signed_in(member).post(address, sent)["Location"] == at("plan_sections", member, plan.cycle.number)
    plan.refresh_from_db()
    assert set(plan.sections) == {"foreword", "context-importance"}
    assert plan.sections["context-importance"]["en"]["text"] == "Why this plan."


def test_section_whose_french_changes_makes_translations_out_of_date_until_confirmed(member: Member) -> None:
    plan = a_plan(member)
    code = "context-importance"
    address, client = at("edit_section", member, plan.cycle.number, code), signed_in(member)
    client.post(address, typed("text", "Premier.", "أول.", "First."))
    client.post(address, typed("text", "Deuxième.", "ثان.", "First."))
    plan.refresh_from_db()
    text = plan.sections[code]
    assert [is_out_of_date(text, lang) for lang in ("fr", "ar", "en")] == [False, False, True]
    client.post(address, typed("text", "Deuxième.", "ثان.", "First.") | {"text_en_still": "on"})
    plan.refresh_from_db()
    assert not is_out_of_date(plan.sections[code], "en")


def test_section_asks_the_forms_own_question_with_its_help_before(member: Member) -> None:
    plan = a_plan(member)
    page = signed_in(member).get(at("edit_section", member, plan.cycle.number, "monitoring-body"))
    html = page.content.decode()
    question = page.context["asked"].question
    assert html.index(question.help[0].fr[:30]) < html.index("<textarea")


def test_section_of_the_methodology_offers_figures_of_the_platform(member: Member) -> None:
    from tests.factories.diagnosis import suggestions

    plan = a_plan(member)
    suggestions(member, 4)
    page = signed_in(member).get(at("edit_section", member, plan.cycle.number, "methodology-process"))
    assert [lang for lang, _ in page.context["figures"].sentences] == ["fr", "ar", "en"]
    assert "4" in dict(page.context["figures"].sentences)["en"]


def test_section_that_the_template_has_not_is_not_found(member: Member) -> None:
    plan = a_plan(member)
    assert signed_in(member).get(at("edit_section", member, plan.cycle.number, "nowhere")).status_code == 404
    assert signed_in(member).get(at("edit_section", member, plan.cycle.number, "commitments")).status_code == 404


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("point-of-contact", 200),
        ("coordinator", 200),
        ("team-member", 200),
        ("unit-head", 200),
        ("council-secretary", 200),
        ("moderator", 403),
        ("administrator", 403),
    ],
)
def test_workshop_is_read_by_those_who_write(member: Member, role: str, expected: int) -> None:
    plan = a_plan(member)
    assert signed_in(member, role).get(at("plan_work", member, plan.cycle.number)).status_code == expected


def test_workshop_asks_a_visitor_to_sign_in(member: Member) -> None:
    plan = a_plan(member)
    assert Client().get(at("plan_work", member, plan.cycle.number)).status_code == 302


@pytest.mark.parametrize("page", ["plan_work", "plan_checks", "freeze_plan", "plan_sections"])
def test_pages_of_a_plan_ask_as_much_for_one_commitment_as_for_thirty(page: str) -> None:
    counts = []
    for number in (1, 30):
        member = MemberFactory()
        plan = a_plan(member, commitments=number, full=True)
        client = signed_in(member)
        client.get(at(page, member, plan.cycle.number))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(page, member, plan.cycle.number)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_title_and_days_of_the_plan_are_corrected(member: Member) -> None:
    plan = a_plan(member)
    ActionPlan.objects.update(sections={"foreword": words("Avant-propos tenu.")})
    address, client = at("edit_plan", member, plan.cycle.number), signed_in(member)
    assert client.get(address).context["form"].initial["title_fr"] == plan.title["fr"]["text"]
    sent = typed("title", "Plan corrigé", "مخطط مصحح") | {"starts_on": "2027-02-01", "ends_on": "2029-01-31"}
    assert client.post(address, sent)["Location"] == at("plan_work", member, plan.cycle.number)
    plan.refresh_from_db()
    assert (plan.title["fr"]["text"], plan.starts_on, plan.ends_on, set(plan.sections)) == (
        "Plan corrigé",
        dt.date(2027, 2, 1),
        dt.date(2029, 1, 31),
        {"foreword"},
    )
