"""What a question says of itself, what may still change in it, its documents, and the announcements of its steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from freezegun import freeze_time

from openregion.consultation import actions, queries, rules
from openregion.consultation.models import Consultation, ConsultationPaper, Contribution
from openregion.core.refusal import Refused
from openregion.cycle.models import Announcement, RuleOverride
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.factories.consultation import ConsultationFactory, PlanCycleFactory, SuggestionFactory
from tests.factories.directory import ContactFactory
from tests.factories.people import MemberFactory, TerritoryFactory, UserFactory, words
from tests.factories.questions import ConsultationPaperFactory, promised
from tests.factories.workshops import province_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = dt.timedelta(days=1)
LANGUAGES = ("ar", "zgh", "fr", "en")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def themes_of(one: Consultation) -> list[rules.ThemeSaid]:
    return [rules.ThemeSaid(theme.code, theme.name, theme.question) for theme in one.themes.order_by("rank", "pk")]


def lines(verb: str) -> list[JournalLine]:
    return list(JournalLine.objects.filter(verb=verb).order_by("pk"))


# Opening


@pytest.mark.row("D2")
def test_question_is_opened_with_all_that_people_are_to_know(member: Member, contact: User) -> None:
    cycle, place = PlanCycleFactory(member=member), province_of(member)
    one = actions.open_consultation(
        cycle,
        slug="q",
        title=words("Titre"),
        question=words("Question"),
        themes=[("routes", words("Routes")), ("eau", words("Eau"))],
        theme_questions={"eau": words("Quelle eau ?")},
        purpose=words("But"),
        promise=words("Promesse"),
        answers_by=(NOW + 60 * DAY).date(),
        conduct=words("Règles"),
        places=[place],
        reads="after",
        takes_votes=False,
        opens_at=NOW + 20 * DAY,
        closes_at=NOW + 40 * DAY,
        stage="plan-2",
        by=contact,
        at=NOW,
    )
    one.refresh_from_db()
    told = (one.purpose["fr"]["text"], one.promise["fr"]["text"], one.conduct["fr"]["text"], one.reads)
    assert told == ("But", "Promesse", "Règles", "after")
    assert (one.announced_at, one.takes_votes, one.takes_comments, one.corrections) == (NOW, False, True, [])
    assert list(one.places.all()) == [place]
    assert [theme.question.get("fr", {}).get("text", "") for theme in one.themes.order_by("rank")] == [
        "",
        "Quelle eau ?",
    ]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"answers_by": NOW.date()}, "Choose a day after it closes"),
        ({"reads": "never"}, "before they are published, or after"),
    ],
)
def test_question_that_contradicts_itself_is_refused(
    member: Member, contact: User, more: dict[str, Any], why: str, english: None
) -> None:
    days: dict[str, Any] = {"opens_at": NOW + DAY, "closes_at": NOW + 9 * DAY}
    asked = {**days, **promised(days["closes_at"]), **more}
    reason = rules.why_not_open_consultation(contact, PlanCycleFactory(member=member), slug="q", at=NOW, **asked)
    assert why in reason


def test_question_is_about_places_of_its_own_region(member: Member, contact: User, english: None) -> None:
    elsewhere = TerritoryFactory(province=True)
    days: dict[str, Any] = {"opens_at": NOW + DAY, "closes_at": NOW + 9 * DAY}
    cycle = PlanCycleFactory(member=member)
    asked = {**days, **promised(days["closes_at"]), "places": [elsewhere]}
    reason = rules.why_not_open_consultation(contact, cycle, slug="q", at=NOW, **asked)
    assert reason == "Choose provinces of this Region."


# Revising


@pytest.mark.row("D2")
def test_everything_but_the_address_may_change_until_it_opens(member: Member, contact: User) -> None:
    one, place = ConsultationFactory(member=member, to_come=True), province_of(member)
    themes = [rules.ThemeSaid("neuf", words("Neuf"), words("Quoi de neuf ?")), themes_of(one)[1]]
    said: rules.Said = {
        "title": words("Autre titre"), "stage": "plan-1", "opens_at": NOW + 15 * DAY, "closes_at": NOW + 20 * DAY,
        "places": [place], "reads": "after", "takes_votes": False, "themes": themes,
    }  # fmt: skip
    actions.revise_consultation(one, said=said, by=contact, at=NOW)
    one = Consultation.objects.get()
    assert (one.title["fr"]["text"], one.stage, one.reads, one.takes_votes) == ("Autre titre", "plan-1", "after", False)
    assert (list(one.places.all()), [theme.code for theme in one.themes.order_by("rank")]) == (
        [place], ["neuf", themes[1].code],
    )  # fmt: skip
    assert one.corrections == []
    (line,) = lines("revise_consultation")
    assert (line.facts["changed"], line.by_ref) == (sorted(said), contact.reference)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"opens_at": NOW + DAY}, "It is open: people answer it as it is"),
        ({"stage": "plan-1"}, "It is open: people answer it as it is"),
        ({"reads": "after"}, "It is open: people answer it as it is"),
        ({"takes_comments": False}, "It is open: people answer it as it is"),
        ({"closes_at": NOW + 2 * DAY}, "it may close later and never earlier"),
        ({"themes": []}, "keep them all"),
        ({"title": words("Autre")}, "Say what you correct and why"),
        ({"answers_by": (NOW + 90 * DAY).date()}, "Say what you correct and why"),
    ],
)
def test_what_people_count_on_stays_once_it_is_open(
    member: Member, contact: User, said: Any, why: str, english: None
) -> None:
    one = ConsultationFactory(member=member)
    with pytest.raises(Refused, match=why):
        actions.revise_consultation(one, said=said, by=contact, at=NOW)
    assert lines("revise_consultation") == []


def test_more_days_need_no_note_and_the_page_says_what_stood_before(
    client: Client, member: Member, contact: User
) -> None:
    one = ConsultationFactory(member=member, slug="q")
    before = one.closes_at
    actions.revise_consultation(one, said={"closes_at": before + 9 * DAY}, by=contact, at=NOW)
    one.refresh_from_db()
    assert (one.closes_at, one.corrections[0]["what"]) == (before + 9 * DAY, ["closes_at"])
    (shown,) = queries.corrections_of(one)
    assert shown.closed_on == before
    text = client.get(address("consultation", "ici", "q", lang="en")).content.decode()
    assert ("It was corrected 1 time since it opened." in text, "It was to close on" in text) == (True, True)


def test_words_are_corrected_with_a_note_and_those_of_before_stay(
    client: Client, member: Member, contact: User
) -> None:
    one = ConsultationFactory(member=member, slug="q", question=words("Que faut-il chnager ?"))
    first, second = themes_of(one)
    corrected = [rules.ThemeSaid(first.code, words("Thème corrigé"), {}), second]
    said: rules.Said = {"question": words("Que faut-il changer ?"), "themes": corrected}
    actions.revise_consultation(one, said=said, note=words("Faute de frappe"), by=contact, at=NOW)
    text = client.get(address("consultation", "ici", "q")).content.decode()
    for kept in ("Que faut-il changer ?", "Que faut-il chnager ?", "Faute de frappe", first.name["fr"]["text"]):
        assert kept in text, kept
    assert one.themes.get(code=first.code).name["fr"]["text"] == "Thème corrigé"


def test_closed_question_moves_the_day_of_its_answers_alone(member: Member, contact: User, english: None) -> None:
    one = ConsultationFactory(member=member, closed=True)
    for said in ({"closes_at": NOW + 9 * DAY}, {"title": words("Autre")}):
        with pytest.raises(Refused, match="Only the day of the answers may move"):
            actions.revise_consultation(one, said=said, note=words("Note"), by=contact, at=NOW)  # type: ignore[arg-type]
    later = (NOW + 40 * DAY).date()
    actions.revise_consultation(one, said={"answers_by": later}, note=words("Retard"), by=contact, at=NOW)
    one.refresh_from_db()
    assert (one.answers_by, one.corrections[0]["what"]) == (later, ["answers_by"])


def test_same_revision_twice_changes_once(member: Member, contact: User, english: None) -> None:
    one = ConsultationFactory(member=member)
    said: rules.Said = {"title": words("Autre")}
    actions.revise_consultation(one, said=said, note=words("Note"), by=contact, at=NOW)
    with pytest.raises(Refused, match="Nothing changes"):
        actions.revise_consultation(one, said=said, note=words("Note"), by=contact, at=NOW)
    assert (len(lines("revise_consultation")), len(one.corrections)) == (1, 1)


def test_what_was_promised_before_people_answered_is_not_taken_back(
    member: Member, contact: User, english: None
) -> None:
    told = promised(NOW + 30 * DAY)
    one = ConsultationFactory(member=member, **told)
    for name, nothing in (("purpose", {}), ("promise", {}), ("answers_by", None)):
        with pytest.raises(Refused, match=str(rules.PROMISED[name])):
            actions.revise_consultation(one, said={name: nothing}, note=words("Note"), by=contact, at=NOW)  # type: ignore[misc]
    older = ConsultationFactory(member=member)
    actions.revise_consultation(older, said={"title": words("Autre")}, note=words("Note"), by=contact, at=NOW)
    to_come = ConsultationFactory(member=member, to_come=True)
    with pytest.raises(Refused, match="Say first"):
        actions.revise_consultation(to_come, said={"title": words("Autre"), "promise": {}, "purpose": words("But"),
                                                   "answers_by": None}, by=contact, at=NOW)  # fmt: skip


def test_opening_is_not_moved_into_the_past(member: Member, contact: User, english: None) -> None:
    one = ConsultationFactory(member=member, to_come=True)
    with pytest.raises(Refused, match="nobody could have read of it"):
        actions.revise_consultation(one, said={"opens_at": NOW - DAY}, by=contact, at=NOW)


@pytest.mark.parametrize(
    ("role", "may"),
    [("point-of-contact", True), ("moderator", False), ("council-secretary", False), ("", False)],
)
def test_only_those_charged_change_a_question_or_its_documents(member: Member, role: str, may: bool) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    one = ConsultationFactory(member=member, to_come=True)
    paper = ConsultationPaperFactory(consultation=one)
    asked = (
        rules.why_not_revise_consultation(by, one, {"title": words("Autre")}, note={}, at=NOW),
        rules.why_not_add_consultation_paper(by, one, title=words("Note"), at=NOW),
        rules.why_not_remove_consultation_paper(by, paper, note={}, at=NOW),
    )
    assert [not reason for reason in asked] == [may] * 3


def test_revision_form_asks_only_what_may_still_change(client: Client, member: Member, contact: User) -> None:
    client.force_login(contact)
    asked = {}
    for slug, trait in (("v", "to_come"), ("o", ""), ("c", "closed")):
        one = ConsultationFactory(member=member, slug=slug, **({trait: True} if trait else {}))
        text = client.get(address("revise_consultation", "ici", slug)).content.decode()
        names = (
            "opens_at",
            "closes_at",
            "title_fr",
            f"question_of_{one.themes.all()[0].pk}_ar",
            "answers_by",
            "note_fr",
        )
        asked[slug] = [f'name="{name}"' in text for name in names]
    assert asked == {
        "v": [True, True, True, True, True, False],
        "o": [False, True, True, True, True, True],
        "c": [False, False, False, False, True, True],
    }


def test_question_is_revised_in_the_browser_and_loses_nothing_typed(
    client: Client, member: Member, contact: User
) -> None:
    one = ConsultationFactory(member=member, slug="q")
    client.force_login(contact)
    path = address("revise_consultation", "ici", "q")
    page = client.get(path)
    typed = {
        name: value if (value := page.context["form"][name].value()) is not None else ""
        for name in page.context["form"].fields
    }
    typed["closes_at"] = timezone.localtime(one.closes_at).strftime("%Y-%m-%dT%H:%M")
    same = client.post(path, typed)
    assert (same.status_code, 'role="alert"' in same.content.decode() or bool(same.context["form"].errors)) == (
        200,
        True,
    )
    refused = client.post(path, typed | {"title_fr": "Titre plus clair"})
    assert (refused.status_code, "Titre plus clair" in refused.content.decode()) == (200, True)
    done = client.post(path, typed | {"title_fr": "Titre plus clair", "note_fr": "Plus clair", "note_ar": "أوضح"})
    one.refresh_from_db()
    assert (done["Location"], one.title["fr"]["text"]) == (address("consultation", "ici", "q"), "Titre plus clair")
    assert one.corrections[0]["what"] == ["title"]


# Documents


@pytest.mark.row("D2")
def test_document_is_given_read_by_everyone_and_taken_away(client: Client, member: Member, contact: User) -> None:
    ConsultationFactory(member=member, slug="q", to_come=True)
    client.force_login(contact)
    upload = SimpleUploadedFile("budget.csv", b"a,b\n1,2\n")
    path = address("new_consultation_paper", "ici", "q")
    assert client.post(path, {"title_fr": "Budget", "title_ar": "الميزانية", "upload": upload}).status_code == 302
    paper, visitor = ConsultationPaper.objects.get(), Client()
    there = address("consultation_paper", "ici", "q", paper.uid)
    assert there in visitor.get(address("consultation", "ici", "q")).content.decode()
    answer = visitor.get(there)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"a,b\n1,2\n")  # type: ignore[attr-defined]
    assert client.post(address("remove_consultation_paper", "ici", "q", paper.uid)).status_code == 302
    assert visitor.get(there).status_code == 404
    assert [(len(lines(verb))) for verb in ("add_consultation_paper", "remove_consultation_paper")] == [1, 1]


def test_document_taken_away_once_it_is_open_leaves_a_dated_note(
    client: Client, member: Member, contact: User, english: None
) -> None:
    one = ConsultationFactory(member=member, slug="q")
    paper = ConsultationPaperFactory(consultation=one, title=words("Étude retirée"))
    with pytest.raises(Refused, match="People answered after reading it"):
        actions.remove_consultation_paper(paper, by=contact, at=NOW)
    actions.remove_consultation_paper(paper, note=words("Données privées"), by=contact, at=NOW)
    text = client.get(address("consultation", "ici", "q")).content.decode()
    assert ("Étude retirée" in text, "Données privées" in text) == (True, True)


def test_same_document_twice_is_given_once_and_none_after_the_closing(
    member: Member, contact: User, english: None
) -> None:
    one = ConsultationFactory(member=member)
    for _again in range(2):
        upload = SimpleUploadedFile("budget.csv", b"a,b\n1,2\n")
        give = {"title": words("Budget"), "upload": upload, "by": contact, "at": NOW}
        if one.papers.exists():
            with pytest.raises(Refused, match="was given with this consultation already"):
                actions.add_consultation_paper(one, **give)
        else:
            actions.add_consultation_paper(one, **give)
    assert one.papers.count() == 1
    closed = ConsultationFactory(member=member, closed=True)
    reason = rules.why_not_add_consultation_paper(contact, closed, title=words("Budget"), at=NOW)
    assert "It is closed" in reason


def test_another_members_document_is_not_found(client: Client, member: Member) -> None:
    ConsultationFactory(member=member, slug="q")
    paper = ConsultationPaperFactory()
    assert client.get(address("consultation_paper", "ici", "q", paper.uid)).status_code == 404


# The page


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_says_what_it_is_for_what_is_promised_and_the_rules(client: Client, member: Member, lang: str) -> None:
    one = ConsultationFactory(
        member=member, slug="q", purpose=words("Le but"), promise=words("La promesse"), conduct=words("Les règles"),
        answers_by=dt.date(2027, 3, 5), announced_at=NOW - 30 * DAY,
    )  # fmt: skip
    one.themes.filter(rank=0).update(question=words("Et les routes ?"))
    SuggestionFactory(consultation=one, published=True)
    answer = client.get(address("consultation", "ici", "q", lang=lang))
    text = answer.content.decode()
    kept = ("Le but", "La promesse", "Les règles", "Et les routes ?") if lang in {"fr", "zgh", "en"} else ("نص رسمي",)
    assert (answer.status_code, answer.cookies.output(), all(one in text for one in kept)) == (200, "", True)
    assert reverse("privacy").replace("/fr/", f"/{lang}/") in text


@pytest.mark.row("D2")
def test_page_says_whether_it_was_announced_two_weeks_ahead(client: Client, member: Member) -> None:
    told = {}
    for slug, days in (("court", 5), ("juste", 14), ("large", 40)):
        one = ConsultationFactory(member=member, slug=slug, to_come=True)
        Consultation.objects.filter(pk=one.pk).update(announced_at=one.opens_at - days * DAY)
        one.refresh_from_db()
        with override("en"):
            ahead = queries.announced_ahead(one)
        assert ahead
        told[slug] = (ahead.days, ahead.met, "OGP standard 3.1" in ahead.sentence, bool(ahead.confidence))
    assert told == {"court": (5, False, True, True), "juste": (14, True, True, True), "large": (40, True, True, True)}
    late = client.get(address("consultation", "ici", "court", lang="en")).content.decode()
    fine = client.get(address("consultation", "ici", "large", lang="en")).content.decode()
    words_of_it = "The good practice of announcing ahead is not met"
    assert (words_of_it in late, words_of_it in fine) == (True, False)
    assert ConsultationFactory(member=member, slug="vieux").announced_at is None


def test_notice_follows_the_regions_own_value(member: Member) -> None:
    one = ConsultationFactory(member=member, to_come=True)
    Consultation.objects.filter(pk=one.pk).update(announced_at=one.opens_at - 20 * DAY)
    one.refresh_from_db()
    RuleOverride.objects.create(
        member=member, rule="co-creation-notice", value=30, reason=words("Plus long"), source="Délibération",
        effective_on=dt.date(2020, 1, 1), decided_at=NOW,
    )  # fmt: skip
    ahead = queries.announced_ahead(one)
    assert (ahead and ahead.met) is False


@pytest.mark.row("C3")
def test_list_says_for_each_stage_whether_a_question_is_dated(client: Client, member: Member) -> None:
    ConsultationFactory(cycle=PlanCycleFactory(member=member), slug="ancienne", stage="plan-3")
    ConsultationFactory(cycle=PlanCycleFactory(member=member), slug="q", stage="plan-2")
    lists = queries.lists(member, at=NOW)
    dated = [[one.slug for one in stage.asked] for stage in lists.stages]
    assert dated == [[], ["q"], [], [], []]
    text = client.get(address("consultations", "ici", lang="en")).content.decode()
    assert text.count("No consultation is dated for this stage yet.") == 4


@pytest.mark.row("C3")
def test_clock_opens_and_closes_without_anybody(client: Client, member: Member) -> None:
    opens = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)
    closes = dt.datetime(2026, 12, 20, 17, tzinfo=dt.UTC)
    ConsultationFactory(member=member, slug="q", opens_at=opens, closes_at=closes)
    seen = {}
    for name, when in (
        ("before", opens - dt.timedelta(seconds=1)), ("opens", opens),
        ("last", closes - dt.timedelta(seconds=1)), ("closes", closes),
    ):  # fmt: skip
        with freeze_time(when):
            text = Client().get(address("consultation", "ici", "q")).content.decode()
        seen[name] = address("suggest", "ici", "q") in text
    assert seen == {"before": False, "opens": True, "last": True, "closes": False}


def test_late_words_are_refused_politely_and_left_to_copy(client: Client, member: Member) -> None:
    ConsultationFactory(member=member, slug="q", closed=True)
    path = address("suggest", "ici", "q")
    answer = client.post(path, {"idea": "Une idée arrivée trop tard", "lang": "fr"})
    text = answer.content.decode()
    assert (answer.status_code, "Une idée arrivée trop tard" in text, "readonly" in text) == (200, True, True)
    assert Contribution.everything.count() == 0


def test_form_asks_what_is_asked_under_each_theme(client: Client, member: Member) -> None:
    one = ConsultationFactory(member=member, slug="q")
    one.themes.filter(rank=0).update(question=words("Et les routes ?"))
    assert "Et les routes ?" in client.get(address("suggest", "ici", "q")).content.decode()


def test_page_costs_the_same_whatever_it_holds(client: Client, member: Member) -> None:
    costs = []
    for n, slug in ((1, "un"), (30, "trente")):
        one = ConsultationFactory(member=member, slug=slug, themes=n, announced_at=NOW)
        for _paper in range(n):
            ConsultationPaperFactory(consultation=one)
        SuggestionFactory.create_batch(n, consultation=one, published=True)
        client.get(address("consultation", "ici", slug) + "?warm=1")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address("consultation", "ici", slug) + "?again=1")
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_list_costs_the_same_whatever_it_holds(client: Client, member: Member) -> None:
    cycle, costs = PlanCycleFactory(member=member), []
    for n in (1, 29):
        ConsultationFactory.create_batch(n, cycle=cycle)
        client.get(address("consultations", "ici") + "?warm=1")
        with CaptureQueriesContext(connection) as asked:
            client.get(address("consultations", "ici") + "?again=1")
        costs.append(len(asked))
    assert costs[0] == costs[1]


# Announcements


@pytest.mark.row("D2")
def test_steps_are_put_in_the_communication_plan_in_one_press(client: Client, member: Member, contact: User) -> None:
    one = ConsultationFactory(member=member, slug="q", to_come=True, answers_by=(NOW + 90 * DAY).date())
    ContactFactory(member=member, category="media", organisation="Radio inventée")
    client.force_login(contact)
    path = address("announce_consultation", "ici", "q")
    text = client.get(path).content.decode()
    assert ("Radio inventée" in text, one.title["fr"]["text"] in text) == (True, True)
    plan = address("communication", "ici", "plan", one.cycle.number)
    assert client.post(path)["Location"] == plan
    made = list(Announcement.objects.filter(subject_uid=one.uid).order_by("pk"))
    assert [(announced.moment, announced.kind) for announced in made] == [
        ("note", "press-note"), ("opening", "announcement"), ("reminder", "announcement"),
        ("closing", "announcement"), ("results", "announcement"),
    ]  # fmt: skip
    assert all(address("consultation", "ici", "q") in announced.text["fr"]["text"] for announced in made)
    assert (made[1].planned_on, made[4].planned_on) == (timezone.localdate(one.opens_at), one.answers_by)
    again = client.post(path)
    assert (again.status_code, Announcement.objects.count(), len(lines("plan_announcement"))) == (200, 5, 5)


def test_steps_that_are_past_are_not_proposed_and_late_answers_are(member: Member) -> None:
    def proposed(**more: Any) -> list[tuple[str, dt.date]]:
        one = ConsultationFactory(member=member, **more)
        return [(step.moment, step.planned_on) for step in queries.proposed_announcements(one, on=today)]

    today = timezone.localdate(NOW)
    assert proposed(closed=True) == []
    assert proposed(closed=True, answers_by=today - DAY) == [("results", today)]
    assert [moment for moment, _day in proposed()] == ["note", "reminder", "closing"]


def test_step_in_the_plan_is_shown_whenever_it_was(member: Member, contact: User) -> None:
    one = ConsultationFactory(member=member, to_come=True)
    actions.announce_steps(one, by=contact, at=NOW)
    shown = queries.proposed_announcements(one, on=timezone.localdate(one.closes_at + 99 * DAY))
    assert [step.moment for step in shown if step.planned] == ["note", "opening", "reminder", "closing"]


@pytest.mark.row("O-6")
def test_press_note_says_what_the_consultation_itself_says(member: Member) -> None:
    def note(**more: Any) -> str:
        one = ConsultationFactory(member=member, to_come=True, **more)
        with override("en"):
            (first, *_others) = queries.proposed_announcements(one, on=NOW.date())
        return first.text["en"]["text"]

    told = note(promise=words("P", "و", "Own promise."), conduct=words("C", "ق", "Own rules."),
                answers_by=dt.date(2027, 3, 1))  # fmt: skip
    rules_page = address("moderation_rules", "ici", lang="en")
    for wanted in ("Own promise.", "Own rules.", "1 March 2027", rules_page, "a person of the team reads each one"):
        assert wanted in told, wanted
    bare = note()
    assert ("answers in public" in bare, "Each suggestion" in told + bare) == (False, False)


def test_step_is_announced_once_even_in_other_words(member: Member, contact: User, english: None) -> None:
    one = ConsultationFactory(member=member, to_come=True)
    actions.announce_steps(one, by=contact, at=NOW)
    announced = Announcement.objects.get(moment="opening")
    announced.title = words("Autres mots")
    announced.save()
    with pytest.raises(Refused, match="in the communication plan already"):
        actions.announce_steps(one, by=contact, at=NOW)


def test_page_shows_what_came_out(client: Client, member: Member, contact: User) -> None:
    one = ConsultationFactory(member=member, slug="q", to_come=True)
    actions.announce_steps(one, by=contact, at=NOW)
    hidden = Announcement.objects.get(moment="closing").title["fr"]["text"]
    shown = Announcement.objects.get(moment="note")
    Announcement.objects.filter(pk=shown.pk).update(published_on=NOW.date())
    text = client.get(address("consultation", "ici", "q")).content.decode()
    assert (shown.uid in text, hidden in text) == (True, False)


def test_page_leads_where_one_takes_part_otherwise_and_to_whom_to_ask(client: Client, member: Member) -> None:
    one = ConsultationFactory(member=member, slug="q")
    place = TerritoryFactory(province=True, parent=member.authorities.order_by("pk")[0].territory)
    one.places.add(place)
    page = client.get(address("consultation", "ici", "q")).content.decode()
    wanted = [
        address("participation_calls", "ici"), address("reports", "ici"), address("point_of_contact", "ici"),
        address("workshops", "ici") + "?consultation=q", address("follow_news", "ici", "province", place.code),
    ]  # fmt: skip
    assert [url for url in wanted if f'href="{url}"' not in page] == []


@pytest.mark.parametrize(
    ("role", "opened"),
    [
        ("point-of-contact", {"revise_consultation", "moderation", "assist", "paper_forms"}),
        ("moderator", {"moderation"}),
        ("", set()),
    ],
)
def test_page_opens_their_tools_near_the_top_to_those_who_hold_the_deeds(
    client: Client, member: Member, role: str, opened: set[str]
) -> None:
    ConsultationFactory(member=member, slug="q")
    client.force_login(UserFactory(role=role, at=member) if role else UserFactory())
    top = client.get(address("consultation", "ici", "q")).content.decode().split("<dl")[0]
    tools = {name: [] if name == "moderation" else ["q"] for name in ("moderation", "assist", "paper_forms")}
    tools["revise_consultation"] = ["q"]
    found = {name for name, more in tools.items() if f'href="{address(name, "ici", *more)}"' in top}
    assert found >= opened
    assert role or not found
