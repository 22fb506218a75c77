"""Turns the codes that a workshop's journal lines keep into words of the page's language."""

from __future__ import annotations

from django import template

from openregion.consultation.queries.logistics import CHARGES, NEEDS

register = template.Library()


@register.filter
def need_kind(code: str) -> str:
    """Name a kind of thing that a workshop needs."""
    return str(NEEDS.get(code, code))


@register.filter
def charge_part(code: str) -> str:
    """Say what somebody does at a workshop."""
    return str(CHARGES.get(code, code))
