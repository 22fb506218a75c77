"""What is refused about the operations of a cycle, and why."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openregion.core.official import OfficialText, says_the_same
from openregion.cycle.models import Cycle, Letter, Meeting, Operation, Proof
from openregion.cycle.queries.operations import OperationState, is_proved, state_of, team_of, written_operations
from openregion.cycle.queries.pinned import book_of
from openregion.cycle.queries.turns import is_older
from openregion.guide import queries as guides
from openregion.people.models import Act, Body, Member, User
from openregion.people.rules import deeds_of, today, why_not_allowed

_TO_DO, _PLANNED, _DONE, _SET_ASIDE = OperationState
# What each deed makes of an operation in each state; a deed that is not there is refused.
MOVES: dict[OperationState, dict[str, OperationState]] = {
    _TO_DO: {"plan_operation": _PLANNED, "prove_operation": _DONE, "set_aside_operation": _SET_ASIDE},
    _PLANNED: {"plan_operation": _PLANNED, "prove_operation": _DONE, "set_aside_operation": _SET_ASIDE},
    _DONE: {"prove_operation": _DONE, "withdraw_proof": _TO_DO},
    _SET_ASIDE: {"take_up_operation": _TO_DO},
}
BY_HAND = (Proof.Kind.DOCUMENT, Proof.Kind.MEETING, Proof.Kind.DECISION, Proof.Kind.LETTER)


def _why_not_now(by: User, operation: Operation, deed: str) -> str:
    if refusal := why_not_allowed(by, deed, operation.cycle.member):
        return refusal
    state = state_of(operation, proved=is_proved(operation))
    if deed in MOVES[state]:
        return ""
    if state == _DONE:
        return _("This operation is done already. If a proof is wrong, withdraw it first.")
    if state == _SET_ASIDE:
        return _("This operation is set aside. Take it up again first.")
    if deed == "withdraw_proof":
        return _("This proof is withdrawn already.")
    return _("This operation is not set aside.")


def why_not_plan_operation(
    by: User, operation: Operation, *, assignee: User | None, body: Body | None, planned_on: dt.date | None
) -> str:
    """Say why an operation may not be given to these people on that day; empty when it may."""
    if refusal := _why_not_now(by, operation, "plan_operation"):
        return refusal
    member = operation.cycle.member
    if assignee and body:
        return _("Choose a person or a body, not both: one of them answers for it.")
    if assignee and not team_of(member).filter(pk=assignee.pk).exists():
        return _("This person holds no role here today. Give them one first, on the page of people.")
    if body and not Body.objects.of(member).filter(pk=body.pk, dissolved_on=None).exists():
        return _("This body is not one of this space, or is dissolved. Choose another.")
    same = (operation.assignee_id, operation.body_id, operation.planned_on)
    if same == (assignee and assignee.pk, body and body.pk, planned_on):
        return _("Nothing changes: this is how the operation is planned already.")
    return ""


def why_not_prove_operation(
    by: User,
    operation: Operation,
    *,
    kind: str,
    done_on: dt.date,
    title: OfficialText,
    subject_uid: str = "",
    has_file: bool = False,
    sha256: str = "",
) -> str:
    """Say why this may not prove an operation done; empty when it may.

    A document needs its file and a title; the other kinds need the thing itself,
    here and finished: a meeting held, an act recorded, a letter issued.
    """
    if refusal := _why_not_now(by, operation, "prove_operation"):
        return refusal
    if kind not in BY_HAND:
        return _("A proof is a document, a meeting, a decision or a letter. Choose one.")
    if done_on > today():
        return _("An operation cannot be done in the future. Check its day.")
    if refusal := _why_not_shown(operation.cycle.member, kind, title, subject_uid, has_file=has_file):
        return refusal
    given = Proof.objects.filter(operation=operation, kind=kind, withdrawn_on=None)
    again = given.filter(subject_uid=subject_uid) if subject_uid else given.filter(file__sha256=sha256 or "-")
    if again.exists():
        return _("This proof is given already.")
    return ""


def _why_not_shown(member: Member, kind: str, title: OfficialText, uid: str, *, has_file: bool) -> str:
    if kind == Proof.Kind.DOCUMENT:
        if not has_file:
            return _("Give the document itself.")
        return "" if _worded(title) else _("Say what the document is, in French or in Arabic: everyone reads it.")
    if kind == Proof.Kind.MEETING:
        known = Meeting.objects.of(member).filter(uid=uid, state=Meeting.State.HELD).exists()
        return "" if known else _("Choose a meeting that was held. Record it on its own page first.")
    if kind == Proof.Kind.DECISION:
        known = Act.objects.of(member).filter(uid=uid).exists()
        return "" if known else _("Choose an act of this space. Record it first, on the page of acts.")
    known = Letter.objects.of(member).filter(uid=uid, state=Letter.State.ISSUED).exists()
    return "" if known else _("Choose a letter that was issued.")


def why_not_withdraw_proof(by: User, proof: Proof, *, reason: OfficialText) -> str:
    """Say why a proof may not be withdrawn; empty when it may."""
    if refusal := why_not_allowed(by, "withdraw_proof", proof.operation.cycle.member):
        return refusal
    if proof.withdrawn_on:
        return _("This proof is withdrawn already.")
    return "" if _worded(reason) else _("Say why the proof is withdrawn: everyone reads it.")


def why_not_set_aside(by: User, operation: Operation, *, reason: OfficialText) -> str:
    """Say why an operation may not be set aside; empty when it may. None of the guide's disappears without a reason."""
    if refusal := _why_not_now(by, operation, "set_aside_operation"):
        return refusal
    return "" if _worded(reason) else _("Say why the operation is set aside: everyone reads it.")


