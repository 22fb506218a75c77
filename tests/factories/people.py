"""Authorities, members, bodies, people and what they hold, invented for tests.

A ``MemberFactory()`` is one Region with one authority; ``MemberFactory(consortium=True)``
has two. ``UserFactory(administrator_of=member)`` signs in and holds the role;
``UserFactory(role="moderator", at=member)`` any other.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from openregion.core.official import OfficialText, official
from openregion.people.models import (
    Act,
    Appointment,
    Authority,
    Body,
    Mandate,
    Member,
    Membership,
    Seat,
    Territory,
    User,
)

AT = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)
PASSWORD = "a-long-enough-password"


def words(fr: str, ar: str = "نص رسمي", en: str = "") -> OfficialText:
    """Write official text for a test."""
    return official(at=AT, fr=fr, ar=ar, en=en)


def _triangle(west: int, south: int) -> list[list[int]]:
    return [[west, south], [west + 1, south], [west + 1, south + 1], [west, south]]


class TerritoryFactory(DjangoModelFactory):
    """A Region; ``province=True`` makes a province in a Region of its own (or in ``parent``)."""

    class Meta:
        model = Territory

    class Params:
        province = factory.Trait(
            level="province",
            type="province",
            code=factory.Sequence(lambda n: f"9{n // 100:02d}.{n % 100:03d}"),
            parent=factory.SubFactory("tests.factories.people.TerritoryFactory"),
            name_fr=factory.Sequence(lambda n: f"Province inventée {n}"),
            name_ar=factory.Sequence(lambda n: f"إقليم متخيل {n}"),
        )

    code = factory.Sequence(lambda n: f"9{n:03d}")
    level = "region"
    type = "region"
    name_fr = factory.Sequence(lambda n: f"Région inventée {n}")
    name_ar = factory.Sequence(lambda n: f"جهة متخيلة {n}")
    population_2014 = 100_000
    population_2024 = 110_000
    boundary = factory.Sequence(lambda n: {"type": "Polygon", "coordinates": [_triangle(-5 + n % 9, 34)]})
    invented = True


class AuthorityFactory(DjangoModelFactory):
    """The authority of a Region; ``in_mandate=True`` gives its council dates around today."""

    class Meta:
        model = Authority

    class Params:
        in_mandate = factory.Trait(
            mandate_starts_on=factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=400)),
            mandate_ends_on=factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=1400)),
        )

    territory = factory.SubFactory(TerritoryFactory)
    kind = factory.SelfAttribute("territory.level")
    name = factory.LazyAttribute(lambda one: words(one.territory.name_fr, one.territory.name_ar))


class MemberFactory(DjangoModelFactory):
    """A member of one authority; give ``authorities=[…]``, or ``consortium=True`` for two."""

    class Meta:
        model = Member
        skip_postgeneration_save = True

    class Params:
        is_invented = factory.Trait(invented=True)

    slug = factory.Sequence(lambda n: f"membre-{n}")
    name = factory.Sequence(lambda n: words(f"Région inventée {n}", f"جهة متخيلة {n}", f"Invented Region {n}"))
    guide_version = "ma-region-2021"
    founded_at = AT

    @factory.post_generation
    def authorities(self, create: bool, extracted: list[Authority] | None, **kwargs: Any) -> None:
        """Join the authorities given, else one made for the occasion."""
        if not create:
            return
        asked = getattr(self, "_consortium", False)
        joined = extracted if extracted is not None else [AuthorityFactory(**kwargs) for _ in range(2 if asked else 1)]
        for rank, authority in enumerate(joined):
            Membership.objects.create(member=self, authority=authority, rank=rank)

    @classmethod
    def _create(cls, model_class: type[Member], *args: Any, **kwargs: Any) -> Member:
        asked = kwargs.pop("consortium", False)
        member = super()._create(model_class, *args, **kwargs)
        member._consortium = asked
        return member


class UserFactory(DjangoModelFactory):
    """Someone who signs in, with ``PASSWORD``; ``administrator_of=member``, or ``role=…, at=member``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne-{n}@example.ma")
    name = factory.Sequence(lambda n: f"Personne inventée {n}")
    lang = "fr"

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        role, at = kwargs.pop("role", ""), kwargs.pop("at", None)
        if (administered := kwargs.pop("administrator_of", None)) is not None:
            role, at = "administrator", administered
        user = model_class.objects.create_user(kwargs.pop("email"), kwargs.pop("password", PASSWORD), **kwargs)
        if role:
            AppointmentFactory(user=user, member=at, role=role)
        return user


class AppointmentFactory(DjangoModelFactory):
    """A role held since the first of January; ``ended=True`` closes it before today."""

    class Meta:
        model = Appointment

    class Params:
        ended = factory.Trait(ends_on=factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=1)))
        administrator = factory.Trait(role="administrator")
        point_of_contact = factory.Trait(role="point-of-contact")

    user = factory.SubFactory(UserFactory)
    member = factory.SubFactory(MemberFactory)
    role = "team-member"
    starts_on = dt.date(2026, 1, 1)


class ActFactory(DjangoModelFactory):
    """An order of an authority (pass ``authority=``); ``deliberation=True`` of its council."""

    class Meta:
        model = Act

    class Params:
        deliberation = factory.Trait(kind="deliberation")

    authority = factory.SubFactory(AuthorityFactory)
    kind = "order"
    number = factory.Sequence(lambda n: f"{n + 1}/2026")
    dated_on = dt.date(2026, 1, 2)
    title = factory.Sequence(lambda n: words(f"Arrêté inventé {n}", f"قرار متخيل {n}"))


class BodyFactory(DjangoModelFactory):
    """A council of an authority; traits name the other kinds used most."""

    class Meta:
        model = Body

    class Params:
        forum = factory.Trait(kind="forum")
        consultative = factory.Trait(kind="consultative")
        monitoring = factory.Trait(kind="monitoring-body")
        unit = factory.Trait(kind="administration")

    authority = factory.SubFactory(AuthorityFactory)
    kind = "council"
    slug = factory.Sequence(lambda n: f"instance-{n}")
    name = factory.Sequence(lambda n: words(f"Instance inventée {n}", f"هيئة متخيلة {n}"))
    remit = factory.LazyFunction(lambda: words("Ce que fait cette instance inventée."))
    rank = factory.Sequence(lambda n: n % 30_000)


class SeatFactory(DjangoModelFactory):
    """A seat of a body; ``president=True`` is the council's own."""

    class Meta:
        model = Seat

    class Params:
        president = factory.Trait(actor="council-president")

    body = factory.SubFactory(BodyFactory)
    title = factory.Sequence(lambda n: words(f"Siège inventé {n}", f"مقعد متخيل {n}"))
    actor = "council-members"
    rank = factory.Sequence(lambda n: n % 30_000)


class MandateFactory(DjangoModelFactory):
    """Someone in a seat since the first of January; ``ended=True`` is past."""

    class Meta:
        model = Mandate

    class Params:
        ended = factory.Trait(starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 12, 31))

    seat = factory.SubFactory(SeatFactory)
    holder_name = factory.Sequence(lambda n: f"Titulaire inventé(e) {n}")
    starts_on = dt.date(2026, 1, 1)
