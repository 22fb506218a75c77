"""The pages that cross rooms: home, journal, search, outbox, and what machines ask."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import send_mail
from django.db import DatabaseError, connection, transaction
from django.test import Client

from openregion.people.models import Member
from openregion.record.actions import index_entry, write_line
from openregion.record.models import JournalLine
from tests.factories.people import PASSWORD, MemberFactory, UserFactory

LANGUAGES = ["ar", "fr", "en", "zgh"]
AT = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def member(db: None) -> Member:
    return MemberFactory(slug="membre")


def line(verb: str = "choose_accent", at: dt.datetime = AT, **facts: Any) -> JournalLine:
    with transaction.atomic():
        return write_line(
            room="people", verb=verb, subject_type="Member", subject_uid="membre", member_code="membre",
            by_ref="secret-reference", at=at, facts=facts or {"accent": "#0b5d57"},
        )  # fmt: skip


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def signed_in(user: Any) -> Client:
    client = Client()
    assert client.login(email=user.email, password=PASSWORD)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "lang"), [("ar-MA,fr;q=0.8", "ar"), ("de", "fr"), ("en-GB", "en"), ("", "fr")])
def test_newcomer_is_led_to_the_language_of_their_browser(client: Client, asked: str, lang: str) -> None:
    response = client.get("/", HTTP_ACCEPT_LANGUAGE=asked)
    assert (response.status_code, response["Location"], response["Cache-Control"]) == (302, f"/{lang}/", "no-store")


@pytest.mark.django_db
@pytest.mark.parametrize("lang", LANGUAGES)
def test_home_without_a_member_leads_to_setup_and_to_reading_first(client: Client, lang: str) -> None:
    page = text(client, f"/{lang}/")
    assert f'href="/{lang}/setup/"' in page
    assert f'href="/{lang}/about/"' in page


@pytest.mark.row("A1")
@pytest.mark.django_db
@pytest.mark.parametrize("lang", LANGUAGES)
def test_about_says_what_the_programme_is_before_any_member_exists(client: Client, lang: str) -> None:
    from openregion.guide.queries import guide

    page = text(client, f"/{lang}/about/")
    book = guide("ma-region-2021").book
    titled = [one.text.in_(lang).split("'")[0].split("&")[0] for one in (*book.axes, *book.reasons, *book.objectives)]
    assert [words for words in titled if words not in page] == []


@pytest.mark.django_db
def test_home_with_one_member_is_its_home_and_with_two_a_choice(client: Client) -> None:
    MemberFactory(slug="un")
    assert client.get("/fr/")["Location"] == "/fr/un/"
    MemberFactory(slug="deux")
    page = text(client, "/fr/")
    assert ('href="/fr/un/"' in page, 'href="/fr/deux/"' in page) == (True, True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_member_home_answers_three_questions_and_shows_the_last_deeds(
    client: Client, member: Member, lang: str
) -> None:
    line()
    page = text(client, f"/{lang}/membre/")
    assert [word for word in ('id="where"', 'id="now"', 'id="became"', 'id="lately"') if word not in page] == []
    assert page.count('class="stage--to-come"') == 8
    assert [name for name in ("method", "bodies", "journal") if f'href="/{lang}/membre/{name}/"' not in page] == []


def test_pages_ask_as_much_of_the_database_for_one_line_as_for_thirty(
    client: Client, member: Member, django_assert_max_num_queries: Any
) -> None:
    from django.core.cache import cache
    from django.test.utils import CaptureQueriesContext

    def asked(address: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    line()
    addresses = ["/fr/membre/", "/fr/membre/journal/", "/fr/membre/journal.csv"]
    for_one = [asked(address) for address in addresses]
    for _ in range(30):
        line()
    assert [asked(address) for address in addresses] == for_one


@pytest.mark.parametrize("lang", LANGUAGES)
def test_journal_is_read_as_sentences_by_day_and_narrowed(client: Client, member: Member, lang: str) -> None:
    kept = line()
    other = line("set_council_mandate", at=AT - dt.timedelta(days=40), starts_on="2026-01-01", ends_on="2030-01-01")
    whole = text(client, f"/{lang}/membre/journal/")
    assert (f'id="line-{kept.pk}"' in whole, f'id="line-{other.pk}"' in whole) == (True, True)
    narrowed = text(client, f"/{lang}/membre/journal/?deed=choose_accent&month=2026-03")
    assert (f'id="line-{kept.pk}"' in narrowed, f'id="line-{other.pk}"' in narrowed) == (True, False)
    assert "secret-reference" not in whole


@pytest.mark.parametrize("query", ["?month=2026-99", "?deed=nothing", "?page=x", "?page=-4", "?deed=<script>"])
def test_journal_answers_whatever_is_asked(client: Client, member: Member, query: str) -> None:
    line()
    assert "<script>" not in text(client, "/fr/membre/journal/" + query)


def test_journal_keeps_the_line_of_a_deed_that_left_the_code(client: Client, member: Member) -> None:
    kept = line("deed_of_another_time")
    assert f'id="line-{kept.pk}"' in text(client, "/fr/membre/journal/")


@pytest.mark.row("L-1")
def test_journal_leaves_as_open_data_without_anyones_reference(client: Client, member: Member) -> None:
    first, second = line(), line(role="moderator")
    table = b"".join(client.get("/fr/membre/journal.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(row["number"], row["verb"]) for row in rows] == [(str(one.pk), "choose_accent") for one in (first, second)]
    lines = json.loads(b"".join(client.get("/fr/membre/journal.json").streaming_content))
    assert [one["facts"] for one in lines] == [{"accent": "#0b5d57"}, {"role": "moderator"}]
    assert "secret-reference" not in table + json.dumps(lines)
    assert json.loads(b"".join(client.get("/fr/membre/journal.json?deed=none").streaming_content)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_search_finds_in_the_language_read(client: Client, member: Member, lang: str) -> None:
    body = "fr" if lang == "zgh" else lang
    for one in ("fr", "ar", "en"):
        index_entry(
            member_code="membre", lang=one, kind="stage", subject_uid="s", title=f"Budget {one}", excerpt="Extrait",
            path=f"/{one}/membre/method/", text="",
        )  # fmt: skip
    page = text(client, f"/{lang}/membre/search/?q=budgets")
    assert f'<a href="/{lang}/membre/method/">Budget {body}</a>' in page
    assert page.count("Budget ") == 1


@pytest.mark.parametrize("q", ["", "%22", "*", "NEAR(", "%3Cscript%3Ealert(1)%3C/script%3E", "x" * 5000, "%F0%9F"])
def test_search_answers_whatever_is_typed(client: Client, member: Member, q: str) -> None:
    assert "<script>alert" not in text(client, f"/fr/membre/search/?q={q}")


def test_pages_of_an_unknown_member_do_not_exist(client: Client, member: Member) -> None:
    for page in ("", "journal/", "search/", "journal.csv", "journal.json"):
        assert client.get(f"/fr/inconnu/{page}").status_code == 404


@pytest.fixture
def mail_kept(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "openregion.core.outbox.OutboxBackend"
    settings.OUTBOX = tmp_path / "outbox"


@pytest.mark.usefixtures("mail_kept")
def test_outbox_shows_an_administrator_what_would_have_left(member: Member) -> None:
    administrator = signed_in(UserFactory(administrator_of=member))
    assert "EMAIL_URL" in text(administrator, "/fr/outbox/")
    UserFactory(email="personne@example.ma", role="moderator", at=member)
    send_mail("Sujet <b>", "Votre code : 123456 <script>", None, ["personne@example.ma"])
    response = administrator.get("/fr/outbox/")
    page = response.content.decode()
    assert ("123456 &lt;script&gt;" in page, "Sujet &lt;b&gt;" in page, "personne@example.ma" in page) == (
        True,
        True,
        True,
    )
    assert response["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("mail_kept")
def test_outbox_is_closed_to_others(client: Client, member: Member) -> None:
    assert client.get("/fr/outbox/").status_code == 302
    assert signed_in(UserFactory(role="moderator", at=member)).get("/fr/outbox/").status_code == 403


def test_outbox_does_not_exist_once_mail_is_set(settings: Any, member: Member) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert signed_in(UserFactory(administrator_of=member)).get("/fr/outbox/").status_code == 404


@pytest.mark.django_db
def test_machines_are_answered_plainly(client: Client) -> None:
    health = client.get("/healthz")
    assert (health.status_code, health.content, health["Content-Type"]) == (200, b"ok\n", "text/plain")
    robots = client.get("/robots.txt")
    assert robots.content.decode().splitlines()[0] == "User-agent: *"
    assert client.get("/favicon.ico")["Location"].endswith(".svg")


@pytest.mark.django_db
def test_health_says_when_the_database_does_not_answer(client: Client) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError("gone")

    with connection.execute_wrapper(broken):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (503, b"no database\n")


def test_new_space_tells_its_administrator_the_first_steps(member: Member) -> None:
    client = signed_in(UserFactory(administrator_of=member))
    shown = text(client, f"/fr/{member.slug}/")
    assert f"/fr/{member.slug}/people/appoint/" in shown
    assert f"/fr/{member.slug}/look/" in shown
    assert f"/fr/{member.slug}/people/appoint/" not in text(Client(), f"/fr/{member.slug}/")
