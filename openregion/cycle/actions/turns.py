"""What is done in the turns of the process: opened, dated, operations proved, deliberations recorded."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from openregion.core.refusal import refuse_if
from openregion.cycle import rules
from openregion.cycle.actions.steps import hold, journal
from openregion.cycle.models import Cycle, Deliberation, Operation, Proof, Proposal, Stage
from openregion.cycle.queries.council import entries_of_deliberation
from openregion.guide import queries as guides
from openregion.guide.schema import Stage as WrittenStage
from openregion.people.models import Act, Member, User
from openregion.record.actions import freeze, index_entry
from openregion.record.models import JournalLine


@transaction.atomic
def open_cycle(*, member: Member, kind: str, opened_on: dt.date, by: User, at: dt.datetime) -> Cycle:
    """Open a turn of the process, with the stages of the method the member follows that day.

    The method is frozen beside it: what is done later in the cycle is read
    against these words. Raises ``Refused`` when the rule says no.
    """
    hold(member)  # two people opening at once take two numbers
    refuse_if(rules.why_not_open_cycle(by, member, kind=kind, opened_on=opened_on))
    version = member.guide_version
    number = (Cycle.objects.of(member).filter(kind=kind).aggregate(last=Max("number"))["last"] or 0) + 1
    cycle = Cycle(
        member=member,
        kind=kind,
        number=number,
        guide_version=version,
        guide_sha256=guides.fingerprint(version),
        opened_on=opened_on,
    )
    cycle.method = freeze(
        json.loads(guides.canonical_json(version)),
        kind="method",
        subject_type="Cycle",
        subject_uid=cycle.uid,
        member_code=member.slug,
        at=at,
    )
    cycle.save(force_insert=True)
    stages = [one for one in guides.guide(version).stages if one.part == kind]
    Stage.objects.bulk_create(Stage(cycle=cycle, code=one.code) for one in stages)
    lay_out_operations(cycle, stages=stages)
    journal("open_cycle", cycle, member, by.reference, at, kind=kind, number=number, version=version)
    return cycle


def lay_out_operations(cycle: Cycle, *, stages: Iterable[WrittenStage]) -> None:
    """Put every operation of these stages into the cycle, in the method's order, so that none is forgotten.

    Called by the deed that opens the cycle, in its transaction.
    """
    written = [(stage, one) for stage in stages for procedure in stage.procedures for one in procedure.operations]
    Operation.objects.bulk_create(
        Operation(cycle=cycle, stage=stage.code, code=one.code, rank=rank)
        for rank, (stage, one) in enumerate(written, 1)
    )


@transaction.atomic
def date_stage(stage: Stage, *, starts_on: dt.date | None, ends_on: dt.date | None, by: User, at: dt.datetime) -> Stage:
    """Say when a stage starts and ends; the public line of stages follows. Raises ``Refused`` when the rule says no."""
    hold(stage)
    refuse_if(rules.why_not_date_stage(by, stage, starts_on=starts_on, ends_on=ends_on))
    stage.starts_on, stage.ends_on = starts_on, ends_on
    stage.save(update_fields=["starts_on", "ends_on"])
    days = {"starts_on": starts_on and starts_on.isoformat(), "ends_on": ends_on and ends_on.isoformat()}
    journal("date_stage", stage, stage.cycle.member, by.reference, at, stage=stage.code, **days)
    return stage


@transaction.atomic
def prove_operations(
    cycle: Cycle, *, deed: str, subject_uid: str, parent: JournalLine, at: dt.datetime
) -> tuple[Proof, ...]:
    """Mark done the operations of the guide that a deed proves, as the guide data says.

    Called by that deed, in its own transaction; the same thing proves an operation once.
    """
    proved = []
    for one in cycle.operations.filter(code__in=rules.operations_proved_by(cycle, deed)):
        proof, new = Proof.objects.get_or_create(
            operation=one, deed=deed, subject_uid=subject_uid, defaults={"done_on": timezone.localdate(at)}
        )
        if new:
            journal("prove_operations", one, cycle.member, parent.by_ref, at, operation=one.code, parent=parent)
            proved.append(proof)
    return tuple(proved)


@transaction.atomic
def record_deliberation(
    cycle: Cycle,
    *,
    act: Act,
    decision: str,
    by: User,
    at: dt.datetime,
    subject_type: str = "",
    subject_uid: str = "",
    proposal: Proposal | None = None,
    parent: JournalLine | None = None,
) -> Deliberation:
    """Record what a council decided in a cycle; the act carries the number, the date and the file.

    Without a ``proposal`` it is recorded after the fact, and public as it comes;
    the vote on a file is published by a deed of its own. Raises ``Refused`` when the rule says no.
    """
    hold(act)
    refuse_if(rules.why_not_record_deliberation(by, cycle, act=act, decision=decision))
    made = Deliberation.objects.create(
        cycle=cycle,
        act=act,
        decision=decision,
        subject_type=subject_type,
        subject_uid=subject_uid,
        proposal=proposal,
    )
    facts: dict[str, Any]
    if proposal is None:
        facts = {"number": act.number, "dated_on": act.dated_on.isoformat(), "decision": decision}
    else:  # what the Council decided is told when its deliberation is published
        facts = {"kind": cycle.kind, "cycle": cycle.number, "file": proposal.number}
    line = journal("record_deliberation", made, cycle.member, by.reference, at, parent=parent, **facts)
    prove_operations(cycle, deed="record_deliberation", subject_uid=made.uid, parent=line, at=at)
    if proposal is None:
        for entry in entries_of_deliberation(made):
            index_entry(member_code=cycle.member.slug, **entry)
    return made
