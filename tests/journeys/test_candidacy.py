"""The candidacy as its fifteen people live it: nominations, meetings, the Council, the dossier, the launch of the plan.

Each journey begins from what the deeds of the one before it left, and is signed in
in turn as those who do the work; what would only be repeated is given by deeds.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from openregion.admission import exports
from openregion.admission.models import Dossier, PointOfContact, StatusEvent
from openregion.cycle.models import Deliberation, Invitation, Letter, Meeting, Minutes, Operation, Proposal
from openregion.people.models import Appointment
from tests.journeys import candidacy_steps as told
from tests.journeys import steps
from tests.journeys.candidacy_steps import both, then_the_form_says, when_i_fill, when_i_send, when_i_write
from tests.journeys.steps import said, then_i_read, when_i_follow, when_i_open, when_i_press

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize(("lang", "screen"), steps.PAIRS, ids=steps.PAIRS_IDS, indirect=["screen"]),
]
ANSWER = both("Le budget est publié chaque année.", "تُنشر الميزانية كل سنة.", "The budget is published each year.")

COUNTS = {"votes_for": "27", "votes_against": "4", "abstained": "3", "not_taking_part": "0"}


@pytest.mark.row("B1")
@pytest.mark.row("A5")
def test_president_names_them_and_the_groups_are_met(
    page: Page, context: BrowserContext, live_server: Any, baseline: Any, lang: str
) -> None:
    found = told.given_a_region_that_decides_to_join()
    site, home = live_server.url, f"{live_server.url}/{lang}/azirane"
    today = told.today().isoformat()

    steps.given_someone_signed_in(context, site, found.holder("president"))
    when_i_open(page, f"{home}/acts/new/")
    when_i_fill(page, kind="order", number="19/2026", dated_on=today)
    when_i_write(page, title=both("Arrêté de nomination", "قرار التعيين"))
    when_i_send(page)
    when_i_open(page, f"{home}/people/appoint/")
    when_i_fill(page, **told.COORDINATOR, lang="fr", role="coordinator", starts_on=today, act="~19/2026")
    baseline(page)
    when_i_send(page)
    when_i_open(page, f"{home}/point-of-contact/new/")
    when_i_fill(page, **told.CONTACT, act="~19/2026", starts_on=today, with_role=True)
    when_i_write(page, function=both("Directrice de projet", "مديرة مشروع"))
    baseline(page)
    when_i_send(page, said(lang, "The point of contact is named. Their page is public."))
    then_i_read(page, told.CONTACT["name"], "19/2026")
    named = Appointment.objects.of(found.member).filter(role__in=("coordinator", "point-of-contact"))
    assert {one.user.email for one in named} == {told.COORDINATOR["email"], told.CONTACT["email"]}

    contact, coordinator = found.person(told.CONTACT["email"]), found.person(told.COORDINATOR["email"])
    steps.given_someone_signed_in(context, site, contact)
    when_i_open(page, f"{home}/cycles/new/")
    when_i_fill(page, kind="candidacy", opened_on=today)
    when_i_send(page)
    when_i_open(page, f"{home}/desk/")
    then_i_read(page, said(lang, "The five duties of coordination"))
    baseline(page)

    steps.given_someone_signed_in(context, site, coordinator)
    when_i_open(page, f"{home}/cycles/candidacy/1/operations/name-coordinator/")
    when_i_follow(page, "/proofs/new/")
    when_i_fill(page, kind="decision")
    baseline(page)
    when_i_press(page)
    when_i_fill(page, done_on=today, act="~19/2026")
    baseline(page)
    when_i_send(page, said(lang, "The proof is given: the operation is done."))

    told.given_a_contact(found, coordinator)
    when_i_open(page, f"{home}/cycles/candidacy/1/operations/present-to-groups/")
    when_i_follow(page, "?operation=present-to-groups&cycle=candidacy-1")
    when_i_fill(page, kind="exchange", starts_at=told.typed(told.later_today()), place_fr="Siège de la Région")
    when_i_write(page, title=both("Présentation aux groupes", "تقديم أمام الفرق"))
    baseline(page)
    when_i_send(page, said(lang, "The meeting is planned. Write its agenda and invite people next."))
    when_i_follow(page, "/agenda/new/")
    when_i_write(page, title=both("Le programme et ce qu'il demande", "البرنامج وما يتطلبه"))
    when_i_send(page)
    when_i_follow(page, "/invite/directory/")
    when_i_fill(page, categories="civil-society")
    when_i_send(page)
    when_i_follow(page, "/invite/person/")
    when_i_fill(page, name="Hassan Tazirt", email="groupe@azirane.invalid", lang="fr")
    when_i_send(page)
    when_i_follow(page, "/convene/")
    baseline(page)
    when_i_send(page, said(lang, "The convocation is on its way to everyone who has an address."))
    baseline(page)
    link = told.the_link_of("Hassan Tazirt")
    assert len(told.given_the_messages_left()) >= 2

    steps.given_nobody_signed_in(context)
    when_i_open(page, site + link)
    baseline(page)
    when_i_fill(page, answer="represented")
    when_i_press(page)
    then_the_form_says(page, said(_of(link), "Write the name of the person who stands in."))
    when_i_fill(page, stand_in="Rachid Nourdine")
    when_i_send(page, said(_of(link), "Thank you, your answer is recorded. You can change it until the meeting opens."))
    assert Invitation.objects.get(name="Hassan Tazirt").answer == Invitation.Answer.REPRESENTED

    steps.given_someone_signed_in(context, site, found.person(told.TEAM[0][1]))
    when_i_open(page, f"{home}/meetings/1/door/")
    then_i_read(page, "Rachid Nourdine")
    baseline(page)
    guest = Invitation.objects.get(name=told.GUEST["name"])
    when_i_press(page, f"main button[name=came][value='{guest.uid}']")
    when_i_fill(page, name="Nadia Wadnouri", organisation="Groupe Nour")
    when_i_press(page, "main button[name=walk_in]")
    assert Invitation.objects.filter(attended=True).count() == 2

    steps.given_someone_signed_in(context, site, coordinator)
    when_i_open(page, f"{home}/meetings/1/hold/")
    when_i_fill(page, closed_on=today)
    when_i_send(page)
    when_i_follow(page, "/decision/")
    when_i_write(page, decision=both("Les deux groupes sont favorables.", "الفريقان موافقان."))
    when_i_send(page)
    steps.given_someone_signed_in(context, site, found.person(told.TEAM[0][1]))
    when_i_open(page, f"{home}/meetings/1/minutes/edit/")
    then_i_read(page, said(lang, "Minutes in French"))
    baseline(page)
    when_i_send(page)
    steps.given_someone_signed_in(context, site, coordinator)
    when_i_open(page, f"{home}/meetings/1/minutes/approve/")
    when_i_fill(page, on=today)
    when_i_send(page)
    when_i_open(page, f"{home}/meetings/1/minutes/publish/")
    when_i_fill(page, opens=True)
    baseline(page)
    when_i_send(page)
    assert (Meeting.objects.get().state, Minutes.objects.get().state) == ("held", "published")

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{home}/meetings/1/")
    then_i_read(page, {"fr": "Les deux groupes sont favorables.", "ar": "الفريقان موافقان."}[lang])
    expect(page.locator("main")).not_to_contain_text(told.GUEST["name"])
    baseline(page)
    when_i_open(page, f"{home}/cycles/candidacy/1/operations/present-to-groups/")
    baseline(page)
    assert Operation.objects.get(code="present-to-groups").proofs.filter(kind="meeting").count() == 1

    steps.given_someone_signed_in(context, site, found.holder("administrator"))
    when_i_open(page, f"{home}/mails/")
    baseline(page)


@pytest.mark.row("B2")
def test_council_votes_at_its_second_sitting_and_the_visa_is_refused_then_granted(
    page: Page, context: BrowserContext, live_server: Any, baseline: Any, lang: str
) -> None:
    found = told.given_a_candidacy_under_way()
    told.given_a_frozen_file(found)
    session = told.given_a_session_whose_agenda_left(found)
    site, home, today = live_server.url, f"{live_server.url}/{lang}/azirane", told.today().isoformat()
    council = f"{home}/cycles/candidacy/1/council"

    secretary = found.holder("council-secretary")
    steps.given_someone_signed_in(context, site, secretary)
    when_i_open(page, f"{council}/1/")
    when_i_follow(page, "/refer/")
    commission = {"fr": "~relations extérieures", "ar": "~العلاقات الخارجية"}[lang]
    when_i_fill(page, commission=commission, referred_on=(told.today() - dt.timedelta(days=15)).isoformat())
    when_i_send(page, said(lang, "The referral is recorded and its letter drafted. Word it and issue it."))
    when_i_follow(page, "/council/1/")  # the letter that was drafted says what it is about
    when_i_follow(page, "/opinion/")
    when_i_fill(page, opinion="favourable", opinion_on=(told.today() - dt.timedelta(days=8)).isoformat())
    when_i_write(page, text=both("La commission est favorable.", "اللجنة موافقة."))
    when_i_send(page)
    when_i_follow(page, "/agenda/")
    when_i_fill(page, session=session.uid)
    when_i_press(page)
    expect(page.locator(".errors")).to_be_focused()
    when_i_write(
        page, late_reason=both("L'avis de la commission est venu après l'envoi.", "جاء رأي اللجنة بعد الإرسال.")
    )
    baseline(page)
    when_i_send(page)
    when_i_follow(page, "/address/")
    when_i_fill(page, addressed_on=today)
    baseline(page)
    when_i_send(page)
    baseline(page)

    steps.given_someone_signed_in(context, site, found.holder("president"))
    letter = Letter.objects.get(kind="agenda-item-to-wali")
    when_i_open(page, f"{home}/letters/{letter.uid}/issue/")
    baseline(page)
    when_i_send(page)
    letter.refresh_from_db()
    assert letter.state == "issued"

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{home}/meetings/{session.number}/")
    reason = {"fr": "L'avis de la commission est venu après l'envoi.", "ar": "جاء رأي اللجنة بعد الإرسال."}[lang]
    then_i_read(page, said(lang, "Added after the agenda was sent:"), reason)
    baseline(page)

    told.given_the_day_came(found, session, ago=4)
    steps.given_someone_signed_in(context, site, secretary)
    when_i_open(page, f"{home}/meetings/{session.number}/hold/")
    missed_on = (told.today() - dt.timedelta(days=4)).isoformat()
    when_i_fill(page, closed_on=missed_on, members_in_office=str(told.IN_OFFICE), quorum_met="no")
    baseline(page)
    when_i_send(page)
    when_i_open(page, f"{council}/1/vote/")
    when_i_fill(page, number="22/2026", dated_on=missed_on, decision="adopted", **COUNTS)
    when_i_press(page)
    no_quorum = (
        "The quorum was not met at this session, so the Council could not decide. "
        "Convene it again, and record the vote of that sitting."
    )
    then_the_form_says(page, said(lang, no_quorum))
    when_i_open(page, f"{home}/meetings/{session.number}/")
    when_i_follow(page, "/again/")
    when_i_fill(page, starts_at=told.typed(told.days_ago(1)), place_fr="Salle du Conseil")
    baseline(page)
    when_i_send(page)
    again = Meeting.objects.get(follows=session)
    when_i_open(page, f"{home}/meetings/{again.number}/hold/")
    yesterday = (told.today() - dt.timedelta(days=1)).isoformat()
    when_i_fill(page, closed_on=yesterday, members_in_office=str(told.IN_OFFICE), quorum_met="yes")
    when_i_send(page)

    first = _vote_on(page, council, 1, number="22/2026", on=yesterday, baseline=baseline)
    _refuse_the_visa(page, context, site, home, found, first, lang, baseline)

    steps.given_someone_signed_in(context, site, secretary)
    when_i_open(page, f"{council}/1/")
    then_i_read(page, said(lang, "The visa was refused"))
    when_i_follow(page, "/council/new/?after=1")
    when_i_send(page)
    when_i_open(page, f"{council}/2/freeze/")
    baseline(page)
    when_i_send(page)
    extra = told.given_an_extraordinary_session_of_today(found)
    when_i_open(page, f"{council}/2/agenda/")
    when_i_fill(page, session=extra.uid)
    when_i_send(page)
    told.given_the_session_was_held(found, extra)
    second = _vote_on(page, council, 2, number="23/2026", on=today, replaces="~22/2026")
    assert second.replaces == first
    _send_for_control(page, home, second, today)
    when_i_open(page, f"{home}/deliberations/{second.uid}/visa/")
    when_i_fill(page, visa="granted", visa_on=today)
    when_i_send(page, said(lang, "The answer is recorded."))
    when_i_open(page, f"{home}/deliberations/{second.uid}/publish/")
    when_i_send(page, said(lang, "The deliberation is published."))

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{home}/deliberations/{second.uid}/")
    then_i_read(page, "23/2026", "22/2026")
    baseline(page)
    printed = context.request.get(page.locator("main a[href$='.pdf']").first.evaluate("link => link.href"))
    assert (printed.status, printed.body()[:5]) == (200, b"%PDF-")
    states = list(Deliberation.objects.order_by("pk").values_list("decision", "visa"))
    assert states == [("adopted", "refused"), ("adopted", "granted")]
    assert [one.state for one in Proposal.objects.order_by("number")] == ["voted", "voted"]


@pytest.mark.row("B3")
@pytest.mark.row("A5")
@pytest.mark.row("C0")
def test_point_of_contact_is_replaced_and_the_dossier_leads_to_admission(
    page: Page, context: BrowserContext, live_server: Any, baseline: Any, lang: str
) -> None:
    found = told.given_a_candidacy_under_way()
    told.given_the_council_decided(found)
    told.given_answers_to_the_conditions(found, but="commitment-to-values")
    told.given_verdicts_on_eligibility(found, but="letter-sent")
    yesterday = told.today() - dt.timedelta(days=1)
    order = both("Arrêté nommant le nouvel interlocuteur", "قرار تعيين نقطة الاتصال الجديدة")
    told.given_an_order(found, number="44/2026", on=yesterday, title=order)
    site, home, today = live_server.url, f"{live_server.url}/{lang}/azirane", told.today().isoformat()

    steps.given_someone_signed_in(context, site, found.person(told.TEAM[1][1]))
    when_i_open(page, f"{home}/candidacy/admissibility/")
    baseline(page)
    when_i_follow(page, "/commitment-to-values/")
    when_i_write(page, text=ANSWER)
    when_i_fill(page, state="ready")
    baseline(page)
    when_i_send(page, said(lang, "The answer is saved. Its history keeps what it said before."))
    when_i_follow(page, "/evidence/")
    when_i_write(page, title=both("Le budget citoyen", "الميزانية المواطِنة"))
    when_i_fill(page, file=told.paper("budget", "Budget citoyen inventé."), dated_on=today)
    when_i_send(page)

    old = found.holder("point-of-contact")
    steps.given_someone_signed_in(context, site, old)
    when_i_open(page, f"{home}/candidacy/calls/new/")
    steps.given_someone_signed_in(context, site, found.holder("president"))
    when_i_open(page, f"{home}/point-of-contact/new/")
    when_i_fill(page, **told.NEXT_CONTACT, act="~44/2026", starts_on=yesterday.isoformat(), with_role=True)
    when_i_write(page, function=both("Chef de service", "رئيس مصلحة"))
    when_i_send(page, said(lang, "The point of contact is named. Their page is public."))
    then_i_read(page, told.NEXT_CONTACT["name"], told.CONTACT["name"])
    baseline(page)
    assert list(PointOfContact.objects.order_by("pk").values_list("ends_on", flat=True)) == [yesterday, None]
    steps.given_someone_signed_in(context, site, old)
    told.then_i_am_refused(page, f"{home}/candidacy/calls/new/")

    steps.given_someone_signed_in(context, site, found.person(told.NEXT_CONTACT["email"]))
    when_i_open(page, f"{home}/desk/")
    baseline(page)
    when_i_open(page, f"{home}/candidacy/calls/new/")
    when_i_write(page, title=both("Appel inventé", "نداء مختلق", "Invented call"))
    closes = (told.today() + dt.timedelta(days=20)).isoformat()
    when_i_fill(page, source="Inventé", opened_on=today, closes_on=closes, closes_time="23:59", time_zone="UTC")
    when_i_fill(page, channel="online-form", address="https://example.org/appel")
    values, last = "Which values?", "Anything else?"
    when_i_fill(page, **{"q1-label_en": values, "q1-limit": "300", "q1-condition": "commitment-to-values"})
    when_i_press(page, "main form button[name=more]")
    when_i_fill(page, **{"q6-label_en": last, "q6-limit": "300000", "q6-optional": True})
    baseline(page)
    when_i_send(page)
    then_the_form_says(page, said(lang, "A question is not well filled in. Correct it below."))
    kept = {"q1-label_en": values, "q1-limit": "300", "q1-condition": "commitment-to-values", "q6-label_en": last}
    for name, typed in {**kept, "source": "Inventé", "closes_time": "23:59"}.items():
        expect(page.locator(f"main [name='{name}']")).to_have_value(typed)
    expect(page.locator("main [name='q6-optional']")).to_be_checked()
    expect(page.locator("main .field--wrong [name]")).to_have_attribute("name", "q6-limit")
    baseline(page)
    when_i_fill(page, **{"q6-limit": "300"})
    when_i_send(page, said(lang, "The call is entered. A dossier can answer it."))
    baseline(page)
    when_i_open(page, f"{home}/candidacy/dossiers/new/")
    when_i_send(page, said(lang, "The dossier is open. Its answers begin from those to the conditions."))
    baseline(page)
    dossier = Dossier.objects.get()
    address = page.url
    when_i_open(page, f"{home}/candidacy/answers/{dossier.call.uid}/which-values-1/")
    assert page.input_value("textarea[name=text_en]") == ANSWER["en"]
    when_i_fill(page, state="ready")
    when_i_send(page)
    _letter_of_support(page, address, signer="head", name="Driss Aït Azir", organisation="")
    _letter_of_support(page, address, signer="non-government", name="Khadija Amsal", organisation="Réseau Tamda")
    when_i_open(page, f"{home}/candidacy/eligibility/letter-sent/")
    when_i_write(page, reason=both("L'appel est ouvert, le dossier est prêt.", "النداء مفتوح والملف جاهز."))
    when_i_fill(page, verdict="met", source="Appel inventé", on=today)
    when_i_send(page)
    baseline(page)
    when_i_open(page, f"{address}freeze/")
    baseline(page)
    if page.locator("main [name=seen]").count():
        when_i_fill(page, seen=True)
    when_i_send(page, said(lang, "The dossier is frozen and public. Its papers are being printed."))
    when_i_open(page, f"{address}submit/")
    when_i_fill(page, file=told.paper("accuse", "Accusé de réception inventé."))
    baseline(page)
    when_i_send(page, said(lang, "The dossier is recorded as sent. The state of the Region follows."))
    when_i_open(page, f"{home}/exchanges/new/")
    when_i_fill(page, party="ogp", direction="sent", channel="online-form", on=today)
    when_i_write(page, subject=both("Dépôt du dossier", "إيداع الملف"))
    when_i_send(page)
    when_i_open(page, f"{address}answer/")
    when_i_fill(page, answer="admitted", on=today)
    when_i_write(page, text=both("La Région est admise.", "تم قبول الجهة.", "The Region is admitted."))
    when_i_send(page, said(lang, "OGP's answer is recorded. The state of the Region follows."))
    assert Dossier.objects.get().state == "admitted"
    assert list(StatusEvent.objects.order_by("pk").values_list("state", flat=True))[-2:] == ["submitted", "admitted"]

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{home}/membership/")
    then_i_read(page, {"fr": "La Région est admise.", "ar": "تم قبول الجهة."}[lang])
    baseline(page)
    when_i_open(page, address)
    then_i_read(page, ANSWER[lang])
    baseline(page)
    exports.print_papers(Dossier.objects.select_related("cycle__member", "call", "frozen").get())  # as the worker does
    archive = context.request.get(f"{address}dossier.zip")
    assert (archive.status, archive.body()[:2]) == (200, b"PK")


@pytest.mark.row("D1")
@pytest.mark.row("C0")
def test_plan_is_launched_at_a_regional_meeting(
    page: Page, context: BrowserContext, live_server: Any, baseline: Any, lang: str
) -> None:
    found = told.given_an_admitted_region()
    told.given_the_multi_stakeholder_meeting_was_held(found)
    site, home, today = live_server.url, f"{live_server.url}/{lang}/azirane", told.today().isoformat()

    steps.given_someone_signed_in(context, site, found.holder("coordinator"))
    when_i_open(page, f"{home}/cycles/plan/1/")
    baseline(page)
    when_i_follow(page, "/operations/hold-regional-launch/")
    baseline(page)
    when_i_follow(page, "?operation=hold-regional-launch&cycle=plan-1")
    when_i_fill(page, kind="launch", starts_at=told.typed(told.later_today()), place_fr="Aïn Tamda", open_to_all=True)
    when_i_write(page, title=both("Lancement régional du plan", "الإطلاق الجهوي للمخطط"))
    when_i_send(page)
    launch = Meeting.objects.latest("number")
    when_i_follow(page, "/agenda/new/")
    when_i_write(page, title=both("Le calendrier de la consultation", "جدول الاستشارة"))
    when_i_send(page)
    when_i_follow(page, "/documents/new/")
    when_i_write(page, title=both("Le plan de travail", "مخطط العمل"))
    when_i_fill(page, file=told.paper("calendrier", "Calendrier inventé."), sent_on=today, public=True)
    when_i_send(page)
    when_i_follow(page, "/invite/directory/")
    when_i_fill(page, categories="civil-society")
    when_i_fill(page, categories="media")
    baseline(page)
    when_i_send(page)
    assert launch.invitations.count() == 4
    when_i_follow(page, "/convene/")
    when_i_send(page)

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{home}/meetings/")
    baseline(page)
    when_i_follow(page, f"/meetings/{launch.number}/")
    then_i_read(page, said(lang, "Everyone may come"))
    baseline(page)

    steps.given_someone_signed_in(context, site, found.holder("coordinator"))
    for guest in launch.invitations.all()[:2]:
        when_i_open(page, f"{home}/meetings/{launch.number}/door/")
        when_i_press(page, f"main button[name=came][value='{guest.uid}']")
    when_i_open(page, f"{home}/meetings/{launch.number}/hold/")
    when_i_fill(page, closed_on=today)
    when_i_send(page)
    when_i_open(page, f"{home}/meetings/{launch.number}/minutes/edit/")
    when_i_write(page, text=both("La consultation ouvre aujourd'hui.", "تُفتح الاستشارة اليوم."))
    when_i_send(page)
    when_i_open(page, f"{home}/meetings/{launch.number}/minutes/approve/")
    when_i_fill(page, on=today)
    when_i_send(page)
    when_i_open(page, f"{home}/meetings/{launch.number}/minutes/publish/")
    when_i_send(page)
    when_i_open(page, f"{home}/cycles/plan/1/communication/new/")
    when_i_fill(page, stage="plan-1", kind="press-note", planned_on=today)
    when_i_write(page, title=both("Le plan commence", "انطلاق المخطط"))
    when_i_write(page, text=both("Chacun peut écrire à la Région.", "يمكن للجميع مراسلة الجهة."))
    baseline(page)
    when_i_send(page)
    when_i_follow(page, "/published/")
    when_i_fill(page, where="Radio communautaire d'Aïn Tamda", on=today)
    when_i_send(page)
    baseline(page)

    told.given_a_consultation_opened_today(found)
    steps.given_someone_signed_in(context, site, found.holder("point-of-contact"))
    when_i_open(page, f"{home}/membership/")
    when_i_follow(page, "/membership/new/")
    when_i_fill(page, state="effective", on=today, source="La consultation ouverte aujourd'hui")
    when_i_write(page, reason=both("La consultation est lancée.", "أُطلقت الاستشارة."))
    baseline(page)
    when_i_send(page)
    when_i_open(page, f"{home}/desk/?lines=all")
    baseline(page)
    when_i_open(page, f"{home}/cycles/plan/1/hand-over/")
    baseline(page)

    steps.given_nobody_signed_in(context)
    when_i_open(page, f"{home}/cycles/plan/1/timeline/")
    then_i_read(page, {"fr": "Lancement régional du plan", "ar": "الإطلاق الجهوي للمخطط"}[lang])
    baseline(page)
    when_i_open(page, f"{home}/membership/")
    then_i_read(page, {"fr": "La consultation est lancée.", "ar": "أُطلقت الاستشارة."}[lang])
    assert Operation.objects.get(cycle=found.cycle, code="hold-regional-launch").proofs.count() == 1
    assert StatusEvent.objects.latest("pk").state == "effective"


def _of(link: str) -> str:
    """Give the language in which a convocation's link is read."""
    return link.split("/")[1] if link.split("/")[1] in ("fr", "ar", "en", "zgh") else "fr"


