"""Every form of the consultation that asks who one is, or one's words, says what becomes of them (law 09-08)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from openregion.consultation.capture_passes import hashed
from openregion.consultation.keys import key_of
from openregion.consultation.models import Consultation
from openregion.people.models import Member
from tests.factories import rooms
from tests.factories.calls import CallFactory
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.following import FollowFactory
from tests.factories.people import MemberFactory, UserFactory
from tests.factories.workshops import ChargeFactory, WorkshopFactory
from tests.pages import views

pytestmark = [pytest.mark.django_db, pytest.mark.row("L-1")]
NOTICE = "What becomes of the personal data typed here (law 09-08)"

# Every public address of the room that answers more than a page kept for visitors is named here, with a real row to
# open it, or with why nobody types anything there.
OPENED: dict[str, Callable[[Member, Consultation], dict[str, Any]]] = {
    "suggest": lambda member, one: {"slug": one.slug},
    "about_you": lambda member, one: {"slug": one.slug},
    "voices": lambda member, one: {"slug": one.slug},
    "suggestion_voices": lambda member, one: {"number": said(one)},
    "flag": lambda member, one: {"number": said(one)},
    "follow_application": lambda member, one: {},
    "apply_to_call": lambda member, one: {"number": CallFactory(member=member).number},
    "follow_news": lambda member, one: {"kind": "consultation", "subject": one.slug},
    "confirm_follow": lambda member, one: {"key": key_of(FollowFactory(member=member, subject=one.slug).uid)},
    "stop_following": lambda member, one: {"key": key_of(FollowFactory(member=member, subject=one.slug).uid)},
    "stop_all_news": lambda member, one: {"key": key_of(FollowFactory(member=member, subject=one.slug).uid)},
    "capture_door": lambda member, one: {"number": WorkshopFactory(consultation=one).meeting.number},
    "open_capture_pass": lambda member, one: passed(one),
    "workshop_kit": lambda member, one: {"number": WorkshopFactory(consultation=one).meeting.number},
}
NOTHING_TYPED = {
    "consultation_paper": "a file", "attachment": "a file", "my_attachment": "a file", "vote": "receives a press",
    "participation_draw_json": "a file", "workshop_ics": "a file", "kit_paper": "a file", "capture_token": "a token",
    "moderation_rules": "kept",
}  # fmt: skip
# What staff type of people who are not there, or not signed in: the notice is what they read aloud.
STAFF = {
    "assist": lambda member, one: {"slug": one.slug},
    "new_participation_call": lambda member, one: {},
    "capture": lambda member, one: {"number": WorkshopFactory(consultation=one, on_its_day=True).meeting.number},
    "new_paper_form": lambda member, one: {"slug": one.slug},
    "paper_form": lambda member, one: {"slug": one.slug, "uid": rooms.scanned(one).uid},
    "check_in": lambda member, one: {
        "number": WorkshopFactory(consultation=one, on_its_day=True, convened=True).meeting.number
    },
}


def passed(one: Consultation) -> dict[str, Any]:
    charge = ChargeFactory(workshop=WorkshopFactory(consultation=one), rapporteur=True, pass_hash=hashed("a" * 16))
    return {"number": charge.workshop.meeting.number, "key": "a" * 16}


def said(one: Consultation) -> int:
    return SuggestionFactory(consultation=one, published=True).number


def asks_personal_data(text: str) -> bool:
    """Say whether a form of the page asks who one is, or words of one's own."""
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.DOTALL)
    asked = r'type="(?:email|tel)"|<textarea\b(?![^>]*readonly)|name="(?:\w+_)?(?:name|email|telephone|reply_to)"'
    return any(re.search(asked, form) for form in forms)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


def test_every_public_address_of_the_room_is_looked_at() -> None:
    public = {
        name
        for name, view, _parameters in views()
        if view.__module__.startswith("openregion.consultation.")
        and view.audience == "everyone"
        and not getattr(view, "kept", False)
    }
    assert public <= OPENED.keys() | NOTHING_TYPED.keys()


@pytest.mark.parametrize("name", OPENED)
def test_public_form_that_asks_personal_data_carries_its_notice(
    client: Client, member: Member, consultation: Consultation, name: str
) -> None:
    with override("en"):
        path = reverse(name, kwargs={"member": "ici", **OPENED[name](member, consultation)})
    answer = client.get(path)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert not asks_personal_data(text) or NOTICE in text


@pytest.mark.parametrize(("name", "expected"), [(name, name != "new_participation_call") for name in STAFF])
def test_form_that_staff_fill_for_a_person_carries_it_too(
    client: Client, member: Member, consultation: Consultation, name: str, expected: bool
) -> None:
    client.force_login(UserFactory(role="point-of-contact", at=member))
    with override("en"):
        path = reverse(name, kwargs={"member": "ici", **STAFF[name](member, consultation)})
    text = client.get(path).content.decode()
    assert (NOTICE in text) == expected


def test_walk_knows_a_form_that_asks_for_an_address() -> None:
    form = '<form class="form" method="post"><input type="email" name="reply_to"></form>'
    assert (asks_personal_data(form), asks_personal_data('<form method="post"><button>x</button></form>')) == (
        True,
        False,
    )


def test_suggestion_and_follow_forms_are_among_those_that_ask(client: Client, consultation: Consultation) -> None:
    for name, more in (("suggest", ["question"]), ("follow_news", ["consultation", "question"])):
        with override("en"):
            text = client.get(reverse(name, args=["ici", *more])).content.decode()
        assert (asks_personal_data(text), NOTICE in text) == (True, True)
