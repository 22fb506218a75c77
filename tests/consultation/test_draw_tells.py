"""What a draw publishes of those who applied: said on the call's page, and to whoever sets the quotas."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation.actions import draws as actions
from openregion.consultation.queries.categories import in_few_hands
from openregion.people.models import Member
from tests.factories.calls import ApplicationFactory, CallFactory
from tests.factories.people import MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2"), pytest.mark.usefixtures("english")]
QUOTAS = {"gender": {"woman": [1, 9], "man": [1, 9]}}


def address(name: str, *args: object) -> str:
    with override("en"):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


def test_call_says_what_its_draw_publishes_and_why(client: Client, member: Member) -> None:
    call = CallFactory(member=member, closed=True, seats=4, quotas=QUOTAS)
    for rank in range(9):
        ApplicationFactory(call=call, eligible=True, gender="woman" if rank < 5 else "man")
    actions.select_participants(call, by=UserFactory(role="point-of-contact", at=member), at=timezone.now())
    page = client.get(address("participation_call", "ici", call.number)).content.decode()
    assert "The draw publishes, for each number and without a name" in page
    assert "Gender: the groups are too small" not in page  # its draw tells them


def test_whoever_sets_quotas_is_warned_of_categories_that_few_share(client: Client, member: Member) -> None:
    call = CallFactory(member=member, closed=True, seats=4, quotas=QUOTAS)
    for rank in range(15):
        ApplicationFactory(call=call, eligible=True, gender="woman" if rank < 12 else "man")
    assert [in_few_hands(call, 10), in_few_hands(call, 3)] == [3, 0]
    client.force_login(UserFactory(role="point-of-contact", at=member))
    page = client.get(address("participation_quotas", "ici", call.number)).content.decode()
    assert "3 candidates have categories that too few others share" in page
