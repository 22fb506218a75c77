"""The questions put to the public: their pages, their counts, opening one."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.consultation import actions, forms, queries, rules
from openregion.consultation.models import Consultation
from openregion.core.refusal import Refused
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.models import JournalLine
from openregion.record.queries import search
from tests.factories.consultation import ConsultationFactory, MethodFactory, PlanCycleFactory, SuggestionFactory
from tests.factories.people import AT, MemberFactory, TerritoryFactory, UserFactory, words
from tests.factories.questions import promised

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "zgh", "fr", "en")


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.mark.row("C3")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_public_pages_open_empty_and_filled_without_a_session(client: Client, member: Member, lang: str) -> None:
    path = address("consultations", "ici", lang=lang)
    assert client.get(path).status_code == 200
    for slug, trait in (("ouverte", ""), ("close", "closed"), ("a-venir", "to_come")):
        one = ConsultationFactory(member=member, slug=slug, **({trait: True} if trait else {}))
        SuggestionFactory.create_batch(2, consultation=one)
        answer = client.get(address("consultation", "ici", slug, lang=lang))
        suggest = address("suggest", "ici", slug, lang=lang)
        assert (answer.status_code, answer.cookies.output(), suggest in answer.content.decode()) == (200, "", not trait)
    answer = client.get(path + "?again=1")
    text = answer.content.decode()
    order = [text.index(f"/consultations/{slug}/") for slug in ("ouverte", "a-venir", "close")]
    assert (answer.status_code, answer.cookies.output(), order) == (200, "", sorted(order))


@pytest.mark.row("C3")
def test_consultation_shows_its_stage_and_its_hours(client: Client, member: Member) -> None:
    at = dt.datetime(2026, 5, 31, 23, 30, tzinfo=dt.UTC)  # half past midnight, the first of June in Casablanca
    ConsultationFactory(member=member, slug="q", opens_at=at, closes_at=at + dt.timedelta(days=30))
    text = client.get(address("consultation", "ici", "q")).content.decode()
    assert ("1er juin 2026, 00:30" in text, "Diagnostic participatif" in text) == (True, True)


def test_unknown_and_others_consultations_are_not_found(client: Client, member: Member) -> None:
    ConsultationFactory(slug="ailleurs")
    for name in ("consultation", "suggest"):
        assert client.get(address(name, "ici", "ailleurs")).status_code == 404


def test_counts_leave_out_spam_and_withdrawn_and_tell_what_is_published_as_it_is(member: Member) -> None:
    one = ConsultationFactory(member=member, themes=4)
    themes = list(one.themes.order_by("rank"))
    for theme, how_many in zip(themes, (14, 11, 6, 7), strict=True):
        SuggestionFactory.create_batch(how_many, consultation=one, placed__theme=theme, published=True)
    SuggestionFactory.create_batch(4, consultation=one, placed__theme=themes[0])
    SuggestionFactory(consultation=one, placed__theme=themes[0], spam=True)
    SuggestionFactory(consultation=one, placed__theme=themes[0], withdrawn=True)
    with override("fr"):
        page = queries.page(one, at=timezone.now())
    assert (page.received, page.published) == (42, 38)
    assert [cell.published for cell in page.by_theme.cells] == ["14", "11", "7", "6"]
    assert [cell.published for cell in page.by_province.cells] == ["38"]


def test_what_is_not_published_is_counted_in_no_group(client: Client, member: Member) -> None:
    one = ConsultationFactory(member=member, slug="q")
    theme = one.themes.all()[0]
    SuggestionFactory.create_batch(43, consultation=one, placed__theme=theme, published=True)
    SuggestionFactory(consultation=one, placed__theme=theme)
    table = client.get(address("consultation", "ici", "q")).content.decode().split("<table")[1].split("</table>")[0]
    figures = re.findall(r"<bdi>(\d+)</bdi>", table)  # names and addresses may hold any digits
    assert ("43" in figures, "44" in figures) == (True, False), table


@pytest.mark.row("C3")
def test_stage_and_themes_are_those_of_the_method_that_the_cycle_pinned(member: Member) -> None:
    book = json.loads(guides.canonical_json(member.guide_version))
    stage = next(one for one in book["stages"] if one["code"] == "plan-2")
    stage["short"]["fr"], stage["frame"][0]["text"]["fr"] = "Étape épinglée", "Repère épinglé"
    method = MethodFactory(content=json.dumps(book), member_code=member.slug)
    cycle = PlanCycleFactory(member=member, method=method, guide_sha256="1" * 64)
    with override("fr"):
        page = queries.page(ConsultationFactory(cycle=cycle), at=AT)
        form = forms.ConsultationForm(cycle=cycle)
    assert page.stage and page.stage.fr == "Étape épinglée"
    assert "Repère épinglé" in [label for _code, label in form["frame"].field.choices]
    assert "2. Étape épinglée" in [label for _code, label in form["stage"].field.choices]


def test_one_published_suggestion_is_counted_where_it_stands(client: Client, member: Member) -> None:
    one = ConsultationFactory(member=member, slug="q")
    place = TerritoryFactory(province=True, parent=member.authorities.get().territory)
    SuggestionFactory(consultation=one, placed__theme=one.themes.all()[0], placed__province=place, published=True)
    page = queries.page(one, at=timezone.now())
    assert [cell.published for cell in (*page.by_theme.cells, *page.by_province.cells)] == ["1", "1"]
    assert "count again" in client.get(address("consultation", "ici", "q", lang="en")).content.decode()


def said(**more: Any) -> dict[str, Any]:
    return {
        "title_fr": "Que faut-il changer ?", "title_ar": "ما الذي ينبغي تغييره؟",
        "question_fr": "Dites-le ici.", "question_ar": "قولوا ذلك هنا.",
        "purpose_fr": "Préparer le plan.", "purpose_ar": "إعداد المخطط.", "answers_by": "2027-02-28",
        "promise_fr": "Chaque suggestion reçoit une réponse.", "promise_ar": "كل اقتراح يتلقى جوابا.",
        "slug": "que-changer", "stage": "plan-2",
        "opens_at": "2026-12-01T00:00", "closes_at": "2026-12-31T18:00",
        "frame": ["budget-transparency", "participation-in-policy"],
        "theme_1_fr": "Routes & pistes", "theme_1_ar": "الطرق والمسالك", **more,
    }  # fmt: skip


@pytest.mark.row("C3")
@pytest.mark.row("D2")
def test_consultation_is_opened_in_the_browser_with_the_guide_s_themes(
    client: Client, member: Member, contact: User
) -> None:
    PlanCycleFactory(member=member)
    client.force_login(contact)
    path = address("new_consultation", "ici")
    asked = client.get(path).content.decode()
    assert len(re.findall(r'name="frame"[^>]*checked', asked)) == 4
    assert "Transparence budgétaire;" not in asked
    assert client.post(path, said())["Location"] == address("consultation", "ici", "que-changer")
    one = Consultation.objects.get()
    assert [theme.code for theme in one.themes.order_by("rank")] == [
        "budget-transparency", "participation-in-policy", "routes-pistes",
    ]  # fmt: skip
    first = one.themes.get(rank=0).name
    assert {lang: first[lang]["text"] for lang in first} == {
        "fr": "Transparence budgétaire", "ar": "شفافية الميزانية", "en": "Budget transparency",
    }  # fmt: skip
    assert one.opens_at == dt.datetime(2026, 11, 30, 23, 0, tzinfo=dt.UTC)
    line = JournalLine.objects.get(verb="open_consultation")
    assert line.facts == {"opens_on": "2026-12-01", "closes_on": "2026-12-31"}
    assert [hit.kind for hit in search("ينبغي", lang="ar", member_code="ici")] == ["consultation"]


@pytest.mark.parametrize(
    ("wrong", "box"),
    [
        ({"closes_at": "2026-12-01T00:00"}, "Que faut-il changer"),
        ({"slug": "new"}, 'value="new"'),
        ({"slug": "Que Changer"}, 'value="Que Changer"'),
        ({"stage": "candidacy-1"}, "Que faut-il changer"),
        ({"title_ar": ""}, "Que faut-il changer"),
        ({"theme_1_ar": ""}, "Routes &amp; pistes"),
        ({"theme_2_fr": "Routes pistes", "theme_2_ar": "الطرق"}, "Routes pistes"),
    ],
)
def test_wrong_answers_keep_what_was_typed(
    client: Client, member: Member, contact: User, wrong: dict[str, str], box: str
) -> None:
    PlanCycleFactory(member=member)
    client.force_login(contact)
    answer = client.post(address("new_consultation", "ici"), said(**wrong))
    text = answer.content.decode()
    assert (answer.status_code, Consultation.objects.count(), 'role="alert"' in text, box in text) == (
        200,
        0,
        True,
        True,
    )


@pytest.mark.row("D2")
@pytest.mark.parametrize("missing", ["purpose", "promise", "answers_by"])
def test_nobody_is_asked_without_why_what_and_when(
    member: Member, contact: User, missing: str, client: Client, english: None
) -> None:
    cycle = PlanCycleFactory(member=member)
    closes = AT + dt.timedelta(days=9)
    asked: dict[str, Any] = {"slug": "q", "opens_at": AT, "closes_at": closes, **promised(closes), missing: None}
    reason = rules.why_not_open_consultation(contact, cycle, at=AT, **asked)
    assert reason.endswith(f"Say first: {rules.PROMISED[missing]}.")
    # What was asked elsewhere and is over already was asked as it was.
    assert rules.why_not_open_consultation(contact, cycle, at=closes, **asked) == ""
    client.force_login(contact)
    boxes = [missing] if missing == "answers_by" else [f"{missing}_fr", f"{missing}_ar"]
    text = client.post(address("new_consultation", "ici"), said(**dict.fromkeys(boxes, ""))).content.decode()
    assert [f'href="#id_{box}"' in text for box in boxes] == [True] * len(boxes)
    assert Consultation.objects.count() == 0


def test_new_consultation_begins_with_the_stage_under_way(client: Client, member: Member, contact: User) -> None:
    cycle = PlanCycleFactory(member=member)
    days = {"plan-1": (-90, -60), "plan-2": (-60, -20), "plan-3": (-20, 20), "plan-4": (20, 40)}
    client.force_login(contact)

    def begins() -> list[str]:
        text = client.get(address("new_consultation", "ici")).content.decode()
        return re.findall(r'<option value="(plan-\d)" selected', text)

    assert begins() == ["plan-1"]
    for code, (first, last) in days.items():
        starts, ends = (timezone.localdate() + dt.timedelta(days=n) for n in (first, last))
        cycle.stages.filter(code=code).update(starts_on=starts, ends_on=ends)
    assert begins() == ["plan-3"]
    cycle.stages.filter(code="plan-3").update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert begins() == ["plan-4"]


def test_without_a_cycle_the_page_says_what_comes_first(client: Client, member: Member, contact: User) -> None:
    PlanCycleFactory(member=member, kind="candidacy")
    PlanCycleFactory()
    client.force_login(contact)
    answer = client.get(address("new_consultation", "ici"))
    assert (answer.status_code, '<form class="form"' in answer.content.decode()) == (200, False)


def test_rule_of_opening_asks_role_dates_and_address(member: Member, contact: User) -> None:
    cycle = PlanCycleFactory(member=member)
    ConsultationFactory(cycle=cycle, slug="deja")
    closes = AT + dt.timedelta(days=1)
    right: dict[str, Any] = {"slug": "ici", "opens_at": AT, "closes_at": closes, "at": AT, **promised(closes)}
    wrong = [{"closes_at": AT}, {"slug": "deja"}, {"slug": "new"}, {"slug": "é"}, {"slug": "a" * 61}]
    assert rules.why_not_open_consultation(contact, cycle, **right) == ""
    assert all(rules.why_not_open_consultation(contact, cycle, **right | one) for one in wrong)
    moderator = UserFactory(role="moderator", at=member)
    assert rules.why_not_open_consultation(moderator, cycle, **right)
    with pytest.raises(Refused):
        actions.open_consultation(cycle, title=words("T"), question=words("Q"), themes=[], by=moderator, **right)
