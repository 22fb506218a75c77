"""What the pages of the Council's files and deliberations show, prepared as plain values."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.official import OfficialText, says_the_same, text_in
from openregion.cycle.models import Cycle, Deliberation, Letter, Meeting, Proposal
from openregion.cycle.queries.council import (
    BALLOTS,
    CHOICES,
    FILE_STATES,
    OPINIONS,
    PUBLIC_DELIBERATIONS,
    PUBLIC_FILES,
    SUBJECTS,
    VISAS,
    Counts,
    counts_of,
    day_of,
    file_url,
    guide_asks_visa,
    is_public_deliberation,
    may_ask_visa_later,
    page_of_subject,
    session_of,
    sha256_of_subject,
    sittings_of,
    vote_warning,
    votes_by_name,
)
from openregion.cycle.queries.council_steps import Step, steps_after, steps_of, visa_due
from openregion.cycle.queries.turns import DECISIONS, TONES, cycle_name
from openregion.people.models import Member
from openregion.people.queries import ActLine as CitedAct
from openregion.people.queries import act_line


@dataclass(frozen=True)
class FileLine:
    """A file in the list: what it is about, where it stands, at which session, what was decided."""

    number: int
    title: OfficialText
    url: str
    subject: str
    state: str
    tone: str
    session_on: dt.date | None
    decision: str


@dataclass(frozen=True)
class DecisionLine:
    """A deliberation in a list: the act, the decision, the visa."""

    title: OfficialText
    url: str
    cited: str
    decision: str
    tone: str
    visa: str
    visa_tone: str
    published: bool


@dataclass(frozen=True)
class PaperLine:
    """A document of a file."""

    uid: str
    title: OfficialText
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class LetterLine:
    """A letter that a step drafted, for those who write letters."""

    label: str
    url: str
    draft: bool


@dataclass(frozen=True)
class ActLine:
    """Something that may be done to a file now, from which page."""

    deed: str
    label: str
    url: str


@dataclass(frozen=True)
class FilePage:
    """A file put to the Council: its chain, its words, its papers, the opinion, the votes."""

    number: int
    title: OfficialText
    kind: str
    cycle: int
    cycle_name: str
    cycle_url: str
    subject: str
    state: str
    state_label: str
    tone: str
    council: OfficialText
    wants_visa: bool
    report: OfficialText
    decision_text: OfficialText
    papers: tuple[PaperLine, ...]
    shows_words: bool
    frozen_at: dt.datetime | None
    sha256: str
    subject_sha256: str
    names_a_thing: bool
    session: OfficialText
    session_on: dt.date | None
    session_url: str
    late_reason: OfficialText
    addressed_on: dt.date | None
    opinion: str
    opinion_by: OfficialText
    opinion_text: OfficialText
    withdrawn_reason: OfficialText
    steps: tuple[Step, ...]
    votes: tuple[DecisionLine, ...]
    letters: tuple[LetterLine, ...]
    first: ActLine | None
    others: tuple[ActLine, ...]
    awaits_session: bool
    was_refused: bool
    vote_uid: str
    subject_url: str


@dataclass(frozen=True)
class NamedLine:
    """How one member of the Council voted."""

    name: str
    seat: OfficialText
    choice: str


@dataclass(frozen=True)
class SittingLine:
    """The sitting of a vote as it was frozen: how many were in office, how many came, whether that was enough."""

    members_in_office: int | None
    present: int | None
    quorum_met: bool | None
    sitting: int
    quorum_reason: OfficialText


@dataclass(frozen=True)
class DeliberationPage:
    """What the Council decided: the act, the vote, the text, its control, what it replaces."""

    uid: str
    act: CitedAct | None
    number: str
    dated_on: dt.date
    title: OfficialText
    decision: str
    tone: str
    ballot: str
    counts: Counts | None
    warning: str
    amended: bool
    named: tuple[NamedLine, ...]
    text: OfficialText
    sha256: str
    file_sha256: str
    file_number: int
    file_url: str
    subject_url: str
    session: OfficialText
    session_url: str
    sitting: SittingLine | None
    cycle_name: str
    cycle_url: str
    visa: str
    visa_label: str
    visa_tone: str
    visa_reasons: OfficialText
    has_visa_file: bool
    published_on: dt.date | None
    is_public: bool
    steps: tuple[Step, ...]
    replaces: DecisionLine | None
    replaced_by: DecisionLine | None
    letters: tuple[LetterLine, ...]
    asks_visa_later: bool
    visa_forgotten: bool
    may: frozenset[str]


def file_lines(cycle: Cycle, *, staff: bool) -> tuple[FileLine, ...]:
    """List the files of a cycle, the latest first; everyone reads those that stand on an agenda."""
    found = cycle.proposals.select_related("session").prefetch_related("deliberations").order_by("-number")
    if not staff:
        found = found.filter(PUBLIC_FILES)
    here = [cycle.member.slug, cycle.kind, cycle.number]
    return tuple(
        FileLine(
            number=one.number,
            title=one.title,
            url=reverse("council_file", args=[*here, one.number]),
            subject=str(SUBJECTS[one.subject]),
            state=str(FILE_STATES[one.state][1]),
            tone=FILE_STATES[one.state][0],
            session_on=day_of(one.session) if one.session else None,
            decision=_last_decision(one),
        )
        for one in found
    )


def _last_decision(one: Proposal) -> str:
    voted = sorted(one.deliberations.all(), key=lambda vote: vote.pk)
    return str(DECISIONS[voted[-1].decision]) if voted else ""


def decision_lines(member: Member, *, staff: bool) -> tuple[DecisionLine, ...]:
    """List what the Council decided, the latest first; everyone reads what is published."""
    found = Deliberation.objects.of(member).select_related("act", "cycle")
    if not staff:
        found = found.filter(PUBLIC_DELIBERATIONS)
    return tuple(_decision_line(one, member) for one in found.order_by("-act__dated_on", "-pk"))


def _decision_line(one: Deliberation, member: Member) -> DecisionLine:
    tone, label = VISAS[one.visa]
    day = dates.day(one.act.dated_on, get_language() or "fr")
    return DecisionLine(
        title=one.act.title,
        url=reverse("deliberation", args=[member.slug, one.uid]),
        cited=_("no. %(number)s of %(day)s") % {"number": one.act.number, "day": day},
        decision=str(DECISIONS[one.decision]),
        tone=TONES[one.decision],
        visa="" if one.visa == Deliberation.Visa.NOT_ASKED else str(label),
        visa_tone=tone,
        published=is_public_deliberation(one),
    )


def file_page(proposal: Proposal, *, staff: bool, today: dt.date, deeds: frozenset[str]) -> FilePage:
    """Prepare a file's page; what is not frozen yet is read by those who work on it alone."""
    cycle, session = proposal.cycle, session_of(proposal)
    votes = list(proposal.deliberations.select_related("act", "cycle__member", "proposal__session").order_by("pk"))
    shown = [one for one in votes if staff or is_public_deliberation(one)]
    for one in votes:
        one.proposal = proposal
    last = votes[-1] if votes else None
    frozen, item = proposal.frozen, proposal.agenda_item
    first, others = _acts(proposal, deeds)
    files = proposal.papers.select_related("file")
    public = frozen is not None
    final = last if last and last.decision != Deliberation.Decision.POSTPONED else None
    return FilePage(
        number=proposal.number,
        title=proposal.title,
        kind=cycle.kind,
        cycle=cycle.number,
        cycle_name=cycle_name(cycle.kind, cycle.number),
        cycle_url=reverse("cycle", args=[cycle.member.slug, cycle.kind, cycle.number]),
        subject=str(SUBJECTS[proposal.subject]),
        state=proposal.state,
        state_label=str(FILE_STATES[proposal.state][1]),
        tone=FILE_STATES[proposal.state][0],
        council=proposal.council.name,
        wants_visa=proposal.wants_visa,
        report=proposal.report,
        decision_text=proposal.decision_text,
        papers=tuple(PaperLine(one.uid, one.title, one.file.name, one.file.size, one.file.sha256) for one in files),
        shows_words=staff or public,
        frozen_at=frozen.frozen_at if frozen else None,
        sha256=frozen.sha256 if frozen else "",
        subject_sha256=sha256_of_subject(proposal),
        names_a_thing=bool(proposal.subject_uid),
        session=session.title if session else {},
        session_on=day_of(session) if session else None,
        session_url=_meeting_url(cycle.member, session),
        late_reason=item.late_reason if item else {},
        addressed_on=proposal.agenda_addressed_on,
        opinion=str(OPINIONS.get(proposal.opinion, "")),
        opinion_by=proposal.commission.name if proposal.commission else {},
        opinion_text=proposal.opinion_text if staff or public else {},
        withdrawn_reason=proposal.withdrawn_reason,
        steps=steps_of(proposal, final, today=today),
        votes=tuple(_decision_line(one, cycle.member) for one in reversed(shown)),
        letters=_letters(proposal) if staff else (),
        first=first,
        others=others,
        awaits_session=_awaits_session(proposal, deeds),
        was_refused=final is not None and final.visa == Deliberation.Visa.REFUSED,
        vote_uid=final.uid if final else "",
        subject_url=page_of_subject(cycle, proposal.subject_type, proposal.subject_uid),
    )


