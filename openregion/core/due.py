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


@dataclass(frozen=True)
class Share:
    """How many of the things a line gathers serve a duty, and how to say so."""

    duty: str
    count: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Due:
    """Something to do, to await, or done: what, by when, on what ground, where it is done and by whom.

    ``key`` stays the same from one reading to the next, so that a digest knows
    what it told and a feed what it moved. ``deed`` is what the person who acts
    must hold; ``assignee`` is the one person charged, when there is one.
    ``waits_for`` names the others whose turn it is. ``why`` says from what the day
    is counted, by which rule, with which confidence. ``duty`` is one of the
    guide's five duties of coordination (row A5).

    ``act_url`` is the form the button opens, where the line's page is another.
    ``unless`` is a deed whose holders have another line for the same thing.
    ``barred`` is the one person who may not act, whatever they hold: an appeal
    goes to another person than who decided first. ``only_for`` are the people whose
    deed it is, where the deed alone does not say so: of those who take notes in
    workshops, the one who took these.
    ``shares`` say how much a line that gathers several things holds of each duty.
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
    act_url: str = ""
    unless: str = ""
    barred: int | None = None
    only_for: frozenset[int] | None = None
    shares: tuple[Share, ...] = ()

    def is_done_by(self, person: int, may: frozenset[str]) -> bool:
        """Say whether a person who may do these deeds may do this one."""
        theirs = self.only_for is None or person in self.only_for
        return self.deed in may and theirs and self.barred != person

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
