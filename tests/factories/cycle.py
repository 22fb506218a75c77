"""A member's turns of the process, invented for tests.

``CycleFactory(member=…)`` is an action plan that pins the real method, with its
five stages and their operations; ``admission=True`` is a candidacy. ``dated=True``
dates the stages around today: the first is done, the second under way, the third to come.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from openregion.cycle.actions.turns import lay_out_operations
from openregion.cycle.models import Announcement, Cycle, Deliberation, Operation, Proof, Publication, Stage
from openregion.guide import queries as guides
from openregion.people.models import Member
from openregion.record.actions import store_file
from openregion.record.models import StoredFile
from tests.factories.consultation import MethodFactory
from tests.factories.people import AT, ActFactory, MemberFactory, words


def stored(member: Member, n: int = 0) -> StoredFile:
    """Keep a small table as a file of a member's; each ``n`` is another one."""
    upload = SimpleUploadedFile(f"table-{n}.csv", f"a,b\n1,{n}\n".encode())
    return store_file(upload=upload, member_code=member.slug, by_ref="", at=AT)


class CycleFactory(DjangoModelFactory):
    """An action plan, numbered in its member's own series."""

    class Meta:
        model = Cycle
        skip_postgeneration_save = True

    class Params:
        admission = factory.Trait(kind="candidacy")

    member = factory.SubFactory(MemberFactory)
    kind = "plan"
    number = factory.LazyAttribute(lambda one: Cycle.objects.filter(member=one.member, kind=one.kind).count() + 1)
    guide_version = factory.SelfAttribute("member.guide_version")
    guide_sha256 = factory.LazyAttribute(lambda one: guides.fingerprint(one.guide_version))
    method = factory.SubFactory(MethodFactory, member_code=factory.SelfAttribute("..member.slug"))
    opened_on = dt.date(2026, 1, 5)

    @factory.post_generation
    def stages(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Give it the stages of its part of the method."""
        found = guides.guide(self.guide_version).stages
        mine = [one for one in found if one.part == self.kind]
        Stage.objects.bulk_create(Stage(cycle=self, code=one.code) for one in mine)
        lay_out_operations(self, stages=mine)

    @factory.post_generation
    def dated(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """Date the first three stages around today."""
        if not extracted:
            return
        today = timezone.localdate()
        spans = ((-60, -30), (-29, 10), (11, 40))
        for stage, (first, last) in zip(self.stages.order_by("code"), spans, strict=False):
            stage.starts_on, stage.ends_on = today + dt.timedelta(days=first), today + dt.timedelta(days=last)
            stage.save()


class OperationFactory(DjangoModelFactory):
    """The operation that sets up the consultation platform, in a cycle that was not opened by its deed."""

    class Meta:
        model = Operation
        django_get_or_create = ("cycle", "code")

    cycle = factory.SubFactory(CycleFactory)
    stage = "plan-2"
    code = "set-up-consultation-platform"


class OwnOperationFactory(DjangoModelFactory):
    """An operation that the Region added to a stage, in its own words."""

    class Meta:
        model = Operation

    cycle = factory.SubFactory(CycleFactory)
    stage = "plan-2"
    code = factory.LazyAttribute(lambda one: f"own-{one.cycle.operations.exclude(added_on=None).count() + 1}")
    rank = 99
    text = factory.LazyAttribute(lambda one: words(f"Tâche {one.code}", f"مهمة {one.code}", f"Task {one.code}"))
    added_on = dt.date(2026, 1, 6)


class ProofFactory(DjangoModelFactory):
    """The proof that the consultation platform is set up."""

    class Meta:
        model = Proof

    operation = factory.SubFactory(OperationFactory)
    done_on = dt.date(2026, 2, 1)
    deed = "open_consultation"
    subject_uid = factory.Sequence(lambda n: f"consultation-{n}")


class DocumentProofFactory(DjangoModelFactory):
    """A document that proves an operation done; its file is for the team unless ``public=True``."""

    class Meta:
        model = Proof

    operation = factory.SubFactory(OperationFactory)
    kind = "document"
    done_on = dt.date(2026, 2, 1)
    title = factory.Sequence(lambda n: words(f"Compte rendu {n}", f"محضر {n}", f"Report {n}"))
    file = factory.LazyAttributeSequence(lambda one, n: stored(one.operation.cycle.member, n))


class AnnouncementFactory(DjangoModelFactory):
    """A press note planned at the second stage; ``out=True`` makes it published, in a newspaper."""

    class Meta:
        model = Announcement
        skip_postgeneration_save = True

    cycle = factory.SubFactory(CycleFactory)
    stage = "plan-2"
    kind = "press-note"
    title = factory.Sequence(lambda n: words(f"Note {n}", f"بلاغ {n}", f"Note {n}"))
    text = factory.LazyFunction(lambda: words("Des réunions dans chaque province.", "لقاءات في كل إقليم."))
    planned_on = dt.date(2026, 2, 1)

    @factory.post_generation
    def out(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """Publish it in a newspaper, with the page that shows it."""
        if extracted:
            PublicationFactory(announcement=self)
            self.published_on = dt.date(2026, 2, 3)
            self.save()


class PublicationFactory(DjangoModelFactory):
    """Where an announcement came out: a newspaper, with its file."""

    class Meta:
        model = Publication

    announcement = factory.SubFactory(AnnouncementFactory)
    where = factory.Sequence(lambda n: f"Journal {n}")
    on = dt.date(2026, 2, 3)
    file = factory.LazyAttributeSequence(lambda one, n: stored(one.announcement.cycle.member, n))


class DeliberationFactory(DjangoModelFactory):
    """A decision of the council of the cycle's member, adopted."""

    class Meta:
        model = Deliberation

    cycle = factory.SubFactory(CycleFactory)
    act = factory.LazyAttribute(
        lambda one: ActFactory(authority=one.cycle.member.authorities.order_by("pk")[0], deliberation=True)
    )
    decision = "adopted"
