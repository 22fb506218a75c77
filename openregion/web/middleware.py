"""The memory of pages for visitors: built once, kept until something happens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from openregion.core.audience import KEPT_FOR
from openregion.core.languages import CODES

_LAST_LINE = "SELECT MAX(id) FROM record_journalline WHERE member_code = %s"
# At most 300 pages of 128 KB are kept (settings.CACHES["pages"]): a process has a bound.
LARGEST = 128 * 1024
LONGEST_PATH = 200


class KeptPages:
    """Answers visitors from memory: key = address, day, and the member's last journal line.

    One raw query tells whether anything happened since; the ORM's way costs
    twice that. Only views marked ``kept``; only visitors without a session or a
    message waiting. A page kept never held a form's token nor a cookie. The
    member's last line is read before the page is built: a deed done meanwhile
    makes the page newer than its key, never older.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self._private(request)
        key = self._key(request)
        if key is None:
            return self.get_response(request)
        if (stored := caches["pages"].get(key)) is not None:
            return self._answer(request, *stored)
        response = self.get_response(request)
        if request.method == "GET" and _may_be_kept(request, response):
            _make_public(response)
            headers, body = dict(response.items()), response.content
            caches["pages"].set(key, (headers, body), KEPT_FOR)
            return self._answer(request, headers, body)
        return response

    def _private(self, request: HttpRequest) -> HttpResponse:
        """Answer someone with a session: never from memory, and left in no memory on the way."""
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    def _answer(self, request: HttpRequest, headers: dict[str, str], body: bytes) -> HttpResponse:
        """Answer with a kept page, or say that the browser's copy of it is still the page."""
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)
        return get_conditional_response(request, etag=headers["ETag"], response=response) or response

    def _key(self, request: HttpRequest) -> str | None:
        """Give the key of a page that may be kept, or nothing when it may not."""
        if request.method not in {"GET", "HEAD"} or "messages" in request.COOKIES or request.headers.get("HX-Request"):
            return None
        if request.META.get("QUERY_STRING"):
            return None  # whoever invents parameters would fill the memory with copies of one page
        parts = request.path_info.split("/", 3)
        if len(parts) < 4 or parts[1] not in CODES or "\0" in parts[2] or len(request.path_info) > LONGEST_PATH:
            return None
        with connection.cursor() as cursor:
            cursor.execute(_LAST_LINE, [parts[2]])
            (last,) = cursor.fetchone()
        told = [
            str(request.scheme),
            request.get_host(),
            request.path_info,
            str(timezone.localdate()),
            str(last),
        ]
        return "page:" + hashlib.sha256("\n".join(told).encode()).hexdigest()


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether an answer is the same for every visitor: its view says so, and nothing in it is one person's."""
    match = request.resolver_match
    return (
        match is not None
        and getattr(match.func, "kept", False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Cache-Control")
        and "CSRF_COOKIE" not in request.META  # a token was put in the page, or a cookie for one came with the request
        and len(response.content) <= LARGEST
    )


def _make_public(response: HttpResponse) -> None:
    """Let browsers and proxies keep a copy, provided that they ask each time whether it still holds."""
    response["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:24]}"'
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    patch_vary_headers(response, ["Cookie", "HX-Request"])
