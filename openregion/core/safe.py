"""People's words made safe to show: no markup but a little, no hidden controls."""

from __future__ import annotations

import re
import unicodedata

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Bidirectional controls reverse the rest of an official line; NUL breaks PostgreSQL and Typst; half a character,
# which a telephone may send inside JSON, can be written nowhere.
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "a", "code"}
_markdown = MarkdownIt("commonmark", {"html": False})


def clean_text(text: str) -> str:
    """Normalise what a person typed: NFC, plain line ends, no control characters.

    The words themselves are never changed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text)).strip()


def formatted(text: str) -> SafeString:
    """Turn the little markdown that staff write into safe HTML."""
    html = nh3.clean(_markdown.render(text), tags=_TAGS, attributes={"a": {"href"}}, link_rel="nofollow noopener")
    return mark_safe(html)  # noqa: S308  (nh3 has just cleaned it)
