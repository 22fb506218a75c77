"""The registers of exchanges and of peer activities: public lines, the team's own words, answers awaited, tables."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people.models import Member
from openregion.record.models import JournalLine
from openregion.registers import actions, queries, rules
from openregion.registers.models import Exchange, PeerActivity
from tests.factories.directory import ContactFactory
from tests.factories.people import AT, MemberFactory, UserFactory, words
from tests.factories.registers import ExchangeFactory, PeerActivityFactory

pytestmark = pytest.mark.django_db
ROLES = guides.guide("ma-region-2021").roles
TODAY = dt.date(2026, 11, 23)
DAY = dt.date(2026, 3, 2)
SAID: dict[str, Any] = {"party": "ogp", "channel": "email", "direction": "sent", "on": DAY, "subject": words("Objet")}
DONE: dict[str, Any] = {"kind": "support", "scope": "international", "part": "offered", "title": words("Rencontre")}
DONE |= {"starts_on": DAY}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def here() -> tuple[Member, Any]:
    member = MemberFactory(slug="ici")
    return member, UserFactory(role="point-of-contact", at=member)


@pytest.mark.row("A6")
@pytest.mark.parametrize("role", [role.code for role in ROLES])
def test_who_may_write_in_the_registers(role: str) -> None:
    member = MemberFactory()
    by = UserFactory(role=role, at=member)
    listed = set(next(one for one in ROLES if one.code == role).deeds)
    answers = {
        "log_exchange": rules.why_not_log_exchange(by, member, **SAID),
        "record_peer_activity": rules.why_not_record_peer_activity(by, member, **DONE),
    }
    assert {deed for deed, reason in answers.items() if not reason} == listed & set(answers)


@pytest.mark.row("A6")
@pytest.mark.parametrize(
    "wrong",
    [
        {"party": "press"},
        {"subject": {}},
        {"on": dt.date(2999, 1, 1)},
        {"wants_answer_by": dt.date(2026, 3, 1)},
    ],
)
def test_an_exchange_that_says_too_little_is_refused(wrong: dict[str, Any]) -> None:
    member, by = here()
    with pytest.raises(Refused):
        actions.log_exchange(member=member, **SAID | wrong, by=by, at=AT)


@pytest.mark.row("A4")
@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "party"},
        {"title": {}},
        {"ends_on": dt.date(2026, 3, 1)},
        {"starts_on": dt.date(2999, 1, 1), "learnt": words("Beaucoup")},
    ],
)
def test_a_peer_activity_that_does_not_hold_is_refused(wrong: dict[str, Any]) -> None:
    member, by = here()
    with pytest.raises(Refused):
        actions.record_peer_activity(member=member, **DONE | wrong, by=by, at=AT)


@pytest.mark.row("A6")
def test_an_answer_goes_the_other_way_with_the_same_party_and_after() -> None:
    member, by = here()
    asked = ExchangeFactory(member=member, asks=True)
    theirs = ExchangeFactory(asks=True)
    right = SAID | {"party": "support-unit", "direction": "received", "answers": asked}
    for wrong in ({"party": "ogp"}, {"direction": "sent"}, {"on": dt.date(2026, 3, 1)}, {"answers": theirs}):
        assert rules.why_not_log_exchange(by, member, **right | wrong) != ""
    actions.log_exchange(member=member, **right, by=by, at=AT)
    assert list(queries.open_questions(member)) == []


@pytest.mark.row("A6")
def test_what_belongs_to_another_space_is_refused() -> None:
    member, by = here()
    with pytest.raises(Refused):
        actions.log_exchange(member=member, **SAID, contact=ContactFactory(), by=by, at=AT)


def test_lines_of_the_journal_say_public_facts() -> None:
    member, by = here()
    one = actions.log_exchange(member=member, **SAID, summary=words("Secret"), by=by, at=AT)
    two = actions.record_peer_activity(member=member, **DONE, partners="Partenaires", by=by, at=AT)
    lines = JournalLine.objects.filter(room="registers").order_by("pk")
    assert [(line.verb, line.subject_uid) for line in lines] == [
        ("log_exchange", one.uid),
        ("record_peer_activity", two.uid),
    ]
    said = [render_to_string(f"registers/journal/{line.verb}.html", {"facts": line.facts}).strip() for line in lines]
    assert [sentence for sentence in said if not sentence.endswith(".") or "ecret" in sentence] == []


@pytest.mark.row("A6")
def test_awaited_answers_wait_then_are_late_and_the_region_s_own_are_due() -> None:
    member, _by = here()
    late = ExchangeFactory(member=member, wants_answer_by=TODAY - dt.timedelta(days=1))
    waits = ExchangeFactory(member=member, wants_answer_by=TODAY + dt.timedelta(days=3))
    ours = ExchangeFactory(member=member, direction="received", wants_answer_by=TODAY + dt.timedelta(days=3))
    answered = ExchangeFactory(member=member, asks=True)
    ExchangeFactory(member=member, direction="received", answers=answered)
    ExchangeFactory(asks=True)
    states = {due.key: due.state(TODAY) for due in queries.due(member, TODAY)}
    assert states == {
        f"exchange {late.uid}": "late",
        f"exchange {waits.uid}": "waiting",
        f"exchange {ours.uid}": "soon",
    }


@pytest.mark.row("L-1")
@pytest.mark.parametrize("lang", ["ar", "fr", "en", "zgh"])
def test_the_public_reads_no_summary_contact_file_or_delay(client: Client, lang: str) -> None:
    member, by = here()
    contact = ContactFactory(member=member, organisation="", name="Nadia Secrète")
    upload = SimpleUploadedFile("secret.pdf", PDF)
    client.force_login(by)
    said = {"party": "ogp", "channel": "email", "direction": "sent", "on": "2026-03-02", "subject_fr": "Objet public",
            "summary_fr": "Mots secrets", "contact": contact.uid, "file": upload}  # fmt: skip
    said |= {"wants_answer_by": "2026-03-20"}
    assert client.post(reverse("new_exchange", args=["ici"]), said).status_code == 302
    one = Exchange.objects.get()
    file = reverse("exchange_file", args=["ici", one.uid])
    path = f"/{lang}/ici/exchanges/"
    staff = client.get(path).content.decode()
    assert client.get(file).getvalue()[:5] == b"%PDF-"
    client.logout()
    public = client.get(path).content.decode() + client.get(reverse("exchanges_csv", args=["ici"])).content.decode()
    markers = ("Mots secrets", "Nadia Secrète", f"{one.uid}/file")
    assert [marker in staff for marker in markers] == [True, True, True]
    assert [marker in public for marker in markers] == [False, False, False]
    assert ("Objet public" in public, client.get(file).status_code) == (True, 302)
    client.force_login(UserFactory(role="moderator", at=member))
    seen = client.get(path).content.decode()
    assert ([marker in seen for marker in markers], client.get(file).status_code) == ([False] * 3, 403)


@pytest.mark.row("A4")
@pytest.mark.parametrize("lang", ["ar", "fr", "en", "zgh"])
def test_a_peer_activity_is_recorded_in_the_browser_and_everyone_reads_it(client: Client, lang: str) -> None:
    _member, by = here()
    client.force_login(by)
    path = reverse("new_peer_activity", args=["ici"])
    said = {"kind": "peer-exchange", "scope": "national", "part": "attended", "title_ar": "لقاء متخيل"}
    said |= {"starts_on": "2026-02-10", "ends_on": "2026-02-01", "learnt_fr": "Publier tôt", "partners": "Commune"}
    wrong = client.post(path, said)
    assert (wrong.status_code, PeerActivity.objects.count(), "Publier tôt" in wrong.content.decode()) == (200, 0, True)
    good: dict[str, Any] = said | {"ends_on": "", "file": SimpleUploadedFile("r.pdf", PDF)}
    assert client.post(path, good)["Location"] == reverse("peer_activities", args=["ici"])
    client.logout()
    page = client.get(f"/{lang}/ici/peer-activities/").content.decode()
    one = PeerActivity.objects.get()
    assert [word for word in ("لقاء متخيل", "Publier tôt", "Commune") if word not in page] == []
    assert client.get(reverse("peer_activity_file", args=["ici", one.uid])).getvalue()[:5] == b"%PDF-"


@pytest.mark.row("A4")
def test_tables_hold_the_public_lines_of_one_member_and_no_formula(client: Client) -> None:
    member, _by = here()
    ExchangeFactory(member=member, subject=words("=1+1"))
    PeerActivityFactory(member=member, partners="@somme", title=words("Rencontre"))
    ExchangeFactory(), PeerActivityFactory()
    tables = [
        list(csv.reader(io.StringIO(client.get(reverse(name, args=["ici"])).content.decode("utf-8-sig"))))
        for name in ("exchanges_csv", "peer_activities_csv")
    ]
    assert [len(table) for table in tables] == [2, 2]
    assert (tables[0][1][4], tables[1][1][7]) == ("'=1+1", "'@somme")


def test_an_answer_begins_from_what_it_answers(client: Client) -> None:
    member, by = here()
    asked = ExchangeFactory(member=member, asks=True)
    client.force_login(by)
    page = client.get(reverse("new_exchange", args=["ici"]), {"answers": asked.uid})
    assert page.context["form"].initial["direction"] == "received"
    assert client.get(reverse("new_exchange", args=["ici"]), {"answers": "\0'"}).status_code in (200, 404)


def test_registers_open_empty_and_ask_the_same_number_of_questions_for_one_and_thirty(client: Client) -> None:
    member, by = here()
    names = ("exchanges", "peer_activities", "exchanges_csv", "peer_activities_csv")
    assert [client.get(reverse(name, args=["ici"])).status_code for name in names] == [200] * 4
    client.force_login(by)
    asked: dict[str, list[int]] = {name: [] for name in (*names, "due")}
    for number in (1, 29):
        for one in ExchangeFactory.create_batch(number, member=member, asks=True):
            ExchangeFactory(member=member, direction="received", answers=one)
            ExchangeFactory(member=member, asks=True, contact=ContactFactory(member=member))
        PeerActivityFactory.create_batch(number, member=member)
        for name in names:
            with CaptureQueriesContext(connection) as counted:
                assert client.get(reverse(name, args=["ici"])).status_code == 200
            asked[name].append(len(counted))
        with CaptureQueriesContext(connection) as counted:
            queries.due(member, TODAY)
        asked["due"].append(len(counted))
    assert {name: one == thirty for name, (one, thirty) in asked.items()} == dict.fromkeys(asked, True)


def test_nothing_of_one_member_is_found_at_another(client: Client) -> None:
    _member, by = here()
    client.force_login(by)
    theirs = ExchangeFactory(), PeerActivityFactory()
    assert client.get(reverse("exchange_file", args=["ici", theirs[0].uid])).status_code == 404
    assert client.get(reverse("peer_activity_file", args=["ici", theirs[1].uid])).status_code == 404
