"""Fields that several forms of the room share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, Theme
from openregion.core import languages
from openregion.core.forms import WordsField
from openregion.core.official import text_in
from openregion.people.forms import LineField, PlaceChoice
from openregion.people.models import Territory


class ThemeChoice(forms.ModelChoiceField):
    """A choice among a consultation's themes, by their name."""

    def label_from_instance(self, theme: Theme) -> str:  # type: ignore[override]
        """Name the theme in the page's language, with what is asked under it."""
        name, question = text_in(theme.name, body()), text_in(theme.question, body())
        return f"{name} – {question}" if question else name


def theme_field(consultation: Consultation, *, nothing: str, **more: Any) -> ThemeChoice:
    """Ask for one of a consultation's themes."""
    return ThemeChoice(
        consultation.themes.order_by("rank", "pk"),
        to_field_name="code",
        required=False,
        blank=True,
        empty_label=nothing,
        widget=forms.RadioSelect,
        **more,
    )


def place_field(consultation: Consultation, **more: Any) -> PlaceChoice:
    """Ask for a province of the member's, or the whole Region."""
    places = Territory.objects.of(consultation.cycle.member)
    return PlaceChoice(
        places.order_by("name_ar" if get_language() == "ar" else "name_fr"),
        to_field_name="code",
        required=False,
        empty_label=_("The whole Region"),
        **more,
    )


def moment_field(label: Any, help_text: Any) -> forms.DateTimeField:
    """Ask for a day and an hour."""
    box = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, help_text=help_text, widget=box)


def named_field(label: Any, lang: str, *, rows: int = 0, most: int = 200) -> forms.CharField:
    """Ask for a text in one language, in its own direction; English may stay empty."""
    attrs = {"lang": lang, "dir": languages.direction(lang)}
    needed = lang != "en"
    if rows:
        box = forms.Textarea(attrs={**attrs, "rows": rows})
        return WordsField(label=label, rows=rows, required=needed, max_length=most, widget=box)
    return LineField(label=label, required=needed, max_length=most, widget=forms.TextInput(attrs=attrs))


def may_be_empty(label: Any, lang: str, *, rows: int = 3, most: int = 2000, **more: Any) -> forms.CharField:
    """Ask for a text in one language that nobody has to give."""
    field = named_field(label, lang, rows=rows, most=most)
    field.required = False
    field.help_text = more.get("help_text", "")
    return field


def body() -> str:
    """Give the language in which the page is written."""
    return languages.body_lang(get_language() or "fr")
