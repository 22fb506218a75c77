"""The hand-over pack: everything of a cycle, opened without a network, and no secret inside (row O-9)."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from openregion.admission.models import Answer, AnswerEvidence, AnswerRevision
from openregion.consultation.models import Consultation
from openregion.core.refusal import Refused
from openregion.cycle.models import (
    AgendaItem,
    Announcement,
    Cycle,
    HandOver,
    Letter,
    MeetingPaper,
    Minutes,
    Proof,
)
from openregion.people.models import Member
from openregion.plan.models import Commitment
from openregion.record.actions import freeze, store_file
from openregion.record.models import JournalLine
from openregion.web import tasks
from openregion.web.actions import hand_over, make_calendar_key
from openregion.web.handover import making
from openregion.web.handover.archive import write_pack
from tests.factories import council
from tests.factories.admission import (
    AnswerFactory,
    CallFactory,
    EvidenceFactory,
    StatusFactory,
    a_file,
    candidacy,
    complete,
    sent,
)
from tests.factories.admission import ContactFactory as PointFactory
from tests.factories.chains import Chain
from tests.factories.council import ProposalFactory, ProposalPaperFactory
from tests.factories.cycle import CycleFactory
from tests.factories.desk import ContactFactory, HandOverFactory, InvitationFactory, MeetingFactory
from tests.factories.directory import ContactAttemptFactory
from tests.factories.letters import issued
from tests.factories.people import BodyFactory, MandateFactory, SeatFactory, UserFactory, words
from tests.factories.registers import ExchangeFactory, PeerActivityFactory
from tests.factories.reports import ReportFactory, published_report

pytestmark = [pytest.mark.django_db, pytest.mark.row("O-9")]
AT = dt.datetime(2026, 6, 1, 9, 0, tzinfo=dt.UTC)


def pack(cycle: Cycle) -> zipfile.ZipFile:
    out = io.BytesIO()
    write_pack(cycle, out, at=AT)
    return zipfile.ZipFile(out)


def rows(archive: zipfile.ZipFile, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(path).decode("utf-8-sig"))))


def joined(member: Member, name: str, content: bytes) -> Any:
    upload = SimpleUploadedFile(name, content)
    return store_file(upload=upload, member_code=member.slug, by_ref="", at=AT)


@pytest.fixture
def chain() -> Chain:
    chain = Chain()
    first, second = chain.suggest("Un banc devant l'école"), chain.suggest("فكرة بالعربية", lang="ar")
    finding = chain.gather([first, second])
    chain.answer([first])
    one = chain.promise(finding)
    chain.publish()
    chain.report(one)
    chain.close(one)
    return chain


def test_pack_holds_a_page_of_each_subject_in_three_languages(chain: Chain) -> None:
    names = set(pack(chain.cycle).namelist())
    pages = {
        "index", "operations", "meetings", "council", "letters", "suggestions", "findings", "reports", "responses",
        "commitments", "organisations",
    }  # fmt: skip
    expected = {f"{lang}/{page}.html" for lang in ("ar", "fr", "en") for page in pages}
    assert expected - names == set()
    assert {"index.html", "style.css", "README.txt", "manifest.json", "internal/README.txt"} - names == set()


def test_manifest_gives_the_hash_of_every_file_in_order(chain: Chain) -> None:
    archive = pack(chain.cycle)
    listed = json.loads(archive.read("manifest.json"))["files"]
    assert {one["path"]: one["sha256"] for one in listed} == {
        name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != "manifest.json"
    }
    assert [one["path"] for one in listed] == sorted(one["path"] for one in listed)


def test_same_record_gives_the_same_bytes(chain: Chain) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    told = write_pack(chain.cycle, first, at=AT), write_pack(chain.cycle, second, at=AT)
    assert (first.getvalue() == second.getvalue(), told[0] == told[1]) == (True, True)
    assert told[0].sha256 == hashlib.sha256(first.getvalue()).hexdigest()


def test_pages_open_offline_and_every_link_leads_to_a_file(chain: Chain) -> None:
    joined_file = joined(chain.member, "ordre du jour.pdf", b"%PDF-1.4\n%%EOF\n")
    paper = MeetingPaper.objects.create(
        meeting=MeetingFactory(cycle=chain.cycle), title=words("Note"), file=joined_file, sent_on=AT.date()
    )
    archive = pack(chain.cycle)
    names = set(archive.namelist())
    followed = 0
    for name in names:
        if not name.endswith(".html"):
            continue
        page = html.fromstring(archive.read(name))
        assert (page.xpath("//script"), page.xpath("//*[@style]"), page.xpath("//img")) == ([], [], [])
        for link in page.xpath("//@href | //@src"):
            assert "://" not in link, name
            path = unquote(link.split("#")[0])
            if path:
                assert posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) in names, (name, link)
                followed += 1
        lang = page.get("lang")
        assert page.get("dir") == ("rtl" if lang == "ar" else "ltr")
    assert (followed > 50, f"files/{paper.file.uid}.pdf" in names) == (True, True)


def test_words_of_people_keep_their_language_and_direction(chain: Chain) -> None:
    page = html.fromstring(pack(chain.cycle).read("fr/suggestions.html").decode())
    said = page.xpath("//div[contains(., 'فكرة بالعربية') and @class='text']")
    assert [(one.get("lang"), one.get("dir")) for one in said] == [("ar", "rtl")]


@pytest.mark.row("D2")
def test_pack_holds_the_published_reports_and_their_papers(chain: Chain) -> None:
    asked = Consultation.objects.get(cycle=chain.cycle)
    asked.closes_at = AT - dt.timedelta(days=1)
    asked.save(update_fields=["closes_at"])
    report = published_report(consultation=asked, member=chain.member, cites=1)
    ReportFactory(consultation=asked, member=chain.member, kind="online", title=words("Brouillon gardé"))
    archive = pack(chain.cycle)
    frozen = report.frozen
    assert frozen is not None
    held = {name for name in archive.namelist() if frozen.uid in name}
    papers = {f"documents/{frozen.uid}-{lang}.{format}" for lang in ("fr", "ar") for format in ("pdf", "docx")}
    assert held == {f"documents/{frozen.uid}.json", *papers}
    page = archive.read("fr/reports.html").decode()
    assert (page.count(frozen.sha256), "Brouillon gardé" in page) == (1, False)


def test_tables_say_what_the_record_says(chain: Chain) -> None:
    archive = pack(chain.cycle)
    assert [row["number"] for row in rows(archive, "data/suggestions.csv")] == ["1", "2"]
    assert [row["suggestions"] for row in rows(archive, "data/findings.csv")] == ["1 2"]
    assert [row["decision"] for row in rows(archive, "data/responses.csv")] == ["taken-up"]
    assert [row["level"] for row in rows(archive, "data/progress.csv")] == ["limited"]
    assert json.loads(archive.read("data/cycle.json"))["number"] == chain.cycle.number


def test_pack_of_a_cycle_holds_nothing_of_another(chain: Chain) -> None:
    other = CycleFactory(member=chain.member)
    MeetingFactory(cycle=other, title=words("Réunion d'un autre cycle"))
    foreign = MeetingFactory(title=words("Réunion d'une autre Région"))
    ContactFactory(member=foreign.member, organisation="Organisation d'ailleurs")
    archive = pack(chain.cycle)
    whole = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="ignore")
    assert [told in whole for told in ("d'un autre cycle", "d&#x27;un autre", "d'ailleurs")] == [False] * 3
    assert rows(pack(other), "data/suggestions.csv") == []


def test_people_and_their_addresses_are_in_the_inner_folder_alone(chain: Chain) -> None:
    ContactFactory(
        member=chain.member, organisation="Association nommée", name="Personne Gardée", email="gardee@example.ma",
        telephone="+212600000000",
    )  # fmt: skip
    ContactFactory(member=chain.member, organisation="Association discrète", public=False)
    InvitationFactory(meeting=MeetingFactory(cycle=chain.cycle), name="Invitée Gardée", email="invitee@example.ma")
    archive = pack(chain.cycle)
    outside = b"".join(archive.read(name) for name in archive.namelist() if not name.startswith("internal/")).decode(
        errors="ignore"
    )
    kept = ("Personne Gardée", "gardee@example.ma", "+212600000000", "Association discrète", "Invitée Gardée")
    assert [word in outside for word in kept] == [False] * 5
    assert "Association nommée" in archive.read("fr/organisations.html").decode()
    directory = rows(archive, "internal/directory.csv")
    assert {row["email"] for row in directory} == {"gardee@example.ma", ""}
    assert [row["name"] for row in rows(archive, "internal/attendance.csv")] == ["Invitée Gardée"]
    assert "09-08" in archive.read("internal/README.txt").decode()


def test_letters_that_only_the_team_reads_stay_inside(chain: Chain) -> None:
    for number, public in enumerate((True, False), start=1):
        frozen = freeze(
            {"mark": f"lettre {number}"}, kind="letter", subject_type="Letter", subject_uid=str(number),
            member_code=chain.member.slug, at=AT,
        )  # fmt: skip
        Letter.objects.create(
            member=chain.member, cycle=chain.cycle, kind="invitation", state="issued", title=words(f"Lettre {number}"),
            made_at=AT, year=2026, number=number, issued_on=AT.date(), frozen=frozen, public=public,
        )  # fmt: skip
    archive = pack(chain.cycle)
    page = archive.read("fr/letters.html").decode()
    assert ["Lettre 1" in page, "Lettre 2" in page] == [True, False]
    held = {name: archive.read(name) for name in archive.namelist() if "documents/" in name}
    inside = [name.startswith("internal/") for name, content in held.items() if b"lettre 2" in content]
    assert inside == [True]
    assert len(rows(archive, "internal/letters.csv")) == 2


def test_no_secret_is_ever_in_a_pack(chain: Chain) -> None:
    """Markers in every field that opens something, or leads to someone who did not agree."""
    one = chain.received[0]
    one.reply_to, one.ticket_hash = "auteur@example.ma", "marque-formulaire"
    one.save()
    InvitationFactory(meeting=MeetingFactory(cycle=chain.cycle), answer_hash="marque-reponse", email="qui@example.ma")
    key = make_calendar_key(user=chain.by, member=chain.member, at=AT)
    client = Client()
    client.force_login(chain.by)
    archive = pack(chain.cycle)
    whole = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="ignore")
    secrets = [
        "auteur@example.ma", "marque-formulaire", "marque-reponse", "qui@example.ma", key, one.code_hash,
        chain.codes[one.number], client.session.session_key, chain.by.password, chain.by.email, chain.by.reference,
    ]  # fmt: skip
    assert [word for word in secrets if word and word in whole] == []


def test_only_whoever_holds_the_deed_asks_for_a_pack(client: Client) -> None:
    cycle = CycleFactory()
    address = reverse("hand_over", args=[cycle.member.slug, cycle.kind, cycle.number])
    for role, status in (("moderator", 403), ("administrator", 403), ("point-of-contact", 200)):
        client.force_login(UserFactory(role=role, at=cycle.member))
        assert client.get(address).status_code == status, role


@pytest.mark.parametrize(
    ("state", "may"), [("waiting", False), ("running", False), ("stopped", True), ("done", True), ("failed", True)]
)
def test_pack_is_asked_again_once_none_is_being_made(state: str, may: bool) -> None:
    making_one = HandOverFactory(state=state)
    by = UserFactory(role="point-of-contact", at=making_one.cycle.member)
    if may:
        assert hand_over(making_one.cycle, by=by, at=timezone.now()).state == "waiting"
    else:
        with pytest.raises(Refused):
            hand_over(making_one.cycle, by=by, at=timezone.now())


def test_asking_leaves_a_line_of_the_journal() -> None:
    cycle = CycleFactory()
    hand_over(cycle, by=UserFactory(role="point-of-contact", at=cycle.member), at=timezone.now())
    line = JournalLine.objects.get(verb="hand_over")
    assert (line.subject_uid, line.facts) == (cycle.uid, {"kind": "plan", "number": cycle.number})
    assert Client().get(reverse("journal", args=[cycle.member.slug])).status_code == 200


def test_worker_makes_the_pack_and_the_page_hands_it_out(client: Client, chain: Chain) -> None:
    client.force_login(chain.by)
    at = [chain.member.slug, chain.cycle.kind, chain.cycle.number]
    assert client.post(reverse("hand_over", args=at), {"do": "make"}).status_code == 302
    one = HandOver.objects.get()
    tasks.make_pack.func(one.uid)
    one.refresh_from_db()
    assert (one.state, one.written == one.total) == ("done", True)
    response = client.get(reverse("hand_over_file", args=[*at, one.uid]))
    content = b"".join(response.streaming_content)
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (one.sha256, one.size)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert tasks.make_pack.func(one.uid) == "taken"
    other = Client()
    other.force_login(UserFactory(role="moderator", at=chain.member))
    assert other.get(reverse("hand_over_file", args=[*at, one.uid])).status_code == 403


def test_pack_stops_when_somebody_asks(client: Client, chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    one = HandOverFactory(cycle=chain.cycle, state="running", moved_at=timezone.now())
    monkeypatch.setattr(making, "TOLD_EVERY", 1)
    making.stop(one, at=timezone.now())
    assert making.make(one) == "stopped"
    one.refresh_from_db()
    assert (one.state, bool(one.file)) == ("stopped", False)


def test_pack_that_lost_its_worker_stops_at_once() -> None:
    one = HandOverFactory(state="running", moved_at=timezone.now() - dt.timedelta(minutes=30))
    making.stop(one, at=timezone.now())
    one.refresh_from_db()
    assert one.state == "stopped"


def test_packs_go_after_thirty_days(chain: Chain) -> None:
    one = HandOverFactory(cycle=chain.cycle, state="running")
    making.make(one)
    one.refresh_from_db()
    kept = Path(one.file.path)
    assert (kept.exists(), making.let_go(at=timezone.now())) == (True, 0)
    assert (making.let_go(at=timezone.now() + dt.timedelta(days=31)), kept.exists()) == (1, False)


def test_command_writes_the_archive(chain: Chain, tmp_path: Path) -> None:
    out, target = io.StringIO(), tmp_path / "pack.zip"
    call_command("hand_over", chain.member.slug, cycle=f"plan/{chain.cycle.number}", output=str(target), stdout=out)
    told = out.getvalue()
    assert told.startswith("written ")
    assert hashlib.sha256(target.read_bytes()).hexdigest() in told
    for asked in (("nulle-part", "plan/1"), (chain.member.slug, "plan/9"), (chain.member.slug, "plan")):
        with pytest.raises(CommandError) as refusal:
            call_command("hand_over", asked[0], cycle=asked[1], output=str(target))
        assert refusal.value.returncode == 2


HIDDEN = "MARQUEGARDEE"


def outside(archive: zipfile.ZipFile) -> bytes:
    """Give all that stands outside the inner folder, one after the other."""
    return b"".join(archive.read(name) for name in archive.namelist() if not name.startswith("internal/"))


def inside(archive: zipfile.ZipFile) -> bytes:
    return b"".join(archive.read(name) for name in archive.namelist() if name.startswith("internal/"))


def marked(*names: str) -> dict[str, Any]:
    """Give official texts that hold the marker, each with its own number, so that a leak names its field."""
    return {name: words(f"{HIDDEN}-{name}", f"{HIDDEN}-{name}") for name in names}


def marks(content: bytes) -> set[str]:
    return set(re.findall(rf"{HIDDEN}-[a-z_]+", content.decode(errors="ignore")))


def test_private_meetings_and_draft_minutes_stay_inside(chain: Chain) -> None:
    few = MeetingFactory(cycle=chain.cycle, kind="exchange", open_to_all=False, **marked("title", "purpose", "place"))
    given = marked("decision") | {"title": words(f"{HIDDEN}-point", f"{HIDDEN}-point")}
    AgendaItem.objects.create(meeting=few, rank=1, added_at=AT, **given)
    paper = joined(chain.member, f"{HIDDEN}-paper.pdf", b"%PDF-1.4\n%%EOF\n")
    MeetingPaper.objects.create(meeting=few, title=words("Note"), file=paper, sent_on=AT.date(), public=True)
    open_one = MeetingFactory(cycle=chain.cycle, title=words("Réunion ouverte"))
    Minutes.objects.create(meeting=open_one, text=words(f"{HIDDEN}-minutes", f"{HIDDEN}-minutes"))
    archive = pack(chain.cycle)
    assert marks(outside(archive)) == set()
    every = {"title", "purpose", "point", "decision", "place", "minutes"}
    assert {f"{HIDDEN}-{one}" for one in every} - marks(inside(archive)) == set()
    assert "Réunion ouverte" in archive.read("fr/meetings.html").decode()
    assert [row["title_fr"] for row in rows(archive, "data/meetings.csv")] == ["Réunion ouverte"]
    assert [name for name in archive.namelist() if paper.uid in name] == [f"internal/files/{paper.uid}.pdf"]


def test_minutes_are_public_once_published(chain: Chain) -> None:
    one = MeetingFactory(cycle=chain.cycle)
    frozen = freeze(
        {"mark": "procès-verbal"}, kind="minutes", subject_type="Minutes", subject_uid="m",
        member_code=chain.member.slug, at=AT,
    )  # fmt: skip
    minutes = Minutes.objects.create(meeting=one, text=words("Texte publié"), state="approved", frozen=frozen)
    assert b"Texte publi" not in outside(pack(chain.cycle))
    Minutes.objects.filter(pk=minutes.pk).update(state="published", published_on=AT.date())
    assert "Texte publié" in pack(chain.cycle).read("fr/meetings.html").decode()


def test_file_being_assembled_and_vote_not_published_stay_inside() -> None:
    cycle = candidacy()
    draft = ProposalFactory(cycle=cycle, **marked("title", "report", "decision_text"))
    ProposalPaperFactory(proposal=draft)
    listed = council.on_agenda(ProposalFactory(cycle=cycle, **marked("report")))
    vote = council.voted(ProposalFactory(cycle=cycle, title=words("Dossier voté")), text=words(f"{HIDDEN}-vote"))
    archive = pack(cycle)
    assert (listed.frozen_id, vote.published_on) == (None, None)
    assert marks(outside(archive)) == set()
    kept = {f"{HIDDEN}-{one}" for one in ("title", "report", "decision_text", "vote")}
    assert kept - marks(inside(archive)) == set()
    assert "Dossier voté" in archive.read("fr/council.html").decode()
    assert (rows(archive, "data/deliberations.csv"), len(rows(archive, "internal/deliberations.csv"))) == ([], 1)


def test_drafts_of_the_candidacy_and_evidence_that_was_not_sent_stay_inside() -> None:
    cycle = candidacy()
    dossier = complete(cycle)
    answer = Answer.objects.get(cycle=cycle)
    Answer.objects.filter(pk=answer.pk).update(**marked("text", "gaps"))
    archive = pack(cycle)
    assert (marks(outside(archive)), f"{HIDDEN}-gaps" in marks(inside(archive))) == (set(), True)
    assert [name for name in archive.namelist() if name.startswith("files/")] != []  # the act of the Council alone
    evidence = AnswerEvidence.objects.exclude(file=None).get()
    scans = {one.scan.uid for one in dossier.support.all() if one.scan}
    there = "\n".join(archive.namelist())
    assert f"\nfiles/{evidence.file.uid}" not in there
    assert [uid for uid in scans if f"\nfiles/{uid}" in there] == []


def test_sent_dossier_shows_the_words_and_the_annexes_that_were_frozen() -> None:
    cycle = candidacy()
    dossier = sent(complete(cycle))
    answer = Answer.objects.get(cycle=cycle)
    later = EvidenceFactory(answer=answer, url="", file=a_file(cycle.member, 77))
    Answer.objects.filter(pk=answer.pk).update(**marked("text", "gaps"))
    archive = pack(cycle)
    assert marks(outside(archive)) == set()
    assert "Réponse inventée." in archive.read("fr/dossier.html").decode()
    first = AnswerEvidence.objects.exclude(file=None).exclude(pk=later.pk).get()
    names = [name for name in archive.namelist() if first.file.uid in name or later.file.uid in name]
    assert sorted(names) == sorted([f"files/{first.file.uid}.pdf", f"internal/files/{later.file.uid}.pdf"])
    printed = [name for name in archive.namelist() if name.startswith(f"documents/{dossier.frozen.uid}")]
    assert sorted(one.rpartition(".")[2] for one in printed) == ["docx"] * 3 + ["json"] + ["pdf"] * 3 + ["zip"]


def test_plan_that_is_not_published_stays_inside_and_so_does_what_is_drafted_since() -> None:
    chain = Chain()
    chain.promise(title=f"{HIDDEN}-promise")
    archive = pack(chain.cycle)
    assert (marks(outside(archive)), rows(archive, "data/commitments.csv")) == (set(), [])
    assert [row["title_fr"] for row in rows(archive, "internal/commitments.csv")] == [f"{HIDDEN}-promise"]
    other = Chain()
    one = other.promise(title="Promesse publiée")
    other.publish()
    Commitment.objects.filter(pk=one.pk).update(title=words(f"{HIDDEN}-since", f"{HIDDEN}-since"))
    archive = pack(other.cycle)
    assert (marks(outside(archive)), "Promesse publiée" in archive.read("fr/commitments.html").decode()) == (
        set(),
        True,
    )


def test_signed_copy_of_a_public_letter_stays_inside_and_its_paper_is_printed(chain: Chain) -> None:
    one = issued(chain.member, chain.by, cycle=chain.cycle)
    scan = joined(chain.member, f"{HIDDEN}-scan.pdf", b"%PDF-1.4\n%%EOF\n")
    Letter.objects.filter(pk=one.pk).update(public=True, scan=scan)
    archive = pack(chain.cycle)
    assert marks(outside(archive)) == set()
    assert [name for name in archive.namelist() if scan.uid in name] == [f"internal/files/{scan.uid}.pdf"]
    printed = [name for name in archive.namelist() if name.startswith(f"documents/{one.frozen.uid}")]
    assert {name.rpartition(".")[2] for name in printed} == {"json", "pdf", "docx"}


def test_pack_holds_what_surrounds_the_cycle_with_its_private_part_inside() -> None:
    cycle = candidacy()
    member, on = cycle.member, cycle.opened_on + dt.timedelta(days=3)
    told = Announcement.objects.create(
        cycle=cycle, stage="admission-1", kind="announcement", title=words("Annonce publiée"), planned_on=on,
        text=words("Mots de l'annonce"), published_on=on,
    )  # fmt: skip
    told.publications.create(where="Journal inventé", on=on)
    Announcement.objects.create(
        cycle=cycle, stage="admission-1", kind="announcement", planned_on=on, **marked("title", "text")
    )
    ExchangeFactory(member=member, on=on, subject=words("Objet public"), **marked("summary"))
    PeerActivityFactory(member=member, starts_on=on, title=words("Rencontre de pairs"))
    StatusFactory(member=member, on=on, reason=words("Raison de l'état"))
    PointFactory(
        member=member, name="Point Focal Nommé", starts_on=on, email=f"{HIDDEN}-mail@example.ma".lower(),
        telephone="+212599999999",
    )  # fmt: skip
    MandateFactory(
        seat=SeatFactory(body=BodyFactory(authority=member.authorities.get())), holder_name="Titulaire Nommée",
        starts_on=on,
    )  # fmt: skip
    CallFactory(member=member, entered_at=dt.datetime.combine(on, dt.time(9), dt.UTC), title=words("Appel entré"))
    ContactAttemptFactory(contact=ContactFactory(member=member, name="Jointe Gardée"), on=on, about=f"{HIDDEN}-about")
    ExchangeFactory(member=member, on=cycle.opened_on - dt.timedelta(days=30), subject=words("Objet d'avant"))
    archive = pack(cycle)
    pages = {
        "announcements": ("Annonce publiée", "Mots de l", "Journal inventé"), "exchanges": ("Objet public",),
        "activities": ("Rencontre de pairs",), "membership": ("Raison de l", "Point Focal Nommé"),
        "bodies": ("Titulaire Nommée",), "dossier": ("Appel entré",),
    }  # fmt: skip
    lacking = [
        (page, told) for page, those in pages.items() for told in those
        if told not in archive.read(f"fr/{page}.html").decode()
    ]  # fmt: skip
    assert lacking == []
    public = outside(archive)
    kept = (f"{HIDDEN}-mail".lower().encode(), b"+212599999999", "Jointe Gardée".encode(), b"Objet d")
    assert (marks(public), [one for one in kept[:3] if one in public]) == (set(), [])
    assert "Objet d&#x27;avant" not in archive.read("fr/exchanges.html").decode()
    assert {f"{HIDDEN}-{one}" for one in ("title", "text", "summary", "about")} - marks(inside(archive)) == set()


def test_withdrawn_proof_says_why_and_its_file_stays_inside(chain: Chain) -> None:
    proof = Proof.objects.filter(operation__cycle=chain.cycle).first()
    assert proof is not None
    proof.file = joined(chain.member, f"{HIDDEN}-proof.pdf", b"%PDF-1.4\n%%EOF\n")
    proof.public, proof.withdrawn_on, proof.withdrawn_reason = True, AT.date(), words("Erreur de dossier")
    proof.save()
    archive = pack(chain.cycle)
    assert ("Erreur de dossier" in archive.read("fr/operations.html").decode(), marks(outside(archive))) == (
        True,
        set(),
    )


def test_answers_keep_their_history_inside() -> None:
    cycle = candidacy()
    answer = AnswerFactory(cycle=cycle)
    AnswerRevision.objects.filter(answer=answer).update(text=words("Première version de la réponse"))
    archive = pack(cycle)
    assert "Première version de la réponse" in archive.read("internal/fr/candidacy.html").decode()
    assert "Première version".encode() not in outside(archive)