def why_not_take_up(by: User, operation: Operation) -> str:
    """Say why an operation may not be taken up again; empty when it may."""
    return _why_not_now(by, operation, "take_up_operation")


def why_not_add_operation(by: User, cycle: Cycle, *, stage: str, text: OfficialText) -> str:
    """Say why the Region may not add an operation of its own to a stage; empty when it may."""
    if refusal := why_not_allowed(by, "add_operation", cycle.member):
        return refusal
    if not cycle.stages.filter(code=stage).exists():
        return _("This cycle has no such stage. Choose one of its own.")
    if not _worded(text):
        return _("Say what is to be done, in French or in Arabic.")
    if any(says_the_same(one.text, text) for one in cycle.operations.filter(stage=stage).exclude(added_on=None)):
        return _("An operation in these words is in this stage already.")
    return ""


def why_not_move_cycle(by: User, cycle: Cycle, *, version: str) -> str:
    """Say why a running cycle may not follow another version of the method; empty when it may."""
    if refusal := why_not_allowed(by, "move_cycle", cycle.member):
        return refusal
    if version not in guides.versions():
        return _("The platform holds no version of this name. Add its folder first.")
    try:
        newer = guides.guide(version)
    except guides.BadGuide:
        return _("This version has mistakes and cannot be opened. Run ./manage check: it names each one.")
    if (version, guides.fingerprint(version)) == (cycle.guide_version, cycle.guide_sha256):
        return _("This cycle follows this version already.")
    if is_older(version, cycle.guide_version):
        return _("This version comes before the one that the cycle follows: a cycle goes forward only.")
    if newer.book.scope != book_of(cycle).book.scope:
        return _("This version is written for another level of authority.")
    if not written_operations(newer, cycle.kind):
        return _("This version has no operation for this part of the process.")
    return ""


def why_not_read_proof(user: User, proof: Proof, *, member: Member) -> str:
    """Say why someone may not open the document of a proof; empty when they may.

    Everyone may open a public one. The others are for the team: whoever holds a deed at the member.
    """
    if proof.public and proof.withdrawn_on is None:
        return ""
    if deeds_of(user, member):
        return ""
    return _("This document is kept for the team. Its title and its day are public, on the page of the operation.")


def _worded(text: OfficialText) -> bool:
    """Say whether a text is written in one of the two languages of the Region."""
    return bool(text.get("fr") or text.get("ar"))
