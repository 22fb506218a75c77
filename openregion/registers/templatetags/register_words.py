"""Turns the codes a journal line of the registers keeps into words of the page's language."""

from __future__ import annotations

from django import template

from openregion.registers.queries import ACTIVITIES, PARTIES

register = template.Library()


@register.simple_tag
def party_words(code: str) -> str:
    """Name with whom an exchange was."""
    return str(PARTIES.get(code, code))


@register.simple_tag
def activity_words(code: str) -> str:
    """Name a kind of peer activity."""
    return str(ACTIVITIES.get(code, code))
