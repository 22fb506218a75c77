"""What a consultation promised of its answers, against the answers that were given."""

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

from openregion.consultation.models import Consultation, Contribution
from openregion.plan.queries import promise_of
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.people import MemberFactory
from tests.factories.questions import promised
from tests.factories.responses import ResponseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def closed() -> Consultation:
    today = timezone.localdate()
    member = MemberFactory(slug="ici")
    told = promised(timezone.now()) | {"answers_by": today - 3 * DAY}
    return ConsultationFactory(member=member, slug="q", closed=True, **told)


def page(client: Client, lang: str = "en", **more: Any) -> str:
    with override(lang):
        path = reverse("consultation", args=["ici", "q"])
    return client.get(path + "".join(f"?{name}={value}" for name, value in more.items())).content.decode()


def answered(one: Contribution, *, ago: int) -> None:
    ResponseFactory(member=one.member, cycle=one.consultation.cycle, covers=[one], given_at=timezone.now() - ago * DAY)


def figures(one: Consultation) -> tuple[str, int, int, int]:
    found = promise_of(one, on=timezone.localdate())
    return found.state, found.countable, found.answered, found.in_time


def test_promise_is_kept_when_all_were_answered_in_time(client: Client, closed: Consultation) -> None:
    one, two = SuggestionFactory.create_batch(2, consultation=closed, published=True)
    SuggestionFactory(consultation=closed, spam=True)
    SuggestionFactory(consultation=closed, withdrawn=True)
    SuggestionFactory(consultation=closed, hidden=True, reason_told_at=timezone.now() - 5 * DAY)
    for suggestion in (one, two):
        answered(suggestion, ago=5)
    assert figures(closed) == ("kept", 3, 3, 3)
    text = page(client)
    assert ("The promise was kept" in text, "All 3 suggestions were answered" in text) == (True, True)
    assert ("/responses/1/" in text, "Each gets an answer." in text) == (True, True)


def test_promise_that_is_late_says_of_how_many(client: Client, closed: Consultation) -> None:
    one, two, _three = SuggestionFactory.create_batch(3, consultation=closed, published=True)
    answered(one, ago=5)
    answered(two, ago=1)
    answered(one, ago=1)  # a change of mind is no second answer to count
    assert figures(closed) == ("late", 3, 2, 1)
    text = page(client)
    assert ("not kept in time" in text, "Answered: 2 of 3." in text) == (True, True)


def test_day_to_come_waits_and_no_day_is_said(client: Client, closed: Consultation) -> None:
    SuggestionFactory(consultation=closed, published=True)
    for day, state, words in (
        (timezone.localdate(), "waiting", "Answered so far: 0 of 1."),
        (None, "no-day", "Answered today: 0 of 1."),
    ):
        Consultation.objects.update(answers_by=day)
        closed.refresh_from_db()
        assert figures(closed)[0] == state
        assert words in page(client, day=day)
    Contribution.objects.update(withdrawn_at=timezone.now())
    assert "No suggestion was received that asks for an answer." in page(client, again=1)


def test_closed_page_asks_nobody_whether_they_agree(client: Client, closed: Consultation) -> None:
    SuggestionFactory(consultation=closed, published=True)
    text = page(client)
    assert ("Say whether you agree" in text, "Who agreed, in figures" in text) == (False, True)
    assert ("What becomes of your answer" in text, "What became of the answers" in text) == (False, True)
    with override("en"):
        voices = client.get(reverse("voices", args=["ici", "q"])).content.decode()
    assert "<h1>Who agreed, in figures</h1>" in voices.replace(' tabindex="-1"', "")
    Consultation.objects.update(closes_at=timezone.now() + DAY, answers_by=timezone.localdate() + 9 * DAY)
    text = page(client, again=1)
    assert ("Say whether you agree" in text, 'id="outcome"' in text) == (True, False)


def test_outcome_costs_the_same_whatever_it_counts(client: Client, closed: Consultation) -> None:
    costs = []
    for many in (1, 29):
        for one in SuggestionFactory.create_batch(many, consultation=closed, published=True):
            answered(one, ago=5)
        page(client, warm=many)
        with CaptureQueriesContext(connection) as asked:
            promise_of(closed, on=timezone.localdate())
        costs.append(len(asked))
    assert costs[0] == costs[1]
