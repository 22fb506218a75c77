"""What the commands that read files in share: which consultation, who does it, how far it is, how it is stopped."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import CommandError
from django.utils import timezone

from openregion.consultation.models import Consultation
from openregion.people.models import Appointment, Member, User
from openregion.people.rules import deeds_of


def consultation_named(name: str) -> Consultation:
    """Find a consultation by ``MEMBER/SLUG``. Raises ``CommandError`` when there is none."""
    slug, _, own = name.partition("/")
    found = Consultation.objects.filter(cycle__member__slug=slug, slug=own).select_related("cycle__member")
    if (one := found.latest_first().first()) is None:
        raise CommandError(f"No consultation is called {name!r}: write MEMBER/SLUG.", returncode=2)
    return one


def doer(email: str, member: Member, *, needs: Iterable[str] = ()) -> User:
    """Find who does it: the person named, else the first administrator, or the first person who may do all it needs.

    Raises ``CommandError`` when there is nobody.
    """
    if email:
        if (user := User.objects.filter(email=email.lower()).first()) is None:
            raise CommandError(f"Nobody signs in as {email!r}.", returncode=2)
        return user
    held = Appointment.objects.of(member).held_on(timezone.localdate()).select_related("user").order_by("pk")
    asked = frozenset(needs)
    people = [one.user for one in sorted(held, key=lambda one: one.role != "administrator")]
    if asked:
        people = [one for one in people if asked <= deeds_of(one, member)]
    elif not held.filter(role="administrator").exists():
        people = []
    if not people:
        missing = f"nobody who may {' and '.join(sorted(asked))}" if asked else "no administrator"
        raise CommandError(f"{member} has {missing}: say who does it with --by.", returncode=2)
    return people[0]


@contextmanager
def interrupted() -> Iterator[list[int]]:
    """Give a list that Ctrl+C fills the first time; the second time it interrupts as ever."""
    stop: list[int] = []

    def note(number: int, frame: Any) -> None:
        if stop:
            raise KeyboardInterrupt
        stop.append(number)

    try:
        before = signal.signal(signal.SIGINT, note)
    except ValueError:  # not the main thread: nobody presses Ctrl+C there
        yield stop
        return
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class Progress:
    """Says how far it is, every two seconds at most."""

    def __init__(self, total: int, told: Any | None) -> None:
        self._total, self._told = total, told
        self._began = self._last = time.monotonic()

    def __call__(self, read: int) -> bool:
        """Say how many rows were read, when it is time to; go on."""
        now = time.monotonic()
        if self._told is not None and (now - self._last > 2 or read == self._total):
            self._last = now
            share = 100 * read // (self._total or 1)
            self._told.write(f"{read:,} of {self._total:,} rows ({share} %) · {read / (now - self._began):,.0f} rows/s")
        return True
