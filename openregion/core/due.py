"""What is due: one line, one act. Each room says what it waits for; the desk, the digest and the feeds gather them.

Nothing is kept: a due line is computed when it is read, from what the room
holds and from the legal clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

State = Literal["late", "soon", "later", "waiting", "done"]
SOON = dt.timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Due:
    """Something to do, to await, or done: what, by when, on what ground, where it is done and by whom.

    ``key`` stays the same from one reading to the next, so that a digest knows
    what it told and a feed what it moved. ``deed`` is what the person who acts
    must hold; ``assignee`` is the one person charged, when there is one.
    ``waits_for`` names the others whose turn it is. ``why`` says from what the day
    is counted, by which rule, with which confidence. ``duty`` is one of the
    guide's five duties of coordination (row A5).
    """

    key: str
    label: str
    url: str
    act: str = ""
    day: dt.date | None = None
    done_on: dt.date | None = None
    waits_for: str = ""
    why: str = ""
    estimated: bool = False
    deed: str = ""
    assignee: int | None = None
    duty: str = ""

    def state(self, today: dt.date) -> State:
        """Say where it stands on a day."""
        if self.done_on is not None:
            return "done"
        if self.waits_for:
            return "waiting"
        if self.day is not None and self.day < today:
            return "late"
        if self.day is not None and self.day <= today + SOON:
            return "soon"
        return "later"
