"""Pages of a workshop kept for those who hold a deed, and for whoever brings a pass of that workshop."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase

from openregion.consultation import queries
from openregion.consultation.models import Charge, Workshop
from openregion.consultation.rules.capture import Rapporteur
from openregion.core.audience import View
from openregion.people.audience import AtMember, holders_of
from openregion.people.middleware import signed_out
from openregion.people.rules import why_not_allowed


class AtWorkshop(AtMember):
    """A request for a workshop's page: which workshop, and who asks."""

    workshop: Workshop
    rapporteur: Rapporteur


def workshop_asked(request: AtMember, number: int) -> Workshop:
    """Find the member's workshop of this number. Raises ``Http404``."""
    found = queries.workshop_to_capture(request.member, number)
    if found is None:
        raise Http404(str(number))
    return found


def placed(request: Any, number: int, deed: str) -> None:
    """Put on a request its workshop and who asks: whoever holds the deed, else the pass that was brought.

    A pass that has ended is let in as far as the page, which says what to do
    with what was typed; every deed refuses it. Raises ``Http404``.
    """
    request.workshop = found = workshop_asked(request, number)
    holds = request.user.is_authenticated and not why_not_allowed(request.user, deed, request.member)
    request.rapporteur = request.user if holds else queries.charge_brought(request, found) or request.user


def holders_or_pass(deed: str) -> Callable[[View], View]:
    """For those whose role lists ``deed``, and for whoever brings a pass of the workshop."""

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(request: AtWorkshop, member: str, number: int) -> HttpResponseBase:
            placed(request, number, deed)
            if isinstance(request.rapporteur, Charge):
                return view(request, member, number)
            if request.method == "POST" and not request.user.is_authenticated:
                return signed_out(request)
            return holders_of(deed)(view)(request, member, number)

        answer.audience = f"holders of {deed}, or of a pass of the workshop"  # type: ignore[attr-defined]
        answer.asks_itself = True  # type: ignore[attr-defined]
        return answer

    return wrap
