"""Pages that cross rooms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_from_request, override

from openregion.core.audience import everyone, kept
from openregion.people.models import Member


@everyone
def choose_language(request: HttpRequest) -> HttpResponse:
    """Lead a newcomer to the home page in the language their browser asks for."""
    with override(get_language_from_request(request)):
        response = HttpResponseRedirect(reverse("home"))
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Accept-Language"
    return response


@everyone
def home(request: HttpRequest) -> HttpResponse:
    """The instance: its members, or the way to open the first one."""
    members = list(Member.objects.order_by("slug")[:100])
    if len(members) == 1:
        return HttpResponseRedirect(reverse("member_home", args=[members[0].slug]))
    return render(request, "web/home.html", {"members": members})


@kept
def member_home(request: HttpRequest, member: str) -> HttpResponse:
    """Where are we, what can I do now, what became of what was said."""
    return render(request, "web/member_home.html")
