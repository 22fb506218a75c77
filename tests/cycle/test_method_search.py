"""Searching the method: every place is found, in each language, however it is spelled."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from lxml import html

from openregion.cycle import queries
from openregion.guide import queries as guides
from openregion.people.models import Member
from openregion.record.actions import index_entry
from tests.factories.people import MemberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("A1")]


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="membre")


def index(member: Member, lang: str) -> None:
    for one in queries.entries_of_the_method(member, lang):
        index_entry(
            member_code=member.slug,
            lang=lang,
            kind=one.kind,
            subject_uid=one.subject_uid,
            title=one.title,
            excerpt=one.excerpt,
            path=one.path,
            text=one.text,
        )


def found(q: str, lang: str) -> list[tuple[str, str]]:
    with override(lang):
        path = reverse("method_search", args=["membre"])
    response = Client().get(path, {"q": q})
    assert response.status_code == 200
    links = html.fromstring(response.content.decode()).xpath("//article//ol//a")
    return [(" ".join(link.text_content().split()), link.get("href")) for link in links]


def test_every_place_of_the_method_is_an_entry(member: Member) -> None:
    book = guides.guide(member.guide_version)
    entries = list(queries.entries_of_the_method(member, "fr"))
    kinds = Counter(entry.kind for entry in entries)
    expected = {
        "stage": 8,
        "procedure": 9,
        "operation": 55,
        "actor": len(book.actors),
        "rule": len(book.rules),
        "form": len(book.forms),
    }
    assert {kind: kinds[kind] for kind in expected} == expected
    assert kinds["question"] == sum(1 for form in book.forms for _ in queries.questions(form))
    assert set(kinds) == set(queries.KINDS)
    assert max(Counter((entry.kind, entry.subject_uid) for entry in entries).values()) == 1


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_entries_stand_in_their_language(member: Member, lang: str) -> None:
    entries = list(queries.entries_of_the_method(member, lang))
    assert {entry.path.split("/")[1] for entry in entries} == {lang}
    assert [entry.subject_uid for entry in entries if not entry.title] == []


@pytest.mark.parametrize("asked", ["الميزانية", "الميزانيه", "ميزانية", "المِيزانيّة"])
def test_arabic_is_found_however_it_is_spelled(member: Member, asked: str) -> None:
    index(member, "ar")
    titles = [title for title, _ in found(asked, "ar")]
    assert "هل تُنشر وثائق ميزانية الجهة بانتظام على المنصة الإلكترونية للجهة؟" in titles


def test_accents_and_plurals_do_not_matter(member: Member) -> None:
    index(member, "fr")
    assert set(found("petition", "fr")) == set(found("Pétitions", "fr")) != set()


def test_hits_lead_to_the_passage_and_stay_in_the_language_of_the_page(member: Member) -> None:
    index(member, "fr")
    (first, *_) = [path for title, path in found("arrêter la liste", "zgh") if title.startswith("Arrêter la liste")]
    assert first == "/zgh/membre/method/stages/plan-2/#settle-participant-list"


def test_nothing_found_teaches_and_keeps_the_question(member: Member) -> None:
    with override("en"):
        response = Client().get(reverse("method_search", args=["membre"]), {"q": "zzzz"})
    shown = response.content.decode()
    assert "No passage of the method holds all these words" in shown
    assert 'value="zzzz"' in shown
