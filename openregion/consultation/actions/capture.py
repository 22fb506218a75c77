"""Taking down what a workshop says, with or without a network; the sheets of its tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction

from openregion.consultation import queries, rules, signals
from openregion.consultation.actions.masking import original_words
from openregion.consultation.actions.steps import journal
from openregion.consultation.actions.words import receive_suggestion
from openregion.consultation.models import Charge, Contribution, Sheet, SheetConflict, Theme, Workshop
from openregion.core.refusal import Refused, refuse_if
from openregion.core.safe import clean_text
from openregion.people.models import Territory, User

WORDINGS_KEPT_FOR = dt.timedelta(days=30)  # those that were joined, in case somebody must look again
Arrival = Literal["received", "already", "differs", "refused"]


@dataclass(frozen=True)
class Captured:
    """One contribution as a telephone kept it: its ticket from the start, its words, when it was said."""

    ticket: str
    words: Mapping[str, str]
    lang: str
    theme: Theme | None = None
    province: Territory | None = None
    said_at: dt.datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one contribution that was sent: received now or before, with other words, or refused and why."""

    ticket: str
    state: Arrival
    contribution: Contribution | None = None
    code: str = ""
    reason: str = ""


@dataclass(frozen=True)
class SentSheet:
    """What became of a sheet that was sent: it is the sheet now, or it waits beside it (``conflict``)."""

    sheet: Sheet
    conflict: SheetConflict | None = None
    new: bool = True


@transaction.atomic
def capture_suggestions(
    workshop: Workshop, *, items: Sequence[Captured], by: rules.Rapporteur, at: dt.datetime
) -> tuple[Outcome, ...]:
    """Receive what a workshop said, each contribution once and only once.

    Each has had its ticket since it was typed: sent twice, it is received once
    and answered twice. One that was edited after it left is never written over:
    the answer says that it came with other words. One that is refused does not
    hold the others. Its line names the workshop, not the contributions, but is
    written at their instant: they are marked as said there, and who compares
    sees which they are. Whoever brought a pass has no name there. What a pass brings says so to the team alone:
    it is looked at for signs of a machine as what comes online is, since nobody
    signed in to send it, and one pass brings so many and no more. Raises
    ``Refused`` when the rule says no to all of them.
    """
    charge = by if isinstance(by, Charge) else None
    came = _brought(workshop, charge) if charge else 0
    refuse_if(rules.why_not_capture(by, workshop, at=at))
    outcomes: list[Outcome] = []
    for one in items[: rules.MOST_AT_ONCE]:
        outcomes.append(_take(workshop, one, at, charge, came))
        came += outcomes[-1].state == "received"
    received = sum(one.state == "received" for one in outcomes)
    if received:
        facts = {"meeting": workshop.meeting.number, "received": received}
        journal("capture_suggestions", workshop, workshop.consultation.cycle.member, _reference(by), at, **facts)
    return tuple(outcomes)


def _brought(workshop: Workshop, charge: Charge) -> int:
    """Count what a pass brought; two sendings of one pass wait for each other here, and for who ends it."""
    Charge.objects.select_for_update(no_key=True).filter(pk=charge.pk).first()
    return queries.brought_by_passes(workshop).get(charge.uid, queries.Brought()).all


def _take(workshop: Workshop, one: Captured, at: dt.datetime, charge: Charge | None, came: int) -> Outcome:
    if reason := rules.why_not_take(ticket=one.ticket, words=one.words):
        return Outcome(one.ticket, "refused", reason=reason)
    if charge and (reason := rules.why_not_take_more(came)) and not queries.is_sent(one.ticket):
        return Outcome(one.ticket, "refused", reason=reason)
    member, said_at = workshop.consultation.cycle.member, queries.said_at(workshop, one.said_at, at=at)
    signs = signals.signals_of_pass(member, words=one.words, came=came, at=said_at) if charge else ()
    try:
        with transaction.atomic():  # a refused one leaves nothing of its own
            received = receive_suggestion(
                workshop.consultation,
                words=one.words,
                lang=one.lang,
                channel=Contribution.Channel.WORKSHOP,
                theme=one.theme,
                province=one.province,
                ticket=one.ticket,
                workshop=workshop,
                charge=charge,
                signals=signs,
                received_at=said_at,
                at=at,
            )
    except Refused as refusal:
        return Outcome(one.ticket, "refused", reason=str(refusal))
    kept = {part: clean_text(text) for part, text in one.words.items()}
    otherwise = not received.new and queries.came_otherwise(original_words(received.contribution), kept)
    state: Arrival = "received" if received.new else "differs" if otherwise else "already"
    return Outcome(one.ticket, state, received.contribution, received.code)


