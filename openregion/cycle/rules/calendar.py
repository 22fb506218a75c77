"""What is refused about the calendar, and why."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openregion.core.forms import FIRST_DAY, LAST_DAY
from openregion.core.official import OfficialText, text_in
from openregion.core.working_days import WorkCalendar
from openregion.cycle.queries.calendar import feast_known_by
from openregion.people.models import Member, User
from openregion.people.rules import why_not_allowed

# The moon may bring an estimate a day or two early; more than this is a slip of the keyboard.
NEAR = dt.timedelta(days=5)


def why_not_record_holiday(
    by: User,
    member: Member,
    calendar: WorkCalendar,
    *,
    estimated_on: dt.date | None,
    day: dt.date,
    name: OfficialText,
    source: str,
) -> str:
    """Say why a holiday's day may not be recorded; empty when it may.

    ``calendar`` is the member's as it stands. A holiday that is estimated is told
    by its estimate; one that was exceptional, by its first day recorded.
    """
    if refusal := why_not_allowed(by, "record_holiday", member):
        return refusal
    if not FIRST_DAY <= day <= LAST_DAY:
        return _("This day is too far away. Check its year.")
    if not source.strip():
        return _("Say where the day was announced: it is published.")
    if estimated_on is None:
        return _why_not_exceptional(calendar, day, name)
    feast = feast_known_by(calendar, estimated_on)
    if feast is None:
        return _("No holiday is estimated on that day. Choose one of the list.")
    if abs(day - estimated_on) > NEAR:
        return _("That day is far from the estimate. Check it; an estimate is a day or two early at most.")
    if not feast.first.estimated and feast.first.day == day:
        return _("That day is recorded already.")
    return ""


def _why_not_exceptional(calendar: WorkCalendar, day: dt.date, name: OfficialText) -> str:
    if not text_in(name, "fr") or not (name.get("ar") or {"text": ""})["text"]:
        return _("Name the holiday in French and in Arabic.")
    if calendar.is_holiday(day):
        return _("That day is a public holiday already. If it is a religious one, choose it in the list.")
    return ""
