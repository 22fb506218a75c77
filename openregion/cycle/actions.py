"""What is done in the cycle. For now: a rule overridden with its reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle import rules
from openregion.cycle.models import RuleOverride
from openregion.people.models import Member, User
from openregion.record.actions import write_line


@transaction.atomic
def override_rule(
    *,
    member: Member,
    rule: str,
    value: float,
    reason: OfficialText,
    source: str,
    effective_on: dt.date,
    by: User,
    at: dt.datetime,
) -> RuleOverride:
    """Give a rule the member's own value from a day, with the reason and the source.

    Raises ``Refused`` when the rule says no (no reason, no source, no number to override).
    """
    refuse_if(rules.why_not_override(by, member, rule=rule, value=value, reason=reason, source=source))
    override = RuleOverride.objects.create(
        member=member, rule=rule, value=value, reason=reason, source=source, effective_on=effective_on, decided_at=at
    )
    write_line(
        room="cycle",
        verb="override_rule",
        subject_type="RuleOverride",
        subject_uid=override.uid,
        member_code=member.slug,
        by_ref=by.reference,
        at=at,
        facts={"rule": rule, "value": value, "effective_on": effective_on.isoformat()},
    )
    return override
