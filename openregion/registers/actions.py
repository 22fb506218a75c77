"""What people write in the registers: an exchange with those who help and decide, an activity among peers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.people.models import Contact, Member, User
from openregion.record.actions import index_entry, write_line
from openregion.record.models import JournalLine, StoredFile
from openregion.registers import queries, rules
from openregion.registers.models import Exchange, PeerActivity


@transaction.atomic
def log_exchange(
    *,
    member: Member,
    party: str,
    channel: str,
    direction: str,
    on: dt.date,
    subject: OfficialText,
    by: User,
    at: dt.datetime,
    summary: OfficialText | None = None,
    contact: Contact | None = None,
    file: StoredFile | None = None,
    wants_answer_by: dt.date | None = None,
    answers: Exchange | None = None,
) -> Exchange:
    """Log a message, call or meeting with the support unit, the national point of contact or OGP (row A6).

    The public reads with whom, when, by which means and about what; the summary
    and the file stay with the team. Raises ``Refused`` when the rule says no.
    """
    said: dict[str, Any] = {
        "party": party,
        "channel": channel,
        "direction": direction,
        "on": on,
        "subject": subject,
        "contact": contact,
        "file": file,
        "wants_answer_by": wants_answer_by,
        "answers": answers,
    }
    _hold(member)
    refuse_if(rules.why_not_log_exchange(by, member, **said))
    exchange = Exchange.objects.create(member=member, **said, summary=summary or {})
    _line("log_exchange", exchange, by, at, party=party, direction=direction, on=on.isoformat())
    return exchange


@transaction.atomic
def record_peer_activity(
    *,
    member: Member,
    kind: str,
    scope: str,
    part: str,
    title: OfficialText,
    starts_on: dt.date,
    by: User,
    at: dt.datetime,
    ends_on: dt.date | None = None,
    partners: str = "",
    place: str = "",
    learnt: OfficialText | None = None,
    file: StoredFile | None = None,
) -> PeerActivity:
    """Record a peer-exchange or support activity, offered or attended, and what was learnt (row A4).

    Raises ``Refused`` when the rule says no.
    """
    said: dict[str, Any] = {"kind": kind, "scope": scope, "part": part, "title": title, "file": file}
    said |= {"starts_on": starts_on, "ends_on": ends_on, "learnt": learnt or {}}
    _hold(member)
    refuse_if(rules.why_not_record_peer_activity(by, member, **said))
    activity = PeerActivity.objects.create(member=member, **said, partners=partners, place=place)
    _line("record_peer_activity", activity, by, at, kind=kind, scope=scope, part=part)
    for entry in queries.entries_of_activity(activity):
        index_entry(member_code=member.slug, **entry)
    return activity


def _hold(member: Member) -> None:
    """Lock the member until the deed is written."""
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)


def _line(verb: str, subject: Exchange | PeerActivity, by: User, at: dt.datetime, **facts: Any) -> JournalLine:
    return write_line(
        room="registers",
        verb=verb,
        subject_type=type(subject).__name__,
        subject_uid=subject.uid,
        member_code=subject.member.slug,
        by_ref=by.reference,
        at=at,
        facts=facts,
    )
