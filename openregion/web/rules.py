"""What the pages that cross rooms refuse, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openregion.people.models import Member

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
