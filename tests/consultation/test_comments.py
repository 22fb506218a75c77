"""Comments on suggestions, one level deep, moderated like the rest; what readers flag, and who settles it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from freezegun import freeze_time

from openregion.consultation import actions, codes, queries, rules, voters
from openregion.consultation.models import Comment, Consultation, Contribution, Flag
from openregion.core.refusal import Refused
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.people import AT, AppointmentFactory, MemberFactory
from tests.factories.voices import CommentFactory, FlagFactory

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b\d{4} \d{4} \d{4}\b")


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
def suggestion(consultation: Consultation) -> Contribution:
    return SuggestionFactory(consultation=consultation, published=True)


@pytest.fixture
def moderator(member: Member) -> User:
    return AppointmentFactory(member=member, role="moderator").user


def page(suggestion: Contribution, lang: str = "fr") -> str:
    return address("suggestion_voices", "ici", suggestion.number, lang=lang)


def form_of(client: Client, where: str) -> dict[str, str]:
    """Give the hidden fields of the form as a page gives them, a minute after."""
    with freeze_time(timezone.now() - dt.timedelta(minutes=1)):
        text = client.get(where).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]+)"', text).group(1) for name in ("ticket", "opened")}  # type: ignore[union-attr]


@pytest.mark.row("D2")
def test_visitor_comments_and_reads_the_code_once(client: Client, suggestion: Contribution) -> None:
    said = form_of(client, page(suggestion)) | {"text": "D'accord, mais pas le lundi."}
    answer = client.post(page(suggestion), said)
    one = Contribution.everything.get(kind="comment")
    shown = CODE.findall(answer.content.decode())
    assert (answer.status_code, len(shown), "no-store" in answer["Cache-Control"]) == (200, 1, True)
    assert (one.words, one.lang, one.moderation, one.signals, one.number, one.comment.on) == (
        {"text": "D'accord, mais pas le lundi."}, "fr", "pending", [], suggestion.number + 1, suggestion,
    )  # fmt: skip
    assert one.code_hash == codes.hashed(codes.tidy(shown[0]))
    line = JournalLine.objects.get(verb="give_comment")
    assert (line.facts, line.by_ref) == ({"number": one.number, "on": suggestion.number}, "")
    assert "pas le lundi" not in client.get(page(suggestion)).content.decode()
    assert Contribution.objects.count() == 1
    again = client.post(page(suggestion), said)
    assert (CODE.findall(again.content.decode()), Comment.objects.count()) == (shown, 1)
    assert "sessionid" not in client.cookies


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_author_of_a_comment_is_asked_who_takes_part_and_follows_a_comment(
    client: Client, suggestion: Contribution
) -> None:
    said = client.post(address("suggestion_voices", "ici", suggestion.number, lang="en"), {"text": "Et la rampe ?"})
    page = said.content.decode()
    assert re.search(address("about_you", "ici", suggestion.consultation.slug, lang="en") + r"\?pass=\S+", page)
    code = re.search(r"\d{4} \d{4} \d{4}", page)
    assert code
    told = client.post(address("follow", "ici", lang="en"), {"code": code.group()}).content.decode()
    one = Contribution.everything.get(kind="comment")
    assert (f"Your comment {one.number}" in told, "Your suggestion" in told) == (True, False)
    assert ("Withdraw my comment" in told, "Withdraw my suggestion" in told) == (True, False)
    assert address("suggestion_voices", "ici", suggestion.number, lang="en") in told
    left = client.post(address("withdraw", "ici", lang="en"), {"code": code.group()}, follow=True).content.decode()
    assert ("Your comment is withdrawn." in left, "Your suggestion is withdrawn" in left) == (True, False)


def test_comment_published_is_read_where_the_suggestion_is_and_nowhere_else(
    client: Client, suggestion: Contribution, moderator: User
) -> None:
    one = CommentFactory(on=suggestion, pending=True, words={"text": "Une remarque singulière."})
    actions.publish_contribution(one, by=moderator, at=timezone.now())
    for where in (page(suggestion), address("voices", "ici", "question")):
        assert "Une remarque singulière." in client.get(where).content.decode()
    assert client.get(address("suggestion", "ici", one.number)).status_code == 404
    assert client.get(page(one))["Location"] == page(suggestion)
    assert "singulière" not in client.get(address("suggestions", "ici")).content.decode()
    found = client.get(address("search", "ici"), {"q": "singulière"}).content.decode()
    assert address("suggestion", "ici", one.number) not in found


def test_after_reading_consultation_publishes_at_once_what_bears_no_sign(
    client: Client, consultation: Consultation, suggestion: Contribution
) -> None:
    consultation.reads = "after"
    consultation.save()
    client.post(page(suggestion), form_of(client, page(suggestion)) | {"text": "Une remarque."})
    client.post(page(suggestion), form_of(client, page(suggestion)) | {"text": "Ou pas.", "website": "x"})
    states = [(one.moderation, one.signals) for one in Contribution.everything.filter(kind="comment").order_by("pk")]
    assert states == [("published", []), ("pending", ["trap"])]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("change", "text", "said"),
    [
        ({}, "  \n", "Write your comment"),
        ({}, "é" * (rules.LONGEST_COMMENT + 1), "3,000 characters"),
        ({"takes_comments": False}, "Oui", "takes no comments"),
        ({"closes_at": AT}, "Oui", "closed"),
        ({"opens_at": timezone.now() + dt.timedelta(days=2)}, "Oui", "not open yet"),
    ],
)
def test_comment_that_cannot_be_received_says_why_and_loses_nothing(
    client: Client, consultation: Consultation, suggestion: Contribution, change: dict[str, Any], text: str, said: str
) -> None:
    for name, value in change.items():
        setattr(consultation, name, value)
    if "closes_at" in change:
        consultation.opens_at = AT - dt.timedelta(days=9)
    consultation.save()
    answer = client.post(page(suggestion, "en"), {"text": text}).content.decode()
    assert (said in answer, text.strip() in answer, Comment.objects.count()) == (True, True, 0)


@pytest.mark.row("D2")
@pytest.mark.parametrize("change", [{"closes_at": AT}, {"takes_comments": False}])
def test_nobody_is_invited_to_comment_where_no_comment_is_received(
    client: Client, suggestion: Contribution, change: dict[str, Any]
) -> None:
    everyone = address("voices", "ici", "question", lang="en")
    assert "Comment on it" in client.get(everyone).content.decode()
    Consultation.objects.update(opens_at=AT - dt.timedelta(days=9), **change)
    assert "Comment on it" not in client.get(everyone).content.decode()
    CommentFactory(on=suggestion)
    read = client.get(everyone).content.decode()
    assert "Read the comment<" in read
    assert "or answer" not in read
    assert "<form" not in client.get(page(suggestion, "en")).content.decode().split('id="yours"')[1].split("</main>")[0]


@pytest.mark.usefixtures("english")
def test_comment_on_a_comment_or_on_what_is_not_public_is_refused(
    consultation: Consultation, suggestion: Contribution
) -> None:
    pending = SuggestionFactory(consultation=consultation)
    withdrawn = SuggestionFactory(consultation=consultation, published=True, withdrawn=True)
    for on in (CommentFactory(on=suggestion), pending, withdrawn):
        with pytest.raises(Refused):
            actions.give_comment(on, text="Oui", lang="fr", at=timezone.now())
    assert Comment.objects.count() == 1


def test_comments_are_read_oldest_first_by_thirty(client: Client, suggestion: Contribution) -> None:
    made = [CommentFactory(on=suggestion) for _ in range(33)]
    CommentFactory(on=suggestion, withdrawn_at=AT)
    CommentFactory(on=suggestion, pending=True)

    def numbers(where: str) -> list[int]:
        return [int(one) for one in re.findall(r'<li id="n-(\d+)"', client.get(where).content.decode())]

    assert numbers(page(suggestion)) == [one.number for one in made[:30]]
    assert numbers(page(suggestion) + f"?after={made[29].pk}") == [one.number for one in made[30:]]
    assert numbers(page(suggestion) + "?after=x") == [one.number for one in made[:30]]


def test_author_who_left_an_address_is_told_and_the_code_leads_back(
    client: Client, suggestion: Contribution, moderator: User, django_capture_on_commit_callbacks: Any
) -> None:
    said = form_of(client, page(suggestion)) | {"text": "Une remarque.", "reply_to": "autrice@example.ma"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(page(suggestion), said)
    (code,) = CODE.findall(answer.content.decode())
    assert [code in message.body for message in mail.outbox] == [True]
    one = Contribution.everything.get(kind="comment")
    actions.publish_contribution(one, by=moderator, at=timezone.now())
    assert one.notices.count() == 1
    followed = client.post(address("follow", "ici"), {"code": code}).content.decode()
    assert ("Une remarque." in followed, f'name="code" value="{codes.tidy(code)}"' in followed) == (True, True)
    client.post(address("withdraw", "ici"), {"code": code})
    assert Contribution.everything.get(pk=one.pk).withdrawn_at is not None
    assert "Une remarque." not in client.get(page(suggestion)).content.decode()


@pytest.mark.row("D2")
def test_reader_flags_once_and_the_moderators_are_told(
    client: Client, suggestion: Contribution, member: Member
) -> None:
    comment = CommentFactory(on=suggestion)
    where = address("flag", "ici", comment.number)
    assert client.get(where).status_code == 200
    client.cookies[voters.COOKIE] = voters.signed("a-key")
    for reason in ("insult", "off-topic"):
        assert client.post(where, {"reason": reason})["Location"] == page(suggestion)
    assert [(one.contribution, one.reason, one.settled_at) for one in Flag.objects.all()] == [(comment, "insult", None)]
    line = JournalLine.objects.get(verb="flag_contribution")
    assert (line.facts, line.by_ref) == ({"number": comment.number}, "")
    assert [(one.key, one.deed) for one in queries.due_flags(member, AT.date())] == [("flags", "settle_flags")]
    assert queries.due_flags(MemberFactory(), AT.date()) == ()


@pytest.mark.usefixtures("english")
def test_flag_without_a_reason_or_on_what_is_gone_is_refused(
    client: Client, consultation: Consultation, suggestion: Contribution, monkeypatch: Any
) -> None:
    where = address("flag", "ici", suggestion.number, lang="en")
    assert "Choose one of the reasons." in client.post(where, {}).content.decode()
    assert client.post(where, {"reason": "elsewhere"}).status_code == 200
    hidden = SuggestionFactory(consultation=consultation, hidden=True)
    pending = SuggestionFactory(consultation=consultation)
    assert client.get(address("flag", "ici", hidden.number))["Location"] == address("suggestion", "ici", hidden.number)
    assert client.get(address("flag", "ici", pending.number)).status_code == 404
    assert client.get(page(pending)).status_code == 404
    with pytest.raises(Refused):
        actions.flag_contribution(hidden, reason="insult", reader="r", at=AT)
    monkeypatch.setattr(voters, "REPORTS", replace(voters.REPORTS, most=0))
    assert "Much was flagged" in client.post(where, {"reason": "insult"}).content.decode()
    assert Flag.objects.count() == 0


@pytest.mark.row("D2")
@pytest.mark.parametrize("role", ["moderator", "point-of-contact", "rapporteur", "administrator"])
def test_only_who_may_settles_flags(member: Member, suggestion: Contribution, role: str) -> None:
    FlagFactory(contribution=suggestion)
    by = AppointmentFactory(member=member, role=role).user

    def settle() -> int:
        return actions.settle_flags(suggestion, by=by, at=timezone.now())

    if role in ("moderator", "point-of-contact"):
        assert (settle(), settle(), JournalLine.objects.filter(verb="settle_flags").count()) == (1, 0, 1)
    else:
        with pytest.raises(Refused):
            settle()
        assert JournalLine.objects.filter(verb="settle_flags").count() == 0
