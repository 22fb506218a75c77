"""Signals: what looks like a machine is put before a person; people are left in peace."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from openregion.consultation import signals
from openregion.consultation.models import Consultation
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.people import AT, MemberFactory

pytestmark = pytest.mark.django_db
SENTENCE = "Réparer le pont de l'oued avant l'hiver, et le dire aux riverains."


@pytest.fixture
def consultation() -> Consultation:
    cache.clear()
    return ConsultationFactory(member=MemberFactory(slug="ici"))


def found(consultation: Consultation, **changed: Any) -> list[str]:
    given: dict[str, Any] = {
        "words": {"idea": SENTENCE},
        "opened_at": AT - dt.timedelta(minutes=3),
        "trap": "",
        "asked_from": "192.0.2.7",
        "at": AT,
    }
    return signals.signals_of(consultation.cycle.member, **(given | changed))


@pytest.mark.row("D2")
def test_ordinary_words_give_no_signal(consultation: Consultation) -> None:
    assert found(consultation) == []


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"opened_at": AT - signals.TOO_FAST + dt.timedelta(seconds=1)}, ["fast"]),
        ({"opened_at": AT - signals.TOO_FAST}, []),
        ({"opened_at": None}, []),
        ({"trap": "https://exemple.test"}, ["trap"]),
        ({"trap": "   "}, []),
        ({"words": {"idea": "Voir https://a.test et https://b.test"}}, []),
        ({"words": {"idea": "https://a.test", "problem": "http://b.test www.c.test"}}, ["links"]),
        ({"words": {"idea": '<a href="x">[url=y]www.z.test'}}, ["links"]),
        ({"asked_from": ""}, []),
    ],
)
def test_each_signal_has_its_bound(consultation: Consultation, changed: dict[str, Any], expected: list[str]) -> None:
    assert found(consultation, **changed) == expected


@pytest.mark.row("D2")
def test_same_words_within_a_day_are_a_repetition_however_they_are_spaced(consultation: Consultation) -> None:
    SuggestionFactory(consultation=consultation, words={"text": f"  {SENTENCE.replace(' ', '  ')} "}, received_at=AT)
    assert found(consultation) == ["repeat"]
    assert found(consultation, at=AT + signals.REPEATS_WITHIN) == ["repeat"]
    assert found(consultation, at=AT + signals.REPEATS_WITHIN + dt.timedelta(seconds=1)) == []
    elsewhere = ConsultationFactory(member=MemberFactory())
    assert found(elsewhere) == []


def test_a_few_words_said_by_many_are_no_repetition(consultation: Consultation) -> None:
    SuggestionFactory(consultation=consultation, words={"text": "Je suis d'accord."}, received_at=AT)
    assert found(consultation, words={"text": "Je suis d'accord."}) == []


def test_repetition_costs_one_question_that_reads_few_rows(consultation: Consultation) -> None:
    SuggestionFactory.create_batch(3, consultation=consultation)
    with CaptureQueriesContext(connection) as seen:
        found(consultation)
    assert len(seen) == 1
    assert f"LIMIT {signals.LOOKED_BACK}" in seen.captured_queries[0]["sql"]


@pytest.mark.row("D2")
def test_many_from_one_connection_are_a_rate_and_others_are_left_in_peace(consultation: Consultation) -> None:
    for _ in range(signals.FROM_ONE_CONNECTION.most - 1):
        signals.note("192.0.2.7")
    assert found(consultation) == []
    signals.note("192.0.2.7")
    assert (found(consultation), found(consultation, asked_from="192.0.2.8")) == (["rate"], [])


def test_connections_are_counted_without_being_written_in_clear(consultation: Consultation) -> None:
    signals.note("192.0.2.7")
    signals.note("")
    kept = " ".join(cache._cache)  # type: ignore[attr-defined]
    assert ("192.0.2.7" in kept, kept.count("signals:")) == (False, 1)


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_each_signal_is_said_in_words(lang: str) -> None:
    with override(lang):
        said = signals.in_words([*signals.LABELS, "unheard-of"])
    assert (len(set(said)), said[-1]) == (len(signals.LABELS) + 1, "unheard-of")
