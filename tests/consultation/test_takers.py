"""Who took part: optional, apart from the words, in groups of which none is small, beside the census."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions, queries
from openregion.consultation.models import Consultation, Profile
from openregion.consultation.queries import takers
from openregion.consultation.queries.counting import counted
from openregion.consultation.queries.missing import missing_from
from openregion.core import dates
from openregion.core.refusal import Refused
from openregion.people.models import Member, Membership, Territory, User
from openregion.record.actions import freeze
from openregion.record.models import JournalLine
from openregion.web import rounds
from tests.factories.consultation import ConsultationFactory
from tests.factories.people import MemberFactory, TerritoryFactory, UserFactory
from tests.factories.workshops import WorkshopFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("D2")]


def address(name: str, *args: Any, lang: str = "en") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def places(member: Member) -> dict[str, Territory]:
    """Four real provinces, whose census is known."""
    region = Membership.objects.get(member=member).authority.territory
    names = {"01.227": "Fahs-Anjra", "01.511": "Tanger-Assilah", "01.571": "Tétouan", "01.331": "Larache"}
    made = {}
    for code, name in names.items():
        made[code] = TerritoryFactory(
            code=code, name_fr=name, name_ar=name, parent=region, level="province", type="province"
        )
    return made


@pytest.fixture
def consultation(member: Member) -> Consultation:
    return ConsultationFactory(member=member, slug="question")


def people(consultation: Consultation, number: int, **answers: Any) -> None:
    Profile.objects.bulk_create(Profile(consultation=consultation, channel="online", **answers) for _ in range(number))


def count(consultation: Consultation, **later: int) -> dict[str, Any] | None:
    document = actions.count_takers(consultation, at=timezone.now() + dt.timedelta(**later))
    return json.loads(document.content) if document else None


def test_answers_lead_to_nobody_and_keep_no_order(consultation: Consultation) -> None:
    for age in ("15-24", "60+"):
        given = queries.new_pass(consultation)
        actions.give_profile(consultation, answers={"age_band": age}, channel="online", given=given, at=timezone.now())
    columns = {field.name for field in Profile._meta.get_fields()}
    assert columns == {
        "key", "consultation", "channel", "age_band", "gender", "province", "area", "disability", "organisation_type",
    }  # fmt: skip
    # Beside the line of a suggestion, one of its author's answers would lead from the one to the others.
    assert not JournalLine.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the place of a row is its key on SQLite alone")
def test_place_of_a_row_is_the_key_that_was_drawn(consultation: Consultation) -> None:
    people(consultation, 9, gender="woman")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid FROM consultation_profile")
        places = [row[0] for row in cursor.fetchall()]
    assert sorted(places) == sorted(Profile.objects.values_list("key", flat=True))
    assert places != list(range(1, 10))


def test_count_writes_the_answers_again_in_the_order_of_their_keys(consultation: Consultation) -> None:
    people(consultation, 12, gender="woman", area="rural")
    before = set(Profile.objects.values_list())
    count(consultation)
    assert set(Profile.objects.values_list()) == before


@pytest.mark.usefixtures("english")
def test_refusals_say_what_to_do(consultation: Consultation) -> None:
    def why(**more: Any) -> str:
        asked: dict[str, Any] = {"answers": {"gender": "woman"}, "channel": "online", "at": timezone.now(), **more}
        with pytest.raises(Refused) as refused:
            actions.give_profile(consultation, **asked)
        return str(refused.value)

    assert why(answers={}).startswith("Answer one question at least")
    assert why(answers={"gender": "queen"}) == "Choose one of the answers proposed."
    assert why(at=consultation.closes_at + dt.timedelta(days=31)).startswith("Who took part is asked while")
    assert why(province=TerritoryFactory()) == "Choose a province of this Region."
    assert why(channel="workshop").startswith("Only the team writes this down")
    assert Profile.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "channel", "may"),
    [
        ("assistant", "assisted", True),
        ("assistant", "workshop", False),
        ("rapporteur", "workshop", True),
        ("team-member", "paper", True),
        ("moderator", "paper", False),
        ("point-of-contact", "imported", False),
    ],
)
def test_team_writes_down_for_those_it_wrote_for(
    member: Member, consultation: Consultation, role: str, channel: str, may: bool
) -> None:
    user: User = UserFactory(role=role, at=member)
    asked: dict[str, Any] = {"answers": {"gender": "woman"}, "channel": channel, "at": timezone.now(), "by": user}
    if may:
        actions.give_profile(consultation, **asked)
    else:
        with pytest.raises(Refused):
            actions.give_profile(consultation, **asked)
    assert Profile.objects.filter(channel=channel).count() == int(may)


def test_questions_come_once_after_taking_part(client: Client, consultation: Consultation) -> None:
    page = address("about_you", "ici", "question")
    assert client.get(page).content.decode().count("<form class=") == 0
    given = queries.new_pass(consultation)
    assert client.get(page, {"pass": given}).content.decode().count("<form class=") == 1
    answer = {"pass": given, "channel": "online", "gender": "woman", "age_band": "15-24"}
    assert client.post(page, answer).url == address("about_you_thanks", "ici", "question")  # type: ignore[attr-defined]
    again = client.post(page, answer).content.decode()
    assert "These questions come once" in again
    assert Profile.objects.count() == 1


def test_empty_answers_are_said_beside_the_form(client: Client, consultation: Consultation) -> None:
    page = address("about_you", "ici", "question")
    answer = client.post(page, {"pass": queries.new_pass(consultation), "channel": "online"}).content.decode()
    assert "Answer one question at least" in answer
    assert Profile.objects.count() == 0


def test_women_of_a_province_are_told_as_fewer_and_the_figures_that_would_tell_are_held_back(
    client: Client, consultation: Consultation, places: dict[str, Territory]
) -> None:
    for code, women, men in (("01.227", 4, 116), ("01.511", 90, 95), ("01.571", 60, 70), ("01.331", 80, 85)):
        people(consultation, women, gender="woman", province=places[code])
        people(consultation, men, gender="man", province=places[code])
    told = count(consultation)
    assert told is not None
    assert told["people"] == 600
    both = told["tables"]["province_and_gender"]
    assert both["fewer"] == [["01.227", "woman"]]
    assert sorted(both["held_back"]) == [["01.227", "man"], ["01.571", "man"], ["01.571", "woman"]]
    answer = client.get(address("who_took_part", "ici", "question")).content.decode()
    assert "Women of Fahs-Anjra: fewer than 10 of 120." in answer
    assert answer.count("held back") >= 3
    assert ">116<" not in answer
    # The page, the table and the data say the same.
    table = client.get(address("who_took_part_csv", "ici", "question")).content.decode()
    assert "province,01.227,,Fahs-Anjra,shown,120," in table
    assert "province_and_gender,01.227,woman,Fahs-Anjra · A woman,fewer,," in table
    assert "province_and_gender,01.571,man,Tétouan · A man,held back,," in table
    assert "116" not in table
    data = client.get(address("who_took_part_json", "ici", "question")).content
    assert json.loads(data) == told
    # Letter for letter: the fingerprint on the page is that of the file.
    assert f">{hashlib.sha256(data).hexdigest()}<" in answer


def test_gaps_compare_with_the_census(client: Client, consultation: Consultation, places: dict[str, Territory]) -> None:
    people(consultation, 380, gender="man", age_band="45-59", province=places["01.511"], area="urban")
    people(consultation, 20, gender="woman", age_band="60+", province=places["01.571"], area="urban")
    count(consultation)
    answer = client.get(address("who_took_part", "ici", "question")).content.decode()
    assert "Women and men · A woman: 5% of those who answered, 49% of the inhabitants." in answer
    # Twenty people are spread over four ages that are not shown: none of them can hold more.
    assert "Age · 15–24: at most 20 of the 400 who answered, " in answer
    # So few live in Fahs-Anjra that nobody can say whether they are missing.
    assert "Fahs-Anjra: " not in answer
    assert "What could not be compared" in answer


def test_shares_are_of_those_who_answered(
    client: Client, consultation: Consultation, places: dict[str, Territory]
) -> None:
    people(consultation, 60, gender="woman", province=places["01.571"])
    people(consultation, 60, gender="man", province=places["01.571"])
    people(consultation, 80, gender="man", province=places["01.511"])
    people(consultation, 80, gender="woman", province=places["01.511"])
    for code in ("01.227", "01.331"):
        people(consultation, 40, gender="man", province=places[code])
        people(consultation, 40, gender="woman", province=places[code])
    people(consultation, 300, province=places["01.571"])
    people(consultation, 400, area="urban")
    told = count(consultation)
    assert told is not None
    tables = told["tables"]
    assert [tables[name]["answered"] for name in ("gender", "province", "province_and_gender")] == [440, 740, 440]
    assert tables["province_and_gender"]["rows"] == {"01.227": 80, "01.331": 80, "01.511": 160, "01.571": 120}
    answer = client.get(address("who_took_part", "ici", "question")).content.decode()
    # Half of those who said so in Tétouan are women: those who passed the question over are none of them missing.
    assert "Women of Tétouan" not in answer
    assert f"440 who answered, of the {dates.whole(1140)} who said who they are" in answer


def test_group_wholly_missing_is_a_gap_and_its_zero_is_not_told(
    client: Client, consultation: Consultation, places: dict[str, Territory]
) -> None:
    people(consultation, 14, gender="man")
    told = count(consultation)
    assert told is not None
    gender = told["tables"]["gender"]
    assert (gender["shown"], gender["fewer"], gender["held_back"]) == ({}, ["woman"], ["man"])
    answer = client.get(address("who_took_part", "ici", "question")).content.decode()
    assert "Women and men · A woman: fewer than 10 of the 14 who answered, 49% of the inhabitants." in answer
    assert len(places) == 4


@pytest.mark.parametrize(("real", "said"), [(True, "too few people answered"), (False, "no census of these places")])
def test_what_cannot_be_compared_is_said(
    client: Client, consultation: Consultation, request: pytest.FixtureRequest, real: bool, said: str
) -> None:
    if real:
        request.getfixturevalue("places")
    people(consultation, 12, organisation_type="none")
    count(consultation)
    answer = client.get(address("who_took_part", "ici", "question")).content.decode()
    assert "These figures cannot be compared" in answer
    assert said in answer
    assert "No large gap" not in answer
    assert ("census of 2024" in answer) == real


def test_sentences_are_made_from_what_is_handed_out(consultation: Consultation, places: dict[str, Territory]) -> None:
    people(consultation, 380, gender="man", age_band="45-59", province=places["01.511"])
    people(consultation, 20, gender="woman", age_band="60+", province=places["01.571"])
    told = count(consultation)
    assert told is not None
    with override("en"):
        shown = queries.takers_page(consultation).missing
        labels = {name: {one: f"{takers.TITLES[name]()} · {label}" for one, label in of_it.items()}
                  for name, of_it in told["labels"]["en"].items()}  # fmt: skip
        again = missing_from(told, told["census"], labels | {"province": told["labels"]["en"]["province"]})
    assert again == shown
    assert shown.gaps


def test_count_written_before_says_what_it_said(client: Client, consultation: Consultation) -> None:
    before = {
        "consultation": "question",
        "counted_on": "2026-10-01",
        "people": 60,
        "smallest": 10,
        "groups": {name: [*values, "unsaid"] for name, values in queries.ASKED.items()}
        | {"province": ["unsaid"], "channel": ["online", "unsaid"]},
        "tables": {
            name: {"shown": {"unsaid": 60}, "others": 0, "people": 60, "counted_on": "2026-10-01"}
            for name in (*queries.ASKED, "province", "channel")
        },
        "province_and_gender": {"shown": [], "fewer": [], "held_back": []},
    }
    before["tables"]["gender"] |= {"shown": {"woman": 25, "man": 20, "unsaid": 15}}  # type: ignore[index]
    freeze(
        before, kind=queries.TAKERS, subject_type="Consultation", subject_uid=consultation.uid,
        member_code="ici", at=timezone.now() - dt.timedelta(days=9),
    )  # fmt: skip
    answer = client.get(address("who_took_part", "ici", "question")).content.decode()
    assert "45 who answered, of the 60 who said who they are" in answer
    assert ">56%<" in answer
    assert client.get(address("who_took_part_csv", "ici", "question")).status_code == 200
    people(consultation, 100, gender="woman")
    assert count(consultation) is not None


def test_count_written_before_is_read_with_the_places_it_counted(
    client: Client, consultation: Consultation, places: dict[str, Territory]
) -> None:
    names = (*queries.ASKED, "province", "channel")
    table: dict[str, Any] = {"shown": {"unsaid": 60}, "others": 0, "people": 60, "counted_on": "2026-10-01"}
    before = {
        "consultation": "question",
        "counted_on": "2026-10-01",
        "people": 60,
        "smallest": 10,
        # One province of today was not of this Region then.
        "groups": {name: [*values, "unsaid"] for name, values in queries.ASKED.items()}
        | {"province": ["01.511", "01.571", "unsaid"], "channel": ["online", "unsaid"]},
        "tables": dict.fromkeys(names, table) | {"province": {**table, "shown": {"01.511": 60, "unsaid": 0}}},
        "province_and_gender": {
            "shown": [["01.511", "woman", 35], ["01.511", "man", 25]], "fewer": [], "held_back": [],
        },
    }  # fmt: skip
    freeze(
        before, kind=queries.TAKERS, subject_type="Consultation", subject_uid=consultation.uid,
        member_code="ici", at=timezone.now() - dt.timedelta(days=9),
    )  # fmt: skip
    assert len(places) == 4
    answer = client.get(address("who_took_part", "ici", "question"))
    assert (answer.status_code, "Larache" in answer.content.decode()) == (200, False)
    # Its totals were of everybody in a province, so they are not told; the women and the men of each are.
    csv = client.get(address("who_took_part_csv", "ici", "question")).content.decode()
    assert "province_and_gender,01.511,woman,Tanger-Assilah · A woman,shown,35," in csv
    assert "province_and_gender,01.511,,Tanger-Assilah," not in csv


def test_counts_are_far_apart(consultation: Consultation) -> None:
    people(consultation, 9, gender="woman")
    assert count(consultation) is None
    people(consultation, 9, gender="man")
    first = count(consultation)
    assert first is not None
    assert first["people"] == 18
    people(consultation, 30, gender="man", age_band="60+")
    assert count(consultation, days=6) is None
    later = count(consultation, days=8)
    assert later is not None
    assert later["people"] == 48
    people(consultation, 9, gender="woman")
    assert count(consultation, days=20) is None
    assert JournalLine.objects.filter(verb="count_takers").count() == 2


def test_empty_groups_are_not_told_from_small_ones(consultation: Consultation) -> None:
    people(consultation, 30, age_band="25-34")
    people(consultation, 3, age_band="60+")
    people(consultation, 9, age_band="15-24")
    told = count(consultation)
    assert told is not None
    ages = told["tables"]["age_band"]
    assert [ages["shown"], ages["together"], ages["answered"]] == [{"25-34": 30}, 12, 42]
    assert sorted([*ages["fewer"], *ages["held_back"]]) == ["15-24", "35-44", "45-59", "60+"]
    assert told["groups"]["age_band"] == ["15-24", "25-34", "35-44", "45-59", "60+"]


def test_page_costs_the_same_whoever_took_part(
    client: Client, consultation: Consultation, places: dict[str, Territory]
) -> None:
    costs = []
    for number in (12, 400):
        people(consultation, number, gender="woman", province=places["01.511"])
        Profile.objects.count()
        count(consultation, days=8 * number)
        with CaptureQueriesContext(connection) as captured:
            client.get(address("who_took_part", "ici", "question") + f"?{number}")
        costs.append(len(captured))
    assert [one for one, other in pairwise(costs) if one != other] == []


def test_before_the_first_count_the_page_says_so(client: Client, consultation: Consultation) -> None:
    answer = client.get(address("who_took_part", "ici", "question")).content.decode()
    assert "The first count is shown when 10 people have said who they are" in answer
    assert client.get(address("who_took_part_csv", "ici", "question")).status_code == 404


def test_round_of_the_day_counts_where_it_is_time(member: Member, consultation: Consultation) -> None:
    long_ago = timezone.now() - dt.timedelta(days=90)
    long_closed = ConsultationFactory(member=member, opens_at=long_ago - dt.timedelta(days=99), closes_at=long_ago)
    people(consultation, 12, gender="woman")
    people(long_closed, 12, gender="woman")
    assert [rounds.count_takers(at=timezone.now()), rounds.count_takers(at=timezone.now())] == [1, 0]
    assert queries.last_count(long_closed) is None


def test_two_counts_side_by_side_tell_of_no_small_group(consultation: Consultation) -> None:
    people(consultation, 15, gender="woman", age_band="15-24")
    people(consultation, 15, gender="man", age_band="25-34")
    people(consultation, 40, age_band="35-44")
    people(consultation, 40, age_band="45-59")
    people(consultation, 40, age_band="60+")
    first = count(consultation)
    people(consultation, 1, gender="woman", age_band="15-24")
    people(consultation, 19, gender="man", age_band="15-24")
    second = count(consultation, days=8)
    assert first is not None
    assert second is not None
    assert second["people"] == 170
    # One woman among twenty newcomers: her table stays as it was; the ages moved by twenty and are told.
    assert second["tables"]["gender"] == first["tables"]["gender"]
    assert second["tables"]["age_band"]["shown"]["15-24"] == 35


def test_sums_of_two_days_tell_of_no_few_newcomers(consultation: Consultation) -> None:
    people(consultation, 60, age_band="15-24")
    people(consultation, 30, age_band="25-34")
    people(consultation, 4, age_band="60+")
    first = count(consultation)
    people(consultation, 7, age_band="35-44")
    people(consultation, 13, area="urban")
    second = count(consultation, days=8)
    assert first is not None
    assert second is not None
    # Seven more answered their age: neither that sum nor that of the ages not shown may be told beside the last.
    assert second["tables"]["age_band"] == first["tables"]["age_band"]
    assert second["people"] == 114


def every_table(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Give every way to spread people over cells."""
    for bars in itertools.combinations(range(total + cells - 1), cells - 1):
        edges = (-1, *bars, total + cells - 1)
        yield tuple(edges[at + 1] - edges[at] - 1 for at in range(cells))


