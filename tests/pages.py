"""Every address of the platform, filled with real rows: what the walks walk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

# allauth's pages are its own; ours dress them, and the journeys open them.
NOT_OURS = ("allauth", "django.", "csp")


def views() -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Give the name, view and parameters of every address of ours."""
    yield from _walk(get_resolver().url_patterns)


def _walk(patterns: Any, parameters: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    for pattern in patterns:
        here = () if isinstance(pattern.pattern, LocalePrefixPattern) else tuple(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, (*parameters, *here))
        elif isinstance(pattern, URLPattern) and not pattern.callback.__module__.startswith(NOT_OURS):
            yield pattern.name or "", pattern.callback, (*parameters, *here)
