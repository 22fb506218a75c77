"""The communication plan: who plans and words announcements, what is out, what everyone reads."""

from __future__ import annotations

import datetime as dt
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

from openregion.core.refusal import Refused
from openregion.cycle import actions, queries, rules
from openregion.cycle.models import Announcement, Cycle, Publication
from openregion.cycle.rules.communication import MOVES, Said
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from openregion.record.queries import search
from tests.factories.cycle import AnnouncementFactory, CycleFactory, PublicationFactory
from tests.factories.people import AT, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("D8")]
ROLES = (
    "administrator",
    "president",
    "council-secretary",
    "point-of-contact",
    "coordinator",
    "team-member",
    "moderator",
)
LANGUAGES = ("ar", "zgh", "fr", "en")
DAY = dt.date(2026, 2, 3)
TITLE = words("Rencontre à Chefchaouen", "لقاء بشفشاون", "Meeting in Chefchaouen")


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def cycle(member: Member) -> Cycle:
    return CycleFactory(member=member, dated=True)


@pytest.fixture
def staff(contact: User) -> Client:
    client = Client()
    client.force_login(contact)
    return client


def address(name: str, *args: Any, lang: str = "en") -> str:
    with override(lang):
        return reverse(name, args=["ici", "plan", 1, *args])


def page(client: Client, lang: str = "en") -> str:
    return " ".join(client.get(address("communication", lang=lang)).content.decode().split())


def said(**more: Any) -> Said:
    given: Any = {"stage": "plan-2", "kind": "announcement", "title": TITLE, "text": {}, "planned_on": DAY, **more}
    return given


