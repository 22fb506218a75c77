"""The forms of the cycle. For now: a rule's own value, with its reason and source."""

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
        help_text=_("A number, in the rule's own unit. A share is between 0 and 1."),
        widget=forms.NumberInput(attrs={"step": "any", "min": "0"}),
    )
    effective_on = DayField(label=_("From which day it holds"))
    reason_fr = WordsField(
        label=_("Why it differs, in French"),
        help_text=_("One or two sentences. They are published beside the rule."),
        **_reason("fr"),
    )
    reason_ar = WordsField(label=_("Why it differs, in Arabic"), required=False, **_reason("ar"))
    reason_en = WordsField(label=_("Why it differs, in English"), required=False, **_reason("en"))
    source = forms.CharField(
        label=_("Where it comes from"),
        help_text=_("The text and its article, or the address of a page."),
        max_length=300,
    )

    def reason(self, at: dt.datetime) -> OfficialText:
        """Give the reason as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"reason_{lang}"] for lang in languages.WORKING})
