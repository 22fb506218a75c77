"""The form that puts a question to the public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from openregion.consultation import queries, rules
from openregion.consultation.forms.pieces import moment_field, named_field
from openregion.core import languages
from openregion.core.official import OfficialText, official
from openregion.cycle.models import Cycle
from openregion.cycle.queries import book_of
from openregion.people.forms import LineField

FREE_THEMES = 4


class ConsultationForm(forms.Form):
    """A question put to the public: its words, its days, the themes it is read under."""

    title_fr = named_field(gettext_lazy("Title in French"), "fr")
    title_ar = named_field(gettext_lazy("Title in Arabic"), "ar")
    title_en = named_field(gettext_lazy("Title in English"), "en")
    question_fr = named_field(gettext_lazy("The question in French"), "fr", rows=3, most=2000)
    question_ar = named_field(gettext_lazy("The question in Arabic"), "ar", rows=3, most=2000)
    question_en = named_field(gettext_lazy("The question in English"), "en", rows=3, most=2000)
    slug = LineField(
        label=gettext_lazy("Short address"),
        max_length=rules.LONGEST_SLUG,
        help_text=gettext_lazy("Small letters without accents, digits and hyphens. It cannot be changed later."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage of the guide that it serves"))
    opens_at = moment_field(gettext_lazy("Opens"), gettext_lazy("Day and hour, on Casablanca's clock."))
    closes_at = moment_field(gettext_lazy("Closes"), gettext_lazy("From that instant nothing more is received."))
    frame = forms.MultipleChoiceField(
        label=gettext_lazy("Themes proposed by the guide"),
        help_text=gettext_lazy("The four references of the participatory diagnosis, in the guide's own words."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        lang = get_language() or "fr"
        book = book_of(cycle)
        opened = set(cycle.stages.values_list("code", flat=True))
        stages = [(one.code, f"{one.number}. {one.short.in_(lang)}") for one in book.stages if one.code in opened]
        self.fields["stage"].choices = stages  # type: ignore[attr-defined]
        self.references = dict(queries.frame_of(cycle))
        asked = self.fields["frame"]
        asked.choices = [(code, queries.as_a_name(text.in_(lang))) for code, text in self.references.items()]  # type: ignore[attr-defined]
        asked.initial = list(self.references)
        for number in range(1, FREE_THEMES + 1):
            for code, label in (("fr", _("Another theme %(number)s, in French")), ("ar", _("The same in Arabic"))):
                field = named_field(label % {"number": number}, code, most=100)
                field.required = False
                self.fields[f"theme_{number}_{code}"] = field

    def official(self, name: str, at: dt.datetime) -> OfficialText:
        """Give the title or the question as official text."""
        return official(at=at, **{lang: self.cleaned_data[f"{name}_{lang}"] for lang in languages.WORKING})

    def themes(self, at: dt.datetime) -> Sequence[tuple[str, OfficialText]]:
        """Give the themes in their order: those of the guide, then the free ones."""
        chosen = [
            (code, official(at=at, **{one: queries.as_a_name(text.in_(one)) for one in languages.WORKING}))
            for code, text in self.references.items()
            if code in self.cleaned_data["frame"]
        ]
        return [*chosen, *((_code_of(fr), official(at=at, fr=fr, ar=ar)) for _number, fr, ar in self._free())]

    def clean(self) -> dict[str, Any]:
        """Ask each free theme in both languages, and no theme twice."""
        said = super().clean() or {}
        known = set(said.get("frame", []))
        for number, fr, ar in self._free():
            if not (fr and ar):
                missing = f"theme_{number}_{'ar' if fr else 'fr'}"
                self.add_error(missing, _("Write this theme in French and in Arabic, or empty both boxes."))
            elif (code := _code_of(fr)) in known:
                self.add_error(f"theme_{number}_fr", _("This theme is there already. Choose another name."))
            else:
                known.add(code)
        return said

    def _free(self) -> list[tuple[int, str, str]]:
        said = self.cleaned_data
        rows = [
            (number, said.get(f"theme_{number}_fr", ""), said.get(f"theme_{number}_ar", ""))
            for number in range(1, FREE_THEMES + 1)
        ]
        return [row for row in rows if row[1] or row[2]]


def _code_of(name: str) -> str:
    with override("fr"):
        return slugify(name, allow_unicode=True)[:60].strip("-") or "theme"
