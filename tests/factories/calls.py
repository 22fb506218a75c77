"""Calls for participation and applications, invented for tests.

``CallFactory(consultation=…)`` (or ``member=…``) is published and open, with two
criteria and ten seats; ``draft=True``, ``to_come=True``, ``closed=True`` move it.
``ApplicationFactory(call=…)`` is a person's application that nobody has judged;
``of_organisation=True``, ``eligible=True``,
``refused=True``. ``code_of(TICKET)`` is the tracking code of ``ApplicationFactory(with_code=True)``.
``chosen_call(...)`` plays a call with its draw through the deeds.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from openregion.consultation import actions, codes, lots
from openregion.consultation.models import Application, CallForParticipation, Workshop
from openregion.people.models import Member, User
from tests.factories.consultation import ConsultationFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.people import AT, MemberFactory, words

TICKET = "t" * 32
SEED = "5eed" * 16


def _around_now(**ahead: int) -> Any:
    return factory.LazyFunction(lambda: timezone.now() + dt.timedelta(**ahead))


def criteria() -> list[dict[str, Any]]:
    """Write two criteria of a call."""
    return [
        {"code": "c1", "text": words("Agir dans la Région.", "العمل في الجهة.", "To act in the Region.")},
        {"code": "c2", "text": words("Pouvoir venir les deux jours.", "إمكانية الحضور.", "To be free both days.")},
    ]


class CallFactory(DjangoModelFactory):
    """A call published last week and open for a week more; pass ``member=`` or ``consultation=``."""

    class Meta:
        model = CallForParticipation

    class Params:
        draft = factory.Trait(
            state="draft", published_at=None, seed="", secret_hash="", opens_at=_around_now(days=10),
            closes_at=_around_now(days=20),
        )  # fmt: skip
        to_come = factory.Trait(opens_at=_around_now(days=10), closes_at=_around_now(days=20))
        closed = factory.Trait(opens_at=_around_now(days=-20), closes_at=_around_now(days=-1))
        with_workshop = factory.Trait(
            workshop=factory.LazyAttribute(
                lambda one: Workshop.objects.create(
                    consultation=one.consultation, meeting=MeetingFactory(member=one.member)
                )
            )
        )

    member = factory.SubFactory(MemberFactory)
    consultation = factory.SubFactory(ConsultationFactory, member=factory.SelfAttribute("..member"))
    number = factory.LazyAttribute(lambda one: CallForParticipation.objects.filter(member=one.member).count() + 1)
    title = factory.Sequence(lambda n: words(f"Appel inventé {n}", f"نداء متخيل {n}", f"Invented call {n}"))
    about = factory.LazyFunction(lambda: words("Un atelier par province.", "ورشة في كل إقليم.", "A workshop."))
    criteria = factory.LazyFunction(criteria)
    seats = 10
    opens_at = _around_now(days=-7)
    closes_at = _around_now(days=7)
    place_by = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=60))
    state = "published"
    published_at = AT
    seed = SEED
    secret_hash = lots.seed_hash(SEED)


class ApplicationFactory(DjangoModelFactory):
    """A person's application, in French, that nobody has judged."""

    class Meta:
        model = Application

    class Params:
        of_organisation = factory.Trait(
            kind="organisation",
            organisation=factory.Sequence(lambda n: f"Association inventée {n}"),
            organisation_type="civil-society",
        )
        eligible = factory.Trait(state="eligible", decided_at=AT)
        refused = factory.Trait(state="refused", refused_for="c1", refusal="Hors de la Région.", decided_at=AT)
        with_code = factory.Trait(code_hash=factory.LazyFunction(lambda: codes.hashed(codes.code_of(TICKET))))
        with_address = factory.Trait(email=factory.Sequence(lambda n: f"candidate-{n}@example.ma"))

    call = factory.SubFactory(CallFactory)
    number = factory.LazyAttribute(lambda one: one.call.applications.count() + 1)
    kind = "person"
    name = factory.Sequence(lambda n: f"Candidate inventée {n}")
    received_at = AT


def chosen_call(
    *, by: User, member: Member, candidates: int = 16, seats: int = 10, **more: Any
) -> CallForParticipation:
    """Play a call to its draw through the deeds: candidates judged eligible, half of them women, then chosen."""
    call = CallFactory(
        member=member, closed=True, seats=seats, quotas={"gender": {"woman": [seats // 2, seats]}}, **more
    )
    for rank in range(candidates):
        ApplicationFactory(call=call, eligible=True, gender="woman" if rank % 2 else "man")
    actions.select_participants(call, by=by, at=timezone.now())
    return call
