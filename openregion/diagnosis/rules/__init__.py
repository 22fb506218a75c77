"""Who may do what in the diagnosis, one module a subject."""

from openregion.diagnosis.rules.findings import (
    references_of,
    why_not_add_to_finding,
    why_not_gather,
    why_not_publish_finding,
    why_not_remove_from_finding,
    why_not_revise_finding,
    why_not_write_finding,
)
from openregion.diagnosis.rules.reports import (
    MOVES,
    deeds_on,
    drafts_read_by,
    why_not_cite_in_passage,
    why_not_discard_report,
    why_not_draft_report,
    why_not_publish_report,
    why_not_remove_passage,
    why_not_revise_passage,
    why_not_write_of,
    why_not_write_passage,
    writes_of_all,
)

__all__ = [
    "MOVES",
    "deeds_on",
    "drafts_read_by",
    "references_of",
    "why_not_add_to_finding",
    "why_not_cite_in_passage",
    "why_not_discard_report",
    "why_not_draft_report",
    "why_not_gather",
    "why_not_publish_finding",
    "why_not_publish_report",
    "why_not_remove_from_finding",
    "why_not_remove_passage",
    "why_not_revise_finding",
    "why_not_revise_passage",
    "why_not_write_finding",
    "why_not_write_of",
    "why_not_write_passage",
    "writes_of_all",
]
