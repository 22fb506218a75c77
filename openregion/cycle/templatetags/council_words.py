"""Turns the codes that the Council's journal lines keep into words of the page's language."""

from __future__ import annotations

from django import template

from openregion.cycle.queries.council import OPINIONS

register = template.Library()


@register.filter
def council_opinion(code: str) -> str:
    """Say what a commission thinks of a file."""
    return str(OPINIONS.get(code, code))
