"""The home page answers its three questions at every moment of the process."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openregion.consultation.models import Consultation
from openregion.cycle.actions import date_stage
from openregion.people.models import Member
from openregion.web.queries.home import map_of_voices, open_consultations
from tests.factories.calls import CallFactory
from tests.factories.chains import Chain, days_ago
from tests.factories.people import MemberFactory, TerritoryFactory
from tests.factories.workshops import WorkshopFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ["ar", "fr", "en", "zgh"]


def home(member: Member, lang: str = "fr") -> str:
    response = Client().get(f"/{lang}/{member.slug}/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_home_teaches_before_anything_is_asked(lang: str) -> None:
    member = MemberFactory()
    page = home(member, lang)
    assert [one for one in ("method", "bodies", "territory") if f"/{lang}/{member.slug}/{one}/" not in page] == []
    assert "figure__number" not in page


def test_home_shows_the_stage_under_way_with_its_dates() -> None:
    chain = Chain()
    stage = chain.cycle.stages.get(code="plan-2")
    date_stage(
        stage, starts_on=days_ago(10).date(), ends_on=days_ago(-20).date(), by=chain.by, at=days_ago(10)
    )  # fmt: skip
    page = home(chain.member, "en")
    assert page.count('class="home__present"') == 1
    assert page.count('class="stage--present"') == 1
    assert page.count('class="stage--to-come"') == 4


@pytest.mark.row("D2")
def test_home_offers_the_consultation_that_closes_first() -> None:
    chain = Chain()
    page = home(chain.member, "en")
    assert page.count('class="call"') == 1
    assert f'class="button" href="/en/{chain.member.slug}/consultations/question/suggest/"' in page
    assert "9 days left" in page


def test_home_says_what_became_of_what_was_said() -> None:
    chain = Chain()
    said = chain.suggest_many(3)
    finding = chain.gather(said)
    answer = chain.answer(said[:1], finding=finding)
    commitment = chain.promise(finding, answer)
    chain.publish()
    chain.report(commitment)
    page, here = home(chain.member), f"/fr/{chain.member.slug}"
    links = [
        f"{here}/responses/{answer.number}/", f"{here}/commitments/{commitment.slug}/", f"{here}/plans/1/",
        "https://example.org/preuve", f"{here}/data/#coverage", f"{here}/follow/", f"{here}/suggestions/",
    ]  # fmt: skip
    assert [link for link in links if f'href="{link}"' not in page] == []
    assert re.findall(r'figure__number"><bdi>(\d+)', page) == ["33"]


def test_home_shows_the_late_promises_first() -> None:
    chain = Chain()
    said = chain.suggest_many(2)
    finding = chain.gather(said)
    on_time, late = chain.promise(finding, title="À temps"), chain.promise(finding, title="En retard")
    late.milestones.update(starts_on=days_ago(100).date(), ends_on=days_ago(9).date())
    chain.publish()
    chain.report(on_time)
    page = home(chain.member).split('id="plan"')[1]
    assert page.index("En retard") < page.index("À temps")
    assert "badge--late" in page


def test_home_leaves_out_what_comes_by_the_hundred_from_what_was_done_lately() -> None:
    chain = Chain()
    chain.suggest_many(9)
    lately = home(chain.member).split('id="lately"')[1]
    assert lately.count('id="line-') == 2  # the cycle opened, the consultation opened


@pytest.mark.row("O-8")
def test_map_counts_what_is_published_as_the_lists_do() -> None:
    chain = Chain()
    region = chain.authority.territory
    much, few, none = (TerritoryFactory(province=True, parent=region) for _ in range(3))
    for place, many in ((much, 14), (few, 3)):
        for _ in range(many):
            chain.suggest(province=place)
    drawn = map_of_voices(chain.member, {much.code: 14, few.code: 3})
    assert drawn is not None
    shown = {place.name: place.figure for place in drawn.places}
    assert [shown[place.name_fr] for place in (much, few, none)] == ["14", "3", ""]
    page = home(chain.member, "en")
    assert f"{few.name_fr}: 3 suggestions" in page
    assert f"{none.name_fr}: none yet" in page


def test_home_is_light_and_asks_a_fixed_number_of_questions() -> None:
    def made(many: int) -> Chain:
        chain = Chain()
        said = chain.suggest_many(many)
        finding = chain.gather(said)
        answers = [chain.answer([one], ago=170 - n) for n, one in enumerate(said)]
        promised = [chain.promise(finding, one) for one in answers[:3]]
        chain.publish()
        for one in promised:
            chain.report(one)
        return chain

    counts, weights = [], []
    for many in (1, 12):
        chain = made(many)
        address = f"/fr/{chain.member.slug}/"
        Client().get(f"{address}?warm")
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as asked:
            response = Client().get(f"{address}?uncached")
        counts.append(len(asked))
        weights.append(len(response.content))
    assert counts[0] == counts[1]
    assert max(weights) < 60_000


def test_figures_follow_the_next_line_of_the_journal() -> None:
    chain = Chain()
    one, _other = chain.suggest_many(2)
    assert re.findall(r'figure__number"><bdi>(\d+)', home(chain.member)) == ["0"]
    chain.answer([one])
    assert re.findall(r'figure__number"><bdi>(\d+)', home(chain.member)) == ["50"]


@pytest.mark.row("D2")
def test_home_offers_the_open_call_the_workshops_to_come_and_the_voices_when_there_are_any() -> None:
    chain = Chain()
    here = f"/fr/{chain.member.slug}"
    wanted = [f"{here}/consultations/question/voices/", f"{here}/participation-calls/", f"{here}/workshops/"]

    def offered() -> list[bool]:
        caches["pages"].clear()
        acts = home(chain.member).split('class="grid acts"')[1].split("</ul>")[0]
        return [f'href="{one}' in acts for one in wanted]

    asked = {"member": chain.member, "consultation": chain.consultation}
    CallFactory(**asked, closed=True)
    WorkshopFactory(consultation=chain.consultation, cancelled=True)
    assert offered() == [False, False, False]
    chain.suggest("Publiée")
    call = CallFactory(**asked)
    WorkshopFactory(consultation=chain.consultation)
    WorkshopFactory(consultation=chain.consultation)
    assert offered() == [True, True, True]
    told = home(chain.member, "en")
    assert (f"participation-calls/{call.number}/" in told, "2 workshops to come, the next on" in told) == (True, True)
    Consultation.objects.filter(pk=chain.consultation.pk).update(takes_votes=False)
    assert offered() == [False, True, True]


@pytest.mark.row("C3")
def test_home_is_not_kept_across_an_opening_or_a_closing() -> None:
    chain = Chain()
    address = f"/fr/{chain.member.slug}/"
    far = Client().get(address)["Cache-Control"]
    caches["pages"].clear()
    told = []
    soon, later = timezone.now() + dt.timedelta(minutes=20), timezone.now() + dt.timedelta(days=3)
    for times in ({"closes_at": soon}, {"opens_at": soon, "closes_at": later}):
        Consultation.objects.filter(pk=chain.consultation.pk).update(**times)
        told.append(Client().get(address)["Cache-Control"])
    assert (far, told) == ("public, max-age=0, must-revalidate", ["private, no-cache"] * 2)


def test_closing_day_is_the_last_on_which_one_may_write() -> None:
    chain = Chain()
    midnight = timezone.make_aware(dt.datetime.combine(timezone.localdate() + dt.timedelta(days=3), dt.time()))
    chain.consultation.closes_at = midnight
    chain.consultation.save()
    (shown,) = open_consultations(chain.member)
    assert shown.closes_on == timezone.localdate() + dt.timedelta(days=2)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_menu_holds_seven_places_at_most_and_leads_to_suggestions_and_plans(lang: str) -> None:
    member = MemberFactory()
    menu = home(member, lang).split('class="places"')[1].split("</ul>")[0]
    assert menu.count("<li>") == 7
    assert f'href="/{lang}/{member.slug}/suggestions/"' in menu
    assert f'href="/{lang}/{member.slug}/plans/"' in menu


def test_home_says_the_next_public_meeting_and_the_councils_last_decision() -> None:
    from tests.factories.cycle import DeliberationFactory
    from tests.factories.desk import MeetingFactory

    chain = Chain()
    coming = MeetingFactory(cycle=chain.cycle, to_come=True)
    vote = DeliberationFactory(cycle=chain.cycle)
    page = home(chain.member, "en")
    assert f"/meetings/{coming.number}/" in page[page.index('id="now"') : page.index('id="became"')]
    assert f"/deliberations/{vote.uid}/" in page[page.index('id="where"') : page.index('id="now"')]
