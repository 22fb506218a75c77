"""Who may do what: the guide's table, the members apart, the rules that protect a space."""

from __future__ import annotations

import datetime as dt
import html
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people import actions, deeds, rules, usual
from openregion.people.models import Act, Appointment, Body, Mandate, Seat, Territory
from openregion.record.models import JournalLine, SearchEntry, StoredFile
from tests.factories.people import (
    AT,
    ActFactory,
    AppointmentFactory,
    AuthorityFactory,
    BodyFactory,
    MandateFactory,
    MemberFactory,
    SeatFactory,
    TerritoryFactory,
    UserFactory,
    words,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
BOOK = guides.guide("ma-region-2021")
ROOMS = Path(deeds.__file__).parent.parent
DEEDS = sorted(deed for deed in deeds.LABELS if deed != "found_member")


@pytest.mark.row("A5")
@pytest.mark.parametrize("role", [role.code for role in BOOK.roles])
def test_each_role_may_do_its_deeds_and_no_other(role: str) -> None:
    member = MemberFactory()
    user = UserFactory(role=role, at=member)
    listed = set(next(one for one in BOOK.roles if one.code == role).deeds)
    assert {deed for deed in DEEDS if rules.may(user, deed, member)} == listed & set(DEEDS)
    assert rules.deeds_of(user, member) == listed


def test_every_deed_a_role_lists_has_a_label_in_words() -> None:
    listed = {deed for role in BOOK.roles for deed in role.deeds if hasattr(actions, deed)}
    assert listed - set(deeds.LABELS) == set()


def test_every_deed_that_the_journal_tells_has_a_label() -> None:
    """The journal is narrowed by kind of act: a deed without a label would be named by its code, in every language."""
    told = {path.stem for path in ROOMS.glob("*/templates/*/journal/*.html")} - {"deed"}
    assert "apply_to_call" in told
    assert sorted(told - set(deeds.LABELS)) == []


def test_every_actor_of_the_guide_has_a_role_a_seat_or_a_category() -> None:
    places = {
        "role": {role.code for role in BOOK.roles},
        "seat": {kind.code for kind in BOOK.book.bodies},
        "directory": {category.code for category in BOOK.directory},
    }
    assert [actor.code for actor in BOOK.actors if actor.of not in places[actor.seated_as]] == []


def test_a_role_is_worth_nothing_before_it_starts_or_after_it_ends() -> None:
    member = MemberFactory()
    past = AppointmentFactory(member=member, administrator=True, ended=True).user
    to_come = AppointmentFactory(
        member=member, administrator=True, starts_on=timezone.localdate() + dt.timedelta(days=1)
    ).user
    assert (rules.may(past, "appoint", member), rules.may(to_come, "appoint", member)) == (False, False)


def test_a_role_is_worth_nothing_elsewhere_nor_on_a_closed_account() -> None:
    here, elsewhere = MemberFactory(), MemberFactory()
    user = UserFactory(administrator_of=here)
    assert (rules.may(user, "appoint", here), rules.may(user, "appoint", elsewhere)) == (True, False)
    user.is_active = False
    assert rules.may(user, "appoint", here) is False


def test_a_superuser_may_do_nothing_more() -> None:
    from openregion.people.models import User

    user = User.objects.create_superuser("root@example.ma", "a-long-enough-password")
    assert rules.deeds_of(user, MemberFactory()) == frozenset()


def test_a_refusal_says_who_does_it() -> None:
    member = MemberFactory()
    reason = rules.why_not_allowed(UserFactory(role="monitor", at=member), "choose_accent", member)
    assert BOOK.roles[0].label.in_("fr") in reason


@pytest.mark.row("O-8")
def test_a_consortium_covers_the_territory_and_bodies_of_all_its_authorities() -> None:
    member = MemberFactory(consortium=True)
    first, second = member.authorities.order_by("membership__rank")
    own = [BodyFactory(authority=first), BodyFactory(authority=second)]
    BodyFactory()
    provinces = [TerritoryFactory(province=True, parent=one.territory) for one in (first, second)]
    TerritoryFactory(province=True)
    assert set(Body.objects.of(member)) == set(own)
    assert set(Territory.objects.of(member)) == set(provinces)


@pytest.mark.row("O-8")
def test_a_province_or_a_commune_may_be_a_member_and_covers_itself() -> None:
    province = TerritoryFactory(province=True)
    member = MemberFactory(authorities=[AuthorityFactory(territory=province)])
    TerritoryFactory(province=True, parent=province.parent)
    assert list(Territory.objects.of(member)) == [province]


@pytest.mark.row("O-8")
def test_every_reading_starts_at_one_member() -> None:
    here, elsewhere = MemberFactory(), MemberFactory()
    made: dict[Any, list[Any]] = {Body: [], Seat: [], Mandate: [], Act: [], Appointment: []}
    for member in (here, elsewhere):
        authority = member.authorities.get()
        mandate = MandateFactory(seat=SeatFactory(body=BodyFactory(authority=authority)))
        made[Mandate].append(mandate)
        made[Seat].append(mandate.seat)
        made[Body].append(mandate.seat.body)
        made[Act].append(ActFactory(authority=authority))
        made[Appointment].append(AppointmentFactory(member=member))
    assert {model: list(model.objects.of(here)) for model in made} == {model: rows[:1] for model, rows in made.items()}


def test_deeds_refuse_what_belongs_to_another_member() -> None:
    here, elsewhere = MemberFactory(), MemberFactory()
    by = UserFactory(administrator_of=here)
    theirs = elsewhere.authorities.get()
    body = BodyFactory(authority=theirs)
    seat, vacant = SeatFactory(body=body), SeatFactory(body=body)
    mandate, act = MandateFactory(seat=seat), ActFactory(authority=theirs)
    doing: dict[str, Any] = {"member": here, "by": by, "at": AT}
    days = {"starts_on": dt.date(2021, 9, 8), "ends_on": dt.date(2027, 9, 8)}
    cited = {"kind": "order", "number": "9", "dated_on": dt.date(2026, 1, 2)}
    own = here.authorities.get()
    own_seat = SeatFactory(body=BodyFactory(authority=own))
    file = StoredFile.objects.create(
        member_code=elsewhere.slug, name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64, stored_at=AT
    )
    tried = [
        lambda: actions.set_up_body(authority=own, kind="forum", name=words("F"), act=act, **doing),
        lambda: actions.set_up_body(authority=own, kind="forum", name=words("F"), parent=body, **doing),
        lambda: actions.give_mandate(own_seat, holder_name="X", starts_on=TODAY, act=act, **doing),
        lambda: actions.record_act(authority=own, title=words("A"), file=file, **cited, **doing),
        lambda: actions.set_up_body(authority=theirs, kind="forum", name=words("F"), **doing),
        lambda: actions.set_up_usual_bodies(theirs, **doing),
        lambda: actions.give_function(body, kind="forum", act=act, **doing),
        lambda: actions.add_seat(body, title=words("S"), actor="", **doing),
        lambda: actions.give_mandate(vacant, holder_name="X", starts_on=TODAY, **doing),
        lambda: actions.end_mandate(mandate, on=TODAY, **doing),
        lambda: actions.record_act(authority=theirs, title=words("A"), **cited, **doing),
        lambda: actions.set_council_mandate(theirs, **days, **doing),
        lambda: actions.appoint(email="a@b.ma", name="A", role="monitor", starts_on=TODAY, act=act, **doing),
        lambda: actions.end_appointment(AppointmentFactory(member=elsewhere), on=TODAY, by=by, at=AT),
    ]
    for deed in tried:
        with pytest.raises(Refused):
            deed()
    assert JournalLine.objects.count() == 0


@pytest.mark.row("O-3")
def test_the_monitoring_body_is_never_the_follow_up_group() -> None:
    member = MemberFactory()
    by, authority = UserFactory(administrator_of=member), member.authorities.get()
    act = ActFactory(authority=authority)
    doing: dict[str, Any] = {"act": act, "member": member, "by": by, "at": AT}
    for kind, other in (("monitoring-body", "follow-up-group"), ("follow-up-group", "monitoring-body")):
        with pytest.raises(Refused):
            actions.give_function(BodyFactory(authority=authority, kind=kind), kind=other, **doing)
    forum = BodyFactory(authority=authority, forum=True)
    actions.give_function(forum, kind="follow-up-group", **doing)
    with pytest.raises(Refused):
        actions.give_function(forum, kind="monitoring-body", **doing)
    assert list(forum.functions.values_list("kind", flat=True)) == ["follow-up-group"]


def test_a_function_is_declared_by_an_act_of_the_body_s_own_authority() -> None:
    member = MemberFactory(consortium=True)
    first, second = member.authorities.order_by("membership__rank")
    body, act = BodyFactory(authority=first), ActFactory(authority=second)
    with pytest.raises(Refused):
        actions.give_function(
            body, kind="forum", act=act, member=member, by=UserFactory(administrator_of=member), at=AT
        )


def test_a_space_always_keeps_an_administrator() -> None:
    member = MemberFactory()
    first = AppointmentFactory(member=member, administrator=True)
    with pytest.raises(Refused):
        actions.end_appointment(first, on=TODAY, by=first.user, at=AT)
    second = AppointmentFactory(member=member, administrator=True)
    actions.end_appointment(second, on=TODAY + dt.timedelta(days=60), by=first.user, at=AT)
    # The second is leaving: the first alone remains, and stays.
    with pytest.raises(Refused):
        actions.end_appointment(first, on=TODAY, by=first.user, at=AT)
    AppointmentFactory(member=member, administrator=True)
    assert actions.end_appointment(first, on=TODAY, by=first.user, at=AT).ends_on == TODAY


def test_only_an_administrator_gives_or_ends_that_role() -> None:
    member = MemberFactory()
    admin = AppointmentFactory(member=member, administrator=True)
    contact = UserFactory(role="point-of-contact", at=member)
    AppointmentFactory(member=member, administrator=True)
    doing: dict[str, Any] = {"email": contact.email, "name": "", "member": member, "starts_on": TODAY, "at": AT}
    with pytest.raises(Refused):
        actions.appoint(role="administrator", by=contact, **doing)
    with pytest.raises(Refused):
        actions.end_appointment(admin, on=TODAY, by=contact, at=AT)
    assert actions.appoint(role="moderator", by=contact, **doing).role == "moderator"
    assert actions.appoint(role="administrator", by=admin.user, **doing).role == "administrator"


def test_a_role_is_held_once_at_a_time() -> None:
    member = MemberFactory()
    by = UserFactory(administrator_of=member)
    held = AppointmentFactory(member=member, role="moderator")
    doing: dict[str, Any] = {"email": held.user.email.upper(), "name": "", "role": "moderator", "member": member}
    with pytest.raises(Refused):
        actions.appoint(starts_on=TODAY, by=by, at=AT, **doing)
    actions.end_appointment(held, on=TODAY, by=by, at=AT)
    assert actions.appoint(starts_on=TODAY, by=by, at=AT, **doing).user == held.user


def test_two_people_never_hold_one_seat_at_once() -> None:
    member = MemberFactory()
    by = UserFactory(administrator_of=member)
    seat = SeatFactory(body=BodyFactory(authority=member.authorities.get()))
    doing: dict[str, Any] = {"member": member, "by": by, "at": AT}
    first = actions.give_mandate(seat, holder_name="A", starts_on=dt.date(2026, 3, 1), **doing)
    for day in (dt.date(2026, 1, 1), dt.date(2026, 3, 1), dt.date(2026, 6, 1)):
        with pytest.raises(Refused):
            actions.give_mandate(seat, holder_name="B", starts_on=day, **doing)
    with pytest.raises(Refused):
        actions.end_mandate(first, on=dt.date(2026, 2, 28), **doing)
    actions.end_mandate(first, on=dt.date(2026, 5, 31), **doing)
    with pytest.raises(Refused):
        actions.end_mandate(first, on=dt.date(2026, 6, 30), **doing)
    with pytest.raises(Refused):
        actions.give_mandate(seat, holder_name="B", starts_on=dt.date(2026, 5, 31), **doing)
    second = actions.give_mandate(seat, holder_name="B", starts_on=dt.date(2026, 6, 1), **doing)
    assert list(seat.mandates.held_on(dt.date(2026, 6, 1))) == [second]


def test_an_act_is_recorded_once_and_not_in_the_future() -> None:
    member = MemberFactory()
    by, authority = UserFactory(administrator_of=member), member.authorities.get()
    cited: dict[str, Any] = {"authority": authority, "kind": "order", "number": "1", "title": words("A")}
    doing: dict[str, Any] = {"member": member, "by": by, "at": AT}
    actions.record_act(dated_on=dt.date(2026, 1, 2), **cited, **doing)
    for day in (dt.date(2026, 1, 2), timezone.localdate() + dt.timedelta(days=1)):
        with pytest.raises(Refused):
            actions.record_act(dated_on=day, **cited, **doing)
    assert Act.objects.of(member).count() == 1


def test_a_council_mandate_ends_after_it_starts() -> None:
    member = MemberFactory()
    doing: dict[str, Any] = {"member": member, "by": UserFactory(administrator_of=member), "at": AT}
    with pytest.raises(Refused):
        actions.set_council_mandate(member.authorities.get(), starts_on=TODAY, ends_on=TODAY, **doing)


@pytest.mark.parametrize(
    ("colour", "taken"), [("#0b5d57", True), ("#ffe08a", False), ("red", False), ("#0B5D5", False)]
)
def test_an_accent_too_pale_or_badly_written_is_refused(colour: str, taken: bool) -> None:
    member = MemberFactory(accent="#3a4652")
    reason = rules.why_not_choose_accent(UserFactory(administrator_of=member), member, accent=colour)
    assert (reason == "") is taken


@pytest.mark.row("O-8")
@pytest.mark.parametrize(
    ("trait", "kinds"),
    [
        ({}, ["council", "bureau", "consultative", "consultative", "consultative", "administration"]),
        ({"province": True}, ["council", "bureau", "consultative", "administration"]),
    ],
)
def test_usual_bodies_are_those_of_the_law_and_are_set_up_once(trait: dict[str, Any], kinds: list[str]) -> None:
    authority = AuthorityFactory(territory=TerritoryFactory(**trait))
    member = MemberFactory(authorities=[authority])
    doing: dict[str, Any] = {"member": member, "by": UserFactory(administrator_of=member), "at": AT}
    made = actions.set_up_usual_bodies(authority, **doing)
    assert [body.kind for body in made] == kinds
    assert [seat.actor for seat in Seat.objects.of(member)] == ["council-president"]
    parent = JournalLine.objects.get(verb="set_up_usual_bodies")
    assert set(JournalLine.objects.exclude(pk=parent.pk).values_list("parent", flat=True)) == {parent.pk}
    assert usual.missing(authority, made) == ()
    with pytest.raises(Refused):
        actions.set_up_usual_bodies(authority, **doing)


@pytest.mark.row("O-8")
def test_two_councils_of_a_consortium_have_two_addresses() -> None:
    member = MemberFactory(consortium=True)
    by = UserFactory(administrator_of=member)
    slugs = [
        actions.set_up_body(
            authority=one, member=member, kind="council", name=words("Conseil de la Région"), by=by, at=AT
        ).slug
        for one in member.authorities.order_by("membership__rank")
    ]
    assert slugs == ["conseil-de-la-region", "conseil-de-la-region-2"]


@pytest.mark.row("O-8")
def test_a_body_of_an_authority_in_two_members_is_found_and_told_in_both() -> None:
    alone = MemberFactory()
    authority = alone.authorities.get()
    together = MemberFactory(authorities=[authority, AuthorityFactory()])
    by = UserFactory(administrator_of=alone)
    body = actions.set_up_body(authority=authority, member=alone, kind="forum", name=words("Forum"), by=by, at=AT)
    first, second = JournalLine.objects.filter(subject_uid=body.uid).order_by("pk")
    assert (first.member_code, first.parent) == (alone.slug, None)
    assert (second.member_code, second.verb, second.parent) == (together.slug, "set_up_body", first)
    found = SearchEntry.objects.filter(subject_uid=body.uid)
    assert set(found.values_list("member_code", flat=True)) == {alone.slug, together.slug}


def test_the_journal_has_the_words_of_the_member_s_own_guide(settings: Any, tmp_path: Path) -> None:
    from django.template.loader import render_to_string

    shutil.copytree(settings.GUIDES / "ma-region-2021", tmp_path / "ma-region-2021")
    shutil.copytree(settings.GUIDES / "ma-region-2021", tmp_path / "ma-region-2030")
    roles = tmp_path / "ma-region-2030" / "roles.yaml"
    label = BOOK.roles[0].label.in_("fr")
    roles.write_text(roles.read_text(encoding="utf-8").replace(label, "Rôle renommé"), encoding="utf-8")
    settings.GUIDES = tmp_path
    said = {"facts": {"role": BOOK.roles[0].code}}
    with override("fr"):
        older = render_to_string("people/journal/appoint.html", said | {"member": MemberFactory()})
        newer = MemberFactory(guide_version="ma-region-2030")
        renamed = render_to_string("people/journal/appoint.html", said | {"member": newer})
    assert (label in html.unescape(older), "Rôle renommé" in renamed) == (True, True)


@pytest.mark.parametrize("slug", ["setup", "fr", "Bad", "a--b", "-a", "x" * 33, "membre-pris", ""])
def test_a_space_is_not_opened_under_a_bad_or_taken_address(slug: str) -> None:
    MemberFactory(slug="membre-pris")
    assert rules.why_not_found(slug=slug, territories=[TerritoryFactory()]) != ""


def test_founding_a_consortium_makes_one_administrator_and_its_lines() -> None:
    places = [TerritoryFactory(), TerritoryFactory(province=True)]
    founder = actions.Founder("Chef@Example.ma", "Chef inventé", "a-long-enough-password", "ar")
    member = actions.found_member(
        slug="ensemble", name=words("Ensemble"), territories=places, guide_version=BOOK.version, founder=founder, at=AT
    )
    held = Appointment.objects.of(member).get()
    assert (held.user.email, held.role, held.user.check_password(founder.password)) == (
        "chef@example.ma",
        "administrator",
        True,
    )
    assert [one.kind for one in member.authorities.order_by("membership__rank")] == ["region", "province"]
    assert [line.verb for line in JournalLine.objects.of("ensemble").order_by("pk")] == ["found_member", "appoint"]


@pytest.mark.row("L-1")
def test_the_journal_holds_no_personal_data() -> None:
    """Markers are planted wherever a person is named, then looked for in every line."""
    places = [TerritoryFactory()]
    founder = actions.Founder("marqueur-a@example.ma", "Marqueur A", "marqueur-secret-1234", "fr")
    member = actions.found_member(
        slug="ici", name=words("Ici"), territories=places, guide_version=BOOK.version, founder=founder, at=AT
    )
    by, authority = Appointment.objects.get().user, member.authorities.get()
    doing: dict[str, Any] = {"member": member, "by": by, "at": AT}
    act = actions.record_act(
        authority=authority,
        kind="order",
        number="1/2026",
        dated_on=dt.date(2026, 1, 2),
        title=words("Nomination de Marqueur B"),
        **doing,
    )
    body = actions.set_up_body(authority=authority, kind="forum", name=words("Forum Marqueur C"), act=act, **doing)
    actions.give_function(body, kind="plan-team", act=act, **doing)
    seat = actions.add_seat(body, title=words("Siège Marqueur D"), actor="citizens", **doing)
    mandate = actions.give_mandate(seat, holder_name="Marqueur E", starts_on=TODAY, act=act, **doing)
    actions.end_mandate(mandate, on=TODAY, **doing)
    held = actions.appoint(
        email="marqueur-f@example.ma", name="Marqueur F", role="moderator", starts_on=TODAY, act=act, **doing
    )
    actions.end_appointment(held, on=TODAY, by=by, at=AT)
    actions.set_council_mandate(authority, starts_on=TODAY, ends_on=dt.date(2027, 9, 1), **doing)
    actions.choose_accent(member, accent="#7a1f3d", by=by, at=AT)
    actions.set_up_usual_bodies(authority, **doing)
    written = "".join(str(line).lower() for line in JournalLine.objects.values())
    assert "marqueur" not in written
    assert {line.room for line in JournalLine.objects.all()} == {"people"}


def test_every_people_deed_has_its_sentence_in_the_journal() -> None:
    from django.template.loader import render_to_string

    facts = {
        "territories": ["01"], "role": "administrator", "on": "2026-01-01", "kind": "council", "number": "1",
        "dated_on": "2026-01-01", "bodies": 6, "actor": "council-president", "starts_on": "2026-01-01",
        "ends_on": "2027-01-01", "accent": "#0b5d57", "category": "media",
    }  # fmt: skip
    said = {
        deed: render_to_string(f"people/journal/{deed}.html", {"facts": facts}).strip()
        for deed in deeds.LABELS
        if hasattr(actions, deed)
    }
    assert all(sentence.endswith(".") for sentence in said.values()), said
