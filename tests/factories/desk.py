"""What the desk, the feeds and the hand-over pack are tried on: a chain with a meeting, a vote, a directory."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from openregion.core.due import Due
from openregion.cycle.models import HandOver, Invitation, Meeting
from openregion.people.models import Contact
from tests.factories.cycle import CycleFactory
from tests.factories.people import MemberFactory, words


class MeetingFactory(DjangoModelFactory):
    """A meeting open to all, held ten days ago; ``to_come=True`` is in ten days."""

    class Meta:
        model = Meeting

    class Params:
        to_come = factory.Trait(
            state="planned", starts_at=factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=10))
        )

    member = factory.SelfAttribute("cycle.member")
    cycle = factory.SubFactory(CycleFactory)
    number = factory.LazyAttribute(lambda one: Meeting.objects.filter(member=one.member).count() + 1)
    kind = "public"
    state = "held"
    title = factory.Sequence(lambda n: words(f"Réunion inventée {n}", f"اجتماع متخيل {n}"))
    starts_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=10))
    open_to_all = True


class InvitationFactory(DjangoModelFactory):
    """A guest of civil society who came."""

    class Meta:
        model = Invitation

    meeting = factory.SubFactory(MeetingFactory)
    name = factory.Sequence(lambda n: f"Personne invitée {n}")
    organisation = "Association inventée"
    category = "civil-society"
    attended = True


class ContactFactory(DjangoModelFactory):
    """An organisation of the directory that agrees to be named."""

    class Meta:
        model = Contact

    member = factory.SubFactory(MemberFactory)
    category = "civil-society"
    organisation = factory.Sequence(lambda n: f"Organisation inventée {n}")
    public = True
    added_on = dt.date(2026, 1, 5)


class HandOverFactory(DjangoModelFactory):
    """A pack asked for, that waits for the worker."""

    class Meta:
        model = HandOver

    cycle = factory.SubFactory(CycleFactory)
    asked_at = factory.LazyFunction(timezone.now)


def due(key: str = "line", **more: Any) -> Due:
    """Make a line of the desk."""
    return Due(**{"key": key, "label": f"Ligne {key}", "url": f"/fr/m/{key}/", "deed": "open_cycle"} | more)
