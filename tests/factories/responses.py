"""Answers given to people, invented for tests.

``ResponseFactory(member=…)`` takes up one published suggestion;
``covers=[…]`` or ``covers=30`` says which, or how many. ``declined=True`` and
``in_part=True`` decide otherwise.
"""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from openregion.plan.models import CoveredContribution, ReasonedResponse
from tests.factories.diagnosis import latest_cycle, suggestions
from tests.factories.people import AT, MemberFactory, words


class ResponseFactory(DjangoModelFactory):
    """An answer that takes up what people asked."""

    class Meta:
        model = ReasonedResponse
        skip_postgeneration_save = True

    class Params:
        in_part = factory.Trait(decision="in-part")
        declined = factory.Trait(decision="not-taken-up")

    member = factory.SubFactory(MemberFactory)
    cycle = factory.LazyAttribute(lambda one: latest_cycle(one.member))
    number = factory.LazyAttribute(lambda one: ReasonedResponse.objects.filter(member=one.member).count() + 1)
    decision = "taken-up"
    reasons = factory.Sequence(lambda n: words(f"Raisons inventées {n}.", f"أسباب متخيلة {n}."))
    given_at = AT

    @factory.post_generation
    def covers(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Answer the suggestions given, or as many as asked."""
        some = extracted if isinstance(extracted, list) else suggestions(self.member, extracted or 1, **kwargs)
        CoveredContribution.objects.bulk_create(CoveredContribution(response=self, contribution=one) for one in some)
