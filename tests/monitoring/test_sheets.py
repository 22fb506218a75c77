"""Completion sheets: begun from the record, filled in as annex 4 asks, issued once and for all."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from freezegun import freeze_time

from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.monitoring import actions, queries
from openregion.monitoring.models import CompletionSheet
from openregion.people.models import Member
from openregion.plan.models import Commitment
from openregion.record.models import JournalLine
from tests.factories.monitoring import CommitmentFactory, PlanFactory, ReportFactory, SheetFactory, publish
from tests.factories.people import MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("D10")]


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with freeze_time("2026-11-23"):
        yield


@pytest.fixture
def promised() -> Commitment:
    one = CommitmentFactory(plan=PlanFactory(member=MemberFactory(slug="ici")))
    publish(one.plan)
    return one


@pytest.fixture
def staff(client: Client, promised: Commitment) -> Client:
    client.force_login(UserFactory(role="point-of-contact", at=promised.plan.cycle.member))
    return client


def typed(form: Any, **other: str) -> dict[str, str]:
    """Give what a browser sends back of a form that nobody touched, and what is typed in it."""
    return {name: form[name].value() or "" for name in form.fields} | other


def test_a_plan_is_cut_into_its_years() -> None:
    found = queries.periods(dt.date(2024, 2, 29), dt.date(2026, 1, 31))
    assert [(one.starts_on, one.ends_on) for one in found] == [
        (dt.date(2024, 2, 29), dt.date(2025, 2, 27)),
        (dt.date(2025, 2, 28), dt.date(2026, 1, 31)),
    ]


def test_a_sheet_begins_with_the_year_and_the_level_of_the_record(staff: Client, promised: Commitment) -> None:
    ReportFactory(commitment=promised, level="substantial", as_of=dt.date(2026, 10, 1))
    response = staff.post(address("new_sheet", "ici", promised.slug), {"period": "1", "starts_on": "", "ends_on": ""})
    sheet = CompletionSheet.objects.get()
    assert response["Location"] == address("edit_sheet", "ici", promised.slug, 1)
    assert (sheet.starts_on, sheet.ends_on, sheet.level) == (
        dt.date(2026, 1, 1),
        dt.date(2026, 12, 31),
        "substantial",
    )


def test_other_days_are_asked_where_no_year_is_chosen(staff: Client, promised: Commitment) -> None:
    path = address("new_sheet", "ici", promised.slug)
    mute = staff.post(path, {"period": "other", "starts_on": "", "ends_on": ""})
    assert sorted(mute.context["form"].errors) == ["ends_on", "starts_on"]
    backwards = staff.post(path, {"period": "other", "starts_on": "2026-06-01", "ends_on": "2026-05-01"})
    assert (backwards.status_code, CompletionSheet.objects.count()) == (200, 0)


def test_the_form_asks_annex_4_in_the_guide_s_words(staff: Client, promised: Commitment) -> None:
    SheetFactory(commitment=promised)
    text = staff.get(address("edit_sheet", "ici", promised.slug, 1)).content.decode().replace("&#x27;", "'")
    form = guides.form(guides.guide("ma-region-2021"), "annex-4")
    assert form is not None
    asked = [one for group in queries.questions_asked(promised) for one in group.questions]
    assert [one.label.fr for one in asked if one.label.fr not in text] == []
    assert {one.kind for one in asked} == {"text", "long-text", "yes-no"}
    assert "results" in {one.code for one in asked}
    assert {"title", "dates", "milestones", "contact-name"}.isdisjoint({one.code for one in asked})


def test_a_new_sheet_is_filled_with_what_the_plan_says(staff: Client, promised: Commitment) -> None:
    SheetFactory(commitment=promised, texts={})
    form = staff.get(address("edit_sheet", "ici", promised.slug, 1)).context["form"]
    assert form["problem-fr"].value() == promised.texts["problem"]["fr"]["text"]
    assert form["problem-ar"].value() == promised.texts["problem"]["ar"]["text"]


def test_what_is_typed_is_kept_and_untouched_words_stay(staff: Client, promised: Commitment) -> None:
    sheet = SheetFactory(commitment=promised)
    path = address("edit_sheet", "ici", promised.slug, 1)
    form = staff.get(path).context["form"]
    said = typed(form, **{"results-fr": "Quarante communes publient.", "relevance-transparency": "yes"})
    response = staff.post(path, said | {"then": "completion"})
    before, sheet = sheet.texts, CompletionSheet.objects.get()
    assert response["Location"] == f"{path}#completion"
    assert sheet.texts["results"]["fr"]["text"] == "Quarante communes publient."
    assert sheet.texts["results"]["ar"] == before["results"]["ar"]
    assert sheet.values == {"relevance-transparency": True}


def test_a_draft_is_for_those_who_fill_it_in(staff: Client, promised: Commitment) -> None:
    SheetFactory(commitment=promised)
    path = address("sheet", "ici", promised.slug, 1)
    assert (Client().get(path).status_code, staff.get(path).status_code) == (404, 200)
    listed = Client().get(address("commitment", "ici", promised.slug)).content.decode()
    assert path not in listed


def test_other_days_lie_in_this_century(staff: Client, promised: Commitment) -> None:
    said = {"period": "other", "starts_on": "0026-06-01", "ends_on": "2101-01-01"}
    errors = staff.post(address("new_sheet", "ici", promised.slug, lang="en"), said).context["form"].errors
    sentence = "Choose a day between 1 January 2000 and 31 December 2100."
    assert errors == {"starts_on": [sentence], "ends_on": [sentence]}


def test_an_issued_sheet_never_changes(staff: Client, promised: Commitment) -> None:
    step = promised.milestones.get(number=1)
    ReportFactory(commitment=promised, milestone=step, level="limited")
    SheetFactory(commitment=promised, ends_on=dt.date(2026, 10, 31))
    issue, page = (address(name, "ici", promised.slug, 1) for name in ("issue_sheet", "sheet"))
    assert (staff.get(issue).status_code, CompletionSheet.objects.issued().count()) == (200, 0)
    assert staff.post(issue)["Location"] == page
    first = Client().get(page + "?first")
    sheet = CompletionSheet.objects.get()
    assert sheet.document is not None
    assert (first.status_code, sheet.document.sha256 in first.content.decode()) == (200, True)
    ReportFactory(commitment=promised, milestone=step, level="complete", as_of=dt.date(2026, 11, 1))
    promised.title, promised.contact_name = words("Autre titre"), "Autre personne"
    promised.save()
    publish(promised.plan)
    said = typed(staff.get(address("edit_sheet", "ici", promised.slug, 1)).context["form"], **{"results-fr": "Changé."})
    refused = staff.post(address("edit_sheet", "ici", promised.slug, 1), said)
    second = Client().get(page + "?second").content.decode()
    assert refused.status_code == 200
    assert second.replace("second", "first") == first.content.decode()
    again = CompletionSheet.objects.get()
    assert again.document is not None
    assert json.loads(again.document.content)["texts"]["results"]["fr"] == "Un registre est ouvert."
    assert JournalLine.objects.get(verb="issue_completion_sheet").facts["sha256"] == sheet.document.sha256


def test_levels_of_activities_are_read_from_the_record(staff: Client, promised: Commitment) -> None:
    step = promised.milestones.get(number=2)
    ReportFactory(commitment=promised, milestone=step, level="complete", as_of=dt.date(2026, 5, 1))
    sheet = queries.sheet_page(SheetFactory(commitment=promised))
    steps = next(one.steps for block in sheet.blocks for one in block.answers if one.steps)
    assert [(one.number, one.level, one.late) for one in steps] == [(1, "", True), (2, "complete", False)]


def test_what_changed_since_the_plan_is_marked(staff: Client, promised: Commitment) -> None:
    same = promised.texts["contribution"]
    texts = {"results": words("Fait."), "problem": words("Autre problème."), "contribution": same}
    page = queries.sheet_page(SheetFactory(commitment=promised, texts=texts))
    changed = {one.label.fr for block in page.blocks for one in block.answers if one.changed}
    assert changed == {"Quel est le problème public traité par l'engagement?"}


@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_staff_pages_open_in_every_language(staff: Client, promised: Commitment, lang: str) -> None:
    update, sheet = ReportFactory(commitment=promised), SheetFactory(commitment=promised)
    asked = [
        ("new_progress", promised.slug), ("correct_progress", update.uid), ("new_sheet", promised.slug),
        ("sheet", promised.slug, sheet.number), ("edit_sheet", promised.slug, sheet.number),
        ("issue_sheet", promised.slug, sheet.number), ("commitment", promised.slug),
        ("plan", promised.plan.cycle.number),
    ]  # fmt: skip
    answered = {name: staff.get(address(name, "ici", *rest, lang=lang)).status_code for name, *rest in asked}
    assert answered == dict.fromkeys(answered, 200)


def test_a_commitment_s_page_asks_the_same_for_one_member_and_its_sheets(staff: Client, promised: Commitment) -> None:
    member: Member = promised.plan.cycle.member
    for number in range(1, 4):
        SheetFactory(commitment=promised, number=number)
    found = queries.promised(member, promised.slug)
    assert found is not None
    page = queries.promise_page(found, member, dt.date(2026, 11, 23), with_drafts=True)
    assert [one.number for one in page.sheets] == [3, 2, 1]


def test_a_period_has_one_sheet_being_filled_in(promised: Commitment) -> None:
    by = UserFactory(role="point-of-contact", at=promised.plan.cycle.member)
    days = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 10, 31), "level": "limited"}
    said: dict[str, Any] = {"by": by, "at": dt.datetime.now(dt.UTC)}
    sheet = actions.draft_completion_sheet(promised, **days, **said)
    with pytest.raises(Refused):
        actions.draft_completion_sheet(promised, **days, **said)
    stale = CompletionSheet.objects.get()
    texts = {"results": words("Un registre est ouvert.")}
    actions.revise_completion_sheet(sheet, texts=texts, values={}, level="limited", **said)
    actions.issue_completion_sheet(sheet, **said)
    with pytest.raises(Refused):
        actions.revise_completion_sheet(stale, texts={}, values={}, level="complete", **said)
    assert (CompletionSheet.objects.get().level, CompletionSheet.objects.get().texts) == ("limited", texts)
    assert actions.draft_completion_sheet(promised, **days, **said).number == 2
