"""The operations of a cycle: planned, proved, set aside, added; who may, what their pages say, moving to a version."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.core.refusal import Refused
from openregion.cycle import actions, queries, rules
from openregion.cycle.models import Cycle, Operation, Proof
from openregion.cycle.queries.operations import OperationState
from openregion.cycle.rules.operations import MOVES
from openregion.guide import queries as guides
from openregion.guide.checks import faults
from openregion.people.models import Member, User
from openregion.record.models import FrozenDocument, JournalLine, StoredFile
from tests.factories.cycle import (
    CycleFactory,
    DocumentProofFactory,
    OperationFactory,
    OwnOperationFactory,
    ProofFactory,
)
from tests.factories.people import AT, ActFactory, BodyFactory, MemberFactory, UserFactory, words

pytestmark = [pytest.mark.django_db, pytest.mark.row("B1")]
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
CODE = "set-up-consultation-platform"
WHY = words("Fait autrement cette année.", "أنجز بطريقة أخرى.")
DAY = dt.date(2026, 2, 1)
OLD, NEW = "ma-region-2021", "ma-region-2021-1"


@pytest.fixture
def member() -> Member:
    return MemberFactory(slug="ici")


@pytest.fixture
def contact(member: Member) -> User:
    return UserFactory(role="point-of-contact", at=member)


@pytest.fixture
def cycle(member: Member) -> Cycle:
    return CycleFactory(member=member, dated=True)


@pytest.fixture
def operation(cycle: Cycle) -> Operation:
    return OperationFactory(cycle=cycle)


@pytest.fixture
def staff(contact: User) -> Client:
    client = Client()
    client.force_login(contact)
    return client


def address(name: str, *args: Any, lang: str = "en") -> str:
    with override(lang):
        return reverse(name, args=["ici", "plan", 1, *args])


def page(client: Client, name: str, *args: Any, lang: str = "en") -> str:
    return " ".join(client.get(address(name, *args, lang=lang)).content.decode().split())


def report(n: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile("report.csv", f"a,b\n{n},2\n".encode())


def proved(operation: Operation, by: User, **said: Any) -> Proof:
    said = {"kind": "document", "done_on": DAY, "title": words("Rapport", "تقرير", "Report"), **said}
    if said["kind"] == "document":
        said.setdefault("upload", report())
    return actions.prove_operation(operation, by=by, at=AT, **said)


def in_state(operation: Operation, state: str, by: User) -> Operation:
    """Bring an operation to a state, by deeds."""
    if state == "planned":
        actions.plan_operation(operation, planned_on=DAY, by=by, at=AT)
    elif state == "done":
        proved(operation, by)
    elif state == "set-aside":
        actions.set_aside_operation(operation, reason=WHY, by=by, at=AT)
    return operation


def refusals(by: User, operation: Operation) -> dict[str, str]:
    """Ask each deed's rule."""
    said: dict[str, Any] = {"kind": "document", "done_on": DAY, "title": WHY, "has_file": True, "sha256": "other"}
    planned = {"assignee": None, "body": None, "planned_on": DAY + dt.timedelta(days=1)}
    given = {
        "plan_operation": rules.why_not_plan_operation(by, operation, **planned),
        "prove_operation": rules.why_not_prove_operation(by, operation, **said),
        "set_aside_operation": rules.why_not_set_aside(by, operation, reason=WHY),
        "take_up_operation": rules.why_not_take_up(by, operation),
    }
    if proof := operation.proofs.first():
        given["withdraw_proof"] = rules.why_not_withdraw_proof(by, proof, reason=WHY)
    return given


