"""Names the kinds of letters that journal lines and pages keep as codes."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template import Context
from django.utils.translation import get_language

from openregion.core import languages
from openregion.guide import queries as guides
from openregion.people.models import Member

register = template.Library()


@register.simple_tag(takes_context=True)
def letter_kind(context: Context, code: str) -> str:
    """Name a kind of letter, as the member's guide does."""
    member = context.get("member")
    # Outside a member's pages, the guide that comes with the platform names things.
    book = guides.guide(member.guide_version if isinstance(member, Member) else settings.GUIDE_VERSION)
    found = guides.letter(book, code)
    return found.title.in_(get_language() or "fr") if found else code


@register.filter
def own_name(lang: str) -> str:
    """Name a language in itself."""
    return next((one.own_name for one in languages.ALL if one.code == lang), lang)


@register.filter
def direction(lang: str) -> str:
    """Say which way a language is written."""
    return languages.direction(lang)
