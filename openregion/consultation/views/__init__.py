"""The pages of the consultation room, one module a subject."""

from openregion.consultation.views.moderation import moderate, moderation
from openregion.consultation.views.questions import consultation, consultations, new_consultation
from openregion.consultation.views.words import SENT, SENT_KEPT, suggest

__all__ = [
    "SENT",
    "SENT_KEPT",
    "consultation",
    "consultations",
    "moderate",
    "moderation",
    "new_consultation",
    "suggest",
]
