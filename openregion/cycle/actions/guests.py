"""What is done about the guests of a meeting: invited, answered for, checked in at the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from openregion.core.refusal import refuse_if
from openregion.cycle import mails, rules
from openregion.cycle.actions.steps import hold, journal
from openregion.cycle.models import Invitation, Meeting
from openregion.cycle.queries.guests import Guest, plain_name
from openregion.people.models import Contact, Mandate, User

_AHEAD = frozenset({Meeting.State.PLANNED, Meeting.State.CONVENED})
ADDRESSES_KEPT_FOR = dt.timedelta(days=365)


@transaction.atomic
def invite_to_meeting(
    meeting: Meeting, *, guests: Sequence[Guest], by: User, at: dt.datetime
) -> tuple[Invitation, ...]:
    """Put people on the list of guests; those on it already stay. Nothing is sent before the convocation.

    Someone known there under another title is the same guest: a contact who holds
    a seat keeps one invitation, which gains the seat, its vote, the address.
    Raises ``Refused`` when the rule says no, or when all are invited already.
    """
    hold(meeting)
    refuse_if(
        rules.why_not_invite(
            by, meeting, names=[one.name for one in guests], foreign=any(_is_foreign(one, meeting) for one in guests)
        )
    )
    known = list(meeting.invitations.select_for_update(no_key=True).order_by("pk"))
    made: list[Invitation] = []
    joined: list[Invitation] = []
    for one in guests:
        there = next((other for other in [*known, *made] if _is_same(one, other)), None)
        if there is None:
            made.append(Invitation(meeting=meeting, **_row(one)))
        elif _join(one, there, [*known, *made]) and there.pk:
            joined.append(there)
    refuse_if(rules.why_not_invite_nobody_new([*made, *joined]))
    for invitation in made:
        invitation.save(force_insert=True)
    for invitation in joined:
        invitation.save(update_fields=["contact", "mandate", "user", "votes", "email", "lang", "category"])
    _line("invite_to_meeting", meeting, meeting.uid, by, at, guests=len(made))
    return tuple(made)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User, at: dt.datetime) -> Meeting:
    """Take someone off the list of guests; one who was convened is told. Raises ``Refused`` when the rule says no."""
    meeting = hold(invitation.meeting)
    hold(invitation).meeting = meeting
    refuse_if(rules.why_not_withdraw_invitation(by, invitation))
    uid = invitation.uid
    if invitation.sent_at and invitation.email:
        mails.tell_withdrawn(invitation, at=at)
    invitation.delete()
    _line("withdraw_invitation", meeting, uid, by, at)
    return meeting


@transaction.atomic
def forget_guest(invitation: Invitation, *, by: User, at: dt.datetime) -> Invitation:
    """Erase who a guest is, at their request: the row stays, counted in its category, and names nobody.

    Minutes that are approved keep what they say. What was written to them goes
    too. Raises ``Refused`` when the rule says no.
    """
    meeting = hold(invitation.meeting)
    hold(invitation).meeting = meeting
    refuse_if(rules.why_not_forget_guest(by, invitation))
    invitation.name = invitation.organisation = invitation.email = invitation.stand_in = invitation.answer_hash = ""
    invitation.contact = invitation.mandate = invitation.user = None
    invitation.save(
        update_fields=["name", "organisation", "email", "stand_in", "answer_hash", "contact", "mandate", "user"]
    )
    mails.forget(invitation)
    _line("forget_guest", meeting, invitation.uid, by, at)
    return invitation


def let_go_of_guests(*, at: dt.datetime) -> int:
    """Erase the addresses and the answer keys of guests, a year after their meeting; say how many had one."""
    over = Invitation.objects.filter(meeting__starts_at__lte=at - ADDRESSES_KEPT_FOR)
    return over.exclude(email="", answer_hash="").update(email="", answer_hash="")


@transaction.atomic
def record_answer(
    invitation: Invitation, *, answer: str, by: User | None, at: dt.datetime, stand_in: str = ""
) -> Invitation:
    """Record that a guest comes, does not come, or sends someone; the same answer again changes nothing.

    ``by`` is nobody when the guest answers by the link of their own. Raises ``Refused`` when the rule says no.
    """
    meeting = hold(invitation.meeting)  # held first: an answer never slips in after the meeting
    hold(invitation).meeting = meeting
    refuse_if(rules.why_not_record_answer(by, invitation, answer=answer, stand_in=stand_in, at=at))
    stand_in = stand_in.strip() if answer == Invitation.Answer.REPRESENTED else ""
    if (invitation.answer, invitation.stand_in) == (answer, stand_in):
        return invitation
    invitation.answer, invitation.stand_in, invitation.answered_at = answer, stand_in, at
    invitation.save(update_fields=["answer", "stand_in", "answered_at"])
    _line("record_answer", invitation.meeting, invitation.uid, by, at)
    return invitation


@transaction.atomic
def check_in(
    meeting: Meeting, *, guest: Invitation | Guest, by: User, at: dt.datetime, came: bool = True
) -> Invitation:
    """Note at the door that someone came, or undo it; one who was not invited joins the list, on the spot.

    A second tap changes nothing, and the same walk-in is added once. Undoing
    takes someone added on the spot off the list. Raises ``Refused`` when the rule says no.
    """
    hold(meeting)
    refuse_if(rules.why_not_check_in(by, meeting, name=guest.name, at=at))
    one = _walked_in(meeting, guest) if isinstance(guest, Guest) else hold(guest)
    if bool(one.attended) == came:
        return one
    one.attended, one.checked_in_at = (True, at) if came else (None, None)
    if one.pk is None:
        one.save(force_insert=True)
    elif one.on_the_spot and not came:
        Invitation.objects.filter(pk=one.pk).delete()
    else:
        one.save(update_fields=["attended", "checked_in_at"])
    _line("check_in", meeting, one.uid, by, at, came=came)
    return one


@transaction.atomic
def forget_in_meetings(contact: Contact) -> int:
    """Empty the lists of guests of a contact who is erased: no name, no address, no link, and still counted.

    Whoever stands on a list under the same address, typed by hand, is the same
    person. What waits to be sent to them does not leave. Called by the deed that
    erases, before its line. Says how many rows were emptied.
    """
    hold(contact.member)
    # Its key is locked too: nobody may invite it meanwhile.
    contact.refresh_from_db(from_queryset=Contact.objects.select_for_update(no_key=True))
    typed = Q(contact=None, mandate=None, email__iexact=contact.email) if contact.email else Q(pk=None)
    found = Invitation.objects.of(contact.member).filter(Q(contact=contact) | typed)
    theirs = [hold(one) for one in found.select_related("meeting__member").order_by("pk")]
    for one in theirs:
        mails.forget(one)
    return Invitation.objects.filter(pk__in=[one.pk for one in theirs]).update(
        contact=None, name="", organisation="", email="", stand_in="", answer_hash=""
    )


@transaction.atomic
def release_guest(meeting: Meeting, *, guest: Guest, at: dt.datetime) -> int:
    """Take off the list of guests whoever no longer comes, and tell those who were convened; say how many rows went.

    For people put there under their own name: a seat or a contact keeps its
    invitation. Nothing changes once the meeting is over, or for one who came.
    Called by the deed in which they withdraw, before its line.
    """
    theirs = _typed_as(guest, hold(meeting))
    gone = 0
    for one in theirs:
        if meeting.state in _AHEAD and not one.attended:
            if one.sent_at and one.email:
                mails.tell_withdrawn(one, at=at)
            one.delete()
            gone += 1
    return gone


@transaction.atomic
def forget_typed_guest(meeting: Meeting, *, guest: Guest) -> int:
    """Erase from a list of guests a person who asks it elsewhere, put there under their own name; say how many rows.

    Before the meeting the row goes, so that nobody is convened; after it, or for
    one who came, it stays, counted, and names nobody. What waits to be sent to
    them does not leave. Called by the deed that erases, before its line.
    """
    theirs = _typed_as(guest, hold(meeting))
    for one in theirs:
        mails.forget(one)
        if meeting.state in _AHEAD and not one.attended:
            one.delete()
        else:
            one.name = one.organisation = one.email = one.stand_in = one.answer_hash = ""
            one.save(update_fields=["name", "organisation", "email", "stand_in", "answer_hash"])
    return len(theirs)


def _typed_as(guest: Guest, meeting: Meeting) -> list[Invitation]:
    """Hold the rows of someone on a list under their own name, and neither a seat nor a contact."""
    typed = meeting.invitations.filter(contact=None, mandate=None).exclude(name="").order_by("pk")
    found = [hold(one) for one in typed if _is_same(guest, one)]
    for one in found:
        one.meeting = meeting
    return found


def _walked_in(meeting: Meeting, guest: Guest) -> Invitation:
    """Find whoever stands on the list under that name and organisation, else make a row for them."""
    for one in meeting.invitations.all():
        if _is_same(guest, one):
            return one
    return Invitation(meeting=meeting, on_the_spot=True, **_row(guest))


def _row(guest: Guest) -> dict[str, object]:
    return {
        "contact": guest.contact,
        "mandate": guest.mandate,
        "user": guest.user,
        "name": guest.name.strip(),
        "organisation": guest.organisation.strip(),
        "category": guest.category,
        "gender": guest.gender,
        "email": guest.email,
        "lang": guest.lang,
        "votes": guest.votes,
    }


def _is_foreign(guest: Guest, meeting: Meeting) -> bool:
    if guest.contact and guest.contact.member_id != meeting.member_id:
        return True
    held = guest.mandate
    return held is not None and not Mandate.objects.of(meeting.member).filter(pk=held.pk).exists()


def _is_same(guest: Guest, invitation: Invitation) -> bool:
    """Say whether a guest is on the list already: the same seat, contact or address, else the same name.

    Two seats are two guests, whoever holds them. Someone typed shares an address
    with others of their organisation: their name must agree too.
    """
    if guest.mandate and invitation.mandate_id:
        return guest.mandate.pk == invitation.mandate_id
    if guest.contact and invitation.contact_id:
        return guest.contact.pk == invitation.contact_id or _same_address(guest, invitation)
    named = plain_name(guest.name) == plain_name(invitation.name)
    if guest.mandate or guest.contact:
        whose = bool(
            guest.mandate or invitation.mandate_id
        )  # a seat is held by one person, whatever their contact says
        return _same_address(guest, invitation) or (named and whose)
    if _same_address(guest, invitation):
        return named
    return named and plain_name(guest.organisation) == plain_name(invitation.organisation)


def _same_address(guest: Guest, invitation: Invitation) -> bool:
    return bool(guest.email) and guest.email.casefold() == invitation.email.casefold()


def _join(guest: Guest, invitation: Invitation, others: Sequence[Invitation]) -> bool:
    """Give an invitation what the same person brings under another title; say whether it changed."""
    before = (invitation.mandate_id, invitation.contact_id, invitation.email)
    if guest.mandate and not invitation.mandate_id:
        invitation.mandate, invitation.votes = guest.mandate, guest.votes
        invitation.user = invitation.user or guest.user
    if guest.contact and not invitation.contact_id and all(one.contact_id != guest.contact.pk for one in others):
        invitation.contact, invitation.category = guest.contact, invitation.category or guest.category
    if guest.email and not invitation.email:
        invitation.email, invitation.lang = guest.email, guest.lang
    return before != (invitation.mandate_id, invitation.contact_id, invitation.email)


def _line(verb: str, meeting: Meeting, uid: str, by: User | None, at: dt.datetime, **facts: object) -> None:
    """Write a line that names the meeting and no guest: a guest's row may go, and the line stays."""
    told = {"kind": meeting.kind, "number": meeting.number, **facts}
    subject = meeting if uid == meeting.uid else Invitation(uid=uid)
    journal(verb, subject, meeting.member, by.reference if by else "", at, **told)
