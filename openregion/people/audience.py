"""Pages kept for those who hold a deed at the member of the address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from openregion.core.audience import View
from openregion.core.refusal import refuse_if
from openregion.people.models import Member, User
from openregion.people.rules import deeds_of, why_not_allowed


class AtMember(HttpRequest):
    """A request whose address names a member: the middleware has put it there."""

    member: Member
    user: User


def holders_of(deed: str) -> Callable[[View], View]:
    """For those whose role lists ``deed``; others read why not, and who can help."""

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return login_required(view)(request, *args, **kwargs)
            refuse_if(why_not_allowed(request.user, deed, request.member))  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        answer.audience = f"holders of {deed}"  # type: ignore[attr-defined]
        return answer

    return wrap


def deeds_here(request: HttpRequest) -> frozenset[str]:
    """List what the reader may do at the member of the page, to show the right buttons.

    Nothing for a visitor without a session, and without asking who they are:
    looking would open the session, and the page could no longer be kept.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return frozenset()
    return deeds_of(request.user, request.member)  # type: ignore[attr-defined]
