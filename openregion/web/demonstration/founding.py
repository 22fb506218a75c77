"""First act: the Region is founded, its bodies sit, its people take their roles."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils import timezone

from openregion.core.official import OfficialText, official
from openregion.people import actions
from openregion.people.imports import load_territory
from openregion.people.models import Act, Body, Territory, User

FOLDER = Path(__file__).resolve().parent


def read(name: str) -> Any:
    """Read a part of the script."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def morning(day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    """Give an instant of a day, at office hours in Casablanca."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def words(said: dict[str, str], at: dt.datetime) -> OfficialText:
    """Give the script's words as official text written that day."""
    return official(at=at, **said)


class Founding:
    """The script's first part, played deed by deed, each at its own day."""

    def __init__(self) -> None:
        self.script = read("region.yaml")
        self.process = read("process.yaml")
        self.acts: dict[str, Act] = {}
        self.bodies: dict[str, Body] = {}

    def play(self) -> None:
        """Play it whole."""
        self.found()
        for entry in self.script["acts"]:
            self.record(entry)
        for entry in self.script["bodies"]:
            self.set_up(entry)
        for entry in self.process["units"]:
            self.set_up(entry | {"kind": "administration", "act": "founding"}, parent=self.bodies["administration"])
        for entry in self.script["seats"]:
            self.seat(entry)
        for entry in self.script["people"][1:]:
            self.appoint(entry)
        for entry in self.process["heads"]:
            self.appoint(entry | {"role": "unit-head"})

    def found(self) -> None:
        """Open the space with its usual bodies and its president."""
        load_territory(FOLDER, invented=True)
        first = self.script["people"][0]
        at = morning(first["starts_on"])
        self.member = actions.found_member(
            slug=self.script["slug"],
            name=words(self.script["name"], at),
            territories=[Territory.objects.get(code=self.script["territory"])],
            guide_version=settings.GUIDE_VERSION,
            founder=actions.Founder(email=first["email"], name=first["name"], password="", lang=first["lang"]),
            at=at,
            invented=True,
        )
        self.by = User.objects.get(email=first["email"])
        self.authority = self.member.authorities.get()
        actions.set_council_mandate(self.authority, **self.script["mandate"], member=self.member, by=self.by, at=at)
        for body in actions.set_up_usual_bodies(self.authority, member=self.member, by=self.by, at=at):
            self.bodies[body.kind] = body
        presidency = self.bodies["council"].seats.get(actor="council-president")
        actions.give_mandate(
            presidency,
            holder_name=self.script["president"],
            starts_on=self.script["mandate"]["starts_on"],
            member=self.member,
            by=self.by,
            at=at,
        )

    def record(self, entry: dict[str, Any]) -> Act:
        """Record an act of the Region."""
        at = morning(entry["dated_on"])
        act = actions.record_act(
            authority=self.authority,
            member=self.member,
            kind=entry["kind"],
            number=entry["number"],
            dated_on=entry["dated_on"],
            title=words(entry["title"], at),
            by=self.by,
            at=at,
        )
        self.acts[entry["code"]] = act
        return act

    def set_up(self, entry: dict[str, Any], parent: Body | None = None) -> None:
        """Set up a body, by the act that names it."""
        act = self.acts[entry["act"]]
        at = morning(act.dated_on)
        self.bodies[entry["code"]] = actions.set_up_body(
            authority=self.authority,
            member=self.member,
            kind=entry["kind"],
            name=words(entry["name"], at),
            remit=words(entry["remit"], at) if "remit" in entry else None,
            act=act,
            parent=parent,
            stance=entry.get("stance", ""),
            by=self.by,
            at=at,
        )

    def seat(self, entry: dict[str, Any]) -> None:
        """Add a seat, and give it to who holds it."""
        act = self.acts[entry["act"]]
        at = morning(entry.get("starts_on", act.dated_on))
        shared: dict[str, Any] = {"member": self.member, "by": self.by, "at": at}
        body = self.bodies[entry["body"]]
        speaks = {"side": entry.get("side", ""), "leads": entry.get("leads", False)}
        seat = actions.add_seat(body, title=words(entry["title"], at), actor=entry["actor"], **speaks, **shared)
        if entry.get("holder"):
            gender = entry.get("gender", "unsaid")
            held = {"holder_name": entry["holder"], "starts_on": entry["starts_on"], "gender": gender}
            actions.give_mandate(seat, **held, act=act, **shared)

    def appoint(self, entry: dict[str, Any]) -> None:
        """Give a person their role."""
        actions.appoint(
            email=entry["email"],
            name=entry["name"],
            role=entry["role"],
            lang=entry["lang"],
            member=self.member,
            starts_on=entry["starts_on"],
            unit=self.bodies.get(entry.get("unit", "")),
            act=self.acts.get(entry.get("act", "")),
            by=self.by,
            at=morning(entry["starts_on"]),
        )

    def person(self, role: str, unit: str = "") -> User:
        """Find who holds a role, in a unit when it is said."""
        everyone = [*self.script["people"], *({"role": "unit-head"} | one for one in self.process["heads"])]
        found = next(one for one in everyone if one["role"] == role and one.get("unit", "") == unit)
        return User.objects.get(email=found["email"])
