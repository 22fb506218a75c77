"""The bodies every authority of a kind has by law: read from ``usual_bodies.yaml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from openregion.people.models import Authority, Body

FILE = Path(__file__).resolve().parent / "usual_bodies.yaml"


@dataclass(frozen=True)
class UsualBody:
    """A body as the law names it, and the actors of the guide who have a seat in it from the start."""

    kind: str
    of: tuple[str, ...]
    name: dict[str, str]
    remit: dict[str, str]
    seats: tuple[str, ...]


@cache
def usual_bodies() -> tuple[UsualBody, ...]:
    """Read the file, once."""
    return tuple(
        UsualBody(
            kind=entry["kind"],
            of=tuple(entry["of"]),
            name=entry["name"],
            remit=entry.get("remit", {}),
            seats=tuple(entry.get("seats", ())),
        )
        for entry in yaml.safe_load(FILE.read_text(encoding="utf-8"))["bodies"]
    )


def missing(authority: Authority, there: Iterable[Body]) -> tuple[UsualBody, ...]:
    """List the usual bodies an authority has not set up yet, given those it has.

    There is one council, one bureau, one administration; consultative bodies
    are told apart by their name.
    """
    kinds, names = set(), set()
    for body in there:
        kinds.add(body.kind)
        names.add(body.name.get("fr", {}).get("text", ""))
    return tuple(
        body
        for body in usual_bodies()
        if authority.kind in body.of
        and (body.name["fr"] not in names if body.kind == "consultative" else body.kind not in kinds)
    )
