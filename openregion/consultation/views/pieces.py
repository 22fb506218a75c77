"""What several views of the room do the same way."""

from __future__ import annotations

import datetime as dt

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from openregion.consultation import queries
from openregion.consultation.models import Consultation, Contribution
from openregion.people.audience import AtMember
from openregion.people.models import User

# A page kept for visitors lives up to an hour: near an opening or a closing it is made each time.
KEPT_FOR = dt.timedelta(hours=1)


def consultation_of(request: AtMember, slug: str) -> Consultation:
    """Find the member's consultation that the address names."""
    theirs = Consultation.objects.of(request.member).select_related("cycle__member")
    return get_object_or_404(theirs, slug=slug)


def contribution_of(request: AtMember, number: int) -> Contribution:
    """Find the member's contribution of this number, or answer that there is none."""
    one = queries.found(request.member, number)
    if one is None:
        raise Http404(str(number))
    return one


def signed_in(request: AtMember) -> User | None:
    """Give who is signed in; a visitor who brings no session is not asked, so that none is opened."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return request.user


def asked_from(request: HttpRequest) -> str:
    """Give the visitor's address as the server knows it; nothing where it does not: words are received all the same."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""


def state_now(one: Consultation) -> str:
    """Say where a consultation is now."""
    return queries.state_of(one, at=timezone.now())


def not_kept_near(response: HttpResponse, change: dt.datetime | None, now: dt.datetime) -> HttpResponse:
    """Leave a page in nobody's memory when it will say something else within the hour: no journal line tells it."""
    if change is not None and change - now <= KEPT_FOR:
        response["Cache-Control"] = "no-cache"
    return response
