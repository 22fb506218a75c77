"""Counting who took part, as it may be published: groups of which none is small, in tables that stand side by side.

Each table is of those who answered its question. How many answered is always
told, unless they are few: to pass over a question is no group of people.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from openregion.analysis.crossed import crossed
from openregion.analysis.disclosure import Shown, shown_cells
from openregion.consultation.queries.words import CHANNELS
from openregion.people.census import BANDS

GENDERS: dict[str, Promise] = {"woman": gettext_lazy("A woman"), "man": gettext_lazy("A man")}
AGES: dict[str, Promise | str] = {
    **{band: band.replace("-", "–") for band in BANDS if band != "60+"},
    "60+": gettext_lazy("60 and over"),
}
AREAS: dict[str, Promise] = {"urban": gettext_lazy("In town"), "rural": gettext_lazy("In the country")}
DISABILITIES: dict[str, Promise] = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
ORGANISATIONS: dict[str, Promise] = {
    "none": gettext_lazy("For myself"),
    "association": gettext_lazy("For an association"),
    "cooperative": gettext_lazy("For a cooperative"),
    "company": gettext_lazy("For a company"),
    "university": gettext_lazy("For a university or a school"),
    "media": gettext_lazy("For a media outlet"),
    "administration": gettext_lazy("For a public administration"),
    "other": gettext_lazy("For another organisation"),
}
QUESTIONS: dict[str, Promise] = {
    "gender": gettext_lazy("Are you"),
    "age_band": gettext_lazy("Your age"),
    "area": gettext_lazy("Where you live"),
    "disability": gettext_lazy("Do you live with a disability?"),
    "organisation_type": gettext_lazy("For whom do you speak?"),
}
ASKED: dict[str, Mapping[str, Promise | str]] = {
    "gender": GENDERS,
    "age_band": AGES,
    "area": AREAS,
    "disability": DISABILITIES,
    "organisation_type": ORGANISATIONS,
}
BOTH = "province_and_gender"
# Provinces and genders are totals of the table of both: they are counted on the same day, or none is.
TOGETHER = frozenset({"province", "gender", BOTH})
_UNSAID = "unsaid"


def counted(
    profiles: Iterable[Mapping[str, Any]], provinces: Sequence[str], smallest: int, *, on: dt.date
) -> dict[str, Any]:
    """Group people's answers so that no small group can be worked out. ``profiles``: one mapping a person."""
    people = [{**one, "province": one["province__code"]} for one in profiles]
    groups: dict[str, list[str]] = {name: list(values) for name, values in ASKED.items()}
    groups["province"] = list(provinces)
    groups["channel"] = [one for one in CHANNELS if one != "imported"]
    dated = {"people": len(people), "counted_on": on.isoformat()}
    tables: dict[str, Any] = {}
    for name, values in groups.items():
        answers = Counter(one[name] for one in people if one[name])
        tables[name] = _as_data(shown_cells({**dict.fromkeys(values, 0), **answers}, smallest), values) | dated
    tables[BOTH] = _crossed(people, groups, smallest, apart=shown_of(tables["province"]).hidden) | dated
    return {**dated, "smallest": smallest, "groups": groups, "tables": tables}


def _as_data(shown: Shown, values: Sequence[str]) -> dict[str, Any]:
    return {
        "answered": shown.total,
        "shown": {value: shown.cells[value] for value in values if value in shown.cells},
        "fewer": [value for value in values if value in shown.small],
        "held_back": [value for value in values if value in shown.held],
        "together": shown.rest,
    }


