"""What the candidacy refuses, and why; one module a subject."""

from openregion.admission.rules.answers import (
    overtaken,
    why_not_add_evidence,
    why_not_draft_answer,
    why_not_remove_evidence,
)
from openregion.admission.rules.calls import why_not_enter_call, why_not_questions
from openregion.admission.rules.contact import why_not_name_point_of_contact
from openregion.admission.rules.dossier import (
    MOVES,
    why_not_add_support,
    why_not_freeze_dossier,
    why_not_open_dossier,
    why_not_record_ogp_answer,
    why_not_sign_support,
    why_not_submit_dossier,
)
from openregion.admission.rules.eligibility import why_not_give_verdict
from openregion.admission.rules.status import why_not_correct_status, why_not_record_status

__all__ = [
    "MOVES", "overtaken", "why_not_add_evidence", "why_not_add_support", "why_not_correct_status",
    "why_not_draft_answer", "why_not_enter_call", "why_not_freeze_dossier", "why_not_give_verdict",
    "why_not_name_point_of_contact", "why_not_open_dossier", "why_not_questions", "why_not_record_ogp_answer",
    "why_not_record_status", "why_not_remove_evidence", "why_not_sign_support", "why_not_submit_dossier",
]  # fmt: skip
