"""Rules of the directory of contacts and of messages on their way."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openregion.analysis.normaliser import plain
from openregion.guide import queries as guides
from openregion.people.models import Contact, ContactAttempt, Member, OutgoingMail, User
from openregion.people.rules.offices import today, why_not_allowed

MOVES: dict[OutgoingMail.State, dict[str, OutgoingMail.State]] = {
    OutgoingMail.State.FAILED: {"retry_mail": OutgoingMail.State.QUEUED},
}


def why_not_add_contact(
    by: User,
    member: Member,
    *,
    category: str,
    organisation: str,
    name: str,
    email: str = "",
    public: bool = False,
) -> str:
    """Say why a contact may not join the directory; empty when it may."""
    return why_not_allowed(by, "add_contact", member) or _why_not_so(
        member, None, category=category, organisation=organisation, name=name, email=email, public=public
    )


def why_not_revise_contact(
    by: User, contact: Contact, *, category: str, organisation: str, name: str, email: str = "", public: bool = False
) -> str:
    """Say why a contact may not be corrected so; empty when it may."""
    if reason := why_not_allowed(by, "revise_contact", contact.member):
        return reason
    if contact.retired_on:
        return _("This contact is retired. Add it again if it is back.")
    return _why_not_so(
        contact.member, contact, category=category, organisation=organisation, name=name, email=email, public=public
    )


def why_not_retire_contact(by: User, contact: Contact, *, on: dt.date, erase: bool = False) -> str:
    """Say why a contact may not leave the directory that day; empty when it may.

    One that is retired can still be erased, when the person asks.
    """
    if reason := why_not_allowed(by, "retire_contact", contact.member):
        return reason
    if contact.retired_on and not erase:
        return _("This contact is retired already.")
    return "" if on <= today() else _("That day is to come. Choose today or a day before.")


def why_not_note_attempt(by: User, contact: Contact, *, channel: str, outcome: str, on: dt.date) -> str:
    """Say why an attempt to reach a contact may not be noted; empty when it may."""
    if reason := why_not_allowed(by, "note_attempt", contact.member):
        return reason
    if contact.retired_on:
        return _("This contact is retired. Add it again if it is back.")
    if channel not in ContactAttempt.Channel.values or outcome not in ContactAttempt.Outcome.values:
        return _("Choose the means and the outcome from the lists.")
    return "" if on <= today() else _("That day is to come. Choose today or a day before.")


def why_not_retry_mail(by: User, mail: OutgoingMail) -> str:
    """Say why a message may not be sent again; empty when it may."""
    if reason := why_not_allowed(by, "retry_mail", mail.member):
        return reason
    if "retry_mail" not in MOVES.get(OutgoingMail.State(mail.state), {}):
        return _("This message did not fail: it has left, or it waits for its turn.")
    if not mail.to:
        return _("Its words and its address were erased after thirty days. Do again what sent it.")
    return ""


def _why_not_so(
    member: Member, contact: Contact | None, *, category: str, organisation: str, name: str, email: str, public: bool
) -> str:
    book = guides.guide(member.guide_version)
    if category not in {one.code for one in book.directory}:
        return _("The guide's directory has no such category. Choose one from the list.")
    if not organisation and not name:
        return _("Write the name of the organisation, of the person, or both.")
    if public and not organisation:
        return _("Only an organisation can stand in the public list. Write its name, or leave it out of the list.")
    others = Contact.objects.of(member).present()
    if contact:
        others = others.exclude(pk=contact.pk)
    wanted = (plain(organisation), plain(name))
    for one in others.only("organisation", "name", "email"):
        if email and one.email.lower() == email.lower():
            shown = one.organisation or one.name
            return _("%(name)s has this e-mail address in the directory. Correct that contact instead.") % {
                "name": shown
            }
        if (plain(one.organisation), plain(one.name)) == wanted:
            return _("The directory has this contact already. Correct it instead.")
    return ""
