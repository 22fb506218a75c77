"""Meetings, their guests and minutes, invented for tests.

``MeetingFactory(member=…)`` is a public meeting planned in a month, with one point
on its agenda; ``session=True`` is a session of a council of its own with three
seats held, ``on_its_day=True`` opened an hour ago, ``convened=True`` and
``held=True`` leave it as the deeds would. ``InvitationFactory`` invites someone.
``minuted(meeting, by=…)`` plays the minutes to their publication through the deeds.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from openregion.cycle import actions
from openregion.cycle.models import AgendaItem, Invitation, Meeting, MeetingPaper, Minutes
from openregion.cycle.queries.guests import hashed
from openregion.people.models import Body, User
from tests.factories.people import BodyFactory, MandateFactory, MemberFactory, SeatFactory, words

KEY = "the-key-that-a-guest-was-sent"


def _council(meeting: Any) -> Body:
    """Set up a council whose three seats are held since the first of January."""
    body = BodyFactory(authority=meeting.member.authorities.order_by("pk")[0], kind="council")
    for rank in range(3):
        MandateFactory(seat=SeatFactory(body=body, rank=rank))
    return body


class MeetingFactory(DjangoModelFactory):
    """A public meeting in thirty days, planned; its agenda holds one point."""

    class Meta:
        model = Meeting
        skip_postgeneration_save = True

    class Params:
        session = factory.Trait(kind="ordinary-session", body=factory.LazyAttribute(_council), open_to_all=False)
        private = factory.Trait(kind="exchange", open_to_all=False)
        on_its_day = factory.Trait(starts_at=factory.LazyFunction(lambda: timezone.now() - dt.timedelta(seconds=2)))
        convened = factory.Trait(
            state="convened",
            convened_on=factory.LazyFunction(timezone.localdate),
            agenda_sent_on=factory.LazyFunction(timezone.localdate),
        )
        held = factory.Trait(
            state="held",
            starts_at=factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=2)),
            closed_on=factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=2)),
        )
        cancelled = factory.Trait(state="cancelled", cancelled_reason=factory.LazyFunction(lambda: words("Grève.")))

    member = factory.SubFactory(MemberFactory)
    number = factory.LazyAttribute(lambda one: Meeting.objects.filter(member=one.member).count() + 1)
    kind = "public"
    title = factory.Sequence(lambda n: words(f"Réunion inventée {n}", f"اجتماع متخيل {n}", f"Invented meeting {n}"))
    purpose = factory.LazyFunction(lambda: words("Préparer le plan ensemble.", "إعداد المخطط معا."))
    place = factory.LazyFunction(lambda: words("Salle inventée, Tanger", "قاعة متخيلة، طنجة"))
    starts_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=30))
    open_to_all = True

    @factory.post_generation
    def points(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """Write as many points on its agenda as asked; one unless told otherwise."""
        for rank in range(1, (1 if extracted is None else extracted) + 1):
            AgendaItemFactory(meeting=self, rank=rank)


class AgendaItemFactory(DjangoModelFactory):
    """A point of an agenda."""

    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory, points=0)
    rank = 1
    title = factory.LazyAttribute(lambda one: words(f"Point inventé {one.rank}", f"نقطة متخيلة {one.rank}"))
    added_at = factory.LazyFunction(timezone.now)


class InvitationFactory(DjangoModelFactory):
    """Someone invited by name, who has an address; ``sent=True`` was convened with ``KEY``, ``came=True`` is there."""

    class Meta:
        model = Invitation

    class Params:
        sent = factory.Trait(sent_at=factory.LazyFunction(timezone.now), answer_hash=hashed(KEY))
        came = factory.Trait(attended=True, checked_in_at=factory.LazyFunction(timezone.now))

    meeting = factory.SubFactory(MeetingFactory)
    name = factory.Sequence(lambda n: f"Invitée Secrète {n}")
    organisation = factory.Sequence(lambda n: f"Association discrète {n}")
    category = "civil-society"
    email = factory.Sequence(lambda n: f"invitee-{n}@example.ma")


class MeetingPaperFactory(DjangoModelFactory):
    """A document given for a meeting ten days before it."""

    class Meta:
        model = MeetingPaper

    meeting = factory.SubFactory(MeetingFactory)
    title = factory.LazyFunction(lambda: words("Note de présentation", "مذكرة تقديمية"))
    sent_on = factory.LazyAttribute(lambda one: timezone.localdate(one.meeting.starts_at) - dt.timedelta(days=10))

    @factory.lazy_attribute
    def file(self) -> Any:
        """Keep a small table as the document."""
        from openregion.record.actions import store_file

        upload = SimpleUploadedFile("note.csv", f"a,b\n1,{self.meeting.pk}\n".encode())
        return store_file(upload=upload, member_code=self.meeting.member.slug, by_ref="", at=timezone.now())


def minuted(meeting: Meeting, *, by: User, upto: str = "published") -> Minutes:
    """Draft the minutes of a meeting held; approve and publish them, as far as asked."""
    now = timezone.now()
    made = actions.draft_minutes(
        meeting, text=words("## Accueil\n\nOn a parlé.", "## الافتتاح\n\nتكلمنا."), by=by, at=now
    )
    if upto in {"approved", "published"}:
        actions.approve_minutes(made, on=timezone.localdate(), by=by, at=now)
    if upto == "published":
        actions.publish_minutes(made, by=by, at=now, opens=True)
    return made
