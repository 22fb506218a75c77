"""A rapporteur in a room without a network: thirty contributions, a restart, then a network; each arrives once.

One signs in with a role; another, chosen among the participants, has no account and opens a pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from openregion.consultation import actions, capture_passes
from openregion.consultation.models import Contribution, Sheet, SheetConflict, Workshop
from openregion.people.models import User
from tests.factories import rooms
from tests.factories.people import UserFactory
from tests.factories.workshops import ChargeFactory, WorkshopFactory
from tests.journeys import steps
from tests.journeys.conftest import the_accessibility_baseline_is_met
from tests.journeys.rapporteur_steps import (
    Telephone,
    address,
    given_the_page_in_a_browser_that_keeps_nothing,
    given_the_page_without_a_network,
    then_it_counts,
    when_i_note,
    when_the_page_is_installed,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LANGUAGES = pytest.mark.parametrize("lang", ["ar", "fr"])
WORDS = {"ar": "نريد ماء صالحا للشرب في دوارنا", "fr": "De l’eau potable dans notre douar"}


@pytest.fixture
def telephone(browser: Browser, tmp_path: Path, live_server: Any) -> Iterator[Telephone]:
    """The rapporteur's telephone."""
    made = Telephone(browser, tmp_path / "telephone", live_server.url)
    yield made
    made.switched_off()


@pytest.fixture
def workshop(region: steps.Region) -> Workshop:
    """A workshop that opened just now."""
    return WorkshopFactory(consultation=region.consultation, on_its_day=True)


@pytest.fixture
def rapporteur(region: steps.Region) -> User:
    """Somebody who takes down what is said."""
    return UserFactory(role="rapporteur", at=region.member)


