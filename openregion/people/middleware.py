"""Finds the member an address belongs to, before any view runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from openregion.people.models import Member


class MemberOfThePage:
    """Puts the member named in the address on the request, or answers 404.

    So a view of any room, even below this one, can rely on ``request.member``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Load the member before the view; unknown ones do not exist."""
        slug = kwargs.get("member")
        if slug is None:
            return
        try:
            request.member = Member.objects.get(slug=slug)  # type: ignore[attr-defined]
        except Member.DoesNotExist as error:
            raise Http404(slug) from error
