"""Delays and thresholds on a day, at a member: the guide's figure, or the member's own with its reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from openregion.core.refusal import Refused
from openregion.cycle import actions, queries
from openregion.cycle.forms.method import OverrideForm
from openregion.cycle.models import RuleOverride
from openregion.guide import queries as guides
from openregion.people.models import Member
from openregion.record.models import JournalLine
from tests.cycle.overrides import overridden
from tests.factories.people import AT, AuthorityFactory, MemberFactory, TerritoryFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("GUIDE")]
DAY = dt.date(2026, 6, 1)


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="membre")


def test_value_is_the_guides_where_the_member_gave_none(member: Member) -> None:
    found = queries.value_of(member, "information-request-answer", DAY)
    assert (found.value, found.may_block, found.own) == (20, True, None)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (dt.date(2025, 12, 31), 20),
        (dt.date(2026, 1, 1), 15),
        (dt.date(2026, 5, 31), 15),
        (dt.date(2026, 6, 1), 10),
        (dt.date(2027, 1, 1), 10),
    ],
)
def test_value_is_the_members_own_from_its_effective_day(member: Member, day: dt.date, value: float) -> None:
    overridden(member, "information-request-answer", 10, effective_on=dt.date(2026, 6, 1))
    overridden(member, "information-request-answer", 15, decided_at=AT + dt.timedelta(days=9))
    overridden(MemberFactory(), "information-request-answer", 1)
    assert queries.value_of(member, "information-request-answer", day).value == value


def test_value_decided_last_counts_when_two_hold_from_one_day(member: Member) -> None:
    overridden(member, "information-request-answer", 12, decided_at=AT + dt.timedelta(days=1))
    overridden(member, "information-request-answer", 18)
    found = queries.value_of(member, "information-request-answer", DAY)
    assert (found.value, found.source) == (12, "Règlement intérieur, art. 3")


def test_value_holds_from_the_day_the_rule_takes_effect(member: Member) -> None:
    rule = guides.rule(guides.guide(member.guide_version), "information-request-answer")
    assert rule is not None
    before = rule.effective_on - dt.timedelta(days=1)
    assert queries.value_of(member, rule.code, before).value is None
    assert queries.value_of(member, rule.code, rule.effective_on).value == 20


@pytest.mark.row("E4")
@pytest.mark.parametrize(
    ("inhabitants", "signatures"), [(0, 300), (999_999, 300), (1_000_000, 400), (3_000_000, 400), (3_000_001, 500)]
)
def test_signatures_follow_the_number_of_inhabitants(inhabitants: int, signatures: int) -> None:
    territory = TerritoryFactory(population_2024=inhabitants)
    member = MemberFactory(authorities=[AuthorityFactory(territory=territory)])
    assert queries.value_of(member, "petition-signatures", DAY).value == signatures
    assert queries.value_of(member, "petition-signatures", DAY, population=2_000_000).value == 400


@pytest.mark.row("O-8")
def test_inhabitants_of_a_consortium_are_those_of_all_its_authorities() -> None:
    parts = [AuthorityFactory(territory=TerritoryFactory(population_2024=count)) for count in (400_000, 700_000, None)]
    member = MemberFactory(authorities=parts)
    assert queries.inhabitants_of(member) == 1_100_000
    assert queries.value_of(member, "petition-signatures", DAY).value == 400


def test_only_a_verified_rule_may_block(member: Member) -> None:
    book = guides.guide(member.guide_version)
    found = {rule.code: queries.value_of(member, rule.code, DAY).may_block for rule in book.rules}
    assert found == {rule.code: rule.confidence == "verified" for rule in book.rules}


def test_unknown_rule_is_an_error_and_not_a_silent_nothing(member: Member) -> None:
    with pytest.raises(LookupError, match="has no rule 'nothing'"):
        queries.value_of(member, "nothing", DAY)


@pytest.mark.parametrize(
    ("unit", "one", "many"),
    [
        ("days", "1 day", "3 days"),
        ("working-days", "1 working day", "3 working days"),
        ("clear-days", "1 clear day", "3 clear days"),
        ("months", "1 month", "3 months"),
        ("years", "1 year", "3 years"),
        ("signatures", "1 signature", "3 signatures"),
        ("commitments", "1 commitment", "3 commitments"),
        ("meetings-a-year", "1 meeting a year", "3 meetings a year"),
        ("times-a-year", "1 time a year", "3 times a year"),
        ("count", "1", "3"),
    ],
)
def test_figures_are_written_in_words(unit: str, one: str, many: str) -> None:
    rule = guides.guide("ma-region-2021").rules[0].model_copy(update={"unit": unit})
    with override("en"):
        assert (queries.figure(rule, 1), queries.figure(rule, 3)) == (one, many)


def test_shares_are_written_as_percentages() -> None:
    rule = guides.guide("ma-region-2021").rules[0].model_copy(update={"unit": "share"})
    with override("en"):
        assert (queries.figure(rule, 0.05), queries.figure(rule, 0.5)) == ("5 %", "50 %")


def given(**changes: Any) -> dict[str, Any]:
    fields = {
        "value": "15",
        "effective_on": "2026-01-01",
        "reason_fr": "Décision du Conseil.",
        "reason_ar": "قرار المجلس.",
    }
    return fields | {"reason_en": "", "source": "Règlement intérieur, art. 3"} | changes


def address(rule: str = "information-request-answer") -> str:
    with override("en"):
        return reverse("override_rule", args=["membre", rule])


@pytest.fixture
def staff(member: Member) -> Client:
    client = Client()
    client.force_login(UserFactory(administrator_of=member))
    return client


def test_own_value_is_published_with_its_reason_and_source(member: Member, staff: Client) -> None:
    response = staff.post(address(), given())
    assert response.status_code == 302
    found = RuleOverride.objects.get()
    assert (found.value, found.effective_on, found.source) == (15, dt.date(2026, 1, 1), "Règlement intérieur, art. 3")
    assert {lang: wording["text"] for lang, wording in found.reason.items()} == {
        "fr": "Décision du Conseil.",
        "ar": "قرار المجلس.",
    }
    shown = Client().get(response["Location"]).content.decode()
    for words_ in ("15 working days", "20 working days", "Décision du Conseil.", "Counts today"):
        assert words_ in shown


def test_own_value_leaves_one_line_that_reads_as_a_sentence(member: Member, staff: Client) -> None:
    staff.post(address(), given())
    line = JournalLine.objects.get(verb="override_rule")
    assert (line.room, line.facts) == (
        "cycle",
        {"rule": "information-request-answer", "value": 15.0, "effective_on": "2026-01-01"},
    )
    with override("en"):
        said = render_to_string(
            "cycle/journal/override_rule.html", {"line": line, "facts": line.facts, "when": line.at}
        )
    sentence = "The authority gave a rule its own value, 15 working days, from 1 January 2026: %s."
    assert " ".join(said.split()) == sentence % "Answer to an information request"


@pytest.mark.parametrize(
    ("rule", "changes", "said"),
    [
        ("information-request-answer", {"value": "-1"}, "cannot be negative"),
        ("petition-signatures", {}, "holds no single figure"),
        ("information-request-answer", {"source": ""}, "source"),
        ("information-request-answer", {"effective_on": "yesterday"}, "effective_on"),
    ],
)
def test_refused_value_keeps_what_was_typed(
    member: Member, staff: Client, rule: str, changes: dict[str, str], said: str
) -> None:
    response = staff.post(address(rule), given(**changes))
    shown = response.content.decode()
    assert (response.status_code, RuleOverride.objects.count()) == (200, 0)
    assert 'role="alert"' in shown
    assert said in shown
    assert "قرار المجلس." in shown


def test_form_is_for_those_who_hold_the_deed(member: Member) -> None:
    assert Client().get(address()).status_code == 302
    moderator = Client()
    moderator.force_login(UserFactory(role="moderator", at=member))
    assert moderator.get(address()).status_code == 403
    assert moderator.post(address(), given()).status_code == 403
    assert RuleOverride.objects.count() == 0


def test_button_shows_to_those_who_hold_the_deed_only(member: Member, staff: Client) -> None:
    with override("en"):
        page = reverse("method_rule", args=["membre", "information-request-answer"])
    assert address() in staff.get(page).content.decode()
    assert address() not in Client().get(page).content.decode()


def test_deed_asks_its_rule(member: Member) -> None:
    with pytest.raises(Refused, match="This is done by"), override("en"):
        actions.override_rule(
            member=member,
            rule="information-request-answer",
            value=15,
            reason=words("Parce que."),
            source="Une source",
            effective_on=DAY,
            by=UserFactory(role="moderator", at=member),
            at=AT,
        )
    assert (RuleOverride.objects.count(), JournalLine.objects.count()) == (0, 0)


@pytest.mark.parametrize("typed, kept", [("50", 0.5), ("100", 1.0)])
def test_share_is_typed_in_percent(typed: str, kept: float) -> None:
    said = {"value": typed, "effective_on": "2026-01-01", "reason_ar": "سبب", "source": "Règlement intérieur, art. 4"}
    form = OverrideForm(said, unit="share")
    assert (form.errors, form.cleaned_data["value"]) == ({}, kept)


def test_reason_is_asked_in_french_or_in_arabic() -> None:
    form = OverrideForm({"value": "3", "effective_on": "2026-01-01", "source": "art. 4"}, unit="days")
    assert list(form.errors) == ["reason_fr"]
