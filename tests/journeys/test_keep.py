"""Words typed at length and not saved are found again in the same browser, told so, and forgotten on demand."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.factories.letters import letter
from tests.factories.people import MemberFactory, UserFactory
from tests.journeys import steps

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TEXT, KEYS = "textarea[name=text_fr]", "Object.keys(localStorage).filter(key => key.startsWith('keep:')).length"


@pytest.mark.row("B2")
def test_words_not_saved_come_back_and_leave_once_saved(page: Page, context: BrowserContext, live_server: Any) -> None:
    member = MemberFactory(slug="ici")
    writer = UserFactory(role="point-of-contact", at=member)
    one = letter(member, writer, "press-note")
    steps.given_someone_signed_in(context, live_server.url, writer)
    address = f"{live_server.url}/fr/ici/letters/{one.uid}/words/"
    page.goto(address)
    served, told = page.input_value(TEXT), page.locator("[data-kept]")
    expect(told).to_be_hidden()
    page.fill(TEXT, "Mots jamais perdus")
    page.reload()
    assert page.input_value(TEXT) == "Mots jamais perdus"
    expect(told).to_be_visible()
    told.get_by_role("button").click()
    assert (page.input_value(TEXT), page.evaluate(KEYS)) == (served, 0)
    page.fill(TEXT, "Mots enregistrés")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "/words/" not in url)
    page.goto(address)
    assert (page.input_value(TEXT), page.evaluate(KEYS)) == ("Mots enregistrés", 0)
    expect(told).to_be_hidden()
