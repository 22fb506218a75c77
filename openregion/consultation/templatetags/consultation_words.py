"""Turns the codes that contributions and their journal lines keep into words of the page's language."""

from __future__ import annotations

from django import template

from openregion.consultation import rules
from openregion.consultation.models import Consultation
from openregion.consultation.queries.takers import new_pass
from openregion.consultation.queries.words import address_of

register = template.Library()


@register.filter
def hiding_reason(code: str) -> str:
    """Say why a contribution is hidden, in the words its author is told."""
    return str(rules.HIDING_REASONS.get(code, code))


@register.filter
def tongue(code: str) -> str:
    """Name the language that people wrote in."""
    return str(rules.TONGUES.get(code, code))


@register.filter
def asked_in(code: str) -> str:
    """Name the language in which a person who was helped was asked whether they agree."""
    return str(rules.ASKED_IN.get(code, code))


@register.simple_tag
def consultation_page(member: str, slug: str) -> str:
    """Give the address of a consultation's page: it stands in a room above, which shows the answers too."""
    return address_of("consultation", member, slug)


@register.simple_tag
def about_you_pass(consultation: Consultation) -> str:
    """Make what lets whoever just took part say who they are, once."""
    return new_pass(consultation)
