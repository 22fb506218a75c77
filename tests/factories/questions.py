"""Documents given with a consultation, invented for tests.

``ConsultationPaperFactory(consultation=…)`` is a small table that everyone may open.
"""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from openregion.consultation.models import ConsultationPaper
from tests.factories.consultation import ConsultationFactory
from tests.factories.cycle import stored
from tests.factories.people import AT, words


class ConsultationPaperFactory(DjangoModelFactory):
    """A document given before the consultation opened."""

    class Meta:
        model = ConsultationPaper

    class Params:
        n = factory.Sequence(lambda n: n)

    consultation = factory.SubFactory(ConsultationFactory)
    title = factory.Sequence(lambda n: words(f"Document inventé {n}", f"وثيقة متخيلة {n}"))
    file = factory.LazyAttribute(lambda one: stored(one.consultation.cycle.member, one.n))
    given_at = AT
