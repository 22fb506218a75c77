"""The forms of the diagnosis: a finding's words, and the suggestions it gathers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.core import languages
from openregion.core.forms import WordsField
from openregion.core.official import OfficialText, reworded
from openregion.cycle.models import Cycle
from openregion.cycle.queries import book_of
from openregion.diagnosis import queries
from openregion.diagnosis.queries import MOST_CHOSEN, Picking
from openregion.people.forms import LineField

LONGEST = 20_000
_NUMBERS = re.compile(r"[0-9]{1,9}")


def line(label: Any, lang: str, *, needed: bool = False, most: int = 200, **more: Any) -> LineField:
    """Ask one line of official text in a language."""
    attrs = {"lang": lang, "dir": languages.direction(lang)}
    return LineField(label=label, max_length=most, required=needed, widget=forms.TextInput(attrs=attrs), **more)


def passage(label: Any, lang: str, *, needed: bool = False, rows: int = 6, **more: Any) -> WordsField:
    """Ask official text at length in a language."""
    attrs = {"rows": rows, "lang": lang, "dir": languages.direction(lang)}
    return WordsField(label=label, required=needed, max_length=LONGEST, widget=forms.Textarea(attrs=attrs), **more)


class OfficialForm(forms.Form):
    """A form that asks official texts, each in French, Arabic and English."""

    def said(self, name: str, at: dt.datetime, before: OfficialText | None = None) -> OfficialText:
        """Give what was typed under a name as official text.

        Words left as they were keep their date, and the text they translate:
        that a translation is out of date stays true until it is written anew.
        The first language written, French first, is the one the others translate.
        """
        typed = {lang: self.cleaned_data[f"{name}_{lang}"] for lang in languages.WORKING}
        return reworded(before or {}, typed, at=at)

    def _one_language(self, name: str, complaint: str) -> None:
        fields = [f"{name}_{lang}" for lang in languages.WORKING]
        if not any(self.cleaned_data.get(field) or field in self.errors for field in fields):
            self.add_error(fields[0], complaint)


class FindingForm(OfficialForm):
    """A finding's words: its title, what people said together, the guide's reference it falls under."""

    title_fr = line(gettext_lazy("Title in French"), "fr", help_text=gettext_lazy("One sentence that says the need."))
    title_ar = line(gettext_lazy("Title in Arabic"), "ar")
    title_en = line(gettext_lazy("Title in English"), "en")
    synthesis_fr = passage(
        gettext_lazy("What people said, in French"),
        "fr",
        help_text=gettext_lazy(
            "Say what these suggestions have in common, and where they differ. Anyone can check it against their words."
        ),
    )
    synthesis_ar = passage(gettext_lazy("What people said, in Arabic"), "ar")
    synthesis_en = passage(gettext_lazy("What people said, in English"), "en")
    reference = forms.ChoiceField(
        label=gettext_lazy("The guide's reference it falls under"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = list(queries.reference_names(book_of(cycle)).items())
        self.fields["reference"].choices = [*named, ("", _("None of them"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the title and the synthesis in one language at least."""
        said = super().clean() or {}
        self._one_language("title", _("Write a title, in one language at least."))
        self._one_language("synthesis", _("Write what people said, in one language at least."))
        return said

    @staticmethod
    def words_of(title: OfficialText, synthesis: OfficialText, reference: str) -> dict[str, str]:
        """Give the words of a finding as the form's first values."""
        texts = {"title": title, "synthesis": synthesis}
        typed = {
            f"{name}_{lang}": text[lang]["text"]
            for name, text in texts.items()
            for lang in languages.WORKING
            if lang in text
        }
        return typed | {"reference": reference}


def typed_so_far(form: type[forms.Form], data: QueryDict) -> dict[str, str]:
    """Give what was typed in a form that is not being sent yet, so that it is there on the next page."""
    return {name: data.get(name, "") for name in form.base_fields if name in data}


def picking_of(data: QueryDict) -> Picking:
    """Read what someone choosing suggestions typed and ticked.

    The chosen ones travel in one hidden field; of those that were on the page,
    only the boxes still ticked count.
    """
    chosen, seen = numbers_in(data.get("chosen", "")), set(numbers_in(data.get("seen", "")))
    ticked = [number for one in data.getlist("pick") for number in numbers_in(one)]
    kept = dict.fromkeys([*(number for number in chosen if number not in seen), *ticked])
    again = data.get("do") == "search"
    return Picking(
        q=_typed(data, "q", most=200),
        theme=_typed(data, "theme", most=60),
        province=_typed(data, "province", most=20),
        chosen=tuple(sorted(kept)[:MOST_CHOSEN]),
        after=0 if again else next(iter(numbers_in(data.get("after" if data.get("do") == "more" else "page", ""))), 0),
    )


def _typed(data: QueryDict, name: str, *, most: int) -> str:
    return data.get(name, "").replace("\0", "").strip()[:most]


def numbers_in(text: str) -> tuple[int, ...]:
    """Read public numbers written one after the other."""
    return tuple(int(found) for found in _NUMBERS.findall(text)[:MOST_CHOSEN])
