"""What is done with the dossier: opened, supported, frozen, sent, answered by OGP."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from openregion.admission import queries, rules
from openregion.admission.actions.status import follow
from openregion.admission.actions.steps import journal, make_findable
from openregion.admission.models import Call, Dossier, StatusEvent, SupportLetter
from openregion.core.official import OfficialText, official
from openregion.core.refusal import refuse_if
from openregion.cycle import actions as cycles
from openregion.cycle.actions.steps import hold
from openregion.cycle.models import Cycle, Letter
from openregion.people.models import Member, User
from openregion.record.actions import freeze
from openregion.record.models import StoredFile

LETTERS = {
    SupportLetter.Signer.HEAD: "support-head",
    SupportLetter.Signer.NON_GOVERNMENT: "support-non-government",
}


@transaction.atomic
def open_dossier(cycle: Cycle, *, by: User, at: dt.datetime, call: Call | None = None) -> Dossier:
    """Open the dossier that answers a call; without one, the Region's working form, which is never sent.

    A dossier that OGP refused, or that was frozen and not sent, is replaced:
    the new one names it. Signed letters follow unless OGP has answered.
    Raises ``Refused`` when the rule says no.
    """
    hold(cycle)
    refuse_if(rules.why_not_open_dossier(by, cycle, call=call))
    last = queries.latest_dossier(cycle)
    number = (Dossier.objects.filter(cycle=cycle).aggregate(last=Max("number"))["last"] or 0) + 1
    dossier = Dossier.objects.create(
        cycle=cycle, call=call or _working_form(cycle.member, at), number=number, replaces=last
    )
    if last and last.state != Dossier.State.REFUSED:
        for one in last.support.all():
            one.pk, one.uid, one.dossier = None, SupportLetter._meta.get_field("uid").get_default(), dossier
            one.save(force_insert=True)
    facts = {"number": number, "working": dossier.call.working}
    journal("open_dossier", dossier, cycle.member, by, at, **facts)
    return dossier


def _working_form(member: Member, at: dt.datetime) -> Call:
    """Make the working form of the guide's conditions as they read today; an earlier one of the same words serves."""
    questions = queries.working_questions(queries.book_for(member, None))
    for known in Call.objects.of(member).filter(working=True):
        if known.questions == questions:
            return known
    title = official(at=at, **queries.working_title())
    return Call.objects.create(member=member, title=title, working=True, questions=questions, entered_at=at)


@transaction.atomic
def add_support(
    dossier: Dossier, *, signer: str, name: str, title: str, organisation: str, by: User, at: dt.datetime
) -> SupportLetter:
    """Add a letter of support: who signs, and its words drafted from the guide's model for them to edit.

    Raises ``Refused`` when the rule says no.
    """
    hold(dossier.cycle.member)  # as drafting a letter does: nothing is waited for once a line is written
    hold(dossier)
    name, title, organisation = name.strip(), title.strip(), organisation.strip()
    refuse_if(rules.why_not_add_support(by, dossier, signer=signer, name=name, organisation=organisation))
    support = SupportLetter.objects.create(
        dossier=dossier, signer=signer, name=name, title=title, organisation=organisation
    )
    support.letter = _drafted(support, by, at)
    support.save(update_fields=["letter"])
    journal("add_support", support, dossier.cycle.member, by, at, signer=signer, number=dossier.number)
    return support


def _drafted(support: SupportLetter, by: User, at: dt.datetime) -> Letter | None:
    """Draft the letter's words; someone outside the two kinds that OGP asks for brings their own."""
    kind = LETTERS.get(SupportLetter.Signer(support.signer))
    if kind is None:
        return None
    facts: dict[str, Any] = {"signatory-name": support.name, "call": queries.plain(support.dossier.call.title)}
    facts |= {"signatory-function": support.title} if support.title else {}
    facts |= {"organisation": support.organisation} if support.organisation else {}
    contact = queries.contact_in_office(support.dossier.cycle.member)
    facts |= {"point-of-contact": contact.name} if contact else {}
    letter: Letter = cycles.draft_letter(
        member=support.dossier.cycle.member,
        kind=kind,
        facts=facts,
        by=by,
        at=at,
        cycle=support.dossier.cycle,
        subject_type="SupportLetter",
        subject_uid=support.uid,
    )
    return letter


