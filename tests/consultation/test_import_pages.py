"""The staff pages of imports: send, look, correct, start, follow, stop, go on, fetch the errors."""

from __future__ import annotations

from pathlib import Path
from traceback import format_exception
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import imports, tasks
from openregion.consultation.models import Consultation, Contribution, Import
from openregion.people.models import User
from openregion.record.models import JournalLine
from tests.factories.consultation import ConsultationFactory
from tests.factories.people import MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2"), pytest.mark.row("O-5")]
TEXT = 'id;Avis;Remarque\n1;Réparer la route;"=1+1"\n2;;Rien\n3;نريد طريقا معبدة;شيء\n'


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def consultation() -> Consultation:
    return ConsultationFactory(member=MemberFactory(slug="ici"), slug="question")


@pytest.fixture
def focal(consultation: Consultation) -> User:
    return UserFactory(role="point-of-contact", at=consultation.cycle.member)


@pytest.fixture
def staff(client: Client, focal: User) -> Client:
    client.force_login(focal)
    return client


def send(staff: Client, text: str = TEXT) -> Any:
    upload = SimpleUploadedFile("réponses.csv", text.encode("cp1256"))
    return staff.post(address("new_import", "ici"), {"consultation": "question", "file": upload})


def test_a_file_goes_from_sending_to_read_in(staff: Client, django_capture_on_commit_callbacks: Any) -> None:
    answer = send(staff)
    reading = Import.objects.get()
    here = address("one_import", "ici", reading.uid)
    assert (answer.status_code, answer["Location"]) == (302, here)
    page = staff.get(here).content.decode()
    assert "Réparer la route" in page
    assert "نريد طريقا معبدة" in page
    assert "Remarque" in page
    assert Contribution.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post(here, {"again": "1", "do": "start", "text": "Avis", "id": "id"})
    assert (answer.status_code, answer["Location"]) == (302, here)
    reading.refresh_from_db()
    assert reading.state == "waiting"
    assert "hx-trigger" in staff.get(here).content.decode()
    assert tasks.read_file.call(reading.uid) == "read 3 · imported 2 · already there 0 · rejected 1"
    page = staff.get(here).content.decode()
    assert "hx-trigger" not in page
    assert address("import_errors", "ici", reading.uid) in page


def test_columns_are_corrected_and_looked_at_again(staff: Client) -> None:
    send(staff)
    reading = Import.objects.get()
    here = address("one_import", "ici", reading.uid)
    assert staff.post(here, {"again": "1", "do": "look", "text": "Remarque"}).status_code == 302
    reading.refresh_from_db()
    assert (reading.columns, reading.rejected, reading.state) == ({"text": "Remarque"}, 0, "checked")
    wrong = staff.post(here, {"again": "1", "do": "start", "id": "id"})
    assert wrong.status_code == 200
    assert wrong.context["form"].non_field_errors()
    reading.refresh_from_db()
    assert reading.state == "checked"


def test_what_is_no_table_is_said_on_the_form_and_not_kept(staff: Client) -> None:
    answer = send(staff, "")
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert Import.objects.count() == 0


def test_a_file_is_forgotten_before_it_is_read(staff: Client) -> None:
    send(staff)
    reading = Import.objects.get()
    kept = Path(reading.file.path)
    answer = staff.post(address("one_import", "ici", reading.uid), {"do": "forget"})
    assert (answer.status_code, Import.objects.count(), kept.exists()) == (302, 0, False)


def test_a_stopped_reading_goes_on(staff: Client, focal: User) -> None:
    send(staff)
    reading = Import.objects.get()
    here = address("one_import", "ici", reading.uid)
    tasks.start(reading, by=focal, at=timezone.now())
    staff.post(here, {"do": "stop"})
    reading.refresh_from_db()
    assert reading.state == "stopped"
    assert 'value="go-on"' in staff.get(here).content.decode()
    staff.post(here, {"do": "go-on"})
    reading.refresh_from_db()
    assert reading.state == "waiting"


