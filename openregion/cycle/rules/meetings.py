"""What is refused about meetings, and why: planning, agenda, papers, convening, holding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sized

from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import AgendaItem, Cycle, Invitation, Meeting, Minutes, Proposal
from openregion.cycle.queries.meetings import NEEDS_BODY, SITTINGS, WHO_MEETS
from openregion.people.models import Authority, Body, Member, User
from openregion.people.rules import today, why_not_allowed

_S = Meeting.State
# Before it opens, a meeting may be prepared in any order; only convening and holding move it.
_PREPARED = (
    "revise_meeting", "add_to_agenda", "remove_from_agenda", "add_meeting_paper", "invite_to_meeting",
    "withdraw_invitation", "record_answer", "check_in",
)  # fmt: skip
MOVES: dict[Meeting.State, dict[str, Meeting.State]] = {
    _S.PLANNED: {
        **dict.fromkeys(_PREPARED, _S.PLANNED),
        "record_decision": _S.PLANNED,
        "convene_meeting": _S.CONVENED,
        "hold_meeting": _S.HELD,
        "cancel_meeting": _S.CANCELLED,
    },
    _S.CONVENED: {
        **dict.fromkeys(_PREPARED, _S.CONVENED),
        "record_decision": _S.CONVENED,
        "convene_meeting": _S.CONVENED,
        "hold_meeting": _S.HELD,
        "cancel_meeting": _S.CANCELLED,
    },
    _S.HELD: {
        "add_meeting_paper": _S.HELD,
        "check_in": _S.HELD,
        "record_decision": _S.HELD,
        "convene_again": _S.HELD,
        "draft_minutes": _S.HELD,
    },
    _S.CANCELLED: {},
}


def why_not_now(meeting: Meeting, deed: str) -> str:
    """Say why a deed does not fit the state a meeting is in; empty when it does."""
    if deed in MOVES[Meeting.State(meeting.state)]:
        return ""
    if meeting.state == _S.CANCELLED:
        return _("This meeting was cancelled. Plan another one.")
    if meeting.state == _S.HELD:
        return _("This meeting was held: it can no longer be changed. What happened there goes into its minutes.")
    return _("This meeting is still to come. Record first that it was held.")


def _why_not_here(by: User, meeting: Meeting, deed: str) -> str:
    return why_not_allowed(by, deed, meeting.member) or why_not_now(meeting, deed)


def why_not_plan_meeting(
    by: User,
    member: Member,
    *,
    kind: str,
    title: OfficialText,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    body: Body | None,
    cycle: Cycle | None,
    operations: Iterable[str],
    asked_by: str,
) -> str:
    """Say why a meeting may not be planned so; empty when it may.

    A session is the Council's, and an extraordinary one says who asked for it.
    """
    if reason := why_not_allowed(by, "plan_meeting", member):
        return reason
    if kind not in Meeting.Kind.values:
        return _("Choose what kind of meeting it is.")
    if reason := _why_not_meeting_of(member, kind, body) or _why_not_said(title, starts_at, ends_at):
        return reason
    if reason := _why_not_serve(member, cycle, operations) or _why_nobody_asked(kind, asked_by):
        return reason
    same = Meeting.objects.of(member).filter(kind=kind, starts_at=starts_at, body=body).exclude(state=_S.CANCELLED)
    if any(text_in(one, "fr") == text_in(title, "fr") for one in same.values_list("title", flat=True)):
        return _("This meeting is planned already. Look at the list of meetings.")
    return ""


def why_not_revise_meeting(
    by: User,
    meeting: Meeting,
    *,
    title: OfficialText,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    operations: Iterable[str],
    asked_by: str,
) -> str:
    """Say why a meeting may not be changed so; empty when it may."""
    return (
        _why_not_here(by, meeting, "revise_meeting")
        or _why_not_said(title, starts_at, ends_at)
        or _why_not_serve(meeting.member, meeting.cycle, operations)
        or _why_nobody_asked(meeting.kind, asked_by)
    )


def _why_not_meeting_of(member: Member, kind: str, body: Body | None) -> str:
    if body is None:
        if kind in NEEDS_BODY:
            return _("Choose the body that meets. Set it up first, on the page of bodies, where it is not listed.")
        return ""
    if not Authority.objects.of(member).filter(pk=body.authority_id).exists():
        return _("This body belongs to another space. Choose one of this space.")
    if body.dissolved_on is not None:
        return _("This body was dissolved. Choose another one.")
    if kind in WHO_MEETS and body.kind != WHO_MEETS[kind]:
        return _("This kind of meeting is held by another kind of body. Choose the body, or another kind of meeting.")
    return ""


def _why_not_said(title: OfficialText, starts_at: dt.datetime, ends_at: dt.datetime | None) -> str:
    if not text_in(title, "fr"):
        return _("Say what the meeting is called, in French or in Arabic.")
    if ends_at and ends_at < starts_at:
        return _("A meeting ends after it starts. Correct one of the two.")
    return ""


def _why_not_serve(member: Member, cycle: Cycle | None, operations: Iterable[str]) -> str:
    if cycle is not None and cycle.member_id != member.pk:
        return _("This cycle belongs to another space. Choose one of this space.")
    asked = set(operations)
    known = set(cycle.operations.filter(code__in=asked).values_list("code", flat=True)) if cycle and asked else set()
    if asked - known:
        return _("A meeting serves operations of its own cycle. Choose them again.")
    return ""


def _why_nobody_asked(kind: str, asked_by: str) -> str:
    if kind == Meeting.Kind.EXTRAORDINARY_SESSION and not asked_by.strip():
        return _("Say who asked for this extraordinary session: it is public.")
    return ""


def why_not_add_to_agenda(by: User, meeting: Meeting, *, title: OfficialText, late_reason: OfficialText) -> str:
    """Say why a point may not be added to an agenda; empty when it may.

    Once the agenda was sent, a point that joins it is late, and says why.
    """
    if reason := _why_not_here(by, meeting, "add_to_agenda"):
        return reason
    if not text_in(title, "fr"):
        return _("Say what the point is about, in French or in Arabic.")
    if meeting.agenda_sent_on and not text_in(late_reason, "fr"):
        return _("The agenda was sent already: this point is late. Say why, for everyone to read.")
    said = text_in(title, "fr")
    if any(text_in(one, "fr") == said for one in meeting.agenda.values_list("title", flat=True)):
        return _("This point is on the agenda already.")
    return ""


def why_not_remove_from_agenda(by: User, item: AgendaItem) -> str:
    """Say why a point may not be taken off an agenda; empty when it may."""
    if reason := _why_not_here(by, item.meeting, "remove_from_agenda"):
        return reason
    if text_in(item.decision, "fr"):
        return _("Something was decided on this point: it stays on the agenda.")
    proposal = getattr(item, "proposal", None)
    if proposal is not None and proposal.state != Proposal.State.WITHDRAWN:
        return _("A file put to the Council stands under this point. Withdraw the file first, on its own page.")
    return ""


def why_not_add_meeting_paper(by: User, meeting: Meeting, *, title: OfficialText, sent_on: dt.date) -> str:
    """Say why a document may not be given for a meeting; empty when it may. One that comes too late warns only."""
    if reason := _why_not_here(by, meeting, "add_meeting_paper"):
        return reason
    if not text_in(title, "fr"):
        return _("Say what the document is, in French or in Arabic.")
    if sent_on > today():
        return _("A document cannot have been sent in the future. Check its day.")
    return ""


def why_not_give_again(meeting: Meeting, *, sha256: str) -> str:
    """Say that a document was given for a meeting already; empty when it was not."""
    if meeting.papers.filter(file__sha256=sha256).exists():
        return _("This very document was given for this meeting already.")
    return ""


def why_not_convene_meeting(by: User, meeting: Meeting, *, at: dt.datetime, to_nobody: bool = False) -> str:
    """Say why a convocation may not leave; empty when it may. A notice that is too short warns only.

    A meeting open to all may be announced ``to_nobody`` in particular, when the
    team says so: a Council convened without its members is a mistake.
    """
    if reason := _why_not_yet_convened(by, meeting, at):
        return reason
    guests = meeting.invitations.filter(on_the_spot=False)
    if not guests.exists():
        if not meeting.open_to_all:
            return _("Nobody is invited yet. Invite people first.")
        if not to_nobody:
            return _("Nobody is invited yet. Invite people first, or confirm that the meeting is only announced.")
    if meeting.state == _S.CONVENED and not guests.filter(sent_at=None).exclude(email="").exists():
        return _("Everyone who has an address received the convocation already. Invite others first.")
    return ""


def _why_not_yet_convened(by: User, meeting: Meeting, at: dt.datetime) -> str:
    if reason := _why_not_here(by, meeting, "convene_meeting"):
        return reason
    if meeting.starts_at <= at:
        return _("The hour of this meeting is past. Change its day first, or record that it was held.")
    if not meeting.agenda.exists():
        return _("Write the agenda first: people come for what is on it.")
    return ""


def why_not_convene_once_more(by: User, meeting: Meeting, *, guest: Invitation, at: dt.datetime) -> str:
    """Say why the convocation may not be sent once more to one guest; empty when it may."""
    if reason := _why_not_yet_convened(by, meeting, at):
        return reason
    if guest.meeting_id != meeting.pk or guest.on_the_spot or not guest.name:
        return _("This person is not among the guests. Invite them first.")
    if meeting.state != _S.CONVENED:
        return _("The convocation has not left yet. Convene the meeting first.")
    if not guest.email:
        return _("Write the e-mail address of this guest.")
    return ""


def why_not_hold_meeting(
    by: User, meeting: Meeting, *, closed_on: dt.date, quorum_met: bool | None, members_in_office: int | None
) -> str:
    """Say why a meeting may not be recorded as held; empty when it may. The secretary says whether the quorum was."""
    if reason := _why_not_here(by, meeting, "hold_meeting"):
        return reason
    if closed_on > today():
        return _("A meeting is recorded once it is over. Check the day on which it closed.")
    if closed_on < timezone.localdate(meeting.starts_at):
        return _("A meeting closes after it opens. Check the day on which it closed.")
    if meeting.kind in SITTINGS and meeting.body_id and (quorum_met is None or members_in_office is None):
        return _("Say how many members are in office, and whether the quorum was met.")
    return ""


def why_not_convene_again(by: User, meeting: Meeting, *, starts_at: dt.datetime) -> str:
    """Say why another sitting may not follow; empty when it may: the quorum was not met, and none follows yet."""
    if reason := _why_not_here(by, meeting, "convene_again"):
        return reason
    if meeting.quorum_met is not False:
        return _("Another sitting follows one where the quorum was not met. Plan another meeting instead.")
    if meeting.followed_by.exclude(state=_S.CANCELLED).exists():
        return _("The sitting that follows this one is planned already.")
    if starts_at <= meeting.starts_at:
        return _("The next sitting comes after this one. Choose a later day.")
    return ""


def why_not_cancel_meeting(by: User, meeting: Meeting, *, reason: OfficialText) -> str:
    """Say why a meeting may not be cancelled; empty when it may. The guests and the public read the reason."""
    if refusal := _why_not_here(by, meeting, "cancel_meeting"):
        return refusal
    if not text_in(reason, "fr"):
        return _("Say why the meeting is cancelled, in French or in Arabic: guests and the public read it.")
    return ""


def why_not_record_decision(by: User, item: AgendaItem, *, decision: OfficialText, at: dt.datetime) -> str:
    """Say why a decision may not be recorded under a point; empty when it may."""
    meeting = item.meeting
    if reason := _why_not_here(by, meeting, "record_decision") or why_not_after_approval(meeting):
        return reason
    if timezone.localdate(meeting.starts_at) > timezone.localdate(at):
        return _("Nothing is decided before the meeting. Come back on its day.")
    if meeting.quorum_met is False:
        return _("The quorum was not met: nothing could be decided. Convene the next sitting.")
    if not text_in(decision, "fr"):
        return _("Say what was decided, in French or in Arabic.")
    return ""


def why_not_after_approval(meeting: Meeting) -> str:
    """Say that approved minutes close a meeting; empty while they are not approved."""
    if Minutes.objects.filter(meeting=meeting).exclude(state=Minutes.State.DRAFT).exists():
        return _("The minutes are approved: what they say can no longer change.")
    return ""


# --- guests -----------------------------------------------------------------


def why_not_withdraw_invitation(by: User, invitation: Invitation) -> str:
    """Say why an invitation may not be withdrawn; empty when it may."""
    if reason := _why_not_here(by, invitation.meeting, "withdraw_invitation"):
        return reason
    if invitation.attended:
        return _("This person came: they stay on the list. Undo their arrival first if it is a mistake.")
    return ""


def why_not_forget_guest(by: User, invitation: Invitation) -> str:
    """Say why who a guest is may not be erased; empty when it may, whatever became of the meeting."""
    if reason := why_not_allowed(by, "forget_guest", invitation.meeting.member):
        return reason
    if not invitation.name:
        return _("This person is erased already.")
    return ""


def why_not_invite(by: User, meeting: Meeting, *, names: Iterable[str], foreign: bool) -> str:
    """Say why people may not be invited; empty when they may. ``foreign``: one of them is another space's."""
    if reason := _why_not_here(by, meeting, "invite_to_meeting"):
        return reason
    named = tuple(names)
    if not named:
        return _("Choose at least one person to invite.")
    if not all(one.strip() for one in named):
        return _("Write the name of the person, or of the organisation.")
    if foreign:
        return _("One of these people belongs to another space. Choose again.")
    return ""


