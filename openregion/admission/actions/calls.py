"""What is done about calls: entered as data when one opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from openregion.admission import queries, rules
from openregion.admission.actions.steps import journal, make_findable
from openregion.admission.models import Call
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import prove_operations
from openregion.cycle.actions.steps import hold
from openregion.people.models import Member, User


@transaction.atomic
def enter_call(
    *,
    member: Member,
    title: OfficialText,
    source: str,
    opened_on: dt.date | None,
    closes_at: dt.datetime,
    time_zone: str,
    channel: str,
    address: str,
    questions: Sequence[Mapping[str, Any]],
    by: User,
    at: dt.datetime,
) -> Call:
    """Enter a call for expressions of interest: its questions with their limits, its deadline, its channel.

    It proves the guide's operation of consulting the call's form. Raises ``Refused`` when the rule says no (no source,
    a question that cannot be answered, entered already).
    """
    hold(member)
    said: dict[str, Any] = {
        "title": title,
        "source": source,
        "opened_on": opened_on,
        "closes_at": closes_at and closes_at.astimezone(dt.UTC),
        "time_zone": time_zone,
        "channel": channel,
        "address": address,
        "questions": [dict(one) for one in questions],
    }
    refuse_if(rules.why_not_enter_call(by, member, **said))
    call = Call.objects.create(member=member, entered_at=at, **said)
    facts = {"closes_at": call.closes_at.isoformat() if call.closes_at else "", "questions": len(call.questions)}
    line = journal("enter_call", call, member, by, at, **facts)
    if (cycle := queries.candidacy_of(member)) is not None:
        prove_operations(cycle, deed="enter_call", subject_uid=call.uid, parent=line, at=at)
    make_findable(member, queries.entries_of_call(call))
    return call
