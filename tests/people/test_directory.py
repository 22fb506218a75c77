"""The directory: kept live, each contact once, nothing personal in public, who cannot be reached shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openregion.core import telephone
from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people import actions, queries, rules
from openregion.people.models import Contact, ContactAttempt, Member
from openregion.record.models import JournalLine
from tests.factories.directory import ContactAttemptFactory, ContactFactory
from tests.factories.people import AT, MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D1")]
ROLES = guides.guide("ma-region-2021").roles
TODAY = dt.date(2026, 11, 23)
MARKERS = ("Nadia Secrète", "nadia@secret.example", "+212612345678", "612", "Fonction secrète", "Objet secret")


def planted(member: Member, **more: Any) -> Contact:
    """A contact whose every personal field is a marker."""
    said = {"name": "Nadia Secrète", "email": "nadia@secret.example", "telephone": "+212612345678"}
    contact = ContactFactory(member=member, function="Fonction secrète", **said | more)
    ContactAttemptFactory(contact=contact, about="Objet secret")
    return contact


def here() -> tuple[Member, Any]:
    member = MemberFactory(slug="ici")
    return member, UserFactory(role="point-of-contact", at=member)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("05 30 12 34 56", "+212530123456"),
        ("+212 (0)6-12.34.56.78", "+212612345678"),
        ("00212612345678", "+212612345678"),
        ("٠٦١٢٣٤٥٦٧٨", "+212612345678"),
        ("+33 1 23 45 67 89", "+33123456789"),
    ],
)
def test_a_telephone_number_is_kept_one_way(typed: str, kept: str) -> None:
    assert telephone.written(typed) == kept


@pytest.mark.parametrize("typed", ["12", "abc", "+212 1 23", "05 30 12 34 5", "+", "05 30 12 34 56 78"])
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        telephone.written(typed)


@pytest.mark.parametrize("retired", [False, True])
@pytest.mark.parametrize("role", [role.code for role in ROLES])
def test_who_may_keep_contacts(role: str, retired: bool) -> None:
    member = MemberFactory()
    by = UserFactory(role=role, at=member)
    one = ContactFactory(member=member, retired=retired)
    listed = set(next(each for each in ROLES if each.code == role).deeds)
    who = {"category": "media", "organisation": "Radio inventée", "name": ""}
    tried = {"channel": "email", "outcome": "reached", "on": AT.date()}
    answers = {
        "add_contact": rules.why_not_add_contact(by, member, **who),
        "revise_contact": rules.why_not_revise_contact(by, one, **who),
        "retire_contact": rules.why_not_retire_contact(by, one, on=AT.date()),
        "note_attempt": rules.why_not_note_attempt(by, one, **tried),
    }
    possible = {"add_contact"} if retired else set(answers)
    assert {deed for deed, reason in answers.items() if not reason} == listed & possible
    assert (rules.why_not_retire_contact(by, one, on=AT.date(), erase=True) == "") is ("retire_contact" in listed)


def test_a_contact_joins_is_corrected_and_leaves_with_lines_that_name_nobody() -> None:
    member, by = here()
    said = {"organisation": "Association secrète", "name": "Nadia Secrète", "email": "nadia@secret.example"}
    one = actions.add_contact(member=member, category="civil-society", **said, by=by, at=AT)
    actions.revise_contact(one, category="media", **said | {"email": "n2@secret.example"}, by=by, at=AT)
    actions.note_attempt(one, on=AT.date(), channel="email", outcome="reached", about="Objet secret", by=by, at=AT)
    actions.retire_contact(one, on=AT.date(), by=by, at=AT)
    lines = JournalLine.objects.filter(member_code="ici").order_by("pk")
    assert [line.verb for line in lines] == ["add_contact", "revise_contact", "note_attempt", "retire_contact"]
    assert [line.facts for line in lines if "ecr" in str(line.facts)] == []
    assert Contact.objects.of(member).present().count() == 0


def test_the_same_contact_is_kept_once() -> None:
    member, by = here()
    ContactFactory(member=member, organisation="Association Écho", name="", email="echo@example.ma")
    for said in ({"organisation": "association echo"}, {"organisation": "Autre", "email": "ECHO@example.ma"}):
        with pytest.raises(Refused):
            actions.add_contact(member=member, category="civil-society", **said, by=by, at=AT)
    actions.add_contact(member=member, category="media", organisation="Association Écho", name="Autre", by=by, at=AT)
    assert Contact.objects.of(member).count() == 2


@pytest.mark.row("L-1")
def test_a_person_who_asks_is_erased_with_the_log() -> None:
    member, by = here()
    one = planted(member)
    actions.retire_contact(one, on=AT.date(), erase=True, by=by, at=AT)
    assert (Contact.objects.count(), ContactAttempt.objects.count()) == (0, 0)


@pytest.mark.row("L-1")
def test_contacts_retired_five_years_ago_are_erased() -> None:
    member, _by = here()
    ContactFactory(member=member)
    ContactFactory(member=member, retired_on=dt.date(2020, 1, 1))
    kept = ContactFactory(member=member, retired_on=dt.date(2024, 1, 1))
    assert actions.let_go_of_contacts(at=AT) == 1
    assert set(Contact.objects.exclude(retired_on=None)) == {kept}


def test_three_attempts_in_vain_or_a_wrong_address_make_a_contact_unreachable_until_reached_or_corrected() -> None:
    member, by = here()
    fine, silent, wrong = (ContactFactory(member=member, organisation=name) for name in ("A", "B", "C"))
    ContactAttemptFactory.create_batch(2, contact=fine, in_vain=True)
    ContactAttemptFactory.create_batch(3, contact=silent, in_vain=True)
    ContactAttemptFactory(contact=wrong, wrong=True)
    assert [line.title for line in queries.unreachable(member)] == ["B", "C"]
    assert {due.deed for due in queries.due(member, TODAY)} == {"revise_contact"}
    ContactAttemptFactory(contact=silent, on=dt.date(2026, 3, 3))
    said = {"category": wrong.category, "organisation": "C", "telephone": "+212530999999"}
    actions.revise_contact(wrong, **said, by=by, at=timezone.now())
    assert queries.unreachable(member) == ()


@pytest.mark.row("L-1")
@pytest.mark.parametrize("lang", ["ar", "fr", "en", "zgh"])
def test_the_public_list_names_organisations_that_agreed_and_nothing_else(client: Client, lang: str) -> None:
    member, _by = here()
    planted(member, organisation="Association nommée", public=True)
    planted(member, organisation="Association tue")
    planted(member, organisation="Association partie", public=True, retired_on=dt.date(2026, 2, 1))
    page = client.get(f"/{lang}/ici/directory/").content.decode()
    assert [name for name in ("nommée", "tue", "partie") if f"Association {name}" in page] == ["nommée"]
    assert [marker for marker in MARKERS if marker in page] == []


@pytest.mark.row("A6")
def test_the_addresses_of_the_guide_are_shown_as_printed_in_2021_and_today(client: Client) -> None:
    here()
    page = client.get(reverse("directory", args=["ici"])).content.decode()
    addresses = ("agppmaroc@mmsp.gov.ma", "info@opengovpartnership.org", "local@opengovpartnership.org")
    assert [one for one in addresses if one not in page] == []


def test_staff_pages_open_and_are_kept_from_others(client: Client) -> None:
    member, by = here()
    one = planted(member)
    names = [("contacts", ()), ("new_contact", ()), *((name, (one.uid,)) for name in
             ("contact", "revise_contact", "new_attempt", "retire_contact"))]  # fmt: skip
    for name, args in names:
        path = reverse(name, args=["ici", *args])
        client.logout()
        assert client.get(path).status_code == 302
        client.force_login(UserFactory(role="moderator", at=member))
        assert client.get(path).status_code == 403
        for lang in ("ar", "fr", "en", "zgh"):
            client.force_login(by)
            assert client.get(path.replace("/fr/", f"/{lang}/")).status_code == 200
    theirs = ContactFactory()
    client.force_login(by)
    assert client.get(reverse("contact", args=["ici", theirs.uid])).status_code == 404


def test_a_contact_is_added_tried_and_retired_in_the_browser(client: Client) -> None:
    _member, by = here()
    client.force_login(by)
    said = {"category": "media", "organisation": "Radio inventée", "telephone": "05 30 12 34 56", "lang": "ar"}
    wrong = client.post(reverse("new_contact", args=["ici"]), said | {"telephone": "12", "email": "=?x?=@example.ma"})
    assert (wrong.status_code, Contact.objects.count(), "Radio inventée" in wrong.content.decode()) == (200, 0, True)
    assert "09-08" in wrong.content.decode()
    client.post(reverse("new_contact", args=["ici"]), said)
    one = Contact.objects.get()
    assert (one.telephone, one.gender, one.public) == ("+212530123456", "unsaid", False)
    again = client.post(reverse("new_contact", args=["ici"]), said)
    assert (again.status_code, Contact.objects.count()) == (200, 1)
    tried = {"on": "2026-01-05", "channel": "telephone", "outcome": "reached", "about": "Atelier"}
    client.post(reverse("new_attempt", args=["ici", one.uid]), tried)
    assert "Atelier" in client.get(reverse("contact", args=["ici", one.uid])).content.decode()
    client.post(reverse("retire_contact", args=["ici", one.uid]), {"on": "2026-01-06"})
    one.refresh_from_db()
    assert one.retired_on == dt.date(2026, 1, 6)


def test_pages_ask_the_same_number_of_questions_for_one_and_thirty(client: Client) -> None:
    member, by = here()
    client.force_login(by)
    asked: dict[str, list[int]] = {"directory": [], "contacts": [], "due": []}
    for number in (1, 29):
        for one in ContactFactory.create_batch(number, member=member, public=True):
            ContactAttemptFactory(contact=one, wrong=True)
        for name in ("directory", "contacts"):
            with CaptureQueriesContext(connection) as counted:
                assert client.get(reverse(name, args=["ici"])).status_code == 200
            asked[name].append(len(counted))
        with CaptureQueriesContext(connection) as counted:
            queries.due(member, TODAY)
        asked["due"].append(len(counted))
    assert [name for name, (one, thirty) in asked.items() if one != thirty] == []
