"""What a rapporteur does with a telephone, and what its page then says: the sentences of two files of journeys."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from openregion.consultation.models import Workshop
from openregion.people.models import User
from tests.journeys import steps
from tests.journeys.conftest import FLAGS, PHONE, browser_path


class Telephone:
    """A telephone with one browser that keeps what pages keep, and forgets sessions when it restarts."""

    def __init__(self, browser: Browser, folder: Path, site: str) -> None:
        self.browser, self.folder, self.site = browser, folder, site
        self.context: BrowserContext | None = None

    def switched_on(self, *, network: bool = True) -> Page:
        """Open the browser anew; the network is there or not from the first instant."""
        self.switched_off()
        self.context = self.browser.browser_type.launch_persistent_context(
            str(self.folder),
            executable_path=browser_path(),
            args=FLAGS,
            viewport=PHONE,
            locale="fr-MA",
            offline=not network,
        )
        self.context.set_default_timeout(15_000)
        return self.context.pages[0]

    def switched_off(self) -> None:
        """Close the browser, as when the battery dies."""
        if self.context is not None:
            self.context.close()
        self.context = None

    def signed_in(self, by: User) -> None:
        """Sign somebody in."""
        assert self.context is not None
        steps.given_someone_signed_in(self.context, self.site, by)

    def network(self, *, there: bool) -> None:
        """Cut the network of the browser, or give it back."""
        assert self.context is not None
        self.context.set_offline(not there)


def address(telephone: Telephone, workshop: Workshop, lang: str) -> str:
    return f"{telephone.site}/{lang}/{workshop.meeting.member.slug}/workshops/{workshop.meeting.number}/capture/"


def given_the_page_without_a_network(telephone: Telephone, workshop: Workshop, by: User, lang: str = "fr") -> Page:
    """Open the page once with a network, so that it is kept; then cut the network."""
    page = telephone.switched_on()
    telephone.signed_in(by)
    when_the_page_is_installed(page, address(telephone, workshop, lang))
    telephone.network(there=False)
    return page


def given_the_page_in_a_browser_that_keeps_nothing(telephone: Telephone, workshop: Workshop, by: User) -> Page:
    """Open the page where the browser refuses to keep anything; it says so."""
    page = telephone.switched_on()
    telephone.signed_in(by)
    page.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); };")
    page.goto(address(telephone, workshop, "fr"))
    expect(page.locator("[data-trouble]")).to_be_visible()
    return page


def when_i_note(page: Page, text: str) -> None:
    """Type what somebody says and note it; the box empties when it is kept."""
    page.fill("[name=idea]", text)
    page.locator("form[data-said] button[type=submit]").click()
    expect(page.locator("[name=idea]")).to_have_value("")


def then_it_counts(page: Page, **counts: int) -> None:
    """The page says how many are kept here, received, and wait for the rapporteur."""
    for name, number in counts.items():
        expect(page.locator(f"[data-count={name}]")).to_have_text(str(number))


def when_the_page_is_installed(page: Page, where: str) -> None:
    """Open the page with a network once: its worker keeps it."""
    page.goto(where)
    expect(page.locator("[data-capture]")).to_have_attribute("data-installed", "yes")


def when_the_page_is_ready(page: Page, where: str) -> None:
    page.goto(where)
    expect(page.locator("[data-capture]")).to_have_attribute("data-ready", "yes")


def noted(page: Page) -> list[str]:
    """What the list on the page says was noted, in the order of the letters."""
    return sorted(page.locator("[data-items] li blockquote").all_inner_texts())


def when_i_write_the_sheet(page: Page, text: str, *, send: bool = False) -> None:
    page.fill("[name=priorities]", text)
    if send:
        page.locator("form[data-sheet] button[type=submit]").click()


def then_the_sheet_says(page: Page, sentence: str) -> None:
    expect(page.locator("[data-sheet-state]")).to_have_text(steps.said("fr", sentence))
