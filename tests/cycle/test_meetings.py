"""Meetings: who may do what in which state, what guests are told, what is public and what never is."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from openregion.core.paper import Note, Table
from openregion.core.refusal import Refused
from openregion.cycle import actions, rules
from openregion.cycle.models import Invitation, Meeting, Proof
from openregion.cycle.papers import attendance_paper
from openregion.cycle.queries import due_meetings
from openregion.cycle.queries.guests import Guest, guest_from, hashed, seated_guests
from openregion.cycle.queries.meetings import quorum_of
from openregion.guide import queries as guides
from openregion.people.models import Member, OutgoingMail, User
from openregion.record.models import JournalLine
from tests.factories.cycle import CycleFactory
from tests.factories.directory import ContactFactory
from tests.factories.meetings import (
    KEY,
    AgendaItemFactory,
    InvitationFactory,
    MeetingFactory,
    MeetingPaperFactory,
    minuted,
)
from tests.factories.people import AppointmentFactory, BodyFactory, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("B1")]
ROLES = (
    "administrator", "president", "council-secretary", "point-of-contact", "coordinator", "team-member", "moderator",
    "",
)  # fmt: skip
STATES = ("planned", "convened", "held", "cancelled")


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return UserFactory(role="council-secretary", at=member)


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tomorrow(days: int = 1) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=days)


# --- who may do what, in which state ----------------------------------------------


def asked(meeting: Meeting, guest: Invitation, by: User) -> dict[str, str]:
    """Ask every rule of a meeting for an act that nothing else would refuse."""
    now, item = timezone.now(), meeting.agenda.get()
    return {
        "revise_meeting": rules.why_not_revise_meeting(
            by, meeting, title=words("Autre"), starts_at=tomorrow(), ends_at=None, operations=[], asked_by=""
        ),
        "add_to_agenda": rules.why_not_add_to_agenda(by, meeting, title=words("Autre"), late_reason=words("Urgence")),
        "remove_from_agenda": rules.why_not_remove_from_agenda(by, item),
        "add_meeting_paper": rules.why_not_add_meeting_paper(
            by, meeting, title=words("Note"), sent_on=timezone.localdate()
        ),
        "invite_to_meeting": rules.why_not_invite(by, meeting, names=["Quelqu'un"], foreign=False),
        "withdraw_invitation": rules.why_not_withdraw_invitation(by, guest),
        "convene_meeting": rules.why_not_convene_meeting(by, meeting, at=meeting.starts_at - dt.timedelta(days=1)),
        "record_answer": rules.why_not_record_answer(by, guest, answer="coming", stand_in="", at=now),
        "check_in": rules.why_not_check_in(by, meeting, name="Quelqu'un", at=meeting.starts_at),
        "hold_meeting": rules.why_not_hold_meeting(
            by, meeting, closed_on=timezone.localdate(meeting.starts_at), quorum_met=None, members_in_office=None
        ),
        "convene_again": rules.why_not_convene_again(by, meeting, starts_at=tomorrow()),
        "cancel_meeting": rules.why_not_cancel_meeting(by, meeting, reason=words("Grève")),
        "record_decision": rules.why_not_record_decision(
            by, item, decision=words("Oui"), at=meeting.starts_at + dt.timedelta(hours=1)
        ),
        "draft_minutes": rules.why_not_draft_minutes(by, meeting, text=words("Texte")),
    }


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_meeting_is_changed_by_those_the_guide_names_in_the_states_that_allow_it(
    member: Member, role: str, state: str
) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    quorum = {"quorum_met": False} if state == "held" else {}
    meeting = MeetingFactory(member=member, state=state, starts_at=tomorrow(-1), **quorum)
    guest = InvitationFactory(meeting=meeting)
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    held = set(named.deeds) if named else set()
    expected = set(rules.MEETING_MOVES[Meeting.State(state)]) & held
    if state == "held":
        expected -= {"record_decision"}  # its quorum was not met: nothing could be decided
    assert {deed for deed, reason in asked(meeting, guest, by).items() if not reason} == expected


def test_every_state_is_reached_and_moves_name_deeds_that_exist() -> None:
    moves = rules.MEETING_MOVES
    assert set(moves) == set(Meeting.State)
    assert {after for row in moves.values() for after in row.values()} | {Meeting.State.PLANNED} == set(Meeting.State)
    assert all(callable(getattr(actions, deed)) for row in moves.values() for deed in row)


@pytest.mark.parametrize("role", ROLES)
def test_meeting_is_planned_by_those_the_guide_names(member: Member, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    refusal = rules.why_not_plan_meeting(
        by, member, kind="public", title=words("Réunion"), starts_at=tomorrow(), ends_at=None, body=None, cycle=None,
        operations=[], asked_by="",
    )  # fmt: skip
    assert (refusal == "") == bool(named and "plan_meeting" in named.deeds)


# --- planning ----------------------------------------------------------------------


def plan(member: Member, by: User, **more: Any) -> Meeting:
    given = {"kind": "public", "title": words("Rencontre"), "purpose": {}, "starts_at": tomorrow(20)} | more
    return actions.plan_meeting(member=member, by=by, at=timezone.now(), **given)


def test_planned_meetings_are_numbered_at_their_member_and_written_in_the_journal(member: Member, by: User) -> None:
    first, second = plan(member, by), plan(member, by, title=words("Autre rencontre"))
    there = MemberFactory()
    elsewhere = plan(there, UserFactory(role="council-secretary", at=there))
    assert (first.number, second.number, elsewhere.number) == (1, 2, 1)
    line = JournalLine.objects.get(verb="plan_meeting", subject_uid=second.uid)
    assert line.facts == {"kind": "public", "number": 2, "day": timezone.localdate(second.starts_at).isoformat()}


def test_same_meeting_is_planned_once(member: Member, by: User) -> None:
    at = tomorrow(20)
    plan(member, by, starts_at=at)
    with pytest.raises(Refused):
        plan(member, by, starts_at=at)
    assert Meeting.objects.of(member).count() == 1


@pytest.mark.parametrize(
    ("kind", "body_kind", "asked_by", "fine"),
    [
        ("ordinary-session", "council", "", True),
        ("ordinary-session", "forum", "", False),
        ("ordinary-session", "", "", False),
        ("extraordinary-session", "council", "", False),
        ("extraordinary-session", "council", "Un tiers des membres", True),
        ("bureau", "bureau", "", True),
        ("commission", "council-commission", "", True),
        ("commission", "council", "", False),
        ("joint-commission", "", "", True),
        ("body", "forum", "", True),
        ("body", "", "", False),
        ("launch", "", "", True),
    ],
)
def test_sittings_name_the_body_that_meets_and_an_extraordinary_one_who_asked(
    member: Member, by: User, kind: str, body_kind: str, asked_by: str, fine: bool
) -> None:
    body = BodyFactory(authority=member.authorities.get(), kind=body_kind) if body_kind else None
    if fine:
        assert plan(member, by, kind=kind, body=body, asked_by=asked_by).body == body
    else:
        with pytest.raises(Refused):
            plan(member, by, kind=kind, body=body, asked_by=asked_by)


def test_meeting_takes_no_body_cycle_or_operation_of_another(member: Member, by: User) -> None:
    theirs = CycleFactory()
    with pytest.raises(Refused):
        plan(member, by, kind="body", body=BodyFactory())
    with pytest.raises(Refused):
        plan(member, by, cycle=theirs)
    with pytest.raises(Refused):
        plan(member, by, cycle=CycleFactory(member=member), operations=["no-such-operation"])


def test_meeting_that_does_not_change_writes_no_line_and_tells_nobody(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, convened=True)
    InvitationFactory(meeting=meeting, sent=True)
    same = {name: getattr(meeting, name) for name in ("title", "purpose", "place", "starts_at", "ends_at")}
    actions.revise_meeting(meeting, **same, open_to_all=True, operations=[], by=by, at=timezone.now())
    assert not JournalLine.objects.filter(verb="revise_meeting").exists()
    assert not OutgoingMail.objects.exists()


def test_guests_convened_are_told_of_another_day_and_the_others_are_not(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, convened=True)
    told = InvitationFactory(meeting=meeting, sent=True, lang="ar")
    InvitationFactory(meeting=meeting)
    InvitationFactory(meeting=meeting, sent_at=timezone.now(), answer="declined")
    given = {
        "title": meeting.title,
        "purpose": meeting.purpose,
        "place": words("Ailleurs", "مكان آخر"),
        "starts_at": tomorrow(40),
    }
    for _press in range(2):
        actions.revise_meeting(
            meeting, **given, ends_at=None, open_to_all=True, operations=[], by=by, at=timezone.now()
        )
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.lang, mail.kind) == (told.email, "ar", "meeting-moved")
    assert ("مكان آخر" in mail.text, "Ailleurs" in mail.text) == (True, False)
    assert JournalLine.objects.get(verb="revise_meeting").facts["moved"] is True


# --- agenda and documents ------------------------------------------------------------


def test_point_added_once_the_agenda_was_sent_is_late_and_says_why(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member)
    now = timezone.now()
    early = actions.add_to_agenda(meeting, title=words("Budget"), late_reason=words("Rien"), by=by, at=now)
    meeting.agenda_sent_on = timezone.localdate()
    meeting.save()
    with pytest.raises(Refused):
        actions.add_to_agenda(meeting, title=words("Eau"), by=by, at=now)
    late = actions.add_to_agenda(meeting, title=words("Eau"), late_reason=words("Sécheresse"), by=by, at=now)
    with pytest.raises(Refused):
        actions.add_to_agenda(meeting, title=words("Eau"), late_reason=words("Sécheresse"), by=by, at=now)
    assert (early.late_reason, early.rank, late.rank) == ({}, 2, 3)
    lines = JournalLine.objects.filter(verb="add_to_agenda").order_by("pk")
    assert [(line.facts["point"], line.facts["late"]) for line in lines] == [(2, False), (3, True)]


def test_points_close_ranks_when_one_leaves(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, points=4)
    actions.remove_from_agenda(meeting.agenda.get(rank=2), by=by, at=timezone.now())
    assert list(meeting.agenda.values_list("rank", flat=True)) == [1, 2, 3]
    assert JournalLine.objects.get(verb="remove_from_agenda").facts["point"] == 2


def test_point_with_a_decision_stays(member: Member, by: User) -> None:
    item = AgendaItemFactory(meeting=MeetingFactory(member=member, points=0), decision=words("Adopté"))
    with pytest.raises(Refused):
        actions.remove_from_agenda(item, by=by, at=timezone.now())


def test_document_is_given_once_and_one_that_comes_late_is_marked(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, on_its_day=True)
    given = {"title": words("Note"), "public": True, "by": by, "at": timezone.now()}

    def give() -> Any:
        upload = SimpleUploadedFile("note.csv", b"a,b\n1,2\n")
        return actions.add_meeting_paper(meeting, upload=upload, sent_on=timezone.localdate(), **given)

    give()
    with pytest.raises(Refused):
        give()
    assert meeting.papers.count() == 1
    text = Client().get(address("meeting", "ici", meeting.number)).content.decode()
    assert "badge--late" in text


def test_document_for_the_guests_is_read_by_the_team_alone(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member)
    paper = MeetingPaperFactory(meeting=meeting, public=False, title=words("Note réservée"))
    where = address("meeting_file", "ici", meeting.number, paper.uid)
    page = address("meeting", "ici", meeting.number)
    assert Client().get(where).status_code == 404
    assert "Note réservée" not in Client().get(page).content.decode()
    response = signed_in(by).get(where)
    assert (response.status_code, b"".join(response.streaming_content)[:3]) == (200, b"a,b")
    assert "Note réservée" in signed_in(by).get(page).content.decode()


# --- guests --------------------------------------------------------------------------


def test_guests_come_from_seats_the_directory_and_by_name_each_once(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, session=True)
    contact = ContactFactory(member=member)
    seats = seated_guests(meeting.body, timezone.localdate())
    now = timezone.now()
    made = actions.invite_to_meeting(meeting, guests=[*seats, guest_from(contact)], by=by, at=now)
    assert (len(made), sum(one.votes for one in made)) == (4, 3)
    typed = Guest(name="Nadia Inventée", organisation="Ordre inventé", email="nadia@example.ma")
    actions.invite_to_meeting(meeting, guests=[typed, *seats], by=by, at=now)
    with pytest.raises(Refused):
        actions.invite_to_meeting(meeting, guests=[typed, *seats], by=by, at=now)
    assert meeting.invitations.count() == 5
    lines = JournalLine.objects.filter(verb="invite_to_meeting").order_by("pk")
    assert [line.facts["guests"] for line in lines] == [4, 1]
    assert not OutgoingMail.objects.exists()


def test_nobody_of_another_space_is_invited(member: Member, by: User) -> None:
    meeting, there = MeetingFactory(member=member), MeetingFactory(session=True)
    for guest in (guest_from(ContactFactory()), *seated_guests(there.body, timezone.localdate())):
        with pytest.raises(Refused):
            actions.invite_to_meeting(meeting, guests=[guest], by=by, at=timezone.now())


def test_convocation_leaves_once_to_each_address_with_a_key_kept_hashed(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member)
    guests = [InvitationFactory(meeting=meeting, lang=lang) for lang in ("fr", "ar")]
    InvitationFactory(meeting=meeting, email="")
    now = timezone.now()
    actions.convene_meeting(meeting, by=by, at=now)
    with pytest.raises(Refused):
        actions.convene_meeting(meeting, by=by, at=now)
    InvitationFactory(meeting=meeting)
    actions.convene_meeting(meeting, by=by, at=now)
    mails = list(OutgoingMail.objects.order_by("pk"))
    assert [(mail.to, mail.lang) for mail in mails[:2]] == [(one.email, one.lang) for one in guests]
    assert (len(mails), meeting.state, meeting.agenda_sent_on) == (3, "convened", timezone.localdate())
    key = re.search(r"/answers/([^/\s]+)/", mails[0].text)
    assert key is not None
    guests[0].refresh_from_db()
    assert guests[0].answer_hash == hashed(key[1])
    assert key[1] not in guests[0].answer_hash
    assert [line.facts["guests"] for line in JournalLine.objects.filter(verb="convene_meeting")] == [2, 1]


@pytest.mark.parametrize(("points", "guests", "hours"), [(0, 1, 5), (1, 0, 5), (1, 1, -5)])
def test_convocation_needs_an_agenda_guests_and_an_hour_to_come(
    member: Member, by: User, points: int, guests: int, hours: int
) -> None:
    starts_at = timezone.now() + dt.timedelta(hours=hours)
    meeting = MeetingFactory(member=member, private=True, points=points, starts_at=starts_at)
    for _guest in range(guests):
        InvitationFactory(meeting=meeting)
    with pytest.raises(Refused):
        actions.convene_meeting(meeting, by=by, at=timezone.now())


@pytest.mark.parametrize(
    ("more", "days", "warned"),
    [
        ({"session": True}, 3, "la règle demandait|The rule asked"),
        ({"session": True}, 12, "Convene by|Convoquer"),
        ({}, 10, "Good practice asked|Bonne pratique"),
        ({}, 30, "Good practice: convene by|Bonne pratique"),
    ],
)
def test_convening_page_says_how_long_the_notice_should_be(
    member: Member, by: User, more: dict[str, Any], days: int, warned: str
) -> None:
    meeting = MeetingFactory(member=member, starts_at=tomorrow(days), **more)
    text = signed_in(by).get(address("convene_meeting", "ici", meeting.number, lang="en")).content.decode()
    assert re.search(warned, text, re.IGNORECASE)


def test_withdrawn_guest_is_told_when_convened_and_leaves_no_name(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, convened=True)
    sent, unsent = InvitationFactory(meeting=meeting, sent=True), InvitationFactory(meeting=meeting)
    for guest in (sent, unsent):
        actions.withdraw_invitation(guest, by=by, at=timezone.now())
    assert OutgoingMail.objects.get().to == sent.email
    assert not meeting.invitations.exists()
    assert JournalLine.objects.filter(verb="withdraw_invitation").count() == 2


def test_answer_is_recorded_once_and_names_its_stand_in(member: Member, by: User) -> None:
    guest = InvitationFactory(meeting=MeetingFactory(member=member, convened=True))
    now = timezone.now()
    with pytest.raises(Refused):
        actions.record_answer(guest, answer="represented", by=by, at=now)
    for _press in range(2):
        actions.record_answer(guest, answer="represented", stand_in="Omar Inventé", by=by, at=now)
    assert JournalLine.objects.filter(verb="record_answer").count() == 1
    actions.record_answer(guest, answer="coming", stand_in="Omar Inventé", by=by, at=now)
    assert (guest.answer, guest.stand_in) == ("coming", "")


# --- the guest's own link --------------------------------------------------------------


def test_guest_answers_by_their_link_and_changes_it_until_the_meeting(member: Member) -> None:
    guest = InvitationFactory(meeting=MeetingFactory(member=member, convened=True), sent=True)
    where, client = address("answer_invitation", "ici", KEY), Client(enforce_csrf_checks=True)
    page = client.get(where)
    assert (page.status_code, page["Referrer-Policy"], page["X-Robots-Tag"]) == (200, "strict-origin", "noindex")
    guest.refresh_from_db()
    assert guest.answer == "none"
    for said, stand_in in (("coming", ""), ("represented", "Omar Inventé")):
        assert client.post(where, {"answer": said, "stand_in": stand_in}).status_code == 302
        guest.refresh_from_db()
        assert (guest.answer, guest.stand_in) == (said, stand_in)
    line = JournalLine.objects.filter(verb="record_answer").last()
    assert line is not None
    assert (line.by_ref, line.facts) == ("", {"kind": "public", "number": guest.meeting.number})


@pytest.mark.parametrize("trait", ["on_its_day", "held", "cancelled"])
def test_link_answers_no_more_once_the_meeting_is_there_or_gone(member: Member, trait: str) -> None:
    guest = InvitationFactory(meeting=MeetingFactory(member=member, **{trait: True}), sent=True)
    where = address("answer_invitation", "ici", KEY)
    response = Client().post(where, {"answer": "coming"})
    guest.refresh_from_db()
    assert (response.status_code, guest.answer) == (200, "none")
    assert 'name="answer"' not in Client().get(where).content.decode()


def test_link_opens_one_invitation_at_one_member_and_never_reaches_a_log(
    member: Member, caplog: pytest.LogCaptureFixture
) -> None:
    mine = InvitationFactory(meeting=MeetingFactory(member=member, convened=True), sent=True)
    other = InvitationFactory(meeting=MeetingFactory(member=member, convened=True), answer_hash=hashed("another-key"))
    MemberFactory(slug="ailleurs")
    with caplog.at_level(logging.DEBUG):
        for slug, key in (("ailleurs", KEY), ("ici", KEY[:-1]), ("ici", hashed(KEY)), ("ici", "x")):
            response = Client().post(address("answer_invitation", slug, key), {"answer": "coming"})
            assert response.status_code == 404
        Client(enforce_csrf_checks=True).post(address("answer_invitation", "ici", KEY), {"answer": "declined"})
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.answer, other.answer) == ("declined", "none")
    assert KEY[:-1] not in "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith("django.db"))


# --- at the door -----------------------------------------------------------------------


def test_tap_at_the_door_counts_once_and_is_undone(member: Member) -> None:
    client = signed_in(UserFactory(role="team-member", at=member))
    meeting = MeetingFactory(member=member, convened=True, on_its_day=True)
    guest = InvitationFactory(meeting=meeting)
    where = address("check_in", "ici", meeting.number)
    for _tap in range(2):
        response = client.post(where, {"came": guest.uid})
        assert response["Location"] == f"{where}#g-{guest.uid}"
    guest.refresh_from_db()
    assert guest.attended is True
    for _tap in range(2):
        client.post(where, {"undo": guest.uid})
    guest.refresh_from_db()
    assert (guest.attended, guest.checked_in_at) == (None, None)
    came = [line.facts["came"] for line in JournalLine.objects.filter(verb="check_in").order_by("pk")]
    assert came == [True, False]


def test_walk_in_is_added_once_and_leaves_when_undone(member: Member, by: User) -> None:
    client = signed_in(by)
    meeting = MeetingFactory(member=member, convened=True, on_its_day=True)
    where = address("check_in", "ici", meeting.number)
    typed = {"walk_in": "1", "name": "Salma Inventée", "organisation": "Voisins", "category": "civil-society"}
    for _press in range(2):
        assert client.post(where, typed).status_code == 302
    guest = meeting.invitations.get()
    assert (guest.on_the_spot, guest.attended, guest.name) == (True, True, "Salma Inventée")
    client.post(where, {"undo": guest.uid})
    assert not meeting.invitations.exists()


def test_walk_in_already_invited_is_that_guest(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, on_its_day=True)
    invited = InvitationFactory(meeting=meeting)
    typed = Guest(name=invited.name.upper(), organisation=invited.organisation)
    found = actions.check_in(meeting, guest=typed, by=by, at=timezone.now())
    assert (found.pk, found.on_the_spot, found.attended) == (invited.pk, False, True)


def test_presence_waits_for_the_day_and_closes_with_the_minutes(member: Member, by: User) -> None:
    early, held = MeetingFactory(member=member), MeetingFactory(member=member, held=True)
    guests = [InvitationFactory(meeting=one) for one in (early, held)]
    with pytest.raises(Refused):
        actions.check_in(early, guest=guests[0], by=by, at=timezone.now())
    actions.check_in(held, guest=guests[1], by=by, at=timezone.now())
    minuted(held, by=by, upto="approved")
    with pytest.raises(Refused):
        actions.check_in(held, guest=guests[1], came=False, by=by, at=timezone.now())


# --- quorum and holding ------------------------------------------------------------------


@pytest.mark.parametrize(("came", "enough"), [(0, False), (1, False), (2, True), (3, True)])
@pytest.mark.row("O-6")
def test_quorum_is_more_than_half_of_the_members_in_office(member: Member, by: User, came: int, enough: bool) -> None:
    meeting = MeetingFactory(member=member, session=True, on_its_day=True)
    actions.invite_to_meeting(
        meeting, guests=seated_guests(meeting.body, timezone.localdate()), by=by, at=timezone.now()
    )
    for guest in meeting.invitations.all()[:came]:
        actions.check_in(meeting, guest=guest, by=by, at=timezone.now())
    InvitationFactory(meeting=meeting, came=True)  # who has no vote counts for nothing here
    found = quorum_of(meeting, member)
    assert found is not None
    assert (found.present, found.members, found.enough, found.valid_anyway) == (came, 3, enough, False)


def test_half_is_not_more_than_half(member: Member) -> None:
    meeting = MeetingFactory(member=member, session=True, on_its_day=True)
    seat = meeting.body.seats.first()
    seat.votes = False
    seat.save()
    InvitationFactory(meeting=meeting, votes=True, came=True)
    found = quorum_of(meeting, member)
    assert found is not None
    assert (found.present, found.members, found.enough) == (1, 2, False)


def test_held_meeting_proves_the_operations_it_names_once(member: Member, by: User) -> None:
    cycle = CycleFactory(member=member)
    codes = list(cycle.operations.values_list("code", flat=True)[:2])
    meeting = MeetingFactory(member=member, cycle=cycle, operations=codes, on_its_day=True)
    given = {"closed_on": timezone.localdate(), "by": by, "at": timezone.now()}
    actions.hold_meeting(meeting, **given)
    with pytest.raises(Refused):
        actions.hold_meeting(meeting, **given)
    proofs = Proof.objects.filter(operation__cycle=cycle)
    assert {(one.operation.code, one.kind, one.subject_uid) for one in proofs} == {
        (code, "meeting", meeting.uid) for code in codes
    }
    assert JournalLine.objects.get(verb="hold_meeting").facts["quorum_met"] is None


def test_sitting_without_quorum_proves_nothing_and_is_followed_to_a_third(member: Member, by: User) -> None:
    cycle = CycleFactory(member=member)
    codes = list(cycle.operations.values_list("code", flat=True)[:1])
    sitting = MeetingFactory(member=member, session=True, cycle=cycle, operations=codes, on_its_day=True)
    actions.invite_to_meeting(
        sitting, guests=seated_guests(sitting.body, timezone.localdate()), by=by, at=timezone.now()
    )
    first = sitting
    for number in (2, 3):
        at = sitting.starts_at
        given = {"closed_on": timezone.localdate(at), "members_in_office": 3, "quorum_met": False}
        Meeting.objects.filter(pk=sitting.pk).update(starts_at=at)
        actions.hold_meeting(sitting, **given, by=by, at=timezone.now())
        again = {
            "starts_at": at + dt.timedelta(seconds=1),
            "place": words("Même salle"),
            "by": by,
            "at": timezone.now(),
        }
        following = actions.convene_again(sitting, **again)
        with pytest.raises(Refused):
            actions.convene_again(sitting, **again)
        assert (following.number, following.follows, following.agenda.count()) == (number, sitting, 1)
        assert following.invitations.filter(sent_at=None, votes=True).count() == 3
        sitting = following
    assert not Proof.objects.filter(operation__cycle=cycle).exists()
    found = quorum_of(sitting, member)
    assert found is not None
    assert found.valid_anyway
    page = signed_in(by).get(address("meeting", "ici", sitting.number, lang="en")).content.decode()
    assert "Third sitting" in page
    actions.hold_meeting(
        sitting, closed_on=timezone.localdate(), members_in_office=3, quorum_met=True, by=by, at=timezone.now()
    )
    assert Proof.objects.filter(operation__cycle=cycle).count() == 1
    assert Meeting.objects.get(pk=first.pk).quorum_met is False


def test_session_is_not_held_without_saying_its_quorum(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, session=True, on_its_day=True)
    with pytest.raises(Refused):
        actions.hold_meeting(meeting, closed_on=timezone.localdate(), by=by, at=timezone.now())


def test_cancelled_meeting_says_why_and_tells_its_guests(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, convened=True)
    InvitationFactory(meeting=meeting, sent=True)
    reason = words("Inondation de la salle", "غمرت المياه القاعة")
    actions.cancel_meeting(meeting, reason=reason, by=by, at=timezone.now())
    with pytest.raises(Refused):
        actions.cancel_meeting(meeting, reason=reason, by=by, at=timezone.now())
    assert "Inondation de la salle" in OutgoingMail.objects.get().text
    assert "Inondation de la salle" in Client().get(address("meeting", "ici", meeting.number)).content.decode()


def test_decision_waits_for_the_day_and_is_public(member: Member, by: User) -> None:
    early, there = MeetingFactory(member=member), MeetingFactory(member=member, on_its_day=True)
    decision = words("La commission retient trois engagements.")
    with pytest.raises(Refused):
        actions.record_decision(early.agenda.get(), decision=decision, by=by, at=timezone.now())
    for _press in range(2):
        actions.record_decision(there.agenda.get(), decision=decision, by=by, at=timezone.now())
    assert JournalLine.objects.get(verb="record_decision").facts["point"] == 1
    assert "trois engagements" in Client().get(address("meeting", "ici", there.number)).content.decode()


# --- pages -----------------------------------------------------------------------------


PRIVATE = ("Invitée Secrète", "Association discrète", "invitee-", "Omar Inventé", "Adjointe inventée")


def public_addresses(meeting: Meeting) -> list[str]:
    slug, number = meeting.member.slug, meeting.number
    return [address("meetings", slug), address("meeting", slug, number), address("journal", slug)]


@pytest.mark.row("O-6")
def test_no_guest_stands_in_a_public_page_nor_in_the_journal(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, on_its_day=True)
    now = timezone.localtime().replace(hour=12)  # an hour later is the same day
    guest = actions.invite_to_meeting(
        meeting, guests=[
            Guest(name="Invitée Secrète", organisation="Association discrète", email="invitee-x@example.ma"),
        ], by=by, at=now,
    )[0]  # fmt: skip
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=now + dt.timedelta(hours=1))
    meeting.refresh_from_db()
    actions.convene_meeting(meeting, by=by, at=now)
    actions.record_answer(guest, answer="represented", stand_in="Omar Inventé", by=by, at=now)
    actions.check_in(meeting, guest=guest, by=by, at=now)
    walk_in = Guest(name="Adjointe inventée", category="civil-society")
    actions.check_in(meeting, guest=walk_in, by=by, at=now)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=now)
    meeting.refresh_from_db()
    actions.hold_meeting(meeting, closed_on=timezone.localdate(), by=by, at=now)
    minuted(meeting, by=by)
    for where in public_addresses(meeting):
        text = Client().get(where).content.decode()
        assert [word for word in PRIVATE if word in text] == [], where
    told = "\n".join(str(line.facts) + line.subject_uid for line in JournalLine.objects.all())
    assert [word for word in PRIVATE if word in told] == []
    frozen = meeting.minutes.frozen.content
    assert [word for word in PRIVATE if word in frozen] == []
    staff = signed_in(by).get(address("meeting", "ici", meeting.number)).content.decode()
    assert [word for word in PRIVATE if word in staff] == list(PRIVATE)


@pytest.mark.parametrize("role", ["moderator", "unit-head"])
def test_signed_in_without_the_deeds_reads_the_public_part_alone(member: Member, role: str) -> None:
    meeting = MeetingFactory(member=member)
    InvitationFactory(meeting=meeting)
    client = signed_in(UserFactory(role=role, at=member))
    assert "Invitée Secrète" not in client.get(address("meeting", "ici", meeting.number)).content.decode()
    for name in ("check_in", "attendance_paper"):
        args = ("ici", meeting.number, *(("fr", "pdf") if name == "attendance_paper" else ()))
        assert client.get(address(name, *args)).status_code == 403


def test_meeting_for_a_few_guests_is_the_teams_alone(member: Member, by: User) -> None:
    private = MeetingFactory(member=member, private=True, title=words("Échange discret"))
    where = address("meeting", "ici", private.number)
    paper = address("convocation_paper", "ici", private.number, "fr", "pdf")
    assert (Client().get(where).status_code, Client().get(paper).status_code) == (404, 404)
    assert "Échange discret" not in Client().get(address("meetings", "ici")).content.decode()
    assert signed_in(by).get(where).status_code == 200
    assert "Échange discret" in signed_in(by).get(address("meetings", "ici")).content.decode()


def test_public_pages_are_kept_and_renewed_by_the_next_line(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member)
    where = address("meeting", "ici", meeting.number)
    first = Client().get(where)
    assert first["Cache-Control"].startswith("public")
    assert "Budget de la forêt" not in first.content.decode()
    actions.add_to_agenda(meeting, title=words("Budget de la forêt"), by=by, at=timezone.now())
    assert "Budget de la forêt" in Client().get(where).content.decode()


def count(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as questions:
        ask()
    return len(questions)


def test_pages_ask_the_same_questions_for_one_row_and_thirty(member: Member, by: User) -> None:
    client = signed_in(by)
    meeting = MeetingFactory(member=member, on_its_day=True)
    InvitationFactory(meeting=meeting)
    MeetingPaperFactory(meeting=meeting)
    MeetingFactory(member=member, held=True, session=True)
    names = {
        "meetings": address("meetings", "ici"),
        "meeting": address("meeting", "ici", meeting.number),
        "door": address("check_in", "ici", meeting.number),
        "convene": address("convene_meeting", "ici", meeting.number),
    }
    client.get(names["meeting"])  # what a process reads once
    before = {name: count(lambda where=where: client.get(where)) for name, where in names.items()}
    due_before = count(lambda: due_meetings(member, timezone.localdate()))
    for rank in range(2, 31):
        AgendaItemFactory(meeting=meeting, rank=rank)
        InvitationFactory(meeting=meeting)
    for _meeting in range(15):
        MeetingFactory(member=member, session=True)
        MeetingFactory(member=member, held=True, session=True)
    after = {name: count(lambda where=where: client.get(where)) for name, where in names.items()}
    assert (after, count(lambda: due_meetings(member, timezone.localdate()))) == (before, due_before)


@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_every_page_opens_in_every_language(member: Member, lang: str) -> None:
    user = UserFactory(role="point-of-contact", at=member)
    AppointmentFactory(user=user, member=member, role="council-secretary")
    client = signed_in(user)
    meeting = MeetingFactory(member=member, on_its_day=True, session=True)
    guest = InvitationFactory(meeting=meeting, sent=True)
    item = meeting.agenda.get()
    held = MeetingFactory(member=member, held=True, session=True, quorum_met=False, members_in_office=3)
    minuted(held, by=user, upto="approved")
    fresh = MeetingFactory(member=member, held=True)
    minuted(fresh, by=user, upto="drafted")
    n = meeting.number
    asked_for = [
        ("meetings",), ("new_meeting",), ("meeting", n), ("revise_meeting", n), ("convene_meeting", n),
        ("hold_meeting", n), ("convene_again", held.number), ("cancel_meeting", n), ("add_to_agenda", n),
        ("remove_from_agenda", n, item.uid), ("record_decision", n, item.uid), ("add_meeting_paper", n),
        ("invite_to_meeting", n, "body"), ("invite_to_meeting", n, "directory"), ("invite_to_meeting", n, "person"),
        ("record_answer", n, guest.uid), ("withdraw_invitation", n, guest.uid), ("check_in", n),
        ("draft_minutes", fresh.number), ("approve_minutes", fresh.number), ("send_minutes", held.number),
        ("publish_minutes", held.number), ("answer_invitation", KEY), ("meeting", held.number),
    ]  # fmt: skip
    for name, *args in asked_for:
        response = client.get(address(name, "ici", *args, lang=lang))
        assert response.status_code == 200, name


def test_forms_play_a_meeting_from_its_plan_to_its_convocation(member: Member, by: User) -> None:
    client, cycle = signed_in(by), CycleFactory(member=member)
    code = cycle.operations.values_list("code", flat=True)[0]
    page = client.get(address("new_meeting", "ici") + f"?operation={code}").content.decode()
    assert re.search(rf'value="{code}"[^>]*checked', page)
    typed = {
        "kind": "launch", "title_fr": "Lancement", "title_ar": "الانطلاق",
        "starts_at": f"{tomorrow(20):%Y-%m-%dT10:00}",
        "open_to_all": "on", "operations": [code], "place_fr": "Tanger", "place_ar": "طنجة",
    }  # fmt: skip
    response = client.post(address("new_meeting", "ici"), typed)
    meeting = Meeting.objects.get()
    assert response["Location"] == address("meeting", "ici", meeting.number)
    assert (meeting.operations, f"{timezone.localtime(meeting.starts_at):%H:%M}") == ([code], "10:00")
    client.post(address("add_to_agenda", "ici", 1), {"title_fr": "Accueil", "title_ar": "استقبال"})
    contact = ContactFactory(member=member, category="civil-society")
    client.post(address("invite_to_meeting", "ici", 1, "directory"), {"categories": ["civil-society"]})
    person = {"name": "Nadia Inventée", "lang": "ar", "email": "nadia@example.ma"}
    client.post(address("invite_to_meeting", "ici", 1, "person"), person)
    assert set(meeting.invitations.values_list("email", flat=True)) == {contact.email, "nadia@example.ma"}
    assert client.post(address("convene_meeting", "ici", 1)).status_code == 302
    assert OutgoingMail.objects.count() == 2


def test_refused_form_keeps_what_was_typed(member: Member, by: User) -> None:
    typed = {"kind": "extraordinary-session", "title_fr": "Crue", "title_ar": "فيضان", "starts_at": "2027-03-01T10:00"}
    text = signed_in(by).post(address("new_meeting", "ici"), typed).content.decode()
    assert 'value="Crue"' in text
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("lang", ["fr", "ar"])
@pytest.mark.parametrize("format", ["pdf", "docx"])
def test_papers_of_a_meeting_are_printed(member: Member, by: User, lang: str, format: str) -> None:
    meeting = MeetingFactory(member=member, session=True)
    InvitationFactory(meeting=meeting)
    start = {"pdf": b"%PDF", "docx": b"PK\x03\x04"}[format]
    convocation = Client().get(address("convocation_paper", "ici", meeting.number, lang, format))
    listed = signed_in(by).get(address("attendance_paper", "ici", meeting.number, lang, format))
    assert (convocation.content[:4], listed.content[:4]) == (start, start)


@pytest.mark.row("L-1")
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_list_to_sign_says_what_becomes_of_names_before_it_asks_them(member: Member, lang: str) -> None:
    meeting = MeetingFactory(member=member, session=True)
    paper = attendance_paper(meeting, [], lang=lang)
    kinds = [type(block).__name__ for block in paper.blocks]
    with override(lang):
        told = [gettext(one) for one in ("Who is responsible", "How long", "Your rights", "CNDP reference")]
    note = next(block.text for block in paper.blocks if isinstance(block, Note))
    assert [one in note for one in told] == [True] * len(told)
    assert kinds.index("Note") < kinds.index("Table")
    assert [block.by_hand for block in paper.blocks if isinstance(block, Table)] == [True]


# --- what is due -----------------------------------------------------------------------


def keys(member: Member) -> list[tuple[str, str, str]]:
    today = timezone.localdate()
    return [(one.key.rpartition(":")[2], one.deed, one.state(today)) for one in due_meetings(member, today)]


def test_due_lines_follow_a_meeting_from_its_plan_to_its_minutes(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, session=True, starts_at=tomorrow(9))
    InvitationFactory(meeting=meeting)
    assert keys(member) == [("convene", "convene_meeting", "soon")]
    actions.convene_meeting(meeting, by=by, at=timezone.now())
    assert keys(member) == [("answers", "record_answer", "waiting"), ("comes", "check_in", "soon")]
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=tomorrow(-30))
    meeting.refresh_from_db()
    assert keys(member) == [("hold", "hold_meeting", "late")]
    closed = timezone.localdate(meeting.starts_at)
    actions.hold_meeting(meeting, closed_on=closed, members_in_office=3, quorum_met=True, by=by, at=timezone.now())
    assert keys(member) == [("draft", "draft_minutes", "late")]
    minutes = minuted(meeting, by=by, upto="drafted")
    assert keys(member) == [("approve", "approve_minutes", "late")]
    actions.approve_minutes(minutes, on=timezone.localdate(), by=by, at=timezone.now())
    assert keys(member) == [("send", "send_minutes", "late"), ("publish", "publish_minutes", "later")]
    actions.send_minutes(minutes, on=timezone.localdate(), by=by, at=timezone.now())
    actions.publish_minutes(minutes, by=by, at=timezone.now())
    assert keys(member) == [("published", "", "done")]


def test_due_line_of_the_minutes_says_the_rule_and_how_sure(member: Member) -> None:
    MeetingFactory(member=member, session=True, held=True, quorum_met=True, members_in_office=3)
    (line,) = due_meetings(member, timezone.localdate())
    rule = guides.rule(guides.guide(member.guide_version), "minutes-to-wali")
    assert rule is not None
    assert rule.title.fr in line.why
    assert line.day is not None
