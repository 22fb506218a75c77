"""The forms of an answer and of its evidence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.admission.models import Answer
from openregion.admission.queries.answers import STATES, plain
from openregion.core import languages
from openregion.core.forms import DayField, WordsField
from openregion.core.official import OfficialText, official
from openregion.people.forms import LineField

LONGEST = 20_000


class AnswerForm(forms.Form):
    """An answer in the working languages, how ready it is, what it still lacks, and the revision its writer read."""

    text_fr = WordsField(label=gettext_lazy("Answer in French"), rows=8, required=False, max_length=LONGEST)
    text_ar = WordsField(label=gettext_lazy("Answer in Arabic"), rows=8, required=False, max_length=LONGEST)
    text_en = WordsField(
        label=gettext_lazy("Answer in English"),
        rows=8,
        required=False,
        max_length=LONGEST,
        help_text=gettext_lazy("OGP reads this one."),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("How ready it is"),
        widget=forms.RadioSelect,
        choices=[(code, words) for code, (words, _tone) in STATES.items()],
    )
    gaps_fr = WordsField(
        label=gettext_lazy("What it still lacks, in French"), rows=2, required=False, max_length=LONGEST
    )
    gaps_ar = WordsField(
        label=gettext_lazy("What it still lacks, in Arabic"), rows=2, required=False, max_length=LONGEST
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    def words(self, name: str = "text") -> dict[str, str]:
        """Give what was written, by language."""
        said = self.cleaned_data
        return {lang: said[f"{name}_{lang}"] for lang in languages.WORKING if said.get(f"{name}_{lang}")}

    @staticmethod
    def of(answer: Answer | None, drawn: OfficialText | None = None) -> dict[str, Any]:
        """Give what the form opens with: the answer as it stands, else what is drawn from a condition's."""
        text = plain(answer.text if answer and answer.revision else drawn or {})
        gaps = plain(answer.gaps) if answer else {}
        opened: dict[str, Any] = {f"text_{lang}": text.get(lang, "") for lang in languages.WORKING}
        opened |= {f"gaps_{lang}": gaps.get(lang, "") for lang in ("fr", "ar")}
        ready = answer.state if answer else (Answer.State.PARTIAL if text else Answer.State.MISSING)
        return opened | {"state": ready, "revision": answer.revision if answer else 0}


class EvidenceForm(forms.Form):
    """A document beside an answer: its title, a file or an address, its day."""

    title_fr = LineField(label=gettext_lazy("What it shows, in French"), max_length=200)
    title_ar = LineField(label=gettext_lazy("What it shows, in Arabic"), max_length=200)
    title_en = LineField(label=gettext_lazy("What it shows, in English"), max_length=200, required=False)
    file = forms.FileField(
        label=gettext_lazy("The file"),
        required=False,
        help_text=gettext_lazy(
            "It goes with the dossier, which OGP publishes. Hide the identity-card numbers and private addresses "
            "it may hold."
        ),
    )
    url = forms.URLField(label=gettext_lazy("Or its address"), required=False, max_length=500, assume_scheme="https")
    dated_on = DayField(
        label=gettext_lazy("Its date"),
        required=False,
        help_text=gettext_lazy("Some conditions ask for a proof dated within a few years."),
    )

    def title(self, at: dt.datetime) -> OfficialText:
        """Give the title as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"title_{lang}"] for lang in languages.WORKING})

    def clean(self) -> dict[str, Any]:
        """Ask for a file or an address, one of the two."""
        said = super().clean() or {}
        if not self.errors and bool(said.get("file")) == bool(said.get("url")):
            self.add_error("file", _("Give a file or an address, one of the two."))
        return said
