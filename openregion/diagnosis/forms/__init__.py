"""The forms of the diagnosis, one module a subject."""

from openregion.diagnosis.forms.findings import (
    LONGEST,
    FindingForm,
    OfficialForm,
    line,
    numbers_in,
    passage,
    picking_of,
    typed_so_far,
)
from openregion.diagnosis.forms.reports import CiteForm, PassageForm, PublishForm, ReportForm, offered, spans_in

__all__ = [
    "LONGEST",
    "CiteForm",
    "FindingForm",
    "OfficialForm",
    "PassageForm",
    "PublishForm",
    "ReportForm",
    "line",
    "numbers_in",
    "offered",
    "passage",
    "picking_of",
    "spans_in",
    "typed_so_far",
]