def _vote_on(
    page: Page, council: str, file: int, *, number: str, on: str, replaces: str = "", baseline: Any = None
) -> Deliberation:
    """Record a vote by show of hands on a file's page."""
    when_i_open(page, f"{council}/{file}/vote/")
    when_i_fill(page, number=number, dated_on=on, decision="adopted", **COUNTS)
    if replaces:
        when_i_fill(page, replaces=replaces)
    if baseline:
        baseline(page)
    when_i_send(page)
    return Deliberation.objects.get(act__number=number)


def _send_for_control(page: Page, home: str, one: Deliberation, today: str) -> None:
    """Record that a deliberation left for the wali, its visa asked for."""
    when_i_open(page, f"{home}/deliberations/{one.uid}/send/")
    when_i_fill(page, sent_on=today, asks_visa=True)
    when_i_send(page)


def _refuse_the_visa(
    page: Page, context: BrowserContext, site: str, home: str, found: Any, one: Deliberation, lang: str, baseline: Any
) -> None:
    """Send a deliberation; the wali's services acknowledge it; the secretary records the refusal and publishes."""
    today = told.today().isoformat()
    _send_for_control(page, home, one, today)
    steps.given_someone_signed_in(context, site, found.person(told.WALI[1]))
    when_i_open(page, f"{home}/deliberations/{one.uid}/")
    when_i_follow(page, "/receipt/")
    when_i_fill(page, received_on=today)
    baseline(page)
    when_i_send(page, said(lang, "Receipt is acknowledged."))
    steps.given_someone_signed_in(context, site, found.holder("council-secretary"))
    when_i_open(page, f"{home}/deliberations/{one.uid}/visa/")
    when_i_fill(page, visa="refused", visa_on=today)
    when_i_press(page)
    then_the_form_says(
        page, said(lang, "Give the reasons of the refusal: they are published, and the new vote answers them.")
    )
    when_i_write(page, reasons=both("Le budget de l'opération n'est pas indiqué.", "لم تُبيَّن ميزانية العملية."))
    baseline(page)
    when_i_send(page, said(lang, "The answer is recorded."))
    when_i_open(page, f"{home}/deliberations/{one.uid}/publish/")
    when_i_send(page, said(lang, "The deliberation is published."))


def _letter_of_support(page: Page, dossier: str, *, signer: str, name: str, organisation: str) -> None:
    """Draft a letter of support on the dossier's page, then attach its signed copy."""
    when_i_open(page, f"{dossier}support/")
    when_i_fill(page, signer=signer, name=name, title="Présidence", organisation=organisation)
    when_i_send(page)
    when_i_follow(page, page.locator("main a[href*='/candidacy/support/'][href$='/sign/']").last)
    when_i_fill(page, file=told.paper(f"soutien-{signer}", f"Lettre de {name}."), signed_on=told.today().isoformat())
    when_i_send(page)
