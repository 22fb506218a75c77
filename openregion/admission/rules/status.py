"""What is refused about the member's state, and why."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openregion.admission.models import StatusEvent
from openregion.core.official import OfficialText
from openregion.people.models import Member, User
from openregion.people.rules import today, why_not_allowed
from openregion.record.models import StoredFile


def _why_not_event(*, state: str, on: dt.date, reason: OfficialText, source: str, file: StoredFile | None) -> str:
    if state not in StatusEvent.State.values:
        return _("Choose the state of the member.")
    if on > today():
        return _("A state cannot begin in the future. Check its day.")
    if not reason:
        return _("Say what gave the member this state.")
    if len(source) > 300:
        return _("Say where it was read, in 300 characters at most.")
    if not source.strip() and file is None:
        return _("Give the proof: where it can be read, or a file.")
    return ""


def why_not_record_status(
    by: User, member: Member, *, state: str, on: dt.date, reason: OfficialText, source: str, file: StoredFile | None
) -> str:
    """Say why a state may not be recorded; empty when it may."""
    if refusal := why_not_allowed(by, "record_status", member):
        return refusal
    if refusal := _why_not_event(state=state, on=on, reason=reason, source=source, file=file):
        return refusal
    if StatusEvent.objects.of(member).filter(state=state, on=on, corrected_by=None).exists():
        return _("This state is recorded at that day already.")
    return ""


def why_not_correct_status(
    by: User,
    event: StatusEvent,
    *,
    state: str,
    on: dt.date,
    reason: OfficialText,
    source: str,
    file: StoredFile | None,
) -> str:
    """Say why an event may not be corrected; empty when it may. Nothing is deleted: both stay to be read."""
    if refusal := why_not_allowed(by, "correct_status", event.member):
        return refusal
    if StatusEvent.objects.filter(corrects=event).exists():
        return _("This event is corrected already. Correct the one that took its place.")
    if (event.state, event.on) == (state, on):
        return _("This says the same state on the same day. Change what was wrong.")
    return _why_not_event(state=state, on=on, reason=reason, source=source, file=file)
