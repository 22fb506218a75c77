"""Letters: drafted from the method, worded, issued with a number, frozen, printed, signed, and read in public."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from openregion.core.official import text_in
from openregion.core.refusal import Refused
from openregion.cycle import actions, queries, rules
from openregion.cycle.forms.letters import FillForm
from openregion.cycle.models import Letter, Proof
from openregion.cycle.queries.letters import entries_of_letter, seen_of
from openregion.cycle.queries.wording import PARTS, missing_words, pieces
from openregion.cycle.rules.letters import MOVES
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine, SearchEntry, StoredFile
from tests.factories.cycle import CycleFactory
from tests.factories.letters import BOOK, FACTS, contact, issued, letter
from tests.factories.people import AT, BodyFactory, MandateFactory, MemberFactory, SeatFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("B2")]
LANGUAGES = ("ar", "zgh", "fr", "en")
KINDS = [one.code for one in BOOK.letters]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DEEDS = ("draft_letter", "revise_letter", "issue_letter", "attach_scan", "discard_letter")


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def writer(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def scan(content: bytes = PDF, name: str = "signee.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def words_of(one: Letter) -> dict[str, dict[str, str]]:
    return {part: {lang: said["text"] for lang, said in getattr(one, part).items()} for part in PARTS}


def reasons(by: User, one: Letter) -> dict[str, str]:
    """Ask every rule about a letter."""
    return {
        "draft_letter": rules.why_not_draft_letter(by, one.member, kind=one.kind),
        "revise_letter": rules.why_not_revise_letter(by, one, seen=seen_of(one)),
        "issue_letter": rules.why_not_issue_letter(by, one),
        "attach_scan": rules.why_not_attach_scan(by, one),
        "discard_letter": rules.why_not_discard_letter(by, one),
    }


# --- who may, in which state -------------------------------------------------


@pytest.mark.parametrize("state", list(Letter.State))
@pytest.mark.parametrize("role", [*(one.code for one in BOOK.roles), ""])
def test_deeds_on_letters_follow_the_role_and_the_state(
    member: Member, writer: User, role: str, state: Letter.State
) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    one = (letter if state == Letter.State.DRAFT else issued)(member, writer)
    named = guides.role(BOOK, role) if role else None
    held = {deed for deed in DEEDS if named and deed in named.deeds}
    allowed = {deed for deed, reason in reasons(by, one).items() if not reason}
    assert allowed == {deed for deed in held if deed == "draft_letter" or deed in MOVES[state]}


def test_letter_of_another_member_is_refused_and_not_found(client: Client, member: Member, writer: User) -> None:
    elsewhere = MemberFactory(slug="ailleurs")
    theirs = letter(elsewhere, UserFactory(role="point-of-contact", at=elsewhere))
    for asked in ("revise_letter", "issue_letter", "discard_letter"):
        assert reasons(writer, theirs)[asked] != ""
    client.force_login(writer)
    for name in ("letter", "revise_letter", "issue_letter", "attach_scan", "discard_letter", "letter_json"):
        assert client.get(address(name, "ici", theirs.uid)).status_code == 404
    assert rules.why_not_draft_letter(writer, member, kind="invitation", to_contact=contact(elsewhere)) != ""
    assert rules.why_not_draft_letter(writer, member, kind="invitation", cycle=CycleFactory(member=elsewhere)) != ""


# --- drafting ----------------------------------------------------------------


def test_draft_is_filled_with_what_is_known_and_lists_the_rest(member: Member, writer: User) -> None:
    facts = {"session-date": dt.date(2026, 10, 5), "item": {"fr": "Adhésion", "ar": "الانضمام"}, "session": "ordinaire"}
    one = letter(member, writer, facts=facts)
    assert "5 octobre 2026" in one.text["fr"]["text"]
    assert "5 أكتوبر 2026" in one.text["ar"]["text"]
    assert "- الانضمام" in one.text["ar"]["text"]
    assert set(one.text) == {"fr", "ar"}
    assert member.name["fr"]["text"] in one.text["fr"]["text"]
    assert BOOK.book.title.ar in one.text["ar"]["text"]
    assert {(lost.lang, lost.code) for lost in missing_words(one, member)} == {
        (lang, code) for lang in ("fr", "ar") for code in ("papers", "file-hash")
    }


def test_names_that_go_with_an_office_are_known(member: Member, writer: User) -> None:
    body = BodyFactory(authority=member.authorities.get())
    MandateFactory(seat=SeatFactory(body=body, president=True), holder_name="Présidente inventée")
    one = letter(member, writer, "support-head", facts={})
    assert writer.name in one.text["en"]["text"]
    assert {lost.code for lost in missing_words(one, member)} == {"support-given"}


def test_what_is_written_in_is_not_read_again(member: Member, writer: User) -> None:
    one = letter(member, writer, facts={**FACTS, "item": "{papers} {values}"})
    assert "- {papers} {values}" in one.text["fr"]["text"]
    assert {lost.code for lost in missing_words(one, member)} == {"papers", "values"}


def test_draft_of_an_unknown_kind_or_to_a_retired_contact_is_refused(member: Member, writer: User) -> None:
    with pytest.raises(Refused):
        letter(member, writer, "love-letter")
    with pytest.raises(Refused):
        letter(member, writer, "invitation", to_contact=contact(member, retired_on=AT.date()))


def test_same_draft_asked_twice_is_one_draft(member: Member, writer: User) -> None:
    assert letter(member, writer) == letter(member, writer)
    assert (Letter.objects.count(), JournalLine.objects.filter(verb="draft_letter").count()) == (1, 1)
    someone = contact(member)
    letter(member, writer, "invitation", to_contact=someone)
    letter(member, writer, "invitation", to_contact=contact(member))
    assert Letter.objects.count() == 3


@pytest.mark.row("B1")
def test_presentation_file_is_a_whole_dossier_drawn_from_the_guide(member: Member, writer: User) -> None:
    cycle = CycleFactory(member=member, admission=True, dated=True)
    one = letter(member, writer, "presentation-file", cycle=cycle)
    for lang in ("fr", "ar"):
        text = " ".join(one.text[lang]["text"].split()).casefold()
        said = [*BOOK.book.reasons, *BOOK.book.facts, *BOOK.book.eligibility, *BOOK.book.admissibility]
        said += [*BOOK.book.duties, *BOOK.book.value_lists[0].items]
        for stage in BOOK.stages:
            if stage.part == "candidacy":
                said += [line for table in stage.procedures for line in table.operations]
        for line in said:
            assert " ".join(line.text.in_(lang).split()).rstrip(" .;؛").casefold() in text
    first = cycle.stages.order_by("code")[0]
    assert first.starts_on is not None and str(first.starts_on.year) in one.text["fr"]["text"]
    assert len(pieces(one.text["fr"]["text"])) > 50


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_filled_whole_and_issued(member: Member, writer: User, kind: str) -> None:
    one = issued(member, writer, kind)
    for part in PARTS:
        for lang, said in getattr(one, part).items():
            assert "{" not in said["text"], f"{part} in {lang}"
    assert one.number == 1


# --- wording -----------------------------------------------------------------


def test_draft_is_reworded_and_a_line_says_so(member: Member, writer: User) -> None:
    one = letter(member, writer)
    words = words_of(one)
    words["title"]["fr"] = "Un autre objet"
    actions.revise_letter(one, words=words, seen=seen_of(one), by=writer, at=AT)
    assert Letter.objects.get().title["fr"]["text"] == "Un autre objet"
    actions.revise_letter(one, words=words, seen="an older mark", by=writer, at=AT)
    assert JournalLine.objects.filter(verb="revise_letter").count() == 1


def test_words_saved_by_someone_else_are_not_overwritten(client: Client, member: Member, writer: User) -> None:
    one = letter(member, writer)
    seen = seen_of(one)
    typed = {f"{part}_{lang}": said for part, by_lang in words_of(one).items() for lang, said in by_lang.items()}
    words = words_of(one)
    words["title"]["fr"] = "L'objet de l'autre"
    actions.revise_letter(one, words=words, seen=seen, by=writer, at=AT)
    client.force_login(writer)
    mine = typed | {"title_fr": "Mon objet", "seen": seen}
    page = client.post(address("revise_letter", "ici", one.uid), mine)
    shown = page.content.decode()
    assert page.status_code == 200
    assert ("L&#x27;objet de l&#x27;autre" in shown, "Mon objet" in shown) == (True, True)
    assert text_in(Letter.objects.get().title, "fr") == "L'objet de l'autre"
    again = re.search(r'name="seen" value="(\w+)"', shown)
    assert again and again[1] == seen_of(Letter.objects.get())
    assert client.post(address("revise_letter", "ici", one.uid), mine | {"seen": again[1]}).status_code == 302
    assert text_in(Letter.objects.get().title, "fr") == "Mon objet"


# --- issuing -----------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_letter_is_not_issued_while_a_word_is_in_braces_in_any_language(
    member: Member, writer: User, lang: str
) -> None:
    one = letter(member, writer, "support-head")
    one.text[lang]["text"] += "\n\n{encore un mot}"
    one.save()
    with pytest.raises(Refused, match="encore un mot"):
        actions.issue_letter(one, by=writer, at=AT)
    assert Letter.objects.get().state == "draft"


@pytest.mark.parametrize("part", PARTS)
def test_letter_is_not_issued_while_a_language_is_missing(member: Member, writer: User, part: str) -> None:
    one = letter(member, writer)
    del getattr(one, part)["ar"]
    one.save()
    with pytest.raises(Refused):
        actions.issue_letter(one, by=writer, at=AT)


def test_issued_letter_has_its_number_and_frozen_words(member: Member, writer: User) -> None:
    first, second = issued(member, writer), issued(member, writer, "presentation-file")
    elsewhere = MemberFactory()
    assert issued(elsewhere, UserFactory(role="council-secretary", at=elsewhere)).number == 1
    assert [(one.number, one.year) for one in (first, second)] == [(1, 2026), (2, 2026)]
    stated = json.loads(second.frozen.content)
    assert (stated["reference"], stated["issued_on"], stated["languages"]) == ("2/2026", "2026-01-05", ["fr", "ar"])
    assert stated["member"]["name"]["ar"] == member.name["ar"]["text"]
    assert "5 janvier 2026" in second.text["fr"]["text"]
    assert any("2/2026" in "".join(one["words"]) for one in stated["text"]["ar"])
    next_year = issued(member, writer, "press-note", at=AT + dt.timedelta(days=365))
    assert (next_year.number, next_year.year) == (1, 2027)


def test_letter_issued_twice_keeps_one_number(member: Member, writer: User) -> None:
    one = issued(member, writer)
    with pytest.raises(Refused):
        actions.issue_letter(Letter.objects.get(), by=writer, at=AT)
    with pytest.raises(Refused):
        actions.revise_letter(one, words=words_of(one) | {"title": {"fr": "X"}}, seen=seen_of(one), by=writer, at=AT)
    with pytest.raises(Refused):
        actions.discard_letter(one, by=writer, at=AT)
    assert list(Letter.objects.values_list("number", flat=True)) == [1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_two_people_issuing_at_once_take_two_numbers(settings: Any) -> None:
    member = MemberFactory(slug="ici")
    writer = UserFactory(role="point-of-contact", at=member)
    drafts = [letter(member, writer, kind) for kind in ("agenda-item-to-wali", "press-note", "invitation")]

    def issue(one: Letter) -> None:
        try:
            actions.issue_letter(Letter.objects.get(pk=one.pk), by=writer, at=AT)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=issue, args=(one,)) for one in drafts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(Letter.objects.values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.row("B1")
def test_issued_letter_proves_the_operations_of_its_model(member: Member, writer: User) -> None:
    cycle = CycleFactory(member=member, admission=True)
    one = issued(member, writer, "presentation-file", cycle=cycle)
    proof = Proof.objects.get()
    assert (proof.operation.code, proof.kind, proof.subject_uid) == ("prepare-presentation-file", "letter", one.uid)
    assert "1/2026" in text_in(proof.title, "ar")
    assert JournalLine.objects.exclude(parent=None).get().parent.verb == "issue_letter"
    issued(member, writer, "press-note", cycle=cycle)
    assert Proof.objects.count() == 1


# --- signed ------------------------------------------------------------------


def test_signed_copy_is_attached_once(client: Client, member: Member, writer: User) -> None:
    one = letter(member, writer)
    with pytest.raises(Refused):
        actions.attach_scan(one, upload=scan(), by=writer, at=AT)
    actions.issue_letter(one, by=writer, at=AT)
    client.force_login(writer)
    assert client.post(address("attach_scan", "ici", one.uid), {"upload": scan()}).status_code == 302
    kept = Letter.objects.get().scan
    with pytest.raises(Refused, match=r"jamais|never"):
        actions.attach_scan(one, upload=scan(), by=writer, at=AT)
    assert (Letter.objects.get().scan, StoredFile.objects.count()) == (kept, 1)
    answer = client.get(address("letter_scan", "ici", one.uid))
    assert b"".join(answer.streaming_content) == PDF
    assert Client().get(address("letter_scan", "ici", one.uid)).status_code == 302


def test_signed_copy_is_a_pdf_or_a_photograph(member: Member, writer: User) -> None:
    one = issued(member, writer)
    with pytest.raises(Refused):
        actions.attach_scan(one, upload=scan(b"a,b\n1,2\n", "copie.csv"), by=writer, at=AT)
    assert StoredFile.objects.count() == 0
    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "PNG")
    actions.attach_scan(one, upload=scan(picture.getvalue(), "copie.png"), by=writer, at=AT)
    assert StoredFile.objects.get().media_type == "image/png"


def test_draft_is_discarded_and_leaves_its_line(client: Client, member: Member, writer: User) -> None:
    one = letter(member, writer)
    client.force_login(writer)
    assert client.post(address("discard_letter", "ici", one.uid)).status_code == 302
    assert (Letter.objects.count(), JournalLine.objects.filter(verb="discard_letter").count()) == (0, 1)
    assert client.post(address("discard_letter", "ici", one.uid)).status_code == 404


# --- who reads ---------------------------------------------------------------


def test_public_reads_issued_public_letters_only(client: Client, member: Member, writer: User) -> None:
    draft, hidden = letter(member, writer, "press-note"), issued(member, writer)
    shown = issued(member, writer, "presentation-file")
    for one, code in ((draft, 403), (hidden, 403), (shown, 200)):
        assert client.get(address("letter", "ici", one.uid)).status_code == code
        assert client.get(address("letter_paper", "ici", one.uid, "fr", "pdf")).status_code == code
    assert client.get(address("letter_json", "ici", shown.uid)).content.decode() == shown.frozen.content
    page = client.get(address("letters", "ici")).content.decode()
    assert [one.uid in page for one in (draft, hidden, shown)] == [False, False, True]
    client.force_login(writer)
    page = client.get(address("letters", "ici")).content.decode()
    assert [one.uid in page for one in (draft, hidden, shown)] == [True, True, True]


@pytest.mark.parametrize("public", [False, True])
def test_letter_to_a_private_contact_is_not_public(member: Member, writer: User, public: bool) -> None:
    to = contact(member, public=public, name="Zineb Inventée")
    one = issued(member, writer, "support-non-government", to_contact=to)
    assert one.public is public
    assert SearchEntry.objects.filter(kind="letter").exists() is public
    assert [line for line in JournalLine.objects.all() if "Zineb" in json.dumps(line.facts)] == []


def test_search_finds_issued_public_letters_as_a_rebuild_does(member: Member, writer: User) -> None:
    letter(member, writer, "press-note")
    issued(member, writer)
    one = issued(member, writer, "expression-of-interest")
    found = SearchEntry.objects.filter(kind="letter")
    assert {(entry.lang, entry.subject_uid) for entry in found} == {(lang, one.uid) for lang in ("fr", "ar", "en")}
    rebuilt = {(entry["lang"], entry["title"], entry["path"]) for entry in queries.findable_letters(member)}
    assert {(entry.lang, entry.title, entry.path) for entry in found} == rebuilt
    assert list(entries_of_letter(letter(member, writer, "invitation"))) == []


def test_letters_are_filtered_by_year_and_kind(member: Member, writer: User) -> None:
    issued(member, writer, "press-note")
    issued(member, writer, "presentation-file", at=AT + dt.timedelta(days=365))
    for asked, number in (({"year": "2026"}, 1), ({"kind": "press-note"}, 1), ({"year": "x", "kind": "no"}, 2)):
        assert len(queries.letters_page(member, team=False, **asked).issued) == number
    assert queries.letters_page(member, team=False).years == (2027, 2026)


# --- due ---------------------------------------------------------------------


def test_old_drafts_and_unsigned_letters_are_due(member: Member, writer: User) -> None:
    letter(member, writer, "invitation")
    sent, _file = issued(member, writer), issued(member, writer, "presentation-file")
    day = AT.date()
    assert [one.key for one in queries.due_letters(member, day + dt.timedelta(days=6))] == [
        f"letter-sign-{sent.uid}",
        f"letter-scan-{sent.uid}",
    ]
    late = {one.key.split("-")[1]: one for one in queries.due_letters(member, day + dt.timedelta(days=8))}
    assert {name: one.state(day + dt.timedelta(days=8)) for name, one in late.items()} == {
        "draft": "late",
        "sign": "later",
        "scan": "waiting",
    }
    actions.attach_scan(sent, upload=scan(), by=writer, at=AT)
    assert [one.deed for one in queries.due_letters(member, day + dt.timedelta(days=8))] == ["revise_letter"]


def test_due_letters_and_pages_ask_as_much_for_one_as_for_thirty(client: Client, member: Member, writer: User) -> None:
    client.force_login(writer)

    def furnish(rows: int, start: int) -> None:
        for n in range(start, start + rows):
            letter(member, writer, "invitation", facts={**FACTS, "meeting": f"Réunion {n}"})
            issued(member, writer, "press-note", facts={**FACTS, "headline": f"Titre {n}"})

    def asked() -> tuple[int, int]:
        client.get(address("letters", "ici"))
        with CaptureQueriesContext(connection) as due:
            queries.due_letters(member, timezone.localdate())
        with CaptureQueriesContext(connection) as page:
            assert client.get(address("letters", "ici")).status_code == 200
        return len(due), len(page)

    furnish(1, 0)
    few = asked()
    furnish(29, 1)
    assert asked() == few


# --- pages -------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_of_letters_open_in_every_language(client: Client, member: Member, writer: User, lang: str) -> None:
    draft, done = letter(member, writer, "invitation"), issued(member, writer, "presentation-file")
    client.force_login(writer)
    pages = [("letters",), ("new_letter",), ("letter", draft.uid), ("letter", done.uid), ("revise_letter", draft.uid)]
    pages += [
        ("fill_letter", draft.uid),
        ("issue_letter", draft.uid),
        ("discard_letter", draft.uid),
        ("attach_scan", done.uid),
    ]
    for name, *rest in pages:
        assert client.get(address(name, "ici", *rest, lang=lang)).status_code == 200, name


def test_letter_is_written_from_its_pages(client: Client, member: Member, writer: User) -> None:
    cycle = CycleFactory(member=member, admission=True)
    client.force_login(writer)
    new = address("new_letter", "ici") + "?kind=press-note&cycle=candidacy-1&operation=form-working-team"
    assert "checked" in client.get(new).content.decode()
    answer = client.post(new, {"kind": "press-note", "cycle": cycle.uid, "to_contact": ""})
    one = Letter.objects.get()
    assert answer["Location"] == address("fill_letter", "ici", one.uid)
    assert (one.subject_type, one.cycle) == ("Operation", cycle)
    refused = client.post(address("issue_letter", "ici", one.uid))
    assert (refused.status_code, "{headline}" in refused.content.decode()) == (200, True)
    said = {"addressee": "À la presse", "title": "Titre", "text": "Une nouvelle.", "signatory": "Le service"}
    typed = {f"{part}_{lang}": words for part, words in said.items() for lang in ("fr", "ar")}
    saved = client.post(address("revise_letter", "ici", one.uid), typed | {"seen": seen_of(one)})
    assert saved.status_code == 302
    assert client.post(address("issue_letter", "ici", one.uid)).status_code == 302
    assert Letter.objects.get().number == 1
    assert client.get(address("revise_letter", "ici", one.uid)).status_code == 403


def test_words_in_braces_are_filled_in_once_for_all_places(client: Client, member: Member, writer: User) -> None:
    one = letter(member, writer, facts={**FACTS, "session": "", "papers": ""})
    client.force_login(writer)
    path = address("fill_letter", "ici", one.uid)
    page = client.get(path).content.decode()
    assert (page.count("<textarea"), 'lang="ar"' in page) == (4, True)
    typed = {"word_0": "ordinaire", "word_1": "العادية", "word_2": "", "word_3": "{autre}", "seen": seen_of(one)}
    assert client.post(path, typed).status_code == 302
    one.refresh_from_db()
    assert ("ordinaire" in one.title["fr"]["text"], "ordinaire" in one.text["fr"]["text"]) == (True, True)
    assert {(lost.lang, lost.code) for lost in missing_words(one, member)} == {("fr", "papers"), ("ar", "autre")}
    late = client.post(path, {"word_0": "Note", "word_1": "مذكرة", "seen": typed["seen"]})
    assert (late.status_code, "Note" in late.content.decode()) == (200, True)


@pytest.mark.parametrize("name", ["new_letter", "revise_letter", "issue_letter", "attach_scan", "discard_letter"])
def test_gestures_are_kept_from_those_without_the_role(client: Client, member: Member, writer: User, name: str) -> None:
    rest = [] if name == "new_letter" else [letter(member, writer).uid]
    path = address(name, "ici", *rest)
    assert client.post(path).status_code in {302, 403}
    client.force_login(UserFactory(role="monitor", at=member))
    assert client.post(path).status_code == 403
    assert Letter.objects.filter(state="issued").count() == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_deeds_on_letters_leave_a_sentence(client: Client, member: Member, writer: User, lang: str) -> None:
    one = letter(member, writer)
    words = words_of(one)
    words["title"]["fr"] = "Autre objet"
    actions.revise_letter(one, words=words, seen=seen_of(one), by=writer, at=AT)
    actions.issue_letter(one, by=writer, at=AT)
    actions.attach_scan(one, upload=scan(), by=writer, at=AT)
    actions.discard_letter(letter(member, writer, "press-note"), by=writer, at=AT)
    lines = JournalLine.objects.filter(room="cycle")
    with override(lang):
        said = {
            one.verb: render_to_string(
                f"cycle/journal/{one.verb}.html", {"facts": one.facts, "when": one.at, "member": member}
            ).strip()
            for one in lines
        }
    assert set(said) == set(DEEDS)
    assert all(len(sentence) > 20 for sentence in said.values())
    assert "1/2026" in said["issue_letter"]
    assert client.get(address("journal", "ici", lang=lang)).status_code == 200


@pytest.mark.row("L-1")
def test_letter_drafted_for_someone_not_named_stays_private_once_they_are_erased(member: Member, writer: User) -> None:
    someone = contact(member, public=False)
    one = letter(member, writer, "press-note", to_contact=someone)
    someone.delete()
    one = actions.issue_letter(Letter.objects.get(pk=one.pk), by=writer, at=AT)
    assert (one.private, one.public, SearchEntry.objects.filter(kind="letter").count()) == (True, False, 0)
    assert issued(member, writer, "press-note").public


def test_nomination_knows_who_holds_the_office_and_asks_a_day_once(
    client: Client, member: Member, writer: User
) -> None:
    one = letter(member, writer, "point-of-contact-nomination", facts={})
    assert writer.name in one.text["fr"]["text"]
    assert writer.email in one.text["ar"]["text"]
    assert {missing.code for missing in missing_words(one, member)} == {"nominee-function"}
    one = letter(member, writer, "coordinator-nomination", facts={})
    client.force_login(writer)
    url = address("fill_letter", "ici", one.uid)
    shown = client.get(url).content.decode()
    assert shown.count('type="date"') == 1
    day = next(name for name, asked in FillForm(letter=one).asked.items() if asked[0].code == "from-date")
    client.post(url, {"seen": seen_of(one), day: "2026-03-02"})
    one.refresh_from_db()
    assert ("2 mars 2026" in one.text["fr"]["text"], "{from-date}" in one.text["ar"]["text"]) == (True, False)
