"""How many came: the meetings' pages, the register and the syntheses side by side tell of no small group."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openregion.consultation.queries.workshops import attendance_of
from openregion.cycle.queries.guests import came_by_category, told_in_all
from openregion.diagnosis.queries.material import figures_of, held_workshops, material_of
from openregion.people.models import Member
from openregion.registers.queries import dialogues_of
from tests.factories.consultation import ConsultationFactory
from tests.factories.meetings import InvitationFactory
from tests.factories.people import MandateFactory, MemberFactory
from tests.factories.workshops import WorkshopFactory, peopled

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2"), pytest.mark.usefixtures("english")]


def test_a_sum_over_meetings_is_of_the_figures_that_are_told(member: Member) -> None:
    consultation = ConsultationFactory(member=member)
    for came in (15, 12, 4, 0):
        peopled(WorkshopFactory(consultation=consultation, held=True), came=came)
    workshops = held_workshops(consultation)
    figures = figures_of(material_of(consultation, "meetings"), consultation, workshops=workshops, whole=False)
    # Thirty-one, less the two that are told, would be the four of the third.
    assert (figures["people"], figures["people_at"], figures["meetings"]) == (27, 2, 4)
    assert sorted(line.came for line in dialogues_of(member).lines) == ["", "12", "15", "fewer than 10"]
    assert sorted(attendance_of(one).total for one in workshops) == ["", "", "12", "15"]


def test_those_who_hold_a_seat_are_counted_apart_on_every_page(member: Member) -> None:
    workshop = WorkshopFactory(member=member, held=True)
    peopled(workshop, came=9)
    for _ in range(3):
        InvitationFactory(meeting=workshop.meeting, attended=True, mandate=MandateFactory())
    # Three are named in the minutes: twelve in all would tell that nine others came.
    assert attendance_of(workshop).total == ""
    assert [line.came for line in dialogues_of(member).lines] == ["fewer than 10"]
    peopled(workshop, came=1)
    shown = came_by_category(workshop.meeting, member)
    assert (shown.total, shown.seated, shown.rest) == (13, 3, 10)


@given(seated=st.integers(0, 30), others=st.integers(0, 30))
def test_who_knows_the_seated_never_finds_a_few_others(seated: int, others: int) -> None:
    told = told_in_all(seated, others, 10)
    assert told is None or others == 0 or told - seated >= 10


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")
