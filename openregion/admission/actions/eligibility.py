"""What is done about eligibility: verdicts given by a person, never edited."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openregion.admission import rules
from openregion.admission.actions.steps import journal
from openregion.admission.models import EligibilityVerdict
from openregion.core.official import OfficialText, says_the_same
from openregion.core.refusal import refuse_if
from openregion.cycle.actions.steps import hold
from openregion.cycle.models import Cycle
from openregion.people.models import User


@transaction.atomic
def give_verdict(
    cycle: Cycle,
    *,
    criterion: str,
    verdict: str,
    reason: OfficialText,
    source: str,
    on: dt.date,
    by: User,
    at: dt.datetime,
) -> EligibilityVerdict:
    """Say whether a criterion of eligibility is met, with the reason, the source and the day.

    Never edited: a later verdict follows, and the page shows them all. The same
    one given twice is one. It is the Region's reading, not OGP's decision.
    Raises ``Refused`` when the rule says no.
    """
    hold(cycle)
    refuse_if(
        rules.why_not_give_verdict(by, cycle, criterion=criterion, verdict=verdict, reason=reason, source=source, on=on)
    )
    last = EligibilityVerdict.objects.filter(cycle=cycle, criterion=criterion).order_by("-on", "-pk").first()
    if last and (last.verdict, last.source, last.on) == (verdict, source, on) and says_the_same(last.reason, reason):
        return last
    given = EligibilityVerdict.objects.create(
        cycle=cycle, criterion=criterion, verdict=verdict, reason=reason, source=source, on=on, made_at=at
    )
    journal("give_verdict", given, cycle.member, by, at, criterion=criterion, verdict=verdict, on=on.isoformat())
    return given
