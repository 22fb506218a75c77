"""What is done with a file put to the Council: opened, frozen, on the agenda, referred, voted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.actions.letters import draft_letter
from openregion.cycle.actions.steps import close_ranks, hold, journal
from openregion.cycle.actions.turns import prove_operations, record_deliberation
from openregion.cycle.models import AgendaItem, Cycle, Deliberation, Letter, Meeting, NamedVote, Proposal, ProposalPaper
from openregion.cycle.queries.council import (
    Counts,
    counted,
    day_of,
    facts_for_letters,
    statement_of_deliberation,
    statement_of_file,
    without_quorum_at,
)
from openregion.cycle.rules import council as rules
from openregion.people.actions import record_act
from openregion.people.models import Act, Body, Mandate, User
from openregion.record.actions import freeze
from openregion.record.models import JournalLine, StoredFile


def _line(verb: str, proposal: Proposal, by: User, at: dt.datetime, **facts: Any) -> JournalLine:
    cycle = proposal.cycle
    where = {"kind": cycle.kind, "cycle": cycle.number, "file": proposal.number}
    return journal(verb, proposal, cycle.member, by.reference, at, **where, **facts)


@transaction.atomic
def open_proposal(
    cycle: Cycle,
    *,
    subject: str,
    council: Body,
    title: OfficialText,
    report: OfficialText,
    decision_text: OfficialText,
    wants_visa: bool,
    by: User,
    at: dt.datetime,
    subject_type: str = "",
    subject_uid: str = "",
    follows: Proposal | None = None,
) -> Proposal:
    """Open a file for the Council: why, and the decision proposed to it.

    It may name a frozen thing of the platform (a version of the plan): that is
    then what is voted. One that takes up a file whose visa was refused ``follows``
    it. Raises ``Refused`` when the rule says no.
    """
    hold(cycle)  # the queue in which numbers are given out
    asked: dict[str, Any] = {"subject": subject, "council": council, "title": title}
    refuse_if(rules.why_not_open_proposal(by, cycle, **asked, subject_uid=subject_uid, follows=follows))
    number = (cycle.proposals.aggregate(last=Max("number"))["last"] or 0) + 1
    proposal = Proposal.objects.create(
        cycle=cycle,
        number=number,
        **asked,
        report=report,
        decision_text=decision_text,
        wants_visa=wants_visa,
        subject_type=subject_type,
        subject_uid=subject_uid,
        follows=follows,
    )
    _line("open_proposal", proposal, by, at, about=subject)
    return proposal


@transaction.atomic
def revise_proposal(
    proposal: Proposal,
    *,
    subject: str,
    council: Body,
    title: OfficialText,
    report: OfficialText,
    decision_text: OfficialText,
    wants_visa: bool,
    by: User,
    at: dt.datetime,
    without: Sequence[ProposalPaper] = (),
) -> Proposal:
    """Word a file better, and take out the documents that should not be in it (``without``).

    Its point on an agenda takes the new title, and says no more before the freeze.
    Raises ``Refused`` when the rule says no.
    """
    hold(proposal)
    refuse_if(rules.why_not_revise_proposal(by, proposal, subject=subject, council=council, title=title))
    proposal.subject, proposal.council, proposal.wants_visa = subject, council, wants_visa
    proposal.title, proposal.report, proposal.decision_text = title, report, decision_text
    proposal.save(update_fields=["subject", "council", "wants_visa", "title", "report", "decision_text"])
    proposal.papers.filter(pk__in=[one.pk for one in without]).delete()
    _tell_the_agenda(proposal)
    _line("revise_proposal", proposal, by, at)
    return proposal


@transaction.atomic
def add_proposal_paper(
    proposal: Proposal, *, title: OfficialText, file: StoredFile, by: User, at: dt.datetime
) -> ProposalPaper:
    """Join a document to a file: everyone reads it once the file is on an agenda.

    Raises ``Refused`` when the rule says no.
    """
    hold(proposal)
    refuse_if(rules.why_not_add_proposal_paper(by, proposal, title=title, file=file))
    paper = ProposalPaper.objects.create(proposal=proposal, title=title, file=file)
    _line("add_proposal_paper", proposal, by, at)
    return paper


@transaction.atomic
def freeze_proposal(proposal: Proposal, *, by: User, at: dt.datetime) -> Proposal:
    """Freeze a file before the vote: its words, its papers by their hash, and the hash of what it names.

    Its point on an agenda now tells the decision proposed. Raises ``Refused`` when the rule says no.
    """
    hold(proposal)
    refuse_if(rules.why_not_freeze_proposal(by, proposal))
    proposal.frozen = freeze(
        statement_of_file(proposal),
        kind="council-file",
        subject_type="Proposal",
        subject_uid=proposal.uid,
        member_code=proposal.cycle.member.slug,
        at=at,
    )
    proposal.state = Proposal.State.FROZEN
    proposal.save(update_fields=["frozen", "state"])
    _tell_the_agenda(proposal)
    line = _line("freeze_proposal", proposal, by, at, sha256=proposal.frozen.sha256)
    prove_operations(proposal.cycle, deed="freeze_proposal", subject_uid=proposal.uid, parent=line, at=at)
    return proposal


@transaction.atomic
def place_on_agenda(
    proposal: Proposal, *, session: Meeting, by: User, at: dt.datetime, late_reason: OfficialText | None = None
) -> Proposal:
    """Place a file on the agenda of a session; on another one later, when the first did not vote it.

    A point added once the agenda was addressed is late and says why. Another
    session is another address to the Wali, and the agenda it leaves closes ranks.
    What is proposed is told once it is frozen. Raises ``Refused`` when the rule says no.
    """
    hold(proposal)
    left = proposal.agenda_item.meeting if proposal.agenda_item else session
    # The queues in which ranks of an agenda are given out: two files that change places wait in the same order.
    for meeting in (session,) if left.pk == session.pk else sorted((session, left), key=lambda one: one.pk):
        hold(meeting)
    late = late_reason if session.agenda_sent_on else None
    refuse_if(rules.why_not_place_on_agenda(by, proposal, session=session, late_reason=late))
    before, still_to_come = proposal.agenda_item, (Meeting.State.PLANNED, Meeting.State.CONVENED)
    rank = (session.agenda.aggregate(last=Max("rank"))["last"] or 0) + 1
    item = AgendaItem.objects.create(
        meeting=session,
        rank=rank,
        title=proposal.title,
        about=proposal.decision_text if proposal.frozen_id else {},
        added_at=at,
        late_reason=late or {},
    )
    proposal.session, proposal.agenda_item = session, item
    proposal.agenda_addressed_on, proposal.agenda_letter = None, None
    proposal.save(update_fields=["session", "agenda_item", "agenda_addressed_on", "agenda_letter"])
    if before is not None and left.state in still_to_come:
        before.delete()  # the session to come no longer speaks of it
        close_ranks(left)
    day = day_of(session).isoformat()
    _line("place_on_agenda", proposal, by, at, session=session.number, day=day, late=late is not None)
    return proposal


@transaction.atomic
def address_agenda(proposal: Proposal, *, addressed_on: dt.date, by: User, at: dt.datetime) -> Proposal:
    """Record the day the point was addressed to the Wali, and draft the letter that does it.

    After the last day the rule gives, the page says so and the deed goes on: the
    rule is not verified. Raises ``Refused`` when the rule says no.
    """
    hold(proposal)
    refuse_if(rules.why_not_address_agenda(by, proposal, addressed_on=addressed_on))
    proposal.agenda_addressed_on = addressed_on
    proposal.agenda_letter = _letter(proposal, "agenda-item-to-wali", by, at)
    proposal.save(update_fields=["agenda_addressed_on", "agenda_letter"])
    line = _line("address_agenda", proposal, by, at, day=addressed_on.isoformat())
    prove_operations(proposal.cycle, deed="address_agenda", subject_uid=proposal.uid, parent=line, at=at)
    return proposal


@transaction.atomic
def refer_to_commission(
    proposal: Proposal, *, commission: Body, referred_on: dt.date, by: User, at: dt.datetime
) -> Proposal:
    """Refer a file to a commission of the Council, which gives its opinion; the letter is drafted.

    Raises ``Refused`` when the rule says no.
    """
    hold(proposal)
    refuse_if(rules.why_not_refer_to_commission(by, proposal, commission=commission, referred_on=referred_on))
    proposal.commission, proposal.referred_on = commission, referred_on
    proposal.referral_letter = _letter(proposal, "referral-to-commission", by, at)
    proposal.save(update_fields=["commission", "referred_on", "referral_letter"])
    line = _line("refer_to_commission", proposal, by, at, day=referred_on.isoformat(), commission=commission.slug)
    prove_operations(proposal.cycle, deed="refer_to_commission", subject_uid=proposal.uid, parent=line, at=at)
    return proposal


@transaction.atomic
def record_opinion(
    proposal: Proposal,
    *,
    opinion: str,
    text: OfficialText,
    opinion_on: dt.date,
    by: User,
    at: dt.datetime,
    meeting: Meeting | None = None,
) -> Proposal:
    """Record the opinion of the commission: it informs the Council and does not bind it.

    Raises ``Refused`` when the rule says no.
    """
    hold(proposal)
    refuse_if(rules.why_not_record_opinion(by, proposal, opinion=opinion, opinion_on=opinion_on, meeting=meeting))
    proposal.opinion, proposal.opinion_text = opinion, text
    proposal.opinion_on, proposal.opinion_meeting = opinion_on, meeting
    proposal.save(update_fields=["opinion", "opinion_text", "opinion_on", "opinion_meeting"])
    _line("record_opinion", proposal, by, at, opinion=opinion, day=opinion_on.isoformat())
    return proposal


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, reason: OfficialText, by: User, at: dt.datetime) -> Proposal:
    """Withdraw a file from the Council, with the reason; an agenda already addressed still shows its point.

    Raises ``Refused`` when the rule says no.
    """
    hold(proposal)
    refuse_if(rules.why_not_withdraw_proposal(by, proposal, reason=reason))
    proposal.state, proposal.withdrawn_reason = Proposal.State.WITHDRAWN, reason
    proposal.save(update_fields=["state", "withdrawn_reason"])
    _line("withdraw_proposal", proposal, by, at)
    return proposal


@transaction.atomic
def record_vote(
    proposal: Proposal,
    *,
    session: Meeting,
    number: str,
    dated_on: dt.date,
    decision: str,
    ballot: str,
    text: OfficialText,
    by: User,
    at: dt.datetime,
    counts: Counts | None = None,
    named: Sequence[tuple[Mandate, str]] = (),
    file: StoredFile | None = None,
    replaces: Deliberation | None = None,
    confirmed: bool = False,
    quorum_reason: OfficialText | None = None,
) -> Deliberation:
    """Record the vote of the Council on a frozen file: the act, the deliberation, how each voted, frozen together.

    A vote by name is counted from the names. One that postpones leaves the file
    ready for another day. After a refused visa the new vote says which decision it
    ``replaces``. A person who knows that the vote stands without quorum is
    ``confirmed`` and writes why, in public. The act is public with the deliberation.
    Raises ``Refused`` when the rule says no.
    """
    hold(proposal)
    found = counted(named) if ballot == Deliberation.Ballot.BY_NAME and named else counts
    asked: dict[str, Any] = {"session": session, "dated_on": dated_on, "decision": decision, "ballot": ballot}
    without_quorum: dict[str, Any] = {"confirmed": confirmed, "quorum_reason": quorum_reason}
    said: dict[str, Any] = {"counts": found, "named": named, "text": text, "replaces": replaces}
    refuse_if(rules.why_not_record_vote(by, proposal, **asked, **said, **without_quorum))
    member = proposal.cycle.member
    act = record_act(
        authority=proposal.council.authority,
        member=member,
        kind=Act.Kind.DELIBERATION,
        number=number,
        dated_on=dated_on,
        title=proposal.title,
        by=by,
        at=at,
        file=file,
        public=False,
    )
    line = _line("record_vote", proposal, by, at)  # its outcome is told when the deliberation is published
    made = record_deliberation(
        proposal.cycle,
        act=act,
        decision=decision,
        subject_type=proposal.subject_type,
        subject_uid=proposal.subject_uid,
        proposal=proposal,
        by=by,
        at=at,
        parent=line,
    )
    if without_quorum_at(session):
        made.quorum_reason = quorum_reason or {}
    _write_the_vote(made, ballot=ballot, counts=found, named=named, text=text, replaces=replaces)
    made.frozen = freeze(
        statement_of_deliberation(made, session=session, named=named),
        kind="deliberation",
        subject_type="Deliberation",
        subject_uid=made.uid,
        member_code=member.slug,
        at=at,
    )
    made.save()
    if decision != Deliberation.Decision.POSTPONED:
        proposal.state = Proposal.State.VOTED
        proposal.save(update_fields=["state"])
    prove_operations(proposal.cycle, deed="record_vote", subject_uid=made.uid, parent=line, at=at)
    return made


def _write_the_vote(
    made: Deliberation,
    *,
    ballot: str,
    counts: Counts | None,
    named: Sequence[tuple[Mandate, str]],
    text: OfficialText,
    replaces: Deliberation | None,
) -> None:
    made.ballot, made.text, made.replaces = ballot, text, replaces
    if counts is not None:
        made.votes_for, made.votes_against = counts.votes_for, counts.votes_against
        made.abstained, made.not_taking_part = counts.abstained, counts.not_taking_part
    if ballot == Deliberation.Ballot.BY_NAME:
        NamedVote.objects.bulk_create(
            NamedVote(deliberation=made, mandate=mandate, choice=choice) for mandate, choice in named
        )


def _tell_the_agenda(proposal: Proposal) -> None:
    """Let a file's point on an agenda say its title, and what is proposed once it is frozen."""
    if proposal.agenda_item_id is None:
        return
    about = proposal.decision_text if proposal.frozen_id else {}
    AgendaItem.objects.filter(pk=proposal.agenda_item_id).update(title=proposal.title, about=about)


def _letter(proposal: Proposal, kind: str, by: User, at: dt.datetime) -> Letter:
    """Draft the letter of a step, filled in with what the file says; people word it better before it leaves."""
    return draft_letter(
        member=proposal.cycle.member,
        kind=kind,
        facts=facts_for_letters(proposal),
        by=by,
        at=at,
        cycle=proposal.cycle,
        subject_type="Proposal",
        subject_uid=proposal.uid,
    )
