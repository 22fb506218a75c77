"""Turns what a calendar's journal lines keep into words of the page's language."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def holiday_name(names: Mapping[str, str]) -> str:
    """Name a holiday in the page's language, else in French."""
    return names.get(get_language() or "fr") or names.get("fr") or next(iter(names.values()), "")
