"""The member's state and its point of contact: from events with proof, by an act, nothing deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.admission import actions, queries, rules
from openregion.admission.models import PointOfContact, StatusEvent
from openregion.core.refusal import Refused
from openregion.cycle.models import Proof
from openregion.guide import queries as guides
from openregion.people.models import Appointment, Member, User
from openregion.record.models import JournalLine
from tests.factories.admission import (
    AnswerFactory,
    CallFactory,
    ContactFactory,
    DossierFactory,
    EvidenceFactory,
    StatusFactory,
    SupportFactory,
    a_file,
    candidacy,
    complete,
    frozen,
    sent,
)
from tests.factories.consultation import ConsultationFactory
from tests.factories.cycle import CycleFactory
from tests.factories.people import AT, ActFactory, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("C0")]
DAY = dt.date(2026, 1, 5)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def said(**more: Any) -> dict[str, Any]:
    given = {"state": "admitted", "on": DAY, "reason": words("Raison"), "source": "https://example.org/", "file": None}
    return given | more


def named(member: Member, **more: Any) -> dict[str, Any]:
    act = ActFactory(authority=member.authorities.get(), dated_on=dt.date(2026, 1, 2))
    given = {"name": "Personne inventée", "function": words("Fonction"), "email": "pf@example.ma", "telephone": ""}
    return given | {"member": member, "act": act, "starts_on": DAY} | more


@pytest.mark.parametrize("role", ["administrator", "president", "point-of-contact", "coordinator", ""])
def test_state_and_contact_are_recorded_by_those_the_guide_names(member: Member, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    event, act = StatusFactory(member=member), ActFactory(authority=member.authorities.get())
    given = {
        "record_status": rules.why_not_record_status(by, member, **said(state="inactive")),
        "correct_status": rules.why_not_correct_status(by, event, **said(state="inactive")),
        "name_point_of_contact": rules.why_not_name_point_of_contact(
            by, member, name="Nom", email="", act=act, starts_on=DAY, with_role=False
        ),
    }
    book = guides.role(guides.guide(member.guide_version), role) if role else None
    assert {deed for deed, why in given.items() if not why} == set(given) & set(book.deeds if book else ())


def test_open_candidacy_shows_a_region_that_prepares(member: Member) -> None:
    assert (queries.status_of(member).state, queries.status_of(member).computed) == ("", True)
    cycle = candidacy(member)
    found = queries.status_of(member)
    assert (found.state, found.on, found.computed, found.belongs) == ("preparing", cycle.opened_on, True, False)
    StatusFactory(member=member, state="refused", on=cycle.opened_on - dt.timedelta(days=1))
    assert queries.status_of(member).state == "preparing"  # a new candidacy after a refusal
    StatusFactory(member=member, state="refused", on=cycle.opened_on)
    assert queries.status_of(member).state == "refused"


@pytest.mark.usefixtures("english")
def test_state_is_the_last_event_not_corrected(member: Member, contact: User) -> None:
    wrong = actions.record_status(member=member, **said(state="inactive"), by=contact, at=AT)
    assert queries.status_of(member).state == "inactive"
    with pytest.raises(Refused, match="already"):
        actions.record_status(member=member, **said(state="inactive"), by=contact, at=AT)
    right = actions.correct_status(wrong, **said(on=dt.date(2026, 1, 4)), by=contact, at=AT)
    assert (queries.status_of(member).state, StatusEvent.objects.count()) == ("admitted", 2)
    with pytest.raises(Refused, match="corrected already"):
        actions.correct_status(wrong, **said(), by=contact, at=AT)
    assert JournalLine.objects.get(verb="correct_status").facts["before"] == "inactive"
    lines = queries.membership_page(member).events
    assert [(one.uid, one.corrected) for one in lines] == [(wrong.uid, True), (right.uid, False)]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"state": "king"}, "Choose the state"),
        ({"on": dt.date(2100, 1, 1)}, "future"),
        ({"reason": {}}, "what gave"),
        ({"source": " "}, "proof"),
        ({"source": "x" * 301}, "300"),
    ],
)
@pytest.mark.usefixtures("english")
def test_state_without_proof_reason_or_day_is_refused(
    member: Member, contact: User, more: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        actions.record_status(member=member, **said(**more), by=contact, at=AT)


def test_consultation_launched_after_admission_is_proposed_and_recorded_by_a_person(
    client: Client, member: Member, contact: User
) -> None:
    now = timezone.now()
    StatusFactory(member=member, on=timezone.localdate() - dt.timedelta(days=10))
    plan = CycleFactory(member=member)
    ConsultationFactory(cycle=plan, slug="avant", opens_at=now - dt.timedelta(days=30))
    ConsultationFactory(
        cycle=plan, slug="demain", opens_at=now + dt.timedelta(days=1), closes_at=now.replace(year=2099)
    )
    assert queries.membership_page(member).proposal is None
    launched = ConsultationFactory(cycle=plan, slug="lancee", opens_at=now - dt.timedelta(days=2))
    proposal = queries.membership_page(member).proposal
    assert proposal is not None
    assert (proposal.uid, queries.status_of(member).state) == (launched.uid, "admitted")
    client.force_login(contact)
    with override("fr"):
        url = reverse("record_status", args=["ici"])
    shown = client.get(url).content.decode()
    assert "lancee" in shown
    given = {"state": "effective", "on": proposal.launched_on.isoformat(), "source": proposal.url}
    given |= {"reason_fr": "Consultation lancée", "reason_ar": "إطلاق الاستشارة"}
    assert client.post(url, given).status_code == 302
    event = StatusEvent.objects.get(state="effective")
    assert (event.subject_uid, queries.status_of(member).state) == (launched.uid, "effective")


@pytest.mark.usefixtures("english")
@pytest.mark.row("A5")
def test_naming_the_next_point_of_contact_ends_the_one_before_and_their_role(member: Member) -> None:
    president = UserFactory(role="president", at=member)
    cycle = candidacy(member)
    first = actions.name_point_of_contact(**named(member, with_role=True), by=president, at=AT)
    held = Appointment.objects.get(role="point-of-contact")
    assert (first.appointment, held.user.email, held.act) == (held, "pf@example.ma", first.act)
    assert set(Proof.objects.filter(subject_uid=first.uid).values_list("operation__code", flat=True)) == {
        "name-point-of-contact"
    }
    again = named(member, act=first.act)
    with pytest.raises(Refused, match="already"):
        actions.name_point_of_contact(**again, by=president, at=AT)
    later = dt.date(2026, 2, 2)
    second = actions.name_point_of_contact(
        **named(member, name="Autre inventée", email="Autre@Example.ma", starts_on=later, with_role=True),
        by=president,
        at=AT,
    )
    first.refresh_from_db()
    held.refresh_from_db()
    assert (first.ends_on, held.ends_on, second.appointment_id is not None) == (later, later, True)
    assert cycle.operations.filter(proofs__isnull=False).distinct().count() == 1
    page = queries.contact_page(member)
    assert page.present is not None
    assert (page.present.name, [one.name for one in page.before]) == ("Autre inventée", ["Personne inventée"])
    facts = [line.facts for line in JournalLine.objects.filter(verb="name_point_of_contact")]
    assert "inventée" not in str(facts)


@pytest.mark.row("A5")
def test_role_is_kept_by_a_person_who_holds_it_and_given_by_those_who_appoint(member: Member, contact: User) -> None:
    one = actions.name_point_of_contact(**named(member, email=contact.email.upper(), with_role=True), by=contact, at=AT)
    assert one.appointment == Appointment.objects.get(user=contact)


@pytest.mark.row("A5")
@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"name": " "}, "name"),
        ({"act": None}, "Choose the act"),
        ({"starts_on": dt.date(2100, 1, 1)}, "takes effect"),
        ({"starts_on": dt.date(2025, 1, 1)}, "at the earliest"),
        ({"email": "not an address"}, "not complete"),
        ({"email": "", "with_role": True}, "sign in"),
    ],
)
@pytest.mark.usefixtures("english")
def test_nomination_without_act_name_or_address_is_refused(
    member: Member, contact: User, more: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        actions.name_point_of_contact(**named(member, **more), by=contact, at=AT)
    assert not PointOfContact.objects.exists()


@pytest.mark.usefixtures("english")
@pytest.mark.row("A5")
def test_act_of_another_member_names_nobody(member: Member, contact: User) -> None:
    act = ActFactory(authority=MemberFactory().authorities.get())
    with pytest.raises(Refused, match="Choose the act"):
        actions.name_point_of_contact(**named(member, act=act), by=contact, at=AT)


@pytest.mark.row("A5")
@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_page_of_the_contact_keeps_the_addresses_of_those_before(client: Client, member: Member, lang: str) -> None:
    ContactFactory(member=member, before=True, email="parti@example.ma", telephone="+212 511 111 111")
    ContactFactory(member=member)
    with override(lang):
        shown = client.get(reverse("point_of_contact", args=["ici"])).content.decode()
    assert "point.focal@example.ma" in shown
    assert "parti@example.ma" not in shown
    assert "+212 511 111 111" not in shown


@pytest.mark.row("A5")
def test_contact_is_named_from_the_page(client: Client, member: Member, contact: User) -> None:
    client.force_login(contact)
    act = ActFactory(authority=member.authorities.get())
    with override("fr"):
        url = reverse("name_point_of_contact", args=["ici"])
    given = {"name": "Nom", "function_fr": "Cheffe", "function_ar": "رئيسة", "act": act.uid, "starts_on": "2026-01-05"}
    assert client.post(url, given | {"act": "x"}).status_code == 200
    assert client.post(url, given).status_code == 302
    assert client.post(url, given).status_code == 200
    assert PointOfContact.objects.get().function["ar"]["text"] == "رئيسة"


def test_event_is_corrected_from_its_page_within_its_member(client: Client, member: Member, contact: User) -> None:
    event = StatusFactory(member=member, file=a_file(member))
    elsewhere = StatusFactory()
    client.force_login(contact)
    with override("fr"):
        url = reverse("correct_status", args=["ici", event.uid])
        other = reverse("correct_status", args=["ici", elsewhere.uid])
        file = reverse("status_file", args=["ici", event.uid])
    given = {"state": "inactive", "on": "2026-01-05", "source": "Source", "reason_fr": "Erreur", "reason_ar": "خطأ"}
    assert client.get(file).getvalue().startswith(b"%PDF")
    assert client.post(other, given).status_code == 404
    assert client.post(url, given).status_code == 302
    assert client.post(url, given).status_code == 200
    assert queries.status_of(member).state == "inactive"


@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
@pytest.mark.parametrize("full", [False, True])
def test_public_pages_open_in_every_language(client: Client, member: Member, lang: str, full: bool) -> None:
    if full:
        StatusFactory(member=member, state="refused")
        complete(candidacy(member))
    for name in ("candidacy", "membership", "point_of_contact", "calls", "eligibility"):
        with override(lang):
            assert client.get(reverse(name, args=["ici"])).status_code == 200


@pytest.mark.row("B3")
def test_what_is_due_follows_the_candidacy(member: Member, contact: User) -> None:
    today = timezone.localdate()

    def keys() -> list[str]:
        return [one.key.split(":")[1] for one in queries.due(member, today)]

    assert keys() == ["contact"]
    cycle = candidacy(member)
    assert keys() == ["contact", "verdicts", "conditions", "open"]
    ContactFactory(member=member)
    dossier = DossierFactory(cycle=cycle, call=CallFactory(member=member, for_work=True))
    SupportFactory(dossier=dossier)
    assert keys() == ["verdicts", "conditions", "letters", "freeze"]
    call = CallFactory(member=member)
    assert keys() == ["verdicts", "conditions", "onto-call"]
    assert {one.day for one in queries.due(member, today)} == {timezone.localdate(call.closes_at)}
    dossier = frozen(DossierFactory(cycle=cycle, call=call, replaces=dossier))
    assert keys() == ["verdicts", "conditions", "submit"]
    sent(dossier)
    (waiting,) = queries.due(member, today)
    assert (waiting.state(today), waiting.deed) == ("waiting", "record_ogp_answer")
    dossier.state, dossier.answered_on = "admitted", today
    dossier.save()
    StatusFactory(member=member, on=today)
    assert keys() == ["answered"]
    ConsultationFactory(cycle=CycleFactory(member=member), opens_at=timezone.now() - dt.timedelta(minutes=1))
    assert keys() == ["effective", "answered"]


def test_pages_ask_the_same_however_much_there_is(member: Member) -> None:
    cycle = candidacy(member)
    dossier = complete(cycle)

    def counts() -> list[int]:
        asked = []
        for read in (queries.candidacy_page, queries.membership_page, queries.contact_page):
            with CaptureQueriesContext(connection) as seen:
                read(member)
            asked.append(len(seen))
        with CaptureQueriesContext(connection) as seen:
            queries.due(member, timezone.localdate())
        with CaptureQueriesContext(connection) as more:
            queries.dossier_page(queries.dossiers_of(member).get(pk=dossier.pk), member)
        return [*asked, len(seen), len(more)]

    StatusFactory(member=member, state="preparing")
    ContactFactory(member=member, before=True)
    first = counts()
    StatusFactory.create_batch(10, member=member, state="preparing")
    ContactFactory.create_batch(10, member=member, before=True)
    SupportFactory.create_batch(10, dossier=dossier, outside=True)
    EvidenceFactory.create_batch(10, answer=AnswerFactory())
    EvidenceFactory.create_batch(10, answer=cycle_answer(cycle))
    assert counts() == first


def cycle_answer(cycle: Any) -> Any:
    from openregion.admission.models import Answer

    return Answer.objects.get(cycle=cycle, call=None)
