"""The round of the day: each person of each team is told what waits for them, when something is new."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from openregion.people.models import Member
from openregion.web.actions import remind
from openregion.web.queries.reminders import Readers


@dataclass(frozen=True)
class Round:
    """What a round did."""

    read: int
    told: int

    def __str__(self) -> str:
        return f"read {self.read} people · told {self.told} · nothing new {self.read - self.told}"


def go_round(*, at: dt.datetime, members: list[Member] | None = None) -> Round:
    """Remind everyone who has something new to do; two rounds the same day tell once."""
    on, read, told = timezone.localdate(at), 0, 0
    for member in members if members is not None else Member.objects.order_by("slug"):
        readers = Readers(member, on)
        for user in readers:
            read += 1
            told += remind(user, member=member, lines=readers.lines_of(user), on=on, at=at)
    return Round(read, told)
