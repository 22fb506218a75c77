"""Search finds what people mean, on both databases, and nothing they can type breaks it."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openregion.analysis.normaliser import stems
from openregion.record.actions import empty_index, forget_entry, index_entry
from openregion.record.models import SearchEntry
from openregion.record.queries import how_many_hold, kinds_found, search


def page(
    uid: str, title: str, text: str = "", *, lang: str = "fr", kind: str = "stage", member: str = "membre"
) -> SearchEntry:
    return index_entry(
        member_code=member,
        lang=lang,
        kind=kind,
        subject_uid=uid,
        title=title,
        excerpt=text[:60],
        path=f"/{uid}/",
        text=text,
    )


def found(q: str, lang: str = "fr", **more: object) -> list[str]:
    return [hit.subject_uid for hit in search(q, lang=lang, member_code="membre", **more)]  # type: ignore[arg-type]


def rows_beside_the_table() -> int:
    if connection.vendor != "sqlite":
        return SearchEntry.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM record_searchfts")
        return int(cursor.fetchone()[0])


@pytest.fixture
def three_pages() -> None:
    page("diag", "Diagnostic participatif", "Les réunions thématiques, provinciales et régionales.")
    page("lance", "Lancement", "Réunion régionale de lancement ; budget de la communication.")
    page("budget", "Transparence du budget", "Les documents budgétaires publiés.")
    page("مرحلة", "التشخيص التشاركي", "تنظيم اجتماعات موضوعاتية مع الجمعيات والمدارس", lang="ar")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("q", "lang", "uids"),
    [
        ("REUNION", "fr", ["diag", "lance"]),
        ("réunions régionales", "fr", ["diag", "lance"]),
        ("reunion provinciale", "fr", ["diag"]),
        ("budg", "fr", ["budget", "lance"]),
        ("communication du budget", "fr", ["lance"]),
        ("inconnu réunion", "fr", []),
        ("مدرسة", "ar", ["مرحلة"]),
        ("الاجتماع", "ar", ["مرحلة"]),
        ("تشارك", "ar", ["مرحلة"]),
        ("مدرسة", "fr", []),
    ],
)
@pytest.mark.usefixtures("three_pages")
def test_search_finds_every_word_in_any_form(q: str, lang: str, uids: list[str]) -> None:
    assert sorted(found(q, lang)) == sorted(uids)


@pytest.mark.django_db
@pytest.mark.usefixtures("three_pages")
def test_search_puts_a_page_about_a_thing_before_one_that_mentions_it() -> None:
    assert found("budget") == ["budget", "lance"]


@pytest.mark.django_db
@pytest.mark.usefixtures("three_pages")
def test_search_is_of_one_member_and_can_be_of_one_kind() -> None:
    page("ailleurs", "Réunion", member="autre")
    page("r1", "Réunion de clôture", kind="rule")
    assert sorted(found("réunion")) == ["diag", "lance", "r1"]
    assert found("réunion", kinds=["rule"]) == ["r1"]
    assert found("réunion", kinds=[]) == []
    assert kinds_found("membre", "fr") == ("rule", "stage")


@pytest.mark.django_db
def test_search_limits_what_it_gives() -> None:
    for number in range(6):
        page(f"p{number}", "Réunion")
    assert len(found("réunion", limit=4)) == 4


@pytest.mark.django_db
@pytest.mark.usefixtures("three_pages")
@pytest.mark.parametrize(
    "q",
    ["", " ", '"', "*", "NEAR(", "a OR b", 'x" OR words:*', "réunion AND", "^", "(", "'", "a:*", "a & !b", "<->", "\\",
     "\x00", "x" * 10_000, "mot " * 2500, "%", "🙂", "réunion'); DROP TABLE record_searchentry; --"],
)  # fmt: skip
def test_search_breaks_on_nothing_typed(q: str) -> None:
    assert isinstance(found(q), list)
    assert found("diagnostic") == ["diag"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(q=st.text(max_size=40))
@pytest.mark.django_db
def test_search_answers_any_text(q: str) -> None:
    assert search(q, lang="fr", member_code="membre") == []


@pytest.mark.django_db
def test_indexing_again_replaces() -> None:
    first = page("a", "Ancien titre")
    second = page("a", "Nouveau titre")
    assert (first.pk, SearchEntry.objects.count(), rows_beside_the_table()) == (second.pk, 1, 1)
    assert (found("ancien"), found("nouveau")) == ([], ["a"])


@pytest.mark.django_db
def test_forgetting_takes_a_page_out_in_one_language_or_all() -> None:
    page("a", "Réunion")
    page("a", "Meeting", lang="en")
    page("b", "Réunion")
    assert forget_entry(member_code="membre", kind="stage", subject_uid="a", lang="en") == 1
    assert forget_entry(member_code="membre", kind="stage", subject_uid="a") == 1
    assert (found("réunion"), rows_beside_the_table()) == (["b"], 1)


@pytest.mark.django_db
def test_emptying_leaves_other_members() -> None:
    page("a", "Réunion")
    page("b", "Réunion", member="autre")
    assert empty_index("membre") == 1
    assert (found("réunion"), rows_beside_the_table()) == ([], 1)


@pytest.mark.django_db
@pytest.mark.row("D2")
def test_stems_are_counted_alike_before_and_after_the_database_has_its_own_statistics() -> None:
    for n in range(30):
        page(f"p{n}", "Piste" if n < 3 else "Fontaine", "Un village")
    asked = [stems(word, "fr") for word in ("village", "piste", "fontaine", "autobus")]
    village, road, fountain, bus = (one[0] for one in asked)
    expected = {village: 20, road: 3, fountain: 20, bus: 0}
    assert how_many_hold([village, road, fountain, bus], most=20) == expected
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE record_searchentry")
    assert how_many_hold([village, road, fountain, bus], most=20) == expected
