"""What a rapporteur's telephone keeps when things go wrong: two windows, a full store, a sheet changed since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from openregion.consultation.models import Contribution, Sheet, SheetConflict, Workshop
from openregion.people.models import User
from tests.factories.people import MemberFactory, UserFactory
from tests.factories.workshops import WorkshopFactory
from tests.journeys import steps
from tests.journeys.rapporteur_steps import (
    Telephone,
    address,
    given_the_page_in_a_browser_that_keeps_nothing,
    given_the_page_without_a_network,
    noted,
    then_it_counts,
    then_the_sheet_says,
    when_i_note,
    when_i_write_the_sheet,
    when_the_page_is_installed,
    when_the_page_is_ready,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NO_STORE_OFFLINE = (
    "There is no network, and this browser keeps nothing: leave the page open, and press again once there is one."
)
FULL = (
    "This telephone has no room left: what is in the boxes is kept nowhere else. Press “Forget what has arrived” "
    "below, or make room on the telephone; then press again."
)
# No room left is known when a deal ends, once all it was asked has been done: as a browser tells it.
NO_ROOM = """() => {
    const kept = IDBObjectStore.prototype, had = kept.put;
    kept.put = function (...asked) {
        const done = had.apply(this, asked);
        if (window.full) this.transaction.abort();
        return done;
    };
    window.full = true;
}"""


@pytest.fixture
def telephone(browser: Browser, tmp_path: Path, live_server: Any) -> Iterator[Telephone]:
    """The rapporteur's telephone."""
    made = Telephone(browser, tmp_path / "telephone", live_server.url)
    yield made
    made.switched_off()


@pytest.fixture
def workshop(db: Any) -> Workshop:
    """A workshop that opened just now."""
    return WorkshopFactory(member=MemberFactory(slug="ici"), on_its_day=True)


@pytest.fixture
def rapporteur(workshop: Workshop) -> User:
    """Somebody who takes down what is said."""
    return UserFactory(role="rapporteur", at=workshop.meeting.member)


