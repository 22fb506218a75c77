"""Coverage is a public figure: on the home page, and recounted by anyone from the open data."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from openregion.analysis.tables import safe_cell
from openregion.consultation.actions import tell_reason, withdraw_contribution
from openregion.consultation.models import Contribution
from openregion.plan.queries import coverage_of
from openregion.web import exports
from openregion.web.queries.home import by_decision
from tests.factories.chains import Chain, days_ago

pytestmark = pytest.mark.django_db
SECRET = "Marqueur-secret"


def mixed() -> Chain:
    """Make a chain with something of every state."""
    chain = Chain()
    said = chain.suggest_many(6)
    chain.answer(said[:2], "taken-up")
    chain.answer(said[1:3], "not-taken-up", ago=100)
    chain.gather(said[:3])
    chain.suggest(f"{SECRET} en attente", publish=False, reply_to="secret@example.ma")
    chain.hide(chain.suggest(f"{SECRET} caché", publish=False))
    tell_reason(chain.hide(chain.suggest(f"{SECRET} caché et dit", publish=False)), at=days_ago(5))
    chain.spam(chain.suggest(f"{SECRET} réclame", publish=False))
    withdraw_contribution(chain.suggest(f"{SECRET} retiré"), at=days_ago(3))
    return chain


def table(chain: Chain, name: str = "suggestions.csv") -> str:
    response = Client().get(f"/fr/{chain.member.slug}/{name}")
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def rows(chain: Chain) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table(chain).removeprefix("\ufeff"))))


@pytest.mark.row("O-5")
@pytest.mark.parametrize("lang", ["ar", "fr", "en", "zgh"])
def test_coverage_of_the_home_page_is_recounted_from_the_table(lang: str) -> None:
    chain = mixed()
    found = rows(chain)
    answered = sum(row["answered"] == "yes" for row in found)
    assert (answered, len(found)) == (4, 9)  # three answered, one hidden and told; spam and withdrawn left out
    counted = coverage_of(Contribution.objects.of(chain.member))
    assert (counted.answered, counted.countable) == (answered, len(found))
    home = Client().get(f"/{lang}/{chain.member.slug}/").content.decode()
    assert re.search(r'figure__number"><bdi>(\d+)', home).group(1) == str(answered * 100 // len(found))  # type: ignore[union-attr]


@pytest.mark.row("O-5")
def test_change_of_mind_counts_once_as_what_it_became() -> None:
    chain = mixed()
    assert by_decision(chain.member) == {"taken-up": 1, "not-taken-up": 2}
    decided = [row["decision"] for row in rows(chain) if row["decision"]]
    assert sorted(decided) == ["not-taken-up", "not-taken-up", "taken-up"]
    assert [row["responses"] for row in rows(chain)][:4] == ["1", "2 1", "2", ""]
    assert [row["findings"] for row in rows(chain)][:4] == ["1", "1", "1", ""]


@pytest.mark.row("L-1")
def test_table_says_no_word_of_what_is_not_published() -> None:
    chain = mixed()
    whole = table(chain) + table(chain, "suggestions.json")
    assert (SECRET in whole, "secret@example.ma" in whole) == (False, False)
    kept = {(row["state"], row["answered"]): {name for name, value in row.items() if value} for row in rows(chain)}
    bare = {"number", "state", "answered", "cycle"}
    assert [kept[state] for state in (("pending", "no"), ("hidden", "no"), ("hidden", "yes"))] == [bare, bare, bare]


def test_both_files_say_the_same_and_are_explained() -> None:
    chain = mixed()
    listed = json.loads(table(chain, "suggestions.json"))
    assert [str(row["number"]) for row in listed] == [row["number"] for row in rows(chain)]
    assert set(rows(chain)[0]) == {column.name for column in exports.COLUMNS}
    for lang in ("ar", "fr", "en", "zgh"):
        page = Client().get(f"/{lang}/{chain.member.slug}/data/").content.decode()
        assert [one.name for one in exports.COLUMNS if f">{one.name}</code>" not in page] == []
        assert f"/{lang}/{chain.member.slug}/suggestions.csv" in page


def test_example_of_the_page_gives_the_figure(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    chain = mixed()
    page = Client().get(f"/fr/{chain.member.slug}/data/").content.decode()
    example = unescape(re.search(r"<pre[^>]*>(.*?)</pre>", page, re.S).group(1))  # type: ignore[union-attr]
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"suggestions-{chain.member.slug}.csv").write_text(table(chain), encoding="utf-8")
    # The example leaves its file to Python to close, as a newcomer does.
    exec(compile(f"import warnings\nwarnings.simplefilter('ignore')\n{example}", "example", "exec"), {})
    assert capsys.readouterr().out == "4 of 9\n"


@pytest.mark.parametrize("words", ["=1+1", "+212", "-2", "@x", "\t=1", '=HYPERLINK("http://x")'])
def test_formula_somebody_wrote_is_words_in_a_spreadsheet(words: str) -> None:
    assert safe_cell(words).startswith("'")
    chain = Chain()
    chain.suggest(words)
    (row,) = rows(chain)
    assert row["idea"][0] not in "=+-@\t"
    assert json.loads(table(chain, "suggestions.json"))[0]["idea"] == words.strip()


def test_words_with_commas_lines_and_arabic_come_back_whole() -> None:
    chain = Chain()
    said = 'ماء, "نقي"\nسطر ثان; fin'
    chain.suggest(said, lang="ar")
    assert rows(chain)[0]["idea"] == said


def test_nothing_received_gives_an_empty_table() -> None:
    chain = Chain()
    assert (rows(chain), table(chain, "suggestions.json")) == ([], "[]")


def test_table_is_read_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    chain = mixed()
    with CaptureQueriesContext(connection) as asked:
        assert len(list(exports.rows_of_suggestions(chain.member))) == 9
    # Three batches; from how many voices a count shows is read once, and voices where something is published.
    assert len(asked) == 1 + 1 + 2 * 3 + 2
