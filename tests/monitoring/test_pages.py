"""The public pages of plans and commitments: what they show, to whom, and nothing under the threshold."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from freezegun import freeze_time
from lxml import html

from openregion.diagnosis.models import Finding, FindingSource
from openregion.monitoring import queries
from openregion.people.models import Member
from openregion.plan.models import CommitmentSource
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.monitoring import (
    CommitmentFactory,
    EvidenceFactory,
    MilestoneFactory,
    PlanFactory,
    ReportFactory,
    SheetFactory,
    publish,
)
from tests.factories.people import AT, MemberFactory, TerritoryFactory, UserFactory, words

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "zgh", "fr", "en")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with freeze_time("2026-11-23"):
        yield


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


def numbers_in(section: Any) -> list[int]:
    return [int(found) for found in re.findall(r"\d+", " ".join(section.text_content().split()))]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.row("D5")
def test_public_pages_open_in_every_language_empty_and_filled(client: Client, member: Member, lang: str) -> None:
    assert client.get(address("plans", "ici", lang=lang)).status_code == 200
    plan = PlanFactory(member=member)
    one = CommitmentFactory(plan=plan, measured=True)
    publish(plan)
    pages = [("plans",), ("plan", plan.cycle.number), ("commitment", one.slug), ("progress_csv", one.slug)]
    for name, *rest in pages:
        assert client.get(address(name, "ici", *rest, lang=lang) + "?empty").status_code == 200
    step = one.milestones.get(number=1)
    late = ReportFactory(commitment=one, milestone=step, expected_on=dt.date(2027, 1, 31))
    ReportFactory(commitment=one, corrects=late, measure=12)
    EvidenceFactory(update_shown=late)
    for name, *rest in pages:
        assert client.get(address(name, "ici", *rest, lang=lang) + "?full").status_code == 200


def test_what_is_not_published_is_for_those_who_prepare_it(client: Client, member: Member) -> None:
    plan = PlanFactory(member=member)
    one = CommitmentFactory(plan=plan)
    paths = [address("plan", "ici", plan.cycle.number), address("commitment", "ici", one.slug)]
    assert [client.get(path).status_code for path in paths] == [404, 404]
    for role, expected in (("point-of-contact", [200, 200]), ("moderator", [404, 404])):
        client.force_login(UserFactory(role=role, at=member))
        assert [client.get(path).status_code for path in paths] == expected
    publish(plan)
    assert [Client().get(path).status_code for path in paths] == [200, 200]


def test_the_pages_show_the_published_words_and_not_the_draft_s(client: Client, member: Member) -> None:
    one = CommitmentFactory(plan=PlanFactory(member=member), title=words("Promesse votée"))
    publish(one.plan)
    one.title = words("Promesse jamais votée")
    one.save()
    for path in (address("plan", "ici", one.plan.cycle.number), address("commitment", "ici", one.slug)):
        text = client.get(path).content.decode()
        assert ("Promesse votée" in text, "Promesse jamais votée" in text) == (True, False)


def test_reports_name_activities_as_published_and_not_as_the_next_draft_does(client: Client, member: Member) -> None:
    one = CommitmentFactory(plan=PlanFactory(member=member))
    publish(one.plan)
    step = one.milestones.get(number=1)
    ReportFactory(commitment=one, milestone=step)
    step.number, step.title = 7, words("Activité jamais votée")
    step.save()
    found = queries.promised(member, one.slug)
    assert found is not None
    (told,) = queries.promise_page(found, member, dt.date(2026, 11, 23), with_drafts=False).told
    assert (told.about_number, told.about["fr"]["text"]) == (1, "Activité inventée 1")
    assert "jamais votée" not in client.get(address("commitment", "ici", one.slug)).content.decode()
    (row,) = csv.DictReader(io.StringIO(queries.progress_as_csv(found, member, site="")))
    assert (row["milestone"], row["milestone_title"]) == ("1", "Activité inventée 1")


@pytest.mark.row("O-5")
def test_voices_are_those_behind_what_was_published(member: Member) -> None:
    one = gathered(member, {"Alma": 12})
    one.sources.all().delete()
    shown = voices_shown(one)
    assert (shown.count, [source.number for source in shown.findings]) == (12, [1])


def test_a_promise_that_left_the_plan_says_so(client: Client, member: Member) -> None:
    plan = PlanFactory(member=member)
    CommitmentFactory(plan=plan)
    gone = CommitmentFactory(plan=plan)
    publish(plan)
    gone.milestones.all().delete()
    slug = gone.slug
    gone.delete()
    publish(plan)
    found = queries.promised(member, slug)
    assert found is not None
    assert found.gone_since == 2
    assert client.get(address("commitment", "ici", slug)).status_code == 200


def test_late_promises_stand_first_and_one_sentence_counts_them(client: Client, member: Member) -> None:
    plan = PlanFactory(member=member)
    done, late, begun = (CommitmentFactory(plan=plan, number=n, bare=n != 2) for n in (1, 2, 3))
    publish(plan)
    ReportFactory(commitment=done, level="complete")
    ReportFactory(commitment=begun, level="limited")
    with override("en"):
        page = queries.plan_page(member, plan.cycle.number, dt.date(2026, 11, 23), frozenset())
    assert page is not None
    assert [row.number for row in page.rows] == [2, 3, 1]
    assert page.sentence == "3 commitments: 1 complete, 1 under way, 1 late."
    shown = html.fromstring(client.get(address("plan", "ici", plan.cycle.number, lang="en")).content)
    assert [cell.text_content().split(".")[0] for cell in shown.xpath("//table//tbody//th/a/bdi")] == ["2", "3", "1"]
    assert next(badge.text_content() for badge in shown.xpath("//table//*[contains(@class, 'badge ')]")) == "Late"
    assert late.pk


def test_every_state_has_a_word_and_a_mark(client: Client, member: Member) -> None:
    one = CommitmentFactory(plan=PlanFactory(member=member))
    publish(one.plan)
    shown = html.fromstring(client.get(address("plan", "ici", one.plan.cycle.number)).content)
    for badge in shown.xpath("//*[contains(@class, 'badge ')]"):
        assert (len(badge.xpath("svg")), bool(badge.text_content().strip())) == (1, True)


def test_the_plan_says_who_adopted_it_and_its_hash(client: Client, member: Member) -> None:
    one = CommitmentFactory(plan=PlanFactory(member=member))
    version = publish(one.plan)
    assert version.deliberation is not None
    text = client.get(address("plan", "ici", one.plan.cycle.number)).content.decode()
    assert (version.deliberation.act.number in text, version.document.sha256 in text) == (True, True)


def fill(member: Member, rows: int, plan: Any = None) -> Any:
    """Put ``rows`` rows of everything on the pages of a member."""
    plan = plan or PlanFactory(member=member)
    one = plan.commitments.order_by("number").first() or CommitmentFactory(plan=plan, number=1, measured=True)
    consultation = ConsultationFactory(cycle=plan.cycle)
    for number in range(rows):
        CommitmentFactory(plan=plan, number=plan.commitments.count() + 1)
        step = MilestoneFactory(commitment=one, number=one.milestones.count() + 1)
        for about in (None, step):
            update = ReportFactory(commitment=one, milestone=about, measure=number)
            ReportFactory(commitment=one, milestone=about, corrects=update)
            EvidenceFactory(update_shown=update)
        finding = Finding.objects.create(
            member=member,
            cycle=plan.cycle,
            number=Finding.objects.count() + 1,
            title=words("Constat"),
            synthesis=words("Constat"),
            written_at=AT,
            published_at=AT,
        )
        CommitmentSource.objects.create(commitment=one, finding=finding, linked_at=AT)
        given = SuggestionFactory(consultation=consultation, published=True)
        FindingSource.objects.create(finding=finding, contribution=given, gathered_at=AT)
        SheetFactory(commitment=one, number=number + 1 + 100 * plan.versions.count())
    publish(plan)
    return plan


@pytest.mark.parametrize("role", ["", "point-of-contact"])
def test_pages_ask_the_same_number_of_questions_for_one_and_thirty_rows(
    client: Client, member: Member, role: str
) -> None:
    if role:
        client.force_login(UserFactory(role=role, at=member))
    plan = fill(member, 1)
    pages = [("plans",), ("plan", plan.cycle.number), ("commitment", f"{plan.cycle.number}-1")]
    pages += [("progress_csv", f"{plan.cycle.number}-1")]
    paths = [address(name, "ici", *rest) for name, *rest in pages]

    def count(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path + "?again=1").status_code == 200
        return len(seen)

    few = {path: count(path) for path in paths}
    fill(member, 29, plan)
    assert {path: count(path) for path in paths} == few


def test_visitors_get_no_session(client: Client, member: Member) -> None:
    plan = fill(member, 1)
    for name, *rest in (("plans",), ("plan", plan.cycle.number), ("commitment", f"{plan.cycle.number}-1")):
        assert client.get(address(name, "ici", *rest)).cookies.output() == ""


def test_everything_of_one_member_is_unknown_at_another(client: Client, member: Member) -> None:
    other = MemberFactory(slug="ailleurs")
    client.force_login(UserFactory(role="point-of-contact", at=member))
    one = CommitmentFactory(plan=PlanFactory(member=other))
    publish(one.plan)
    update, sheet = ReportFactory(commitment=one), SheetFactory(commitment=one)
    asked = [
        ("plan", one.plan.cycle.number), ("commitment", one.slug), ("progress_csv", one.slug),
        ("new_progress", one.slug), ("correct_progress", update.uid), ("new_sheet", one.slug),
        ("sheet", one.slug, sheet.number), ("edit_sheet", one.slug, sheet.number),
        ("issue_sheet", one.slug, sheet.number),
    ]  # fmt: skip
    answered = {name: client.get(address(name, "ici", *rest)).status_code for name, *rest in asked}
    assert answered == dict.fromkeys(answered, 404)


def test_buttons_follow_the_rules(client: Client, member: Member) -> None:
    one = CommitmentFactory(plan=PlanFactory(member=member))
    publish(one.plan)
    shown = {}
    for role in ("", "point-of-contact", "unit-head", "coordinator", "moderator"):
        client.logout()
        if role:
            client.force_login(UserFactory(role=role, at=member))
        text = client.get(address("commitment", "ici", one.slug)).content.decode()
        shown[role] = (address("new_progress", "ici", one.slug) in text, "/sheets/new/" in text)
    assert shown == dict.fromkeys(shown, (False, False)) | {"point-of-contact": (True, True)}


def test_the_head_of_another_unit_reads_why_not(client: Client, member: Member) -> None:
    one = CommitmentFactory(plan=PlanFactory(member=member))
    publish(one.plan)
    client.force_login(UserFactory(role="unit-head", at=member))
    response = client.get(address("new_progress", "ici", one.slug))
    assert response.status_code == 403
    assert one.unit.name["fr"]["text"] in response.content.decode()


# The voices behind a commitment -------------------------------------------------------------------


def gathered(member: Member, provinces: dict[str, int], channels: dict[str, int] | None = None) -> Any:
    """Publish a commitment that rests on so many voices by province."""
    plan = PlanFactory(member=member)
    one = CommitmentFactory(plan=plan)
    consultation = ConsultationFactory(cycle=plan.cycle)
    title = words("Constat")
    finding = Finding.objects.create(
        member=member, cycle=plan.cycle, number=1, title=title, synthesis=title, written_at=AT, published_at=AT
    )
    CommitmentSource.objects.create(commitment=one, finding=finding, linked_at=AT)
    ways = [way for way, count in (channels or {"online": sum(provinces.values())}).items() for _ in range(count)]
    for name, count in provinces.items():
        place = TerritoryFactory(province=True, name_fr=name)
        for _ in range(count):
            given = SuggestionFactory(
                consultation=consultation, published=True, channel=ways.pop(), placed__province=place
            )
            FindingSource.objects.create(finding=finding, contribution=given, gathered_at=AT)
    publish(plan)
    return one


def voices_shown(one: Any) -> Any:
    member = one.plan.cycle.member
    found = queries.promised(member, one.slug)
    assert found is not None
    return queries.promise_page(found, member, dt.date(2026, 11, 23), with_drafts=False).voices


@pytest.mark.row("O-5")
def test_voices_are_counted_as_they_are_published(client: Client, member: Member) -> None:
    one = gathered(member, {"Alma": 14, "Berda": 6, "Cerra": 1}, {"online": 18, "paper": 3})
    shown = voices_shown(one)
    assert [(cell.name, cell.count) for cell in shown.by_province] == [("Alma", 14), ("Berda", 6), ("Cerra", 1)]
    assert [cell.count for cell in shown.by_channel] == [18, 3]
    assert (shown.count, shown.published) == (21, 21)
    section = html.fromstring(client.get(address("commitment", "ici", one.slug)).content)
    text = section.xpath("//section[@aria-labelledby='voices']")[0].text_content()
    assert [name for name in ("Alma", "Berda", "Cerra") if name not in text] == []


@pytest.mark.row("O-5")
def test_only_published_voices_are_quoted_and_the_withdrawn_do_not_count(client: Client, member: Member) -> None:
    one = gathered(member, {"Alma": 12})
    finding = Finding.objects.get()
    consultation = ConsultationFactory(cycle=one.plan.cycle)
    for trait in ("hidden", "spam", "withdrawn"):
        given = SuggestionFactory(consultation=consultation, words={"idea": f"MARQUE {trait}"}, **{trait: True})
        FindingSource.objects.create(finding=finding, contribution=given, gathered_at=AT)
    shown = voices_shown(one)
    assert (shown.count, shown.published) == (13, 12)  # the hidden one was said too
    assert "MARQUE" not in client.get(address("commitment", "ici", one.slug)).content.decode()


def test_a_finding_nobody_may_read_yet_is_named_without_a_link(client: Client, member: Member) -> None:
    one = gathered(member, {"Alma": 12})
    Finding.objects.update(published_at=None)
    assert [source.href for source in voices_shown(one).findings] == [""]
