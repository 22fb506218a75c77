"""What is done in the calendar: a holiday's day recorded as it is announced."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openregion.core.official import OfficialText, official
from openregion.core.refusal import refuse_if
from openregion.cycle import queries, rules
from openregion.cycle.actions.steps import hold, journal
from openregion.cycle.models import Holiday
from openregion.people.models import Member, User


@transaction.atomic
def record_holiday(
    *,
    member: Member,
    day: dt.date,
    source: str,
    by: User,
    at: dt.datetime,
    estimated_on: dt.date | None = None,
    name: OfficialText | None = None,
) -> tuple[Holiday, ...]:
    """Record the day of a holiday as announced, in place of its estimate; or an exceptional one.

    Every due date counted in working days follows at once, for none is kept. A
    holiday of several days moves whole: ``estimated_on`` and ``day`` are its first.
    Never edited: what is recorded later for the same holiday counts. Raises
    ``Refused`` when the rule says no.
    """
    hold(member)  # the same announcement recorded twice meets here
    calendar = queries.calendar_of(member)
    said = name or {}
    refuse_if(
        rules.why_not_record_holiday(by, member, calendar, estimated_on=estimated_on, day=day, name=said, source=source)
    )
    feast = queries.feast_known_by(calendar, estimated_on) if estimated_on else None
    made = []
    if feast is None:
        made.append(Holiday(member=member, day=day, name=said, source=source.strip(), decided_at=at))
    else:
        known = [queries.known_by(one) for one in feast.days]
        said = official(at=at, **feast.first.names)
        made += [
            Holiday(
                member=member,
                estimated_on=one,
                day=day + (one - known[0]),
                name=said,
                source=source.strip(),
                decided_at=at,
            )
            for one in known
        ]
    for row in made:
        row.save(force_insert=True)
    facts = {"estimated_on": estimated_on.isoformat() if estimated_on else None, "day": day.isoformat()}
    names = {lang: one["text"] for lang, one in said.items()}
    journal("record_holiday", made[0], member, by.reference, at, days=len(made), name=names, **facts)
    return tuple(made)
