"""What is done to the operations of a cycle: planned, proved, set aside, added; a cycle moved to another method."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from openregion.core.official import OfficialText, official
from openregion.core.refusal import refuse_if
from openregion.cycle import rules
from openregion.cycle.actions.steps import hold, journal
from openregion.cycle.models import Cycle, Operation, Proof, Stage
from openregion.cycle.queries.operations import written_operations
from openregion.cycle.queries.pinned import book_of
from openregion.guide import queries as guides
from openregion.guide.schema import Text
from openregion.people.models import Body, User
from openregion.record.actions import freeze, store_file
from openregion.record.models import JournalLine


def _line(verb: str, one: Operation, by_ref: str, at: dt.datetime, **facts: Any) -> JournalLine:
    return journal(verb, one, one.cycle.member, by_ref, at, operation=one.code, stage=one.stage, **facts)


@transaction.atomic
def plan_operation(
    operation: Operation,
    *,
    assignee: User | None = None,
    body: Body | None = None,
    planned_on: dt.date | None = None,
    by: User,
    at: dt.datetime,
) -> Operation:
    """Give an operation to a person or a body, and a day; the three empty leave it to do.

    The journal says the day, never the person. Raises ``Refused`` when the rule says no.
    """
    hold(operation)
    refuse_if(rules.why_not_plan_operation(by, operation, assignee=assignee, body=body, planned_on=planned_on))
    operation.assignee, operation.body, operation.planned_on = assignee, body, planned_on
    operation.save(update_fields=["assignee", "body", "planned_on"])
    _line("plan_operation", operation, by.reference, at, planned_on=planned_on and planned_on.isoformat())
    return operation


@transaction.atomic
def prove_operation(
    operation: Operation,
    *,
    kind: str,
    done_on: dt.date,
    by: User,
    at: dt.datetime,
    title: OfficialText | None = None,
    upload: File | None = None,
    subject_uid: str = "",
    public: bool = False,
) -> Proof:
    """Show that an operation was carried out: a document, a meeting held, an act, a letter issued.

    Its title and its day are public; a document's file only when ``public``. The
    rule is asked before a file is kept. Raises ``Refused`` when it says no.
    """
    hold(operation)
    said: dict[str, Any] = {"kind": kind, "done_on": done_on, "title": title or {}, "subject_uid": subject_uid}
    refuse_if(rules.why_not_prove_operation(by, operation, has_file=upload is not None, **said))
    file = None
    if upload is not None and kind == Proof.Kind.DOCUMENT:
        member = operation.cycle.member
        file = store_file(upload=upload, member_code=member.slug, by_ref=by.reference, at=at)
        refuse_if(rules.why_not_prove_operation(by, operation, has_file=True, sha256=file.sha256, **said))
    proof = Proof.objects.create(operation=operation, file=file, public=public and file is not None, **said)
    _line("prove_operation", operation, by.reference, at, kind=kind, done_on=done_on.isoformat())
    return proof


@transaction.atomic
def withdraw_proof(proof: Proof, *, reason: OfficialText, by: User, at: dt.datetime) -> Proof:
    """Take back a proof given by mistake; it stays to be read, with the reason, and its file is for the team alone.

    Raises ``Refused`` when the rule says no.
    """
    hold(proof)
    refuse_if(rules.why_not_withdraw_proof(by, proof, reason=reason))
    proof.withdrawn_on, proof.withdrawn_reason = timezone.localdate(at), reason
    proof.save(update_fields=["withdrawn_on", "withdrawn_reason"])
    _line("withdraw_proof", proof.operation, by.reference, at)
    return proof


@transaction.atomic
def set_aside_operation(operation: Operation, *, reason: OfficialText, by: User, at: dt.datetime) -> Operation:
    """Say that an operation will not be carried out in this cycle, and why.

    Raises ``Refused`` when the rule says no.
    """
    hold(operation)
    refuse_if(rules.why_not_set_aside(by, operation, reason=reason))
    operation.set_aside_on, operation.set_aside_reason = timezone.localdate(at), reason
    operation.save(update_fields=["set_aside_on", "set_aside_reason"])
    _line("set_aside_operation", operation, by.reference, at)
    return operation


@transaction.atomic
def take_up_operation(operation: Operation, *, by: User, at: dt.datetime) -> Operation:
    """Take up again an operation that was set aside. Raises ``Refused`` when the rule says no."""
    hold(operation)
    refuse_if(rules.why_not_take_up(by, operation))
    operation.set_aside_on, operation.set_aside_reason = None, {}
    operation.save(update_fields=["set_aside_on", "set_aside_reason"])
    _line("take_up_operation", operation, by.reference, at)
    return operation


@transaction.atomic
def add_operation(cycle: Cycle, *, stage: str, text: OfficialText, by: User, at: dt.datetime) -> Operation:
    """Add an operation of the Region's own to a stage, after the guide's. Raises ``Refused`` when the rule says no."""
    hold(cycle)  # two people adding at once take two numbers
    refuse_if(rules.why_not_add_operation(by, cycle, stage=stage, text=text))
    number = cycle.operations.exclude(added_on=None).count() + 1
    last = cycle.operations.filter(stage=stage).aggregate(last=Max("rank"))["last"] or 0
    made = Operation.objects.create(
        cycle=cycle, stage=stage, code=f"own-{number}", rank=last, text=text, added_on=timezone.localdate(at)
    )
    _line("add_operation", made, by.reference, at)
    return made


@transaction.atomic
def prove_by(
    cycle: Cycle,
    *,
    codes: Iterable[str],
    kind: str,
    subject_uid: str,
    title: OfficialText,
    parent: JournalLine,
    at: dt.datetime,
    done_on: dt.date | None = None,
) -> tuple[Proof, ...]:
    """Mark done the operations that a meeting held, or a letter issued, says it proves.

    Called by that deed, in its own transaction; a code the cycle does not have is
    left out, and the same thing proves an operation once.
    """
    proved = []
    given = Proof.objects.filter(operation__cycle=cycle, kind=kind, subject_uid=subject_uid)
    known = set(given.values_list("operation_id", flat=True))
    for one in cycle.operations.filter(code__in=list(codes)).exclude(pk__in=known).select_related("cycle__member"):
        day = done_on or timezone.localdate(at)
        proved.append(Proof.objects.create(operation=one, kind=kind, subject_uid=subject_uid, title=title, done_on=day))
        journal("prove_operations", one, one.cycle.member, parent.by_ref, at, operation=one.code, parent=parent)
    return tuple(proved)


@transaction.atomic
def move_cycle(cycle: Cycle, *, version: str, by: User, at: dt.datetime) -> Cycle:
    """Let a running cycle follow another version of the method, and keep all that was done.

    An operation with the same code keeps its row, its proofs and who is charged;
    new ones are laid out; those the version no longer has stay, marked, with the
    words they had. Raises ``Refused`` when the rule says no.
    """
    hold(cycle)
    refuse_if(rules.why_not_move_cycle(by, cycle, version=version))
    before, older, newer = cycle.guide_version, book_of(cycle), guides.guide(version)
    counts = _lay_out_again(
        cycle,
        {code: one.text for code, (_, one) in written_operations(older, cycle.kind).items()},
        {code: stage for code, (stage, _) in written_operations(newer, cycle.kind).items()},
        at,
    )
    known = set(cycle.stages.values_list("code", flat=True))
    here = [one.code for one in newer.stages if one.part == cycle.kind]
    Stage.objects.bulk_create(Stage(cycle=cycle, code=code) for code in here if code not in known)
    cycle.guide_version, cycle.guide_sha256 = version, guides.fingerprint(version)
    cycle.method = freeze(
        json.loads(guides.canonical_json(version)),
        kind="method",
        subject_type="Cycle",
        subject_uid=cycle.uid,
        member_code=cycle.member.slug,
        at=at,
    )
    cycle.save(update_fields=["guide_version", "guide_sha256", "method"])
    facts = {"kind": cycle.kind, "number": cycle.number, "version": version, "before": before, **counts}
    journal("move_cycle", cycle, cycle.member, by.reference, at, **facts)
    return cycle


def _lay_out_again(cycle: Cycle, words: dict[str, Text], stages: dict[str, str], at: dt.datetime) -> dict[str, int]:
    """Put a cycle's operations in the order of another version; say how many came and how many stayed behind."""
    rows = {one.code: one for one in cycle.operations.all()}
    ranks = {code: rank for rank, code in enumerate(stages, 1)}
    last = {stage: ranks[code] for code, stage in stages.items()}
    behind = 0
    for code, one in rows.items():
        if code in stages and one.added_on is None:
            one.stage, one.rank, one.text = stages[code], ranks[code], {}
            continue
        one.rank = last.get(one.stage, len(stages)) + 1  # after the guide's of its stage, in the order they were there
        if one.added_on is None:
            behind += 1
            if not one.text and code in words:
                text = words[code]
                one.text = official(at=at, fr=text.fr, ar=text.ar, en=text.en)
    Operation.objects.bulk_update(rows.values(), ["stage", "rank", "text"])
    new = [code for code in stages if code not in rows]
    Operation.objects.bulk_create(
        Operation(cycle=cycle, stage=stages[code], code=code, rank=ranks[code]) for code in new
    )
    return {"added": len(new), "left": behind}
