"""What is refused about the files put to the Council, and why: opening, freezing, agenda, opinion, vote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.official import OfficialText, says_the_same, text_in
from openregion.cycle.models import Cycle, Deliberation, Meeting, NamedVote, Proposal, ProposalPaper
from openregion.cycle.queries.council import (
    SESSIONS,
    Counts,
    commissions_of,
    councils_of,
    day_of,
    is_third_sitting,
    meetings_of_commission,
    refused_to_replace,
    sittings_of,
    voting_mandates,
    was_refused,
    without_quorum_at,
)
from openregion.cycle.queries.delays import value_of
from openregion.people.models import Body, Mandate, Member, User
from openregion.people.rules import today, why_not_allowed
from openregion.record.models import StoredFile

_State = Proposal.State
_BEFORE_THE_VOTE = ("place_on_agenda", "address_agenda", "refer_to_commission", "record_opinion")
# What each deed makes of a file in each state; a deed that is not there is refused.
# A vote that postpones leaves the file frozen: the Council votes it another day.
MOVES: dict[Proposal.State, dict[str, Proposal.State]] = {
    _State.ASSEMBLING: {
        "revise_proposal": _State.ASSEMBLING,
        "add_proposal_paper": _State.ASSEMBLING,
        **dict.fromkeys(_BEFORE_THE_VOTE, _State.ASSEMBLING),
        "freeze_proposal": _State.FROZEN,
        "withdraw_proposal": _State.WITHDRAWN,
    },
    _State.FROZEN: {
        **dict.fromkeys(_BEFORE_THE_VOTE, _State.FROZEN),
        "record_vote": _State.VOTED,
        "withdraw_proposal": _State.WITHDRAWN,
    },
    _State.VOTED: {},
    _State.WITHDRAWN: {},
}


def why_not_open_proposal(
    by: User, cycle: Cycle, *, subject: str, council: Body, title: OfficialText, subject_uid: str = "",
    follows: Proposal | None = None,
) -> str:  # fmt: skip
    """Say why a file for the Council may not be opened in a cycle; empty when it may."""
    if refusal := why_not_allowed(by, "open_proposal", cycle.member):
        return refusal
    if follows and not was_refused(follows, cycle):
        return _("A file takes up one of this cycle whose visa was refused. Open this one on its own.")
    if refusal := _why_not_worded(cycle.member, subject=subject, council=council, title=title):
        return refusal
    open_files = Proposal.objects.filter(cycle=cycle, state__in=(_State.ASSEMBLING, _State.FROZEN))
    for one in open_files:
        if (subject_uid and one.subject_uid == subject_uid) or (not subject_uid and says_the_same(one.title, title)):
            return _("A file for this is open already, under number %(number)s. Go on with that one.") % {
                "number": one.number
            }
    return ""


def why_not_revise_proposal(by: User, proposal: Proposal, *, subject: str, council: Body, title: OfficialText) -> str:
    """Say why a file may not be worded so; empty when it may."""
    if refusal := _why_not_move(by, proposal, "revise_proposal"):
        return refusal
    return _why_not_worded(proposal.cycle.member, subject=subject, council=council, title=title)


def why_not_add_proposal_paper(
    by: User, proposal: Proposal, *, title: OfficialText, file: StoredFile | None = None
) -> str:
    """Say why a document may not join a file; empty when it may. Its file was kept for this member."""
    if refusal := _why_not_move(by, proposal, "add_proposal_paper"):
        return refusal
    if not text_in(title, "fr"):
        return _("Give the document a title.")
    if file and file.member_code != proposal.cycle.member.slug:
        return _("This belongs to another space. Only its own people can change it.")
    if file and ProposalPaper.objects.filter(proposal=proposal, file__sha256=file.sha256).exists():
        return _("This very document is joined to the file already.")
    return ""


def why_not_freeze_proposal(by: User, proposal: Proposal) -> str:
    """Say why a file may not be frozen as it stands; empty when it may."""
    if refusal := _why_not_move(by, proposal, "freeze_proposal"):
        return refusal
    if not text_in(proposal.report, "fr") or not text_in(proposal.decision_text, "fr"):
        return _("Write the report and the decision proposed first: they are what the Council reads and votes.")
    return ""


def why_not_place_on_agenda(
    by: User, proposal: Proposal, *, session: Meeting, late_reason: OfficialText | None = None
) -> str:
    """Say why a file may not stand on the agenda of a session; empty when it may. A late point says why."""
    if refusal := _why_not_move(by, proposal, "place_on_agenda"):
        return refusal
    if refusal := _why_not_a_session(proposal, session):
        return refusal
    if session.state not in (Meeting.State.PLANNED, Meeting.State.CONVENED):
        return _("This session was held or cancelled. Choose one that is to come.")
    if proposal.session_id == session.pk and proposal.agenda_item_id:
        return _("This file stands on the agenda of this session already.")
    if session.agenda_sent_on and not text_in(late_reason or {}, "fr"):
        return _("The agenda was addressed on %(day)s already. Say why this point is added late: it is published.") % {
            "day": _day(session.agenda_sent_on)
        }
    return ""


def why_not_address_agenda(by: User, proposal: Proposal, *, addressed_on: dt.date) -> str:
    """Say why the agenda item may not be recorded as addressed that day; empty when it may. Lateness warns only."""
    if refusal := _why_not_move(by, proposal, "address_agenda"):
        return refusal
    if proposal.session is None or proposal.agenda_item_id is None:
        return _("Place this file on the agenda of a session first.")
    if proposal.agenda_addressed_on:
        return _("This point was addressed to the Wali on %(day)s already.") % {
            "day": _day(proposal.agenda_addressed_on)
        }
    if addressed_on > today():
        return _("This day is still to come. Record it once the point is addressed.")
    if addressed_on > day_of(proposal.session):
        return _("The session opened before that day. Check the day.")
    return ""


def why_not_refer_to_commission(by: User, proposal: Proposal, *, commission: Body, referred_on: dt.date) -> str:
    """Say why a file may not be referred to a commission; empty when it may."""
    if refusal := _why_not_move(by, proposal, "refer_to_commission"):
        return refusal
    if proposal.opinion:
        return _("The commission has given its opinion already.")
    theirs = commissions_of(proposal.cycle.member, proposal.council)
    if not theirs.filter(pk=commission.pk).exists():
        return _("Choose a commission of this Council. Set it up first, on the page of bodies.")
    if proposal.commission_id == commission.pk and proposal.referred_on == referred_on:
        return _("The file was referred to this commission that day already.")
    if referred_on > today():
        return _("This day is still to come. Record it once the file is referred.")
    return ""


def why_not_record_opinion(
    by: User, proposal: Proposal, *, opinion: str, opinion_on: dt.date, meeting: Meeting | None = None
) -> str:
    """Say why the opinion of a commission may not be recorded; empty when it may."""
    if refusal := _why_not_move(by, proposal, "record_opinion"):
        return refusal
    if proposal.commission is None or proposal.referred_on is None:
        return _("Refer the file to a commission first.")
    if proposal.opinion:
        return _("The commission has given its opinion already.")
    if opinion not in Proposal.Opinion.values:
        return _("Say whether the opinion is favourable, favourable with reservations, or unfavourable.")
    if opinion_on < proposal.referred_on:
        return _("The file was referred to the commission later, on %(day)s. Check the day.") % {
            "day": _day(proposal.referred_on)
        }
    if opinion_on > today():
        return _("This day is still to come. Record the opinion once it is given.")
    if meeting and not meetings_of_commission(proposal).filter(pk=meeting.pk).exists():
        return _("Choose a meeting of the commission to which the file was referred.")
    return ""


def why_not_withdraw_proposal(by: User, proposal: Proposal, *, reason: OfficialText) -> str:
    """Say why a file may not be withdrawn from the Council; empty when it may. The reason is published."""
    if refusal := _why_not_move(by, proposal, "withdraw_proposal"):
        return refusal
    if not text_in(reason, "fr"):
        return _("Say why the file is withdrawn: the reason is published.")
    return ""


def why_not_record_vote(
    by: User,
    proposal: Proposal,
    *,
    session: Meeting,
    dated_on: dt.date,
    decision: str,
    ballot: str,
    counts: Counts | None,
    named: Sequence[tuple[Mandate, str]] = (),
    text: OfficialText | None = None,
    replaces: Deliberation | None = None,
    confirmed: bool = False,
    quorum_reason: OfficialText | None = None,
) -> str:
    """Say why a vote may not be recorded so; empty when it may.

    What is voted was frozen before, in a sitting that was held and whose quorum
    the secretary recorded. Without quorum somebody confirms that the vote stands
    and writes why, since the rule is not verified. The majority warns and never
    blocks: the record stands.
    """
    if refusal := _why_not_move(by, proposal, "record_vote"):
        return refusal
    explained = confirmed and bool(text_in(quorum_reason or {}, "fr"))
    if refusal := why_not_vote_at(proposal, session, explained=explained):
        return refusal
    if refusal := _why_not_dated(proposal, session, dated_on):
        return refusal
    if decision not in Deliberation.Decision.values:
        return _("Say what the Council decided: adopted, rejected or postponed.")
    if not text_in(text or {}, "fr"):
        return _("Give the text as the Council voted it.")
    if ballot == Deliberation.Ballot.BY_NAME:
        refusal = _why_not_named(proposal, named, dated_on)
    elif ballot == Deliberation.Ballot.SHOW_OF_HANDS:
        refusal = "" if counts is not None else _("Give the votes for, the votes against and the abstentions.")
    else:
        refusal = _("Say how the Council voted: by show of hands or by name.")
    if refusal:
        return refusal
    if counts and session.members_in_office and counts.whole > session.members_in_office:
        return ngettext(
            "More votes are counted than the %(n)s member in office at this session. Count them again.",
            "More votes are counted than the %(n)s members in office at this session. Count them again.",
            session.members_in_office,
        ) % {"n": session.members_in_office}
    if replaces and not refused_to_replace(proposal).filter(pk=replaces.pk).exists():
        return _("A vote replaces a decision on the same matter whose visa was refused, once.")
    return ""


def why_not_vote_at(proposal: Proposal, session: Meeting, *, explained: bool = False) -> str:
    """Say why no vote on a file may be recorded at a sitting; empty when it may.

    A third sitting needs no quorum; at another one the vote is ``explained`` by who
    records it, as long as the rule of the quorum is not verified.
    """
    if proposal.agenda_item_id is None:
        return _("Place this file on the agenda of a session first.")
    if not sittings_of(proposal).filter(pk=session.pk).exists():
        return _("This file stands on the agenda of another session.")
    if session.state != Meeting.State.HELD:
        return _("Record first that the session was held, and whether the quorum was met.")
    if session.quorum_met is None and not is_third_sitting(session):
        return _("Record first whether the quorum was met at this session: without it the vote would not stand.")
    if not without_quorum_at(session):
        return ""
    may_block = value_of(proposal.cycle.member, "quorum", day_of(session)).may_block
    if explained and not may_block:
        return ""
    said = _(
        "The quorum was not met at this session, so the Council could not decide. "
        "Convene it again, and record the vote of that sitting."
    )
    if may_block:
        return said
    return said + " " + _("If you know that the vote stands all the same, confirm it and write why.")


def why_not_vote_yet(proposal: Proposal) -> str:
    """Say why no vote on a file can be recorded at any of its sittings; empty when one of them can vote."""
    reasons = [why_not_vote_at(proposal, session, explained=True) for session in sittings_of(proposal)]
    if not reasons:
        return _("Place this file on the agenda of a session first.")
    return "" if "" in reasons else reasons[-1]


def _why_not_move(by: User, proposal: Proposal, deed: str) -> str:
    if refusal := why_not_allowed(by, deed, proposal.cycle.member):
        return refusal
    if deed in MOVES[Proposal.State(proposal.state)]:
        return ""
    if proposal.state == _State.ASSEMBLING:
        return _("Freeze this file first: the Council votes a text that can no longer change.")
    if proposal.state == _State.FROZEN:
        return _("This file is frozen: what is voted no longer changes. To change it, withdraw it and open another.")
    if proposal.state == _State.VOTED:
        return _("The Council has voted on this file. To vote on it again, open a new file.")
    return _("This file was withdrawn. Open a new one.")


def _why_not_worded(member: Member, *, subject: str, council: Body, title: OfficialText) -> str:
    if subject not in Proposal.Subject.values:
        return _("Say what the file is about: joining the programme, the action plan, or another matter.")
    if not councils_of(member).filter(pk=council.pk).exists():
        return _("Choose a Council of this Region. Set it up first, on the page of bodies.")
    return "" if text_in(title, "fr") else _("Give the file a title.")


def _why_not_a_session(proposal: Proposal, session: Meeting) -> str:
    theirs = Meeting.objects.of(proposal.cycle.member).filter(pk=session.pk, kind__in=SESSIONS)
    if not theirs.exists() or session.body_id not in (None, proposal.council_id):
        return _("Choose a session of this Council. Plan it first, on the page of meetings.")
    return ""


def _why_not_dated(proposal: Proposal, session: Meeting, dated_on: dt.date) -> str:
    if dated_on > today():
        return _("A vote cannot be dated in the future. Check its date.")
    if dated_on < day_of(session):
        return _("The session opened on %(day)s: the vote cannot be older.") % {"day": _day(day_of(session))}
    if proposal.frozen and dated_on < timezone.localdate(proposal.frozen.frozen_at):
        return _("This vote is older than the frozen file. What is voted must be frozen before the vote.")
    return ""


def _why_not_named(proposal: Proposal, named: Sequence[tuple[Mandate, str]], on: dt.date) -> str:
    if not named:
        return _("Say how each member of the Council voted.")
    voters = [mandate.pk for mandate, _choice in named]
    if len(voters) != len(set(voters)):
        return _("A member of the Council votes once. One is there twice.")
    if set(voters) - set(voting_mandates(proposal.council, on).values_list("pk", flat=True)):
        return _("One of these people did not vote in this Council on that day.")
    if any(choice not in NamedVote.Choice.values for _mandate, choice in named):
        return _("Each one is for, against, abstained, or did not take part.")
    return ""


def _day(value: dt.date) -> str:
    return dates.day(value, get_language() or "fr")
