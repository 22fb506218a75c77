"""Reading the candidacy; one module a subject."""

from openregion.admission.queries.answers import (
    OWN,
    adopted_deliberation,
    between,
    blocks_for,
    condition_lines,
    condition_of,
    evidence_lines,
    plain,
    revision_lines,
    warnings_on,
)
from openregion.admission.queries.calls import (
    CHANNELS,
    UNITS,
    call_line,
    calls_page,
    length_of,
    limit_in_words,
    open_call,
    said,
    working_page,
    working_questions,
    working_title,
)
from openregion.admission.queries.candidacy import candidacy_of, candidacy_page
from openregion.admission.queries.contact import contact_in_office, contact_page
from openregion.admission.queries.dossier import (
    SIGNERS,
    annexes,
    asked_lines,
    candidacy_name,
    dossier_page,
    dossier_url,
    dossiers_of,
    is_late,
    lacking,
    latest_dossier,
    statement_in_words,
    statement_of,
)
from openregion.admission.queries.due import due
from openregion.admission.queries.eligibility import VERDICTS, criterion_line, eligibility_page
from openregion.admission.queries.finding import (
    FINDABLE_KINDS,
    entries_of_call,
    entries_of_contact,
    entries_of_dossier,
    findable,
)
from openregion.admission.queries.lists import book_for, conditions, criteria
from openregion.admission.queries.status import Status, effective_proposal, label_of, membership_page, status_of

__all__ = [
    "CHANNELS", "FINDABLE_KINDS", "OWN", "SIGNERS", "UNITS", "VERDICTS", "Status", "adopted_deliberation", "annexes",
    "asked_lines", "between", "blocks_for", "book_for", "call_line", "calls_page", "candidacy_name", "candidacy_of",
    "candidacy_page", "condition_lines", "condition_of", "conditions", "contact_in_office", "contact_page",
    "criteria", "criterion_line", "dossier_page", "dossier_url", "dossiers_of", "due", "effective_proposal",
    "eligibility_page", "entries_of_call", "entries_of_contact", "entries_of_dossier", "evidence_lines", "findable",
    "is_late", "label_of", "lacking", "latest_dossier", "length_of", "limit_in_words", "membership_page", "open_call",
    "plain", "revision_lines", "said", "statement_in_words", "statement_of", "status_of", "warnings_on",
    "working_page", "working_questions", "working_title",
]  # fmt: skip
