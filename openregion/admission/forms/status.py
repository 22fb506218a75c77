"""The form of the member's state."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy

from openregion.admission.models import StatusEvent
from openregion.admission.queries.status import LABELS
from openregion.core import languages
from openregion.core.forms import DayField, WordsField
from openregion.core.official import OfficialText, official
from openregion.people.forms import LineField


class StatusForm(forms.Form):
    """A state of the member, since when, what gave it, and the proof."""

    state = forms.ChoiceField(
        label=gettext_lazy("State of the Region towards OGP"),
        choices=[(state, LABELS[state]) for state in StatusEvent.State],
    )
    on = DayField(label=gettext_lazy("Since"))
    reason_fr = WordsField(label=gettext_lazy("What gave it this state, in French"), rows=3, max_length=5000)
    reason_ar = WordsField(label=gettext_lazy("What gave it this state, in Arabic"), rows=3, max_length=5000)
    reason_en = WordsField(
        label=gettext_lazy("What gave it this state, in English"), rows=3, required=False, max_length=5000
    )
    source = LineField(
        label=gettext_lazy("Where it can be read"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("The proof: an address, a decision. Or give a file."),
    )
    file = forms.FileField(
        label=gettext_lazy("File of the proof"),
        required=False,
        help_text=gettext_lazy("Everyone can read it. Hide the private addresses it may hold."),
    )

    def reason(self, at: dt.datetime) -> OfficialText:
        """Give the reason as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"reason_{lang}"] for lang in languages.WORKING})
