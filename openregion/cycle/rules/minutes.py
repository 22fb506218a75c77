"""What is refused about minutes, and why."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Meeting, Minutes
from openregion.cycle.queries.meetings import is_public
from openregion.cycle.rules.meetings import why_not_now
from openregion.people.models import User
from openregion.people.rules import today, why_not_allowed

_S = Minutes.State
MINUTES_MOVES: dict[Minutes.State, dict[str, Minutes.State]] = {
    _S.DRAFT: {"draft_minutes": _S.DRAFT, "approve_minutes": _S.APPROVED},
    _S.APPROVED: {"send_minutes": _S.APPROVED, "publish_minutes": _S.PUBLISHED},
    _S.PUBLISHED: {"send_minutes": _S.PUBLISHED},
}


def _why_not_now(minutes: Minutes, deed: str) -> str:
    if deed in MINUTES_MOVES[Minutes.State(minutes.state)]:
        return ""
    if minutes.state == _S.DRAFT:
        return _("These minutes are not approved yet. Approve them first.")
    if deed == "publish_minutes":
        return _("These minutes are published already.")
    return _("These minutes are approved and frozen: they can no longer change.")


def why_not_draft_minutes(by: User, meeting: Meeting, *, text: OfficialText) -> str:
    """Say why minutes may not be drafted, or drafted again; empty when they may."""
    if reason := why_not_allowed(by, "draft_minutes", meeting.member) or why_not_now(meeting, "draft_minutes"):
        return reason
    known = Minutes.objects.filter(meeting=meeting).first()
    if known and (reason := _why_not_now(known, "draft_minutes")):
        return reason
    if not text_in(text, "fr"):
        return _("Write the minutes, in French or in Arabic.")
    return ""


def why_not_approve_minutes(by: User, minutes: Minutes, *, on: dt.date) -> str:
    """Say why minutes may not be approved; empty when they may."""
    if reason := why_not_allowed(by, "approve_minutes", minutes.meeting.member):
        return reason
    if reason := _why_not_now(minutes, "approve_minutes"):
        return reason
    if on > today():
        return _("Minutes cannot be approved in the future. Check the day.")
    if minutes.meeting.closed_on and on < minutes.meeting.closed_on:
        return _("Minutes are approved after the meeting. Check the day.")
    return ""


def why_not_send_minutes(by: User, minutes: Minutes, *, on: dt.date) -> str:
    """Say why it may not be recorded that minutes were sent; empty when it may."""
    if reason := why_not_allowed(by, "send_minutes", minutes.meeting.member) or _why_not_now(minutes, "send_minutes"):
        return reason
    if minutes.sent_on is not None:
        return _("It is recorded already that these minutes were sent.")
    if on > today():
        return _("Minutes cannot have been sent in the future. Check the day.")
    if minutes.approved_on and on < minutes.approved_on:
        return _("Minutes are sent once they are approved. Check the day.")
    return ""


def why_not_publish_minutes(by: User, minutes: Minutes, *, opens: bool = False) -> str:
    """Say why minutes may not be published; empty when they may.

    Those of a meeting for its guests alone open its page to everyone: whoever publishes says that it ``opens``.
    """
    if reason := why_not_allowed(by, "publish_minutes", minutes.meeting.member):
        return reason
    if reason := _why_not_now(minutes, "publish_minutes"):
        return reason
    if not (opens or is_public(minutes.meeting)):
        return _("This meeting is for its guests alone so far. Say that its page opens to everyone with its minutes.")
    return ""
