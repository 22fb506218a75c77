"""Words and addresses that go: at their author's wish, or when nothing is left to tell."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openregion.consultation import actions
from openregion.consultation.models import Consultation, Contribution
from openregion.core.refusal import Refused
from openregion.people.models import Member
from openregion.plan.models import ActionPlan, ReasonedResponse
from openregion.plan.queries import coverage_of
from openregion.record.models import JournalLine, SearchEntry
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.people import UserFactory, words

pytestmark = pytest.mark.django_db
SECRET = "zanzibar"


def given(consultation: Consultation, text: str, **more: str) -> Contribution:
    received = actions.receive_suggestion(
        consultation, words={"idea": text}, lang="fr", channel="online", at=timezone.now(), **more
    )
    return received.contribution


def imported(consultation: Consultation, file: Path, **options: str) -> str:
    out = io.StringIO()
    name = f"{consultation.cycle.member.slug}/{consultation.slug}"
    call_command("import_contributions", str(file), consultation=name, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue().strip().splitlines()[-1]


@pytest.mark.row("L-1")
def test_erased_words_leave_every_place_and_the_count_stays_whole() -> None:
    consultation = ConsultationFactory()
    moderator = UserFactory(role="moderator", at=consultation.cycle.member)
    one = given(consultation, f"Un mot rare : {SECRET}", reply_to="moi@example.ma")
    actions.publish_contribution(one, by=moderator, at=timezone.now())
    before = coverage_of(Contribution.objects.of(one.member))
    actions.erase_contribution(one, at=timezone.now())
    one.refresh_from_db()
    assert (one.words, one.reply_to, one.author, one.code_hash) == ({}, "", None, "")
    assert coverage_of(Contribution.objects.of(one.member)) == before
    assert not SearchEntry.objects.filter(words__contains=SECRET).exists()
    assert not [line for line in JournalLine.objects.all() if SECRET in str(line.facts)]
    assert not one.notices.filter(sent_at=None).exists()


@pytest.mark.row("L-1")
def test_author_erases_with_the_code_alone(client: Client) -> None:
    consultation = ConsultationFactory()
    received = actions.receive_suggestion(
        consultation, words={"idea": "Une idée"}, lang="fr", channel="online", at=timezone.now()
    )
    address = reverse("erase", args=[consultation.cycle.member.slug])
    client.post(address, {"code": "123456789015"})
    received.contribution.refresh_from_db()
    assert received.contribution.words == {"idea": "Une idée"}
    client.post(address, {"code": received.code})
    received.contribution.refresh_from_db()
    assert (received.contribution.words, received.contribution.code_hash) == ({}, "")
    assert client.post(address, {"code": received.code}, follow=True).status_code == 200


@pytest.mark.row("L-1")
def test_words_are_erased_once_and_by_those_who_may() -> None:
    one = SuggestionFactory(published=True)
    with pytest.raises(Refused):
        actions.erase_contribution(one, by=UserFactory(role="moderator", at=one.member), at=timezone.now())
    contact = UserFactory(role="point-of-contact", at=one.member)
    actions.erase_contribution(one, by=contact, at=timezone.now())
    with pytest.raises(Refused, match=r"effacés|erased"):
        actions.erase_contribution(one, by=contact, at=timezone.now())


@pytest.mark.row("L-1")
def test_erased_row_does_not_come_back_with_its_file(tmp_path: Path) -> None:
    consultation = ConsultationFactory()
    UserFactory(administrator_of=consultation.cycle.member)
    file = tmp_path / "voix.csv"
    file.write_text("texte\nUne première idée pour la Région\nUne seconde idée pour la Région\n", encoding="utf-8")
    assert imported(consultation, file) == "read 2 · imported 2 · already there 0 · rejected 0"
    actions.erase_contribution(consultation.contributions.order_by("pk")[0], at=timezone.now())
    assert imported(consultation, file) == "read 2 · imported 0 · already there 2 · rejected 0"
    assert [one.words for one in consultation.contributions.order_by("pk")] == [
        {},
        {"text": "Une seconde idée pour la Région"},
    ]


@pytest.mark.row("L-1")
@pytest.mark.parametrize("then", ["text=avis,theme=,date=", "idea=avis", "text=avis,theme=lieu,id="])
def test_erased_row_does_not_come_back_when_its_columns_are_said_otherwise(then: str, tmp_path: Path) -> None:
    consultation = ConsultationFactory()
    UserFactory(administrator_of=consultation.cycle.member)
    file = tmp_path / "voix.csv"
    file.write_text(f"avis;lieu;date\nMon {SECRET} à moi;Eau;2026-01-05\n", encoding="utf-8")
    assert imported(consultation, file, columns="text=avis,theme=lieu,date=date").startswith("read 1 · imported 1")
    actions.erase_contribution(consultation.contributions.get(), at=timezone.now())
    assert imported(consultation, file, columns=then) == "read 1 · imported 0 · already there 1 · rejected 0"
    assert [one.words for one in consultation.contributions.all()] == [{}]


@pytest.mark.row("L-1")
@pytest.mark.parametrize(
    "then",
    [{}, {"columns": "text=avis,problem=suite"}, {"columns": "problem=suite,text=", "source": "file"}],
)
def test_erased_row_that_had_an_id_is_known_by_it_and_its_id_is_not_kept(then: dict[str, str], tmp_path: Path) -> None:
    consultation = ConsultationFactory()
    UserFactory(administrator_of=consultation.cycle.member)
    file = tmp_path / "voix.csv"
    rows = f"id;avis;suite\nA-7;Mon {SECRET};Et {SECRET} encore\nA-8;Une idée;Et la suite\n"
    file.write_text(rows, encoding="utf-8")
    assert imported(consultation, file, columns="id=id,text=avis").startswith("read 2 · imported 2")
    one = consultation.contributions.get(source_id="A-7")
    actions.erase_contribution(one, at=timezone.now())
    one.refresh_from_db()
    assert "A-7" not in one.source_id
    assert imported(consultation, file, **then).startswith("read 2 · imported 0 · already there 2")
    assert not [one for one in consultation.contributions.all() if SECRET in str(one.words)]


@pytest.mark.row("L-1")
def test_a_row_erased_keeps_out_itself_and_not_others_that_say_the_same(tmp_path: Path) -> None:
    consultation = ConsultationFactory()
    UserFactory(administrator_of=consultation.cycle.member)
    file = tmp_path / "voix.csv"
    file.write_text("id;avis\n1;Oui\n2;Oui\n", encoding="utf-8")
    assert imported(consultation, file).startswith("read 2 · imported 2")
    for one in consultation.contributions.all():
        actions.erase_contribution(one, at=timezone.now())
    file.write_text("id;avis\n1;Oui\n2;Oui\n3;Oui\n", encoding="utf-8")
    assert imported(consultation, file, source="file") == "read 3 · imported 1 · already there 2 · rejected 0"
    assert imported(consultation, file, source="file") == "read 3 · imported 0 · already there 3 · rejected 0"


@pytest.mark.row("L-1")
def test_addresses_are_forgotten_when_the_follow_up_is_over() -> None:
    consultation = ConsultationFactory()
    one = given(consultation, "Une idée", reply_to="moi@example.ma")
    ended = timezone.localdate() - dt.timedelta(days=1)
    ActionPlan.objects.create(
        cycle=consultation.cycle, title=words("Plan"), starts_on=ended - dt.timedelta(days=700), ends_on=ended
    )
    call_command("let_go", stdout=io.StringIO())
    one.refresh_from_db()
    assert (one.reply_to, one.words) == ("", {"idea": "Une idée"})
    assert Member.objects.count() == 1
    assert ReasonedResponse.objects.count() == 0
