"""Choosing who takes part: everyone when seats suffice, by lot when they do not."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openregion.consultation import call_mails, lots
from openregion.consultation.actions.steps import journal
from openregion.consultation.models import Application, CallForParticipation, Draw
from openregion.consultation.queries import draws as queries
from openregion.consultation.rules import calls as rules
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import prove_operations
from openregion.cycle.actions.steps import hold
from openregion.people.models import User
from openregion.record.actions import canonical, freeze

_State = Application.State


@transaction.atomic
def select_participants(
    call: CallForParticipation, *, by: User, at: dt.datetime, public_value: str = ""
) -> CallForParticipation:
    """Choose who takes part among those who meet the criteria, and write to everyone, once.

    Where there are as many seats as candidates, all come. Otherwise lots are
    drawn from the seed that was promised, the list, and ``public_value``, the
    figure that the call named in advance, within the quotas; all of it and the
    outcome are one frozen document from which anyone draws again. The
    draw runs in a process of its own; ask for it before (``queries.draws.drawn``)
    and it is not waited for here. Proves the operation of the guide. Raises
    ``Refused`` when the rule says no, naming the quotas that nobody could meet.
    """
    hold(call)
    refuse_if(rules.why_not_select(by, call, at=at, public_value=public_value))
    pool = queries.pool_of(call)
    by_lot = len(pool) > call.seats
    selected = tuple(one["number"] for one in pool)
    reserves: tuple[int, ...] = ()
    if by_lot:
        refuse_if(rules.why_not_draw(call, pool))
        statement = queries.statement_of(call, pool, public_value)
        outcome = lots.outcome_of(canonical(statement))
        refuse_if(rules.why_not_drawn(call, outcome))
        selected, reserves = outcome.selected, outcome.reserves
        document = freeze(
            queries.document_of(call, statement, outcome, at=at),
            kind="draw",
            subject_type="CallForParticipation",
            subject_uid=call.uid,
            member_code=call.member.slug,
            at=at,
        )
        call.draw = Draw.objects.create(call=call, document=document, drawn_at=at)
    eligible = call.applications.filter(state=_State.ELIGIBLE)
    eligible.filter(number__in=selected).update(state=_State.SELECTED, decided_at=at)
    eligible.filter(number__in=reserves).update(state=_State.RESERVE, decided_at=at)
    call.state, call.selected_at = CallForParticipation.State.SELECTED, at
    call.save(update_fields=["state", "selected_at"])
    _tell_everyone(call, reserves, at=at)
    # Last: from its line on, this deed holds up every other of the member until it ends.
    line = journal(
        "select_participants", call, call.member, by.reference, at, number=call.number, seats=len(selected),
        by_lot=by_lot,
    )  # fmt: skip
    cycle = call.consultation.cycle
    prove_operations(cycle, deed="select_participants", subject_uid=call.uid, parent=line, at=at)
    return call


def _tell_everyone(call: CallForParticipation, reserves: tuple[int, ...], *, at: dt.datetime) -> None:
    ranks = {number: rank for rank, number in enumerate(reserves, 1)}
    for application in call.applications.standing().filter(erased_at=None).exclude(email="").order_by("number"):
        application.call = call  # with its draw, its workshop and its member, read once
        call_mails.tell_outcome(application, rank=ranks.get(application.number, 0), at=at)
