"""The page of the candidacy."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from openregion.admission import queries
from openregion.admission.audience import WRITING
from openregion.core.audience import kept
from openregion.people.audience import AtMember, deeds_here


@kept
def candidacy(request: AtMember, member: str) -> HttpResponse:
    """Show where the candidacy stands; those who work on it also see the next acts."""
    page, may = queries.candidacy_page(request.member), deeds_here(request)
    return render(request, "admission/candidacy.html", {"page": page, "may": may, "writes": bool(may & WRITING)})
