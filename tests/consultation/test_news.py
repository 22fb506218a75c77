"""What authors are told: once, in their language, never lost, never to somebody else."""

from __future__ import annotations

import datetime as dt
import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from freezegun import freeze_time

from openregion.consultation import actions, mails, rules
from openregion.consultation.models import Contribution, Notice
from openregion.people.models import User
from openregion.record.models import JournalLine
from tests.factories.consultation import NoticeFactory, SuggestionFactory
from tests.factories.people import AT, UserFactory

pytestmark = pytest.mark.django_db
STEPS = Notice.Step.values


def moderator_of(one: Contribution) -> User:
    return UserFactory(role="moderator", at=one.member)


def send_news() -> str:
    out = io.StringIO()
    call_command("send_news", stdout=out)
    return out.getvalue().strip()


@pytest.mark.row("O-5")
def test_reason_for_hiding_is_told_by_mail_and_only_then_counts(mailoutbox: list[Any]) -> None:
    one = SuggestionFactory(with_reply=True, reply_lang="ar", lang="ar")
    actions.hide_contribution(one, reason="personal-data", by=moderator_of(one), at=AT)
    assert list(Contribution.objects.hidden_without_notice()) == [one]
    assert send_news() == "told 1 · waiting 0"
    (mail,) = mailoutbox
    with override("ar"):
        assert str(rules.HIDING_REASONS["personal-data"]) in mail.body
        assert reverse("follow", args=[one.member.slug]) in mail.body
    one.refresh_from_db()
    assert (one.reason_told_at is None, Contribution.objects.hidden_without_notice().count()) == (False, 0)
    told = JournalLine.objects.get(verb="tell_reason")
    assert (told.subject_uid, told.facts, told.by_ref) == (one.uid, {"number": one.number}, "")
    assert send_news() == "told 0 · waiting 0"
    actions.tell_reason(one, at=AT)
    assert JournalLine.objects.filter(verb="tell_reason").count() == 1


