"""Who took part: optional, apart from the words, in groups of which none is small, beside the census."""

from __future__ import annotations

import datetime as dt
import json
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
from openregion.core.refusal import Refused
from openregion.people.models import Member, Membership, Territory, User
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
    lines = JournalLine.objects.filter(verb="give_profile")
    assert [(line.subject_uid, line.by_ref, line.facts) for line in lines] == [(consultation.uid, "", {})] * 2


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
    assert told["province_and_gender"]["fewer"] == [["01.227", "woman"]]
    assert told["province_and_gender"]["held_back"] == [["01.227", "man"], ["01.571", "man"], ["01.571", "woman"]]
    answer = client.get(address("who_took_part", "ici", "question")).content.decode()
    assert "Women of Fahs-Anjra: fewer than 10 of 120." in answer
    assert answer.count("held back") >= 3
    assert ">116<" not in answer
    # The page, the table and the data say the same.
    table = client.get(address("who_took_part_csv", "ici", "question")).content.decode()
    assert "province,01.227,120" in table
    assert "116" not in table
    assert json.loads(client.get(address("who_took_part_json", "ici", "question")).content) == told


def test_gaps_compare_with_the_census(client: Client, consultation: Consultation, places: dict[str, Territory]) -> None:
    people(consultation, 380, gender="man", age_band="45-59", province=places["01.511"], area="urban")
    people(consultation, 20, gender="woman", age_band="60+", province=places["01.571"], area="urban")
    count(consultation)
    answer = client.get(address("who_took_part", "ici", "question")).content.decode()
    assert "Tétouan: 5% of those who took part, 23% of the inhabitants." in answer
    assert "Women and men · A woman: 5% of those who answered, 49% of the inhabitants." in answer
    assert "Age · 15–24: too few to be shown" in answer
    assert "Fahs-Anjra: too few people to be shown, of the 400 who said who they are." in answer


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
    assert [ages["shown"], ages["others"]] == [{"25-34": 30}, 12]
    assert told["groups"]["age_band"] == ["15-24", "25-34", "35-44", "45-59", "60+", "unsaid"]


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
    people(consultation, 15, gender="man", age_band="15-24")
    first = count(consultation)
    people(consultation, 1, gender="woman", age_band="15-24")
    people(consultation, 19, gender="man", age_band="15-24")
    second = count(consultation, days=8)
    assert first is not None
    assert second is not None
    assert second["people"] == 50
    # One woman among twenty newcomers: her table stays as it was; the ages moved by twenty and are told.
    assert second["tables"]["gender"] == first["tables"]["gender"]
    assert second["tables"]["age_band"]["shown"] == {"15-24": 50}


def test_pass_opens_its_own_consultation_once(member: Member, consultation: Consultation) -> None:
    given, other = queries.new_pass(consultation), ConsultationFactory(member=member)
    asked: dict[str, Any] = {"answers": {"gender": "woman"}, "channel": "online", "at": timezone.now(), "given": given}
    with pytest.raises(Refused):
        actions.give_profile(other, **asked)
    actions.give_profile(consultation, **asked)
    with pytest.raises(Refused):
        actions.give_profile(consultation, **asked)
    assert [Profile.objects.count(), actions.let_go_of_passes(at=timezone.now() + dt.timedelta(days=9))] == [1, 1]


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
