"""The kit of a workshop printed by the worker: asked, followed, stopped.

Printing what anyone may read decides nothing, so no journal line tells of it.
The list of names is not printed here: it is never kept.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation import kit_exports
from openregion.consultation.models import KitPrinting, Workshop
from openregion.core.refusal import Refused

LOST_AFTER = dt.timedelta(minutes=2)  # a paper takes a second at most
_State = KitPrinting.State
_MOVING = (_State.WAITING, _State.RUNNING)
_STATES: dict[str, tuple[str, Promise]] = {
    "": ("idle", gettext_lazy("Not prepared yet")),
    "waiting": ("underway", gettext_lazy("Waiting for its turn")),
    "running": ("underway", gettext_lazy("Being prepared")),
    "stopping": ("underway", gettext_lazy("Stopping")),
    "stopped": ("late", gettext_lazy("Stopped")),
    "failed": ("late", gettext_lazy("Failed")),
    "outdated": ("late", gettext_lazy("Changed since it was prepared")),
    "ready": ("done", gettext_lazy("The kit is ready")),
}


@dataclass(frozen=True)
class KitProgress:
    """How far the archive of a kit is: what is printed of what, and what may be done now."""

    tone: str
    state: str
    printed: int
    total: int
    share: int
    moving: bool
    stopping: bool
    ready: bool


def progress_of(workshop: Workshop, *, at: dt.datetime) -> KitProgress:
    """Say how far the archive of a kit is; what changed since it was printed is printed again."""
    row = KitPrinting.objects.filter(workshop=workshop).first()
    printed, total = kit_exports.how_many_printed(workshop)
    moving = row is not None and is_moving(row, at=at)
    stopping = moving and row is not None and row.asked_to_stop_at is not None
    code = "ready" if printed == total and not moving else _code(row, moving=moving, stopping=stopping)
    tone, label = _STATES[code]
    share = 100 * printed // (total or 1)
    return KitProgress(tone, str(label), printed, total, share, moving, stopping, code == "ready")


def is_moving(row: KitPrinting, *, at: dt.datetime) -> bool:
    """Say whether a kit waits for the worker or is being printed, and has not lost whoever prints it."""
    if row.state == _State.WAITING:
        return True
    return row.state == _State.RUNNING and at - (row.moved_at or row.asked_at) <= LOST_AFTER


@transaction.atomic
def ask(workshop: Workshop, *, at: dt.datetime) -> KitPrinting:
    """Have a kit wait for the worker. Raises ``Refused`` while it waits already, or is being printed."""
    Workshop.objects.select_for_update(no_key=True).get(pk=workshop.pk)
    row = KitPrinting.objects.filter(workshop=workshop).first()
    if row is not None and is_moving(row, at=at):
        raise Refused(_("The kit is being prepared already. Wait until it is ready, or stop it first."))
    fresh = {"state": _State.WAITING, "asked_at": at, "moved_at": None, "asked_to_stop_at": None}
    return KitPrinting.objects.update_or_create(workshop=workshop, defaults=fresh)[0]


def stop(workshop: Workshop, *, at: dt.datetime) -> None:
    """Have a kit stop being printed; one that waits, or lost its worker, stops at once. What is printed stays."""
    found = KitPrinting.objects.filter(workshop=workshop)
    row = found.first()
    if row is None:
        return
    idle = [_State.WAITING] if is_moving(row, at=at) else list(_MOVING)
    found.filter(state__in=idle).update(state=_State.STOPPED)
    found.filter(state=_State.RUNNING).update(asked_to_stop_at=at)


def print_kit(row: KitPrinting) -> int:
    """Print what is not printed yet of a kit that was taken up; say how many papers there are.

    Between two papers it looks whether somebody asked to stop, and whether it is still its own.
    """
    mine = KitPrinting.objects.filter(pk=row.pk, state=_State.RUNNING, asked_at=row.asked_at)
    there = 0
    for name, lang, format in kit_exports.to_print():
        if not mine.filter(asked_to_stop_at=None).update(moved_at=timezone.now()):
            mine.update(state=_State.STOPPED)
            return there
        kit_exports.printed(row.workshop, name, lang=lang, format=format)
        there += 1
    mine.update(state=_State.DONE)
    return there


def _code(row: KitPrinting | None, *, moving: bool, stopping: bool) -> str:
    if row is None:
        return ""
    if moving:
        return "stopping" if stopping else str(row.state)
    return {"done": "outdated", "failed": "failed"}.get(str(row.state), "stopped")
