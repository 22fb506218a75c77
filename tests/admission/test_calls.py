"""Calls entered as data: typed a line at a time, or read from a file; hostile ones refused in words."""

from __future__ import annotations

import datetime as dt
import json
import re
from html import unescape
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.admission import actions, queries, rules
from openregion.admission.forms.questions import Unread, read_file, read_lines, write_lines
from openregion.admission.models import Call
from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from tests.factories.admission import QUESTIONS, CallFactory, candidacy
from tests.factories.people import AT, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("B3")]


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def said(**more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "title": words("Appel"),
        "source": "https://example.org/",
        "opened_on": dt.date(2026, 1, 2),
    }
    given |= {"closes_at": timezone.now() + dt.timedelta(days=30), "time_zone": "UTC", "channel": "email"}
    return given | {"address": "local@example.org", "questions": QUESTIONS} | more


@pytest.mark.parametrize("role", ["administrator", "president", "point-of-contact", "coordinator", ""])
def test_call_is_entered_by_those_the_guide_names(member: Member, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    assert (not rules.why_not_enter_call(by, member, **said())) == bool(named and "enter_call" in named.deeds)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"title": {}}, "title"),
        ({"source": ""}, "where the call"),
        ({"opened_on": dt.date(2100, 1, 1)}, "future"),
        ({"closes_at": dt.datetime(2025, 1, 1, tzinfo=dt.UTC)}, "before it opens"),
        ({"time_zone": "Mars/Base"}, "time zone"),
        ({"channel": "pigeon"}, "channel"),
        ({"address": "not an address"}, "e-mail address"),
        ({"channel": "online-form", "address": "javascript:alert(1)"}, "online form"),
        ({"questions": []}, "Give the questions"),
        ({"questions": [QUESTIONS[0]] * 61}, "60"),
        ({"questions": [QUESTIONS[0], QUESTIONS[0]]}, "Question 2"),
        ({"questions": [QUESTIONS[0] | {"code": "../x"}]}, "small letters"),
        ({"questions": [QUESTIONS[0] | {"label": {}}]}, "no words"),
        ({"questions": [QUESTIONS[0] | {"label": "x"}]}, "by language"),
        ({"questions": [QUESTIONS[0] | {"label": {"en": "x" * 2001}}]}, "2 000"),
        ({"questions": [QUESTIONS[0] | {"limit": -1}]}, "whole number"),
        ({"questions": [QUESTIONS[0] | {"limit": True}]}, "whole number"),
        ({"questions": [QUESTIONS[0] | {"limit": "ten"}]}, "whole number"),
        ({"questions": [QUESTIONS[0] | {"unit": "pages"}]}, "words or characters"),
        ({"questions": [QUESTIONS[0] | {"condition": "no-such"}]}, "not a condition"),
        ({"questions": [QUESTIONS[0] | {"lang": "es"}]}, "en, fr or ar"),
        ({"questions": [QUESTIONS[0] | {"required": "perhaps"}]}, "required or optional"),
        ({"questions": [QUESTIONS[0] | {"surprise": 1}]}, "surprise"),
    ],
)
@pytest.mark.usefixtures("english")
def test_call_that_cannot_be_answered_is_refused_in_words(
    member: Member, contact: User, more: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        actions.enter_call(member=member, **said(**more), by=contact, at=AT)
    assert not Call.objects.exists()


@pytest.mark.usefixtures("english")
def test_call_is_entered_once_and_proves_the_operation(member: Member, contact: User) -> None:
    cycle, given = candidacy(member), said()
    call = actions.enter_call(member=member, **given, by=contact, at=AT)
    with pytest.raises(Refused, match="already"):
        actions.enter_call(member=member, **given, by=contact, at=AT)
    proved = cycle.operations.filter(proofs__subject_uid=call.uid)
    assert list(proved.values_list("code", flat=True)) == ["consult-call-form"]


def test_lines_are_read_as_they_are_written() -> None:
    text = "Why join? | 300 words | required | added-value | Pourquoi ? | لماذا؟\n\n  How? | 2000 characters | optional"
    first, second = read_lines(text, "en")
    assert first["label"] == {"fr": "Pourquoi ?", "ar": "لماذا؟", "en": "Why join?"}
    assert (first["limit"], first["unit"], first["required"], first["condition"]) == (300, "words", True, "added-value")
    assert (second["code"], second["limit"], second["unit"], second["required"]) == (
        "question-2",
        2000,
        "characters",
        False,
    )
    assert read_lines(write_lines([first, second]), "en") == [first, second]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("text", ["a|b|c|d|e|f|g", "a | lots", "a | 3 words | maybe", "a | 9999999 words"])
def test_line_that_cannot_be_read_says_which(text: str) -> None:
    with pytest.raises(Unread, match="Line 1"):
        read_lines(text, "en")


@pytest.mark.parametrize("write", [yaml.safe_dump, json.dumps])
def test_questions_are_read_from_a_file(write: Any) -> None:
    for given in (QUESTIONS, {"questions": QUESTIONS}):
        assert read_file(write(given).encode(), "en") == QUESTIONS


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"[" * 50_000,
        b"questions: !!python/object/apply:os.system ['true']",
        b"a: b",
        b"- 1\n- 2",
        b"x" * 200_001,
        b"{",
    ],
)
def test_hostile_file_is_refused(content: bytes) -> None:
    with pytest.raises(Unread):
        read_file(content, "en")


