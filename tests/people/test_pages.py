"""The pages of the people room: who reads what, how many questions are asked, members kept apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.people import mails, queries
from openregion.people.models import Act, Appointment, Authority, Body, Mandate, Member
from tests.factories.people import (
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
PUBLIC = ("territory", "bodies", "acts", "roles")
LANGUAGES = ("ar", "zgh", "fr", "en")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def staff(client: Client, member: Member) -> Client:
    client.force_login(UserFactory(administrator_of=member, name="Administratrice inventée"))
    return client


def fill(member: Member, rows: int) -> Body:
    """Put ``rows`` rows on every page of a member."""
    authority = member.authorities.first()
    assert authority is not None
    body = Body.objects.filter(authority=authority).first() or BodyFactory(authority=authority, slug="conseil")
    for _ in range(rows):
        TerritoryFactory(province=True, parent=authority.territory)
        act = ActFactory(authority=authority)
        BodyFactory(authority=authority, act=act)
        seat = SeatFactory(body=body)
        MandateFactory(seat=seat, act=act, ended=True)
        MandateFactory(seat=seat, act=act)
        AppointmentFactory(member=member, role="point-of-contact", act=act, unit=body)
        AppointmentFactory(member=member, role="moderator", act=act, ended=True)
    return body


def pages(member: Member, lang: str = "fr") -> dict[str, str]:
    code = member.authorities.first().territory.code  # type: ignore[union-attr]
    found = {name: address(name, member.slug, lang=lang) for name in PUBLIC}
    found["body"] = address("body", member.slug, "conseil", lang=lang)
    found["authority"] = address("authority", member.slug, code, lang=lang)
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_public_pages_open_in_every_language_empty_and_filled(client: Client, member: Member, lang: str) -> None:
    BodyFactory(authority=member.authorities.get(), slug="conseil")
    assert {name: client.get(path).status_code for name, path in pages(member, lang).items()} == dict.fromkeys(
        pages(member), 200
    )
    fill(member, 2)
    for name, path in pages(member, lang).items():
        assert client.get(path + "?again=1").status_code == 200, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_staff_pages_open_in_every_language(staff: Client, member: Member, lang: str) -> None:
    body = fill(member, 1)
    mandate = Mandate.objects.get(ends_on=None)
    code = member.authorities.get().territory.code
    vacant = SeatFactory(body=body)
    held = Appointment.objects.get(role="moderator")
    asked = [
        ("council_mandate", code), ("usual_bodies", code), ("new_body",), ("new_seat", body.slug),
        ("new_function", body.slug), ("new_mandate", vacant.uid), ("end_mandate", mandate.uid), ("new_act",),
        ("people_roles",), ("appoint",), ("end_appointment", held.uid), ("look",), ("bodies",), ("acts",),
        ("body", body.slug), ("authority", code), ("roles",),
    ]  # fmt: skip
    answered = {name: staff.get(address(name, member.slug, *rest, lang=lang)).status_code for name, *rest in asked}
    assert answered == {name: 200 for name, *_ in asked}


def test_pages_ask_the_same_number_of_questions_for_one_and_thirty_rows(staff: Client, member: Member) -> None:
    fill(member, 1)
    SeatFactory(body=Body.objects.get(slug="conseil"))
    asked = {**pages(member), "people": address("people_roles", member.slug)}

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert staff.get(path).status_code == 200
        return len(seen)

    few = {name: count(path) for name, path in asked.items()}
    fill(member, 29)
    assert {name: count(path) for name, path in asked.items()} == few


def test_a_consortium_s_bodies_ask_the_same_number_of_questions(client: Client) -> None:
    def count(authorities: int) -> int:
        joined = [AuthorityFactory() for _ in range(authorities)]
        one = MemberFactory(authorities=joined)
        for authority in joined:
            BodyFactory(authority=authority)
        with CaptureQueriesContext(connection) as seen:
            client.get(address("bodies", one.slug))
        return len(seen)

    assert count(1) == count(5)


def test_visitors_pages_set_no_cookie(client: Client, member: Member) -> None:
    fill(member, 1)
    for name, path in pages(member).items():
        response = client.get(path)
        assert (name, response.cookies.output()) == (name, "")


def test_everything_of_one_member_is_unknown_at_another(staff: Client, member: Member) -> None:
    other = MemberFactory(slug="ailleurs")
    body = fill(other, 1)
    code = other.authorities.get().territory.code
    seat, mandate, act = body.seats.get(), Mandate.objects.get(ends_on=None), Act.objects.get()
    held = Appointment.objects.get(member=other, role="moderator")
    asked = [
        ("authority", code), ("council_mandate", code), ("usual_bodies", code), ("body", body.slug),
        ("new_seat", body.slug), ("new_function", body.slug), ("new_mandate", seat.uid), ("end_mandate", mandate.uid),
        ("act_file", act.uid), ("end_appointment", held.uid),
    ]  # fmt: skip
    for name, *rest in asked:
        path = address(name, member.slug, *rest)
        assert (name, staff.get(path).status_code, staff.post(path, {}).status_code) in [
            (name, 404, 404),
            (name, 404, 405),
        ]
    closed = ("new_body", "new_act", "people_roles", "appoint", "look")
    answered = {name: staff.get(address(name, other.slug)).status_code for name in closed}
    assert answered == dict.fromkeys(closed, 403) | {"people_roles": 302}


def test_lists_of_one_member_hold_nothing_of_another(staff: Client, member: Member) -> None:
    other = MemberFactory()
    fill(other, 2)
    names = [act.number for act in Act.objects.all()] + list(Mandate.objects.values_list("holder_name", flat=True))
    for path in [*(address(name, member.slug) for name in PUBLIC), address("people_roles", member.slug)]:
        text = staff.get(path).content.decode()
        assert [name for name in names if name in text] == []


def test_a_visitor_is_led_to_sign_in_and_back(client: Client, member: Member) -> None:
    path = address("new_act", member.slug)
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"{address('account_login')}?next={path}")


def test_buttons_follow_the_rules(client: Client, member: Member) -> None:
    fill(member, 1)
    path = address("body", member.slug, "conseil")
    new_seat, end = address("new_seat", member.slug, "conseil"), "/end/"
    shown = {}
    for role in ("administrator", "council-secretary", "coordinator", "moderator"):
        client.force_login(UserFactory(role=role, at=member))
        text = client.get(path).content.decode()
        shown[role] = (new_seat in text, end in text)
    assert shown == {
        "administrator": (True, True),
        "council-secretary": (False, True),
        "coordinator": (True, False),
        "moderator": (False, False),
    }


def test_a_role_without_the_deed_reads_why_not(client: Client, member: Member) -> None:
    client.force_login(UserFactory(role="monitor", at=member))
    response = client.post(address("look", member.slug), {"accent": "#7a1f3d"})
    member.refresh_from_db()
    assert (response.status_code, member.accent) == (403, "#0b5d57")


def test_a_body_its_seat_and_its_mandate_are_given_in_the_browser(staff: Client, member: Member) -> None:
    said = {"authority": member.authorities.get().pk, "kind": "forum", "name_fr": "Forum", "name_ar": "المنتدى"}
    assert staff.post(address("new_body", "ici"), said)["Location"] == address("body", "ici", "forum")
    said = {"actor": "", "title_fr": "Siège des associations", "title_ar": "مقعد الجمعيات"}
    assert staff.post(address("new_seat", "ici", "forum"), said)["Location"] == address("body", "ici", "forum")
    seat = Body.objects.get().seats.get()
    given = staff.post(
        address("new_mandate", "ici", seat.uid), {"holder_name": "Personne inventée", "starts_on": "2026-01-01"}
    )
    assert given["Location"] == address("body", "ici", "forum")
    assert "Personne inventée" in staff.get(address("body", "ici", "forum")).content.decode()
    staff.post(address("end_mandate", "ici", seat.mandates.get().uid), {"on": "2026-02-01"})
    assert seat.mandates.get().ends_on == dt.date(2026, 2, 1)


def test_a_refusal_keeps_what_was_typed(staff: Client, member: Member) -> None:
    seat = MandateFactory(seat__body__authority=member.authorities.get()).seat
    typed = {"holder_name": "Un nom déjà tapé", "starts_on": "2026-03-01"}
    text = staff.post(address("new_mandate", "ici", seat.uid), typed).content.decode()
    assert ("Un nom déjà tapé" in text, "2026-03-01" in text, seat.mandates.count()) == (True, True, 1)


def test_an_act_is_recorded_with_its_file_and_everyone_reads_it(
    staff: Client, member: Member, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    said = {
        "authority": member.authorities.get().pk, "kind": "order", "number": "7/2026", "dated_on": "2026-01-02",
        "title_fr": "Nomination", "title_ar": "تعيين",
    }  # fmt: skip
    wrong = SimpleUploadedFile("acte.pdf", b"MZ not a PDF at all" * 20, "application/pdf")
    again = staff.post(address("new_act", "ici"), {**said, "file": wrong})
    assert (again.status_code, Act.objects.count()) == (200, 0)
    right = SimpleUploadedFile("acte.pdf", PDF, "application/pdf")
    assert staff.post(address("new_act", "ici"), {**said, "file": right})["Location"] == address("acts", "ici")
    act = Act.objects.get()
    response = Client().get(address("act_file", "ici", act.uid))
    assert (response.status_code, b"".join(response)) == (200, PDF)
    assert response["X-Content-Type-Options"] == "nosniff"


def test_an_act_without_a_file_hands_out_nothing(client: Client, member: Member) -> None:
    act = ActFactory(authority=member.authorities.get())
    assert client.get(address("act_file", "ici", act.uid)).status_code == 404


@pytest.mark.row("A5")
def test_the_point_of_contact_is_published_with_the_act_and_the_dates(client: Client, member: Member) -> None:
    act = ActFactory(authority=member.authorities.get(), number="44/2026")
    AppointmentFactory(member=member, point_of_contact=True, act=act, user__name="Point focal inventé")
    AppointmentFactory(member=member, role="moderator", user__name="Modératrice inventée")
    text = client.get(address("roles", "ici")).content.decode()
    assert ("Point focal inventé" in text, "44/2026" in text, "1er janvier 2026" in text) == (True, True, True)
    assert ("Modératrice inventée" in text, "@" in text.split("<main", 1)[1].split("</main>")[0]) == (False, False)


def test_a_person_is_invited_in_their_language_once_it_is_written(
    staff: Client, member: Member, mailoutbox: list[Any], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    said = {"name": "نادية المتخيلة", "email": "nadia@example.ma", "lang": "ar"}
    said |= {"role": "moderator", "starts_on": "2026-01-01"}
    with django_capture_on_commit_callbacks() as waiting:
        assert staff.post(address("appoint", "ici"), said)["Location"] == address("people_roles", "ici")
    assert (len(mailoutbox), len(waiting)) == (0, 1)
    waiting[0]()
    assert mails.send_now().sent == 1
    mail = mailoutbox[0]
    assert (mail.to, "مشرف(ة) على المساهمات" in mail.body) == (["nadia@example.ma"], True)
    assert "http://testserver/ar/accounts/login/" in mail.body
    assert "{{" not in mail.body and "&#" not in mail.body


def test_the_last_administrator_stays_and_reads_why(staff: Client, member: Member) -> None:
    held = Appointment.objects.get(role="administrator")
    response = staff.post(address("end_appointment", "ici", held.uid), {"on": "2026-11-01"})
    held.refresh_from_db()
    assert (response.status_code, held.ends_on) == (200, None)


def test_usual_bodies_are_offered_then_gone(staff: Client, member: Member) -> None:
    code = member.authorities.get().territory.code
    path = address("usual_bodies", "ici", code)
    assert path in staff.get(address("bodies", "ici")).content.decode()
    assert staff.post(path)["Location"] == address("bodies", "ici")
    assert path not in staff.get(address("bodies", "ici")).content.decode()
    assert (Body.objects.count(), staff.post(path).status_code, Body.objects.count()) == (6, 200, 6)


@pytest.mark.row("O-1")
def test_an_authority_shows_the_months_left_of_its_mandate(staff: Client, member: Member) -> None:
    code, end = member.authorities.get().territory.code, timezone.localdate() + dt.timedelta(days=31 * 17)
    staff.post(address("council_mandate", "ici", code), {"starts_on": "2021-09-08", "ends_on": end.isoformat()})
    page = queries.authority_page(Authority.objects.get(), member, today=timezone.localdate())
    assert (page.ends_on, page.months_left) == (end, 17)
    assert "<dd>17</dd>" in staff.get(address("authority", "ici", code)).content.decode()


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [("2026-01-31", "2026-02-28", 0), ("2026-01-15", "2027-05-15", 16), ("2026-01-16", "2027-05-15", 15),
     ("2027-01-01", "2026-01-01", 0)],
)  # fmt: skip
def test_whole_months_are_counted(start: str, end: str, months: int) -> None:
    assert queries.whole_months(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == months


def test_a_colour_is_tried_then_chosen(staff: Client, member: Member) -> None:
    tried = staff.get(address("look", "ici") + "?accent=%237a1f3d").content.decode()
    assert "accent/7a1f3d.css" in tried
    pale = staff.post(address("look", "ici"), {"accent": "#ffe08a"})
    assert (pale.status_code, "#ffe08a" in pale.content.decode()) == (200, True)
    staff.post(address("look", "ici"), {"accent": "#7A1F3D"})
    member.refresh_from_db()
    assert member.accent == "#7a1f3d"


def test_what_a_person_typed_is_shown_and_not_run(staff: Client, member: Member) -> None:
    hostile = "<script>alert(1)</script>"
    body = BodyFactory(authority=member.authorities.get(), slug="conseil", name=words(hostile))
    MandateFactory(seat=SeatFactory(body=body, title=words(hostile)), holder_name=hostile)
    AppointmentFactory(member=member, user__name=hostile)
    for path in (*pages(member).values(), address("people_roles", "ici")):
        assert hostile not in staff.get(path).content.decode()


def test_a_form_sent_after_signing_out_is_not_lost(member: Member) -> None:
    browser = Client()
    typed = {"holder_name": "Une personne inventée <b>", "starts_on": "2026-01-01", "password": "never-shown-again"}
    seat = SeatFactory(body=BodyFactory(authority=member.authorities.get()))
    path = address("new_mandate", "ici", seat.uid)
    response = browser.post(path, typed)
    text = response.content.decode()
    assert (response.status_code, response["Cache-Control"], seat.mandates.count()) == (403, "no-store", 0)
    assert 'name="holder_name" value="Une personne inventée &lt;b&gt;"' in text
    assert ("never-shown-again" in text, f'action="{path}"' in text) == (False, True)
    browser.force_login(UserFactory(administrator_of=member))
    assert browser.post(path, typed)["Location"] == address("body", "ici", seat.body.slug)


def test_a_file_is_asked_again_after_signing_out(client: Client, member: Member) -> None:
    sent = {"number": "1", "file": SimpleUploadedFile("a.pdf", PDF)}
    text = client.post(address("new_act", "ici"), sent).content.decode()
    assert 'type="file" id="file-1" name="file"' in text