def _acts(proposal: Proposal, deeds: frozenset[str]) -> tuple[ActLine | None, tuple[ActLine, ...]]:
    """Give what may be done to a file: the next act of its way, and the others that make sense now."""
    written = bool(text_in(proposal.report, "fr") and text_in(proposal.decision_text, "fr"))
    placed, asked = session_of(proposal) is not None, proposal.commission_id is not None
    elsewhere, better = _("Place on another agenda"), _("Word the file better")
    write = _("Write the report and the decision")
    # In the order of the way: the first that is still to do is the next act.
    way: tuple[tuple[str, str, Any, bool, bool], ...] = (
        ("revise_proposal", "edit_proposal", better if written else write, True, written),
        ("place_on_agenda", "place_on_agenda", elsewhere if placed else _("Place on an agenda"), True, placed),
        (
            "address_agenda", "address_agenda", _("Address the point to the Wali"),
            placed and proposal.agenda_addressed_on is None, False,
        ),
        (
            "refer_to_commission", "refer_to_commission", _("Refer to a commission"), not proposal.opinion, asked,
        ),
        ("record_opinion", "record_opinion", _("Record the opinion"), asked and not proposal.opinion, False),
        ("freeze_proposal", "freeze_proposal", _("Freeze the file"), written, False),
        ("record_vote", "record_vote", _("Record the vote"), _was_held(proposal), False),
        ("add_proposal_paper", "new_proposal_paper", _("Join a document"), True, True),
        ("withdraw_proposal", "withdraw_proposal", _("Withdraw the file"), True, True),
    )  # fmt: skip
    cycle = proposal.cycle
    here = [cycle.member.slug, cycle.kind, cycle.number, proposal.number]
    shown = [
        (ActLine(deed, str(label), reverse(page, args=here)), done)
        for deed, page, label, sensible, done in way
        if deed in deeds and sensible
    ]
    first = next((one for one, done in shown if not done), None)
    if any(one.deed == "record_vote" for one, _done in shown):
        first = next(one for one, _done in shown if one.deed == "record_vote")
    return first, tuple(one for one, _done in shown if one != first)


