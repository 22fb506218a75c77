"""The trunk, as those who work for the Region walk it: findings, answers, the plan, its vote, its proof."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from openregion.core import outbox
from openregion.diagnosis.models import Finding
from openregion.monitoring.models import ProgressUpdate
from openregion.people.models import User
from openregion.plan.models import Commitment, PlanVersion, ReasonedResponse
from openregion.plan.queries import DECISIONS
from tests.journeys import steps
from tests.journeys.steps import (
    PROBLEM,
    said,
    then_i_am_at,
    then_i_am_told,
    then_i_read,
    when_i_follow,
    when_i_open,
    when_i_press,
)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize(("lang", "screen"), steps.PAIRS, ids=steps.PAIRS_IDS, indirect=["screen"]),
]
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
REASONS = {
    "fr": "Nous publierons les chiffres de la Région. Ceux de l'État ne sont pas à nous.",
    "ar": "سننشر أرقام الجهة. أما أرقام الدولة فليست لدينا.",
}


@pytest.mark.row("D2")
@pytest.mark.row("O-5")
def test_point_of_contact_gathers_and_answers_and_the_author_sees_whose_turn_is_next(
    page: Page, context: BrowserContext, live_server: Any, region: steps.Region, baseline: Any, lang: str
) -> None:
    heard = region.hear(PROBLEM, "نريد ميزانية بلغة بسيطة.", "Le budget ne se lit pas.", published=True)
    home = f"{live_server.url}/{lang}/azirane"
    steps.given_someone_signed_in(context, live_server.url, region.contact)
    when_i_open(page, f"{home}/findings/")
    when_i_follow(page, "/findings/new/")
    for one in heard:
        page.check(f"input[name=pick][value='{one.contribution.number}']")
    page.fill("textarea[name=synthesis_fr]", "Les gens ne trouvent que des tableaux.")
    when_i_press(page, "main button[value=save]")
    expect(page.locator(".errors")).to_be_focused()
    assert page.input_value("textarea[name=synthesis_fr]") == "Les gens ne trouvent que des tableaux."
    baseline(page)
    page.fill("input[name=title_fr]", "Le budget ne se lit pas")
    page.fill("input[name=title_ar]", "الميزانية لا تُقرأ")
    page.fill("textarea[name=synthesis_ar]", "لا يجد الناس إلا جداول.")
    page.locator("input[name=reference]").first.check()
    when_i_press(page, "main button[value=save]")
    then_i_am_told(page, said(lang, "The finding is written. Read it again, then publish it."))
    baseline(page)
    when_i_follow(page, "/publish/")
    baseline(page)
    when_i_press(page)
    finding = Finding.objects.get()
    assert (finding.published_at is not None, finding.sources.count()) == (True, 3)

    when_i_open(page, f"{home}/responses/waiting/")
    baseline(page)
    when_i_follow(page, f"/responses/new/?finding={finding.number}")
    baseline(page)
    page.check("input[name=decision][value=in-part]")
    when_i_press(page, "main button[value=answer]")
    expect(page.locator(".errors")).to_be_focused()
    assert page.is_checked("input[name=decision][value=in-part]")
    for tongue, reasons in REASONS.items():
        page.fill(f"textarea[name=reasons_{tongue}]", reasons)
    when_i_press(page, "main button[value=answer]")
    then_i_read(page, REASONS[lang])
    baseline(page)
    response = ReasonedResponse.objects.get()
    assert (response.decision, response.finding, response.covers.count()) == ("in-part", finding, 3)

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{home}/suggestions/{heard[0].contribution.number}/")
    turn = "The team that writes the plan rests a commitment on it, or says why not."
    then_i_read(page, PROBLEM, said(lang, DECISIONS["in-part"]), REASONS[lang], said(lang, turn))
    expect(page.locator("[aria-current=step]")).to_contain_text(said(lang, turn))
    baseline(page)
    when_i_follow(page, f"/findings/{finding.number}/")
    then_i_read(page, PROBLEM)
    baseline(page)


@pytest.mark.row("D4")
@pytest.mark.row("D5")
@pytest.mark.row("D6")
@pytest.mark.row("O-5")
def test_sheet_goes_from_its_unit_to_the_vote_and_to_the_public(
    page: Page, context: BrowserContext, live_server: Any, region: steps.Region, baseline: Any, lang: str
) -> None:
    (heard,) = region.hear(PROBLEM, published=True)
    home, site = f"{live_server.url}/{lang}/azirane", live_server.url
    finding, commitment = region.gather(heard.contribution), region.draft()

    steps.given_someone_signed_in(context, site, region.person("unit-head", "budget"))
    when_i_open(page, f"{home}/commitments/{commitment.slug}/sheet/")
    baseline(page)
    when_i_follow(page, "?part=description")
    texts = {"fr": "La Région publie des tableaux.", "ar": "تنشر الجهة جداول.", "en": "The Region publishes tables."}
    for tongue, text in texts.items():
        page.fill(f"textarea[name=problem_{tongue}]", text)
    page.check("input[name=problem_kinds][value=economic]")
    baseline(page)
    when_i_press(page)
    then_i_am_told(page, said(lang, "This part is recorded."))
    written = Commitment.objects.get()
    assert {tongue: one["text"] for tongue, one in written.texts["problem"].items()} == texts

    steps.given_someone_signed_in(context, site, region.contact)
    when_i_open(page, f"{home}/commitments/{commitment.slug}/sources/")
    baseline(page)
    when_i_press(page, f"main button[name=finding][value='{finding.number}']")
    then_i_read(page, PROBLEM)
    assert [source.finding for source in commitment.sources.all()] == [finding]
    when_i_open(page, f"{home}/plans/1/work/")
    when_i_follow(page, "/plans/1/freeze/")
    baseline(page)
    when_i_press(page)
    version = PlanVersion.objects.select_related("document").get()
    then_i_read(page, version.document.sha256)
    baseline(page)

    steps.given_someone_signed_in(context, site, region.person("council-secretary"))
    when_i_open(page, f"{home}/acts/new/")
    page.select_option("select[name=kind]", "deliberation")
    page.fill("input[name=number]", "41/2026")
    page.fill("input[name=dated_on]", timezone.localdate().isoformat())
    page.fill("input[name=title_fr]", "Délibération adoptant le plan")
    page.fill("input[name=title_ar]", "مداولة اعتماد المخطط")
    when_i_press(page)
    when_i_open(page, f"{home}/plans/1/versions/1/adopt/")
    baseline(page)
    when_i_follow(page, "/deliberations/new/")
    page.select_option("select[name=act]", index=1)
    page.check("input[name=decision][value=adopted]")
    baseline(page)
    when_i_press(page)
    when_i_open(page, f"{home}/plans/1/versions/1/adopt/")
    page.locator("input[name=deliberation]").first.check()
    baseline(page)
    when_i_press(page)
    then_i_am_told(page, said(lang, "The adoption is recorded. The version can be published."))

    steps.given_someone_signed_in(context, site, region.contact)
    when_i_open(page, f"{home}/plans/1/versions/1/publish/")
    baseline(page)
    when_i_press(page)
    then_i_am_told(page, said(lang, "The plan is published."))

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{home}/suggestions/{heard.contribution.number}/")
    then_i_read(page, said(lang, "Plan adopted by the Council and published"), "41/2026")
    baseline(page)
    when_i_follow(page, f"/commitments/{commitment.slug}/")
    then_i_read(page, steps.BUDGET[lang])
    baseline(page)
    when_i_open(page, f"{home}/plans/1/")
    baseline(page)
    printed = page.locator(f"main a[href$='annex-3-{lang}.pdf']").first.evaluate("link => link.href")
    paper = context.request.get(printed)
    assert (paper.status, paper.headers["content-type"], paper.body()[:5]) == (200, "application/pdf", b"%PDF-")


@pytest.mark.row("D5")
@pytest.mark.row("D10")
@pytest.mark.row("O-5")
def test_unit_reports_with_proof_and_corrects_it_and_another_unit_may_not(
    page: Page, context: BrowserContext, live_server: Any, region: steps.Region, baseline: Any, lang: str
) -> None:
    (heard,) = region.hear(PROBLEM, published=True)
    commitment = region.promise(heard.contribution)
    home, site = f"{live_server.url}/{lang}/azirane", live_server.url
    steps.given_someone_signed_in(context, site, region.person("unit-head", "works"))
    refused = page.goto(f"{home}/commitments/{commitment.slug}/progress/new/")
    assert refused is not None and refused.status == 403
    unit = region.unit("budget").name[lang]["text"]
    sentence = "This sheet is filled in by the unit that answers for it: %(unit)s. Write to its head."
    then_i_read(page, said(lang, sentence, unit=unit))
    baseline(page)

    steps.given_someone_signed_in(context, site, region.person("unit-head", "budget"))
    when_i_open(page, f"{home}/commitments/{commitment.slug}/")
    when_i_follow(page, "/progress/new/")
    baseline(page)
    page.check("input[name=level][value=complete]")
    page.fill("textarea[name=text_fr]", "Le budget citoyen est paru.")
    page.fill("textarea[name=text_ar]", "صدرت الميزانية المواطِنة.")
    when_i_press(page)
    expect(page.locator(".errors")).to_be_focused()
    assert page.input_value("textarea[name=text_fr]") == "Le budget citoyen est paru."
    page.fill("input[name=title_fr_1]", "Budget citoyen 2027")
    page.fill("input[name=title_ar_1]", "الميزانية المواطِنة 2027")
    page.set_input_files("input[name=file_1]", {"name": "budget.pdf", "mimeType": "application/pdf", "buffer": PDF})
    when_i_press(page)
    then_i_am_told(page, said(lang, "The report is published. The people whose words it rests on are told."))
    baseline(page)

    when_i_follow(page, "/correct/")
    page.check("input[name=level][value=substantial]")
    page.fill("textarea[name=text_fr]", "Le budget citoyen est paru, sans son fichier.")
    page.fill("textarea[name=text_ar]", "صدرت الميزانية المواطِنة دون ملفها.")
    baseline(page)
    when_i_press(page)
    then_i_am_told(page, said(lang, "The correction is published. The first report stays, marked as corrected."))
    then_i_read(page, {"fr": "Le budget citoyen est paru.", "ar": "صدرت الميزانية المواطِنة."}[lang])
    wrong, right = ProgressUpdate.objects.order_by("pk")
    assert (wrong.level, right.level, right.corrects, right.evidence.count()) == ("complete", "substantial", wrong, 1)

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{home}/suggestions/{heard.contribution.number}/")
    baseline(page)
    shown = page.locator("main a[href*='/evidence/']")
    expect(shown).to_contain_text({"fr": "Budget citoyen 2027", "ar": "الميزانية المواطِنة 2027"}[lang])
    proof = context.request.get(shown.evaluate("link => link.href"))
    assert (proof.status, proof.headers["content-type"]) == (200, "application/pdf")


@pytest.mark.row("O-5")
def test_answer_typed_while_the_session_ended_is_kept_and_sent(
    page: Page, context: BrowserContext, live_server: Any, region: steps.Region, baseline: Any, lang: str
) -> None:
    (heard,) = region.hear(PROBLEM, published=True)
    reasons = "Une longue réponse motivée, écrite pendant une heure.\n\n" + "Elle dit pourquoi. " * 60
    steps.given_someone_signed_in(context, live_server.url, region.contact)
    number = heard.contribution.number
    when_i_open(page, f"{live_server.url}/{lang}/azirane/responses/new/?suggestions={number}")
    page.check("input[name=decision][value=taken-up]")
    page.fill("textarea[name=reasons_fr]", reasons)
    page.fill("textarea[name=reasons_ar]", REASONS["ar"])
    Session.objects.all().delete()
    when_i_press(page, "main button[value=answer]")
    then_i_read(page, said(lang, "You are signed out"))
    kept = [box.input_value() for box in page.locator("main textarea").all()]
    assert [text.replace("\r\n", "\n").strip() for text in kept] == [reasons.strip(), REASONS["ar"]]
    baseline(page)
    assert ReasonedResponse.objects.count() == 0

    with context.expect_page() as tab:
        page.locator("main a[target=_blank]").click()
    _sign_in_by_code(tab.value, live_server.url, lang, region.contact)
    page.bring_to_front()
    when_i_press(page)
    # Signing in changes the form's token: the same words are asked to be sent once more.
    then_i_read(page, said(lang, "Nothing you typed is lost."))
    baseline(page)
    when_i_press(page)
    then_i_read(page, REASONS["ar"] if lang == "ar" else "Une longue réponse motivée")
    response = ReasonedResponse.objects.get()
    assert (response.decision, response.reasons["fr"]["text"]) == ("taken-up", reasons.strip())


def _sign_in_by_code(tab: Page, site: str, lang: str, user: User) -> None:
    when_i_open(tab, f"{site}/{lang}/accounts/login/code/")
    tab.fill("input[name=email]", user.email)
    tab.click("main form button[type=submit]")
    tab.wait_for_selector("input[name=code]")
    (message,) = outbox.messages()
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", message.body, re.M)
    assert code
    tab.fill("input[name=code]", code.group(1))
    tab.click("main form button[type=submit]")
    then_i_am_at(tab, "/azirane/desk/$")
