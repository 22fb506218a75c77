"""The candidacy, invented for tests.

``candidacy(member)`` opens a candidacy's cycle; ``CallFactory(member=…)`` is a call
of two questions, open for a month (``closed=True`` closed yesterday);
``complete(cycle)`` gives a draft dossier all that it needs to be frozen;
``frozen(dossier)``, ``sent(dossier)`` move it as the deeds do.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from openregion.admission import queries
from openregion.admission.models import (
    Answer,
    AnswerEvidence,
    AnswerRevision,
    Call,
    Dossier,
    EligibilityVerdict,
    PointOfContact,
    StatusEvent,
    SupportLetter,
)
from openregion.cycle.models import Cycle
from openregion.people.models import Member
from openregion.record.actions import freeze, store_file
from openregion.record.models import StoredFile
from tests.factories.cycle import CycleFactory, DeliberationFactory
from tests.factories.people import AT, ActFactory, MemberFactory, words

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
QUESTIONS: list[dict[str, Any]] = [
    {
        "code": "why-join",
        "label": {"en": "Why does the jurisdiction want to join?", "fr": "Pourquoi adhérer ?", "ar": "لماذا الانضمام؟"},
        "help": {},
        "limit": 10,
        "unit": "words",
        "required": True,
        "condition": "added-value",
        "lang": "en",
    },
    {
        "code": "who-works",
        "label": {"en": "Who will work on it?"},
        "help": {"en": "Name the staff."},
        "limit": 500,
        "unit": "characters",
        "required": False,
        "condition": "",
        "lang": "en",
    },
]


def candidacy(member: Member | None = None) -> Cycle:
    """Open a candidacy."""
    return CycleFactory(admission=True, member=member or MemberFactory())


def a_file(member: Member, n: int = 0) -> StoredFile:
    """Keep a small PDF of the member's, another one for another number."""
    upload = SimpleUploadedFile(f"piece-{n}.pdf", PDF.replace(b"Catalog", b"Catalog/N %d" % n))
    return store_file(upload=upload, member_code=member.slug, by_ref="", at=AT)


class CallFactory(DjangoModelFactory):
    """A call of two questions, open for a month."""

    class Meta:
        model = Call

    class Params:
        closed = factory.Trait(closes_at=factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=1)))
        for_work = factory.Trait(
            working=True,
            closes_at=None,
            opened_on=None,
            channel="",
            address="",
            source="",
            time_zone="",
            questions=factory.LazyAttribute(lambda one: queries.working_questions(queries.book_for(one.member, None))),
        )

    member = factory.SubFactory(MemberFactory)
    title = factory.LazyFunction(lambda: words("Appel inventé", "نداء متخيل", "Invented call"))
    opened_on = dt.date(2026, 1, 2)
    closes_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=30))
    time_zone = "America/Los_Angeles"
    channel = "online-form"
    address = "https://example.org/form"
    source = "https://example.org/call"
    questions = factory.LazyFunction(lambda: [dict(one) for one in QUESTIONS])
    entered_at = AT


class DossierFactory(DjangoModelFactory):
    """A dossier being written on a call of its member's."""

    class Meta:
        model = Dossier

    cycle = factory.LazyFunction(candidacy)
    call = factory.LazyAttribute(lambda one: CallFactory(member=one.cycle.member))
    number = factory.LazyAttribute(lambda one: Dossier.objects.filter(cycle=one.cycle).count() + 1)


