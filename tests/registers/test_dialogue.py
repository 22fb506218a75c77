"""Forums and dialogue meetings, and how people took part: read from what happened, small figures never alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from openregion.consultation.models import ERASED, Contribution, PaperForm
from openregion.diagnosis.queries import material_of
from openregion.people.models import Member
from openregion.registers import queries
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.meetings import InvitationFactory, MeetingFactory
from tests.factories.people import MemberFactory, words
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


def counted(line: queries.ConsultationLine) -> dict[str, str]:
    return {name: number for name, number in line.channels if number != "0"}


@pytest.mark.row("E7")
def test_participation_names_each_channel_and_what_was_given_in_meetings(member: Member, english: None) -> None:
    one, other = ConsultationFactory(member=member), ConsultationFactory(member=member)
    met = WorkshopFactory(consultation=one, held=True)
    WorkshopFactory(consultation=one)
    for channel, number in (("online", 12), ("workshop", 7), ("paper", 4), ("assisted", 2)):
        SuggestionFactory.create_batch(number, consultation=one, channel=channel, published=True)
    for form in Contribution.objects.filter(consultation=one, channel="paper")[:3]:
        PaperForm.objects.create(member=member, consultation=one, workshop=met, contribution=form)
    SuggestionFactory(consultation=one, spam=True)
    SuggestionFactory(consultation=one)  # waits to be read: received, in no channel
    SuggestionFactory.create_batch(3, consultation=other, channel="imported", source="file", published=True)
    told = {line.url: line for line in queries.participation_of(member).lines}
    line, elsewhere = (told[address("consultation", "ici", each.slug)] for each in (one, other))
    assert counted(line) == {"Online": "12", "In a workshop": "7", "On paper": "4", "With someone's help": "2"}
    # What is written on a workshop's form was given in a meeting, and stays counted as paper.
    assert (line.in_meetings, line.outside_meetings, line.published, line.received) == ("10", "15", "25", "26")
    assert line.workshops == "1"
    assert (counted(elsewhere), elsewhere.outside_meetings) == ({"From an earlier consultation": "3"}, "3")


@pytest.mark.row("E7")
def test_register_and_syntheses_tell_the_same_figures(member: Member) -> None:
    one = ConsultationFactory(member=member)
    met = WorkshopFactory(consultation=one, held=True)
    for channel, number in (("online", 5), ("workshop", 4), ("paper", 3), ("assisted", 2), ("imported", 1)):
        SuggestionFactory.create_batch(number, consultation=one, channel=channel, published=True)
    form = Contribution.objects.filter(channel="paper")[0]
    PaperForm.objects.create(member=member, consultation=one, workshop=met, contribution=form)
    (line,) = queries.participation_of(member).lines
    said = [str(material_of(one, kind).count()) for kind in ("meetings", "online")]
    assert [line.in_meetings, line.outside_meetings] == said == ["5", "10"]


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
    MeetingFactory(member=member, held=True, place=words("=1+1"))
    ConsultationFactory(member=member)
    dialogue = client.get(address("dialogues_csv", "ici")).content.decode("utf-8-sig").splitlines()
    assert dialogue[0] == "Day,Kind,Title,Place,How many came,Minutes published"
    assert "'=1+1" in dialogue[1]
    participation = client.get(address("participation_csv", "ici")).content.decode("utf-8-sig").splitlines()
    head = [
        "Consultation", "Opens", "Closes", "Online", "With someone's help", "On paper", "In a workshop",
        "From an earlier consultation", "In meetings", "Outside meetings", "Published", "Received", "Workshops held",
    ]  # fmt: skip
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
