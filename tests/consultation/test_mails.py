"""What authors are written says what is true of their words, and says it alike."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from openregion.consultation import mails
from openregion.consultation.models import Contribution
from tests.factories.consultation import ConsultationFactory, NoticeFactory, SuggestionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]
ENGLISH: dict[str, Any] = {"reply_to": "une@example.ma", "reply_lang": "en"}


def received(one: Contribution) -> str:
    """Give the message that hands over the code."""
    mails.hand_code(one, "123456789012")
    return str(mail.outbox[-1].body)


@pytest.mark.parametrize(
    ("reads", "published", "told"),
    [
        ("after", True, "It is published already, in your own words. The team reads it after"),
        ("after", False, "the team reads it. It is published in your own words, or you are told why not."),
        ("before", False, "the team reads it. It is published in your own words, or you are told why not."),
        ("before", True, "The team has read it, and it is published in your own words."),
    ],
)
def test_message_of_the_code_says_when_words_are_read(reads: str, published: bool, told: str) -> None:
    consultation = ConsultationFactory(reads=reads)
    traits = {"published": True} if published else {}
    text = received(SuggestionFactory(consultation=consultation, **traits, **ENGLISH))
    assert (told in text, "1234 5678 9012" in text, "Later the Region answers it" in text) == (True, True, True)
    said = ("published already", "The team has read it", "What happens next")
    assert sum(one in text for one in said) == 1


def test_each_decision_on_words_says_that_its_author_may_appeal() -> None:
    for step, traits in (("hidden", {"hidden": True}), ("masked", {"published": True}), ("spam", {"spam": True})):
        NoticeFactory(contribution=SuggestionFactory(**traits, **ENGLISH), step=step)
    mails.send_now()
    told = "If you think that this is a mistake, appeal with your code: another person looks at it again"
    assert [told in message.body for message in mail.outbox] == [True, True, True]
