"""What is due in the cycle: each of its subjects says its lines, and they are joined here."""

from __future__ import annotations

import datetime as dt

from openregion.core.due import Due
from openregion.cycle.queries.calendar import due_calendar
from openregion.cycle.queries.communication import due_communication
from openregion.cycle.queries.council_steps import due_council
from openregion.cycle.queries.letters import due_letters
from openregion.cycle.queries.meetings_due import due_meetings
from openregion.cycle.queries.operations import due_operations
from openregion.people.models import Member


def due(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say all that a member's cycles wait for, as of a day: operations, meetings, files, letters, announcements, days.

    Never more readings for thirty lines than for one.
    """
    return (
        *due_operations(member, today),
        *due_calendar(member, today),
        *due_meetings(member, today),
        *due_council(member, today),
        *due_letters(member, today),
        *due_communication(member, today),
    )
