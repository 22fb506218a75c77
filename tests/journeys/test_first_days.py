"""The first days of a Region on the platform, played in a real browser at two widths."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from openregion.people import setup
from openregion.people.models import Body, Member
from openregion.web.actions import index_again
from openregion.web.demonstration.founding import Founding

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    settings.OUTBOX = tmp_path / "outbox"
    settings.EMAIL_BACKEND = "openregion.core.outbox.OutboxBackend"


@pytest.fixture
def demonstration(db: Any) -> Member:
    """The invented Region founded, its bodies and people in place: these journeys ask no more of it."""
    founding = Founding()
    founding.play()
    index_again(founding.member)
    return founding.member


@pytest.mark.row("O-8")
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_newcomer_opens_the_space_of_a_region(page: Page, live_server: Any, baseline: Any, lang: str) -> None:
    call_command("load_territory", verbosity=0)
    when_i_open(page, f"{live_server.url}/{lang}/")
    then_i_see_direction(page, "rtl" if lang == "ar" else "ltr")
    when_i_open(page, f"{live_server.url}/{lang}/setup/")
    baseline(page)
    page.check("input[name=territory][value='01']")
    page.click("main form button[type=submit]")
    baseline(page)
    page.fill("input[name=code]", setup.made_code())
    page.fill("input[name=admin_name]", "Amina Benali")
    page.fill("input[name=email]", "amina@example.ma")
    page.fill("input[name=password]", "trop court")
    page.fill("input[name=slug]", "outbox")
    page.click("main form button[type=submit]")
    expect(page.locator("#error-summary, .errors").first).to_be_visible()
    assert page.input_value("input[name=admin_name]") == "Amina Benali"
    baseline(page)
    page.fill("input[name=slug]", "tanger")
    page.fill("input[name=password]", "une phrase bien longue")
    page.click("main form button[type=submit]")
    expect(page).to_have_url(re.compile(f"/{lang}/tanger/$"))
    baseline(page)
    assert Member.objects.get().authorities.get().territory.name_fr == "Tanger-Tétouan-Al Hoceima"


@pytest.mark.row("A1")
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_reader_finds_what_is_asked_of_them(
    page: Page, live_server: Any, demonstration: Member, baseline: Any, lang: str
) -> None:
    when_i_open(page, f"{live_server.url}/{lang}/azirane/")
    baseline(page)
    when_i_open(page, page.locator("a[href$='/method/']").first.evaluate("a => a.href"))
    baseline(page)
    for place in ("programme", "values", "stages/plan-2", "actors/council-president", "forms/annex-2", "rules/visa"):
        when_i_open(page, f"{live_server.url}/{lang}/azirane/method/{place}/")
        then_i_see_direction(page, "rtl" if lang == "ar" else "ltr")
        baseline(page)


def test_reader_goes_by_keyboard_alone(page: Page, live_server: Any, demonstration: Member, baseline: Any) -> None:
    when_i_open(page, f"{live_server.url}/fr/azirane/")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.className")
    assert focused == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/fr/azirane/method/"))
    baseline(page)


def test_administrator_signs_in_by_code_and_sets_up_a_body(
    page: Page, live_server: Any, demonstration: Member, baseline: Any, settings: Any
) -> None:
    from openregion.core import outbox

    when_i_open(page, f"{live_server.url}/fr/accounts/login/code/")
    baseline(page)
    page.fill("input[name=email]", "admin@azirane.invalid")
    page.click("main form button[type=submit]")
    (message,) = outbox.messages()
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", message.body, re.M)
    assert code, message.body
    page.fill("input[name=code]", code.group(1))
    baseline(page)
    page.click("main form button[type=submit]")
    when_i_open(page, f"{live_server.url}/fr/azirane/bodies/new/")
    baseline(page)
    page.select_option("select[name=kind]", "council-commission")
    page.fill("input[name=name_fr]", "Commission du budget")
    page.fill("input[name=name_ar]", "لجنة الميزانية")
    page.click("main form button[type=submit]")
    expect(page.locator("h1")).to_contain_text("Commission du budget")
    baseline(page)
    assert Body.objects.filter(slug="commission-du-budget").count() == 1


def test_visitor_enters_the_demonstration_on_this_machine(
    page: Page, live_server: Any, demonstration: Member, baseline: Any
) -> None:
    when_i_open(page, f"{live_server.url}/ar/azirane/demonstration/")
    baseline(page)
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/ar/azirane/desk/$"))
    when_i_open(page, f"{live_server.url}/ar/azirane/people/")
    then_i_see_direction(page, "rtl")
    baseline(page)
    for place in ("people/appoint", "bodies", "acts", "acts/new", "roles", "look", "territory", "journal"):
        when_i_open(page, f"{live_server.url}/ar/azirane/{place}/")
        baseline(page)


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_everything_is_read_without_script(browser: Any, live_server: Any, demonstration: Member, lang: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    when_i_open(page, f"{live_server.url}/{lang}/azirane/method/search/?q=budget")
    expect(page.locator("h1")).to_be_visible()
    page.locator("header details summary").click()
    expect(page.locator("header details nav")).to_be_visible()
    context.close()


def when_i_open(page: Page, address: str) -> None:
    answer = page.goto(address, wait_until="load")
    assert answer is not None and answer.status == 200, f"{address}: {answer and answer.status}"


def then_i_see_direction(page: Page, direction: str) -> None:
    assert page.locator("html").get_attribute("dir") == direction
