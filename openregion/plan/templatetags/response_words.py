"""Turns the code of a decision that a journal line keeps into words of the page's language."""

from __future__ import annotations

from django import template

from openregion.plan.queries import DECISIONS

register = template.Library()


@register.filter
def decision_name(code: str) -> str:
    """Say what an answer decided."""
    return str(DECISIONS.get(code, code))
