"""The sentences of taking part: a suggestion and its code, a voice, an appeal, a call whose seats are drawn by lot."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from openregion.consultation.models import CallForParticipation, Contribution
from tests.factories import rooms
from tests.factories.calls import ApplicationFactory, CallFactory
from tests.journeys import steps

BRIDGE = "Réparer le pont de l'oued Tamda pour que le bus scolaire passe en hiver."
MINE = "Il faudrait que le pont sur l'oued Tamda soit réparé, le bus scolaire ne passe plus l'hiver."
NOT_HERE = "Agit dans une autre Région."
CODE = re.compile(r"\d{4} \d{4} \d{4}")


# Given


def given_somebody_said_something_close(region: steps.Region) -> Contribution:
    """Publish a suggestion about the bridge that someone else is about to write of."""
    (heard,) = region.hear(BRIDGE, lang="fr", published=True)
    return heard.contribution


def given_a_call_with_few_seats(region: steps.Region, *, seats: int) -> CallForParticipation:
    """Call for participants, open today; the seats are shared between women and men."""
    shared = {"gender": {"woman": [1, seats], "man": [1, seats]}}
    return CallFactory(member=region.member, consultation=region.consultation, seats=seats, quotas=shared)


def given_others_applied(call: CallForParticipation, *, women: int, men: int) -> None:
    """Let others apply before."""
    for gender in ["woman"] * women + ["man"] * men:
        ApplicationFactory(call=call, gender=gender, received_at=timezone.now())


def given_the_call_closed(call: CallForParticipation) -> None:
    """Let the day of closing come."""
    call.closes_at = timezone.now() - dt.timedelta(minutes=1)
    call.save(update_fields=["closes_at"])


def a_photo() -> Any:
    """Give a small photo, as a telephone's browser sends it."""
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": rooms.picture("Oued").read()}


# When


def when_i_type(page: Page, target: str, text: str) -> None:
    """Tab to a box and type in it."""
    steps.when_i_tab_to(page, target)
    page.keyboard.type(text)


def when_i_enter_from_a_box(page: Page) -> None:
    """Press Enter in the box that has the focus: the form goes as its main button would send it."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def when_i_am_shown_what_is_close(page: Page, site: str, close: Contribution) -> None:
    """Write, send by keyboard alone, and be shown what somebody else said."""
    steps.when_i_open(page, f"{site}/fr/azirane/consultations/priorites/suggest/")
    when_i_type(page, "textarea[name=problem]", MINE)
    steps.when_i_enter(page, "main form#suggestion button[type=submit]")
    then_others_said_something_close(page, "fr", close)


def when_i_follow_with(page: Page, where: str, code: str) -> None:
    """Open the page of codes and give mine."""
    steps.when_i_open(page, where)
    page.fill("main input[name=code]", code)
    steps.when_i_press(page)


def when_i_judge(page: Page, *, but: str) -> None:
    """Judge the applications one after the other, each on the page that the one before leads to; refuse one by name."""
    while page.locator("main [name=eligible]").count():
        refused = but in page.locator("main").inner_text()
        page.check(f"main [name=eligible][value={'no' if refused else 'yes'}]")
        if refused:
            page.check("main [name=refused_for][value=c1]")
            page.fill("main [name=refusal]", NOT_HERE)
        steps.when_i_press(page)


# Then


def then_i_am_given_a_code(page: Page, lang: str, title: str = "Your suggestion is received") -> str:
    """The page says that it is received, and gives the code."""
    steps.then_i_read(page, steps.said(lang, title))
    code = page.locator(".figure__number").inner_text().strip()
    assert CODE.fullmatch(code), code
    return code


def then_others_said_something_close(page: Page, lang: str, close: Contribution) -> None:
    """The page shows what is close, with the focus on it, and still holds what was typed."""
    steps.then_i_read(page, steps.said(lang, "Others said something close"), close.words["problem"])
    expect(page.locator("section[aria-labelledby=close]")).to_be_focused()
    expect(page.locator("textarea[name=problem]")).to_have_value(MINE)


def then_my_voice_is(page: Page, value: int) -> None:
    """One button of the three is pressed: what I said last."""
    pressed = page.locator("main form.say button[aria-pressed=true]")
    expect(pressed).to_have_count(1)
    expect(pressed).to_have_attribute("value", str(value))


def the_file_of(page: Page, link: str, folder: Path) -> Path:
    """Download a file of the page; it keeps the name that the page gives it."""
    with page.expect_download() as given:
        page.locator(f"main a[href$='{link}']").click()
    kept = folder / given.value.suggested_filename
    given.value.save_as(kept)
    return kept
