"""Draws that nobody can foresee, and one chance for each person."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from freezegun import freeze_time

from openregion.consultation import actions, lots
from openregion.consultation.models import Application, CallForParticipation
from openregion.consultation.queries import alike
from openregion.consultation.queries import applications as queries
from openregion.core.refusal import Refused
from openregion.people.models import Member, OutgoingMail, User
from openregion.record.models import JournalLine
from tests.factories.calls import SEED, ApplicationFactory, CallFactory, chosen_call
from tests.factories.people import MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]
DAY = dt.timedelta(days=1)
# What the secret of the factory, twelve candidates, four seats and the figure 42 give.
KNOWN = ((1, 2, 7, 10), (6, 5, 3, 11, 12, 4, 9, 8))
START = "757b666d7a33405f03fba2bf7f5a8224e3055c6f6a767410a11504a88b4be9dc"
FIGURE = words("Indice publié par un organisme inventé.", "مؤشر متخيل.", "An invented index.")


def address(name: str, *args: Any, lang: str = "en") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def judged(one: Application, by: User, **more: Any) -> Application:
    return actions.judge_application(one, **{"eligible": True} | more, by=by, at=timezone.now())


def choose(call: CallForParticipation, by: User, **more: Any) -> CallForParticipation:
    fresh = CallForParticipation.objects.get(pk=call.pk)
    return actions.select_participants(fresh, by=by, **{"at": timezone.now()} | more)


def with_figure(member: Member, **more: Any) -> CallForParticipation:
    """A call that closed yesterday and waits for the figure of tomorrow, with six candidates for two seats."""
    tomorrow = timezone.localdate() + DAY
    given = {"closed": True, "seats": 2, "public_source": FIGURE, "public_on": tomorrow} | more
    call = CallFactory(member=member, **given)
    for _rank in range(6):
        ApplicationFactory(call=call, eligible=True)
    return call


# What the draw starts from


def test_draw_starts_from_the_secret_the_list_and_the_figure(member: Member, by: User) -> None:
    stated = json.loads(chosen_call(by=by, member=member).draw.document.content)
    listed = {"pool": stated["pool"], "quotas": stated["quotas"], "seats": stated["seats"]}
    written = json.dumps(listed, sort_keys=True, separators=(",", ":"))
    fingerprint = hashlib.sha256(written.encode()).hexdigest()
    assert (stated["recipe"], stated["list_sha256"], stated["public_value"]) == (3, fingerprint, "")
    assert stated["drawn_from"] == hashlib.sha256(f"{SEED}:{fingerprint}:".encode()).hexdigest()
    assert stated["list_mark"] == hashlib.sha256(f"{SEED}:{fingerprint}".encode()).hexdigest()


def test_another_list_or_another_figure_gives_another_draw() -> None:
    pool = [{"number": n, "categories": {}} for n in range(1, 21)]
    one = {"recipe": 2, "pool": pool, "quotas": {}, "seats": 5, "seed": SEED, "public_value": "1,234"}
    assert lots.drawn(one) == lots.drawn({**one, "pool": pool[::-1]})
    others = [lots.drawn({**one, **more}).selected for more in ({"public_value": "1,235"}, {"pool": pool[:-1]})]
    assert (len({lots.drawn(one).selected, *others}), lots.start_of({**one, "recipe": 1})) == (3, SEED)


def test_draw_of_a_known_second_recipe_never_changes() -> None:
    """On every machine and in every version to come: a published draw must stay checkable."""
    pool = [{"number": n, "categories": {}} for n in range(1, 13)]
    stated = {"recipe": 2, "pool": pool, "quotas": {}, "seats": 4, "seed": SEED, "public_value": "42"}
    outcome = lots.outcome_of(json.dumps(stated))
    assert (outcome.selected, outcome.reserves) == KNOWN
    assert lots.start_of(stated) == START
    # What the second recipe took as it was typed, it still does.
    assert lots.start_of({**stated, "public_value": "12,5"}) != lots.start_of({**stated, "public_value": "12.5"})


def test_one_figure_gives_one_draw_however_it_is_written() -> None:
    pool = [{"number": n, "categories": {}} for n in range(1, 21)]
    one = {"recipe": 3, "pool": pool, "quotas": {}, "seats": 5, "seed": SEED}
    written = ("12,5", "12.5", "١٢٫٥", "۱۲٫۵", " 1 2,5 % ", "125")
    assert len({lots.drawn({**one, "public_value": figure}).selected for figure in written}) == 1
    assert lots.start_of({**one, "public_value": "12,6"}) != lots.start_of({**one, "public_value": "12,5"})


def test_draws_of_the_first_recipe_are_drawn_again_as_they_were(tmp_path: Path) -> None:
    pool = [{"number": n, "categories": {"gender": "woman" if n % 2 else "man"}} for n in range(1, 13)]
    statement = {"pool": pool, "quotas": {"gender": {"woman": [2, 4]}}, "seats": 4, "seed": SEED}
    outcome = lots.drawn(statement)
    first = statement | {
        "seed_sha256": lots.seed_hash(SEED), "library": {"version": lots.library_version()},
        "selected": list(outcome.selected), "reserves": list(outcome.reserves),
    }  # fmt: skip
    file, told = tmp_path / "draw.json", io.StringIO()
    file.write_text(json.dumps(first), encoding="utf-8")
    call_command("redo_draw", str(file), stdout=told)
    assert told.getvalue().splitlines()[-1] == "same · selected 4 · reserves 8"


@pytest.mark.parametrize(
    ("spoiled", "code", "told"),
    [
        ({"public_value": "43"}, 1, "does not start from"),
        ({"drawn_from": "00"}, 1, "does not start from"),
        ({"recipe": 9}, 2, "not the file of a draw"),
    ],
)
def test_file_of_a_draw_with_another_start_is_told(
    member: Member, by: User, tmp_path: Path, spoiled: dict[str, Any], code: int, told: str
) -> None:
    stated = json.loads(chosen_call(by=by, member=member).draw.document.content)
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(stated | spoiled), encoding="utf-8")
    with pytest.raises(CommandError, match=told) as error:
        call_command("redo_draw", str(file), stdout=io.StringIO())
    assert error.value.returncode == code


# The public figure


@pytest.mark.usefixtures("english")
def test_draw_waits_for_the_public_figure_and_is_made_with_it(
    client: Client, member: Member, by: User, tmp_path: Path
) -> None:
    call = with_figure(member)
    with pytest.raises(Refused, match="waits for the public figure"):
        choose(call, by, public_value="42")
    later = timezone.now() + 2 * DAY
    with pytest.raises(Refused, match="Type the public figure"):
        choose(call, by, at=later)
    with freeze_time(later):
        client.force_login(by)
        listing = client.get(address("applications", "ici", call.number)).content.decode()
        assert ('name="public_value"' in listing, "An invented index." in listing) == (True, True)
        select = address("select_participants", "ici", call.number)
        again = client.post(select, {"public_value": ""})
        assert (again.status_code, "Type the public figure" in again.content.decode()) == (200, True)
        wordy = client.post(select, {"public_value": "douze et demi"}).content.decode()
        assert ("This figure holds no digit" in wordy, "12.5 is read 125" in wordy) == (True, True)
        assert client.post(select, {"public_value": " ١ 234,5 "}).status_code == 302
        call = CallForParticipation.objects.get(pk=call.pk)
        text = client.get(address("participation_draw", "ici", call.number)).content.decode()
    stated = json.loads(call.draw.document.content)
    assert (stated["public_value"], stated["public"]["on"]) == ("12345", call.public_on.isoformat())
    assert ("12345" in text, "12.5 is read 125" in text, "Nobody could foresee the draw" in text) == (True, True, True)
    file, told = tmp_path / "draw.json", io.StringIO()
    file.write_text(call.draw.document.content, encoding="utf-8")
    call_command("redo_draw", str(file), stdout=told)
    assert told.getvalue().splitlines()[-1] == "same · selected 2 · reserves 4"


def test_figure_is_not_asked_where_no_lots_are_drawn(client: Client, member: Member, by: User) -> None:
    call = with_figure(member, seats=6)
    client.force_login(by)
    assert 'name="public_value"' not in client.get(address("applications", "ici", call.number)).content.decode()
    assert client.post(address("select_participants", "ici", call.number)).status_code == 302
    assert set(call.applications.values_list("state", flat=True)) == {"selected"}


@pytest.mark.usefixtures("english")
def test_nothing_changes_once_the_figure_is_known_but_with_a_later_figure(member: Member, by: User) -> None:
    call = with_figure(member)
    one, after = call.applications.all()[0], timezone.now() + 2 * DAY
    with pytest.raises(Refused, match="could choose who is on the list"):
        actions.judge_application(one, eligible=False, refused_for="c1", refusal="Non.", by=by, at=after)
    names = ("title", "about", "criteria", "opens_at", "closes_at", "workshop", "place_by", "public_source")
    kept = {name: getattr(call, name) for name in names} | {"quotas": call.quotas, "reason": words("Raison", "سبب")}
    for more, told in (
        ({"seats": 3, "public_on": call.public_on}, "could choose the seats by it"),
        ({"seats": 3, "public_on": call.public_on - DAY}, "must come after|may only be later"),
        ({"seats": 3, "public_on": call.public_on + DAY}, "known already could be chosen"),
        ({"seats": 2, "public_on": call.public_on, "public_source": words("Autre", "آخر")}, "stay as they were"),
    ):
        with pytest.raises(Refused, match=told):
            actions.revise_participation_call(call, **kept | more, by=by, at=after)
    later = call.public_on + 9 * DAY
    actions.revise_participation_call(call, **kept, seats=3, public_on=later, by=by, at=after)
    actions.judge_application(one, eligible=False, refused_for="c1", refusal="Non.", by=by, at=after)
    call.refresh_from_db()
    assert (call.public_on, call.seats, sorted(call.changes[0]["after"])) == (later, 3, ["public_on", "seats"])


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"public_source": FIGURE}, "wants three things"),
        ({"public_on": dt.date(2099, 1, 1)}, "wants three things"),
        ({"public_source": FIGURE, "public_on": dt.date(2020, 1, 1)}, "after the call has closed"),
    ],
)
def test_figure_has_its_words_and_a_day_after_the_closing(
    member: Member, by: User, more: dict[str, Any], told: str
) -> None:
    call = CallFactory(member=member, draft=True)
    names = ("title", "about", "criteria", "seats", "quotas", "opens_at", "closes_at", "workshop", "place_by")
    kept = {name: getattr(call, name) for name in names}
    with pytest.raises(Refused, match=told):
        actions.revise_participation_call(call, **kept, **more, by=by, at=timezone.now())


def test_page_says_what_is_guaranteed_and_marks_the_list(client: Client, member: Member, by: User) -> None:
    call = with_figure(member)
    page = address("participation_call", "ici", call.number)
    text = client.get(page).content.decode()
    mark = lots.list_mark(
        {"pool": [{"number": one.number, "categories": {}} for one in call.applications.order_by("number")],
         "quotas": {}, "seats": 2, "seed": SEED}
    )  # fmt: skip
    assert ("What is not:" in text, "An invented index." in text, mark in text, SEED in text) == (
        True,
        True,
        True,
        False,
    )
    ApplicationFactory(call=call)
    assert mark not in client.get(page + "?again").content.decode()
    plain = CallFactory(member=member)
    text = client.get(address("participation_call", "ici", plain.number)).content.decode()
    assert "could read the secret number before the draw" in text
    with freeze_time(timezone.now() + 2 * DAY):
        Application.objects.filter(state="received").delete()
        drawn = choose(call, by, public_value="7")
    assert json.loads(drawn.draw.document.content)["list_mark"] == mark


# One person, one chance


@pytest.mark.parametrize(
    ("one", "two", "signs"),
    [
        ({"email": "A@example.ma"}, {"email": "a@example.ma"}, ("email",)),
        ({"telephone": "+212 6 11 22 33 44"}, {"telephone": "0611223344"}, ("telephone",)),
        ({"name": "Saïda El Amrani"}, {"name": "EL AMRANI Saida", "of_organisation": True}, ("name",)),
        ({"name": "فاطمة العلوي"}, {"name": "العلوي  فاطمة"}, ("name",)),
        ({"email": ""}, {"email": ""}, ()),
    ],
)
def test_applications_of_the_same_person_are_recognised(
    member: Member, one: dict[str, Any], two: dict[str, Any], signs: tuple[str, ...]
) -> None:
    call = CallFactory(member=member)
    ApplicationFactory(call=call, **one)
    ApplicationFactory(call=call, **two)
    ApplicationFactory(call=CallFactory(member=member), **two)
    found = alike.alike_in(call)
    assert {number: those[0].signs for number, those in found.items()} == ({1: signs, 2: signs} if signs else {})
    assert alike.unsettled_in(call) == (((1, 2),) if signs else ())


@pytest.mark.usefixtures("english")
def test_nobody_is_chosen_while_one_person_may_have_two_chances(client: Client, member: Member, by: User) -> None:
    call = CallFactory(member=member, closed=True, seats=2)
    same: dict[str, Any] = {"eligible": True, "name": "Candidate Double", "with_address": True, "lang": "en"}
    _first, second, third = (ApplicationFactory(call=call, **same) for _n in "123")
    ApplicationFactory(call=call, eligible=True)
    client.force_login(by)
    listing = client.get(address("applications", "ici", call.number)).content.decode()
    assert "One person, one chance" in listing
    with pytest.raises(Refused, match=r"1 and 2; 1 and 3; 2 and 3\..*two people"):
        choose(call, by)
    page = address("application", "ici", call.number, second.number)
    assert "same name" in client.get(page).content.decode()
    refused = {"eligible": "no", "refused_for": "already-applied", "refusal": "Your first application stands."}
    assert client.post(page, refused).status_code == 302
    with pytest.raises(Refused, match="1 and 3"):
        choose(call, by)
    page = address("application", "ici", call.number, third.number)
    assert client.post(page, {"eligible": "yes", "apart_from": ["1"]}).status_code == 302
    third.refresh_from_db()
    assert third.apart_from == [1]
    choose(call, by)
    told = OutgoingMail.objects.get(to=second.email).text
    assert ("One application for each person" in told, "Your first application stands." in told) == (True, True)
    public = Client().get(address("participation_call", "ici", call.number)).content.decode()
    assert ("One application for each person" in public, "Candidate Double" in public) == (True, False)


@pytest.mark.usefixtures("english")
def test_second_application_is_refused_as_such_only_where_there_is_a_first(member: Member, by: User) -> None:
    one = ApplicationFactory(call=CallFactory(member=member))
    with pytest.raises(Refused, match="No other application looks like"):
        judged(one, by, eligible=False, refused_for="already-applied", refusal="Non.")
    with pytest.raises(Refused, match="does not look like this one"):
        judged(one, by, apart_from=[7])


def test_withdrawn_refused_and_erased_applications_hold_nothing_up(member: Member, by: User) -> None:
    call = CallFactory(member=member, closed=True)
    for more in ({"eligible": True}, {"refused": True}, {"state": "withdrawn"}, {"erased_at": timezone.now()}):
        ApplicationFactory(call=call, name="Candidate Double", **more)
    assert alike.unsettled_in(call) == ()


def test_same_judgement_twice_is_one_line(member: Member, by: User) -> None:
    call = CallFactory(member=member)
    first, _second = (ApplicationFactory(call=call, name="Candidate Double") for _n in "12")
    for _again in range(2):
        judged(first, by, apart_from=[2])
    judged(first, by)
    first.refresh_from_db()
    assert (first.apart_from, JournalLine.objects.filter(verb="judge_application").count()) == ([2], 1)


def test_two_people_are_taken_back_from_the_page_of_either(client: Client, member: Member, by: User) -> None:
    call = CallFactory(member=member)
    first, second = (ApplicationFactory(call=call, name="Candidate Double") for _n in "12")
    judged(first, by, apart_from=[2])
    judged(second, by)
    assert alike.unsettled_in(call) == ()
    client.force_login(by)
    assert client.post(address("application", "ici", call.number, 2), {"eligible": "yes"}).status_code == 302
    first.refresh_from_db()
    assert (first.apart_from, first.state, alike.unsettled_in(call)) == ([], "eligible", ((1, 2),))
    assert JournalLine.objects.filter(verb="judge_application").count() == 3


def test_looking_for_the_same_person_costs_the_same_whatever_came(member: Member) -> None:
    call, costs = CallFactory(member=member), []
    for many in (1, 29):
        ApplicationFactory.create_batch(many, call=call, name="Candidate Double")
        with CaptureQueriesContext(connection) as asked:
            list(queries.application_lines(call).object_list)
        costs.append(len(asked))
    assert costs[0] == costs[1]
    ApplicationFactory.create_batch(200, call=call, name="Candidate Double")
    assert len(alike.unsettled_in(call)) < 230 * alike.NEAREST
