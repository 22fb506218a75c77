"""Reminders: one digest a day at most, only when something is new, late or has moved, in each person's language."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from openregion.people.models import Digest, OutgoingMail, User
from openregion.web import actions
from openregion.web.actions import remind
from openregion.web.queries.reminders import Readers, news_for, once_of
from openregion.web.tasks import keep_rounds
from tests.factories.chains import Chain
from tests.factories.desk import due
from tests.factories.people import AppointmentFactory, MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("O-6")]
TODAY = dt.date(2026, 3, 10)


def digests() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind="digest").order_by("pk"))


def rounds() -> str:
    out = io.StringIO()
    call_command("rounds", stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def chain() -> Chain:
    chain = Chain()
    chain.suggest("À lire", publish=False)
    return chain


def test_two_rounds_the_same_day_tell_once(chain: Chain) -> None:
    assert rounds() == "read 1 people · told 1 · nothing new 0"
    assert rounds() == "read 1 people · told 0 · nothing new 1"
    assert [mail.to for mail in digests()] == [chain.by.email]


def test_next_day_without_news_tells_nothing(chain: Chain) -> None:
    rounds()
    Digest.objects.update(on=timezone.localdate() - dt.timedelta(days=1))
    assert rounds() == "read 1 people · told 0 · nothing new 1"


def test_each_reads_in_their_own_language_and_with_whole_addresses(chain: Chain, settings: object) -> None:
    for lang in ("ar", "en"):
        UserFactory(role="moderator", at=chain.member, lang=lang)
    rounds()
    told = {mail.lang: mail.text for mail in digests()}
    assert set(told) == {"fr", "ar", "en"}
    for lang, text in told.items():
        moderation = reverse("moderation", args=[chain.member.slug]).replace("/fr/", f"/{lang}/", 1)
        stop = reverse("my_reminders", args=[chain.member.slug]).replace("/fr/", f"/{lang}/", 1)
        assert (f"http://localhost:8000{moderation}" in text, stop in text) == (True, True), lang


def test_who_holds_no_role_or_wants_silence_is_not_told(chain: Chain) -> None:
    UserFactory()
    User.objects.filter(pk=chain.by.pk).update(wants_digest=False)
    assert rounds() == "read 0 people · told 0 · nothing new 0"
    assert digests() == []


def test_person_is_told_their_own_lines_only(chain: Chain) -> None:
    UserFactory(role="council-secretary", at=chain.member)
    rounds()
    moderation = reverse("moderation", args=[chain.member.slug])
    told = {mail.to: moderation in mail.text for mail in digests()}
    assert told.pop(chain.by.email) is True
    assert set(told.values()) <= {False}


@pytest.mark.parametrize(
    ("before", "day", "worth"),
    [
        (None, "2026-03-20", True),  # never told
        (("2026-03-20", "soon"), "2026-03-20", False),
        (("2026-03-16", "soon"), "2026-03-16", True),  # now within the week
        (("2026-03-16", "week"), "2026-03-16", False),
        (("2026-03-09", "week"), "2026-03-09", True),  # late since yesterday
        (("2026-03-09", "late"), "2026-03-09", False),
        (("2026-03-20", "soon"), "2026-03-21", True),  # it moved
        (("2026-03-20", "soon"), "2026-06-21", True),  # it moved far away
        (None, "2026-06-21", False),  # far away, and never told
    ],
)
def test_what_is_worth_a_message(before: tuple[str, str] | None, day: str, worth: bool) -> None:
    known = {"line": {"day": before[0], "state": before[1]}} if before else {}
    news = news_for([due(day=dt.date.fromisoformat(day))], known, TODAY)
    assert (news is not None) == worth


@pytest.mark.row("O-6")
def test_day_that_moved_is_told_old_and_new() -> None:
    member = MemberFactory()
    user = UserFactory(role="administrator", at=member)
    at = timezone.now()
    remind(user, work=[(member, [due(day=dt.date(2026, 3, 19), estimated=True)])], on=TODAY, at=at)
    later = TODAY + dt.timedelta(days=1)
    remind(user, work=[(member, [due(day=dt.date(2026, 3, 20))])], on=later, at=at)
    last = digests()[-1].text
    assert ("19 mars 2026" in last, "20 mars 2026" in last, len(digests())) == (True, True, 2)


def test_line_that_comes_back_is_new_again() -> None:
    member = MemberFactory()
    user = UserFactory(role="administrator", at=member)
    days = [TODAY + dt.timedelta(days=number) for number in range(3)]
    lines = [[due()], [], [due()]]
    at = timezone.now()
    told = [remind(user, work=[(member, lines[n])], on=days[n], at=at) for n in range(3)]
    assert told == [True, False, True]


def test_what_waits_for_others_or_is_done_is_not_told() -> None:
    lines = [due("a", waits_for="Le wali", day=TODAY), due("b", done_on=TODAY)]
    assert news_for(lines, {}, TODAY) is None
    known = {"a": {"day": TODAY.isoformat(), "state": "week"}, "b": {"day": "2026-03-02", "state": "late"}}
    assert news_for(lines, known, TODAY) is None


def test_person_stops_and_takes_up_reminders(client: Client) -> None:
    member = MemberFactory()
    user = UserFactory(role="moderator", at=member)
    client.force_login(user)
    page = reverse("my_reminders", args=[member.slug])
    wanted = []
    for typed in ({}, {"wants_digest": "on"}):
        assert client.post(page, typed).status_code == 302
        wanted.append(User.objects.get(pk=user.pk).wants_digest)
    assert (wanted, client.get(page).status_code) == ([False, True], 200)


def test_worker_is_asked_once_for_the_next_round() -> None:
    assert (keep_rounds(), keep_rounds()) == (True, False)
    (asked,) = DBTaskResult.objects.all()
    local = timezone.localtime(asked.run_after)
    assert (local.hour, local.minute, asked.run_after > timezone.now()) == (6, 30, True)


def test_administrator_reads_how_messages_fare(client: Client, chain: Chain) -> None:
    rounds()
    page = reverse("mail_figures", args=[chain.member.slug])
    client.force_login(chain.by)
    assert client.get(page).status_code == 403
    client.force_login(UserFactory(administrator_of=chain.member))
    shown = client.get(page).content.decode()
    assert (client.get(page).status_code, chain.by.email in shown) == (200, False)


def test_one_person_who_cannot_be_told_silences_nobody(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = chain.by
    second = UserFactory(role="point-of-contact", at=chain.member)

    class Broken(dict):  # type: ignore[type-arg]
        """What a person was told, which cannot be read."""

        def get(self, key: object, default: object = None) -> object:
            raise ValueError(f"words of {first.email}")

    before = actions.told_before
    monkeypatch.setattr(actions, "told_before", lambda user: Broken() if user.pk == first.pk else before(user))
    assert rounds() == "read 2 people · told 1 · nothing new 0 · failed 1"
    assert [mail.to for mail in digests()] == [second.email]
    assert ("ValueError" in caplog.text, first.email in caplog.text) == (True, False)


def test_digest_that_was_given_up_told_nothing(chain: Chain) -> None:
    rounds()
    OutgoingMail.objects.update(state="failed", tried_at=timezone.now(), why_failed="recipient 550")
    Digest.objects.update(on=timezone.localdate() - dt.timedelta(days=1))
    mail = digests()[0]
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    OutgoingMail.objects.filter(pk=mail.pk).update(once=once_of(chain.by, yesterday))
    assert rounds() == "read 1 people · told 1 · nothing new 0"
    assert len(digests()) == 2


def test_digest_that_left_is_not_told_again(chain: Chain) -> None:
    rounds()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    OutgoingMail.objects.update(state="sent", sent_at=timezone.now(), once=once_of(chain.by, yesterday))
    Digest.objects.update(on=yesterday)
    assert rounds() == "read 1 people · told 0 · nothing new 1"


def test_person_of_two_members_has_one_message_with_both(chain: Chain) -> None:
    other = Chain()
    other.suggest("À lire ailleurs", publish=False)
    User.objects.filter(pk=other.by.pk).update(wants_digest=False)
    AppointmentFactory(user=chain.by, member=other.member, role="point-of-contact")
    assert rounds() == "read 1 people · told 1 · nothing new 0"
    (mail,) = digests()
    desks = [reverse("desk", args=[one.slug]) in mail.text for one in (chain.member, other.member)]
    assert (desks, Digest.objects.filter(user=chain.by).count()) == ([True, True], 2)
    assert rounds() == "read 1 people · told 0 · nothing new 1"


def test_readers_ask_the_same_number_of_questions_for_one_person_and_eight(chain: Chain) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            readers = Readers(chain.member, timezone.localdate())
            assert [readers.lines_of(user) for user in readers] != []
        return len(asked)

    one = questions()
    for _n in range(7):
        UserFactory(role="moderator", at=chain.member)
    assert questions() == one


def test_lost_round_is_asked_again_by_the_daily_tidying() -> None:
    keep_rounds()
    DBTaskResult.objects.update(status="RUNNING")  # the worker was killed while it went round
    call_command("let_go", verbosity=0)
    call_command("let_go", verbosity=0)
    assert DBTaskResult.objects.filter(task_path="openregion.web.tasks.daily_round", status="READY").count() == 1
