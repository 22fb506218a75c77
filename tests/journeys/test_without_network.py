"""A suggestion sent where there is no network: the page stays with all that is in it, and leaves when asked again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from openregion.consultation.models import Contribution
from tests.factories.consultation import ConsultationFactory
from tests.factories.people import MemberFactory
from tests.journeys import steps
from tests.journeys import taking_part_steps as told
from tests.journeys.conftest import PHONE, the_accessibility_baseline_is_met

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
CUT = (
    "There is no network: nothing has left, and nothing here is lost. Keep this page open, and press the button again "
    "once there is one."
)
BACK = "There is a network again: press the button to send."


@pytest.mark.row("D2")
@pytest.mark.parametrize("screen", [PHONE], indirect=True, ids=["phone"])
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_suggestion_sent_without_a_network_stays_on_the_page_with_its_photo(
    page: Page, context: BrowserContext, live_server: Any, lang: str
) -> None:
    ConsultationFactory(member=MemberFactory(slug="ici"), slug="question")
    address = f"{live_server.url}/{lang}/ici/consultations/question/suggest/"
    page.goto(address)
    page.fill("[name=idea]", "Une fontaine par douar.")
    page.set_input_files("[name=photo]", told.a_photo())
    send, status = page.locator("form#suggestion button[type=submit]"), page.locator("#suggestion [data-no-network]")
    expect(status).to_be_empty()
    context.set_offline(True)
    for _time in range(2):
        send.click()
        expect(status).to_have_text(steps.said(lang, CUT))
    expect(status).to_be_in_viewport()
    the_accessibility_baseline_is_met(page)
    assert (page.url, page.evaluate("document.querySelector('[name=photo]').files.length")) == (address, 1)
    expect(page.locator("[name=idea]")).to_have_value("Une fontaine par douar.")
    context.set_offline(False)
    expect(status).to_have_text(steps.said(lang, BACK))
    page.wait_for_timeout(300)
    assert Contribution.objects.count() == 0  # nothing leaves behind anybody's back
    send.click()
    expect(page.locator("[data-sent]")).to_be_visible()
    given = Contribution.objects.get()
    assert (given.words, [one.kind for one in given.attachments.all()]) == (
        {"idea": "Une fontaine par douar."}, ["photo"],
    )  # fmt: skip
    page.goto(address)
    expect(page.locator("[name=idea]")).to_have_value("")
