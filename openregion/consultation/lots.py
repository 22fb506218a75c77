"""Drawing lots among those who may come: a statement in, an outcome out; no Django, no database, no clock.

Whoever has the published document and the library (``sortition-algorithms``)
draws again and finds the same: candidates in the order of their numbers,
categories in the order written, chances from the seed alone. Of the library's
algorithms this uses the one called *legacy*: it needs no solver, whose answers
change from one machine to another, and counts in whole numbers.

The reserves follow in an order that needs no library at all: the SHA-256 of
the seed, a colon and the number of each.

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
RESERVES = "sha256(seed:number)"
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


def reserves_in_order(seed: str, numbers: Iterable[int]) -> tuple[int, ...]:
    """Put those who were not drawn in the order in which they would replace someone."""
    return tuple(sorted(numbers, key=lambda one: (hashlib.sha256(f"{seed}:{one}".encode()).hexdigest(), one)))


class TooSlow(RuntimeError):
    """The machine did not draw in time: the draw itself may be possible."""


@lru_cache(maxsize=4)
def outcome_of(statement: str) -> Outcome:
    """Draw, from a statement written as JSON, in a process of its own; the same statement always gives the same.

    ``statement`` holds ``pool`` (``[{number, categories}]``), ``quotas``, ``seats``
    and ``seed``. Raises ``RuntimeError`` when the draw breaks down, or takes too long.
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
    seats, seed = int(statement["seats"]), str(statement["seed"])
    settings = Settings(
        id_column="number",
        columns_to_keep=[],
        max_attempts=TRIES,
        selection_algorithm=ALGORITHM,
        random_number_seed=int(seed, 16),
    )
    found, groups, _report = run_stratification(features, people, seats, settings)
    if found:
        selected = tuple(sorted(int(number) for number in groups[0]))
        left = {int(number) for number in people} - set(selected)
        return Outcome(selected, reserves_in_order(seed, left))
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
