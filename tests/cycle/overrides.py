"""Rules given their own value, for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openregion.cycle.models import RuleOverride
from openregion.people.models import Member
from tests.factories.people import AT, words


def overridden(member: Member, rule: str, value: float, **fields: Any) -> RuleOverride:
    """Give a rule a member's own value, in force since the first of January unless told otherwise."""
    given: dict[str, Any] = {
        "effective_on": dt.date(2026, 1, 1),
        "decided_at": AT,
        "source": "Règlement intérieur, art. 3",
    }
    given |= {"reason": words("Le Conseil en a décidé ainsi.", "هكذا قرر المجلس.", "The Council decided so.")}
    return RuleOverride.objects.create(member=member, rule=rule, value=value, **(given | fields))
