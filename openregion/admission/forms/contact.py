"""The form that names the point of contact."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from openregion.core import languages
from openregion.core.forms import DayField
from openregion.core.official import OfficialText, official
from openregion.people.forms import LANGUAGES, ActChoice, LineField
from openregion.people.models import Act, Member


class ContactForm(forms.Form):
    """Who the point of contact is, by which act, from when; and whether the role on the platform comes with it."""

    name = LineField(label=gettext_lazy("Name"), max_length=120)
    function_fr = LineField(label=gettext_lazy("Function in French"), max_length=200)
    function_ar = LineField(label=gettext_lazy("Function in Arabic"), max_length=200)
    function_en = LineField(label=gettext_lazy("Function in English"), max_length=200, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the office"),
        required=False,
        help_text=gettext_lazy("It is published. Give the office's address, not a private one."),
    )
    telephone = LineField(
        label=gettext_lazy("Telephone of the office"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("It is published."),
    )
    act = ActChoice(
        Act.objects.none(),
        to_field_name="uid",
        label=gettext_lazy("Act of nomination"),
        help_text=gettext_lazy("Record the act first, on the page of acts; then choose it here."),
        empty_label=gettext_lazy("Choose the act"),
    )
    starts_on = DayField(label=gettext_lazy("From"))
    with_role = forms.BooleanField(
        label=gettext_lazy("Give this person the role of point of contact on the platform"),
        required=False,
        help_text=gettext_lazy(
            "They sign in with the address above. The role of the point of contact before them ends the same day."
        ),
    )
    lang = forms.ChoiceField(
        label=gettext_lazy("Language of the invitation"), choices=LANGUAGES, required=False, initial="fr"
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].queryset = Act.objects.of(member).latest_first()  # type: ignore[attr-defined]
        self.fields["telephone"].widget.attrs |= {"type": "tel", "dir": "ltr"}

    def function(self, at: dt.datetime) -> OfficialText:
        """Give the function as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"function_{lang}"] for lang in languages.WORKING})
