"""What templates need everywhere: days, figures, words in the page's language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from openregion.core import dates, languages, official, safe

register = template.Library()


def _lang() -> str:
    return get_language() or "fr"


@register.filter
def day(value: dt.date | None) -> str:
    """Write a day in the page's language."""
    return dates.day(value, _lang()) if value else ""


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
    return format_html('<span lang="{}" dir="{}">{}</span>', written, languages.direction(written), text)


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
