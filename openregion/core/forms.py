"""Fields shared by the forms of every room."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.safe import clean_text

# What people write may be in any script; what machines read is always left to right.
_WRITTEN = {"text", "search", "textarea"}
_MACHINE = {"email", "tel", "url", "number", "date", "datetime-local", "time", "password"}
_SUGGESTED = {"email": "email", "tel": "tel", "url": "url"}

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


def control(field: BoundField) -> SafeString:
    """Draw a field's control: the direction of what is typed in it, what the browser may fill in.

    A placeholder that repeats the label goes: it looks like an answer.
    """
    widget = field.field.widget
    kind = str(widget.attrs.get("type") or getattr(widget, "input_type", "") or field.widget_type)
    attrs: dict[str, str | bool] = {}
    if kind in _WRITTEN:
        attrs["dir"] = "auto"
    elif kind in _MACHINE:
        attrs["dir"] = "ltr"
    if kind in _SUGGESTED and "autocomplete" not in widget.attrs:
        attrs["autocomplete"] = _SUGGESTED[kind]
    widget.attrs.pop("placeholder", None)
    return field.as_widget(attrs=attrs)
