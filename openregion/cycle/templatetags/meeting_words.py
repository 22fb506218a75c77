"""Turns the codes that a meeting's journal lines keep into words of the page's language."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from openregion.core.safe import formatted
from openregion.cycle.queries.meetings import KINDS

register = template.Library()


@register.simple_tag
def meeting_name(kind: str, number: int) -> str:
    """Name a meeting: its kind and its number."""
    return _("%(kind)s no. %(number)s") % {"kind": KINDS.get(kind, kind), "number": number}


@register.filter
def lowered(text: str) -> SafeString:
    """Show the little markdown of minutes, its headings one step below the page's own section."""
    return formatted(re.sub(r"^#{1,2} ", "### ", text, flags=re.MULTILINE))
