"""The round of the day: who works is told what waits for them, who follows something what is new of it."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, field

from django.utils import timezone

from openregion.consultation import queries as consultations
from openregion.consultation.actions import count_takers as counted
from openregion.consultation.actions import make_workshops_findable
from openregion.core.due import Due
from openregion.people.models import Member, User
from openregion.web.actions import remind, tell_follower
from openregion.web.queries.reminders import Readers
from openregion.web.queries.whats_new import whats_new

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


@dataclass(frozen=True)
class FollowersTold:
    """What a round did for those who follow something: how many addresses were due, how many had news."""

    due: int
    told: int
    failed: int = 0

    def __str__(self) -> str:
        said = f"followers {self.due} · told {self.told} · nothing new {self.due - self.told - self.failed}"
        return f"{said} · failed {self.failed}" if self.failed else said


def tell_followers(*, at: dt.datetime, members: list[Member] | None = None) -> FollowersTold:
    """Write to those whose week is over and who have news, in one message each; what goes wrong stops nobody else."""
    due = told = failed = 0
    for member in members if members is not None else list(Member.objects.order_by("slug")):
        try:
            # The line is read first: what happens meanwhile is told next week, and never lost.
            until = consultations.last_line_of(member)
            addresses = consultations.follows_due(member, at=at)
            since = min((one.told_until for theirs in addresses for one in theirs), default=until)
            news = whats_new(member, since=since, until=until, at=at)
        except Exception as error:
            _note(error)
            continue
        due += len(addresses)
        for theirs in addresses:
            try:
                told += tell_follower(theirs, news=news, at=at)
            except Exception as error:
                failed += 1
                _note(error)
    return FollowersTold(due, told, failed)


def count_takers(*, at: dt.datetime, members: list[Member] | None = None) -> int:
    """Count who took part wherever it is time to; say in how many consultations it was."""
    written = 0
    for one in consultations.to_count(at=at, members=members):
        try:
            written += counted(one, at=at) is not None
        except Exception as error:
            _note(error)
    return written


def refresh_workshops(*, members: list[Member] | None = None) -> int:
    """Have search find the workshops as they are now; give how many entries it reads."""
    read = 0
    for member in members if members is not None else list(Member.objects.order_by("slug")):
        try:
            read += make_workshops_findable(member)
        except Exception as error:
            _note(error)
    return read


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
