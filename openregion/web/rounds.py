"""The round of the day: each person of each team is told what waits for them, when something is new."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, field

from django.utils import timezone

from openregion.core.due import Due
from openregion.people.models import Member, User
from openregion.web.actions import remind
from openregion.web.queries.reminders import Readers

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Round:
    """What a round did; ``failed`` counts the people who could not be told: the next round tries again."""

    read: int
    told: int
    failed: int = 0

    def __str__(self) -> str:
        said = f"read {self.read} people · told {self.told} · nothing new {self.read - self.told - self.failed}"
        return f"{said} · failed {self.failed}" if self.failed else said


@dataclass
class _Work:
    """What waits for a person, at each member where they hold a role."""

    user: User
    lines: list[tuple[Member, tuple[Due, ...]]] = field(default_factory=list)
    failed: bool = False


def go_round(*, at: dt.datetime, members: list[Member] | None = None) -> Round:
    """Remind everyone who has something new to do, in one message; two rounds the same day tell once.

    What goes wrong for one person silences nobody else.
    """
    on, told, failed = timezone.localdate(at), 0, 0
    people = _gathered(members if members is not None else list(Member.objects.order_by("slug")), on)
    for one in people:
        said = False
        try:
            said = remind(one.user, work=one.lines, on=on, at=at)
        except Exception as error:
            one.failed = True
            _note(error)
        told += said
        failed += one.failed and not said
    return Round(len(people), told, failed)


def _gathered(members: list[Member], on: dt.date) -> list[_Work]:
    found: dict[int, _Work] = {}
    for member in members:
        readers = Readers(member, on)
        for user in readers:
            one = found.setdefault(user.pk, _Work(user))
            try:
                one.lines.append((member, readers.lines_of(user)))
            except Exception as error:
                one.failed = True
                _note(error)
    return list(found.values())


def _note(error: Exception) -> None:
    """Say that it happened; its message may hold somebody's words, and is not for the logs."""
    _log.error("somebody could not be reminded (%s)", type(error).__name__)
