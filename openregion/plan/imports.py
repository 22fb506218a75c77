"""Published commitments read into the library: OGP's own table, and files made in its likeness.

The library belongs to the instance, not to a member. What a table says of a
commitment may be corrected by a later release; what is held is then brought up
to date, and a summary gives way to the full text when it comes.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from openregion.analysis import tables
from openregion.analysis.normaliser import plain, stems
from openregion.core.safe import clean_text
from openregion.plan import actions
from openregion.plan.models import PolicyArea, PublishedCommitment
from openregion.plan.queries import policy_areas

AT_ONCE = 200
SOURCE = "ogp"
_WORD = re.compile(r"[^\W_]+")
_UNKEPT = re.compile("[\0\ud800-\udfff]")
# What OGP's table writes where it says nothing: not applicable, no data, not reviewed.
_NOTHING = {"", "na", "nd", "nr", "n/a", "none"}
_RESULTS = {
    "complete": "complete",
    "completed": "complete",
    "substantial": "substantial",
    "limited": "limited",
    "not started": "not-started",
    "unclear": "unclear",
    "withdrawn": "withdrawn",
}
_AMBITION = {
    "transformative": "transformative",
    "moderate": "moderate",
    "minor": "minor",
    "none": "none",
    "substantial": "substantial",
    "modest": "modest",
    "unclear": "unclear",
}
_EARLY = {
    "outstanding": "outstanding",
    "major": "major",
    "significant": "significant",
    "moderate": "moderate",
    "marginal": "marginal",
    "did not change": "no-change",
    "worsens": "worsens",
    "no notable results": "none-yet",
    "no early results to report yet": "none-yet",
}


class Unreadable(ValueError):
    """The file is none that the library can read; the message says why, in English."""


@dataclass(frozen=True)
class Entry:
    """A published commitment as a file gives it."""

    source_id: str
    place: str
    country: str
    title: str
    is_local: bool = False
    year: int | None = None
    text: str = ""
    is_summary: bool = False
    completion: str = ""
    ambition: str = ""
    early_results: str = ""
    raw: dict[str, Any] = field(default_factory=dict)
    areas: tuple[str, ...] = ()


@dataclass
class Figures:
    """What a reading gave; ``corrected`` are those already there that the file says otherwise."""

    read: int = 0
    imported: int = 0
    known: int = 0
    rejected: int = 0
    corrected: int = 0

    def __str__(self) -> str:
        return f"read {self.read} · imported {self.imported} · already there {self.known} · rejected {self.rejected}"


def import_commitments(path: Path, *, at: dt.datetime) -> Figures:
    """Read a file of published commitments into the library, two hundred in a transaction, under one line.

    OGP's table as CSV or as a JSON list of its rows, or the file of Moroccan
    local members. Raises ``Unreadable`` for anything else, ``OSError``.
    """
    entries, figures = _entries(path), Figures()
    batch = list(islice(entries, AT_ONCE))
    if not batch:
        raise Unreadable("This file holds no commitment.")
    actions.import_commitments(source=SOURCE, at=at)
    while batch:
        _keep(batch, figures, at)
        batch = list(islice(entries, AT_ONCE))
    return figures


@transaction.atomic
def _keep(batch: Sequence[Entry], figures: Figures, at: dt.datetime) -> None:
    figures.read += len(batch)
    sound = {entry.source_id: entry for entry in batch if entry.source_id and entry.title}
    held = {
        one.source_id: one
        for one in PublishedCommitment.objects.filter(source=SOURCE, source_id__in=sound).prefetch_related("areas")
    }
    nameless = sum(not (entry.source_id and entry.title) for entry in batch)
    figures.rejected += nameless
    figures.known += len(batch) - len(sound) - nameless  # the same row twice in the file
    for entry in sound.values():
        columns, before = _columns(entry), held.get(entry.source_id)
        figures.imported, figures.known = figures.imported + (before is None), figures.known + (before is not None)
        if before is not None:
            if entry.is_summary and not before.is_summary:
                continue  # the full text is better than a summary of it
            # An extract of the table leaves out columns: what they said stays.
            columns["raw"] = columns["raw"] if before.is_summary else {**before.raw, **columns["raw"]}
            areas = {area.code for area in before.areas.all()}
            if columns.items() <= vars(before).items() and areas == set(entry.areas):
                continue
            figures.corrected += 1
        kept, _created = PublishedCommitment.objects.update_or_create(
            source=SOURCE, source_id=entry.source_id, defaults={**columns, "imported_at": at}
        )
        kept.areas.all().delete()
        PolicyArea.objects.bulk_create(PolicyArea(commitment=kept, code=code) for code in entry.areas)


def _columns(entry: Entry) -> dict[str, Any]:
    """Give the columns of a commitment, its words comparable and its place in an order that databases share."""
    given = {name: value for name, value in asdict(entry).items() if name not in ("areas", "source_id")}
    words = stems(f"{entry.title} {entry.place} {entry.text}", "en")
    return {
        **given,
        # Letters and digits alone: PostgreSQL and SQLite disagree on where spaces and signs come.
        "sort_key": "".join(_WORD.findall(plain(entry.title)))[:200],
        "words": f" {' '.join(dict.fromkeys(words))} ",
    }


def _entries(path: Path) -> Iterator[Entry]:
    with path.open("rb") as file:
        begins = file.read(200).lstrip(b"\xef\xbb\xbf \r\n\t")
        if begins[:1] in (b"{", b"["):
            file.seek(0)
            try:
                held = _storable(json.load(file))
            except (ValueError, RecursionError) as error:
                raise Unreadable("This file begins like JSON and cannot be read as such.") from error
            yield from _of_json(held)
            return
        try:
            shape = tables.shape_of(file)
        except tables.NotATable as error:
            raise Unreadable(f"This file is no table of commitments ({error.kind}).") from error
        if "Commitment Unique Identifier" not in shape.names:
            raise Unreadable("This table is not OGP's: it has no column “Commitment Unique Identifier”.")
        for row in tables.rows_of(file, shape):
            yield _of_ogp(dict(zip(shape.names, row.cells, strict=True)) if row.cells else {})


def _storable(held: Any) -> Any:
    """Leave out what JSON can write and a database cannot keep: NUL, halves of letters, numbers that are none."""
    if isinstance(held, str):
        return _UNKEPT.sub("", held)
    if isinstance(held, list):
        return [_storable(one) for one in held]
    if isinstance(held, dict):
        return {_storable(name): _storable(one) for name, one in held.items()}
    return None if isinstance(held, float) and not math.isfinite(held) else held


def _of_json(held: Any) -> Iterator[Entry]:
    if isinstance(held, list) and all(isinstance(row, dict) for row in held):
        yield from (_of_ogp(row) for row in held)
    elif isinstance(held, dict) and isinstance(held.get("commitments"), list):
        members = {one["id_prefix"]: one["name"] for one in held.get("members", ()) if one.get("id_prefix")}
        yield from (_of_summary(row, members) for row in held["commitments"])
    else:
        raise Unreadable("This JSON is neither a list of OGP's rows nor a file with “commitments”.")


def _of_ogp(row: Mapping[str, Any]) -> Entry:
    def cell(name: str) -> str:
        return clean_text(str(row.get(name, "")))

    place = cell("Country/Locality")
    local = "local" in cell("National Or Local").casefold()
    listed = row.get("policy_area_tags")
    areas = listed if isinstance(listed, list) else [name for name in row if str(row[name]).strip() == "1"]
    year = cell("Year Of Submission")
    return Entry(
        source_id=cell("Commitment Unique Identifier"),
        place=place,
        country=place.rsplit(", ", 1)[-1] if local else place,
        is_local=local,
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        title=" ".join(cell("Commitment Title").split()) or " ".join(cell("Short Title").split()),
        text=_said(cell("Full Text")),
        completion=_first(_RESULTS, cell("Completion (End Of Term)"), cell("Completion (Progress Report)")),
        ambition=_first(_AMBITION, cell("Potential Impact"), cell("Potential for Results")),
        early_results=_first(_EARLY, cell("Early Results"), cell("Did It Open Government (Overall)")),
        raw={str(name): value if isinstance(value, list) else str(value) for name, value in row.items()},
        areas=_areas(areas),
    )


def _of_summary(row: Mapping[str, Any], members: Mapping[str, str]) -> Entry:
    code = clean_text(str(row.get("id", "")))
    place = next((name for prefix, name in members.items() if code.startswith(prefix)), "")
    parts = [row.get(name) for name in ("problem_summary", "status_quo_summary", "action_summary")]
    began = str(row.get("start") or "")[:4]
    return Entry(
        source_id=code,
        place=place or "Morocco",
        country="Morocco",
        is_local=True,
        year=int(began) if began.isdecimal() else None,
        title=" ".join(clean_text(str(row.get("title", ""))).split()),
        text="\n\n".join(clean_text(part) for part in parts if part),
        is_summary=True,
        raw=dict(row),
        areas=_areas(row.get("policy_areas") or ()),
    )


def _areas(names: Sequence[str]) -> tuple[str, ...]:
    known = {name.casefold(): code for code, name in ((one.code, one.name.in_("en")) for one in policy_areas())}
    return tuple(dict.fromkeys(known[name.casefold()] for name in names if name.casefold() in known))


def _said(text: str) -> str:
    return "" if text.casefold() in _NOTHING else text


def _first(codes: Mapping[str, str], *values: str) -> str:
    """Give the code of the first value that is one."""
    return next((codes[value.casefold()] for value in values if value.casefold() in codes), "")
