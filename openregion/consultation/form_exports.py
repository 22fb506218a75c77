"""Contribution forms to print: the same batch gives the same sheets each time."""

from __future__ import annotations

from openregion.consultation.form_papers import forms_paper
from openregion.consultation.models import PaperBatch
from openregion.record import press


def forms_pdf(batch: PaperBatch) -> bytes:
    """Print a batch of forms as a PDF."""
    return press.pdf(forms_paper(batch))