def _was_held(proposal: Proposal) -> bool:
    return any(one.state == Meeting.State.HELD for one in sittings_of(proposal))


def _awaits_session(proposal: Proposal, deeds: frozenset[str]) -> bool:
    """Say that the vote is recorded later, to who would look for where: its session is to come."""
    return "record_vote" in deeds and proposal.agenda_item_id is not None and not _was_held(proposal)


def _letters(proposal: Proposal) -> tuple[LetterLine, ...]:
    found = ((_("Letter to the Wali"), proposal.agenda_letter), (_("Referral"), proposal.referral_letter))
    return tuple(_letter_line(label, one, proposal.cycle.member) for label, one in found if one)


def _letter_line(label: str, letter: Letter, member: Member) -> LetterLine:
    return LetterLine(label, reverse("letter", args=[member.slug, letter.uid]), letter.state == Letter.State.DRAFT)


def transmissions(one: Deliberation) -> tuple[Letter, ...]:
    """List the letters that carry a decision to the administrative authority, the latest last."""
    found = Letter.objects.of(one.cycle.member).filter(kind="deliberation-transmission", subject_uid=one.uid)
    return tuple(found.order_by("pk"))


def _meeting_url(member: Member, session: Meeting | None) -> str:
    return reverse("meeting", args=[member.slug, session.number]) if session else ""


