"""A member's turns of the process, invented for tests.

``CycleFactory(member=…)`` is an action plan that pins the real method, with its
five stages; ``admission=True`` is a candidacy. ``dated=True`` dates the stages
around today: the first is done, the second under way, the third to come.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from openregion.cycle.actions.turns import lay_out_operations
from openregion.cycle.models import Cycle, Deliberation, Operation, Proof, Stage
from openregion.guide import queries as guides
from tests.factories.consultation import MethodFactory
from tests.factories.people import ActFactory, MemberFactory


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
        lay_out_operations(self, mine)

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


class ProofFactory(DjangoModelFactory):
    """The proof that the consultation platform is set up."""

    class Meta:
        model = Proof

    operation = factory.SubFactory(OperationFactory)
    done_on = dt.date(2026, 2, 1)
    deed = "open_consultation"
    subject_uid = factory.Sequence(lambda n: f"consultation-{n}")


class DeliberationFactory(DjangoModelFactory):
    """A decision of the council of the cycle's member, adopted."""

    class Meta:
        model = Deliberation

    cycle = factory.SubFactory(CycleFactory)
    act = factory.LazyAttribute(
        lambda one: ActFactory(authority=one.cycle.member.authorities.order_by("pk")[0], deliberation=True)
    )
    decision = "adopted"