@pytest.mark.row("D2")
@LANGUAGES
def test_next_one_typed_while_the_first_is_being_kept_stays_in_its_box(
    telephone: Telephone, workshop: Workshop, rapporteur: User, lang: str
) -> None:
    page = given_the_page_without_a_network(telephone, workshop, rapporteur, lang)
    page.fill("[name=idea]", WORDS[lang])
    page.evaluate(
        """next => {
            const form = document.querySelector("form[data-said]"), box = form.elements.namedItem("effect");
            form.requestSubmit();
            box.focus();
            box.value = next;
            box.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        f"{WORDS[lang]} 2",
    )
    then_it_counts(page, kept=1)
    expect(page.locator("[name=idea]")).to_have_value("")
    expect(page.locator("[name=effect]")).to_have_value(f"{WORDS[lang]} 2")
    expect(page.locator("[name=effect]")).to_be_focused()
    page.locator("form[data-said] button[type=submit]").click()
    then_it_counts(page, kept=2)


@pytest.mark.row("D2")
@LANGUAGES
def test_thirty_contributions_without_a_network_arrive_once(
    telephone: Telephone, workshop: Workshop, rapporteur: User, lang: str
) -> None:
    where = address(telephone, workshop, lang)
    page = telephone.switched_on()
    telephone.signed_in(rapporteur)
    when_the_page_is_installed(page, where)
    steps.then_i_see_direction(page, "rtl" if lang == "ar" else "ltr")

    telephone.network(there=False)
    for number in range(15):
        when_i_note(page, f"{WORDS[lang]} {number}")
    then_it_counts(page, kept=15, received=0)
    page.reload()  # without a network the page opens all the same
    then_it_counts(page, kept=15)
    for number in range(15, 30):
        when_i_note(page, f"{WORDS[lang]} {number}")
    page.fill("[name=problem]", "Une phrase commencée")

    page = telephone.switched_on(network=False)  # the battery died
    page.goto(where)
    then_it_counts(page, kept=30)
    expect(page.locator("[name=problem]")).to_have_value("Une phrase commencée")
    page.fill("[name=problem]", "")
    assert Contribution.objects.count() == 0

    telephone.network(there=True)
    page.locator("[data-send]").click()
    expect(page.locator("[data-trouble]")).to_be_visible()  # the session ended with the battery: nothing is lost
    expect(page.locator("[data-sign-in] a")).to_be_visible()
    then_it_counts(page, kept=30, received=0)
    telephone.signed_in(rapporteur)
    page.locator("[data-send]").dblclick()
    then_it_counts(page, kept=0, received=30)
    page.locator("[data-send]").click()
    page.reload()
    then_it_counts(page, kept=0, received=30)

    given = Contribution.objects.order_by("received_at", "pk")
    assert sorted(one.words["idea"] for one in given) == sorted(f"{WORDS[lang]} {number}" for number in range(30))
    assert {(one.channel, one.lang) for one in given} == {("workshop", lang)}
    the_accessibility_baseline_is_met(page)


@pytest.mark.row("D2")
def test_participant_with_a_pass_and_no_account_works_without_a_network(
    telephone: Telephone, region: steps.Region, workshop: Workshop
) -> None:
    charge = ChargeFactory(workshop=workshop, rapporteur=True, table=2)
    given = actions.give_capture_pass(charge, ticket="t" * 32, by=region.contact, at=timezone.now())
    page = telephone.switched_on()
    page.goto(f"{address(telephone, workshop, 'ar')}pass/{capture_passes.grouped(given.key)}/")
    steps.then_i_see_direction(page, "rtl")
    the_accessibility_baseline_is_met(page)
    steps.when_i_tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-capture]")).to_have_attribute("data-installed", "yes")
    the_accessibility_baseline_is_met(page)

    telephone.network(there=False)
    for number in range(3):
        when_i_note(page, f"{WORDS['ar']} {number}")
    page.select_option("#sheet-table", "2")
    page.fill("[name=priorities]", "الماء أولا")
    page.locator("form[data-sheet] button[type=submit]").click()
    then_it_counts(page, kept=4)
    page.reload()
    then_it_counts(page, kept=4)

    page = telephone.switched_on(network=False)  # the battery died; the telephone still knows its pass
    page.goto(address(telephone, workshop, "ar"))
    then_it_counts(page, kept=4)
    telephone.network(there=True)
    page.locator("[data-send]").dblclick()
    then_it_counts(page, kept=0, received=3)
    page.reload()
    page.locator("[data-send]").click()
    then_it_counts(page, kept=0, received=3)
    texts = sorted(one.words["idea"] for one in Contribution.objects.all())
    assert texts == [f"{WORDS['ar']} {number}" for number in range(3)]
    assert (Sheet.objects.get().table, Sheet.objects.get().by) == (2, None)


@pytest.mark.row("D2")
def test_pass_that_ended_loses_nothing_and_a_new_one_is_typed_on_the_telephone(
    telephone: Telephone, region: steps.Region, workshop: Workshop
) -> None:
    charge = ChargeFactory(workshop=workshop, rapporteur=True, table=2)
    shared = {"by": region.contact, "at": timezone.now()}
    first = actions.give_capture_pass(charge, ticket="t" * 32, **shared)
    page = telephone.switched_on()
    page.goto(f"{address(telephone, workshop, 'fr')}pass/{first.key}/")
    page.locator("main button[type=submit]").click()
    expect(page.locator("[data-capture]")).to_have_attribute("data-installed", "yes")
    telephone.network(there=False)
    when_i_note(page, WORDS["fr"])
    second = actions.give_capture_pass(charge, ticket="u" * 32, after=charge.pass_given_at, **shared)

    telephone.network(there=True)
    page.locator("[data-send]").click()
    expect(page.locator("[data-trouble-words]")).to_be_visible()
    then_it_counts(page, kept=1, received=0)
    page.locator("[data-sign-in] a").click()  # the page leads to where a new pass is typed
    page.fill("[name=signs]", capture_passes.grouped(second.key))
    page.locator("main button[type=submit]").click()
    then_it_counts(page, kept=0, received=1)
    assert [one.words["idea"] for one in Contribution.objects.all()] == [WORDS["fr"]]


@pytest.mark.row("D2")
def test_borrowed_telephone_forgets_a_pass_and_keeps_what_it_has_not_sent(
    telephone: Telephone, region: steps.Region, workshop: Workshop
) -> None:
    charge = ChargeFactory(workshop=workshop, rapporteur=True, table=2)
    given = actions.give_capture_pass(charge, ticket="t" * 32, by=region.contact, at=timezone.now())
    where, door = address(telephone, workshop, "ar"), f"{address(telephone, workshop, 'ar')}pass/{given.key}/"
    page = telephone.switched_on()
    page.goto(door)
    page.locator("main button[type=submit]").click()
    expect(page.locator("[data-capture]")).to_have_attribute("data-installed", "yes")
    leave = page.locator("[data-leave] button")
    telephone.network(there=False)
    when_i_note(page, WORDS["ar"])
    leave.click()
    expect(page.locator("[data-leaving]")).not_to_be_empty()  # without a network nothing is forgotten, and it says so

    page.route("**/capture/send/*", lambda route: route.abort())
    telephone.network(there=True)
    leave.click()
    expect(page.locator("[data-leave]")).to_have_attribute("data-sure", "yes")  # something waits: it asks again
    assert page.url == where
    leave.click()
    page.wait_for_url("**/capture/pass/")
    the_accessibility_baseline_is_met(page)
    page.unroute_all(behavior="wait")
    page.goto(where)  # the page as it was kept: what waits is there, and cannot leave
    expect(page.locator("[data-trouble-words]")).not_to_be_empty()
    then_it_counts(page, kept=1, received=0)
    assert Contribution.objects.count() == 0

    page.goto(door)
    page.locator("main button[type=submit]").click()
    then_it_counts(page, kept=0, received=1)
    leave.click()  # nothing waits: one press forgets the pass, what arrived and the page
    page.wait_for_url("**/capture/pass/")
    page.goto(where)
    expect(page.locator("[data-capture]")).to_have_count(0)
    assert [one.words["idea"] for one in Contribution.objects.all()] == [WORDS["ar"]]


@pytest.mark.row("D2")
def test_answer_that_was_lost_and_words_edited_since_are_both_shown(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_the_page_without_a_network(telephone, workshop, rapporteur)
    when_i_note(page, "Une fontaine.")

    def lose(route: Any) -> None:
        route.fetch()  # the platform receives it, and its answer never comes
        route.abort()

    page.route("**/capture/send/", lose)
    telephone.network(there=True)  # it leaves by itself when the network returns
    expect(page.locator("[data-items] [data-state=kept]")).to_have_count(1)
    lost = steps.said("fr", "The platform does not answer. All is kept here, and is sent again later.")
    expect(page.locator("[data-network]")).to_have_text(lost)
    assert Contribution.objects.count() == 1
    page.unroute_all(behavior="wait")
    telephone.network(there=False)
    page.locator("[data-items] button").first.click()
    when_i_note(page, "Deux fontaines.")
    telephone.network(there=True)
    page.locator("[data-send]").click()
    then_it_counts(page, needs=1)
    row = page.locator("[data-items] li")
    expect(row).to_contain_text("Une fontaine.")
    expect(row).to_contain_text("Deux fontaines.")
    assert [one.words["idea"] for one in Contribution.objects.all()] == ["Une fontaine."]
    row.locator("button").first.click()  # mine as another contribution
    then_it_counts(page, needs=0, received=2)
    assert sorted(one.words["idea"] for one in Contribution.objects.all()) == ["Deux fontaines.", "Une fontaine."]


@pytest.mark.row("D2")
def test_sheet_written_on_two_telephones_is_shown_in_both_wordings(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_the_page_without_a_network(telephone, workshop, rapporteur)
    page.select_option("#sheet-table", "2")
    page.fill("[name=priorities]", "L’eau d’abord.")
    page.locator("form[data-sheet] button[type=submit]").click()
    then_it_counts(page, kept=1)
    rooms.sheet(workshop, by=rapporteur, table=2, words={"priorities": "La route d’abord."})

    page = telephone.switched_on()
    telephone.signed_in(rapporteur)
    page.goto(address(telephone, workshop, "fr"))
    then_it_counts(page, kept=0)
    page.select_option("#sheet-table", "2")
    other = page.locator("[data-sheet-other]")
    expect(other).to_contain_text("La route d’abord.")
    expect(other).to_contain_text("L’eau d’abord.")
    assert (Sheet.objects.get().words, SheetConflict.objects.get().words) == (
        {"priorities": "La route d’abord."}, {"priorities": "L’eau d’abord."},
    )  # fmt: skip
    the_accessibility_baseline_is_met(page)


@pytest.mark.row("D2")
def test_code_is_shown_to_hand_over_and_the_keyboard_is_enough(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = telephone.switched_on()
    telephone.signed_in(rapporteur)
    page.goto(address(telephone, workshop, "fr"))
    expect(page.locator("[data-capture]")).to_have_attribute("data-ready", "yes")
    steps.when_i_tab_to(page, "[name=idea]")
    page.keyboard.type("Une école.")
    steps.when_i_tab_to(page, "form[data-said] button[type=submit]")
    page.keyboard.press("Enter")
    then_it_counts(page, received=1)
    steps.when_i_tab_to(page, "[data-items] button")
    page.keyboard.press("Enter")
    expect(page.locator("[data-code]")).to_be_visible()


@pytest.mark.row("D2")
def test_browser_that_keeps_nothing_says_so_and_sends_at_once(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_the_page_in_a_browser_that_keeps_nothing(telephone, workshop, rapporteur)
    page.fill("[name=idea]", "Une école.")
    with page.expect_navigation():
        page.locator("form[data-said] button[type=submit]").click()
    assert Contribution.objects.get().words == {"idea": "Une école."}


@pytest.mark.row("D2")
def test_what_is_kept_can_be_saved_as_text_as_a_last_resort(
    telephone: Telephone, workshop: Workshop, rapporteur: User
) -> None:
    page = given_the_page_without_a_network(telephone, workshop, rapporteur)
    for text in ("Une école.", "مدرسة"):
        when_i_note(page, text)
    with page.expect_download() as saved:
        page.locator("[data-export]").click()
    kept = Path(saved.value.path()).read_text(encoding="utf-8")
    assert ("Une école." in kept, "مدرسة" in kept) == (True, True)
