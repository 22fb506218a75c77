"""The nine conditions: drafted by several people, nothing lost; evidence; what of the record is drawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.admission import actions, queries, rules
from openregion.admission.models import Answer, AnswerEvidence, AnswerRevision
from openregion.core.refusal import Refused
from openregion.cycle.models import Cycle
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.factories.admission import (
    PDF,
    AnswerFactory,
    CallFactory,
    ContactFactory,
    DossierFactory,
    EvidenceFactory,
    VerdictFactory,
    candidacy,
    frozen,
)
from tests.factories.cycle import DeliberationFactory
from tests.factories.people import AT, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("A3")]
ROLES = ("administrator", "president", "point-of-contact", "coordinator", "team-member", "unit-head", "moderator", "")


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def cycle(member: Member) -> Cycle:
    return candidacy(member)


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def draft(cycle: Cycle, by: User, text: str = "Une réponse.", **more: Any) -> Answer:
    said: dict[str, Any] = {"question": "added-value", "gaps": {}, "state": "partial", "on_revision": 0}
    return actions.draft_answer(cycle, words={"fr": text}, by=by, at=AT, **(said | more))


def address(name: str, *args: Any) -> str:
    with override("fr"):
        return reverse(name, args=args)


@pytest.mark.parametrize("role", ROLES)
def test_answers_and_evidence_are_given_by_those_the_guide_names(member: Member, cycle: Cycle, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    evidence = EvidenceFactory(answer__cycle=cycle)
    beside = {"question": "capacity", "call": None, "title": words("Titre"), "file": None, "dated_on": None}
    given = {
        "draft_answer": rules.why_not_draft_answer(
            by, cycle, question="capacity", call=None, words={}, gaps={}, state="missing", on_revision=0, revision=0
        ),
        "add_evidence": rules.why_not_add_evidence(by, cycle, url="https://example.org/", **beside),
        "remove_evidence": rules.why_not_remove_evidence(by, evidence),
    }
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    assert {deed for deed, reason in given.items() if not reason} == set(given) & set(named.deeds if named else ())


def test_answer_keeps_each_revision_and_shows_what_changed(cycle: Cycle, contact: User) -> None:
    draft(cycle, contact, "La Région veut ouvrir ses décisions.")
    answer = draft(cycle, contact, "La Région veut ouvrir ses comptes.", on_revision=1)
    last, first = queries.revision_lines(answer)
    assert [(one.number, one.by) for one in (last, first)] == [(2, contact.name), (1, contact.name)]
    ((lang, pieces),) = last.changes
    assert lang == "fr"
    assert [(one.kind, one.words.strip()) for one in pieces] == [
        ("kept", "La Région veut ouvrir ses"),
        ("removed", "décisions."),
        ("added", "comptes."),
    ]


def test_same_save_twice_is_one_revision_and_one_line(cycle: Cycle, contact: User) -> None:
    first = draft(cycle, contact)
    assert draft(cycle, contact) == first
    assert (AnswerRevision.objects.count(), JournalLine.objects.filter(verb="draft_answer").count()) == (1, 1)


@pytest.mark.usefixtures("english")
def test_second_writer_is_refused_and_nothing_is_lost(cycle: Cycle, contact: User) -> None:
    draft(cycle, contact, "La première version.")
    with pytest.raises(Refused, match="Someone else saved"):
        draft(cycle, contact, "La seconde version.")
    assert Answer.objects.get().text["fr"]["text"] == "La première version."


def test_second_writer_sees_both_texts_and_saves_the_two_joined(
    client: Client, member: Member, cycle: Cycle, contact: User
) -> None:
    client.force_login(contact)
    url = address("answer", "ici", "conditions", "added-value")
    draft(cycle, contact, "Texte de la collègue.")
    typed = {"text_fr": "Mon propre texte.", "state": "partial", "revision": "0"}
    shown = client.post(url, typed).content.decode()
    assert "Texte de la collègue." in shown
    assert "Mon propre texte." in shown
    assert "<del>" in shown
    assert 'name="revision" value="1"' in shown
    joined = typed | {"text_fr": "Texte de la collègue. Mon propre texte.", "revision": "1"}
    assert client.post(url, joined).status_code == 302
    assert Answer.objects.get().revision == 2


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"question": "no-such"}, "not asked"),
        ({"question": "../x"}, "not asked"),
        ({"state": "perfect"}, "how ready"),
        ({"words": {}, "state": "ready"}, "Write the answer"),
        ({"words": {"fr": "x" * 20_001}}, "20 000"),
    ],
)
@pytest.mark.usefixtures("english")
def test_answer_that_cannot_be_is_refused_with_what_to_do(
    cycle: Cycle, contact: User, said: dict[str, Any], why: str
) -> None:
    given: dict[str, Any] = {"question": "added-value", "words": {"fr": "x"}, "gaps": {}, "state": "partial"}
    with pytest.raises(Refused, match=why):
        actions.draft_answer(cycle, on_revision=0, by=contact, at=AT, **(given | said))


@pytest.mark.usefixtures("english")
def test_answers_of_a_frozen_dossier_no_longer_change_and_the_conditions_do(
    member: Member, cycle: Cycle, contact: User
) -> None:
    call = CallFactory(member=member)
    with pytest.raises(Refused, match="No dossier"):
        draft(cycle, contact, question="why-join", call=call)
    dossier = DossierFactory(cycle=cycle, call=call)
    draft(cycle, contact, question="why-join", call=call)
    frozen(dossier)
    with pytest.raises(Refused, match="frozen"):
        draft(cycle, contact, "Autre", question="why-join", call=call, on_revision=1)
    assert draft(cycle, contact).revision == 1


def test_ready_answer_without_evidence_warns(member: Member, cycle: Cycle) -> None:
    answer = AnswerFactory(cycle=cycle)
    line = next(one for one in queries.condition_lines(member, cycle) if one.condition.code == "added-value")
    assert len(line.warnings) == 1
    EvidenceFactory(answer=answer)
    line = next(one for one in queries.condition_lines(member, cycle) if one.condition.code == "added-value")
    assert line.warnings == ()


@pytest.mark.parametrize(("before", "warned"), [(dt.timedelta(days=30), 0), (dt.timedelta(days=1200), 1), (None, 1)])
def test_experience_asks_for_evidence_of_the_last_three_years(
    member: Member, cycle: Cycle, before: dt.timedelta | None, warned: int
) -> None:
    answer = AnswerFactory(cycle=cycle, question="experience")
    EvidenceFactory(answer=answer, dated_on=before and timezone.localdate() - before)
    line = next(one for one in queries.condition_lines(member, cycle) if one.condition.recent)
    assert (line.condition.code, len(line.warnings)) == ("experience", warned)


def test_evidence_is_a_file_or_an_address_once(client: Client, member: Member, cycle: Cycle, contact: User) -> None:
    client.force_login(contact)
    url = address("add_evidence", "ici", "conditions", "experience")
    said = {"title_fr": "Preuve", "title_ar": "دليل", "dated_on": "2026-01-05"}
    assert client.post(url, said).status_code == 200
    assert client.post(url, said | {"url": "javascript:alert(1)"}).status_code == 200
    both = said | {"url": "https://example.org/", "file": SimpleUploadedFile("a.pdf", PDF)}
    assert client.post(url, both).status_code == 200
    assert client.post(url, said | {"file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 302
    assert client.post(url, said | {"file": SimpleUploadedFile("b.pdf", PDF)}).status_code == 200
    assert client.post(url, said | {"file": SimpleUploadedFile("a.html", b"<script>")}).status_code == 200
    one = AnswerEvidence.objects.get()
    assert (one.answer.question, one.answer.revision, one.dated_on) == ("experience", 0, dt.date(2026, 1, 5))
    assert client.get(address("answer_evidence", "ici", one.uid)).getvalue().startswith(b"%PDF")
    client.logout()
    assert client.get(address("answer_evidence", "ici", one.uid)).status_code == 302
    client.force_login(contact)
    assert client.post(address("remove_evidence", "ici", one.uid)).status_code == 302
    assert not AnswerEvidence.objects.exists()


def test_words_of_the_record_are_proposed_and_inserted_unsaved(
    client: Client, member: Member, cycle: Cycle, contact: User
) -> None:
    ContactFactory(member=member, name="Personne inventée")
    DeliberationFactory(cycle=cycle)
    VerdictFactory(cycle=cycle)
    kinds = ("point-of-contact", "meetings", "deliberation", "verdicts")
    assert [one.key for one in queries.blocks_for(member, cycle, kinds)] == [
        "point-of-contact",
        "deliberation",
        "verdicts",
    ]
    client.force_login(contact)
    url = address("answer", "ici", "conditions", "capacity")
    typed = {"text_fr": "Début.", "state": "partial", "revision": "0", "insert": "point-of-contact"}
    shown = client.post(url, typed).content.decode()
    assert "Début." in shown
    assert "Personne inventée" in shown
    assert not Answer.objects.exists()


def test_hostile_words_are_shown_as_words(client: Client, member: Member, cycle: Cycle, contact: User) -> None:
    draft(cycle, contact, "<script>alert(1)</script>")
    client.force_login(contact)
    for name in ("answer", "answer_history"):
        shown = client.get(address(name, "ici", "conditions", "added-value")).content.decode()
        assert "<script>alert" not in shown


def test_pages_of_answers_open_to_those_who_draft_and_to_their_member_alone(
    client: Client, member: Member, cycle: Cycle
) -> None:
    elsewhere = MemberFactory(slug="ailleurs")
    call = CallFactory(member=member)
    evidence = EvidenceFactory(answer__cycle=cycle)
    candidacy(elsewhere)
    assert client.get(address("admissibility", "ici")).status_code == 302
    client.force_login(UserFactory(role="moderator", at=member))
    assert client.get(address("admissibility", "ici")).status_code == 403
    client.force_login(UserFactory(role="point-of-contact", at=elsewhere))
    assert client.get(address("admissibility", "ici")).status_code == 403
    assert client.get(address("answer", "ailleurs", call.uid, "why-join")).status_code == 404
    assert client.get(address("answer_evidence", "ailleurs", evidence.uid)).status_code == 404
    assert client.post(address("remove_evidence", "ailleurs", evidence.uid)).status_code == 404


def test_list_of_conditions_asks_the_same_however_many_answers(member: Member, cycle: Cycle) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            queries.condition_lines(member, cycle)
        return len(asked)

    EvidenceFactory(answer__cycle=cycle)
    one = count()
    for condition in queries.conditions(queries.book_for(member, cycle)):
        if condition.code != "added-value":
            answer = AnswerFactory(cycle=cycle, question=condition.code)
            EvidenceFactory.create_batch(3, answer=answer)
    assert count() == one
