"""Those who follow something, invented for tests.

``FollowFactory(member=…, kind=…, subject=…)`` has confirmed; ``unconfirmed=True`` has
not pressed the link yet. ``key_of(follow.uid)`` is the link's key.
"""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from openregion.consultation.keys import hashed, key_of
from openregion.consultation.models import Follow
from openregion.people.models import new_uid
from tests.factories.people import AT, MemberFactory


class FollowFactory(DjangoModelFactory):
    """Somebody who follows a consultation and confirmed it."""

    class Meta:
        model = Follow

    class Params:
        unconfirmed = factory.Trait(confirmed_at=None)

    uid = factory.LazyFunction(new_uid)
    member = factory.SubFactory(MemberFactory)
    email = factory.Sequence(lambda n: f"suiveuse-{n}@example.ma")
    lang = "fr"
    kind = "consultation"
    subject = "question"
    key_hash = factory.LazyAttribute(lambda one: hashed(key_of(one.uid)))
    asked_at = AT
    confirmed_at = AT
