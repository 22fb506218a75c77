"""What is done about minutes: drafted, approved and frozen, sent, published."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from openregion.core.official import OfficialText, says_the_same
from openregion.core.refusal import refuse_if
from openregion.cycle import rules
from openregion.cycle.actions.steps import hold, journal
from openregion.cycle.models import Meeting, Minutes
from openregion.cycle.queries.minutes import KIND, entries_of_minutes, statement
from openregion.people.models import User
from openregion.record.actions import freeze, index_entry


@transaction.atomic
def draft_minutes(meeting: Meeting, *, text: OfficialText, by: User, at: dt.datetime) -> Minutes:
    """Write the minutes of a meeting that was held, or write them better; the same words again change nothing.

    Raises ``Refused`` when the rule says no.
    """
    hold(meeting)
    refuse_if(rules.why_not_draft_minutes(by, meeting, text=text))
    minutes = Minutes.objects.filter(meeting=meeting).first() or Minutes(meeting=meeting)
    if minutes.pk and says_the_same(minutes.text, text):
        return minutes
    begun = minutes.pk is None
    minutes.text = text
    minutes.save()
    _line("draft_minutes", minutes, by, at, begun=begun)
    return minutes


@transaction.atomic
def approve_minutes(minutes: Minutes, *, on: dt.date, by: User, at: dt.datetime) -> Minutes:
    """Approve minutes: what they state is frozen with its hash, and changes no more. Raises ``Refused``."""
    hold(minutes.meeting)
    hold(minutes)
    refuse_if(rules.why_not_approve_minutes(by, minutes, on=on))
    minutes.state, minutes.approved_on = rules.MINUTES_MOVES[Minutes.State(minutes.state)]["approve_minutes"], on
    minutes.frozen = freeze(
        statement(minutes),
        kind=KIND,
        subject_type="Minutes",
        subject_uid=minutes.uid,
        member_code=minutes.meeting.member.slug,
        at=at,
    )
    minutes.save(update_fields=["state", "approved_on", "frozen"])
    _line("approve_minutes", minutes, by, at, day=on.isoformat())
    return minutes


@transaction.atomic
def send_minutes(minutes: Minutes, *, on: dt.date, by: User, at: dt.datetime) -> Minutes:
    """Record the day on which approved minutes were sent: to the wali, for a session. Raises ``Refused``."""
    hold(minutes)
    refuse_if(rules.why_not_send_minutes(by, minutes, on=on))
    minutes.sent_on = on
    minutes.save(update_fields=["sent_on"])
    _line("send_minutes", minutes, by, at, day=on.isoformat())
    return minutes


@transaction.atomic
def publish_minutes(minutes: Minutes, *, by: User, at: dt.datetime, opens: bool = False) -> Minutes:
    """Publish approved minutes: everyone reads them, and search finds them.

    ``opens`` says that the page of a meeting for its guests alone opens with them. Raises ``Refused``.
    """
    hold(minutes)
    refuse_if(rules.why_not_publish_minutes(by, minutes, opens=opens))
    minutes.state = rules.MINUTES_MOVES[Minutes.State(minutes.state)]["publish_minutes"]
    minutes.published_on = timezone.localdate(at)
    minutes.save(update_fields=["state", "published_on"])
    _line("publish_minutes", minutes, by, at)
    for entry in entries_of_minutes(minutes):
        index_entry(member_code=minutes.meeting.member.slug, **entry)
    return minutes


def _line(verb: str, minutes: Minutes, by: User, at: dt.datetime, **facts: object) -> None:
    meeting = minutes.meeting
    told = {"kind": meeting.kind, "number": meeting.number, **facts}
    journal(verb, minutes, meeting.member, by.reference, at, **told)
