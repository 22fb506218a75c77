"""A paper form: printed with its code, photographed, typed by one, checked by another, followed by its author."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from openregion.consultation import codes, queries
from openregion.consultation.models import Contribution, PaperBatch, PaperForm
from tests.factories import rooms
from tests.factories.people import UserFactory
from tests.journeys import steps
from tests.journeys.conftest import the_accessibility_baseline_is_met

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.row("D2")
@pytest.mark.parametrize(("lang", "screen"), steps.PAIRS, ids=steps.PAIRS_IDS)
def test_form_is_entered_by_one_and_checked_by_another(
    context: BrowserContext, page: Page, region: steps.Region, live_server: Any, lang: str
) -> None:
    typist = UserFactory(role="team-member", at=region.member)
    checker = UserFactory(role="coordinator", at=region.member)
    forms = f"{live_server.url}/{lang}/{region.member.slug}/consultations/{region.consultation.slug}/paper/"

    steps.given_someone_signed_in(context, live_server.url, checker)
    steps.when_i_open(page, forms)
    steps.when_i_follow(page, "paper/print/")
    page.fill("main [name=how_many]", "5")
    steps.when_i_press(page)
    batch = PaperBatch.objects.get()
    with page.expect_download() as printed:
        page.locator("main a[href$='/batches/1.pdf']").click()
    assert printed.value.suggested_filename.endswith("forms-1.pdf")

    steps.given_someone_signed_in(context, live_server.url, typist)
    steps.when_i_open(page, forms)
    steps.when_i_follow(page, "paper/pictures/")
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": rooms.picture().read()}
    page.set_input_files("main [name=pictures]", photo)
    steps.when_i_press(page)
    form = PaperForm.objects.get()
    steps.when_i_follow(page, f"forms/{form.uid}/")
    assert page.locator(".paper__picture img").evaluate("one => one.complete && one.naturalWidth > 0")
    page.fill("main [name=number]", queries.form_label(1, 4))
    page.fill("main [name=idea]", "طريق معبد إلى السوق" if lang == "ar" else "Une route jusqu’au souk")
    steps.when_i_press(page, "main button[type=submit]:not(.button--grave)")
    steps.when_i_open(page, f"{forms}forms/{form.uid}/")
    expect(page.locator("main [value=check]")).to_have_count(0)  # whoever typed is not asked to check

    steps.given_someone_signed_in(context, live_server.url, checker)
    steps.when_i_open(page, f"{forms}?state=entered")
    steps.when_i_follow(page, f"forms/{form.uid}/")
    the_accessibility_baseline_is_met(page)
    page.fill("main [name=effect]", "القرب" if lang == "ar" else "Moins loin")
    steps.when_i_press(page, "main button[type=submit]:not(.button--grave)")
    given = Contribution.objects.get()
    assert (given.channel, sorted(given.words)) == ("paper", ["effect", "idea"])
    steps.when_i_open(page, f"{forms}?state=checked")
    the_accessibility_baseline_is_met(page)
    steps.when_i_follow(page, f"forms/{form.uid}/")
    steps.then_i_read(page, str(given.number), checker.name)

    steps.given_nobody_signed_in(context)  # the author comes home with the stub
    steps.when_i_open(page, f"{live_server.url}/{lang}/{region.member.slug}/follow/")
    page.fill("main [name=code]", codes.grouped(codes.code_of(codes.ticket_of_form(batch.uid, 4))))
    page.locator("main form button[type=submit]").last.click()
    steps.then_i_read(page, given.words["idea"])
