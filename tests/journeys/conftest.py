"""Journeys in a real browser: Debian's chromium, driven by playwright, judged by axe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from openregion.people.models import Member
from tests.journeys import steps

# Chromium as root, on a closed network: nothing of its own in the background.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def browser_path() -> str:
    """Find the browser: named by ``./test``, or Debian's."""
    named = os.environ.get("OPENREGION_BROWSER") or shutil.which("chromium") or ""
    return "" if named == "none" else named


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the session, or a skip; under CI a skipped journey is a failure."""
    if not browser_path():
        reason = "no browser can be driven here: sudo apt-get install chromium libatomic1"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright's loop makes Django believe it is in async code; these tests are not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def screen(request: pytest.FixtureRequest) -> dict[str, int]:
    """The two widths every journey is made at."""
    return request.param


@pytest.fixture
def script(request: pytest.FixtureRequest) -> bool:
    """Whether the visitor's browser runs scripts; it does unless a journey says otherwise."""
    return getattr(request, "param", True)


@pytest.fixture
def context(browser: Browser, screen: dict[str, int], script: bool) -> Iterator[BrowserContext]:
    """A visitor's browser that can reach nothing but the site under test."""
    made = browser.new_context(viewport=screen, locale="fr-MA", java_script_enabled=script)
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of that browser; anything asked of another host fails the journey."""
    opened = context.new_page()
    opened.on("request", lambda request: _only_ours(request.url))
    return opened


def _only_ours(url: str) -> None:
    assert url.startswith(("http://localhost", "http://127.0.0.1", "data:", "blob:")), f"asked another host: {url}"


def the_accessibility_baseline_is_met(page: Page) -> None:
    """Assert that axe finds nothing against WCAG 2.2 AA, and that the page does not scroll sideways."""
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    found = Axe().run(page, options=options)
    summary = [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found.response["violations"]]
    assert summary == [], page.url
    it_does_not_scroll_sideways(page)


def it_does_not_scroll_sideways(page: Page) -> None:
    """Assert that the page is no wider than the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide}px"


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    """Keep files and mail in a home of this journey's own."""
    settings.HOME = tmp_path
    settings.OUTBOX = tmp_path / "outbox"
    settings.EMAIL_BACKEND = "openregion.core.outbox.OutboxBackend"


@pytest.fixture
def region(db: Any) -> steps.Region:
    """The invented Region, with a question put to the public today."""
    return steps.given_a_region_that_asks()


@pytest.fixture
def demonstration(db: Any) -> Member:
    """The invented Region with its whole cycle played, as ``./manage demo`` leaves it."""
    call_command("demo", verbosity=0)
    return Member.objects.get()


@pytest.fixture
def baseline(script: bool) -> Callable[[Page], None]:
    """The check each journey ends on; axe is itself a script, so a browser without any checks the width alone."""
    return the_accessibility_baseline_is_met if script else it_does_not_scroll_sideways
