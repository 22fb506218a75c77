"""What is asked of whoever prints forms, files their pictures, types them in and checks them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.consultation import queries, rules
from openregion.consultation.forms.capture import SAID, SaidForm
from openregion.consultation.forms.pieces import body
from openregion.consultation.models import Consultation, PaperForm, Workshop
from openregion.core import dates
from openregion.core.forms import DayField
from openregion.core.official import text_in
from openregion.people.forms import LineField

MOST_FILES = 20
PICTURE_TYPES = "image/jpeg,image/png,application/pdf"


class WorkshopChoice(forms.ModelChoiceField):
    """A choice among the workshops of a consultation, by their day and title."""

    def label_from_instance(self, workshop: Workshop) -> str:  # type: ignore[override]
        """Name the workshop by its day and its title."""
        on = dates.day(timezone.localdate(workshop.meeting.starts_at), get_language() or "fr")
        return f"{on} · {text_in(workshop.meeting.title, body())}"


def workshop_field(consultation: Consultation, help_text: Any = "") -> WorkshopChoice:
    """Ask which workshop forms are of; none for those that are handed out elsewhere."""
    return WorkshopChoice(
        queries.workshops_of(consultation),
        to_field_name="uid",
        required=False,
        empty_label=_("None"),
        label=_("Workshop"),
        help_text=help_text,
    )


class PrintForm(forms.Form):
    """How many forms to print, in which language, and for which workshop."""

    lang = forms.ChoiceField(
        label=gettext_lazy("Language of the forms"),
        choices=[(code, rules.TONGUES[code]) for code in rules.FORM_LANGUAGES],
        help_text=gettext_lazy("For both, number two batches. People answer in the language they like."),
        widget=forms.RadioSelect,
    )
    how_many = forms.IntegerField(label=gettext_lazy("How many forms"), min_value=1, max_value=rules.MOST_FORMS)

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how_many"].initial = 30
        self.fields["lang"].initial = "ar"
        self.fields["workshop"] = workshop_field(consultation)


class KitFormsForm(forms.Form):
    """How many numbered forms go with the kit of a workshop, in each language that has none yet.

    ``numbers`` is whether whoever asks may number forms; nothing is asked of others.
    """

    labels = {
        "ar": gettext_lazy("Numbered contribution forms in Arabic"),
        "fr": gettext_lazy("Numbered contribution forms in French"),
    }

    def __init__(self, *args: Any, workshop: Workshop, numbers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = set(workshop.batches.values_list("lang", flat=True)) if numbers else set(rules.FORM_LANGUAGES)
        for lang in rules.FORM_LANGUAGES:
            if lang not in there:
                self.fields[lang] = forms.IntegerField(
                    label=self.labels[lang],
                    min_value=0,
                    max_value=rules.MOST_FORMS,
                    required=False,
                    initial=0 if there or lang != rules.FORM_LANGUAGES[0] else rules.forms_for(workshop),
                )

    def given(self) -> dict[str, int]:
        """Give how many forms are asked in each language."""
        return {lang: number for lang, number in self.cleaned_data.items() if number}


class ManyFiles(forms.FileField):
    """Several files chosen at once."""

    def clean(self, given: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        """Take each of them. Raises ``ValidationError``."""
        sent = [one for one in (given if isinstance(given, list | tuple) else [given]) if one]
        if len(sent) > MOST_FILES:
            raise forms.ValidationError(_("Choose %(most)s files at most at a time.") % {"most": MOST_FILES})
        super().clean(sent[0] if sent else None, initial)
        return sent


class ManyFilesInput(forms.FileInput):
    """A box that takes several files."""

    allow_multiple_selected = True


class ScanForm(forms.Form):
    """The pictures of forms, one picture a form."""

    pictures = ManyFiles(
        label=gettext_lazy("Pictures of the forms"),
        help_text=gettext_lazy("One picture for each form: photos (JPEG, PNG) or scans (PDF), 20 at most at a time."),
        widget=ManyFilesInput(attrs={"accept": PICTURE_TYPES, "multiple": True}),
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workshop"] = workshop_field(consultation)


class PictureForm(forms.Form):
    """The picture of one form that was typed from its sheet."""

    picture = forms.FileField(
        label=gettext_lazy("Picture of this form"),
        help_text=gettext_lazy("A photo (JPEG, PNG) or a scan (PDF) of the whole form, that anyone can read."),
        widget=forms.FileInput(attrs={"accept": PICTURE_TYPES}),
    )


class EnterForm(SaidForm):
    """What is written on a form, and the number it bears."""

    number = LineField(
        label=gettext_lazy("Number of the form"),
        required=False,
        max_length=20,
        help_text=gettext_lazy(
            "As printed at its head, with its hyphens. The author of a form without a number has no code to follow it: "
            "if you can still reach them, give them the stub of a numbered form that nobody used, keep its sheet with "
            "theirs, and type its number here."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    given_on = DayField(
        label=gettext_lazy("Day written on the form"),
        required=False,
        help_text=gettext_lazy("Without a day, the workshop's counts."),
    )

    def __init__(self, *args: Any, form: PaperForm | None = None, consultation: Consultation, **kwargs: Any) -> None:
        if form is not None:
            kwargs["initial"] = _typed(form) | kwargs.get("initial", {})
        super().__init__(*args, consultation=consultation, **kwargs)
        del self.fields["ticket"]
        self.fields["workshop"] = workshop_field(
            consultation, _("For a form without a number; a numbered one knows its workshop.")
        )
        self.order_fields(["number", *SAID, "theme", "province", "lang", "given_on", "workshop"])

    def clean_number(self) -> tuple[int, int] | None:
        """Read the number, whose last digit tells a slip of the keyboard. Raises ``ValidationError``."""
        typed = str(self.cleaned_data["number"])
        if typed and (found := queries.form_number(typed)) is None:
            raise forms.ValidationError(_("This number is mistyped: its last digit does not agree. Read it again."))
        return found if typed else None

    def given(self) -> dict[str, Any]:
        """Give what was typed as the deed takes it."""
        given = self.cleaned_data
        day: dt.date | None = given["given_on"]
        return self.said() | {"number": given["number"], "workshop": given["workshop"], "given_on": day}


class CheckForm(SaidForm):
    """What another person typed, to confirm or to correct."""

    def __init__(self, *args: Any, form: PaperForm, **kwargs: Any) -> None:
        kwargs["initial"] = _typed(form)
        super().__init__(*args, consultation=form.consultation, **kwargs)
        del self.fields["ticket"]
        self.order_fields([*SAID, "theme", "province", "lang"])


class AsideForm(forms.Form):
    """Why a form gives no contribution."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=list(rules.ASIDE_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say why it is set aside: choose one of the reasons.")},
    )


def _typed(form: PaperForm) -> dict[str, Any]:
    """Give what was typed already to the boxes that ask it."""
    numbered: Sequence[int] = (form.batch.number, form.serial) if form.batch and form.serial else ()
    return {
        **form.words,
        "lang": form.lang,
        "theme": form.theme and form.theme.code,
        "province": form.province and form.province.code,
        "number": queries.form_label(*numbered) if numbered else "",
        "given_on": form.given_on,
        "workshop": form.workshop and form.workshop.uid,
    }
