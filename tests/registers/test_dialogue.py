"""Forums and dialogue meetings, and how people took part: read from what happened, small figures never alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from openregion.people.models import Member
from openregion.registers import queries
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.meetings import InvitationFactory, MeetingFactory
from tests.factories.people import MemberFactory
from tests.factories.workshops import WorkshopFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def address(name: str, *args: object) -> str:
    with override("en"):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.mark.row("E5")
def test_register_holds_public_dialogue_that_was_held(member: Member) -> None:
    held = MeetingFactory(member=member, held=True)
    MeetingFactory(member=member)
    MeetingFactory(member=member, held=True, kind="exchange", open_to_all=False)
    MeetingFactory(member=member, held=True, kind="ordinary-session")
    MeetingFactory(held=True)
    register = queries.dialogues_of(member)
    assert [one.title for one in register.lines] == [held.title]
    assert register.by_year == ((str(held.starts_at.year), "1"),)


@pytest.mark.row("E5")
def test_few_guests_are_told_as_few(member: Member) -> None:
    few, many, nobody = (MeetingFactory(member=member, held=True) for _ in range(3))
    InvitationFactory.create_batch(9, meeting=few, attended=True)
    InvitationFactory.create_batch(12, meeting=many, attended=True)
    InvitationFactory.create_batch(3, meeting=many, attended=False)
    came = {one.url: one.came for one in queries.dialogues_of(member).lines}
    assert came == {
        address("meeting", "ici", few.number): "fewer than 10",
        address("meeting", "ici", many.number): "12",
        address("meeting", "ici", nobody.number): "",
    }


@pytest.mark.row("E7")
def test_participation_tells_online_and_in_person(member: Member) -> None:
    one = ConsultationFactory(member=member)
    SuggestionFactory.create_batch(12, consultation=one, channel="online")
    SuggestionFactory.create_batch(7, consultation=one, channel="workshop")
    SuggestionFactory.create_batch(4, consultation=one, channel="paper")
    SuggestionFactory(consultation=one, channel="online", spam=True)
    WorkshopFactory(consultation=one, held=True)
    WorkshopFactory(consultation=one)
    (line,) = queries.participation_of(member).lines
    assert (line.online, line.in_person, line.received, line.workshops) == ("12", "11", "23", "1")


@pytest.mark.row("E7")
def test_small_figure_is_not_found_from_the_total(member: Member) -> None:
    one = ConsultationFactory(member=member)
    SuggestionFactory.create_batch(30, consultation=one, channel="online")
    SuggestionFactory.create_batch(4, consultation=one, channel="assisted")
    register = queries.participation_of(member)
    (line,) = register.lines
    assert (line.online, line.in_person, line.received) == ("not shown apart", "not shown apart", "34")
    assert register.channels == ()


@pytest.mark.row("E7")
def test_registers_are_tables_too(client: Client, member: Member) -> None:
    MeetingFactory(member=member, held=True, place="=1+1")
    ConsultationFactory(member=member)
    dialogue = client.get(address("dialogues_csv", "ici")).content.decode("utf-8-sig").splitlines()
    assert dialogue[0] == "Day,Kind,Title,Place,How many came,Minutes published"
    assert "'=1+1" in dialogue[1]
    participation = client.get(address("participation_csv", "ici")).content.decode("utf-8-sig").splitlines()
    assert [len(participation), participation[0].split(",")[:4]] == [2, ["Consultation", "Opens", "Closes", "Online"]]


@pytest.mark.row("E5")
@pytest.mark.parametrize("name", ["dialogues", "participation"])
def test_pages_cost_the_same_for_one_and_thirty(client: Client, member: Member, name: str) -> None:
    costs = []
    for number in (1, 29):
        for _ in range(number):
            SuggestionFactory(consultation=ConsultationFactory(member=member))
            MeetingFactory(member=member, held=True)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(name, "ici") + f"?{number}").status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1]
