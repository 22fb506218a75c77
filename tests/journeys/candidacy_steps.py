"""The sentences of the candidacy: a Region on its way to OGP, and what those who carry it do on its pages."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from openregion.admission import actions as admission
from openregion.consultation import actions as consultation
from openregion.core import outbox
from openregion.core.paper import Paper, Paragraph
from openregion.cycle import actions as cycles
from openregion.cycle.models import Cycle, Meeting, Proposal
from openregion.cycle.queries.guests import Guest
from openregion.people import actions as people
from openregion.people.models import Contact, Member, OutgoingMail, User
from openregion.record.press import pdf
from openregion.web.demonstration.consulting import opened
from openregion.web.demonstration.founding import Founding, words
from openregion.web.demonstration.joining import Joining
from tests.factories.questions import promised
from tests.journeys.steps import then_i_am_told, when_i_press

# Who is named in the course of the journeys, by the president's own hand; the others are named by deeds.
COORDINATOR = {"name": "Ilham Ouzirane", "email": "coordination@azirane.invalid"}
CONTACT = {"name": "Samira El Wadnouri", "email": "contact@azirane.invalid"}
NEXT_CONTACT = {"name": "Tariq Amsnaw", "email": "relais@azirane.invalid"}
TEAM = (("Loubna Tigrit", "equipe@azirane.invalid"), ("Said Ourikni", "equipe2@azirane.invalid"))
WALI = ("Services du wali", "wali@azirane.invalid")
GUEST = {"name": "Khadija Amsal", "organisation": "Réseau associatif Tamda", "email": "reseau@azirane.invalid"}
IN_OFFICE = 34  # members of the invented Council


def today() -> dt.date:
    """Give today's date in Casablanca."""
    return timezone.localdate()


def days_ago(number: int, hour: int = 10) -> dt.datetime:
    """Give an instant some days ago (or to come, under zero), at office hours."""
    day = today() - dt.timedelta(days=number)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def later_today() -> dt.datetime:
    """Give an instant of today that is still to come, so that a meeting of today can be convened."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    return min(now + dt.timedelta(hours=1), now.replace(hour=23, minute=59))


def typed(instant: dt.datetime) -> str:
    """Write an instant as the browser's calendar gives it."""
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


def paper(name: str, text: str) -> Any:
    """Make a PDF to upload; its words say what it stands for."""
    made = Paper(title=text, lang="fr", notice="Inventé", dated=today(), blocks=(Paragraph(text),))
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": pdf(made)}


def both(fr: str, ar: str, en: str = "") -> dict[str, str]:
    """Say something in French and Arabic, in English where OGP reads it."""
    return {"fr": fr, "ar": ar} | ({"en": en} if en else {})


# Given


@dataclass
class Candidacy:
    """The invented Region and its people, as far as the deeds of a journey have brought them."""

    founding: Founding
    joining: Joining | None = None
    cycle: Cycle | None = None

    @property
    def member(self) -> Member:
        """The Region's own space."""
        return self.founding.member

    def person(self, email: str) -> User:
        """Find someone by the address they sign in with."""
        return User.objects.get(email=email)

    def holder(self, role: str) -> User:
        """Find who holds a role since the founding."""
        return self.founding.person(role)


def given_a_region_that_decides_to_join() -> Candidacy:
    """Found the Region with all its people but two: nobody is coordinator or point of contact yet."""
    founding = Founding()
    missing = ("coordinator", "point-of-contact")
    founding.script["people"] = [one for one in founding.script["people"] if one["role"] not in missing]
    founding.script["seats"] = [one for one in founding.script["seats"] if one["actor"] not in missing]
    founding.play()
    found = Candidacy(founding)
    _given_the_rest_of_the_team(found)
    return found


def given_a_candidacy_under_way() -> Candidacy:
    """Name everyone, open the cycle, hold its first meetings: by deeds, for each was walked in an earlier journey."""
    founding = Founding()
    founding.play()
    found = Candidacy(founding, Joining(founding))
    _given_the_rest_of_the_team(found)
    joining = found.joining
    assert joining is not None
    joining.know_people()
    order, at = founding.acts["contact"], days_ago(400)
    admission.name_point_of_contact(
        member=founding.member,
        name=joining.contact.name,
        function=words(both("Directrice de projet", "مديرة مشروع"), at),
        email=joining.contact.email,
        telephone="",
        act=order,
        starts_on=order.dated_on,
        with_role=True,
        by=joining.president,
        at=at,
    )
    entry = next(one for one in founding.process["cycles"] if one["kind"] == "candidacy")
    joining.cycle = opened(entry, founding.member, joining.contact)
    joining.begin()
    for meeting in joining.script["meetings"]:
        joining.meet(meeting, joining.cycle)
    found.cycle = joining.cycle
    return found


def given_the_council_decided(found: Candidacy) -> None:
    """Have the Council vote the adhesion, the visa granted, by deeds: the journey of the Council walks them."""
    assert found.joining is not None
    found.joining.vote()


