"""Votes: one voice each, that may change; counts from the ledger, shown from a number of voices on."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import replace
from importlib import import_module
from threading import Barrier, Thread
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openregion.consultation import actions, queries, rules, voters
from openregion.consultation.models import Consultation, Contribution, Vote
from openregion.core.refusal import Refused
from openregion.people.models import Member
from openregion.record.models import JournalLine
from openregion.web import exports
from tests.factories.consultation import ConsultationFactory, SuggestionFactory
from tests.factories.people import AT, AppointmentFactory, MemberFactory, TerritoryFactory
from tests.factories.voices import CommentFactory, VoteFactory

pytestmark = pytest.mark.django_db


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


def cast(suggestion: Contribution, who: int, value: int, browser: int | None = None) -> Vote:
    there = "" if browser is None else f"{browser:032x}"
    return actions.cast_vote(suggestion, voter=f"{who:032x}", browser=there, value=value, at=timezone.now())


def bare(suggestion: Contribution) -> bool:
    """Whether anything stands in the ledger of a suggestion."""
    return Vote.objects.filter(suggestion=suggestion).exists()


def heard(suggestion: Contribution, agree: int, disagree: int = 0, passed: int = 0) -> None:
    values = [1] * agree + [-1] * disagree + [0] * passed
    for value in values:
        VoteFactory(suggestion=suggestion, value=value)


@pytest.mark.row("D2")
def test_voice_is_one_changes_and_the_same_again_adds_nothing(suggestion: Contribution) -> None:
    lines = [cast(suggestion, 1, value) for value in (1, 1, -1, -1, 0)]
    assert [(line.turn, line.was, line.value) for line in lines] == [
        (1, None, 1), (1, None, 1), (2, 1, -1), (2, 1, -1), (3, -1, 0),
    ]  # fmt: skip
    assert Vote.objects.count() == 3
    assert not JournalLine.objects.filter(verb="cast_vote").exists()


@pytest.mark.row("D2")
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 2), st.sampled_from([1, 0, -1]), st.none() | st.integers(3, 7)),
        max_size=40,
    )
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_tallies_from_the_ledger_equal_a_recount_of_last_voices(
    consultation: Consultation, presses: list[tuple[int, int, int, int | None]]
) -> None:
    """Numbers 0 to 2 are accounts, which press from a browser (3 to 7) or from none; the others are browsers."""
    made = [SuggestionFactory(consultation=consultation, published=True) for _ in range(3)]
    last: dict[tuple[int, int], int] = {}
    ended: set[tuple[int, int]] = set()
    heard_there: set[tuple[int, int]] = set()
    for who, which, value, asked_from in presses:
        key, browser = made[which].pk, asked_from if who < 3 else None
        if (key, who) in ended:
            with pytest.raises(Refused):
                cast(made[which], who, value)
            continue
        cast(made[which], who, value, browser=browser)
        new = last.get((key, who)) != value
        last[key, who] = value
        heard_there.add((key, who))
        if browser is not None and (new or (key, browser) in heard_there):
            ended.add((key, browser))
            last.pop((key, browser), None)
    member = consultation.cycle.member
    found = queries.tallies(member, [one.pk for one in made])
    hidden = queries.Tally(shown=False)
    from openregion.consultation.queries import voices as asked

    for one in made:
        counted = Counter(value for (key, _who), value in last.items() if key == one.pk)
        expected = queries.Tally(True, sum(counted.values()), counted[1], counted[-1], counted[0])
        assert found[one.pk] == (expected if (expected.voters or 0) >= 10 else hidden)
        assert queries.tallies(member, [one.pk], least=0)[one.pk] == (expected if bare(one) else hidden)
    assert asked.said_by(f"{0:032x}", [one.pk for one in made]) == {
        key: value for (key, who), value in last.items() if who == 0
    }


def test_count_shows_from_the_rule_s_number_of_voices_and_nothing_before(
    member: Member, suggestion: Contribution
) -> None:
    heard(suggestion, 6, 2, 1)
    assert queries.tallies(member, [suggestion.pk])[suggestion.pk] == queries.Tally(shown=False)
    heard(suggestion, 1)
    assert queries.tallies(member, [suggestion.pk])[suggestion.pk] == queries.Tally(True, 10, 7, 2, 1)


def test_change_replaces_in_the_count(member: Member, suggestion: Contribution) -> None:
    for who in range(12):
        cast(suggestion, who, 1)
    for value in (-1, 0, -1):
        cast(suggestion, 3, value)
    assert queries.tallies(member, [suggestion.pk])[suggestion.pk] == queries.Tally(True, 12, 11, 1, 0)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"published": False}, "It is not published."),
        ({"hidden": True}, "It is not published."),
        ({"spam": True}, "It is not published."),
        ({"published": True, "withdrawn": True}, "Its author has withdrawn it."),
        ({"published": True, "erased_at": AT}, "Its words have been erased."),
    ],
)
def test_voice_on_what_is_not_public_is_refused(consultation: Consultation, more: dict[str, Any], said: str) -> None:
    one = SuggestionFactory(consultation=consultation, **more)
    with pytest.raises(Refused) as refusal:
        cast(one, 1, 1)
    assert (str(refusal.value), Vote.objects.count()) == (said, 0)


@pytest.mark.usefixtures("english")
def test_voice_out_of_time_unasked_or_unknown_is_refused(consultation: Consultation, suggestion: Contribution) -> None:
    told = []
    for field, value in (("closes_at", timezone.now()), ("opens_at", timezone.now() + dt.timedelta(days=1))):
        one = ConsultationFactory(member=MemberFactory())
        setattr(one, field, value)
        told.append(rules.why_not_hear(one, at=timezone.now()))
    consultation.takes_votes = False
    told.append(rules.why_not_vote(SuggestionFactory(consultation=consultation, published=True), value=1, at=AT))
    told.append(rules.why_not_vote(suggestion, value=2, at=timezone.now()))
    told.append(rules.why_not_vote(CommentFactory(on=suggestion), value=1, at=timezone.now()))
    assert [one.split(".")[0].split(":")[0] for one in told] == [
        "This consultation is closed",
        "This consultation is not open yet",
        "This consultation does not ask who agrees",
        "Choose one of the three",
        "One agrees or not with a suggestion",
    ]


@pytest.mark.usefixtures("english")
def test_voice_that_changes_without_end_stays(suggestion: Contribution) -> None:
    for turn in range(rules.MOST_CHANGES):
        cast(suggestion, 1, 1 if turn % 2 else -1)
    with pytest.raises(Refused, match="very many times"):
        cast(suggestion, 1, 0)
    assert cast(suggestion, 1, 1).turn == rules.MOST_CHANGES


@pytest.mark.row("D2")
def test_visitor_presses_and_presses_again_without_an_account(
    client: Client, suggestion: Contribution, member: Member
) -> None:
    page = address("suggestion_voices", "ici", suggestion.number)
    press = address("vote", "ici", suggestion.number)
    asked = client.get(page)
    assert (asked.status_code, "no-store" in asked["Cache-Control"], voters.COOKIE in asked.cookies) == (
        200, True, True,
    )  # fmt: skip
    back = f"{page}#n-{suggestion.number}"
    answer = client.post(press, {"value": "1", "next": back})
    cookie = answer.cookies[voters.COOKIE]
    assert (answer.status_code, answer["Location"], cookie["httponly"], cookie["samesite"]) == (302, back, True, "Lax")
    pressed = re.findall(r'value="(-?\d)" aria-pressed="true"', client.get(page).content.decode())
    assert pressed == ["1"]
    client.post(press, {"value": "-1"})
    client.post(press, {"value": "-1"})
    assert list(Vote.objects.values_list("turn", "value", "was")) == [(1, 1, None), (2, -1, 1)]
    assert "sessionid" not in client.cookies
    Client().post(press, {"value": "1"})
    assert Vote.objects.filter(turn=1).count() == 2


def test_voter_s_hashes_in_two_consultations_have_nothing_in_common(client: Client, member: Member) -> None:
    for _ in range(2):
        one = SuggestionFactory(consultation=ConsultationFactory(member=member), published=True)
        client.post(address("vote", "ici", one.number), {"value": "1"})
    assert len({vote.voter for vote in Vote.objects.all()}) == 2
    forged = Client()
    forged.cookies[voters.COOKIE] = "made-up"
    forged.post(address("vote", "ici", one.number), {"value": "1"})
    assert Vote.objects.filter(suggestion=one, turn=1).count() == 2


def test_signed_in_person_has_one_voice_whatever_the_browser(suggestion: Contribution, member: Member) -> None:
    user = AppointmentFactory(member=member, role="moderator").user
    for _ in range(2):
        client = Client()
        client.force_login(user)
        client.post(address("vote", "ici", suggestion.number), {"value": "1"})
    assert Vote.objects.exclude(value=None).count() == 1
    assert queries.tallies(member, [suggestion.pk], least=1)[suggestion.pk].voters == 1


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_person_who_signs_in_from_the_same_browser_counts_once(
    client: Client, suggestion: Contribution, member: Member
) -> None:
    press = address("vote", "ici", suggestion.number, lang="en")
    page = address("suggestion_voices", "ici", suggestion.number, lang="en")
    whole = lambda: queries.tallies(member, [suggestion.pk], least=0)[suggestion.pk]  # noqa: E731
    client.post(press, {"value": "1"})
    client.force_login(AppointmentFactory(member=member, role="moderator").user)
    assert "Your answer: you agree." in client.get(page).content.decode()  # what the browser said is theirs
    assert whole() == queries.Tally(True, 1, 1, 0, 0)
    client.post(press, {"value": "-1"})
    assert whole() == queries.Tally(True, 1, 0, 1, 0)
    client.post(press, {"value": "0"})
    assert (whole(), "Your answer: you pass." in client.get(page).content.decode()) == (
        queries.Tally(True, 1, 0, 0, 1), True,
    )  # fmt: skip
    client.post(address("account_logout", lang="en"))
    assert "Your answer" not in client.get(page).content.decode()
    told = client.post(press, {"value": "1"}, follow=True).content.decode()
    assert ("Sign in to change it" in told, whole()) == (True, queries.Tally(True, 1, 0, 0, 1))


def test_who_signs_out_speaks_no_second_time_from_the_same_browser(suggestion: Contribution, member: Member) -> None:
    client, press = Client(), address("vote", "ici", suggestion.number)
    client.force_login(AppointmentFactory(member=member, role="moderator").user)
    client.post(press, {"value": "1"})
    client.post(address("account_logout"))
    client.post(press, {"value": "-1"})
    assert queries.tallies(member, [suggestion.pk], least=0)[suggestion.pk] == queries.Tally(True, 1, 1, 0, 0)
    other = SuggestionFactory(consultation=suggestion.consultation, published=True)
    client.post(address("vote", "ici", other.number), {"value": "-1"})  # of the others, the browser speaks
    assert queries.tallies(member, [other.pk], least=0)[other.pk] == queries.Tally(True, 1, 0, 1, 0)


def test_browser_that_keeps_no_cookie_ends_one_voice_and_no_more(suggestion: Contribution, member: Member) -> None:
    client, press = Client(), address("vote", "ici", suggestion.number)
    client.force_login(AppointmentFactory(member=member, role="moderator").user)
    for _again in range(3):
        client.post(press, {"value": "1"})
        del client.cookies[voters.COOKIE]
    assert sorted(Vote.objects.values_list("value", "turn"), key=str) == [(1, 1), (None, 1)]


def test_going_back_deletes_what_the_table_before_has_no_place_for(suggestion: Contribution) -> None:
    cast(suggestion, 1, 1, browser=2)
    (step,) = import_module("openregion.consultation.migrations.0017_voices_end_on_reverse").Migration.operations
    step.reverse_code(apps, connection.schema_editor())
    assert list(Vote.objects.values_list("value", flat=True)) == [1]


def test_two_accounts_on_one_browser_are_two_voices(suggestion: Contribution, member: Member) -> None:
    client, press = Client(), address("vote", "ici", suggestion.number)
    for value in ("1", "-1"):
        client.force_login(AppointmentFactory(member=member, role="moderator").user)
        client.post(press, {"value": value})
    assert queries.tallies(member, [suggestion.pk], least=0)[suggestion.pk] == queries.Tally(True, 2, 1, 1, 0)


def test_voices_that_ended_are_not_among_those_heard(
    client: Client, consultation: Consultation, suggestion: Contribution
) -> None:
    heard(suggestion, 9)
    cast(suggestion, 1000, 1)
    page = address("voices", "ici", "question") + "?order=unheard"
    assert read_all(client, page) == []
    heard_less = SuggestionFactory(consultation=consultation, published=True)
    heard(heard_less, 9)
    cast(heard_less, 1001, 1, browser=1002)
    cast(suggestion, 1003, 1, browser=1000)  # one takes the place of the other: ten still
    assert read_all(client, page) == []
    last = SuggestionFactory(consultation=consultation, published=True)
    heard(last, 8)
    cast(last, 1000, 1)
    cast(last, 1003, 1, browser=1000)
    assert read_all(client, page) == [last.number]


@pytest.mark.row("D2")
def test_what_was_answered_is_said_in_the_card_where_the_press_leads(client: Client, suggestion: Contribution) -> None:
    page = address("voices", "ici", "question", lang="en")
    text = client.get(page).content.decode()
    (back,) = re.findall(r'name="next" value="([^"]+)"', text)
    anchor = back.partition("#")[2]
    assert (f'id="{anchor}"' in text, "Your answer" in text) == (True, False)
    for value, said in ((1, "you agree"), (-1, "you disagree"), (0, "you pass")):
        client.post(address("vote", "ici", suggestion.number, lang="en"), {"value": str(value), "next": back})
        card = client.get(page).content.decode().partition(f'id="{anchor}"')[2].partition("</form>")[0]
        assert (f"Your answer: {said}." in card, card.count("✓")) == (True, 1)


def test_press_leads_back_to_ours_and_never_elsewhere(client: Client, suggestion: Contribution) -> None:
    press, ours = address("vote", "ici", suggestion.number), address("suggestion_voices", "ici", suggestion.number)
    for asked in ("https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)", ""):
        assert client.post(press, {"value": "1", "next": asked})["Location"] == ours
    assert client.get(press).status_code == 405


@pytest.mark.usefixtures("english")
def test_closed_consultation_shows_counts_and_no_button(client: Client, member: Member) -> None:
    one = ConsultationFactory(member=member, closed=True, slug="finie")
    said = SuggestionFactory(consultation=one, published=True)
    heard(said, 10)
    for name, which in (("voices", "finie"), ("suggestion_voices", said.number)):
        page = address(name, "ici", which, lang="en")
        text = client.get(page).content.decode()
        assert ("10 agree" in text, 'name="value"' in text) == (True, False)
    answer = client.post(address("vote", "ici", said.number, lang="en"), {"value": "1"}, follow=True)
    assert ("This consultation is closed" in answer.content.decode(), Vote.objects.count()) == (True, 10)


@pytest.mark.usefixtures("english")
def test_many_new_voices_from_one_connection_wait_politely(
    client: Client, suggestion: Contribution, monkeypatch: Any
) -> None:
    monkeypatch.setattr(voters, "NEW_VOICES", replace(voters.NEW_VOICES, most=3))
    press = address("vote", "ici", suggestion.number, lang="en")
    client.post(press, {"value": "1"})
    for _ in range(4):
        last = Client().post(press, {"value": "1"}, follow=True)
    assert ("Many voices came from your connection" in last.content.decode(), Vote.objects.count()) == (True, 3)
    client.post(press, {"value": "-1"})  # who spoke before may still change
    assert Vote.objects.filter(turn=2).count() == 1


def test_list_and_one_suggestion_ask_as_much_for_one_as_for_ten(
    client: Client, consultation: Consultation, member: Member
) -> None:
    def cost() -> tuple[int, int]:
        found = []
        for page in (address("voices", "ici", "question"), address("suggestion_voices", "ici", 1)):
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                client.get(page)
            found.append(len(asked))
        return found[0], found[1]

    def add(n: int) -> None:
        for _ in range(n):
            theme = consultation.themes.first()
            one = SuggestionFactory(consultation=consultation, published=True, placed__theme=theme)
            VoteFactory(suggestion=one)
            CommentFactory(on=one)

    add(1)
    client.post(address("vote", "ici", 1), {"value": "1"})
    few = cost()
    add(12)
    first = Contribution.objects.get(member=member, number=1)
    for _ in range(8):
        CommentFactory(on=first)
    # Where the circle gives a whole page before its end, its beginning is not asked.
    assert [few[0] - cost()[0] in (0, 1), cost()[1]] == [True, few[1]]


def read_all(client: Client, page: str) -> list[int]:
    seen: list[int] = []
    page, _sep, query = page.partition("?")
    query = f"?{query}"
    for _ in range(30):
        text = client.get(page + query).content.decode()
        seen += [int(one) for one in re.findall(r'<li class="card" id="n-(\d+)"', text)]
        found = re.search(r'rel="next nofollow" href="([^"]+)"', text)
        if not found:
            return seen
        query = found.group(1).replace("&amp;", "&")
    raise AssertionError("the reading never ends")


@pytest.mark.row("D2")
def test_order_of_the_day_reads_each_once_and_begins_elsewhere_each_day(
    client: Client, consultation: Consultation
) -> None:
    made = [SuggestionFactory(consultation=consultation, published=True) for _ in range(34)]
    SuggestionFactory(consultation=consultation)
    SuggestionFactory(consultation=consultation, published=True, withdrawn=True)
    Contribution.objects.filter(pk__in=[made[4].pk, made[5].pk]).update(shuffle=made[3].shuffle)
    page = address("voices", "ici", "question")
    numbers = sorted(one.number for one in made)
    begins = set()
    for day in range(1, 21):
        with_day = read_all(client, page + f"?day=2026-03-{day:02}") if day < 4 else None
        if with_day is not None:
            assert (sorted(with_day), len(with_day)) == (numbers, 34)
        asked = queries.Asked.of({"day": f"2026-03-{day:02}"}, now=AT.date())
        begins.add(queries.voices_page(consultation, asked, voter="").rows[0].number)
    assert len(begins) > 5
    assert read_all(client, page + "?order=latest") == sorted(numbers, reverse=True)


def test_list_narrows_to_a_theme_and_a_province_and_to_the_least_heard(
    client: Client, consultation: Consultation, member: Member
) -> None:
    theme = consultation.themes.all()[0]
    place = TerritoryFactory(province=True, parent=member.authorities.get().territory)
    inside = [
        SuggestionFactory(consultation=consultation, published=True, placed__theme=theme, placed__province=place)
        for _ in range(2)
    ]
    outside = SuggestionFactory(consultation=consultation, published=True)
    heard(inside[0], 10)
    heard(outside, 9)
    page = address("voices", "ici", "question")
    assert sorted(read_all(client, page + f"?theme={theme.code}")) == sorted(one.number for one in inside)
    assert sorted(read_all(client, page + f"?province={place.code}&order=latest")) == sorted(
        one.number for one in inside
    )
    assert sorted(read_all(client, page + "?order=unheard")) == sorted([inside[1].number, outside.number])
    assert read_all(client, page + "?theme=autre") == []
    for strange in ("?after=x", "?after=1.x", "?day=2026-99-99", "?order=liked", "?after=99999999999999999.1"):
        assert client.get(page + strange).status_code == 200


def test_narrowed_list_looks_through_a_few_then_offers_to_look_further(
    client: Client, consultation: Consultation, monkeypatch: Any
) -> None:
    from openregion.consultation.queries import voices as listed

    monkeypatch.setattr(listed, "LOOKED_THROUGH", 7)
    theme = consultation.themes.all()[0]
    for n in range(40):
        SuggestionFactory(consultation=consultation, published=True, placed__theme=theme if n % 9 == 0 else None)
    other = ConsultationFactory(member=consultation.cycle.member)
    for _ in range(9):
        SuggestionFactory(consultation=other, published=True)
    page = address("voices", "ici", "question")
    wanted = sorted(Contribution.objects.filter(suggestion__theme=theme).values_list("number", flat=True))
    for order in ("day", "latest"):
        assert sorted(read_all(client, page + f"?theme={theme.code}&order={order}")) == wanted
    assert len(read_all(client, page + "?order=latest")) == 40


@pytest.mark.row("D2")
def test_open_data_tells_the_same_counts_as_the_page_and_none_below_the_threshold(
    member: Member, consultation: Consultation, suggestion: Contribution
) -> None:
    quiet = SuggestionFactory(consultation=consultation, published=True)
    hidden = SuggestionFactory(consultation=consultation, hidden=True)
    heard(suggestion, 7, 3, 2)
    heard(quiet, 9)
    heard(hidden, 12)
    told = {row["number"]: row for row in exports.rows_of_suggestions(member)}
    names = ("voices", "agree", "disagree", "pass")
    assert [told[suggestion.number][name] for name in names] == [12, 7, 3, 2]
    assert [told[quiet.number][name] for name in names] == ["", "", "", ""]
    assert [told[hidden.number].get(name, "") for name in names] == ["", "", "", ""]


@pytest.mark.django_db(transaction=True)
def test_presses_at_once_lose_none_and_double_none() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer through at a time")
    suggestion = SuggestionFactory(published=True)
    gate = Barrier(8)
    failed: list[BaseException] = []

    def press(who: int) -> None:
        try:
            one = Contribution.objects.select_related("consultation").get(pk=suggestion.pk)
            gate.wait()
            for value in (1, -1, 1, 0):
                cast(one, who // 2, value)  # two browsers of one voice, four voices
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=press, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for who in range(4):
        lines = list(Vote.objects.filter(voter=f"{who:032x}").order_by("turn"))
        assert [line.turn for line in lines] == list(range(1, len(lines) + 1))
        assert [line.was for line in lines] == [None, *[line.value for line in lines][:-1]]
        assert lines[-1].value == 0
