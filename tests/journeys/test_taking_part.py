"""Taking part: with a keyboard alone, without script in Arabic, against a decision, by lot."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect

from openregion.consultation.models import Application, Contribution, Profile, Vote
from openregion.consultation.rules import HIDING_REASONS
from tests.journeys import steps
from tests.journeys import taking_part_steps as told
from tests.journeys.candidacy_steps import when_i_fill
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.steps import (
    PROBLEM,
    said,
    then_i_am_told,
    then_i_read,
    then_i_see_direction,
    when_i_enter,
    when_i_follow,
    when_i_open,
    when_i_press,
    when_i_tab_to,
    when_i_unfold,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AT_A_DESK = pytest.mark.parametrize("screen", [DESK], ids=["desk"], indirect=True)
IN_BOTH = pytest.mark.parametrize(("lang", "screen"), steps.PAIRS, ids=steps.PAIRS_IDS, indirect=["screen"])
NOT_TWICE = "You took the first decision. An appeal goes to another person: leave it to a colleague who moderates."
WHY = {"ar": "لم أذكر أحدا: تحدثت عن مهمة عمومية.", "fr": "Je ne nomme personne : je parle d'une fonction."}
ANSWER = {"ar": "صحيح: لا يذكر النص أحدا.", "fr": "C'est vrai : le texte ne nomme personne."}
APPLICANT = {"ar": "مترشحة متخيلة", "fr": "Candidate inventée au clavier"}


@pytest.mark.row("D2")
@pytest.mark.row("O-5")
@AT_A_DESK
def test_citizen_sends_a_suggestion_by_keyboard_alone_though_others_said_something_close(
    page: Page, live_server: Any, region: steps.Region, baseline: Any
) -> None:
    close = told.given_somebody_said_something_close(region)
    when_i_open(page, f"{live_server.url}/fr/azirane/consultations/priorites/")
    when_i_enter(page, "main a[href$='/suggest/']")
    told.when_i_type(page, "textarea[name=problem]", told.MINE)
    when_i_tab_to(page, "main input[name=theme]:checked")
    page.keyboard.press("ArrowDown")
    when_i_enter(page, "main form#suggestion button[type=submit]")
    told.then_others_said_something_close(page, "fr", close)
    assert Contribution.objects.count() == 1
    baseline(page)

    when_i_enter(page, page.get_by_role("button", name=said("fr", "Send mine all the same")).first)
    code = told.then_i_am_given_a_code(page, "fr")
    baseline(page)
    mine = Contribution.objects.latest("pk")
    assert (mine.words, mine.lang, mine.suggestion.adds_to) == ({"problem": told.MINE}, "fr", None)
    assert mine.suggestion.theme and mine.suggestion.theme.code == "budget"

    when_i_enter(page, "main a[href$='/follow/']")
    told.when_i_type(page, "main input[name=code]", code)
    told.when_i_enter_from_a_box(page)
    then_i_read(page, told.MINE, said("fr", "Moderation reads it next: it publishes it, or says why not."))
    summary = when_i_tab_to(page, page.get_by_text(said("fr", "Withdraw my suggestion")))
    page.keyboard.press("Space")
    expect(summary.locator("..")).to_have_attribute("open", "")
    baseline(page)


@pytest.mark.row("D2")
@AT_A_DESK
@pytest.mark.parametrize("adds", [True, False], ids=["as-an-addition", "with-enter-in-a-box"])
def test_citizen_to_whom_something_close_is_shown_sends_what_they_choose_by_keyboard(
    page: Page, live_server: Any, region: steps.Region, adds: bool
) -> None:
    close = told.given_somebody_said_something_close(region)
    told.when_i_am_shown_what_is_close(page, live_server.url, close)
    if adds:
        when_i_enter(page, f"main button[name=adds_to][value='{close.number}']")
    else:  # Enter in a box sends mine as it is: it chooses no addition
        told.when_i_type(page, "main input[name=reply_to]", "citoyenne@azirane.ma")
        told.when_i_enter_from_a_box(page)
    told.then_i_am_given_a_code(page, "fr")
    mine = Contribution.objects.latest("pk")
    assert (Contribution.objects.count(), mine.suggestion.adds_to) == (2, close if adds else None)


@pytest.mark.row("D2")
@AT_A_DESK
def test_citizen_supports_by_keyboard_what_others_said_and_finds_their_own_words_again(
    page: Page, live_server: Any, region: steps.Region
) -> None:
    close = told.given_somebody_said_something_close(region)
    told.when_i_am_shown_what_is_close(page, live_server.url, close)
    when_i_enter(page, f"main section button[name=support][value='{close.number}']")
    expect(page.locator("textarea[name=problem]")).to_have_value(told.MINE)
    when_i_open(page, f"{live_server.url}/fr/azirane/suggestions/{close.number}/voices/")
    told.then_my_voice_is(page, 1)
    assert (Contribution.objects.count(), [one.value for one in close.votes.all()]) == (1, [1])
    when_i_open(page, f"{live_server.url}/fr/azirane/consultations/priorites/suggest/")
    expect(page.locator("textarea[name=problem]")).to_have_value(told.MINE)


@pytest.mark.row("D2")
@pytest.mark.row("O-5")
@pytest.mark.parametrize(("screen", "script"), [(PHONE, False)], ids=["phone-bare"], indirect=True)
def test_citizen_without_script_gives_a_photo_says_who_they_are_and_changes_their_voice(
    page: Page, live_server: Any, region: steps.Region, baseline: Any
) -> None:
    home = f"{live_server.url}/ar/azirane"
    (other,) = region.hear("الحافلة لا تصل إلى سوقنا.", published=True)
    when_i_open(page, f"{home}/consultations/priorites/")
    then_i_see_direction(page, "rtl")
    when_i_follow(page, "/suggest/")
    baseline(page)
    when_i_fill(page, problem=PROBLEM, photo=told.a_photo())
    when_i_press(page)
    code = told.then_i_am_given_a_code(page, "ar")
    baseline(page)
    mine = Contribution.objects.latest("pk")
    assert (mine.words, [one.kind for one in mine.attachments.all()]) == ({"problem": PROBLEM}, ["photo"])

    when_i_follow(page, page.locator("main a[href*='/about-you/?pass=']"))
    baseline(page)
    when_i_fill(page, gender="woman", area="rural")
    when_i_press(page)
    then_i_read(page, said("ar", "Your answers are kept apart from what you wrote. They help to see who is missing."))
    baseline(page)
    assert [(one.channel, one.gender, one.area) for one in Profile.objects.all()] == [("online", "woman", "rural")]

    told.when_i_follow_with(page, f"{home}/follow/", code)
    then_i_read(page, PROBLEM, said("ar", "See my photo"))
    baseline(page)

    number = other.contribution.number
    when_i_open(page, f"{home}/suggestions/{number}/")
    when_i_follow(page, f"/suggestions/{number}/voices/")
    baseline(page)
    for value in (1, -1):
        when_i_press(page, f"main form.say button[value='{value}']")
        told.then_my_voice_is(page, value)
        then_i_read(page, said("ar", "Do you agree with suggestion %(number)s?", number=number))
    baseline(page)
    ledger = Vote.objects.filter(suggestion=other.contribution).order_by("turn")
    assert [(one.turn, one.was, one.value) for one in ledger] == [(1, None, 1), (2, 1, -1)]
    assert len({one.voter for one in ledger}) == 1


@pytest.mark.row("D2")
@pytest.mark.row("O-5")
@IN_BOTH
def test_author_appeals_and_another_person_than_who_hid_their_words_makes_them_public(
    page: Page, context: BrowserContext, live_server: Any, region: steps.Region, baseline: Any, lang: str
) -> None:
    home = f"{live_server.url}/{lang}/azirane"
    (heard,) = region.hear(PROBLEM)
    number = heard.contribution.number
    steps.given_someone_signed_in(context, live_server.url, region.person("moderator"))
    when_i_open(page, f"{home}/moderation/{number}/")
    when_i_unfold(page, "main details:has([value=hide]) summary")
    page.check("main form:has([value=hide]) [name=reason][value=insult]")
    when_i_press(page, "main form:has([value=hide]) button")
    then_i_am_told(page, said(lang, "Number %(number)s is hidden.", number=number))

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{home}/suggestions/{number}/")
    assert PROBLEM not in page.content()
    told.when_i_follow_with(page, f"{home}/follow/", heard.code)
    then_i_read(page, said(lang, HIDING_REASONS["insult"]))
    when_i_unfold(page, "main details:has([name=appeal]) summary")
    page.fill("main [name=appeal]", WHY[lang])
    baseline(page)
    when_i_press(page, "main form:has([name=appeal]) button")
    then_i_am_told(page, said(lang, "Your appeal is received. Another person looks at it, and answers you here."))

    steps.given_someone_signed_in(context, live_server.url, region.person("moderator"))
    when_i_open(page, f"{home}/moderation/{number}/")
    then_i_read(page, said(lang, NOT_TWICE))
    expect(page.locator("main [name=keep]")).to_have_count(0)  # whoever decided is not asked again

    steps.given_someone_signed_in(context, live_server.url, region.contact)
    when_i_open(page, f"{home}/moderation/?state=appeals")
    baseline(page)
    when_i_follow(page, f"/moderation/{number}/?state=appeals")
    then_i_read(page, WHY[lang])
    when_i_fill(page, keep="no", answer=ANSWER[lang])
    baseline(page)
    when_i_press(page, "main form:has([name=keep]) button")
    then_i_am_told(page, said(lang, "The decision on number %(number)s is undone.", number=number))

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{home}/suggestions/{number}/")
    then_i_read(page, PROBLEM)
    assert WHY[lang] not in page.content() and ANSWER[lang] not in page.content()
    told.when_i_follow_with(page, f"{home}/follow/", heard.code)
    then_i_read(page, PROBLEM, WHY[lang], ANSWER[lang])
    baseline(page)


@pytest.mark.row("D2")
@IN_BOTH
def test_seats_of_a_call_are_drawn_by_lot_and_anyone_draws_them_again(
    page: Page,
    context: BrowserContext,
    live_server: Any,
    region: steps.Region,
    baseline: Any,
    lang: str,
    tmp_path: Path,
) -> None:
    call = told.given_a_call_with_few_seats(region, seats=3)
    told.given_others_applied(call, women=2, men=3)
    where = f"{live_server.url}/{lang}/azirane/participation-calls/"
    when_i_open(page, where)
    when_i_follow(page, f"/{call.number}/apply/")
    baseline(page)
    when_i_fill(page, kind="person", name=APPLICANT[lang], gender="woman", motivation=WHY[lang])
    when_i_press(page)
    code = told.then_i_am_given_a_code(page, lang, "Your application is received")
    baseline(page)
    refused, mine = call.applications.get(number=1), call.applications.get(name=APPLICANT[lang])

    told.given_the_call_closed(call)
    steps.given_someone_signed_in(context, live_server.url, region.contact)
    when_i_open(page, f"{where}{call.number}/applications/")
    baseline(page)
    when_i_follow(page, f"/applications/{refused.number}/")
    baseline(page)
    told.when_i_judge(page, but=refused.name)
    when_i_press(page, "main form[action$='/select/'] button")
    then_i_am_told(page, said(lang, "The participants are chosen. The letters are on their way."))

    when_i_open(page, f"{where}{call.number}/letters/")  # nobody left an address: each letter is printed
    then_i_read(page, told.NOT_HERE)
    baseline(page)

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{where}{call.number}/")
    baseline(page)
    when_i_follow(page, f"/{call.number}/draw/")
    baseline(page)
    drawn = told.the_file_of(page, "draw.json", tmp_path)
    assert drawn.name == f"draw-azirane-{call.number}.json"
    out = io.StringIO()
    call_command("redo_draw", str(drawn), stdout=out)
    assert out.getvalue().splitlines()[-1] == "same · selected 3 · reserves 2"
    assert APPLICANT[lang] not in drawn.read_text(encoding="utf-8")

    told.when_i_follow_with(page, f"{where}follow/", code)
    mine.refresh_from_db()
    outcome = {"selected": "You are selected", "reserve": "You are on the reserve list"}[mine.state]
    then_i_read(page, said(lang, outcome))
    baseline(page)
    states = Application.objects.filter(call=call).order_by("state").values_list("state", flat=True)
    assert list(states) == ["refused", "reserve", "reserve", "selected", "selected", "selected"]
