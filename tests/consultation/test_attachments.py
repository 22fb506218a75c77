"""What is given with words: photos, voices, documents; who sees them, who writes them down, how they go for good."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from openregion.consultation import actions, codes, held, queries, rules
from openregion.consultation.models import (
    AssistedEntry,
    Attachment,
    Consultation,
    Contribution,
    Flag,
    PaperForm,
    Sealed,
)
from openregion.core.refusal import Refused
from openregion.people.models import Member
from openregion.record.arrival import Arrived, cleaned
from openregion.record.models import JournalLine, SearchEntry, StoredFile
from tests.consultation.sounds import SECRET, m4a, opus, webm
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.people import AT, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b\d{4} \d{4} \d{4}\b")
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def page(lang: str = "fr") -> str:
    return address("suggest", "ici", "question", lang=lang)


def photo(size: tuple[int, int] = (40, 30)) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def upload(name: str, content: bytes, kind: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def typed(**more: Any) -> dict[str, Any]:
    return {"ticket": codes.new_ticket(), "idea": "Réparer le pont.", "lang": "fr", **more}


def with_voice(consultation: Consultation, **more: Any) -> Attachment:
    """A suggestion that was spoken, as the deed receives it."""
    said = {"words": {}, "lang": "ary", "channel": "online", "at": timezone.now(), **more}
    files = said.pop("files", [("voice", cleaned(opus(), "audio/ogg"))])
    received = actions.receive_suggestion(consultation, files=files, **said)
    return received.contribution.attachments.get(kind="voice")


def read(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.row("D2")
def test_files_come_with_words_and_lose_what_they_tell(client: Client, consultation: Consultation) -> None:
    said = typed(
        photo=upload("Nadia B. devant chez elle.jpg", photo()), voice=upload("Nadia.m4a", m4a()),
        document=upload("Lettre de Nadia.pdf", PDF),
    )  # fmt: skip
    text = client.post(page(), said).content.decode()
    one = Contribution.objects.get()
    kept = {each.kind: each.file for each in one.attachments.select_related("file")}
    assert (len(CODE.findall(text)), sorted(kept)) == (1, ["document", "photo", "voice"])
    assert {kind: (file.name, file.media_type) for kind, file in kept.items()} == {
        "photo": ("suggestion-1-photo.jpg", "image/jpeg"),
        "voice": ("suggestion-1-voice.m4a", "audio/mp4"),
        "document": ("suggestion-1-document.pdf", "application/pdf"),
    }
    for file in kept.values():
        with file.file.open("rb") as opened:
            content = opened.read()
        assert (SECRET in content, len(content), file.by_ref) == (False, file.size, "")


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_voice_alone_is_a_suggestion(client: Client, consultation: Consultation, lang: str) -> None:
    said = {"ticket": codes.new_ticket(), "lang": "ary", "voice": upload("a.weba", webm(live=True))}
    text = client.post(page(lang), said).content.decode()
    one = Contribution.objects.get()
    assert (len(CODE.findall(text)), one.words, one.lang) == (1, {}, "ary")
    assert queries.first_words(one) != ""


def test_two_voices_are_two_suggestions_and_one_sent_twice_is_one(client: Client, consultation: Consultation) -> None:
    first = {"ticket": codes.new_ticket(), "lang": "ary"}
    for _ in range(2):
        client.post(page(), first | {"voice": upload("a.m4a", m4a())})
    client.post(page(), first | {"ticket": codes.new_ticket(), "voice": upload("a.m4a", m4a())})  # back, and sent again
    assert (Contribution.objects.count(), Attachment.objects.count(), StoredFile.objects.count()) == (1, 1, 1)
    client.post(page(), first | {"ticket": codes.new_ticket(), "voice": upload("b.ogg", opus())})
    assert Contribution.objects.count() == 2


@pytest.mark.row("D2")
def test_voice_added_to_a_form_already_received_is_said_not_to_be_kept(
    client: Client, consultation: Consultation
) -> None:
    said, again = typed(), "What you added was not kept with it"
    voice = {"voice": lambda: upload("a.m4a", m4a())}
    told = []
    for ticket, files in ((said["ticket"], {}), (said["ticket"], voice), (codes.new_ticket(), voice)):
        given = {kind: made() for kind, made in files.items()}
        text = client.post(page("en"), said | {"ticket": ticket} | given).content.decode()
        told.append(
            (again in text, "data-voice-received" in text, "Recorded voice" in text, Attachment.objects.count())
        )
    # Given from a new form, as the notice asks, it is kept, and is not taken for the first.
    assert told == [(False, False, False, 0), (True, False, False, 0), (False, True, True, 1)]
    with_it = said | {"ticket": ticket}
    text = client.post(page("en"), with_it | {"voice": upload("a.m4a", m4a())}).content.decode()
    assert (again in text, "data-voice-received" in text, Contribution.objects.count()) == (False, True, 2)
    text = client.post(page("en"), with_it | {"voice": upload("b.ogg", opus())}).content.decode()
    assert (again in text, "data-voice-received" in text, "Recorded voice" in text) == (True, False, True)


@pytest.mark.parametrize(
    ("kind", "name", "content", "says"),
    [
        ("voice", "a.mp4", m4a(handler=b"vide"), "video"),
        ("voice", "a.mp3", photo(), "JPG"),
        ("photo", "a.jpg", m4a(), "M4A"),
        ("document", "a.pdf", b"MZ" + bytes(300), "PDF"),
        ("document", "a.pdf", b"", "empty"),
        ("photo", "a.jpg", photo()[:200], "damaged"),
    ],
)
def test_file_that_is_refused_costs_no_word_and_no_other_file(
    client: Client, consultation: Consultation, kind: str, name: str, content: bytes, says: str
) -> None:
    other = "voice" if kind == "photo" else "photo"
    good = upload("b.jpg", photo()) if other == "photo" else upload("b.m4a", m4a())
    said = typed(**{kind: upload(name, content), other: good})
    text = client.post(page("en"), said).content.decode()
    assert (Contribution.objects.count(), "Réparer le pont." in text, says in text) == (0, True, True)
    assert (f'id="without-{other}"' in text, f'id="without-{kind}"' in text) == (True, False)
    del said[kind], said[other]
    assert len(CODE.findall(client.post(page("en"), said).content.decode())) == 1
    one = Contribution.objects.get()
    assert [each.kind for each in one.attachments.all()] == [other]
    assert held.held(said["ticket"]) == {}


def test_held_file_is_taken_back_replaced_and_let_go(client: Client, consultation: Consultation) -> None:
    said = typed(reply_to="x", photo=upload("b.jpg", photo()), voice=upload("a.m4a", m4a()))
    client.post(page(), said)
    assert sorted(held.held(said["ticket"])) == ["photo", "voice"]
    client.post(page(), said | {"photo": "", "voice": upload("a.ogg", opus()), "without": "photo"})
    assert {kind: one.media_type for kind, one in held.held(said["ticket"]).items()} == {"voice": "audio/ogg"}
    assert held.held(codes.new_ticket()) == {}
    assert held.let_go(at=timezone.now()) == 0
    assert held.let_go(at=timezone.now() + held.KEPT_FOR * 1.1) == 1
    assert held.held(said["ticket"]) == {}


def test_held_files_have_an_end(client: Client, consultation: Consultation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "MOST_TOGETHER", 10)
    text = client.post(page(), typed(reply_to="x", photo=upload("b.jpg", photo()))).content.decode()
    assert ('id="without-photo"' in text, "Réparer le pont." in text) == (False, True)


def test_file_too_large_is_refused_in_words(
    client: Client, consultation: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules.attachments, "MOST_TOGETHER", 1000)
    text = client.post(page("en"), typed(photo=upload("b.jpg", photo()), voice=upload("a.m4a", m4a())))
    assert (Contribution.objects.count(), "Leave one out" in text.content.decode()) == (0, True)
    monkeypatch.setitem(rules.attachments.MOST_BYTES, "voice", 1000)
    text = client.post(page("en"), typed(voice=upload("a.m4a", m4a()))).content.decode()
    assert (Contribution.objects.count(), "is larger than" in text) == (0, True)


@pytest.mark.parametrize(
    "files",
    [
        [("photo", Arrived(photo(), "image/jpeg"))] * 2,
        [("photo", Arrived(opus(), "audio/ogg"))],
        [("voice", Arrived(bytes(rules.MOST_BYTES["voice"] + 1), "audio/ogg"))],
        [("else", Arrived(PDF, "application/pdf"))],
    ],
)
def test_deed_refuses_files_it_did_not_ask_for(consultation: Consultation, files: Any) -> None:
    with pytest.raises(Refused):
        with_voice(consultation, files=files)
    assert (Contribution.objects.count(), StoredFile.objects.count()) == (0, 0)


STATES = {
    "pending": {}, "published": {"moderation": "published"}, "hidden": {"moderation": "hidden", "hidden_for": "insult"},
    "spam": {"moderation": "spam"}, "withdrawn": {"moderation": "published", "withdrawn_at": AT},
}  # fmt: skip


@pytest.mark.row("L-1")
@pytest.mark.parametrize("state", STATES)
def test_file_is_public_with_its_words_and_never_before(client: Client, consultation: Consultation, state: str) -> None:
    one = with_voice(consultation)
    Contribution.objects.filter(pk=one.contribution_id).update(**STATES[state])
    path = address("attachment", "ici", one.uid)
    public = client.get(path)
    assert (public.status_code, bool(read(public))) == (200 if state == "published" else 404, True)
    for role, seen in {"moderator": 200, "team-member": 200, "assistant": 404}.items():
        staff = Client()
        staff.force_login(UserFactory(role=role, at=consultation.cycle.member))
        answer = staff.get(path)
        assert (answer.status_code, bool(read(answer))) == (200 if state == "published" else seen, True)
        assert answer["Cache-Control"] == ("no-cache" if state == "published" else answer["Cache-Control"])
        assert ("public" in answer["Cache-Control"]) is False


def test_file_of_another_member_does_not_exist_here(client: Client, consultation: Consultation) -> None:
    one = with_voice(consultation)
    Contribution.objects.update(moderation="published")
    MemberFactory(slug="la-bas")
    assert client.get(address("attachment", "la-bas", one.uid)).status_code == 404


def test_file_is_handed_out_as_what_it_is(client: Client, consultation: Consultation) -> None:
    files = [("photo", cleaned(photo(), "image/jpeg")), ("document", Arrived(PDF, "application/pdf"))]
    one = with_voice(consultation, files=[*files, ("voice", cleaned(opus(), "audio/ogg"))]).contribution
    Contribution.objects.update(moderation="published")
    told = {}
    for each in one.attachments.all():
        answer = client.get(address("attachment", "ici", each.uid))
        told[each.kind] = (answer["Content-Type"], answer["Content-Disposition"].split(";")[0])
        assert read(answer)
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-cache")
        assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert told == {
        "photo": ("image/jpeg", "inline"),
        "voice": ("audio/ogg", "inline"),
        "document": ("application/pdf", "attachment"),
    }


@pytest.mark.parametrize(
    ("asked", "status", "slice_"),
    [
        ("bytes=0-1", 206, slice(0, 2)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=0-99999999", 206, slice(0, None)),
        ("bytes=99999999-", 416, None),
        ("bytes=0-1,4-5", 200, slice(0, None)),
        ("bytes=-", 200, slice(0, None)),
        ("words", 200, slice(0, None)),
    ],
)
def test_player_is_given_the_part_it_asks_for(
    client: Client, consultation: Consultation, asked: str, status: int, slice_: slice | None
) -> None:
    one = with_voice(consultation)
    Contribution.objects.update(moderation="published")
    whole = cleaned(opus(), "audio/ogg").content
    answer = client.get(address("attachment", "ici", one.uid), headers={"Range": asked})
    assert (answer.status_code, answer["Accept-Ranges"]) == (status, "bytes")
    assert read(answer) == (whole[slice_] if slice_ else b"")


def test_author_has_their_file_with_the_code_and_nobody_else(client: Client, consultation: Consultation) -> None:
    ticket = codes.new_ticket()
    one = with_voice(consultation, ticket=ticket)
    path = address("my_attachment", "ici", one.uid)
    assert client.get(path).status_code == 405
    mine = client.post(path, {"code": codes.grouped(codes.code_of(ticket))})
    assert (mine.status_code, read(mine)) == (200, cleaned(opus(), "audio/ogg").content)
    wrong = [client.post(path, {"code": code}).status_code for code in ("", "1234 5678 9012", *["1" * 12] * 12)]
    assert set(wrong) == {404}
    assert client.post(path, {"code": codes.code_of(ticket)}).status_code == 404  # too many wrong ones: wait


@pytest.mark.row("L-1")
def test_files_of_masked_words_are_for_moderators_alone(client: Client, consultation: Consultation) -> None:
    voice = with_voice(consultation, words={"idea": "Le voisin Karim a un chien."}, lang="fr")
    one, by = voice.contribution, UserFactory(role="moderator", at=consultation.cycle.member)
    Contribution.objects.filter(pk=one.pk).update(moderation="published")
    path, page_of_it = address("attachment", "ici", voice.uid), address("suggestion", "ici", one.number, lang="en")
    before = client.get(path)
    read(before)
    assert (before.status_code, voice.uid in client.get(page_of_it).content.decode()) == (200, True)
    actions.mask_words(one, words={"idea": f"Le voisin {rules.MASK} a un chien."}, by=by, at=timezone.now())
    text = client.get(page_of_it).content.decode()
    assert (client.get(path).status_code, voice.uid in text, "data was blacked out" in text) == (404, False, True)
    client.force_login(by)
    heard = client.get(path)
    read(heard)
    assert (heard.status_code, heard["Cache-Control"]) == (200, "no-store")
    assert voice.uid in client.get(address("moderate", "ici", one.number)).content.decode()


def test_held_files_survive_another_that_goes_and_one_named_twice(consultation: Consultation, tmp_path: Path) -> None:
    ticket, arrived = codes.new_ticket(), cleaned(photo(), "image/jpeg")
    assert held.hold(ticket, "photo", arrived, at=timezone.now())
    (one,) = (tmp_path / held.FOLDER).iterdir()
    twin = one.rename(one.with_name(one.name.replace("-photo.", "-photo_aB3xY9z.")))
    (tmp_path / held.FOLDER / "gone.jpg").symlink_to(tmp_path / "nowhere")  # listed, and deleted before it is weighed
    assert sorted(held.held(ticket)) == ["photo"]
    assert held.hold(ticket, "voice", cleaned(opus(), "audio/ogg"), at=timezone.now())
    held.forget(ticket, "photo")
    assert (twin.exists(), sorted(held.held(ticket))) == (False, ["voice"])


def test_page_of_a_suggestion_shows_what_came_with_it(client: Client, consultation: Consultation) -> None:
    files = [("photo", cleaned(photo(), "image/jpeg")), ("document", Arrived(PDF, "application/pdf"))]
    one = with_voice(consultation, files=[*files, ("voice", cleaned(opus(), "audio/ogg"))], words={"idea": "Un pont."})
    path = address("suggestion", "ici", one.contribution.number, lang="en")
    assert client.get(path).status_code == 404
    actions.publish_contribution(
        one.contribution, by=UserFactory(role="moderator", at=consultation.cycle.member), at=timezone.now()
    )
    text = client.get(path).content.decode()
    assert ("<audio controls" in text, 'alt="Photo given with suggestion 1"' in text) == (True, True)
    assert ("Document given with suggestion 1" in text, "still to write down" in text) == (True, True)


@pytest.mark.row("D2")
def test_recording_written_down_is_read_found_and_said_to_be_ours(client: Client, consultation: Consultation) -> None:
    member = consultation.cycle.member
    one, now = with_voice(consultation), timezone.now()
    by = UserFactory(role="moderator", at=member)
    actions.publish_contribution(one.contribution, by=by, at=now)
    actions.transcribe_recording(one, text="Bghina qantara 3la lwad", lang="ary", by=by, at=now)
    contribution = Contribution.objects.get()
    assert (contribution.words, contribution.lang) == ({"spoken": "Bghina qantara 3la lwad"}, "ary-latn")
    one.refresh_from_db()
    assert (one.transcript_lang, one.transcribed_by, one.transcribed_at) == ("ary-latn", by, now)
    assert "qantara" in SearchEntry.objects.get(kind="suggestion").excerpt
    text = client.get(address("suggestion", "ici", 1, lang="en")).content.decode()
    assert ("written down by a person of the team" in text, 'lang="ary-Latn" dir="ltr"' in text) == (True, True)
    line = JournalLine.objects.get(verb="transcribe_recording")
    assert (line.facts, line.by_ref) == ({"number": 1}, by.reference)
    actions.transcribe_recording(one, text="بغينا قنطرة", lang="ary-latn", by=by, at=now)
    assert Contribution.objects.get().lang == "ary"
    assert list(queries.to_write_down(member)) == []


@pytest.mark.parametrize(
    ("role", "state", "said", "refused"),
    [
        ("rapporteur", {}, {}, False),
        ("council-secretary", {}, {}, True),
        ("rapporteur", {}, {"text": "  "}, True),
        ("rapporteur", {}, {"text": "x" * 20_001}, True),
        ("rapporteur", {}, {"lang": "xx"}, True),
        ("rapporteur", {"withdrawn_at": AT}, {}, True),
        ("rapporteur", {"erased_at": AT}, {}, True),
        ("rapporteur", {"moderation": "hidden", "hidden_for": "insult"}, {}, False),
    ],
)
def test_who_may_write_down_what_and_when(
    consultation: Consultation, role: str, state: Any, said: Any, refused: bool
) -> None:
    one = with_voice(consultation)
    Contribution.objects.update(**state)
    by = UserFactory(role=role, at=consultation.cycle.member)
    told = {"text": "Un pont.", "lang": "fr"} | said
    if not refused:
        actions.transcribe_recording(one, **told, by=by, at=timezone.now())
        return
    with pytest.raises(Refused):
        actions.transcribe_recording(one, **told, by=by, at=timezone.now())


def test_what_is_masked_in_a_transcript_is_not_written_anew(consultation: Consultation) -> None:
    by = UserFactory(role="moderator", at=consultation.cycle.member)
    one, now = with_voice(consultation, words={"idea": "Voir Karim."}), timezone.now()
    actions.transcribe_recording(one, text="Le voisin Karim.", lang="fr", by=by, at=now)
    masked = {"idea": f"Voir {rules.MASK}.", "spoken": f"Le voisin {rules.MASK}."}
    actions.mask_words(one.contribution, words=masked, by=by, at=now)
    assert Sealed.objects.get().words["spoken"] == "Le voisin Karim."
    with pytest.raises(Refused):
        actions.transcribe_recording(one, text="Le voisin Karim, encore.", lang="fr", by=by, at=now)


def test_only_a_voice_is_written_down(consultation: Consultation) -> None:
    by = UserFactory(role="moderator", at=consultation.cycle.member)
    files = [("photo", cleaned(photo(), "image/jpeg")), ("voice", cleaned(opus(), "audio/ogg"))]
    one = with_voice(consultation, files=files).contribution.attachments.get(kind="photo")
    with pytest.raises(Refused):
        actions.transcribe_recording(one, text="x", lang="fr", by=by, at=timezone.now())


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_staff_listen_and_write_down_one_after_the_other(client: Client, consultation: Consultation, lang: str) -> None:
    first, second = with_voice(consultation), with_voice(consultation, words={"problem": "Le pont."})
    assert client.get(address("recordings", "ici", lang=lang)).status_code == 302
    client.force_login(UserFactory(role="moderator", at=consultation.cycle.member))
    text = client.get(address("recordings", "ici", lang=lang)).content.decode()
    assert [first.uid in text, second.uid in text] == [True, True]
    path = address("transcribe", "ici", first.uid, lang=lang)
    assert "<audio controls" in client.get(path).content.decode()
    wrong = client.post(path, {"text": " ", "lang": "ary"})
    assert (wrong.status_code, Attachment.objects.filter(transcribed_at=None).count()) == (200, 2)
    done = client.post(path, {"text": "Bghina qantara", "lang": "ary-latn"})
    assert (done.status_code, done["Location"]) == (302, address("transcribe", "ici", second.uid, lang=lang))
    last = client.post(done["Location"], {"text": "القنطرة", "lang": "ar"})
    assert last["Location"] == address("recordings", "ici", lang=lang)
    assert second.uid not in client.get(last["Location"]).content.decode()


def test_recordings_wait_on_the_desk_of_those_who_write_them_down(consultation: Consultation) -> None:
    member = consultation.cycle.member
    assert queries.due_recordings(member) == ()
    one = with_voice(consultation)
    (due,) = queries.due_recordings(member)
    assert (due.deed, due.key) == ("transcribe_recording", "recordings")
    actions.withdraw_contribution(one.contribution, at=timezone.now())
    assert queries.due_recordings(member) == ()


@pytest.mark.row("L-1")
def test_erasing_leaves_nothing_of_it_anywhere(
    consultation: Consultation, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    member, now = consultation.cycle.member, timezone.now()
    by = UserFactory(role="moderator", at=member)
    files = [("photo", cleaned(photo(), "image/jpeg")), ("voice", cleaned(opus(), "audio/ogg"))]
    one = with_voice(consultation, files=files, words={"idea": "Voir Karim."})
    contribution = one.contribution
    scan = StoredFile.objects.create(
        member_code="ici", name="scan.jpg", media_type="image/jpeg", size=1, sha256="0", stored_at=now
    )
    scan.file.save("scan.jpg", io.BytesIO(photo()))
    PaperForm.objects.create(
        member=member,
        consultation=consultation,
        contribution=contribution,
        scan=scan,
        state="checked",
        words={"idea": "x"},
    )
    AssistedEntry.objects.create(
        contribution=contribution, helper=by, organisation="Association du pont", consent_at=now
    )
    Flag.objects.create(contribution=contribution, reason="insult", reader="r", at=now)
    actions.transcribe_recording(one, text="Le voisin Karim.", lang="fr", by=by, at=now)
    actions.mask_words(
        contribution, words={"idea": f"Voir {rules.MASK}.", "spoken": f"Le voisin {rules.MASK}."}, by=by, at=now
    )
    paths = [str(each.file) for each in StoredFile.objects.all()]
    assert [default_storage.exists(path) for path in paths] == [True] * 3
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_contribution(contribution, at=now)
    contribution = Contribution.objects.get()
    assert [default_storage.exists(path) for path in paths] == [False] * 3
    assert (StoredFile.objects.count(), Attachment.objects.count(), Sealed.objects.count(), Flag.objects.count()) == (
        0, 0, 0, 0,
    )  # fmt: skip
    assert (contribution.words, contribution.signals, SearchEntry.objects.filter(kind="suggestion").count()) == (
        {},
        [],
        0,
    )
    form, help_ = PaperForm.objects.get(), AssistedEntry.objects.get()
    assert (form.scan, form.words, help_.organisation, help_.helper) == (None, {}, "", None)


def test_file_leaves_the_disk_when_its_deed_fails(consultation: Consultation, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        with_voice(consultation, lang="xx")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_lists_ask_as_much_for_one_recording_as_for_thirty(client: Client, consultation: Consultation) -> None:
    client.force_login(UserFactory(role="moderator", at=consultation.cycle.member))
    paths = [address("recordings", "ici"), address("moderation", "ici"), address("suggest", "ici", "question")]

    def count() -> list[int]:
        counted = []
        for path in paths:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            counted.append(len(asked))
        return counted

    with_voice(consultation)
    count()
    few = count()
    for _ in range(18):
        with_voice(consultation)
    assert count() == few


def test_page_of_a_suggestion_names_what_it_adds_to(client: Client, consultation: Consultation) -> None:
    first = SuggestionFactory(consultation=consultation, published=True)
    SuggestionFactory(consultation=consultation, published=True, placed__adds_to=first)
    SuggestionFactory(consultation=consultation, placed__adds_to=first)  # not read yet
    other = client.get(address("suggestion", "ici", 2, lang="en")).content.decode()
    assert "It adds to" in other
    text = client.get(address("suggestion", "ici", 1, lang="en")).content.decode()
    added = text.split("Others added to it:")[1].split("</p>")[0]
    assert re.findall(r">suggestion (\d+)<", added) == ["2"]


def test_nobody_unknown_moderates_by_the_address(client: Client, consultation: Consultation) -> None:
    one = with_voice(consultation)
    client.force_login(UserFactory())
    assert client.get(address("attachment", "ici", one.uid)).status_code == 404
    assert client.get(address("transcribe", "ici", one.uid)).status_code == 403
