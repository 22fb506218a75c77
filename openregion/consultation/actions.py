"""Receiving what people give, and moderating it. One deed, one transaction, one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from openregion.consultation import codes, mails, queries, rules
from openregion.consultation.models import ERASED, Consultation, Contribution, Import, Notice, Suggestion, Theme
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.core.safe import clean_text
from openregion.cycle.actions import prove_operations
from openregion.cycle.models import Cycle
from openregion.people.models import Member, Territory, User
from openregion.people.rules import why_not_allowed
from openregion.record.actions import forget_entry, index_entry, write_line
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


def _line(verb: str, subject: Any, member: Member, by_ref: str, at: dt.datetime, **facts: Any) -> JournalLine:
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


@transaction.atomic
def open_consultation(
    cycle: Cycle,
    *,
    slug: str,
    title: OfficialText,
    question: OfficialText,
    themes: Sequence[tuple[str, OfficialText]],
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    by: User,
    at: dt.datetime,
    stage: str = "",
) -> Consultation:
    """Put a question to the public between two instants, with the themes it is read under.

    Raises ``Refused`` when the rule says no.
    """
    refuse_if(rules.why_not_open_consultation(by, cycle, slug=slug, opens_at=opens_at, closes_at=closes_at))
    consultation = Consultation.objects.create(
        cycle=cycle, slug=slug, stage=stage, title=title, question=question, opens_at=opens_at, closes_at=closes_at
    )
    for rank, (code, name) in enumerate(themes):
        Theme.objects.create(consultation=consultation, code=code, name=name, rank=rank)
    days = {"opens_on": localdate(opens_at).isoformat(), "closes_on": localdate(closes_at).isoformat()}
    line = _line("open_consultation", consultation, cycle.member, by.reference, at, **days)
    prove_operations(cycle, deed="open_consultation", subject_uid=consultation.uid, parent=line, at=at)
    for entry in queries.entries_of_consultation(consultation):
        index_entry(member_code=cycle.member.slug, **entry)
    return consultation


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
    parent: JournalLine | None = None,
) -> Received:
    """Receive a suggestion and hand its author a tracking code at once.

    With or without an account. The code is stored hashed; the journal says that
    a suggestion came, never by whom nor through which channel: the line names
    one suggestion, and everyone reads it. The same ``ticket`` twice in the same
    consultation gives the same suggestion and the same code; what was erased
    does not come back so. Without ``mail_code`` the address left is told the
    steps that follow, and the code is read on the page alone. An imported row
    (``origin``) has no author to hand a code to, may come from a consultation
    that has closed, and was ``received_at`` another day than it is read in.
    Raises ``Refused`` when the rule says no.
    """
    member = consultation.cycle.member
    ticket = "" if origin else ticket or codes.new_ticket()
    mark = codes.ticket_hashed(ticket) if ticket else ""
    # The member's row is the queue in which numbers are given out, and where the same form sent twice meets itself.
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if mark and (already := Contribution.objects.filter(ticket_hash=mark).first()):
        refuse_if(rules.why_not_again(already, consultation))
        return Received(already, _code_again(already, ticket), new=False)
    kept = {part: text for part, said in words.items() if (text := clean_text(said))}
    refuse_if(
        rules.why_not_suggest(consultation, kept, lang=lang, at=at, imported=origin is not None, province=province)
    )
    number = (Contribution.objects.of(member).aggregate(last=Max("number"))["last"] or 0) + 1
    origin = origin or Origin("")
    code = _free_code(ticket) if ticket else ""
    contribution = Contribution.objects.create(
        member=member,
        consultation=consultation,
        number=number,
        words=kept,
        lang=lang,
        channel=channel,
        received_at=received_at or at,
        author=author,
        reply_to=reply_to,
        reply_lang=reply_lang,
        code_hash=codes.hashed(code) if code else "",
        ticket_hash=mark,
        source=origin.source,
        source_id=origin.source_id,
        row_hash=origin.row_hash,
        occurrence=origin.occurrence,
    )
    Suggestion.objects.create(contribution=contribution, theme=theme, province=province)
    _line("receive_suggestion", contribution, member, "", at, parent=parent, number=number, lang=lang)
    if reply_to and mail_code:
        # The one message that holds the code: it is written now and never again.
        transaction.on_commit(lambda: mails.hand_code(contribution, code))
    return Received(contribution, code)


def _free_code(ticket: str) -> str:
    """Draw the code of a new contribution: the first of its ticket's that nobody has."""
    free = (one for one in codes.codes_of(ticket) if not Contribution.objects.filter(code_hash=codes.hashed(one)))
    return next(free)


