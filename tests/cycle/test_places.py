"""Where a meeting takes place, said in languages: pages, calendars, papers, what was frozen before."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from openregion.consultation.kit_papers import kit_paper
from openregion.consultation.models import Workshop
from openregion.core.official import OfficialText, stated_in, text_in
from openregion.cycle.models import Meeting
from openregion.cycle.papers.meetings import minutes_paper
from openregion.cycle.queries import minutes as minutes_queries
from openregion.people.models import Member
from tests.factories.meetings import MeetingFactory, minuted
from tests.factories.people import MemberFactory, UserFactory, words
from tests.factories.workshops import WorkshopFactory

pytestmark = pytest.mark.django_db
migration = importlib.import_module("openregion.cycle.migrations.0011_place_in_languages")
BOTH = words("Complexe culturel, Tamazirt", "المركب الثقافي، تامازيرت")
FRENCH: OfficialText = {"fr": BOTH["fr"]}


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def workshop(member: Member) -> Workshop:
    return WorkshopFactory(member=member, meeting__place=BOTH)


def page(name: str, *args: Any, lang: str) -> str:
    with override(lang):
        return Client().get(reverse(name, args=["ici", *args])).content.decode()


@pytest.mark.row("D2")
@pytest.mark.parametrize("name", ["workshop", "workshops", "meeting", "meetings", "member_home"])
def test_page_says_the_place_in_its_language(workshop: Workshop, name: str) -> None:
    args = [workshop.meeting.number] if name in {"workshop", "meeting"} else []
    for lang, other in (("fr", "ar"), ("ar", "fr")):
        html = page(name, *args, lang=lang)
        assert (BOTH[lang]["text"] in html, BOTH[other]["text"] in html) == (True, False)


@pytest.mark.parametrize("name", ["workshop", "workshops", "meeting", "meetings", "member_home"])
def test_place_that_is_not_translated_is_marked_with_its_language(workshop: Workshop, name: str) -> None:
    Meeting.objects.update(place=FRENCH)
    args = [workshop.meeting.number] if name in {"workshop", "meeting"} else []
    assert f'lang="fr" dir="ltr">{BOTH["fr"]["text"]}</' in page(name, *args, lang="ar")


@pytest.mark.row("D2")
@pytest.mark.parametrize("name", ["guide", "report", "attendance"])
def test_papers_of_the_kit_say_the_place_in_their_language(workshop: Workshop, name: str) -> None:
    for lang, other in (("fr", "ar"), ("ar", "fr")):
        said = kit_paper(workshop, name, lang=lang).as_json()
        assert (BOTH[lang]["text"] in said, BOTH[other]["text"] in said) == (True, False)


@pytest.mark.parametrize("name", ["workshop_ics", "calendar_feed"])
def test_calendar_says_the_place_in_its_language(workshop: Workshop, name: str) -> None:
    args = [workshop.meeting.number] if name == "workshop_ics" else []
    assert "المركب الثقافي" in page(name, *args, lang="ar").replace("\r\n ", "")
    assert "Complexe culturel" in page(name, *args, lang="fr").replace("\r\n ", "")


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_minutes_say_the_place_in_each_language_and_as_it_was_frozen_before(member: Member, lang: str) -> None:
    by = UserFactory(role="council-secretary", at=member)
    made = minuted(MeetingFactory(member=member, held=True, place=BOTH), by=by)
    stated = minutes_queries.stated(made)
    assert stated["meeting"]["place"] == {code: said["text"] for code, said in BOTH.items()}
    assert BOTH[lang]["text"] in minutes_paper(stated, lang=lang).as_json()
    before = {**stated, "meeting": {**stated["meeting"], "place": "Salle d'avant"}}
    assert "Salle d'avant" in minutes_paper(before, lang=lang).as_json()
    assert BOTH[lang]["text"] in minutes_queries.first_draft(made.meeting, lang)


def test_text_as_it_is_frozen_answers_in_the_language_asked_or_in_what_there_is() -> None:
    said = {"fr": "Ici", "ar": "هنا"}
    assert [stated_in(said, lang) for lang in ("ar", "fr", "en", "zgh")] == ["هنا", "Ici", "Ici", "Ici"]
    assert [stated_in(one, "ar") for one in ({"en": "Here"}, {}, "Là", "")] == ["Here", "", "Là", ""]


@pytest.mark.row("D2")
def test_workshop_asks_for_its_place_in_both_languages_of_the_kit_and_a_meeting_for_neither(member: Member) -> None:
    client, one = Client(), WorkshopFactory(member=member)
    client.force_login(UserFactory(role="coordinator", at=member))
    with override("fr"):
        workshop = reverse("revise_workshop", args=["ici", one.meeting.number])
        meeting = reverse("revise_meeting", args=["ici", one.meeting.number])
    typed = {
        "title_fr": "Atelier", "title_ar": "ورشة", "starts_at": "2027-03-01T09:00", "tables": "3",
        "place_fr": "Maison des jeunes", "place_ar": "",
    }  # fmt: skip
    refused = client.post(workshop, typed)
    assert (refused.status_code, 'name="place_fr" value="Maison des jeunes"' in refused.content.decode()) == (200, True)
    assert client.post(workshop, typed | {"place_ar": "دار الشباب"}).status_code == 302
    assert text_in(Meeting.objects.get().place, "ar") == "دار الشباب"
    assert client.post(meeting, typed | {"place_fr": ""}).status_code == 302
    assert Meeting.objects.get().place == {}


def test_line_of_before_is_kept_in_the_language_of_its_letters_and_goes_back(member: Member) -> None:
    state = MigrationLoader(connection).project_state(("cycle", "0010_announced_steps"))
    for operation in migration.Migration.operations[:2]:
        operation.state_forwards("cycle", state)
    then = state.apps.get_model("cycle", "Meeting")
    then._meta.db_table = "old_meeting"
    lines = ["Salle des fêtes", "قاعة الحفلات", ""]
    for _line in lines:
        MeetingFactory(member=member, place={})
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE old_meeting AS SELECT *, '' AS place_line FROM cycle_meeting")
    for one, line in zip(then.objects.order_by("pk"), lines, strict=True):
        then.objects.filter(pk=one.pk).update(place_line=line)
    on = SimpleNamespace(connection=connection)
    migration.say_in_languages(state.apps, on)
    kept = list(then.objects.order_by("pk").values_list("place", flat=True))
    assert [{lang: said["text"] for lang, said in one.items()} for one in kept] == [
        {"fr": "Salle des fêtes"}, {"ar": "قاعة الحفلات"}, {},
    ]  # fmt: skip
    then.objects.update(place_line="")
    migration.say_in_one_line(state.apps, on)
    assert list(then.objects.order_by("pk").values_list("place_line", flat=True)) == lines
