"""The list of published suggestions: read by key, narrowed, at the same cost whatever there is; found by search."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from openregion.consultation.actions import place_suggestion, withdraw_contribution
from openregion.consultation.models import Contribution, Suggestion, Theme
from openregion.people.models import Territory
from openregion.record.models import SearchEntry
from openregion.web.actions import index_again
from openregion.web.queries import suggestions as listings
from tests.factories.chains import Chain, days_ago
from tests.factories.people import TerritoryFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ["ar", "fr", "en", "zgh"]


def listed(chain: Chain, query: str = "", lang: str = "fr") -> str:
    response = Client().get(f"/{lang}/{chain.member.slug}/suggestions/{query}")
    assert response.status_code == 200
    return response.content.decode()


def numbers(chain: Chain, query: str = "") -> list[int]:
    """Give the public numbers that a page lists, in its order."""
    shown = listed(chain, query)
    return [int(one) for one in re.findall(rf'<a href="/fr/{chain.member.slug}/suggestions/(\d+)/"', shown)]


def many(chain: Chain, count: int, **more: Any) -> list[Contribution]:
    """Write published suggestions as the deeds leave them, quickly."""
    last = Contribution.objects.of(chain.member).order_by("-number").values_list("number", flat=True).first() or 0
    rows = Contribution.objects.bulk_create(
        Contribution(
            member=chain.member, consultation=chain.consultation, number=last + n + 1, words={"idea": f"Idée {n}"},
            lang="fr", channel="online", received_at=days_ago(100), moderation="published", moderated_at=days_ago(99),
        )
        for n in range(count)
    )  # fmt: skip
    Suggestion.objects.bulk_create(Suggestion(contribution=one, **more) for one in rows)
    return rows


def test_list_shows_published_ones_only_the_latest_first() -> None:
    chain = Chain()
    first, second = chain.suggest("Première"), chain.suggest("Deuxième")
    chain.suggest("Pas encore lue", publish=False)
    chain.hide(chain.suggest("Cachée", publish=False))
    withdraw_contribution(chain.suggest("Retirée"), at=days_ago(2))
    Chain().suggest("Ailleurs")
    assert numbers(chain) == [second.number, first.number]
    shown = listed(chain)
    assert [word for word in ("Pas encore lue", "Cachée", "Retirée", "Ailleurs") if word in shown] == []


def test_list_is_read_from_one_end_by_key() -> None:
    chain = Chain()
    many(chain, 65)
    seen, query = numbers(chain), ""
    for _ in range(2):
        query = re.search(r'rel="next" href="(\?before=\d+)"', listed(chain, query)).group(1)  # type: ignore[union-attr]
        seen += numbers(chain, query)
    assert seen == list(range(65, 0, -1))
    assert 'rel="next"' not in listed(chain, query)


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=-4", "?before=99999999999999999999", "?theme=nothing", "?province=<script>",
              "?answer=<script>", "?theme=question.%F0%9F"],
)  # fmt: skip
def test_list_answers_whatever_is_asked(query: str) -> None:
    chain = Chain()
    chain.suggest()
    assert "<script>" not in listed(chain, query)


def test_list_is_narrowed_by_what_became_of_it() -> None:
    chain = Chain()
    waits, taken, changed = chain.suggest_many(3)
    chain.answer([taken, changed], "taken-up")
    chain.answer([changed], "out-of-scope", ago=100)
    found = {code: numbers(chain, f"?answer={code}") for code in ("waiting", "answered", "taken-up", "out-of-scope")}
    assert found == {
        "waiting": [waits.number],
        "answered": [changed.number, taken.number],
        "taken-up": [taken.number],
        "out-of-scope": [changed.number],
    }
    assert numbers(chain, "?answer=nothing") == []


def test_list_is_narrowed_by_consultation_theme_and_province() -> None:
    chain = Chain()
    region = chain.authority.territory
    here, there = (TerritoryFactory(province=True, parent=region) for _ in range(2))
    water = Theme.objects.get(consultation=chain.consultation, code="eau")
    one = chain.suggest(theme=water, province=here)
    two = chain.suggest(province=there)
    other = chain.suggest(consultation=chain.ask("autre"))
    assert numbers(chain, "?theme=question.eau") == [one.number]
    assert numbers(chain, f"?province={there.code}") == [two.number]
    assert numbers(chain, "?consultation=autre") == [other.number]
    assert numbers(chain, "?consultation=question") == [two.number, one.number]
    assert numbers(chain, f"?theme=question.eau&province={there.code}") == []
    assert numbers(chain, f"?theme=question.eau&province={here.code}&answer=waiting") == [one.number]
    assert 'value="question.eau" selected' in listed(chain, "?theme=question.eau")


def test_list_stops_looking_and_offers_to_look_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "LOOKED_THROUGH", 40)
    chain = Chain()
    region = chain.authority.territory
    here = TerritoryFactory(province=True, parent=region)
    answered = many(chain, 1)[0]
    chain.answer([answered])
    many(chain, 60, province=here)
    Suggestion.objects.filter(contribution=answered).update(province=here)
    query = f"?province={here.code}&answer=answered"
    first = listed(chain, query)
    assert (numbers(chain, query), 'rel="next"' in first) == ([], True)
    further = re.search(r'rel="next" href="(\?[^"]+)"', first).group(1).replace("&amp;", "&")  # type: ignore[union-attr]
    assert numbers(chain, further) == [answered.number]


@pytest.mark.parametrize("query", ["", "?answer=waiting", "?theme=question.eau", "?consultation=question"])
def test_list_asks_as_much_for_one_row_as_for_thirty(query: str) -> None:
    counts = []
    for rows in (1, 30):
        chain = Chain()
        water = Theme.objects.get(consultation=chain.consultation, code="eau")
        many(chain, rows, theme=water)
        address = f"/fr/{chain.member.slug}/suggestions/{query or '?uncached'}"
        Client().get(address)
        with CaptureQueriesContext(connection) as asked:
            Client().get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("query", ["", "?before=500000", "?answer=waiting", "?theme=question.eau", "?answer=taken-up"])
def test_list_reads_along_an_index_and_sorts_nothing_of_any_length(query: str) -> None:
    """Only what was looked through (1,000 keys) may be sorted; what leads to it is read in order."""
    if connection.vendor != "sqlite":
        pytest.skip("the plan is read in SQLite's words")
    chain = Chain()
    many(chain, 3)
    Client().get(f"/fr/{chain.member.slug}/suggestions/?warm")
    with CaptureQueriesContext(connection) as asked:
        Client().get(f"/fr/{chain.member.slug}/suggestions/{query or '?uncached'}")
    for one in asked:
        sql = one["sql"]
        if "consultation_contribution" not in sql and "coveredcontribution" not in sql:
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql)
            plan = [row[3] for row in cursor.fetchall()]
        among_few = " IN (" in sql and "COUNT" not in sql
        scans = [step for step in plan if step.startswith("SCAN")]
        sorts = [step for step in plan if "TEMP B-TREE FOR ORDER BY" in step and "SUBQUERY" not in step]
        assert scans == [], (sql[:200], plan)
        # The latest of a suggestion's own answers is sorted: there are one or two.
        assert len(sorts) <= (2 if among_few else 1), (sql[:200], plan)
        assert "OFFSET" not in sql
        assert "COUNT(*)" not in sql


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rows_keep_their_language_and_direction_and_say_what_became_of_them(lang: str) -> None:
    chain = Chain()
    chain.suggest("بغينا الماء", lang="ary")
    chain.answer([chain.suggest("De l'eau")], "out-of-scope")
    shown = listed(chain, lang=lang)
    assert 'lang="ar-MA" dir="rtl">بغينا الماء</a>' in shown
    assert 'lang="fr" dir="ltr">De l&#x27;eau</a>' in shown
    assert shown.count('class="badge badge--') == 2


def test_bare_list_is_kept_for_visitors_and_a_narrowed_one_is_not(django_assert_num_queries: Any) -> None:
    chain = Chain()
    chain.suggest()
    listed(chain)
    with django_assert_num_queries(1):
        listed(chain)
    chain.suggest("Nouvelle")
    assert "Nouvelle" in listed(chain)


def test_empty_list_teaches() -> None:
    chain = Chain()
    assert f"/fr/{chain.member.slug}/consultations/" in listed(chain)


@pytest.mark.row("D2")
def test_search_finds_suggestions_whatever_language_the_page_is_in() -> None:
    chain = Chain()
    arabic = chain.suggest("بناء قنطرة على الوادي", lang="ar")
    french = chain.suggest("Construire un pont", lang="fr")
    address = f"/fr/{chain.member.slug}/search/"
    found = Client().get(address, {"q": "قنطرة", "kind": "suggestion"}).content.decode()
    assert f'/fr/{chain.member.slug}/suggestions/{arabic.number}/" lang="ar" dir="rtl"' in found
    found = Client().get(f"/ar/{chain.member.slug}/search/", {"q": "pont"}).content.decode()
    assert f"/ar/{chain.member.slug}/suggestions/{french.number}/" in found
    assert 'value="suggestion"' in found


def everything() -> list[tuple[object, ...]]:
    columns = ("member_code", "lang", "kind", "subject_uid", "title", "excerpt", "path", "words")
    return sorted(SearchEntry.objects.values_list(*columns))


def test_index_after_the_deeds_is_what_a_rebuild_gives() -> None:
    chain = Chain()
    index_again(chain.member)  # the method and the bodies
    said = [chain.suggest("بناء قنطرة", lang="ar"), *chain.suggest_many(3)]
    finding = chain.gather(said[:2])
    chain.gather(said[2:], publish=False)
    answer = chain.answer(said, finding=finding)
    chain.promise(finding, answer)
    chain.publish()
    chain.hide(said[3])
    withdraw_contribution(said[2], at=days_ago(1))
    place_suggestion(said[1], theme=None, province=None, lang="en", by=chain.by, at=days_ago(1))
    # What a body is called is indexed when it is set up; the factory that made one here is no deed.
    after = [one for one in everything() if one[2] != "body"]
    index_again(chain.member)
    assert [one for one in everything() if one[2] != "body"] == after
    kinds = {one[2] for one in after}
    assert {"consultation", "suggestion", "finding", "response", "plan", "commitment"} <= kinds
    assert Territory.objects.exists()
