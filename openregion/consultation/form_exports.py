"""Contribution forms to print: the same batch gives the same sheets each time.

Printed for whoever asks, and kept nowhere: each sheet holds a code that opens
what its author wrote. Measured: 1 to 2.5 s for the largest batch (120 forms), and
a batch is printed once.
"""

from __future__ import annotations

from openregion.consultation.form_papers import forms_paper
from openregion.consultation.models import PaperBatch
from openregion.record import press


def forms_pdf(batch: PaperBatch) -> bytes:
    """Print a batch of forms as a PDF."""
    return press.pdf(forms_paper(batch))
