"""The dossier: opened, supported, frozen, sent, answered; what it lacks; its papers and its archive."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import threading
import zipfile
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult

from openregion.admission import actions, exports, queries, rules
from openregion.admission.actions import dossier as dossier_deeds
from openregion.admission.models import Answer, Dossier, StatusEvent, SupportLetter
from openregion.admission.tasks import print_dossier
from openregion.core.refusal import Refused
from openregion.cycle import actions as cycle_actions
from openregion.cycle.actions import steps
from openregion.cycle.models import Cycle, Letter, Proof
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.factories.admission import (
    PDF,
    QUESTIONS,
    AnswerFactory,
    CallFactory,
    DossierFactory,
    StatusFactory,
    SupportFactory,
    a_file,
    candidacy,
    complete,
    frozen,
    sent,
)
from tests.factories.council import NOW, ProposalFactory, secretary, voted
from tests.factories.letters import letter
from tests.factories.people import AT, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("B3")]
ROLES = (
    "administrator",
    "president",
    "council-secretary",
    "point-of-contact",
    "coordinator",
    "team-member",
    "unit-head",
    "moderator",
)
DEEDS = ("add_support", "sign_support", "freeze_dossier", "submit_dossier", "record_ogp_answer")


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def cycle(member: Member) -> Cycle:
    return candidacy(member)


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def in_state(cycle: Cycle, state: str) -> Dossier:
    """Bring a dossier to a state."""
    dossier = complete(cycle)
    if state == "draft":
        return dossier
    if state == "frozen":
        return frozen(dossier)
    sent(dossier)
    if state != "submitted":
        dossier.state, dossier.answered_on = state, timezone.localdate()
        dossier.save()
    return dossier


def why_not(by: User, dossier: Dossier, deed: str) -> str:
    letter, scan = dossier.support.first(), a_file(dossier.cycle.member, 9)
    assert letter is not None
    now, today = timezone.now(), timezone.localdate()
    return {
        "add_support": lambda: rules.why_not_add_support(by, dossier, signer="other", name="Nom", organisation=""),
        "sign_support": lambda: rules.why_not_sign_support(by, letter, scan=scan, signed_on=today),
        "freeze_dossier": lambda: rules.why_not_freeze_dossier(by, dossier, seen=True),
        "submit_dossier": lambda: rules.why_not_submit_dossier(
            by, dossier, at_instant=now, channel="email", proof=scan
        ),
        "record_ogp_answer": lambda: rules.why_not_record_ogp_answer(
            by, dossier, answer="admitted", on=today, text=words("Oui"), file=None
        ),
    }[deed]()


@pytest.mark.parametrize("state", [str(state) for state in Dossier.State])
def test_each_deed_moves_the_dossier_from_its_own_states_only(cycle: Cycle, contact: User, state: str) -> None:
    dossier = in_state(cycle, state)
    moved = {deed for deed in DEEDS if not why_not(contact, dossier, deed)}
    assert moved == set(rules.MOVES[Dossier.State(state)])


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_dossier_is_moved_by_those_the_guide_names(member: Member, cycle: Cycle, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    mine = set(named.deeds) if named else set()
    for state, moves in rules.MOVES.items():
        Dossier.objects.all().delete()
        Cycle.objects.filter(pk=cycle.pk).update(number=cycle.number)
        SupportLetter.objects.all().delete()
        dossier = in_state(candidacy(member), str(state))
        assert {deed for deed in DEEDS if not why_not(by, dossier, deed)} == mine & set(moves), state
    opened = not rules.why_not_open_dossier(by, candidacy(member), call=None)
    assert opened == ("open_dossier" in mine)


@pytest.mark.usefixtures("english")
def test_dossier_opens_on_the_working_form_which_says_so_and_is_never_sent(
    member: Member, cycle: Cycle, contact: User
) -> None:
    dossier = actions.open_dossier(cycle, by=contact, at=AT)
    codes = [one.code for one in guides.guide(member.guide_version).book.admissibility]
    assert (dossier.number, dossier.call.working, [one["code"] for one in dossier.call.questions]) == (1, True, codes)
    assert "pas celui de l'OGP" in dossier.call.title["fr"]["text"]
    for code in codes:
        AnswerFactory(cycle=cycle, question=code)
    actions.freeze_dossier(dossier, by=contact, at=AT, seen=True)
    with pytest.raises(Refused, match="working form"):
        actions.submit_dossier(
            dossier, at_instant=timezone.now(), channel="email", proof=a_file(member), by=contact, at=AT
        )


@pytest.mark.usefixtures("english")
def test_dossier_is_opened_once_and_follows_the_call_when_one_opens(
    member: Member, cycle: Cycle, contact: User
) -> None:
    first = actions.open_dossier(cycle, by=contact, at=AT)
    SupportFactory(dossier=first, signed=True)
    with pytest.raises(Refused, match="already"):
        actions.open_dossier(cycle, by=contact, at=AT)
    call = CallFactory(member=member)
    second = actions.open_dossier(cycle, call=call, by=contact, at=AT)
    assert (second.number, second.replaces, second.support.count()) == (2, first, 1)
    assert first.support.count() == 1
    with pytest.raises(Refused, match="replaces"):
        actions.freeze_dossier(first, by=contact, at=AT, seen=True)


def test_dossier_answers_no_call_of_another_member(cycle: Cycle, contact: User) -> None:
    with pytest.raises(Refused):
        actions.open_dossier(cycle, call=CallFactory(), by=contact, at=AT)


@pytest.mark.usefixtures("english")
@pytest.mark.row("C0")
def test_member_has_no_dossier_to_send(member: Member, cycle: Cycle, contact: User) -> None:
    StatusFactory(member=member)
    with pytest.raises(Refused, match="member already"):
        actions.open_dossier(cycle, by=contact, at=AT)


def test_answers_begin_from_the_conditions_and_are_counted_in_the_calls_language(member: Member, cycle: Cycle) -> None:
    long = "One two three four five six seven eight nine ten eleven twelve."
    AnswerFactory(cycle=cycle, text=words("Une réponse.", en=long))
    why, who = queries.asked_lines(DossierFactory(cycle=cycle), member)
    assert (why.drawn, why.length, why.over, why.unit, why.lang) == (True, 12, 2, "words", "en")
    assert (who.drawn, who.length, who.limit, who.text) == (False, 0, 500, {})


@pytest.mark.parametrize(
    ("text", "unit", "length"),
    [("", "words", 0), ("  a  b ", "words", 2), ("a\r\nb", "characters", 3), (" é\u0301 ", "characters", 2)],
)
def test_lengths_are_counted_as_a_form_does(text: str, unit: str, length: int) -> None:
    assert queries.length_of(text, unit) == length


def test_completeness_says_each_thing_lacking_with_its_page(member: Member, cycle: Cycle) -> None:
    dossier = DossierFactory(cycle=cycle)
    found = queries.lacking(dossier, queries.asked_lines(dossier, member))
    assert [one.blocks for one in found] == [True, *[False] * (len(found) - 1)]
    assert len(found) == 6  # an answer, two letters, the deliberation, the contact, the verdicts
    assert all(one.url for one in found)
    whole = complete(candidacy(member))
    assert queries.lacking(whole, queries.asked_lines(whole, member)) == ()


def test_answer_in_another_language_than_the_calls_is_lacking(member: Member, cycle: Cycle) -> None:
    dossier = DossierFactory(cycle=cycle)
    AnswerFactory(cycle=cycle, text=words("Une réponse."))
    with override("en"):
        first = queries.lacking(dossier, queries.asked_lines(dossier, member))[0]
    assert first.blocks
    assert "English" in first.label


@pytest.mark.usefixtures("english")
def test_freezing_asks_to_have_read_what_is_lacking_and_refuses_without_an_answer(cycle: Cycle, contact: User) -> None:
    dossier = DossierFactory(cycle=cycle)
    with pytest.raises(Refused, match="no answer"):
        actions.freeze_dossier(dossier, by=contact, at=AT, seen=True)
    AnswerFactory(cycle=cycle)
    with pytest.raises(Refused, match="lacks"):
        actions.freeze_dossier(dossier, by=contact, at=AT)
    done = actions.freeze_dossier(dossier, by=contact, at=AT, seen=True)
    assert (done.state, done.frozen is not None) == ("frozen", True)
    with pytest.raises(Refused):
        actions.freeze_dossier(dossier, by=contact, at=AT, seen=True)


def test_frozen_dossier_states_what_is_meant_for_everyone_and_nothing_else(
    member: Member, cycle: Cycle, contact: User
) -> None:
    dossier = complete(cycle)
    SupportFactory(dossier=dossier, outside=True, name="PAS-ENCORE-SIGNÉ", organisation="PAS-ENCORE")
    Answer.objects.update(gaps=words("LACUNE-PRIVÉE"))
    done = actions.freeze_dossier(dossier, by=contact, at=AT, seen=True)
    assert done.frozen is not None
    stated = json.loads(done.frozen.content)
    assert [one["code"] for one in stated["answers"]] == [one["code"] for one in QUESTIONS]
    assert stated["answers"][0]["text"]["en"] == "An invented answer."
    assert len(stated["support"]) == 2
    assert len(stated["eligibility"]) == 8
    assert stated["point_of_contact"]["email"] == "point.focal@example.ma"
    for private in ("+212 500 000 000", "PAS-ENCORE", "LACUNE-PRIVÉE", contact.email, contact.reference):
        assert private not in done.frozen.content
    Answer.objects.update(text=words("Autre chose"))
    assert json.loads(Dossier.objects.get(pk=done.pk).frozen.content) == stated  # type: ignore[union-attr]


@pytest.mark.usefixtures("english")
def test_letters_of_support_are_drafted_signed_and_a_wrong_scan_replaced(
    member: Member, cycle: Cycle, contact: User
) -> None:
    dossier = DossierFactory(cycle=cycle)
    said: dict[str, Any] = {"name": "Personne inventée", "title": "Présidente", "by": contact, "at": AT}
    head = actions.add_support(dossier, signer="head", organisation="", **said)
    assert head.letter is not None
    assert (head.letter.kind, head.letter.subject_uid) == ("support-head", head.uid)
    with pytest.raises(Refused, match="organisation"):
        actions.add_support(dossier, signer="non-government", organisation=" ", **said)
    outside = actions.add_support(dossier, signer="non-government", organisation="Association inventée", **said)
    assert outside.letter is not None
    assert "Association inventée" in outside.letter.text["fr"]["text"]
    with pytest.raises(Refused, match="already"):
        actions.add_support(dossier, signer="head", organisation="", **said)
    other = actions.add_support(dossier, signer="other", organisation="", **said)
    assert (other.letter, Letter.objects.count()) == (None, 2)
    day = dt.date(2026, 1, 5)
    actions.sign_support(head, scan=a_file(member, 1), signed_on=day, by=contact, at=AT)
    with pytest.raises(Refused, match="already"):
        actions.sign_support(head, scan=a_file(member, 1), signed_on=day, by=contact, at=AT)
    again = a_file(member, 2)
    assert actions.sign_support(head, scan=again, signed_on=day, by=contact, at=AT).scan == again


@pytest.mark.usefixtures("english")
@pytest.mark.row("C0")
def test_sending_and_ogps_answer_move_the_members_state_and_prove_the_operation(
    member: Member, cycle: Cycle, contact: User
) -> None:
    dossier = frozen(complete(cycle))
    now = timezone.now()
    said: dict[str, Any] = {"channel": "online-form", "proof": a_file(member, 5), "by": contact, "at": now}
    with pytest.raises(Refused, match="future"):
        actions.submit_dossier(dossier, at_instant=now + dt.timedelta(hours=1), **said)
    with pytest.raises(Refused, match="frozen after"):
        actions.submit_dossier(dossier, at_instant=AT - dt.timedelta(days=1), **said)
    with pytest.raises(Refused, match="proof"):
        actions.submit_dossier(dossier, at_instant=now, **(said | {"proof": None}))
    actions.submit_dossier(dossier, at_instant=now, **said)
    assert queries.status_of(member).state == "submitted"
    proved = Proof.objects.filter(deed="submit_dossier", subject_uid=dossier.uid)
    assert set(proved.values_list("operation__code", flat=True)) == {"submit-expression-of-interest"}
    with pytest.raises(Refused, match="sent already"):
        actions.submit_dossier(dossier, at_instant=now, **said)
    today = timezone.localdate()
    answer: dict[str, Any] = {"text": words("Non."), "by": contact, "at": now}
    with pytest.raises(Refused, match="before"):
        actions.record_ogp_answer(dossier, answer="refused", on=today - dt.timedelta(days=3), **answer)
    with pytest.raises(Refused, match="whether"):
        actions.record_ogp_answer(dossier, answer="draft", on=today, **answer)
    actions.record_ogp_answer(dossier, answer="refused", on=today, **answer)
    assert (queries.status_of(member).state, StatusEvent.objects.count()) == ("refused", 2)
    with pytest.raises(Refused, match="recorded already"):
        actions.record_ogp_answer(dossier, answer="admitted", on=today, **answer)
    following = actions.open_dossier(cycle, call=dossier.call, by=contact, at=AT)
    assert (following.replaces, following.support.count()) == (dossier, 0)
    sent(following)
    actions.record_ogp_answer(following, answer="admitted", on=today, **answer)
    assert queries.status_of(member).belongs
    parents = JournalLine.objects.filter(verb="record_status").exclude(parent=None).count()
    assert parents == 3


def test_late_dossier_is_recorded_and_said(member: Member, cycle: Cycle, contact: User) -> None:
    dossier = frozen(complete(cycle, call=CallFactory(member=member, closed=True)))
    now = timezone.now()
    actions.submit_dossier(dossier, at_instant=now, channel="email", proof=a_file(member, 5), by=contact, at=now)
    assert JournalLine.objects.get(verb="submit_dossier").facts["late"] is True


def test_archive_holds_papers_annexes_data_and_a_manifest_and_is_the_same_twice(member: Member, cycle: Cycle) -> None:
    dossier = frozen(complete(cycle))
    dossier = queries.dossiers_of(member).get(pk=dossier.pk)
    exports.print_papers(dossier, at=AT)
    first = exports.packed(dossier)
    assert exports.packed(dossier) == first == exports.archive(dossier)
    with zipfile.ZipFile(io.BytesIO(first)) as pack:
        names = pack.namelist()
        manifest = json.loads(pack.read("manifest.json"))
        for one in manifest["files"]:
            content = pack.read(one["file"])
            assert (len(content), hashlib.sha256(content).hexdigest()) == (one["size"], one["sha256"])
        data = next(one for one in manifest["files"] if one["file"].endswith(".json"))
    assert dossier.frozen is not None
    assert (data["sha256"], manifest["dossier"]) == (dossier.frozen.sha256, dossier.frozen.sha256)
    assert sum(name.endswith(".pdf") and not name.startswith("annexes/") for name in names) == 3
    assert sum(name.startswith("annexes/") for name in names) == 4  # two letters, the deliberation, one file
    assert manifest["missing"] == []


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_paper_states_questions_annexes_and_that_ogp_decides(member: Member, cycle: Cycle, lang: str) -> None:
    dossier = queries.dossiers_of(member).get(pk=frozen(complete(cycle)).pk)
    paper = exports.paper_of(dossier, lang)
    text = paper.as_json()
    assert (paper.lang, paper.subtitle) == (lang, member.name.get(lang, member.name["fr"])["text"])
    for said in ("Signataire inventé", dossier.call.title[lang]["text"], "piece-2.pdf"):
        assert said in text


def test_working_form_is_labelled_on_the_paper(member: Member, cycle: Cycle) -> None:
    dossier = frozen(complete(cycle, call=CallFactory(member=member, for_work=True)))
    paper = exports.paper_of(queries.dossiers_of(member).get(pk=dossier.pk), "en")
    assert "It is not OGP's form" in paper.notice


def test_draft_is_the_teams_and_the_frozen_dossier_everyones(
    client: Client, member: Member, cycle: Cycle, contact: User
) -> None:
    dossier = complete(cycle)
    here = ["ici", cycle.number, dossier.number]
    with override("fr"):
        page, archive = reverse("dossier", args=here), reverse("dossier_archive", args=here)
        data, paper = reverse("dossier_json", args=here), reverse("dossier_paper", args=[*here, "en", "pdf"])
        proof = reverse("submission_proof", args=here)
    assert [client.get(url).status_code for url in (page, data, paper, archive)] == [403, 404, 404, 404]
    support = dossier.support.first()
    assert support is not None
    with override("fr"):
        scan = reverse("support_scan", args=["ici", support.uid])
    assert client.get(scan).status_code == 403
    client.force_login(contact)
    assert client.get(page).status_code == 200
    client.logout()
    sent(dossier)
    exports.print_papers(queries.dossiers_of(member).get(pk=dossier.pk), at=AT)
    assert [client.get(url).status_code for url in (page, data, paper, archive)] == [200] * 4
    assert client.get(scan).getvalue().startswith(b"%PDF")
    assert client.get(proof).status_code == 302
    assert client.get(paper).content[:5] == b"%PDF-"


def test_dossier_is_frozen_sent_and_answered_from_its_pages(
    client: Client, member: Member, cycle: Cycle, contact: User
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    dossier = complete(cycle)
    SupportLetter.objects.filter(signer="head").delete()
    client.force_login(contact)
    here = ["ici", cycle.number, dossier.number]
    with override("fr"):
        urls = {name: reverse(name, args=here) for name in ("freeze_dossier", "submit_dossier", "record_ogp_answer")}
    assert client.post(urls["freeze_dossier"]).status_code == 200
    assert client.post(urls["freeze_dossier"], {"seen": "on"}).status_code == 302
    now = timezone.localtime()
    given = {"sent_on": now.date().isoformat(), "sent_time": f"{now:%H:%M}", "channel": "email"}
    upload = SimpleUploadedFile("proof.pdf", PDF)
    assert client.post(urls["submit_dossier"], given | {"file": upload}).status_code == 302
    answer = {"answer": "admitted", "on": now.date().isoformat(), "text_en": "Welcome."}
    assert client.post(urls["record_ogp_answer"], answer).status_code == 302
    assert client.post(urls["record_ogp_answer"], answer).status_code == 200
    dossier.refresh_from_db()
    assert (dossier.state, dossier.answer_text["en"]["text"]) == ("admitted", "Welcome.")


def test_pages_of_a_dossier_open_for_its_member_alone(client: Client, member: Member, cycle: Cycle) -> None:
    dossier = frozen(complete(cycle))
    elsewhere = MemberFactory(slug="ailleurs")
    client.force_login(UserFactory(role="point-of-contact", at=elsewhere))
    for name in ("dossier", "freeze_dossier", "submit_dossier", "record_ogp_answer", "dossier_json", "add_support"):
        with override("fr"):
            url = reverse(name, args=["ailleurs", cycle.number, dossier.number])
        assert client.get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_support_is_added_while_others_write_in_the_same_space() -> None:
    """Whoever writes a line and then waits for the member would wait for one who waits for the line."""
    member = MemberFactory(slug="ici")
    by, dossier = UserFactory(role="point-of-contact", at=member), DossierFactory(cycle=candidacy(member))
    drafts = [letter(member, by, "press-note", subject_uid=str(n)) for n in range(8)]
    failed: list[Exception] = []

    def play(deeds: list[Any]) -> None:
        try:
            for deed in deeds:
                deed()
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    def support(n: int) -> None:
        said = {"signer": "non-government", "name": f"Signataire {n}", "title": "", "organisation": f"Association {n}"}
        actions.add_support(Dossier.objects.get(pk=dossier.pk), **said, by=by, at=AT)

    def issue(one: Letter) -> None:
        cycle_actions.issue_letter(Letter.objects.get(pk=one.pk), by=by, at=AT)

    deeds = ([partial(support, n) for n in range(8)], [partial(issue, one) for one in drafts])
    threads = [threading.Thread(target=play, args=(one,)) for one in deeds]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert (dossier.support.count(), Letter.objects.filter(state="issued").count()) == (8, 8)


def test_nothing_is_locked_once_a_line_is_written(monkeypatch: pytest.MonkeyPatch, cycle: Cycle, contact: User) -> None:
    """On any database: what a deed locks, it locks before its first line."""
    said: list[str] = []
    told = JournalLine.save
    held = steps.hold
    monkeypatch.setattr(JournalLine, "save", lambda self, *a, **k: (said.append("line"), told(self, *a, **k))[1])
    for module in (steps, cycle_actions.letters, dossier_deeds):
        monkeypatch.setattr(module, "hold", lambda one: (said.append(type(one).__name__), held(one))[1])
    dossier = DossierFactory(cycle=cycle)
    said.clear()
    actions.add_support(dossier, signer="head", name="A", title="B", organisation="", by=contact, at=AT)
    first = said.index("line")
    assert (said[:2], set(said[first:]) & {"Dossier", "SupportLetter"}) == (["Member", "Dossier"], set())
    assert set(said[first:]) == {"line"}


@pytest.mark.parametrize("lang", ["ar", "fr", "en", "zgh"])
def test_paper_not_printed_yet_says_to_come_back_and_prints_nothing(
    client: Client, member: Member, cycle: Cycle, lang: str
) -> None:
    dossier = frozen(complete(cycle))
    assert dossier.frozen is not None
    with override(lang):
        here = ["ici", cycle.number, dossier.number]
        asked = [reverse("dossier_paper", args=[*here, "fr", "pdf"]), reverse("dossier_archive", args=here)]
        unknown = reverse("dossier_paper", args=[*here, "fr", "odt"])
    for url in asked:
        answer = client.get(url)
        assert (answer.status_code, answer["Retry-After"]) == (404, "60")
        assert "dossiers/1/" in answer.content.decode()
    assert client.get(unknown).status_code == 404
    assert (dossier.frozen.renditions.count(), DBTaskResult.objects.count()) == (0, 0)


def test_freezing_has_the_papers_printed(client: Client, cycle: Cycle, contact: User) -> None:
    dossier = complete(cycle)
    client.force_login(contact)
    answer = client.post(reverse("freeze_dossier", args=["ici", cycle.number, dossier.number]), {"seen": "on"})
    assert answer.status_code == 302
    assert [one.args_kwargs["args"] for one in DBTaskResult.objects.filter(task_path=print_dossier.module_path)] == [
        [dossier.uid]
    ]


def test_annexes_are_named_by_what_they_are(cycle: Cycle, contact: User) -> None:
    dossier = frozen(complete(cycle))
    found = [one for one in queries.annexes(json.loads(dossier.frozen.content)) if one["kind"] == "support"]
    names = [one["name"] for one in found]
    assert len(set(names)) == len(names) == 2
    assert all(name.startswith("letter-of-support-") and name.endswith(".pdf") for name in names)
    assert all(one["title"]["en"].startswith("Letter of support – ") for one in found)


def test_dossier_cites_the_council_s_vote_once_it_is_published(member: Member) -> None:
    cycle = candidacy(member)
    by = secretary(member)
    vote = voted(ProposalFactory(cycle=cycle), by=by)
    assert queries.adopted_deliberation(cycle) is None
    cycle_actions.publish_deliberation(vote, by=by, at=NOW)
    assert queries.adopted_deliberation(cycle) == vote
