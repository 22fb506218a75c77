"""Forms filled by hand: numbered with their code, filed with their picture, typed by one, checked by another."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image
from pypdf import PdfReader

from openregion.consultation import actions, codes, form_exports, queries, rules
from openregion.consultation.form_papers import forms_paper
from openregion.consultation.models import Consultation, Contribution, PaperBatch, PaperForm
from openregion.consultation.rules.paper import FILED_WITHIN
from openregion.core.paper import Table
from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.actions import receive_file
from openregion.record.models import JournalLine, StoredFile
from tests.factories import rooms
from tests.factories.consultation import ConsultationFactory
from tests.factories.people import MemberFactory, TerritoryFactory, UserFactory
from tests.factories.workshops import WorkshopFactory

pytestmark = pytest.mark.django_db
DEEDS = ("print_forms", "scan_form", "enter_form", "check_form", "set_aside_form")


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


@pytest.fixture
def typist(member: Member) -> User:
    return UserFactory(role="team-member", at=member)


@pytest.fixture
def checker(member: Member) -> User:
    return UserFactory(role="coordinator", at=member)


def at(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=["ici", "question", *args])


def _place() -> Image.Exif:
    """Give the note of a camera that tells where it was."""
    note = Image.Exif()
    note[0x010E] = "Chez Untel"
    return note


def check(form: PaperForm, by: User, **more: Any) -> actions.Received:
    given = {"words": form.words, "lang": form.lang} | more
    return actions.check_form(form, **given, by=by, at=timezone.now())


@pytest.mark.row("D2")
def test_form_gets_the_code_its_author_left_with(consultation: Consultation, typist: User, checker: User) -> None:
    batch = rooms.batch(consultation, forms=3)
    printed = codes.code_of(codes.ticket_of_form(batch.uid, 2))
    form = rooms.entered(consultation, by=typist, number=(1, 2), scan=True)
    received = check(form, checker)
    assert received.code == printed
    form.refresh_from_db()
    assert (received.contribution.channel, form.state, form.words, form.contribution) == (
        "paper", "checked", {}, received.contribution,
    )  # fmt: skip
    assert Contribution.objects.get().code_hash == codes.hashed(printed)


@pytest.mark.row("D2")
def test_who_typed_a_form_does_not_check_it(consultation: Consultation, checker: User) -> None:
    form = rooms.entered(consultation, by=checker)
    with pytest.raises(Refused):
        check(form, checker)
    assert Contribution.objects.count() == 0
    other = UserFactory(role="coordinator", at=consultation.cycle.member)
    actions.enter_form(consultation, form=form, words={"idea": "Relu."}, lang="fr", by=other, at=timezone.now())
    form.refresh_from_db()
    assert check(form, checker).contribution.words == {"idea": "Relu."}


@pytest.mark.row("D2")
def test_correction_of_who_checks_is_theirs_and_is_said(
    client: Client, consultation: Consultation, typist: User, checker: User
) -> None:
    form = rooms.entered(consultation, by=typist, idea="Un budjet clair.")
    check(form, checker, words={"idea": "Un budget clair.", "effect": "Chacun comprend."})
    line = JournalLine.objects.get(verb="check_form")
    assert (Contribution.objects.get().words["idea"], line.facts["corrected"], line.by_ref) == (
        "Un budget clair.", ["idea", "effect"], checker.reference,
    )  # fmt: skip
    client.force_login(typist)
    page = client.get(at("paper_form", form.uid)).content.decode()
    assert (str(queries.PARTS["idea"]) in page, checker.name in page) == (True, True)


def test_form_is_checked_once(consultation: Consultation, typist: User, checker: User) -> None:
    form = rooms.entered(consultation, by=typist)
    check(form, checker)
    with pytest.raises(Refused):
        check(form, checker, words={"idea": "Encore"})
    assert (Contribution.objects.count(), JournalLine.objects.filter(verb="check_form").count()) == (1, 1)


def test_journal_does_not_lead_from_a_form_to_what_it_gave(
    consultation: Consultation, typist: User, checker: User
) -> None:
    check(rooms.entered(consultation, by=typist), checker)
    given = JournalLine.objects.get(verb="receive_suggestion")
    assert (given.parent, given.by_ref, given.facts) == (None, "", {"number": 1, "lang": "fr"})
    assert set(JournalLine.objects.get(verb="check_form").facts) == {"consultation", "corrected"}


@pytest.mark.row("D2")
def test_states_and_deeds_make_one_table(consultation: Consultation, typist: User, checker: User) -> None:
    led: dict[str, dict[str, str]] = {}
    for state in rules.FORM_MOVES:
        for deed in ("scan_form", "enter_form", "check_form", "set_aside_form"):
            form = rooms.scanned(consultation) if state == "scanned" else rooms.entered(consultation, by=typist)
            if state == "checked":
                check(form, checker)
            elif state == "set-aside":
                actions.set_aside_form(form, reason="blank", by=checker, at=timezone.now())
            if deed == "scan_form":  # one that has its picture takes no other
                PaperForm.objects.filter(pk=form.pk).update(scan=None)
            led.setdefault(state, {})[deed] = _after(deed, form, checker)
    expected = {
        state: {deed: moves.get(deed, "") for deed in ("scan_form", "enter_form", "check_form", "set_aside_form")}
        for state, moves in rules.FORM_MOVES.items()
    }
    assert led == expected


def _after(deed: str, form: PaperForm, by: User) -> str:
    shared: dict[str, Any] = {"by": by, "at": timezone.now()}
    said = {"words": {"idea": "x"}, "lang": "fr"}
    try:
        if deed == "scan_form":
            arrived = receive_file(rooms.picture())
            actions.scan_form(form.consultation, picture=arrived, name="photo.jpg", form=form, **shared)
        elif deed == "enter_form":
            actions.enter_form(form.consultation, form=form, **said, **shared)
        elif deed == "check_form":
            actions.check_form(form, **said, **shared)
        else:
            actions.set_aside_form(form, reason="unreadable", **shared)
    except Refused:
        return ""
    form.refresh_from_db()
    return form.state


@pytest.mark.row("A2")
@pytest.mark.parametrize("deed", DEEDS)
def test_roles_that_hold_a_deed_do_it_and_no_other(
    consultation: Consultation, member: Member, typist: User, deed: str
) -> None:
    for role in guides.guide(member.guide_version).roles:
        by = UserFactory(role=role.code, at=member)
        form = rooms.entered(consultation, by=typist)
        try:
            if deed == "print_forms":
                rooms.batch(consultation, by=by)
            elif deed == "scan_form":
                rooms.scanned(consultation, by=by)
            else:
                assert _after(deed, form, by) or deed not in role.deeds, role.code
                if deed not in role.deeds:
                    form.refresh_from_db()
                    assert form.state == "entered", role.code
                continue
            done = True
        except Refused:
            done = False
        assert done == (deed in role.deeds), role.code


@pytest.mark.parametrize("forms", [0, rules.MOST_FORMS + 1])
def test_batch_of_no_form_or_of_too_many_is_refused(consultation: Consultation, forms: int) -> None:
    with pytest.raises(Refused):
        rooms.batch(consultation, forms=forms)


def test_batches_are_numbered_and_their_numbers_are_checked(consultation: Consultation) -> None:
    assert [rooms.batch(consultation).number for _one in range(2)] == [1, 2]
    label = queries.form_label(2, 3)
    assert queries.form_number(label) == (2, 3)
    assert queries.form_number(label.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == (2, 3)
    wrong = label[:-1] + str((int(label[-1]) + 1) % 10)
    assert [queries.form_number(typed) for typed in (wrong, "2-3", "", "a-b-c", "2-30000000-1")] == [None] * 5


@pytest.mark.row("D2")
def test_number_is_of_a_printed_form_and_of_one_alone(consultation: Consultation, typist: User) -> None:
    rooms.batch(consultation, forms=3)
    rooms.entered(consultation, by=typist, number=(1, 1))
    for number in ((1, 1), (1, 4), (9, 1)):
        with pytest.raises(Refused):
            rooms.entered(consultation, by=typist, number=number, scan=False)
    assert PaperForm.objects.count() == 1


def test_number_of_a_duplicate_set_aside_is_free_again(consultation: Consultation, typist: User) -> None:
    rooms.batch(consultation, forms=3)
    wrong = rooms.entered(consultation, by=typist, number=(1, 1))
    aside = actions.set_aside_form(wrong, reason="duplicate", by=typist, at=timezone.now())
    assert (aside.state, aside.words, aside.serial) == ("set-aside", {}, None)
    assert rooms.entered(consultation, by=typist, number=(1, 1)).serial == 1


@pytest.mark.row("D2")
def test_form_written_in_time_is_received_after_the_end(
    consultation: Consultation, typist: User, checker: User
) -> None:
    now = timezone.now()
    consultation.closes_at = now - dt.timedelta(days=2)
    consultation.save()
    day = timezone.localdate(now - dt.timedelta(days=4))
    timely = rooms.entered(consultation, by=typist, given_on=day)
    received = check(timely, checker)
    assert timezone.localdate(received.contribution.received_at) == day
    for late in (rooms.entered(consultation, by=typist), rooms.entered(consultation, by=typist, given_on=now.date())):
        with pytest.raises(Refused):
            check(late, checker)
    last = rooms.entered(consultation, by=typist, given_on=timezone.localdate(consultation.closes_at))
    assert check(last, checker).contribution.received_at < consultation.closes_at


@pytest.mark.row("D2")
def test_forms_are_filed_for_a_month_after_the_end_and_typed_and_checked_after_that(
    client: Client, consultation: Consultation, typist: User, checker: User
) -> None:
    now = timezone.now()
    day = timezone.localdate(now - FILED_WITHIN - dt.timedelta(days=3))
    consultation.opens_at = now - dt.timedelta(days=90)
    consultation.closes_at = now - FILED_WITHIN + dt.timedelta(days=1)
    consultation.save()
    filed, typed = rooms.scanned(consultation, by=typist), rooms.entered(consultation, by=typist, given_on=day)
    consultation.closes_at = now - FILED_WITHIN - dt.timedelta(days=1)
    consultation.save()
    for late in (lambda: rooms.scanned(consultation, by=typist), lambda: rooms.entered(consultation, by=typist)):
        with pytest.raises(Refused, match=r"point (focal|of contact)"):
            late()
    said = {"words": {"idea": "Une école."}, "lang": "fr", "given_on": day}
    actions.enter_form(consultation, form=filed, **said, by=typist, at=now)
    filed.refresh_from_db()
    given = check(filed, checker).contribution
    assert (timezone.localdate(given.received_at), timezone.localdate(given.came_at)) == (day, timezone.localdate())
    picture = {"pictures": rooms.picture()}
    client.force_login(typist)
    page = client.post(reverse("scan_paper_forms", args=["ici", consultation.slug]), picture)
    assert (page.status_code, 'class="errors"' in page.content.decode()) == (200, True)
    assert typed.state == "entered"


@pytest.mark.row("D2")
def test_form_typed_in_time_and_pictured_after_the_end_is_received_in_time(
    consultation: Consultation, typist: User, checker: User
) -> None:
    form = rooms.entered(consultation, by=typist, scan=False)
    PaperForm.objects.update(entered_at=timezone.now() - dt.timedelta(days=4))
    Consultation.objects.update(closes_at=timezone.now() - dt.timedelta(days=2))
    form.refresh_from_db()
    form = rooms.scanned(consultation, by=typist, form=form)
    assert check(form, checker).contribution.received_at == form.entered_at


@pytest.mark.row("D2")
def test_form_without_a_picture_is_typed_until_the_last_day_alone(
    consultation: Consultation, typist: User, english: None
) -> None:
    """Or one set aside in time, which holds nothing any more, would be a way in for ever."""
    empty, unpictured = rooms.entered(consultation, by=typist), rooms.entered(consultation, by=typist, scan=False)
    actions.set_aside_form(empty, reason="blank", by=typist, at=timezone.now())
    pictured = rooms.scanned(consultation, by=typist)
    closed = timezone.now() - FILED_WITHIN - dt.timedelta(days=2)
    Consultation.objects.update(opens_at=closed - dt.timedelta(days=9), closes_at=closed)
    consultation.refresh_from_db()
    said: dict[str, Any] = {"words": {"idea": "Une école."}, "lang": "fr", "by": typist, "at": timezone.now()}
    for late in (empty, unpictured):
        with pytest.raises(Refused, match="Forms filled by hand were filed until"):
            actions.enter_form(consultation, form=late, **said)
    actions.enter_form(consultation, form=pictured, **said)
    taken = rooms.scanned(consultation, by=typist, form=unpictured)
    assert actions.enter_form(consultation, form=taken, **said).words == {"idea": "Une école."}


def test_form_of_a_workshop_is_of_its_day(consultation: Consultation, typist: User, checker: User) -> None:
    workshop = WorkshopFactory(consultation=consultation, held=True)
    rooms.batch(consultation, workshop=workshop)
    form = rooms.entered(consultation, by=typist, number=(1, 1))
    assert check(form, checker).contribution.received_at == workshop.meeting.starts_at


def test_day_to_come_is_refused(consultation: Consultation, typist: User) -> None:
    with pytest.raises(Refused):
        rooms.entered(consultation, by=typist, given_on=timezone.localdate() + dt.timedelta(days=1))


def test_picture_loses_its_metadata_and_is_filed_once(consultation: Consultation) -> None:
    kept = io.BytesIO()
    Image.new("RGB", (80, 80), "white").save(kept, "JPEG", exif=_place())
    shared: dict[str, Any] = {"by": UserFactory(role="rapporteur", at=consultation.cycle.member), "at": timezone.now()}
    for refused in (False, True):
        upload = receive_file(SimpleUploadedFile("photo.jpg", kept.getvalue()))
        if refused:
            with pytest.raises(Refused):
                actions.scan_form(consultation, picture=upload, name="photo.jpg", **shared)
        else:
            form = actions.scan_form(consultation, picture=upload, name="photo.jpg", **shared)
            with form.scan.file.open() as kept_file:  # type: ignore[union-attr]
                assert b"Chez Untel" not in kept_file.read()
    assert (PaperForm.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_table_is_no_picture_of_a_form(consultation: Consultation, typist: User) -> None:
    table = receive_file(SimpleUploadedFile("a.csv", b"a,b\n1,2\n"))
    with pytest.raises(Refused):
        actions.scan_form(consultation, picture=table, name="a.csv", by=typist, at=timezone.now())
    assert StoredFile.objects.count() == 0


def test_form_keeps_the_place_and_theme_it_was_typed_with(
    consultation: Consultation, typist: User, checker: User
) -> None:
    region = consultation.cycle.member.authorities.all()[0].territory
    place, theme = TerritoryFactory(province=True, parent=region), consultation.themes.all()[0]
    form = rooms.entered(consultation, by=typist, province=place, theme=theme)
    given = check(form, checker, province=place, theme=theme).contribution.suggestion
    assert (given.province, given.theme) == (place, theme)
    with pytest.raises(Refused):
        rooms.entered(consultation, by=typist, province=TerritoryFactory(province=True))
    with pytest.raises(Refused):
        rooms.entered(consultation, by=typist, theme=ConsultationFactory().themes.all()[0])


# On paper


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_batch_printed_twice_is_the_same_and_each_form_holds_its_code(consultation: Consultation, lang: str) -> None:
    batch = rooms.batch(consultation, forms=3, lang=lang)
    first, again = (form_exports.forms_pdf(PaperBatch.objects.get(pk=batch.pk)) for _time in range(2))
    assert first == again
    reader = PdfReader(io.BytesIO(first))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    given = [codes.grouped(codes.code_of(codes.ticket_of_form(batch.uid, serial))) for serial in (1, 2, 3)]
    stubs = [block.rows[0][:2] for block in forms_paper(batch).blocks if isinstance(block, Table)]
    labels = [queries.form_label(1, serial) for serial in (1, 2, 3)]
    # No line ends between the groups of a code: in Arabic they would change places.
    assert stubs == [(code.replace(" ", "\u00a0"), label) for code, label in zip(given, labels, strict=True)]
    assert len(reader.pages) == 4  # a first page for the team, then the forms: nothing after the last
    if lang == "fr":  # the reader of these tests changes the order of Arabic lines
        pages = [page.extract_text().replace("\u00a0", " ") for page in reader.pages[1:4]]
        assert [(code in page, label in page) for code, label, page in zip(given, labels, pages, strict=True)] == [
            (True, True)
        ] * 3


# The pages


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_form_goes_from_its_picture_to_a_contribution(
    consultation: Consultation, typist: User, checker: User, lang: str
) -> None:
    one, other = Client(), Client()
    one.force_login(typist)
    other.force_login(checker)
    rooms.batch(consultation)
    sent = one.post(at("scan_paper_forms", lang=lang), {"pictures": [rooms.picture(), rooms.picture()]})
    assert (sent.status_code, PaperForm.objects.filter(state="scanned").count()) == (302, 2)
    first, second = PaperForm.objects.order_by("pk")
    address = at("paper_form", first.uid, lang=lang)
    assert at("paper_scan", first.uid, lang=lang) in one.get(address).content.decode()
    given = {"act": "enter", "number": queries.form_label(1, 2), "idea": "إنارة الطريق", "lang": ""}
    typed = one.post(address, given)
    assert (typed.status_code, typed["Location"]) == (302, at("paper_form", second.uid, lang=lang))
    mine, theirs = (client.get(address).content.decode() for client in (one, other))
    assert ('value="check"' in mine, 'value="check"' in theirs) == (False, True)
    told = other.post(address, {"act": "check", "idea": "إنارة الطريق", "lang": "ar"})
    assert (told.status_code, Contribution.objects.get().lang, Contribution.objects.get().channel) == (
        302, "ar", "paper",
    )  # fmt: skip
    again = other.post(address, {"act": "check", "idea": "x", "lang": "ar"})
    assert (again.status_code, Contribution.objects.count()) == (200, 1)


def test_typist_who_forces_the_check_is_refused(client: Client, consultation: Consultation, checker: User) -> None:
    form = rooms.entered(consultation, by=checker)
    client.force_login(checker)
    answer = client.post(at("paper_form", form.uid), {"act": "check", "idea": "Une idée", "lang": "fr"})
    assert (answer.status_code, 'class="errors"' in answer.content.decode()) == (200, True)
    assert Contribution.objects.count() == 0


def test_mistyped_number_loses_nothing_typed(client: Client, consultation: Consultation, typist: User) -> None:
    rooms.batch(consultation)
    client.force_login(typist)
    given = {"number": "1-001-1", "idea": "Une idée longue à taper.", "lang": ""}
    answer = client.post(at("new_paper_form"), given)
    assert (answer.status_code, "Une idée longue à taper." in answer.content.decode()) == (200, True)
    told = client.post(at("new_paper_form"), given | {"number": queries.form_label(1, 1)})
    form = PaperForm.objects.get()
    assert (told["Location"], form.scan) == (at("paper_form", form.uid), None)


@pytest.mark.row("D2")
def test_form_typed_from_its_sheet_is_checked_by_nobody_before_its_picture_is_filed(
    consultation: Consultation, typist: User, checker: User
) -> None:
    form = rooms.entered(consultation, by=typist, scan=False, idea="Lue sur la feuille.")
    with pytest.raises(Refused):
        check(form, checker)
    assert (Contribution.objects.count(), queries.next_form(consultation, state="entered", by=checker)) == (0, None)
    one, other, address = Client(), Client(), at("paper_form", form.uid, lang="en")
    one.force_login(typist)
    other.force_login(checker)
    before = other.get(address).content.decode()
    assert ('value="check"' in before, 'value="picture"' in before) == (False, True)
    forced = other.post(address, {"act": "check", "idea": "Lue sur la feuille.", "lang": "fr"})
    assert ("This form has no picture yet" in forced.content.decode(), Contribution.objects.count()) == (True, 0)
    table = {"act": "picture", "picture": SimpleUploadedFile("n.csv", b"a,b\n1,2\n")}
    assert 'class="errors"' in one.post(address, table).content.decode()
    filed = one.post(address, {"act": "picture", "picture": rooms.picture()})
    assert filed["Location"] == address
    again = one.post(address, {"act": "picture", "picture": rooms.picture()})  # it takes no other in its place
    assert "This form has its picture already" in again.content.decode()
    form.refresh_from_db()
    page = other.get(address).content.decode()
    assert ('value="check"' in page, at("paper_scan", form.uid, lang="en") in page) == (True, True)
    assert (check(form, checker).contribution.words, form.scan is not None) == ({"idea": "Lue sur la feuille."}, True)


@pytest.mark.row("D2")
def test_typist_is_told_that_nobody_follows_a_form_without_number_and_what_to_do(
    client: Client, consultation: Consultation, typist: User, checker: User
) -> None:
    rooms.batch(consultation)
    bare, numbered = (rooms.entered(consultation, by=typist, **more) for more in ({}, {"number": (1, 1)}))
    client.force_login(checker)
    said, link = "its author cannot follow it", at("new_paper_batch", lang="en")
    pages = [client.get(at("paper_form", one.uid, lang="en")).content.decode() for one in (bare, numbered)]
    assert [(said in page, link in page) for page in pages] == [(True, True), (False, False)]
    client.force_login(typist)  # may not number forms, but may type the number of one
    asked = client.get(at("new_paper_form", lang="en")).content.decode()
    assert ("has no code to follow it" in asked, link in asked) == (True, False)
    given = {"act": "enter", "number": queries.form_label(1, 2), **bare.words, "lang": "fr"}
    assert client.post(at("paper_form", bare.uid), given).status_code == 302
    bare.refresh_from_db()
    assert check(bare, checker).code == codes.code_of(codes.ticket_of_form(bare.batch.uid, 2))  # type: ignore[union-attr]


def test_form_is_set_aside_on_its_page(client: Client, consultation: Consultation, typist: User) -> None:
    form = rooms.scanned(consultation)
    client.force_login(typist)
    address = at("paper_form", form.uid)
    assert client.post(address, {"act": "aside"}).status_code == 200
    assert client.post(address, {"act": "aside", "reason": "unreadable"}).status_code == 302
    form.refresh_from_db()
    assert (form.state, form.set_aside_for) == ("set-aside", "unreadable")


@pytest.mark.row("L-1")
def test_picture_of_a_form_set_aside_is_deleted(
    client: Client, consultation: Consultation, typist: User, django_capture_on_commit_callbacks: Any
) -> None:
    form = rooms.entered(consultation, by=typist, scan=True)
    name, storage = str(form.scan.file.name), form.scan.file.storage  # type: ignore[union-attr]
    assert storage.exists(name)
    client.force_login(typist)
    address = at("paper_form", form.uid, lang="en")
    assert "Its picture is deleted for good" in client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_aside_form(form, reason="duplicate", by=typist, at=timezone.now())
    form.refresh_from_db()
    assert (form.scan, StoredFile.objects.count(), storage.exists(name)) == (None, 0, False)
    assert "no picture of it is kept" in client.get(address).content.decode()
    said = {"words": {"idea": "Lue sur la feuille."}, "lang": "fr", "by": typist, "at": timezone.now()}
    again = actions.enter_form(consultation, form=form, **said)  # taken up again, from the sheet
    assert (again.pk, again.state, again.scan) == (form.pk, "entered", None)  # it waits for its picture once more


def test_one_bad_file_does_not_hold_the_others(client: Client, consultation: Consultation, typist: User) -> None:
    client.force_login(typist)
    bad = SimpleUploadedFile("notes.csv", b"a,b\n1,2\n")
    answer = client.post(at("scan_paper_forms"), {"pictures": [rooms.picture(), bad]})
    assert (answer.status_code, PaperForm.objects.count()) == (302, 1)
    alone = client.post(at("scan_paper_forms"), {"pictures": [SimpleUploadedFile("n.csv", b"a,b\n1,2\n")]})
    assert (alone.status_code, "n.csv" in alone.content.decode()) == (200, True)


@pytest.mark.row("O-8")
def test_pictures_and_codes_are_for_the_team_alone(consultation: Consultation, member: Member) -> None:
    form, batch = rooms.scanned(consultation), rooms.batch(consultation)
    addresses = [at("paper_scan", form.uid), at("paper_batch", batch.number), at("paper_form", form.uid)]
    visitor, moderator = Client(), Client()
    moderator.force_login(UserFactory(role="moderator", at=member))
    assert [visitor.get(one).status_code for one in addresses] == [302] * 3
    assert [moderator.get(one).status_code for one in addresses] == [403] * 3
    team = Client()
    team.force_login(UserFactory(role="point-of-contact", at=member))
    seen = team.get(addresses[0])
    b"".join(seen.streaming_content)
    assert (seen["Cache-Control"], seen["Content-Type"]) == ("private, no-store", "image/jpeg")
    assert team.get(addresses[1])["Content-Type"] == "application/pdf"


def test_another_consultations_forms_are_not_found(client: Client, consultation: Consultation, member: Member) -> None:
    client.force_login(UserFactory(role="point-of-contact", at=member))
    other = rooms.scanned(ConsultationFactory(slug="ailleurs"))
    assert client.get(at("paper_form", other.uid)).status_code == 404
    assert client.get(at("paper_scan", other.uid)).status_code == 404


def test_nothing_approves_all_at_once(client: Client, consultation: Consultation, typist: User, checker: User) -> None:
    for _one in range(3):
        rooms.entered(consultation, by=typist)
    client.force_login(checker)
    page = client.get(at("paper_forms") + "?state=entered").content.decode()
    assert re.findall(r"<form[^>]*post", page.split("<main")[1].split("</main>")[0]) == []


@pytest.mark.parametrize("state", ["scanned", "entered", "checked", "set-aside"])
def test_queue_asks_as_much_for_one_form_as_for_twenty(client: Client, state: str) -> None:
    asked = []
    for rows in (1, 20):
        one = ConsultationFactory(member=MemberFactory(slug=f"m-{rows}"), slug="question")
        member = one.cycle.member
        typist, checker = UserFactory(role="team-member", at=member), UserFactory(role="coordinator", at=member)
        for _row in range(rows):
            rooms.batch(one, workshop=WorkshopFactory(consultation=one), by=checker)
            form = rooms.scanned(one, by=typist) if state == "scanned" else rooms.entered(one, by=typist, scan=True)
            if state == "checked":
                check(form, checker)
            elif state == "set-aside":
                actions.set_aside_form(form, reason="blank", by=checker, at=timezone.now())
        client.force_login(checker)
        address = reverse("paper_forms", args=[member.slug, "question"]) + f"?state={state}"
        client.get(address)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code == 200
        asked.append(len(counted))
    assert asked[0] == asked[1]


@pytest.mark.row("A5")
def test_desk_says_what_waits_to_be_typed_and_checked(consultation: Consultation, member: Member, typist: User) -> None:
    rooms.scanned(consultation)
    rooms.entered(consultation, by=typist)
    rooms.entered(consultation, by=typist, scan=False)
    lines = queries.due_paper(member)
    assert [(one.deed, one.key) for one in lines] == [
        ("scan_form", "paper:question:entered:picture"), ("check_form", "paper:question:entered"),
        ("enter_form", "paper:question:scanned"),
    ]  # fmt: skip
    assert set(lines) <= set(queries.due(member, timezone.localdate()))


@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_journal_tells_each_deed(consultation: Consultation, typist: User, checker: User, lang: str) -> None:
    rooms.batch(consultation)
    check(rooms.entered(consultation, by=typist, scan=True), checker)
    actions.set_aside_form(rooms.scanned(consultation), reason="blank", by=typist, at=timezone.now())
    with override(lang):
        for line in JournalLine.objects.filter(verb__in=DEEDS):
            template = f"consultation/journal/{line.verb}.html"
            assert render_to_string(template, {"line": line, "facts": line.facts, "when": line.at}).strip(), line.verb
    assert {one.verb for one in JournalLine.objects.filter(verb__in=DEEDS)} == set(DEEDS)


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_form_and_its_stub_stay_one_page_under_the_longest_title(consultation: Consultation, lang: str) -> None:
    text = {"fr": "Quelle place pour les jeunes dans la commune ? ", "ar": "ما مكانة الشباب في الجماعة؟ "}[lang]
    consultation.title = {**consultation.title, lang: {**consultation.title[lang], "text": (text * 9)[:200]}}
    consultation.save()
    batch = PaperBatch.objects.get(pk=rooms.batch(consultation, forms=2, lang=lang).pk)
    assert len(PdfReader(io.BytesIO(form_exports.forms_pdf(batch))).pages) == 3