class AnswerFactory(DjangoModelFactory):
    """An answer to the condition of added value, saved once."""

    class Meta:
        model = Answer
        skip_postgeneration_save = True

    cycle = factory.LazyFunction(candidacy)
    question = "added-value"
    text = factory.LazyFunction(lambda: words("Réponse inventée.", "جواب متخيل.", "An invented answer."))
    state = "ready"
    revision = 1

    @factory.post_generation
    def saved(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Keep its first revision."""
        if create:
            AnswerRevision.objects.create(answer=self, number=1, text=self.text, state=self.state, at=AT)


class EvidenceFactory(DjangoModelFactory):
    """A page elsewhere beside an answer, dated this year."""

    class Meta:
        model = AnswerEvidence

    answer = factory.SubFactory(AnswerFactory)
    title = factory.LazyFunction(lambda: words("Preuve inventée", "دليل متخيل", "Invented evidence"))
    url = factory.Sequence(lambda n: f"https://example.org/evidence/{n}")
    dated_on = dt.date(2026, 1, 2)
    added_at = AT


class VerdictFactory(DjangoModelFactory):
    """A verdict on the guide's first criterion: met."""

    class Meta:
        model = EligibilityVerdict

    cycle = factory.LazyFunction(candidacy)
    criterion = "member-state"
    verdict = "met"
    reason = factory.LazyFunction(lambda: words("Raison inventée", "سبب متخيل", "Invented reason"))
    source = "https://example.org/criteria"
    on = dt.date(2026, 1, 5)
    made_at = AT


class SupportFactory(DjangoModelFactory):
    """A letter of support of the head, not signed; ``signed=True`` has its scan."""

    class Meta:
        model = SupportLetter

    class Params:
        outside = factory.Trait(signer="non-government", organisation="Association inventée")
        signed = factory.Trait(
            scan=factory.LazyAttributeSequence(lambda one, n: a_file(one.dossier.cycle.member, 1000 + n)),
            signed_on=dt.date(2026, 1, 5),
        )

    dossier = factory.SubFactory(DossierFactory)
    signer = "head"
    name = factory.Sequence(lambda n: f"Signataire inventé(e) {n}")
    title = "Titre inventé"


class ContactFactory(DjangoModelFactory):
    """The member's point of contact; ``before=True`` is a predecessor."""

    class Meta:
        model = PointOfContact

    class Params:
        before = factory.Trait(starts_on=dt.date(2025, 1, 5), ends_on=dt.date(2025, 12, 5))

    member = factory.SubFactory(MemberFactory)
    name = factory.Sequence(lambda n: f"Point focal inventé {n}")
    function = factory.LazyFunction(lambda: words("Fonction inventée", "مهمة متخيلة", "Invented function"))
    email = "point.focal@example.ma"
    telephone = "+212 500 000 000"
    act = factory.LazyAttribute(lambda one: ActFactory(authority=one.member.authorities.order_by("pk")[0]))
    starts_on = dt.date(2026, 1, 5)


class StatusFactory(DjangoModelFactory):
    """An event that made the Region a member."""

    class Meta:
        model = StatusEvent

    member = factory.SubFactory(MemberFactory)
    state = "admitted"
    on = dt.date(2026, 1, 5)
    reason = factory.LazyFunction(lambda: words("Admission inventée", "قبول متخيل", "Invented admission"))
    source = "https://example.org/members"
    recorded_at = AT


def complete(cycle: Cycle, **fields: Any) -> Dossier:
    """Give a draft dossier all that it needs: answers, evidence, signed letters, deliberation, contact, verdicts."""
    dossier = DossierFactory(cycle=cycle, **fields)
    answer = AnswerFactory(cycle=cycle)
    EvidenceFactory(answer=answer)
    EvidenceFactory(answer=answer, url="", file=a_file(cycle.member, 1))
    SupportFactory(dossier=dossier, signed=True)
    SupportFactory(dossier=dossier, outside=True, signed=True)
    if queries.adopted_deliberation(cycle) is None:
        authority = cycle.member.authorities.order_by("pk")[0]
        act = ActFactory(authority=authority, deliberation=True, file=a_file(cycle.member, 2))
        DeliberationFactory(cycle=cycle, act=act)
    if queries.contact_in_office(cycle.member) is None:
        ContactFactory(member=cycle.member)
    for one in queries.criteria(queries.book_for(cycle.member, cycle)):
        VerdictFactory(cycle=cycle, criterion=one.code)
    return dossier


def frozen(dossier: Dossier) -> Dossier:
    """Freeze a dossier as it stands."""
    stated = queries.statement_of(dossier)
    code = dossier.cycle.member.slug
    dossier.frozen = freeze(
        stated, kind="dossier", subject_type="Dossier", subject_uid=dossier.uid, member_code=code, at=AT
    )
    assert dossier.frozen.sha256 == hashlib.sha256(dossier.frozen.content.encode()).hexdigest()
    dossier.state = "frozen"
    dossier.save()
    return dossier


def sent(dossier: Dossier) -> Dossier:
    """Freeze a dossier and send it."""
    frozen(dossier)
    dossier.state, dossier.submitted_at, dossier.submitted_by_channel = "submitted", AT, "online-form"
    dossier.submission_proof = a_file(dossier.cycle.member, 3)
    dossier.save()
    return dossier
