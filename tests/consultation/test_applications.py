"""Applying to a call, following with a code, judging, withdrawing, erasing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions, codes
from openregion.consultation.models import Application, CallForParticipation
from openregion.consultation.queries.calls import guests_of_call
from openregion.consultation.rules.applications import APPLICATION_MOVES
from openregion.core.refusal import Refused
from openregion.cycle.actions import invite_to_meeting
from openregion.cycle.models import Invitation, Meeting
from openregion.people.models import Member, OutgoingMail, User
from openregion.record.models import JournalLine
from tests.factories.calls import TICKET, ApplicationFactory, CallFactory, chosen_call
from tests.factories.meetings import InvitationFactory
from tests.factories.people import MemberFactory, TerritoryFactory, UserFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "zgh", "fr", "en")
CODE = re.compile(r"\b\d{4} \d{4} \d{4}\b")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def call(member: Member) -> CallForParticipation:
    return CallFactory(member=member)


def typed(**more: Any) -> dict[str, Any]:
    return {"ticket": codes.new_ticket(), "kind": "person", "name": "Candidate Inventée"} | more


def judged(one: Application, by: User, **more: Any) -> Application:
    return actions.judge_application(one, **{"eligible": True} | more, by=by, at=timezone.now())


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_person_applies_without_an_account_and_reads_the_code_once(
    client: Client, call: CallForParticipation, lang: str
) -> None:
    path = address("apply_to_call", "ici", call.number, lang=lang)
    asked = client.get(path)
    assert (asked.status_code, "sessionid" in asked.cookies) == (200, False)
    form = typed(motivation="Je vis ici.")
    first, second = client.post(path, form), client.post(path, form)
    shown = [CODE.findall(one.content.decode())[0] for one in (first, second)]
    one = Application.objects.get()
    assert (first.status_code, "no-store" in first["Cache-Control"], shown[0] == shown[1]) == (200, True, True)
    assert (one.code_hash, one.number, one.lang) == (codes.hashed(codes.tidy(shown[0])), 1, lang)
    lines = JournalLine.objects.filter(verb="apply_to_call")
    assert [(line.by_ref, line.facts) for line in lines] == [("", {"call": call.number})]


@pytest.mark.row("D2")
def test_organisation_gives_its_name_and_type(client: Client, call: CallForParticipation) -> None:
    path = address("apply_to_call", "ici", call.number)
    assert client.post(path, typed(kind="organisation")).status_code == 200
    assert Application.objects.count() == 0
    client.post(path, typed(kind="organisation", organisation="Coop", organisation_type="civil-society", may_name="on"))
    one = Application.objects.get()
    assert (one.organisation, one.organisation_type, one.may_name) == ("Coop", "civil-society", True)


@pytest.mark.row("L-1")
def test_form_asks_what_the_quotas_count_and_nothing_more(client: Client, member: Member) -> None:
    TerritoryFactory(province=True, parent=member.authorities.get().territory)
    plain = CallFactory(member=member)
    counted = CallFactory(member=member, quotas={"gender": {"woman": [1, 9]}, "province": {}, "age_band": {}})
    boxes = ('name="gender"', 'name="age_band"', 'name="province"', "09-08")
    for call, there in ((plain, (False, False, False, True)), (counted, (True, True, True, True))):
        text = client.get(address("apply_to_call", "ici", call.number)).content.decode()
        assert tuple(box in text for box in boxes) == there


@pytest.mark.row("D2")
@pytest.mark.parametrize("trait", ["closed", "to_come"])
def test_application_outside_the_dates_is_refused_and_given_back(client: Client, member: Member, trait: str) -> None:
    call = CallFactory(member=member, **{trait: True})
    answer = client.post(address("apply_to_call", "ici", call.number), typed(motivation="Des mots écrits avec soin."))
    text = answer.content.decode()
    assert (answer.status_code, "Des mots écrits avec soin." in text, Application.objects.count()) == (200, True, 0)
    with pytest.raises(Refused):
        actions.apply_to_call(call, kind="person", name="Trop tard", lang="fr", at=timezone.now())


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"kind": "martian"}, "an organisation or a person"),
        ({"kind": "organisation"}, "name of the organisation"),
        ({"name": ""}, "name of the person"),
        ({"age_band": "forever"}, "age band"),
        ({"motivation": "x" * 3001}, "longer than"),
    ],
)
@pytest.mark.usefixtures("english")
def test_application_that_cannot_be_received_says_why(
    call: CallForParticipation, more: dict[str, Any], told: str
) -> None:
    with pytest.raises(Refused, match=told):
        actions.apply_to_call(call, **{"kind": "person", "name": "Quelqu'une", "lang": "fr"} | more, at=timezone.now())


@pytest.mark.row("D2")
def test_confirmation_holds_the_code_and_keeps_it_nowhere(
    call: CallForParticipation, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        applied = actions.apply_to_call(
            call, kind="person", name="Une", lang="ar", email="une@example.ma", at=timezone.now()
        )
    (sent,) = mail.outbox
    assert (sent.to, codes.grouped(applied.code) in sent.body) == (["une@example.ma"], True)
    kept = [str(one) for model in (OutgoingMail, JournalLine, Application) for one in model.objects.values()]
    assert [row for row in kept if applied.code in row or codes.grouped(applied.code) in row] == []


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_nobody_is_told_the_judgement_before_the_selection(
    client: Client, member: Member, call: CallForParticipation, by: User
) -> None:
    one = ApplicationFactory(call=call, with_code=True, with_address=True)
    follow = address("follow_application", "ici", lang="en")
    judged(one, by, eligible=False, refused_for="c2", refusal="Absente le second jour.")
    text = client.post(follow, {"code": codes.code_of(TICKET)}).content.decode()
    assert ("It is received" in text, "Absente" in text, OutgoingMail.objects.count()) == (True, False, 0)
    ApplicationFactory(call=call, eligible=True)
    CallForParticipation.objects.update(closes_at=timezone.now())
    actions.select_participants(CallForParticipation.objects.get(), by=by, at=timezone.now())
    text = client.post(follow, {"code": codes.code_of(TICKET)}).content.decode()
    assert ("not kept" in text, "Absente le second jour." in text, "To be free both days." in text) == (True,) * 3
    told = OutgoingMail.objects.get()
    assert (told.kind, "Absente le second jour." in told.text) == ("participation-refused", True)


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_refusal_names_a_criterion_and_says_why(call: CallForParticipation, by: User) -> None:
    one = ApplicationFactory(call=call)
    for more, told in (
        ({"refused_for": "c9", "refusal": "Non."}, "which criterion"),
        ({"refused_for": "c1", "refusal": ""}, "Say why"),
        ({"refused_for": "c1", "refusal": "x" * 2001}, "too long"),
    ):
        with pytest.raises(Refused, match=told):
            judged(one, by, eligible=False, **more)
    for _press in range(2):
        judged(one, by, eligible=False, refused_for="c1", refusal="Hors de la Région.")
    assert (one.state, JournalLine.objects.filter(verb="judge_application").count()) == ("refused", 1)
    judged(one, by)
    one.refresh_from_db()
    assert (one.state, one.refused_for, one.refusal) == ("eligible", "", "")


@pytest.mark.usefixtures("english")
def test_states_allow_what_the_table_says(call: CallForParticipation, by: User) -> None:
    for state in Application.State:
        for deed in ("judge_application", "withdraw_application"):
            more = {"refused_for": "c1", "refusal": "Non."} if state == "refused" else {}
            one = ApplicationFactory(call=call, state=state, **more)
            try:
                if deed == "judge_application":
                    judged(one, by)
                else:
                    actions.withdraw_application(one, at=timezone.now())
                done = True
            except Refused:
                done = False
            assert done == (deed in APPLICATION_MOVES[state]), (state, deed)


@pytest.mark.row("D2")
def test_judging_leads_from_one_application_to_the_next(client: Client, call: CallForParticipation, by: User) -> None:
    ApplicationFactory.create_batch(2, call=call)
    client.force_login(by)
    path = address("application", "ici", call.number, 1)
    assert client.get(path).status_code == 200
    answer = client.post(path, {"eligible": "no"})
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (200, True)
    answer = client.post(path, {"eligible": "yes"})
    assert answer["Location"] == address("application", "ici", call.number, 2)
    answer = client.post(answer["Location"], {"eligible": "no", "refused_for": "c1", "refusal": "Hors."})
    assert answer["Location"] == address("applications", "ici", call.number)
    assert sorted(Application.objects.values_list("state", flat=True)) == ["eligible", "refused"]


def test_list_of_applications_costs_the_same_for_one_and_for_thirty(
    client: Client, call: CallForParticipation, by: User
) -> None:
    client.force_login(by)
    path = address("applications", "ici", call.number)
    place = TerritoryFactory(province=True, parent=call.member.authorities.get().territory)
    ApplicationFactory(call=call, province=place)
    client.get(path)
    counts = []
    for more in (0, 29):
        ApplicationFactory.create_batch(more, call=call, province=place)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_names_are_for_those_who_judge(client: Client, call: CallForParticipation, member: Member) -> None:
    one = ApplicationFactory(call=call)
    pages = [address("applications", "ici", call.number), address("application", "ici", call.number, one.number)]
    pages += [address("participation_letters", "ici", call.number)]
    for path in pages:
        assert client.get(path).status_code == 302
    client.force_login(UserFactory(role="moderator", at=member))
    for path in pages:
        answer = client.get(path)
        assert (answer.status_code, one.name in answer.content.decode()) == (403, False)


@pytest.mark.row("D2")
def test_whoever_applied_withdraws_with_the_code(client: Client, call: CallForParticipation) -> None:
    one = ApplicationFactory(call=call, with_code=True)
    follow, code = address("follow_application", "ici"), codes.code_of(TICKET)
    assert client.post(follow, {"code": "1234 5678 9012", "do": "withdraw"}).status_code == 200
    for _press in range(2):
        assert client.post(follow, {"code": codes.grouped(code), "do": "withdraw"}).status_code in (200, 302)
    one.refresh_from_db()
    assert (one.state, JournalLine.objects.filter(verb="withdraw_application").count()) == ("withdrawn", 1)


def test_wrong_codes_make_a_machine_wait(client: Client, call: CallForParticipation) -> None:
    follow = address("follow_application", "ici")
    statuses = [client.post(follow, {"code": "000000000000"}).status_code for _ in range(12)]
    assert (statuses[0], statuses[-1]) == (200, 429)


@pytest.mark.row("L-1")
def test_erasing_leaves_a_number_and_nothing_of_the_person(
    client: Client, member: Member, call: CallForParticipation
) -> None:
    one = ApplicationFactory(call=call, with_code=True, with_address=True, motivation="Mes mots", gender="woman")
    client.post(address("follow_application", "ici"), {"code": codes.code_of(TICKET), "do": "erase"})
    one.refresh_from_db()
    told = (one.name, one.email, one.motivation, one.gender, one.code_hash, one.state, one.number)
    assert told == ("", "", "", "unsaid", "", "withdrawn", 1)
    other = ApplicationFactory(call=call)
    with pytest.raises(Refused):
        actions.erase_application(other, by=UserFactory(role="team-member", at=member), at=timezone.now())
    admin = UserFactory(administrator_of=member)
    client.force_login(admin)
    path = address("erase_application", "ici", call.number, other.number)
    assert (client.get(path).status_code, client.post(path).status_code) == (200, 302)
    other.refresh_from_db()
    assert (other.name, JournalLine.objects.filter(verb="erase_application").count()) == ("", 2)
    with pytest.raises(Refused):
        actions.erase_application(other, by=admin, at=timezone.now())


@pytest.mark.row("L-1")
def test_applicants_are_forgotten_once_the_follow_up_is_over(call: CallForParticipation) -> None:
    one = ApplicationFactory(call=call, with_code=True, with_address=True, of_organisation=True)
    other = ApplicationFactory()
    cycle = call.consultation.cycle
    assert [actions.forget_applicants(cycle, at=timezone.now()) for _round in range(2)] == [1, 0]
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.name, one.organisation, one.email, one.code_hash, bool(other.name)) == ("", "", "", "", True)
    assert JournalLine.objects.get(verb="forget_applicants").facts == {"applicants": 1}


@pytest.mark.row("D2")
def test_seat_that_is_left_goes_to_a_reserve_who_is_told(member: Member, by: User) -> None:
    call = chosen_call(by=by, member=member, candidates=16, seats=10)
    Application.objects.filter(state="reserve").update(email="reserve@example.ma")
    leaving = call.applications.filter(state="selected", gender="woman").first()
    actions.withdraw_application(leaving, at=timezone.now())
    seated = call.applications.filter(state="selected")
    women = seated.filter(gender="woman").count()
    assert (seated.count(), women >= 5, call.applications.filter(state="reserve").count()) == (10, True, 5)
    told = OutgoingMail.objects.get(kind="participation-selected")
    line = JournalLine.objects.get(verb="withdraw_application")
    number = line.facts["seat_to"]
    assert told.once == f"participation-selected:{call.applications.get(number=number).uid}"


@pytest.mark.row("L-1")
@pytest.mark.parametrize("convened", [False, True])
def test_who_withdraws_is_no_longer_convened(member: Member, by: User, convened: bool) -> None:
    leaving, meeting = invited(member, by)
    other = InvitationFactory(meeting=meeting, name="Autre Personne", email=leaving.email)
    if convened:
        Invitation.objects.update(sent_at=timezone.now())
    actions.withdraw_application(leaving, at=timezone.now())
    assert list(meeting.invitations.values_list("pk", flat=True)) == [other.pk]
    told = OutgoingMail.objects.filter(kind="meeting-withdrawn", to=leaving.email).count()
    assert told == int(convened)


@pytest.mark.row("L-1")
@pytest.mark.parametrize("forget", ["person", "clock"])
@pytest.mark.parametrize("held", [False, True])
def test_who_is_erased_leaves_the_list_of_guests_and_the_outbox(
    member: Member, by: User, forget: str, held: bool
) -> None:
    leaving, meeting = invited(member, by)
    name, email = leaving.name, leaving.email
    assert OutgoingMail.objects.filter(to=email).exists()
    if held:
        Invitation.objects.update(attended=True, gender="woman")
        type(meeting).objects.filter(pk=meeting.pk).update(state="held")
    if forget == "person":
        actions.erase_application(leaving, at=timezone.now())
    else:
        actions.forget_applicants(leaving.call.consultation.cycle, at=timezone.now())
    assert not Invitation.objects.filter(Q(name=name) | Q(email=email)).exists()
    counted = [(one.name, one.attended, one.gender) for one in meeting.invitations.all()]
    assert counted == ([("", True, "woman")] if held else [])
    assert not OutgoingMail.objects.filter(Q(to=email) | Q(text__contains=name)).exists()


def invited(member: Member, by: User) -> tuple[Application, Meeting]:
    """Play a call to the list of guests of its meeting; give who was chosen, and the meeting."""
    call = CallFactory(member=member, closed=True, with_workshop=True)
    one = ApplicationFactory(call=call, eligible=True, with_address=True)
    actions.select_participants(call, by=by, at=timezone.now())
    meeting = call.workshop.meeting
    invite_to_meeting(meeting, guests=guests_of_call(call), by=by, at=timezone.now())
    one.refresh_from_db()
    return one, meeting


@pytest.mark.row("D2")
def test_letters_are_printed_for_those_without_an_address(client: Client, member: Member, by: User) -> None:
    call = CallFactory(member=member, closed=True)
    ApplicationFactory(call=call, eligible=True, lang="ar", name="مترشحة متخيلة")
    ApplicationFactory(call=call, refused=True, name="Refusée Inventée")
    ApplicationFactory(call=call, eligible=True, with_address=True, name="Avec adresse")
    actions.select_participants(call, by=by, at=timezone.now())
    client.force_login(by)
    text = client.get(address("participation_letters", "ici", call.number)).content.decode()
    assert [name in text for name in ("مترشحة متخيلة", "Refusée Inventée", "Avec adresse")] == [True, True, False]
    assert ('lang="ar" dir="rtl"' in text, "Hors de la Région." in text) == (True, True)
    assert [one.to for one in OutgoingMail.objects.all()] == [Application.objects.exclude(email="").get().email]