@pytest.mark.django_db(False)
@pytest.mark.parametrize(("provinces", "total"), [("ab", 6), ("ab", 8), ("abc", 6)])
def test_no_small_group_is_found_from_all_the_tables_together(provinces: str, total: int) -> None:
    # Who knows the rule tries everybody there could be: provinces, genders and both are read side by side.
    cells = list(itertools.product([*provinces, ""], ["woman", "man", ""]))
    alike = defaultdict(list)
    for figures in every_table(total, len(cells)):
        told = counted(
            [
                {**dict.fromkeys(queries.ASKED, ""), "gender": gender, "province__code": province, "channel": "online"}
                for (province, gender), number in zip(cells, figures, strict=True)
                for _ in range(number)
            ],
            list(provinces), 3, on=dt.date(2026, 11, 23),
        )  # fmt: skip
        tables = [told["tables"][name] for name in ("gender", "province", "province_and_gender")]
        alike[json.dumps(tables)].append(figures)
    groups = [(p, g) for p in ["", *provinces] for g in ("", "woman", "man") if p or g]
    for possible in alike.values():
        for province, gender in groups:
            found = {
                sum(
                    n
                    for cell, n in zip(cells, one, strict=True)
                    if province in ("", cell[0]) and gender in ("", cell[1])
                )
                for one in possible
            }
            assert len(found) > 1 or min(found) >= 3, (province, gender, possible[0])


