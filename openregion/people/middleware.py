"""Finds the member an address belongs to, before any view runs; keeps what a signed-out person typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from openregion.core import resent
from openregion.people.models import Member

_NEVER_SHOWN = ("password", "code", "csrfmiddlewaretoken")


class MemberOfThePage:
    """Puts the member named in the address on the request, or answers 404.

    So a view of any room, even below this one, can rely on ``request.member``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 404 to an address that holds NUL: PostgreSQL cannot even be asked about it."""
        if "\0" in request.path_info or any(nul in request.META.get("QUERY_STRING", "") for nul in ("\0", "%00")):
            raise Http404("NUL")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Load the member before the view; unknown ones do not exist.

        A form sent after the session ended is not lost: the page that answers
        holds what was typed, and sends it again once signed in.
        """
        slug = kwargs.get("member")
        if slug is not None:
            try:
                request.member = Member.objects.get(slug=slug)  # type: ignore[attr-defined]
            except Member.DoesNotExist as error:
                raise Http404(slug) from error
        closed = getattr(view, "audience", "everyone") != "everyone"
        if closed and request.method == "POST" and not request.user.is_authenticated:
            # A view that answers scripts, or lets in by a pass too, asks by itself: it keeps what was typed.
            return None if getattr(view, "asks_itself", False) else signed_out(request)
        return None


def signed_out(request: HttpRequest) -> HttpResponse:
    """Ask to sign in, and offer to send the same form again; files are chosen anew.

    The form's token was checked before: another site cannot lead here.
    """
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if not any(word in name for word in _NEVER_SHOWN)
        for value in values
    ]
    context = {
        "typed": typed,
        "shown": resent.words_among(typed),
        "files": list(request.FILES),
        "again": request.get_full_path(),
    }
    response = render(request, "people/signed_out.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response
