"""The pages of the consultation room, one module a subject."""

from openregion.consultation.views.attachments import attachment, my_attachment, recordings, transcribe
from openregion.consultation.views.moderation import moderate, moderation, moderation_rules, sealed
from openregion.consultation.views.questions import consultations, new_consultation
from openregion.consultation.views.voices import flag, suggestion_voices, voices, vote
from openregion.consultation.views.words import SENT, SENT_KEPT, suggest

__all__ = [
    "SENT",
    "SENT_KEPT",
    "attachment",
    "consultations",
    "flag",
    "moderate",
    "moderation",
    "moderation_rules",
    "my_attachment",
    "new_consultation",
    "recordings",
    "sealed",
    "suggest",
    "suggestion_voices",
    "transcribe",
    "voices",
    "vote",
]
