"""Holidays as a Region recorded them, invented for tests.

``HolidayFactory(member=…)`` announces Eid al-Fitr of 2026 on the Saturday after its
estimate; ``exceptional=True`` is a day off by decree.
"""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from openregion.cycle.models import Holiday
from tests.factories.people import AT, MemberFactory, words


class HolidayFactory(DjangoModelFactory):
    """The first day of a feast, announced a day after its estimate."""

    class Meta:
        model = Holiday

    class Params:
        exceptional = factory.Trait(
            estimated_on=None,
            day=dt.date(2026, 3, 4),
            name=factory.LazyFunction(lambda: words("Congé inventé", "عطلة متخيلة", "Invented day off")),
        )

    member = factory.SubFactory(MemberFactory)
    estimated_on = dt.date(2026, 3, 20)
    day = dt.date(2026, 3, 21)
    name = factory.LazyFunction(lambda: words("Fête de la rupture du jeûne", "عيد الفطر", "Eid al-Fitr"))
    source = "Communiqué inventé du 19 mars 2026"
    decided_at = AT
