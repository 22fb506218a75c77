"""What is done about the guests of a meeting: invited, answered for, checked in at the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from openregion.core.refusal import refuse_if
from openregion.cycle import mails, rules
from openregion.cycle.actions.steps import hold, journal
from openregion.cycle.models import Invitation, Meeting
from openregion.cycle.queries.guests import Guest
from openregion.people.models import Mandate, User


@transaction.atomic
def invite_to_meeting(
    meeting: Meeting, *, guests: Sequence[Guest], by: User, at: dt.datetime
) -> tuple[Invitation, ...]:
    """Put people on the list of guests; those on it already stay as they are. Nothing is sent before the convocation.

    Raises ``Refused`` when the rule says no, or when all are invited already.
    """
    hold(meeting)
    refuse_if(
        rules.why_not_invite(
            by, meeting, names=[one.name for one in guests], foreign=any(_is_foreign(one, meeting) for one in guests)
        )
    )
    known = list(meeting.invitations.all())
    made: list[Invitation] = []
    for one in guests:
        if not any(_is_same(one, other) for other in [*known, *made]):
            made.append(Invitation(meeting=meeting, **_row(one)))
    refuse_if(rules.why_not_invite_nobody_new(made))
    for invitation in made:
        invitation.save(force_insert=True)
    _line("invite_to_meeting", meeting, meeting.uid, by, at, guests=len(made))
    return tuple(made)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User, at: dt.datetime) -> Meeting:
    """Take someone off the list of guests; one who was convened is told. Raises ``Refused`` when the rule says no."""
    meeting = hold(invitation.meeting)
    refuse_if(rules.why_not_withdraw_invitation(by, invitation))
    if invitation.sent_at and invitation.email:
        mails.tell_withdrawn(invitation, at=at)
    _line("withdraw_invitation", meeting, invitation.uid, by, at)
    invitation.delete()
    return meeting


@transaction.atomic
def record_answer(
    invitation: Invitation, *, answer: str, by: User | None, at: dt.datetime, stand_in: str = ""
) -> Invitation:
    """Record that a guest comes, does not come, or sends someone; the same answer again changes nothing.

    ``by`` is nobody when the guest answers by the link of their own. Raises ``Refused`` when the rule says no.
    """
    hold(invitation)
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
    """Say whether a guest is on the list already: the same seat or contact, else the same name and place."""
    if guest.mandate or guest.contact:
        same = guest.mandate and guest.mandate.pk == invitation.mandate_id
        return bool(same or (guest.contact and guest.contact.pk == invitation.contact_id))
    if guest.email and guest.email.lower() == invitation.email.lower():
        return guest.name.strip().casefold() == invitation.name.casefold()
    theirs = (invitation.name.casefold(), invitation.organisation.casefold())
    return (guest.name.strip().casefold(), guest.organisation.strip().casefold()) == theirs


def _line(verb: str, meeting: Meeting, uid: str, by: User | None, at: dt.datetime, **facts: object) -> None:
    """Write a line that names the meeting and no guest: a guest's row may go, and the line stays."""
    told = {"kind": meeting.kind, "number": meeting.number, **facts}
    subject = meeting if uid == meeting.uid else Invitation(uid=uid)
    journal(verb, subject, meeting.member, by.reference if by else "", at, **told)
