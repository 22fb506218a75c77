"""The control of a decision: sent, received, its visa granted, refused then voted again, or tacit; its publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from freezegun import freeze_time

from openregion.core.refusal import Refused
from openregion.cycle import actions, queries, rules
from openregion.cycle.models import Deliberation, Letter, Proof, Proposal
from openregion.cycle.queries import council_steps as steps
from openregion.cycle.rules.visas import VISA_MOVES
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine, SearchEntry
from tests.factories.council import NOW, ProposalFactory, a_council, a_session, frozen, on_agenda, secretary, voted
from tests.factories.cycle import CycleFactory
from tests.factories.people import MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("D8"), pytest.mark.row("B2")]
ROLES = (
    "administrator",
    "president",
    "council-secretary",
    "point-of-contact",
    "coordinator",
    "wali-services",
    "monitor",
)
SENT, RECEIVED = dt.date(2026, 10, 6), dt.date(2026, 10, 7)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with freeze_time("2026-11-23 10:00:00"):
        yield


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return secretary(member)


@pytest.fixture
def vote(member: Member, by: User) -> Deliberation:
    return voted(ProposalFactory(cycle=CycleFactory(member=member), subject="plan", wants_visa=True), by=by)


def sent(vote: Deliberation, by: User, *, received: bool = True, asks_visa: bool = True) -> Deliberation:
    actions.send_for_control(vote, sent_on=SENT, asks_visa=asks_visa, by=by, at=NOW)
    if received:
        actions.record_receipt(vote, received_on=RECEIVED, by=by, at=NOW)
    return vote


def at(name: str, vote: Deliberation) -> str:
    return reverse(name, args=["ici", vote.uid])


def signed_in(by: User) -> Client:
    client = Client()
    client.force_login(by)
    return client


@pytest.mark.parametrize("visa", Deliberation.Visa.values)
@pytest.mark.parametrize("role", [*ROLES, ""])
def test_control_is_recorded_by_those_the_guide_names_in_the_states_that_allow_it(
    member: Member, vote: Deliberation, role: str, visa: str
) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    visa_on = dt.date(2026, 10, 20) if visa in ("granted", "refused", "tacit") else None
    Deliberation.objects.update(visa=visa, visa_on=visa_on)
    vote.refresh_from_db()
    given = {
        "send_for_control": rules.why_not_send_for_control(by, vote, sent_on=SENT),
        "record_visa": rules.why_not_record_visa(by, vote, visa="granted", visa_on=dt.date(2026, 10, 20)),
        "publish_deliberation": rules.why_not_publish_deliberation(by, vote),
    }
    Deliberation.objects.update(sent_on=SENT)
    vote.refresh_from_db()
    given["record_receipt"] = rules.why_not_record_receipt(by, vote, received_on=RECEIVED)
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    possible = {*VISA_MOVES[Deliberation.Visa(visa)], "publish_deliberation"}
    assert {deed for deed, reason in given.items() if not reason} == possible & set(named.deeds if named else ())


def test_decision_is_sent_once_with_its_letter(vote: Deliberation, by: User) -> None:
    sent(vote, by, received=False)
    letter = Letter.objects.get(kind="deliberation-transmission")
    assert (letter.subject_uid, "12/2026" in letter.text["fr"]["text"]) == (vote.uid, True)
    assert "40 " in letter.text["fr"]["text"]
    assert vote.visa == "awaited"
    assert Proof.objects.filter(operation__code="submit-to-control-authority", deed="send_for_control").count() == 1
    with pytest.raises(Refused):
        sent(vote, by, received=False)


@pytest.mark.parametrize(
    ("asks", "decision", "visa"),
    [(True, "adopted", "awaited"), (False, "adopted", "not-asked"), (True, "rejected", "not-asked")],
)
def test_visa_is_asked_for_what_was_adopted_and_as_the_region_chooses(
    member: Member, by: User, asks: bool, decision: str, visa: str
) -> None:
    one = voted(ProposalFactory(cycle=CycleFactory(member=member)), by=by, decision=decision)
    assert sent(one, by, received=False, asks_visa=asks).visa == visa


def test_postponed_decision_is_not_sent(member: Member, by: User) -> None:
    one = voted(ProposalFactory(cycle=CycleFactory(member=member)), by=by, decision="postponed")
    with pytest.raises(Refused):
        sent(one, by)


def test_services_of_the_wali_acknowledge_receipt_from_their_page(vote: Deliberation, member: Member, by: User) -> None:
    wali = signed_in(UserFactory(role="wali-services", at=member))
    path = at("record_receipt", vote)
    assert wali.get(at("deliberation", vote)).status_code == 200
    assert wali.post(path, {"received_on": "2026-10-07"}).status_code == 200  # nothing was sent yet
    sent(vote, by, received=False)
    assert wali.post(path, {"received_on": "2026-10-05"}).status_code == 200  # before it was sent
    assert wali.post(path, {"received_on": "2026-10-07"}).status_code == 302
    assert wali.post(path, {"received_on": "2026-10-07"}).status_code == 200
    assert wali.get(at("record_visa", vote)).status_code == 403
    vote.refresh_from_db()
    assert vote.received_on == RECEIVED


@pytest.mark.row("O-1")
def test_delays_run_from_the_receipt(vote: Deliberation, by: User) -> None:
    sent(vote, by)
    # Received on Wednesday 7 October 2026: three working days end on Monday the 12th, twenty days on the 27th.
    assert steps.opposition_due(vote).day == dt.date(2026, 10, 12)
    assert steps.visa_due(vote).day == dt.date(2026, 10, 27)


def test_refusal_has_its_reasons(vote: Deliberation, by: User) -> None:
    sent(vote, by)
    said: dict[str, Any] = {"visa": "refused", "visa_on": dt.date(2026, 10, 20), "by": by, "at": NOW}
    with pytest.raises(Refused):
        actions.record_visa(vote, **said)
    actions.record_visa(vote, **said, reasons=words("Budget à préciser"))
    with pytest.raises(Refused):
        actions.record_visa(vote, visa="granted", visa_on=dt.date(2026, 10, 21), by=by, at=NOW)
    actions.publish_deliberation(vote, by=by, at=NOW)
    assert "Budget à préciser" in Client().get(at("deliberation", vote)).content.decode()


def test_refused_visa_then_granted_on_the_new_vote(vote: Deliberation, member: Member, by: User) -> None:
    sent(vote, by)
    reasons = words("Budget à préciser")
    actions.record_visa(vote, visa="refused", visa_on=dt.date(2026, 10, 20), reasons=reasons, by=by, at=NOW)
    due = {line.deed for line in queries.due_council(member, dt.date(2026, 11, 23))}
    assert "open_proposal" in due
    client, cycle = signed_in(by), vote.cycle
    path = reverse("new_proposal", args=["ici", cycle.kind, cycle.number]) + f"?after={vote.proposal.number}"
    form = client.get(path).context["form"]
    assert form.initial["title_fr"] == vote.proposal.title["fr"]["text"]
    answer = {"subject": "plan", "council": a_council(member).uid, "wants_visa": "on", "report_fr": "Budget précisé"}
    answer |= {"title_fr": form.initial["title_fr"], "decision_text_fr": "Le Conseil adopte"}
    assert client.post(path, answer).status_code == 302
    again = Proposal.objects.latest("pk")
    session = a_session(member, on=dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC))
    on_agenda(again, session, by=by)
    frozen(again, by=by, at=dt.datetime(2026, 10, 25, tzinfo=dt.UTC))
    second = voted(again, by=by, number="20/2026", dated_on=dt.date(2026, 11, 2), replaces=vote)
    actions.send_for_control(second, sent_on=dt.date(2026, 11, 3), asks_visa=True, by=by, at=NOW)
    actions.record_visa(second, visa="granted", visa_on=dt.date(2026, 11, 10), by=by, at=NOW)
    assert (second.replaces, second.visa) == (vote, "granted")
    for one in (vote, second):
        actions.publish_deliberation(one, by=by, at=NOW)
    first_page, second_page = (Client().get(at("deliberation", one)).content.decode() for one in (vote, second))
    assert (at("deliberation", second) in first_page, at("deliberation", vote) in second_page) == (True, True)
    assert "open_proposal" not in {line.deed for line in queries.due_council(member, dt.date(2026, 11, 23))}


def test_vote_replaces_only_what_was_refused(vote: Deliberation, member: Member, by: User) -> None:
    other = ProposalFactory(cycle=vote.cycle, subject="plan")
    with pytest.raises(Refused):
        voted(other, by=by, number="21/2026", replaces=vote)


@pytest.mark.row("O-1")
@pytest.mark.parametrize(
    ("day", "confirmed", "reasons", "refused"),
    [
        (dt.date(2026, 10, 26), False, {}, True),
        (dt.date(2026, 10, 27), False, {}, True),
        (dt.date(2026, 10, 28), False, {}, False),
        (dt.date(2026, 10, 27), True, {}, True),
        (dt.date(2026, 10, 27), False, words("Délai plus court"), True),
        (dt.date(2026, 10, 27), True, words("Délai plus court"), False),
    ],
)
def test_tacit_visa_waits_for_its_day_unless_a_person_explains(
    vote: Deliberation, by: User, day: dt.date, confirmed: bool, reasons: dict[str, Any], refused: bool
) -> None:
    sent(vote, by)
    said: dict[str, Any] = {"visa": "tacit", "visa_on": day, "reasons": reasons, "confirmed": confirmed}
    if refused:
        with override("en"), pytest.raises(Refused, match="from 28 October 2026"):
            actions.record_visa(vote, **said, by=by, at=NOW)
    else:
        actions.record_visa(vote, **said, by=by, at=NOW)
    vote.refresh_from_db()
    assert vote.visa == ("awaited" if refused else "tacit")


def test_tacit_visa_needs_a_receipt(vote: Deliberation, by: User) -> None:
    sent(vote, by, received=False)
    with override("en"), pytest.raises(Refused, match="receipt"):
        actions.record_visa(vote, visa="tacit", visa_on=dt.date(2026, 11, 20), by=by, at=NOW)


def test_tacit_visa_is_never_recorded_by_itself(vote: Deliberation, member: Member, by: User) -> None:
    sent(vote, by)
    with override("en"):
        before = {line.deed: line for line in queries.due_council(member, dt.date(2026, 10, 27))}
        after = {line.deed: line for line in queries.due_council(member, dt.date(2026, 10, 28))}
    assert before["record_visa"].state(dt.date(2026, 10, 27)) == "waiting"
    assert after["record_visa"].state(dt.date(2026, 10, 28)) == "soon"
    assert after["record_visa"].state(dt.date(2026, 10, 29)) == "late"
    assert "tacit" in after["record_visa"].act
    vote.refresh_from_db()
    assert vote.visa == "awaited"


def test_sending_is_due_with_the_minutes(vote: Deliberation, member: Member) -> None:
    lines = {line.deed: line for line in queries.due_council(member, dt.date(2026, 10, 6))}
    # Eight working days after the session closed on Monday 5 October 2026.
    assert lines["send_for_control"].day == dt.date(2026, 10, 15)


def test_visa_is_recorded_from_its_page_with_its_file(vote: Deliberation, by: User) -> None:
    client = signed_in(by)
    assert client.post(at("send_for_control", vote), {"sent_on": "2026-10-06", "asks_visa": "on"}).status_code == 302
    assert client.post(at("record_receipt", vote), {"received_on": "2026-10-07"}).status_code == 302
    path = at("record_visa", vote)
    assert client.get(path).status_code == 200
    with freeze_time("2026-10-20"):
        early = client.post(path, {"visa": "tacit", "visa_on": "2026-10-20"})
        assert (early.status_code, "confirmed" in early.context["form"].fields) == (200, True)
    answer = {"visa": "granted", "visa_on": "2026-10-20", "file": SimpleUploadedFile("visa.pdf", PDF)}
    assert client.post(path, answer).status_code == 302
    assert client.post(path, answer | {"file": SimpleUploadedFile("visa.pdf", PDF)}).status_code == 200
    assert Client().get(at("visa_file", vote)).status_code == 403
    assert client.post(at("publish_deliberation", vote)).status_code == 302
    assert Client().get(at("visa_file", vote)).getvalue() == PDF


def test_deliberation_is_read_by_everyone_once_published(vote: Deliberation, by: User) -> None:
    assert Client().get(at("deliberation", vote)).status_code == 403
    assert vote.uid not in Client().get(reverse("deliberations", args=["ici"])).content.decode()
    actions.publish_deliberation(vote, by=by, at=NOW)
    with pytest.raises(Refused):
        actions.publish_deliberation(vote, by=by, at=NOW)
    page = Client().get(at("deliberation", vote)).content.decode()
    assert (vote.frozen.sha256 in page, vote.proposal.frozen.sha256 in page) == (True, True)
    assert vote.uid in Client().get(reverse("deliberations", args=["ici"])).content.decode()
    entries = SearchEntry.objects.filter(kind="deliberation", subject_uid=vote.uid)
    assert set(entries.values_list("lang", flat=True)) == {"fr", "ar", "en"}
    told = {found["path"] for found in queries.findable_deliberations(vote.cycle.member)}
    assert told == set(entries.values_list("path", flat=True))


def test_names_stay_out_of_the_journal(vote: Deliberation, by: User) -> None:
    sent(vote, by)
    facts = " ".join(str(line.facts) for line in JournalLine.objects.all())
    assert (by.name in facts, by.email in facts) == (False, False)


def test_journal_gives_no_number_before_the_decision_is_published(vote: Deliberation, by: User) -> None:
    sent(vote, by)
    actions.record_visa(vote, visa="granted", visa_on=dt.date(2026, 10, 20), by=by, at=NOW)
    verbs = ("send_for_control", "record_receipt", "record_visa")
    lines = list(JournalLine.objects.filter(verb__in=verbs).order_by("pk"))
    told_of = [(line.verb, line.facts["file"]) for line in lines]
    assert told_of == [(verb, vote.proposal.number) for verb in verbs]
    assert [one for one in lines if vote.act.number in str(one.facts) or "dated_on" in one.facts] == []
    with override("en"):
        told = [
            render_to_string(f"cycle/journal/{line.verb}.html", {"facts": line.facts, "when": line.at})
            for line in lines
        ]
    assert [f"file {vote.proposal.number} (" in one for one in told] == [True] * 3
    actions.publish_deliberation(vote, by=by, at=NOW)
    assert JournalLine.objects.get(verb="publish_deliberation").facts["number"] == vote.act.number


def test_journal_names_a_published_decision_by_its_number(vote: Deliberation, by: User) -> None:
    actions.publish_deliberation(vote, by=by, at=NOW)
    sent(vote, by, received=False)
    assert JournalLine.objects.get(verb="send_for_control").facts["number"] == vote.act.number