def _code_again(contribution: Contribution, ticket: str) -> str:
    """Find again the code that a form's ticket gave a contribution: it is kept nowhere."""
    return next(one for one in codes.codes_of(ticket) if codes.hashed(one) == contribution.code_hash)


@transaction.atomic
def publish_contribution(
    contribution: Contribution, *, by: User, at: dt.datetime, parent: JournalLine | None = None
) -> Contribution:
    """Publish a contribution as it was given. Raises ``Refused`` when the rule says no."""
    contribution = _held(contribution)
    refuse_if(rules.why_not_publish(by, contribution))
    _moderate(contribution, Contribution.Moderation.PUBLISHED, at)
    number = contribution.number
    _line("publish_contribution", contribution, contribution.member, by.reference, at, number=number, parent=parent)
    _make_findable(contribution)
    tell_authors([contribution], step=Notice.Step.PUBLISHED, at=at)
    return contribution


@transaction.atomic
def hide_contribution(contribution: Contribution, *, reason: str, by: User, at: dt.datetime) -> Contribution:
    """Hide a contribution for a stated reason; its author is told it.

    It counts as answered only once that reason was sent, or read with the
    tracking code. Raises ``Refused`` when the rule says no.
    """
    contribution = _held(contribution)
    refuse_if(rules.why_not_hide(by, contribution, reason=reason))
    _moderate(contribution, Contribution.Moderation.HIDDEN, at, reason)
    number = contribution.number
    _line("hide_contribution", contribution, contribution.member, by.reference, at, number=number, reason=reason)
    _make_unfindable(contribution)
    tell_authors([contribution], step=Notice.Step.HIDDEN, at=at)
    return contribution


@transaction.atomic
def mark_spam(contribution: Contribution, *, by: User, at: dt.datetime) -> Contribution:
    """Set spam aside: it leaves the count. Raises ``Refused`` when the rule says no."""
    contribution = _held(contribution)
    refuse_if(rules.why_not_mark_spam(by, contribution))
    _moderate(contribution, Contribution.Moderation.SPAM, at)
    _line("mark_spam", contribution, contribution.member, by.reference, at, number=contribution.number)
    _make_unfindable(contribution)
    return contribution


@transaction.atomic
def place_suggestion(
    contribution: Contribution,
    *,
    theme: Theme | None,
    province: Territory | None,
    lang: str,
    by: User,
    at: dt.datetime,
) -> Contribution:
    """Read a suggestion under another theme, province or language; the words themselves never change.

    Raises ``Refused`` when the rule says no.
    """
    contribution = _held(contribution)
    theme_of = theme.consultation if theme else None
    refuse_if(rules.why_not_place(by, contribution, theme_of=theme_of, lang=lang, province=province))
    Suggestion.objects.filter(contribution=contribution).update(theme=theme, province=province)
    contribution.lang = lang
    contribution.save(update_fields=["lang"])
    facts: dict[str, Any] = {"number": contribution.number}
    if contribution.moderation == Contribution.Moderation.PUBLISHED:  # what is not public is told by its number alone
        facts |= {"theme": theme.code if theme else "", "lang": lang}
    _line("place_suggestion", contribution, contribution.member, by.reference, at, **facts)
    _make_unfindable(contribution)
    _make_findable(contribution)
    return contribution


@transaction.atomic
def withdraw_contribution(contribution: Contribution, *, at: dt.datetime) -> Contribution:
    """Let an author, known by their code or account, withdraw their words from public view.

    Raises ``Refused`` when the rule says no.
    """
    contribution = _held(contribution)
    refuse_if(rules.why_not_withdraw(contribution))
    contribution.withdrawn_at = at
    contribution.save(update_fields=["withdrawn_at"])
    _line("withdraw_contribution", contribution, contribution.member, "", at, number=contribution.number)
    _make_unfindable(contribution)
    return contribution


