"""The desk of those who work here, the public timeline of a cycle, and what a person wishes to be told."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from openregion.core.audience import everyone, kept, signed_in
from openregion.core.refusal import refuse_if
from openregion.cycle.models import Cycle
from openregion.people.audience import AtMember, holders_of
from openregion.people.models import CalendarKey
from openregion.web import actions
from openregion.web.forms import RemindersForm
from openregion.web.queries import desk as desks
from openregion.web.queries.mails import mails_page
from openregion.web.queries.timeline import timeline_of
from openregion.web.rules import why_not_work_here


@signed_in
def desk(request: AtMember, member: str) -> HttpResponse:
    """What is late, due soon, awaited and done, for someone of the team; their own lines, or everybody's."""
    refuse_if(why_not_work_here(request.user, request.member))
    mine = request.GET.get("lines") != "all"
    return render(request, "web/desk/desk.html", {"desk": desks.desk_of(request.user, request.member, mine=mine)})


@everyone
def arrived(request: HttpRequest) -> HttpResponseRedirect:
    """Lead whoever has just signed in to the desk of the space they work in; without a role, to the home page."""
    space = desks.space_of(request.user)
    return redirect("desk", space.slug) if space else redirect("home")  # type: ignore[return-value]


@kept
def timeline(request: AtMember, member: str, kind: str, number: int) -> HttpResponse:
    """Tell a cycle day by day: what was done and its documents, what is to come."""
    found = Cycle.objects.of(request.member).select_related("member", "method")
    cycle = get_object_or_404(found, kind=kind, number=number)
    return render(request, "web/desk/timeline.html", {"page": timeline_of(cycle, request.member)})


@signed_in
@never_cache
def my_calendar(request: AtMember, member: str) -> HttpResponseBase:
    """Make, replace or close the address of one's own calendar: shown once, and kept nowhere in clear."""
    refuse_if(why_not_work_here(request.user, request.member))
    asked = request.POST.get("do") if request.method == "POST" else ""
    if asked == "close":
        actions.revoke_calendar_key(user=request.user, member=request.member)
        messages.success(request, _("The address is closed: calendars that read it get nothing more."))
        return redirect("my_calendar", member)
    key = ""
    if asked == "make":  # answered at once: a redirect would have to carry the key in an address or a session
        key = actions.make_calendar_key(user=request.user, member=request.member, at=timezone.now())
    held = CalendarKey.objects.filter(user=request.user, member=request.member).first()
    return render(request, "web/desk/my_calendar.html", {"key": key, "held": held, "site": settings.SITE})


@signed_in
def my_reminders(request: AtMember, member: str) -> HttpResponseBase:
    """Say whether one wants reminders by e-mail: one message a day at most, only when something is new."""
    refuse_if(why_not_work_here(request.user, request.member))
    sent = request.POST if request.method == "POST" else None  # an unticked box sends nothing
    form = RemindersForm(sent, initial={"wants_digest": request.user.wants_digest})
    if sent is not None and form.is_valid():
        actions.set_digest(user=request.user, wanted=form.cleaned_data["wants_digest"])
        messages.success(request, _("Your choice is kept."))
        return redirect("my_reminders", member)
    return render(request, "web/desk/my_reminders.html", {"form": form})


@holders_of("retry_mail")
def mail_figures(request: AtMember, member: str) -> HttpResponse:
    """How many messages wait, left and failed: those to the team and those to authors of suggestions."""
    return render(request, "web/desk/mails.html", {"page": mails_page(request.member)})
