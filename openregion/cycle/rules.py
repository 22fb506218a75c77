"""What the cycle refuses, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openregion.core.official import OfficialText, text_in
from openregion.guide import queries as guides
from openregion.people.models import Member, User
from openregion.people.rules import why_not_allowed


def why_not_override(by: User, member: Member, *, rule: str, value: float, reason: OfficialText, source: str) -> str:
    """Say why a member may not give a rule its own value; empty when it may."""
    if refusal := why_not_allowed(by, "override_rule", member):
        return refusal
    found = guides.rule(guides.guide(member.guide_version), rule)
    if found is None or found.value is None:
        return _("This rule holds no single figure to change.")
    if value < 0:
        return _("A delay or a threshold cannot be negative.")
    if not text_in(reason, "fr") or not source.strip():
        return _("Say why this value differs, and where it comes from: both are published.")
    return ""
