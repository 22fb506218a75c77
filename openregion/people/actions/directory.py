"""Keep the directory of contacts live, and send again what could not be sent."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from openregion.core.refusal import refuse_if
from openregion.people import mails, rules
from openregion.people.actions.steps import hold, journal
from openregion.people.models import Contact, ContactAttempt, Gender, Member, OutgoingMail, Territory, User
from openregion.people.querysets import ContactQuerySet


@transaction.atomic
def add_contact(
    *,
    member: Member,
    category: str,
    by: User,
    at: dt.datetime,
    organisation: str = "",
    name: str = "",
    function: str = "",
    email: str = "",
    telephone: str = "",
    lang: str = "fr",
    gender: str = Gender.UNSAID,
    territory: Territory | None = None,
    public: bool = False,
) -> Contact:
    """Add an organisation or a person to the directory, in a category of the guide (row D1).

    The journal says the category and nothing of who it is. Raises ``Refused``
    when the rule says no: the same contact is kept once.
    """
    hold(member)
    who = {"category": category, "organisation": organisation, "name": name, "email": email, "public": public}
    refuse_if(rules.why_not_add_contact(by, member, **who))  # type: ignore[arg-type]
    contact = Contact.objects.create(
        member=member,
        **who,
        function=function,
        telephone=telephone,
        lang=lang,
        gender=gender,
        territory=territory,
        added_on=timezone.localdate(at),
    )
    journal("add_contact", contact, member, by, at, category=category)
    return contact


@transaction.atomic
def revise_contact(
    contact: Contact,
    *,
    category: str,
    by: User,
    at: dt.datetime,
    organisation: str = "",
    name: str = "",
    function: str = "",
    email: str = "",
    telephone: str = "",
    lang: str = "fr",
    gender: str = Gender.UNSAID,
    territory: Territory | None = None,
    public: bool = False,
) -> Contact:
    """Correct a contact. A new address or telephone forgives the attempts that the old one failed.

    Raises ``Refused`` when the rule says no.
    """
    hold(contact.member)
    contact.refresh_from_db()
    who = {"category": category, "organisation": organisation, "name": name, "email": email, "public": public}
    refuse_if(rules.why_not_revise_contact(by, contact, **who))  # type: ignore[arg-type]
    moved = (contact.email.lower(), contact.telephone) != (email.lower(), telephone)
    said = who | {"function": function, "telephone": telephone, "lang": lang, "gender": gender, "territory": territory}
    for field, value in said.items():
        setattr(contact, field, value)
    contact.save(update_fields=list(said))
    journal("revise_contact", contact, contact.member, by, at, category=category, moved=moved)
    return contact


@transaction.atomic
def retire_contact(contact: Contact, *, on: dt.date, by: User, at: dt.datetime, erase: bool = False) -> None:
    """Take a contact out of the directory; with ``erase``, because the person asks, nothing of it is kept here.

    The lists of guests, in a room above, are emptied of it by whoever orchestrates
    (``web.actions.forget_contact``). The line comes last: nothing is waited for once
    it is written. Raises ``Refused`` when the rule says no.
    """
    hold(contact.member)
    # Its key is locked too when it goes: nobody may point at it meanwhile.
    contact.refresh_from_db(from_queryset=Contact.objects.select_for_update(no_key=True))
    refuse_if(rules.why_not_retire_contact(by, contact, on=on, erase=erase))
    if erase:
        mails.forget_recipient(contact.member, contact.email)
        contact.delete()
    else:
        contact.retired_on, contact.public = on, False
        contact.save(update_fields=["retired_on", "public"])
    journal("retire_contact", contact, contact.member, by, at, category=contact.category)


@transaction.atomic
def note_attempt(
    contact: Contact, *, on: dt.date, channel: str, outcome: str, by: User, at: dt.datetime, about: str = ""
) -> ContactAttempt:
    """Note that somebody tried to reach a contact, by which means, and what came of it.

    Raises ``Refused`` when the rule says no.
    """
    hold(contact.member)
    contact.refresh_from_db()
    refuse_if(rules.why_not_note_attempt(by, contact, channel=channel, outcome=outcome, on=on))
    attempt = ContactAttempt.objects.create(contact=contact, on=on, channel=channel, outcome=outcome, about=about)
    journal("note_attempt", contact, contact.member, by, at, channel=channel, outcome=outcome)
    return attempt


@transaction.atomic
def retry_mail(mail: OutgoingMail, *, by: User, at: dt.datetime) -> OutgoingMail:
    """Put a message that failed on its way again, with all its tries.

    Raises ``Refused`` when the rule says no.
    """
    hold(mail.member)
    mail.refresh_from_db()
    refuse_if(rules.why_not_retry_mail(by, mail))
    mail.state, mail.tries, mail.refusals = OutgoingMail.State.QUEUED, 0, 0
    mail.tried_at, mail.why_failed = None, ""
    mail.save(update_fields=["state", "tries", "refusals", "tried_at", "why_failed"])
    journal("retry_mail", mail, mail.member, by, at, kind=mail.kind)
    transaction.on_commit(mails.wake, robust=True)
    return mail


def let_go_of_contacts(*, at: dt.datetime) -> int:
    """Erase the contacts retired five years ago or more, as the page on personal data promises; say how many."""
    return contacts_over(at=at).delete()[1].get("people.Contact", 0)


def contacts_over(*, at: dt.datetime) -> ContactQuerySet:
    """Find the contacts retired five years ago or more."""
    return Contact.objects.filter(retired_on__lte=timezone.localdate(at) - dt.timedelta(days=5 * 365 + 1))
