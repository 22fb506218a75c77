"""Words typed at length and not saved are found again in the same browser, told so, and forgotten on demand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from openregion.consultation import actions
from openregion.consultation.models import Attachment, Comment, Consultation, Contribution, PaperForm
from openregion.diagnosis.models import Passage
from openregion.people.models import Member, Membership
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.letters import letter
from tests.factories.people import MemberFactory, TerritoryFactory, UserFactory
from tests.factories.reports import ReportFactory
from tests.journeys import steps
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TEXT, KEYS = "textarea[name=text_fr]", "Object.keys(localStorage).filter(key => key.startsWith('keep:')).length"
STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
SEND = "main form[data-keep] button[type=submit]"
at_desk = pytest.mark.parametrize("screen", [DESK], indirect=True, ids=["desk"])
on_telephone = pytest.mark.parametrize("screen", [PHONE], indirect=True, ids=["phone"])


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


def another_tab(page: Page, address: str) -> Page:
    """Close the tab without sending, and open the address in a new one."""
    context = page.context
    page.close()
    opened = context.new_page()
    opened.goto(address)
    return opened


def then_it_is_empty(page: Page, *boxes: str) -> None:
    assert [page.input_value(box) for box in boxes] == [""] * len(boxes)
    expect(page.locator("[data-kept]").first).to_be_hidden()


@pytest.mark.row("B2")
def test_words_not_saved_come_back_and_leave_once_saved(
    page: Page, context: BrowserContext, member: Member, live_server: Any
) -> None:
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


@on_telephone
@pytest.mark.row("D2")
def test_choices_come_back_in_another_tab_and_an_address_never_does(
    page: Page, member: Member, consultation: Consultation, live_server: Any
) -> None:
    region = Membership.objects.get(member=member).authority.territory
    place = TerritoryFactory(province=True, parent=region)
    theme = consultation.themes.order_by("rank")[1].code
    address = f"{live_server.url}/fr/ici/consultations/question/suggest/"
    page.goto(address)
    page.fill("textarea[name=idea]", "Une passerelle")
    page.check(f"input[name=theme][value='{theme}']")
    page.select_option("select[name=province]", place.code)
    page.fill("input[name=reply_to]", "quelqu.une@example.ma")
    stored = page.evaluate(STORED)
    assert ("Une passerelle" in stored, "example.ma" in stored, "website" in stored) == (True, False, False)
    page = another_tab(page, address)
    expect(page.locator("[data-kept]")).to_be_visible()
    assert page.input_value("textarea[name=idea]") == "Une passerelle"
    assert page.input_value("select[name=province]") == place.code
    expect(page.locator(f"input[name=theme][value='{theme}']")).to_be_checked()
    assert page.input_value("input[name=reply_to]") == ""
    page.locator("[data-kept] button").click()
    then_it_is_empty(page, "textarea[name=idea]", "select[name=province]")
    assert page.evaluate(KEYS) == 0


@on_telephone
@pytest.mark.row("D2")
def test_comment_comes_back_until_it_is_received(page: Page, consultation: Consultation, live_server: Any) -> None:
    one = SuggestionFactory(consultation=consultation, published=True)
    address = f"{live_server.url}/fr/ici/suggestions/{one.number}/voices/"
    page.goto(address)
    page.fill("textarea[name=text]", "Et la rampe ?")
    page = another_tab(page, address)
    assert page.input_value("textarea[name=text]") == "Et la rampe ?"
    page.fill("input[name=reply_to]", "pas une adresse")  # it comes back with an error, and the tab is closed
    page.locator(SEND).click()
    expect(page.locator(".errors")).to_be_visible()
    page = another_tab(page, address)
    assert page.input_value("textarea[name=text]") == "Et la rampe ?"
    page.locator(SEND).click()
    expect(page.locator("[data-sent]")).to_be_visible()
    assert (Comment.objects.count(), page.evaluate(KEYS)) == (1, 0)
    page.goto(address)
    then_it_is_empty(page, "textarea[name=text]")


@on_telephone
@pytest.mark.row("L-1")
def test_words_of_a_person_who_is_present_go_with_the_tab(
    page: Page, context: BrowserContext, member: Member, consultation: Consultation, live_server: Any
) -> None:
    steps.given_someone_signed_in(context, live_server.url, UserFactory(role="point-of-contact", at=member))
    address, box = f"{live_server.url}/fr/ici/consultations/question/assist/", "textarea[name=problem]"
    page.goto(address)
    page.fill(box, "Le puits est à sec")
    page.check("input[name=consent]")
    page.reload()
    assert page.input_value(box) == "Le puits est à sec"
    expect(page.locator("input[name=consent]")).not_to_be_checked()
    assert page.evaluate(KEYS) == 0
    page.locator("[data-keep-forget]").click()
    page.wait_for_load_state()
    then_it_is_empty(page, box)
    page.fill(box, "Le puits est à sec")
    page = another_tab(page, address)
    then_it_is_empty(page, box)
    page.fill(box, "Le puits est à sec")
    page.check("input[name=consent]")
    page.select_option("select[name=consent_lang]", "fr")
    page.locator(SEND).click()
    expect(page.locator("[data-sent]")).to_be_visible()
    assert (Contribution.objects.count(), "puits" in page.evaluate(STORED)) == (1, False)


@at_desk
@pytest.mark.row("D2")
def test_form_typed_in_leaves_an_empty_one_for_the_next(
    page: Page, context: BrowserContext, member: Member, consultation: Consultation, live_server: Any
) -> None:
    steps.given_someone_signed_in(context, live_server.url, UserFactory(role="point-of-contact", at=member))
    address, box = f"{live_server.url}/fr/ici/consultations/question/paper/new/", "textarea[name=problem]"
    page.goto(address)
    page.fill(box, "Le pont est cassé")
    page.reload()
    assert (page.input_value(box), page.evaluate(KEYS)) == ("Le pont est cassé", 0)
    page.locator(SEND).click()
    expect(page.locator(".told")).to_be_visible()
    assert (PaperForm.objects.count(), "cassé" in page.evaluate(STORED)) == (1, False)
    page.goto(address)
    then_it_is_empty(page, box)


@at_desk
@pytest.mark.row("D2")
def test_passage_of_a_report_comes_back_until_it_is_written(
    page: Page, context: BrowserContext, member: Member, live_server: Any
) -> None:
    steps.given_someone_signed_in(context, live_server.url, UserFactory(role="point-of-contact", at=member))
    report = ReportFactory(member=member)
    address = f"{live_server.url}/fr/ici/reports/{report.number}/passages/new/"
    page.goto(address)
    before = Passage.objects.count()
    page.fill(TEXT, "On demande un pont.")
    page.check("input[name=quotes]")
    page = another_tab(page, address)
    assert page.input_value(TEXT) == "On demande un pont."
    expect(page.locator("input[name=quotes]")).to_be_checked()
    page.locator(SEND).click()
    page.wait_for_url(lambda url: "/new/" not in url)
    assert (Passage.objects.count(), page.evaluate(KEYS)) == (before + 1, 0)
    page.goto(address)
    then_it_is_empty(page, TEXT)


@on_telephone
@pytest.mark.row("D2")
def test_appeal_comes_back_with_its_own_code_and_with_no_other(
    page: Page, consultation: Consultation, live_server: Any
) -> None:
    moderator = UserFactory(role="moderator", at=consultation.cycle.member)
    given = []
    for words in ({"idea": "Une idée cachée"}, {"idea": "Une autre idée"}):
        now = timezone.now()
        received = actions.receive_suggestion(consultation, words=words, lang="fr", channel="online", at=now)
        actions.hide_contribution(received.contribution, reason="insult", by=moderator, at=now)
        given.append(received.code)
    mine, other = given
    address, box = f"{live_server.url}/fr/ici/follow/", "textarea[name=appeal]"

    def follow(code: str) -> None:
        page.goto(address)
        page.fill("main input[name=code]", code)
        page.locator("main form button[type=submit]").click()
        expect(page.locator("details form[data-keep]")).to_be_attached()

    follow(mine)
    page.locator("details:has(form[data-keep]) > summary").click()
    page.fill(box, "Je ne nomme personne.")
    stored = json.loads(page.evaluate(STORED))[0]
    assert ([*stored], mine in str(stored)) == (["keep:ici-appeal-1"], False)
    follow(other)
    assert page.input_value(box) == ""
    follow(mine)
    expect(page.locator(box)).to_be_visible()
    assert page.input_value(box) == "Je ne nomme personne."
    page.locator(SEND).click()
    expect(page.locator(".told")).to_be_visible()
    assert page.evaluate(KEYS) == 0


# A microphone that hums, since a machine that tests has none; the rest is the browser's own.
HUMS = """navigator.mediaDevices.getUserMedia = async () => {
  const air = new AudioContext(), hum = air.createOscillator(), heard = air.createMediaStreamDestination();
  hum.connect(heard); hum.start();
  return heard.stream;
};"""


KEPT = """() => new Promise((answer) => {
  const asked = indexedDB.open("recordings", 1);
  asked.onsuccess = () => {
    const counted = asked.result.transaction("kept").objectStore("kept").count();
    counted.onsuccess = () => { asked.result.close(); answer(counted.result); };
  };
})"""
AGED = """(days) => new Promise((answer) => {
  const asked = indexedDB.open("recordings", 1);
  asked.onsuccess = () => {
    const lent = asked.result.transaction("kept", "readwrite"), kept = lent.objectStore("kept");
    kept.openCursor().onsuccess = ({ target }) => {
      if (target.result) target.result.update({ ...target.result.value, at: Date.now() - days * 86400000 });
    };
    lent.oncomplete = () => { asked.result.close(); answer(); };
  };
})"""
IN_FORM = "document.querySelector('input[name=voice]').files.length"
PLAYER = "[data-recorder] audio"


def when_a_voice_is_recorded(page: Page) -> None:
    record = page.locator("[data-recorder] button").first
    record.click()
    page.wait_for_timeout(1200)
    record.click()
    expect(page.locator(PLAYER)).to_be_visible()
    page.wait_for_timeout(300)  # it is kept


def put_back(page: Page) -> Locator:
    return page.locator("[data-recorder] button").nth(1)


def forget_it(page: Page) -> Locator:
    return page.locator("[data-recorder] button").last


def when_the_suggestion_is_sent(page: Page) -> None:
    page.locator("main form#suggestion button[type=submit]").click()
    expect(page.locator("[data-sent]")).to_be_visible()
    page.wait_for_timeout(300)


@on_telephone
@pytest.mark.row("D2")
def test_recording_is_offered_in_another_tab_and_put_back_until_it_is_received(
    page: Page, context: BrowserContext, consultation: Consultation, live_server: Any
) -> None:
    context.add_init_script(HUMS)
    address = f"{live_server.url}/fr/ici/consultations/question/suggest/"
    page.goto(address)
    when_a_voice_is_recorded(page)
    expect(put_back(page)).to_be_hidden()
    page = another_tab(page, address)
    expect(page.locator(PLAYER)).to_be_visible()
    assert page.evaluate(IN_FORM) == 0
    put_back(page).click()
    expect(put_back(page)).to_be_hidden()
    assert (page.evaluate(IN_FORM), page.evaluate(KEPT)) == (1, 1)
    when_the_suggestion_is_sent(page)
    assert (Attachment.objects.get().kind, page.evaluate(KEPT)) == ("voice", 0)
    page.goto(address)
    page.wait_for_timeout(500)
    expect(page.locator(PLAYER)).to_be_hidden()
    when_a_voice_is_recorded(page)
    forget_it(page).click()
    expect(page.locator(PLAYER)).to_be_hidden()
    page.wait_for_timeout(300)
    page = another_tab(page, address)
    page.wait_for_timeout(500)
    expect(page.locator(PLAYER)).to_be_hidden()


@on_telephone
@pytest.mark.row("D2")
def test_recording_of_another_person_is_not_sent_unless_put_back_nor_offered_after_a_week(
    page: Page, context: BrowserContext, consultation: Consultation, live_server: Any
) -> None:
    context.add_init_script(HUMS)
    address = f"{live_server.url}/fr/ici/consultations/question/suggest/"
    page.goto(address)
    when_a_voice_is_recorded(page)
    page.evaluate(AGED, 6.9)
    page = another_tab(page, address)
    expect(put_back(page)).to_be_visible()
    page.evaluate(AGED, 7.1)
    page = another_tab(page, address)
    page.wait_for_timeout(500)
    expect(page.locator(PLAYER)).to_be_hidden()
    expect(put_back(page)).to_be_hidden()
    assert (page.evaluate(IN_FORM), page.evaluate(KEPT)) == (0, 0)
    when_a_voice_is_recorded(page)
    page = another_tab(page, address)
    expect(put_back(page)).to_be_visible()
    page.fill("textarea[name=idea]", "Une passerelle")
    when_the_suggestion_is_sent(page)
    assert (Contribution.objects.count(), Attachment.objects.count()) == (1, 0)
    assert page.evaluate(KEPT) == 1  # not received: it stays, until it is or for a week


@on_telephone
@pytest.mark.row("D2")
def test_recording_offered_back_and_recorded_over_is_forgotten(
    page: Page, context: BrowserContext, consultation: Consultation, live_server: Any
) -> None:
    address = given_a_microphone(page, context, live_server)
    when_a_voice_is_recorded(page)
    page = another_tab(page, address)
    expect(put_back(page)).to_be_visible()
    when_a_voice_is_recorded(page)
    assert (page.evaluate(IN_FORM), page.evaluate(KEPT)) == (1, 1)
    forget_it(page).click()
    page.wait_for_timeout(300)
    assert page.evaluate(KEPT) == 0


def given_a_microphone(page: Page, context: BrowserContext, live_server: Any) -> str:
    context.add_init_script(HUMS)
    address = f"{live_server.url}/fr/ici/consultations/question/suggest/"
    page.goto(address)
    return address


def when_a_voice_begins(page: Page, *, seconds: float) -> None:
    page.locator("[data-recorder] button").first.click()
    page.wait_for_timeout(int(seconds * 1000))


@on_telephone
@pytest.mark.row("D2")
@pytest.mark.parametrize("words", ["", "Une passerelle"], ids=["voice-alone", "with-words"])
def test_form_sent_while_a_voice_is_recorded_waits_for_its_end_and_takes_it(
    page: Page, context: BrowserContext, consultation: Consultation, live_server: Any, words: str
) -> None:
    given_a_microphone(page, context, live_server)
    page.fill("textarea[name=idea]", words)
    when_a_voice_begins(page, seconds=1.2)
    when_the_suggestion_is_sent(page)
    one = Contribution.objects.get()
    assert (one.words.get("idea", ""), [each.kind for each in one.attachments.all()]) == (words, ["voice"])
    assert page.evaluate(KEPT) == 0


@on_telephone
@pytest.mark.row("D2")
def test_voice_of_a_tab_that_died_while_it_recorded_is_offered_as_far_as_it_went(
    page: Page, context: BrowserContext, consultation: Consultation, live_server: Any
) -> None:
    address = given_a_microphone(page, context, live_server)
    when_a_voice_begins(page, seconds=7)
    assert page.evaluate(KEPT) == 2  # a part every three seconds
    page = another_tab(page, address)
    expect(put_back(page)).to_be_visible()
    put_back(page).click()
    assert page.evaluate("document.querySelector('input[name=voice]').files[0].size") > 1000
    when_the_suggestion_is_sent(page)
    assert (Attachment.objects.get().kind, page.evaluate(KEPT)) == ("voice", 0)


@on_telephone
@pytest.mark.row("D2")
def test_voice_recorded_before_the_token_ended_comes_back_with_the_form_and_is_received(
    page: Page, context: BrowserContext, consultation: Consultation, live_server: Any, baseline: Any
) -> None:
    given_a_microphone(page, context, live_server)
    page.fill("textarea[name=idea]", "Une passerelle")
    when_a_voice_is_recorded(page)
    context.clear_cookies()
    page.locator("main form#suggestion button[type=submit]").click()
    expect(page.locator("#without-voice")).to_be_visible()
    expect(page.locator("textarea[name=idea]")).to_have_value("Une passerelle")
    assert (Contribution.objects.count(), page.evaluate(KEPT)) == (0, 1)
    baseline(page)
    when_the_suggestion_is_sent(page)
    one = Contribution.objects.get()
    assert (one.words, [each.kind for each in one.attachments.all()]) == ({"idea": "Une passerelle"}, ["voice"])
    assert page.evaluate(KEPT) == 0


@on_telephone
@pytest.mark.row("C3")
def test_voice_sent_too_late_can_still_be_listened_to_and_saved(
    page: Page, context: BrowserContext, consultation: Consultation, live_server: Any, baseline: Any, tmp_path: Path
) -> None:
    given_a_microphone(page, context, live_server)
    page.fill("textarea[name=idea]", "Une passerelle")
    when_a_voice_is_recorded(page)
    consultation.closes_at = timezone.now()
    consultation.save()
    page.locator("main form#suggestion button[type=submit]").click()
    left = page.locator("[data-recorder-left]")
    expect(left.locator("audio")).to_be_visible()
    expect(page.locator("main").get_by_text(steps.said("fr", "Recorded voice"))).to_be_visible()
    with page.expect_download() as given:
        left.locator("a[download]").click()
    given.value.save_as(tmp_path / "kept")
    assert ((tmp_path / "kept").stat().st_size > 1000, page.evaluate(KEPT)) == (True, 1)
    baseline(page)
