"""Drawing lots: quotas kept, the same from the published file, another seed another draw, refusals in words."""

from __future__ import annotations

import io
import json
import random
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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openregion.consultation import actions, lots
from openregion.consultation.models import Application, CallForParticipation, Draw
from openregion.core.refusal import Refused
from openregion.cycle.models import Invitation
from openregion.people.models import Member, OutgoingMail, User
from openregion.record.models import JournalLine
from tests.factories.calls import ApplicationFactory, CallFactory, chosen_call
from tests.factories.people import MemberFactory, UserFactory

PLACES = ("a", "b", "c")
# What the seed 7 draws from thirty candidates for ten seats.
KNOWN = (
    (4, 5, 8, 12, 13, 20, 21, 25, 26, 27),
    (28, 29, 3, 30, 7, 19, 24, 11, 14, 22, 2, 17, 15, 10, 9, 6, 16, 18, 1, 23),
)


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member(db: Any) -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def by(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def statement(seed: int, candidates: int = 60, seats: int = 20, chance: int = 1) -> dict[str, Any]:
    one = random.Random(chance)
    pool = [
        {"number": n, "categories": {"gender": one.choice(("woman", "man")), "province": one.choice(PLACES)}}
        for n in range(1, candidates + 1)
    ]
    quotas = {"gender": {"woman": [seats // 2, seats]}, "province": {place: [3, seats] for place in PLACES}}
    return {"pool": pool, "quotas": quotas, "seats": seats, "seed": f"{seed:064x}"}


@pytest.mark.row("D2")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(1, 2**256 - 1), candidates=st.integers(45, 90), chance=st.integers(0, 10**6))
def test_draw_fills_the_seats_within_the_quotas_and_is_the_same_again(seed: int, candidates: int, chance: int) -> None:
    stated = statement(seed, candidates, chance=chance)
    assert lots.lacking(stated["pool"], stated["quotas"]) == ()
    outcome = lots.drawn(stated)
    there = {one["number"]: one["categories"] for one in stated["pool"]}
    assert len(set(outcome.selected)) == stated["seats"]
    assert set(outcome.selected) | set(outcome.reserves) == set(there)
    assert lots.kept_by([there[number] for number in outcome.selected], stated["quotas"])
    shuffled = {**stated, "pool": list(reversed(stated["pool"]))}
    assert lots.drawn(shuffled) == outcome


@pytest.mark.row("D2")
def test_another_seed_gives_another_draw() -> None:
    outcomes = {lots.drawn(statement(seed)).selected for seed in range(1, 9)}
    assert len(outcomes) == 8


def test_draw_of_a_known_statement_never_changes() -> None:
    """On every machine and in every version to come: a published draw must stay checkable."""
    outcome = lots.outcome_of(json.dumps(statement(7, candidates=30, seats=10)))
    assert outcome.selected == KNOWN[0]
    assert outcome.reserves == KNOWN[1]


def test_draw_without_quotas_gives_everyone_a_chance() -> None:
    stated = statement(1, candidates=12, seats=6) | {"quotas": {}}
    drawn = [lots.drawn(stated | {"seed": f"{seed:064x}"}).selected for seed in range(1, 60)]
    assert {number for one in drawn for number in one} == set(range(1, 13))


def test_quotas_that_no_group_meets_name_what_would_give_way() -> None:
    pool = [
        {"number": n, "categories": {"gender": "woman" if n < 5 else "man", "province": "a" if n < 5 else "b"}}
        for n in range(1, 30)
    ]
    quotas = {"gender": {"woman": [4, 9]}, "province": {"b": [7, 10]}}
    outcome = lots.drawn({"pool": pool, "quotas": quotas, "seats": 10, "seed": "1"})
    assert (outcome.impossible, len(outcome.relaxing) > 0) == (True, True)


@pytest.mark.row("D2")
def test_everyone_takes_part_where_there_are_seats_for_all(client: Client, member: Member, by: User) -> None:
    call = CallFactory(member=member, closed=True, seats=5)
    ApplicationFactory.create_batch(5, call=call, eligible=True)
    ApplicationFactory(call=call, refused=True)
    actions.select_participants(call, by=by, at=timezone.now())
    states = sorted(call.applications.values_list("state", flat=True))
    assert (states, Draw.objects.count()) == (["refused", *["selected"] * 5], 0)
    line = JournalLine.objects.get(verb="select_participants")
    assert line.facts == {"number": call.number, "seats": 5, "by_lot": False}
    assert client.get(address("participation_draw_json", "ici", call.number)).status_code == 404


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_choosing_waits_for_the_end_and_for_every_judgement(member: Member, by: User) -> None:
    def why(call: CallForParticipation) -> str:
        with pytest.raises(Refused) as refusal:
            actions.select_participants(call, by=by, at=timezone.now())
        return str(refusal.value)

    still_open = CallFactory(member=member)
    assert "still open" in why(still_open)
    closed = CallFactory(member=member, closed=True)
    assert "nobody to choose" in why(closed)
    ApplicationFactory(call=closed)
    assert "not judged yet" in why(closed)
    Application.objects.update(state="eligible")
    actions.select_participants(closed, by=by, at=timezone.now())
    assert "are chosen" in why(closed)
    assert JournalLine.objects.filter(verb="select_participants").count() == 1


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_category_that_lacks_candidates_is_named(member: Member, by: User) -> None:
    call = CallFactory(member=member, closed=True, seats=4, quotas={"gender": {"woman": [3, 4]}})
    ApplicationFactory.create_batch(8, call=call, eligible=True, gender="man")
    ApplicationFactory(call=call, eligible=True, gender="woman")
    with pytest.raises(Refused, match="Women: 1 candidates, the quota wants 3"):
        actions.select_participants(call, by=by, at=timezone.now())
    call.refresh_from_db()
    assert (call.state, Draw.objects.count(), OutgoingMail.objects.count()) == ("published", 0, 0)


@pytest.mark.row("D2")
@pytest.mark.usefixtures("english")
def test_quotas_that_no_group_meets_together_are_refused_in_words(member: Member, by: User) -> None:
    quotas = {"gender": {"woman": [2, 4]}, "kind": {"organisation": [3, 4]}}
    call = CallFactory(member=member, closed=True, seats=4, quotas=quotas)
    ApplicationFactory.create_batch(3, call=call, eligible=True, gender="woman")
    ApplicationFactory.create_batch(5, call=call, eligible=True, gender="man", of_organisation=True)
    with pytest.raises(Refused, match=r"No group meets all the quotas together.*(Women|organisation)"):
        actions.select_participants(call, by=by, at=timezone.now())


@pytest.mark.row("D2")
def test_published_file_holds_numbers_and_the_quotas_categories_alone(client: Client, member: Member, by: User) -> None:
    call = chosen_call(by=by, member=member)
    answer = client.get(address("participation_draw_json", "ici", call.number))
    document = call.draw.document
    assert answer.content.decode() == document.content
    stated = json.loads(answer.content)
    assert {tuple(sorted(one)) for one in stated["pool"]} == {("categories", "number")}
    assert {tuple(one["categories"]) for one in stated["pool"]} == {("gender",)}
    assert (stated["seed"], stated["seed_sha256"]) == (call.seed, lots.seed_hash(call.seed))
    assert (len(stated["selected"]), len(stated["reserves"])) == (10, 6)
    assert "inventée" not in json.dumps(stated["pool"])
    text = client.get(address("participation_draw", "ici", call.number)).content.decode()
    assert (call.seed in text, document.sha256 in text, "redo_draw" in text) == (True, True, True)


@pytest.mark.row("D2")
def test_anyone_draws_again_from_the_published_file(member: Member, by: User, tmp_path: Path) -> None:
    call = chosen_call(by=by, member=member)
    stated = json.loads(call.draw.document.content)
    file = tmp_path / "draw.json"
    file.write_text(call.draw.document.content, encoding="utf-8")
    told = io.StringIO()
    call_command("redo_draw", str(file), stdout=told)
    lines = told.getvalue().splitlines()
    assert lines[0] == "selected " + " ".join(map(str, stated["selected"]))
    assert lines[-1] == "same · selected 10 · reserves 6"


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    ("spoiled", "code", "told"),
    [
        ({"selected": [1]}, 1, "different: the outcome"),
        ({"seed": "ab" * 32}, 1, "different: the seed"),
        ({"pool": "nobody"}, 2, "not the file of a draw"),
        (None, 2, "cannot be read"),
    ],
)
def test_file_that_was_tampered_with_is_told(
    member: Member, by: User, tmp_path: Path, spoiled: dict[str, Any] | None, code: int, told: str
) -> None:
    stated = json.loads(chosen_call(by=by, member=member).draw.document.content)
    file = tmp_path / "draw.json"
    file.write_text("{" if spoiled is None else json.dumps(stated | spoiled), encoding="utf-8")
    with pytest.raises(CommandError, match=told) as error:
        call_command("redo_draw", str(file), stdout=io.StringIO())
    assert error.value.returncode == code


@pytest.mark.row("D2")
def test_everyone_who_left_an_address_is_written_to_once(member: Member, by: User) -> None:
    call = CallFactory(member=member, closed=True, seats=2)
    for rank in range(5):
        ApplicationFactory(call=call, eligible=True, with_address=True, lang=("ar", "fr")[rank % 2])
    ApplicationFactory(call=call, refused=True, with_address=True)
    ApplicationFactory(call=call, state="withdrawn", with_address=True)
    actions.select_participants(call, by=by, at=timezone.now())
    with pytest.raises(Refused):
        actions.select_participants(call, by=by, at=timezone.now())
    kinds = sorted(OutgoingMail.objects.values_list("kind", flat=True))
    wanted = ["participation-refused", *["participation-reserve"] * 3, *["participation-selected"] * 2]
    assert (kinds, OutgoingMail.objects.filter(lang="ar").count()) == (wanted, 3)


@pytest.mark.row("D2")
def test_staff_choose_and_invite_with_one_press_each(client: Client, member: Member, by: User) -> None:
    call = CallFactory(member=member, closed=True, seats=3, with_workshop=True)
    ApplicationFactory.create_batch(4, call=call, eligible=True)
    ApplicationFactory(call=call, eligible=True, of_organisation=True, with_address=True)
    client.force_login(by)
    listing, select = address("applications", "ici", call.number), address("select_participants", "ici", call.number)
    assert select in client.get(listing).content.decode()
    assert client.post(select)["Location"] == address("participation_call", "ici", call.number)
    again = client.post(select)
    assert (again.status_code, 'role="alert"' in again.content.decode()) == (200, True)
    invite = address("invite_participants", "ici", call.number)
    assert invite in client.get(listing).content.decode()
    meeting = call.workshop.meeting
    assert client.post(invite)["Location"] == address("meeting", "ici", meeting.number)
    names = set(call.applications.filter(state="selected").values_list("name", flat=True))
    assert set(Invitation.objects.filter(meeting=meeting).values_list("name", flat=True)) == names
    again = client.post(invite)
    assert (again.status_code, 'role="alert"' in again.content.decode()) == (200, True)
    assert client.get(select).status_code == 405


def test_line_comes_after_the_letters(member: Member, by: User) -> None:
    """From its line on, a deed holds up every other of its member: what takes long is done before."""
    call = CallFactory(member=member, closed=True)
    ApplicationFactory.create_batch(3, call=call, eligible=True, with_address=True)
    with CaptureQueriesContext(connection) as asked:
        actions.select_participants(call, by=by, at=timezone.now())
    tables = ("people_outgoingmail", "record_journalline")
    written = [name for one in asked for name in tables if one["sql"].startswith(f'INSERT INTO "{name}"')]
    assert written == [tables[0]] * 3 + [tables[1]] * written.count(tables[1])


def test_web_loads_no_library_of_draws() -> None:
    import subprocess
    import sys

    code = (
        "import django, os, sys; os.environ['DJANGO_SETTINGS_MODULE']='openregion.settings'; django.setup();"
        "import openregion.urls;"
        "print(sorted({'sortition_algorithms','numpy','cvxpy','highspy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
