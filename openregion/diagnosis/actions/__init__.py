"""The deeds of the diagnosis, one module a subject; their names here are the names roles are given."""

from openregion.diagnosis.actions.findings import (
    add_to_finding,
    publish_finding,
    remove_from_finding,
    revise_finding,
    write_finding,
)
from openregion.diagnosis.actions.reports import (
    cite_in_passage,
    discard_report,
    draft_report,
    publish_report,
    remove_passage,
    revise_passage,
    write_passage,
)

__all__ = [
    "add_to_finding",
    "cite_in_passage",
    "discard_report",
    "draft_report",
    "publish_finding",
    "publish_report",
    "remove_from_finding",
    "remove_passage",
    "revise_finding",
    "revise_passage",
    "write_finding",
    "write_passage",
]
