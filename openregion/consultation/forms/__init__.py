"""The forms of the consultation room, one module a subject."""

from openregion.consultation.forms.moderation import HideForm, PlaceForm
from openregion.consultation.forms.pieces import ThemeChoice
from openregion.consultation.forms.questions import FREE_THEMES, ConsultationForm
from openregion.consultation.forms.words import ASKED, SuggestionForm

__all__ = [
    "ASKED",
    "FREE_THEMES",
    "ConsultationForm",
    "HideForm",
    "PlaceForm",
    "SuggestionForm",
    "ThemeChoice",
]
