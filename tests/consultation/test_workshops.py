"""Workshops: who may do what in which state, what is public, what is the team's, what proves the guide's operations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions as deeds
from openregion.consultation import queries
from openregion.consultation.actions import workshops as actions
from openregion.consultation.models import Charge, Consultation, Need, Workshop
from openregion.consultation.queries import logistics, programme
from openregion.consultation.queries import workshops as reading
from openregion.consultation.rules import workshops as rules
from openregion.core.refusal import Refused
from openregion.core.working_days import WorkCalendar
from openregion.cycle.models import Invitation, Meeting, Proof
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.factories.consultation import ConsultationFactory, ThemeFactory
from tests.factories.cycle import CycleFactory
from tests.factories.meetings import InvitationFactory, minuted
from tests.factories.people import MemberFactory, TerritoryFactory, UserFactory, words
from tests.factories.workshops import ChargeFactory, NeedFactory, WorkshopFactory, peopled, province_of

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]
ROLES = ("administrator", "point-of-contact", "coordinator", "team-member", "moderator", "rapporteur", "")
STATES = ("planned", "convened", "held", "cancelled")


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return UserFactory(role="coordinator", at=member)


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(cycle=CycleFactory(member=member), slug="diagnostic")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def in_days(n: int) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=n)


def planned(consultation: Consultation, by: User, **more: Any) -> Workshop:
    given = {"title": words("Atelier de Tétouan", "ورشة تطوان"), "purpose": words("Dire ce qui manque."), **more}
    return actions.plan_workshop(
        consultation,
        **{"starts_at": in_days(30), "by": by, "at": timezone.now(), "place": words("Maison des jeunes"), **given},
    )


def as_it_is(need: Need) -> dict[str, Any]:
    names = ("kind", "what", "who", "assignee", "due_on", "budget_line", "cost", "done_on")
    return {name: getattr(need, name) for name in names}


# --- who may do what, in which state ----------------------------------------------


def asked(workshop: Workshop, by: User) -> dict[str, str]:
    """Ask every rule of a workshop for an act that nothing else would refuse."""
    need, charge = NeedFactory(workshop=workshop), ChargeFactory(workshop=workshop)
    guest = InvitationFactory(meeting=workshop.meeting, answer="coming")
    return {
        "revise_workshop": rules.why_not_revise_workshop(by, workshop, given={"tables": 3}),
        "add_need": rules.why_not_add_need(by, workshop, kind="room", what="Autre salle", assignee=None),
        "revise_need": rules.why_not_revise_need(
            by, need, kind="room", what="Salle", assignee=None, done_on=None, today=timezone.localdate()
        ),
        "remove_need": rules.why_not_remove_need(by, need),
        "give_charge": rules.why_not_give_charge(by, workshop, invitation=guest, part="rapporteur", table=1),
        "end_charge": rules.why_not_end_charge(by, charge),
        "give_capture_pass": rules.why_not_give_capture_pass(
            by, ChargeFactory(workshop=workshop, rapporteur=True), after=None, at=timezone.now()
        ),
        "end_capture_pass": rules.why_not_end_capture_pass(
            by, ChargeFactory(workshop=workshop, rapporteur=True, pass_hash="x" * 64)
        ),
    }


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_workshop_is_changed_by_those_the_guide_names_in_the_states_that_allow_it(
    member: Member, role: str, state: str
) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    workshop = WorkshopFactory(member=member, meeting__state=state)
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    held = set(named.deeds) if named else set()
    expected = set(rules.WORKSHOP_MOVES[Meeting.State(state)]) & held
    assert {deed for deed, reason in asked(workshop, by).items() if not reason} == expected


@pytest.mark.parametrize("role", ROLES)
def test_workshop_is_planned_by_those_the_guide_names(member: Member, consultation: Consultation, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    refusal = rules.why_not_plan_workshop(by, consultation, given={})
    assert (refusal == "") == bool(named and "plan_workshop" in named.deeds)


def test_every_state_has_its_moves_and_moves_name_deeds_that_exist() -> None:
    assert set(rules.WORKSHOP_MOVES) == set(Meeting.State)
    assert all(callable(getattr(deeds, deed)) for row in rules.WORKSHOP_MOVES.values() for deed in row)


# --- planning and changing -----------------------------------------------------------


def test_workshop_is_planned_with_its_meeting_its_line_and_its_proof(consultation: Consultation, by: User) -> None:
    province = province_of(consultation.cycle.member)
    theme = consultation.themes.order_by("rank")[0]
    workshop = planned(consultation, by, province=province, theme=theme, capacity=80, languages=["ar", "sign"])
    meeting = workshop.meeting
    assert (meeting.kind, meeting.state, meeting.open_to_all, meeting.cycle) == (
        "public", "planned", True, consultation.cycle,
    )  # fmt: skip
    assert (workshop.theme, workshop.province, workshop.capacity, workshop.tables) == (theme, province, 80, 4)
    line = JournalLine.objects.get(verb="plan_workshop")
    assert (line.room, line.subject_uid, line.by_ref) == ("consultation", workshop.uid, by.reference)
    assert line.facts == {"number": meeting.number, "day": timezone.localdate(meeting.starts_at).isoformat()}
    proof = Proof.objects.get(deed="plan_workshop")
    assert proof.operation.code == "schedule-consultation-meetings"
    planned(consultation, by, title=words("Atelier de Larache"))
    assert Proof.objects.filter(deed="plan_workshop").count() == 1


def test_workshop_planned_twice_is_one(consultation: Consultation, by: User, english: None) -> None:
    starts_at = in_days(20)
    planned(consultation, by, starts_at=starts_at)
    with pytest.raises(Refused, match="planned already"):
        planned(consultation, by, starts_at=starts_at)
    assert (Workshop.objects.count(), Meeting.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"theme": "foreign"}, "another consultation"),
        ({"province": "foreign"}, "not one of this space"),
        ({"tables": 0}, "between 1 and 60 tables"),
        ({"capacity": 0}, "between 1 and 5000"),
        ({"languages": ["tlh"]}, "from the list"),
        ({"timings": [{"part": "closing", "minutes": 5}, {"part": "welcome", "minutes": 5}]}, "in their order"),
        ({"timings": [{"part": "welcome", "minutes": 900}]}, "between 0 and 480"),
        ({"timings": [{"part": "welcome", "minutes": 0}]}, "some minutes"),
    ],
)
def test_workshop_is_refused_in_words(
    consultation: Consultation, by: User, english: None, given: dict[str, Any], why: str
) -> None:
    if "theme" in given:
        given = {"theme": ThemeFactory()}
    if "province" in given:
        given = {"province": TerritoryFactory(province=True)}
    with pytest.raises(Refused, match=why):
        planned(consultation, by, **given)
    assert Meeting.objects.count() == 0


def test_revision_changes_what_it_names_and_keeps_the_rest(consultation: Consultation, by: User) -> None:
    workshop = planned(consultation, by, capacity=80)
    before = workshop.meeting.starts_at
    actions.revise_workshop(workshop, place=words("Lycée"), tables=6, by=by, at=timezone.now())
    fresh = Workshop.objects.get()
    assert fresh.meeting.place["fr"]["text"] == "Lycée"
    assert (fresh.tables, fresh.capacity, fresh.meeting.starts_at) == (6, 80, before)
    verbs = JournalLine.objects.order_by("pk").values_list("verb", flat=True)
    assert [one for one in verbs if one.startswith("revise")] == ["revise_meeting", "revise_workshop"]
    actions.revise_workshop(workshop, place=words("Lycée"), tables=6, by=by, at=timezone.now())
    assert JournalLine.objects.filter(verb__startswith="revise").count() == 2


def test_timings_make_the_kit_ready_and_prove_the_operation(consultation: Consultation, by: User) -> None:
    workshop = planned(consultation, by)
    timings = programme.as_timings(dict.fromkeys(programme.PARTS, 10))
    for _time in range(2):
        actions.revise_workshop(workshop, timings=timings, by=by, at=timezone.now())
    assert JournalLine.objects.get(verb="revise_workshop").facts["timed"] is True
    assert Proof.objects.get(deed="revise_workshop").operation.code == "prepare-workshop-kit"


def test_usual_timings_fit_the_hours_of_the_workshop() -> None:
    start = timezone.now()
    assert dict(programme.usual_timings(start, None)) == {code: one[2] for code, one in programme.PARTS.items()}
    for hours in (1, 2, 3, 6):
        found = dict(programme.usual_timings(start, start + dt.timedelta(hours=hours)))
        assert sum(found.values()) == hours * 60
        assert min(found.values()) >= 5
    two_days = programme.usual_timings(start, start + dt.timedelta(days=2))
    assert two_days == programme.usual_timings(start, None)


def test_timetable_lays_the_parts_one_after_the_other_and_leaves_out_what_lasts_nothing(member: Member) -> None:
    workshop = WorkshopFactory(member=member, timings=programme.as_timings({"welcome": 15, "tables": 0, "closing": 5}))
    found = programme.timetable(workshop)
    assert [(one.part, one.minutes) for one in found] == [("welcome", 15), ("closing", 5)]
    assert found[0].ends == found[1].starts
    assert programme.overrun(found, found[0].ends) == 5


# --- what it needs --------------------------------------------------------------------


def test_need_joins_the_list_once_and_the_journal_tells_its_kind_alone(member: Member, by: User, english: None) -> None:
    workshop = WorkshopFactory(member=member)
    given = {"kind": "catering", "what": "Repas secret", "who": "Traiteur secret", "cost": 250_000}
    actions.add_need(workshop, **given, by=by, at=timezone.now())
    with pytest.raises(Refused, match="on the list already"):
        actions.add_need(workshop, **given, by=by, at=timezone.now())
    line = JournalLine.objects.get(verb="add_need")
    assert line.facts == {"number": workshop.meeting.number, "kind": "catering"}


def test_list_that_is_ready_proves_the_logistics(consultation: Consultation, by: User) -> None:
    workshop = planned(consultation, by)
    needs = [actions.add_need(workshop, kind="room", what=f"Salle {n}", by=by, at=timezone.now()) for n in range(2)]
    for need in needs:
        assert not Proof.objects.filter(deed="revise_need").exists()
        for _time in range(2):
            actions.revise_need(need, **{**as_it_is(need), "done_on": timezone.localdate()}, by=by, at=timezone.now())
    assert Proof.objects.get(deed="revise_need").operation.code == "prepare-workshop-logistics"
    assert JournalLine.objects.filter(verb="revise_need").count() == 2


def test_need_is_not_ready_tomorrow_nor_given_to_a_stranger(member: Member, by: User, english: None) -> None:
    need = NeedFactory(workshop=WorkshopFactory(member=member))
    with pytest.raises(Refused, match="today or an earlier day"):
        actions.revise_need(need, **{**as_it_is(need), "done_on": in_days(2).date()}, by=by, at=timezone.now())
    with pytest.raises(Refused, match="holds no role"):
        actions.revise_need(need, **{**as_it_is(need), "assignee": UserFactory()}, by=by, at=timezone.now())


def test_need_taken_off_twice_is_refused_in_words(member: Member, by: User, english: None) -> None:
    need = NeedFactory(workshop=WorkshopFactory(member=member))
    same = Need.objects.get(pk=need.pk)
    actions.remove_need(need, by=by, at=timezone.now())
    with pytest.raises(Refused, match="removed meanwhile"):
        actions.remove_need(same, by=by, at=timezone.now())
    assert JournalLine.objects.filter(verb="remove_need").count() == 1


def test_usual_list_counts_working_days_back_and_proposes_no_day_that_is_past(member: Member) -> None:
    workshop = WorkshopFactory(member=member)
    day, today = timezone.localdate(workshop.meeting.starts_at), timezone.localdate()
    found = {one.kind: one for one in logistics.usual_needs(workshop, WorkCalendar(()), today=today)}
    assert set(found) == set(Need.Kind) - {"other"}
    assert found["printing"].due_on == WorkCalendar(()).add_working_days(day, -3)
    assert all(WorkCalendar(()).is_working_day(one.due_on) or one.due_on == today for one in found.values())
    late = logistics.usual_needs(workshop, WorkCalendar(()), today=day)
    assert {one.due_on for one in late} == {day}


def test_totals_add_up_by_budget_line_and_count_what_has_no_price(member: Member) -> None:
    workshop = WorkshopFactory(member=member)
    for cost, line in ((150_000, "A"), (50_000, "A"), (100_000, ""), (None, "B")):
        NeedFactory(workshop=workshop, cost=cost, budget_line=line)
    NeedFactory(workshop=workshop, cost=0, done=True, budget_line="B")
    found = logistics.totals_of(workshop)
    assert (found.ready, found.all, found.unpriced) == (1, 5, 1)
    assert [line for line, _cost in found.by_line] == ["", "A", "B"]
    assert "3\u202f000" in found.cost or "3 000" in found.cost.replace("\u202f", " ").replace("\xa0", " ")


# --- who is in charge -------------------------------------------------------------------


def test_facilitator_and_rapporteur_are_chosen_among_the_participants(consultation: Consultation, by: User) -> None:
    workshop = planned(consultation, by)
    first, second = (InvitationFactory(meeting=workshop.meeting, answer="coming") for _n in range(2))
    actions.give_charge(workshop, invitation=first, part="facilitator", table=1, by=by, at=timezone.now())
    assert not Proof.objects.filter(deed="give_charge").exists()
    actions.give_charge(workshop, invitation=second, part="rapporteur", table=1, by=by, at=timezone.now())
    assert Proof.objects.get(deed="give_charge").operation.code == "select-facilitators-and-rapporteurs"
    lines = JournalLine.objects.filter(verb="give_charge")
    assert {line.facts["part"] for line in lines} == {"facilitator", "rapporteur"}
    assert first.name not in str(list(lines.values()))


@pytest.mark.parametrize(
    ("guest", "table", "why"),
    [
        ({"answer": "none"}, 1, "has not said that they come"),
        ({"answer": "coming", "name": ""}, 1, "among the participants"),
        ({"answer": "coming"}, 9, "has 4 tables"),
        ({"answer": "coming", "meeting": None}, 1, "among the participants"),
    ],
)
def test_charge_is_refused_in_words(
    member: Member, by: User, english: None, guest: dict[str, Any], table: int, why: str
) -> None:
    workshop = WorkshopFactory(member=member)
    meeting = WorkshopFactory(member=member).meeting if "meeting" in guest else workshop.meeting
    one = InvitationFactory(**{**guest, "meeting": meeting})
    with pytest.raises(Refused, match=why):
        actions.give_charge(workshop, invitation=one, part="rapporteur", table=table, by=by, at=timezone.now())


def test_participant_has_one_part_until_relieved_of_it(member: Member, by: User, english: None) -> None:
    charge = ChargeFactory(workshop=WorkshopFactory(member=member))
    again = {"invitation": charge.invitation, "part": "rapporteur", "by": by, "at": timezone.now()}
    with pytest.raises(Refused, match="has a part at this workshop already"):
        actions.give_charge(charge.workshop, **again)
    same = Charge.objects.get(pk=charge.pk)
    actions.end_charge(charge, by=by, at=timezone.now())
    with pytest.raises(Refused, match="removed meanwhile"):
        actions.end_charge(same, by=by, at=timezone.now())
    actions.give_charge(charge.workshop, **again)
    assert [one.part for one in Charge.objects.all()] == ["rapporteur"]


def test_balance_is_said_in_words_and_counts_apart_who_did_not_say(member: Member, english: None) -> None:
    workshop = WorkshopFactory(member=member)
    assert logistics.balance_in_words(workshop) == ""
    for gender in ("woman", "woman", "man", "unsaid"):
        guest = InvitationFactory(meeting=workshop.meeting, answer="coming", gender=gender)
        ChargeFactory(workshop=workshop, invitation=guest)
    assert logistics.balance_in_words(workshop) == "In charge: 2 women, 1 man, 1 who did not say."


# --- who came ---------------------------------------------------------------------------


def test_heads_are_counted_in_all_so_that_twice_is_once(member: Member, by: User) -> None:
    workshop = WorkshopFactory(member=member, on_its_day=True)
    peopled(workshop, came=1)
    for heads in ({"civil-society": 3, "": 2}, {"civil-society": 3, "": 2}, {"civil-society": 1, "": 2}):
        actions.count_heads(workshop, heads=heads, by=by, at=timezone.now())
        assert logistics.heads_by_category(workshop.meeting) == heads
    assert workshop.meeting.invitations.filter(attended=True).count() == 4


def test_heads_are_not_counted_before_the_day_nor_without_sense(member: Member, by: User, english: None) -> None:
    for workshop, heads, why in (
        (WorkshopFactory(member=member), {"": 1}, "from the day of the meeting"),
        (WorkshopFactory(member=member, on_its_day=True), {"": 201}, "between 0 and 200"),
        (WorkshopFactory(member=member, on_its_day=True), {"martians": 1}, "from the list"),
    ):
        with pytest.raises(Refused, match=why):
            actions.count_heads(workshop, heads=heads, by=by, at=timezone.now())
    assert Invitation.objects.count() == 0


def test_attendance_shows_no_small_group(member: Member) -> None:
    workshop = WorkshopFactory(member=member, held=True)
    assert reading.attendance_of(workshop).nobody is True
    peopled(workshop, came=4, category="private-sector")
    few = reading.attendance_of(workshop)
    assert (few.cells, few.rest, few.total, few.nobody) == ((), "", "", False)
    peopled(workshop, came=12, category="civil-society")
    peopled(workshop, came=7, category="media")
    found = reading.attendance_of(workshop)
    assert [number for _label, number in found.cells] == ["12"]
    assert (found.rest, found.total) == ("11", "23")


# --- pages --------------------------------------------------------------------------------


def test_calendar_is_public_and_narrowed_by_theme_and_province(member: Member, consultation: Consultation) -> None:
    theme, other = consultation.themes.order_by("rank", "pk")
    here, there = province_of(member), province_of(member)
    WorkshopFactory(consultation=consultation, theme=theme, province=here, meeting__title=words("Atelier un"))
    WorkshopFactory(consultation=consultation, theme=other, province=there, meeting__title=words("Atelier deux"))
    WorkshopFactory(consultation=consultation, held=True, meeting__title=words("Atelier passé"))
    whole = Client().get(address("workshops", "ici"))
    assert [b"Atelier un" in whole.content, b"Atelier deux" in whole.content] == [True, True]
    for asked in (f"?theme={theme.code}", f"?province={here.code}"):
        found = Client().get(address("workshops", "ici") + asked).content.decode()
        assert ["Atelier un" in found, "Atelier deux" in found, "Atelier passé" in found] == [True, False, True]
    assert Client().get(address("workshops", "ici") + "?theme=nothing&province=x&page=z").status_code == 200


def test_page_says_where_when_how_to_get_in_and_whether_it_is_filmed(member: Member) -> None:
    workshop = WorkshopFactory(member=member, in_province=True, themed=True, languages=["ar", "sign"])
    NeedFactory(workshop=workshop, kind="recording", what="Caméra cachée", who="Société secrète")
    ChargeFactory(workshop=workshop)
    page = Client().get(address("workshop", "ici", workshop.meeting.number, lang="en")).content.decode()
    for said in ("Step-free entrance.", "Salle inventée, Tanger", "Sign language", "is filmed or recorded"):
        assert said in page
    for kept in ("Caméra cachée", "Société secrète", "Invitée Secrète", "For the team"):
        assert kept not in page


def test_page_after_shows_who_came_and_leads_to_the_minutes(member: Member, by: User) -> None:
    workshop = WorkshopFactory(member=member, held=True)
    peopled(workshop, came=12)
    minuted(workshop.meeting, by=by)
    page = Client().get(address("workshop", "ici", workshop.meeting.number, lang="en")).content.decode()
    assert "Who came" in page
    assert ">12<" in page
    assert f"{address('meeting', 'ici', workshop.meeting.number, lang='en')}#minutes" in page


def test_workshop_of_another_member_is_not_found(member: Member) -> None:
    theirs = WorkshopFactory()
    for name in ("workshop", "workshop_kit", "workshop_ics"):
        assert Client().get(address(name, "ici", theirs.meeting.number)).status_code == 404


def test_calendar_entry_leads_to_the_workshop_in_its_own_file_and_in_the_public_feed(member: Member) -> None:
    from openregion.web.queries.feeds import public_entries

    workshop = WorkshopFactory(member=member)
    where = address("workshop", "ici", workshop.meeting.number)
    response = Client().get(address("workshop_ics", "ici", workshop.meeting.number))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert where in response.content.decode().replace("\r\n ", "")
    with override("fr"):
        entry = next(one for one in public_entries(member) if one.uid == f"meeting-{workshop.meeting.uid}")
    assert entry.url == where


def test_consultation_page_shows_its_next_workshops(member: Member, consultation: Consultation) -> None:
    workshop = WorkshopFactory(consultation=consultation)
    page = Client().get(address("consultation", "ici", "diagnostic")).content.decode()
    assert address("workshop", "ici", workshop.meeting.number) in page


def test_workshop_is_planned_from_its_form_and_what_was_typed_survives_a_refusal(
    member: Member, consultation: Consultation, by: User
) -> None:
    client, url = signed_in(by), address("new_workshop", "ici", "diagnostic")
    typed = {
        "title_fr": "Atelier de Chefchaouen", "title_ar": "ورشة شفشاون", "purpose_fr": "", "purpose_ar": "",
        "starts_at": "2027-03-01T09:00", "ends_at": "2027-03-01T08:00",
        "place_fr": "Maison de la culture", "place_ar": "دار الثقافة",
        "open_to_all": "on", "tables": "5", "access_fr": "Rampe", "languages": ["ar", "ary"], "capacity": "50",
        "theme": consultation.themes.order_by("rank", "pk")[0].code,
    }  # fmt: skip
    refused = client.post(url, typed)
    assert refused.status_code == 200
    assert "Maison de la culture" in refused.content.decode()
    done = client.post(url, typed | {"ends_at": "2027-03-01T12:30"})
    workshop = Workshop.objects.get()
    assert done["Location"] == address("workshop", "ici", workshop.meeting.number)
    assert (workshop.tables, workshop.languages, workshop.access["fr"]["text"]) == (5, ["ar", "ary"], "Rampe")
    change = address("revise_workshop", "ici", workshop.meeting.number)
    page = client.get(change).content.decode()
    assert [one in page for one in ("Atelier de Chefchaouen", "Rampe", "2027-03-01T09:00")] == [True] * 3
    client.post(change, typed | {"ends_at": "2027-03-01T13:00", "tables": "6"})
    assert Workshop.objects.get().tables == 6


def test_team_lists_what_is_needed_says_it_is_ready_and_takes_it_off(member: Member, by: User) -> None:
    workshop = WorkshopFactory(member=member)
    client, where = signed_in(by), ("ici", workshop.meeting.number)
    client.post(address("add_usual_needs", *where))
    client.post(address("add_usual_needs", *where))
    assert workshop.needs.count() == 8
    client.post(address("add_need", *where), {"kind": "other", "what": "Badges", "cost": "1250.50"})
    badges = workshop.needs.get(kind="other")
    assert badges.cost == 125_050
    client.post(address("revise_need", *where, badges.uid), {"ready": "1"})
    assert Need.objects.get(pk=badges.pk).done_on == timezone.localdate()
    client.post(address("revise_need", *where, badges.uid), {"kind": "other", "what": "Badges bleus", "cost": "12"})
    assert [(one.what, one.cost, one.done_on) for one in workshop.needs.filter(kind="other")] == [
        ("Badges bleus", 1200, None)
    ]
    client.post(address("remove_need", *where, badges.uid))
    assert workshop.needs.count() == 8
    assert client.get(address("workshop_needs", *where)).status_code == 200


def test_team_chooses_and_relieves_who_is_in_charge(member: Member, by: User) -> None:
    workshop = WorkshopFactory(member=member)
    guest = InvitationFactory(meeting=workshop.meeting, answer="coming")
    client, where = signed_in(by), ("ici", workshop.meeting.number)
    client.post(address("workshop_people", *where), {"invitation": guest.uid, "part": "rapporteur", "table": "2"})
    charge = Charge.objects.get()
    assert (charge.invitation, charge.part, charge.table) == (guest, "rapporteur", 2)
    page = client.get(address("workshop_people", *where)).content.decode()
    assert guest.name in page
    client.post(address("end_charge", *where, charge.uid))
    assert Charge.objects.count() == 0


def test_heads_are_counted_from_their_form(member: Member, by: User) -> None:
    workshop = WorkshopFactory(member=member, on_its_day=True)
    url = address("count_heads", "ici", workshop.meeting.number)
    names = list(dict(logistics.guest_categories(member)))
    field = f"heads_{names.index('civil-society')}"
    for _time in range(2):
        signed_in(by).post(url, {field: "4"})
    assert logistics.heads_by_category(workshop.meeting) == {"civil-society": 4}


@pytest.mark.parametrize(
    "name", ["new_workshop", "revise_workshop", "workshop_needs", "workshop_people", "count_heads", "workshop_timings"]
)
def test_pages_of_the_team_are_closed_to_visitors_and_to_other_roles(member: Member, name: str) -> None:
    workshop = WorkshopFactory(member=member)
    what = workshop.consultation.slug if name == "new_workshop" else workshop.meeting.number
    assert Client().get(address(name, "ici", what)).status_code == 302
    moderator = UserFactory(role="moderator", at=member)
    assert signed_in(moderator).get(address(name, "ici", what)).status_code == 403


def test_pages_ask_the_same_questions_for_one_row_and_for_thirty(member: Member, by: User) -> None:
    consultation = ConsultationFactory(member=member)
    workshop = WorkshopFactory(consultation=consultation, in_province=True, themed=True)
    WorkshopFactory(consultation=consultation, held=True)
    NeedFactory(workshop=workshop)
    ChargeFactory(workshop=workshop)
    client, number = signed_in(by), workshop.meeting.number
    urls = [address("workshops", "ici"), address("workshop", "ici", number)]
    urls += [address(name, "ici", number) for name in ("workshop_needs", "workshop_people", "workshop_kit")]

    def counts() -> list[int]:
        found = []
        for url in urls:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(url).status_code == 200
            found.append(len(asked))
        return found

    counts()
    one = counts()
    for _n in range(15):
        WorkshopFactory(consultation=consultation, in_province=True, themed=True)
        WorkshopFactory(consultation=consultation, held=True)
        NeedFactory(workshop=workshop)
        ChargeFactory(workshop=workshop)
    assert counts() == one


# --- the desk -----------------------------------------------------------------------------


def test_desk_shows_what_is_needed_who_is_missing_and_the_kit(member: Member) -> None:
    today = timezone.localdate()
    workshop = WorkshopFactory(member=member)
    late, ready = NeedFactory(workshop=workshop, late=True), NeedFactory(workshop=workshop, done=True)
    lines = {line.key: line for line in logistics.due_workshops(member, today)}
    assert set(lines) == {f"need:{late.uid}", f"workshop:{workshop.uid}:people", f"workshop:{workshop.uid}:kit"}
    assert lines[f"need:{late.uid}"].state(today) == "late"
    assert f"need:{ready.uid}" not in lines
    ChargeFactory(workshop=workshop)
    ChargeFactory(workshop=workshop, rapporteur=True)
    Workshop.objects.update(timings=programme.as_timings({"welcome": 10}))
    assert [line.key for line in queries.due(member, today) if "workshop" in line.key] == []
    Meeting.objects.update(state="cancelled")
    assert logistics.due_workshops(member, today) == ()


def test_desk_asks_the_same_questions_for_one_workshop_and_for_thirty(member: Member) -> None:
    NeedFactory(workshop=WorkshopFactory(member=member), late=True)
    with CaptureQueriesContext(connection) as one:
        logistics.due_workshops(member, timezone.localdate())
    for _n in range(10):
        NeedFactory(workshop=WorkshopFactory(member=member), late=True)
    with CaptureQueriesContext(connection) as many:
        assert len(logistics.due_workshops(member, timezone.localdate())) == 33
    assert len(many) == len(one)


@pytest.mark.parametrize(
    ("verb", "facts"),
    [
        ("plan_workshop", {"day": "2027-01-05"}),
        ("revise_workshop", {"timed": True}),
        ("revise_workshop", {"timed": False}),
        ("add_need", {"kind": "room"}),
        ("revise_need", {"kind": "room", "ready": True}),
        ("remove_need", {"kind": "access"}),
        ("give_charge", {"part": "rapporteur"}),
        ("end_charge", {"part": "facilitator"}),
        ("give_capture_pass", {}),
    ],
)
def test_each_deed_has_its_sentence(verb: str, facts: dict[str, Any], english: None) -> None:
    said = render_to_string(f"consultation/journal/{verb}.html", {"facts": {"number": 3, **facts}}).strip()
    assert said.endswith(".")
    assert "3" in said