def given_answers_to_the_conditions(found: Candidacy, *, but: str) -> None:
    """Draft eight of the nine answers by deeds; the journey types the ninth."""
    assert found.joining is not None and found.cycle is not None
    for code, text in found.joining.script["answers"].items():
        if code != but:
            said = {"words": text, "gaps": {}, "state": "ready", "on_revision": 0}
            admission.draft_answer(found.cycle, question=code, **said, by=found.joining.coordinator, at=timezone.now())


def given_verdicts_on_eligibility(found: Candidacy, *, but: str) -> None:
    """Give the verdicts by deeds; the journey gives one."""
    assert found.joining is not None and found.cycle is not None
    for verdict in found.joining.script["verdicts"]:
        if verdict["criterion"] != but:
            said = verdict | {"reason": words(verdict["reason"], timezone.now())}
            by = {"by": found.joining.contact, "at": timezone.now()}
            admission.give_verdict(found.cycle, **said, on=today(), **by)


def given_an_order(found: Candidacy, *, number: str, on: dt.date, title: dict[str, str]) -> None:
    """Record an act of the presidency, by a deed."""
    entry = {"code": number, "kind": "order", "number": number, "dated_on": on, "title": title}
    found.founding.record(entry)


def given_a_frozen_file(found: Candidacy) -> Proposal:
    """Assemble the file of the adhesion and freeze it twenty days ago, by deeds."""
    assert found.joining is not None and found.cycle is not None
    said, at, by = found.joining.script["adhesion"], days_ago(20), found.joining.secretary
    file = cycles.open_proposal(
        found.cycle,
        subject="adhesion",
        council=found.founding.bodies["council"],
        title=words(said["title"], at),
        report=words(said["report"], at),
        decision_text=words(said["decision"], at),
        wants_visa=True,
        by=by,
        at=at,
    )
    return cycles.freeze_proposal(file, by=by, at=at)


def given_a_session_whose_agenda_left(found: Candidacy) -> Meeting:
    """Plan the Council's session five days from now; its agenda, of one other point, left ten days ago."""
    assert found.joining is not None
    by, at = found.joining.secretary, days_ago(10)
    title = words(both("Session ordinaire", "الدورة العادية", "Ordinary session"), at)
    session = cycles.plan_meeting(
        member=found.member,
        kind="ordinary-session",
        title=title,
        purpose={},
        starts_at=days_ago(-5),
        place=words(both("Salle du Conseil, Aïn Tamda", "قاعة المجلس، عين تامدة", "Council chamber, Aïn Tamda"), at),
        body=found.founding.bodies["council"],
        cycle=found.cycle,
        open_to_all=True,
        by=by,
        at=at,
    )
    point = words(both("Comptes de l'exercice", "حسابات السنة المالية", "Accounts of the year"), at)
    cycles.add_to_agenda(session, title=point, by=by, at=at)
    return cycles.convene_meeting(session, by=by, at=at, to_nobody=True)


def given_the_day_came(found: Candidacy, session: Meeting, *, ago: int) -> None:
    """Have a session's day be past: a test cannot wait for it, so the secretary moves it, by a deed."""
    assert found.joining is not None
    session.refresh_from_db()
    kept = {"title": session.title, "purpose": session.purpose, "place": session.place, "ends_at": None}
    moved = {"starts_at": days_ago(ago), "open_to_all": True, "operations": session.operations}
    cycles.revise_meeting(session, **kept, **moved, by=found.joining.secretary, at=timezone.now())


def given_an_extraordinary_session_of_today(found: Candidacy) -> Meeting:
    """Plan a session for this morning, by a deed."""
    assert found.joining is not None
    at = timezone.now()
    return cycles.plan_meeting(
        member=found.member,
        kind="extraordinary-session",
        title=words(both("Session extraordinaire", "الدورة الاستثنائية", "Extraordinary session"), at),
        purpose={},
        starts_at=timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0),
        place=words(both("Salle du Conseil, Aïn Tamda", "قاعة المجلس، عين تامدة", "Council chamber, Aïn Tamda"), at),
        body=found.founding.bodies["council"],
        cycle=found.cycle,
        open_to_all=True,
        asked_by="Présidence du Conseil",
        by=found.joining.secretary,
        at=at,
    )


def given_the_session_was_held(found: Candidacy, session: Meeting) -> None:
    """Record that a session sat with its quorum, by a deed: the journey recorded an earlier one on the page."""
    assert found.joining is not None
    by = {"by": found.joining.secretary, "at": timezone.now()}
    cycles.hold_meeting(session, closed_on=today(), members_in_office=IN_OFFICE, quorum_met=True, **by)


