"""The library of published commitments: read in, searched, shown with where each comes from."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.plan import library
from openregion.plan.imports import import_commitments
from openregion.plan.models import PolicyArea, PublishedCommitment
from openregion.record.models import JournalLine
from tests.factories.people import MemberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D4"), pytest.mark.row("O-5")]
HEAD = (
    "Commitment Unique Identifier,Country/Locality,National Or Local,Year Of Submission,Commitment Title,Full Text,"
    "Lead Institution,Open Data,Youth,Completion (Progress Report),Completion (End Of Term),Potential Impact,URL"
)
ROWS = (
    'XX0001,Inventia,National,2023,"Opening\nbudgets",Publish the budgets of the ministries as open data.,'
    "Ministry,1,0,Limited,Complete,Moderate,https://example.org/xx0001",
    "XX0002,Inventia,National,2020,Youth councils,The youth take part in the municipal council.,"
    "NA,0,1,Substantial,NR,ND,https://example.org/xx0002",
    'YY0001,"Port Inventé, Otherland",Local,2024,Datos abiertos,Los datos de la ciudad se publican en el portal.,'
    "City,1,0,ND,ND,NR,javascript:alert(1)",
)


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def run(path: Path) -> str:
    out = io.StringIO()
    call_command("import_commitments", str(path), stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()[-1]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("\n".join((HEAD, *ROWS)), encoding="utf-8")
    return path


@pytest.fixture
def shelves(table: Path) -> Path:
    import_commitments(table, at=timezone.now())
    MemberFactory(slug="ici")
    return table


def found(**asked: str) -> list[str]:
    return [line.title for line in library.shelf(library.Filters(**asked)).lines]


def test_ogp_s_table_is_read_in_whole_and_once(shared_data: Path) -> None:
    path = shared_data / "ogp" / "ogp-commitments-extract-2024-07.csv"
    assert run(path) == "read 558 · imported 558 · already there 0 · rejected 0"
    assert run(path) == "read 558 · imported 0 · already there 558 · rejected 0"
    one = PublishedCommitment.objects.get(source_id="AL0002")
    assert (one.country, one.year, one.completion, one.ambition, one.is_local) == (
        "Albania",
        2012,
        "substantial",
        "moderate",
        False,
    )
    assert len(one.raw) == 171
    assert sorted(area.code for area in one.areas.all()) == [
        "democratizing-decision-making",
        "open-parliaments",
        "regulatory-governance",
    ]
    assert PublishedCommitment.objects.filter(is_local=True).count() == 10
    assert PublishedCommitment.objects.filter(is_local=True, country="Spain").count() == 1


def test_moroccan_local_members_are_read_in_as_summaries(shared_data: Path, client: Client) -> None:
    assert run(shared_data / "ogp" / "morocco-local-plans-and-commitments.json") == (
        "read 8 · imported 8 · already there 0 · rejected 0"
    )
    one = PublishedCommitment.objects.get(source_id="MATET0003")
    assert (one.is_summary, one.is_local, one.country, one.place, one.completion) == (
        True,
        True,
        "Morocco",
        "Commune de Tétouan",
        "",
    )
    assert {area.code for area in one.areas.all()} == {"open-data", "right-to-information"}
    MemberFactory(slug="ici")
    page = client.get(address("library_commitment", "ici", one.pk, lang="en")).content.decode()
    assert "This is a summary written for this file" in page


def test_moroccan_national_commitments_are_those_of_the_table(shared_data: Path) -> None:
    run(shared_data / "ogp" / "ogp-commitments-extract-2024-07.csv")
    path = shared_data / "ogp" / "morocco-national-commitments-extract.json"
    assert run(path) == "read 16 · imported 0 · already there 16 · rejected 0"
    assert len(PublishedCommitment.objects.get(source_id="MO0012").raw) == 172


def test_a_summary_gives_way_to_the_full_text_and_not_the_other_way(tmp_path: Path, table: Path) -> None:
    path = tmp_path / "local.json"
    summary = {"id": "XX0001", "title": "Opening budgets", "problem_summary": "A summary.", "start": "2023-02"}
    path.write_text(json.dumps({"members": [], "commitments": [summary]}), encoding="utf-8")
    assert run(path).startswith("read 1 · imported 1")
    assert run(table) == "read 3 · imported 2 · already there 1 · rejected 0"
    assert PublishedCommitment.objects.get(source_id="XX0001").is_summary is False
    assert run(path) == "read 1 · imported 0 · already there 1 · rejected 0"
    assert PublishedCommitment.objects.get(source_id="XX0001").is_summary is False


def test_a_later_release_corrects_what_is_held(table: Path) -> None:
    run(table)
    table.write_text(
        table.read_text(encoding="utf-8").replace("Substantial,NR", "Substantial,Limited"), encoding="utf-8"
    )
    figures = import_commitments(table, at=timezone.now())
    assert (str(figures), figures.corrected) == ("read 3 · imported 0 · already there 3 · rejected 0", 1)
    assert PublishedCommitment.objects.get(source_id="XX0002").completion == "limited"


def test_rows_without_id_or_title_are_rejected(table: Path) -> None:
    with table.open("a", encoding="utf-8") as file:
        file.write(
            "\n,Inventia,National,2023,No id,x,NA,0,0,ND,ND,ND,NA\nXX9,Inventia,National,2023,,x,NA,0,0,ND,ND,ND,NA\n"
        )
    assert run(table) == "read 5 · imported 3 · already there 0 · rejected 2"


def test_json_that_a_database_cannot_keep_is_made_storable(tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    row = {
        "Commitment Unique Identifier": "XX1", "Commitment Title": "One\0 \ud800title", "Full Text": "Whole\udfff",
        "Na\0me": "\0", "policy_area_tags": ["You\0th"], "Year Of Submission": "99999",
    }  # fmt: skip
    summary = {
        "id": "YY1",
        "title": "Two\ud800",
        "problem_summary": "A\0b",
        "start": "2023",
        "odd": [float("nan"), {"a": "\udc00"}],
    }
    for held in ([row], {"commitments": [summary]}):
        path.write_text(json.dumps(held), encoding="utf-8")
        assert run(path) == "read 1 · imported 1 · already there 0 · rejected 0"
    one, two = PublishedCommitment.objects.order_by("source_id")
    assert (one.title, one.text, one.year) == ("One title", "Whole", None)
    assert (one.raw["Name"], one.raw["policy_area_tags"]) == ("", ["Youth"])
    assert (two.title, two.text, two.raw["odd"]) == ("Two", "Ab", [None, {"a": ""}])


@pytest.mark.parametrize("content", ["", "a;b\n1;2\n", "{}", "[1]", "{not json", "[" * 200_000])
def test_what_is_no_table_of_commitments_ends_with_two(content: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        run(path)
    assert refused.value.returncode == 2
    assert JournalLine.objects.count() == 0


def test_reading_in_is_one_line_of_the_instance_s_journal(table: Path) -> None:
    run(table)
    line = JournalLine.objects.get()
    assert (line.verb, line.member_code, line.room) == ("import_commitments", "", "plan")


def test_words_are_found_by_their_stems_and_the_last_may_be_unfinished(shelves: Path) -> None:
    assert found(q="budget") == ["Opening budgets"]
    assert found(q="Budgets OPEN dat") == ["Opening budgets"]
    assert found(q="datos ciudad") == ["Datos abiertos"]
    assert found(q="budget youth") == []
    assert found(q="  ") == ["Datos abiertos", "Opening budgets", "Youth councils"]
    assert found(q="%_") == []


def test_the_library_narrows_to_area_country_result_and_level(shelves: Path) -> None:
    assert found(area="youth") == ["Youth councils"]
    assert found(country="Otherland") == ["Datos abiertos"]
    assert found(result="complete") == ["Opening budgets"]
    assert found(result="none") == ["Datos abiertos"]
    assert found(level="local") == ["Datos abiertos"]
    assert found(area="open-data", level="national") == ["Opening budgets"]
    assert found(area="nothing-such") == []


def test_choices_count_what_they_would_leave(shelves: Path) -> None:
    page = library.shelf(library.Filters(country="Inventia"))
    assert [(one.value, one.number) for one in page.areas] == [("youth", 1), ("open-data", 1)]
    assert [(one.value, one.number, one.chosen) for one in page.countries] == [
        ("Inventia", 2, True),
        ("Otherland", 1, False),
    ]
    assert {one.value: one.number for one in page.results}["substantial"] == 1
    assert [one.number for one in page.levels] == [2, 0]


@pytest.mark.parametrize("lang", ["ar", "fr", "en", "zgh"])
def test_pages_mark_the_language_of_each_text_and_name_their_source(shelves: Path, client: Client, lang: str) -> None:
    page = client.get(address("library", "ici", lang=lang)).content.decode()
    assert 'dir="auto" lang="es">Datos abiertos' in page
    assert "Open Government Partnership, CC BY 4.0" in page
    one = PublishedCommitment.objects.get(source_id="YY0001")
    page = client.get(address("library_commitment", "ici", one.pk, lang=lang)).content.decode()
    assert 'lang="es"' in page
    assert "javascript:" not in page
    assert "Open Government Partnership, CC BY 4.0" in page


def test_pages_survive_what_is_typed_in_addresses(shelves: Path, client: Client) -> None:
    here = address("library", "ici")
    for asked in (
        "?page=x",
        "?page=999",
        "?area=%27",
        "?result=zzz",
        "?level=zzz&country=<b>",
        "?q=" + "a" * 900,
    ):
        assert client.get(here + asked).status_code == 200
    assert client.get(address("library_commitment", "ici", 10**9)).status_code == 404


def test_an_empty_library_says_how_it_is_filled(client: Client) -> None:
    MemberFactory(slug="ici")
    assert "library is empty" in client.get(address("library", "ici", lang="en")).content.decode()


def test_the_library_asks_as_much_for_one_row_as_for_thirty(client: Client, table: Path) -> None:
    MemberFactory(slug="ici")
    counts = []
    for first, last in ((0, 1), (1, 30)):
        made = [
            PublishedCommitment(
                source="ogp", source_id=f"Z{n}", place="X", country="X", title=f"Title {n}", sort_key=f"title{n:03d}",
                words=" ", imported_at=timezone.now(), year=2020,
            )
            for n in range(first, last)
        ]  # fmt: skip
        for one in PublishedCommitment.objects.bulk_create(made):
            PolicyArea.objects.create(commitment=one, code="audits")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address("library", "ici")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
