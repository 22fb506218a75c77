"""Forms that must be sent a second time: their token, or the session, ended while the page was open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from openregion.core.audience import View

_WORTH_SHOWING = 12  # shorter values are choices, not somebody's words


def words_among(typed: Iterable[tuple[str, str]]) -> list[str]:
    """Give back the words that a person typed, to be read again; what forms carry for themselves is left out.

    Names tell nothing, since each form has its own: but people put spaces
    between their words, and tickets, signatures and codes have none.
    """
    return [value for _name, value in typed if len(value) > _WORTH_SHOWING and len(value.split()) > 1]


def comes_from_here(request: HttpRequest) -> bool:
    """Say whether a form was sent by a page of this site, as the browser tells it."""
    host = request.get_host()
    if origin := request.headers.get("Origin"):
        return urlsplit(origin).netloc == host
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return urlsplit(request.headers.get("Referer", "")).netloc == host


class _Told(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        """Let a form of ours through, marked; another site's is refused as everywhere."""
        if not comes_from_here(request):
            return super()._reject(request, reason)  # type: ignore[misc]
        request.token_ended = True  # type: ignore[attr-defined]
        return None


_told = decorator_from_middleware(_Told)


def gives_the_form_back(view: View) -> View:
    """For a view that itself gives back a form whose token ended, with its files; other forms get the page of all.

    Such a view asks ``token_ended`` before any deed, and does none then.
    """

    return csrf_exempt(_told(view))


def token_ended(request: HttpRequest) -> bool:
    """Say whether a form came with a token that is good no longer: nothing may be done for it."""
    return bool(getattr(request, "token_ended", False))


def send_once_more() -> str:
    """Say to a person whose form is given back why, and what to do."""
    return _(
        "Nothing is sent yet: your page had been open for long, or you signed in elsewhere meanwhile. Everything is "
        "still here: press Send once more. If this comes back, your browser refuses cookies: allow them for this site."
    )
