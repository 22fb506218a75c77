"""Who may have a file of contributions read in."""

from __future__ import annotations

from openregion.people.models import Member, User
from openregion.people.rules import why_not_allowed


def why_not_import(by: User, member: Member) -> str:
    """Say why a person may not read a file of contributions in; empty when they may."""
    return why_not_allowed(by, "import_contributions", member)
