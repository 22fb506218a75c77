"""Guests of meetings: found once under all their titles, convened again, erased, never counted from too few seats."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.core.refusal import Refused
from openregion.cycle import actions
from openregion.cycle.models import AgendaItem, Invitation, Meeting, Proof
from openregion.cycle.queries import calendar_entries, due_meetings
from openregion.cycle.queries.clock import clock_of
from openregion.cycle.queries.guests import Guest, guest_from, guest_lines, hashed, plain_name, seated_guests
from openregion.cycle.queries.meetings import meeting_lines, meetings_of, quorum_of
from openregion.cycle.queries.sessions import days_before, sessions_between
from openregion.guide import queries as guides
from openregion.people.models import Member, OutgoingMail, User
from openregion.record.models import JournalLine
from tests.factories.cycle import CycleFactory
from tests.factories.directory import ContactFactory
from tests.factories.meetings import KEY, InvitationFactory, MeetingFactory, minuted
from tests.factories.people import BodyFactory, MandateFactory, MemberFactory, SeatFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("B1")]


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def address(name: str, *args: Any, lang: str = "en") -> str:
    with override(lang):
        return reverse(name, args=args)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tomorrow(days: int = 1) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=days)


def a_body(member: Member, *names: str, **fields: Any) -> Any:
    """Set up a body whose seats these people hold."""
    body = BodyFactory(authority=member.authorities.order_by("pk")[0], **({"kind": "council"} | fields))
    for rank, name in enumerate(names):
        MandateFactory(seat=SeatFactory(body=body, rank=rank), holder_name=name)
    return body


# --- one person, one invitation, one address ---------------------------------------


@pytest.mark.parametrize(
    ("one", "other"), [("Fátima  EL Idrissi", "fatima el idrissi"), ("أَحْمَد العلمي", "أحمد العلمي"), ("Élan", "elan")]
)
def test_names_are_compared_without_accents_case_nor_spaces(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


def test_seated_guest_takes_the_address_of_their_account_then_of_their_contact(member: Member) -> None:
    body = a_body(member, "Fátima Inventée", "Association Imaginée", "Homonyme", "Titulaire à compte")
    held = body.seats.order_by("rank").last().mandates.get()
    held.holder = UserFactory(email="compte@example.ma")
    held.save()
    ContactFactory(member=member, name="fatima INVENTEE", email="fatima@example.ma", lang="ar")
    ContactFactory(member=member, name="", organisation="Association imaginée", email="asso@example.ma")
    for number in range(2):  # two bear this name: nobody knows whose address it is
        ContactFactory(member=member, name="Homonyme", email=f"h{number}@example.ma")
    found = seated_guests(body, timezone.localdate(), member=member)
    assert [one.email for one in found] == ["fatima@example.ma", "asso@example.ma", "", "compte@example.ma"]
    assert found[0].lang == "ar"


@pytest.mark.parametrize("body_first", [True, False])
def test_contact_who_holds_a_seat_is_one_guest_whichever_list_comes_first(
    member: Member, by: User, body_first: bool
) -> None:
    body = a_body(member, "Fátima Inventée")
    contact = ContactFactory(member=member, name="Fatima Inventee", email="fatima@example.ma")
    meeting = MeetingFactory(member=member)
    lists = [seated_guests(body, timezone.localdate(), member=member), (guest_from(contact),)]
    for guests in lists if body_first else reversed(lists):
        try:
            actions.invite_to_meeting(meeting, guests=guests, by=by, at=timezone.now())
        except Refused:
            assert body_first
    one = Invitation.objects.get()
    assert (one.email, one.contact, one.mandate is not None, one.votes) == ("fatima@example.ma", contact, True, True)


def test_directory_skips_who_has_the_same_address_and_the_page_says_how_many(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member)
    InvitationFactory(meeting=meeting, email="deja@example.ma")
    ContactFactory(member=member, category="civil-society", email="DEJA@example.ma")
    ContactFactory(member=member, category="civil-society", email="neuf@example.ma")
    where = address("invite_to_meeting", "ici", meeting.number, "directory")
    page = signed_in(by).post(where, {"categories": ["civil-society"]}, follow=True).content.decode()
    assert "1 was on the list already." in page
    assert meeting.invitations.count() == 2


def test_two_seats_are_two_guests(member: Member, by: User) -> None:
    body = a_body(member, "Même nom", "Même nom")
    meeting = MeetingFactory(member=member)
    guests = seated_guests(body, timezone.localdate(), member=member)
    assert len(actions.invite_to_meeting(meeting, guests=guests, by=by, at=timezone.now())) == 2


# --- convening ----------------------------------------------------------------------


def test_convening_nobody_asks_to_confirm_and_the_next_act_is_to_invite(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, session=True)
    Meeting.objects.filter(pk=meeting.pk).update(open_to_all=True)
    with override("en"):
        (line,) = due_meetings(member, timezone.localdate())
    assert (line.act, line.label.split(":")[0], line.deed) == (
        "Invite the members of the body", "Invite", "invite_to_meeting",
    )  # fmt: skip
    page = signed_in(by).get(address("meeting", "ici", meeting.number)).content.decode()
    assert "Invite the members of the body" in page
    where = address("convene_meeting", "ici", meeting.number)
    assert signed_in(by).post(where).status_code == 200
    assert signed_in(by).post(where, {"to_nobody": "on"}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == "convened"


def test_convocation_sent_again_has_a_new_link_and_closes_the_old_one(member: Member, by: User) -> None:
    guest = InvitationFactory(meeting=MeetingFactory(member=member, convened=True), sent=True)
    where = address("convene_once_more", "ici", guest.meeting.number, guest.uid)
    assert signed_in(by).post(where, {"email": "corrigee@example.ma"}).status_code == 302
    mail = OutgoingMail.objects.get()
    key = re.search(r"/answers/([^/\s]+)/", mail.text)
    assert key is not None
    guest.refresh_from_db()
    assert (mail.to, guest.email, guest.answer_hash) == (
        "corrigee@example.ma", "corrigee@example.ma", hashed(key[1]),
    )  # fmt: skip
    assert Client().get(address("answer_invitation", "ici", KEY)).status_code == 404
    assert signed_in(by).post(where, {"email": "corrigee@example.ma"}).status_code == 302
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize("trait", ["held", "cancelled"])
def test_convocation_is_not_sent_again_once_it_is_over(member: Member, by: User, trait: str) -> None:
    guest = InvitationFactory(meeting=MeetingFactory(member=member, **{trait: True}), sent=True)
    with pytest.raises(Refused):
        actions.convene_meeting(guest.meeting, again=guest, by=by, at=timezone.now())


@pytest.mark.parametrize(
    ("state", "why", "backend", "label"),
    [
        ("queued", "", "smtp", "Waiting to leave"),
        ("sent", "", "smtp", "Has left"),
        ("failed", "address", "smtp", "Could not be sent"),
        ("sent", "", "outbox", "To hand over yourself"),
    ],
)
def test_list_of_guests_says_where_each_convocation_is(
    member: Member, by: User, settings: Any, state: str, why: str, backend: str, label: str
) -> None:
    kept = "openregion.core.outbox.OutboxBackend"
    settings.EMAIL_BACKEND = kept if backend == "outbox" else "django.core.mail.backends.locmem.EmailBackend"
    meeting = MeetingFactory(member=member)
    InvitationFactory(meeting=meeting)
    actions.convene_meeting(meeting, by=by, at=timezone.now())
    OutgoingMail.objects.update(state=state, why_failed=why)
    with override("en"):
        (line,) = guest_lines(meeting, member)
    assert line.sending is not None
    assert (line.sending.label, bool(line.sending.why)) == (label, bool(why) or backend == "outbox")


# --- answering -----------------------------------------------------------------------


def test_answer_page_presumes_nothing_confirms_and_says_until_when_and_whom_to_ask(member: Member) -> None:
    guest = InvitationFactory(meeting=MeetingFactory(member=member, convened=True, private=True), sent=True)
    where = address("answer_invitation", "ici", KEY)
    page = Client().get(where).content.decode()
    assert "checked" not in page
    assert "You can answer until" in page
    assert address("roles", "ici") in page
    Client().post(where, {"answer": "declined"})
    page = Client().get(where).content.decode()
    assert page.index("Your answer is recorded.") < page.index("This page is for")
    assert "You are not coming." in page
    calendar = Client().get(address("invitation_ics", "ici", KEY))
    assert calendar["Referrer-Policy"] == "strict-origin"
    assert guest.meeting.uid in calendar.content.decode()
    assert Client().get(address("invitation_ics", "ici", "x")).status_code == 404


def test_convocation_says_until_when_and_whom_to_ask(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member)
    InvitationFactory(meeting=meeting, lang="fr")
    actions.convene_meeting(meeting, by=by, at=timezone.now())
    assert address("roles", "ici", lang="fr") in OutgoingMail.objects.get().text


def test_answer_read_before_the_meeting_was_held_is_refused(member: Member, by: User) -> None:
    guest = InvitationFactory(meeting=MeetingFactory(member=member, convened=True), sent=True)
    read = Invitation.objects.select_related("meeting").get(pk=guest.pk)
    Meeting.objects.update(state="held")
    with pytest.raises(Refused):
        actions.record_answer(read, answer="coming", by=by, at=timezone.now())


# --- what changed meanwhile --------------------------------------------------------------


def test_decision_recorded_meanwhile_keeps_its_point(member: Member, by: User) -> None:
    item = MeetingFactory(member=member).agenda.get()
    AgendaItem.objects.update(decision=words("Adopté"))
    with pytest.raises(Refused):
        actions.remove_from_agenda(item, by=by, at=timezone.now())
    assert AgendaItem.objects.count() == 1


def test_what_was_removed_meanwhile_is_a_refusal(member: Member, by: User) -> None:
    guest = InvitationFactory(meeting=MeetingFactory(member=member))
    Invitation.objects.all().delete()
    with pytest.raises(Refused):
        actions.withdraw_invitation(guest, by=by, at=timezone.now())


# --- quorum -------------------------------------------------------------------------------


def test_quorum_is_not_counted_from_fewer_seats_than_the_members_recorded(member: Member) -> None:
    before = MeetingFactory(member=member, session=True, held=True, members_in_office=34, quorum_met=True)
    now = MeetingFactory(member=member, kind="ordinary-session", body=before.body, on_its_day=True)
    found = quorum_of(now, member)
    assert found is not None
    assert (found.counts, "34" in found.sentence, found.enough) == (False, True, False)


@pytest.mark.parametrize("names", [(), ("Seule",), ("Une", "Deux")])
def test_quorum_is_not_counted_from_a_body_hardly_registered(member: Member, names: tuple[str, ...]) -> None:
    meeting = MeetingFactory(member=member, kind="ordinary-session", body=a_body(member, *names), on_its_day=True)
    InvitationFactory(meeting=meeting, votes=True, came=True)
    with override("en"):
        found = quorum_of(meeting, member)
    assert found is not None
    assert (found.counts, "more than half" in found.sentence) == (False, False)


def test_quorum_words_follow_the_figure_the_secretary_recorded(member: Member) -> None:
    meeting = MeetingFactory(member=member, session=True, held=True, members_in_office=2, quorum_met=True)
    for _seat in range(2):
        InvitationFactory(meeting=meeting, votes=True, came=True)
    with override("en"):
        found = quorum_of(meeting, member)
    assert found is not None
    assert found.sentence == "2 of 2 present: more than half."


def test_form_does_not_presume_the_quorum_of_a_third_sitting(member: Member, by: User) -> None:
    first = MeetingFactory(member=member, session=True, held=True, quorum_met=False)
    second = MeetingFactory(member=member, kind=first.kind, body=first.body, held=True, follows=first, quorum_met=False)
    third = MeetingFactory(member=member, kind=first.kind, body=first.body, on_its_day=True, follows=second)
    InvitationFactory(meeting=third, votes=True, came=True)
    page = signed_in(by).get(address("hold_meeting", "ici", third.number)).content.decode()
    assert "checked" not in page


# --- sittings -------------------------------------------------------------------------------


def test_second_sitting_has_no_legal_day_before_it_and_says_its_number(member: Member, by: User) -> None:
    first = MeetingFactory(member=member, session=True, held=True, quorum_met=False, members_in_office=3)
    second = actions.convene_again(first, starts_at=tomorrow(), place={}, by=by, at=timezone.now())
    today, clock = timezone.localdate(), clock_of(member)
    named = sessions_between(clock, today, today + dt.timedelta(days=2))
    (session,) = [one for one in named if not one.expected]
    assert list(days_before(clock, session, today)) == []
    with override("en"):
        lines = meeting_lines(meetings_of(member, private=True).order_by("number"), member)
        (due,) = [one for one in due_meetings(member, today) if second.uid in one.key]
    assert [one.sitting for one in lines] == ["sitting 1, quorum not met", "sitting 2"]
    assert (due.label.endswith("(sitting 2)"), due.why) == (True, "")


def test_public_feed_holds_the_meetings_of_the_public_calendar(member: Member) -> None:
    body = MeetingFactory(member=member, kind="body", open_to_all=False)
    MeetingFactory(member=member, private=True)
    first = timezone.localdate()
    found = calendar_entries(member, first=first, last=first + dt.timedelta(days=60))
    assert [one.uid for one in found if one.uid.startswith("meeting-")] == [f"meeting-{body.uid}"]


# --- pages -------------------------------------------------------------------------------------


def test_meeting_that_is_not_public_says_so_and_leads_to_the_list(member: Member) -> None:
    meeting = MeetingFactory(member=member, private=True)
    for number in (meeting.number, 99):
        response = Client().get(address("meeting", "ici", number))
        assert response.status_code == 404
        page = response.content.decode()
        assert "not public, or does not exist" in page
        assert address("meetings", "ici") in page


def test_list_of_meetings_is_narrowed_by_kind_body_and_year(member: Member) -> None:
    session = MeetingFactory(member=member, session=True)
    other = MeetingFactory(member=member, kind="launch")
    for asked, shown in (
        ({"kind": "launch"}, {other}),
        ({"body": session.body.slug}, {session}),
        ({"year": session.starts_at.year - 3}, set()),
        ({"year": "²²²²", "kind": "x"}, {session, other}),
    ):
        page = Client().get(address("meetings", "ici"), asked).content.decode()
        links = {one for one in (session, other) if f'href="{address("meeting", "ici", one.number)}"' in page}
        assert links == shown, asked


def test_acts_wait_for_the_day(member: Member, by: User) -> None:
    early, there = MeetingFactory(member=member), MeetingFactory(member=member, on_its_day=True)
    for one, shown in ((early, False), (there, True)):
        page = signed_in(by).get(address("meeting", "ici", one.number)).content.decode()
        item = one.agenda.get().uid
        wanted = [
            address("check_in", "ici", one.number), address("hold_meeting", "ici", one.number),
            address("record_decision", "ici", one.number, item),
        ]  # fmt: skip
        assert [link in page for link in wanted] == [shown] * 3


def test_door_has_no_button_once_the_minutes_are_approved(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, held=True)
    InvitationFactory(meeting=meeting, came=True)
    minuted(meeting, by=by, upto="approved")
    page = signed_in(by).get(address("check_in", "ici", meeting.number)).content.decode()
    assert ('name="undo"' in page, 'name="came"' in page) == (False, False)


def test_new_session_proposes_the_council_its_day_and_its_doors_open(member: Member, by: User) -> None:
    body = a_body(member, "Une", "Deux", "Trois")
    CycleFactory(member=member)
    where = address("new_meeting", "ici")
    page = signed_in(by).get(where, {"kind": "ordinary-session", "day": "2027-03-01"}).content.decode()
    assert "2027-03-01T10:00" in page
    assert f'<option value="{body.slug}" selected>' in page
    assert re.search(r'name="open_to_all"[^>]*checked', page)
    assert "<details>" in page
    form = signed_in(by).post(where, {"kind": "ordinary-session"}).context["form"]
    assert "body" in form.errors
    assert signed_in(by).get(where, {"day": "nothing"}).status_code == 200


# --- what a meeting of a few guests opens -------------------------------------------------------


def test_publishing_minutes_of_a_private_meeting_asks_to_open_its_page(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, private=True, held=True)
    minuted(meeting, by=by, upto="approved")
    where, page = address("publish_minutes", "ici", meeting.number), address("meeting", "ici", meeting.number)
    assert signed_in(by).post(where).status_code == 200
    assert Client().get(page).status_code == 404
    assert signed_in(by).post(where, {"opens": "on"}).status_code == 302
    assert Client().get(page).status_code == 200


def test_proof_by_a_private_meeting_tells_visitors_no_title_and_no_link(member: Member, by: User) -> None:
    cycle = CycleFactory(member=member)
    code = cycle.operations.order_by("pk")[0].code
    meeting = MeetingFactory(
        member=member, private=True, cycle=cycle, operations=[code], on_its_day=True, title=words("Sujet discret")
    )
    actions.hold_meeting(meeting, closed_on=timezone.localdate(), by=by, at=timezone.now())
    assert "discret" not in str(Proof.objects.get().title)
    where = address("operation", "ici", cycle.kind, cycle.number, code)
    page, link = Client().get(where).content.decode(), address("meeting", "ici", meeting.number)
    assert "Held, not public" in page
    assert (link in page, "discret" in page) == (False, False)
    assert link in signed_in(by).get(where).content.decode()


# --- erasing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["planned", "convened", "held", "cancelled"])
def test_guest_who_asks_is_erased_in_every_state_and_still_counts(member: Member, by: User, state: str) -> None:
    meeting = MeetingFactory(member=member)
    guest = InvitationFactory(meeting=meeting, stand_in="Omar Inventé", attended=True)
    actions.convene_meeting(meeting, by=by, at=timezone.now())
    Meeting.objects.update(state=state)
    guest.refresh_from_db()
    where = address("forget_guest", "ici", meeting.number, guest.uid)
    assert signed_in(by).post(where).status_code == 302
    guest.refresh_from_db()
    kept = (guest.name, guest.email, guest.organisation, guest.stand_in, guest.answer_hash)
    assert (kept, guest.category, guest.attended) == (("",) * 5, "civil-society", True)
    assert list(OutgoingMail.objects.values_list("to", "text")) == [("", "")]
    line = JournalLine.objects.get(verb="forget_guest")
    assert line.facts == {"kind": meeting.kind, "number": meeting.number}
    with pytest.raises(Refused):
        actions.forget_guest(guest, by=by, at=timezone.now())
    assert signed_in(by).get(address("meeting", "ici", meeting.number)).status_code == 200
    assert "erased at their request" in Client().get(address("journal", "ici")).content.decode()


@pytest.mark.parametrize("role", ["administrator", "president", "council-secretary", "point-of-contact", "team-member"])
def test_guest_is_erased_by_those_the_guide_names(member: Member, role: str) -> None:
    by, guest = UserFactory(role=role, at=member), InvitationFactory(meeting=MeetingFactory(member=member))
    named = guides.role(guides.guide(member.guide_version), role)
    assert named is not None
    with contextlib.suppress(Refused):
        actions.forget_guest(guest, by=by, at=timezone.now())
    guest.refresh_from_db()
    assert (guest.name == "") == ("forget_guest" in named.deeds)


def test_addresses_of_guests_go_a_year_after_the_meeting(member: Member) -> None:
    old = InvitationFactory(meeting=MeetingFactory(member=member, held=True, starts_at=tomorrow(-366)), sent=True)
    new = InvitationFactory(meeting=MeetingFactory(member=member, held=True), sent=True)
    assert [actions.let_go_of_guests(at=timezone.now()) for _time in range(2)] == [1, 0]
    old.refresh_from_db()
    new.refresh_from_db()
    assert ((old.email, old.answer_hash), bool(old.name), bool(new.email)) == (("", ""), True, True)


def test_walk_in_typed_with_the_name_of_a_guest_is_that_guest(member: Member, by: User) -> None:
    guest = InvitationFactory(meeting=MeetingFactory(member=member, on_its_day=True), name="Zoé", organisation="")
    actions.check_in(guest.meeting, guest=Guest(name="ZOE"), by=by, at=timezone.now())
    assert Invitation.objects.get().attended
