"""Contacts, attempts to reach them and messages on their way, invented for tests."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from openregion.people.models import Contact, ContactAttempt, OutgoingMail
from tests.factories.people import AT, MemberFactory


class ContactFactory(DjangoModelFactory):
    """An association of the directory (pass ``member=``); traits make it public, a person alone, or retired."""

    class Meta:
        model = Contact

    class Params:
        listed = factory.Trait(public=True)
        person_alone = factory.Trait(organisation="", category="citizens")
        retired = factory.Trait(retired_on=dt.date(2026, 2, 1))

    member = factory.SubFactory(MemberFactory)
    category = "civil-society"
    organisation = factory.Sequence(lambda n: f"Association inventée {n}")
    name = factory.Sequence(lambda n: f"Personne de contact {n}")
    function = "Présidence"
    email = factory.Sequence(lambda n: f"contact-{n}@example.ma")
    telephone = factory.Sequence(lambda n: f"+2125300{n % 100_000:05d}")
    lang = "fr"
    added_on = dt.date(2026, 1, 5)


class ContactAttemptFactory(DjangoModelFactory):
    """A call that somebody answered; ``in_vain=True`` that nobody did, ``wrong=True`` to a wrong number."""

    class Meta:
        model = ContactAttempt

    class Params:
        in_vain = factory.Trait(outcome="no-answer")
        wrong = factory.Trait(outcome="wrong-address")

    contact = factory.SubFactory(ContactFactory)
    on = dt.date(2026, 3, 2)
    channel = "telephone"
    outcome = "reached"
    about = "Atelier provincial"


class OutgoingMailFactory(DjangoModelFactory):
    """A message that waits; ``left=True`` is sent, ``lost=True`` has failed."""

    class Meta:
        model = OutgoingMail

    class Params:
        left = factory.Trait(state="sent", sent_at=AT)
        lost = factory.Trait(state="failed", tries=5, tried_at=AT, why_failed="recipient 550")

    member = factory.SubFactory(MemberFactory)
    kind = "role"
    once = factory.Sequence(lambda n: f"essai {n}")
    to = factory.Sequence(lambda n: f"destinataire-{n}@example.ma")
    lang = "fr"
    subject = "Objet du message"
    text = "Mots du message."
    made_at = AT
