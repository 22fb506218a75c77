"""What is refused about the turns of the process, and why."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openregion.cycle.models import Cycle, Deliberation, Stage
from openregion.cycle.queries import book_of
from openregion.people.models import Act, Member, User
from openregion.people.rules import today, why_not_allowed


def why_not_open_cycle(by: User, member: Member, *, kind: str, opened_on: dt.date) -> str:
    """Say why a member may not open a turn of the process; empty when it may."""
    if refusal := why_not_allowed(by, "open_cycle", member):
        return refusal
    if kind not in Cycle.Kind.values:
        return _("A cycle is a candidacy or an action plan. Choose one.")
    if opened_on > today():
        return _("A cycle cannot be opened in the future. Check its day.")
    if Cycle.objects.of(member).filter(kind=kind, opened_on=opened_on).exists():
        return _("A cycle of this kind was opened that day already. Look at the list of cycles.")
    return ""


def why_not_date_stage(by: User, stage: Stage, *, starts_on: dt.date | None, ends_on: dt.date | None) -> str:
    """Say why a stage may not run between these days; empty when it may."""
    if refusal := why_not_allowed(by, "date_stage", stage.cycle.member):
        return refusal
    if ends_on and not starts_on:
        return _("Say when the stage starts before saying when it ends.")
    if starts_on and ends_on and ends_on < starts_on:
        return _("A stage ends after it starts. Choose a later day.")
    return ""


def why_not_record_deliberation(by: User, cycle: Cycle, *, act: Act, decision: str) -> str:
    """Say why a deliberation may not be recorded; empty when it may."""
    if refusal := why_not_allowed(by, "record_deliberation", cycle.member):
        return refusal
    if not Act.objects.of(cycle.member).filter(pk=act.pk, kind=Act.Kind.DELIBERATION).exists():
        return _("Choose a deliberation of this Region. Record it first, on the page of acts.")
    if decision not in Deliberation.Decision.values:
        return _("Say what the Council decided: adopted, rejected or postponed.")
    if Deliberation.objects.filter(act=act).exists():
        return _("This deliberation is recorded already.")
    return ""


def operations_proved_by(cycle: Cycle, deed: str) -> tuple[str, ...]:
    """List the operations that a deed proves done, as the method that the cycle pinned says."""
    book = book_of(cycle)
    return tuple(
        operation.code
        for stage in book.stages
        if stage.part == cycle.kind
        for procedure in stage.procedures
        for operation in procedure.operations
        if deed in operation.proved_by
    )
