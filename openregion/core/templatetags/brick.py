"""What templates need everywhere: days, figures, words in the page's language, marks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from openregion.core import dates, forms, languages, official, safe

register = template.Library()

# The eight-pointed star, in a box of 24: two squares, one turned by an eighth.
STAR = "M12 1.5 15.1 4.6h4.3v4.3L22.5 12l-3.1 3.1v4.3h-4.3L12 22.5l-3.1-3.1H4.6v-4.3L1.5 12l3.1-3.1V4.6h4.3z"
_INNER = "M12 7.4 13.4 8.7h1.9v1.9L16.6 12l-1.3 1.4v1.9h-1.9L12 16.6l-1.4-1.3H8.7v-1.9L7.4 12l1.3-1.4V8.7h1.9z"
_DRAWN = {
    "full": f'<path class="body" d="{STAR}"/><path class="sign" d="m7.8 12.3 3 3 5.6-6.2"/>',
    "half": f'<path class="line" d="{STAR}"/><path class="body" d="{_INNER}"/>',
    "grave": f'<path class="body" d="{STAR}"/><path class="sign" d="M12 7v6m0 3v.8"/>',
    "bare": f'<path class="line" d="{STAR}"/>',
    "word": f'<path class="body" d="{STAR}"/><path class="sign" d="M12 11v6m0-10v.8"/>',
}
_SHAPES = {
    "done": "full",
    "underway": "half",
    "present": "half",
    "late": "grave",
    "warning": "grave",
    "info": "word",
    "idle": "bare",
    "to-come": "bare",
}
_MARKS = {
    state: mark_safe(  # noqa: S308  (our own drawing)
        f'<svg class="mark mark--{state}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f"{_DRAWN[shape]}</svg>"
    )
    for state, shape in _SHAPES.items()
}


def _lang() -> str:
    return get_language() or "fr"


@register.filter
def day(value: dt.date | None) -> str:
    """Write a day in the page's language."""
    return dates.day(value, _lang()) if value else ""


@register.filter
def partly_known(value: str) -> str:
    """Write a date known to the year, the month or the day."""
    return dates.partly_known(value, _lang())


@register.filter
def instant(value: dt.datetime | None) -> str:
    """Write a day and an hour in the page's language."""
    return dates.instant(value, _lang()) if value else ""


@register.filter
def whole(value: float | None) -> str:
    """Write a whole number."""
    return dates.whole(value) if value is not None else ""


@register.filter
def words(value: Any) -> SafeString:
    """Show official or guide text in the page's language, marked with the language it is really in."""
    lang = _lang()
    if hasattr(value, "in_"):
        written, text = value.lang_in(lang), value.in_(lang)
    else:
        written, text = official.written_in(value or {}, lang)
    if written == languages.body_lang(lang):
        return format_html("{}", text)
    return _marked(written, text)


@register.filter
def said_in(value: Any, lang: str) -> SafeString | str:
    """Show official text in one given language, marked as such; nothing where it is not written in it."""
    text = (value or {}).get(lang, {}).get("text", "")
    return _marked(lang, text) if text else ""


@register.filter
def brand_other(name: SafeString | str) -> SafeString | str:
    """Set a name in another language under the first; nothing where there is none."""
    return format_html('<span class="brand__other">{}</span>', name) if name else ""


@register.filter
def bare(value: Any) -> str:
    """Give official or guide text as plain words, for titles and attributes."""
    return value.in_(_lang()) if hasattr(value, "in_") else official.text_in(value or {}, _lang())


@register.filter
def place_name(territory: Any) -> str:
    """Name a place in the page's language."""
    return territory.name_in(_lang())


@register.filter
def formatted(text: str) -> SafeString:
    """Show the little markdown staff write."""
    return safe.formatted(text)


@register.filter
def way(lang: str) -> str:
    """Say which way a language is written, for ``dir``."""
    return languages.direction(lang)


@register.filter
def own_name(lang: str) -> str:
    """Name a language in itself."""
    return next((language.own_name for language in languages.ALL if language.code == lang), lang)


@register.filter
def control(field: BoundField) -> SafeString:
    """Draw a form field's control."""
    return forms.control(field)


@register.filter
def wrongs(field: BoundField) -> list[forms.Wrong]:
    """Say what is wrong with an answer, and what to do."""
    return forms.wrongs(field)


@register.simple_tag
def mark(state: str) -> SafeString:
    """Draw the star that goes with the word of a state: done, present, underway, late, idle, to-come."""
    return _MARKS.get(state, _MARKS["idle"])


def _marked(lang: str, text: str) -> SafeString:
    return format_html('<span lang="{}" dir="{}">{}</span>', lang, languages.direction(lang), text)
