"""Minutes: drafted from what the meeting holds, approved and frozen, sent, published without a guest's name."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.core.paper import Table
from openregion.core.refusal import Refused
from openregion.cycle import actions, papers, rules
from openregion.cycle.meeting_exports import keep_minutes, minutes_to_read
from openregion.cycle.models import Meeting, Minutes
from openregion.cycle.queries import findable_minutes
from openregion.cycle.queries.guests import Guest, came_by_category, seated_guests
from openregion.cycle.queries.meetings import is_public
from openregion.cycle.queries.minutes import first_draft, stated, statement, too_few_in_words
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine, SearchEntry
from tests.factories.council import voted
from tests.factories.meetings import InvitationFactory, MeetingFactory, minuted
from tests.factories.people import MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("D1")]
ROLES = (
    "administrator", "president", "council-secretary", "point-of-contact", "coordinator", "team-member", "moderator",
    "",
)  # fmt: skip


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return UserFactory(role="council-secretary", at=member)


@pytest.fixture
def session(member: Member, by: User) -> Meeting:
    """A session held this day: two of three seats came, and a stranger."""
    meeting = MeetingFactory(member=member, session=True, on_its_day=True)
    now = timezone.now()
    actions.invite_to_meeting(meeting, guests=seated_guests(meeting.body, timezone.localdate()), by=by, at=now)
    seated = list(meeting.invitations.order_by("pk"))
    actions.record_answer(seated[1], answer="represented", stand_in="Doublure inventée", by=by, at=now)
    for guest in seated[:2]:
        actions.check_in(meeting, guest=guest, by=by, at=now)
    actions.check_in(meeting, guest=Guest(name="Passante inventée", category="civil-society"), by=by, at=now)
    actions.record_decision(meeting.agenda.get(), decision=words("Adopté à l'unanimité"), by=by, at=now)
    return actions.hold_meeting(
        meeting, closed_on=timezone.localdate(), members_in_office=3, quorum_met=True, by=by, at=now
    )


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.mark.parametrize("state", ["draft", "approved", "published"])
@pytest.mark.parametrize("role", ROLES)
def test_minutes_move_by_those_the_guide_names_in_the_states_that_allow_it(
    member: Member, by: User, role: str, state: str
) -> None:
    minutes = minuted(MeetingFactory(member=member, held=True), by=by, upto=state)
    user = UserFactory(role=role, at=member) if role else UserFactory()
    today = timezone.localdate()
    reasons = {
        "draft_minutes": rules.why_not_draft_minutes(user, minutes.meeting, text=words("Autre")),
        "approve_minutes": rules.why_not_approve_minutes(user, minutes, on=today),
        "send_minutes": rules.why_not_send_minutes(user, minutes, on=today),
        "publish_minutes": rules.why_not_publish_minutes(user, minutes, opens=True),
    }
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    expected = set(rules.MINUTES_MOVES[Minutes.State(state)]) & set(named.deeds if named else ())
    assert {deed for deed, reason in reasons.items() if not reason} == expected


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_first_draft_holds_agenda_presence_and_decisions_and_names_nobody(session: Meeting, lang: str) -> None:
    draft = first_draft(session, lang)
    wanted = {"fr": ["Point inventé 1", "Adopté à l'unanimité"], "ar": ["نقطة متخيلة 1", "نص رسمي"]}[lang]
    assert [words_ for words_ in wanted if words_ not in draft] == []
    assert [name for name in ("Doublure", "Passante", "Titulaire") if name in draft] == []
    assert "2" in draft


def test_minutes_are_saved_again_once_and_journalled(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, held=True)
    for text in ("Un", "Un", "Deux"):
        actions.draft_minutes(meeting, text=words(text), by=by, at=timezone.now())
    lines = JournalLine.objects.filter(verb="draft_minutes").order_by("pk")
    assert [line.facts["begun"] for line in lines] == [True, False]


def test_approved_minutes_are_frozen_and_state_the_office_and_counts(session: Meeting, by: User) -> None:
    minutes = minuted(session, by=by, upto="approved")
    assert minutes.frozen is not None
    assert minutes.frozen.sha256 == hashlib.sha256(minutes.frozen.content.encode()).hexdigest()
    said = json.loads(minutes.frozen.content)
    assert [one["came"] for one in said["attendance"]["office"]] == ["present", "represented", "absent"]
    # A stranger alone is not counted: their category would tell of them.
    assert (said["attendance"]["others"], said["attendance"]["others_too_few"]) == ([], True)
    assert "Doublure" not in minutes.frozen.content
    assert "Passante" not in minutes.frozen.content
    with pytest.raises(Refused):
        actions.approve_minutes(minutes, on=timezone.localdate(), by=by, at=timezone.now())
    with pytest.raises(Refused):
        actions.draft_minutes(session, text=words("Autre"), by=by, at=timezone.now())
    with pytest.raises(Refused):
        actions.record_decision(session.agenda.get(), decision=words("Autre"), by=by, at=timezone.now())


@pytest.mark.parametrize(("days", "fine"), [(0, True), (1, False), (-400, False)])
def test_minutes_are_approved_between_the_meeting_and_today(session: Meeting, by: User, days: int, fine: bool) -> None:
    minutes = minuted(session, by=by, upto="drafted")
    on = timezone.localdate() + dt.timedelta(days=days)
    if fine:
        actions.approve_minutes(minutes, on=on, by=by, at=timezone.now())
    else:
        with pytest.raises(Refused):
            actions.approve_minutes(minutes, on=on, by=by, at=timezone.now())
    assert (minutes.state == "approved") == fine


def test_minutes_of_a_meeting_for_its_guests_open_its_page_only_when_it_is_said(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, held=True, private=True)
    minutes = minuted(meeting, by=by, upto="approved")
    assert not is_public(meeting)
    with pytest.raises(Refused):
        actions.publish_minutes(minutes, by=by, at=timezone.now())
    minutes.refresh_from_db()
    assert minutes.state == "approved"
    actions.publish_minutes(minutes, opens=True, by=by, at=timezone.now())
    assert is_public(meeting)


def test_minutes_are_sent_once(session: Meeting, by: User) -> None:
    minutes = minuted(session, by=by, upto="approved")
    actions.send_minutes(minutes, on=timezone.localdate(), by=by, at=timezone.now())
    with pytest.raises(Refused):
        actions.send_minutes(minutes, on=timezone.localdate(), by=by, at=timezone.now())
    assert JournalLine.objects.get(verb="send_minutes").facts["day"] == timezone.localdate().isoformat()


def test_minutes_are_read_by_everyone_once_published(session: Meeting, by: User) -> None:
    minutes = minuted(session, by=by, upto="approved")
    page = address("meeting", "ici", session.number)
    paper = address("minutes_paper", "ici", session.number, "fr", "pdf")
    assert "On a parlé" not in Client().get(page).content.decode()
    assert Client().get(paper).status_code == 404
    actions.publish_minutes(minutes, by=by, at=timezone.now())
    with pytest.raises(Refused):
        actions.publish_minutes(minutes, by=by, at=timezone.now())
    text = Client().get(page).content.decode()
    assert "On a parlé" in text
    assert "<h3>Accueil</h3>" in text
    assert "Titulaire invent" in text  # who holds a seat is public with it
    assert "Doublure" not in text
    assert Client().get(paper).content.startswith(b"%PDF")


def test_search_finds_published_minutes_as_the_index_read_again_would(session: Meeting, by: User) -> None:
    minuted(session, by=by)
    entries = list(findable_minutes(session.member))
    kept = SearchEntry.objects.filter(kind="minutes")
    assert {(one.lang, one.subject_uid, one.title, one.path) for one in kept} == {
        (one["lang"], session.uid, one["title"], one["path"]) for one in entries
    }
    assert {one["lang"] for one in entries} == {"fr", "ar"}


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_paper_of_minutes_names_the_office_and_counts_the_others(session: Meeting, by: User, lang: str) -> None:
    minutes = minuted(session, by=by)
    assert minutes.frozen is not None
    paper = papers.minutes_paper(stated(minutes), lang=lang, sha256=minutes.frozen.sha256, published=True)
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    assert [len(table.rows) for table in tables] == [3]
    with override(lang):
        assert too_few_in_words() in paper.as_json()
    assert "Passante" not in paper.as_json()


@pytest.mark.row("O-8")
def test_minutes_put_small_groups_of_who_came_together(session: Meeting, by: User) -> None:
    for category, many in (("civil-society", 11), ("media", 3), ("university", 8)):
        for _one in range(many):
            InvitationFactory(meeting=session, category=category, attended=True)
    others = statement(minuted(session, by=by, upto="drafted"))["attendance"]["others"]
    assert [one["number"] for one in others] == [12, 11]
    assert others[1]["category"]["en"] == "Several categories together"
    assert set(others[0]["category"]) == {"fr", "ar", "en"}
    assert came_by_category(session, session.member).too_few is False


def test_minutes_page_says_that_others_came_where_they_are_too_few_to_be_counted(session: Meeting, by: User) -> None:
    minuted(session, by=by)
    page = Client().get(address("meeting", "ici", session.number, lang="en")).content.decode()
    with override("en"):
        assert (too_few_in_words() in page, "Others who came, by category" in page) == (True, False)


def test_published_minutes_are_printed_once(session: Meeting, by: User) -> None:
    minutes = minuted(session, by=by)
    assert keep_minutes(minutes, at=timezone.now()) == 4
    assert keep_minutes(minutes, at=timezone.now()) == 4
    assert minutes.frozen is not None
    kept = {(one.lang, one.format) for one in minutes.frozen.renditions.all()}
    assert kept == {(lang, format) for lang in ("fr", "ar") for format in ("pdf", "docx")}
    rendition = minutes.frozen.renditions.get(lang="ar", format="pdf")
    with rendition.file.open("rb") as printed:
        assert minutes_to_read(minutes, lang="ar", format="pdf") == printed.read()


def test_minutes_page_saves_what_is_typed_and_keeps_it_when_refused(session: Meeting, by: User) -> None:
    client = Client()
    client.force_login(by)
    where = address("draft_minutes", "ici", session.number)
    assert "Point inventé 1" in client.get(where).content.decode()
    assert client.post(where, {"text_fr": "", "text_ar": ""}).status_code == 200
    assert client.post(where, {"text_fr": "## Accueil", "text_ar": "## الافتتاح"}).status_code == 302
    for name, typed in (
        ("approve_minutes", {"on": timezone.localdate()}),
        ("send_minutes", {"on": timezone.localdate()}),
        ("publish_minutes", {}),
    ):
        assert client.post(address(name, "ici", session.number), typed).status_code == 302, name
    assert Minutes.objects.get().state == "published"


def test_sitting_without_quorum_has_its_minutes_too(member: Member, by: User) -> None:
    meeting = MeetingFactory(member=member, session=True, held=True, quorum_met=False, members_in_office=3)
    InvitationFactory(meeting=meeting)
    assert minuted(meeting, by=by).state == "published"


def test_vote_of_the_council_fills_the_point_and_nobody_is_said_absent() -> None:
    made = voted()
    assert made.proposal is not None
    assert made.proposal.session is not None
    meeting = made.proposal.session
    for lang, decided, nothing in (("en", "Adopted", "Nothing was decided."),):
        draft = first_draft(meeting, lang)
        assert nothing not in draft
        assert decided in draft
        assert made.act.number in draft
        assert "Presence was not noted." in draft
        assert "0 of the" not in draft
    minutes = Minutes(meeting=meeting, text=words("Texte"))
    said = statement(minutes)
    assert made.act.number in said["agenda"][0]["decision"]["fr"]


def test_quorum_recorded_is_never_contradicted_by_the_door(member: Member) -> None:
    meeting = MeetingFactory(member=member, session=True, held=True, quorum_met=True, members_in_office=34)
    invited = InvitationFactory(meeting=meeting, votes=True, mandate=meeting.body.seats.first().mandates.get())
    draft = first_draft(meeting, "en")
    assert ("Presence was not noted." in draft, "34 members are in office." in draft) == (True, True)
    assert statement(Minutes(meeting=meeting, text={}))["attendance"]["office"][0]["came"] == "not-noted"
    invited.attended = True
    invited.save()
    assert "Presence was not noted for everyone." in first_draft(meeting, "en")
