"""The queue of moderation: what waits for whom, comments, delays, and the public page that tells how it is done."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions, mails, queries, rules
from openregion.consultation.models import Consultation, Contribution
from openregion.core.refusal import Refused
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.moderation import AppealFactory
from tests.factories.people import AT, MemberFactory, UserFactory
from tests.factories.voices import CommentFactory, FlagFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "zgh", "fr", "en")
DECISIONS = ("publish_contribution", "hide_contribution", "mark_spam")


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


@pytest.fixture
def after(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="apres", reads="after")


def numbers(client: Client, query: str = "") -> list[int]:
    text = client.get(address("moderation", "ici") + query).content.decode()
    return [int(number) for number in re.findall(r'<li class="card" id="n-(\d+)"', text)]


def arrived(consultation: Consultation) -> Contribution:
    """A suggestion published as it came."""
    return SuggestionFactory(consultation=consultation, moderation="published", moderated_at=AT, received_at=AT)


@pytest.mark.row("D2")
def test_who_decided_is_written_beside_the_decision(consultation: Consultation, moderator: User) -> None:
    for deed in DECISIONS:
        assert do(deed, SuggestionFactory(consultation=consultation), moderator).moderated_by == moderator


@pytest.mark.row("D2")
def test_queue_is_looked_at_by_state_and_by_kind(
    staff: Client, consultation: Consultation, after: Consultation
) -> None:
    waiting = SuggestionFactory(consultation=consultation)
    suspect = SuggestionFactory(consultation=consultation, signals=["links", "rate"])
    shown = SuggestionFactory(consultation=consultation, published=True)
    unread = arrived(after)
    comment = CommentFactory(on=shown, pending=True)
    FlagFactory.create_batch(2, contribution=shown)
    FlagFactory(contribution=unread, settled_at=AT)
    AppealFactory(contribution=SuggestionFactory(consultation=consultation, hidden=True))
    SuggestionFactory(consultation=consultation, erased_at=AT, words={})
    asked = {
        "": [waiting, suspect, comment],
        "?state=suspect": [suspect],
        "?state=unread": [unread],
        "?state=flagged": [shown],
        "?kind=comment": [comment],
        "?kind=suggestion": [waiting, suspect],
        "?state=published": [unread, shown],
    }
    assert {query: numbers(staff, query) for query in asked} == {
        query: [one.number for one in expected] for query, expected in asked.items()
    }
    assert len(numbers(staff, "?state=appeals")) == 1
    text = staff.get(address("moderation", "ici")).content.decode()
    counted = re.findall(r"<bdi>\((\d+)\)</bdi>", text)
    assert counted == ["3", "1", "1", "1", "1", "2", "1", "0", "3", "2", "1"]


@pytest.mark.row("D2")
def test_signals_and_flags_are_said_in_words(staff: Client, consultation: Consultation) -> None:
    one = SuggestionFactory(consultation=consultation, signals=["trap"], published=True)
    FlagFactory.create_batch(2, contribution=one, reason="advertising")
    for path in (address("moderation", "ici", lang="en") + "?state=flagged", address("moderate", "ici", 1, lang="en")):
        text = staff.get(path).content.decode()
        assert ("A box that people do not see was filled in." in text, "2 readers flagged it." in text) == (True, True)
    assert "It advertises something. <bdi>(2)</bdi>" in text


@pytest.mark.row("D2")
def test_hiding_settles_what_readers_flagged_and_staying_too(
    staff: Client, consultation: Consultation, moderator: User
) -> None:
    ones = SuggestionFactory.create_batch(3, consultation=consultation, published=True)
    for one in ones:
        FlagFactory.create_batch(2, contribution=one)
    do("hide_contribution", ones[0], moderator)
    do("mark_spam", ones[1], moderator)
    answer = staff.post(address("moderate", "ici", 3) + "?state=flagged", {"act": "flags"})
    assert (answer["Location"], numbers(staff, "?state=flagged")) == (
        address("moderation", "ici") + "?state=flagged",
        [],
    )
    assert Contribution.objects.get(number=3).moderation == "published"


@pytest.mark.row("D2")
def test_what_is_published_as_it_comes_is_read_once(
    staff: Client, consultation: Consultation, after: Consultation, moderator: User
) -> None:
    one, other = arrived(after), arrived(after)
    before = arrived(consultation)  # published by a person, in a consultation that reads before
    assert [rules.is_to_be_read(each) for each in (one, other, before)] == [True, True, False]
    with pytest.raises(Refused):
        do("publish_contribution", before, moderator)
    answer = staff.post(address("moderation", "ici") + "?state=unread", {"chosen": [one.number]})
    assert (answer["Location"], numbers(staff, "?state=unread")) == (
        address("moderation", "ici") + "?state=unread", [other.number],
    )  # fmt: skip
    one.refresh_from_db()
    assert (one.moderation, one.moderated_by) == ("published", moderator)
    with pytest.raises(Refused):
        do("publish_contribution", one, moderator)
    line = JournalLine.objects.get()
    assert line.facts == {"number": one.number, "stays": True}
    do("hide_contribution", other, moderator)
    assert numbers(staff, "?state=unread") == []


@pytest.mark.row("D2")
def test_comments_are_moderated_like_suggestions(staff: Client, consultation: Consultation, moderator: User) -> None:
    on = SuggestionFactory(consultation=consultation, published=True)
    one, two, three = (CommentFactory(on=on, pending=True, reply_to="autrice@example.ma") for _ in range(3))
    text = staff.get(address("moderate", "ici", one.number, lang="en")).content.decode()
    assert f"Comment {one.number} on suggestion {on.number}" in text
    assert ('value="place"' in text, 'value="kin"' in text) == (False, False)
    assert staff.post(address("moderate", "ici", one.number), {"act": "publish"})["Location"] == address(
        "moderate", "ici", two.number
    )
    do("hide_contribution", two, moderator)
    do("mark_spam", three, moderator)
    with pytest.raises(Refused):
        do("place_suggestion", Contribution.everything.get(pk=one.pk), moderator)
    assert list(Contribution.everything.filter(kind="comment").order_by("pk").values_list("moderation", flat=True)) == [
        "published", "hidden", "spam",
    ]  # fmt: skip
    with override("en"):
        said = [
            render_to_string(f"consultation/journal/{line.verb}.html", {"facts": line.facts}).strip()
            for line in JournalLine.objects.order_by("pk")
        ]
    assert [sentence.startswith("Comment ") for sentence in said] == [True] * 3
    mails.send_now()
    assert [sent.subject.split(" ")[1] for sent in mail.outbox] != []
    two.refresh_from_db()
    assert two.reason_told_at is not None


@pytest.mark.row("D2")
def test_case_leads_on_and_back_in_the_queue_it_was_opened_from(staff: Client, consultation: Consultation) -> None:
    for n in range(6):
        SuggestionFactory(consultation=consultation, signals=["links"] if n % 2 else [])
    path = address("moderate", "ici", 4) + "?state=suspect"
    text = staff.get(path).content.decode()
    links = r'rel="{}" data-key="\w" href="[^"]*/moderation/(\d+)/\?state=suspect"'
    led = [re.search(links.format(rel), text) for rel in ("prev", "next")]
    assert [found.group(1) for found in led if found] == ["2", "6"]
    assert re.search(r'<h1 id="case" tabindex="-1" autofocus>', text)
    assert staff.post(path, {"act": "spam"})["Location"] == address("moderate", "ici", 6) + "?state=suspect"


def test_single_keys_are_off_until_asked_for(staff: Client, consultation: Consultation) -> None:
    SuggestionFactory(consultation=consultation)
    for path in (address("moderation", "ici"), address("moderate", "ici", 1)):
        text = staff.get(path).content.decode()
        assert ('id="single-keys" data-keys-on>' in text, "consultation/keys.js" in text) == (True, True)


# How it is done, in public


@pytest.mark.row("D2")
def test_delays_are_those_of_thirty_days_between_received_and_decided(consultation: Consultation) -> None:
    now, member = timezone.now(), consultation.cycle.member

    def wait(days: float, ago: float, **more: Any) -> None:
        decided = now - dt.timedelta(days=ago)
        given = {"received_at": decided - dt.timedelta(days=days), "moderation": "published", "moderated_at": decided}
        SuggestionFactory(consultation=consultation, **(given | more))

    for days, ago in ((1, 2), (3, 2), (9, 29), (100, 31)):
        wait(days, ago)
    wait(0, 1)  # published as it came
    wait(500, 1, channel="imported")
    wait(20, 1, moderation="hidden", hidden_for="insult")
    SuggestionFactory(consultation=consultation, received_at=now - dt.timedelta(days=5, hours=2))
    with override("en"):
        measured = queries.delays_of(member, at=now)
    assert (measured.decided, measured.median, measured.longest, measured.waiting) == (4, "6 days", "20 days", "5 days")
    with override("en"):
        assert queries.delays_of(MemberFactory(), at=now) == queries.Delays(0, "", "", "")


def test_delay_is_that_of_the_first_decision(consultation: Consultation, moderator: User) -> None:
    now = timezone.now()
    ones = SuggestionFactory.create_batch(2, consultation=consultation, received_at=now - dt.timedelta(days=60))
    for one, days in zip(ones, (58, 2), strict=True):
        actions.publish_contribution(one, by=moderator, at=now - dt.timedelta(days=days))
        actions.hide_contribution(one, reason="insult", by=moderator, at=now - dt.timedelta(days=1))
    with override("en"):
        measured = queries.delays_of(consultation.cycle.member, at=now)
    assert (measured.decided, measured.longest) == (1, "58 days")


@pytest.mark.row("D2")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_public_page_says_reasons_deciders_delays_and_figures(
    client: Client, consultation: Consultation, after: Consultation, moderator: User, lang: str
) -> None:
    for many, reason in ((12, "insult"), (4, "unlawful")):
        SuggestionFactory.create_batch(many, consultation=consultation, hidden=True, hidden_for=reason)
    AppealFactory(contribution=Contribution.objects.first(), decided_at=AT, kept=False, answer="Oui.")
    earlier = SuggestionFactory(consultation=consultation, received_at=AT - dt.timedelta(days=1))
    do("publish_contribution", earlier, moderator)
    answer = client.get(address("moderation_rules", "ici", lang=lang))
    text = answer.content.decode()
    with override(lang):
        assert [str(reason) in html.unescape(text) for reason in rules.REASONS_TO_CHOOSE.values()] == [True] * 5
    figures = re.findall(r'<td class="number"><bdi>([^<]+)</bdi>', text)
    assert figures[:4] == ["1", "16", "0", "0"]
    assert figures[5:8] == ["1", "0", "1"]
    assert ("12" in figures, "4" in figures) == (True, True)  # each one's page shows its reason: anyone can count them
    assert (
        address("moderation_rules", "ici", lang=lang)
        in client.get(address("consultation", "ici", "question", lang=lang)).content.decode()
    )


def test_public_page_asks_as_much_for_one_row_as_for_thirty(client: Client, consultation: Consultation) -> None:
    def asked() -> int:
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address("moderation_rules", "ici")).status_code == 200
        return len(seen)

    SuggestionFactory(consultation=consultation, hidden=True)
    asked()
    few = asked()
    SuggestionFactory.create_batch(30, consultation=consultation, hidden=True)
    ConsultationFactory.create_batch(3, member=consultation.cycle.member)
    assert asked() == few


def test_queue_and_case_ask_as_much_however_much_is_flagged_or_appealed(
    staff: Client, consultation: Consultation
) -> None:
    def crowd(many: int) -> None:
        for one in SuggestionFactory.create_batch(many, consultation=consultation, published=True):
            FlagFactory.create_batch(2, contribution=one)
            CommentFactory(on=one, pending=True)
        for one in SuggestionFactory.create_batch(many, consultation=consultation, hidden=True):
            AppealFactory(contribution=one)

    queries_asked = ["", "?state=flagged", "?state=appeals", "?kind=comment"]

    def counts() -> list[int]:
        found = []
        for path in [address("moderation", "ici") + one for one in queries_asked] + [address("moderate", "ici", 1)]:
            with CaptureQueriesContext(connection) as seen:
                assert staff.get(path).status_code == 200
            found.append(len(seen))
        return found

    crowd(1)
    counts()
    few = counts()
    crowd(30)
    assert counts() == few


def test_what_was_published_unread_is_due(consultation: Consultation, after: Consultation, moderator: User) -> None:
    def due() -> list[str]:
        return [line.key for line in queries.due(after.cycle.member, AT.date()) if line.key.startswith("moderation")]

    one = arrived(after)
    comment = CommentFactory(on=one, pending=True)
    assert due() == ["moderation", "moderation:unread"]
    do("publish_contribution", one, moderator)
    do("publish_contribution", comment, moderator)
    assert due() == []
