"""The pages of the diagnosis, one module a subject."""

from openregion.diagnosis.views.findings import (
    add_to_finding,
    edit_finding,
    finding,
    findings,
    new_finding,
    publish_finding,
    remove_from_finding,
)
from openregion.diagnosis.views.report_papers import report_csv, report_json, report_paper
from openregion.diagnosis.views.reports import (
    cite_in_passage,
    correct_report,
    discard_report,
    new_report,
    publish_report,
    remove_passage,
    report,
    report_passage,
    report_uncited,
    reports,
    revise_passage,
    stop_report,
    write_passage,
)

__all__ = [
    "add_to_finding",
    "cite_in_passage",
    "correct_report",
    "discard_report",
    "edit_finding",
    "finding",
    "findings",
    "new_finding",
    "new_report",
    "publish_finding",
    "publish_report",
    "remove_from_finding",
    "remove_passage",
    "report",
    "report_csv",
    "report_json",
    "report_paper",
    "report_passage",
    "report_uncited",
    "reports",
    "revise_passage",
    "stop_report",
    "write_passage",
]
