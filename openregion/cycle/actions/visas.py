"""What becomes of a decision after the vote: sent for control, received, its visa, its publication."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.actions.letters import draft_letter
from openregion.cycle.actions.steps import hold, journal
from openregion.cycle.actions.turns import prove_operations
from openregion.cycle.models import Deliberation
from openregion.cycle.queries.council import entries_of_deliberation, facts_of_deliberation
from openregion.cycle.rules import visas as rules
from openregion.people.models import User
from openregion.record.actions import index_entry
from openregion.record.models import JournalLine, StoredFile


def _line(verb: str, one: Deliberation, by: User, at: dt.datetime, **facts: Any) -> JournalLine:
    """Write a line that names a decision by what everyone knows of it: its number once it is published, else its file.

    A decision that had no file was told with its number from the first.
    """
    named: dict[str, Any] = {"number": one.act.number, "dated_on": one.act.dated_on.isoformat()}
    if one.proposal and not one.published_on:
        named = {"kind": one.cycle.kind, "cycle": one.cycle.number, "file": one.proposal.number}
    return journal(verb, one, one.cycle.member, by.reference, at, **named, **facts)


@transaction.atomic
def send_for_control(
    one: Deliberation, *, sent_on: dt.date, asks_visa: bool, by: User, at: dt.datetime, confirmed: bool = False
) -> Deliberation:
    """Record the day a decision was sent to the administrative authority, and draft the letter that carries it.

    ``asks_visa`` says that the visa is asked for: the guide asks it for the
    plan, where sending without asking is ``confirmed``; the Region chooses it for
    the adhesion. Sent without it, a decision may be sent once more to ask for it:
    the day it was first sent stays. Raises ``Refused`` when the rule says no.
    """
    hold(one)
    refuse_if(rules.why_not_send_for_control(by, one, sent_on=sent_on, asks_visa=asks_visa, confirmed=confirmed))
    asked = asks_visa and one.decision == Deliberation.Decision.ADOPTED
    one.visa = Deliberation.Visa.AWAITED if asked else Deliberation.Visa.NOT_ASKED
    one.visa_asked_on = sent_on if asked else None
    one.sent_on = one.sent_on or sent_on
    one.save(update_fields=["sent_on", "visa", "visa_asked_on"])
    draft_letter(
        member=one.cycle.member,
        kind="deliberation-transmission",
        facts=facts_of_deliberation(one),
        by=by,
        at=at,
        cycle=one.cycle,
        subject_type="Deliberation",
        subject_uid=one.uid,
    )
    line = _line("send_for_control", one, by, at, day=sent_on.isoformat(), visa=one.visa)
    prove_operations(one.cycle, deed="send_for_control", subject_uid=one.uid, parent=line, at=at)
    return one


@transaction.atomic
def record_receipt(one: Deliberation, *, received_on: dt.date, by: User, at: dt.datetime) -> Deliberation:
    """Acknowledge receipt of a decision: the services of the Wali do it themselves, or the secretary from their stamp.

    The delays of opposition and visa run from that day. Raises ``Refused`` when the rule says no.
    """
    hold(one)
    refuse_if(rules.why_not_record_receipt(by, one, received_on=received_on))
    one.received_on = received_on
    one.save(update_fields=["received_on"])
    _line("record_receipt", one, by, at, day=received_on.isoformat())
    return one


@transaction.atomic
def record_visa(
    one: Deliberation,
    *,
    visa: str,
    visa_on: dt.date,
    by: User,
    at: dt.datetime,
    reasons: OfficialText | None = None,
    file: StoredFile | None = None,
    confirmed: bool = False,
) -> Deliberation:
    """Record the visa: granted, refused with its reasons, or tacit, which a person notes and the platform never does.

    ``confirmed`` and ``reasons`` let a person note a tacit visa before the day
    the platform computes. Raises ``Refused`` when the rule says no.
    """
    hold(one)
    said: dict[str, Any] = {"visa": visa, "visa_on": visa_on, "reasons": reasons, "file": file}
    refuse_if(rules.why_not_record_visa(by, one, **said, confirmed=confirmed))
    one.visa, one.visa_on, one.visa_reasons, one.visa_file = visa, visa_on, reasons or {}, file
    one.save(update_fields=["visa", "visa_on", "visa_reasons", "visa_file"])
    line = _line("record_visa", one, by, at, visa=visa, day=visa_on.isoformat())
    if visa != Deliberation.Visa.REFUSED:
        prove_operations(one.cycle, deed="record_visa", subject_uid=one.uid, parent=line, at=at)
    return one


@transaction.atomic
def publish_deliberation(one: Deliberation, *, by: User, at: dt.datetime) -> Deliberation:
    """Publish a deliberation: its text, its votes, its act; the state of its visa stands beside it and follows.

    Raises ``Refused`` when the rule says no.
    """
    hold(one)
    refuse_if(rules.why_not_publish_deliberation(by, one))
    act = hold(one.act)
    one.published_on, act.public = timezone.localdate(at), True
    one.save(update_fields=["published_on"])
    act.save(update_fields=["public"])
    votes = {name: getattr(one, name) for name in ("votes_for", "votes_against", "abstained")}
    line = _line("publish_deliberation", one, by, at, decision=one.decision, **votes)
    prove_operations(one.cycle, deed="publish_deliberation", subject_uid=one.uid, parent=line, at=at)
    for entry in entries_of_deliberation(one):
        index_entry(member_code=one.cycle.member.slug, **entry)
    return one
