"""The pass of a rapporteur chosen among participants: one workshop's page, without an account, until it ends."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from typing import Any

import pytest
from django.core import signing
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions, capture_passes, codes, queries, rules
from openregion.consultation.actions.workshops import end_charge
from openregion.consultation.models import Charge, Contribution, Sheet, Workshop
from openregion.consultation.rules.workshops import why_not_give_capture_pass
from openregion.core.logs import WithoutKeys
from openregion.core.refusal import Refused
from openregion.cycle.actions import forget_guest
from openregion.cycle.models import Meeting
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.factories import rooms
from tests.factories.people import MemberFactory, UserFactory
from tests.factories.workshops import ChargeFactory, WorkshopFactory

pytestmark = pytest.mark.django_db
TICKET = "t" * 32


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def workshop(member: Member) -> Workshop:
    return WorkshopFactory(member=member, on_its_day=True)


@pytest.fixture
def charge(workshop: Workshop) -> Charge:
    return ChargeFactory(workshop=workshop, rapporteur=True, table=2)


@pytest.fixture
def by(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def english() -> Any:
    with override("en"):
        yield


def at(name: str, workshop: Workshop, *more: str, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=["ici", workshop.meeting.number, *more])


def given(charge: Charge, by: User, *, ticket: str = "", **more: Any) -> actions.GivenPass:
    kept = Charge.objects.get(pk=charge.pk)
    told = {"ticket": ticket or codes.new_ticket(), "after": kept.pass_given_at, "at": timezone.now(), **more}
    return actions.give_capture_pass(charge, by=by, **told)


def opened(workshop: Workshop, key: str, *, lang: str = "fr") -> Client:
    """Open a pass on a telephone: press the button of its page."""
    telephone = Client(enforce_csrf_checks=True)
    door = at("open_capture_pass", workshop, capture_passes.grouped(key), lang=lang)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', telephone.get(door).content.decode())
    assert token
    response = telephone.post(door, {"csrfmiddlewaretoken": token[1]})
    assert (response.status_code, response["Location"]) == (302, at("capture", workshop, lang=lang))
    return telephone


def asked(telephone: Client, workshop: Workshop) -> dict[str, Any]:
    return telephone.get(at("capture_token", workshop) + "?pass").json()


def send(telephone: Client, workshop: Workshop, *texts: str, sheets: Any = (), token: str = "") -> Any:
    token = token or asked(telephone, workshop).get("token", "")
    items = [{"ticket": codes.new_ticket(), "words": {"idea": text}, "lang": "", "written_at": ""} for text in texts]
    return telephone.post(
        at("capture_send", workshop) + "?pass",
        json.dumps({"items": items, "sheets": sheets}),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )


def page_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


# --- giving ---------------------------------------------------------------------


@pytest.mark.row("D2")
def test_pass_is_kept_as_a_hash_and_its_line_names_nobody(charge: Charge, by: User) -> None:
    made = given(charge, by)
    charge.refresh_from_db()
    assert (len(made.key), set(made.key) - set(capture_passes.SIGNS)) == (16, set())
    assert charge.pass_hash == capture_passes.hashed(made.key)
    line = JournalLine.objects.get(verb="give_capture_pass")
    assert (line.room, line.by_ref, line.facts) == (
        "consultation", by.reference, {"number": charge.workshop.meeting.number},
    )  # fmt: skip
    everywhere = str(list(JournalLine.objects.values())) + str(Charge.objects.values().get())
    assert charge.invitation is not None
    assert (made.key in everywhere, charge.invitation.name in everywhere) == (False, False)


@pytest.mark.row("D2")
def test_same_press_twice_gives_one_pass_and_one_line(charge: Charge, by: User) -> None:
    first = actions.give_capture_pass(charge, ticket=TICKET, by=by, at=timezone.now())
    again = actions.give_capture_pass(charge, ticket=TICKET, by=by, at=timezone.now())
    assert (first.key, first.new, again.new) == (again.key, True, False)
    assert JournalLine.objects.filter(verb="give_capture_pass").count() == 1


@pytest.mark.row("D2")
def test_new_pass_ends_the_earlier_one_and_an_old_page_ends_none(
    charge: Charge, by: User, workshop: Workshop, english: None
) -> None:
    first = actions.give_capture_pass(charge, ticket=TICKET, by=by, at=timezone.now())
    second = given(charge, by)
    assert queries.charge_of_pass(workshop, first.key) is None
    assert queries.charge_of_pass(workshop, second.key) == charge
    with pytest.raises(Refused, match="Another pass was given since you opened this page"):
        actions.give_capture_pass(charge, ticket=TICKET, by=by, at=timezone.now())
    assert queries.charge_of_pass(workshop, second.key) == charge


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"part": "facilitator"}, "for whoever takes notes"),
        ({"invitation": None}, "no longer among the guests"),
    ],
)
def test_pass_is_refused_in_words(workshop: Workshop, by: User, english: None, more: Any, why: str) -> None:
    charge = ChargeFactory(**{"workshop": workshop, "rapporteur": True, **more})
    with pytest.raises(Refused, match=why):
        given(charge, by)


@pytest.mark.row("D2")
def test_no_pass_is_given_once_it_would_open_nothing(charge: Charge, by: User, english: None) -> None:
    late = timezone.now() + capture_passes.PASS_GOOD_FOR + dt.timedelta(days=2)
    why = why_not_give_capture_pass(by, charge, after=None, at=late)
    assert ("more than 14 days ago" in why, "handed to the point of contact" in why) == (True, True)


@pytest.mark.row("D2")
def test_charge_that_ended_meanwhile_is_given_nothing(charge: Charge, by: User, english: None) -> None:
    same = Charge.objects.get(pk=charge.pk)
    end_charge(charge, by=by, at=timezone.now())
    with pytest.raises(Refused, match="removed meanwhile"):
        actions.give_capture_pass(same, ticket=TICKET, by=by, at=timezone.now())


@pytest.mark.row("D2")
@pytest.mark.parametrize("state", [state.value for state in Meeting.State])
@pytest.mark.parametrize("role", ["point-of-contact", "coordinator", "team-member", "rapporteur", "moderator", ""])
def test_pass_is_given_by_whoever_gives_charges(member: Member, role: str, state: str) -> None:
    user = UserFactory(role=role, at=member) if role else UserFactory()
    charge = ChargeFactory(workshop=WorkshopFactory(member=member, meeting__state=state), rapporteur=True)
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    expected = bool(named and "give_charge" in named.deeds) and state != "cancelled"
    assert (why_not_give_capture_pass(user, charge, after=None, at=timezone.now()) == "") == expected


@pytest.mark.row("D2")
@pytest.mark.parametrize(("lang", "way"), [("ar", "rtl"), ("fr", "ltr")])
def test_pass_is_shown_once_in_the_language_of_its_person(charge: Charge, by: User, lang: str, way: str) -> None:
    assert charge.invitation is not None
    charge.invitation.lang = lang
    charge.invitation.save()
    staff = Client()
    staff.force_login(by)
    path = at("give_capture_pass", charge.workshop, charge.uid, lang="en")
    page = staff.get(path)
    assert Charge.objects.get().pass_hash == ""
    typed = {name: page.context["form"][name].value() for name in ("ticket", "after")}
    shown = staff.post(path, typed)
    assert (shown.status_code, "no-store" in shown["Cache-Control"]) == (200, True)
    text = shown.content.decode().replace("<wbr>", "")
    (signs,) = set(re.findall(r"/capture/pass/([\w-]+)/", text))
    assert f'lang="{lang}" dir="{way}"' in text
    assert f"/{lang}/ici/workshops/{charge.workshop.meeting.number}/capture/pass/{signs}/" in text
    assert queries.charge_of_pass(charge.workshop, signs) == charge
    assert staff.post(path, typed).content.decode().count(signs) == text.count(signs)
    assert signs not in staff.get(path).content.decode()
    people = page_of(staff.get(at("workshop_people", charge.workshop, lang="en")))
    assert ("Give a new pass" in people, "Pass given on" in people, signs in people) == (True, True, False)


@pytest.mark.row("D2")
def test_damaged_press_gives_nothing_and_says_so(charge: Charge, by: User) -> None:
    staff = Client()
    staff.force_login(by)
    path = at("give_capture_pass", charge.workshop, charge.uid)
    assert staff.post(path, {"ticket": "short", "after": "yesterday"}).status_code == 200
    assert Charge.objects.get().pass_hash == ""
    assert staff.post(path, {"ticket": TICKET, "after": "yesterday"}).status_code == 200
    assert Charge.objects.get().pass_hash != ""


# --- opening --------------------------------------------------------------------


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", ["ar", "fr", "zgh", "en"])
def test_pass_opens_the_page_with_one_button_and_reading_it_opens_nothing(
    charge: Charge, by: User, workshop: Workshop, lang: str
) -> None:
    key = given(charge, by).key
    page = Client().get(at("open_capture_pass", workshop, key, lang=lang))
    assert (page.status_code, [name for name in page.cookies if name != "csrftoken"]) == (200, [])
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("strict-origin", "noindex")
    telephone = opened(workshop, key, lang=lang)
    kept = {name: cookie for name, cookie in telephone.cookies.items() if name.startswith("rapporteur-")}
    assert {(cookie["path"], cookie["httponly"], cookie["samesite"]) for cookie in kept.values()} == {
        (at("capture", workshop, lang=code), True, "Lax") for code in ("ar", "fr", "zgh", "en")
    }
    longest = (capture_passes.last_day_to_send(workshop) - timezone.localdate()).days + capture_passes.KEPT_AFTER
    assert {cookie["max-age"] for cookie in kept.values()} == {longest * 24 * 3600}
    assert telephone.get(at("capture", workshop, lang=lang)).status_code == 200
    assert "sessionid" not in telephone.cookies


@pytest.mark.row("D2")
def test_browser_that_hides_its_origin_would_be_refused(charge: Charge, by: User, workshop: Workshop) -> None:
    """Why the page says ``strict-origin``: under ``no-referrer`` a browser signs its form with an origin of null."""
    door = at("open_capture_pass", workshop, given(charge, by).key)
    telephone = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', telephone.get(door).content.decode())
    assert token
    told = {"csrfmiddlewaretoken": token[1]}
    assert telephone.post(door, told, headers={"Origin": "null"}).status_code == 403
    assert telephone.post(door, told, headers={"Origin": "http://testserver"}).status_code == 302


@pytest.mark.row("D2")
def test_pass_is_typed_where_there_is_no_address(charge: Charge, by: User, workshop: Workshop) -> None:
    key = given(charge, by).key
    telephone, door = Client(), at("capture_door", workshop, lang="en")
    typed = capture_passes.grouped(key).upper().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert telephone.post(door, {"signs": typed}).status_code == 302
    assert telephone.get(at("capture", workshop, lang="en")).status_code == 200
    for wrong in ("", "abcd", "z" * 16):
        assert Client().post(door, {"signs": wrong}).status_code == 200
    assert "This workshop has no such pass." in page_of(Client().post(door, {"signs": "z" * 16}))


@pytest.mark.row("D2")
def test_pass_of_another_workshop_opens_nothing(charge: Charge, by: User, workshop: Workshop, member: Member) -> None:
    key = given(charge, by).key
    other = WorkshopFactory(member=member, consultation=workshop.consultation, on_its_day=True)
    assert Client().get(at("open_capture_pass", other, key)).status_code == 404
    assert Client().post(at("open_capture_pass", other, key)).status_code == 404
    telephone = opened(workshop, key)
    assert asked(telephone, other)["signed_in"] is False
    assert send(telephone, other, "Une école.", token=asked(telephone, workshop)["token"]).status_code == 401
    assert telephone.get(at("capture", other)).status_code == 302
    charge.refresh_from_db()
    with override("en"), pytest.raises(Refused, match="another workshop"):
        actions.capture_suggestions(other, items=[], by=charge, at=timezone.now())
    assert Contribution.objects.count() == 0


@pytest.mark.row("D2")
def test_mark_that_is_not_ours_opens_nothing(charge: Charge, by: User, workshop: Workshop) -> None:
    given(charge, by)
    charge.refresh_from_db()
    for mark in ("x", signing.dumps(["a"], salt=capture_passes.COOKIE), signing.dumps(7, salt=capture_passes.COOKIE),
                 signing.dumps([workshop.uid, charge.uid, charge.pass_hash], salt="voice")):  # fmt: skip
        telephone = Client()
        telephone.cookies["rapporteur-fr"] = mark
        assert asked(telephone, workshop)["signed_in"] is False
        assert telephone.get(at("capture", workshop)).status_code == 302


@pytest.mark.row("D2")
def test_pass_opens_no_other_page(charge: Charge, by: User, workshop: Workshop) -> None:
    rooms.sheet(workshop, table=1, first="Le mot de la table une.")
    telephone = opened(workshop, given(charge, by).key)
    for name in ("workshop_sheets", "workshop_people", "workshop_timings", "workshop_needs", "check_in"):
        assert telephone.get(at(name, workshop)).status_code == 302
    assert telephone.get(reverse("moderation", args=["ici"])).status_code == 302
    page = page_of(telephone.get(at("capture", workshop, lang="en") + "?table=1"))
    assert "Le mot de la table une." not in page
    assert at("workshop_sheets", workshop, lang="en") not in page
    assert asked(telephone, workshop)["sheets"] == []


# --- sending --------------------------------------------------------------------


@pytest.mark.row("D2")
def test_whoever_brings_a_pass_sends_once_and_has_no_name(charge: Charge, by: User, workshop: Workshop) -> None:
    telephone = opened(workshop, given(charge, by).key)
    told = asked(telephone, workshop)
    assert (told["signed_in"], told["may"]) == (True, True)
    answer = send(telephone, workshop, "Une école.", "Une route.", token=told["token"]).json()
    assert [one["state"] for one in answer["items"]] == ["received", "received"]
    assert {one.channel for one in Contribution.objects.all()} == {"workshop"}
    line = JournalLine.objects.get(verb="capture_suggestions")
    assert (line.by_ref, line.facts["received"]) == ("", 2)
    charge.refresh_from_db()
    item = actions.Captured(ticket=TICKET, words={"idea": "Un puits."}, lang="fr")
    states = [
        actions.capture_suggestions(workshop, items=[item], by=charge, at=timezone.now())[0].state for _n in range(2)
    ]
    assert states == ["received", "already"]


@pytest.mark.row("D2")
@pytest.mark.parametrize(("own", "table", "state"), [(2, 2, "received"), (2, 1, "refused"), (None, 1, "received")])
def test_pass_sends_the_sheet_of_its_own_table(
    workshop: Workshop, by: User, own: int | None, table: int, state: str
) -> None:
    charge = ChargeFactory(workshop=workshop, rapporteur=True, table=own)
    telephone = opened(workshop, given(charge, by).key)
    sheet = {"table": table, "words": {"priorities": "L’eau."}, "lang": "fr", "from_edition": 0}
    (told,) = send(telephone, workshop, sheets=[sheet]).json()["sheets"]
    assert told["state"] == state
    assert Sheet.objects.filter(by=None).count() == (state == "received")
    if state == "received":
        assert JournalLine.objects.get(verb="send_sheet").by_ref == ""


@pytest.mark.row("D2")
def test_page_of_a_pass_works_without_script_and_offers_its_own_table(
    charge: Charge, by: User, workshop: Workshop
) -> None:
    telephone = opened(workshop, given(charge, by).key)
    path = at("capture", workshop, lang="en")
    page = telephone.get(path)
    assert [value for value, _label in page.context["sheet"].fields["table"].choices] == [2]
    assert "your own name is not noted with it" in page_of(page)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert token
    shared = {"csrfmiddlewaretoken": token[1]}
    said = {"act": "said", "ticket": TICKET, "idea": "Une école.", **shared}
    assert "It is received" in page_of(telephone.post(path, said))
    sheet = {"act": "sheet", "table": 2, "priorities": "L’eau.", "from_edition": "", **shared}
    assert telephone.post(path, sheet).status_code == 302
    assert (Contribution.objects.count(), Sheet.objects.get().table) == (1, 2)


@pytest.mark.row("D2")
def test_worker_and_manifest_come_with_a_pass(charge: Charge, by: User, workshop: Workshop) -> None:
    telephone = opened(workshop, given(charge, by).key)
    assert [telephone.get(at(name, workshop)).status_code for name in ("capture_worker", "capture_app")] == [200, 200]
    assert [Client().get(at(name, workshop)).status_code for name in ("capture_worker", "capture_app")] == [302, 302]


# --- ended ----------------------------------------------------------------------


def relieved(charge: Charge, by: User) -> None:
    end_charge(charge, by=by, at=timezone.now())


def replaced(charge: Charge, by: User) -> None:
    given(charge, by)


def over(charge: Charge, by: User) -> None:
    was = timezone.now() - capture_passes.PASS_GOOD_FOR - dt.timedelta(days=1)
    Meeting.objects.filter(pk=charge.workshop.meeting_id).update(starts_at=was, ends_at=was)


def erased(charge: Charge, by: User) -> None:
    assert charge.invitation is not None
    forget_guest(charge.invitation, by=by, at=timezone.now())


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("ends", "why"),
    [
        (relieved, "Your pass has ended"),
        (replaced, "Your pass has ended"),
        (erased, "Your pass has ended"),
        (over, "Your pass was good until"),
    ],
)
def test_pass_that_ended_sends_nothing_and_says_what_to_do(
    charge: Charge, by: User, workshop: Workshop, ends: Any, why: str
) -> None:
    telephone = opened(workshop, given(charge, by).key)
    token = asked(telephone, workshop)["token"]
    ends(Charge.objects.get(pk=charge.pk), by)
    here = at("capture_token", workshop, lang="en")
    told = telephone.get(here + "?pass").json()
    assert (told["signed_in"], told["reason"].startswith(why), "Nothing is lost" in told["reason"]) == (
        False, True, True,
    )  # fmt: skip
    refused = send(telephone, workshop, "Une école.", token=token)
    assert (refused.status_code, refused.json()["signed_in"]) == (401, False)
    page = telephone.get(at("capture", workshop, lang="en"))
    assert (page.status_code, why in page_of(page)) == (200, True)
    typed = {"act": "said", "ticket": TICKET, "idea": "Une école au douar.", "csrfmiddlewaretoken": token}
    plain = telephone.post(at("capture", workshop, lang="en"), typed)
    assert (plain.status_code, "Une école au douar." in page_of(plain), why in page_of(plain)) == (200, True, True)
    assert Contribution.objects.count() == 0


@pytest.mark.row("D2")
def test_pass_of_a_cancelled_workshop_takes_nothing_down(charge: Charge, by: User, workshop: Workshop) -> None:
    telephone = opened(workshop, given(charge, by).key)
    Meeting.objects.filter(pk=workshop.meeting_id).update(state="cancelled")
    told = telephone.get(at("capture_token", workshop, lang="en")).json()
    assert (told["may"], told["reason"].startswith("This workshop was cancelled")) == (False, True)


@pytest.mark.row("D2")
def test_pass_is_good_until_the_end_of_its_last_day(charge: Charge, by: User, workshop: Workshop) -> None:
    given(charge, by)
    charge.refresh_from_db()
    ended = workshop.meeting.ends_at or workshop.meeting.starts_at
    last = timezone.localtime(ended + capture_passes.PASS_GOOD_FOR).replace(hour=23, minute=59)
    assert rules.why_not_use_pass(charge, workshop, at=last) == ""
    assert rules.why_not_use_pass(charge, workshop, at=last + dt.timedelta(minutes=2)) != ""


@pytest.mark.row("D2")
def test_browser_that_forgot_its_pass_is_told_to_open_it_again(workshop: Workshop) -> None:
    here = at("capture_token", workshop, lang="en")
    assert Client().get(here + "?pass").json()["reason"].startswith("Open your pass again: nothing is lost.")
    assert Client().get(here).json()["reason"].startswith("Sign in again: nothing is lost.")


@pytest.mark.row("D2")
def test_role_goes_before_a_pass(charge: Charge, by: User, workshop: Workshop, member: Member) -> None:
    telephone = opened(workshop, given(charge, by).key)
    telephone.force_login(UserFactory(role="rapporteur", at=member))
    page = telephone.get(at("capture", workshop))
    assert [value for value, _label in page.context["sheet"].fields["table"].choices] == [1, 2, 3, 4]
    telephone.force_login(UserFactory())  # signed in, without a role: the pass opens the page all the same
    assert asked(telephone, workshop)["may"] is True


# --- kept apart -----------------------------------------------------------------


@pytest.mark.row("L-1")
def test_passes_are_forgotten_when_they_open_nothing(charge: Charge, by: User, capsys: Any) -> None:
    given(charge, by)
    assert actions.let_go_of_capture_passes(at=timezone.now()) == 0
    over(charge, by)
    call_command("let_go")
    assert "passes 1" in capsys.readouterr().out
    charge.refresh_from_db()
    assert (charge.pass_hash, charge.pass_given_at) == ("", None)


@pytest.mark.row("D2")
@pytest.mark.parametrize("address", ["/fr/ici/workshops/3/capture/pass/{}/", "/ar/ici/news/links/{}/confirm/"])
def test_no_key_is_written_in_the_logs(address: str) -> None:
    record = logging.LogRecord("django", logging.INFO, "", 1, "Not Found: %s", (address.format("abcd-" * 4),), None)
    assert WithoutKeys().filter(record)
    assert ("abcd" in record.getMessage(), "…" in record.getMessage()) == (False, True)


@pytest.mark.row("D2")
def test_people_page_asks_as_much_for_one_charge_as_for_thirty(charge: Charge, by: User, workshop: Workshop) -> None:
    staff = Client()
    staff.force_login(by)
    costs = []
    for more in (0, 29):
        for _n in range(more):
            ChargeFactory(workshop=workshop, rapporteur=True)
        with CaptureQueriesContext(connection) as seen:
            staff.get(at("workshop_people", workshop))
        costs.append(len(seen))
    assert costs[0] == costs[1]
