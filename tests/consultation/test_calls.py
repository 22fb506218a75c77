"""Calls for participation: drafted, published with the promise of a draw, changed with reasons, read by everyone."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions, queries
from openregion.consultation.models import CallForParticipation, Consultation, Workshop
from openregion.consultation.queries import calls as call_queries
from openregion.consultation.rules.calls import CALL_MOVES
from openregion.core.refusal import Refused
from openregion.cycle.models import Operation, Proof
from openregion.guide import queries as guides
from openregion.people.models import Member, OutgoingMail, User
from openregion.people.rules import today
from openregion.record.models import JournalLine
from openregion.record.queries import search
from tests.factories.calls import ApplicationFactory, CallFactory, chosen_call, criteria
from tests.factories.consultation import ConsultationFactory
from tests.factories.meetings import InvitationFactory, MeetingFactory
from tests.factories.people import MemberFactory, UserFactory, words

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "zgh", "fr", "en")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def given(**more: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "title": words("Appel", "نداء", "Call"),
        "about": words("Un atelier.", "ورشة."),
        "criteria": criteria(),
        "seats": 10,
        "quotas": {},
        "opens_at": now + dt.timedelta(days=1),
        "closes_at": now + dt.timedelta(days=9),
    } | more


def draft(consultation: Consultation, by: User, **more: Any) -> CallForParticipation:
    return actions.draft_participation_call(consultation, **given(**more), by=by, at=timezone.now())


def revised(call: CallForParticipation, by: User, **more: Any) -> CallForParticipation:
    names = (
        "title", "about", "criteria", "seats", "quotas", "opens_at", "closes_at", "workshop", "place_by",
        "public_source", "public_on",
    )  # fmt: skip
    kept = {name: getattr(call, name) for name in names}
    return actions.revise_participation_call(call, **kept | more, by=by, at=timezone.now())


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("deed", "may"),
    [
        ("draft_participation_call", {"administrator", "point-of-contact", "team-member"}),
        ("publish_participation_call", {"administrator", "point-of-contact", "team-member"}),
        ("judge_application", {"administrator", "point-of-contact", "team-member"}),
        ("select_participants", {"administrator", "point-of-contact", "team-member"}),
    ],
)
def test_roles_that_run_a_call_are_those_of_the_guide(member: Member, deed: str, may: set[str]) -> None:
    roles = guides.guide(member.guide_version).roles
    listed = {role.code for role in roles if deed in role.deeds}
    assert listed & {"administrator", "point-of-contact", "team-member"} == listed & may
    for role in roles:
        call = CallFactory(member=member, draft=True)
        person = UserFactory(role=role.code, at=member)
        if deed == "draft_participation_call":
            press: Callable[[], Any] = lambda call=call, person=person: draft(call.consultation, person)  # noqa: E731
        elif deed == "publish_participation_call":
            press = lambda call=call, person=person: actions.publish_participation_call(  # noqa: E731
                call, by=person, at=timezone.now()
            )
        elif deed == "judge_application":
            one = ApplicationFactory(call=CallFactory(member=member))
            press = lambda one=one, person=person: actions.judge_application(  # noqa: E731
                one, eligible=True, by=person, at=timezone.now()
            )
        else:
            closed = CallFactory(member=member, closed=True)
            ApplicationFactory(call=closed, eligible=True)
            press = lambda closed=closed, person=person: actions.select_participants(  # noqa: E731
                closed, by=person, at=timezone.now()
            )
        if role.code in listed:
            assert press() is not None
        else:
            with pytest.raises(Refused):
                press()


@pytest.mark.row("D2")
def test_draft_is_numbered_and_told_in_the_journal(member: Member, by: User) -> None:
    consultation = ConsultationFactory(member=member)
    first, second = draft(consultation, by), draft(consultation, by)
    assert (first.number, second.number, first.state, first.secret_hash) == (1, 2, "draft", "")
    line = JournalLine.objects.filter(verb="draft_participation_call").latest("pk")
    assert line.facts == {"number": 2}


@pytest.mark.parametrize(
    ("more", "words_of_the_refusal"),
    [
        ({"title": words("Appel", "")}, "in French and in Arabic"),
        ({"seats": 0}, "number of seats"),
        ({"closes_at": timezone.now()}, "closes after it opens"),
        ({"quotas": {"gender": {"martian": [1, 2]}}}, "does not exist"),
        ({"quotas": {"shoe": {"42": [1, 2]}}}, "does not exist"),
        ({"quotas": {"gender": {"woman": [3, 2]}}}, "cannot be above"),
        ({"quotas": {"gender": {"woman": [6, 9], "man": [6, 9]}}}, "more than the seats"),
        ({"quotas": {"kind": {"person": [0, 2], "organisation": [0, 2]}}}, "do not fill the seats"),
    ],
)
@pytest.mark.usefixtures("english")
def test_draft_that_cannot_stand_is_refused(
    member: Member, by: User, more: dict[str, Any], words_of_the_refusal: str
) -> None:
    with pytest.raises(Refused, match=words_of_the_refusal):
        draft(ConsultationFactory(member=member), by, **more)


@pytest.mark.row("D2")
def test_publishing_promises_a_seed_that_nobody_sees(client: Client, member: Member, by: User) -> None:
    call = CallFactory(member=member, draft=True)
    actions.publish_participation_call(call, by=by, at=timezone.now())
    call.refresh_from_db()
    assert call.secret_hash == hashlib.sha256(call.seed.encode()).hexdigest()
    text = client.get(address("participation_call", "ici", call.number)).content.decode()
    assert (call.secret_hash in text, call.seed in text) == (True, False)
    client.force_login(by)
    for name in ("participation_call", "applications", "participation_quotas"):
        assert call.seed not in client.get(address(name, "ici", call.number)).content.decode()
    line = JournalLine.objects.get(verb="publish_participation_call")
    assert (line.facts["promise"], call.seed in str(line.facts)) == (call.secret_hash, False)
    with pytest.raises(Refused):
        actions.publish_participation_call(call, by=by, at=timezone.now())
    assert JournalLine.objects.filter(verb="publish_participation_call").count() == 1


@pytest.mark.usefixtures("english")
def test_call_without_criteria_or_past_its_end_is_not_published(member: Member, by: User) -> None:
    with pytest.raises(Refused, match="criterion"):
        actions.publish_participation_call(
            CallFactory(member=member, draft=True, criteria=[]), by=by, at=timezone.now()
        )
    call = CallFactory(member=member, draft=True)
    with pytest.raises(Refused, match="past"):
        actions.publish_participation_call(call, by=by, at=call.closes_at)


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("deed", "operation"),
    [
        ("publish_participation_call", "publish-participation-call"),
        ("select_participants", "settle-participant-list"),
    ],
)
def test_deeds_prove_the_operations_of_the_guide(member: Member, by: User, deed: str, operation: str) -> None:
    book = guides.guide(member.guide_version)
    assert operation in {one.code for one in guides.operations(book) if deed in one.proved_by}


@pytest.mark.row("D2")
def test_publishing_and_choosing_mark_their_operations_done(member: Member, by: User) -> None:
    consultation = ConsultationFactory(member=member, cycle__guide_version=member.guide_version)
    book = guides.canonical_json(member.guide_version)
    method = consultation.cycle.method
    type(method).objects.filter(pk=method.pk).update(content=book)
    for rank, code in enumerate(("publish-participation-call", "settle-participant-list"), 1):
        Operation.objects.create(cycle=consultation.cycle, stage="plan-2", code=code, rank=rank)
    call = CallFactory(member=member, consultation=consultation, draft=True)
    actions.publish_participation_call(call, by=by, at=timezone.now())
    CallForParticipation.objects.update(
        opens_at=timezone.now() - dt.timedelta(days=3), closes_at=timezone.now() - dt.timedelta(days=1)
    )
    ApplicationFactory(call=call, eligible=True)
    actions.select_participants(call, by=by, at=timezone.now())
    proved = set(Proof.objects.values_list("operation__code", "deed"))
    assert proved == {
        ("publish-participation-call", "publish_participation_call"),
        ("settle-participant-list", "select_participants"),
    }


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_published_call_changes_by_seats_quotas_and_a_later_end_with_a_reason(
    client: Client, member: Member, by: User
) -> None:
    call = CallFactory(member=member, quotas={"gender": {"woman": [5, 10]}})
    reason = words("Peu de candidates.", "قلة المترشحات.", "Few women applied.")
    for more, told in (
        ({"title": words("Autre", "آخر")}, "stay as they were"),
        ({"criteria": []}, "stay as they were"),
        ({"quotas": {"gender": {"woman": [4, 10]}, "kind": {"person": [1, 10]}}}, "added after publication"),
        ({"closes_at": call.closes_at - dt.timedelta(days=1)}, "later"),
    ):
        with pytest.raises(Refused, match=told):
            revised(call, by, **more, reason=reason)
    with pytest.raises(Refused, match="Say why"):
        revised(call, by, seats=12)
    revised(call, by, seats=12, quotas={"gender": {"woman": [4, 12]}}, reason=reason)
    revised(call, by)
    call.refresh_from_db()
    assert (call.seats, call.quotas, len(call.changes)) == (12, {"gender": {"woman": [4, 12]}}, 1)
    assert JournalLine.objects.filter(verb="revise_participation_call").count() == 1
    text = client.get(address("participation_call", "ici", call.number, lang="en")).content.decode()
    assert ("Few women applied." in text, "Seats: 10, then 12" in text) == (True, True)


@pytest.mark.usefixtures("english")
def test_states_allow_what_the_table_says(member: Member, by: User) -> None:
    state = CallForParticipation.State
    for name in state:
        call = CallFactory(member=member, closed=True, state=name)
        ApplicationFactory(call=call, eligible=True)
        done = set()
        given_at_last = {"workshop": workshop_of(call)} if name == state.SELECTED else {"seats": 11}
        try:
            revised(call, by, **given_at_last, reason=words("Raison.", "سبب."))
            done.add("revise_participation_call")
        except Refused:
            pass
        for deed in ("publish_participation_call", "select_participants"):
            at = call.opens_at if deed == "publish_participation_call" else timezone.now()
            try:
                getattr(actions, deed)(CallForParticipation.objects.get(pk=call.pk), by=by, at=at)
                done.add(deed)
            except Refused:
                pass
            if deed == "publish_participation_call" and deed in done:
                break
        assert done == set(CALL_MOVES[name])


def workshop_of(call: CallForParticipation) -> Workshop:
    return Workshop.objects.create(consultation=call.consultation, meeting=MeetingFactory(member=call.member))


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_call_says_where_and_when_or_by_which_day_it_does(client: Client, member: Member, by: User) -> None:
    """Letters of selection say where to come: a call that cannot is not published."""
    now = timezone.now()
    draft = CallFactory(member=member, draft=True, place_by=None)
    with pytest.raises(Refused, match="choose its workshop, or the day by which both are said"):
        actions.publish_participation_call(draft, by=by, at=now)
    past = CallFactory(member=member, draft=True, place_by=timezone.localdate() - dt.timedelta(days=1))
    with pytest.raises(Refused, match="is said is past"):
        actions.publish_participation_call(past, by=by, at=now)
    said = CallFactory(member=member, closed=True, place_by=dt.date(2099, 3, 1))
    one = ApplicationFactory(call=said, eligible=True, with_address=True, lang="en")
    page = address("participation_call", "ici", said.number, lang="en")
    assert "The day and the place follow by 1 March 2099." in client.get(page).content.decode()
    actions.select_participants(said, by=by, at=now)
    assert "The day and the place follow by 1 March 2099." in OutgoingMail.objects.get(to=one.email).text
    # Promised, then given: the workshop alone, with its reason, and only once.
    reason = words("Salle réservée.", "حُجزت القاعة.", "A room is booked.")
    with pytest.raises(Refused, match="does not change any more"):
        revised(said, by, seats=11, reason=reason)
    revised(said, by, workshop=workshop_of(said), reason=reason)
    text = client.get(page).content.decode()
    assert ("The workshop is chosen" in text, "A room is booked." in text) == (True, True)
    with pytest.raises(Refused, match="it stays"):
        revised(said, by, workshop=workshop_of(said), reason=reason)


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_public_pages_open_without_a_session(client: Client, member: Member, by: User, lang: str) -> None:
    path = address("participation_calls", "ici", lang=lang)
    assert client.get(path).status_code == 200
    for trait in ("draft", "to_come", "closed", ""):
        CallFactory(member=member, **({trait: True} if trait else {}))
    drawn = chosen_call(by=by, member=member)
    pages = [path + "?again", *(address("participation_call", "ici", n, lang=lang) for n in (2, 3, 4, drawn.number))]
    pages += [address("participation_draw", "ici", drawn.number, lang=lang)]
    for one in pages:
        answer = client.get(one)
        assert (answer.status_code, answer.cookies.output()) == (200, ""), one
    assert client.get(address("participation_call", "ici", 1, lang=lang)).status_code == 404
    assert client.get(address("participation_draw", "ici", 4, lang=lang)).status_code == 404


def test_calls_of_others_are_not_found(client: Client, member: Member, by: User) -> None:
    elsewhere = CallFactory()
    client.force_login(by)
    for name in ("participation_call", "apply_to_call", "applications", "participation_quotas"):
        assert client.get(address(name, "ici", elsewhere.number)).status_code == 404


@pytest.mark.row("D2")
def test_page_names_organisations_that_agree_and_no_small_group(client: Client, member: Member, by: User) -> None:
    call = CallFactory(member=member, closed=True, seats=40)
    for rank in range(24):
        ApplicationFactory(call=call, eligible=True, gender="woman" if rank < 13 else "man")
    ApplicationFactory(call=call, eligible=True, of_organisation=True, organisation="Nommée", may_name=True)
    ApplicationFactory(call=call, eligible=True, of_organisation=True, organisation="Discrète")
    actions.select_participants(call, by=by, at=timezone.now())
    text = client.get(address("participation_call", "ici", call.number)).content.decode()
    assert ("Nommée" in text, "Discrète" in text, "Candidate inventée" in text) == (True, False, False)
    kinds = call_queries.call_page(call_queries.call_of(member, call.number), at=timezone.now()).shares[0]
    assert (kinds.cells, kinds.rest) == ((), "")


@pytest.mark.row("L-1")
def test_page_counts_nobody_by_category_once_somebody_chosen_is_erased(
    client: Client, member: Member, by: User
) -> None:
    call = CallFactory(member=member, closed=True, seats=40)
    for rank in range(24):
        ApplicationFactory(call=call, eligible=True, gender="woman" if rank < 13 else "man")
    ApplicationFactory(call=call, refused=True)
    actions.select_participants(call, by=by, at=timezone.now())
    page = address("participation_call", "ici", call.number, lang="en")

    def shown() -> tuple[bool, bool]:
        text = client.get(page).content.decode()
        return "<caption" in text, "had their data erased" in text

    actions.erase_application(call.applications.get(state="refused"), at=timezone.now())
    assert shown() == (True, False)
    actions.erase_application(call.applications.filter(state="selected").first(), at=timezone.now())
    assert shown() == (False, True)


@pytest.mark.row("D2")
def test_who_came_is_counted_without_small_groups(client: Client, member: Member, by: User) -> None:
    call = CallFactory(member=member, closed=True, with_workshop=True, seats=40, state="selected")
    meeting = call.workshop.meeting
    for rank in range(25):
        gender = "woman" if rank < 12 else "man"
        InvitationFactory(meeting=meeting, attended=True, category="civil-society", gender=gender)
    InvitationFactory(meeting=meeting, attended=True, category="media", gender="man")
    InvitationFactory(meeting=meeting, attended=None, category="media")
    assert call_queries.who_came(call, 10) == ()
    type(meeting).objects.filter(pk=meeting.pk).update(state="held")
    with override("en"):
        page = call_queries.call_page(call_queries.call_of(member, call.number), at=timezone.now())
    by_category, by_gender = page.came
    assert (by_category.cells, by_category.rest) == ((), "")
    assert by_gender.cells == (("Men", "14"), ("Women", "12"))


@pytest.mark.row("D2")
def test_search_finds_a_published_call_and_no_draft(member: Member, by: User) -> None:
    call = CallFactory(member=member, draft=True, title=words("Appel aux coopératives", "نداء للتعاونيات"))
    found = [one["subject_uid"] for one in queries.findable(member)]
    assert call.uid not in found
    actions.publish_participation_call(call, by=by, at=timezone.now())
    assert call.uid in [one["subject_uid"] for one in queries.findable(member)]
    assert [one.title for one in search("coopératives", lang="fr", member_code="ici")] == ["Appel aux coopératives"]


@pytest.mark.row("O-1")
@pytest.mark.usefixtures("english")
def test_desk_says_what_a_call_waits_for(member: Member) -> None:
    def told() -> list[tuple[str, str]]:
        return [(one.label.split(":")[0], one.deed) for one in call_queries.due_calls(member, today())]

    CallFactory(member=member, draft=True)
    assert told() == [("Publish the call for participation", "publish_participation_call")]
    CallForParticipation.objects.all().delete()
    call = CallFactory(member=member, to_come=True)
    assert told() == [("The call opens", "publish_participation_call")]
    CallForParticipation.objects.update(opens_at=timezone.now() - dt.timedelta(days=1))
    one = ApplicationFactory(call=call)
    assert told() == [
        ("The call for participation closes", "publish_participation_call"),
        ("Judge 1 application", "judge_application"),
    ]
    CallForParticipation.objects.update(closes_at=timezone.now())
    type(one).objects.update(state="eligible")
    assert told() == [("Choose the participants", "select_participants")]
    CallForParticipation.objects.update(state="selected", place_by=None)
    assert told() == []


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_desk_recalls_the_day_and_the_place_that_the_letters_promised(member: Member) -> None:
    """Once the participants are chosen, until the workshop is."""
    call = CallFactory(member=member, closed=True, state="selected")
    (line,) = call_queries.due_calls(member, today())
    assert (line.key, line.label.split(":")[0], line.day, line.deed, line.url) == (
        f"call:{call.uid}:place", "Say where and when", call.place_by, "revise_participation_call",
        address("participation_quotas", "ici", call.number, lang="en"),
    )  # fmt: skip
    CallForParticipation.objects.update(workshop=workshop_of(call))
    assert call_queries.due_calls(member, today()) == ()


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_desk_says_that_the_draw_waits_for_the_public_figure(member: Member) -> None:
    """Only until its day, and only where lots are drawn."""
    to_come = timezone.localdate() + dt.timedelta(days=5)
    call = CallFactory(member=member, closed=True, seats=1, public_on=to_come)
    one, _other = ApplicationFactory.create_batch(2, call=call, eligible=True)

    def told() -> tuple[dt.date | None, bool, str]:
        (line,) = call_queries.due_calls(member, today())
        return line.day, "The draw waits for the public figure" in line.why, line.deed

    assert told() == (to_come, True, "select_participants")
    CallForParticipation.objects.update(public_on=timezone.localdate())
    assert told() == (None, False, "select_participants")
    CallForParticipation.objects.update(public_on=to_come)
    one.delete()
    assert told() == (None, False, "select_participants")


def test_pages_cost_the_same_for_one_call_and_for_thirty(member: Member, by: User) -> None:
    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as listed:
            call_queries.call_lines(member, at=timezone.now(), drafts=True)
        with CaptureQueriesContext(connection) as due:
            call_queries.due_calls(member, today())
        return len(listed), len(due)

    ApplicationFactory(call=CallFactory(member=member))
    before = cost()
    for one in CallFactory.create_batch(29, member=member):
        ApplicationFactory(call=one)
    assert cost() == before


@pytest.mark.row("D2")
def test_staff_draft_share_the_seats_and_publish_on_the_pages(client: Client, member: Member, by: User) -> None:
    ConsultationFactory(member=member)
    consultation = Consultation.objects.get()
    client.force_login(by)
    opens = timezone.localtime(timezone.now() + dt.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    closes = timezone.localtime(timezone.now() + dt.timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    typed = {
        "consultation": consultation.pk, "title_fr": "Appel", "title_ar": "نداء", "about_fr": "Quoi",
        "about_ar": "ماذا", "seats": "20", "opens_at": opens, "closes_at": closes, "criterion_1_fr": "Agir ici",
        "place_by": (timezone.localdate() + dt.timedelta(days=30)).isoformat(),
    }  # fmt: skip
    path = address("new_participation_call", "ici")
    assert client.get(path).status_code == 200
    refused = client.post(path, typed)
    assert (refused.status_code, CallForParticipation.objects.count()) == (200, 0)
    answer = client.post(path, typed | {"criterion_1_ar": "العمل هنا"})
    assert answer["Location"] == address("participation_quotas", "ici", 1)
    call = CallForParticipation.objects.get()
    assert [one["code"] for one in call.criteria] == ["c1"]
    quotas = address("participation_quotas", "ici", 1)
    assert client.get(quotas).status_code == 200
    assert client.post(quotas, {"gender_0_least": "8", "kind_0_most": "5"}).status_code == 302
    call.refresh_from_db()
    assert call.quotas == {"kind": {"organisation": [0, 5]}, "gender": {"woman": [8, 20]}}
    edit = address("revise_participation_call", "ici", 1)
    assert client.get(edit).status_code == 200
    saved = client.post(edit, typed | {"criterion_1_ar": "العمل هنا", "seats": "24"})
    call.refresh_from_db()
    assert (saved.status_code, call.seats, call.quotas["gender"]) == (302, 24, {"woman": [8, 20]})
    published = client.post(edit, {"do": "publish"})
    call.refresh_from_db()
    assert (published["Location"], call.state) == (address("participation_call", "ici", 1), "published")
    assert client.get(edit)["Location"] == quotas
    changed = {
        "seats": "25", "closes_at": closes, "gender_0_least": "7", "gender_0_most": "20", "kind_0_most": "5",
        "place_by": typed["place_by"],
    }  # fmt: skip
    assert client.post(quotas, changed).status_code == 200
    answer = client.post(quotas, changed | {"reason_fr": "Peu de candidates.", "reason_ar": "قلة المترشحات."})
    call.refresh_from_db()
    assert (answer.status_code, call.seats, call.quotas["gender"]) == (302, 25, {"woman": [7, 20]})
