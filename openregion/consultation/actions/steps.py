"""What every deed of the room does the same way: hold what is decided, write its line, have search find it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openregion.consultation import queries
from openregion.consultation.models import Contribution
from openregion.people.models import Member
from openregion.record.actions import forget_entry, index_entry, write_line
from openregion.record.models import JournalLine


def journal(verb: str, subject: Any, member: Member, by_ref: str, at: dt.datetime, **facts: Any) -> JournalLine:
    """Write the line of a deed in the journal."""
    parent = facts.pop("parent", None)
    return write_line(
        room="consultation",
        verb=verb,
        subject_type=type(subject).__name__,
        subject_uid=subject.uid,
        member_code=member.slug,
        by_ref=by_ref,
        at=at,
        facts=facts,
        parent=parent,
    )


def held(contribution: Contribution) -> Contribution:
    """Lock and read again what is being decided: two moderators at once meet here."""
    held = Contribution.everything.select_for_update(of=("self",), no_key=True)
    return held.select_related("member", "consultation__cycle__member").get(pk=contribution.pk)


def make_findable(contribution: Contribution) -> None:
    """Have search find what is public, and nothing else whoever asks."""
    if contribution.moderation != Contribution.Moderation.PUBLISHED:
        return
    if contribution.withdrawn_at or contribution.erased_at:
        return
    for entry in queries.entries_of_suggestion(contribution):
        index_entry(member_code=contribution.member.slug, **entry)


def make_unfindable(contribution: Contribution) -> None:
    """Have search find it no more."""
    forget_entry(member_code=contribution.member.slug, kind="suggestion", subject_uid=contribution.uid)