@pytest.mark.django_db(False)
def test_province_held_back_in_its_table_is_not_told_by_the_table_of_both() -> None:
    said = [("b", "man", 3), ("b", "", 1), ("c", "man", 4), ("", "", 1)]
    told = counted(
        [
            {**dict.fromkeys(queries.ASKED, ""), "gender": gender, "province__code": province, "channel": "online"}
            for province, gender, number in said
            for _ in range(number)
        ],
        list("abc"), 3, on=dt.date(2026, 11, 23),
    )  # fmt: skip
    # Four of c in the one, and eight over three provinces in the other, would tell that nobody is of a.
    assert (told["tables"]["province"]["shown"], told["tables"]["province_and_gender"]["rows"]) == ({}, {})


def test_pass_opens_its_own_consultation_once(member: Member, consultation: Consultation) -> None:
    given, other = queries.new_pass(consultation), ConsultationFactory(member=member)
    asked: dict[str, Any] = {"answers": {"gender": "woman"}, "channel": "online", "at": timezone.now(), "given": given}
    with pytest.raises(Refused):
        actions.give_profile(other, **asked)
    actions.give_profile(consultation, **asked)
    with pytest.raises(Refused):
        actions.give_profile(consultation, **asked)
    assert [Profile.objects.count(), actions.let_go_of_passes(at=timezone.now() + dt.timedelta(days=9))] == [1, 1]


