"""The tables of the consultation, one module a subject."""

from openregion.consultation.models.calls import Application, CallForParticipation, Draw
from openregion.consultation.models.moderation import Appeal, Kinship, Sealed
from openregion.consultation.models.news import Follow, Notice
from openregion.consultation.models.questions import Consultation, ConsultationPaper, Theme
from openregion.consultation.models.readings import Import
from openregion.consultation.models.rooms import (
    Charge,
    KitPrinting,
    Need,
    PaperBatch,
    PaperForm,
    Sheet,
    SheetConflict,
    Workshop,
)
from openregion.consultation.models.takers import Profile, SpentPass
from openregion.consultation.models.voices import Comment, Flag, Vote
from openregion.consultation.models.words import (
    ERASED,
    AssistedEntry,
    Attachment,
    Contribution,
    Suggestion,
    SuggestionVector,
)

__all__ = [
    "ERASED",
    "Appeal",
    "Application",
    "AssistedEntry",
    "Attachment",
    "CallForParticipation",
    "Charge",
    "Comment",
    "Consultation",
    "ConsultationPaper",
    "Contribution",
    "Draw",
    "Flag",
    "Follow",
    "Import",
    "Kinship",
    "KitPrinting",
    "Need",
    "Notice",
    "PaperBatch",
    "PaperForm",
    "Profile",
    "Sealed",
    "Sheet",
    "SheetConflict",
    "SpentPass",
    "Suggestion",
    "SuggestionVector",
    "Theme",
    "Vote",
    "Workshop",
]
