"""Appeals: an author answers a decision on their words; somebody else looks again, and the author reads the answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from openregion.consultation import actions, mails, queries, rules
from openregion.consultation.models import Appeal, Consultation, Contribution, Notice
from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.people.rules import deeds_of
from openregion.record.models import JournalLine
from openregion.record.queries import search
from openregion.web.queries.desk import desk_of, is_for
from tests.factories.chains import Chain
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.moderation import AppealFactory
from tests.factories.people import AT, MemberFactory, UserFactory
from tests.factories.voices import CommentFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "zgh", "fr", "en")
WHY = "Je ne nomme personne : je parle d'une fonction."
LATER = AT + dt.timedelta(days=1)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


@pytest.fixture
def first(member: Member) -> User:
    return UserFactory(role="moderator", at=member)


@pytest.fixture
def other(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def hidden(consultation: Consultation, by: User, **more: Any) -> Contribution:
    one = SuggestionFactory(consultation=consultation, words={"idea": "Réparer la passerelle"}, **more)
    return actions.hide_contribution(one, reason="off-topic", by=by, at=AT)


def appealed(one: Contribution, at: dt.datetime = LATER) -> Appeal:
    return actions.make_appeal(one, words=WHY, lang="fr", at=at)


def decided(appeal: Appeal, by: User, *, keep: bool) -> Appeal:
    return actions.decide_appeal(appeal, keep=keep, answer="Nous avons relu.", by=by, at=LATER)


@pytest.mark.row("D2")
def test_another_person_keeps_the_decision_and_the_author_is_told(
    consultation: Consultation, first: User, other: User
) -> None:
    one = hidden(consultation, first, with_reply=True)
    appeal = appealed(one)
    assert (appeal.against, appeal.first_by, appeal.kept) == ("hide_contribution", first, None)
    appeal = decided(appeal, other, keep=True)
    one.refresh_from_db()
    assert (one.moderation, appeal.kept, appeal.decided_by) == ("hidden", True, other)
    assert list(Notice.objects.values_list("step", flat=True)) == ["hidden", "appeal"]
    assert [line.verb for line in JournalLine.objects.order_by("pk")][1:] == ["make_appeal", "decide_appeal"]


@pytest.mark.row("D2")
@pytest.mark.parametrize("deed", ["hide_contribution", "mark_spam"])
def test_decision_undone_publishes_the_words_under_the_appeal(
    consultation: Consultation, first: User, other: User, deed: str
) -> None:
    one = SuggestionFactory(consultation=consultation, words={"idea": "Réparer la passerelle"})
    more = {"reason": "insult"} if deed == "hide_contribution" else {}
    getattr(actions, deed)(one, by=first, at=AT, **more)
    decided(appealed(one), other, keep=False)
    one.refresh_from_db()
    assert (one.moderation, one.hidden_for, one.moderated_by) == ("published", "", other)
    assert [hit.subject_uid for hit in search("passerelle", lang="fr", member_code="ici")] == [one.uid]
    decision, publication = JournalLine.objects.order_by("pk")[2:]
    assert (publication.verb, publication.parent) == ("publish_contribution", decision)


@pytest.mark.row("D2")
def test_who_decided_first_never_decides_the_appeal(
    consultation: Consultation, first: User, other: User, english: None
) -> None:
    appeal = appealed(hidden(consultation, first))
    with pytest.raises(Refused, match="You took the first decision"):
        decided(appeal, first, keep=True)
    appeal.refresh_from_db()
    assert appeal.decided_at is None
    assert rules.why_not_hear_appeal(other, appeal) == ""


def test_who_decided_is_read_in_the_journal_where_it_is_not_written_beside(
    consultation: Consultation, first: User
) -> None:
    one = hidden(consultation, first)
    Contribution.objects.filter(pk=one.pk).update(moderated_by=None)
    assert appealed(one).first_by == first


def test_author_who_moderates_leaves_their_own_appeal(consultation: Consultation, first: User, other: User) -> None:
    appeal = appealed(hidden(consultation, first, author=other))
    with pytest.raises(Refused):
        decided(appeal, other, keep=False)


@pytest.mark.row("D2")
def test_roles_that_decide_appeals_are_those_of_the_guide(consultation: Consultation, first: User) -> None:
    member, appeal = consultation.cycle.member, appealed(hidden(consultation, first))
    allowed = set()
    for role in guides.guide(member.guide_version).roles:
        by = UserFactory(role=role.code, at=member)
        if not rules.why_not_decide_appeal(by, appeal, answer="Relu."):
            allowed.add(role.code)
    assert allowed == {"moderator", "point-of-contact"}
    assert rules.why_not_decide_appeal(UserFactory(role="moderator", at=MemberFactory()), appeal, answer="Relu.")


@pytest.mark.parametrize(
    ("traits", "may"),
    [
        ({}, False),
        ({"published": True}, False),
        ({"hidden": True}, True),
        ({"spam": True}, True),
        ({"hidden": True, "withdrawn": True}, False),
        ({"hidden": True, "erased_at": AT}, False),
    ],
)
def test_states_that_can_be_appealed_against(consultation: Consultation, traits: dict[str, Any], may: bool) -> None:
    one = SuggestionFactory(consultation=consultation, **traits)
    try:
        appealed(one)
    except Refused:
        assert not may
    else:
        assert may
    assert Appeal.objects.count() == int(may)


@pytest.mark.row("D2")
def test_one_appeal_at_a_time_and_once_for_each_decision(
    consultation: Consultation, first: User, other: User, english: None
) -> None:
    one = hidden(consultation, first)
    appeal = appealed(one)
    with pytest.raises(Refused, match="received already"):
        appealed(one)
    with pytest.raises(IntegrityError), transaction.atomic():
        AppealFactory(contribution=one)
    decided(appeal, other, keep=True)
    with pytest.raises(Refused, match="already looked at this decision again"):
        appealed(one)
    appeal.refresh_from_db()
    with pytest.raises(Refused, match="is decided"):
        decided(appeal, other, keep=False)
    actions.publish_contribution(one, by=other, at=LATER)
    actions.hide_contribution(one, reason="insult", by=other, at=LATER + dt.timedelta(days=1))
    assert appealed(one, LATER + dt.timedelta(days=2)).first_by == other


@pytest.mark.parametrize("words", ["", "  \n ", "a" * 4001])
def test_appeal_says_why_in_two_pages_at_most(consultation: Consultation, first: User, words: str) -> None:
    one = hidden(consultation, first)
    with pytest.raises(Refused):
        actions.make_appeal(one, words=words, lang="fr", at=LATER)
    assert Appeal.objects.count() == 0


@pytest.mark.parametrize("answer", ["", "   ", "a" * 4001])
def test_answer_is_written_for_the_author(consultation: Consultation, first: User, other: User, answer: str) -> None:
    appeal = appealed(hidden(consultation, first))
    with pytest.raises(Refused):
        actions.decide_appeal(appeal, keep=True, answer=answer, by=other, at=LATER)


def test_waiting_appeal_is_not_gone_round_by_publishing(
    consultation: Consultation, first: User, other: User, english: None
) -> None:
    one = hidden(consultation, first)
    appealed(one)
    for by in (first, other):
        with pytest.raises(Refused, match="has appealed"):
            actions.publish_contribution(one, by=by, at=LATER)
    assert "publish_contribution" not in rules.moves_of(Contribution.objects.get(pk=one.pk))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("keep", [True, False])
def test_message_to_the_author_says_the_outcome_and_the_answer(
    consultation: Consultation, first: User, other: User, lang: str, keep: bool
) -> None:
    one = hidden(consultation, first, with_reply=True)
    Contribution.objects.filter(pk=one.pk).update(reply_lang=lang)
    decided(appealed(one), other, keep=keep)
    Notice.objects.exclude(step="appeal").delete()
    mails.send_now()
    (sent,) = mail.outbox
    assert (sent.to, "Nous avons relu." in sent.body) == ([one.reply_to], True)
    assert reverse("suggestion", args=["ici", one.number]).split("/", 2)[2] in sent.body


def test_comment_is_appealed_for_like_a_suggestion(consultation: Consultation, first: User, other: User) -> None:
    on = SuggestionFactory(consultation=consultation, published=True)
    one = CommentFactory(on=on, words={"text": "Passerelle"})
    actions.hide_contribution(one, reason="insult", by=first, at=AT)
    decided(appealed(one), other, keep=False)
    assert Contribution.everything.get(pk=one.pk).moderation == "published"
    assert search("Passerelle", lang="fr", member_code="ici") == []
    assert {line.facts["kind"] for line in JournalLine.objects.all()} == {"comment"}


def test_erasing_forgets_what_was_said_in_appeals(consultation: Consultation, first: User, other: User) -> None:
    one = hidden(consultation, first)
    decided(appealed(one), other, keep=True)
    again = hidden(consultation, first)
    appealed(again)
    for each in (one, again):
        actions.erase_contribution(each, at=LATER)
    assert list(Appeal.objects.values_list("contribution", "words", "answer", "kept")) == [(one.pk, "", "", True)]


def test_journal_sentences_name_the_number_and_nothing_said(
    consultation: Consultation, first: User, other: User
) -> None:
    decided(appealed(hidden(consultation, first)), other, keep=True)
    lines = JournalLine.objects.filter(verb__in=["make_appeal", "decide_appeal"])
    told = [sorted(line.facts) for line in lines.order_by("pk")]
    assert told == [["against", "number"], ["against", "kept", "number"]]
    for lang in LANGUAGES:
        with override(lang):
            for line in lines:
                said = render_to_string(f"consultation/journal/{line.verb}.html", {"facts": line.facts}).strip()
                assert ("1" in said, said.endswith("."), WHY in said) == (True, True, False)


# Pages


def post(chain: Chain, page: str, **said: str) -> Any:
    return Client().post(f"/fr/{chain.member.slug}/{page}", said, follow=True)


@pytest.mark.row("D2")
def test_author_appeals_with_the_code_and_reads_the_answer_there() -> None:
    chain = Chain()
    one = chain.hide(chain.suggest("Cachée à tort", publish=False), "off-topic")
    code = chain.codes[one.number]
    page = post(chain, "follow/", code=code).content.decode()
    assert f'action="/fr/{chain.member.slug}/follow/appeal/"' in page
    with override("fr"):  # what is written there is told of too (law 09-08)
        assert gettext("CNDP reference") in page
    answer = post(chain, "follow/appeal/", code=code, appeal=WHY)
    assert answer.redirect_chain == [(f"/fr/{chain.member.slug}/follow/", 302)]
    appeal = Appeal.objects.get()
    assert (appeal.words, appeal.lang, appeal.first_by) == (WHY, "fr", chain.by)
    page = post(chain, "follow/", code=code).content.decode()
    assert ("follow/appeal/" in page, "je parle d&#x27;une fonction" in page) == (False, True)
    decided(appeal, UserFactory(role="moderator", at=chain.member), keep=True)
    page = post(chain, "follow/", code=code).content.decode()
    assert ("follow/appeal/" in page, "Nous avons relu." in page) == (False, True)


@pytest.mark.parametrize(("said", "told"), [("", 'role="alert"'), ("a" * 4001, "aaaa</textarea>")])
def test_appeal_that_is_wrong_loses_nothing_typed(said: str, told: str) -> None:
    chain = Chain()
    one = chain.hide(chain.suggest("Cachée", publish=False))
    answer = post(chain, "follow/appeal/", code=chain.codes[one.number], appeal=said)
    assert (answer.status_code, told in answer.content.decode()) == (200, True)
    assert "no-store" in answer["Cache-Control"]
    assert Appeal.objects.count() == 0


def test_appeal_without_the_code_or_with_another_s_is_nothing() -> None:
    chain = Chain()
    chain.hide(chain.suggest("Cachée", publish=False))
    shown = chain.suggest("Publiée")
    for code in ("", "123", chain.codes[shown.number]):
        post(chain, "follow/appeal/", code=code, appeal=WHY)
    assert Appeal.objects.count() == 0
    assert Client().get(f"/fr/{chain.member.slug}/follow/appeal/").status_code == 405


@pytest.mark.row("D2")
def test_appeal_sent_after_too_many_wrong_codes_shows_what_was_typed() -> None:
    chain = Chain()
    one = chain.hide(chain.suggest("Cachée", publish=False))
    for _guess in range(30):
        post(chain, "follow/", code="000000000000")
    answer = post(chain, "follow/appeal/", code=chain.codes[one.number], appeal=WHY)
    assert (answer.status_code, answer.context["typed"], Appeal.objects.count()) == (429, WHY, 0)
    assert f'action="/fr/{chain.member.slug}/follow/"' in answer.content.decode()


@pytest.mark.row("D2")
@pytest.mark.parametrize("keep", [True, False])
def test_public_page_tells_the_outcome_of_the_appeal(keep: bool) -> None:
    chain = Chain()
    one = chain.hide(chain.suggest("Une idée", publish=False))
    address = f"/en/{chain.member.slug}/suggestions/{one.number}/"

    def read() -> str:
        return Client().get(address).content.decode()

    assert "appealed" not in read()
    appeal = appealed(one, timezone.now())
    assert "appealed" not in read()
    decided(appeal, UserFactory(role="moderator", at=chain.member), keep=keep)
    assert ("the decision stands" in read(), "it was published on" in read()) == (keep, not keep)
    assert (WHY in read(), "Nous avons relu." in read()) == (False, False)


def test_case_shows_the_appeal_to_whom_may_decide_it(consultation: Consultation, first: User, other: User) -> None:
    one = hidden(consultation, first)
    appealed(one)
    path = reverse("moderate", args=["ici", one.number])
    shown = []
    for by in (first, other):
        browser = Client()
        browser.force_login(by)
        text = browser.get(path).content.decode()
        shown.append((WHY.split(" :")[0] in text, 'value="appeal"' in text))
        if by is first:
            browser.post(path, {"act": "appeal", "keep": "no", "answer": "Pour moi."})
            assert Contribution.objects.get().moderation == "hidden"
    assert shown == [(True, False), (True, True)]


def test_moderator_decides_on_the_page_and_goes_on_to_the_next_appeal(
    client: Client, consultation: Consultation, first: User, other: User
) -> None:
    ones = [hidden(consultation, first) for _ in range(2)]
    for one in ones:
        appealed(one)
    client.force_login(other)
    queue = client.get(reverse("moderation", args=["ici"]) + "?state=appeals").content.decode()
    assert [f"moderation/{one.number}/?state=appeals" in queue for one in ones] == [True, True]
    path = reverse("moderate", args=["ici", 1]) + "?state=appeals"
    kept = client.post(path, {"act": "appeal", "keep": "no"}).content.decode()
    assert ('role="alert"' in kept, Appeal.objects.filter(decided_at=None).count()) == (True, 2)
    answer = client.post(path, {"act": "appeal", "keep": "no", "answer": "Publiée."})
    assert answer["Location"] == reverse("moderate", args=["ici", 2]) + "?state=appeals"
    again = client.post(path, {"act": "appeal", "keep": "yes", "answer": "Gardée."})
    assert (again.status_code, Appeal.objects.get(contribution=ones[0]).kept) == (200, False)


def test_appeals_are_due_until_they_are_decided(consultation: Consultation, first: User, other: User) -> None:
    def waiting() -> list[str]:
        lines = queries.due(consultation.cycle.member, AT.date())
        return [line.deed for line in lines if line.key.startswith("moderation:appeals:")]

    assert waiting() == []
    appeal = appealed(hidden(consultation, first))
    assert waiting() == ["decide_appeal"]
    decided(appeal, other, keep=True)
    assert waiting() == []
    gone = hidden(consultation, first)
    appealed(gone)
    actions.withdraw_contribution(gone, at=LATER)
    assert waiting() == []


@pytest.mark.row("D2")
def test_appeal_is_on_the_desk_of_those_who_may_decide_it(consultation: Consultation, first: User, other: User) -> None:
    for by in (first, first, other):
        appealed(hidden(consultation, by))
    member = consultation.cycle.member
    lines = [one for one in queries.due(member, AT.date()) if one.key.startswith("moderation:appeals:")]
    assert {(one.barred, one.label[:1].isdigit()) for one in lines} == {(first.pk, False), (other.pk, False)}
    theirs = {
        user: [one.barred for one in lines if is_for(one, user, deeds_of(user, member))] for user in (first, other)
    }
    assert theirs == {first: [other.pk], other: [first.pk]}
    shown = [one for section in desk_of(first, member, mine=False).sections for one in section.lines]
    told = {one.may: one.who for one in shown if one.act_url.endswith("state=appeals")}
    assert (told[True], told[False] != "") == ("", True)


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_queue_counts_the_appeals_its_reader_may_decide_and_names_who_decides_the_others(
    client: Client, consultation: Consultation, first: User
) -> None:
    own = hidden(consultation, first)
    appealed(own)
    with override("en"):
        address = reverse("moderation", args=["ici"]) + "?state=appeals"
        case = reverse("moderate", args=["ici", own.number])
    client.force_login(first)
    alone = client.get(address).content.decode()
    assert ("Nobody else may answer it here yet" in alone, f'id="n-{own.number}"' in alone) == (True, False)
    other = UserFactory(role="point-of-contact", at=consultation.cycle.member, name="Samira Inventée")
    text = client.get(address).content.decode()
    told = "1 appeal is not for you: it is against your own decision"
    assert (told in text, "Samira Inventée" in text, f'id="n-{own.number}"' in text) == (True, True, False)
    for user, n in ((first, 0), (other, 1)):
        queue = queries.queue(consultation.cycle.member, by=user, state="pending", after=0)
        assert [one.count for one in queue.filters if one.value == "appeals"] == [n]
    assert "Samira Inventée" in client.get(case).content.decode()
    client.force_login(other)
    text = client.get(address).content.decode()
    assert ("not for you" in text, f'id="n-{own.number}"' in text) == (False, True)


@pytest.mark.row("D2")
def test_queue_asks_as_much_for_thirty_appeals_as_for_one(
    client: Client, consultation: Consultation, first: User
) -> None:
    client.force_login(first)
    asked = []
    for more in (1, 29):
        for _time in range(more):
            AppealFactory(contribution=SuggestionFactory(consultation=consultation, hidden=True), first_by=first)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("moderation", args=["ici"]) + "?state=appeals")
        asked.append(len(found))
    assert asked[0] == asked[1]


@pytest.mark.row("D2")
def test_author_is_told_of_spam_reads_it_with_the_code_and_appeals() -> None:
    chain = Chain()
    one = chain.suggest("Ma fontaine", publish=False, reply_to="autrice@example.ma", reply_lang="en")
    mail.outbox.clear()
    actions.mark_spam(one, by=chain.by, at=timezone.now())
    assert [notice.step for notice in one.notices.all()] == ["spam"]
    mails.send_now()
    (message,) = mail.outbox
    said = ("was taken for an advertisement", "appeal with your code", "/follow/")
    assert [word in message.body for word in said] == [True] * 3
    text = Client().post(f"/en/{chain.member.slug}/follow/", {"code": chain.codes[one.number]}).content.decode()
    assert ("Why it does not show" in text, "Ma fontaine" in text, "follow/appeal/" in text) == (True, True, True)


def test_spam_published_again_before_the_message_left_tells_nothing(consultation: Consultation, first: User) -> None:
    one = SuggestionFactory(consultation=consultation, with_reply=True)
    actions.mark_spam(one, by=first, at=AT)
    actions.publish_contribution(one, by=first, at=LATER)
    mails.send_now()
    assert ["spam" in message.body for message in mail.outbox] == [False]
    assert not Notice.objects.filter(sent_at=None).exists()
