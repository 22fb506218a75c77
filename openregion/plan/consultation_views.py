"""The page of a consultation: what is asked, then whether what was promised of the answers was kept."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from openregion.consultation import queries as consulting
from openregion.consultation.models import Consultation
from openregion.consultation.queries.workshops import workshops_near
from openregion.consultation.views.pieces import consultation_of, not_kept_near
from openregion.core.audience import kept
from openregion.people.audience import AtMember, deeds_here
from openregion.plan import queries


@kept
def consultation(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Show a question: until when, how many answered, the way to answer; once it is closed, what became of it."""
    one, now = consultation_of(request, slug), timezone.now()
    page = consulting.page(one, at=now)
    shown = {
        "page": page,
        "may": deeds_here(request),
        "workshops_near": workshops_near(one, now=now),
        "announced": consulting.announced_of(one),
        "promised": queries.promise_of(one, on=timezone.localdate(now)) if page.state == "closed" else None,
    }
    return not_kept_near(render(request, "plan/consultation.html", shown), _next_change(one, now), now)


def _next_change(one: Consultation, now: dt.datetime) -> dt.datetime | None:
    """Say when the page says something else by the clock alone: it opens, it closes, its promised day is over."""
    ahead = [consulting.next_change([one], at=now)]
    if one.answers_by:
        morrow = dt.datetime.combine(one.answers_by + dt.timedelta(days=1), dt.time(), timezone.get_current_timezone())
        ahead.append(morrow if morrow > now else None)
    return min((when for when in ahead if when), default=None)
