"""Making a pack in the background: how far it is, how it stops, where the file is kept and for how long."""

from __future__ import annotations

import datetime as dt
import tempfile

from django.core.files.base import File
from django.utils import timezone

from openregion.cycle.models import HandOver
from openregion.web.handover.archive import Written, write_pack
from openregion.web.handover.printing import Stopped
from openregion.web.rules import is_being_made

KEPT_FOR = dt.timedelta(days=30)
TOLD_EVERY = 25  # pieces between two looks at whether somebody asked to stop
_State = HandOver.State


def make(making: HandOver) -> Written | str:
    """Write the archive of a pack that was begun, and keep it; "stopped" when somebody asked."""
    row = HandOver.objects.filter(pk=making.pk)

    def moved(done: int, total: int) -> bool:
        if done % TOLD_EVERY and done != total:
            return True
        row.update(written=done, total=total, moved_at=timezone.now())
        return row.filter(state=_State.RUNNING, asked_to_stop_at=None).exists()

    with tempfile.TemporaryFile() as out:
        try:
            written = write_pack(making.cycle, out, at=timezone.now(), moved=moved)
        except Stopped:
            row.filter(state=_State.RUNNING).update(state=_State.STOPPED, ended_at=timezone.now())
            return "stopped"
        out.seek(0)
        name = f"{making.uid}.zip"
        making.file.save(name, File(out, name), save=False)
    now = timezone.now()
    kept = row.filter(state=_State.RUNNING, asked_to_stop_at=None).update(
        state=_State.DONE,
        file=making.file.name,
        size=written.size,
        sha256=written.sha256,
        written=written.files,
        total=written.files,
        moved_at=now,
        ended_at=now,
    )
    if not kept:
        making.file.storage.delete(str(making.file.name))
        row.filter(state=_State.RUNNING).update(state=_State.STOPPED, ended_at=now)
        return "stopped"
    return written


def stop(making: HandOver, *, at: dt.datetime) -> None:
    """Have a pack stop being made; one that has not begun, or lost its worker, stops at once."""
    row = HandOver.objects.filter(pk=making.pk)
    row.filter(state=_State.RUNNING).update(asked_to_stop_at=at)
    idle = [_State.WAITING] if is_being_made(making, at=at) else [_State.WAITING, _State.RUNNING]
    row.filter(state__in=idle).update(state=_State.STOPPED, ended_at=at)


def let_go(*, at: dt.datetime) -> int:
    """Delete the packs made thirty days ago: they hold the directory. Say how many."""
    old = list(HandOver.objects.exclude(file="").filter(asked_at__lt=at - KEPT_FOR))
    for one in old:
        name, storage = str(one.file.name), one.file.storage
        HandOver.objects.filter(pk=one.pk).update(file="")
        storage.delete(name)
    return len(old)
