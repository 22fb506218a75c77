"""The forum: sides, women and men, co-ordinators and rules, said in words; what somebody must see to."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people import actions, queries, rules
from openregion.people.models import Body, Member, Seat
from openregion.record.models import JournalLine
from tests.factories.people import (
    AT,
    ActFactory,
    BodyFactory,
    MandateFactory,
    MemberFactory,
    SeatFactory,
    UserFactory,
    words,
)

pytestmark = [pytest.mark.django_db, pytest.mark.row("O-6")]
ROLES = guides.guide("ma-region-2021").roles
TODAY = dt.date(2026, 11, 23)
RULES = words("Le forum se réunit tous les deux mois.", "يجتمع المنتدى كل شهرين.")


def forum_of(member: Member, **more: Any) -> Body:
    return BodyFactory(authority=member.authorities.get(), forum=True, slug="forum", **more)


def here() -> tuple[Member, Any, Body]:
    member = MemberFactory(slug="ici")
    return member, UserFactory(administrator_of=member), forum_of(member)


def told(body: Body, member: Member) -> list[tuple[str, bool | None]]:
    return [(one.sentence, one.met) for one in queries.body_page(body, member, today=TODAY).balances]


def seat(body: Body, side: str, gender: str = "", *, leads: bool = False) -> Seat:
    made = SeatFactory(body=body, side=side, leads=leads)
    if gender:
        MandateFactory(seat=made, gender=gender)
    return made


def test_a_forum_without_anybody_says_what_is_not_known() -> None:
    member, _by, body = here()
    assert [met for _sentence, met in told(body, member)] == [None, None, False]


def test_a_balanced_forum_is_met_on_the_three_counts() -> None:
    member, _by, body = here()
    for side in ("civil-society", "council"):
        for number, gender in enumerate(("woman", "man", "woman", "man")):
            seat(body, side, gender, leads=number == 0)
    assert [met for _sentence, met in told(body, member)] == [True, True, True]


def test_an_unbalanced_forum_says_in_which_way() -> None:
    member, _by, body = here()
    for number in range(5):
        seat(body, "council", "man", leads=number == 0)
    seat(body, "civil-society", "unsaid")
    seat(body, "civil-society")
    assert [met for _sentence, met in told(body, member)] == [False, False, False]


def test_women_and_men_are_not_counted_under_five_who_said() -> None:
    member, _by, body = here()
    for gender in ("woman", "man", "woman", "man", "unsaid"):
        seat(body, "council", gender)
    (_sides, (sentence, met), _leads) = told(body, member)
    assert (met, [sign for sign in sentence if sign.isdigit()]) == (None, [])


def test_a_body_that_declares_the_forum_s_part_is_read_as_one() -> None:
    member, by, _body = here()
    other = BodyFactory(authority=member.authorities.get(), kind="working-team", slug="equipe")
    assert told(other, member) == []
    act = ActFactory(authority=other.authority)
    actions.give_function(other, kind="forum", act=act, member=member, by=by, at=AT)
    assert len(told(other, member)) == 3


def test_one_co_ordinator_on_each_side_and_no_other() -> None:
    member, by, body = here()
    doing: dict[str, Any] = {"title": words("Siège"), "actor": "", "member": member, "by": by, "at": AT}
    for side in ("civil-society", "council"):
        actions.add_seat(body, side=side, leads=True, **doing)
        with pytest.raises(Refused):
            actions.add_seat(body, side=side, leads=True, **doing)
    for side in ("administration", ""):
        with pytest.raises(Refused):
            actions.add_seat(body, side=side, leads=True, **doing)
    made = actions.add_seat(body, side="other", votes=False, **doing)
    assert (made.side, made.leads, made.votes, body.seats.count()) == ("other", False, False, 3)


def test_only_a_group_of_the_council_has_a_stance() -> None:
    member, by, body = here()
    said: dict[str, Any] = {"authority": body.authority, "member": member, "name": words("Groupe"), "by": by, "at": AT}
    group = actions.set_up_body(kind="council-group", stance="opposition", **said)
    assert group.stance == "opposition"
    with pytest.raises(Refused):
        actions.set_up_body(kind="council", stance="majority", **said)


@pytest.mark.parametrize("role", [role.code for role in ROLES])
def test_who_may_publish_the_rules_of_a_body(role: str) -> None:
    member, _by, body = here()
    by = UserFactory(role=role, at=member)
    listed = next(one for one in ROLES if one.code == role).deeds
    assert (rules.why_not_set_body_rules(by, body, member, text=RULES) == "") is ("set_body_rules" in listed)


def test_rules_are_published_with_their_file_and_everyone_reads_them(client: Client) -> None:
    _member, by, body = here()
    page = reverse("body", args=["ici", "forum"])
    assert client.get(reverse("body_rules_file", args=["ici", "forum"])).status_code == 404
    before = client.get(page).content.decode()
    client.force_login(by)
    path = reverse("body_rules", args=["ici", "forum"])
    assert client.post(path, {"rules_fr": "", "rules_ar": ""}).status_code == 200
    pdf = SimpleUploadedFile("r.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF")
    said = {lang: RULES[lang]["text"] for lang in ("fr", "ar")}
    assert client.post(path, {"rules_fr": said["fr"], "rules_ar": said["ar"], "file": pdf})["Location"] == page
    client.logout()
    after = client.get(page).content.decode()
    assert (said["fr"] in before, said["fr"] in after) == (False, True)
    assert client.get(reverse("body_rules_file", args=["ici", "forum"])).getvalue()[:5] == b"%PDF-"
    assert JournalLine.objects.filter(verb="set_body_rules", subject_uid=body.uid).count() == 1


def test_the_gender_of_nobody_is_on_the_page(client: Client) -> None:
    _member, _by, body = here()
    seat(body, "council", "woman")
    page = client.get("/en/ici/bodies/forum/").content.decode()
    assert [word for word in (">Woman", ">woman", "woman<", "1 woman") if word in page] == []


def test_a_seat_and_its_mandate_are_given_with_side_and_gender_in_the_browser(client: Client) -> None:
    _member, by, body = here()
    client.force_login(by)
    said = {
        "title_fr": "Co-coordination",
        "title_ar": "تنسيق مشترك",
        "side": "civil-society",
        "leads": "on",
        "votes": "on",
    }
    client.post(reverse("new_seat", args=["ici", "forum"]), said)
    made = body.seats.get()
    assert (made.side, made.leads, made.votes) == ("civil-society", True, True)
    held = {"holder_name": "Nadia", "starts_on": "2026-01-05", "gender": "woman"}
    client.post(reverse("new_mandate", args=["ici", made.uid]), held)
    assert made.mandates.get().gender == "woman"


def test_vacant_seats_and_ending_mandates_are_due() -> None:
    member, _by, body = here()
    vacant = seat(body, "council")
    ending = MandateFactory(seat=SeatFactory(body=body), ends_on=TODAY + dt.timedelta(days=30))
    MandateFactory(seat=SeatFactory(body=body), ends_on=TODAY + dt.timedelta(days=90))
    SeatFactory(body=BodyFactory(authority=body.authority))
    found = {due.key: due for due in queries.due(member, TODAY)}
    assert set(found) == {f"seat {vacant.uid}", f"mandate {ending.uid}"}
    assert (found[f"mandate {ending.uid}"].day, found[f"seat {vacant.uid}"].deed) == (ending.ends_on, "give_mandate")


def test_a_failed_message_is_due_to_administrators() -> None:
    from tests.factories.directory import OutgoingMailFactory

    member, _by, _body = here()
    OutgoingMailFactory.create_batch(2, member=member, lost=True)
    (due,) = [one for one in queries.due(member, TODAY) if one.deed == "retry_mail"]
    assert "2" in due.label