def test_deadline_is_typed_on_its_own_clock_and_shown_on_casablancas(
    client: Client, member: Member, contact: User
) -> None:
    client.force_login(contact)
    with override("en"):
        url = reverse("enter_call", args=["ici"])
    given = {"title_en": "Call", "title_fr": "Appel", "title_ar": "نداء", "source": "https://example.org/"}
    given |= {"closes_on": "2027-01-12", "closes_time": "23:59", "time_zone": "America/Los_Angeles", "lang": "en"}
    given |= {"channel": "online-form", "address": "https://example.org/form", "lines": "Why? | 300 words"}
    assert client.post(url, given | {"lines": "Why? | many"}).status_code == 200
    assert client.post(url, given | {"lines": ""}).status_code == 200
    shown = client.post(url, given, follow=True).content.decode()
    call = Call.objects.get()
    assert call.closes_at == dt.datetime(2027, 1, 13, 7, 59, tzinfo=dt.UTC)
    assert "12 January 2027" in shown  # there
    assert "13 January 2027" in shown  # in Casablanca


def test_call_is_entered_from_a_file(client: Client, member: Member, contact: User) -> None:
    client.force_login(contact)
    with override("fr"):
        url, model = reverse("enter_call", args=["ici"]), reverse("working_form", args=["ici"])
    content = client.get(model).content
    given = {"title_en": "Call", "title_fr": "Appel", "title_ar": "نداء", "source": "https://example.org/"}
    given |= {"closes_on": "2027-01-12", "closes_time": "23:59", "time_zone": "UTC", "lang": "en"}
    given |= {"channel": "email", "address": "local@example.org"}
    assert client.post(url, given | {"file": SimpleUploadedFile("form.yaml", content)}).status_code == 302
    assert len(Call.objects.get().questions) == 9


@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_working_form_is_never_passed_off_as_ogps(client: Client, member: Member, lang: str) -> None:
    call = CallFactory(member=member, for_work=True, title={})
    CallFactory(member=member, closed=True)
    for args in (["calls", "ici"], ["call", "ici", call.uid]):
        with override(lang):
            shown = client.get(reverse(args[0], args=args[1:])).content.decode()
        if lang == "en":
            assert "This is not OGP's form" in unescape(shown)
    assert queries.open_call(member) is None


def test_call_of_another_member_is_not_found(client: Client, member: Member) -> None:
    with override("fr"):
        url = reverse("call", args=["ici", CallFactory().uid])
    assert client.get(url).status_code == 404


@pytest.mark.row("B3")
def test_questions_are_typed_in_rows_and_more_rows_lose_nothing(client: Client) -> None:
    member = MemberFactory(slug="ici")
    client.force_login(UserFactory(role="point-of-contact", at=member))
    with override("en"):
        url = reverse("enter_call", args=["ici"])
    opened = client.get(url).content.decode()
    assert ("q5-label_en" in opened, "q6-label_en" in opened) == (True, False)
    typed = {
        "rows": "5",
        "title_en": "A title kept",
        "q1-label_en": "Why do you join?",
        "q1-limit": "300",
        "q1-unit": "words",
    }
    again = client.post(url, {**typed, "more": "1"}).content.decode()
    assert ("q10-label_en" in again, "A title kept" in again, "Why do you join?" in again) == (True, True, True)
    assert ('role="alert"' in again, Call.objects.count()) == (False, 0)
    whole = typed | {
        "title_fr": "Titre", "title_ar": "عنوان", "source": "https://example.org/call", "closes_on": "2030-01-02",
        "closes_time": "12:00", "time_zone": "UTC", "channel": "online-form", "address": "https://example.org/form",
        "lang": "en", "rows": "10", "q7-label_fr": "Qui travaillera ?", "q7-unit": "characters", "q7-optional": "on",
    }  # fmt: skip
    assert client.post(url, whole).status_code == 302
    first, second = Call.objects.get().questions
    assert (first["code"], first["limit"], first["unit"], first["required"]) == (
        "why-do-you-join-1",
        300,
        "words",
        True,
    )
    assert (second["label"], second["limit"], second["required"]) == ({"fr": "Qui travaillera ?"}, None, False)


def test_enter_sends_the_call_and_wrong_rows_are_named_with_their_link(client: Client, contact: User) -> None:
    client.force_login(contact)
    path = "/en/ici/candidacy/calls/new/"
    page = client.get(path).content.decode()
    buttons = re.findall(r'<button[^>]*type="submit"([^>]*)>', page.split("<main", 1)[1])
    assert [('name="more"' in one) for one in buttons] == [False, True]
    page = unescape(client.post(path, {"rows": "3", "q2-label_en": "Why?", "q2-limit": "300000"}).content.decode())
    summary = page.split('class="errors"', 1)[1].split("</div>", 1)[0]
    assert ('<a href="#id_q2-limit">Question 2 · ' in summary, "q1-" in summary) == (True, False)
