"""Turns the codes a journal line keeps into words of the page's language."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.translation import get_language

from openregion.cycle import queries
from openregion.guide import queries as guides
from openregion.guide.schema import Rule

register = template.Library()


@register.filter
def rule_title(code: str) -> str:
    """Name a rule of the guide."""
    found = _rule(code)
    return found.title.in_(get_language() or "fr") if found else code


@register.filter
def rule_figure(code: str, value: float) -> str:
    """Write a value with its rule's unit, in words."""
    found = _rule(code)
    return queries.figure(found, value) if found else f"{value:g}"


def _rule(code: str) -> Rule | None:
    return guides.rule(guides.guide(settings.GUIDE_VERSION), code)