@transaction.atomic
def sign_support(
    support: SupportLetter, *, scan: StoredFile | None, signed_on: dt.date, by: User, at: dt.datetime
) -> SupportLetter:
    """Attach the signed scan of a letter of support; a wrong one is replaced while the dossier is being written.

    Raises ``Refused`` when the rule says no.
    """
    hold(support.dossier)
    support.refresh_from_db(fields=["scan", "signed_on"])
    refuse_if(rules.why_not_sign_support(by, support, scan=scan, signed_on=signed_on))
    assert scan is not None  # the rule has just said so
    before = support.scan
    support.scan, support.signed_on = scan, signed_on
    support.save(update_fields=["scan", "signed_on"])
    dossier = support.dossier
    facts = {"signer": support.signer, "number": dossier.number, "on": signed_on.isoformat()}
    line = journal("sign_support", support, dossier.cycle.member, by, at, **facts)
    if support.letter:
        cycles.join_signed(support.letter, scan=scan, instead_of=before, parent=line, at=at)
    return support


@transaction.atomic
def freeze_dossier(dossier: Dossier, *, by: User, at: dt.datetime, seen: bool = False) -> Dossier:
    """Freeze the dossier as it stands: JSON with its hash, from which alone the papers are drawn. It is public.

    ``seen`` says that whoever freezes has read what is lacking. Raises ``Refused`` when the rule says no.
    """
    hold(dossier.cycle)  # answers are written under the same lock
    hold(dossier)
    refuse_if(rules.why_not_freeze_dossier(by, dossier, seen=seen))
    member = dossier.cycle.member
    dossier.frozen = freeze(
        queries.statement_of(dossier),
        kind="dossier",
        subject_type="Dossier",
        subject_uid=dossier.uid,
        member_code=member.slug,
        at=at,
    )
    dossier.state = rules.MOVES[Dossier.State.DRAFT]["freeze_dossier"]
    dossier.save(update_fields=["frozen", "state"])
    facts = {"number": dossier.number, "working": dossier.call.working, "sha256": dossier.frozen.sha256}
    line = journal("freeze_dossier", dossier, member, by, at, **facts)
    cycles.prove_operations(dossier.cycle, deed="freeze_dossier", subject_uid=dossier.uid, parent=line, at=at)
    make_findable(member, queries.entries_of_dossier(dossier))
    return dossier


@transaction.atomic
def submit_dossier(
    dossier: Dossier,
    *,
    at_instant: dt.datetime,
    channel: str,
    proof: StoredFile | None,
    by: User,
    at: dt.datetime,
) -> Dossier:
    """Record that the frozen dossier was sent: when, by which channel, with its proof; the state follows (row C0).

    Past the deadline it is recorded all the same, and said. Raises ``Refused`` when the rule says no.
    """
    hold(dossier)
    refuse_if(rules.why_not_submit_dossier(by, dossier, at_instant=at_instant, channel=channel, proof=proof))
    dossier.state = rules.MOVES[Dossier.State.FROZEN]["submit_dossier"]
    dossier.submitted_at, dossier.submitted_by_channel, dossier.submission_proof = at_instant, channel, proof
    dossier.save(update_fields=["state", "submitted_at", "submitted_by_channel", "submission_proof"])
    member, on = dossier.cycle.member, timezone.localdate(at_instant)
    facts = {"number": dossier.number, "on": on.isoformat(), "late": queries.is_late(dossier, at_instant)}
    line = journal("submit_dossier", dossier, member, by, at, **facts)
    follow(member, state=StatusEvent.State.SUBMITTED, on=on, reason={}, subject=dossier, by=by, at=at, parent=line)
    cycles.prove_operations(dossier.cycle, deed="submit_dossier", subject_uid=dossier.uid, parent=line, at=at)
    return dossier


@transaction.atomic
def record_ogp_answer(
    dossier: Dossier,
    *,
    answer: str,
    on: dt.date,
    text: OfficialText,
    by: User,
    at: dt.datetime,
    file: StoredFile | None = None,
) -> Dossier:
    """Record what OGP answered to a dossier that was sent; the member's state follows (row C0).

    Raises ``Refused`` when the rule says no.
    """
    hold(dossier)
    refuse_if(rules.why_not_record_ogp_answer(by, dossier, answer=answer, on=on, text=text, file=file))
    dossier.state, dossier.answered_on, dossier.answer_text, dossier.answer_file = answer, on, text, file
    dossier.save(update_fields=["state", "answered_on", "answer_text", "answer_file"])
    member = dossier.cycle.member
    facts = {"number": dossier.number, "answer": answer, "on": on.isoformat()}
    line = journal("record_ogp_answer", dossier, member, by, at, **facts)
    follow(member, state=answer, on=on, reason=text, subject=dossier, by=by, at=at, parent=line, file=file)
    cycles.prove_operations(dossier.cycle, deed="record_ogp_answer", subject_uid=dossier.uid, parent=line, at=at)
    return dossier
