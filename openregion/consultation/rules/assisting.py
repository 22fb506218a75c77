"""Who may write for somebody who is present."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, Theme
from openregion.people.models import User
from openregion.people.rules import why_not_allowed

LONGEST_ORGANISATION = 200


def why_not_assist(
    by: User, consultation: Consultation, *, consent: bool, organisation: str = "", theme: Theme | None = None
) -> str:
    """Say why somebody may not write for a person who is present; empty when they may.

    What the person may say, in what words and until when, is for the rule of suggestions.
    """
    if refusal := why_not_allowed(by, "assist_entry", consultation.cycle.member):
        return refusal
    if not consent:
        return _("Read the words aloud and tick the box once the person agrees. Without their yes, nothing is written.")
    if len(organisation) > LONGEST_ORGANISATION:
        return _("Shorten the name of the organisation: 200 characters at most.")
    if theme and theme.consultation_id != consultation.pk:
        return _("This theme belongs to another consultation.")
    return ""