@pytest.mark.row("O-5")
def test_dead_mail_server_loses_nothing_and_the_next_sending_tells(
    settings: Any, mailoutbox: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    one = SuggestionFactory(with_reply=True, words={"idea": "Marqueur"})
    actions.hide_contribution(one, reason="insult", by=moderator_of(one), at=AT)
    NoticeFactory()
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.consultation.mail_servers.Dead"
    with caplog.at_level(logging.DEBUG):
        assert send_news() == "told 0 · waiting 2"
    one.refresh_from_db()
    assert (one.reason_told_at, "autrice" in caplog.text, "Marqueur" in caplog.text) == (None, False, False)
    settings.EMAIL_BACKEND = working
    assert (send_news(), len(mailoutbox)) == ("told 2 · waiting 0", 2)


def test_one_refused_address_holds_nobody_back(
    settings: Any, mailoutbox: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "tests.consultation.mail_servers.Choosy"
    NoticeFactory(contribution__reply_to="refused@example.ma")
    NoticeFactory.create_batch(3)
    with caplog.at_level(logging.DEBUG):
        assert send_news() == "told 3 · waiting 1"
    assert (len(mailoutbox), "refused@" in caplog.text) == (3, False)


def test_command_goes_on_until_nothing_more_leaves(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]) -> None:
    monkeypatch.setattr(mails, "AT_ONCE", 2)
    NoticeFactory.create_batch(5)
    assert (send_news(), len(mailoutbox)) == ("told 5 · waiting 0", 5)


NOT_SHOWN = ("hidden", "spam")  # no page to lead to but the author's own


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_every_message_is_short_plain_and_leads_to_the_page(mailoutbox: list[Any], step: str, lang: str) -> None:
    one = SuggestionFactory(
        with_reply=True,
        reply_lang=lang,
        words={"idea": "Marqueur"},
        **{step if step in NOT_SHOWN else "published": True},
    )
    NoticeFactory(contribution=one, step=step, facts={"decision": "in-part", "commitment": "x"})
    assert mails.send_now().told == 1
    (mail,) = mailoutbox
    with override(lang):
        addresses = [reverse("follow", args=[one.member.slug])]
        if step not in ("received", *NOT_SHOWN):
            addresses.append(reverse("suggestion", args=[one.member.slug, one.number]))
    assert all(f"http://localhost:8000{path}" in mail.body for path in addresses)
    assert (mail.to, "Marqueur" in mail.body, "&#" in mail.body, "{" in mail.body) == (
        [one.reply_to],
        False,
        False,
        False,
    )
    assert str(one.number) in mail.subject
    assert max(len(line) for line in mail.body.splitlines()) < 400
    assert "\n\n\n" not in mail.body.strip()


def test_decision_taken_back_since_is_not_told(mailoutbox: list[Any]) -> None:
    one = SuggestionFactory(with_reply=True)
    by = moderator_of(one)
    actions.hide_contribution(one, reason="insult", by=by, at=AT)
    actions.publish_contribution(one, by=by, at=AT)
    actions.hide_contribution(one, reason="off-topic", by=by, at=AT)
    assert (send_news(), len(mailoutbox), Notice.objects.count()) == ("told 1 · waiting 0", 1, 3)
    with override("fr"):
        assert str(rules.HIDING_REASONS["off-topic"]) in mailoutbox[0].body


@pytest.mark.parametrize("gone", [{"withdrawn_at": AT}, {"erased_at": AT, "reply_to": ""}])
def test_whoever_left_is_written_to_no_more(mailoutbox: list[Any], gone: dict[str, Any]) -> None:
    notice = NoticeFactory()
    Contribution.objects.filter(pk=notice.contribution_id).update(**gone)
    assert (send_news(), mailoutbox) == ("told 0 · waiting 0", [])
    one = Contribution.objects.get()
    assert actions.tell_authors([one], step="answered", at=AT) == 0


def test_only_those_who_left_an_address_are_told(
    django_capture_on_commit_callbacks: Callable[..., Any], mailoutbox: list[Any]
) -> None:
    ones = [SuggestionFactory(published=True), SuggestionFactory(published=True, with_reply=True)]
    with django_capture_on_commit_callbacks(execute=True) as waiting:
        assert actions.tell_authors(ones, step="answered", at=AT, facts={"decision": "taken-up"}) == 1
    assert (len(waiting), mailoutbox, Notice.objects.get().contribution) == (1, [], ones[1])
    assert mails.send_waiting.call() == 1
    assert (len(mailoutbox), Notice.objects.waiting().count()) == (1, 0)


def test_two_workers_never_tell_twice(mailoutbox: list[Any]) -> None:
    NoticeFactory()
    assert [mails.send_now().told, mails.send_now().told, len(mailoutbox)] == [1, 0, 1]


# Each makes what writes the address fail in its own way: ValueError, IndexError, UnicodeEncodeError.
CRAFTED = ["=?utf-8?q?a=0Ab?=@x.com", "=?utf-8?b?!!!?=@x.com", "=?utf-8?q??=@x.com", "=?utf-8?q?=ED=A0=80?=@x.com"]


def test_address_that_cannot_be_written_stops_nobody_s_news(settings: Any, mailoutbox: list[Any]) -> None:
    settings.EMAIL_BACKEND = "tests.consultation.mail_servers.Written"
    for address in CRAFTED:
        NoticeFactory(contribution__reply_to=address)
    NoticeFactory()
    assert (send_news(), len(mailoutbox)) == ("told 1 · waiting 4", 1)


def test_refused_addresses_wait_behind_the_others_and_are_given_up(
    monkeypatch: pytest.MonkeyPatch, settings: Any, mailoutbox: list[Any]
) -> None:
    monkeypatch.setattr(mails, "AT_ONCE", 1)  # five are taken at a time
    settings.EMAIL_BACKEND = "tests.consultation.mail_servers.Choosy"
    NoticeFactory.create_batch(6, contribution__reply_to="refused@example.ma")
    NoticeFactory()
    assert (send_news(), len(mailoutbox)) == ("told 1 · waiting 6", 1)
    assert set(Notice.objects.waiting().values_list("tries", flat=True)) == {1}
    for hours in range(1, mails.TRIES):
        with freeze_time(timezone.now() + hours * dt.timedelta(hours=2)):
            said = send_news()
    assert (said, Notice.objects.exclude(given_up_at=None).count()) == ("told 0 · waiting 0", 6)


def test_server_that_hangs_up_at_one_message_still_takes_the_next(settings: Any, mailoutbox: list[Any]) -> None:
    settings.EMAIL_BACKEND = "tests.consultation.mail_servers.Touchy"
    NoticeFactory(contribution__reply_to="hang@example.ma")
    NoticeFactory.create_batch(2)
    assert (send_news(), len(mailoutbox)) == ("told 2 · waiting 1", 2)
    assert list(Notice.objects.waiting().values_list("tries", flat=True)) == [1]


def test_messages_at_which_the_server_hangs_up_go_behind_the_others(settings: Any, mailoutbox: list[Any]) -> None:
    settings.EMAIL_BACKEND = "tests.consultation.mail_servers.Touchy"
    NoticeFactory.create_batch(2, contribution__reply_to="hang@example.ma")
    NoticeFactory()
    assert [send_news(), send_news()] == ["told 0 · waiting 3", "told 1 · waiting 2"]
