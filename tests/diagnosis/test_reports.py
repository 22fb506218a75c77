"""Reports of what was said: who writes them, what a draft is drawn from, what they cite and list."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from openregion.consultation.actions.takers import count_takers
from openregion.consultation.capture_passes import source_of
from openregion.consultation.models import (
    Consultation,
    Contribution,
    Notice,
    PaperForm,
    Profile,
    Sheet,
    Vote,
)
from openregion.consultation.queries.takers import takers_page
from openregion.core.official import is_out_of_date, official, reworded, text_in
from openregion.core.refusal import Refused
from openregion.cycle.models import Proof
from openregion.diagnosis import actions, queries, rules, tasks
from openregion.diagnosis.actions import drafting
from openregion.diagnosis.models import Citation, Passage, Report
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine, SearchEntry
from openregion.web import journey
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.cycle import CycleFactory
from tests.factories.diagnosis import FindingFactory
from tests.factories.people import AT, MemberFactory, TerritoryFactory, UserFactory, words
from tests.factories.reports import PassageFactory, ReportFactory, published_report
from tests.factories.workshops import WorkshopFactory, peopled

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]
DEEDS = (
    "draft_report", "write_passage", "revise_passage", "remove_passage", "cite_in_passage", "publish_report",
    "discard_report",
)  # fmt: skip
ROLES = ("administrator", "point-of-contact", "coordinator", "team-member", "unit-head", "moderator")
LANGUAGES = ("ar", "zgh", "fr", "en")
KIND = Report.Kind


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def closed(member: Member) -> Consultation:
    return ConsultationFactory(cycle=CycleFactory(member=member), closed=True, slug="question")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def given(consultation: Consultation, count: int, **fields: Any) -> list[Contribution]:
    return [SuggestionFactory(consultation=consultation, **({"published": True} | fields)) for _ in range(count)]


def said(report: Report, section: str, lang: str = "fr") -> list[str]:
    return [text_in(one.text, lang) for one in report.passages.filter(section=section)]


def publish(report: Report, by: User) -> Report:
    """Publish a report as somebody does who has read what the platform drafted."""
    return actions.publish_report(report, by=by, at=timezone.now(), drafts_read=True)


def said_by_both(lang: str, met: int, out: int) -> str:
    with override(lang):
        both = gettext("Said in meetings (suggestions cited: %(met)s) and outside them (suggestions cited: %(out)s).")
        return both % {"met": met, "out": out}


def why_not(by: User, deed: str, report: Report) -> str:
    passage = report.passages.first() or PassageFactory(report=report)
    one = SuggestionFactory(consultation=report.consultation, published=True)
    new: dict[str, Any] = {"section": "conclusion", "text": words("Des mots inventés.")}
    fresh = ConsultationFactory(cycle=report.consultation.cycle)
    return {
        "draft_report": lambda: rules.why_not_draft_report(by, fresh, kind="final"),
        "write_passage": lambda: rules.why_not_write_passage(by, report, **new),
        "revise_passage": lambda: rules.why_not_revise_passage(by, passage, **new),
        "remove_passage": lambda: rules.why_not_remove_passage(by, passage),
        "cite_in_passage": lambda: rules.why_not_cite_in_passage(by, passage, contributions=[one]),
        "publish_report": lambda: rules.why_not_publish_report(by, report, at=timezone.now(), drafts_read=True),
        "discard_report": lambda: rules.why_not_discard_report(by, report),
    }[deed]()


# Who may, and when


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_reports_are_written_and_published_by_those_the_guide_names(member: Member, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    report = ReportFactory(member=member, cites=1)
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    expected = {deed for deed in DEEDS if named and deed in named.deeds}
    assert {deed for deed in DEEDS if not why_not(by, deed, report)} == expected


@pytest.mark.parametrize("state", list(Report.State))
def test_deeds_on_a_report_follow_its_state(member: Member, contact: User, state: Report.State) -> None:
    report = published_report(by=contact, member=member) if state == "published" else ReportFactory(member=member)
    if state == "writing":
        Report.objects.filter(pk=report.pk).update(state=state)
        report.refresh_from_db()
    allowed = {deed for deed in DEEDS if not why_not(contact, deed, report)}
    assert allowed == {*rules.MOVES[state], "draft_report"}


def test_report_is_of_something_and_written_once(closed: Consultation, contact: User) -> None:
    theme, elsewhere = closed.themes.first(), ConsultationFactory(cycle=closed.cycle).themes.first()
    planned, held = WorkshopFactory(consultation=closed), WorkshopFactory(consultation=closed, held=True)
    wrong: list[dict[str, Any]] = [
        {"kind": "poem"}, {"kind": "theme"}, {"kind": "theme", "theme": elsewhere}, {"kind": "meeting"},
        {"kind": "final", "theme": theme}, {"kind": "meeting", "workshop": planned},
    ]  # fmt: skip
    for asked in wrong:
        assert rules.why_not_draft_report(contact, closed, **asked) != "", asked
    right: list[dict[str, Any]] = [{"kind": "theme", "theme": theme}, {"kind": "meeting", "workshop": held}]
    for asked in right:
        actions.draft_report(closed, by=contact, at=AT, **asked)
        with pytest.raises(Refused):
            actions.draft_report(closed, by=contact, at=AT, **asked)
    assert Report.objects.count() == 2


def test_report_drawn_from_the_whole_waits_until_the_consultation_closes(member: Member, contact: User) -> None:
    still_open = ConsultationFactory(cycle=CycleFactory(member=member))
    met = WorkshopFactory(consultation=still_open, held=True)
    for asked in ({"kind": "final"}, {"kind": "online"}, {"kind": "theme", "theme": still_open.themes.first()}):
        report = actions.draft_report(still_open, by=contact, at=AT, **asked)
        assert rules.why_not_publish_report(contact, report, at=timezone.now(), drafts_read=True) != ""
    report = actions.draft_report(still_open, kind="meeting", workshop=met, by=contact, at=AT)
    assert rules.why_not_publish_report(contact, report, at=timezone.now(), drafts_read=True) == ""


def test_report_that_says_nothing_is_not_published(member: Member, contact: User) -> None:
    report = ReportFactory(member=member)
    report.passages.all().delete()
    with pytest.raises(Refused):
        publish(report, contact)


def test_only_what_the_report_speaks_of_and_everyone_reads_is_cited(closed: Consultation, contact: User) -> None:
    first, second = closed.themes.all()
    [mine, other] = given(closed, 1, placed__theme=first) + given(closed, 1, placed__theme=second)
    states: list[dict[str, Any]] = [{"hidden": True}, {"spam": True}, {"withdrawn": True}, {"published": False}]
    refused = [
        one for state in states for one in given(closed, 1, placed__theme=first, **({"published": False} | state))
    ]
    report = actions.draft_report(closed, kind="theme", theme=first, by=contact, at=AT)
    passage = PassageFactory(report=report)
    actions.cite_in_passage(passage, contributions=[mine], by=contact, at=AT)
    for one in [other, *refused, SuggestionFactory(published=True)]:
        with pytest.raises(Refused):
            actions.cite_in_passage(passage, contributions=[one], by=contact, at=AT)
    assert set(passage.citations.values_list("contribution", flat=True)) == {mine.pk}


# What a draft is drawn from


def test_report_tells_who_took_part_as_it_was_counted(closed: Consultation, contact: User) -> None:
    given(closed, 2)
    before = timezone.now() - dt.timedelta(days=20)
    Profile.objects.bulk_create(Profile(consultation=closed, channel="online", gender="man") for _one in range(12))
    counted = count_takers(closed, at=before)
    report = actions.draft_report(closed, kind="online", by=contact, at=before + dt.timedelta(days=1))
    Profile.objects.bulk_create(Profile(consultation=closed, channel="paper", gender="woman") for _one in range(15))
    later = count_takers(closed, at=before + dt.timedelta(days=10))
    assert counted is not None
    assert later is not None
    page = takers_page(closed, until=before + dt.timedelta(days=1))
    [french] = [one for one in said(report, "who") if "12" in one]
    with override("fr"):
        gaps = takers_page(closed, until=before + dt.timedelta(days=1)).missing.gaps
    assert (page.people, [line for line in french.splitlines() if line.startswith("– ")]) == (
        "12", [f"– {gap}" for gap in gaps],
    )  # fmt: skip
    assert len([one for one in said(report, "who", "ar") if "12" in one]) == 1
    publish(report, contact)
    day = timezone.localdate(before).isoformat()
    first = {"counted_on": day, "people": 12, "sha256": counted.sha256}
    assert queries.stated_of(report)["takers"] == first
    correction = actions.draft_report(closed, kind="online", replaces=report, by=contact, at=timezone.now())
    assert queries.stated_of(correction)["takers"] == first  # its sentences are those of the first
    final = actions.draft_report(closed, kind="final", by=contact, at=timezone.now())
    assert queries.stated_of(final)["takers"]["sha256"] == later.sha256
    assert queries.stated_of(actions.draft_report(closed, kind="meetings", by=contact, at=AT))["takers"] is None


def test_report_leads_to_the_page_of_its_workshop_and_of_who_took_part(
    client: Client, closed: Consultation, contact: User
) -> None:
    met = WorkshopFactory(consultation=closed, held=True)
    report = actions.draft_report(closed, kind="meeting", workshop=met, by=contact, at=timezone.now())
    publish(report, contact)
    Profile.objects.bulk_create(Profile(consultation=closed, channel="online", gender="man") for _one in range(12))
    count_takers(closed, at=timezone.now())
    final = actions.draft_report(closed, kind="final", by=contact, at=timezone.now())
    publish(final, contact)
    links = (address("workshop", "ici", met.meeting.number), address("who_took_part", "ici", closed.slug))
    pages = [client.get(address("report", "ici", one.number)).content.decode() for one in (report, final)]
    assert [[f'"{link}"' in page for link in links] for page in pages] == [[True, False], [False, True]]


def test_first_draft_counts_quotes_and_cites(closed: Consultation, contact: User) -> None:
    region = closed.cycle.member.authorities.get().territory
    place, small = (TerritoryFactory(province=True, parent=region, name_fr=name) for name in ("Grande", "Petite"))
    first, second = closed.themes.order_by("rank")
    many = given(closed, 14, placed__theme=first, placed__province=place)
    few = given(closed, 3, placed__theme=second, placed__province=small, in_arabic=True)
    given(closed, 1, published=False)
    finding = FindingFactory(member=closed.cycle.member, cycle=closed.cycle, gathers=many[:4], published=True)
    FindingFactory(member=closed.cycle.member, cycle=closed.cycle, gathers=many[4:6])  # a draft, nobody reads it yet
    report = actions.draft_report(closed, kind="online", by=contact, at=AT)
    assert (report.state, report.material, report.drawn) == ("draft", 17, 17)
    with override("en"):
        figures = queries.stated_of(report)["figures"]
    assert (figures["received"], figures["published"]) == (None, 17)  # of a part, only what is public
    # Each is published and public: they are counted as they are.
    assert [one["count"] for one in figures["by_province"]["cells"]] == [14, 3]
    passages = list(report.passages.filter(section="suggestions"))
    assert text_in(passages[1].text, "fr").splitlines()[0] == "## " + text_in(finding.title, "fr")
    assert set(passages[1].citations.values_list("contribution", flat=True)) == {one.pk for one in many[:4]}
    by_lot, others = passages[2], passages[4]
    assert (by_lot.quotes, by_lot.citations.count(), others.citations.count()) == (True, 5, 3)
    assert set(by_lot.citations.values_list("contribution", flat=True)) <= {one.pk for one in many[4:]}
    assert {one.pk for one in few} == set(others.citations.values_list("contribution", flat=True))
    assert all(one.drafted for one in report.passages.all())
    assert all({"fr", "ar"} <= set(one.text) for one in report.passages.all())
    assert not any(is_out_of_date(one.text, "ar") for one in report.passages.all())
    assert figures["cited"] + figures["not_cited"] == 17
    assert figures["cited"] == 12


def test_syntheses_of_meetings_and_online_share_nothing_and_miss_nothing(closed: Consultation, contact: User) -> None:
    met = WorkshopFactory(consultation=closed, held=True)
    peopled(met, came=12)
    spoken = given(closed, 4, channel="workshop", source=source_of(met))
    # At the hour of the workshop, but nobody says that it was there: it is not guessed.
    untied = given(closed, 2, channel="workshop", received_at=met.meeting.starts_at)
    [written] = given(closed, 1, channel="paper")
    PaperForm.objects.create(member=closed.cycle.member, consultation=closed, workshop=met, contribution=written)
    online = given(closed, 3) + given(closed, 2, channel="assisted") + given(closed, 1, channel="paper")

    def material(kind: str, **of: Any) -> set[int]:
        return set(queries.material_of(closed, kind, **of).values_list("pk", flat=True))

    assert material("meeting", workshop=met) == {one.pk for one in [*spoken, written]}
    assert material("meetings") == {one.pk for one in [*spoken, written, *untied]}
    assert material("online") == {one.pk for one in online}
    assert material("final") == material("meetings") | material("online")
    report = actions.draft_report(closed, kind="meeting", workshop=met, by=contact, at=AT)
    figures = queries.stated_of(report)["figures"]
    assert (figures["meetings"], figures["people"]) == (1, 12)
    # Of the meeting and of no meeting: together, what the synthesis of the meetings counts.
    together = actions.draft_report(closed, kind="meetings", by=contact, at=AT)
    counted = queries.stated_of(together)["figures"]
    assert (figures["published"], counted["tied_to_none"], counted["published"]) == (5, 2, 7)
    with override("fr"):
        told = ngettext(
            "Of those given in meetings, %(n)s is tied to no meeting held: the report of no meeting speaks of it.",
            "Of those given in meetings, %(n)s are tied to no meeting held: the report of no meeting speaks of them.",
            2,
        )
    assert told % {"n": 2} in said(together, "who")
    whole = queries.stated_of(actions.draft_report(closed, kind="final", by=contact, at=AT))["figures"]
    assert (whole["in_meetings"], whole["outside_meetings"], whole["published"]) == (7, 6, 13)


def test_what_tables_agreed_on_is_copied_in_their_language(closed: Consultation, contact: User) -> None:
    met, other = WorkshopFactory(consultation=closed, held=True), WorkshopFactory(consultation=closed, held=True)
    sheet = {"recommendations": "- Publier le budget\n- Ouvrir les archives", "priorities": "", "disagreements": ""}
    Sheet.objects.create(workshop=met, table=1, lang="fr", words=sheet, sent_at=AT)
    theirs = {"recommendations": "", "priorities": "الماء أولا", "disagreements": ["المال"]}
    Sheet.objects.create(workshop=met, table=2, lang="ary", words=theirs, sent_at=AT)
    Sheet.objects.create(workshop=other, table=1, lang="fr", words={"priorities": "La route"}, sent_at=AT)
    report = actions.draft_report(closed, kind="meeting", workshop=met, by=contact, at=AT)
    assert said(report, "recommendations") == ["Publier le budget", "Ouvrir les archives"]
    assert [one.text["ar"]["text"] for one in report.passages.filter(section="priorities")] == ["الماء أولا"]
    assert said(report, "disagreements", "ar") == ["المال"]
    together = actions.draft_report(closed, kind="meetings", by=contact, at=AT)
    assert [one.splitlines()[1:] for one in said(together, "priorities")] == [["– الماء أولا"], ["– La route"]]


def test_views_are_quoted_only_where_enough_were_given(closed: Consultation, contact: User) -> None:
    agreed, divided, few = given(closed, 3)
    views = {agreed: [1] * 9 + [-1] * 2, divided: [1] * 6 + [-1] * 5, few: [1] * 3}
    Vote.objects.bulk_create(
        Vote(suggestion=one, voter=f"v{n}", value=value, at=AT)
        for one, values in views.items()
        for n, value in enumerate(values)
    )
    report = actions.draft_report(closed, kind="online", by=contact, at=AT)
    cited = {
        section: set(Citation.objects.filter(passage__report=report, passage__section=section).values_list(
            "contribution", flat=True
        ))
        for section in ("priorities", "disagreements")
    }  # fmt: skip
    assert cited == {"priorities": {agreed.pk}, "disagreements": {divided.pk}}
    with override("fr"):
        line = gettext(
            "Suggestion %(number)s: agree %(agree)s, disagree %(disagree)s, pass %(passed)s; voices in all: %(voters)s"
        )
    counts = [{"agree": 9, "disagree": 2, "passed": 0, "voters": 11}, {"agree": 6, "disagree": 5, "passed": 0}]
    counts[1]["voters"] = 11
    for section, one, counted in zip(("priorities", "disagreements"), (agreed, divided), counts, strict=True):
        [text] = said(report, section)
        assert f"– {line % (counted | {'number': one.number})}" in text.splitlines()
    # In the final report, each says of which synthesis it is.
    publish(report, contact)
    final = actions.draft_report(closed, kind="final", by=contact, at=AT)
    with override("fr"):
        source = gettext("Outside meetings")
    assert [one.startswith(f"{source}. ") for one in said(final, "priorities") + said(final, "disagreements")] == [
        True, True,
    ]  # fmt: skip


def test_final_report_joins_what_the_syntheses_say(closed: Consultation, contact: User) -> None:
    one, two = given(closed, 2)
    online = actions.draft_report(closed, kind="online", by=contact, at=AT)
    online.passages.all().delete()
    text = words("Deux personnes demandent un puits.", "شخصان يطلبان بئرا.")
    actions.write_passage(online, section="suggestions", text=text, contributions=[one, two], by=contact, at=AT)
    actions.write_passage(online, section="conclusion", text=words("Il faut creuser."), by=contact, at=AT)
    publish(online, contact)
    final = actions.draft_report(closed, kind="final", by=contact, at=AT)
    assert said(final, "suggestions")[1:] == ["Deux personnes demandent un puits."]
    with override("fr"):
        assert said(final, "conclusion") == [gettext("Outside meetings") + ". Il faut creuser."]
    copied = final.passages.filter(section="suggestions").last()
    assert copied is not None
    assert (copied.citations.count(), copied.drafted) == (2, False)


@pytest.mark.row("D2")
def test_final_report_sets_meetings_and_online_side_by_side_theme_by_theme(closed: Consultation, contact: User) -> None:
    [heard], [typed] = given(closed, 1, channel="workshop"), given(closed, 1)
    both = "## L'eau manque\nLes puits sont à sec."
    written = {
        "meetings": ["# Budget\n3 suggestions.", both, "## Le bus\nIl passe une fois.", "# Emploi\n1 suggestion."],
        "online": ["# Budget\n9 suggestions.", "## La piste\nElle est coupée.", both, "Les autres :"],
    }
    for (kind, texts), cited in zip(written.items(), (heard, typed), strict=True):
        part = actions.draft_report(closed, kind=kind, by=contact, at=AT)
        part.passages.all().delete()
        for text in texts:
            cites = [cited] if text == both else []
            actions.write_passage(part, section="suggestions", text=words(text), contributions=cites, by=contact, at=AT)
        publish(part, contact)
    final = actions.draft_report(closed, kind="final", by=contact, at=AT)
    joins, *told = said(final, "suggestions")
    assert joins.count("\n– ") == 2
    *headed, others, last = [one.partition("\n")[0] for one in told]
    assert (headed, last) == (["# Budget", "## L'eau manque", "## Le bus", "## La piste"], "# Emploi")
    assert others.endswith(". Les autres :")
    assert [one.endswith(("3 suggestions.", "9 suggestions.")) for one in told[0].splitlines()[1:]] == [True, True]
    [shared] = final.passages.filter(text__fr__text__startswith="## L'eau")
    assert text_in(shared.text, "fr").endswith(said_by_both("fr", 1, 1))
    assert set(shared.citations.values_list("contribution", flat=True)) == {heard.pk, typed.pk}


@pytest.mark.row("D2")
def test_joining_leaves_translations_as_they_were(closed: Consultation, contact: User) -> None:
    stale = reworded(words("## Le puits\nIl est sec.", "## البئر\nالبئر جافة."), {
        "fr": "## Le puits\nIl est sec depuis mai.", "ar": "## البئر\nالبئر جافة.",
    }, at=AT)  # fmt: skip
    begins = official(at=AT, fr="# Budget\n3 suggestions.", ar="# Budget\n3 suggestions.")
    in_three = official(at=AT, fr="# Budget\n3 suggestions.", ar="# Budget\n3 .", en="# Budget\n3 suggestions.")
    both = words("## Le bus\nIl ne passe pas.", "## الحافلة\nلا تمر.")
    for kind, texts in {"meetings": [in_three, stale, both], "online": [begins]}.items():
        given(closed, 1, channel="workshop" if kind == "meetings" else "online")
        part = actions.draft_report(closed, kind=kind, by=contact, at=AT)
        part.passages.all().delete()
        for text in texts:
            actions.write_passage(part, section="suggestions", text=text, by=contact, at=AT)
        if kind == "meetings":
            PassageFactory(report=part, section="suggestions", rank=99, text=both)
        publish(part, contact)
    final = actions.draft_report(closed, kind="final", by=contact, at=AT)
    _joins, theme, late, *twice = final.passages.filter(section="suggestions").order_by("rank")
    assert set(theme.text) == {"fr", "ar"}  # in the languages in which both say it
    assert [is_out_of_date(late.text, lang) for lang in ("fr", "ar")] == [False, True]
    # Written twice in one synthesis is not said by both.
    assert [text_in(one.text, "ar").endswith(said_by_both("ar", 0, 0)) for one in twice] == [False, False]


def test_long_draft_is_written_by_the_worker_and_stops_when_asked(
    closed: Consultation, contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openregion.diagnosis.actions.reports.AT_ONCE", 5)
    for theme in closed.themes.all():
        given(closed, 4, placed__theme=theme)
    report = actions.draft_report(closed, kind="final", by=contact, at=AT)
    assert (report.state, report.material, report.passages.count()) == ("writing", 8, 0)
    assert tasks.draw_report.func(report.uid) > 3
    report.refresh_from_db()
    assert (report.state, report.drawn) == ("draft", 8)
    assert tasks.draw_report.func(report.uid) == 0
    whole = report.passages.count()
    # Again, and stopped after its first piece.
    Report.objects.filter(pk=report.pk).update(state="writing", moved_at=None, drawn=0)
    drafting.ask_to_stop(report, at=AT)
    report.refresh_from_db()
    assert report.state == "draft"
    Report.objects.filter(pk=report.pk).update(state="writing", moved_at=timezone.now(), asked_to_stop_at=None)
    report.refresh_from_db()
    assert drafting.take_draft(report.uid, at=timezone.now()) is None
    drafting.ask_to_stop(report, at=timezone.now())
    assert drafting.write_draft(report, at=AT, moved=lambda: not drafting.is_asked_to_stop(report)) == 1 < whole
    assert (Report.objects.get().state, Report.objects.get().passages.count()) == ("draft", 1)


def test_draft_discarded_while_it_is_written_stops_quietly(closed: Consultation, contact: User) -> None:
    given(closed, 2)
    report = actions.draft_report(closed, kind="final", by=contact, at=AT)
    Report.objects.filter(pk=report.pk).update(state="writing")
    report.refresh_from_db()
    stale = Report.objects.get()
    actions.discard_report(report, by=contact, at=AT)
    assert drafting.write_draft(stale, at=AT) == 0
    assert (Report.objects.count(), Passage.objects.count()) == (0, 0)


# Editing


def test_passages_are_written_worded_placed_cited_and_removed(member: Member, contact: User) -> None:
    report = ReportFactory(member=member, cites=2)
    [first] = report.passages.all()
    one = SuggestionFactory(consultation=report.consultation, published=True)
    does: dict[str, Any] = {"by": contact, "at": AT}
    second = actions.write_passage(
        report, section="suggestions", text=words("Une autre chose."), contributions=[one], quotes=True, **does
    )
    with pytest.raises(Refused):
        actions.write_passage(report, section="suggestions", text=words("Une autre chose."), **does)
    actions.revise_passage(second, section="suggestions", text=words("Encore une autre."), place=1, **does)
    assert [one.pk for one in report.passages.all()] == [second.pk, first.pk]
    with pytest.raises(Refused):
        actions.revise_passage(first, section="suggestions", text=words("Nouveau."), seen="0" * 16, **does)
    for wrong in ({"section": "poem", "text": words("x")}, {"section": "who", "text": {}}):
        with pytest.raises(Refused):
            actions.revise_passage(first, **wrong, **does)
    held = [link.contribution for link in first.citations.all()]
    actions.cite_in_passage(first, contributions=[one], without=held[:1], **does)
    actions.cite_in_passage(first, contributions=[one], **does)  # cited already: nothing doubles
    assert set(first.citations.values_list("contribution", flat=True)) == {held[1].pk, one.pk}
    with pytest.raises(Refused):
        actions.cite_in_passage(first, contributions=[], **does)
    actions.remove_passage(first, **does)
    with pytest.raises(Refused):
        actions.remove_passage(first, **does)
    assert [line.verb for line in JournalLine.objects.filter(room="diagnosis").order_by("pk")] == [
        "write_passage", "revise_passage", "cite_in_passage", "cite_in_passage", "remove_passage",
    ]  # fmt: skip
    assert Contribution.objects.count() == 3


def test_number_of_a_discarded_draft_is_not_given_again(closed: Consultation, contact: User) -> None:
    for kind in ("final", "online"):
        report = actions.draft_report(closed, kind=kind, by=contact, at=AT)
    actions.discard_report(report, by=contact, at=AT)
    with pytest.raises(Refused):
        actions.discard_report(report, by=contact, at=AT)
    assert actions.draft_report(closed, kind="online", by=contact, at=AT).number == 3


# Publishing


def test_publishing_freezes_what_is_cited_and_what_is_not(closed: Consultation, contact: User) -> None:
    cited, listed, hidden = given(closed, 3)
    report = ReportFactory(member=closed.cycle.member, consultation=closed, cites=[cited, hidden])
    Contribution.objects.filter(pk=hidden.pk).update(moderation="hidden", hidden_for="insult")
    publish(report, contact)
    stated = json.loads(report.frozen.content)
    assert [one["cites"] for one in stated["passages"]] == [[cited.number]]
    assert stated["not_cited"] == [listed.number]
    told = {name: stated["figures"][name] for name in ("cited", "not_cited", "published", "received")}
    assert told == {"cited": 1, "not_cited": 1, "published": 2, "received": 3}
    assert not any(part in report.frozen.content for one in (cited, listed) for part in one.words.values())
    with pytest.raises(Refused):
        publish(report, contact)
    line = JournalLine.objects.get(verb="publish_report")
    assert line.facts == {"number": 1, "kind": "final", "cited": 1, "published": 2, "drafted": 0}
    assert sorted(SearchEntry.objects.filter(kind="report").values_list("lang", flat=True)) == ["ar", "en", "fr"]
    assert len([one for one in queries.findable(report.member) if one["kind"] == "report"]) == 3
    assert Notice.objects.count() == 0


def test_final_report_proves_the_operations_of_the_guide_and_no_other_does(closed: Consultation, contact: User) -> None:
    online = ReportFactory(member=closed.cycle.member, consultation=closed, kind="online")
    publish(online, contact)
    assert Proof.objects.count() == 0
    final = ReportFactory(member=closed.cycle.member, consultation=closed)
    publish(final, contact)
    proved = Proof.objects.filter(deed="publish_report", subject_uid=final.uid)
    assert sorted(proved.values_list("operation__code", flat=True)) == [
        "follow-platform-content", "prepare-diagnosis-reports",
    ]  # fmt: skip


def test_correction_takes_the_place_of_the_report_and_both_are_read(
    client: Client, closed: Consultation, contact: User
) -> None:
    [one] = given(closed, 1)
    first = ReportFactory(member=closed.cycle.member, consultation=closed, cites=[one])
    publish(first, contact)
    with pytest.raises(Refused):
        actions.draft_report(closed, kind="final", by=contact, at=AT)
    second = actions.draft_report(closed, kind="final", replaces=first, by=contact, at=AT)
    assert said(second, "suggestions") == said(first, "suggestions")
    assert second.passages.get().citations.get().contribution == one
    assert [line.number for line in queries.published_reports(closed.cycle)] == [first.number]
    publish(second, contact)
    with pytest.raises(Refused):
        actions.draft_report(closed, kind="final", replaces=first, by=contact, at=AT)
    assert [line.number for line in queries.published_reports(closed.cycle)] == [second.number]
    assert set(SearchEntry.objects.filter(kind="report").values_list("subject_uid", flat=True)) == {second.uid}
    assert [(found.number, found.cited) for found in queries.reports_naming(one)] == [(second.number, True)]
    for report in (first, second):
        assert client.get(address("report", "ici", report.number)).status_code == 200
    assert queries.synthesis_figures(closed.cycle)["cited"] == 1


@pytest.mark.row("O-5")
def test_suggestion_s_page_says_where_it_stands_in_each_report(
    client: Client, closed: Consultation, contact: User
) -> None:
    cited, listed = given(closed, 2)
    report = ReportFactory(member=closed.cycle.member, consultation=closed, cites=[cited])
    path = address("suggestion", "ici", cited.number, lang="en")
    assert "In the reports of what was said" not in client.get(path).content.decode()
    publish(report, contact)
    [later] = given(closed, 1)
    told = {
        one.pk: client.get(address("suggestion", "ici", one.number, lang="en")).content.decode()
        for one in (cited, listed, later)
    }
    assert ["In the reports of what was said" in told[one.pk] for one in (cited, listed, later)] == [True, True, False]
    assert [("Listed, not cited" in told[one.pk]) for one in (cited, listed)] == [False, True]
    with_all = Contribution.objects.select_related("member", "consultation")
    assert ("report", report.uid) in journey.of(with_all.get(pk=cited.pk)).reaches
