"""``./manage demo``: an invented Region to try everything on, played through the deeds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management import BaseCommand
from django.db import transaction
from django.utils import timezone

from openregion.core.official import OfficialText, official
from openregion.people import actions
from openregion.people.imports import load_territory
from openregion.people.models import Act, Body, Member, Territory, User
from openregion.web.actions import index_again

FOLDER = Path(__file__).resolve().parent.parent.parent / "demonstration"


class Command(BaseCommand):
    """Loads the invented Region, once. Its people have no password: they sign in on this machine only."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Play the founding of the Region, its bodies, mandates and appointments."""
        script = yaml.safe_load((FOLDER / "region.yaml").read_text(encoding="utf-8"))
        if Member.objects.filter(slug=script["slug"]).exists():
            self.stdout.write("the demonstration is already there")
            return
        with transaction.atomic():
            told = _Play(script).whole()
            index_again(Member.objects.get(slug=script["slug"]))
        self.stdout.write(told)


class _Play:
    """The script played deed by deed, each at its own day."""

    def __init__(self, script: dict[str, Any]) -> None:
        self.script = script
        self.acts: dict[str, Act] = {}
        self.bodies: dict[str, Body] = {}

    def whole(self) -> str:
        self.found()
        for entry in self.script["acts"]:
            self.record(entry)
        for entry in self.script["bodies"]:
            self.set_up(entry)
        for entry in self.script["seats"]:
            self.seat(entry)
        for entry in self.script["people"][1:]:
            self.appoint(entry)
        bodies = Body.objects.of(self.member).count()
        return f"bodies {bodies} · acts {len(self.acts)} · people {len(self.script['people'])}"

    def found(self) -> None:
        load_territory(FOLDER, invented=True)
        first = self.script["people"][0]
        at = _morning(first["starts_on"])
        self.member = actions.found_member(
            slug=self.script["slug"],
            name=_words(self.script["name"], at),
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

    def record(self, entry: dict[str, Any]) -> None:
        at = _morning(entry["dated_on"])
        self.acts[entry["code"]] = actions.record_act(
            authority=self.authority,
            member=self.member,
            kind=entry["kind"],
            number=entry["number"],
            dated_on=entry["dated_on"],
            title=_words(entry["title"], at),
            by=self.by,
            at=at,
        )

    def set_up(self, entry: dict[str, Any]) -> None:
        act = self.acts[entry["act"]]
        at = _morning(act.dated_on)
        self.bodies[entry["code"]] = actions.set_up_body(
            authority=self.authority,
            member=self.member,
            kind=entry["kind"],
            name=_words(entry["name"], at),
            act=act,
            by=self.by,
            at=at,
        )

    def seat(self, entry: dict[str, Any]) -> None:
        act = self.acts[entry["act"]]
        at = _morning(entry.get("starts_on", act.dated_on))
        shared: dict[str, Any] = {"member": self.member, "by": self.by, "at": at}
        body = self.bodies[entry["body"]]
        seat = actions.add_seat(body, title=_words(entry["title"], at), actor=entry["actor"], **shared)
        if entry.get("holder"):
            actions.give_mandate(seat, holder_name=entry["holder"], starts_on=entry["starts_on"], act=act, **shared)

    def appoint(self, entry: dict[str, Any]) -> None:
        actions.appoint(
            email=entry["email"],
            name=entry["name"],
            role=entry["role"],
            lang=entry["lang"],
            member=self.member,
            starts_on=entry["starts_on"],
            act=self.acts.get(entry.get("act", "")),
            by=self.by,
            at=_morning(entry["starts_on"]),
        )


def _morning(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9)))


def _words(words: dict[str, str], at: dt.datetime) -> OfficialText:
    return official(at=at, **words)