def deliberation_page(one: Deliberation, *, today: dt.date, deeds: frozenset[str]) -> DeliberationPage:
    """Prepare a deliberation's page: everyone reads the same once it is published."""
    cycle, act, proposal, counts = one.cycle, one.act, one.proposal, counts_of(one)
    member = cycle.member
    session = proposal.session if proposal else None
    tone, label = VISAS[one.visa]
    after = getattr(one, "replaced_by", None)
    frozen = proposal.frozen if proposal else None
    return DeliberationPage(
        uid=one.uid,
        act=act_line(act, member),
        number=act.number,
        dated_on=act.dated_on,
        title=act.title,
        decision=str(DECISIONS[one.decision]),
        tone=TONES[one.decision],
        ballot=str(BALLOTS.get(one.ballot, "")),
        counts=counts,
        warning=vote_warning(member, decision=one.decision, counts=counts, on=act.dated_on) if counts else "",
        amended=bool(proposal and one.text and not says_the_same(one.text, proposal.decision_text)),
        named=tuple(_named_lines(one)),
        text=one.text,
        sha256=one.frozen.sha256 if one.frozen else "",
        file_sha256=frozen.sha256 if frozen else "",
        file_number=proposal.number if proposal else 0,
        file_url=file_url(proposal) if proposal else "",
        subject_url=page_of_subject(cycle, one.subject_type, one.subject_uid),
        session=session.title if session else {},
        session_url=_meeting_url(member, session),
        sitting=_sitting(one),
        cycle_name=cycle_name(cycle.kind, cycle.number),
        cycle_url=reverse("cycle", args=[member.slug, cycle.kind, cycle.number]),
        visa=one.visa,
        visa_label=str(label),
        visa_tone=tone,
        visa_reasons=one.visa_reasons,
        has_visa_file=one.visa_file_id is not None,
        published_on=one.published_on,
        is_public=is_public_deliberation(one),
        steps=_steps(one, today),
        replaces=_shown(one.replaces, member, deeds),
        replaced_by=_shown(after, member, deeds),
        letters=tuple(_letter_line(_("Letter of transmission"), each, member) for each in transmissions(one))
        if deeds
        else (),
        asks_visa_later=may_ask_visa_later(one) and "send_for_control" in deeds,
        visa_forgotten=may_ask_visa_later(one) and guide_asks_visa(one),
        may=deeds,
    )


def _sitting(one: Deliberation) -> SittingLine | None:
    """Read from what was frozen at which sitting the Council voted; nothing of a decision recorded after the fact."""
    if one.frozen is None:
        return None
    stated = json.loads(one.frozen.content)["session"]
    return SittingLine(
        members_in_office=stated["members_in_office"],
        present=stated.get("present"),
        quorum_met=stated["quorum_met"],
        sitting=stated.get("sitting", 1),
        quorum_reason=one.quorum_reason,
    )


def _steps(one: Deliberation, today: dt.date) -> tuple[Step, ...]:
    """Draw what follows the vote; a decision recorded after the fact that was never sent shows nothing."""
    if one.proposal_id is None and one.sent_on is None:
        return ()
    return steps_after(one, today=today)


def _shown(one: Deliberation | None, member: Member, deeds: frozenset[str]) -> DecisionLine | None:
    return _decision_line(one, member) if one and (deeds or is_public_deliberation(one)) else None


def _named_lines(one: Deliberation) -> Iterable[NamedLine]:
    for vote in votes_by_name(one):
        yield NamedLine(vote.mandate.holder_name, vote.mandate.seat.title, str(CHOICES[vote.choice]))


def tacit_advice(one: Deliberation, today: dt.date) -> tuple[str, bool]:
    """Say from which day silence counts as a visa, on what ground, and whether that day is come."""
    due = visa_due(one)
    if due is None:
        return _("Record the day of receipt first: the delay of the visa is counted from it."), False
    first = due.day + dt.timedelta(days=1)
    said = _("Silence counts as a visa from %(day)s.") % {"day": dates.day(first, get_language() or "fr")}
    return f"{said} {due.sentence}", today >= first
