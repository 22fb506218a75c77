"""The census of 2024: who lives in a place, to compare with who takes part. Haut-Commissariat au Plan, RGPH 2024."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent / "territory" / "census_2024.csv"
# The bands that people are asked for, from the census' own bands of five years.
BANDS: dict[str, tuple[str, ...]] = {
    "15-24": ("15_19", "20_24"),
    "25-34": ("25_29", "30_34"),
    "35-44": ("35_39", "40_44"),
    "45-59": ("45_49", "50_54", "55_59"),
    "60+": ("60_64", "65_69", "70_74", "75_plus"),
}


@dataclass(frozen=True)
class Inhabitants:
    """Who lives in a place or in several: people, and shares between 0 and 1; ages among those over fifteen."""

    people: int
    women: float
    urban: float
    disability: float
    ages: Mapping[str, float]


def inhabitants_of(codes: Iterable[str]) -> Inhabitants | None:
    """Say who lives in these provinces together; nothing when the census does not know one of them."""
    rows = [_rows().get(code) for code in codes]
    known = [row for row in rows if row is not None]
    if not known or len(known) < len(rows):
        return None
    people = sum(int(row["population_2024"]) for row in known)

    def share(column: str) -> float:
        return sum(int(row["population_2024"]) * float(row[column] or 0) for row in known) / people / 100

    ages = {band: sum(share(f"age_{years}") for years in parts) for band, parts in BANDS.items()}
    adults = sum(ages.values())
    return Inhabitants(
        people=people,
        women=share("sex_female"),
        urban=share("urban_share"),
        disability=share("disability_prevalence"),
        ages={band: part / adults for band, part in ages.items()},
    )


@cache
def _rows() -> Mapping[str, Mapping[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file) if row["code"]}