@pytest.mark.parametrize("state", sorted(MOVES))
@pytest.mark.parametrize("role", [*ROLES, ""])
def test_announcements_are_made_by_those_the_guide_names(member: Member, cycle: Cycle, role: str, state: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    one = AnnouncementFactory(cycle=cycle, out=state == "published")
    given = {
        "plan_announcement": rules.why_not_plan_announcement(by, cycle, said()),
        "revise_announcement": rules.why_not_revise_announcement(by, one, said()),
        "record_publication": rules.why_not_record_publication(by, one, where="Radio", on=DAY),
    }
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    allowed = {"plan_announcement", *MOVES[state]}
    assert {deed for deed, reason in given.items() if not reason} == {
        deed for deed in given if named and deed in named.deeds and deed in allowed
    }


def test_announcement_is_planned_worded_and_out_once_each(contact: User, cycle: Cycle) -> None:
    one = actions.plan_announcement(cycle, said=said(), by=contact, at=AT)
    with pytest.raises(Refused):
        actions.plan_announcement(cycle, said=said(), by=contact, at=AT)
    with pytest.raises(Refused):  # no words yet
        actions.record_publication(one, where="Radio", on=DAY, by=contact, at=AT)
    worded = said(text=words("Venez.", "مرحبا."))
    actions.revise_announcement(one, said=worded, by=contact, at=AT)
    with pytest.raises(Refused):
        actions.revise_announcement(one, said=worded, by=contact, at=AT)
    actions.record_publication(one, where="Radio", on=DAY, by=contact, at=AT)
    with pytest.raises(Refused):
        actions.record_publication(one, where="Radio", on=DAY, by=contact, at=AT)
    with pytest.raises(Refused):
        actions.revise_announcement(one, said=said(), by=contact, at=AT)
    actions.record_publication(one, where="Affichage", on=DAY - dt.timedelta(days=2), by=contact, at=AT)
    one.refresh_from_db()
    assert (one.published_on, one.publications.count()) == (DAY - dt.timedelta(days=2), 2)


@pytest.mark.parametrize("wrong", [{"stage": "candidacy-1"}, {"kind": "rumour"}, {"title": {}}])
def test_what_says_nothing_is_refused(contact: User, cycle: Cycle, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        actions.plan_announcement(cycle, said=said(**wrong), by=contact, at=AT)
    assert Announcement.objects.count() == 0


@pytest.mark.parametrize("wrong", [{"where": " "}, {"on": dt.date(2999, 1, 1)}])
def test_publication_to_come_or_nowhere_is_refused(contact: User, cycle: Cycle, wrong: dict[str, Any]) -> None:
    one = AnnouncementFactory(cycle=cycle)
    with pytest.raises(Refused):
        actions.record_publication(one, **{"where": "Radio", "on": DAY, **wrong}, by=contact, at=AT)
    assert Publication.objects.count() == 0


def test_visitors_read_what_is_out_and_where(staff: Client, cycle: Cycle) -> None:
    AnnouncementFactory(cycle=cycle, title=words("Pas encore", "ليس بعد", "Not yet"))
    out = AnnouncementFactory(cycle=cycle, title=TITLE, out=True)
    seen, all_of_it = page(Client()), page(staff)
    assert ("Meeting in Chefchaouen" in seen, "Not yet" in seen) == (True, False)
    assert ("Meeting in Chefchaouen" in all_of_it, "Not yet" in all_of_it) == (True, True)
    assert out.publications.get().where in seen
    with override("en"):
        file = reverse("publication_file", args=["ici", out.publications.get().pk])
    assert file in seen
    answer = Client().get(file)
    assert (answer.status_code, b"".join(answer.streaming_content)[:3]) == (200, b"a,b")


def test_press_note_begins_with_the_guides_words_in_each_language(staff: Client, cycle: Cycle) -> None:
    asked = staff.get(address("new_announcement") + "?stage=plan-2&words=guide").content.decode()
    book = guides.stage(guides.guide("ma-region-2021"), "plan-2")
    assert book is not None
    for lang in ("fr", "ar", "en"):
        assert queries.proposed_words(cycle, "plan-2")[f"title_{lang}"] == book.title.in_(lang)
    assert book.intro.ar[:40] in asked
    assert queries.proposed_words(cycle, "nothing") == {}


def test_staff_plan_word_and_record_on_the_pages(staff: Client, cycle: Cycle) -> None:
    typed = {
        "stage": "plan-2",
        "kind": "press-note",
        "planned_on": "2026-02-03",
        "title_fr": "Titre",
        "title_ar": "عنوان",
    }
    assert staff.post(address("new_announcement"), typed)["Location"] == address("communication")
    again = staff.post(address("new_announcement"), typed)
    assert (again.status_code, "عنوان" in again.content.decode()) == (200, True)
    one = Announcement.objects.get()
    edit, out = address("edit_announcement", one.uid), address("new_publication", one.uid)
    assert "عنوان" in staff.get(edit).content.decode()
    assert staff.post(edit, {**typed, "text_fr": "Venez nombreux"}).status_code == 302
    shown = SimpleUploadedFile("page.csv", b"a,b\n1,2\n")
    given = {"where": "Journal local", "on": "2026-02-04", "url": "https://example.org/n", "upload": shown}
    assert staff.post(out, given).status_code == 302
    assert staff.post(out, {**given, "upload": ""}).status_code == 200
    assert "https://example.org/n" in page(Client())


def test_search_finds_what_is_out_and_not_what_is_planned(contact: User, member: Member, cycle: Cycle) -> None:
    one = actions.plan_announcement(cycle, said=said(text=words("Zéphyr au théâtre", "زفير")), by=contact, at=AT)
    assert search("zéphyr", lang="fr", member_code="ici") == []
    actions.record_publication(one, where="Radio", on=DAY, by=contact, at=AT)
    (hit,) = search("zéphyr", lang="fr", member_code="ici")
    assert (hit.kind, hit.path.endswith(f"communication/#{one.uid}")) == ("announcement", True)
    assert [entry["lang"] for entry in queries.findable_announcements(member)] == ["fr", "ar", "en"]


def test_due_announcements_are_late_soon_or_just_out(member: Member, contact: User, cycle: Cycle) -> None:
    today = timezone.localdate()
    late = AnnouncementFactory(cycle=cycle, planned_on=today - dt.timedelta(days=1))
    soon = AnnouncementFactory(cycle=cycle, planned_on=today + dt.timedelta(days=3))
    AnnouncementFactory(cycle=cycle, out=True)
    out = AnnouncementFactory(cycle=cycle)
    actions.record_publication(out, where="Radio", on=today, by=contact, at=AT)
    due = {one.key: one.state(today) for one in queries.due_communication(member, today)}
    assert due == {
        f"announcement:{late.uid}": "late",
        f"announcement:{soon.uid}": "soon",
        f"announcement:{out.uid}": "done",
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_of_communication_open_in_every_language(staff: Client, cycle: Cycle, lang: str) -> None:
    assert Client().get(address("communication", lang=lang)).status_code == 200
    one = AnnouncementFactory(cycle=cycle)
    AnnouncementFactory(cycle=cycle, out=True)
    for client in (Client(), staff):
        assert client.get(address("communication", lang=lang) + "?again=1").status_code == 200
    for name, rest in (
        ("new_announcement", ()), ("edit_announcement", (one.uid,)), ("new_publication", (one.uid,)),
    ):  # fmt: skip
        path = address(name, *rest, lang=lang)
        assert (staff.get(path).status_code, Client().get(path).status_code) == (200, 302)


def test_page_asks_as_much_for_one_row_as_for_thirty(staff: Client, member: Member, cycle: Cycle) -> None:
    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as seen:
            staff.get(address("communication"))
        with CaptureQueriesContext(connection) as due:
            queries.due_communication(member, timezone.localdate())
        return len(seen), len(due)

    AnnouncementFactory(cycle=cycle, out=True)
    asked()
    few = asked()
    for one in AnnouncementFactory.create_batch(29, cycle=cycle, out=True):
        PublicationFactory.create_batch(2, announcement=one)
    assert asked() == few


@pytest.mark.row("O-8")
def test_announcements_of_another_member_are_not_found(staff: Client, cycle: Cycle) -> None:
    theirs = AnnouncementFactory(cycle=CycleFactory(member=MemberFactory(slug="ailleurs")), out=True)
    for name in ("edit_announcement", "new_publication"):
        assert staff.get(address(name, theirs.uid)).status_code == 404
    with override("en"):
        assert staff.get(reverse("publication_file", args=["ici", theirs.publications.get().pk])).status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_deeds_of_communication_leave_a_sentence(contact: User, cycle: Cycle, lang: str) -> None:
    for kind in ("announcement", "press-note"):
        one = actions.plan_announcement(cycle, said=said(kind=kind), by=contact, at=AT)
        actions.revise_announcement(one, said=said(kind=kind, text=TITLE), by=contact, at=AT)
        actions.record_publication(one, where="Radio", on=DAY, by=contact, at=AT)
    with override(lang):
        sentences = [
            render_to_string(f"cycle/journal/{line.verb}.html", {"facts": line.facts, "member": cycle.member})
            for line in JournalLine.objects.filter(room="cycle")
        ]
    assert len(sentences) == 6
    assert all(len(sentence.strip()) > 20 for sentence in sentences)
    assert not any("Chefchaouen" in sentence for sentence in sentences)


def test_index_read_again_finds_the_same_announcements(member: Member, cycle: Cycle) -> None:
    one = AnnouncementFactory(cycle=cycle, out=True)
    AnnouncementFactory(cycle=cycle)
    found = [entry for entry in queries.findable(member) if entry["kind"] == "announcement"]
    assert {entry["subject_uid"] for entry in found} == {one.uid}
    assert set(queries.PUBLISHED_KINDS) >= {entry["kind"] for entry in found}
