"""Feeds: what is published, for whoever reads it without leaving an address."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from openregion.consultation.models import Consultation, Contribution
from openregion.people.models import Member
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.people import MemberFactory
from tests.factories.workshops import province_of

pytestmark = [pytest.mark.django_db, pytest.mark.row("O-6")]
ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGES = ("ar", "zgh", "fr", "en")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


def entries(client: Client, path: str) -> list[ElementTree.Element]:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_feed_holds_what_is_published_in_it(client: Client, consultation: Consultation, lang: str) -> None:
    theme, place = consultation.themes.all()[0], province_of(consultation.cycle.member)
    SuggestionFactory(consultation=consultation, published=True, placed__theme=theme, number=101)
    SuggestionFactory(consultation=consultation, published=True, placed__province=place, number=102)
    for trait in ("hidden", "spam", "withdrawn"):
        more = {"published": True} if trait == "withdrawn" else {}
        placed = {"placed__theme": theme, "placed__province": place}
        SuggestionFactory(consultation=consultation, **placed, **{trait: True}, **more)
    SuggestionFactory(consultation=consultation, placed__theme=theme)
    SuggestionFactory(consultation=ConsultationFactory(cycle=consultation.cycle), published=True)
    feeds = {
        address("consultation_feed", "ici", "question", lang=lang): [102, 101],
        address("theme_feed", "ici", "question", theme.code, lang=lang): [101],
        address("province_feed", "ici", place.code, lang=lang): [102],
    }
    for path, numbers in feeds.items():
        links = [one.find(f"{ATOM}link").get("href", "") for one in entries(client, path)]  # type: ignore[union-attr]
        assert [int(link.rstrip("/").rpartition("/")[2]) for link in links] == numbers, path
        assert all(link.startswith(f"http://testserver/{lang}/ici/suggestions/") for link in links)


def test_feed_tells_nothing_of_the_author(client: Client, consultation: Consultation) -> None:
    one = SuggestionFactory(consultation=consultation, published=True, with_reply=True)
    answer = client.get(address("consultation_feed", "ici", "question"))
    assert (one.reply_to in answer.content.decode(), "<author" in answer.content.decode()) == (False, False)
    (entry,) = entries(client, address("consultation_feed", "ici", "question"))
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{one.uid}"
    assert one.words["idea"] in (entry.findtext(f"{ATOM}summary") or "")


def test_words_that_look_like_html_are_read_as_they_were_written(client: Client, consultation: Consultation) -> None:
    said = "x < 10 <b>gras</b> <img src=x onerror=alert(1)>\n\nالفقرة الثانية & fin"
    theme, place = consultation.themes.all()[0], province_of(consultation.cycle.member)
    SuggestionFactory(
        consultation=consultation, published=True, lang="ary", words={"idea": said}, placed__theme=theme,
        placed__province=place,
    )  # fmt: skip
    for path in (
        address("consultation_feed", "ici", "question"),
        address("theme_feed", "ici", "question", theme.code),
        address("province_feed", "ici", place.code),
    ):
        (entry,) = entries(client, path)
        summary = entry.find(f"{ATOM}summary")
        assert summary is not None
        assert (summary.get("type"), "<b>" in (summary.text or ""), "<img" in (summary.text or "")) == (
            "html", False, False,
        )  # fmt: skip
        read = ElementTree.fromstring(summary.text or "")  # as a reader decodes it
        assert (read.get("lang"), read.get("dir"), len(read.findall("p"))) == ("ar-MA", "auto", 2)
        assert "\n\n".join("".join(one.itertext()) for one in read.findall("p")) == said
        title = entry.find(f"{ATOM}title")
        assert title is not None
        assert (title.get("type", "text"), "<b>gras</b>" in (title.text or "")) == ("text", True)


def test_feed_gives_what_was_published_last_however_long_it_waited(client: Client, consultation: Consultation) -> None:
    theme, place = consultation.themes.all()[0], province_of(consultation.cycle.member)
    placed = {"placed__theme": theme, "placed__province": place}
    waited = SuggestionFactory(consultation=consultation, number=500, **placed)
    for day in range(1, 32):
        at = dt.datetime(2026, 3, day, tzinfo=dt.UTC)
        SuggestionFactory(
            consultation=consultation, moderation="published", moderated_at=at, received_at=at, number=day, **placed
        )
    Contribution.objects.filter(pk=waited.pk).update(
        moderation="published", moderated_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    )
    for path in (
        address("consultation_feed", "ici", "question"),
        address("theme_feed", "ici", "question", theme.code),
        address("province_feed", "ici", place.code),
    ):
        links = [one.find(f"{ATOM}link").get("href", "") for one in entries(client, path)]  # type: ignore[union-attr]
        numbers = [int(link.rstrip("/").rpartition("/")[2]) for link in links]
        assert numbers == [500, *range(31, 2, -1)]


def test_feed_is_kept_for_visitors_and_costs_the_same(client: Client, consultation: Consultation) -> None:
    path, costs = address("consultation_feed", "ici", "question"), []
    for n in (1, 29):
        SuggestionFactory.create_batch(n, consultation=consultation, published=True)
        with CaptureQueriesContext(connection) as asked:
            client.get(path + "?again=1")
        costs.append(len(asked))
    answer = client.get(path)
    assert (costs[0] == costs[1], answer.cookies.output(), "ETag" in answer) == (True, "", True)


def test_feeds_of_what_is_not_there_are_not_found(client: Client, consultation: Consultation) -> None:
    for path in (
        address("consultation_feed", "ici", "absente"),
        address("theme_feed", "ici", "question", "absent"),
        address("province_feed", "ici", "absente"),
    ):
        assert client.get(path).status_code == 404


def test_pages_name_their_feeds(client: Client, consultation: Consultation) -> None:
    text = client.get(address("consultation", "ici", "question")).content.decode()
    feed, theme = address("consultation_feed", "ici", "question"), consultation.themes.all()[0]
    assert text.count('type="application/atom+xml"') == 1
    assert (feed in text, address("theme_feed", "ici", "question", theme.code) in text) == (True, True)
