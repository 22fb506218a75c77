"""What a workshop says, taken down with or without a network: once and only once, and nothing written over."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions, codes, queries, rules
from openregion.consultation.actions import capture
from openregion.consultation.actions.words import erase_contribution
from openregion.consultation.capture_passes import PASS_GOOD_FOR
from openregion.consultation.models import Contribution, Sheet, SheetConflict, Workshop
from openregion.core.refusal import Refused
from openregion.diagnosis.queries.material import material_of
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from openregion.web import exports
from tests.factories import rooms
from tests.factories.consultation import ConsultationFactory
from tests.factories.people import AppointmentFactory, MemberFactory, UserFactory
from tests.factories.workshops import WorkshopFactory

pytestmark = pytest.mark.django_db
DEEDS = ("capture_suggestions", "send_sheet", "settle_sheet", "empty_sheet")


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def workshop(member: Member) -> Workshop:
    return WorkshopFactory(member=member, on_its_day=True)


@pytest.fixture
def rapporteur(member: Member) -> User:
    return UserFactory(role="rapporteur", at=member)


@pytest.fixture
def staff(client: Client, rapporteur: User) -> Client:
    client.force_login(rapporteur)
    return client


def at(name: str, workshop: Workshop, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=["ici", workshop.meeting.number])


def said(text: str = "Publier le budget.", **more: Any) -> actions.Captured:
    return actions.Captured(**{"ticket": codes.new_ticket(), "words": {"idea": text}, "lang": "fr"} | more)


def taken(workshop: Workshop, by: User, *items: actions.Captured) -> tuple[actions.Outcome, ...]:
    return actions.capture_suggestions(workshop, items=items, by=by, at=timezone.now())


def parcel(text: str = "Publier le budget.", **more: Any) -> dict[str, Any]:
    return {"ticket": codes.new_ticket(), "words": {"idea": text}, "lang": "", "written_at": "", **more}


def send(client: Client, workshop: Workshop, *items: dict[str, Any], sheets: Any = ()) -> Any:
    body = json.dumps({"items": items, "sheets": sheets})
    return client.post(at("capture_send", workshop), body, content_type="application/json")


@pytest.mark.row("D2")
def test_what_a_telephone_sends_twice_is_received_once(workshop: Workshop, rapporteur: User) -> None:
    items = [said(f"Idée {n}") for n in range(30)]
    first, again = taken(workshop, rapporteur, *items), taken(workshop, rapporteur, *items)
    assert [one.state for one in first + again] == ["received"] * 30 + ["already"] * 30
    assert [one.code for one in first] == [one.code for one in again]
    assert {(one.channel, one.author) for one in Contribution.objects.all()} == {("workshop", None)}
    assert Contribution.objects.count() == 30
    assert [one.facts["received"] for one in JournalLine.objects.filter(verb="capture_suggestions")] == [30]


@pytest.mark.row("D2")
def test_what_was_edited_after_it_left_is_never_written_over(workshop: Workshop, rapporteur: User) -> None:
    one = said("Publier le budget.")
    taken(workshop, rapporteur, one)
    other = taken(workshop, rapporteur, said("Traduire le budget.", ticket=one.ticket))[0]
    assert other.contribution is not None
    assert (other.state, other.contribution.words) == ("differs", {"idea": "Publier le budget."})
    assert Contribution.objects.get().words == {"idea": "Publier le budget."}


@pytest.mark.row("D2")
def test_what_a_workshop_said_knows_its_workshop_until_it_is_erased(workshop: Workshop, rapporteur: User) -> None:
    one = taken(workshop, rapporteur, said())[0].contribution
    assert one is not None
    assert (one.source, one.source_id, one.row_hash) == (f"workshop:{workshop.uid}", "", "")
    hour = workshop.meeting.starts_at
    Contribution.objects.filter(pk=one.pk).update(received_at=hour - dt.timedelta(days=30))  # its hour tells nothing
    material = material_of(workshop.consultation, "meeting", workshop=workshop)
    other = WorkshopFactory(consultation=workshop.consultation, held=True)
    assert list(material) == [one]
    assert list(material_of(workshop.consultation, "meeting", workshop=other)) == []
    one = erase_contribution(one, at=timezone.now())
    assert (one.source, one.source_id, one.row_hash, one.words) == ("", "", "", {})


def test_one_that_is_refused_does_not_hold_the_others(workshop: Workshop, rapporteur: User) -> None:
    told = taken(workshop, rapporteur, said(" "), said("Oui"), said("x", ticket="court"), said("y", lang="de"))
    assert [one.state for one in told] == ["refused", "received", "refused", "refused"]
    assert [bool(one.reason) for one in told] == [True, False, True, True]
    assert Contribution.objects.count() == 1


def test_what_left_nothing_writes_no_line(workshop: Workshop, rapporteur: User) -> None:
    taken(workshop, rapporteur, said(" "))
    assert JournalLine.objects.count() == 0


def test_journal_does_not_lead_from_a_workshop_to_what_was_said(workshop: Workshop, rapporteur: User) -> None:
    taken(workshop, rapporteur, said())
    lines = JournalLine.objects.order_by("pk")
    assert {line.verb: line.parent_id for line in lines} == {"receive_suggestion": None, "capture_suggestions": None}
    assert lines.get(verb="receive_suggestion").by_ref == ""
    line = lines.get(verb="capture_suggestions")
    assert set(line.facts) == {"meeting", "received"}


@pytest.mark.row("D2")
def test_words_said_before_the_end_are_received_after_it(workshop: Workshop, rapporteur: User) -> None:
    """A telephone found no network until the consultation had closed: what was said in time is received."""
    one, meeting = workshop.consultation, workshop.meeting
    meeting.starts_at = timezone.now() - dt.timedelta(days=3)
    meeting.save()
    one.closes_at = timezone.now() - dt.timedelta(days=2)
    one.save()
    spoken = meeting.starts_at + dt.timedelta(hours=1)
    told = taken(workshop, rapporteur, said(said_at=spoken), said(), said(said_at=timezone.now()))
    assert [one.state for one in told] == ["received"] * 3
    kept = list(Contribution.objects.order_by("pk"))
    assert [each.received_at for each in kept] == [spoken, meeting.starts_at, meeting.starts_at]
    assert [each.came_at > one.closes_at for each in kept] == [True] * 3  # and it is said that they came later


def ended(workshop: Workshop, days: float, *, closed: float | None = None) -> Workshop:
    """Have a workshop be over for so many days; and its consultation, where it is said."""
    workshop.meeting.starts_at = timezone.now() - dt.timedelta(days=days, hours=3)
    workshop.meeting.ends_at = timezone.now() - dt.timedelta(days=days)
    workshop.meeting.save()
    if closed is not None:
        workshop.consultation.closes_at = timezone.now() - dt.timedelta(days=closed)
        workshop.consultation.opens_at = workshop.meeting.starts_at - dt.timedelta(days=9)
        workshop.consultation.save()
    return workshop


@pytest.mark.row("D2")
def test_account_sends_what_was_said_until_the_day_passes_end(
    client: Client, staff: Client, workshop: Workshop, rapporteur: User
) -> None:
    ended(workshop, PASS_GOOD_FOR.days - 1, closed=3)
    assert [one.state for one in taken(workshop, rapporteur, said())] == ["received"]
    assert rooms.sheet(workshop, by=rapporteur).new
    ended(workshop, 600, closed=590)
    for sends in (lambda: taken(workshop, rapporteur, said()), lambda: rooms.sheet(workshop, by=rapporteur, table=2)):
        with pytest.raises(Refused, match=r"point (focal|of contact)"):
            sends()
    token, sent = staff.get(at("capture_token", workshop)).json(), send(staff, workshop, parcel())
    assert (token["may"], sent.status_code, token["reason"]) == (False, 403, sent.json()["reason"])
    given = {"act": "said", "ticket": codes.new_ticket(), "idea": "Une fontaine par douar.", "lang": ""}
    page = staff.post(at("capture", workshop), given).content.decode()  # without script, what was typed stays
    assert ("Une fontaine par douar.</textarea>" in page, 'class="errors"' in page) == (True, True)
    assert Contribution.objects.count() == 1


@pytest.mark.row("D2")
def test_words_that_came_days_later_say_so_on_their_page_and_in_the_data(
    client: Client, workshop: Workshop, rapporteur: User
) -> None:
    """A told hour outside the workshop is no date: they were said at the workshop, and arrived when they did."""
    ended(workshop, 5, closed=2)
    beyond = (timezone.now() - dt.timedelta(days=1), workshop.meeting.starts_at - dt.timedelta(days=700))
    taken(workshop, rapporteur, *(said(f"Publier, {told.year}.", said_at=told) for told in beyond))
    given = list(Contribution.objects.order_by("pk"))
    today, day = timezone.localdate(), timezone.localdate(workshop.meeting.starts_at)
    assert [timezone.localdate(one.received_at) for one in given] == [day, day]
    assert [timezone.localdate(one.came_at) for one in given] == [today, today]
    Contribution.objects.update(moderation="published", moderated_at=timezone.now())
    for lang in ("fr", "ar"):
        with override(lang):
            page = client.get(reverse("suggestion", args=["ici", given[0].number])).content.decode()
        assert f'datetime="{day}"' in page
        assert f'datetime="{today}"' in page
    rows = list(exports.rows_of_suggestions(workshop.meeting.member))
    assert {(row["received_on"], row["arrived_on"]) for row in rows} == {(str(day), str(today))}


def test_words_that_came_on_their_day_show_one_day_alone(client: Client, workshop: Workshop, rapporteur: User) -> None:
    one = taken(workshop, rapporteur, said(said_at=timezone.now() - dt.timedelta(minutes=1)))[0].contribution
    assert one is not None
    Contribution.objects.update(moderation="published", moderated_at=timezone.now())
    with override("en"):
        page = client.get(reverse("suggestion", args=["ici", one.number])).content.decode()
    assert ("Given on" in page, "Reached the platform on" in page) == (True, False)


@pytest.mark.row("D2")
def test_nobody_waits_for_words_before_they_arrive(workshop: Workshop, rapporteur: User) -> None:
    """What was said ten days ago and came today waits since today; published as it came, it shows since today."""
    ended(workshop, 10, closed=2)
    member, now = workshop.meeting.member, timezone.now()
    taken(workshop, rapporteur, said())
    with override("en"):
        assert queries.delays_of(member, at=timezone.now()).waiting == "less than a day"
    workshop.consultation.reads = "after"
    workshop.consultation.save()
    shown = taken(workshop, rapporteur, said("Au vu de tous."))[0].contribution
    assert shown is not None
    assert (shown.moderation, shown.moderated_at >= now, rules.is_to_be_read(shown)) == ("published", True, True)
    assert queries.in_state(member, "unread").count() == 1


def test_workshop_after_the_end_is_refused_and_says_so(workshop: Workshop, rapporteur: User) -> None:
    one = workshop.consultation
    one.closes_at = workshop.meeting.starts_at - dt.timedelta(days=1)
    one.save()
    told = taken(workshop, rapporteur, said())[0]
    assert (told.state, bool(told.reason), Contribution.objects.count()) == ("refused", True, 0)


@pytest.mark.parametrize("trait", ["cancelled", "to_come"])
def test_nothing_is_taken_down_before_the_day_nor_in_a_cancelled_workshop(member: Member, trait: str) -> None:
    one = WorkshopFactory(member=member, **({"cancelled": True} if trait == "cancelled" else {}))
    by = UserFactory(role="rapporteur", at=member)
    with pytest.raises(Refused):
        taken(one, by, said())
    with pytest.raises(Refused):
        rooms.sheet(one, by=by)


@pytest.mark.row("A2")
@pytest.mark.parametrize("deed", DEEDS)
def test_roles_that_hold_a_deed_do_it_and_no_other(workshop: Workshop, member: Member, deed: str) -> None:
    workshop.tables = 40
    workshop.save()
    for table, role in enumerate(guides.guide(member.guide_version).roles, 1):
        by = UserFactory(role=role.code, at=member)
        try:
            if deed == "capture_suggestions":
                taken(workshop, by, said(f"Par {role.code}"))
            elif deed == "send_sheet":
                rooms.sheet(workshop, by=by, first=f"Par {role.code}")
            else:
                waiting = rooms.conflicting(workshop, table=table)
                if deed == "settle_sheet":
                    settle(waiting, by)
                else:
                    actions.empty_sheet(waiting.sheet, by=by, at=timezone.now())
            done = True
        except Refused:
            done = False
        assert done == (deed in role.deeds), role.code


def settle(waiting: SheetConflict, by: User, **more: Any) -> Sheet:
    sheet = Sheet.objects.get(pk=waiting.sheet_id)
    given = {
        "conflicts": [waiting.uid],
        "words": {"recommendations": f"Publier et traduire, {sheet.edition}."},
        "lang": "fr",
        "from_edition": sheet.edition,
    }
    return actions.settle_sheet(sheet, **given | more, by=by, at=timezone.now())


@pytest.mark.row("D2")
def test_sheet_from_an_older_edition_waits_beside(workshop: Workshop, rapporteur: User) -> None:
    first = rooms.sheet(workshop, by=rapporteur)
    assert (first.sheet.edition, first.conflict) == (1, None)
    second = rooms.sheet(workshop, by=rapporteur, first="Publier vite.", from_edition=1)
    assert (second.sheet.edition, second.conflict) == (2, None)
    late = rooms.sheet(workshop, by=rapporteur, first="Publier mieux.", from_edition=1)
    assert late.conflict is not None
    assert late.conflict.words == {"recommendations": "Publier mieux."}
    kept = Sheet.objects.get()
    assert (kept.edition, kept.words) == (2, {"recommendations": "Publier vite."})


def test_same_sheet_sent_twice_makes_one_edition_and_one_conflict(workshop: Workshop, rapporteur: User) -> None:
    for _time in range(2):
        assert rooms.sheet(workshop, by=rapporteur).conflict is None
    for _time in range(2):
        rooms.sheet(workshop, by=rapporteur, first="Autre chose.")
    assert (Sheet.objects.get().edition, SheetConflict.objects.count()) == (1, 1)
    assert JournalLine.objects.filter(verb="send_sheet").count() == 2


def test_wordings_are_joined_by_a_person_who_read_the_last_of_both(workshop: Workshop, member: Member) -> None:
    by = UserFactory(role="coordinator", at=member)
    waiting = rooms.conflicting(workshop)
    rooms.sheet(workshop, first="Encore autre chose.", from_edition=1)
    with pytest.raises(Refused):
        settle(waiting, by, from_edition=1)
    joined = settle(waiting, by)
    waiting.refresh_from_db()
    assert (joined.edition, joined.words, waiting.settled_at is not None) == (
        3, {"recommendations": "Publier et traduire, 2."}, True,
    )  # fmt: skip
    with pytest.raises(Refused):
        settle(waiting, by)
    assert JournalLine.objects.filter(verb="settle_sheet").count() == 1


def test_wording_that_came_meanwhile_still_waits(workshop: Workshop, member: Member) -> None:
    by = UserFactory(role="coordinator", at=member)
    waiting = rooms.conflicting(workshop)
    rooms.sheet(workshop, first="Une troisième.")
    settle(waiting, by)
    assert SheetConflict.objects.filter(settled_at=None).count() == 1
    assert [one.deed for one in queries.due_capture(member, timezone.localdate())] == [
        "capture_suggestions",
        "settle_sheet",
    ]


@pytest.mark.parametrize(
    ("table", "words", "lang"),
    [(0, {"priorities": "x"}, "fr"), (5, {"priorities": "x"}, "fr"), (1, {}, "fr"), (1, {"priorities": "x"}, "de")],
)
def test_sheet_that_says_nothing_or_of_no_table_is_refused(
    workshop: Workshop, rapporteur: User, table: int, words: dict[str, str], lang: str
) -> None:
    with pytest.raises(Refused):
        rooms.sheet(workshop, by=rapporteur, table=table, words=words, lang=lang)


# The addresses a telephone asks


@pytest.mark.row("D2")
def test_telephone_is_answered_item_by_item(staff: Client, workshop: Workshop) -> None:
    one, bad = parcel("مقترح بالعربية"), parcel(" ")
    answer = send(staff, workshop, one, bad, sheets=[{"table": 1, "words": {"priorities": "L'eau"}, "from_edition": 0}])
    told = answer.json()
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert [(each["ticket"], each["state"]) for each in told["items"]] == [
        (one["ticket"], "received"), (bad["ticket"], "refused"),
    ]  # fmt: skip
    assert (told["items"][0]["number"], Contribution.objects.get().lang) == (1, "ar")
    assert (told["sheets"][0]["state"], told["sheets"][0]["edition"]) == ("received", 1)
    changed = send(staff, workshop, one | {"words": {"idea": "Autre"}}, sheets=[])
    assert (changed.json()["items"][0]["state"], changed.json()["items"][0]["words"]) == (
        "differs", {"idea": "مقترح بالعربية"},
    )  # fmt: skip


def test_code_given_to_a_telephone_follows_the_words(staff: Client, workshop: Workshop) -> None:
    told = send(staff, workshop, parcel()).json()["items"][0]
    assert codes.hashed(codes.tidy(told["code"])) == Contribution.objects.get().code_hash


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", "{", '{"items": 3}', '{"items": [1, null, {}]}', '{"items": [{"ticket": 4, "words": [1]}]}',
     '{"sheets": [{"table": "1", "words": 3}]}', '{"items": [{"ticket": "a", "words": {"idea": {"x": 1}}}]}'],
)  # fmt: skip
def test_damaged_sending_is_refused_and_writes_nothing(staff: Client, workshop: Workshop, body: str) -> None:
    answer = staff.post(at("capture_send", workshop), body, content_type="application/json")
    assert answer.status_code in {200, 400}
    assert (Contribution.objects.count(), Sheet.objects.count()) == (0, 0)


@pytest.mark.row("D2")
def test_session_that_ended_is_told_in_words_and_loses_nothing(client: Client, workshop: Workshop) -> None:
    answer, token = send(client, workshop, parcel()), client.get(at("capture_token", workshop))
    assert (answer.status_code, answer.json()["signed_in"], bool(answer.json()["reason"])) == (401, False, True)
    assert (token.status_code, token.json()["signed_in"]) == (200, False)
    assert Contribution.objects.count() == 0


def test_role_that_ended_is_told_in_words(client: Client, workshop: Workshop, member: Member) -> None:
    client.force_login(UserFactory(role="moderator", at=member))
    answer, token = send(client, workshop, parcel()), client.get(at("capture_token", workshop)).json()
    assert (answer.status_code, answer.json()["signed_in"], bool(answer.json()["reason"])) == (403, True, True)
    assert (token["may"], "token" in token) == (False, False)


def test_sending_needs_the_token_that_its_address_gives(rapporteur: User, workshop: Workshop) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(rapporteur)
    assert send(client, workshop, parcel()).status_code == 403
    told = client.get(at("capture_token", workshop))
    assert (told.json()["may"], "no-store" in told["Cache-Control"]) == (True, True)
    body, header = json.dumps({"items": [parcel()]}), {"X-CSRFToken": told.json()["token"]}
    answer = client.post(at("capture_send", workshop), body, content_type="application/json", headers=header)
    assert (answer.status_code, Contribution.objects.count()) == (200, 1)


def test_theme_or_place_that_left_does_not_keep_the_words_away(staff: Client, workshop: Workshop) -> None:
    theme = workshop.consultation.themes.all()[0]
    sent = send(staff, workshop, parcel(theme=theme.code), parcel(theme="parti", province="nulle-part"))
    assert [each["state"] for each in sent.json()["items"]] == ["received", "received"]
    assert [one.suggestion.theme for one in Contribution.objects.order_by("pk")] == [theme, None]


def test_another_members_workshop_is_not_found(staff: Client) -> None:
    elsewhere = WorkshopFactory(on_its_day=True)
    for name in ("capture", "capture_token", "capture_worker", "capture_app"):
        assert staff.get(reverse(name, args=["ici", elsewhere.meeting.number])).status_code == 404


# The page


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_page_works_without_script(staff: Client, workshop: Workshop, lang: str) -> None:
    page = staff.get(at("capture", workshop, lang))
    assert page.status_code == 200
    given = {"act": "said", "ticket": codes.new_ticket(), "idea": "Une fontaine par douar.", "lang": ""}
    first, again = (staff.post(at("capture", workshop, lang), given) for _time in range(2))
    shown = [re.findall(r"\d{4} \d{4} \d{4}", one.content.decode()) for one in (first, again)]
    assert (shown[0], Contribution.objects.count()) == (shown[1], 1)
    assert codes.hashed(codes.tidy(shown[0][0])) == Contribution.objects.get().code_hash
    empty = staff.post(at("capture", workshop, lang), given | {"ticket": codes.new_ticket(), "idea": " "})
    assert (empty.status_code, 'class="errors"' in empty.content.decode()) == (200, True)


def test_sheet_is_sent_without_script_and_a_second_one_waits(staff: Client, workshop: Workshop) -> None:
    given = {"act": "sheet", "table": "2", "from_edition": "0", "priorities": "L'eau.", "lang": "fr"}
    answer = staff.post(at("capture", workshop), given)
    assert (answer.status_code, answer["Location"]) == (302, at("capture", workshop) + "?table=2#sheet")
    page = staff.get(at("capture", workshop) + "?table=2").content.decode()
    assert 'name="from_edition" value="1"' in page
    staff.post(at("capture", workshop), given | {"priorities": "La route."})
    assert (Sheet.objects.get().words, SheetConflict.objects.get().words) == (
        {"priorities": "L'eau."}, {"priorities": "La route."},
    )  # fmt: skip


def test_worker_sees_to_its_folder_and_names_files_that_exist(staff: Client, workshop: Workshop) -> None:
    from django.contrib.staticfiles import finders

    from openregion.consultation.views.capture import KEPT_FILES

    answer = staff.get(at("capture_worker", workshop))
    text = answer.content.decode()
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == (
        "text/javascript; charset=utf-8", True,
    )  # fmt: skip
    assert f'self.PAGE = "{at("capture", workshop)}";' in text
    assert at("capture_worker", workshop).startswith(at("capture", workshop))
    assert [name for name in KEPT_FILES if finders.find(name) is None] == []
    told = staff.get(at("capture_app", workshop)).json()
    assert (told["scope"], told["start_url"], told["dir"], len(told["icons"])) == (
        at("capture", workshop), at("capture", workshop), "ltr", 2,
    )  # fmt: skip
    page = staff.get(at("capture", workshop))
    assert "manifest-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.row("D2")
def test_wordings_are_joined_on_their_page(client: Client, workshop: Workshop, member: Member) -> None:
    client.force_login(UserFactory(role="coordinator", at=member))
    waiting = rooms.conflicting(workshop)
    page = client.get(at("workshop_sheets", workshop)).content.decode()
    assert ("Publier le budget." in page, "Traduire le budget." in page) == (True, True)
    given = {"table": 1, "from_edition": 1, "conflicts": waiting.uid, "recommendations": "Les deux.", "lang": "fr"}
    stale = client.post(at("workshop_sheets", workshop), given | {"from_edition": 7})
    assert (stale.status_code, "Les deux." in stale.content.decode()) == (200, True)
    assert client.post(at("workshop_sheets", workshop), given).status_code == 302
    assert Sheet.objects.get().words == {"recommendations": "Les deux."}


@pytest.mark.row("L-1")
def test_words_of_a_sheet_are_deleted_when_somebody_named_there_asks(
    client: Client, workshop: Workshop, member: Member
) -> None:
    rooms.conflicting(workshop)
    rooms.sheet(workshop, table=2)
    sheet, address = Sheet.objects.get(table=1), at("workshop_sheets", workshop, lang="en")
    client.force_login(UserFactory(role="rapporteur", at=member))
    assert 'value="empty"' not in client.get(address).content.decode()
    assert (client.post(address, {"act": "empty", "table": 1}).status_code, SheetConflict.objects.count()) == (200, 1)
    client.force_login(UserFactory(role="coordinator", at=member))
    assert client.get(address).content.decode().count('value="empty"') == 2
    assert client.post(address, {"act": "empty", "table": 1}).status_code == 302
    edition = sheet.edition
    sheet.refresh_from_db()
    assert (sheet.words, sheet.edition, SheetConflict.objects.count()) == ({}, edition + 1, 0)
    text = client.get(address).content.decode()
    assert ("Its words were deleted." in text, text.count('value="empty"')) == (True, 1)
    again = client.post(address, {"act": "empty", "table": 1})
    assert (again.status_code, "deleted already" in again.content.decode()) == (200, True)
    line = JournalLine.objects.get(verb="empty_sheet")
    assert line.facts == {"meeting": workshop.meeting.number, "table": 1}
    assert Sheet.objects.get(table=2).words != {}


@pytest.mark.row("L-1")
def test_joined_wordings_are_let_go_after_a_month(workshop: Workshop, member: Member) -> None:
    now = timezone.now()
    settle(rooms.conflicting(workshop), UserFactory(role="coordinator", at=member))
    rooms.conflicting(workshop, table=2)
    assert capture.let_go_of_wordings(at=now + capture.WORDINGS_KEPT_FOR / 2) == 0
    later = timezone.now() + capture.WORDINGS_KEPT_FOR
    assert (capture.let_go_of_wordings(at=later), SheetConflict.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", ["capture", "capture_token", "workshop_sheets"])
def test_pages_ask_as_much_for_one_table_as_for_thirty(name: str, client: Client) -> None:
    asked = []
    for rows in (1, 30):
        member = MemberFactory(slug=f"m-{rows}")
        one = WorkshopFactory(member=member, on_its_day=True, tables=30)
        by = UserFactory(role="coordinator", at=member)
        for table in range(1, rows + 1):
            rooms.conflicting(one, by=by, table=table)
        client.force_login(by)
        address = reverse(name, args=[member.slug, one.meeting.number])
        client.get(address)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code == 200
        asked.append(len(counted))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_journal_tells_each_deed(workshop: Workshop, member: Member, lang: str) -> None:
    by = UserFactory(role="coordinator", at=member)
    taken(workshop, by, said())
    joined = settle(rooms.conflicting(workshop, by=by), by)
    actions.empty_sheet(joined, by=by, at=timezone.now())
    with override(lang):
        for line in JournalLine.objects.filter(verb__in=DEEDS):
            template = f"consultation/journal/{line.verb}.html"
            assert render_to_string(template, {"line": line, "facts": line.facts, "when": line.at}).strip(), line.verb
    assert {one.verb for one in JournalLine.objects.filter(verb__in=DEEDS)} == set(DEEDS)


def test_rapporteur_reads_the_sheets_and_the_team_joins_them(
    staff: Client, workshop: Workshop, rapporteur: User
) -> None:
    waiting, address = rooms.conflicting(workshop), at("workshop_sheets", workshop)
    assert address in staff.get(at("capture", workshop)).content.decode()
    assert 'name="conflicts"' not in staff.get(address).content.decode()
    given = {"table": 1, "from_edition": 1, "conflicts": waiting.uid, "recommendations": "Les deux.", "lang": "fr"}
    assert (staff.post(address, given).status_code, Sheet.objects.get().edition) == (200, 1)
    AppointmentFactory(user=rapporteur, member=workshop.meeting.member, role="coordinator")
    assert 'name="conflicts"' in staff.get(address).content.decode()


def test_consultation_of_another_workshop_is_left_alone(workshop: Workshop, rapporteur: User) -> None:
    """The same ticket sent at another consultation's workshop is refused: nothing crosses over."""
    one = said()
    taken(workshop, rapporteur, one)
    other = WorkshopFactory(
        consultation=ConsultationFactory(cycle=workshop.consultation.cycle, slug="autre"), on_its_day=True
    )
    assert taken(other, rapporteur, one)[0].state == "refused"
    assert Contribution.objects.count() == 1


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("ahead", "cancelled", "dated"),
    [(3, False, [True]), (0, False, [True]), (-3, False, [False]), (4, False, []), (-4, False, []), (1, True, [])],
)
def test_desk_leads_to_the_page_of_a_workshop_about_now(
    member: Member, ahead: int, cancelled: bool, dated: list[bool]
) -> None:
    workshop = WorkshopFactory(member=member, cancelled=cancelled)
    workshop.meeting.starts_at = timezone.now() + dt.timedelta(days=ahead)
    workshop.meeting.save()
    lines = queries.due_capture(member, timezone.localdate())
    assert [one.day is not None for one in lines] == dated
    assert {(one.url, one.deed) for one in lines} <= {(at("capture", workshop), "capture_suggestions")}


def test_desk_asks_as_much_about_one_workshop_as_about_ten(member: Member) -> None:
    counts = []
    for many in (1, 9):
        for _one in range(many):
            WorkshopFactory(member=member, on_its_day=True)
        with CaptureQueriesContext(connection) as asked:
            assert queries.due_capture(member, timezone.localdate())
        counts.append(len(asked))
    assert counts[0] == counts[1]
