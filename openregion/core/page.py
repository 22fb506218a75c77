"""What every page knows: its language, direction, and the same page in the others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from openregion.core import languages


def page(request: HttpRequest) -> dict[str, Any]:
    """Give the base layout the language of the page and its twins."""
    lang = get_language() or "fr"
    return {
        "lang": lang,
        "body_lang": languages.body_lang(lang),
        "direction": languages.direction(lang),
        "twins": [(language, translate_url(request.get_full_path(), language.code)) for language in languages.ALL],
    }
