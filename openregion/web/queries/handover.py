"""The page of a cycle's hand-over packs: the one being made, and those still kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from openregion.cycle import queries as cycles
from openregion.cycle.models import Cycle, HandOver

_State = HandOver.State
STATES: dict[str, tuple[Promise, str]] = {
    _State.WAITING: (gettext_lazy("Waits for its turn"), "idle"),
    _State.RUNNING: (gettext_lazy("Being made"), "underway"),
    _State.STOPPED: (gettext_lazy("Stopped"), "idle"),
    _State.DONE: (gettext_lazy("Ready"), "done"),
    _State.FAILED: (gettext_lazy("Could not be made"), "late"),
}


@dataclass(frozen=True)
class Pack:
    """A pack: when it was asked, where it stands, and its file while it is kept."""

    asked_at: dt.datetime
    state: str
    tone: str
    share: int
    written: int
    total: int
    url: str
    megabytes: str
    sha256: str
    moving: bool


@dataclass(frozen=True)
class HandOverPage:
    """The packs of a cycle, the one asked last first."""

    name: str
    kind: str
    number: int
    packs: tuple[Pack, ...]
    moving: bool


def hand_over_page(cycle: Cycle, *, at: dt.datetime) -> HandOverPage:
    """Prepare the page of a cycle's packs."""
    packs = tuple(_pack(one, cycle) for one in HandOver.objects.filter(cycle=cycle)[:10])
    name = cycles.cycle_name(cycle.kind, cycle.number)
    return HandOverPage(name, cycle.kind, cycle.number, packs, any(one.moving for one in packs))


def _pack(one: HandOver, cycle: Cycle) -> Pack:
    label, tone = STATES[one.state]
    place = [cycle.member.slug, cycle.kind, cycle.number, one.uid]
    return Pack(
        asked_at=one.asked_at,
        state=str(label),
        tone=tone,
        share=one.written * 100 // one.total if one.total else 0,
        written=one.written,
        total=one.total,
        url=reverse("hand_over_file", args=place) if one.file and one.state == _State.DONE else "",
        megabytes=f"{one.size / 1_000_000:.1f}",
        sha256=one.sha256,
        moving=one.state in (_State.WAITING, _State.RUNNING),
    )
