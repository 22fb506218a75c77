"""What the pages that cross rooms refuse, and why."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.cycle.models import Cycle, HandOver
from openregion.people.models import Member, User
from openregion.people.rules import roles_of, why_not_allowed

LOOPBACK = frozenset({"127.0.0.1", "::1"})
HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})


def is_a_proxys_mark(header: str) -> bool:
    """Say whether a request's header is one that a proxy adds: the visitor is then not on this machine."""
    return header.lower().startswith("x-forwarded") or header.lower() in {"forwarded", "via", "x-real-ip"}


def why_not_enter_demonstration(member: Member, *, remote: str, host: str, forwarded: bool) -> str:
    """Say why one may not enter the demonstration as one of its people; empty when one may.

    Its people have no password and anyone may be them, so the door opens only
    to a browser on the same machine, with no proxy in between.
    """
    if not member.invented:
        return _("Only an invented Region can be entered without an account. Sign in with yours.")
    if forwarded or remote not in LOOPBACK or host.rsplit(":", 1)[0] not in HERE:
        return _("The demonstration's staff pages open only on the machine that runs it. Install it on yours: ./run")
    return ""


# A state, and the deed of the page that leads to another.
MOVES: dict[HandOver.State, dict[str, HandOver.State]] = {
    HandOver.State.WAITING: {"begin": HandOver.State.RUNNING, "stop": HandOver.State.STOPPED},
    HandOver.State.RUNNING: {
        "end": HandOver.State.DONE,
        "stop": HandOver.State.STOPPED,
        "fail": HandOver.State.FAILED,
    },
    HandOver.State.STOPPED: {},
    HandOver.State.DONE: {},
    HandOver.State.FAILED: {},
}
LOST_AFTER = dt.timedelta(minutes=10)  # one large file takes seconds; ten minutes without a move is a lost worker


def is_being_made(making: HandOver, *, at: dt.datetime) -> bool:
    """Say whether a pack waits for the worker or is being written, and has not lost whoever writes it."""
    if making.state == HandOver.State.WAITING:
        return True
    return making.state == HandOver.State.RUNNING and at - (making.moved_at or making.asked_at) <= LOST_AFTER


def why_not_hand_over(by: User, cycle: Cycle) -> str:
    """Say why the hand-over pack of a cycle may not be asked; empty when it may."""
    if reason := why_not_allowed(by, "hand_over", cycle.member):
        return reason
    now = timezone.now()
    making = HandOver.objects.filter(cycle=cycle, state__in=[HandOver.State.WAITING, HandOver.State.RUNNING])
    if any(is_being_made(one, at=now) for one in making):
        return _("The pack of this cycle is being made. Wait until it is ready, or stop it first.")
    return ""


def why_not_work_here(user: User | AnonymousUser, member: Member) -> str:
    """Say why someone has no desk here; empty when they hold a role today."""
    if roles_of(user, member):
        return ""
    return _("The desk is for those who hold a role here. Ask the administrator of the space to give you one.")
