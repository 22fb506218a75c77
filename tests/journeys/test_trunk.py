"""The trunk, as the public walks it: a word is given, followed, read, and traced to its proof."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from openregion.consultation.models import Contribution
from openregion.consultation.rules import HIDING_REASONS
from openregion.monitoring.models import CompletionSheet
from openregion.people.models import Member, User
from openregion.plan.models import CoveredContribution
from tests.journeys import steps
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.steps import (
    PROBLEM,
    said,
    then_i_am_at,
    then_i_am_told,
    then_i_read,
    then_i_see_direction,
    then_the_error_says,
    when_i_enter,
    when_i_follow,
    when_i_open,
    when_i_press,
    when_i_tab_to,
    when_i_unfold,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TOKEN_ENDED = (
    "Nothing is sent yet: your page had been open for long, or you signed in elsewhere meanwhile. Everything is "
    "still here: press Send once more. If this comes back, your browser refuses cookies: allow them for this site."
)

# Every pair of language, width and script is played once.
BROWSERS = [("ar", PHONE, True), ("ar", DESK, False), ("fr", PHONE, False), ("fr", DESK, True)]
IDS = ["ar-phone-script", "ar-desk-bare", "fr-phone-bare", "fr-desk-script"]
NOTHING_WRITTEN = (
    "Write something in one of the boxes: the problem, the idea or the effect. One is enough. "
    "Or give a recording of your voice, a photo or a document."
)
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.row("D2")
@pytest.mark.row("O-5")
@pytest.mark.parametrize(("lang", "screen", "script"), BROWSERS, ids=IDS, indirect=["screen", "script"])
def test_citizen_gives_a_suggestion_and_follows_it(
    page: Page, live_server: Any, region: steps.Region, baseline: Any, lang: str
) -> None:
    when_i_open(page, f"{live_server.url}/{lang}/azirane/")
    then_i_see_direction(page, "rtl" if lang == "ar" else "ltr")
    when_i_follow(page, "/consultations/priorites/")
    baseline(page)
    when_i_follow(page, "/suggest/")
    baseline(page)

    when_i_press(page)
    then_the_error_says(page, said(lang, NOTHING_WRITTEN))
    baseline(page)

    page.fill("textarea[name=problem]", PROBLEM)
    assert page.locator("textarea[name=problem]").evaluate("box => getComputedStyle(box).direction") == "rtl"
    when_i_press(page)
    then_i_read(page, said(lang, "Your suggestion is received"))
    code = page.locator(".figure__number").inner_text().strip()
    assert [len(group) for group in code.split()] == [4, 4, 4]
    baseline(page)
    page.reload()  # the same form goes twice
    assert page.locator(".figure__number").inner_text().strip() == code
    one = Contribution.objects.get()
    assert (one.words, one.lang, one.author, one.reply_to) == ({"problem": PROBLEM}, "ar", None, "")

    when_i_follow(page, "/follow/")
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    page.fill("input[name=code]", wrong)
    when_i_press(page)
    mistake = "This code has a typing mistake: its last digit does not fit the others. Check each digit."
    then_the_error_says(page, said(lang, mistake))
    assert page.input_value("input[name=code]") == wrong
    baseline(page)
    page.fill("input[name=code]", code.translate(ARABIC_DIGITS))
    when_i_press(page)
    then_i_read(page, PROBLEM, said(lang, "Moderation reads it next: it publishes it, or says why not."))
    assert code.replace(" ", "") not in page.url
    baseline(page)


@pytest.mark.row("D2")
@pytest.mark.parametrize(("lang", "screen", "script"), BROWSERS[::2], ids=IDS[::2], indirect=["screen", "script"])
def test_citizen_who_goes_back_and_presses_again_gives_one_suggestion(
    page: Page, live_server: Any, region: steps.Region, lang: str
) -> None:
    when_i_open(page, f"{live_server.url}/{lang}/azirane/consultations/priorites/suggest/")
    page.fill("textarea[name=problem]", PROBLEM)
    when_i_press(page)
    code = page.locator(".figure__number").inner_text()
    page.go_back()
    page.fill("textarea[name=problem]", PROBLEM)
    when_i_press(page)
    assert Contribution.objects.count() == 1
    assert page.locator(".figure__number").inner_text() == code


@pytest.mark.row("D2")
@pytest.mark.parametrize(("lang", "screen"), steps.PAIRS, ids=steps.PAIRS_IDS, indirect=["screen"])
def test_citizen_whose_form_token_expired_sends_the_same_words_again(
    page: Page, context: BrowserContext, live_server: Any, region: steps.Region, baseline: Any, lang: str
) -> None:
    when_i_open(page, f"{live_server.url}/{lang}/azirane/consultations/priorites/suggest/")
    page.fill("textarea[name=problem]", PROBLEM)
    page.fill("textarea[name=idea]", "سطر أول\n\nسطر ثان")
    context.clear_cookies(name="csrftoken")
    when_i_press(page)
    then_i_read(page, said(lang, TOKEN_ENDED))
    assert page.input_value("textarea[name=problem]") == PROBLEM
    baseline(page)
    assert Contribution.objects.count() == 0
    when_i_press(page)
    then_i_read(page, said(lang, "Your suggestion is received"))
    assert Contribution.objects.get().words == {"problem": PROBLEM, "idea": "سطر أول\n\nسطر ثان"}


@pytest.mark.row("D2")
@pytest.mark.row("O-5")
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_moderator_publishes_and_hides_by_keyboard_alone_and_the_author_reads_why(
    page: Page, context: BrowserContext, live_server: Any, region: steps.Region, baseline: Any, lang: str
) -> None:
    first, second = region.hear("لا نعرف موعد دورات المجلس.", "فلان الفلاني سارق، وهذا رقم هاتفه.")
    steps.given_someone_signed_in(context, live_server.url, region.person("moderator"))
    when_i_open(page, f"{live_server.url}/{lang}/azirane/consultations/priorites/")
    when_i_enter(page, "main a[href$='/moderation/']")
    baseline(page)
    when_i_enter(page, f"main h2 a[href$='/moderation/{first.contribution.number}/']")
    baseline(page)
    when_i_enter(page, "main form:has([value=publish]) button")
    then_i_am_at(page, f"/moderation/{second.contribution.number}/$")
    then_i_am_told(page, said(lang, "Number %(number)s is published.", number=first.contribution.number))

    when_i_unfold(page, "main details:has([value=hide]) summary")
    when_i_enter(page, "main form:has([value=hide]) button")
    then_the_error_says(page, said(lang, "Say why it is hidden: choose one of the reasons."))
    baseline(page)
    when_i_tab_to(page, "main form:has([value=hide]) input[type=radio]")
    page.keyboard.press("Space")
    chosen = page.locator("main form:has([value=hide]) input:checked")
    reason = said(lang, HIDING_REASONS[chosen.get_attribute("value") or ""])
    when_i_enter(page, "main form:has([value=hide]) button")
    then_i_am_told(page, said(lang, "Number %(number)s is hidden.", number=second.contribution.number))
    baseline(page)

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{live_server.url}/{lang}/azirane/suggestions/{second.contribution.number}/")
    assert "فلان" not in page.content()
    when_i_open(page, f"{live_server.url}/{lang}/azirane/follow/")
    page.fill("input[name=code]", second.code)
    when_i_press(page)
    then_i_read(page, reason, said(lang, "Why it is hidden"))
    baseline(page)
    hidden = Contribution.objects.get(number=second.contribution.number)
    assert hidden.reason_told_at is not None


@pytest.mark.row("O-5")
@pytest.mark.parametrize(("lang", "screen"), steps.PAIRS, ids=steps.PAIRS_IDS, indirect=["screen"])
def test_reader_goes_by_keyboard_alone_from_the_home_page_to_the_proof(
    page: Page, live_server: Any, region: steps.Region, baseline: Any, lang: str
) -> None:
    (heard,) = region.hear(PROBLEM, published=True)
    region.report(region.promise(heard.contribution))
    opened: list[tuple[int, str]] = []
    page.on("response", lambda answer: opened.append((answer.status, answer.url)))
    when_i_open(page, f"{live_server.url}/{lang}/azirane/")
    baseline(page)
    when_i_enter(page, "main a[href$='/suggestions/']")
    baseline(page)
    when_i_enter(page, f"main a[href$='/suggestions/{heard.contribution.number}/']")
    baseline(page)
    when_i_enter(page, "main a[href*='/commitments/']")
    baseline(page)
    when_i_tab_to(page, "main a[href*='/evidence/']")
    with page.expect_download() as proof:
        page.keyboard.press("Enter")
    assert Path(proof.value.path()).read_bytes()[:5] == b"%PDF-"


# What no other journey judges in Arabic at both widths, or judges with a few rows only.
PUBLIC = (
    "", "suggestions/", "consultations/suivi/", "consultations/suivi/suggest/", "follow/", "findings/1/",
    "responses/1/", "plans/1/", "commitments/1-3/", "library/", "data/",
)  # fmt: skip
STAFF = (
    "moderation/", "responses/waiting/", "plans/1/work/", "commitments/1-1/sheet/?part=description",
    "commitments/1-1/sheet/?part=activities",
)  # fmt: skip


@pytest.mark.row("O-5")
@pytest.mark.row("D10")
def test_every_page_of_the_trunk_is_readable_in_arabic_with_the_whole_demonstration(
    page: Page, context: BrowserContext, live_server: Any, demonstration: Member, baseline: Any
) -> None:
    home = f"{live_server.url}/ar/azirane"
    sheet = CompletionSheet.objects.exclude(issued_at=None).select_related("commitment").first()
    covered = CoveredContribution.objects.select_related("contribution").first()
    assert sheet and covered
    answered = covered.contribution.number
    public = [
        *PUBLIC,
        f"suggestions/{answered}/",
        f"commitments/{sheet.commitment.slug}/sheets/{sheet.number}/",
    ]
    faults = _unreadable(page, baseline, [f"{home}/{path}" for path in public])
    contact = User.objects.get(appointments__role="point-of-contact")
    steps.given_someone_signed_in(context, live_server.url, contact)
    faults += _unreadable(page, baseline, [f"{home}/{path}" for path in STAFF])
    assert faults == []


def _unreadable(page: Page, baseline: Any, addresses: list[str]) -> list[str]:
    """Try every address and tell all that is wrong at once."""
    faults = []
    for address in addresses:
        try:
            when_i_open(page, address)
            then_i_see_direction(page, "rtl")
            baseline(page)
        except AssertionError as fault:
            faults.append(f"{address}: {fault}"[:600])
    return faults


STATIC = Path(finders.find("core/openregion.css")).parent
BUDGET = 100 * 1024


@pytest.mark.row("D10")
def test_first_visit_to_the_trunk_weighs_under_a_hundred_kilobytes(client: Client, demonstration: Member) -> None:
    covered = CoveredContribution.objects.select_related("contribution").first()
    assert covered
    always = [*STATIC.glob("fonts/*.woff2"), STATIC / "icon.svg", STATIC / "lattice.svg"]
    sheet = len(brotli.compress((STATIC / "openregion.css").read_bytes()))
    for path in ("", "suggestions/", f"suggestions/{covered.contribution.number}/", "plans/1/", "commitments/1-1/"):
        body = client.get(f"/ar/azirane/{path}").content
        weight = len(brotli.compress(body)) + sheet + sum(file.stat().st_size for file in always)
        assert weight < BUDGET, f"{path}: {weight} bytes"
