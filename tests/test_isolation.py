"""One member's addresses never show another's things; a page asks as much for one row as for thirty."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openregion.people.models import Authority, Body, Member
from tests.factories.people import (
    ActFactory,
    AppointmentFactory,
    AuthorityFactory,
    BodyFactory,
    MandateFactory,
    MemberFactory,
    SeatFactory,
    TerritoryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def furnished(rows: int, slug: str) -> Member:
    """Make a member with as many provinces, bodies, acts, seats and appointments."""
    authority = AuthorityFactory()
    member = MemberFactory(slug=slug, authorities=[authority])
    for number in range(rows):
        TerritoryFactory(province=True, parent=authority.territory)
        body = BodyFactory(authority=authority, slug=f"instance-{number}")
        act = ActFactory(authority=authority)
        MandateFactory(seat=SeatFactory(body=body), act=act)
        AppointmentFactory(member=member, role="team-member", act=act)
    return member


def add_seats(member: Member, rows: int) -> None:
    """Give the first body as many seats, held."""
    body = Body.objects.of(member)[0]
    for _ in range(rows):
        MandateFactory(seat=SeatFactory(body=body))


PAGES = ["member_home", "territory", "bodies", "acts", "people_roles", "roles", "journal"]


def questions(client: Client, address: str) -> int:
    """Count what a page asks the database, once its session and templates are warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("page", PAGES)
def test_list_pages_ask_as_much_for_one_row_as_for_thirty(page: str) -> None:
    counts = []
    for rows in (1, 30):
        member = furnished(rows, f"membre-{rows}")
        client = Client()
        client.force_login(UserFactory(administrator_of=member))
        counts.append(questions(client, reverse(page, args=[member.slug])))
    assert counts[0] == counts[1]


def test_body_asks_as_much_for_one_seat_as_for_thirty() -> None:
    counts = []
    for rows in (1, 30):
        member = furnished(1, f"membre-{rows}")
        add_seats(member, rows)
        client = Client()
        client.force_login(UserFactory(administrator_of=member))
        counts.append(questions(client, reverse("body", args=[member.slug, "instance-0"])))
    assert counts[0] == counts[1]


def addresses(here: Member, theirs: Member) -> list[str]:
    """Give the addresses of one member with the other's things in them."""
    body = Body.objects.of(theirs)[0]
    seat = SeatFactory(body=body)
    mandate = MandateFactory(seat=SeatFactory(body=body))
    code = Authority.objects.of(theirs)[0].territory.code
    given: list[tuple[str, Any]] = [
        ("body", body.slug),
        ("new_seat", body.slug),
        ("new_function", body.slug),
        ("new_mandate", seat.uid),
        ("end_mandate", mandate.uid),
        ("authority", code),
        ("council_mandate", code),
        ("usual_bodies", code),
        ("act_file", ActFactory(authority=Authority.objects.of(theirs)[0]).uid),
        ("end_appointment", AppointmentFactory(member=theirs).uid),
    ]
    return [reverse(name, args=[here.slug, value]) for name, value in given]


@pytest.mark.row("O-8")
def test_addresses_never_reach_another_members_things() -> None:
    here, theirs = MemberFactory(), furnished(1, "autre")
    client = Client()
    client.force_login(UserFactory(administrator_of=here))
    for address in addresses(here, theirs):
        assert (address, client.get(address).status_code) == (address, 404)
        assert (address, client.post(address, {}).status_code) == (address, 404)
