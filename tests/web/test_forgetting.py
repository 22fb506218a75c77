"""Someone asks to be erased: nothing of them stays in the directory, on lists of guests, in what waits to leave."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openregion.core.refusal import Refused
from openregion.cycle.models import Invitation
from openregion.people.models import Contact, Member, OutgoingMail
from openregion.record.models import JournalLine
from openregion.web import actions
from tests.factories.directory import ContactFactory, OutgoingMailFactory
from tests.factories.meetings import InvitationFactory, MeetingFactory
from tests.factories.people import AT, MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("L-1")]
NAME, EMAIL, PLACE = "Nadia Secrète", "nadia@secret.example", "Association secrète"


def known(member: Member, **more: Any) -> Contact:
    """Someone invited by the directory, and typed once by hand at another meeting; a convocation waits to leave."""
    contact = ContactFactory(member=member, name=NAME, email=EMAIL, organisation=PLACE, **more)
    said = {"name": NAME, "email": EMAIL, "organisation": PLACE, "stand_in": NAME}
    guest = InvitationFactory(meeting=MeetingFactory(member=member), contact=contact, **said)
    InvitationFactory(meeting=MeetingFactory(member=member), **said | {"email": EMAIL.upper()})
    text = f"Madame {NAME}"
    OutgoingMailFactory(
        member=member, kind="meeting-convocation", once=f"convene:{guest.uid}", to="old@secret.example", text=text
    )
    OutgoingMailFactory(member=member, kind="letter", to=EMAIL, text=text)
    OutgoingMailFactory(member=member, to=EMAIL, text=text, left=True)
    return contact


def everything() -> str:
    """All that the tables of people, meetings and messages hold, as one text."""
    tables = [name for name in connection.introspection.table_names() if name.startswith(("people_", "cycle_"))]
    with connection.cursor() as cursor:
        rows = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            rows += cursor.fetchall()
    return str(rows).lower()


def test_someone_erased_leaves_no_name_and_no_address_anywhere() -> None:
    member = MemberFactory(slug="ici")
    by, contact = UserFactory(role="point-of-contact", at=member), known(member)
    other = InvitationFactory(meeting=MeetingFactory(member=member), name="Autre", email="autre@example.ma")
    actions.forget_contact(contact, on=AT.date(), by=by, at=AT)
    kept = everything()
    assert [mark for mark in ("secrète", "secret.example") if mark in kept] == []
    assert Invitation.objects.count() == 3
    assert Invitation.objects.get(pk=other.pk).name == "Autre"
    assert OutgoingMail.objects.filter(state="queued").count() == 0
    assert JournalLine.objects.get().verb == "retire_contact"


def test_erasing_is_refused_whole() -> None:
    member = MemberFactory(slug="ici")
    stranger, contact = UserFactory(role="team-member", at=MemberFactory(slug="ailleurs")), known(member)
    with pytest.raises(Refused):
        actions.forget_contact(contact, on=AT.date(), by=stranger, at=AT)
    assert Invitation.objects.filter(name=NAME).count() == 2


def test_page_erases_or_only_retires(client: Client) -> None:
    member = MemberFactory(slug="ici")
    client.force_login(UserFactory(role="point-of-contact", at=member))
    contact = known(member)
    url = reverse("retire_contact", args=["ici", contact.uid])
    assert url in client.get(reverse("contact", args=["ici", contact.uid])).content.decode()
    assert client.get(url).status_code == 200
    client.post(url, {"on": "2026-01-06"})
    assert Contact.objects.get().retired_on == dt.date(2026, 1, 6)
    assert Invitation.objects.filter(name=NAME).count() == 2
    client.post(url, {"on": "2026-01-06", "erase": "on"})
    assert (Contact.objects.count(), Invitation.objects.filter(name="").count()) == (0, 2)


def test_contacts_let_go_after_five_years_leave_the_lists_too() -> None:
    member = MemberFactory(slug="ici")
    known(member, retired_on=timezone.localdate() - dt.timedelta(days=6 * 365))
    call_command("let_go", verbosity=0)
    assert (Contact.objects.count(), Invitation.objects.exclude(name="").count()) == (0, 0)


def test_an_address_that_two_share_stays_that_of_the_other() -> None:
    member = MemberFactory(slug="ici")
    by, contact = UserFactory(role="point-of-contact", at=member), known(member)
    ContactFactory(member=member, email=EMAIL, name="Autre")
    actions.forget_contact(contact, on=AT.date(), by=by, at=AT)
    assert OutgoingMail.objects.filter(to=EMAIL, state="queued").count() == 1
