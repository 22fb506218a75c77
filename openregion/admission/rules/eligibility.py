"""What is refused about verdicts on eligibility, and why."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openregion.admission import queries
from openregion.admission.models import EligibilityVerdict
from openregion.core.official import OfficialText
from openregion.cycle.models import Cycle
from openregion.people.models import User
from openregion.people.rules import today, why_not_allowed

LONGEST_SOURCE = 300


def why_not_give_verdict(
    by: User, cycle: Cycle, *, criterion: str, verdict: str, reason: OfficialText, source: str, on: dt.date
) -> str:
    """Say why a person may not give this verdict on a criterion; empty when they may."""
    if refusal := why_not_allowed(by, "give_verdict", cycle.member):
        return refusal
    if cycle.kind != Cycle.Kind.ADMISSION:
        return _("Eligibility is read within a candidacy. Open its cycle first.")
    known = {one.code for one in queries.criteria(queries.book_for(cycle.member, cycle))}
    if criterion not in known:
        return _("This criterion is not in the guide's list. Choose one of the page of eligibility.")
    if verdict not in EligibilityVerdict.Verdict.values:
        return _("Say whether the criterion is met, not met, or not known yet.")
    if not reason:
        return _("Give the reason: a verdict without one convinces nobody.")
    if not source.strip() or len(source) > LONGEST_SOURCE:
        return _("Say where it was read, in 300 characters at most.")
    if on > today():
        return _("A verdict cannot be given in the future. Check its day.")
    return ""
