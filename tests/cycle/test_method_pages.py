"""The method as a calm book: every page in every language, what each says, and what it asks of the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override
from lxml import html

from openregion.core import dates, languages
from openregion.guide import queries as guides
from openregion.guide.schema import Guide
from openregion.people.models import Member
from tests.cycle.overrides import overridden
from tests.factories.people import MemberFactory

VERSION = "ma-region-2021"
pytestmark = pytest.mark.django_db
PLAIN = ("", "_programme", "_values", "_criteria", "_directives", "_actors", "_rules", "_today", "_bodies")
PLAIN += ("_references", "_search", "_versions")


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="membre")


@pytest.fixture(scope="module")
def book() -> Guide:
    return guides.guide(VERSION)


def address(name: str, *codes: str, lang: str = "fr") -> str:
    with override(lang):
        return reverse(f"method{name}", args=["membre", *codes])


def every_address(book: Guide, lang: str) -> Iterator[str]:
    yield from (address(name, lang=lang) for name in PLAIN)
    yield from (address("_stage", one.code, lang=lang) for one in book.stages)
    yield from (address("_actor", one.code, lang=lang) for one in book.actors)
    yield from (address("_form", one.code, lang=lang) for one in book.forms)
    yield from (address("_rule", one.code, lang=lang) for one in book.rules[::9])
    yield address("_comparison", VERSION, VERSION, lang=lang)


def page(path: str) -> Any:
    response = Client().get(path)
    assert response.status_code == 200, path
    return html.fromstring(response.content.decode())


def read(element: Any) -> str:
    return " ".join(element.text_content().split())


def articles(path: str) -> Any:
    return page(path).xpath("//article")[0]


@pytest.mark.row("A1")
@pytest.mark.row("L-3")
@pytest.mark.parametrize("lang", languages.CODES)
def test_every_page_of_the_book_answers_in_its_language(member: Member, book: Guide, lang: str) -> None:
    for path in every_address(book, lang):
        whole = page(path)
        body = whole.xpath("//body")[0]
        assert (whole.get("lang"), whole.get("dir")) == (lang, languages.direction(lang)), path
        assert body.get("lang") == languages.body_lang(lang), path
        assert len(whole.xpath("//h1")) == 1, path
        identifiers = whole.xpath("//@id")
        assert len(identifiers) == len(set(identifiers)), path


@pytest.mark.parametrize("name", ["_stage", "_actor", "_form", "_rule"])
def test_what_the_guide_does_not_hold_is_not_found(member: Member, name: str) -> None:
    assert Client().get(address(name, "nothing")).status_code == 404
    assert Client().get(address("_comparison", VERSION, "nothing")).status_code == 404


def test_every_link_within_the_book_leads_to_a_passage(member: Member, book: Guide) -> None:
    pages = {path: page(path) for path in every_address(book, "fr")}
    anchors = {path: set(whole.xpath("//@id")) for path, whole in pages.items()}
    for path, whole in pages.items():
        for link in whole.xpath("//article//a/@href"):
            target, _, anchor = link.partition("#")
            target = target or path
            if anchor and target in anchors:
                assert anchor in anchors[target], f"{path} links to {link}"


@pytest.mark.row("A1")
def test_programme_gives_its_dated_facts_with_their_source(member: Member, book: Guide) -> None:
    shown = articles(address("_programme"))
    rows = [[read(cell) for cell in row.xpath("./*")] for row in shown.xpath("//section[@id='facts']//tbody/tr")]
    assert [(row[1], row[2]) for row in rows] == [
        (dates.partly_known(fact.dated, "fr"), fact.source) for fact in book.book.facts
    ]
    assert rows[0][1] == "2011"
    assert "octobre 2020" in [row[1] for row in rows]
    for reason in book.book.reasons:
        assert reason.text.fr in read(shown)


@pytest.mark.row("C9")
def test_values_stand_side_by_side_with_one_mapping(member: Member, book: Guide) -> None:
    shown = articles(address("_values", lang="en"))
    rows = [[read(cell) for cell in row.xpath("./*")] for row in shown.xpath("//section[@id='mapping']//tbody/tr")]
    assert [row[0] for row in rows] == [one.text.en for one in book.book.value_lists[3].items]
    assert rows[2][1:] == [
        "Integrity and the fight against corruption;",
        "Responsibility and accountability;",
        "relevant to public accountability",
    ]
    assert len(shown.xpath(".//div[@class='card']//h3")) == 4


@pytest.mark.row("A2")
@pytest.mark.row("A3")
def test_criteria_are_three_and_nine(member: Member) -> None:
    shown = articles(address("_criteria"))
    assert [len(shown.xpath(f"//section[@id='{one}']/ol/li")) for one in ("eligibility", "admissibility")] == [3, 9]


@pytest.mark.row("C1")
@pytest.mark.row("C8")
def test_directives_name_the_check_that_watches_each(member: Member) -> None:
    rows = articles(address("_directives")).xpath(".//tbody/tr/td[2]")
    assert [read(cell) for cell in rows] == [f"C{number}" for number in range(1, 9)]


@pytest.mark.row("B1")
@pytest.mark.row("D8")
@pytest.mark.parametrize("code", ["candidacy-1", "candidacy-3", "plan-4"])
def test_stage_shows_each_procedure_with_its_lines(member: Member, book: Guide, code: str) -> None:
    shown = articles(address("_stage", code))
    stage = guides.stage(book, code)
    assert stage is not None
    for procedure in stage.procedures:
        for line in (*procedure.stakeholders, *procedure.objectives, *procedure.operations, *procedure.references):
            (found,) = shown.xpath(f"//li[@id='{line.code}']")
            assert read(found).startswith(" ".join(line.text.fr.split()))
        for line in procedure.stakeholders:
            linked = shown.xpath(f"//li[@id='{line.code}']//a/@href")
            assert linked == [address("_actor", actor) for actor in line.actors]


@pytest.mark.row("B3")
def test_stage_without_objectives_says_that_none_is_invented(member: Member) -> None:
    assert "The guide states no objective here" in read(articles(address("_stage", "candidacy-3", lang="en")))


def test_official_french_is_at_hand_in_the_other_languages(member: Member, book: Guide) -> None:
    first = book.stages[0].procedures[0].operations[0].text
    for lang in ("ar", "en"):
        shown = articles(address("_stage", "candidacy-1", lang=lang))
        official = shown.xpath(".//details//ol[@lang='fr'][@dir='ltr']/li[1]")
        assert read(official[0]) == first.fr
        assert first.in_(lang) in read(shown)
    assert articles(address("_stage", "candidacy-1")).xpath(".//details") == []


@pytest.mark.row("GUIDE")
def test_actor_page_says_what_is_asked_and_when(member: Member, book: Guide) -> None:
    shown = articles(address("_actor", "regional-media"))
    (section,) = shown.xpath("./section[h2/a]")
    assert section.xpath("./h2/a/@href") == [address("_stage", "plan-2") + "#diagnosis"]
    stage = guides.stage(book, "plan-2")
    assert stage is not None
    asked = [" ".join(one.text.split()) for one in section.xpath("./ol/li")]
    assert asked == [" ".join(operation.text.fr.split()) for operation in stage.procedures[0].operations]


def test_actor_no_table_names_is_told_where_to_look(member: Member) -> None:
    shown = articles(address("_actor", "wali", lang="en"))
    assert "No table of the guide names you among its stakeholders" in read(shown)


@pytest.mark.row("D5")
def test_form_shows_every_question_as_printed_and_what_it_feeds(member: Member, book: Guide) -> None:
    form = guides.form(book, "annex-2")
    assert form is not None
    shown = articles(address("_form", "annex-2"))
    for group in form.groups:
        for question in group.questions:
            (card,) = shown.xpath(f"//div[@id='{question.code}']")
            assert " ".join(question.label.fr.split()) in read(card.xpath("./h3")[0])
    assert "engagement commitment.problem" in read(shown.xpath("//div[@id='problem']")[0])


@pytest.mark.row("GUIDE")
def test_rule_gives_value_unit_source_confidence_and_date(member: Member) -> None:
    shown = read(articles(address("_rule", "information-request-answer", lang="en")))
    assert "20 working days" in shown
    for words in ("The law says so", "31-13, art. 16", "https://www.cdai.ma/fr/faq", "12 March 2019", "Verified"):
        assert words in shown
    bands = articles(address("_rule", "petition-signatures", lang="en")).xpath(".//p[@class='lead']")
    assert [read(one).replace("\u202f", " ") for one in bands] == [
        "300 signatures below 1 000 000 inhabitants",
        "400 signatures up to 3 000 000 inhabitants",
        "500 signatures beyond 3 000 000 inhabitants",
    ]


@pytest.mark.row("O-2")
def test_today_sets_thirteen_differences_beside_the_guide(member: Member) -> None:
    shown = articles(address("_today"))
    assert shown.xpath("./section/@id") == [f"g{number}" for number in range(1, 14)]


@pytest.mark.row("O-3")
def test_bodies_are_kept_apart(member: Member, book: Guide) -> None:
    shown = articles(address("_bodies", lang="en"))
    assert shown.xpath("./section/@id") == [body.code for body in book.book.bodies]
    group = guides.body_kind(book, "follow-up-group")
    assert group is not None
    assert f"Never the same as: {group.title.en}." in read(shown.xpath("//section[@id='monitoring-body']")[0])


def test_versions_page_teaches_when_there_is_one(member: Member) -> None:
    shown = read(articles(address("_versions", lang="en")))
    assert guides.fingerprint(VERSION) in shown
    assert "Only one version is kept here" in shown


def test_data_is_downloadable_with_its_schema(member: Member, book: Guide) -> None:
    data = Client().get(address("_json"))
    assert data["Content-Disposition"] == f'attachment; filename="{VERSION}.json"'
    assert data.content.decode() == guides.canonical_json(VERSION)
    assert json.loads(Client().get(address("_schema")).content)["title"] == "Guide"
    table = Client().get(address("_operations_csv")).content.decode("utf-8-sig").splitlines()
    assert table[0] == "part,stage,procedure,number,operation,fr,ar,en,place,proved_by,forms"
    assert sum(line.startswith(("candidacy,", "plan,")) for line in table) == 55


@pytest.mark.parametrize(
    ("name", "codes"),
    [("_rules", ()), ("_rule", ("council-majority",)), ("_stage", ("plan-2",)), ("_actors", ()), ("_references", ())],
)
def test_pages_ask_as_much_for_one_row_as_for_thirty(member: Member, name: str, codes: tuple[str, ...]) -> None:
    overridden(member, "council-majority", 0.6)
    path = address(name, *codes)
    Client().get(path)  # the guide is read once for each process

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert Client().get(path, headers={"HX-Request": "true"}).status_code == 200
        return len(asked)

    one = questions()
    for number in range(29):
        overridden(member, "council-majority", 0.6 + number / 100)
    assert questions() == one


def test_pages_escape_what_is_searched(member: Member) -> None:
    response = Client().get(address("_search"), {"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in response.content.decode()
    assert escape("<script>") in response.content.decode()
