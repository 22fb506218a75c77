"""Before a report is published: both languages, nothing that waits, drafts that somebody read; and who writes which."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions as consultation_actions
from openregion.consultation.actions.capture import Captured
from openregion.consultation.models import Consultation, Contribution, Sheet
from openregion.core.refusal import Refused
from openregion.diagnosis import actions, queries, rules
from openregion.diagnosis.models import Report
from openregion.people.models import Member, User
from openregion.people.rules import deeds_of
from openregion.record.models import JournalLine
from openregion.web.queries.desk import desk_of, due_of, is_for
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.cycle import CycleFactory
from tests.factories.meetings import InvitationFactory
from tests.factories.people import AT, MemberFactory, UserFactory, words
from tests.factories.reports import PassageFactory, ReportFactory, published_report
from tests.factories.workshops import ChargeFactory, WorkshopFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def rapporteur(member: Member) -> User:
    return UserFactory(role="rapporteur", at=member)


@pytest.fixture
def closed(member: Member) -> Consultation:
    return ConsultationFactory(cycle=CycleFactory(member=member), closed=True, slug="question")


def address(name: str, *args: Any, lang: str = "en") -> str:
    with override(lang):
        return reverse(name, args=args)


def refusal(report: Report, by: User, **asked: Any) -> str:
    with override("en"):
        return rules.why_not_publish_report(by, report, at=timezone.now(), **({"drafts_read": True} | asked))


# Both languages


@pytest.mark.parametrize(("lacking", "name"), [("ar", "العربية"), ("fr", "Français")])
def test_report_is_not_published_without_french_or_arabic(
    client: Client, closed: Consultation, contact: User, lacking: str, name: str
) -> None:
    client.force_login(contact)
    report = ReportFactory(member=closed.cycle.member, consultation=closed)
    text = words("Il faut creuser un puits.", "يجب حفر بئر.")
    kept = {lang: said for lang, said in text.items() if lang != lacking}
    one = PassageFactory(report=report, section="conclusion", text=kept)
    reason = refusal(report, contact)
    assert ("1 passage is not written in both" in reason, f"(missing: {name})" in reason) == (True, True)
    with pytest.raises(Refused):
        actions.publish_report(report, by=contact, at=timezone.now(), drafts_read=True)
    page = client.get(address("publish_report", "ici", report.number)).content.decode()
    assert f'href="{address("revise_passage", "ici", report.number, one.uid)}"' in page
    assert "Publish it" not in page
    actions.revise_passage(one, section="conclusion", text=text, by=contact, at=AT)
    assert refusal(report, contact) == ""


def test_refusal_names_three_passages_and_the_page_names_all(
    client: Client, closed: Consultation, contact: User
) -> None:
    client.force_login(contact)
    report = ReportFactory(member=closed.cycle.member, consultation=closed)
    some = [PassageFactory(report=report, text=words(f"Phrase {n}.", "")) for n in range(5)]
    reason = refusal(report, contact)
    assert [f"Phrase {n}." in reason for n in range(5)] == [True, True, True, False, False]
    page = client.get(address("publish_report", "ici", report.number))
    assert [one.uid for one in page.context["page"].untranslated] == [one.uid for one in some]


def test_people_s_own_words_ask_for_no_translation_and_the_page_says_whose_they_are(
    client: Client, closed: Consultation, contact: User
) -> None:
    met = WorkshopFactory(consultation=closed, held=True)
    Sheet.objects.create(workshop=met, table=1, lang="fr", words={"recommendations": "Un puits"}, sent_at=AT)
    report = actions.draft_report(closed, kind="meeting", workshop=met, by=contact, at=AT)
    copied = report.passages.get(section="recommendations")
    assert (copied.as_given, set(copied.text), refusal(report, contact)) == (True, {"fr"}, "")
    actions.publish_report(report, by=contact, at=timezone.now(), drafts_read=True)
    arabic = client.get(address("report", "ici", report.number, lang="ar")).content.decode()
    english = client.get(address("report", "ici", report.number)).content.decode()
    assert ('lang="fr" dir="ltr"' in arabic, "In the words of those who gave them." in english) == (True, True)


# What waits for moderation


def test_report_waits_for_what_moderation_has_not_read(client: Client, closed: Consultation, contact: User) -> None:
    client.force_login(contact)
    report = ReportFactory(member=closed.cycle.member, consultation=closed)
    waiting = [SuggestionFactory(consultation=closed) for _ in range(2)]
    SuggestionFactory(consultation=closed, withdrawn=True)
    SuggestionFactory(consultation=closed, erased_at=AT)
    assert refusal(report, contact).startswith("2 suggestions that this report speaks of wait")
    page = client.get(address("publish_report", "ici", report.number)).content.decode()
    assert (f'href="{address("moderation", "ici")}"' in page, "Publish it" in page) == (True, False)
    Contribution.objects.filter(pk__in=[one.pk for one in waiting]).update(moderation="spam")
    assert refusal(report, contact) == ""


def test_what_arrives_later_is_said_on_the_page_of_the_report(
    client: Client, closed: Consultation, contact: User
) -> None:
    hidden = SuggestionFactory(consultation=closed, hidden=True)
    listed = SuggestionFactory(consultation=closed, published=True)
    report = ReportFactory(member=closed.cycle.member, consultation=closed, cites=1)
    path = address("report", "ici", report.number)
    actions.publish_report(report, by=contact, at=timezone.now())
    assert "Arrived since" not in client.get(path).content.decode()
    # An appeal was heard.
    Contribution.objects.filter(pk=hidden.pk).update(moderation="published", hidden_for="")
    page = client.get(path + "?again=1").content.decode()
    assert "Arrived since this report was published: 1 suggestion." in page
    since = client.get(address("report_uncited", "ici", report.number) + "?since=1").context["page"]
    assert ([one.number for one in since.voices.voices], since.count) == ([hidden.number], 1)
    usual = client.get(address("report_uncited", "ici", report.number)).context["page"]
    assert [one.number for one in usual.voices.voices] == [listed.number]


# What the platform drafted


def test_whoever_publishes_says_having_read_what_nobody_changed(
    client: Client, closed: Consultation, contact: User
) -> None:
    client.force_login(contact)
    SuggestionFactory(consultation=closed, published=True)
    report = actions.draft_report(closed, kind="final", by=contact, at=AT)
    drafted = report.passages.filter(drafted=True).count()
    assert refusal(report, contact, drafts_read=False).startswith(f"The platform drafted {drafted} passages")
    publish = address("publish_report", "ici", report.number)
    page = client.get(publish)
    assert len(page.context["page"].drafted) == drafted
    assert f"{drafted} passages were drafted by the platform, and nobody changed them" in page.content.decode()
    refused = client.post(publish)
    assert (refused.status_code, Report.objects.get().state) == (200, "draft")
    assert f"The platform drafted {drafted} passages" in refused.content.decode()
    assert client.post(publish, {"drafts_read": "on"}).status_code == 302
    assert JournalLine.objects.get(verb="publish_report").facts["drafted"] == drafted
    told = client.get(address("report", "ici", report.number)).content.decode()
    assert f"{drafted} of {drafted} passages" in told


# The page that publishes


def test_page_that_publishes_says_the_right_thing_of_nought(
    client: Client, closed: Consultation, contact: User
) -> None:
    client.force_login(contact)
    report = ReportFactory(member=closed.cycle.member, consultation=closed, cites=2)
    page = client.get(address("publish_report", "ici", report.number)).content.decode()
    assert "Each published suggestion that it speaks of is cited in it." in page
    assert ("cited nowhere" in page, "Publish it" in page) == (False, True)
    SuggestionFactory(consultation=closed, published=True)
    page = client.get(address("publish_report", "ici", report.number)).content.decode()
    assert "1 suggestion is cited nowhere in it, and the report lists it." in page


def test_button_is_hidden_while_publishing_would_be_refused_and_the_page_says_why(
    client: Client, member: Member, contact: User
) -> None:
    client.force_login(contact)
    report = ReportFactory(member=member, consultation=ConsultationFactory(cycle=CycleFactory(member=member)))
    for name in ("publish_report", "report"):
        page = client.get(address(name, "ici", report.number)).content.decode()
        assert ("This report cannot be published yet" in page, "People can still write until" in page) == (True, True)
        assert ("Publish it" in page, ">Publish the report</a>" in page) == (False, False)
    client.force_login(UserFactory(role="team-member", at=member))
    assert "cannot be published yet" not in client.get(address("report", "ici", report.number)).content.decode()


# The rapporteur


def took_notes(by: User, how: str, consultation: Consultation) -> Any:
    """Have somebody be the rapporteur of a workshop that was held, in one of the ways that say so."""
    met = WorkshopFactory(consultation=consultation, on_its_day=True)
    at = met.meeting.starts_at + dt.timedelta(minutes=5)
    if how == "suggestions":
        item = Captured(ticket=f"{met.pk:032x}", words={"idea": "Un puits."}, lang="fr", said_at=at)
        consultation_actions.capture_suggestions(met, items=[item], by=by, at=at)
    elif how == "sheet":
        consultation_actions.send_sheet(
            met, table=1, words={"priorities": "L’eau."}, lang="fr", from_edition=0, by=by, at=at
        )
    else:
        invited = InvitationFactory(meeting=met.meeting, answer="coming", email=by.email.upper())
        ChargeFactory(workshop=met, rapporteur=True, invitation=invited)
    met.meeting.state = "held"
    met.meeting.save(update_fields=["state"])
    return met


@pytest.mark.parametrize("how", ["suggestions", "sheet", "chosen"])
def test_rapporteur_drafts_and_edits_the_report_of_their_workshop_and_does_not_publish_it(
    client: Client, member: Member, rapporteur: User, how: str
) -> None:
    consultation = ConsultationFactory(cycle=CycleFactory(member=member), slug="question")
    mine, other = took_notes(rapporteur, how, consultation), WorkshopFactory(consultation=consultation, held=True)
    client.force_login(rapporteur)
    offered = client.get(address("new_report", "ici")).context["form"].fields["of"].choices
    asked = f"{consultation.uid}|meeting|{mine.meeting.number}"
    assert [value for _group, choices in offered for value, _label in choices] == [asked]
    assert client.post(address("new_report", "ici"), {"of": asked})["Location"] == address("report", "ici", 1)
    report = Report.objects.get()
    does: dict[str, Any] = {"by": rapporteur, "at": timezone.now()}
    passage = actions.write_passage(report, section="conclusion", text=words("Voilà."), **does)
    actions.revise_passage(passage, section="conclusion", text=words("Voilà tout."), **does)
    assert client.get(address("report", "ici", 1)).status_code == 200
    assert client.get(address("cite_in_passage", "ici", 1, passage.uid)).status_code == 200
    actions.remove_passage(passage, **does)
    for deed in (actions.publish_report, actions.discard_report):
        with pytest.raises(Refused):
            deed(report, **does)
    assert client.get(address("publish_report", "ici", 1)).status_code == 403
    with pytest.raises(Refused):
        actions.draft_report(consultation, kind="meeting", workshop=other, **does)


def test_rapporteur_neither_reads_nor_writes_the_drafts_of_others(
    client: Client, closed: Consultation, contact: User, rapporteur: User
) -> None:
    mine = took_notes(rapporteur, "chosen", closed)
    other = WorkshopFactory(consultation=closed, held=True)
    reports = [
        actions.draft_report(closed, kind=kind, workshop=met, by=contact, at=AT)
        for kind, met in (("meeting", mine), ("meeting", other), ("final", None))
    ]
    client.force_login(rapporteur)
    assert [client.get(address("report", "ici", one.number)).status_code for one in reports] == [200, 404, 404]
    assert [line.number for line in client.get(address("reports", "ici")).context["lines"]] == [reports[0].number]
    for one in reports[1:]:
        with override("en"):
            reason = rules.why_not_write_passage(rapporteur, one, section="conclusion", text=words("Non."))
        assert reason.startswith("A rapporteur writes the report of the workshop where they took notes")
        uid = one.passages.all()[0].uid
        for name, *rest in (("cite_in_passage", uid), ("stop_report",)):
            assert client.post(address(name, "ici", one.number, *rest)).status_code == 403
    assert rules.writes_of_all(contact, closed.cycle.member)


def test_rapporteur_without_a_workshop_reads_what_they_may_write(
    client: Client, closed: Consultation, rapporteur: User
) -> None:
    client.force_login(rapporteur)
    page = client.get(address("new_report", "ici")).content.decode()
    assert "You write the report of a workshop where you took notes" in page
    assert list(queries.reports_page(closed.cycle.member, drafts=Report.objects.none())) == []


def test_desk_of_a_rapporteur_offers_the_reports_of_meetings_alone(
    closed: Consultation, contact: User, rapporteur: User
) -> None:
    member = closed.cycle.member
    met = WorkshopFactory(consultation=closed, held=True)
    lines = {one.key: one.deed for one in queries.due(member, timezone.localdate())}
    offered = {key for key, deed in lines.items() if deed in deeds_of(rapporteur, member)}
    assert offered == {f"report:meeting:{met.uid}"} < set(lines)
    assert {key for key, deed in lines.items() if deed in deeds_of(contact, member)} == set(lines)


@pytest.mark.parametrize("how", ["suggestions", "sheet", "chosen"])
def test_desk_of_a_rapporteur_has_the_reports_of_their_own_workshops_and_each_line_leads_somewhere(
    client: Client, member: Member, contact: User, rapporteur: User, how: str
) -> None:
    asked = ConsultationFactory(cycle=CycleFactory(member=member), slug="question")
    mine, begun = took_notes(rapporteur, how, asked), took_notes(rapporteur, how, asked)
    other, theirs = (WorkshopFactory(consultation=asked, held=True) for _ in range(2))
    ConsultationFactory(cycle=asked.cycle, closed=True, slug="close")
    own, draft = (
        actions.draft_report(asked, kind="meeting", workshop=met, by=contact, at=AT) for met in (begun, theirs)
    )
    actions.draft_report(asked, kind="online", by=contact, at=AT)
    client.force_login(rapporteur)
    lines = [line for line in due_of(member, timezone.localdate()) if line.key.startswith("report:")]
    held = {
        user: {line.key for line in lines if is_for(line, user, deeds_of(user, member))}
        for user in (contact, rapporteur, UserFactory(role="rapporteur", at=member))
    }
    here = {f"report:meeting:{mine.uid}", f"report:{own.uid}"}
    everything = {line.key for line in lines}
    assert {f"report:meeting:{other.uid}", f"report:{draft.uid}", *here} < everything
    assert [*held.values()] == [everything, here, set()]
    shown = [
        line
        for one in desk_of(rapporteur, member, mine=False).sections
        for line in (*one.lines, *one.folded)
        if any(line.act_url == each.act_url for each in lines)
    ]
    assert (len(shown), sum(line.may for line in shown)) == (len(lines), 2)
    for line in shown:
        for path in [line.url, *([line.act_url] if line.may else [])]:
            assert (path, client.get(path).status_code) == (path, 200)


def test_desk_asks_who_took_notes_once_for_all_workshops(closed: Consultation, rapporteur: User) -> None:
    member = closed.cycle.member

    def questions() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.due(member, timezone.localdate())
        return len(seen)

    took_notes(rapporteur, "chosen", closed)
    few = questions()
    for _number in range(5):
        took_notes(UserFactory(role="rapporteur", at=member), "chosen", closed)
    assert questions() == few


def test_report_offers_a_rapporteur_what_they_may_do_on_it(
    client: Client, closed: Consultation, contact: User, rapporteur: User
) -> None:
    mine, other = took_notes(rapporteur, "chosen", closed), WorkshopFactory(consultation=closed, held=True)
    of: dict[str, Any] = {"consultation": closed, "member": closed.cycle.member, "kind": "meeting", "cites": 1}
    # Published, anyone reads it; but only who took notes there begins its correction.
    draft = ReportFactory(workshop=mine, state="draft", **of)
    out = [published_report(by=contact, workshop=met, **of) for met in (other, took_notes(rapporteur, "sheet", closed))]
    client.force_login(rapporteur)
    offered = [client.get(address("report", "ici", one.number)).context["may"] for one in (draft, *out)]
    writing = {"draft_report", "write_passage", "revise_passage", "remove_passage", "cite_in_passage"}
    assert offered == [writing, set(), {"draft_report"}]
    client.force_login(contact)
    both = [client.get(address("report", "ici", one.number)).context["may"] for one in (draft, out[0])]
    assert both == [{*writing, "publish_report", "discard_report"}, {"draft_report"}]
