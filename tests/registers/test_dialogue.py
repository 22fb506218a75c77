"""Forums and dialogue meetings, and how people took part: read from what happened, small figures never alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from openregion.consultation.models import ERASED
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
def test_workshop_is_dialogue_whoever_may_come_and_leads_to_its_page(member: Member) -> None:
    one = ConsultationFactory(member=member)
    held = [
        WorkshopFactory(consultation=one, held=True, meeting__open_to_all=to_all, meeting__kind=kind)
        for to_all, kind in ((True, "public"), (False, "exchange"), (False, "ordinary-session"))
    ]
    WorkshopFactory(consultation=one, meeting__open_to_all=False)
    lines = queries.dialogues_of(member).lines
    assert {line.url for line in lines} == {address("workshop", "ici", each.meeting.number) for each in held}
    assert len(lines) == 3


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
def test_what_was_imported_is_not_told_as_given_online(member: Member) -> None:
    one, alone = ConsultationFactory(member=member), ConsultationFactory(member=member)
    SuggestionFactory.create_batch(12, consultation=one, channel="online")
    SuggestionFactory.create_batch(11, consultation=one, channel="paper")
    SuggestionFactory.create_batch(14, consultation=one, channel="imported", source="polis:export de Nadia")
    SuggestionFactory.create_batch(3, consultation=alone, channel="imported", source="file")
    told = {line.url: line for line in queries.participation_of(member).lines}
    line, other = (told[address("consultation", "ici", each.slug)] for each in (one, alone))
    assert (line.online, line.in_person, line.elsewhere, line.received) == ("12", "11", "14", "37")
    assert (other.online, other.in_person, other.elsewhere, other.received) == ("0", "0", "3", "3")


@pytest.mark.row("E7")
@pytest.mark.parametrize(
    ("online", "paper", "imported", "told"),
    [
        (30, 12, 4, ("30", "not shown apart", "not shown apart")),
        (30, 0, 4, ("not shown apart", "0", "not shown apart")),
        (30, 5, 5, ("not shown apart",) * 3),
        (30, 4, 7, ("30", "not shown apart", "not shown apart")),
    ],
)
def test_small_figure_of_three_is_not_found_from_their_sum(
    member: Member, online: int, paper: int, imported: int, told: tuple[str, ...]
) -> None:
    one = ConsultationFactory(member=member)
    for channel, number in (("online", online), ("paper", paper), ("imported", imported)):
        SuggestionFactory.create_batch(number, consultation=one, channel=channel)
    (line,) = queries.participation_of(member).lines
    assert (line.online, line.in_person, line.elsewhere) == told


@pytest.mark.row("E7")
def test_platforms_are_named_and_files_never_are(client: Client, member: Member) -> None:
    one = ConsultationFactory(member=member)
    assert queries.participation_of(member).platforms == ()
    SuggestionFactory(consultation=one, channel="workshop", source="workshop:01X")
    SuggestionFactory(consultation=one, channel="imported", source=ERASED)
    assert queries.participation_of(member).platforms == ()
    SuggestionFactory(consultation=one, channel="imported", source="polis:export de Nadia")
    assert queries.participation_of(member).platforms == ("Polis",)
    for source in ("file", "file-2", "courriel de Nadia"):
        SuggestionFactory(consultation=one, channel="imported", source=source)
    assert queries.participation_of(member).platforms == ("Polis", "files read in")
    page = client.get(address("participation", "ici")).content.decode()
    assert ("Polis" in page, "Nadia" in page, "workshop:01X" in page) == (True, False, False)


@pytest.mark.row("E7")
def test_registers_are_tables_too(client: Client, member: Member) -> None:
    MeetingFactory(member=member, held=True, place="=1+1")
    ConsultationFactory(member=member)
    dialogue = client.get(address("dialogues_csv", "ici")).content.decode("utf-8-sig").splitlines()
    assert dialogue[0] == "Day,Kind,Title,Place,How many came,Minutes published"
    assert "'=1+1" in dialogue[1]
    participation = client.get(address("participation_csv", "ici")).content.decode("utf-8-sig").splitlines()
    head = ["Consultation", "Opens", "Closes", "Online", "In person", "From elsewhere", "Received", "Workshops held"]
    assert [len(participation), participation[0].split(",")] == [2, head]


@pytest.mark.row("E5")
@pytest.mark.parametrize("name", ["dialogues", "participation"])
def test_pages_cost_the_same_for_one_and_thirty(client: Client, member: Member, name: str) -> None:
    costs = []
    for number in (1, 29):
        for _ in range(number):
            SuggestionFactory(consultation=ConsultationFactory(member=member))
            MeetingFactory(member=member, held=True)
            WorkshopFactory(member=member, held=True, meeting__open_to_all=False)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(name, "ici") + f"?{number}").status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1]


@pytest.mark.row("E7")
def test_a_figure_held_back_is_not_found_from_the_whole(member: Member) -> None:
    first, second = ConsultationFactory(member=member), ConsultationFactory(member=member)
    SuggestionFactory.create_batch(40, consultation=first, channel="online")
    SuggestionFactory.create_batch(3, consultation=first, channel="paper")
    SuggestionFactory.create_batch(50, consultation=second, channel="online")
    SuggestionFactory.create_batch(22, consultation=second, channel="paper")
    register = queries.participation_of(member)
    assert [one.in_person for one in register.lines] == ["22", "not shown apart"]
    assert [register.channels, register.others] == [(), ""]
