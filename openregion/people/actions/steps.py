"""What every deed of the room does the same way: hold what is decided, write its line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from openregion.people.models import Authority, Member, Membership, User
from openregion.record.actions import write_line
from openregion.record.models import JournalLine


def journal(verb: str, subject: Any, member: Member, by: User, at: dt.datetime, **facts: Any) -> JournalLine:
    """Write the line of a deed about a subject."""
    parent = facts.pop("parent", None)
    return write_line(
        room="people",
        verb=verb,
        subject_type=type(subject).__name__,
        subject_uid=getattr(subject, "uid", member.slug),
        member_code=member.slug,
        by_ref=by.reference,
        at=at,
        facts=facts,
        parent=parent,
    )


def hold(member: Member, authority: Authority | None = None) -> list[Member]:
    """Lock a member, and those who share one of its authorities, until the deed is written.

    Two people who do the same deed at once meet here: what the rule read
    before the deed is still true after it. Always in the same order, so that
    nobody waits for each other.
    """
    sharing = Membership.objects.filter(authority=authority).values("member")
    held = Member.objects.select_for_update(no_key=True).filter(Q(pk=member.pk) | Q(pk__in=sharing)).order_by("pk")
    return list(held)
