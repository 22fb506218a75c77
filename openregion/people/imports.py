"""Reads the Moroccan extract kept in ``territory/``: names, codes, census figures, boundaries."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from openregion.people.models import Territory

FOLDER = Path(__file__).resolve().parent / "territory"


@dataclass(frozen=True)
class Counts:
    """What a reading of the extract found and did."""

    read: int
    added: int
    corrected: int
    already_there: int

    def __str__(self) -> str:
        corrected = f" · corrected {self.corrected}" if self.corrected else ""
        return f"read {self.read} · added {self.added}{corrected} · already there {self.already_there}"


@transaction.atomic
def load_territory(folder: Path = FOLDER, *, invented: bool = False) -> Counts:
    """Load the twelve Regions and their prefectures and provinces; a second time changes nothing.

    A name or figure that a newer release corrects is corrected here too: it is
    public reference data, and no deed of anybody's.
    """
    known = {place.code: place for place in Territory.objects.all()}
    added = corrected = 0
    read = [*_rows(folder, "regions"), *_rows(folder, "provinces")]
    for row in read:
        parent = known.get(row.pop("region_code", ""))
        wanted = {**row, "parent_id": parent.pk if parent else None, "invented": invented}
        place = known.get(row["code"])
        if place is None:
            known[row["code"]] = Territory.objects.create(**wanted)
            added += 1
        elif changed := [name for name, value in wanted.items() if getattr(place, name) != value]:
            for name in changed:
                setattr(place, name, wanted[name])
            place.save(update_fields=[name.removesuffix("_id") for name in changed])
            corrected += 1
    return Counts(len(read), added, corrected, len(read) - added - corrected)


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    shapes = json.loads((folder / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    boundaries = {shape["properties"]["code"]: shape["geometry"] for shape in shapes}
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return [
            {
                "code": row["code"],
                "region_code": row.get("region_code", ""),
                "level": name.removesuffix("s"),
                "type": row.get("type", "region"),
                "name_fr": row["name_fr"],
                "name_ar": row["name_ar"],
                "population_2014": int(row["population_2014"]) if row["population_2014"] else None,
                "population_2024": int(row["population_2024"]) if row["population_2024"] else None,
                "boundary": boundaries.get(row["code"]),
            }
            for row in csv.DictReader(lines)
        ]
