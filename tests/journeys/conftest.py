"""Journeys in a real browser: Debian's chromium, driven by playwright, judged by axe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

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
def context(browser: Browser, screen: dict[str, int]) -> Iterator[BrowserContext]:
    """A visitor's browser that can reach nothing but the site under test."""
    made = browser.new_context(viewport=screen, locale="fr-MA")
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
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide}px"


@pytest.fixture
def baseline():
    """The check each journey ends on."""
    return the_accessibility_baseline_is_met
