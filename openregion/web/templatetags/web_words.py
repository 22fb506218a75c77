"""Shows words in the language and direction they are in."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openregion.web.queries.voice import Voice

register = template.Library()


@register.filter
def spoken(voice: Voice | None) -> SafeString | str:
    """Show words, marked with their language where it is not the page's."""
    if voice is None:
        return ""
    if not voice.lang:
        return format_html("{}", voice.text)
    return format_html('<span lang="{}" dir="{}">{}</span>', voice.lang, voice.way, voice.text)
