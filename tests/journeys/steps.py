"""The sentences that journeys are told in: what is given, what someone does, what they then read."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from playwright.sync_api import BrowserContext, Locator, Page, expect

from openregion.consultation import actions as consultation
from openregion.consultation.models import Consultation, Contribution
from openregion.core.paper import Paper, Paragraph
from openregion.cycle import actions as cycles
from openregion.cycle.models import Cycle
from openregion.diagnosis import actions as diagnosis
from openregion.diagnosis.models import Finding
from openregion.monitoring import actions as monitoring
from openregion.people.models import Body, Member, User
from openregion.plan import actions as plan
from openregion.plan.models import Commitment
from openregion.record.actions import store_file
from openregion.record.press import pdf
from openregion.web.demonstration.consulting import Consulting
from openregion.web.demonstration.founding import Founding, words
from tests.factories.questions import promised

PAIRS = [("ar", {"width": 360, "height": 740}), ("fr", {"width": 1280, "height": 900})]
PAIRS_IDS = ["ar-phone", "fr-desk"]
BUDGET = {"fr": "Un budget lisible", "ar": "ميزانية مقروءة", "en": "A budget one can read"}
PROBLEM = "تُنشر ميزانية الجهة في جداول طويلة لا يفهمها أحد في دوارنا."


def _lately() -> dt.datetime:
    """Three days ago: after people wrote, before anyone reports."""
    return timezone.now() - dt.timedelta(days=3)


def said(lang: str, sentence: str | Promise, **values: Any) -> str:
    """Give a sentence of the pages, or one of their names, as they say it in a language."""
    with override(lang):
        told = gettext(sentence) if isinstance(sentence, str) else str(sentence)
        return told % values if values else told


# Given


@dataclass
class Region:
    """The invented Region with a consultation open today: only what a journey needs is played."""

    founding: Founding
    cycle: Cycle
    consultation: Consultation

    @property
    def member(self) -> Member:
        """The Region's own space."""
        return self.founding.member

    def person(self, role: str, unit: str = "") -> User:
        """Find who holds a role."""
        return self.founding.person(role, unit)

    def unit(self, code: str) -> Body:
        """Find a unit of the administration."""
        return self.founding.bodies[code]

    @property
    def contact(self) -> User:
        """The official point of contact."""
        return self.person("point-of-contact")

    def hear(self, *texts: str, lang: str = "ar", published: bool = False, **more: Any) -> list[consultation.Received]:
        """Receive suggestions an hour apart, from a week ago; published by the moderator when asked."""
        heard = []
        for rank, text in enumerate(texts):
            at = timezone.now() - dt.timedelta(days=7) + dt.timedelta(hours=rank)
            said_so = {"words": {"problem": text}, "lang": lang, "channel": "online"} | more
            received = consultation.receive_suggestion(self.consultation, **said_so, at=at)
            if published:
                moderator = self.person("moderator")
                read = consultation.publish_contribution(received.contribution, by=moderator, at=at)
                received = replace(received, contribution=read)
            heard.append(received)
        return heard

    def gather(self, *voices: Contribution) -> Finding:
        """Gather the voices into a published finding."""
        said_so = {"title": words(BUDGET, _lately()), "synthesis": words(BUDGET, _lately()), "reference": ""}
        finding = diagnosis.write_finding(self.cycle, contributions=voices, **said_so, **self._by_contact())
        return diagnosis.publish_finding(finding, **self._by_contact())

    def draft(self) -> Commitment:
        """Begin the plan, and one sheet that the budget unit fills in."""
        first = _lately().date()
        days = {"starts_on": first, "ends_on": first + dt.timedelta(days=700)}
        shared = {"title": words(BUDGET, _lately()), **days, **self._by_contact()}
        return plan.draft_commitment(plan.draft_plan(self.cycle, **shared), unit=self.unit("budget"), **shared)

    def promise(self, *voices: Contribution) -> Commitment:
        """Gather and answer the voices, promise on them, freeze, have it voted and publish it."""
        by = self._by_contact()
        finding, commitment = self.gather(*voices), self.draft()
        answer = {"decision": "taken-up", "reasons": words(BUDGET, _lately()), "finding": finding}
        response = plan.give_reasoned_response(self.cycle, contributions=voices, **answer, **by)
        plan.cite_source(commitment, finding=finding, **by)
        plan.cite_source(commitment, response=response, **by)
        version = plan.freeze_plan(commitment.plan, **by)
        act = {"code": "plan", "kind": "deliberation", "number": "9", "dated_on": _lately().date(), "title": BUDGET}
        voted = {"act": self.founding.record(act), "decision": "adopted"}
        of = {"subject_type": "PlanVersion", "subject_uid": version.uid}
        deliberation = cycles.record_deliberation(self.cycle, **voted, **of, **by)
        plan.publish_plan(plan.adopt_plan(version, deliberation=deliberation, **by), **by)
        return commitment

    def _by_contact(self) -> dict[str, Any]:
        return {"by": self.contact, "at": _lately()}

    def report(self, commitment: Commitment) -> None:
        """Report half of the work, with a file that anyone can open."""
        at = timezone.now() - dt.timedelta(days=1)
        head = self.person("unit-head", "budget")
        paper = Paper(title="Compte rendu", lang="fr", notice="Inventé", dated=at.date(), blocks=(Paragraph("Fait."),))
        upload = SimpleUploadedFile("compte-rendu.pdf", pdf(paper))
        stored = store_file(upload=upload, member_code=self.member.slug, by_ref=head.reference, at=at)
        monitoring.report_progress(
            commitment,
            level="substantial",
            text=words({"fr": "Moitié faite.", "ar": "أُنجز النصف.", "en": "Half is done."}, at),
            as_of=at.date(),
            evidence=[monitoring.Shown(title=words(BUDGET, at), file=stored)],
            by=head,
            at=at,
        )