@pytest.mark.parametrize("state", OperationState.values)
@pytest.mark.parametrize("role", [*ROLES, ""])
def test_each_deed_is_for_those_the_guide_names_in_the_states_that_allow_it(
    member: Member, contact: User, operation: Operation, role: str, state: str
) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    in_state(operation, state, contact)
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    given = refusals(by, operation)
    expected = {deed for deed in given if named and deed in named.deeds and deed in MOVES[OperationState(state)]}
    assert {deed for deed, reason in given.items() if not reason} == expected


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_operations_are_added_and_cycles_moved_by_those_the_guide_names(
    member: Member, cycle: Cycle, role: str
) -> None:
    by = UserFactory(role=role, at=member) if role else UserFactory()
    Cycle.objects.filter(pk=cycle.pk).update(guide_sha256="3" * 64)
    cycle.refresh_from_db()
    given = {
        "add_operation": rules.why_not_add_operation(by, cycle, stage="plan-2", text=WHY),
        "move_cycle": rules.why_not_move_cycle(by, cycle, version=OLD),
    }
    named = guides.role(guides.guide(member.guide_version), role) if role else None
    expected = {deed for deed in given if named and deed in named.deeds}
    assert {deed for deed, reason in given.items() if not reason} == expected


def test_operation_goes_to_a_person_or_a_body_with_a_day(member: Member, contact: User, operation: Operation) -> None:
    body = BodyFactory(authority=member.authorities.get())
    actions.plan_operation(operation, assignee=contact, planned_on=DAY, by=contact, at=AT)
    operation.refresh_from_db()
    assert (operation.assignee, operation.body, operation.planned_on) == (contact, None, DAY)
    for wrong in ({"assignee": contact, "body": body}, {"assignee": UserFactory()}, {"body": BodyFactory()}):
        with pytest.raises(Refused):
            actions.plan_operation(operation, planned_on=DAY, by=contact, at=AT, **wrong)
    with pytest.raises(Refused):
        actions.plan_operation(operation, assignee=contact, planned_on=DAY, by=contact, at=AT)
    actions.plan_operation(operation, body=body, by=contact, at=AT)
    lines = list(JournalLine.objects.filter(verb="plan_operation").order_by("pk").values_list("facts", flat=True))
    assert [line["planned_on"] for line in lines] == ["2026-02-01", None]
    assert contact.name not in str(lines)