@transaction.atomic
def erase_contribution(contribution: Contribution, *, at: dt.datetime, by: User | None = None) -> Contribution:
    """Erase a person's words and all that leads to them, for good.

    Its number, its day, its theme and province, what was decided on it stay: the
    public count remains true (law 09-08, and the duty to keep the record whole).
    An imported row leaves a mark by which it is not read in again. Raises
    ``Refused`` when the rule says no.
    """
    contribution = _held(contribution)
    refuse_if(rules.why_not_erase(by, contribution))
    mark = codes.tombstone(*codes.what_is_said(contribution.words)) if contribution.row_hash else ""
    own = codes.tombstone(contribution.source, contribution.source_id) if contribution.source_id else ""
    alike = Contribution.objects.filter(consultation=contribution.consultation, row_hash=mark, source=ERASED)
    contribution.words, contribution.author, contribution.erased_at = {}, None, at
    contribution.reply_to = contribution.reply_lang = contribution.code_hash = ""
    contribution.occurrence = alike.count() if mark else 0
    contribution.source, contribution.source_id, contribution.row_hash = ERASED if mark or own else "", own, mark
    contribution.save()
    contribution.notices.filter(sent_at=None).delete()
    reference = by.reference if by else ""
    _line("erase_contribution", contribution, contribution.member, reference, at, number=contribution.number)
    _make_unfindable(contribution)
    return contribution


@transaction.atomic
def forget_addresses(cycle: Cycle, *, at: dt.datetime) -> int:
    """Forget how to reach the authors of a cycle whose follow-up is over; say how many addresses went.

    Nothing is left to tell them, so nothing is kept to tell it with (law 09-08, article 3).
    """
    told = Contribution.objects.filter(consultation__cycle=cycle).exclude(reply_to="", author=None)
    gone = told.update(reply_to="", reply_lang="", author=None)
    if gone:
        _line("forget_addresses", cycle, cycle.member, "", at, addresses=gone)
    return gone


@transaction.atomic
def tell_reason(contribution: Contribution, *, at: dt.datetime) -> Contribution:
    """Note that the author has been told why their words are hidden: by message, or reading it with their code."""
    contribution = _held(contribution)
    mails.note_reason_told(contribution, at=at)
    return contribution


@transaction.atomic
def tell_authors(
    contributions: Sequence[Contribution], *, step: str, at: dt.datetime, facts: dict[str, Any] | None = None
) -> int:
    """Have the authors who left an address told of a step; say how many will be.

    A higher room's deed calls this in its own transaction; the messages leave after it.
    """
    told = [one for one in contributions if one.reply_to and not (one.erased_at or one.withdrawn_at)]
    Notice.objects.bulk_create(Notice(contribution=one, step=step, facts=facts or {}, made_at=at) for one in told)
    if told:
        transaction.on_commit(mails.send_waiting.enqueue)
    return len(told)


@transaction.atomic
def import_contributions(reading: Import, *, by: User, at: dt.datetime) -> JournalLine:
    """Have a file of contributions read in: each of its rows will be a deed of its own, under this one line.

    Asked again of one that stopped, it goes on under the line it had. Publishing
    the rows at once asks for the right to publish. Raises ``Refused`` when the
    rule says no, or when the file is being read or has been.
    """
    member = reading.consultation.cycle.member
    refuse_if(rules.why_not_import(by, member))
    if reading.publish:
        refuse_if(why_not_allowed(by, "publish_contribution", member))
    waiting = [Import.State.CHECKED, Import.State.STOPPED, Import.State.FAILED]
    taken = Import.objects.filter(pk=reading.pk, state__in=waiting).update(
        state=Import.State.WAITING, by=by, asked_to_stop_at=None, moved_at=at, ended_at=None
    )
    refuse_if("" if taken else _("This file is being read in, or has been. Look at how far it is."))
    reading.refresh_from_db()
    before = JournalLine.objects.filter(verb="import_contributions", subject_type="Import", subject_uid=reading.uid)
    facts = {"consultation": reading.consultation.slug, "publish": reading.publish}
    return before.first() or _line("import_contributions", reading, member, by.reference, at, **facts)


def _held(contribution: Contribution) -> Contribution:
    """Lock and read again what is being decided: two moderators at once meet here."""
    held = Contribution.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("member", "consultation__cycle__member").get(pk=contribution.pk)


def _moderate(contribution: Contribution, state: str, at: dt.datetime, reason: str = "") -> None:
    contribution.moderation, contribution.moderated_at, contribution.hidden_for = state, at, reason
    contribution.reason_told_at = None
    contribution.save(update_fields=["moderation", "moderated_at", "hidden_for", "reason_told_at"])


def _make_findable(contribution: Contribution) -> None:
    """Have search find what is public, and nothing else whoever asks."""
    if contribution.moderation != Contribution.Moderation.PUBLISHED:
        return
    if contribution.withdrawn_at or contribution.erased_at:
        return
    for entry in queries.entries_of_suggestion(contribution):
        index_entry(member_code=contribution.member.slug, **entry)


def _make_unfindable(contribution: Contribution) -> None:
    forget_entry(member_code=contribution.member.slug, kind="suggestion", subject_uid=contribution.uid)
