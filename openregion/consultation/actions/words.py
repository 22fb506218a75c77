"""Receiving what people give; letting its author withdraw it, or have it erased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from openregion.analysis.tongue import in_its_letters
from openregion.consultation import capture_passes, codes, mails, rules
from openregion.consultation.actions.attachments import attach, forget_files
from openregion.consultation.actions.following import forget_followers
from openregion.consultation.actions.masking import forget_around, original_words
from openregion.consultation.actions.steps import (
    code_again,
    free_code,
    held,
    journal,
    make_findable,
    make_unfindable,
    named,
    next_number,
)
from openregion.consultation.models import (
    ERASED,
    AssistedEntry,
    Charge,
    Consultation,
    Contribution,
    Suggestion,
    Theme,
    Workshop,
)
from openregion.core.refusal import refuse_if
from openregion.core.safe import clean_text
from openregion.cycle.models import Cycle
from openregion.people.models import Member, Territory, User
from openregion.record.arrival import Arrived
from openregion.record.models import JournalLine


@dataclass(frozen=True)
class Origin:
    """Where an imported row comes from: its source, and its id or its words' hash and occurrence."""

    source: str
    source_id: str = ""
    row_hash: str = ""
    occurrence: int = 0


@dataclass(frozen=True)
class Received:
    """What an author is handed at once: the contribution, the code that only they have, and whether it is new."""

    contribution: Contribution
    code: str
    new: bool = True


@transaction.atomic
def receive_suggestion(
    consultation: Consultation,
    *,
    words: Mapping[str, str],
    lang: str,
    channel: str,
    at: dt.datetime,
    received_at: dt.datetime | None = None,
    theme: Theme | None = None,
    province: Territory | None = None,
    author: User | None = None,
    reply_to: str = "",
    reply_lang: str = "",
    ticket: str = "",
    mail_code: bool = True,
    origin: Origin | None = None,
    workshop: Workshop | None = None,
    charge: Charge | None = None,
    parent: JournalLine | None = None,
    signals: Sequence[str] = (),
    adds_to: Contribution | None = None,
    files: Sequence[tuple[str, Arrived]] = (),
    assistance: AssistedEntry | None = None,
) -> Received:
    """Receive a suggestion and hand its author a tracking code at once.

    With or without an account. The code is stored hashed; the journal says that
    a suggestion came, never by whom. The same ``ticket`` twice in the same
    consultation gives the same suggestion and the same code; what was erased
    does not come back so. Without ``mail_code`` the address left is told the
    steps that follow, and the code is read on the page alone. ``files`` are
    what was given with the words, each under its kind, looked at before. Where
    the consultation reads after, words are published as they arrive, unless
    something says that a machine wrote them (``signals``) or a file comes with
    them: what a file shows, only a person sees. What a ``workshop`` said keeps
    the name of its workshop, for the report of that meeting, and that of the
    ``charge`` whose pass brought it, for the team. An imported row
    (``origin``) has no author to hand a code to, may come from a consultation
    that has closed, and was ``received_at`` another day than it is read in.
    What another wrote down for somebody comes with ``assistance``, which says
    that the person agreed, and no other way. Raises ``Refused`` when the rule
    says no.
    """
    member = consultation.cycle.member
    ticket = "" if origin else ticket or codes.new_ticket()
    mark = codes.ticket_hashed(ticket) if ticket else ""
    # The member's row is the queue in which numbers are given out, and where the same form sent twice meets itself.
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if mark and (already := Contribution.everything.filter(ticket_hash=mark).first()):
        refuse_if(rules.why_not_again(already, consultation))
        return Received(already, code_again(already, ticket), new=False)
    kept = {part: text for part, said in words.items() if (text := clean_text(said))}
    given_at = received_at or at  # what was said in a room or written on paper is asked of the day it was given
    refuse_if(
        rules.why_not_suggest(
            consultation, kept, lang=lang, at=given_at, imported=origin is not None, province=province,
            with_files=bool(files),
        )
        or rules.why_not_attach(files)
        or rules.why_not_add_to(adds_to, consultation)
        or rules.why_not_without_consent(channel, consented=assistance is not None, imported=origin is not None)
    )  # fmt: skip
    lang = in_its_letters(lang, " ".join(kept.values()))
    reads_after = consultation.reads == Consultation.Reads.AFTER
    arrived_at = at if at > given_at and origin is None else None  # an imported row arrived where it comes from
    at_once = reads_after and origin is None and not signals and not files
    number, code = next_number(member), free_code(ticket) if ticket else ""
    origin = origin or Origin(capture_passes.source_of(workshop, charge) if workshop else "")
    contribution = Contribution.objects.create(
        member=member,
        consultation=consultation,
        number=number,
        words=kept,
        lang=lang,
        channel=channel,
        received_at=given_at,
        arrived_at=arrived_at,
        author=author,
        reply_to=reply_to,
        reply_lang=reply_lang,
        code_hash=codes.hashed(code) if code else "",
        ticket_hash=mark,
        signals=list(signals),
        moderation=Contribution.Moderation.PUBLISHED if at_once else Contribution.Moderation.PENDING,
        moderated_at=at if at_once else None,
        source=origin.source,
        source_id=origin.source_id,
        row_hash=origin.row_hash,
        occurrence=origin.occurrence,
    )
    Suggestion.objects.create(contribution=contribution, theme=theme, province=province, adds_to=adds_to)
    if assistance is not None:
        assistance.contribution = contribution
        assistance.save(force_insert=True)
    attach(contribution, files=files, at=at)
    journal("receive_suggestion", contribution, member, "", at, parent=parent, number=number, lang=lang)
    make_findable(contribution)
    if reply_to and mail_code:
        # The one message that holds the code: it is written now and never again.
        transaction.on_commit(lambda: mails.hand_code(contribution, code))
    return Received(contribution, code)


