"""Who may write for somebody who is present."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation.models import Consultation, Contribution, Theme
from openregion.people.models import User
from openregion.people.rules import why_not_allowed

LONGEST_ORGANISATION = 200

# In which tongue a person is asked whether they agree: what is spoken, whatever they are written in afterwards.
ASKED_IN: dict[str, Promise] = {
    "ary": gettext_lazy("Darija"),
    "zgh": gettext_lazy("Tamazight"),
    "ar": gettext_lazy("Arabic"),
    "fr": gettext_lazy("French"),
    "en": gettext_lazy("English"),
    "und": gettext_lazy("Another language, or signs"),
}


def why_not_assist(
    by: User,
    consultation: Consultation,
    *,
    consent: bool,
    consent_lang: str,
    organisation: str = "",
    theme: Theme | None = None,
) -> str:
    """Say why somebody may not write for a person who is present; empty when they may.

    What the person may say, in what words and until when, is for the rule of suggestions.
    """
    if refusal := why_not_allowed(by, "assist_entry", consultation.cycle.member):
        return refusal
    if not consent:
        return _("Read the words aloud and tick the box once the person agrees. Without their yes, nothing is written.")
    if consent_lang not in ASKED_IN:
        return _("Say in which language you asked the person whether they agree: choose it from the list.")
    if len(organisation) > LONGEST_ORGANISATION:
        return _("Shorten the name of the organisation: 200 characters at most.")
    if theme and theme.consultation_id != consultation.pk:
        return _("This theme belongs to another consultation.")
    return ""


def why_not_without_consent(channel: str, *, consented: bool, imported: bool) -> str:
    """Say why words may not come marked as written with help; empty when they may, or are not so marked.

    Somebody's words written down by another come with the consent of who spoke,
    and no other way; what is read in from elsewhere keeps the mark it had there.
    """
    if channel == Contribution.Channel.ASSISTED and not consented and not imported:
        return _("What is written for somebody who is present comes by its own page, where their consent is recorded.")
    return ""
