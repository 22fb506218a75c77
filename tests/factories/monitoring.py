"""Plans that the public reads, what was reported on them and what shows it, invented for tests.

``PlanFactory(member=…)`` is the plan of a cycle; ``CommitmentFactory(plan=…)`` has
two activities and, with ``measured=True``, an indicator. ``publish(plan)`` freezes
the plan as it stands and publishes it as the Council adopted it.
``ReportFactory(commitment=…)`` is a report; ``EvidenceFactory(update_shown=…)`` an
address that shows it. They write rows as deeds would leave them, without their journal lines.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from openregion.cycle.models import Cycle, Deliberation
from openregion.monitoring.models import CompletionSheet, Evidence, ProgressUpdate
from openregion.plan.models import ActionPlan, Commitment, Indicator, Milestone, PlanVersion
from openregion.plan.queries import statement_of
from openregion.record.models import FrozenDocument
from tests.factories.consultation import PlanCycleFactory
from tests.factories.people import ActFactory, BodyFactory, MemberFactory, words

PUBLISHED_AT = dt.datetime(2026, 1, 20, 9, 0, tzinfo=dt.UTC)
REPORTED_AT = dt.datetime(2026, 4, 2, 9, 0, tzinfo=dt.UTC)


class PlanFactory(DjangoModelFactory):
    """The plan of a cycle, for 2026 and 2027; pass ``member=`` or ``cycle=``."""

    class Meta:
        model = ActionPlan

    class Params:
        member = factory.SubFactory(MemberFactory)

    cycle = factory.SubFactory(PlanCycleFactory, member=factory.SelfAttribute("..member"))
    title = factory.LazyFunction(lambda: words("Plan d'action inventé", "مخطط عمل متخيل", "Invented action plan"))
    starts_on = dt.date(2026, 1, 1)
    ends_on = dt.date(2027, 12, 31)


class CommitmentFactory(DjangoModelFactory):
    """A commitment of 2026 with two activities; ``measured=True`` gives it an indicator, ``bare=True`` no activity."""

    class Meta:
        model = Commitment
        skip_postgeneration_save = True

    plan = factory.SubFactory(PlanFactory)
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    title = factory.Sequence(
        lambda n: words(f"Engagement inventé {n}", f"التزام متخيل {n}", f"Invented commitment {n}")
    )
    starts_on = dt.date(2026, 1, 1)
    ends_on = dt.date(2027, 6, 30)
    unit = factory.LazyAttribute(
        lambda one: BodyFactory(unit=True, authority=one.plan.cycle.member.authorities.first())
    )
    texts = factory.LazyFunction(
        lambda: {
            "problem": words("Les avis de travaux n'atteignent personne.", "إعلانات الأشغال لا تصل إلى أحد."),
            "contribution": words("Chacun lit les avis la veille.", "يقرأ كل واحد الإعلانات قبل يوم."),
        }
    )

    @classmethod
    def _create(cls, model_class: type[Commitment], *args: Any, **kwargs: Any) -> Commitment:
        measured, bare = kwargs.pop("measured", False), kwargs.pop("bare", False)
        made = super()._create(model_class, *args, **kwargs)
        for number in () if bare else (1, 2):
            MilestoneFactory(commitment=made, number=number)
        if measured:
            IndicatorFactory(commitment=made)
        return made


class MilestoneFactory(DjangoModelFactory):
    """An activity of the first half of 2026."""

    class Meta:
        model = Milestone

    commitment = factory.SubFactory(CommitmentFactory, bare=True)
    number = 1
    title = factory.LazyAttribute(lambda one: words(f"Activité inventée {one.number}", f"نشاط متخيل {one.number}"))
    deliverable = factory.LazyFunction(lambda: words("Un registre ouvert", "سجل مفتوح"))
    starts_on = dt.date(2026, 1, 1)
    ends_on = dt.date(2026, 6, 30)


class IndicatorFactory(DjangoModelFactory):
    """From 10 to 80 % between 2026 and 2027."""

    class Meta:
        model = Indicator

    commitment = factory.SubFactory(CommitmentFactory)
    name = factory.LazyFunction(lambda: words("Communes qui publient", "الجماعات التي تنشر"))
    unit = factory.LazyFunction(lambda: words("%", "%"))
    baseline = Decimal("10")
    baseline_on = dt.date(2026, 1, 1)
    target = Decimal("80")
    target_on = dt.date(2027, 6, 30)
    source = factory.LazyFunction(lambda: words("Registre de l'unité", "سجل الوحدة"))


class ReportFactory(DjangoModelFactory):
    """A report of the end of March on the whole commitment; ``milestone=`` on an activity, ``corrects=`` another."""

    class Meta:
        model = ProgressUpdate

    commitment = factory.SubFactory(CommitmentFactory)
    level = "limited"
    text = factory.Sequence(lambda n: words(f"Travail inventé {n}", f"عمل متخيل {n}"))
    as_of = dt.date(2026, 3, 31)
    reported_at = REPORTED_AT


class EvidenceFactory(DjangoModelFactory):
    """An address where anyone can look; pass ``file=`` and ``url=""`` for a file."""

    class Meta:
        model = Evidence

    update_shown = factory.SubFactory(ReportFactory)
    title = factory.Sequence(lambda n: words(f"Preuve inventée {n}", f"دليل متخيل {n}"))
    url = factory.Sequence(lambda n: f"https://region.example/preuve-{n}")
    added_at = REPORTED_AT


class SheetFactory(DjangoModelFactory):
    """A completion sheet of the first year, being filled in."""

    class Meta:
        model = CompletionSheet

    commitment = factory.SubFactory(CommitmentFactory)
    number = 1
    starts_on = dt.date(2026, 1, 1)
    ends_on = dt.date(2026, 12, 31)
    level = "limited"
    texts = factory.LazyFunction(lambda: {"results": words("Un registre est ouvert.", "فُتح سجل.")})
    drafted_at = REPORTED_AT


def publish(plan: ActionPlan, *, number: int = 0, at: dt.datetime = PUBLISHED_AT) -> PlanVersion:
    """Freeze a plan as it stands, and publish it as adopted by a deliberation."""
    number = number or plan.versions.count() + 1
    content = json.dumps(
        statement_of(plan) | {"version": number}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    member = plan.cycle.member
    document = FrozenDocument.objects.create(
        member_code=member.slug,
        kind="plan",
        subject_type="ActionPlan",
        subject_uid=plan.uid,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        frozen_at=at,
    )
    act = ActFactory(authority=member.authorities.first(), deliberation=True, dated_on=at.date())
    cycle = Cycle.objects.get(pk=plan.cycle_id)
    vote = Deliberation.objects.create(cycle=cycle, act=act, decision="adopted")
    return PlanVersion.objects.create(
        plan=plan, number=number, document=document, frozen_at=at, deliberation=vote, published_at=at
    )
