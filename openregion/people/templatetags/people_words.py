"""Turns the codes a journal line keeps into words of the page's language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils.translation import get_language

from openregion.core import dates
from openregion.guide import queries as guides
from openregion.people.queries import ACTS

register = template.Library()


@register.simple_tag(takes_context=True)
def role_label(context: Context, code: str) -> str:
    """Name a role, as the member's guide does."""
    return _named(guides.role(_book(context), code), "label", code)


@register.simple_tag(takes_context=True)
def body_kind(context: Context, code: str) -> str:
    """Name a kind of body, as the member's guide does."""
    return _named(guides.body_kind(_book(context), code), "title", code)


@register.simple_tag(takes_context=True)
def actor_label(context: Context, code: str) -> str:
    """Name an actor, as the member's guide does."""
    return _named(guides.actor(_book(context), code), "label", code)


@register.simple_tag(takes_context=True)
def category_label(context: Context, code: str) -> str:
    """Name a category of the directory, as the member's guide does."""
    return _named(next((one for one in _book(context).directory if one.code == code), None), "label", code)


@register.filter
def act_kind(code: str) -> str:
    """Name a kind of act."""
    return str(ACTS.get(code, code))


@register.filter
def written_day(written: str) -> str:
    """Write in full a day kept as 2026-01-31."""
    return dates.day(dt.date.fromisoformat(written), get_language() or "fr")


def _book(context: Context) -> Any:
    # A page of no member has the words of the version that new members get.
    return guides.guide(getattr(context.get("member"), "guide_version", "") or settings.GUIDE_VERSION)


def _named(found: Any, field: str, code: str) -> str:
    return getattr(found, field).in_(get_language() or "fr") if found else code
