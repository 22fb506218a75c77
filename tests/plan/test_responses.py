"""Reasoned responses: who gives them, whom they answer, what everyone reads, and how much is answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from openregion.consultation.models import Contribution, Notice
from openregion.core.official import text_in
from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.plan import actions, responses, rules
from openregion.plan.models import ReasonedResponse
from openregion.plan.queries import coverage_of
from openregion.record.models import JournalLine, SearchEntry
from tests.factories.cycle import CycleFactory
from tests.factories.diagnosis import FindingFactory, latest_cycle, suggestions
from tests.factories.people import AT, BodyFactory, MemberFactory, TerritoryFactory, UserFactory, words
from tests.factories.responses import ResponseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("O-5")]
ROLES = ("administrator", "point-of-contact", "coordinator", "team-member", "unit-head", "moderator")
LANGUAGES = ("ar", "zgh", "fr", "en")
LATER = AT + dt.timedelta(days=40)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def why_not(by: User, given: list[Contribution], **changed: Any) -> str:
    cycle = given[0].consultation.cycle if given else CycleFactory()
    said = {"decision": "taken-up", "reasons": words("Parce que.")} | changed
    return rules.why_not_respond(by, cycle, given, **said)


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_answers_are_given_by_those_the_guide_names(member: Member, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    expected = bool(named and "give_reasoned_response" in named.deeds)
    assert (why_not(by, suggestions(member, 2)) == "") == expected


@pytest.mark.parametrize(
    ("state", "answered"),
    [
        ({"published": True}, True),
        ({"hidden": True}, True),
        ({}, False),
        ({"spam": True}, False),
        ({"published": True, "withdrawn": True}, False),
    ],
    ids=["published", "hidden", "pending", "spam", "withdrawn"],
)
def test_answers_go_to_what_moderation_has_read(
    member: Member, contact: User, state: dict[str, bool], answered: bool
) -> None:
    assert (why_not(contact, suggestions(member, 1, **({"published": False} | state))) == "") == answered


def test_an_answer_says_what_and_why_about_ones_own_people(member: Member, contact: User) -> None:
    mine, theirs = suggestions(member, 1), MemberFactory()
    elsewhere = FindingFactory(member=theirs)
    body = BodyFactory(authority=theirs.authorities.get())
    assert why_not(contact, mine) == ""
    wrong = ({"decision": "perhaps"}, {"reasons": {}}, {"finding": elsewhere}, {"body": body})
    assert [bool(why_not(contact, mine, **one)) for one in wrong] == [True] * 4
    assert why_not(contact, [*mine, *suggestions(theirs, 1)]) != ""
    assert rules.why_not_respond(contact, latest_cycle(member), [], decision="taken-up", reasons=words("x")) != ""


def test_an_answer_is_numbered_found_told_and_journalled(member: Member, contact: User) -> None:
    [quiet], [reached] = suggestions(member, 1), suggestions(member, 1, with_reply=True)
    for number, why in ((1, "Une partie."), (2, "Une partie, redite mieux.")):
        given = actions.give_reasoned_response(
            latest_cycle(member), contributions=[quiet, reached], decision="in-part",
            reasons=words(why, "جزء.", "A part."), by=contact, at=AT,
        )  # fmt: skip
        assert given.number == number
    assert Notice.objects.filter(step="answered").count() == 2
    assert SearchEntry.objects.filter(kind="response", subject_uid=given.uid).count() == 3
    line = JournalLine.objects.filter(verb="give_reasoned_response").latest("pk")
    assert line.facts == {"number": 2, "decision": "in-part", "suggestions": 2}


def test_coverage_counts_what_is_answered_and_nothing_twice(member: Member) -> None:
    answered = suggestions(member, 3)
    suggestions(member, 1)
    suggestions(member, 1, published=False)
    suggestions(member, 2, published=False, spam=True)
    suggestions(member, 1, withdrawn=True)
    suggestions(member, 1, published=False, hidden=True)
    suggestions(member, 1, published=False, hidden=True, reason_told_at=AT)
    ResponseFactory(member=member, covers=answered)
    ResponseFactory(member=member, covers=answered[:2], declined=True)
    found = coverage_of(Contribution.objects.of(member))
    assert (found.received, found.spam, found.withdrawn, found.countable, found.answered) == (10, 2, 1, 7, 4)
    read = responses.coverage_as_read(Contribution.objects.of(member))
    assert read is not None
    assert (read.answered, read.countable, read.share) == ("4", "7", "57\u00a0%")
    assert responses.coverage_as_read(Contribution.objects.of(MemberFactory())) is None


def test_what_waits_is_what_moderation_has_read_and_nobody_answered(member: Member) -> None:
    waiting = suggestions(member, 2)
    waiting += suggestions(member, 1, published=False, hidden=True)
    suggestions(member, 1, published=False)
    suggestions(member, 1, published=False, spam=True)
    suggestions(member, 1, withdrawn=True)
    suggestions(member, 1, published=False, hidden=True, reason_told_at=AT)
    ResponseFactory(member=member)
    suggestions(MemberFactory(), 1)
    assert sorted(responses.awaiting(member).values_list("pk", flat=True)) == [one.pk for one in waiting]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_answers_are_read_by_everyone_empty_and_filled(client: Client, member: Member, lang: str) -> None:
    assert client.get(address("responses", "ici", lang=lang)).status_code == 200
    one = ResponseFactory(member=member, covers=3, finding=FindingFactory(member=member, published=True))
    one.body = BodyFactory(authority=member.authorities.get())
    one.save()
    listed = client.get(address("responses", "ici", lang=lang) + "?again=1")
    page = client.get(address("response", "ici", one.number, lang=lang))
    assert (listed.status_code, page.status_code) == (200, 200)
    for answer in (listed, page):
        assert text_in(one.reasons, "fr" if lang == "zgh" else lang) in answer.content.decode()
        assert address("awaiting_response", "ici", lang=lang) not in answer.content.decode()


def test_page_of_an_answer_cites_its_finding_and_body_and_shows_whom_it_answers(client: Client, member: Member) -> None:
    [said] = suggestions(member, 1, in_arabic=True)
    [hidden] = suggestions(member, 1, published=False, hidden=True, words={"idea": "Un nom caché"})
    finding = FindingFactory(member=member, published=True, gathers=[said])
    body = BodyFactory(authority=member.authorities.get(), slug="conseil")
    one = ResponseFactory(member=member, covers=[said, hidden], finding=finding, body=body)
    page = client.get(address("response", "ici", one.number, lang="en")).content.decode()
    assert "What the Region answers to 2 suggestions" in page
    assert "1 of 2 can be read here." in page
    assert f'<p lang="ar" dir="auto">{said.words["idea"]}</p>' in page
    assert address("finding", "ici", finding.number, lang="en") in page
    assert address("body", "ici", "conseil", lang="en") in page
    assert "Un nom caché" not in page


def test_page_of_an_answer_names_no_finding_that_is_still_a_draft(client: Client, member: Member) -> None:
    finding = FindingFactory(member=member)
    one = ResponseFactory(member=member, finding=finding)
    page = client.get(address("response", "ici", one.number)).content.decode()
    assert text_in(finding.title, "fr") not in page


def test_change_of_mind_shows_both_answers_the_latest_first(client: Client, member: Member) -> None:
    given = suggestions(member, 3)
    first = ResponseFactory(member=member, covers=given, declined=True)
    later = ResponseFactory(member=member, covers=given[:2], given_at=LATER)
    ResponseFactory(member=member)
    pages = {
        one.number: responses.response_page(one, member, after=0)
        for one in ReasonedResponse.objects.filter(pk__in=[first.pk, later.pk])
    }
    for page in pages.values():
        assert [(one.line.number, one.shared) for one in page.answers] == [
            (later.number, 2),
            (first.number, 3 if page.number == 1 else 2),
        ]
    assert (pages[first.number].changed, pages[later.number].changed) == (2, 0)
    for number in pages:
        shown = client.get(address("response", "ici", number, lang="en")).content.decode()
        section = shown[shown.index('id="answers"') :]
        assert section.index(f"Answer {later.number}") < section.index(f"Answer {first.number}")
    assert (
        "2 of these suggestions were answered again since"
        in client.get(address("response", "ici", first.number, lang="en")).content.decode()
    )


def test_list_of_answers_is_narrowed_by_decision_and_read_from_one_end(client: Client, member: Member) -> None:
    days = [AT + dt.timedelta(days=n) for n in range(45)]
    for n, day in enumerate(days):
        ResponseFactory(member=member, given_at=day, decision="taken-up" if n % 3 else "out-of-scope")
    seen: list[int] = []
    before, pages = 0, 0
    while pages == 0 or before:
        page = responses.responses_page(member, decision="", before=before)
        seen += [line.number for line in page.lines]
        before, pages = page.following, pages + 1
    assert (pages, seen) == (3, list(range(45, 0, -1)))
    narrowed = responses.responses_page(member, decision="out-of-scope", before=0)
    assert (len(narrowed.lines), narrowed.chosen) == (15, "out-of-scope")
    assert [one.label.rsplit(" ", 1)[-1] for one in narrowed.decisions] == ["45", "30", "0", "0", "15"]
    for odd in ({"decision": "x"}, {"before": "999"}, {"before": "x"}, {"decision": "taken-up", "before": "3"}):
        assert client.get(address("responses", "ici"), odd).status_code == 200


def test_pages_of_answers_ask_as_much_for_one_row_as_for_thirty(client: Client, member: Member) -> None:
    client.force_login(UserFactory(role="point-of-contact", at=member))
    for number in range(2):
        TerritoryFactory(province=True, parent=member.authorities.get().territory, name_fr=f"Province {number}")
    first = ResponseFactory(member=member, covers=2)
    FindingFactory(member=member, published=True)
    paths = [
        address("responses", "ici"), address("response", "ici", first.number), address("awaiting_response", "ici"),
        address("new_response", "ici") + "?finding=1",
    ]  # fmt: skip
    again = list(responses.covered_by(first))
    ResponseFactory(member=member, covers=again)

    def asked() -> list[int]:
        counts = []
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            counts.append(len(seen))
        return counts

    few = asked()
    ResponseFactory.create_batch(28, member=member, covers=again)
    FindingFactory.create_batch(29, member=member, published=True, gathers=2)
    assert asked() == few


def test_chosen_suggestions_are_answered_together_and_nothing_typed_is_lost(
    client: Client, member: Member, contact: User
) -> None:
    client.force_login(contact)
    given = suggestions(member, 40)
    waiting = client.get(address("awaiting_response", "ici"))
    assert (waiting.context["page"].waiting, len(waiting.context["pick"].found.voices)) == (40, 30)
    more = {"pick": ["2", "5"], "seen": waiting.context["pick"].seen, "after": "30", "do": "more"}
    second = client.post(address("awaiting_response", "ici"), more)
    assert [one.number for one in second.context["pick"].found.voices] == list(range(31, 41))
    assert second.context["pick"].picking.kept == "2,5"
    start = {"chosen": "2,5", "seen": second.context["pick"].seen, "pick": ["2", "5", "31"], "do": "start"}
    form = client.post(address("new_response", "ici"), start)
    assert (form.status_code, form.context["chosen"], form.context["form"].errors) == (200, "2,5,31", {})
    assert given[1].words["idea"] in form.content.decode()
    typed = {"chosen": "2,5,31", "reasons_ar": "سبب مكتوب بعناية", "do": "answer"}
    refused = client.post(address("new_response", "ici"), typed)
    assert (refused.status_code, sorted(refused.context["form"].errors)) == (200, ["decision", "reasons_fr"])
    assert ("سبب مكتوب بعناية" in refused.content.decode(), refused.context["chosen"]) == (True, "2,5,31")
    whole = {**typed, "decision": "in-part", "reasons_fr": "Une partie seulement."}
    assert client.post(address("new_response", "ici"), whole)["Location"] == address("response", "ici", 1)
    made = ReasonedResponse.objects.get()
    assert list(responses.covered_by(made).order_by("pk")) == [given[1], given[4], given[30]]
    assert (made.cycle, responses.awaiting(member).count()) == (given[0].consultation.cycle, 37)


def test_a_whole_finding_is_answered_at_once_and_cited(client: Client, member: Member, contact: User) -> None:
    client.force_login(contact)
    finding = FindingFactory(member=member, gathers=300)
    ResponseFactory(member=member, covers=[Contribution.objects.of(member).earliest("pk")])
    waiting = client.get(address("awaiting_response", "ici"), {"finding": "1"})
    assert [(one.number, one.waiting) for one in waiting.context["page"].findings] == [(1, 299)]
    form = client.get(address("new_response", "ici"), {"finding": "1"})
    assert (form.context["to_answer"].count, form.context["to_answer"].others) == (299, 289)
    body = BodyFactory(authority=member.authorities.get())
    typed = {"chosen": form.context["chosen"], "finding": "1", "do": "answer", "decision": "taken-up"}
    done = client.post(address("new_response", "ici"), {**typed, "reasons_fr": "Oui.", "body": body.uid})
    made = ReasonedResponse.objects.latest("pk")
    assert done["Location"] == address("response", "ici", made.number)
    assert (made.covers.count(), made.finding, made.body) == (299, finding, body)


def test_an_answer_cites_a_finding_only_when_it_gathers_them_all(client: Client, member: Member, contact: User) -> None:
    client.force_login(contact)
    FindingFactory(member=member, gathers=2)
    suggestions(member, 1)
    typed = {"chosen": "1,2,3", "finding": "1", "do": "answer", "decision": "taken-up", "reasons_fr": "Oui."}
    assert client.post(address("new_response", "ici"), typed).status_code == 302
    assert ReasonedResponse.objects.get().finding is None


def test_suggestions_are_answered_anew_from_the_answer_given_before(
    client: Client, member: Member, contact: User
) -> None:
    client.force_login(contact)
    given = [*suggestions(member, 2), *suggestions(member, 1, withdrawn=True)]
    before = ResponseFactory(member=member, covers=given, declined=True)
    assert "?again=1" in client.get(address("response", "ici", before.number)).content.decode()
    form = client.get(address("new_response", "ici"), {"again": "1"})
    assert form.context["chosen"] == "1,2"
    typed = {"chosen": "1,2", "do": "answer", "decision": "taken-up", "reasons_fr": "Nous avons changé d'avis."}
    assert client.post(address("new_response", "ici"), typed).status_code == 302
    before.refresh_from_db()
    assert (before.decision, ReasonedResponse.objects.count()) == ("not-taken-up", 2)


@pytest.mark.parametrize("query", ["", "?suggestions=", "?suggestions=99", "?finding=x"])
def test_new_answer_without_anyone_to_answer_leads_back_to_the_choice(
    client: Client, member: Member, contact: User, query: str
) -> None:
    client.force_login(contact)
    page = client.get(address("new_response", "ici") + query)
    assert (page.status_code, address("awaiting_response", "ici") in page.content.decode()) == (200, True)
    typed = {"chosen": "", "do": "answer", "decision": "taken-up", "reasons_fr": "Oui."}
    assert client.post(address("new_response", "ici"), typed).status_code == 200
    assert ReasonedResponse.objects.count() == 0


def test_a_suggestion_withdrawn_meanwhile_stops_the_answer_and_loses_nothing(
    client: Client, member: Member, contact: User
) -> None:
    client.force_login(contact)
    suggestions(member, 1)
    suggestions(member, 1, withdrawn=True)
    typed = {"chosen": "1,2", "do": "answer", "decision": "taken-up", "reasons_fr": "Des raisons écrites."}
    page = client.post(address("new_response", "ici"), typed)
    assert (page.status_code, ReasonedResponse.objects.count()) == (200, 0)
    assert "Des raisons écrites." in page.content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_staff_pages_of_answers_open_in_every_language(
    client: Client, member: Member, contact: User, lang: str
) -> None:
    client.force_login(contact)
    assert client.get(address("awaiting_response", "ici", lang=lang)).status_code == 200
    FindingFactory(member=member, gathers=2)
    for name, query in (("awaiting_response", ""), ("new_response", "?finding=1"), ("new_response", "")):
        assert client.get(address(name, "ici", lang=lang) + query).status_code == 200


def test_others_are_told_who_answers(client: Client, member: Member) -> None:
    client.force_login(UserFactory(role="moderator", at=member))
    for name in ("awaiting_response", "new_response"):
        assert client.get(address(name, "ici")).status_code == 403


@pytest.mark.row("O-8")
def test_answers_of_another_member_are_not_found(client: Client, member: Member, contact: User) -> None:
    theirs = ResponseFactory(member=MemberFactory(slug="ailleurs"))
    FindingFactory(member=theirs.member, published=True)
    client.force_login(contact)
    assert client.get(address("response", "ici", theirs.number)).status_code == 404
    assert client.get(address("new_response", "ici"), {"again": theirs.number}).status_code == 404
    assert client.get(address("new_response", "ici"), {"finding": "1"}).status_code == 404
    assert client.get(address("new_response", "ici"), {"suggestions": "1"}).context["to_answer"].count == 0
    typed = {"chosen": "1", "do": "answer", "decision": "taken-up", "reasons_fr": "Oui."}
    assert client.post(address("new_response", "ici"), typed).status_code == 200
    assert ReasonedResponse.objects.count() == 1


def test_answers_are_refused_to_spam_even_when_its_number_is_typed(member: Member, contact: User) -> None:
    with pytest.raises(Refused):
        actions.give_reasoned_response(
            latest_cycle(member), contributions=suggestions(member, 1, published=False, spam=True),
            decision="taken-up", reasons=words("Oui."), by=contact, at=AT,
        )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_answers_leave_a_sentence(client: Client, member: Member, contact: User, lang: str) -> None:
    actions.give_reasoned_response(
        latest_cycle(member), contributions=suggestions(member, 2), decision="out-of-scope", reasons=words("Non."),
        by=contact, at=AT,
    )  # fmt: skip
    assert client.get(address("journal", "ici", lang=lang)).status_code == 200
    if lang == "en":
        assert (
            "Answer 1 was given in public to 2 suggestions: Out of scope."
            in client.get(address("journal", "ici", lang=lang) + "?x=1").content.decode()
        )


def test_the_same_answer_is_not_given_twice(member: Member, contact: User) -> None:
    first, second = suggestions(member, 2, with_reply=True)
    said: dict[str, Any] = {"decision": "taken-up", "by": contact}
    cycle = latest_cycle(member)

    def give(*those: Contribution, why: str = "Oui.", at: dt.datetime = AT, **changed: Any) -> None:
        actions.give_reasoned_response(cycle, contributions=those, reasons=words(why), at=at, **said | changed)

    give(first, second)
    with pytest.raises(Refused):
        give(second, first, at=LATER)
    assert (ReasonedResponse.objects.count(), Notice.objects.count()) == (1, 2)
    give(first, at=LATER)
    give(first, second, why="Oui, et voici comment.", at=LATER)
    give(first, second, decision="in-part", at=LATER)
    assert ReasonedResponse.objects.count() == 4


def test_an_answer_looks_at_suggestions_as_they_are_now(member: Member, contact: User) -> None:
    [one] = suggestions(member, 1)
    Contribution.objects.filter(pk=one.pk).update(withdrawn_at=AT)
    assert one.withdrawn_at is None  # what the page had loaded before its author withdrew it
    with pytest.raises(Refused):
        actions.give_reasoned_response(
            latest_cycle(member), contributions=[one], decision="taken-up", reasons=words("Oui."), by=contact, at=AT
        )
    assert ReasonedResponse.objects.count() == 0


def test_words_that_may_not_be_answered_are_not_read_to_answer(client: Client, member: Member, contact: User) -> None:
    client.force_login(contact)
    suggestions(member, 1)
    for state in ({}, {"spam": True}, {"withdrawn": True}):
        suggestions(member, 1, published=False, words={"idea": "MARQUE"}, **state)
    for page in (
        client.get(address("new_response", "ici"), {"suggestions": "1,2,3,4"}),
        client.post(address("new_response", "ici"), {"chosen": "1,2,3,4", "do": "start"}),
    ):
        assert (page.context["to_answer"].count, page.context["chosen"]) == (1, "1")
        assert "MARQUE" not in page.content.decode()


def test_choice_made_under_one_finding_stands_under_another(client: Client, member: Member, contact: User) -> None:
    client.force_login(contact)
    FindingFactory(member=member, gathers=1)
    FindingFactory(member=member, gathers=1)
    page = client.post(address("awaiting_response", "ici"), {"chosen": "1,99", "finding": "2", "do": "search"})
    assert [one.number for one in page.context["pick"].found.voices] == [2]
    assert page.context["pick"].picking.chosen == (1,)
