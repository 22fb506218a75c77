"""Pages, papers, due lines and sentences of the Council's files: who reads what, from where each deed is done."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from freezegun import freeze_time

from openregion.cycle import actions, queries
from openregion.cycle.council_exports import paper_of, print_papers
from openregion.cycle.models import Deliberation, Letter, NamedVote, Proposal
from openregion.cycle.queries import council as reading
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.factories.council import (
    NOW,
    ProposalFactory,
    ProposalPaperFactory,
    a_council,
    a_session,
    frozen,
    hold,
    on_agenda,
    secretary,
    voted,
    voters,
)
from tests.factories.cycle import CycleFactory
from tests.factories.people import BodyFactory, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("B2")]
LANGUAGES = ("ar", "zgh", "fr", "en")
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
def proposal(member: Member) -> Proposal:
    return ProposalFactory(cycle=CycleFactory(member=member, admission=True))


def address(name: str, proposal: Proposal, *more: Any, lang: str = "fr") -> str:
    cycle = proposal.cycle
    with override(lang):
        return reverse(name, args=[cycle.member.slug, cycle.kind, cycle.number, proposal.number, *more])


def signed_in(by: User) -> Client:
    client = Client()
    client.force_login(by)
    return client


# --- what everyone reads --------------------------------------------------


def test_public_reads_a_file_once_on_an_agenda_and_its_words_once_frozen(proposal: Proposal, by: User) -> None:
    paper = ProposalPaperFactory(proposal=proposal)
    path, document = address("council_file", proposal), reverse("proposal_paper", args=["ici", paper.uid])
    assert (Client().get(path).status_code, Client().get(document).status_code) == (403, 403)
    assert signed_in(by).get(path).status_code == 200
    on_agenda(proposal, by=by)
    page = Client().get(path).content.decode()
    assert ("Pourquoi adhérer." in page, Client().get(document).status_code) == (False, 403)
    frozen(proposal, by=by)
    page = Client().get(path).content.decode()
    assert ("Pourquoi adhérer." in page, proposal.frozen.sha256 in page) == (True, True)


def test_drafts_and_letters_never_reach_visitors(proposal: Proposal, by: User) -> None:
    on_agenda(proposal, by=by)
    actions.address_agenda(proposal, addressed_on=dt.date(2026, 9, 10), by=by, at=NOW)
    letter = Letter.objects.get()
    assert letter.uid in signed_in(by).get(address("council_file", proposal)).content.decode()
    assert letter.uid not in Client().get(address("council_file", proposal)).content.decode()


def test_other_member_reaches_nothing(proposal: Proposal, by: User) -> None:
    MemberFactory(slug="ailleurs")
    there = UserFactory(role="council-secretary", at=Member.objects.get(slug="ailleurs"))
    client, vote = signed_in(there), voted(proposal, by=by)
    paper = ProposalPaperFactory(proposal=proposal)
    where = ["ailleurs", proposal.cycle.kind, proposal.cycle.number]
    paths = [reverse("council_file", args=[*where, 1]), reverse("council_files", args=where)]
    paths += [reverse(name, args=["ailleurs", vote.uid]) for name in ("deliberation", "record_visa", "visa_file")]
    paths += [reverse("proposal_paper", args=["ailleurs", paper.uid])]
    assert {client.get(path).status_code for path in paths} == {404}


def test_papers_are_drawn_from_what_was_frozen(proposal: Proposal, by: User) -> None:
    one, two, three = voters(proposal.council)
    named = [(one, "for"), (two, "for"), (three, "against")]
    vote = voted(proposal, by=by, ballot="by-name", counts=None, named=named)
    Proposal.objects.update(report=words("Tout autre chose"))
    for document in (proposal.frozen, vote.frozen):
        assert print_papers(document) == 4
        assert "Tout autre chose" not in paper_of(document, "fr").as_json()
    client = signed_in(by)
    for lang in ("fr", "ar"):
        pdf = client.get(address("council_file_paper", proposal, lang, "pdf")).content
        docx = client.get(reverse("deliberation_paper", args=["ici", vote.uid, lang, "docx"])).content
        assert (pdf[:5], zipfile.is_zipfile(io.BytesIO(docx))) == (b"%PDF-", True)
    stated = client.get(reverse("deliberation_paper", args=["ici", vote.uid, "fr", "json"])).content
    assert hashlib.sha256(stated).hexdigest() == vote.frozen.sha256
    assert client.get(address("council_file_paper", proposal, "en", "pdf")).status_code == 404
    assert Client().get(reverse("deliberation_paper", args=["ici", vote.uid, "fr", "pdf"])).status_code == 403


# --- pages ----------------------------------------------------------------


def test_staff_do_each_deed_from_its_page(proposal: Proposal, member: Member, by: User) -> None:
    client, session = signed_in(by), a_session(member)
    commission = BodyFactory(authority=proposal.council.authority, kind="council-commission")
    file = SimpleUploadedFile("rapport.pdf", PDF)
    edited = {
        "subject": "adhesion", "council": proposal.council.uid, "title_fr": "Adhérer", "report_fr": "Oui",
        "decision_text_fr": "Le Conseil adhère", "wants_visa": "on",
    }  # fmt: skip
    deeds: list[tuple[str, dict[str, Any]]] = [
        ("edit_proposal", edited),
        ("new_proposal_paper", {"title_fr": "Rapport", "file": file}),
        ("place_on_agenda", {"session": session.uid}),
        ("address_agenda", {"addressed_on": "2026-09-10"}),
        ("refer_to_commission", {"commission": commission.uid, "referred_on": "2026-09-10"}),
        ("record_opinion", {"opinion": "favourable", "opinion_on": "2026-09-20", "text_fr": "D'accord"}),
    ]
    for name, sent in deeds:
        path = address(name, proposal)
        assert client.get(path).status_code == 200, name
        assert client.post(path, sent).status_code == 302, name
    with freeze_time("2026-09-25"):
        path = address("freeze_proposal", proposal)
        assert client.get(path).status_code == 200
        assert client.post(path).status_code == 302
        assert client.post(path).status_code == 200  # sent twice: refused, on the page
    hold(session)
    vote = {
        "session": session.uid, "number": "12/2026", "dated_on": "2026-10-05", "decision": "adopted",
        "votes_for": "40", "votes_against": "3", "abstained": "0", "text_fr": "Le Conseil adhère",
        "file": SimpleUploadedFile("d.pdf", PDF),
    }  # fmt: skip
    path = address("record_vote", proposal)
    assert client.get(path).status_code == 200
    answer = client.post(path, vote)
    made = Deliberation.objects.get()
    assert answer["Location"] == reverse("deliberation", args=["ici", made.uid])
    again = client.post(path, vote | {"file": SimpleUploadedFile("d.pdf", PDF)})
    assert (again.status_code, Deliberation.objects.count()) == (200, 1)
    assert made.act.file.name == "d.pdf"


def test_vote_by_name_is_recorded_from_its_page(proposal: Proposal, by: User) -> None:
    one, two, three = voters(proposal.council)
    on_agenda(proposal, by=by)
    frozen(proposal, by=by)
    hold(proposal.session)
    client, path = signed_in(by), address("record_vote", proposal) + "?ballot=by-name"
    assert client.get(path).content.decode().count(one.holder_name) == 1
    sent = {
        "session": proposal.session.uid, "number": "12/2026", "dated_on": "2026-10-05", "decision": "adopted",
        "text_fr": "Le Conseil adhère", f"vote-{one.uid}": "for", f"vote-{two.uid}": "against",
    }  # fmt: skip
    assert client.post(path, sent | {"dated_on": "jamais"}).status_code == 200
    assert client.post(path, sent).status_code == 302
    choices = dict(NamedVote.objects.values_list("mandate__uid", "choice"))
    assert choices == {one.uid: "for", two.uid: "against"}
    assert three.uid not in choices


def test_new_file_is_opened_from_its_page(member: Member, by: User) -> None:
    cycle, council = CycleFactory(member=member, admission=True), a_council(member)
    path = reverse("new_proposal", args=["ici", cycle.kind, cycle.number])
    client = signed_in(by)
    sent = {"subject": "adhesion", "council": council.uid, "title_fr": "Adhérer", "title_ar": "الانضمام"}
    assert client.post(path, sent)["Location"] == address("council_file", Proposal.objects.get())
    page = client.post(path, sent)
    assert (page.status_code, "الانضمام" in page.content.decode(), Proposal.objects.count()) == (200, True, 1)
    assert client.get(reverse("freeze_proposal", args=["ici", cycle.kind, cycle.number, 1])).context["refusal"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_of_the_council_open_in_every_language(proposal: Proposal, by: User, lang: str) -> None:
    vote = voted(proposal, by=by)
    actions.publish_deliberation(vote, by=by, at=NOW)
    cycle = proposal.cycle
    with override(lang):
        paths = [
            reverse("council_files", args=["ici", cycle.kind, cycle.number]),
            reverse("council_file", args=["ici", cycle.kind, cycle.number, 1]),
            reverse("deliberations", args=["ici"]),
            reverse("deliberation", args=["ici", vote.uid]),
        ]
    for client in (Client(), signed_in(by)):
        assert {client.get(path).status_code for path in paths} == {200}


def asked_for(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", ["council_files", "deliberations"])
def test_lists_ask_as_much_for_one_row_as_for_thirty(proposal: Proposal, by: User, name: str) -> None:
    client, cycle = signed_in(by), proposal.cycle
    more = [] if name == "deliberations" else [cycle.kind, cycle.number]
    path = reverse(name, args=["ici", *more])
    voted(proposal, by=by)
    few = asked_for(client, path)
    for number in range(5):
        voted(ProposalFactory(cycle=cycle), by=by, number=f"{20 + number}/2026")
    assert asked_for(client, path) == few


def test_due_lines_ask_as_much_for_one_file_as_for_five(proposal: Proposal, member: Member, by: User) -> None:
    def furnish(number: int) -> None:
        on_agenda(ProposalFactory(cycle=proposal.cycle), by=by)
        one = voted(ProposalFactory(cycle=proposal.cycle), by=by, number=f"{number}/2026")
        actions.send_for_control(one, sent_on=dt.date(2026, 10, 6), asks_visa=True, by=by, at=NOW)
        actions.record_receipt(one, received_on=dt.date(2026, 10, 7), by=by, at=NOW)

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as seen:
            lines = queries.due_council(Member.objects.get(slug="ici"), dt.date(2026, 11, 23))
        return len(seen), len(lines)

    furnish(40)
    few, one = asked()
    for number in range(41, 45):
        furnish(number)
    many, five = asked()
    assert (few == many, five > one) == (True, True)


def due_of(member: Member, today: dt.date) -> dict[str, Any]:
    with override("en"):
        return {line.deed: line for line in queries.due_council(member, today)}


@pytest.mark.row("O-1")
def test_due_lines_follow_a_file(proposal: Proposal, member: Member, by: User) -> None:
    today = dt.date(2026, 9, 1)
    assert set(due_of(member, today)) == {"place_on_agenda", "refer_to_commission", "freeze_proposal"}
    on_agenda(proposal, by=by)
    line = due_of(member, today)["address_agenda"]
    assert (line.day, line.state(today), "20 days before 5 October 2026" in line.why) == (
        dt.date(2026, 9, 15),
        "soon",
        True,
    )
    assert line.state(dt.date(2026, 9, 16)) == "late"
    actions.address_agenda(proposal, addressed_on=dt.date(2026, 9, 10), by=by, at=NOW)
    commission = BodyFactory(authority=proposal.council.authority, kind="council-commission")
    actions.refer_to_commission(proposal, commission=commission, referred_on=dt.date(2026, 9, 10), by=by, at=NOW)
    waiting = due_of(member, today)
    assert set(waiting) == {"record_opinion", "freeze_proposal"}
    assert waiting["record_opinion"].state(today) == "waiting"
    frozen(proposal, by=by)
    hold(proposal.session, quorum=False)
    assert "record_vote" not in due_of(member, today)
    hold(proposal.session)
    assert "record_vote" in due_of(member, today)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_deeds_of_the_council_leave_a_sentence(proposal: Proposal, member: Member, by: User, lang: str) -> None:
    whole: dict[str, Any] = {
        "subject": "adhesion",
        "council": proposal.council,
        "wants_visa": True,
        "by": by,
        "at": NOW,
    }
    texts = {"title": words("Autre"), "report": words("Pourquoi"), "decision_text": words("Décider")}
    other = actions.open_proposal(proposal.cycle, **texts, **whole)
    actions.revise_proposal(other, **texts, **whole)
    stored = ProposalPaperFactory(proposal=proposal).file
    actions.add_proposal_paper(other, title=words("Annexe"), file=stored, by=by, at=NOW)
    actions.withdraw_proposal(other, reason=words("Non"), by=by, at=NOW)
    on_agenda(proposal, by=by)
    actions.address_agenda(proposal, addressed_on=dt.date(2026, 9, 10), by=by, at=NOW)
    commission = BodyFactory(authority=proposal.council.authority, kind="council-commission")
    actions.refer_to_commission(proposal, commission=commission, referred_on=dt.date(2026, 9, 10), by=by, at=NOW)
    given: dict[str, Any] = {"opinion": "favourable", "text": {}, "opinion_on": dt.date(2026, 9, 20)}
    actions.record_opinion(proposal, **given, by=by, at=NOW)
    vote = voted(proposal, by=by)
    actions.send_for_control(vote, sent_on=dt.date(2026, 10, 6), asks_visa=True, by=by, at=NOW)
    actions.record_receipt(vote, received_on=dt.date(2026, 10, 7), by=by, at=NOW)
    actions.record_visa(vote, visa="granted", visa_on=dt.date(2026, 10, 12), by=by, at=NOW)
    actions.publish_deliberation(vote, by=by, at=NOW)
    told: dict[str, str] = {}
    with override(lang):
        for line in JournalLine.objects.filter(room="cycle"):
            said = {"facts": line.facts, "when": line.at, "member": member}
            told[line.verb] = render_to_string(f"cycle/journal/{line.verb}.html", said)
    assert {verb: sentence for verb, sentence in told.items() if len(sentence.strip()) < 20} == {}
    assert set(told) >= reading.COUNCIL_DEEDS
    assert Client().get(reverse("journal", args=["ici"])).status_code == 200
