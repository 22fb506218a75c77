"""The forms of the consultation room, one module a subject."""

from openregion.consultation.forms.appeals import AppealForm, DecideForm
from openregion.consultation.forms.assisting import (
    AssistForm,
)
from openregion.consultation.forms.capture import (
    SAID,
    CaptureForm,
    EmptySheetForm,
    SaidForm,
    SettleForm,
    SheetForm,
    items_of,
    sheets_of,
)
from openregion.consultation.forms.capture_passes import PassForm, TypedPassForm
from openregion.consultation.forms.following import FollowNewsForm
from openregion.consultation.forms.moderation import CaseForms, HideForm, KinForm, MaskForm, PlaceForm
from openregion.consultation.forms.paper import (
    AsideForm,
    CheckForm,
    EnterForm,
    KitFormsForm,
    PictureForm,
    PrintForm,
    ScanForm,
)
from openregion.consultation.forms.pieces import ThemeChoice
from openregion.consultation.forms.questions import (
    FREE_THEMES,
    ConsultationForm,
    ConsultationPaperForm,
    RemovePaperForm,
    RevisionForm,
)
from openregion.consultation.forms.takers import ProfileForm
from openregion.consultation.forms.voices import CommentForm, FlagForm
from openregion.consultation.forms.words import ASKED, FILES, SuggestionForm, TranscriptForm

__all__ = [
    "ASKED",
    "FILES",
    "FREE_THEMES",
    "SAID",
    "AppealForm",
    "AsideForm",
    "AssistForm",
    "CaptureForm",
    "CaseForms",
    "CheckForm",
    "CommentForm",
    "ConsultationForm",
    "ConsultationPaperForm",
    "DecideForm",
    "EmptySheetForm",
    "EnterForm",
    "FlagForm",
    "FollowNewsForm",
    "HideForm",
    "KinForm",
    "KitFormsForm",
    "MaskForm",
    "PassForm",
    "PictureForm",
    "PlaceForm",
    "PrintForm",
    "ProfileForm",
    "RemovePaperForm",
    "RevisionForm",
    "SaidForm",
    "ScanForm",
    "SettleForm",
    "SheetForm",
    "SuggestionForm",
    "ThemeChoice",
    "TranscriptForm",
    "TypedPassForm",
    "items_of",
    "sheets_of",
]
