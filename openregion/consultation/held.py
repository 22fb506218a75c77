"""Files sent with a form that comes back: held for a day under its ticket, so that nobody sends them twice.

A form comes back when a box is wrong, or to show what others said; browsers
forget chosen files then. Only whoever has the form's ticket finds them again;
they are made clean before they are held, and nobody else is shown them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from contextlib import suppress

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from openregion.record.arrival import ALLOWED, Arrived

FOLDER = "held"
KEPT_FOR = dt.timedelta(days=1)
MOST_TOGETHER = 500 * 1024 * 1024  # beyond, files are asked for again: nobody fills the disk from here
_TYPES = {ending: kind for kind, ending in ALLOWED.items()}


def hold(ticket: str, kind: str, arrived: Arrived, *, at: dt.datetime) -> bool:
    """Hold a file until its form is sent for good; say whether there was room. The last of a kind stands."""
    forget(ticket, kind)
    let_go(at=at)
    if sum(_size(name) for name in _names()) + len(arrived.content) > MOST_TOGETHER:
        return False
    default_storage.save(f"{FOLDER}/{_mark(ticket)}-{kind}.{ALLOWED[arrived.media_type]}", ContentFile(arrived.content))
    return True


def held(ticket: str) -> dict[str, Arrived]:
    """Give the files that are held for a form, by kind."""
    found = {}
    for name in _of(ticket):
        kind, ending = _kind(name), name.rpartition(".")[2]
        with suppress(FileNotFoundError), default_storage.open(f"{FOLDER}/{name}") as file:
            found[kind] = Arrived(file.read(), _TYPES[ending])
    return found


def forget(ticket: str, kind: str = "") -> None:
    """Delete what is held for a form: all of it, or one kind."""
    for name in _of(ticket):
        if not kind or _kind(name) == kind:
            default_storage.delete(f"{FOLDER}/{name}")


def let_go(*, at: dt.datetime) -> int:
    """Delete what is held for longer than a day; say how many files went."""
    gone = 0
    for name in _names():
        with suppress(FileNotFoundError):
            if default_storage.get_modified_time(f"{FOLDER}/{name}") < at - KEPT_FOR:
                default_storage.delete(f"{FOLDER}/{name}")
                gone += 1
    return gone


def _kind(name: str) -> str:
    """Read the kind of a held file; two sent at once are told apart by what follows "_" in the name."""
    return name.rpartition("-")[2].partition(".")[0].partition("_")[0]


def _size(name: str) -> int:
    """Give the size of a held file; none when another request has just deleted it."""
    with suppress(FileNotFoundError):
        return int(default_storage.size(f"{FOLDER}/{name}"))
    return 0


def _of(ticket: str) -> list[str]:
    mark = _mark(ticket)
    return [name for name in _names() if name.startswith(mark)]


def _names() -> list[str]:
    try:
        return default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return []


def _mark(ticket: str) -> str:
    """Name a ticket without telling it: who reads the folder cannot make the form's code from it."""
    return hmac.new(settings.SECRET_KEY.encode(), b"held:" + ticket.encode(), hashlib.sha256).hexdigest()[:40]
