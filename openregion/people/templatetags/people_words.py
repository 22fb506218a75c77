"""Turns the codes a journal line keeps into words of the page's language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

from openregion.core import dates
from openregion.guide import queries as guides
from openregion.people.queries import ACTS

register = template.Library()


@register.filter
def role_label(code: str) -> str:
    """Name a role of the guide."""
    return _named(guides.role(_book(), code), "label", code)


@register.filter
def body_kind(code: str) -> str:
    """Name a kind of body of the guide."""
    return _named(guides.body_kind(_book(), code), "title", code)


@register.filter
def actor_label(code: str) -> str:
    """Name an actor of the guide."""
    return _named(guides.actor(_book(), code), "label", code)


@register.filter
def act_kind(code: str) -> str:
    """Name a kind of act."""
    return str(ACTS.get(code, code))


@register.filter
def written_day(written: str) -> str:
    """Write in full a day kept as 2026-01-31."""
    return dates.day(dt.date.fromisoformat(written), get_language() or "fr")


def _book() -> Any:
    return guides.guide(settings.GUIDE_VERSION)


def _named(found: Any, field: str, code: str) -> str:
    return getattr(found, field).in_(get_language() or "fr") if found else code
