"""Forms filled by hand, sheets of tables, invented for tests.

``batch(consultation, forms=…, workshop=…)`` numbers forms to print; ``scanned(consultation)`` files
the picture of one, ``entered(consultation, by=…)`` types one in (``scan=False`` from its sheet, without picture),
``checked(form, by=…)`` checks it. ``sheet(workshop, by=…)`` sends the sheet of a table, and
``conflicting(workshop, by=…)`` one more written from before it. All go through the deeds.
"""

from __future__ import annotations

import io
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from openregion.consultation import actions
from openregion.consultation.models import Consultation, PaperBatch, PaperForm, SheetConflict, Workshop
from openregion.people.models import User
from openregion.record.actions import receive_file
from tests.factories.people import UserFactory

_NTH = count(1)


def picture(text: str = "") -> SimpleUploadedFile:
    """Draw the photo of a form: another one each time, unless its text is given."""
    drawn = Image.new("RGB", (420, 594), "white")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((20, 20, 400, 574), outline="black")
    pen.text((40, 60), text or f"Formulaire photographie {next(_NTH)}", fill="black")
    kept = io.BytesIO()
    drawn.save(kept, "JPEG")
    return SimpleUploadedFile("formulaire.jpg", kept.getvalue(), content_type="image/jpeg")


def _contact(consultation: Consultation) -> User:
    return UserFactory(role="point-of-contact", at=consultation.cycle.member)


def batch(consultation: Consultation, *, forms: int = 3, by: User | None = None, **more: Any) -> PaperBatch:
    """Number forms to print."""
    shared = {"by": by or _contact(consultation), "at": timezone.now()}
    return actions.print_forms(consultation, forms=forms, **shared, **more)


def scanned(consultation: Consultation, *, by: User | None = None, **more: Any) -> PaperForm:
    """File the picture of a form."""
    shared = {"by": by or _contact(consultation), "at": timezone.now()}
    return actions.scan_form(consultation, picture=receive_file(picture()), name="formulaire.jpg", **shared, **more)


def entered(
    consultation: Consultation, *, by: User | None = None, scan: bool = True, idea: str = "", **more: Any
) -> PaperForm:
    """Type in a form beside its picture; somebody else is to check it."""
    typist = by or _contact(consultation)
    said = {"words": {"idea": idea or f"Idée écrite à la main {next(_NTH)}"}, "lang": "fr", **more}
    form = scanned(consultation, by=typist) if scan else None
    return actions.enter_form(consultation, form=form, **said, by=typist, at=timezone.now())


def checked(form: PaperForm, *, by: User | None = None) -> actions.Received:
    """Check a form as it was typed."""
    said = {"words": form.words, "lang": form.lang, "theme": form.theme, "province": form.province}
    return actions.check_form(form, **said, by=by or _contact(form.consultation), at=timezone.now())


def sheet(workshop: Workshop, *, by: User | None = None, table: int = 1, first: str = "", **more: Any) -> Any:
    """Send the sheet of a table."""
    said = {"words": {"recommendations": first or "Publier le budget."}, "lang": "fr", "from_edition": 0, **more}
    typist = by or _contact(workshop.consultation)
    return actions.send_sheet(workshop, table=table, **said, by=typist, at=timezone.now())


def conflicting(workshop: Workshop, *, by: User | None = None, table: int = 1) -> SheetConflict:
    """Send a sheet, then another from before it: it waits beside."""
    typist = by or _contact(workshop.consultation)
    sheet(workshop, by=typist, table=table)
    sent = sheet(workshop, by=typist, table=table, first="Traduire le budget.")
    assert sent.conflict is not None
    return sent.conflict
