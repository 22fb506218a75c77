"""Appeals, masked words and kin, invented for tests: rows as their deeds would leave them, without journal lines."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from openregion.consultation.models import Appeal, Contribution, Kinship, Sealed
from tests.factories.consultation import SuggestionFactory
from tests.factories.people import AT


class AppealFactory(DjangoModelFactory):
    """An appeal that waits, on a hidden suggestion; ``kept=True`` or ``kept=False`` with ``decided_at`` decides it."""

    class Meta:
        model = Appeal

    contribution = factory.SubFactory(SuggestionFactory, hidden=True)
    words = "Je ne nomme personne : je parle d'une fonction."
    lang = "fr"
    against = "hide_contribution"
    made_at = AT


class KinshipFactory(DjangoModelFactory):
    """That a published suggestion says the same as another."""

    class Meta:
        model = Kinship

    suggestion = factory.SubFactory(SuggestionFactory, published=True)
    says_as = factory.SubFactory(
        SuggestionFactory, published=True, consultation=factory.SelfAttribute("..suggestion.consultation")
    )
    linked_at = AT


def masked(contribution: Contribution, **words: Any) -> Contribution:
    """Seal a contribution's words, and leave these in their place."""
    Sealed.objects.create(contribution=contribution, words=contribution.words, sealed_at=AT)
    contribution.words = words or dict.fromkeys(contribution.words, "[…]")
    contribution.save(update_fields=["words"])
    return contribution
