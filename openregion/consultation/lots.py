"""Drawing lots among those who may come: a statement in, an outcome out; no Django, no database, no clock.

Whoever has the published document and the library (``sortition-algorithms``)
draws again and finds the same: candidates in the order of their numbers,
categories in the order written, chances from what ``start_of`` gives alone.

A statement says by which recipe it is drawn, so that an old draw is drawn again
as it was. In the first, the chances came from the promised seed: whoever could
read it from the database knew the draw while the list was still being judged.
In the second they come from the SHA-256 of the seed, the fingerprint of the
list, and the public figure that was named in advance, where there is one: no
change of the list leaves the draw as it was foreseen, and with a public figure
nobody at all can foresee it. In the third, only the digits of that figure
count: however it is written, one figure gives one draw. Of the library's
algorithms this uses the one called *legacy*: it needs no solver, whose answers
change from one machine to another, and counts in whole numbers.

The reserves follow in an order that needs no library at all: the SHA-256 of
what the draw starts from, a colon and the number of each.

The library seeds Python's own generator, which other threads share; so lots are
drawn in a process of their own (``outcome_of``), which runs this file.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent  # where the package is, however the server was started
LIBRARY = "sortition-algorithms"
ALGORITHM = "legacy"
FIRST, SECOND, RECIPE = 1, 2, 3  # the recipes of the first draws, and that of today's
START = "sha256(seed:list_sha256:digits of public_value, as 0-9, in their order)"
RESERVES = "sha256(drawn_from:number)"
_WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
TRIES = 200  # the algorithm chooses one by one and may run into a corner: then it begins again, with the same chances
LONGEST = 60  # seconds; a draw among five thousand takes one
# Every candidate has it, and all the seats are for it: those whom no category calls for are drawn from everyone.
EVERYONE = "everyone"


@dataclass(frozen=True)
class Relaxing:
    """A category whose quota would have to give way, and the least and most that a group could meet."""

    dimension: str
    value: str
    least: int
    most: int


@dataclass(frozen=True)
class Outcome:
    """Who was drawn, the reserves in their order; or, when no group meets the quotas, what would have to give way."""

    selected: tuple[int, ...] = ()
    reserves: tuple[int, ...] = ()
    impossible: bool = False
    relaxing: tuple[Relaxing, ...] = ()


@dataclass(frozen=True)
class Lacking:
    """A category that has fewer candidates than its quota wants."""

    dimension: str
    value: str
    least: int
    there: int


def seed_hash(seed: str) -> str:
    """Give the hash by which a seed is promised before anyone applies."""
    return hashlib.sha256(seed.encode()).hexdigest()


def list_hash(statement: Mapping[str, Any]) -> str:
    """Give the fingerprint of a list: who may be drawn, the quotas and the seats, as JSON.

    With its keys sorted, without spaces, in ASCII; candidates in the order of their numbers.
    """
    pool = sorted(statement["pool"], key=lambda one: int(one["number"]))
    stated = {"pool": pool, "quotas": statement["quotas"], "seats": statement["seats"]}
    return hashlib.sha256(json.dumps(stated, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def list_mark(statement: Mapping[str, Any]) -> str:
    """Give what may be published of a list before its draw: without the seed it tells nothing of who is on it."""
    return hashlib.sha256(f"{statement['seed']}:{list_hash(statement)}".encode()).hexdigest()


def figure_digits(figure: str) -> str:
    """Keep of a public figure its digits alone, as 0 to 9: it is written 12,5 or 12.5, or in Arabic digits."""
    return "".join(one for one in figure.translate(_WESTERN) if one in "0123456789")


def start_of(statement: Mapping[str, Any]) -> str:
    """Give what all the chances of a draw come from, by the recipe of its statement.

    Raises ``ValueError`` for a recipe that is not known here.
    """
    recipe, seed = statement.get("recipe", FIRST), str(statement["seed"])
    if recipe == FIRST:
        return seed
    if recipe not in (SECOND, RECIPE):
        raise ValueError(recipe)
    figure = str(statement["public_value"])
    parts = (seed, list_hash(statement), figure if recipe == SECOND else figure_digits(figure))
    return hashlib.sha256(":".join(parts).encode()).hexdigest()


def library_version() -> str:
    """Say which version of the library draws here."""
    return version(LIBRARY)


def lacking(
    pool: Iterable[Mapping[str, Any]], quotas: Mapping[str, Mapping[str, Sequence[int]]]
) -> tuple[Lacking, ...]:
    """List the categories that have fewer candidates than their quota wants; none when each has enough.

    Each may have enough and no group meet them all: only the draw knows.
    """
    rows = [one["categories"] for one in pool]
    return tuple(
        Lacking(dimension, value, bounds[0], there)
        for dimension, values in quotas.items()
        for value, bounds in values.items()
        if (there := sum(row.get(dimension) == value for row in rows)) < bounds[0]
    )


def kept_by(chosen: Iterable[Mapping[str, str]], quotas: Mapping[str, Mapping[str, Sequence[int]]]) -> bool:
    """Say whether a group keeps within all the quotas."""
    rows = list(chosen)
    return all(
        bounds[0] <= sum(row.get(dimension) == value for row in rows) <= bounds[1]
        for dimension, values in quotas.items()
        for value, bounds in values.items()
    )


def reserves_in_order(start: str, numbers: Iterable[int]) -> tuple[int, ...]:
    """Put those who were not drawn in the order in which they would replace someone."""
    return tuple(sorted(numbers, key=lambda one: (hashlib.sha256(f"{start}:{one}".encode()).hexdigest(), one)))


class TooSlow(RuntimeError):
    """The machine did not draw in time: the draw itself may be possible."""


@lru_cache(maxsize=4)
def outcome_of(statement: str) -> Outcome:
    """Draw, from a statement written as JSON, in a process of its own; the same statement always gives the same.

    ``statement`` holds ``pool`` (``[{number, categories}]``), ``quotas``, ``seats``
    and ``seed``; and, but for the first recipe, ``recipe`` and ``public_value``.
    Raises ``RuntimeError`` when the draw breaks down, or takes too long.
    """
    ours = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(  # noqa: S603  (this file, with the interpreter that runs it)
            ours, input=statement.encode(), capture_output=True, timeout=LONGEST, check=False, cwd=ROOT
        )
    except subprocess.TimeoutExpired:
        # Not remembered, and nobody is told to change published quotas because a machine was slow.
        raise TooSlow("the draw took too long: try again when the machine is quiet") from None
    if done.returncode:
        raise RuntimeError("the draw broke down: " + done.stderr.decode(errors="replace")[-400:])
    said = json.loads(done.stdout)
    return Outcome(
        selected=tuple(said["selected"]),
        reserves=tuple(said["reserves"]),
        impossible=said["impossible"],
        relaxing=tuple(Relaxing(**one) for one in said["relaxing"]),
    )


def drawn(statement: Mapping[str, Any]) -> Outcome:
    """Draw in this very process: for the process that ``outcome_of`` starts, and for the command that draws again.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for a statement that is not one.
    """
    from sortition_algorithms import InfeasibleQuotasError, SelectionError, Settings, run_stratification
    from sortition_algorithms.committee_generation import find_any_committee
    from sortition_algorithms.errors import InfeasibleQuotasCantRelaxError

    features, people = _as_the_library_reads(statement)
    seats, start = int(statement["seats"]), start_of(statement)
    settings = Settings(
        id_column="number",
        columns_to_keep=[],
        max_attempts=TRIES,
        selection_algorithm=ALGORITHM,
        random_number_seed=int(start, 16),
    )
    found, groups, _report = run_stratification(features, people, seats, settings)
    if found:
        selected = tuple(sorted(int(number) for number in groups[0]))
        left = {int(number) for number in people} - set(selected)
        return Outcome(selected, reserves_in_order(start, left))
    try:
        # It may be that there is no such group; a solver says so, and what would have to give way.
        find_any_committee(features, people, seats, [])
    except InfeasibleQuotasError as error:
        return Outcome(impossible=True, relaxing=tuple(_to_relax(features, error.features)))
    except (SelectionError, InfeasibleQuotasCantRelaxError):
        return Outcome(impossible=True)
    return Outcome(impossible=True)


def _as_the_library_reads(statement: Mapping[str, Any]) -> tuple[Any, Any]:
    """Write quotas and candidates as the library wants them; a category without a quota takes from none to all."""
    from sortition_algorithms.features import FeatureValueMinMax, set_default_max_flex
    from sortition_algorithms.people import People

    seats, pool = int(statement["seats"]), sorted(statement["pool"], key=lambda one: int(one["number"]))
    quotas = statement["quotas"]
    features: Any = {EVERYONE: {EVERYONE: FeatureValueMinMax(min=seats, max=seats)}}
    for dimension in sorted(quotas):
        there = sorted({one["categories"][dimension] for one in pool} | set(quotas[dimension]))
        features[dimension] = {}
        for value in there:
            least, most = quotas[dimension].get(value, (0, seats))
            features[dimension][value] = FeatureValueMinMax(min=int(least), max=min(int(most), seats))
    set_default_max_flex(features)
    people = People([])
    for row, one in enumerate(pool, 1):
        categories = {dimension: str(one["categories"][dimension]) for dimension in quotas}
        people.add(str(one["number"]), {EVERYONE: EVERYONE, **categories}, features, row)
    return features, people


def _to_relax(asked: Mapping[str, Any], proposed: Mapping[str, Any]) -> Iterable[Relaxing]:
    for dimension, values in proposed.items():
        for value, bounds in values.items():
            before = asked[dimension][value]
            if (bounds.min, bounds.max) != (before.min, before.max):
                yield Relaxing(dimension, value, bounds.min, bounds.max)


def main() -> None:
    """Read a statement, write its outcome, and nothing else: what the library and its solver print goes elsewhere."""
    statement = json.load(sys.stdin)
    with os.fdopen(os.dup(1), "w") as answer:
        os.dup2(2, 1)
        outcome = drawn(statement)
        said = {"selected": outcome.selected, "reserves": outcome.reserves, "impossible": outcome.impossible}
        json.dump(said | {"relaxing": [asdict(one) for one in outcome.relaxing]}, answer)


if __name__ == "__main__":
    main()
