"""Who a page is for: every view says it, and a test walks the addresses.

``everyone`` needs no sign-in; ``signed_in`` asks for it. Pages kept for those
who hold a deed say so with ``people.audience.holders_of``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

KEPT_FOR = 3600  # seconds that a visitors' page may be kept when no journal line renews it
View = Callable[..., HttpResponseBase]


def everyone(view: View) -> View:
    """Open to all, signed in or not."""
    view.audience = "everyone"  # type: ignore[attr-defined]
    return view


def kept(view: View) -> View:
    """Open to all, and kept in memory for visitors until the member's next journal line.

    For pages without a form and without anything of the visitor's own.
    """
    view.audience = "everyone"  # type: ignore[attr-defined]
    view.kept = True  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """For anyone signed in; others are led to the sign-in page and back."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return login_required(view)(request, *args, **kwargs)

    answer.audience = "signed in"  # type: ignore[attr-defined]
    return answer
