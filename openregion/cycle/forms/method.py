"""The forms of the cycle: a rule's own value with its reason and source, a version to follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openregion.core import languages
from openregion.core.forms import DayField, WordsField
from openregion.core.official import OfficialText, official


def _reason(lang: str) -> dict[str, Any]:
    attrs = {"rows": 4, "lang": lang, "dir": languages.direction(lang)}
    return {"widget": forms.Textarea(attrs=attrs), "max_length": 2000}


class OverrideForm(forms.Form):
    """A member's own value for a rule: the figure, from when, why, and where it comes from."""

    value = forms.FloatField(
        label=_("The authority's own value"),
        help_text=_("A number, in the rule's own unit."),
        widget=forms.NumberInput(attrs={"step": "any", "min": "0"}),
    )
    effective_on = DayField(label=_("From which day it holds"))
    reason_fr = WordsField(
        label=_("Why it differs, in French"),
        required=False,
        help_text=_("One or two sentences, in French or in Arabic. They are published beside the rule."),
        **_reason("fr"),
    )
    reason_ar = WordsField(label=_("Why it differs, in Arabic"), required=False, **_reason("ar"))
    reason_en = WordsField(label=_("Why it differs, in English"), required=False, **_reason("en"))
    source = forms.CharField(
        label=_("Where it comes from"),
        help_text=_("The text and its article, or the address of a page."),
        max_length=300,
    )

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.share = unit == "share"
        if self.share:
            # A person says "50 %", never "0.5": typing 50 for a share must not publish 5000 %.
            self.fields["value"].label = _("The authority's own value, in percent")
            self.fields["value"].help_text = _("Between 0 and 100.")
            self.fields["value"].widget.attrs["max"] = "100"

    def clean_value(self) -> float:
        """Keep a share as a part of one, whatever way it is typed."""
        typed = self.cleaned_data["value"]
        return typed / 100 if self.share else typed

    def clean(self) -> dict[str, Any]:
        """Ask for the reason in one of the two working languages."""
        said = super().clean() or {}
        if not said.get("reason_fr") and not said.get("reason_ar"):
            self.add_error("reason_fr", _("Say why this value differs, in French or in Arabic: it is published."))
        return said

    def reason(self, at: dt.datetime) -> OfficialText:
        """Give the reason as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"reason_{lang}"] for lang in languages.WORKING})


class AdoptForm(forms.Form):
    """One press to follow a version: there is nothing to type, and a refusal needs a place to be read."""