def why_not_invite_nobody_new(new: Sized) -> str:
    """Say that everyone chosen is invited already; empty when someone is new."""
    return "" if len(new) else _("Everyone chosen is invited already.")


def why_not_record_answer(
    by: User | None, invitation: Invitation, *, answer: str, stand_in: str, at: dt.datetime
) -> str:
    """Say why an answer may not be recorded; empty when it may.

    ``by`` is nobody when the guest answers by their own link, which closes when
    the meeting opens; the team may still take an answer down until it is held.
    """
    meeting = invitation.meeting
    if by is not None and (reason := why_not_allowed(by, "record_answer", meeting.member)):
        return reason
    if reason := why_not_now(meeting, "record_answer"):
        return reason
    if by is None and meeting.starts_at <= at:
        return _("The meeting has begun: answers are closed. Write to the team.")
    if not invitation.name:
        return _("This person was erased at their request.")
    if invitation.on_the_spot:
        return _("This person came without being invited: there is no answer to record.")
    if answer not in {Invitation.Answer.COMING, Invitation.Answer.DECLINED, Invitation.Answer.REPRESENTED}:
        return _("Say whether they come, do not come, or send someone.")
    if answer == Invitation.Answer.REPRESENTED and not stand_in.strip():
        return _("Write the name of the person who stands in.")
    return ""


def why_not_check_in(by: User, meeting: Meeting, *, name: str, at: dt.datetime) -> str:
    """Say why presence may not be noted; empty when it may: from the day itself until the minutes are approved."""
    if reason := _why_not_here(by, meeting, "check_in") or why_not_after_approval(meeting):
        return reason
    if timezone.localdate(meeting.starts_at) > timezone.localdate(at):
        return _("Presence is noted from the day of the meeting. Come back on that day.")
    if not name.strip():
        return _("Write the name of the person who came.")
    return ""
