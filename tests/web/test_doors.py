"""Doors that must stay shut: opening an account alone, the demonstration, another member's mail."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.mail import send_mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from openregion.people.models import Member, User
from openregion.record.models import SearchEntry
from tests.factories.people import MemberFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["email", "signup", "confirm-email", "confirm-email/abc", "3rdparty"])
def test_nobody_opens_or_renames_an_account_alone(page: str) -> None:
    client = Client()
    client.force_login(UserFactory(role="moderator", at=MemberFactory()))
    address = f"/fr/accounts/{page}/"
    said = {"email": "president@example.ma", "action_add": ""}
    assert (client.get(address).status_code, client.post(address, said).status_code) == (404, 404)
    assert list(User.objects.filter(email="president@example.ma")) == []


@pytest.mark.parametrize(
    "address", ["{here}/evidence/%00/", "{here}/journal/?deed=%00", "/fr/%00/journal/", "/fr/a%00b/", "/%00"]
)
def test_an_address_with_nul_is_nowhere_and_no_database_is_asked_about_it(client: Client, address: str) -> None:
    here = f"/fr/{MemberFactory().slug}"

    def as_postgresql_would(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        assert "\0" not in str(params) and "\\x00" not in repr(params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(as_postgresql_would):
        assert client.get(address.format(here=here)).status_code == 404


@pytest.fixture
def demonstration(demonstration_played: None, db: Any) -> Member:
    return Member.objects.get()


def enter(client: Client, member: Member, **headers: str) -> int:
    person = member.appointments.order_by("pk")[0].uid
    address = reverse("demonstration", args=[member.slug])
    return client.post(address, {"person": person}, headers={"Host": "localhost", **headers}).status_code


def test_demonstration_opens_on_this_machine(client: Client, demonstration: Member) -> None:
    assert enter(client, demonstration) == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(email="admin@azirane.invalid").pk)


@pytest.mark.parametrize(
    "mark", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-IP"]
)
def test_demonstration_stays_shut_behind_a_proxy(client: Client, demonstration: Member, mark: str) -> None:
    assert enter(client, demonstration, **{mark: "https"}) == 403
    assert "_auth_user_id" not in client.session


def test_demonstration_stays_shut_on_a_machine_that_serves_others(
    client: Client, demonstration: Member, settings: Any
) -> None:
    settings.SERVED_TO_OTHERS = True
    assert enter(client, demonstration) == 403


def test_real_member_cannot_be_entered_without_an_account(client: Client) -> None:
    member = MemberFactory()
    UserFactory(administrator_of=member)
    assert enter(client, member) == 403


def test_demonstration_is_found_whole(demonstration: Member) -> None:
    kinds = set(SearchEntry.objects.of(demonstration.slug).values_list("kind", flat=True))
    assert {"stage", "operation", "body"} <= kinds


def test_administrator_reads_only_the_mail_of_their_own_people(settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND, settings.OUTBOX = "openregion.core.outbox.OutboxBackend", tmp_path
    here, there = MemberFactory(), MemberFactory()
    mine = UserFactory(administrator_of=here)
    colleague, stranger = UserFactory(role="moderator", at=here), UserFactory(role="moderator", at=there)
    for person in (colleague, stranger):
        send_mail("Code", f"for {person.email}", "from@example.ma", [person.email])
    client = Client()
    client.force_login(mine)
    page = client.get("/fr/outbox/").content.decode()
    assert (colleague.email in page, stranger.email in page) == (True, False)
