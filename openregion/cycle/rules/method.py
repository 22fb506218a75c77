"""What is refused about the method a member follows, and why."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import RuleOverride
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.people.rules import why_not_allowed


def why_not_override(
    by: User,
    member: Member,
    *,
    rule: str,
    value: float,
    reason: OfficialText,
    source: str,
    effective_on: dt.date,
) -> str:
    """Say why a member may not give a rule its own value; empty when it may."""
    if refusal := why_not_allowed(by, "override_rule", member):
        return refusal
    found = guides.rule(guides.guide(member.guide_version), rule)
    if found is None or found.value is None:
        return _("This rule holds no single figure to change.")
    if value < 0:
        return _("A delay or a threshold cannot be negative.")
    if found.unit == "share" and value > 1:
        return _("A share cannot be more than 100 %.")
    if RuleOverride.objects.filter(member=member, rule=rule, value=value, effective_on=effective_on).exists():
        return _("This value is published already, from the same day.")
    if not text_in(reason, "fr") or not source.strip():
        return _("Say why this value differs, and where it comes from: both are published.")
    return ""


def why_not_adopt_version(by: User, member: Member, *, version: str) -> str:
    """Say why a member may not follow this version of the method from now on; empty when it may."""
    if refusal := why_not_allowed(by, "adopt_guide_version", member):
        return refusal
    if version not in guides.versions():
        return _("The platform holds no version of this name. Add its folder first.")
    if version == member.guide_version:
        return _("This space follows this version already.")
    try:
        offered = guides.guide(version)
    except guides.BadGuide:
        return _("This version has mistakes and cannot be opened. Run ./manage check: it names each one.")
    if offered.book.scope != guides.guide(member.guide_version).book.scope:
        return _("This version is written for another level of authority.")
    return ""
