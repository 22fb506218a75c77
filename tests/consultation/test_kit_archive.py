"""The whole kit prepared by the worker: followed, stopped, taken up again, handed out with the names of the day."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult

from openregion.consultation import kit_exports, kit_printing, tasks
from openregion.consultation.kit_papers import KIT, PERSONAL
from openregion.consultation.models import KitPrinting, Workshop
from openregion.core.refusal import Refused
from openregion.people.models import Member
from tests.factories import rooms
from tests.factories.consultation import ConsultationFactory
from tests.factories.cycle import CycleFactory
from tests.factories.meetings import InvitationFactory
from tests.factories.people import MemberFactory, UserFactory
from tests.factories.workshops import WorkshopFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]
KEPT = (len(KIT) - len(PERSONAL)) * 4  # in two languages and two formats
State = KitPrinting.State


@pytest.fixture(autouse=True)
def _a_home_of_its_own(settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def workshop(member: Member) -> Workshop:
    return WorkshopFactory(consultation=ConsultationFactory(cycle=CycleFactory(member=member)), tables=2)


@pytest.fixture
def door(member: Member) -> Client:
    client = Client()
    client.force_login(UserFactory(role="coordinator", at=member))
    return client


def address(name: str, workshop: Workshop) -> str:
    with override("en"):
        return reverse(name, args=["ici", workshop.meeting.number])


def test_kit_is_asked_once_printed_by_the_worker_and_then_handed_out(
    workshop: Workshop, door: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    page, archive = address("workshop_kit_archive", workshop), address("workshop_kit_zip", workshop)
    assert f"0 of {KEPT} papers are printed." in door.get(page).content.decode()
    assert door.get(archive)["Location"] == page
    for _time in range(2):  # pressed twice: one work, and the second press says why
        with django_capture_on_commit_callbacks(execute=True):
            answer = door.post(page, {"do": "prepare"})
    assert answer["Location"] == page
    assert [str(one)[:34] for one in get_messages(answer.wsgi_request)] == ["The kit is being prepared already."]
    assert DBTaskResult.objects.filter(task_path=tasks.print_kit.module_path).count() == 1
    kit_exports.printed(workshop, "guide", lang="fr", format="pdf")
    waiting = door.get(page).content.decode()
    assert f"Being prepared: 1 of {KEPT} papers." in waiting
    # Without script the page comes back by itself, and by a link.
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in waiting
    assert f'<a href="{page}">Refresh this page</a>' in waiting
    assert tasks.print_kit.func(workshop.uid) == str(KEPT)
    assert tasks.print_kit.func(workshop.uid) == "taken"
    ready = door.get(page).content.decode()
    assert (f"{KEPT} papers are ready." in ready, archive in ready, "http-equiv" in ready) == (True, True, False)


def test_kit_is_asked_with_its_numbered_forms_which_stand_beside_the_archive_and_not_in_it(
    workshop: Workshop, door: Client
) -> None:
    page = address("workshop_kit_archive", workshop)
    asked = door.get(page).content.decode()
    assert re.findall(r'name="(ar|fr)" value="(\d+)"', asked) == [("ar", "60"), ("fr", "0")]  # one a place
    too_many = door.post(page, {"do": "prepare", "ar": "121", "fr": ""})
    assert (too_many.status_code, 'class="errors"' in too_many.content.decode()) == (200, True)
    assert (KitPrinting.objects.count(), workshop.batches.count()) == (0, 0)
    for _press in range(2):  # the second finds the kit being prepared: no batch more
        assert door.post(page, {"do": "prepare", "ar": "60", "fr": ""})["Location"] == page
    [batch] = workshop.batches.all()
    assert (batch.forms, batch.lang) == (60, "ar")
    tasks.print_kit.func(workshop.uid)
    url = reverse("paper_batch", args=["ici", workshop.consultation.slug, batch.number]).split("/", 2)[2]
    ready, listed = door.get(page).content.decode(), door.get(address("workshop_kit", workshop)).content.decode()
    assert (url in ready, url in listed, re.findall(r'name="(ar|fr)"', ready)) == (True, True, ["fr"])
    answer = door.get(address("workshop_kit_zip", workshop))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as opened:  # type: ignore[attr-defined]
        assert len(opened.namelist()) == KEPT + 4
    door.post(page, {"do": "prepare", "ar": "60", "fr": "20"})  # the other language, later; no second batch in Arabic
    assert sorted(workshop.batches.values_list("lang", "forms")) == [("ar", 60), ("fr", 20)]


def test_numbered_forms_are_seen_and_asked_by_those_who_print_them(workshop: Workshop, member: Member) -> None:
    rooms.batch(workshop.consultation, workshop=workshop)
    said = "Contribution forms with a code"
    helper, visitor = Client(), Client()
    helper.force_login(UserFactory(role="team-member", at=member))  # keeps the door, and prints no form
    assert said not in visitor.get(address("workshop_kit", workshop)).content.decode()
    assert said not in helper.get(address("workshop_kit", workshop)).content.decode()
    page = helper.get(address("workshop_kit_archive", workshop)).content.decode()
    assert (said in page, 'name="fr"' in page) == (False, False)
    helper.post(address("workshop_kit_archive", workshop), {"do": "prepare", "fr": "30"})
    assert (workshop.batches.count(), KitPrinting.objects.count()) == (1, 1)


def test_archive_holds_the_names_of_the_day_and_the_disk_none(workshop: Workshop, door: Client, settings: Any) -> None:
    tasks.prepare_kit(workshop, at=timezone.now())
    tasks.print_kit.func(workshop.uid)
    InvitationFactory(meeting=workshop.meeting, name="Venue Depuis", category="civil-society")
    answer = door.get(address("workshop_kit_zip", workshop))
    assert answer["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as opened:  # type: ignore[attr-defined]
        assert opened.testzip() is None
        names = opened.namelist()
        assert len(names) == KEPT + 4
        [listed] = [name for name in names if "attendance-fr.docx" in name]
        with zipfile.ZipFile(io.BytesIO(opened.read(listed))) as document:
            assert "Venue Depuis" in document.read("word/document.xml").decode()
    kept = [one.name for one in (settings.HOME / "papers" / "workshops" / workshop.uid).iterdir()]
    assert (len(kept), [name for name in kept if name.startswith("attendance")]) == (KEPT, [])


def test_archive_is_for_those_at_the_door(workshop: Workshop, member: Member) -> None:
    visitor, moderator = Client(), Client()
    moderator.force_login(UserFactory(role="moderator", at=member))
    for name in ("workshop_kit_archive", "workshop_kit_zip"):
        url = address(name, workshop)
        assert (visitor.get(url).status_code, moderator.get(url).status_code) == (302, 403)
        assert moderator.post(url, {"do": "prepare"}).status_code == 403
    assert KitPrinting.objects.count() == 0


def test_work_stops_between_two_papers_keeps_what_is_printed_and_goes_on(workshop: Workshop, door: Client) -> None:
    page = address("workshop_kit_archive", workshop)
    row = tasks.prepare_kit(workshop, at=timezone.now())
    kit_exports.printed(workshop, "guide", lang="fr", format="pdf")
    KitPrinting.objects.update(state=State.RUNNING, moved_at=timezone.now())
    assert door.post(page, {"do": "stop"})["Location"] == page
    assert ("Stopping" in (text := door.get(page).content.decode()), 'value="stop"' in text) == (True, False)
    assert kit_printing.print_kit(row) == 0
    assert KitPrinting.objects.get().state == State.STOPPED
    text = door.get(page).content.decode()
    assert (f"1 of {KEPT} papers are printed." in text, "Prepare the archive" in text) == (True, True)
    door.post(page, {"do": "prepare"})
    assert tasks.print_kit.func(workshop.uid) == str(KEPT)


def test_work_that_waits_or_lost_its_worker_stops_at_once_and_may_be_asked_again(workshop: Workshop) -> None:
    now = timezone.now()
    tasks.prepare_kit(workshop, at=now)
    kit_printing.stop(workshop, at=now)
    assert KitPrinting.objects.get().state == State.STOPPED
    assert tasks.print_kit.func(workshop.uid) == "taken"
    KitPrinting.objects.update(state=State.RUNNING, moved_at=now)
    with pytest.raises(Refused):
        tasks.prepare_kit(workshop, at=now)
    later = now + kit_printing.LOST_AFTER + dt.timedelta(seconds=1)
    tasks.prepare_kit(workshop, at=later)
    assert KitPrinting.objects.get().state == State.WAITING


def test_kit_that_changed_since_is_printed_again_where_it_changed(workshop: Workshop, door: Client) -> None:
    tasks.prepare_kit(workshop, at=timezone.now())
    tasks.print_kit.func(workshop.uid)
    Workshop.objects.filter(pk=workshop.pk).update(tables=5)
    page = address("workshop_kit_archive", workshop)
    text = door.get(page).content.decode()
    assert ("Changed since it was prepared" in text, "Prepare the archive" in text) == (True, True)
    assert door.get(address("workshop_kit_zip", workshop))["Location"] == page
