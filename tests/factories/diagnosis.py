"""Findings and the suggestions they gather, invented for tests.

``FindingFactory(member=…)`` is a draft that gathers one published suggestion;
``published=True`` lets everyone read it; ``gathers=[…]`` or ``gathers=30`` says which, or how many.
"""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from openregion.consultation.models import Consultation
from openregion.diagnosis.models import Finding, FindingSource
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.cycle import CycleFactory
from tests.factories.people import AT, MemberFactory, words


class FindingFactory(DjangoModelFactory):
    """A finding in the member's latest cycle, under the guide's reference on access to information."""

    class Meta:
        model = Finding
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(published_at=AT)

    member = factory.SubFactory(MemberFactory)
    cycle = factory.LazyAttribute(lambda one: latest_cycle(one.member))
    number = factory.LazyAttribute(lambda one: Finding.objects.filter(member=one.member).count() + 1)
    reference = "ease-of-access"
    title = factory.Sequence(lambda n: words(f"Constat inventé {n}", f"استنتاج متخيل {n}", f"Invented finding {n}"))
    synthesis = factory.LazyFunction(lambda: words("Plusieurs personnes demandent la même chose.", "طلب متكرر."))
    written_at = AT

    @factory.post_generation
    def gathers(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Gather the suggestions given, or as many as asked."""
        some = extracted if isinstance(extracted, list) else suggestions(self.member, extracted or 1, **kwargs)
        FindingSource.objects.bulk_create(FindingSource(finding=self, contribution=one, gathered_at=AT) for one in some)


def latest_cycle(member: Any) -> Any:
    """Give the member's action plan, opened when there is none."""
    found = CycleFactory._meta.model.objects.filter(member=member, kind="plan").order_by("-pk").first()
    return found or CycleFactory(member=member)


def suggestions(member: Any, count: int, **fields: Any) -> list[Any]:
    """Give published suggestions of a member, in its consultation."""
    cycle = latest_cycle(member)
    consultation = Consultation.objects.filter(cycle=cycle).first() or ConsultationFactory(cycle=cycle)
    given = {"published": True} | fields
    return [SuggestionFactory(consultation=consultation, **given) for _ in range(count)]
