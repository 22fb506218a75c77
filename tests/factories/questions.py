"""Documents given with a consultation, invented for tests.

``ConsultationPaperFactory(consultation=…)`` is a small table that everyone may open;
``promised(closes_at)`` what a consultation says before it is opened.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from openregion.consultation.models import ConsultationPaper
from tests.factories.consultation import ConsultationFactory
from tests.factories.cycle import stored
from tests.factories.people import AT, words


def promised(closes_at: dt.datetime) -> dict[str, Any]:
    """Say what people must be told before they are asked: why, what becomes of the answers, by when."""
    return {
        "purpose": words("Préparer le plan.", "إعداد المخطط.", "To prepare the plan."),
        "promise": words("Chaque suggestion reçoit une réponse.", "كل اقتراح يتلقى جوابا.", "Each gets an answer."),
        "answers_by": (closes_at + dt.timedelta(days=60)).date(),
    }


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