@pytest.mark.parametrize("channel", ["assisted", "workshop", "paper", "zzz"])
def test_visitor_who_asks_for_the_page_of_the_team_reads_the_plain_one(
    client: Client, consultation: Consultation, channel: str
) -> None:
    text = client.get(address("about_you", "ici", "question"), {"channel": channel}).content.decode()
    assert ("<form class=" in text, "These questions come once" in text) == (False, True)
    given = queries.new_pass(consultation)
    text = client.get(address("about_you", "ici", "question"), {"channel": channel, "pass": given}).content.decode()
    assert ('name="channel" value="online"' in text, "Type one slip" in text) == (True, False)


def test_team_signed_out_meanwhile_loses_nothing_it_typed(client: Client, consultation: Consultation) -> None:
    text = client.post(
        address("about_you", "ici", "question"), {"channel": "paper", "gender": "woman"}
    ).content.decode()
    assert ("Only the team writes this down" in text, 'value="woman"' in text and "checked" in text) == (True, True)


# Slips, typed in by the team


@pytest.mark.row("E7")
@pytest.mark.parametrize(("channel", "role"), [("workshop", "rapporteur"), ("paper", "coordinator")])
def test_team_types_slips_one_after_the_other(consultation: Consultation, channel: str, role: str) -> None:
    member, client = consultation.cycle.member, Client()
    client.force_login(UserFactory(role=role, at=member))
    page = f"{address('about_you', 'ici', 'question')}?channel={channel}"
    assert "Type one slip, as it was filled." in client.get(page).content.decode()
    thanks = client.post(page, {"channel": channel, "gender": "woman"})["Location"]
    assert thanks == f"{address('about_you_thanks', 'ici', 'question')}?channel={channel}"
    assert f'href="{page}"' in client.get(thanks).content.decode()
    assert list(Profile.objects.values_list("channel", "gender")) == [(channel, "woman")]