def _crossed(
    people: Iterable[Mapping[str, Any]], groups: Mapping[str, Sequence[str]], smallest: int, *, apart: frozenset[str]
) -> dict[str, Any]:
    """Cross provinces and genders, of those who said both; ``apart``: the provinces that their own table does not show.

    To tell here what is held back there would tell it there too: most who say their province say both.
    """
    cells = [(row, column) for row in groups["province"] for column in groups["gender"]]
    said = Counter((one["province"], one["gender"]) for one in people if one["province"] and one["gender"])
    table = crossed({**dict.fromkeys(cells, 0), **said}, smallest, apart=apart)
    return {
        "answered": table.rows.total,
        "rows": {row: table.rows.cells[row] for row in groups["province"] if row in table.rows.cells},
        "shown": [[*cell, table.cells[cell]] for cell in cells if cell in table.cells],
        "fewer": [[*cell] for cell in cells if cell in table.small],
        "held_back": [[*cell] for cell in cells if cell in table.held],
    }


def shown_of(table: Mapping[str, Any]) -> Shown:
    """Read one table of a count that was written down."""
    held, small = frozenset(table["held_back"]), frozenset(table["fewer"])
    return Shown(table["shown"], small, held, table["together"], table["answered"])


def far_from(last: Mapping[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Keep the tables of the last count wherever the new one, set beside it, would tell of a few newcomers.

    A figure, or a sum that both days tell, moves by nothing or by the smallest
    group at least. Tables that are totals of each other go together.
    """
    smallest, before, tables = now["smallest"], last["tables"], now["tables"]
    kept = {name for name in tables if _moved_little(before[name], tables[name], smallest)}
    if kept & TOGETHER:
        kept |= TOGETHER
    return now | {"tables": {**tables, **{name: before[name] for name in kept}}}


def _moved_little(last: Mapping[str, Any], now: Mapping[str, Any], smallest: int) -> bool:
    before, after = _figures(last), _figures(now)
    moves = {name: after[name] - before[name] for name in after if name in before}
    if _ALL in moves:
        # What is not shown on both days is, all together, what the others leave of those who answered.
        moves[_REST] = moves[_ALL] - sum(move for (kind, _name), move in moves.items() if kind == "cell")
    return any(0 < abs(move) < smallest for move in moves.values())


_ALL, _REST = ("all", ""), ("rest", "")


def _figures(table: Mapping[str, Any]) -> dict[tuple[str, Any], int]:
    """Give every figure of a table, by what it is of."""
    shown = table["shown"]
    cells = shown.items() if isinstance(shown, Mapping) else (((row, column), n) for row, column, n in shown)
    found: dict[tuple[str, Any], int] = {("cell", cell): figure for cell, figure in cells}
    found |= {("row", row): figure for row, figure in table.get("rows", {}).items()}
    return found if table["answered"] is None else found | {_ALL: table["answered"]}


def as_now(content: Mapping[str, Any]) -> dict[str, Any]:
    """Read a count as they are written today, one written down before they told who answered too.

    Those said neither which groups are small, nor how many had answered where few had not.
    """
    if BOTH in content["tables"]:
        return dict(content)
    groups = {name: [one for one in values if one != _UNSAID] for name, values in content["groups"].items()}
    tables = {name: _table_as_now(table, groups[name]) for name, table in content["tables"].items()}
    both = content[BOTH]
    dated = {name: content["tables"]["province"][name] for name in ("people", "counted_on")}
    cells = {name: [one for one in both[name] if _UNSAID not in one] for name in ("shown", "fewer", "held_back")}
    # Its totals were of everybody in a province: they are no totals of what is left here.
    tables[BOTH] = {"answered": None, "rows": {}, **cells, **dated}
    return {**{name: value for name, value in content.items() if name != BOTH}, "groups": groups, "tables": tables}


def _table_as_now(table: Mapping[str, Any], groups: Sequence[str]) -> dict[str, Any]:
    shown = {name: figure for name, figure in table["shown"].items() if name != _UNSAID}
    unsaid = table["shown"].get(_UNSAID)
    return {
        "answered": None if unsaid is None else table["people"] - unsaid,
        "shown": shown,
        "fewer": [],
        "held_back": [name for name in groups if name not in shown],
        "together": None if unsaid is None else table["others"],
        "people": table["people"],
        "counted_on": table["counted_on"],
    }
