"""The memory of pages for visitors: built once, kept until something happens."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from openregion.core.languages import CODES

_LAST_LINE = "SELECT MAX(id) FROM record_journalline WHERE member_code = %s"
KEPT_FOR = 3600


class KeptPages:
    """Answers visitors from memory: key = address + the member's last journal line.

    One raw query tells whether anything happened since; the ORM's way costs
    twice that. Only views marked ``kept``, only GET, only without a session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = self._key(request)
        if key is None:
            return self.get_response(request)
        if (stored := cache.get(key)) is not None:
            status, headers, body = stored
            return HttpResponse(body, status=status, headers=headers)
        response = self.get_response(request)
        if response.status_code == 200 and not response.streaming and not response.cookies:
            cache.set(key, (200, dict(response.items()), response.content), KEPT_FOR)
        return response

    def _key(self, request: HttpRequest) -> str | None:
        if request.method != "GET" or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return None
        if request.headers.get("HX-Request"):
            return None
        parts = request.path_info.split("/", 3)
        if len(parts) < 4 or parts[1] not in CODES:
            return None
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return None
        if not getattr(match.func, "kept", False):
            return None
        with connection.cursor() as cursor:
            cursor.execute(_LAST_LINE, [parts[2]])
            (last,) = cursor.fetchone()
        return f"page:{request.get_host()}:{request.get_full_path()}:{last}"
