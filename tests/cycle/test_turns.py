"""A member's turns of the process: who opens and dates them, what proves an operation, what their pages say."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import json
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.core.refusal import Refused
from openregion.cycle import actions, queries, rules
from openregion.cycle.models import Cycle, Deliberation, Proof, Stage
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.record.actions import index_entry
from openregion.record.models import JournalLine
from tests.factories.cycle import (
    CycleFactory,
    DeliberationFactory,
    OperationFactory,
    OwnOperationFactory,
    ProofFactory,
)
from tests.factories.people import AT, ActFactory, MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.row("C0")]
ROLES = (
    "administrator",
    "president",
    "council-secretary",
    "point-of-contact",
    "coordinator",
    "team-member",
    "moderator",
)
LANGUAGES = ("ar", "zgh", "fr", "en")


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


def address(name: str, *args: Any, lang: str = "fr") -> str:
    with override(lang):
        return reverse(name, args=args)


def deliberation(member: Member, **fields: Any) -> Any:
    return ActFactory(authority=member.authorities.get(), deliberation=True, **fields)


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_cycle_is_opened_dated_and_voted_by_those_the_guide_names(member: Member, role: str) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    cycle = CycleFactory(member=member)
    act = deliberation(member)
    given = {
        "open_cycle": rules.why_not_open_cycle(by, member, kind="plan", opened_on=dt.date(2026, 1, 6)),
        "date_stage": rules.why_not_date_stage(by, cycle.stages.first(), starts_on=None, ends_on=None),
        "record_deliberation": rules.why_not_record_deliberation(by, cycle, act=act, decision="adopted"),
    }
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    expected = {deed for deed in given if named and deed in named.deeds}
    assert {deed for deed, reason in given.items() if not reason} == expected


def test_opened_cycle_pins_the_method_and_holds_its_stages(member: Member, contact: User) -> None:
    cycle = actions.open_cycle(member=member, kind="plan", opened_on=dt.date(2026, 1, 5), by=contact, at=AT)
    assert (cycle.number, cycle.guide_sha256) == (1, guides.fingerprint(member.guide_version))
    assert json.loads(cycle.method.content)["version"] == member.guide_version
    assert list(cycle.stages.order_by("code").values_list("code", flat=True)) == [f"plan-{n}" for n in range(1, 6)]
    assert queries.book_of(cycle) is guides.guide(member.guide_version)
    again = actions.open_cycle(member=member, kind="plan", opened_on=dt.date(2026, 1, 6), by=contact, at=AT)
    first = actions.open_cycle(member=member, kind="candidacy", opened_on=dt.date(2026, 1, 6), by=contact, at=AT)
    assert (again.number, first.number) == (2, 1)


def test_cycle_reads_the_method_frozen_with_it_when_the_folder_has_changed(member: Member, contact: User) -> None:
    cycle = actions.open_cycle(member=member, kind="plan", opened_on=dt.date(2026, 1, 5), by=contact, at=AT)
    Cycle.objects.filter(pk=cycle.pk).update(guide_sha256="1" * 64, guide_version="ma-region-2020")
    book = queries.book_of(Cycle.objects.get(pk=cycle.pk))
    assert book is not guides.guide(member.guide_version)
    assert book == guides.guide(member.guide_version)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "refused"),
    [
        (None, None, False),
        (dt.date(2026, 1, 5), None, False),
        (dt.date(2026, 1, 5), dt.date(2026, 1, 5), False),
        (None, dt.date(2026, 1, 5), True),
        (dt.date(2026, 1, 5), dt.date(2026, 1, 4), True),
    ],
)
def test_stage_runs_between_days_in_their_order(
    member: Member, contact: User, starts_on: dt.date | None, ends_on: dt.date | None, refused: bool
) -> None:
    stage = CycleFactory(member=member).stages.get(code="plan-2")
    if refused:
        with pytest.raises(Refused):
            actions.date_stage(stage, starts_on=starts_on, ends_on=ends_on, by=contact, at=AT)
    else:
        actions.date_stage(stage, starts_on=starts_on, ends_on=ends_on, by=contact, at=AT)
    stage.refresh_from_db()
    assert (stage.starts_on, stage.ends_on) == ((None, None) if refused else (starts_on, ends_on))


@pytest.mark.row("D1")
def test_deeds_prove_the_operations_the_guide_data_names(member: Member) -> None:
    plan, candidacy = CycleFactory(member=member), CycleFactory(member=member, admission=True)
    proved = {
        deed: rules.operations_proved_by(plan, deed)
        for deed in ("open_consultation", "publish_finding", "freeze_plan", "adopt_plan", "report_progress")
    }
    assert proved == {
        "open_consultation": ("set-up-consultation-platform",),
        "publish_finding": (),
        "freeze_plan": ("prepare-commitment-sheets",),
        "adopt_plan": ("deliberate-and-validate-plan",),
        "report_progress": (),
    }
    assert rules.operations_proved_by(candidacy, "open_consultation") == ()


def test_same_thing_proves_an_operation_once(member: Member, contact: User) -> None:
    cycle = CycleFactory(member=member)
    line = JournalLine.objects.create(
        member_code="ici", verb="open_consultation", room="consultation", subject_type="Consultation",
        subject_uid="one", by_ref=contact.reference, at=AT,
    )  # fmt: skip
    for uid, new in (("one", 1), ("one", 0), ("two", 1)):
        done = actions.prove_operations(cycle, deed="open_consultation", subject_uid=uid, parent=line, at=AT)
        assert len(done) == new
    assert Proof.objects.filter(operation__cycle=cycle).count() == 2
    assert JournalLine.objects.filter(verb="prove_operations", parent=line).count() == 2


def test_deliberation_is_recorded_once_from_an_act_of_the_member(member: Member, contact: User) -> None:
    cycle, act = CycleFactory(member=member), deliberation(member)
    theirs, order = ActFactory(deliberation=True), ActFactory(authority=member.authorities.get())
    for wrong in (theirs, order):
        with pytest.raises(Refused):
            actions.record_deliberation(cycle, act=wrong, decision="adopted", by=contact, at=AT)
    assert list(queries.acts_to_record(member)) == [act]
    actions.record_deliberation(cycle, act=act, decision="adopted", by=contact, at=AT)
    with pytest.raises(Refused):
        actions.record_deliberation(cycle, act=act, decision="rejected", by=contact, at=AT)
    assert (Deliberation.objects.get().decision, list(queries.acts_to_record(member))) == ("adopted", [])


def test_line_of_stages_follows_the_latest_cycle(member: Member) -> None:
    book = guides.guide(member.guide_version)
    with override("en"):
        before = queries.drawn_stages(member, book, "plan")
    assert [(one["state"], one["when"]) for one in before][1] == ("to-come", "9 operations")
    CycleFactory(member=member)
    CycleFactory(member=member, opened_on=dt.date(2026, 2, 5), dated=True)
    with override("en"):
        after = queries.drawn_stages(member, book, "plan")
    assert [one["state"] for one in after] == ["done", "present", "to-come", "to-come", "to-come"]
    assert str(after[0]["when"]).startswith("from ")
    assert after[4]["when"] == "5 operations"


def test_line_of_stages_asks_the_same_of_one_cycle_and_of_thirty(member: Member) -> None:
    book = guides.guide(member.guide_version)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.drawn_stages(member, book, "plan")
        return len(seen)

    none = asked()
    CycleFactory.create_batch(30, member=member, dated=True)
    assert (none, asked()) == (1, 1)


def furnish(member: Member, rows: int) -> Cycle:
    cycle = Cycle.objects.of(member).order_by("pk").first() or CycleFactory(member=member, dated=True)
    ProofFactory.create_batch(rows, operation=OperationFactory(cycle=cycle))
    OwnOperationFactory.create_batch(rows, cycle=cycle)
    for _ in range(rows):
        DeliberationFactory(cycle=cycle)
        CycleFactory(member=member, opened_on=dt.date(2025, 1, 1))
    return cycle


@pytest.mark.parametrize("name", ["cycles", "cycle"])
def test_pages_of_cycles_ask_as_much_for_one_row_as_for_thirty(client: Client, member: Member, name: str) -> None:
    client.force_login(UserFactory(role="point-of-contact", at=member))
    furnish(member, 1)
    path = address(name, "ici", *([] if name == "cycles" else ["plan", 1]))

    def asked() -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    few = asked()
    furnish(member, 29)
    assert asked() == few


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_of_cycles_open_to_visitors_empty_and_filled(client: Client, member: Member, lang: str) -> None:
    assert client.get(address("cycles", "ici", lang=lang)).status_code == 200
    furnish(member, 2)
    for path in (address("cycles", "ici", lang=lang), address("cycle", "ici", "plan", 1, lang=lang)):
        answer = client.get(path + "?again=1")
        assert (answer.status_code, "new/" in answer.content.decode()) == (200, False)


@pytest.mark.row("D1")
def test_page_of_a_cycle_says_what_proves_an_operation_and_leads_there(client: Client, member: Member) -> None:
    proof = ProofFactory(operation=OperationFactory(cycle=CycleFactory(member=member, dated=True)))
    ProofFactory.create_batch(4, operation=proof.operation, done_on=dt.date(2026, 3, 1))
    for lang in ("fr", "ar", "en"):
        index_entry(
            member_code="ici", lang=lang, kind="consultation", subject_uid=proof.subject_uid,
            title="Que changer ?", excerpt="", path=f"/{lang}/ici/consultations/que-changer/", text="Que changer ?",
        )  # fmt: skip
    page = client.get(address("cycle", "ici", "plan", 1, lang="en")).content.decode()
    assert '<a href="/en/ici/consultations/que-changer/">Que changer ?</a>' in page
    assert "1 February 2026" in page
    assert "and 2 more proofs" in page
    assert guides.fingerprint(member.guide_version) in page
    zgh = client.get(address("cycle", "ici", "plan", 1, lang="zgh")).content.decode()
    assert "/zgh/ici/consultations/que-changer/" in zgh


def test_page_of_a_stage_says_its_days_in_this_region(client: Client, member: Member) -> None:
    path = address("method_stage", "ici", "plan-2", lang="en")
    assert "In this Region" not in client.get(path).content.decode()
    CycleFactory(member=member, dated=True)
    page = client.get(path + "?again=1").content.decode()
    assert "In this Region: from " in page


def test_staff_open_a_cycle_date_its_stage_and_record_a_vote(client: Client, member: Member, contact: User) -> None:
    client.force_login(contact)
    asked = {"kind": "plan", "opened_on": "2026-01-05"}
    assert client.post(address("new_cycle", "ici"), asked)["Location"] == address("cycle", "ici", "plan", 1)
    page = client.post(address("new_cycle", "ici"), {"kind": "plan", "opened_on": "2999-01-01"})
    assert (page.status_code, "2999-01-01" in page.content.decode(), Cycle.objects.count()) == (200, True, 1)
    dates = address("date_stage", "ici", "plan", 1, "plan-2")
    wrong = client.post(dates, {"starts_on": "2026-02-10", "ends_on": "2026-02-01"})
    assert (wrong.status_code, "2026-02-10" in wrong.content.decode()) == (200, True)
    assert client.post(dates, {"starts_on": "2026-02-01", "ends_on": ""}).status_code == 302
    assert Stage.objects.get(code="plan-2").starts_on == dt.date(2026, 2, 1)
    assert client.post(dates, {}).status_code == 302
    assert Stage.objects.get(code="plan-2").starts_on is None
    vote = address("new_deliberation", "ici", "plan", 1)
    assert address("new_act", "ici") in client.get(vote).content.decode()
    act = deliberation(member)
    assert client.post(vote, {"act": act.uid, "decision": "adopted"}).status_code == 302
    assert act.number in client.get(address("cycle", "ici", "plan", 1)).content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_staff_pages_of_cycles_open_in_every_language(client: Client, member: Member, contact: User, lang: str) -> None:
    client.force_login(contact)
    CycleFactory(member=member)
    paths = [("new_cycle",), ("date_stage", "plan", 1, "plan-2"), ("new_deliberation", "plan", 1)]
    for name, *rest in paths:
        assert client.get(address(name, "ici", *rest, lang=lang)).status_code == 200


@pytest.mark.row("O-8")
def test_cycles_of_another_member_are_not_found(client: Client, member: Member, contact: User) -> None:
    theirs = CycleFactory(member=MemberFactory(slug="ailleurs"))
    client.force_login(contact)
    for name, rest in (("cycle", ()), ("date_stage", ("plan-2",)), ("new_deliberation", ())):
        path = address(name, "ici", theirs.kind, theirs.number, *rest)
        assert (client.get(path).status_code, client.post(path, {}).status_code) in {(404, 404), (404, 405)}
    CycleFactory(member=member)
    assert client.get(address("date_stage", "ici", "plan", 1, "plan-9")).status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_deeds_of_the_cycle_leave_a_sentence(client: Client, member: Member, contact: User, lang: str) -> None:
    cycle = actions.open_cycle(member=member, kind="plan", opened_on=dt.date(2026, 1, 5), by=contact, at=AT)
    stage = cycle.stages.get(code="plan-2")
    for first, last in ((AT.date(), timezone.localdate()), (AT.date(), None), (None, None)):
        actions.date_stage(stage, starts_on=first, ends_on=last, by=contact, at=AT)
    actions.record_deliberation(cycle, act=deliberation(member), decision="postponed", by=contact, at=AT)
    line = JournalLine.objects.latest("pk")
    actions.prove_operations(cycle, deed="adopt_plan", subject_uid="version", parent=line, at=AT)
    lines = JournalLine.objects.filter(room="cycle")
    with override(lang):
        said = [
            render_to_string(f"cycle/journal/{one.verb}.html", {"facts": one.facts, "when": one.at, "member": member})
            for one in lines
        ]
    assert len(said) == 6
    assert all(len(sentence.strip()) > 20 for sentence in said)
    assert client.get(address("journal", "ici", lang=lang)).status_code == 200


def test_the_same_cycle_is_not_opened_twice(member: Member, contact: User) -> None:
    said: dict[str, Any] = {"member": member, "opened_on": dt.date(2026, 1, 5), "by": contact, "at": AT}
    actions.open_cycle(kind="plan", **said)
    with pytest.raises(Refused):
        actions.open_cycle(kind="plan", **said)
    actions.open_cycle(kind="candidacy", **said)
    assert list(Cycle.objects.order_by("pk").values_list("kind", "number")) == [("plan", 1), ("candidacy", 1)]


def test_opened_cycle_pins_the_version_followed_at_that_instant(member: Member, contact: User) -> None:
    stale = Member.objects.get(pk=member.pk)
    stale.guide_version = "ma-region-2020"  # what a page loaded before the member changed its method
    cycle = actions.open_cycle(member=stale, kind="plan", opened_on=dt.date(2026, 1, 5), by=contact, at=AT)
    assert cycle.guide_version == member.guide_version


def test_operations_are_proved_by_the_method_frozen_with_the_cycle(member: Member, contact: User) -> None:
    cycle = actions.open_cycle(member=member, kind="plan", opened_on=dt.date(2026, 1, 5), by=contact, at=AT)
    Cycle.objects.filter(pk=cycle.pk).update(guide_sha256="2" * 64, guide_version="no-such-folder")
    cycle.refresh_from_db()
    assert rules.operations_proved_by(cycle, "open_consultation") == ("set-up-consultation-platform",)


@pytest.mark.parametrize("room", ["cycle", "diagnosis", "plan", "monitoring"])
def test_deeds_lock_rows_and_leave_their_keys_alone(room: str) -> None:
    """A row locked with its key makes PostgreSQL wait for whoever writes a row that points at it: they may deadlock."""
    actions = import_module(f"openregion.{room}.actions")
    within = [import_module(f"{actions.__name__}.{one.name}") for one in iter_modules(getattr(actions, "__path__", []))]
    deeds = [ast.parse(inspect.getsource(module)) for module in (actions, *within)]
    asked = [ast.unparse(one) for tree in deeds for one in ast.walk(tree) if isinstance(one, ast.Call)]
    locks = [one for one in asked if one.endswith(")") and one.rpartition("(")[0].endswith(".select_for_update")]
    assert locks != []
    assert [one for one in locks if "no_key=True" not in one] == []
