"""Turns the codes that a cycle's journal lines keep into words of the page's language."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template import Context
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.cycle import queries
from openregion.guide import queries as guides
from openregion.guide.schema import Guide
from openregion.people.models import Member

register = template.Library()
OWN = "own-"  # the codes of operations that a Region added


@register.simple_tag
def cycle_name(kind: str, number: int) -> str:
    """Name a cycle."""
    return queries.cycle_name(kind, number)


@register.simple_tag(takes_context=True)
def stage_words(context: Context, code: str) -> str:
    """Name a stage, as the member's guide does."""
    found = guides.stage(_book(context), code)
    return found.short.in_(get_language() or "fr") if found else code


@register.simple_tag(takes_context=True)
def operation_words(context: Context, code: str) -> str:
    """Give an operation in the words of the member's guide; one that the Region added, by its number."""
    if code.startswith(OWN):
        return _("no. %(number)s, added by the Region") % {"number": code.removeprefix(OWN)}
    return queries.operation_words(_book(context), code).rstrip(" ;.؛")


@register.filter
def council_decision(code: str) -> str:
    """Say what a council decided."""
    return str(queries.DECISIONS.get(code, code))


def _book(context: Context) -> Guide:
    member = context.get("member")
    # Outside a member's pages, the guide that comes with the platform names things.
    return guides.guide(member.guide_version if isinstance(member, Member) else settings.GUIDE_VERSION)
