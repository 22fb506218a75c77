"""Eligibility: the criteria read, the sixteen months, verdicts given by a person and never edited."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.admission import actions, queries, rules
from openregion.admission.models import EligibilityVerdict
from openregion.core.refusal import Refused
from openregion.cycle.models import Cycle
from openregion.guide import queries as guides
from openregion.people.models import Authority, Member, User
from openregion.record.models import JournalLine
from tests.factories.admission import (
    CallFactory,
    DossierFactory,
    EvidenceFactory,
    SupportFactory,
    VerdictFactory,
    candidacy,
    sent,
)
from tests.factories.cycle import CycleFactory
from tests.factories.people import AT, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("A2")]


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def cycle(member: Member) -> Cycle:
    return candidacy(member)


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def proposed(member: Member, cycle: Cycle, code: str, day: dt.date | None = None) -> Any:
    page = queries.eligibility_page(member, cycle, day)
    return next(one.proposed for one in page.lines if one.criterion.code == code)


def said(**more: Any) -> dict[str, Any]:
    given = {"criterion": "member-state", "verdict": "met", "reason": words("Raison"), "source": "Source"}
    return given | {"on": dt.date(2026, 1, 5)} | more


@pytest.mark.parametrize("role", ["administrator", "president", "point-of-contact", "coordinator", "team-member", ""])
def test_verdict_is_given_by_those_the_guide_names(member: Member, cycle: Cycle, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    assert (not rules.why_not_give_verdict(by, cycle, **said())) == bool(named and "give_verdict" in named.deeds)


def test_verdicts_follow_one_another_and_the_same_twice_is_one(member: Member, cycle: Cycle, contact: User) -> None:
    first = actions.give_verdict(cycle, **said(verdict="unknown"), by=contact, at=AT)
    assert actions.give_verdict(cycle, **said(verdict="unknown"), by=contact, at=AT) == first
    actions.give_verdict(cycle, **said(on=dt.date(2026, 1, 6)), by=contact, at=AT)
    line = queries.criterion_line(member, cycle, "member-state")
    assert line is not None
    assert [one.verdict for one in line.given] == ["met", "unknown"]
    assert JournalLine.objects.filter(verb="give_verdict").count() == 2


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"criterion": "no-such"}, "not in the guide"),
        ({"verdict": "perhaps"}, "met, not met"),
        ({"reason": {}}, "reason"),
        ({"source": " "}, "where"),
        ({"source": "x" * 301}, "300"),
        ({"on": dt.date(2100, 1, 1)}, "future"),
    ],
)
@pytest.mark.usefixtures("english")
def test_verdict_without_reason_source_or_criterion_is_refused(
    cycle: Cycle, contact: User, more: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        actions.give_verdict(cycle, **said(**more), by=contact, at=AT)
    assert not EligibilityVerdict.objects.exists()


@pytest.mark.usefixtures("english")
def test_eligibility_is_read_in_a_candidacy(member: Member, contact: User) -> None:
    with pytest.raises(Refused, match="candidacy"):
        actions.give_verdict(CycleFactory(member=member), **said(), by=contact, at=AT)


@pytest.mark.row("O-1")
@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        # OGP, local eligibility criteria: sixteen months left. A term that ends on 8 September 2027 leaves them to
        # 8 May 2026 (../shared/domain/ogp-local.md, 3.4: May 2026 for the councils of September 2027).
        (dt.date(2026, 5, 1), "met"),
        (dt.date(2026, 5, 20), "not-met"),
        (dt.date(2026, 11, 22), "not-met"),
    ],
)
@pytest.mark.usefixtures("english")
def test_sixteen_months_are_counted_to_the_mandates_end(
    member: Member, cycle: Cycle, day: dt.date, verdict: str
) -> None:
    Authority.objects.of(member).update(mandate_starts_on=dt.date(2021, 9, 8), mandate_ends_on=dt.date(2027, 9, 8))
    found = proposed(member, cycle, "term-left-at-application", day)
    assert found.verdict == verdict
    assert bool(found.advice) == (verdict == "not-met")
    if found.advice:
        assert "file after the election" in found.advice
    assert set(found.reason) == {"fr", "ar", "en"}


@pytest.mark.row("O-1")
def test_sixteen_months_are_unknown_without_the_mandates_end(member: Member, cycle: Cycle) -> None:
    Authority.objects.of(member).update(mandate_starts_on=None, mandate_ends_on=None)
    assert proposed(member, cycle, "term-left-at-application").verdict == "unknown"


@pytest.mark.row("O-1")
def test_sixteen_months_are_counted_from_the_calls_closing(member: Member, cycle: Cycle) -> None:
    today = timezone.localdate()
    Authority.objects.of(member).update(
        mandate_starts_on=today - dt.timedelta(days=900), mandate_ends_on=today + dt.timedelta(days=500)
    )
    assert proposed(member, cycle, "term-left-at-application").verdict == "met"
    CallFactory(member=member, closes_at=timezone.now() + dt.timedelta(days=60))
    assert proposed(member, cycle, "term-left-at-application").verdict == "not-met"


def test_what_the_record_knows_is_proposed(member: Member, cycle: Cycle) -> None:
    assert proposed(member, cycle, "letter-sent").verdict == "unknown"
    dossier = DossierFactory(cycle=cycle)
    assert proposed(member, cycle, "letter-sent").verdict == "not-met"
    assert proposed(member, cycle, "reform-in-recent-years").verdict == "not-met"
    EvidenceFactory(answer__cycle=cycle, dated_on=timezone.localdate())
    assert proposed(member, cycle, "reform-in-recent-years").verdict == "met"
    SupportFactory(dossier=dossier, signed=True)
    assert proposed(member, cycle, "letters-of-support").verdict == "not-met"
    SupportFactory(dossier=dossier, signed=True, outside=True)
    assert proposed(member, cycle, "letters-of-support").verdict == "met"
    sent(dossier)
    assert proposed(member, cycle, "letter-sent").verdict == "met"


def test_one_form_serves_a_jurisdiction(member: Member, cycle: Cycle) -> None:
    assert proposed(member, cycle, "one-form-per-jurisdiction").verdict == "met"
    shared = MemberFactory(authorities=list(member.authorities.all()))
    sent(DossierFactory(cycle=candidacy(shared)))
    assert proposed(member, cycle, "one-form-per-jurisdiction").verdict == "not-met"


@pytest.mark.usefixtures("english")
def test_reading_of_the_whole_is_reasoned(member: Member, cycle: Cycle) -> None:
    codes = [one.code for one in queries.criteria(queries.book_for(member, cycle))]
    assert len(codes) == 8
    assert "8 criteria wait" in queries.eligibility_page(member, cycle).reading
    for code in codes:
        VerdictFactory(cycle=cycle, criterion=code)
    page = queries.eligibility_page(member, cycle)
    assert (page.tone, "OGP alone decides" in page.reading) == ("done", True)
    VerdictFactory(cycle=cycle, criterion=codes[0], verdict="not-met", on=dt.date(2026, 1, 6))
    assert queries.eligibility_page(member, cycle).tone == "late"


@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_page_says_that_nothing_here_is_ogps_decision(client: Client, member: Member, lang: str) -> None:
    with override(lang):
        url = reverse("eligibility", args=["ici"])
    assert client.get(url).status_code == 200  # before a candidacy is open
    candidacy(member)
    shown = client.get(url)
    assert shown.status_code == 200
    if lang == "en":
        assert "not OGP's decision" in unescape(shown.content.decode())


def test_verdict_is_given_from_its_page(client: Client, member: Member, cycle: Cycle, contact: User) -> None:
    with override("fr"):
        url = reverse("give_verdict", args=["ici", "member-state"])
        unknown = reverse("give_verdict", args=["ici", "no-such"])
    assert client.get(url).status_code == 302
    client.force_login(contact)
    assert client.get(unknown).status_code == 404
    assert 'value="met"' in client.get(url).content.decode()
    given = {"verdict": "met", "reason_fr": "Oui", "reason_ar": "نعم", "source": "Guide", "on": "2026-01-05"}
    assert client.post(url, given | {"source": ""}).status_code == 200
    assert client.post(url, given).status_code == 302
    assert EligibilityVerdict.objects.get().reason["fr"]["text"] == "Oui"