def test_document_proves_an_operation_once_and_keeps_its_file(contact: User, operation: Operation) -> None:
    proof = proved(operation, contact, public=True)
    assert (proof.kind, proof.public, proof.file is not None) == ("document", True, True)
    with pytest.raises(Refused):
        proved(operation, contact)
    assert (Proof.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert proved(operation, contact, upload=report(2)).public is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"done_on": dt.date(2999, 1, 1)},
        {"upload": None},
        {"title": {}},
        {"kind": "deed"},
        {"kind": "meeting", "subject_uid": "none"},
        {"kind": "letter", "subject_uid": "none"},
        {"kind": "decision", "subject_uid": "none"},
    ],
)
def test_what_proves_nothing_is_refused_and_no_file_is_kept(
    contact: User, operation: Operation, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        proved(operation, contact, **wrong)
    assert (Proof.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_act_of_this_member_proves_an_operation(member: Member, contact: User, operation: Operation) -> None:
    act, theirs = ActFactory(authority=member.authorities.get()), ActFactory()
    proof = proved(operation, contact, kind="decision", subject_uid=act.uid, title=act.title)
    assert (proof.subject_uid, queries.state_of(operation, proved=True)) == (act.uid, "done")
    for uid in (act.uid, theirs.uid):
        with pytest.raises(Refused):
            proved(operation, contact, kind="decision", subject_uid=uid)


def test_withdrawn_proof_stays_with_its_reason_and_the_operation_is_to_do_again(
    staff: Client, contact: User, operation: Operation
) -> None:
    proof = proved(operation, contact, public=True)
    assert staff.post(address("withdraw_proof", CODE, proof.uid), {"reason_fr": "Mauvais fichier"}).status_code == 302
    with pytest.raises(Refused):
        actions.withdraw_proof(proof, reason=WHY, by=contact, at=AT)
    shown = page(Client(), "operation", CODE)
    assert "1 proof withdrawn" in shown
    assert "Mauvais fichier" in shown
    # Withdrawn, it may hold what should not have been shown: the team alone opens it.
    assert Client().get(address("proof_file", CODE, proof.uid)).status_code == 403


def test_operation_is_set_aside_with_a_reason_and_taken_up_again(
    staff: Client, contact: User, operation: Operation
) -> None:
    with pytest.raises(Refused):
        actions.set_aside_operation(operation, reason={}, by=contact, at=AT)
    assert staff.post(address("set_aside_operation", CODE), {"reason_ar": "أنجز بطريقة أخرى"}).status_code == 302
    with pytest.raises(Refused):
        actions.set_aside_operation(operation, reason=WHY, by=contact, at=AT)
    assert "أنجز بطريقة أخرى" in page(Client(), "operation", CODE)
    assert "1 set aside" in page(Client(), "cycle")
    assert staff.post(address("take_up_operation", CODE)).status_code == 302
    with pytest.raises(Refused):
        actions.take_up_operation(operation, by=contact, at=AT)
    operation.refresh_from_db()
    assert (operation.set_aside_on, operation.set_aside_reason) == (None, {})


def test_region_adds_operations_of_its_own_after_the_guides(staff: Client, contact: User, cycle: Cycle) -> None:
    said = {"text_fr": "Louer un bus", "text_ar": "كراء حافلة", "text_en": "Hire a bus"}
    assert staff.post(address("new_operation", "plan-2"), said)["Location"] == address("operation", "own-1")
    again = staff.post(address("new_operation", "plan-2"), said)
    assert (again.status_code, "Louer un bus" in again.content.decode()) == (200, True)
    actions.add_operation(cycle, stage="plan-2", text=WHY, by=contact, at=AT)
    with pytest.raises(Refused):
        actions.add_operation(cycle, stage="candidacy-1", text=WHY, by=contact, at=AT)
    codes = list(cycle.operations.filter(stage="plan-2").values_list("code", flat=True))
    assert codes[-3:] == ["follow-platform-content", "own-1", "own-2"]
    shown = page(Client(), "cycle")
    assert shown.index("Follow up the content of the consultation platform") < shown.index("Hire a bus")
    assert shown.count("added by the Region") == 2


def test_what_is_held_or_issued_proves_the_operations_it_names_once(contact: User, cycle: Cycle) -> None:
    line = JournalLine.objects.create(
        member_code="ici", verb="hold_meeting", room="cycle", subject_type="Meeting", subject_uid="m", by_ref="x", at=AT
    )
    said: dict[str, Any] = {"kind": "meeting", "subject_uid": "m", "title": WHY, "parent": line, "at": AT}
    done = actions.prove_by(cycle, codes=["hold-regional-launch", "no-such", CODE], done_on=DAY, **said)
    assert {(one.operation.code, one.done_on) for one in done} == {("hold-regional-launch", DAY), (CODE, DAY)}
    assert actions.prove_by(cycle, codes=[CODE], **said) == ()
    assert JournalLine.objects.filter(verb="prove_operations", parent=line).count() == 2


@pytest.mark.row("A5")
def test_duties_of_operations_are_duties_of_the_guide() -> None:
    book = guides.guide(OLD)
    served = {duty for one in guides.operations(book) for duty in one.duties}
    assert served == {
        "civil-society", "government-entities", "follow-up-and-learning", "national-regional-convergence",
    }  # fmt: skip
    assert served <= {duty.code for duty in book.book.duties}


@pytest.mark.row("A5")
def test_unknown_duty_fails_the_check(tmp_path: Path, settings: Any) -> None:
    shutil.copytree(Path(settings.GUIDES) / OLD, tmp_path / OLD)
    settings.GUIDES = tmp_path
    path = tmp_path / OLD / "stages" / "plan-5-follow-up.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("duties: [follow-up-and-learning]", "duties: [nothing]", 1)
    )
    found = [sentence for sentence in faults(OLD) if "duty" in sentence]
    assert found == ["stages › plan-5 › follow-up › create-follow-up-group: no duty is called 'nothing'"]


@pytest.mark.row("B2")
def test_deeds_of_the_desk_prove_the_operations_the_guide_data_names(member: Member) -> None:
    plan, candidacy = CycleFactory(member=member), CycleFactory(member=member, admission=True)
    deeds = (
        "freeze_proposal", "address_agenda", "refer_to_commission", "record_deliberation", "enter_call",
        "freeze_dossier", "name_point_of_contact", "submit_dossier", "send_for_control",
    )  # fmt: skip
    proved_in = {
        deed: (*rules.operations_proved_by(candidacy, deed), *rules.operations_proved_by(plan, deed)) for deed in deeds
    }
    assert proved_in == {
        "freeze_proposal": ("prepare-deliberation-file",),
        "address_agenda": ("agenda-item-to-wali",),
        "refer_to_commission": ("refer-to-commission",),
        "record_deliberation": ("debate-and-deliberate",),
        "enter_call": ("consult-call-form",),
        "freeze_dossier": ("prepare-information",),
        "name_point_of_contact": ("name-point-of-contact",),
        "submit_dossier": ("submit-expression-of-interest",),
        "send_for_control": ("submit-to-control-authority",),
    }


# Pages


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_of_an_operation_says_the_guides_words_and_ground(operation: Operation, staff: Client, lang: str) -> None:
    for client in (Client(), staff):
        assert client.get(address("operation", CODE, lang=lang)).status_code == 200
    shown = page(Client(), "operation", "hold-regional-launch", lang="en")
    assert "Organisation of a regional meeting to launch" in shown
    assert "Who takes part" in shown
    assert "On what ground" in shown
    assert "plan/" not in shown.partition("</main>")[0].partition("<main")[2].replace("cycles/plan/1/", "")


def test_visitors_read_what_is_public_of_an_operation(member: Member, contact: User, operation: Operation) -> None:
    client = Client()
    client.force_login(contact)
    proof = DocumentProofFactory(operation=operation)
    actions.plan_operation(OperationFactory(cycle=operation.cycle, code="own-9", text=WHY, added_on=DAY),
                           assignee=contact, by=contact, at=AT)  # fmt: skip
    for name, args in (("operation", ("own-9",)), ("cycle", ())):
        assert contact.name not in page(Client(), name, *args)
        assert contact.name in page(client, name, *args)
    file = address("proof_file", CODE, proof.uid)
    assert file not in page(Client(), "operation", CODE)
    assert file in page(client, "operation", CODE)
    assert Client().get(file).status_code == 403
    assert b"".join(client.get(file).streaming_content).startswith(b"a,b")
    Proof.objects.update(public=True)
    assert b"".join(Client().get(file).streaming_content).startswith(b"a,b")


def test_staff_plan_and_prove_on_the_pages(staff: Client, contact: User, operation: Operation) -> None:
    plan, prove = address("plan_operation", CODE), address("prove_operation", CODE)
    assert staff.post(plan, {"assignee": contact.pk, "planned_on": "2026-02-01"}).status_code == 302
    wrong = staff.post(plan, {"assignee": contact.pk, "planned_on": "2026-02-01"})
    assert (wrong.status_code, "2026-02-01" in wrong.content.decode()) == (200, True)
    assert "Late" in page(staff, "operation", CODE)
    lost = staff.post(prove, {"done_on": "2026-02-01", "title_fr": "Rapport"})
    assert (lost.status_code, "Rapport" in lost.content.decode()) == (200, True)
    given = {"done_on": "2026-02-01", "title_fr": "Rapport de mise en ligne", "file": report(), "public": "on"}
    assert staff.post(prove, given).status_code == 302
    assert "Rapport de mise en ligne" in page(Client(), "operation", CODE)


def test_act_is_chosen_as_a_proof_and_brings_its_title(member: Member, staff: Client, operation: Operation) -> None:
    act = ActFactory(authority=member.authorities.get(), title=words("Nomination de la coordinatrice"))
    given = {"kind": "decision", "done_on": "2026-02-01", "act": act.uid}
    assert staff.post(address("prove_operation", CODE), given).status_code == 302
    assert "Nomination de la coordinatrice" in page(Client(), "operation", CODE)


@pytest.mark.row("B3")
def test_page_of_a_cycle_says_what_is_in_the_way(member: Member, contact: User, cycle: Cycle) -> None:
    late = OperationFactory(cycle=cycle)
    actions.plan_operation(late, planned_on=DAY, by=contact, at=AT)
    with override("en"):
        stages = {one.code: one for one in queries.cycle_page(cycle, member, may={"plan_operation"}).stages}
        public = {one.code: one for one in queries.cycle_page(cycle, member).stages}
        more = queries.cycle_page(cycle, member, warnings={"plan-5": ["The session is near."]})
    assert str(stages["plan-1"].blocks[0]).endswith("with 7 operations still to do.")
    assert stages["plan-2"].blocks == (
        "Late since 1 February 2026: Setting up of a web platform for consultation and communication on the local open"
        " government initiative",
        "7 operations of the stage before are still to do.",
        "9 operations have nobody in charge.",
    )
    assert public["plan-2"].blocks == stages["plan-2"].blocks[:2]
    assert (stages["plan-4"].blocks, more.stages[-1].blocks) == ((), ("The session is near.",))
    assert "What is in the way" in page(Client(), "cycle")


def furnish(cycle: Cycle, rows: int) -> None:
    """Give one operation proofs of several kinds, some withdrawn, and a history."""
    one = OperationFactory(cycle=cycle)
    ProofFactory.create_batch(rows, operation=one)
    DocumentProofFactory.create_batch(rows, operation=one)
    DocumentProofFactory.create_batch(rows, operation=one, withdrawn_on=DAY, withdrawn_reason=WHY)
    for _ in range(rows):
        act = ActFactory(authority=cycle.member.authorities.get())
        ProofFactory(operation=one, deed="", kind="decision", subject_uid=act.uid, title=act.title)
    OwnOperationFactory.create_batch(rows, cycle=cycle, planned_on=DAY)


@pytest.mark.parametrize("name", ["cycle", "operation"])
def test_pages_ask_as_much_for_one_row_as_for_thirty(staff: Client, cycle: Cycle, name: str) -> None:
    path = address(name, *([CODE] if name == "operation" else []))

    def asked() -> int:
        staff.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert staff.get(path).status_code == 200
        return len(seen)

    furnish(cycle, 1)
    few = asked()
    furnish(cycle, 29)
    assert asked() == few


@pytest.mark.row("B3")
def test_due_operations_are_planned_late_awaited_or_just_done(member: Member, contact: User, cycle: Cycle) -> None:
    today = timezone.localdate()
    body = BodyFactory(authority=member.authorities.get())
    mine, theirs, done = (cycle.operations.filter(stage="plan-3")[n] for n in range(3))
    actions.plan_operation(mine, assignee=contact, planned_on=today - dt.timedelta(days=1), by=contact, at=AT)
    actions.plan_operation(theirs, body=body, planned_on=today, by=contact, at=AT)
    proved(done, contact, done_on=today)
    with override("en"):
        due = {one.key: one for one in queries.due_operations(member, today)}
    assert due[f"operation:{mine.uid}"].state(today) == "late"
    assert (due[f"operation:{mine.uid}"].assignee, due[f"operation:{mine.uid}"].deed) == (contact.pk, "prove_operation")
    assert (due[f"operation:{theirs.uid}"].state(today), due[f"operation:{theirs.uid}"].waits_for != "") == (
        "waiting",
        True,
    )
    assert due[f"operation:{done.uid}"].state(today) == "done"
    # Those of the stage under way are due by its end; those of stages to come are not asked for yet.
    platform = due[f"operation:{OperationFactory(cycle=cycle).uid}"]
    assert (platform.day, platform.deed, platform.duty) == (
        today + dt.timedelta(days=10),
        "plan_operation",
        "civil-society",
    )
    assert len(due) == 1 + 9 + 3  # those of the stage that is over are settled together


def test_due_operations_ask_as_much_for_one_as_for_thirty(member: Member, cycle: Cycle) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.due_operations(member, timezone.localdate())
        return len(seen)

    furnish(cycle, 1)
    few = asked()
    furnish(cycle, 29)
    CycleFactory.create_batch(3, member=member)
    assert asked() == few


@pytest.mark.parametrize("lang", LANGUAGES)
def test_staff_pages_of_operations_open_in_every_language(
    staff: Client, contact: User, operation: Operation, lang: str
) -> None:
    proof = proved(operation, contact)
    for name, *rest in (
        ("plan_operation", CODE), ("prove_operation", CODE), ("withdraw_proof", CODE, proof.uid),
        ("set_aside_operation", CODE), ("take_up_operation", CODE), ("new_operation", "plan-2"), ("move_cycle", OLD),
    ):  # fmt: skip
        path = address(name, *rest, lang=lang)
        assert staff.get(path).status_code == 200, name
        assert Client().get(path).status_code == 302, name


@pytest.mark.row("O-8")
def test_operations_of_another_member_are_not_found(staff: Client, contact: User, operation: Operation) -> None:
    theirs = CycleFactory(member=MemberFactory(slug="ailleurs"), number=2)
    proof = DocumentProofFactory(operation=OperationFactory(cycle=theirs))
    with override("fr"):
        for name, rest in (
            ("operation", (CODE,)), ("plan_operation", (CODE,)), ("proof_file", (CODE, proof.uid)),
            ("withdraw_proof", (CODE, proof.uid)), ("new_operation", ("plan-2",)), ("move_cycle", (OLD,)),
        ):  # fmt: skip
            assert staff.get(reverse(name, args=["ici", "plan", 2, *rest])).status_code == 404, name
    assert staff.get(address("operation", "no-such")).status_code == 404
    assert staff.get(address("new_operation", "plan-9")).status_code == 404
    assert staff.get(address("proof_file", CODE, proof.uid)).status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_deeds_of_operations_leave_a_sentence(contact: User, cycle: Cycle, lang: str) -> None:
    one = OperationFactory(cycle=cycle)
    actions.plan_operation(one, planned_on=DAY, by=contact, at=AT)
    actions.plan_operation(one, by=contact, at=AT)
    proof = proved(one, contact)
    actions.withdraw_proof(proof, reason=WHY, by=contact, at=AT)
    actions.set_aside_operation(one, reason=WHY, by=contact, at=AT)
    actions.take_up_operation(one, by=contact, at=AT)
    own = actions.add_operation(cycle, stage="plan-2", text=WHY, by=contact, at=AT)
    actions.plan_operation(own, planned_on=DAY, by=contact, at=AT)
    Cycle.objects.filter(pk=cycle.pk).update(guide_sha256="4" * 64)
    actions.move_cycle(cycle, version=OLD, by=contact, at=AT)
    with override(lang):
        said = [
            render_to_string(f"cycle/journal/{line.verb}.html", {"facts": line.facts, "member": cycle.member})
            for line in JournalLine.objects.filter(room="cycle")
        ]
    assert len(said) == 9
    assert all(len(sentence.strip()) > 20 for sentence in said)


# Moving a running cycle to another version of the method

Amend = Callable[[str, Callable[[Any], None]], None]


@pytest.fixture
def amend(tmp_path: Path, settings: Any) -> Amend:
    """A second version beside the first, and a way to edit its files."""
    for version in (OLD, NEW):
        shutil.copytree(Path(settings.GUIDES) / OLD, tmp_path / version)
    settings.GUIDES = tmp_path

    def edit(name: str, change: Callable[[Any], None]) -> None:
        path = tmp_path / NEW / name
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    return edit


def _changed(content: Any) -> None:
    """Take one operation out, put one in, word one otherwise."""
    found = content["procedures"][0]["operations"]
    gone = next(one for one in found if one["code"] == "settle-participant-list")
    found[found.index(gone)] = {
        **gone,
        "code": "draw-lots",
        "text": {"fr": "Tirer au sort", "ar": "القرعة", "en": "Draw lots"},
    }
    next(one for one in found if one["code"] == CODE)["text"]["en"] = "Open the platform."


@pytest.mark.row("B2")
def test_cycle_moved_to_a_version_keeps_what_was_done(amend: Amend, staff: Client, contact: User, cycle: Cycle) -> None:
    amend("stages/plan-2-diagnosis.yaml", _changed)
    kept, gone = (cycle.operations.get(code=code) for code in (CODE, "settle-participant-list"))
    actions.plan_operation(gone, planned_on=DAY, by=contact, at=AT)
    proved(kept, contact)
    own = actions.add_operation(cycle, stage="plan-2", text=WHY, by=contact, at=AT)
    shown = page(staff, "move_cycle", NEW)
    for words_shown in ("Draw lots", "Settle the list of participants", "Open the platform.", "Read side by side"):
        assert words_shown in shown
    assert "move" in page(staff, "cycle")
    assert JournalLine.objects.filter(verb="move_cycle").count() == 0
    assert staff.post(address("move_cycle", NEW))["Location"] == address("cycle")
    cycle.refresh_from_db()
    assert (cycle.guide_version, cycle.guide_sha256) == (NEW, guides.fingerprint(NEW))
    assert FrozenDocument.objects.filter(subject_uid=cycle.uid, kind="method").count() == 1
    line = JournalLine.objects.get(verb="move_cycle")
    assert {name: line.facts[name] for name in ("before", "version", "added", "left")} == {
        "before": OLD, "version": NEW, "added": 1, "left": 1,
    }  # fmt: skip
    codes = list(cycle.operations.filter(stage="plan-2").values_list("code", flat=True))
    assert ("draw-lots" in codes[:9], codes[-2:]) == (True, ["settle-participant-list", own.code])
    assert set(cycle.operations.filter(pk__in=[kept.pk, gone.pk]).values_list("pk", flat=True)) == {kept.pk, gone.pk}
    after = page(Client(), "cycle")
    for words_shown in (
        "Draw lots",
        "Open the platform.",
        "no longer in the method",
        "Settle the list of participants",
    ):
        assert words_shown in after
    assert "no longer asks for this operation" in page(Client(), "operation", "settle-participant-list")
    with pytest.raises(Refused):
        actions.move_cycle(cycle, version=NEW, by=contact, at=AT)
    with pytest.raises(Refused):
        actions.move_cycle(cycle, version=OLD, by=contact, at=AT)


@pytest.mark.row("B2")
def test_stage_left_behind_keeps_its_name_and_its_operations(
    amend: Amend, tmp_path: Path, contact: User, member: Member
) -> None:
    cycle = actions.open_cycle(member=member, kind="plan", opened_on=dt.date(2026, 1, 5), by=contact, at=AT)
    (tmp_path / NEW / "stages" / "plan-5-follow-up.yaml").unlink()
    actions.move_cycle(cycle, version=NEW, by=contact, at=AT)
    with override("en"):
        last = queries.cycle_page(cycle, member).stages[-1]
    assert (last.code, last.gone, len(last.operations)) == ("plan-5", True, 5)
    assert last.name == guides.stage(guides.guide(OLD), "plan-5").short  # type: ignore[union-attr]
    assert all(one.gone for one in last.operations)
    assert "no longer has this stage" in page(Client(), "cycle")


def _for_communes(content: Any) -> None:
    content["scope"] = "commune"


def _spoilt(content: Any) -> None:
    content["unknown"] = "x"


@pytest.mark.row("B2")
@pytest.mark.parametrize(
    ("version", "change", "said"),
    [
        ("nothing", dict, "holds no version of this name"),
        (OLD, dict, "follows this version already"),
        (NEW, _spoilt, "has mistakes and cannot be opened"),
        (NEW, _for_communes, "for another level of authority"),
    ],
)
def test_move_that_cannot_be_is_refused(
    amend: Amend, staff: Client, contact: User, cycle: Cycle, version: str, change: Callable[[Any], None], said: str
) -> None:
    amend("guide.yaml", change)
    with pytest.raises(Refused, match=said), override("en"):
        actions.move_cycle(cycle, version=version, by=contact, at=AT)
    assert JournalLine.objects.count() == 0
    if version != "nothing":
        assert staff.post(address("move_cycle", version)).content.decode().count(said) == 1
    else:
        assert staff.get(address("move_cycle", version)).status_code == 404


def test_proof_asks_its_kind_first_then_only_its_fields(member: Member, staff: Client, operation: Operation) -> None:
    ActFactory(authority=member.authorities.get(), title=words("Nomination"))
    prove = address("prove_operation", CODE)
    first = staff.get(prove).content.decode()
    assert ('name="kind"' in first, 'name="file"' in first, 'name="act"' in first) == (True, False, False)
    answer = staff.post(prove, {"kind": "decision"})
    assert (answer.status_code, answer.url) == (302, f"{prove}?kind=decision")
    shown = staff.get(answer.url).content.decode()
    assert ('name="file"' in shown, 'name="act"' in shown, 'name="meeting"' in shown) == (False, True, False)
    document = staff.get(f"{prove}?kind=document").content.decode()
    assert ('name="file"' in document, 'name="act"' in document) == (True, False)
    for name in ("title_fr", "title_ar", "file"):
        label = document.split(f'for="id_{name}">')[1].split("</label>")[0]
        assert "optional" not in label
