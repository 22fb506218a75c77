"""Hearing what people say of each other's suggestions: votes, comments, flags; votes taken elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from openregion.consultation import codes, mails, rules
from openregion.consultation.actions.steps import code_again, free_code, held, journal, next_number
from openregion.consultation.actions.words import Received
from openregion.consultation.models import Comment, Consultation, Contribution, Flag, Vote
from openregion.core.refusal import refuse_if
from openregion.core.safe import clean_text
from openregion.people.models import Member, User
from openregion.record.models import JournalLine

TRIES = 5  # two presses at once meet at the second; nobody presses five times within one


@transaction.atomic
def cast_vote(suggestion: Contribution, *, voter: str, value: int, at: dt.datetime, browser: str = "") -> Vote:
    """Count a voice on a published suggestion: agree (1), disagree (-1) or pass (0).

    One voice each, that may change: a change is a further line of the ledger,
    which says what it replaces. The same again adds nothing. No row is locked:
    two presses at once want the same turn, the table lets one through, and the
    other reads again. An account names the ``browser`` that it speaks from: what
    was said there without the account ends, so that one person counts once; a
    browser that keeps no key comes under another name at each press, and the
    same answer ends nothing more there. Nothing goes to the journal. Raises ``Refused`` when the rule says no.
    """
    refuse_if(rules.why_not_vote(suggestion, value=value, at=at))
    line, new = _said(suggestion, voter, value, at)
    if browser and (new or Vote.objects.filter(suggestion=suggestion, voter=browser).exists()):
        _said(suggestion, browser, None, at)
    return line


def _said(suggestion: Contribution, voter: str, value: int | None, at: dt.datetime) -> tuple[Vote, bool]:
    """Write what a voter says next, or that their voice ends; the line there is, where it says that already.

    Say whether the line is new.
    """
    ledger = Vote.objects.filter(suggestion=suggestion, voter=voter).order_by("-turn")
    for left in reversed(range(TRIES)):
        last = ledger.first()
        if last is not None and last.value == value:
            return last, False
        turn, was = (last.turn + 1, last.value) if last else (1, None)
        if value is not None:
            refuse_if(rules.why_not_change(turn, ended=last is not None and last.value is None))
        try:
            with transaction.atomic():
                line = Vote.objects.create(suggestion=suggestion, voter=voter, turn=turn, value=value, was=was, at=at)
            return line, True
        except IntegrityError:
            if not left:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def give_comment(
    on: Contribution,
    *,
    text: str,
    lang: str,
    at: dt.datetime,
    author: User | None = None,
    reply_to: str = "",
    reply_lang: str = "",
    ticket: str = "",
    mail_code: bool = True,
    signals: Sequence[str] = (),
) -> Received:
    """Receive a comment on a published suggestion and hand its author a tracking code at once.

    A contribution like another: read before it is published, or after, as the
    consultation says; what bears a sign of a machine waits for a person. The
    same ``ticket`` twice gives the same comment and the same code. Raises
    ``Refused`` when the rule says no.
    """
    consultation, member = on.consultation, on.member
    ticket = ticket or codes.new_ticket()
    mark = codes.ticket_hashed(ticket)
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if already := Contribution.everything.filter(ticket_hash=mark).first():
        refuse_if(rules.why_not_again(already, consultation))
        return Received(already, code_again(already, ticket), new=False)
    text = clean_text(text)
    refuse_if(rules.why_not_comment(on, text=text, at=at))
    at_once = consultation.reads == Consultation.Reads.AFTER and not signals
    number, code = next_number(member), free_code(ticket)
    comment = Contribution.everything.create(
        member=member,
        consultation=consultation,
        kind=Contribution.Kind.COMMENT,
        number=number,
        words={"text": text},
        lang=lang,
        channel=Contribution.Channel.ONLINE,
        received_at=at,
        author=author,
        reply_to=reply_to,
        reply_lang=reply_lang,
        code_hash=codes.hashed(code),
        ticket_hash=mark,
        signals=list(signals),
        moderation=Contribution.Moderation.PUBLISHED if at_once else Contribution.Moderation.PENDING,
        moderated_at=at if at_once else None,
    )
    Comment.objects.create(contribution=comment, on=on)
    journal("give_comment", comment, member, "", at, number=number, on=on.number)
    if reply_to and mail_code:
        transaction.on_commit(lambda: mails.hand_code(comment, code))
    return Received(comment, code)


@transaction.atomic
def flag_contribution(contribution: Contribution, *, reason: str, reader: str, at: dt.datetime) -> Flag:
    """Let a reader tell the moderators that something published should not be, and why.

    One reader flags a thing once: again changes nothing. The journal says that
    it was flagged, never by whom. Raises ``Refused`` when the rule says no.
    """
    contribution = held(contribution)
    refuse_if(rules.why_not_flag(contribution, reason=reason))
    known = Flag.objects.filter(contribution=contribution, reader=reader).first()
    if known is not None:
        return known
    flag = Flag.objects.create(contribution=contribution, reason=reason, reader=reader, at=at)
    journal("flag_contribution", contribution, contribution.member, "", at, number=contribution.number)
    return flag


@transaction.atomic
def settle_flags(contribution: Contribution, *, by: User, at: dt.datetime) -> int:
    """Settle what readers flagged on a contribution: it stays as it is. Say how many flags this settled.

    Hiding it is another deed (``hide_contribution``). Settled again, nothing is
    left to settle and nothing is written. Raises ``Refused`` when the rule says no.
    """
    contribution = held(contribution)
    refuse_if(rules.why_not_settle_flags(by, contribution))
    settled = Flag.objects.filter(contribution=contribution, settled_at=None).update(settled_at=at)
    if settled:
        journal("settle_flags", contribution, contribution.member, by.reference, at, number=contribution.number)
    return settled


@transaction.atomic
def import_votes(
    consultation: Consultation, *, source: str, figures: Mapping[str, int], by: User, at: dt.datetime
) -> JournalLine:
    """Have statements and votes taken elsewhere read into a consultation, under this one line.

    ``figures`` are what the files hold, counted before anything is written. Asked
    again of the same files, stopped or read to their end, it goes on under the
    line it had. What moderators of that conversation set aside stays so: this
    deed takes their word. Raises ``Refused`` when the rule says no.
    """
    member = consultation.cycle.member
    refuse_if(rules.why_not_import_votes(by, member))
    facts: dict[str, Any] = {"consultation": consultation.slug, "source": source, **figures}
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # two readings at once meet here: one line
    before = JournalLine.objects.filter(verb="import_votes", subject_uid=consultation.uid)
    known = next((line for line in before if line.facts == facts), None)
    return known or journal("import_votes", consultation, member, by.reference, at, **facts)
