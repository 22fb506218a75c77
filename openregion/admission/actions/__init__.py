"""The deeds of the candidacy, one module a subject; their names here are the names roles are given."""

from openregion.admission.actions.answers import add_evidence, draft_answer, remove_evidence
from openregion.admission.actions.calls import enter_call
from openregion.admission.actions.contact import name_point_of_contact
from openregion.admission.actions.dossier import (
    add_support,
    freeze_dossier,
    open_dossier,
    record_ogp_answer,
    sign_support,
    submit_dossier,
)
from openregion.admission.actions.eligibility import give_verdict
from openregion.admission.actions.status import correct_status, record_status

__all__ = [
    "add_evidence", "add_support", "correct_status", "draft_answer", "enter_call", "freeze_dossier", "give_verdict",
    "name_point_of_contact", "open_dossier", "record_ogp_answer", "record_status", "remove_evidence", "sign_support",
    "submit_dossier",
]  # fmt: skip
