"""Signing in by e-mailed code or by password; nothing tells whether an address is known."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from openregion.core import outbox
from tests.factories.people import PASSWORD, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
ASK, CONFIRM = "/fr/accounts/login/code/", "/fr/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def _outbox(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "openregion.core.outbox.OutboxBackend"
    settings.OUTBOX = tmp_path


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_sent_by_mail_signs_in(client: Client) -> None:
    user = UserFactory(administrator_of=MemberFactory())
    assert client.post(ASK, {"email": user.email.upper()})["Location"] == CONFIRM
    assert client.get(CONFIRM).status_code == 200
    (mail,) = outbox.messages()
    code = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]{3,})*)\s*$", mail.body, re.MULTILINE)
    assert (mail.to, code is None) == (user.email, False)
    response = client.post(CONFIRM, {"code": code.group(1)})  # type: ignore[union-attr]
    assert (response.status_code, signed_in(client)) == (302, True)


def test_a_wrong_code_does_not_sign_in(client: Client) -> None:
    client.post(ASK, {"email": UserFactory().email})
    client.post(CONFIRM, {"code": "ZZZZZZ"})
    assert signed_in(client) is False


def test_a_password_signs_in_and_leads_to_the_desk(client: Client) -> None:
    user = UserFactory(administrator_of=MemberFactory(slug="ici"))
    response = client.post("/fr/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert (response["Location"], signed_in(client)) == ("/fr/accounts/arrived/", True)
    assert client.get(response["Location"])["Location"] == "/fr/ici/desk/"


def test_an_unknown_address_is_answered_like_a_known_one(client: Client) -> None:
    known = client.post(ASK, {"email": UserFactory().email})
    other = Client()
    unknown = other.post(ASK, {"email": "personne@nulle-part.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert (client.get(CONFIRM).status_code, other.get(CONFIRM).status_code) == (200, 200)
    assert len(list(outbox.messages())) == 1
    wrong = {"password": "not-the-password"}
    texts = [
        Client().post("/fr/accounts/login/", {"login": email, **wrong}).context["form"].errors.as_json()
        for email in (UserFactory().email, "personne@nulle-part.example")
    ]
    assert texts[0] == texts[1]


def test_a_closed_account_does_not_sign_in(client: Client) -> None:
    user = UserFactory(is_active=False)
    client.post("/fr/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert signed_in(client) is False


def test_nobody_opens_an_account_alone(client: Client) -> None:
    from openregion.people.models import User

    client.post("/fr/accounts/signup/", {"email": "seul@example.ma"})
    assert User.objects.count() == 0
