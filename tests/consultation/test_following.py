"""Following something: asked, confirmed, told once a week at most, stopped with one press, forgotten in time."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from freezegun import freeze_time

from openregion.consultation import actions, queries, rules
from openregion.consultation.keys import hashed, key_of
from openregion.consultation.models import Comment, Consultation, Contribution, Follow
from openregion.core.refusal import Refused
from openregion.people.mails import send_now
from openregion.people.models import Member, OutgoingMail, User
from openregion.record.actions import write_line
from openregion.record.models import JournalLine
from openregion.web.queries.whats_new import whats_new
from openregion.web.rounds import FollowersTold, tell_followers
from tests.factories.chains import Chain
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.following import FollowFactory
from tests.factories.people import MemberFactory, UserFactory
from tests.factories.workshops import WorkshopFactory, province_of

pytestmark = [pytest.mark.django_db, pytest.mark.row("O-6")]
DAY = dt.timedelta(days=1)
NOW = timezone.now().replace(hour=12)
LANGUAGES = ("ar", "zgh", "fr", "en")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


def moderator_of(member: Member) -> User:
    return UserFactory(role="moderator", at=member)


def publish(one: Contribution) -> Contribution:
    return actions.publish_contribution(one, by=moderator_of(one.member), at=NOW)


def mails(kind: str = "news") -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind=kind).order_by("pk"))


def tell(at: dt.datetime = NOW) -> FollowersTold:
    return tell_followers(at=at)


# Asking and confirming


@pytest.mark.row("L-1")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_anyone_asks_confirms_and_is_told_nothing_before(client: Client, consultation: Consultation, lang: str) -> None:
    path = address("follow_news", "ici", "consultation", "question", lang=lang)
    page = client.get(path)
    assert (page.status_code, address("privacy", lang=lang) in page.content.decode()) == (200, True)
    assert client.post(path, {"email": "Quelqu.une@Example.ma"}).status_code == 302
    follow = Follow.objects.get()
    assert (follow.email, follow.lang, follow.confirmed_at) == ("quelqu.une@example.ma", lang, None)
    key = key_of(follow.uid)
    assert (follow.key_hash, key in str(follow.__dict__)) == (hashed(key), False)
    (mail,) = mails("follow")
    confirm = address("confirm_follow", "ici", key, lang=lang)
    assert (confirm in mail.text, mail.to, mail.stop) == (True, "quelqu.une@example.ma", "")
    publish(SuggestionFactory(consultation=consultation))
    assert tell() == FollowersTold(0, 0)
    assert (client.get(confirm).status_code, Follow.objects.get().confirmed_at) == (200, None)
    assert client.post(confirm)["Location"] == confirm
    assert Follow.objects.get().confirmed_at is not None
    assert client.get(confirm).status_code == 200


def test_page_says_the_same_to_who_follows_already(client: Client, consultation: Consultation) -> None:
    path = address("follow_news", "ici", "consultation", "question")
    answers = []
    FollowFactory(member=consultation.cycle.member, email="une@example.ma")
    for email in ("une@example.ma", "autre@example.ma"):
        answer = client.post(path, {"email": email}, follow=True)
        answers.append(re.findall(r'<li class="notice[^>]*>.*?</li>', answer.content.decode()))
    assert (answers[0] == answers[1], len(answers[0])) == (True, 1)
    (first, second) = mails("follow")
    assert ("confirm/" in first.text, "confirm/" in second.text) == (False, True)


def answer_of(client: Client, path: str, email: str) -> tuple[Any, ...]:
    answer = client.post(path, {"email": email}, follow=True)
    told = re.findall(r'<li class="notice[^>]*>.*?</li>|role="alert"', answer.content.decode())
    return answer.redirect_chain, answer.status_code, told


def test_page_says_the_same_of_an_address_that_follows_as_much_as_one_may(
    client: Client, consultation: Consultation
) -> None:
    member, path = consultation.cycle.member, address("follow_news", "ici", "consultation", "question")
    for n in range(rules.MOST_FOLLOWED):
        FollowFactory(member=member, email="pleine@example.ma", kind="suggestion", subject=str(n + 1))
        FollowFactory(member=member, email="jamais@example.ma", kind="suggestion", subject=str(n + 1), unconfirmed=True)
    usual = answer_of(client, path, "autre@example.ma")
    for email in ("pleine@example.ma", "pleine@example.ma", "jamais@example.ma"):
        assert answer_of(client, path, email) == usual
    assert Follow.objects.filter(kind="consultation").count() == 1
    (_link, full) = mails("follow")
    assert (full.to, "50" in full.text, "stop-all" in full.text) == ("pleine@example.ma", True, True)


def test_page_says_the_same_of_an_address_that_was_written_to_often(client: Client, consultation: Consultation) -> None:
    path = address("follow_news", "ici", "consultation", "question")
    answers = [answer_of(client, path, "souvent@example.ma") for _press in range(7)]
    assert answers == [answer_of(client, path, "autre@example.ma")] * 7


@pytest.mark.usefixtures("english")
def test_connection_that_asks_too_often_is_told_so(client: Client, consultation: Consultation) -> None:
    path = address("follow_news", "ici", "consultation", "question", lang="en")
    for n in range(20):
        client.post(path, {"email": f"une-{n}@example.ma"})
    answer = client.post(path, {"email": "encore@example.ma"}).content.decode()
    assert ("from your connection" in answer, Follow.objects.count()) == (True, 20)


def test_same_request_twice_makes_one_follow_and_one_message(member: Member, consultation: Consultation) -> None:
    for _again in range(2):
        actions.follow_news(member, kind="consultation", subject="question", email="a@example.ma", lang="fr", at=NOW)
    assert (Follow.objects.count(), len(mails("follow"))) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("consultation", "absente"), ("theme", "question.absent"), ("province", "MA-XXX"), ("suggestion", "7"),
        ("suggestion", "x"), ("suggestion", "01"), ("autre", "question"),
    ],
)  # fmt: skip
def test_only_what_is_public_is_followed(client: Client, consultation: Consultation, kind: str, subject: str) -> None:
    SuggestionFactory(consultation=consultation, number=7)
    assert client.get(address("follow_news", "ici", kind, subject)).status_code == 404
    with pytest.raises(Refused):
        actions.follow_news(
            consultation.cycle.member, kind=kind, subject=subject, email="a@example.ma", lang="fr", at=NOW
        )
    assert Follow.objects.count() == 0


def test_each_kind_of_thing_is_followed_by_its_public_name(client: Client, consultation: Consultation) -> None:
    member = consultation.cycle.member
    place, theme = province_of(member), consultation.themes.all()[0]
    one = SuggestionFactory(consultation=consultation, published=True)
    for kind, subject in (
        ("consultation", "question"), ("theme", f"question.{theme.code}"),
        ("province", place.code), ("suggestion", str(one.number)),
    ):  # fmt: skip
        assert client.post(address("follow_news", "ici", kind, subject), {"email": "a@example.ma"}).status_code == 302
    assert sorted(Follow.objects.values_list("kind", flat=True)) == ["consultation", "province", "suggestion", "theme"]


def test_address_of_a_stranger_is_not_filled(client: Client, consultation: Consultation) -> None:
    path = address("follow_news", "ici", "consultation", "question")
    for _press in range(5):
        assert client.post(path, {"email": "victime@example.ma"}).status_code == 302
    assert len(mails("follow")) == 1
    other = address("follow_news", "ici", "theme", f"question.{consultation.themes.all()[0].code}")
    assert client.post(other, {"email": "victime@example.ma"}).status_code == 302
    assert (len(mails("follow")), Follow.objects.count()) == (1, 1)


def test_old_or_unknown_link_confirms_nothing(client: Client, consultation: Consultation) -> None:
    follow = FollowFactory(member=consultation.cycle.member, unconfirmed=True, asked_at=timezone.now() - 7 * DAY)
    path = address("confirm_follow", "ici", key_of(follow.uid))
    assert (client.post(path).status_code, Follow.objects.get().confirmed_at) == (200, None)
    assert client.post(address("confirm_follow", "ici", "x" * 32)).status_code == 200
    FollowFactory(email="ailleurs@example.ma")
    elsewhere = Follow.objects.get(email="ailleurs@example.ma")
    assert queries.follow_of(consultation.cycle.member, key_of(elsewhere.uid)) is None


def test_a_persons_own_affair_has_no_line(client: Client, member: Member, consultation: Consultation) -> None:
    before = JournalLine.objects.count()
    follow = actions.follow_news(
        member, kind="consultation", subject="question", email="a@example.ma", lang="fr", at=NOW
    )
    actions.stop_following(actions.confirm_follow(follow, at=NOW))
    assert JournalLine.objects.count() == before


# Stopping


def test_mail_programs_own_button_stops_everything_without_cookie_nor_token(consultation: Consultation) -> None:
    member = consultation.cycle.member
    follow = FollowFactory(member=member, email="a@example.ma")
    FollowFactory(member=member, email="a@example.ma", kind="theme", subject="question.x")
    FollowFactory(member=member, email="b@example.ma")
    machine = Client(enforce_csrf_checks=True)
    path = address("stop_all_news", "ici", key_of(follow.uid))
    for _again in range(2):
        answer = machine.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert (answer.status_code, answer.cookies.output()) == (200, "")
    assert list(Follow.objects.values_list("email", flat=True)) == ["b@example.ma"]


def test_page_with_one_button_stops_one_follow_and_reading_it_stops_nothing(consultation: Consultation) -> None:
    member = consultation.cycle.member
    follow = FollowFactory(member=member, email="a@example.ma")
    FollowFactory(member=member, email="a@example.ma", kind="theme", subject="question.x")
    visitor = Client(enforce_csrf_checks=True)
    path = address("stop_following", "ici", key_of(follow.uid))
    page = visitor.get(path)
    assert (page.status_code, page.content.decode().count("<form"), Follow.objects.count()) == (200, 1, 2)
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("strict-origin", "noindex")
    assert "no-store" in page["Cache-Control"]
    assert (visitor.post(path).status_code, [one.kind for one in Follow.objects.all()]) == (200, ["theme"])


def test_what_waits_to_leave_does_not_leave_once_stopped(consultation: Consultation) -> None:
    follow = FollowFactory(member=consultation.cycle.member)
    publish(SuggestionFactory(consultation=consultation))
    tell()
    actions.stop_following(follow)
    (mail,) = mails()
    assert (mail.state, mail.to, mail.text, mail.stop) == ("failed", "", "", "")


def test_message_carries_the_headers_of_the_standard(consultation: Consultation, mailoutbox: list[Any]) -> None:
    follow = FollowFactory(member=consultation.cycle.member)
    publish(SuggestionFactory(consultation=consultation))
    tell()
    with override("fr"):
        stop = address("stop_all_news", "ici", key_of(follow.uid))
    assert mails()[0].stop.endswith(stop)
    send_now()
    (sent,) = [one for one in mailoutbox if one.to == [follow.email]]
    assert sent.extra_headers == {
        "List-Unsubscribe": f"<http://localhost:8000{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert (mails()[0].stop, mails()[0].text) == ("", "")
    assert stop in sent.body


# The news of the week


def test_nothing_is_sent_when_nothing_is_new_and_once_a_week_at_most(consultation: Consultation) -> None:
    member = consultation.cycle.member
    FollowFactory(member=member)
    assert tell() == FollowersTold(1, 0)
    publish(SuggestionFactory(consultation=consultation))
    assert [tell().told, tell().told] == [1, 0]
    publish(SuggestionFactory(consultation=consultation))
    assert tell(NOW + 6 * DAY) == FollowersTold(0, 0)
    assert tell(NOW + 7 * DAY - dt.timedelta(minutes=10)) == FollowersTold(1, 1)
    assert tell(NOW + 30 * DAY) == FollowersTold(1, 0)
    assert len(mails()) == 2


def test_what_came_before_the_confirmation_is_no_news(consultation: Consultation) -> None:
    member = consultation.cycle.member
    publish(SuggestionFactory(consultation=consultation))
    actions.confirm_follow(FollowFactory(member=member, unconfirmed=True, asked_at=NOW), at=NOW)
    assert tell().told == 0


def test_one_message_tells_all_that_an_address_follows_in_its_language(consultation: Consultation) -> None:
    member, theme = consultation.cycle.member, consultation.themes.all()[0]
    place = province_of(member)
    for kind, subject in (("theme", f"question.{theme.code}"), ("province", place.code)):
        FollowFactory(member=member, email="a@example.ma", lang="ar", kind=kind, subject=subject)
    first = publish(SuggestionFactory(consultation=consultation, placed__theme=theme))
    second = publish(SuggestionFactory(consultation=consultation, placed__province=place))
    other = publish(SuggestionFactory(consultation=consultation))
    assert tell() == FollowersTold(1, 1)
    (mail,) = mails()
    told = [address("suggestion", "ici", one.number, lang="ar") in mail.text for one in (first, second, other)]
    assert (mail.lang, told, place.name_ar in mail.text) == ("ar", [True, True, False], True)
    assert mail.text.count("/stop/") == 2


def test_what_left_or_is_not_public_is_not_told(consultation: Consultation) -> None:
    FollowFactory(member=consultation.cycle.member)
    gone = publish(SuggestionFactory(consultation=consultation, words={"idea": "Marqueur-retiré"}))
    actions.withdraw_contribution(gone, at=NOW)
    hidden = publish(SuggestionFactory(consultation=consultation, words={"idea": "Marqueur-masqué"}))
    actions.hide_contribution(hidden, reason="insult", by=moderator_of(hidden.member), at=NOW)
    waiting = SuggestionFactory(consultation=consultation, words={"idea": "Marqueur-en-attente"})
    line(waiting, "receive_suggestion")
    assert tell().told == 0


def line(subject: Any, verb: str) -> None:
    write_line(
        room="consultation", verb=verb, subject_type=type(subject).__name__, subject_uid=subject.uid,
        member_code="ici", by_ref="", at=NOW,
    )  # fmt: skip


def test_words_that_show_at_once_are_told_from_their_arrival(consultation: Consultation) -> None:
    Consultation.objects.update(reads="after")
    FollowFactory(member=consultation.cycle.member)
    line(SuggestionFactory(consultation=consultation, published=True), "receive_suggestion")
    assert tell().told == 1


def test_comment_is_told_to_who_follows_its_suggestion(consultation: Consultation) -> None:
    member = consultation.cycle.member
    one = SuggestionFactory(consultation=consultation, published=True)
    FollowFactory(member=member, kind="suggestion", subject=str(one.number))
    comment = SuggestionFactory(consultation=consultation, published=True, number=50, kind="comment")
    Comment.objects.create(contribution=comment, on=one)
    line(comment, "give_comment")
    assert tell().told == 1
    assert address("suggestion_voices", "ici", one.number) in mails()[0].text


def test_answers_and_findings_reach_who_follows_what_they_answer() -> None:
    chain = Chain()
    one = chain.suggest("Une idée suivie")
    member = chain.member
    FollowFactory(member=member, kind="suggestion", subject=str(one.number), told_until=queries.last_line_of(member))
    response = chain.answer([one])
    assert tell().told == 1
    assert address("response", member.slug, response.number) in mails()[0].text


def test_workshop_and_new_days_are_told(consultation: Consultation) -> None:
    member = consultation.cycle.member
    FollowFactory(member=member)
    workshop = WorkshopFactory(consultation=consultation)
    line(workshop, "plan_workshop")
    held = WorkshopFactory(consultation=consultation, cancelled=True)
    line(held, "plan_workshop")
    contact = UserFactory(role="point-of-contact", at=member)
    later = consultation.closes_at + 9 * DAY
    actions.revise_consultation(consultation, said={"closes_at": later}, by=contact, at=NOW)
    assert tell().told == 1
    text = mails()[0].text
    shown = [address("workshop", "ici", one.meeting.number) + "\n" in text for one in (workshop, held)]
    assert (shown, address("consultation", "ici", "question") in text) == ([True, False], True)


def test_new_question_is_told_to_who_follows_its_province(member: Member) -> None:
    place, other = province_of(member), province_of(member)
    for one in (place, other):
        FollowFactory(member=member, kind="province", subject=one.code, email=f"{one.pk}@example.ma")
    asked = ConsultationFactory(member=member, slug="locale")
    asked.places.set([place])
    line(asked, "open_consultation")
    assert (tell(), mails()[0].to) == (FollowersTold(2, 1), f"{place.pk}@example.ma")


def test_long_news_are_cut_and_say_how_many_more(consultation: Consultation) -> None:
    FollowFactory(member=consultation.cycle.member, lang="en")
    by = moderator_of(consultation.cycle.member)
    for one in SuggestionFactory.create_batch(12, consultation=consultation):
        actions.publish_contribution(one, by=by, at=NOW)
    tell()
    text = mails()[0].text
    assert (text.count("- Suggestion "), "… and 2 more." in text) == (10, True)


def test_reading_what_is_new_costs_the_same_for_one_and_thirty(consultation: Consultation) -> None:
    member, by = consultation.cycle.member, moderator_of(consultation.cycle.member)
    costs, since = [], 0
    for n in (1, 29):
        for one in SuggestionFactory.create_batch(n, consultation=consultation):
            actions.publish_contribution(one, by=by, at=NOW)
        with CaptureQueriesContext(connection) as asked:
            whats_new(member, since=since, until=queries.last_line_of(member), at=NOW)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_round_tells_followers_and_says_so(consultation: Consultation) -> None:
    FollowFactory(member=consultation.cycle.member)
    publish(SuggestionFactory(consultation=consultation))
    out = io.StringIO()
    call_command("rounds", stdout=out)
    assert out.getvalue().strip().endswith("followers 1 · told 1 · nothing new 0")


def test_one_that_fails_silences_nobody_else(consultation: Consultation, settings: Any) -> None:
    member = consultation.cycle.member
    # A row from before a kind was renamed: nothing is found under it, and the others are told.
    FollowFactory(member=member, kind="autre", subject="x")
    FollowFactory(member=member, email="b@example.ma")
    publish(SuggestionFactory(consultation=consultation))
    assert tell() == FollowersTold(2, 1)


# Forgetting


@pytest.mark.row("L-1")
def test_address_that_nobody_confirms_is_forgotten_after_seven_days(consultation: Consultation) -> None:
    member = consultation.cycle.member
    now = timezone.now()
    FollowFactory(member=member, unconfirmed=True, asked_at=now - 7 * DAY, email="old@example.ma")
    FollowFactory(member=member, unconfirmed=True, asked_at=now - 6 * DAY, email="new@example.ma")
    FollowFactory(member=member, asked_at=now - 90 * DAY, email="confirmed@example.ma")
    out = io.StringIO()
    call_command("let_go", stdout=out)
    assert "follows 1" in out.getvalue()
    assert sorted(Follow.objects.values_list("email", flat=True)) == ["confirmed@example.ma", "new@example.ma"]


@pytest.mark.row("L-1")
def test_followers_are_forgotten_with_the_end_of_the_follow_up(consultation: Consultation) -> None:
    member, cycle = consultation.cycle.member, consultation.cycle
    place = province_of(member)
    one = SuggestionFactory(consultation=consultation, published=True)
    later = ConsultationFactory(member=member, slug="suivante", cycle__number=cycle.number + 1)
    kept = SuggestionFactory(consultation=later, published=True)
    for kind, subject in (
        ("consultation", "question"), ("theme", "question.x"), ("suggestion", str(one.number)),
        ("consultation", "suivante"), ("suggestion", str(kept.number)), ("province", place.code),
    ):  # fmt: skip
        FollowFactory(member=member, kind=kind, subject=subject, email="a@example.ma")
    assert actions.forget_addresses(cycle, at=NOW) == 3
    left = sorted(Follow.objects.values_list("subject", flat=True))
    assert left == sorted(["suivante", str(kept.number), place.code])
    assert actions.forget_addresses(later.cycle, at=NOW) == 3
    assert Follow.objects.count() == 0


# Where it is offered


@freeze_time("2026-11-25 12:00")
def test_pages_offer_to_follow_what_they_show(client: Client) -> None:
    member = MemberFactory(slug="ici")
    one = ConsultationFactory(member=member, slug="question")
    theme, place = one.themes.all()[0], province_of(member)
    said = SuggestionFactory(consultation=one, published=True, placed__theme=theme, placed__province=place)
    consultation = client.get(address("consultation", "ici", "question")).content.decode()
    assert address("follow_news", "ici", "consultation", "question") in consultation
    assert address("follow_news", "ici", "theme", f"question.{theme.code}") in consultation
    suggestion = client.get(address("suggestion", "ici", said.number)).content.decode()
    assert address("follow_news", "ici", "suggestion", said.number) in suggestion
    listed = address("suggestions", "ici")
    by_theme = client.get(f"{listed}?theme=question.{theme.code}").content.decode()
    by_place = client.get(f"{listed}?province={place.code}").content.decode()
    assert address("follow_news", "ici", "theme", f"question.{theme.code}") in by_theme
    assert address("follow_news", "ici", "province", place.code) in by_place
    for invented in ("?theme=a/b.c", "?province=a/b", "?consultation=a/b"):
        assert client.get(listed + invented).status_code == 200
