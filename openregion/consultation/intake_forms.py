"""The forms of imports: which file goes into which consultation, and what its columns are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation import intake_pages
from openregion.consultation.columns import TARGETS
from openregion.consultation.imports import MOST_BYTES
from openregion.people.models import Member


class FileForm(forms.Form):
    """Asks which file goes into which consultation."""

    consultation = forms.ChoiceField(label=gettext_lazy("Consultation that it answers"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A table saved as CSV, 20 MB at most, with the names of its columns in a row at the top. "
            "From a spreadsheet, choose “Save as” and “CSV UTF-8”. You see how it is read before anything is imported."
        ),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consultation"].choices = intake_pages.consultations_of(member)  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Turn away what is too big before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 20 MB. Cut it into several, or have it read in on the server.")
            )
        return file


class ColumnsForm(forms.Form):
    """Asks what each column is, and whether the rows are published at once."""

    publish = forms.BooleanField(
        label=gettext_lazy("Publish at once, without moderation"),
        help_text=gettext_lazy(
            "Everyone reads these words as soon as they are imported. Choose it only for what has been moderated "
            "before. Reading in takes about five times as long."
        ),
        required=False,
    )

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("no column")), *((name, name) for name in names)]
        for target, label in TARGETS.items():
            self.fields[target] = forms.ChoiceField(label=str(label), choices=choices, required=False)
        self.order_fields([*TARGETS, "publish"])

    def columns(self) -> dict[str, str]:
        """Give the column chosen for each thing, an empty name where there is none."""
        return {target: self.cleaned_data[target] for target in TARGETS}