@transaction.atomic
def withdraw_contribution(contribution: Contribution, *, at: dt.datetime) -> Contribution:
    """Let an author, known by their code or account, withdraw their words from public view.

    Raises ``Refused`` when the rule says no.
    """
    contribution = held(contribution)
    refuse_if(rules.why_not_withdraw(contribution))
    contribution.withdrawn_at = at
    contribution.save(update_fields=["withdrawn_at"])
    journal("withdraw_contribution", contribution, contribution.member, "", at, **named(contribution))
    make_unfindable(contribution)
    return contribution


@transaction.atomic
def erase_contribution(contribution: Contribution, *, at: dt.datetime, by: User | None = None) -> Contribution:
    """Erase a person's words and all that leads to them, for good.

    Its number, its day, its theme and province, what was decided on it stay: the
    public count remains true (law 09-08, and the duty to keep the record whole).
    What was given with them (photo, recording, document, the paper form they
    were typed from) leaves the disk. An imported row leaves a mark by which it
    is not read in again. Raises
    ``Refused`` when the rule says no.
    """
    contribution = held(contribution)
    refuse_if(rules.why_not_erase(by, contribution))
    said = original_words(contribution)
    mark = codes.tombstone(*codes.what_is_said(said)) if contribution.row_hash else ""
    own = codes.tombstone(contribution.source, contribution.source_id) if contribution.source_id else ""
    alike = Contribution.objects.filter(consultation=contribution.consultation, row_hash=mark, source=ERASED)
    contribution.words, contribution.author, contribution.erased_at = {}, None, at
    contribution.reply_to = contribution.reply_lang = contribution.code_hash = ""
    contribution.occurrence = alike.count() if mark else 0
    contribution.source, contribution.source_id, contribution.row_hash = ERASED if mark or own else "", own, mark
    contribution.signals = []
    contribution.save()
    contribution.notices.filter(sent_at=None).delete()
    contribution.flags.all().delete()
    AssistedEntry.objects.filter(contribution=contribution).update(helper=None, organisation="")
    forget_around(contribution)
    forget_files(contribution)
    reference = by.reference if by else ""
    journal("erase_contribution", contribution, contribution.member, reference, at, **named(contribution))
    make_unfindable(contribution)
    return contribution


@transaction.atomic
def forget_addresses(cycle: Cycle, *, at: dt.datetime) -> int:
    """Forget how to reach the authors of a cycle whose follow-up is over, and who follows it; say how many went.

    Nothing is left to tell them, so nothing is kept to tell it with (law 09-08, article 3).
    """
    told = Contribution.everything.filter(consultation__cycle=cycle).exclude(reply_to="", author=None)
    gone = told.update(reply_to="", reply_lang="", author=None) + forget_followers(cycle)
    if gone:
        journal("forget_addresses", cycle, cycle.member, "", at, addresses=gone)
    return gone
