"""Fields shared by the forms of every room."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.safe import clean_text

# What people write may be in any script; what machines read is always left to right.
_WRITTEN = {"text", "search", "textarea"}
_MACHINE = {"email", "tel", "url", "number", "date", "datetime-local", "time", "password"}
_SUGGESTED = {"email": "email", "tel": "tel", "url": "url"}

# What to do with an empty answer, by the kind of its control; ``label`` is what it is asked by.
_ASKED = {
    "textarea": gettext_lazy("Write in this box: “%(label)s”."),
    "email": gettext_lazy("Write an e-mail address: “%(label)s”."),
    "tel": gettext_lazy("Write a telephone number: “%(label)s”."),
    "url": gettext_lazy("Write an address of the web: “%(label)s”."),
    "number": gettext_lazy("Write a number: “%(label)s”."),
    "date": gettext_lazy("Choose a day: “%(label)s”."),
    "datetime-local": gettext_lazy("Choose a day and an hour: “%(label)s”."),
    "splitdatetime": gettext_lazy("Choose a day and an hour: “%(label)s”."),
    "time": gettext_lazy("Choose an hour: “%(label)s”."),
    "file": gettext_lazy("Choose a file: “%(label)s”."),
    "checkbox": gettext_lazy("Tick this box to go on: “%(label)s”."),
    "checkboxselectmultiple": gettext_lazy("Tick at least one: “%(label)s”."),
    "radioselect": gettext_lazy("Choose one of the answers: “%(label)s”."),
    "select": gettext_lazy("Choose in this list: “%(label)s”."),
    "selectmultiple": gettext_lazy("Choose at least one in this list: “%(label)s”."),
    "hidden": gettext_lazy("Part of this page is missing. Open it again, then send: “%(label)s”."),
}
_UNSAID = {"required", "incomplete"}  # what Django says in one sentence for every field

# Outside these a day is a slip of the keyboard, and sums of days or timelines break.
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)


class DayField(forms.DateField):
    """A day of this century, asked with the browser's own calendar where it has one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        """Refuse a day far away. Raises ``ValidationError``."""
        super().validate(value)
        if value and not FIRST_DAY <= value <= LAST_DAY:
            first, last = (dates.day(one, get_language() or "fr") for one in (FIRST_DAY, LAST_DAY))
            raise ValidationError(_("Choose a day between %(first)s and %(last)s.") % {"first": first, "last": last})


class WordsField(forms.CharField):
    """What a person writes at length: normalised, without hidden control characters."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Clean what was typed, and change none of its words."""
        return clean_text(super().to_python(value) or "")


def one_is_enough(*fields: forms.Field) -> None:
    """Mark fields of which one must be filled: none is asked for by itself, and none is called optional."""
    for field in fields:
        field.one_is_enough = True  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Wrong:
    """What is wrong with an answer, and what to do; ``named`` when the sentence says of which."""

    sentence: str
    named: bool


def wrongs(field: BoundField) -> list[Wrong]:
    """Say what is wrong with an answer, and what to do.

    Where nothing was answered, and the form has no sentence of its own for it,
    the field is asked for by its label.
    """
    return [
        _asked_for(field) if _is_unsaid(error) else Wrong(sentence, named=False)
        for error in field.errors.as_data()
        for sentence in error.messages
    ]


def _is_unsaid(error: ValidationError) -> bool:
    usual = (forms.Field.default_error_messages, forms.MultiValueField.default_error_messages)
    return error.code in _UNSAID and any(error.message == told.get(error.code) for told in usual)


def _asked_for(field: BoundField) -> Wrong:
    kinds = ("hidden" if field.is_hidden else field.widget_type, _kind(field))
    asked = next((_ASKED[kind] for kind in kinds if kind in _ASKED), _ASKED["textarea"])
    return Wrong(str(asked) % {"label": field.label}, named=True)


def _kind(field: BoundField) -> str:
    widget = field.field.widget
    return str(widget.attrs.get("type") or getattr(widget, "input_type", "") or field.widget_type)


def control(field: BoundField) -> SafeString:
    """Draw a field's control: the direction of what is typed in it, what the browser may fill in.

    A placeholder that repeats the label goes: it looks like an answer.
    """
    widget, kind = field.field.widget, _kind(field)
    attrs: dict[str, str | bool] = {}
    if kind in _WRITTEN:
        attrs["dir"] = "auto"
    elif kind in _MACHINE:
        attrs["dir"] = "ltr"
    if kind in _SUGGESTED and "autocomplete" not in widget.attrs:
        attrs["autocomplete"] = _SUGGESTED[kind]
    widget.attrs.pop("placeholder", None)
    return field.as_widget(attrs=attrs)
