"""What a person is reminded of: their lines of the desk, and what is new since they were last told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils.translation import get_language, override

from openregion.core import dates
from openregion.core.due import Due
from openregion.guide import queries as guides
from openregion.people.models import Appointment, Digest, Member, OutgoingMail, User
from openregion.web.queries.desk import due_of, is_for

WEEK = dt.timedelta(days=7)
LOOKED_BACK = 60  # digests: enough days to find one that was not given up
# What a reminder speaks of, the most pressing first.
TOLD_OF = ("late", "week", "soon", "undated")
Told = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Reminder:
    """A line of a digest: what, by when, where, and the day it was said before when it moved."""

    key: str
    label: str
    url: str
    day: str
    was: str
    state: str


@dataclass(frozen=True)
class News:
    """What a digest would say: its lines, and what is then remembered as told."""

    lines: tuple[Reminder, ...]
    told: Told

    def of(self, state: str) -> tuple[Reminder, ...]:
        """Give the lines that stand alike."""
        return tuple(one for one in self.lines if one.state == state)


class Readers:
    """The people who may be reminded at a member, with their lines: each language's are computed once."""

    def __init__(self, member: Member, on: dt.date) -> None:
        self.member, self.on = member, on
        self._lines = lru_cache(maxsize=8)(self._read)

    def __iter__(self) -> Iterator[User]:
        """Give each person who holds a role today, has an address and did not ask for silence."""
        held = Appointment.objects.of(self.member).held_on(self.on).values("user")
        yield from User.objects.filter(pk__in=held, is_active=True, wants_digest=True).exclude(email="").order_by("pk")

    def lines_of(self, user: User) -> tuple[Due, ...]:
        """Give a person's own lines, in their language."""
        may = self._deeds.get(user.pk, frozenset())
        return tuple(line for line in self._lines(user.lang) if is_for(line, user, may))

    def _read(self, lang: str) -> tuple[Due, ...]:
        with override(lang):
            return due_of(self.member, self.on)

    @cached_property
    def _deeds(self) -> dict[int, frozenset[str]]:
        found: dict[int, frozenset[str]] = {}
        book = guides.guide(self.member.guide_version)
        listed = {role.code: frozenset(role.deeds) for role in book.roles}
        held = Appointment.objects.of(self.member).held_on(self.on)
        for user, role in held.values_list("user", "role"):
            found[user] = found.get(user, frozenset()) | listed.get(role, frozenset())
        return found


def state_of(line: Due, on: dt.date) -> str:
    """Say how pressing a line is: late, due within the week, soon, without a day; empty when nothing is asked yet."""
    state = line.state(on)
    if state == "soon" and line.day is not None and line.day <= on + WEEK:
        return "week"
    if state == "later" and line.day is None:
        return "undated"
    return state if state in TOLD_OF else ""


def once_of(user: User, on: dt.date) -> str:
    """Name the digest of a person on a day, without naming them in clear: it is queued once."""
    return f"digest {user.reference} {on.isoformat()}"


def told_before(user: User) -> dict[int, Digest]:
    """Give the last digest that reached a person, or is on its way, by member.

    One that was given up told nothing: what it said is still news.
    """
    found = list(Digest.objects.filter(user=user).order_by("-on")[:LOOKED_BACK])
    names = {once_of(user, one.on) for one in found}
    given_up = OutgoingMail.objects.filter(once__in=names, state=OutgoingMail.State.FAILED)
    lost = set(given_up.values_list("once", flat=True))
    last: dict[int, Digest] = {}
    for one in found:
        if once_of(user, one.on) not in lost:
            last.setdefault(one.member_id, one)
    return last


def news_for(lines: Sequence[Due], before: Mapping[str, Mapping[str, str]], on: dt.date) -> News | None:
    """Compare a person's lines with what they were told; nothing when nothing is worth a message.

    What is worth one: a line not told yet, one that became more pressing, a day
    that moved (a holiday was confirmed, a meeting put off). The message then
    says all that is late or due, so that it can be read alone.
    """
    found, told, worth = [], {}, False
    for line in lines:
        state, known = state_of(line, on), before.get(line.key)
        day = line.day.isoformat() if line.day else ""
        moved = bool(known) and known.get("day", "") != day  # type: ignore[union-attr]
        if not state and not moved:
            continue
        if not state and line.done_on is not None:
            continue
        fresh = known is None or moved or TOLD_OF.index(state) < TOLD_OF.index(known.get("state") or "undated")
        worth = worth or fresh
        found.append(_reminder(line, state or "soon", known.get("day", "") if known and moved else ""))
        told[line.key] = {"day": day, "state": state or "soon"}
    if not worth:
        return None
    return News(tuple(sorted(found, key=lambda one: TOLD_OF.index(one.state))), told)


def _reminder(line: Due, state: str, was: str) -> Reminder:
    lang = get_language() or "fr"
    return Reminder(
        key=line.key,
        label=line.label,
        url=line.url,
        day=dates.day(line.day, lang) if line.day else "",
        was=dates.day(dt.date.fromisoformat(was), lang) if was else "",
        state=state,
    )


def still_true(told: Mapping[str, dict[str, str]], lines: Iterable[Due]) -> Told:
    """Keep of what was told the lines that still stand: one that comes back later is new again."""
    standing = {line.key for line in lines if line.done_on is None}
    return {key: said for key, said in told.items() if key in standing}
