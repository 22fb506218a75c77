"""Who may write in the registers, and what a line of them must say."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openregion.core.official import OfficialText
from openregion.people.models import Contact, Member, User
from openregion.people.rules import today, why_not_allowed
from openregion.record.models import StoredFile
from openregion.registers.models import Exchange, PeerActivity


def why_not_log_exchange(
    by: User,
    member: Member,
    *,
    party: str,
    channel: str,
    direction: str,
    on: dt.date,
    subject: OfficialText,
    contact: Contact | None = None,
    file: StoredFile | None = None,
    wants_answer_by: dt.date | None = None,
    answers: Exchange | None = None,
) -> str:
    """Say why an exchange may not be logged; empty when it may. Its contact, file and question are the member's own."""
    if reason := why_not_allowed(by, "log_exchange", member):
        return reason
    theirs = (contact and contact.member_id, answers and answers.member_id)
    if any(one and one != member.pk for one in theirs) or (file and file.member_code != member.slug):
        return _("This belongs to another space. Only its own people can change it.")
    if (
        party not in Exchange.Party.values
        or channel not in Exchange.Channel.values
        or direction not in Exchange.Direction.values
    ):
        return _("Choose with whom, by which means and in which direction, from the lists.")
    if not subject:
        return _("Write the subject, in French or in Arabic.")
    if on > today():
        return _("That day is to come. Choose today or a day before.")
    if wants_answer_by and wants_answer_by < on:
        return _("An answer cannot be due before the message. Choose a later day.")
    return _why_no_answer(answers, party=party, direction=direction, on=on) if answers else ""


def _why_no_answer(answers: Exchange, *, party: str, direction: str, on: dt.date) -> str:
    if answers.party != party:
        return _("An answer goes between the same two parties. Choose the same one.")
    if answers.direction == direction:
        return _("An answer goes the other way: what was sent is answered by what is received.")
    if on < answers.on:
        return _("An answer cannot come before what it answers. Choose a later day.")
    return ""


def why_not_record_peer_activity(
    by: User,
    member: Member,
    *,
    kind: str,
    scope: str,
    part: str,
    title: OfficialText,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    learnt: OfficialText | None = None,
    file: StoredFile | None = None,
) -> str:
    """Say why a peer activity may not be recorded; empty when it may. Nothing is learnt before it starts."""
    if reason := why_not_allowed(by, "record_peer_activity", member):
        return reason
    if file and file.member_code != member.slug:
        return _("This belongs to another space. Only its own people can change it.")
    if (
        kind not in PeerActivity.Kind.values
        or scope not in PeerActivity.Scope.values
        or part not in PeerActivity.Part.values
    ):
        return _("Choose the kind, the level and the Region’s part from the lists.")
    if not title:
        return _("Write the title, in French or in Arabic.")
    if ends_on and ends_on < starts_on:
        return _("It cannot end before it starts. Check the days.")
    if learnt and starts_on > today():
        return _("It is still to come: write what was learnt once it is over.")
    return ""
