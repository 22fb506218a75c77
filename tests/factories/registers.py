"""Lines of the registers, invented for tests."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from openregion.registers.models import Exchange, PeerActivity
from tests.factories.people import MemberFactory, words


class ExchangeFactory(DjangoModelFactory):
    """A message sent to the support unit; ``asks=True`` wants an answer."""

    class Meta:
        model = Exchange

    class Params:
        asks = factory.Trait(wants_answer_by=dt.date(2026, 3, 20))

    member = factory.SubFactory(MemberFactory)
    party = "support-unit"
    channel = "email"
    direction = "sent"
    on = dt.date(2026, 3, 2)
    subject = factory.Sequence(lambda n: words(f"Objet inventé {n}", f"موضوع متخيل {n}"))
    summary = factory.LazyFunction(lambda: words("Résumé pour l'équipe."))


class PeerActivityFactory(DjangoModelFactory):
    """A national exchange attended, and what was learnt."""

    class Meta:
        model = PeerActivity

    member = factory.SubFactory(MemberFactory)
    kind = "peer-exchange"
    scope = "national"
    part = "attended"
    title = factory.Sequence(lambda n: words(f"Rencontre inventée {n}", f"لقاء متخيل {n}"))
    partners = "Commune inventée"
    place = "Ville inventée"
    starts_on = dt.date(2026, 2, 10)
    learnt = factory.LazyFunction(lambda: words("Publier tôt les comptes rendus."))
