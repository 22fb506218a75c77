"""What is done about the member's state: recorded with its proof, corrected, never deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from openregion.admission import rules
from openregion.admission.actions.steps import journal
from openregion.admission.models import StatusEvent
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.actions.steps import hold
from openregion.people.models import Member, User
from openregion.record.models import JournalLine, StoredFile


@transaction.atomic
def record_status(
    *,
    member: Member,
    state: str,
    on: dt.date,
    reason: OfficialText,
    source: str,
    by: User,
    at: dt.datetime,
    file: StoredFile | None = None,
    subject_type: str = "",
    subject_uid: str = "",
) -> StatusEvent:
    """Record the state of the member, with its day and its proof (row C0).

    For what no deed of the platform knows: a member since before it, an
    effective member once civil society is consulted. Raises ``Refused`` when the rule says no.
    """
    hold(member)
    said: dict[str, Any] = {"state": state, "on": on, "reason": reason, "source": source, "file": file}
    refuse_if(rules.why_not_record_status(by, member, **said))
    event = StatusEvent.objects.create(
        member=member, recorded_at=at, subject_type=subject_type, subject_uid=subject_uid, **said
    )
    journal("record_status", event, member, by, at, state=state, on=on.isoformat())
    return event


@transaction.atomic
def correct_status(
    event: StatusEvent,
    *,
    state: str,
    on: dt.date,
    reason: OfficialText,
    source: str,
    by: User,
    at: dt.datetime,
    file: StoredFile | None = None,
) -> StatusEvent:
    """Correct an event that was wrong by another that names it; both stay. Raises ``Refused`` when the rule says no."""
    hold(event.member)
    said: dict[str, Any] = {"state": state, "on": on, "reason": reason, "source": source, "file": file}
    refuse_if(rules.why_not_correct_status(by, event, **said))
    corrected = StatusEvent.objects.create(
        member=event.member,
        recorded_at=at,
        corrects=event,
        subject_type=event.subject_type,
        subject_uid=event.subject_uid,
        **said,
    )
    facts = {"before": event.state, "state": state, "on": on.isoformat()}
    journal("correct_status", corrected, event.member, by, at, **facts)
    return corrected


def follow(
    member: Member,
    *,
    state: str,
    on: dt.date,
    reason: OfficialText,
    subject: Any,
    by: User,
    at: dt.datetime,
    parent: JournalLine,
    file: StoredFile | None = None,
) -> StatusEvent:
    """Write the event that a deed of the candidacy makes, in that deed's transaction and under its line."""
    event = StatusEvent.objects.create(
        member=member,
        state=state,
        on=on,
        reason=reason,
        subject_type=type(subject).__name__,
        subject_uid=subject.uid,
        file=file,
        recorded_at=at,
    )
    journal("record_status", event, member, by, at, state=state, on=on.isoformat(), parent=parent)
    return event