def test_a_reading_without_its_worker_shows_as_stopped(staff: Client) -> None:
    send(staff)
    long_ago = timezone.now() - 2 * imports.LOST_AFTER
    Import.objects.update(state="running", moved_at=long_ago)
    page = staff.get(address("one_import", "ici", Import.objects.get().uid)).content.decode()
    assert 'value="go-on"' in page
    assert "hx-trigger" not in page


def test_errors_are_handed_out_as_a_table_without_formulas(staff: Client) -> None:
    send(staff)
    reading = Import.objects.get()
    Import.objects.update(errors=[[4, "theme", "=1+1", 3], [3, "no-text", "", 1]])
    answer = staff.get(address("import_errors", "ici", reading.uid, lang="en"))
    assert answer["Content-Disposition"].startswith("attachment")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "\ufeffRow,Result,What is wrong,Value,What to do"
    assert "'=1+1 (3 rows)" in lines[1]


def test_pages_are_for_those_who_import(client: Client, consultation: Consultation) -> None:
    reading = Import.objects.create(consultation=consultation, name="a.csv", asked_at=timezone.now())
    pages = [address("imports", "ici"), address("new_import", "ici")]
    pages += [address(name, "ici", reading.uid) for name in ("one_import", "import_errors")]
    assert [client.get(page).status_code for page in pages] == [302] * 4
    client.force_login(UserFactory(role="moderator", at=consultation.cycle.member))
    assert [client.get(page).status_code for page in pages] == [403] * 4


def test_an_import_of_another_member_is_not_found(staff: Client) -> None:
    theirs = Import.objects.create(consultation=ConsultationFactory(), name="a.csv", asked_at=timezone.now())
    for name in ("one_import", "import_errors"):
        assert staff.get(address(name, "ici", theirs.uid)).status_code == 404


def test_the_list_asks_as_much_for_one_row_as_for_thirty(staff: Client, consultation: Consultation) -> None:
    counts = []
    for more in (1, 19):
        for _ in range(more):
            Import.objects.create(consultation=consultation, name="a.csv", asked_at=timezone.now())
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert staff.get(address("imports", "ici")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_going_on_stops_no_reading_that_runs(staff: Client) -> None:
    send(staff)
    Import.objects.update(state="running", moved_at=timezone.now())
    answer = staff.post(address("one_import", "ici", Import.objects.get().uid), {"do": "go-on"}, follow=True)
    reading = Import.objects.get()
    assert (reading.state, reading.asked_to_stop_at, "notice--" in answer.content.decode()) == ("running", None, True)
    Import.objects.update(moved_at=timezone.now() - 2 * imports.LOST_AFTER)
    staff.post(address("one_import", "ici", reading.uid), {"do": "go-on"})
    assert Import.objects.get().state == "waiting"


def test_journal_is_dated_by_the_reading_and_not_by_the_file(staff: Client, focal: User) -> None:
    send(staff, "Avis;Date\nRéparer la route;2003-04-05\n")
    reading, before = Import.objects.get(), timezone.now()
    tasks.start(reading, by=focal, at=before)
    tasks.read_file.call(reading.uid)
    line = JournalLine.objects.get(verb="receive_suggestion")
    assert (Contribution.objects.get().received_at.year, line.at >= before) == (2003, True)


def test_failure_nobody_foresaw_keeps_no_words(staff: Client, focal: User, caplog: pytest.LogCaptureFixture) -> None:
    send(staff)
    reading = Import.objects.get()
    tasks.start(reading, by=focal, at=timezone.now())
    Import.objects.update(columns=["Réparer la route"])
    with pytest.raises(RuntimeError) as raised:
        tasks.read_file.call(reading.uid)
    told = "".join(format_exception(raised.value))
    assert ("AttributeError" in told, "AttributeError" in caplog.text) == (False, True)
    assert Import.objects.get().state == "failed"
