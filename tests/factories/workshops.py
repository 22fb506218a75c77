"""Workshops, what they need and who is in charge there, invented for tests.

``WorkshopFactory(member=…)`` or ``WorkshopFactory(consultation=…)`` is a workshop of an
open consultation, in thirty days, open to all; ``on_its_day=True`` opened just now,
``convened=True``, ``held=True`` and ``cancelled=True`` leave its meeting as the deeds would,
``in_province=True`` places it in a province of its Region, ``themed=True`` gives it the
first theme of its consultation. ``NeedFactory`` and ``ChargeFactory`` take ``workshop=``.
``peopled(workshop, came=…)`` has as many people come through its door.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from openregion.consultation.models import Charge, Need, Workshop
from openregion.cycle.models import Invitation
from openregion.people.models import Territory
from tests.factories.consultation import ConsultationFactory
from tests.factories.meetings import InvitationFactory, MeetingFactory
from tests.factories.people import MemberFactory, TerritoryFactory, words


def province_of(member: Any) -> Territory:
    """Make a province of a member's Region."""
    region = member.authorities.order_by("pk")[0].territory
    return TerritoryFactory(province=True, parent=region)


class WorkshopFactory(DjangoModelFactory):
    """A workshop of a consultation, planned and open to all, in thirty days; its meeting is the cycle's."""

    class Meta:
        model = Workshop
        skip_postgeneration_save = True

    class Params:
        member = factory.SubFactory(MemberFactory)
        on_its_day = factory.Trait(meeting__on_its_day=True)
        convened = factory.Trait(meeting__convened=True)
        held = factory.Trait(meeting__held=True)
        cancelled = factory.Trait(meeting__cancelled=True)
        in_province = factory.Trait(province=factory.LazyAttribute(lambda one: province_of(one.meeting.member)))
        themed = factory.Trait(
            theme=factory.LazyAttribute(lambda one: one.consultation.themes.order_by("rank", "pk").first())
        )

    consultation = factory.SubFactory(ConsultationFactory, member=factory.SelfAttribute("..member"))
    meeting = factory.SubFactory(
        MeetingFactory,
        member=factory.SelfAttribute("..consultation.cycle.member"),
        cycle=factory.SelfAttribute("..consultation.cycle"),
    )
    capacity = 60
    tables = 4
    access = factory.LazyFunction(
        lambda: words("Entrée de plain-pied, boucle magnétique.", "مدخل مستو، حلقة سمعية.", "Step-free entrance.")
    )


class NeedFactory(DjangoModelFactory):
    """Something a workshop needs within a week: a room of a known cost; ``done=True`` is seen to."""

    class Meta:
        model = Need

    class Params:
        done = factory.Trait(done_on=factory.LazyFunction(timezone.localdate))
        late = factory.Trait(due_on=factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=3)))

    workshop = factory.SubFactory(WorkshopFactory)
    kind = "room"
    what = factory.Sequence(lambda n: f"Salle inventée {n}")
    who = "Agent inventé"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=7))
    budget_line = "Ligne 1-2-3"
    cost = 150_000


class ChargeFactory(DjangoModelFactory):
    """A guest who said that they come, chosen to facilitate a table; ``rapporteur=True`` takes down what is said."""

    class Meta:
        model = Charge

    class Params:
        rapporteur = factory.Trait(part="rapporteur")

    workshop = factory.SubFactory(WorkshopFactory)
    invitation = factory.LazyAttribute(lambda one: InvitationFactory(meeting=one.workshop.meeting, answer="coming"))
    part = "facilitator"
    table = 1
    given_at = factory.LazyFunction(timezone.now)


def peopled(workshop: Workshop, *, came: int, category: str = "civil-society") -> list[Invitation]:
    """Have people come to a workshop who were not invited."""
    return [
        InvitationFactory(meeting=workshop.meeting, came=True, on_the_spot=True, category=category, email="")
        for _one in range(came)
    ]