@pytest.mark.row("D2")
def test_two_windows_of_the_page_never_write_over_each_other(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_the_page_without_a_network(telephone, workshop, rapporteur)
    where = page.url
    page.fill("[name=idea]", "Une école.")
    other = page.context.new_page()
    when_the_page_is_ready(other, where)
    expect(other.locator("[name=idea]")).to_have_value("")  # what one types stays in its own window
    other.fill("[name=idea]", "Une fontaine.")
    page.locator("form[data-said] button[type=submit]").click()
    then_it_counts(other, kept=1)
    other.locator("form[data-said] button[type=submit]").click()
    then_it_counts(page, kept=2)
    assert noted(page) == noted(other) == ["Une fontaine.", "Une école."]

    # Both change the same one: each wording is kept.
    for window in (page, other):
        window.locator("[data-items] li", has_text="Une école.").locator("button").first.click()
        expect(window.locator("[name=idea]")).to_have_value("Une école.")
    when_i_note(page, "Une école neuve.")
    when_i_note(other, "Une école et un car.")
    then_it_counts(page, kept=3)

    # Both write the same sheet: what each wrote stays.
    when_i_write_the_sheet(page, "L’eau.")
    expect(page.locator("[data-sheet-state]")).not_to_be_empty()
    other.fill("[name=disagreements]", "La route.")
    expect(other.locator("[data-sheet-state]")).not_to_be_empty()
    other.close()
    page.reload()
    expect(page.locator("[name=disagreements]")).to_have_value("La route.")
    expect(page.locator("[name=priorities]")).to_have_value("L’eau.")

    telephone.network(there=True)
    then_it_counts(page, kept=0, received=3)
    said = sorted(one.words["idea"] for one in Contribution.objects.all())
    assert said == ["Une fontaine.", "Une école et un car.", "Une école neuve."]


@pytest.mark.row("D2")
def test_words_begun_in_a_window_that_closed_come_back_after_those_of_this_one(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_the_page_without_a_network(telephone, workshop, rapporteur)
    where = page.url
    other = page.context.new_page()
    when_the_page_is_ready(other, where)
    for window, text in ((other, "Une fontaine."), (page, "Une école.")):
        window.fill("[name=idea]", text)
        window.wait_for_timeout(200)
    page = telephone.switched_on(network=False)  # the battery died, with both windows
    when_the_page_is_ready(page, where)
    expect(page.locator("[name=idea]")).to_have_value("Une école.")
    page.locator("form[data-said] button[type=submit]").click()
    expect(page.locator("[name=idea]")).to_have_value("Une fontaine.")
    # Nor does changing what was noted cost what is being typed.
    page.locator("[data-items] li button").first.click()
    expect(page.locator("[name=idea]")).to_have_value("Une école.")
    page.fill("[name=idea]", "Une école neuve.")
    page.locator("form[data-said] button[type=submit]").dblclick()
    expect(page.locator("[name=idea]")).to_have_value("Une fontaine.")
    page.locator("form[data-said] button[type=submit]").dblclick()
    expect(page.locator("[name=idea]")).to_have_value("")
    then_it_counts(page, kept=2)
    assert noted(page) == ["Une fontaine.", "Une école neuve."]


@pytest.mark.row("D2")
def test_sheet_that_was_sent_leaves_though_it_is_changed_since(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_the_page_without_a_network(telephone, workshop, rapporteur)
    where = page.url
    when_i_write_the_sheet(page, "L’eau.")
    then_the_sheet_says(page, "Not sent yet")
    when_i_write_the_sheet(page, "L’eau.", send=True)
    then_it_counts(page, kept=1)
    then_the_sheet_says(page, "Kept here")
    when_i_write_the_sheet(page, "L’eau d’abord.")
    then_the_sheet_says(page, "Changed since, not sent")
    then_it_counts(page, kept=1)
    page = telephone.switched_on(network=False)
    when_the_page_is_ready(page, where)
    expect(page.locator("[name=priorities]")).to_have_value("L’eau d’abord.")
    then_it_counts(page, kept=1)

    telephone.signed_in(rapporteur)
    telephone.network(there=True)
    page.locator("[data-send]").click()
    then_it_counts(page, kept=0)
    assert Sheet.objects.get().words == {"priorities": "L’eau."}
    expect(page.locator("[name=priorities]")).to_have_value("L’eau d’abord.")
    then_the_sheet_says(page, "Changed since, not sent")
    page.locator("form[data-sheet] button[type=submit]").click()
    then_the_sheet_says(page, "Arrived")
    when_i_write_the_sheet(page, "L’eau, puis la route.", send=True)  # from what this very window sent
    then_it_counts(page, kept=0)
    then_the_sheet_says(page, "Arrived")
    sheet = Sheet.objects.get()
    assert (sheet.edition, sheet.words, SheetConflict.objects.count()) == (
        3, {"priorities": "L’eau, puis la route."}, 0,
    )  # fmt: skip


@pytest.mark.row("D2")
def test_page_reloaded_in_the_middle_of_sending_sends_once(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = telephone.switched_on()
    telephone.signed_in(rapporteur)
    when_the_page_is_installed(page, address(telephone, workshop, "fr"))
    page.route("**/capture/send/", lambda route: route.fetch())  # it arrives, and the answer is still on its way
    when_i_note(page, "Une école.")
    expect(page.locator("[data-items] [data-state=sending]")).to_have_count(1)
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    then_it_counts(page, kept=0, received=1)
    assert [one.words["idea"] for one in Contribution.objects.all()] == ["Une école."]


@pytest.mark.row("D2")
def test_telephone_without_room_keeps_the_words_in_their_boxes_and_says_so(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_the_page_without_a_network(telephone, workshop, rapporteur)
    page.evaluate(
        """() => {
            const shelf = IDBDatabase.prototype, had = shelf.transaction;
            shelf.transaction = function (names, mode) {
                if (window.full && mode === "readwrite") throw new DOMException("no room", "QuotaExceededError");
                return had.call(this, names, mode);
            };
            window.full = true;
        }"""
    )
    page.fill("[name=idea]", "Une école.")
    page.locator("form[data-said] button[type=submit]").click()
    expect(page.locator("[data-trouble-words]")).to_have_text(steps.said("fr", FULL))
    expect(page.locator("[name=idea]")).to_have_value("Une école.")
    when_i_write_the_sheet(page, "L’eau.", send=True)
    expect(page.locator("[name=priorities]")).to_have_value("L’eau.")
    page.evaluate("window.full = false")
    page.locator("form[data-said] button[type=submit]").click()
    expect(page.locator("[data-trouble]")).to_be_hidden()
    page.locator("form[data-sheet] button[type=submit]").click()
    then_it_counts(page, kept=2)
    page.fill("[name=idea]", "x" * 20_001)  # would be refused on arrival: it is said at once
    page.locator("form[data-said] button[type=submit]").click()
    too_long = steps.said("fr", "One part is longer than 20,000 characters. Shorten it.")
    expect(page.locator("[data-noted]")).to_have_text(too_long)
    then_it_counts(page, kept=2)


def then_nothing_more_is_kept(page: Page) -> None:
    expect(page.locator("[data-trouble]")).to_be_visible()


def given_a_telephone_without_network(telephone: Telephone, workshop: Workshop, rapporteur: User) -> Page:
    page = telephone.switched_on()
    telephone.signed_in(rapporteur)
    when_the_page_is_installed(page, address(telephone, workshop, "fr"))
    when_the_page_is_ready(page, page.url)
    telephone.network(there=False)
    return page


@pytest.mark.row("D2")
def test_sheet_typed_on_a_full_telephone_is_neither_doubled_nor_lost(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_a_telephone_without_network(telephone, workshop, rapporteur)
    priorities = page.locator("[name=priorities]")
    when_i_write_the_sheet(page, "L’eau")
    then_the_sheet_says(page, "Not sent yet")
    page.evaluate(NO_ROOM)
    priorities.press("End")
    priorities.press_sequentially(" puis la route", delay=30)
    then_nothing_more_is_kept(page)
    expect(priorities).to_have_value("L’eau puis la route")
    page.locator("[data-send]").click()  # the box is left, and the sheet looked at again
    page.wait_for_timeout(300)
    expect(priorities).to_have_value("L’eau puis la route")
    page.evaluate("window.full = false")
    page.locator("form[data-sheet] button[type=submit]").click()
    then_it_counts(page, kept=1)
    page.reload()
    expect(page.locator("[data-capture]")).to_have_attribute("data-ready", "yes")
    expect(priorities).to_have_value("L’eau puis la route")


@pytest.mark.row("D2")
def test_full_telephone_changes_nothing_noted_rather_than_lose_what_is_typed(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_a_telephone_without_network(telephone, workshop, rapporteur)
    when_i_note(page, "Une école.")
    then_it_counts(page, kept=1)
    page.evaluate(NO_ROOM)
    page.fill("[name=idea]", "Une fontaine.")
    edit = page.locator("[data-items] li button").first
    edit.click()
    then_nothing_more_is_kept(page)
    page.wait_for_timeout(300)
    expect(page.locator("[name=idea]")).to_have_value("Une fontaine.")
    page.evaluate("window.full = false")
    edit.click()
    expect(page.locator("[name=idea]")).to_have_value("Une école.")
    page.locator("form[data-said] button[type=submit]").click()
    expect(page.locator("[name=idea]")).to_have_value("Une fontaine.")


@pytest.mark.row("D2")
def test_full_telephone_stays_at_its_table_rather_than_lose_what_is_typed(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_a_telephone_without_network(telephone, workshop, rapporteur)
    table = page.locator("[data-sheet] [name=table]")
    page.evaluate(NO_ROOM)
    when_i_write_the_sheet(page, "L’eau.")
    table.select_option("2")
    then_nothing_more_is_kept(page)
    expect(table).to_have_value("1")
    expect(page.locator("[name=priorities]")).to_have_value("L’eau.")
    page.evaluate("window.full = false")
    table.select_option("2")
    expect(page.locator("[name=priorities]")).to_have_value("")
    table.select_option("1")
    expect(page.locator("[name=priorities]")).to_have_value("L’eau.")


@pytest.mark.row("D2")
def test_browser_that_keeps_nothing_leaves_the_words_on_the_page_without_a_network(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_the_page_in_a_browser_that_keeps_nothing(telephone, workshop, rapporteur)
    page.fill("[name=idea]", "Une école.")
    telephone.network(there=False)
    page.locator("form[data-said] button[type=submit]").click()
    expect(page.locator("[data-trouble-words]")).to_have_text(steps.said("fr", NO_STORE_OFFLINE))
    expect(page.locator("[name=idea]")).to_have_value("Une école.")
    telephone.network(there=True)
    with page.expect_navigation():
        page.locator("form[data-said] button[type=submit]").click()
    assert Contribution.objects.get().words == {"idea": "Une école."}
