"""Messages on their way: queued with the deed, sent outside it, one bad address holding nobody, the state shown."""

from __future__ import annotations

import datetime as dt
import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from freezegun import freeze_time

from openregion.core.refusal import Refused
from openregion.people import actions, mails, queries, rules
from openregion.people.models import Member, OutgoingMail
from openregion.record.models import JournalLine
from tests.factories.directory import OutgoingMailFactory
from tests.factories.people import AT, MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("L-1")]
SERVERS = "tests.consultation.mail_servers"
HOSTILE = "=?utf-8?q?=0a?=@example.ma"


def queued(member: Member, to: str = "nadia@example.ma", once: str = "one", **more: Any) -> OutgoingMail:
    said = {"kind": "role", "lang": "fr", "subject": "Objet", "text": "Mots secrets.", "at": AT} | more
    return mails.queue(member=member, once=once, to=to, **said)


def test_a_message_is_queued_once_and_sent_once(
    mailoutbox: list[Any], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    member = MemberFactory()
    with django_capture_on_commit_callbacks(execute=True):
        assert queued(member) == queued(member)
    assert (len(mailoutbox), DBTaskResult.objects.count()) == (0, 1)
    assert str(mails.send_now()) == "sent 1 · waiting 0"
    assert (mailoutbox[0].to, mailoutbox[0].subject) == (["nadia@example.ma"], "Objet")
    assert (mails.send_now().sent, len(mailoutbox)) == (0, 1)


def test_many_messages_of_one_deed_wake_the_worker_once(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    member = MemberFactory()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            queued(member, once=str(number))
    assert DBTaskResult.objects.filter(task_path=mails.send_mails.module_path).count() == 1


def test_a_message_whose_deed_fails_never_was(mailoutbox: list[Any]) -> None:
    from django.db import transaction

    member = MemberFactory()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queued(member)
        raise ZeroDivisionError
    assert (OutgoingMail.objects.count(), mails.send_now().sent, mailoutbox) == (0, 0, [])


def test_an_address_nothing_can_be_sent_to_fails_at_once_and_costs_the_deed_nothing(mailoutbox: list[Any]) -> None:
    member = MemberFactory()
    lost, fine = queued(member, HOSTILE), queued(member, once="two")
    assert (lost.state, lost.why_failed, fine.state) == ("failed", "address", "queued")
    assert (mails.send_now().sent, len(mailoutbox)) == (1, 1)
    (line,) = queries.mail_lines([lost])
    assert line.why == queries.reason_in_words("address") != ""


def test_a_role_given_to_a_crafted_address_is_given_and_its_message_says_why_it_did_not_leave() -> None:
    member = MemberFactory()
    by = UserFactory(administrator_of=member)
    actions.appoint(
        email=HOSTILE, name="Essai", role="moderator", member=member, starts_on=AT.date(), by=by, at=AT,
        site="https://example.ma",
    )  # fmt: skip
    assert OutgoingMail.objects.get().state == "failed"


def test_one_bad_address_does_not_stop_the_others(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = f"{SERVERS}.Choosy"
    member = MemberFactory()
    bad = queued(member, "refused@example.ma")
    good = queued(member, once="two")
    with caplog.at_level(logging.DEBUG):
        assert (mails.send_now().sent, mails.send_now().sent) == (1, 0)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.tries, bad.why_failed, good.state) == ("queued", 1, "recipient 550", "sent")
    assert [word for word in ("refused@", "secrets") if word in caplog.text] == []


def test_an_address_refused_for_good_is_given_up_after_five_tries_with_the_reason(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{SERVERS}.Choosy"
    bad = queued(MemberFactory(), "refused@example.ma")
    now = timezone.now()
    for hours in range(mails.TRIES + 2):
        with freeze_time(now + dt.timedelta(hours=2 * hours)):
            mails.send_now()
    bad.refresh_from_db()
    assert (bad.state, bad.tries) == ("failed", mails.TRIES)
    (line,) = queries.mail_lines([bad])
    assert "550" in line.why and "refused" not in line.why and "refused" not in line.to


def test_a_dead_server_loses_nothing(settings: Any, mailoutbox: list[Any]) -> None:
    settings.EMAIL_BACKEND = f"{SERVERS}.Dead"
    one = queued(MemberFactory())
    assert (mails.send_now().sent, mails.send_now().more) == (0, False)
    one.refresh_from_db()
    assert (one.state, one.why_failed) == ("queued", "silent")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert (mails.send_now().sent, len(mailoutbox)) == (1, 1)
    one.refresh_from_db()
    assert (one.state, one.why_failed) == ("sent", "")


def test_a_message_at_which_the_server_hangs_up_waits_behind_the_next(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{SERVERS}.Touchy"
    member = MemberFactory()
    hung = queued(member, "hang@example.ma")
    queued(member, once="two")
    assert mails.send_now().sent == 1
    hung.refresh_from_db()
    assert (hung.state, hung.why_failed, hung.tried_at is None) == ("queued", "hung-up", False)


STATES = ("queued", "sent", "failed")
ROLES = [role.code for role in __import__("openregion.guide.queries", fromlist=["guide"]).guide("ma-region-2021").roles]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_send_a_message_again(role: str, state: str) -> None:
    member = MemberFactory()
    by = UserFactory(role=role, at=member)
    mail = OutgoingMailFactory(member=member, state=state)
    allowed = role == "administrator" and state == "failed"
    assert (rules.why_not_retry_mail(by, mail) == "") is allowed


def test_a_message_sent_again_has_all_its_tries_and_one_line(mailoutbox: list[Any]) -> None:
    mail = OutgoingMailFactory(lost=True)
    by = UserFactory(administrator_of=mail.member)
    actions.retry_mail(mail, by=by, at=AT)
    assert (mail.state, mail.tries, mail.why_failed) == ("queued", 0, "")
    line = JournalLine.objects.get(verb="retry_mail")
    assert (line.subject_uid, line.facts) == (mail.uid, {"kind": "role"})
    with pytest.raises(Refused):
        actions.retry_mail(mail, by=by, at=AT)
    assert (JournalLine.objects.filter(verb="retry_mail").count(), mails.send_now().sent) == (1, 1)


def test_words_and_addresses_go_thirty_days_after_and_the_state_stays() -> None:
    kept, sent, lost = OutgoingMailFactory(), OutgoingMailFactory(left=True), OutgoingMailFactory(lost=True)
    assert mails.let_go(at=AT + dt.timedelta(days=29)) == 0
    assert mails.let_go(at=AT + dt.timedelta(days=31)) == 2
    for one in (kept, sent, lost):
        one.refresh_from_db()
    assert [bool(one.to or one.text or one.subject) for one in (kept, sent, lost)] == [True, False, False]
    assert [one.state for one in (kept, sent, lost)] == ["queued", "sent", "failed"]
    by = UserFactory(administrator_of=lost.member)
    assert rules.why_not_retry_mail(by, lost) != ""
    call_command("let_go", stdout=(out := io.StringIO()))
    assert "mails 0" in out.getvalue()


@pytest.fixture
def administrator(client: Client) -> tuple[Client, Member]:
    member = MemberFactory(slug="ici")
    client.force_login(UserFactory(administrator_of=member))
    return client, member


@pytest.mark.parametrize("lang", ["ar", "fr", "en", "zgh"])
def test_the_state_page_shows_each_state_and_no_address_nor_words(
    administrator: tuple[Client, Member], lang: str
) -> None:
    client, member = administrator
    for trait in ({}, {"left": True}, {"lost": True}):
        OutgoingMailFactory(member=member, to="nadia.secrete@example.ma", **trait)
    page = client.get(f"/{lang}/ici/mails/").content.decode()
    assert [word for word in ("nadia", "Objet du message", "Mots du message") if word in page] == []
    assert page.count("n…@example.ma") >= 3
    (failed,) = OutgoingMail.objects.filter(state="failed")
    only = client.get(f"/{lang}/ici/mails/?state=failed").content.decode()
    assert (only.count("n…@example.ma"), f"/mails/{failed.uid}/retry/" in only) == (2, True)


def test_a_failed_message_is_sent_again_from_the_page(administrator: tuple[Client, Member]) -> None:
    client, member = administrator
    lost = OutgoingMailFactory(member=member, lost=True)
    path = reverse("retry_mail", args=["ici", lost.uid])
    assert client.get(path).status_code == 200
    assert client.post(path)["Location"] == reverse("mail_state", args=["ici"])
    again = client.post(path)
    assert (again.status_code, JournalLine.objects.filter(verb="retry_mail").count()) == (200, 1)


def test_the_state_of_messages_is_for_administrators_and_of_one_member(
    administrator: tuple[Client, Member],
) -> None:
    client, member = administrator
    theirs = OutgoingMailFactory(lost=True)
    assert client.get(reverse("retry_mail", args=["ici", theirs.uid])).status_code == 404
    client.force_login(UserFactory(role="point-of-contact", at=member))
    assert client.get(reverse("mail_state", args=["ici"])).status_code == 403


def test_the_state_page_asks_the_same_number_of_questions_for_one_and_thirty(
    administrator: tuple[Client, Member], django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, member = administrator
    asked = []
    for number in (1, 29):
        OutgoingMailFactory.create_batch(number, member=member, lost=True)
        with CaptureQueriesContext(
            connection,
        ) as counted:
            assert client.get(reverse("mail_state", args=["ici"])).status_code == 200
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_the_command_sends_what_waits_and_says_how_many(mailoutbox: list[Any]) -> None:
    OutgoingMailFactory.create_batch(3)
    call_command("send_mails", stdout=(out := io.StringIO()))
    assert (out.getvalue(), len(mailoutbox)) == ("sent 3 · waiting 0\n", 3)


def test_words_go_as_the_message_leaves_and_the_state_stays(mailoutbox: list[Any]) -> None:
    one = queued(MemberFactory(), text="Répondez ici : /meetings/answers/une-cle-secrete/", kind="meeting-convocation")
    assert mails.send_now().sent == 1
    one.refresh_from_db()
    assert ("une-cle-secrete" in mailoutbox[0].body, one.text) == (True, "")
    assert (one.state, one.subject, one.kind, one.to) == ("sent", "Objet", "meeting-convocation", "nadia@example.ma")


def test_message_that_did_not_leave_keeps_its_words(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{SERVERS}.Dead"
    one = queued(MemberFactory())
    mails.send_now()
    one.refresh_from_db()
    assert one.text == "Mots secrets."


def test_first_refusal_after_a_long_silence_gives_nothing_up(settings: Any) -> None:
    bad = queued(MemberFactory(), "refused@example.ma")
    settings.EMAIL_BACKEND = f"{SERVERS}.Dead"
    now = timezone.now()
    for n in range(mails.TRIES_LATER + 5):
        with freeze_time(now + dt.timedelta(minutes=10 * n)):
            mails.send_now()
    settings.EMAIL_BACKEND = f"{SERVERS}.Choosy"
    with freeze_time(now + dt.timedelta(days=2)):
        mails.send_now()
    bad.refresh_from_db()
    assert (bad.state, bad.refusals, bad.why_failed) == ("queued", 1, "recipient 550")


def test_tries_at_a_silent_server_stop_counting(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{SERVERS}.Dead"
    one = queued(MemberFactory())
    OutgoingMail.objects.update(tries=mails.MOST_TRIES)
    mails.send_now()
    one.refresh_from_db()
    assert (one.tries, one.state) == (mails.MOST_TRIES, "queued")


def test_every_kind_of_message_about_a_meeting_has_its_name() -> None:
    kinds = [f"meeting-{news}" for news in ("convocation", "moved", "cancelled", "withdrawn")]
    assert [kind for kind in kinds if kind not in queries.MAIL_KINDS] == []
