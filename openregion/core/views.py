"""Pages of the bricks themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openregion.core.audience import everyone


@everyone
def components(request: HttpRequest) -> HttpResponse:
    """Show every component in both directions, for those who build pages."""
    return render(request, "core/components.html")