@pytest.mark.row("E7")
def test_pages_of_the_team_lead_to_the_slips_and_those_of_visitors_do_not(consultation: Consultation) -> None:
    workshop, team, visitor = WorkshopFactory(consultation=consultation), Client(), Client()
    team.force_login(UserFactory(role="coordinator", at=consultation.cycle.member))
    kit, paper = address("workshop_kit", "ici", workshop.meeting.number), address("paper_forms", "ici", "question")
    asked = address("about_you", "ici", "question")
    assert f"{asked}?channel=workshop" in team.get(kit).content.decode()
    assert f"{asked}?channel=paper" in team.get(paper).content.decode()
    assert asked not in visitor.get(kit).content.decode()
    # Whoever has no role is refused, and told why; thanks for the team are not those of a visitor.
    refused = visitor.post(asked, {"channel": "workshop", "gender": "woman"}).content.decode()
    assert ("Only the team writes this down" in refused, Profile.objects.count()) == (True, 0)
    assert "channel=" not in visitor.get(address("about_you_thanks", "ici", "question")).content.decode()


@pytest.mark.usefixtures("english")
def test_thanks_lead_on_to_what_people_want_next(client: Client, consultation: Consultation) -> None:
    page = client.get(address("about_you_thanks", "ici", "question")).content.decode()
    wanted = [("follow", "ici"), ("voices", "ici", "question"), ("workshops", "ici")]
    assert [where for where in wanted if f'href="{address(*where)}"' not in page] == []
