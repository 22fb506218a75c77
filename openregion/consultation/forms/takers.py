"""The few questions on who takes part: all optional, apart from what was said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from openregion.consultation import queries
from openregion.consultation.forms.pieces import place_field
from openregion.consultation.models import Consultation


class ProfileForm(forms.Form):
    """Who takes part: each question may stay empty."""

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pass"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
        self.fields["channel"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)
        for name, answers in queries.ASKED.items():
            self.fields[name] = forms.ChoiceField(
                label=str(queries.QUESTIONS[name]),
                choices=[("", _("I prefer not to say")), *answers.items()],
                required=False,
                widget=forms.RadioSelect,
            )
        self.fields["province"] = place_field(consultation, label=_("Province or prefecture where you live"))
        self.fields["province"].empty_label = _("I prefer not to say")  # type: ignore[attr-defined]
        self.order_fields(
            ["pass", "channel", "gender", "age_band", "province", "area", "disability", "organisation_type"]
        )

    def answers(self) -> dict[str, str]:
        """Give what was answered; nothing of what was passed over."""
        return {name: said for name in queries.ASKED if (said := self.cleaned_data.get(name, ""))}
