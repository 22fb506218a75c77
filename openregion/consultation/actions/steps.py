"""What every deed of the room does the same way: hold what is decided, write its line, have search find it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Max

from openregion.consultation import codes, queries, vectors
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


def next_number(member: Member) -> int:
    """Give the next number of the member's own series; its row is held meanwhile."""
    return (Contribution.everything.of(member).aggregate(last=Max("number"))["last"] or 0) + 1


def free_code(ticket: str) -> str:
    """Draw the code of a new contribution: the first of its ticket's that nobody has."""
    free = (one for one in codes.codes_of(ticket) if not Contribution.everything.filter(code_hash=codes.hashed(one)))
    return next(free)


def code_again(contribution: Contribution, ticket: str) -> str:
    """Find again the code that a form's ticket gave a contribution: it is kept nowhere."""
    return next(one for one in codes.codes_of(ticket) if codes.hashed(one) == contribution.code_hash)


def named(contribution: Contribution) -> dict[str, Any]:
    """Give the facts by which a line names words: their number, and that they are a comment when they are one."""
    kind = {} if contribution.kind == Contribution.Kind.SUGGESTION else {"kind": contribution.kind}
    return {"number": contribution.number, **kind}


def make_findable(contribution: Contribution) -> None:
    """Have search find what is public, and nothing else whoever asks; a comment is found with its suggestion."""
    if contribution.moderation != Contribution.Moderation.PUBLISHED or contribution.kind == Contribution.Kind.COMMENT:
        return
    if contribution.withdrawn_at or contribution.erased_at:
        return
    for entry in queries.entries_of_suggestion(contribution):
        index_entry(member_code=contribution.member.slug, **entry)
    vectors.ask_for_encoding()


def make_unfindable(contribution: Contribution) -> None:
    """Have search find it no more."""
    forget_entry(member_code=contribution.member.slug, kind="suggestion", subject_uid=contribution.uid)
    vectors.forget(contribution)