def given_a_region_that_asks() -> Region:
    """Found the invented Region, open its cycle and ask one question, open for two weeks around today."""
    founding = Founding()
    founding.play()
    acts = Consulting(founding)
    cycle = acts.open(acts.script["cycles"][1])
    entry, now = acts.script["consultations"][0], timezone.now()
    opens = now - dt.timedelta(days=14)
    asked = consultation.open_consultation(
        cycle,
        slug=entry["slug"],
        stage=entry["stage"],
        title=words(entry["title"], opens),
        question=words(entry["question"], opens),
        themes=[("budget", words({"fr": "Budget", "ar": "الميزانية", "en": "Budget"}, opens))],
        opens_at=opens,
        closes_at=now + dt.timedelta(days=14),
        **promised(now + dt.timedelta(days=14)),
        by=acts.contact,
        at=opens,
    )
    return Region(founding, cycle, asked)


def given_someone_signed_in(context: BrowserContext, site: str, user: User) -> None:
    """Put the person's session in the browser, as signing in leaves it."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def given_nobody_signed_in(context: BrowserContext) -> None:
    """Take every cookie out of the browser."""
    context.clear_cookies()


# When


def when_i_open(page: Page, address: str) -> None:
    """Open an address; it answers 200."""
    answer = page.goto(address, wait_until="load")
    assert answer is not None and answer.status == 200, f"{address}: {answer and answer.status}"


def when_i_follow(page: Page, link: str | Locator) -> None:
    """Follow a link of the content, named by what its address ends with."""
    found = page.locator(f"main a[href$='{link}']:visible").first if isinstance(link, str) else link
    with page.expect_navigation():
        found.click()


def when_i_press(page: Page, button: str = "main form button[type=submit]") -> None:
    """Press a button of the content: the last of its form unless another is named."""
    with page.expect_navigation():
        page.locator(button).last.click()


def when_i_tab_to(page: Page, target: str | Locator, *, most: int = 150) -> Locator:
    """Reach something with the Tab key alone, as someone who has no mouse, and see the focus on it."""
    found = (page.locator(f"{target}:visible") if isinstance(target, str) else target).first
    expect(found).to_be_visible()
    wanted = found.element_handle()
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement === wanted", wanted):
            seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert seen != "none", f"{page.url}: the focus does not show on {found}"
            return found
    raise AssertionError(f"{page.url}: {most} times Tab never reached {found}")


def when_i_enter(page: Page, target: str | Locator) -> None:
    """Tab to a link or a button and press Enter; another page comes."""
    when_i_tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def when_i_unfold(page: Page, target: str) -> None:
    """Tab to a summary and press Enter; what it folds shows."""
    summary = when_i_tab_to(page, target)
    page.keyboard.press("Enter")
    expect(summary.locator("..")).to_have_attribute("open", "")


# Then


def then_i_see_direction(page: Page, direction: str) -> None:
    """The page runs that way."""
    assert page.locator("html").get_attribute("dir") == direction


def then_i_read(page: Page, *sentences: str) -> None:
    """The content says these sentences."""
    for sentence in sentences:
        expect(page.locator("main")).to_contain_text(sentence)


def then_i_am_told(page: Page, sentence: str) -> None:
    """The message at the head of the page says it."""
    expect(page.locator("[role=status]").filter(has_text=sentence)).to_be_visible()


def then_i_am_at(page: Page, ending: str) -> None:
    """The address ends so."""
    expect(page).to_have_url(re.compile(ending))


def then_the_error_says(page: Page, sentence: str) -> None:
    """The summary of errors has the focus and says what to do."""
    summary = page.locator(".errors")
    expect(summary).to_contain_text(sentence)
    expect(summary).to_be_focused()
