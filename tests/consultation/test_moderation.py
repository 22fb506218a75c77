"""Moderation: who may do what to what, the queue, one case after the other, nothing lost."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from openregion.consultation import actions, rules
from openregion.consultation.models import Consultation, Contribution
from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from openregion.record.queries import search
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.people import AT, MemberFactory, TerritoryFactory, UserFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "zgh", "fr", "en")
MODERATION = ("publish_contribution", "hide_contribution", "mark_spam", "place_suggestion")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


@pytest.fixture
def moderator(member: Member) -> User:
    return UserFactory(role="moderator", at=member)


@pytest.fixture
def staff(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def do(deed: str, one: Contribution, by: User) -> Contribution:
    more: dict[str, Any] = {"hide_contribution": {"reason": "insult"}}.get(deed, {})
    if deed == "place_suggestion":
        more = {"theme": None, "province": None, "lang": "ary"}
    return getattr(actions, deed)(one, by=by, at=AT, **more)


@pytest.mark.row("D2")
def test_states_and_deeds_make_one_table(consultation: Consultation, moderator: User) -> None:
    """Each deed in each state: where it leads, or nothing where it is refused."""
    led: dict[str, dict[str, str]] = {}
    for state in ("pending", "published", "hidden", "spam"):
        for deed in MODERATION[:3]:
            traits = {state: True} if state != "pending" else {}
            one = SuggestionFactory(consultation=consultation, **traits)
            try:
                led.setdefault(state, {})[deed] = do(deed, one, moderator).moderation
            except Refused:
                one.refresh_from_db()
                assert one.moderation == state
    published, hidden, spam = (dict([pair]) for pair in zip(MODERATION, ("published", "hidden", "spam"), strict=False))
    assert led == {
        "pending": published | hidden | spam,
        "published": hidden | spam,
        "hidden": published,
        "spam": published,
    }
    assert {state.value: {deed: to.value for deed, to in moves.items()} for state, moves in rules.MOVES.items()} == led


@pytest.mark.row("D2")
def test_roles_that_moderate_are_those_of_the_guide(consultation: Consultation) -> None:
    member = consultation.cycle.member
    one = SuggestionFactory(consultation=consultation)
    asked = {
        "publish_contribution": rules.why_not_publish,
        "hide_contribution": lambda by, it: rules.why_not_hide(by, it, reason="insult"),
        "mark_spam": rules.why_not_mark_spam,
        "place_suggestion": lambda by, it: rules.why_not_place(by, it, theme_of=None, lang="fr"),
    }
    allowed = {}
    for role in guides.guide(member.guide_version).roles:
        by = UserFactory(role=role.code, at=member)
        if may := {deed for deed, rule in asked.items() if not rule(by, one)}:
            allowed[role.code] = may
    assert allowed == {"moderator": set(MODERATION), "point-of-contact": set(MODERATION)}
    elsewhere = UserFactory(role="moderator", at=MemberFactory())
    assert all(rule(elsewhere, one) for rule in asked.values())


@pytest.mark.parametrize("gone", [{"withdrawn": True}, {"erased_at": AT}])
def test_what_its_author_took_back_is_decided_no_more(
    consultation: Consultation, moderator: User, gone: dict[str, Any]
) -> None:
    one = SuggestionFactory(consultation=consultation, published=True, **gone)
    for deed in MODERATION:
        with pytest.raises(Refused):
            do(deed, one, moderator)
    assert rules.moves_of(one) == frozenset()


def test_hiding_asks_for_a_published_reason(consultation: Consultation, moderator: User) -> None:
    one = SuggestionFactory(consultation=consultation)
    for reason in ("", "i-do-not-like-it"):
        with pytest.raises(Refused):
            actions.hide_contribution(one, reason=reason, by=moderator, at=AT)
    one.refresh_from_db()
    assert one.moderation == "pending"


def test_another_theme_s_consultation_is_refused(consultation: Consultation, moderator: User) -> None:
    one, other = SuggestionFactory(consultation=consultation), ConsultationFactory(member=one_member(consultation))
    with pytest.raises(Refused):
        actions.place_suggestion(one, theme=other.themes.all()[0], province=None, lang="fr", by=moderator, at=AT)


def one_member(consultation: Consultation) -> Member:
    return consultation.cycle.member


@pytest.mark.row("D2")
def test_search_finds_what_is_published_and_not_what_is_hidden(consultation: Consultation, moderator: User) -> None:
    one = SuggestionFactory(consultation=consultation, words={"idea": "Réparer la passerelle de Ras Lghezla"})

    def found() -> list[str]:
        return [hit.subject_uid for hit in search("passerelle", lang="fr", member_code="ici")]

    assert found() == []
    do("publish_contribution", one, moderator)
    assert found() == [one.uid]
    do("hide_contribution", one, moderator)
    assert found() == []


def test_withdrawn_words_are_found_no_more(consultation: Consultation, moderator: User) -> None:
    one = SuggestionFactory(consultation=consultation, words={"idea": "Réparer la passerelle"})
    do("publish_contribution", one, moderator)
    actions.withdraw_contribution(one, at=AT)
    assert search("passerelle", lang="fr", member_code="ici") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_open_in_every_language(staff: Client, consultation: Consultation, lang: str) -> None:
    SuggestionFactory(consultation=consultation, in_arabic=True)
    one = SuggestionFactory(consultation=consultation, hidden=True)
    erased = SuggestionFactory(consultation=consultation, words={}, erased_at=AT)
    path = address("moderation", "ici", lang=lang)
    asked = [path, *(f"{path}?state={state}" for state in ("hidden", "spam", "published", "nothing"))]
    asked += [address("moderate", "ici", number, lang=lang) for number in (1, one.number, erased.number)]
    assert [staff.get(one).status_code for one in asked] == [200] * 8


def test_queue_gives_twenty_oldest_first_then_the_following(staff: Client, consultation: Consultation) -> None:
    SuggestionFactory.create_batch(25, consultation=consultation)
    SuggestionFactory(consultation=consultation, published=True)
    SuggestionFactory(consultation__member=MemberFactory())
    seen: list[int] = []
    path = address("moderation", "ici")
    while path:
        text = staff.get(path).content.decode()
        seen += [int(number) for number in re.findall(r'name="chosen" value="(\d+)"', text)]
        following = re.search(r'rel="next" href="([^"]+)"', text)
        path = address("moderation", "ici") + following.group(1).replace("&amp;", "&") if following else ""
    assert seen == list(range(1, 26))
    assert all(a < b for a, b in pairwise(seen))


def test_queue_says_how_many_wait_and_since_when(staff: Client, consultation: Consultation) -> None:
    SuggestionFactory(consultation=consultation, received_at=dt.datetime(2026, 2, 3, 9, 5, tzinfo=dt.UTC))
    SuggestionFactory(consultation=consultation)
    text = staff.get(address("moderation", "ici")).content.decode()
    assert "3 février 2026, 10:05" in text.split("</h1>")[1].split("</div>")[0]


def test_words_keep_their_language_and_direction(staff: Client, consultation: Consultation) -> None:
    SuggestionFactory(consultation=consultation, words={"idea": "بغينا نعرفو"}, lang="ary")
    text = staff.get(address("moderation", "ici")).content.decode()
    assert '<blockquote lang="ar-MA" dir="auto"><p>بغينا نعرفو</p></blockquote>' in text


def test_hostile_words_are_shown_as_text(staff: Client, consultation: Consultation) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    one = SuggestionFactory(consultation=consultation, words={"idea": hostile, "problem": hostile})
    for path in (address("moderation", "ici"), address("moderate", "ici", one.number)):
        text = staff.get(path).content.decode()
        assert (hostile in text, "&lt;script&gt;alert(1)" in text) == (False, True)


def test_long_words_are_opened_before_they_are_published(staff: Client, consultation: Consultation) -> None:
    one = SuggestionFactory(consultation=consultation, words={"idea": "a" * 5000})
    queue = staff.get(address("moderation", "ici")).content.decode()
    assert ("a" * 5000 in queue, 'name="chosen"' in queue) == (False, False)
    assert "a" * 5000 in staff.get(address("moderate", "ici", one.number)).content.decode()


@pytest.mark.row("D2")
def test_chosen_ones_are_published_together_each_by_its_deed(
    staff: Client, consultation: Consultation, moderator: User
) -> None:
    ones = SuggestionFactory.create_batch(3, consultation=consultation)
    elsewhere = SuggestionFactory(number=77)
    do("hide_contribution", ones[2], moderator)
    do("mark_spam", ones[1], moderator)
    do("publish_contribution", ones[1], moderator)
    answer = staff.post(
        address("moderation", "ici"), {"chosen": [1, 2, 77, "x", "²", "9" * 20, "9" * 5000]}, follow=True
    )
    assert answer.redirect_chain == [(address("moderation", "ici"), 302)]
    states = [Contribution.objects.get(pk=one.pk).moderation for one in (*ones, elsewhere)]
    assert states == ["published", "published", "hidden", "pending"]
    published = JournalLine.objects.filter(verb="publish_contribution").order_by("pk")
    assert [line.facts["number"] for line in published] == [2, 1]
    text = answer.content.decode()
    assert ("notice--done" in text, "notice--warning" in text) == (True, True)


def test_nothing_chosen_is_said(staff: Client, consultation: Consultation) -> None:
    SuggestionFactory(consultation=consultation)
    assert "notice--warning" in staff.post(address("moderation", "ici"), {}, follow=True).content.decode()


@pytest.mark.row("D2")
def test_each_deed_leads_to_the_next_that_waits(staff: Client, consultation: Consultation) -> None:
    SuggestionFactory.create_batch(4, consultation=consultation)

    def post(number: int, **said: str) -> str:
        return staff.post(address("moderate", "ici", number), said)["Location"]

    assert post(2, act="publish") == address("moderate", "ici", 3)
    assert post(3, act="hide", reason="off-topic") == address("moderate", "ici", 4)
    assert post(4, act="spam") == address("moderate", "ici", 1)
    assert post(1, act="place", lang="ary", theme="", province="") == address("moderate", "ici", 1)
    assert post(1, act="publish") == address("moderation", "ici")
    kept = list(Contribution.objects.order_by("number").values_list("moderation", "hidden_for", "lang"))
    assert kept == [
        ("published", "", "ary"), ("published", "", "fr"), ("hidden", "off-topic", "fr"), ("spam", "", "fr"),
    ]  # fmt: skip


def test_place_reads_it_elsewhere_and_leaves_the_words(staff: Client, consultation: Consultation) -> None:
    one = SuggestionFactory(consultation=consultation)
    place = TerritoryFactory(province=True, parent=consultation.cycle.member.authorities.get().territory)
    theme, words = consultation.themes.all()[1], one.words
    said = {"act": "place", "theme": theme.code, "province": place.code, "lang": "ar"}
    staff.post(address("moderate", "ici", one.number), said)
    one = Contribution.objects.get()
    assert (one.suggestion.theme, one.suggestion.province, one.lang, one.words) == (theme, place, "ar", words)
    text = staff.get(address("moderate", "ici", one.number)).content.decode()
    assert (f'value="{theme.code}" id="id_theme_' in text, f'value="{place.code}" selected' in text) == (True, True)


def test_second_decision_shows_why_it_is_refused(staff: Client, consultation: Consultation, moderator: User) -> None:
    one = SuggestionFactory(consultation=consultation)
    do("hide_contribution", one, moderator)
    answer = staff.post(address("moderate", "ici", one.number), {"act": "spam"})
    text = answer.content.decode()
    assert (answer.status_code, 'role="alert"' in text, Contribution.objects.get().moderation) == (200, True, "hidden")


def test_hiding_without_a_reason_keeps_the_page(staff: Client, consultation: Consultation) -> None:
    one = SuggestionFactory(consultation=consultation)
    text = staff.post(address("moderate", "ici", one.number), {"act": "hide"}).content.decode()
    assert ('role="alert"' in text, '<details class="card measure" data-key="h" open>' in text) == (True, True)
    assert Contribution.objects.get().moderation == "pending"


def test_unknown_act_and_unknown_number_do_nothing(staff: Client, consultation: Consultation) -> None:
    one = SuggestionFactory(consultation=consultation)
    assert staff.post(address("moderate", "ici", one.number), {"act": "erase"}).status_code == 200
    other = SuggestionFactory(number=55)
    assert staff.get(address("moderate", "ici", other.number)).status_code == 404
    assert set(Contribution.objects.values_list("moderation", flat=True)) == {"pending"}


def test_pages_ask_the_same_number_of_questions_for_one_and_thirty_rows(
    staff: Client, consultation: Consultation
) -> None:
    place = TerritoryFactory(province=True, parent=consultation.cycle.member.authorities.get().territory)
    theme = consultation.themes.all()[0]
    SuggestionFactory(consultation=consultation, placed__theme=theme, placed__province=place)
    asked = [address("moderation", "ici"), address("moderate", "ici", 1), address("consultation", "ici", "question")]
    asked.append(address("consultations", "ici"))

    def counts() -> list[int]:
        found = []
        for path in asked:
            with CaptureQueriesContext(connection) as seen:
                assert staff.get(path).status_code == 200
            found.append(len(seen))
        return found

    counts()
    few = counts()
    SuggestionFactory.create_batch(30, consultation=consultation, placed__theme=theme, placed__province=place)
    ConsultationFactory.create_batch(3, member=consultation.cycle.member)
    counts()  # a cycle's own method is read the first time
    assert counts() == few


def test_visitors_are_led_to_sign_in_and_others_read_why_not(client: Client, consultation: Consultation) -> None:
    SuggestionFactory(consultation=consultation)
    paths = [address("moderation", "ici"), address("moderate", "ici", 1), address("new_consultation", "ici")]
    assert [client.get(path).status_code for path in paths] == [302] * 3
    client.force_login(UserFactory(role="team-member", at=consultation.cycle.member))
    assert [client.get(path).status_code for path in paths] == [403] * 3
    assert [client.post(path, {"act": "publish", "chosen": "1"}).status_code for path in paths] == [403] * 3
    assert Contribution.objects.get().moderation == "pending"


def test_decision_sent_after_signing_out_is_not_lost(consultation: Consultation, moderator: User) -> None:
    SuggestionFactory.create_batch(2, consultation=consultation)
    browser = Client()
    for path, said in (
        (address("moderation", "ici"), {"chosen": ["1", "2"]}),
        (address("moderate", "ici", 1), {"act": ["hide"], "reason": ["off-topic"]}),
    ):
        answer = browser.post(path, said)
        text = answer.content.decode()
        kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
        kept = [(name, value) for name, value in kept if name != "csrfmiddlewaretoken"]
        assert (answer.status_code, answer["Cache-Control"], f'action="{path}"' in text) == (403, "no-store", True)
        assert kept == [(name, value) for name, values in said.items() for value in values]
    assert set(Contribution.objects.values_list("moderation", flat=True)) == {"pending"}
    browser.force_login(moderator)
    browser.post(address("moderation", "ici"), {"chosen": ["1", "2"]})
    assert set(Contribution.objects.values_list("moderation", flat=True)) == {"published"}


def test_journal_says_each_deed_in_a_sentence_without_words_or_address(
    consultation: Consultation, moderator: User
) -> None:
    marker = "Marqueur-jamais-au-journal"
    one = SuggestionFactory(consultation=consultation, words={"idea": marker}, with_reply=True)
    for deed in ("publish_contribution", "hide_contribution", "publish_contribution", "mark_spam", "place_suggestion"):
        do(deed, one, moderator)
    hidden = SuggestionFactory(consultation=consultation, hidden=True)
    actions.tell_reason(hidden, at=AT)
    actions.withdraw_contribution(hidden, at=AT)
    verbs = [line.verb for line in JournalLine.objects.order_by("pk")]
    assert verbs == [
        "publish_contribution", "hide_contribution", "publish_contribution", "mark_spam", "place_suggestion",
        "tell_reason", "withdraw_contribution",
    ]  # fmt: skip
    lines = "".join(str(line) for line in JournalLine.objects.values())
    assert (marker in lines, "@" in lines) == (False, False)
    for lang in LANGUAGES:
        with override(lang):
            said = [
                render_to_string(f"consultation/journal/{line.verb}.html", {"facts": line.facts}).strip()
                for line in JournalLine.objects.all()
            ]
        assert all(str(one.number) in sentence or str(hidden.number) in sentence for sentence in said)
        assert all(sentence.endswith(".") for sentence in said)


def test_journal_says_when_a_consultation_opens_and_closes() -> None:
    days = {"opens_on": "2026-12-01", "closes_on": "2026-12-31"}
    with override("fr"):
        said = render_to_string("consultation/journal/open_consultation.html", {"facts": days}).strip()
    assert [one for one in ("1er décembre 2026", "31 décembre 2026") if one in said] == [
        "1er décembre 2026", "31 décembre 2026",
    ]  # fmt: skip


def test_province_of_another_region_is_refused(consultation: Consultation, moderator: User) -> None:
    one, elsewhere = SuggestionFactory(consultation=consultation), TerritoryFactory(province=True)
    with pytest.raises(Refused):
        actions.place_suggestion(one, theme=None, province=elsewhere, lang="fr", by=moderator, at=AT)


def test_line_of_what_is_not_public_tells_its_number_alone(consultation: Consultation, moderator: User) -> None:
    for traits in ({}, {"hidden": True}, {"spam": True}, {"published": True}):
        do("place_suggestion", SuggestionFactory(consultation=consultation, **traits), moderator)
    told = [sorted(line.facts) for line in JournalLine.objects.order_by("pk")]
    assert told == [["number"]] * 3 + [["lang", "number", "theme"]]


def test_locks_let_others_name_the_row_they_hold() -> None:
    """A lock that forbids even that and the journal's own wait for each other on PostgreSQL."""
    rooms = Path(actions.__file__).parents[2]
    files = [one for room in ("consultation", "people") for one in (rooms / room).rglob("*.py")]
    locks = [line for one in files for line in re.findall(r"select_for_update\(.*", one.read_text(encoding="utf-8"))]
    assert [line for line in locks if "no_key=True" not in line] == []
    assert len(locks) >= 5


@pytest.mark.django_db(transaction=True)
def test_batch_and_single_decision_wait_for_nobody(consultation: Consultation, moderator: User) -> None:
    """Two moderators at once, one with the whole list: on PostgreSQL neither is refused by the database."""
    if connection.vendor != "postgresql":
        pytest.skip("rows are locked one by one on PostgreSQL only")
    ones = SuggestionFactory.create_batch(40, consultation=consultation)
    browser, ready = Client(), Barrier(2)
    browser.force_login(moderator)
    browser.get(address("moderation", "ici"))  # what the first page loads is loaded before they race

    def in_a_batch() -> int:
        connection.ensure_connection()
        ready.wait()
        try:
            return browser.post(address("moderation", "ici"), {"chosen": [one.number for one in ones]}).status_code
        finally:
            connection.close()

    def one_by_one() -> str:
        connection.ensure_connection()
        ready.wait()
        try:
            for one in reversed(ones):
                do("hide_contribution", one, moderator)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as people:
        together = [people.submit(in_a_batch), people.submit(one_by_one)]
        assert [one.result() for one in together] == [302, "done"]
    assert "pending" not in set(Contribution.objects.values_list("moderation", flat=True))
