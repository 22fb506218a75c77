"""What people are told of their data (law 09-08), and what is let go in time."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as ours
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from lxml import html

from openregion.core import outbox
from openregion.core.checks import what_is_kept_elsewhere_is_declared
from tests.factories.people import MemberFactory, UserFactory

DECLARED = yaml.safe_load(ours.PRIVACY_FILE.read_text(encoding="utf-8"))
ASKING = ("/en/accounts/login/", "/en/accounts/login/code/", "/en/accounts/password/reset/")


def notice(client: Client, address: str) -> dict[str, str]:
    page = html.fromstring(client.get(address).content)
    (found,) = page.xpath("//main//details[.//dl]")
    return {row[0].text_content(): row[1].text_content().strip() for row in found.xpath(".//dl/div")}


def said(settings: Any, tmp_path: Path, elsewhere: dict[str, Any]) -> list[str]:
    settings.PRIVACY_FILE = tmp_path / "privacy.yaml"
    text = yaml.safe_dump(DECLARED | {"elsewhere": elsewhere}, allow_unicode=True)
    settings.PRIVACY_FILE.write_text(text, encoding="utf-8")
    return [error.msg for error in what_is_kept_elsewhere_is_declared()]


@pytest.mark.row("L-1")
@pytest.mark.django_db
@pytest.mark.parametrize("address", ASKING)
def test_a_page_that_takes_an_address_says_what_becomes_of_it(client: Client, address: str) -> None:
    told = notice(client, address)
    assert list(told) == ["Who is responsible", "Why", "How long", "Your rights", "CNDP reference"]
    assert told["Who is responsible"] == "the authority whose space you sign in to"


@pytest.mark.row("L-1")
@pytest.mark.django_db
def test_the_form_of_an_act_says_what_becomes_of_the_names_in_it(client: Client) -> None:
    member = MemberFactory()
    client.force_login(UserFactory(administrator_of=member))
    told = notice(client, f"/en/{member.slug}/acts/new/")
    assert told["How long"] == "the name stays with the office in the public record"


@pytest.mark.row("L-1")
@pytest.mark.django_db
def test_the_reference_of_the_operator_is_shown(client: Client, settings: Any) -> None:
    settings.CNDP_REFERENCE = ""
    lacking = "not yet recorded: no identity-card number is asked for"
    assert notice(client, ASKING[0])["CNDP reference"] == lacking
    settings.CNDP_REFERENCE = "D-000/2026"
    assert notice(client, ASKING[0])["CNDP reference"] == "D-000/2026"
    assert "D-000/2026" in client.get("/en/privacy/").content.decode()


@pytest.mark.row("L-1")
@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_the_page_tells_what_is_kept_beside_our_tables(client: Client, lang: str) -> None:
    page = html.fromstring(client.get(f"/{lang}/privacy/").content)
    rows = page.xpath("//table[caption/@id='elsewhere']/tbody/tr/th")
    assert [row.text_content() for row in rows] == [entry["what"][lang] for entry in DECLARED["elsewhere"].values()]


@pytest.mark.row("L-1")
def test_what_stays_in_browsers_and_on_the_disk_for_a_while_is_declared() -> None:
    kept = {"held_files", "drafts_in_the_browser", "recording_in_the_browser", "rapporteur_telephone"}
    assert kept - set(DECLARED["elsewhere"]) == set()


@pytest.mark.row("L-1")
def test_what_is_kept_elsewhere_is_declared_in_the_working_languages() -> None:
    assert what_is_kept_elsewhere_is_declared() == []
    keys = ("what", "purpose", "ground", "retention", "seen_by")
    entries = DECLARED["elsewhere"].items()
    assert [name for name, entry in entries for key in keys if set(entry[key]) != {"fr", "ar", "en"}] == []


@pytest.mark.row("L-1")
@pytest.mark.parametrize("table", ["account.emailaddress", "account.emailconfirmation", "sessions.session"])
def test_a_library_table_about_people_left_out_fails_with_the_lines_to_add(
    settings: Any, tmp_path: Path, table: str
) -> None:
    elsewhere = {name: entry for name, entry in DECLARED["elsewhere"].items() if name != table}
    (message,) = said(settings, tmp_path, elsewhere)
    assert message.partition("\n")[2].split() == (
        [f"{table}:"]
        + [word for key in ("what", "purpose", "ground", "retention", "seen_by") for word in (f"{key}:", "…")]
    )


@pytest.mark.row("L-1")
def test_an_incomplete_or_unknown_entry_fails(settings: Any, tmp_path: Path) -> None:
    whole = DECLARED["elsewhere"]
    partial = {key: words for key, words in whole["outbox"].items() if key != "retention"}
    messages = said(settings, tmp_path, whole | {"outbox": partial, "gone.table": whole["outbox"]})
    assert messages == [
        "outbox: privacy.yaml must say retention",
        "gone.table: under `elsewhere` in privacy.yaml and not a table",
    ]


@pytest.mark.row("L-1")
@pytest.mark.django_db
def test_the_cookies_end_with_the_visit(client: Client) -> None:
    response = client.get(ASKING[0])
    assert [(cookie["max-age"], cookie["expires"]) for cookie in response.cookies.values()] == [("", "")]


@pytest.mark.row("L-1")
@pytest.mark.django_db
def test_let_go_erases_what_is_out_of_time_and_nothing_else(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path
    now = timezone.now()
    for key, days in (("ended", -1), ("open", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))
    old = (now - outbox.KEPT_FOR - timedelta(days=1)).strftime("%Y%m%dT%H%M%S%f")
    for name in (f"{old}-000000.eml", f"{old}-000001.part", "readme.txt"):
        (tmp_path / name).write_text("")
    recent = tmp_path / f"{now.strftime('%Y%m%dT%H%M%S%f')}-000002.eml"
    recent.write_bytes(mail.EmailMessage("Subject", "Text", to=["a@example.org"]).message().as_bytes())
    out = StringIO()
    call_command("let_go", stdout=out)
    assert out.getvalue() == (
        "sessions 1 · messages 2 · mails 0 · contacts 0 · guests 0 · files 0 · held 0 · packs 0 · papers 0 · "
        "addresses 0 · wordings 0 · follows 0 · passes 0\n"
    )
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([recent.name, "readme.txt"])
