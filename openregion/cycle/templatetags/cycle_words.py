"""Turns the codes a journal line keeps into words of the page's language."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template import Context
from django.utils.translation import get_language

from openregion.cycle import queries
from openregion.guide import queries as guides
from openregion.guide.schema import Rule
from openregion.people.models import Member

register = template.Library()


@register.simple_tag(takes_context=True)
def rule_title(context: Context, code: str) -> str:
    """Name a rule of the guide that the member follows."""
    found = _rule(context, code)
    return found.title.in_(get_language() or "fr") if found else code


@register.simple_tag(takes_context=True)
def rule_figure(context: Context, code: str, value: float) -> str:
    """Write a value with its rule's unit, in words."""
    found = _rule(context, code)
    return queries.figure(found, value) if found else f"{value:g}"


def _rule(context: Context, code: str) -> Rule | None:
    member = context.get("member")
    # Outside a member's pages, the guide that comes with the platform names the rule.
    version = member.guide_version if isinstance(member, Member) else settings.GUIDE_VERSION
    return guides.rule(guides.guide(version), code)