def given_an_admitted_region() -> Candidacy:
    """Play the whole candidacy by deeds, to OGP's admission, and open the cycle of the plan three weeks ago."""
    founding = Founding()
    founding.play()
    joining = Joining(founding)
    joining.play()
    found = Candidacy(founding, joining)
    _given_the_rest_of_the_team(found)
    first, by = today() - dt.timedelta(days=20), {"by": joining.contact, "at": days_ago(20)}
    found.cycle = cycles.open_cycle(member=founding.member, kind="plan", opened_on=first, **by)
    launch = found.cycle.stages.get(code="plan-1")
    cycles.date_stage(launch, starts_on=first, ends_on=first + dt.timedelta(days=40), **by)
    return found


def given_the_multi_stakeholder_meeting_was_held(found: Candidacy) -> None:
    """Hold the meeting that prepares the plan, by deeds: the journey walks the regional one on the pages."""
    assert found.joining is not None and found.cycle is not None
    found.joining.meet(found.joining.script["plan_meetings"][0], found.cycle)


def given_a_consultation_opened_today(found: Candidacy) -> None:
    """Open the consultation of civil society, by a deed: the trunk's own journeys walk it."""
    assert found.joining is not None and found.cycle is not None
    entry, at = found.founding.process["consultations"][0], timezone.now()
    consultation.open_consultation(
        found.cycle,
        slug=entry["slug"],
        stage=entry["stage"],
        title=words(entry["title"], at),
        question=words(entry["question"], at),
        themes=[("budget", words(both("Budget", "الميزانية", "Budget"), at))],
        opens_at=at,
        closes_at=at + dt.timedelta(days=60),
        **promised(at + dt.timedelta(days=60)),
        by=found.joining.contact,
        at=at,
    )


def given_a_contact(found: Candidacy, by: User) -> Contact:
    """Add an association to the directory, by a deed."""
    said = {"category": "civil-society", "lang": "fr", "gender": "woman", **GUEST}
    return people.add_contact(member=found.member, **said, by=by, at=timezone.now())


def given_the_messages_left() -> list[outbox.Kept]:
    """Let the worker send what waits, as it does a few seconds after a deed; give the messages, newest first."""
    call_command("send_mails", verbosity=0)
    return list(outbox.messages())


def _given_the_rest_of_the_team(found: Candidacy) -> None:
    """Name two members of the team and the wali's services, by deeds."""
    named = [("team-member", *one) for one in TEAM]
    for role, name, email in named:
        people.appoint(
            email=email,
            name=name,
            role=role,
            lang="fr",
            member=found.member,
            starts_on=dt.date(2024, 5, 20),
            by=found.holder("administrator"),
            at=timezone.now(),
        )


def given_guests(meeting: Meeting, by: User, *guests: Guest) -> None:
    """Invite the others, by a deed: the journey invites one on the page."""
    cycles.invite_to_meeting(meeting, guests=list(guests), by=by, at=timezone.now())


# When


def when_i_fill(page: Page, **answers: Any) -> None:
    """Fill in the fields of the form by their names, each as its kind asks: typed, chosen, ticked, given as a file."""
    for name, answer in answers.items():
        field = page.locator(f"main [name='{name}']")
        kind = field.first.evaluate("one => one.tagName === 'INPUT' ? one.type : one.tagName.toLowerCase()")
        if kind == "file":
            field.set_input_files(answer)
        elif kind == "select":
            option = field.locator("option", has_text=answer[1:]) if answer.startswith("~") else None
            field.select_option(option.first.get_attribute("value") if option else answer)
        elif kind in ("radio", "checkbox") and isinstance(answer, str):
            page.check(f"main [name='{name}'][value='{answer}']")
        elif kind == "checkbox":
            field.set_checked(answer)
        else:
            field.fill(answer)


def when_i_write(page: Page, **texts: dict[str, str]) -> None:
    """Write a text of the form in each of its languages."""
    for name, said in texts.items():
        when_i_fill(page, **{f"{name}_{lang}": text for lang, text in said.items()})


def when_i_send(page: Page, told: str = "") -> None:
    """Send the form, and read that it was done."""
    when_i_press(page, "main form button[type=submit]:not([name=insert], [name=more])")
    if told:
        then_i_am_told(page, told)


def the_link_of(name: str) -> str:
    """Give the path by which a guest answers, as their convocation gives it."""
    mail = OutgoingMail.objects.filter(kind="meeting-convocation", text__contains=name).latest("pk")
    found = re.search(r"https?://[^/\s]+(/\S*meetings/answers/\S+)", mail.text)
    assert found, mail.text
    return found.group(1)


# Then


def then_i_am_refused(page: Page, address: str) -> None:
    """The page is refused to whoever is signed in, in a sentence."""
    answer = page.goto(address, wait_until="load")
    assert answer is not None and answer.status == 403, f"{address}: {answer and answer.status}"


def then_the_form_says(page: Page, sentence: str) -> None:
    """The form came back with what is wrong, and the focus is on it."""
    expect(page.locator(".errors")).to_contain_text(sentence)
    expect(page.locator(".errors")).to_be_focused()
