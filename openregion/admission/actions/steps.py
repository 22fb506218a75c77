"""What every deed of the room does the same way: write its line in the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from openregion.people.models import Member, User
from openregion.record.actions import index_entry, write_line
from openregion.record.models import JournalLine


def journal(verb: str, subject: Any, member: Member, by: User, at: dt.datetime, **facts: Any) -> JournalLine:
    """Write the line of a deed: public facts only, never a name nor a word of an answer."""
    parent = facts.pop("parent", None)
    return write_line(
        room="admission",
        verb=verb,
        subject_type=type(subject).__name__,
        subject_uid=subject.uid,
        member_code=member.slug,
        by_ref=by.reference,
        at=at,
        facts=facts,
        parent=parent,
    )


def make_findable(member: Member, entries: Iterable[Mapping[str, Any]]) -> None:
    """Have search find a public page of the candidacy, in each working language."""
    for entry in entries:
        index_entry(member_code=member.slug, **entry)
