"""The desk's lines, one by one: who reads them, where they lead, what they count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.admission import actions as admissions
from openregion.cycle import actions, queries
from openregion.people.models import Member, User
from openregion.record.actions import store_file, write_line
from openregion.web.queries.desk import Desk, Line, desk_of, due_of
from tests.factories.admission import ContactFactory, DossierFactory
from tests.factories.cycle import CycleFactory, OperationFactory
from tests.factories.desk import InvitationFactory, MeetingFactory
from tests.factories.letters import FACTS, issued
from tests.factories.people import AT, BodyFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _own_files_in_english(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    with override("en"):
        yield


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def shown(user: User, member: Member, *, mine: bool = True, code: str = "") -> list[Line]:
    with override("en"):
        desk = desk_of(user, member, mine=mine)
    return [line for one in desk.sections if code in ("", one.code) for line in (*one.lines, *one.folded)]


def read(user: User, member: Member) -> Desk:
    with override("en"):
        return desk_of(user, member, mine=True)


def test_letter_that_waits_for_the_presidents_signature_is_on_their_desk(member: Member, contact: User) -> None:
    president = UserFactory(role="president", at=member)
    waits = issued(member, contact)
    issued(member, contact, "press-note")
    (line,) = [one for one in shown(president, member) if "etter no." in one.label]
    assert line.label == f"Sign letter no. {waits.number}/{waits.year}: Letter to the Wali on an item of the agenda"
    assert (line.may, line.url, read(president, member).mine_count >= 1) == (
        True,
        reverse("letter", args=["ici", waits.uid]),
        True,
    )
    for mine in (True, False):
        (theirs,) = [one for one in shown(contact, member, mine=mine) if "etter no." in one.label]
        assert theirs.label.endswith("waits for its signed copy: Letter to the Wali on an item of the agenda")
        assert theirs.act_url == reverse("attach_scan", args=["ici", waits.uid])


def test_support_letter_signed_in_the_candidacy_waits_for_no_other_copy(member: Member, contact: User) -> None:
    dossier = DossierFactory(cycle=CycleFactory(member=member, admission=True))
    head = admissions.add_support(
        dossier, signer="head", organisation="", name="Personne inventée", title="Présidente", by=contact, at=AT
    )
    letter = head.letter
    assert letter is not None
    for part in ("addressee", "title", "text", "signatory"):
        said = getattr(letter, part)
        for lang, one in said.items():
            for word, given in FACTS.items():
                one["text"] = one["text"].replace("{" + word + "}", given[lang])
    letter.save()
    actions.issue_letter(letter, by=contact, at=AT)
    assert [one.key for one in queries.due_letters(member, AT.date())] == [
        f"letter-sign-{letter.uid}",
        f"letter-scan-{letter.uid}",
    ]
    upload = SimpleUploadedFile("s.pdf", PDF)
    scan = store_file(upload=upload, member_code=member.slug, by_ref=contact.reference, at=AT)
    admissions.sign_support(head, scan=scan, signed_on=AT.date(), by=contact, at=AT)
    letter.refresh_from_db()
    assert (letter.scan, queries.due_letters(member, AT.date())) == (scan, ())


@pytest.mark.row("A5")
@pytest.mark.parametrize(
    ("kind", "body", "guest", "counts"),
    [
        ("ordinary-session", "council", "", False),
        ("ordinary-session", "council", "civil-society", False),
        ("body", "forum", "", True),
        ("multi-stakeholder", "", "", True),
        ("launch", "", "", True),
        ("exchange", "", "civil-society", True),
        ("exchange", "", "national-government", False),
    ],
)
def test_meeting_with_civil_society_is_never_a_session(
    member: Member, contact: User, kind: str, body: str, guest: str, counts: bool
) -> None:
    of = BodyFactory(authority=member.authorities.get(), kind=body) if body else None
    held = MeetingFactory(member=member, cycle=None, kind=kind, body=of)
    if guest:
        InvitationFactory(meeting=held, category=guest)
    said = read(contact, member).duties[0].figures[0].sentence
    assert said.startswith("Last meeting with civil society:") is counts


@pytest.mark.row("A5")
def test_what_an_ended_stage_left_is_one_line_and_each_duty_keeps_its_count(member: Member, contact: User) -> None:
    cycle = CycleFactory(member=member, dated=True)
    found = [one for one in queries.due_operations(member, timezone.localdate()) if one.key.startswith("settle:")]
    assert [one.key for one in found] == [f"settle:{cycle.uid}:plan-1"]
    (line,) = found
    left = cycle.operations.filter(stage="plan-1").count()
    assert (line.day, line.url.endswith("#plan-1"), str(left) in line.label) == (None, True, True)
    book = queries.book_of(cycle)
    known = queries.written_operations(book, cycle.kind)
    served = [
        known[one.code][1].duties[0] for one in cycle.operations.filter(stage="plan-1") if known[one.code][1].duties
    ]
    assert sum(one.count for one in line.shares) == len(served)
    civil = read(contact, member).duties[0]
    many = sum(one.count for one in line.shares if one.duty == "civil-society")
    assert any(f"{many} operation" in one.label for one in civil.lines) is bool(many)


def test_dated_lines_come_before_those_to_settle(member: Member, contact: User) -> None:
    CycleFactory(member=member, dated=True)
    keys = [one.key for one in due_of(member, timezone.localdate()) if one.key.startswith(("operation:", "settle:"))]
    assert keys[-1].startswith("settle:")
    assert [key for key in keys[:-1] if key.startswith("settle:")] == []


def test_buttons_lead_to_the_form_and_titles_to_the_page(client: Client, member: Member, contact: User) -> None:
    cycle = CycleFactory(member=member, dated=True)
    one = OperationFactory(cycle=cycle)
    page, form = (reverse(name, args=["ici", "plan", 1, one.code]) for name in ("operation", "plan_operation"))
    (line,) = [each for each in shown(contact, member) if each.url == page]
    assert (line.act_url, line.linked) == (form, True)
    client.force_login(contact)
    html = client.get(reverse("desk", args=["ici"])).content.decode()
    assert html.count(f'href="{page}"') == 1 + sum(
        each.url == page for duty in read(contact, member).duties for each in duty.lines
    )
    assert f'href="{form}"' in html
    assert '<span class="visually-hidden">: ' in html


def test_same_operations_are_late_on_the_desk_and_in_the_cycles_page(member: Member, contact: User) -> None:
    cycle = CycleFactory(member=member, dated=True)
    today = timezone.localdate()
    planned, body = OperationFactory(cycle=cycle), BodyFactory(authority=member.authorities.get())
    actions.plan_operation(planned, planned_on=today - dt.timedelta(days=3), by=contact, at=AT)
    ended = list(cycle.operations.filter(stage="plan-1")[:3])
    actions.plan_operation(ended[0], assignee=contact, by=contact, at=AT)
    actions.plan_operation(ended[1], body=body, by=contact, at=AT)
    late = {one.url for one in queries.due_operations(member, today) if one.state(today) == "late"}
    page = queries.cycle_page(cycle, member)
    assert {one.url for stage in page.stages for one in stage.operations if one.late} == late
    assert (len(late), page.late) == (3, 3)
    with override("en"):
        said = " ".join(block for stage in queries.cycle_page(cycle, member).stages for block in stage.blocks)
    assert said.count("Late since") == 3


def test_done_this_week_is_told_from_the_journal(client: Client, member: Member, contact: User) -> None:
    other = UserFactory(role="coordinator", at=member)
    for by, days in ((contact, 1), (contact, 2), (other, 1), (contact, 9)):
        write_line(
            room="cycle", verb="convene_meeting", subject_type="Meeting", subject_uid="x", member_code="ici",
            by_ref=by.reference, at=timezone.now() - dt.timedelta(days=days),
            facts={"kind": "public", "number": 1, "day": "2026-05-05"},
        )  # fmt: skip
    counts = []
    for mine in (True, False):
        (done,) = [one for one in desk_of(contact, member, mine=mine).sections if one.code == "done"]
        counts.append([1 + one.more for one in done.told])
    assert counts == [[2], [3]]
    client.force_login(contact)
    html = client.get(reverse("desk", args=["ici"])).content.decode()
    assert 'id="done"' in html


def test_lines_that_wait_for_others_offer_an_act_and_a_reminder(member: Member, contact: User) -> None:
    issued(member, contact)
    (line,) = shown(contact, member, code="waiting")
    assert (line.may, line.remind) == (True, reverse("new_exchange", args=["ici"]))


def test_nomination_made_before_the_candidacy_is_offered_as_its_proof(member: Member, contact: User) -> None:
    today = timezone.localdate()
    named = ContactFactory(member=member, starts_on=today - dt.timedelta(days=60))
    cycle = CycleFactory(member=member, admission=True, opened_on=today - dt.timedelta(days=5))
    one = cycle.operations.get(code="name-point-of-contact")
    with override("en"):
        (line,) = [each for each in due_of(member, today) if each.key == f"proved-before:{one.uid}"]
    assert line.label.startswith(f"The point of contact was named by act no. {named.act.number}")
    assert line.act_url == reverse("prove_operation", args=["ici", "candidacy", cycle.number, one.code])


@pytest.mark.parametrize(("role", "page"), [("point-of-contact", "desk"), ("", "home")])
def test_whoever_signs_in_lands_on_their_desk(client: Client, member: Member, role: str, page: str) -> None:
    client.force_login(UserFactory(role=role, at=member) if role else UserFactory())
    args = ["ici"] if page == "desk" else []
    assert client.get(reverse("arrived")).headers["Location"] == reverse(page, args=args)


def test_sign_in_asks_for_the_desk(settings: Any) -> None:
    assert settings.LOGIN_REDIRECT_URL == "arrived"


def test_tools_of_the_work_stand_on_the_desk_and_in_the_foot(client: Client, member: Member, contact: User) -> None:
    cycle = CycleFactory(member=member)
    at = [member.slug, cycle.kind, cycle.number]
    wanted = {reverse(name, args=["ici"]) for name in (
        "letters", "contacts", "meetings", "exchanges", "peer_activities", "calendar", "backward_planning",
        "recordings", "workshops", "participation_calls", "reports",
    )} | {reverse(name, args=at) for name in ("council_files", "communication", "hand_over")}  # fmt: skip
    assert wanted - {url for _name, url in read(contact, member).tools} == set()
    home = reverse("member_home", args=["ici"])
    assert reverse("letters", args=["ici"]) not in client.get(home).content.decode()
    client.force_login(contact)
    assert reverse("letters", args=["ici"]) in client.get(home).content.decode()


@pytest.mark.parametrize(
    ("role", "expected"),
    [("rapporteur", {"recordings", "workshops"}), ("moderator", {"moderation"})],
)
def test_desk_lists_the_tools_of_a_consultation_that_a_role_opens(
    member: Member, role: str, expected: set[str]
) -> None:
    named = {"moderation", "recordings", "workshops", "participation_calls", "reports"}
    urls = {reverse(name, args=["ici"]): name for name in named}
    found = {urls[url] for _label, url in read(UserFactory(role=role, at=member), member).tools if url in urls}
    assert found >= expected
    assert "participation_calls" not in found
