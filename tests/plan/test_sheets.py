"""Commitment sheets: annex 2 and OGP's own record from one entry, part by part, by the unit that answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openregion.core.official import is_out_of_date
from openregion.people.models import Body, Member
from openregion.plan import checklist, queries, rules
from openregion.plan.forms import as_entered
from openregion.plan.models import Commitment, CommitmentSource
from tests.factories.diagnosis import FindingFactory
from tests.factories.monitoring import ReportFactory, publish
from tests.factories.people import AppointmentFactory, BodyFactory, MemberFactory, UserFactory, words
from tests.factories.plan import a_plan, complete
from tests.factories.responses import ResponseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D5")]


@pytest.fixture
def member() -> Member:
    return MemberFactory()


@pytest.fixture
def sheet(member: Member) -> Commitment:
    return a_plan(member).commitments.get()


def signed_in(member: Member, role: str = "point-of-contact", *, unit: Body | None = None) -> Client:
    client, user = Client(), UserFactory()
    AppointmentFactory(user=user, member=member, role=role, unit=unit)
    client.force_login(user)
    return client


def at(sheet: Commitment, part: str = "") -> str:
    address = reverse("edit_commitment", args=[sheet.plan.cycle.member.slug, sheet.slug])
    return f"{address}?part={part}" if part else address


def typed(name: str, fr: str = "", ar: str = "", en: str = "") -> dict[str, str]:
    return {f"{name}_fr": fr, f"{name}_ar": ar, f"{name}_en": en}


def rows(*steps: dict[str, str], held: int = 0) -> dict[str, str]:
    sent = {"row-TOTAL_FORMS": str(len(steps)), "row-INITIAL_FORMS": str(held)}
    return sent | {f"row-{n}-{name}": value for n, step in enumerate(steps) for name, value in step.items()}


@pytest.mark.row("D4")
def test_commitment_is_begun_with_the_days_of_the_plan(member: Member) -> None:
    plan = a_plan(member, commitments=0)
    unit = BodyFactory(unit=True, authority=member.authorities.get())
    address = reverse("new_commitment", args=[member.slug, plan.cycle.number])
    client = signed_in(member)
    assert client.get(address).context["form"].initial["ends_on"] == plan.ends_on
    days = {"starts_on": str(plan.starts_on), "ends_on": str(plan.ends_on)}
    client.post(address, typed("title", "Budget lisible") | days | {"unit": unit.uid})
    made = Commitment.objects.get()
    assert (made.number, made.unit, made.title["fr"]["text"]) == (1, unit, "Budget lisible")


@pytest.mark.row("D4")
def test_sheet_is_filled_in_by_the_head_of_its_unit_and_by_no_other(member: Member, sheet: Commitment) -> None:
    other = BodyFactory(unit=True, authority=member.authorities.get())
    assert signed_in(member, "unit-head", unit=sheet.unit).get(at(sheet)).status_code == 200
    refused = signed_in(member, "unit-head", unit=other).get(at(sheet))
    assert refused.status_code == 403
    assert sheet.unit.name["fr"]["text"] in refused.content.decode()
    posted = signed_in(member, "unit-head", unit=other).post(at(sheet, "contact"), {"contact_name": "X"})
    assert posted.status_code == 403


@pytest.mark.row("O-4")
def test_sheet_has_a_part_for_every_question_of_both_records(sheet: Commitment) -> None:
    parts = queries.parts_of_sheet(sheet.plan.cycle)
    assert [part.code for part in parts] == [
        "identification",
        "description",
        "values",
        "extras",
        "activities",
        "contact",
        "other-actors",
        "additional-information",
        "indicator",
        "record",
    ]
    asked = {question.code for part in parts for question in part.questions}
    assert {"status-quo", "long-term-goal", "institutions", "policy-areas", "sector", "relevance", "budget"} <= asked


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_sheet_shows_each_part_with_the_guides_own_words(sheet: Commitment, member: Member, lang: str) -> None:
    from django.utils.translation import override

    client = signed_in(member)
    with override(lang):
        for part in queries.parts_of_sheet(sheet.plan.cycle):
            page = client.get(at(sheet, part.code))
            assert page.status_code == 200, part.code
            text = page.content.decode()
            for question in part.questions:
                if question.kind == "long-text":
                    assert question.label.in_(lang).split("'")[0][:40] in text


def test_sheet_has_no_other_part(sheet: Commitment, member: Member) -> None:
    assert signed_in(member).get(at(sheet, "nowhere")).status_code == 404


def test_recording_a_part_keeps_the_others(sheet: Commitment, member: Member) -> None:
    complete(sheet)
    before = Commitment.objects.get(pk=sheet.pk)
    sent = {"contact_name": "Autre titulaire", "contact_title": "Cheffe", "contact_reach": "unite@example.ma"}
    assert signed_in(member).post(at(sheet, "contact"), sent).status_code == 302
    after = Commitment.objects.get(pk=sheet.pk)
    assert after.contact_name == "Autre titulaire"
    for name in ("title", "texts", "values", "problem_kinds", "policy_areas", "sector", "starts_on", "ends_on"):
        assert getattr(after, name) == getattr(before, name), name
    assert after.indicator.target == before.indicator.target
    assert [one.uid for one in after.milestones.order_by("number")] == [
        one.uid for one in before.milestones.order_by("number")
    ]


def test_texts_are_kept_in_three_languages_and_know_when_french_changed(sheet: Commitment, member: Member) -> None:
    client = signed_in(member)
    client.post(at(sheet, "additional-information"), typed("additional-information", "Un.", "واحد.", "One."))
    client.post(at(sheet, "additional-information"), typed("additional-information", "Deux.", "اثنان.", "One."))
    text = Commitment.objects.get(pk=sheet.pk).texts["additional-information"]
    assert [is_out_of_date(text, lang) for lang in ("fr", "ar", "en")] == [False, False, True]
    gaps = {gap.question: gap for gap in queries.gaps_of(Commitment.objects.get(pk=sheet.pk), _parts(sheet))}
    assert (gaps["additional-information"].state, gaps["additional-information"].langs) == ("stale", ("en",))


def _parts(sheet: Commitment) -> Any:
    return queries.parts_of_sheet(sheet.plan.cycle)


def test_text_emptied_is_gone(sheet: Commitment, member: Member) -> None:
    client = signed_in(member)
    client.post(at(sheet, "additional-information"), typed("additional-information", "Un."))
    client.post(at(sheet, "additional-information"), typed("additional-information"))
    assert "additional-information" not in Commitment.objects.get(pk=sheet.pk).texts


def test_questions_on_values_are_yes_no_or_not_answered(sheet: Commitment, member: Member) -> None:
    client = signed_in(member)
    client.post(at(sheet, "values"), {"values-information": "yes", "values-influence": "no"})
    assert Commitment.objects.get(pk=sheet.pk).values == {"values-information": True, "values-influence": False}
    client.post(at(sheet, "values"), {"values-information": "", "values-influence": "no"})
    assert Commitment.objects.get(pk=sheet.pk).values == {"values-influence": False}


@pytest.mark.row("O-4")
def test_ogps_record_is_kept_with_its_policy_areas(sheet: Commitment, member: Member) -> None:
    sent = typed("status-quo", "Rien n'est publié.", "", "Nothing is published.")
    sent |= typed("long-term-goal", "Objectif 1")
    sent |= {"areas": ["open-data", "youth"], "more_areas": ["lobbying"], "sector": "Budget", "ogp_id": ""}
    assert signed_in(member).post(at(sheet, "record"), sent).status_code == 302
    held = Commitment.objects.get(pk=sheet.pk)
    assert set(held.policy_areas) == {"lobbying", "youth", "open-data"}
    assert held.texts["status-quo"]["en"]["text"] == "Nothing is published."
    assert held.texts["problem"]["fr"]["text"] == "Les avis de travaux n'atteignent personne."


@pytest.mark.row("O-4")
def test_policy_areas_are_ogps_eighty_six(shared_data: Any) -> None:
    import csv

    table = shared_data / "ogp" / "ogp-commitments-extract-2024-07.csv"
    columns = next(csv.reader([table.read_text(encoding="utf-8-sig", errors="replace").splitlines()[0]]))
    areas = queries.policy_areas()
    assert len(areas) == 86
    assert [area.name.in_("en") for area in areas if area.name.in_("en") not in columns] == []
    assert queries.policy_area("lobbying").lang_in("ar") == "en"


def test_activities_are_added_and_removed_and_keep_their_identity(sheet: Commitment, member: Member) -> None:
    first, second = sheet.milestones.order_by("number")
    held = {"uid": first.uid, **typed("title", "Portail ouvert", "بوابة")} | typed("deliverable", "Un registre ouvert")
    held |= {"starts_on": "2026-01-01", "ends_on": "2026-06-30"}
    gone = {"uid": second.uid, **typed("title", "Autre"), "starts_on": "2026-01-01", "ends_on": "2026-02-01"}
    gone["DELETE"] = "on"
    new = typed("title", "Former les agents") | {"starts_on": "2026-03-01", "ends_on": "2026-04-01"}
    sent = rows(held, gone, new, {}, held=2)
    assert signed_in(member).post(at(sheet, "activities"), sent).status_code == 302
    after = list(sheet.milestones.order_by("number"))
    assert [(one.number, one.title["fr"]["text"]) for one in after] == [(1, "Portail ouvert"), (2, "Former les agents")]
    assert after[0].uid == first.uid


def test_more_rows_keep_what_is_typed_even_when_it_is_wrong(sheet: Commitment, member: Member) -> None:
    wrong = typed("title", "Sans dates") | {"starts_on": "hier", "ends_on": ""}
    page = signed_in(member).post(at(sheet, "activities"), rows(wrong) | {"more": "1"})
    text = page.content.decode()
    assert (page.status_code, "Sans dates" in text, 'value="hier"' in text) == (200, True, True)
    assert page.context["rows"].total_form_count() > 2
    assert sheet.milestones.count() == 2


def test_refused_activities_keep_what_was_typed(sheet: Commitment, member: Member) -> None:
    wrong = typed("title", "À l'envers") | {"starts_on": "2026-05-01", "ends_on": "2026-04-01"}
    page = signed_in(member).post(at(sheet, "activities"), rows(wrong))
    assert (page.status_code, "À l&#x27;envers" in page.content.decode()) == (200, True)
    assert sheet.milestones.count() == 2


def test_activity_on_which_progress_was_reported_stays(sheet: Commitment, member: Member) -> None:
    first = sheet.milestones.order_by("number")[0]
    ReportFactory(commitment=sheet, milestone=first)
    gone = {"uid": first.uid, **typed("title", "X"), "starts_on": "2026-01-01", "ends_on": "2026-02-01", "DELETE": "on"}
    page = signed_in(member).post(at(sheet, "activities"), rows(gone, held=1))
    assert (page.status_code, sheet.milestones.count()) == (200, 2)
    assert page.context["form"].errors


def test_indicator_is_whole_or_absent(sheet: Commitment, member: Member) -> None:
    client = signed_in(member)
    half = typed("name", "Communes qui publient") | {"baseline": "10"}
    page = client.post(at(sheet, "indicator"), half)
    assert (page.status_code, "Communes qui publient" in page.content.decode()) == (200, True)
    whole = half | typed("unit", "%") | {"baseline_on": "2026-01-01", "target": "80", "target_on": "2027-01-01"}
    assert client.post(at(sheet, "indicator"), whole).status_code == 302
    assert Commitment.objects.get(pk=sheet.pk).indicator.target == 80
    client.post(at(sheet, "indicator"), {})
    assert not hasattr(Commitment.objects.get(pk=sheet.pk), "indicator")


@pytest.mark.row("L-1")
def test_contact_page_says_what_becomes_of_the_name(sheet: Commitment, member: Member) -> None:
    page = signed_in(member).get(at(sheet, "contact"))
    assert "09-08" in page.content.decode()


@pytest.mark.row("D4")
def test_sources_are_cited_and_removed_with_the_voices_behind_them(sheet: Commitment, member: Member) -> None:
    found = FindingFactory(member=member, cycle=sheet.plan.cycle, published=True, gathers=3)
    given = ResponseFactory(member=member, cycle=sheet.plan.cycle, covers=2)
    address = reverse("cite_sources", args=[member.slug, sheet.slug])
    client = signed_in(member)
    client.post(address, {"finding": str(found.number)})
    client.post(address, {"response": str(given.number)})
    page = client.get(address).context["page"]
    assert (len(page.cited), page.voices, len(page.findings), len(page.responses)) == (2, 5, 0, 0)
    client.post(address, {"remove": str(CommitmentSource.objects.get(finding=found).pk)})
    assert client.get(address).context["page"].voices == 2


@pytest.mark.row("D4")
def test_sources_that_no_commitment_cites_come_first_and_are_found_by_words(member: Member) -> None:
    plan = a_plan(member, commitments=2)
    one, two = plan.commitments.order_by("number")
    old = FindingFactory(member=member, cycle=plan.cycle, title=words("Le budget se lit mal"))
    new = FindingFactory(member=member, cycle=plan.cycle, title=words("Les routes sont fermées"))
    CommitmentSource.objects.create(commitment=two, finding=new, linked_at=plan.cycle.method.frozen_at)
    address, client = reverse("cite_sources", args=[member.slug, one.slug]), signed_in(member)
    assert [line.number for line in client.get(address).context["page"].findings] == [old.number, new.number]
    assert [line.number for line in client.get(address, {"q": "route"}).context["page"].findings] == [new.number]


def test_description_offers_the_words_of_the_findings_cited(sheet: Commitment, member: Member) -> None:
    found = FindingFactory(member=member, cycle=sheet.plan.cycle, synthesis=words("Synthèse à reprendre"))
    CommitmentSource.objects.create(commitment=sheet, finding=found, linked_at=sheet.plan.cycle.method.frozen_at)
    assert "Synthèse à reprendre" in signed_in(member).get(at(sheet, "description")).content.decode()


@pytest.mark.row("O-7")
@pytest.mark.parametrize(
    ("titles", "modest"),
    [
        (["Portail des données", "Ateliers de formation"], True),
        (["بوابة المعطيات", "تكوين المنتخبين"], True),
        (["Portail des données", "Délibération qui rend la publication obligatoire"], False),
        (["Portail des données", "Réparer les pistes"], False),
    ],
)
def test_sheet_of_portals_and_trainings_reads_as_modest(sheet: Commitment, titles: list[str], modest: bool) -> None:
    for step, title in zip(sheet.milestones.order_by("number"), titles, strict=True):
        step.title = words(title, title)
        step.deliverable = {}
        step.save()
    found = checklist.reads_as_modest(Commitment.objects.get(pk=sheet.pk))
    assert (found is not None) == modest
    assert found is None or found.source.startswith("https://www.opengovpartnership.org")


def test_another_members_sheet_is_not_found(sheet: Commitment) -> None:
    here = MemberFactory()
    client = signed_in(here)
    for name in ("edit_commitment", "cite_sources"):
        assert client.get(reverse(name, args=[here.slug, sheet.slug])).status_code == 404
        assert client.post(reverse(name, args=[here.slug, sheet.slug]), {"finding": "1"}).status_code == 404
    for slug in ("x", "1", "1-x", "-", "9999999999-9999999999"):
        assert client.get(reverse("edit_commitment", args=[here.slug, slug])).status_code == 404


def test_activity_that_was_published_stays_on_the_sheet(sheet: Commitment, member: Member) -> None:
    publish(sheet.plan)
    first, second = sheet.milestones.order_by("number")
    held = {"uid": first.uid, **typed("title", "Autres mots"), "starts_on": "2026-01-01", "ends_on": "2026-06-30"}
    gone = {"uid": second.uid, **typed("title", "X"), "starts_on": "2026-01-01", "ends_on": "2026-02-01"}
    gone["DELETE"] = "on"
    new = typed("title", "Ajoutée depuis") | {"starts_on": "2026-07-01", "ends_on": "2026-08-01"}
    client = signed_in(member)
    page = client.post(at(sheet, "activities"), rows(held, gone, new, held=2))
    assert (page.status_code, len(page.context["form"].non_field_errors())) == (200, 1)
    assert sheet.milestones.count() == 2
    gone.pop("DELETE")
    assert client.post(at(sheet, "activities"), rows(held, gone, new, held=2)).status_code == 302
    added = sheet.milestones.get(title__fr__text="Ajoutée depuis")
    # What no version holds leaves again.
    extra = new | {"uid": added.uid, "DELETE": "on"}
    assert client.post(at(sheet, "activities"), rows(held, gone, extra, held=3)).status_code == 302
    assert set(sheet.milestones.values_list("uid", flat=True)) == {first.uid, second.uid}


@pytest.mark.row("D4")
@pytest.mark.parametrize(("role", "moved"), [("team-member", True), ("unit-head", False)])
def test_sheet_is_given_to_another_unit_by_those_who_draft_commitments(
    sheet: Commitment, member: Member, role: str, moved: bool
) -> None:
    other, was = BodyFactory(unit=True, authority=member.authorities.get()), sheet.unit
    sent = typed("title", "Même promesse") | {"starts_on": "2026-01-01", "ends_on": "2027-01-01", "unit": other.uid}
    client = signed_in(member, role, unit=was)
    assert client.post(at(sheet, "identification"), sent).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.unit, sheet.title["fr"]["text"]) == (other if moved else was, "Même promesse")
    by, held = UserFactory(), Commitment.objects.get(pk=sheet.pk)
    AppointmentFactory(user=by, member=member, role=role, unit=held.unit)
    whole = as_entered(held) | {"unit": other if held.unit != other else was}
    names = ("title", "starts_on", "ends_on", "unit", "texts", "values", "problem_kinds")
    why = rules.why_not_revise_commitment(by, held, **{name: whole[name] for name in names})
    assert (why == "") == moved


@pytest.mark.parametrize("typed_in", ["²", "9" * 5000, "٣", "0"])
def test_numbers_that_are_none_find_nothing_and_break_nothing(sheet: Commitment, member: Member, typed_in: str) -> None:
    address, client = reverse("cite_sources", args=[member.slug, sheet.slug]), signed_in(member)
    assert client.get(address, {"q": typed_in[:300]}).status_code == 200
    for name in ("finding", "response", "remove"):
        assert client.post(address, {name: typed_in}).status_code in (302, 404)
    assert CommitmentSource.objects.count() == 0
