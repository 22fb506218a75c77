"""The form of a verdict on a criterion of eligibility."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy

from openregion.admission.queries.eligibility import VERDICTS
from openregion.core import languages
from openregion.core.forms import DayField, WordsField
from openregion.core.official import OfficialText, official
from openregion.people.forms import LineField


class VerdictForm(forms.Form):
    """Is the criterion met, why, where it was read, on which day."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("The Region's verdict"),
        widget=forms.RadioSelect,
        choices=[(code, words) for code, (words, _tone) in VERDICTS.items()],
    )
    reason_fr = WordsField(label=gettext_lazy("Reason in French"), rows=3)
    reason_ar = WordsField(label=gettext_lazy("Reason in Arabic"), rows=3)
    reason_en = WordsField(label=gettext_lazy("Reason in English"), rows=3, required=False)
    source = LineField(
        label=gettext_lazy("Where it was read"),
        max_length=300,
        help_text=gettext_lazy("A page, a document, an article: what lets anyone check."),
    )
    on = DayField(label=gettext_lazy("On which day"))

    def reason(self, at: dt.datetime) -> OfficialText:
        """Give the reason as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"reason_{lang}"] for lang in languages.WORKING})
