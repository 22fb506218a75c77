"""Putting questions to the public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from openregion.consultation import queries, rules
from openregion.consultation.actions.steps import journal
from openregion.consultation.models import Consultation, Theme
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import prove_operations
from openregion.cycle.models import Cycle
from openregion.people.models import User
from openregion.record.actions import index_entry


@transaction.atomic
def open_consultation(
    cycle: Cycle,
    *,
    slug: str,
    title: OfficialText,
    question: OfficialText,
    themes: Sequence[tuple[str, OfficialText]],
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    by: User,
    at: dt.datetime,
    stage: str = "",
) -> Consultation:
    """Put a question to the public between two instants, with the themes it is read under.

    Raises ``Refused`` when the rule says no.
    """
    refuse_if(rules.why_not_open_consultation(by, cycle, slug=slug, opens_at=opens_at, closes_at=closes_at))
    consultation = Consultation.objects.create(
        cycle=cycle, slug=slug, stage=stage, title=title, question=question, opens_at=opens_at, closes_at=closes_at
    )
    for rank, (code, name) in enumerate(themes):
        Theme.objects.create(consultation=consultation, code=code, name=name, rank=rank)
    days = {"opens_on": localdate(opens_at).isoformat(), "closes_on": localdate(closes_at).isoformat()}
    line = journal("open_consultation", consultation, cycle.member, by.reference, at, **days)
    prove_operations(cycle, deed="open_consultation", subject_uid=consultation.uid, parent=line, at=at)
    for entry in queries.entries_of_consultation(consultation):
        index_entry(member_code=cycle.member.slug, **entry)
    return consultation


def revise_consultation(*args: Any, **kwargs: Any) -> Any:
    """To be written."""
    raise NotImplementedError