@transaction.atomic
def send_sheet(
    workshop: Workshop,
    *,
    table: int,
    words: Mapping[str, str],
    lang: str,
    from_edition: int,
    by: rules.Rapporteur,
    at: dt.datetime,
) -> SentSheet:
    """Send the sheet of a table; one written from an older edition waits beside, and nothing is written over.

    The same words sent twice make one edition, or one wording that waits.
    Raises ``Refused`` when the rule says no.
    """
    workshop = _held(workshop.pk)
    refuse_if(rules.why_not_send_sheet(by, workshop, table=table, words=words, lang=lang, at=at))
    kept = {part: text for part in rules.SHEET_PARTS if (text := clean_text(words.get(part, "")))}
    sheet = workshop.sheets.filter(table=table).first()
    shared = {"words": kept, "lang": lang, "sent_at": at, "by": _account(by)}
    if sheet is None:
        sheet = Sheet.objects.create(workshop=workshop, table=table, **shared)
        return _sent(SentSheet(sheet), by, at)
    if sheet.words == kept:
        return SentSheet(sheet, new=False)
    if from_edition == sheet.edition:
        _write(sheet, kept, lang, by, at)
        return _sent(SentSheet(sheet), by, at)
    beside = next((one for one in sheet.conflicts.filter(from_edition=from_edition) if one.words == kept), None)
    if beside is not None:
        return SentSheet(sheet, beside, new=False)
    beside = SheetConflict.objects.create(sheet=sheet, from_edition=from_edition, **shared)
    return _sent(SentSheet(sheet, beside), by, at)


@transaction.atomic
def settle_sheet(
    sheet: Sheet,
    *,
    conflicts: Sequence[str],
    words: Mapping[str, str],
    lang: str,
    from_edition: int,
    by: User,
    at: dt.datetime,
) -> Sheet:
    """Join the wordings of a table's sheet into one, written by a person who has read them.

    ``conflicts`` names the wordings that were read: one that came meanwhile
    still waits. Raises ``Refused`` when the rule says no.
    """
    workshop = _held(sheet.workshop_id)
    sheet = workshop.sheets.get(pk=sheet.pk)
    waiting = sheet.conflicts.filter(settled_at=None, uid__in=conflicts)
    kept = {part: text for part in rules.SHEET_PARTS if (text := clean_text(words.get(part, "")))}
    said: dict[str, Any] = {"words": kept, "lang": lang, "from_edition": from_edition, "waiting": waiting.count()}
    refuse_if(rules.why_not_settle_sheet(by, sheet, **said))
    joined = waiting.update(settled_at=at)
    if sheet.words != kept or sheet.lang != lang:
        _write(sheet, kept, lang, by, at)
    facts = {"meeting": workshop.meeting.number, "table": sheet.table, "joined": joined}
    journal("settle_sheet", sheet, workshop.consultation.cycle.member, by.reference, at, **facts)
    return sheet


@transaction.atomic
def empty_sheet(sheet: Sheet, *, by: User, at: dt.datetime) -> Sheet:
    """Delete what a table's sheet says, in all its wordings, when a person named there asks for it.

    The sheet stays, with its edition: what a telephone still holds waits beside
    it and is never written over. Raises ``Refused`` when the rule says no.
    """
    workshop = _held(sheet.workshop_id)
    sheet = workshop.sheets.get(pk=sheet.pk)
    sheet.workshop = workshop
    refuse_if(rules.why_not_empty_sheet(by, sheet, wordings=sheet.conflicts.count()))
    sheet.conflicts.all().delete()
    _write(sheet, {}, sheet.lang, by, at)
    facts = {"meeting": workshop.meeting.number, "table": sheet.table}
    journal("empty_sheet", sheet, workshop.consultation.cycle.member, by.reference, at, **facts)
    return sheet


@transaction.atomic
def let_go_of_wordings(*, at: dt.datetime) -> int:
    """Delete the wordings of sheets that were joined a month ago or more; say how many."""
    gone, _of = SheetConflict.objects.filter(settled_at__lte=at - WORDINGS_KEPT_FOR).delete()
    return gone


def _held(workshop: int) -> Workshop:
    """Lock a workshop: two telephones that send at once meet here."""
    held = Workshop.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("meeting", "consultation__cycle__member").get(pk=workshop)


def _account(by: rules.Rapporteur) -> User | None:
    """Give the account of whoever takes down; whoever brings a pass has none."""
    return None if isinstance(by, Charge) else by


def _reference(by: rules.Rapporteur) -> str:
    account = _account(by)
    return account.reference if account else ""


def _write(sheet: Sheet, words: Mapping[str, str], lang: str, by: rules.Rapporteur, at: dt.datetime) -> None:
    sheet.words, sheet.lang, sheet.by, sheet.sent_at = dict(words), lang, _account(by), at
    sheet.edition += 1
    sheet.save(update_fields=["words", "lang", "by", "sent_at", "edition"])


def _sent(sent: SentSheet, by: rules.Rapporteur, at: dt.datetime) -> SentSheet:
    workshop = sent.sheet.workshop
    facts = {
        "meeting": workshop.meeting.number,
        "table": sent.sheet.table,
        "edition": sent.sheet.edition,
        "beside": sent.conflict is not None,
    }
    journal("send_sheet", sent.sheet, workshop.consultation.cycle.member, _reference(by), at, **facts)
    return sent
