"""The hand-over pack: everything of a cycle, opened without a network, and no secret inside (row O-9)."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import posixpath
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

from openregion.core.refusal import Refused
from openregion.cycle.models import Cycle, HandOver, Letter, MeetingPaper
from openregion.people.models import Member
from openregion.record.actions import freeze, store_file
from openregion.record.models import JournalLine
from openregion.web import tasks
from openregion.web.actions import hand_over, make_calendar_key
from openregion.web.handover import making
from openregion.web.handover.archive import write_pack
from tests.factories.chains import Chain
from tests.factories.cycle import CycleFactory
from tests.factories.desk import ContactFactory, HandOverFactory, InvitationFactory, MeetingFactory
from tests.factories.people import UserFactory, words

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
        "index", "operations", "meetings", "council", "letters", "suggestions", "findings", "responses", "commitments",
        "organisations",
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
