"""The communication plan of a cycle: what is told at each stage, and where it was published."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.core.audience import everyone, kept
from openregion.cycle import actions, queries
from openregion.cycle.forms.communication import AnnouncementForm, PublicationForm
from openregion.cycle.models import Announcement
from openregion.cycle.views.turns import found_cycle
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today
from openregion.record.queries import file_response


@kept
def communication(request: AtMember, member: str, kind: str, number: int) -> HttpResponse:
    """Show what is told at each stage and where; what is not published yet, to the team alone."""
    one, may = found_cycle(request, kind, number), deeds_here(request)
    page = queries.communication_page(one, request.member, for_team=bool(may))
    return render(request, "cycle/communication/communication.html", {"page": page, "may": may})


@holders_of("plan_announcement")
def new_announcement(request: AtMember, member: str, kind: str, number: int) -> HttpResponse:
    """Plan an announcement or a press note; asked for a stage, its words begin with the guide's."""
    one, stage = found_cycle(request, kind, number), request.GET.get("stage", "")
    begun = queries.proposed_words(one, stage) if request.GET.get("words") == "guide" else {}
    initial = {"stage": stage, "kind": "press-note" if begun else "announcement", "planned_on": today(), **begun}
    form = AnnouncementForm(request.POST or None, cycle=one, initial=initial)

    def deed() -> None:
        at = timezone.now()
        actions.plan_announcement(one, said=form.said(at), by=request.user, at=at)

    if do(request, form, deed, done=_("It is planned. Record where it is published once it is out.")):
        return redirect("communication", member, kind, number)
    title, submit = _("Plan an announcement"), _("Plan it")
    lead = _("The guide's words are a beginning: make them yours.") if begun else queries.cycle_name(kind, number)
    return ask(request, form, title=title, submit=submit, back=_plan(member, kind, number), lead=lead)


@holders_of("revise_announcement")
def edit_announcement(request: AtMember, member: str, kind: str, number: int, uid: str) -> HttpResponse:
    """Word an announcement better, or move its day."""
    one = _announcement(request, kind, number, uid)
    form = AnnouncementForm(request.POST or None, cycle=one.cycle, announcement=one)

    def deed() -> None:
        at = timezone.now()
        actions.revise_announcement(one, said=form.said(at), by=request.user, at=at)

    if do(request, form, deed, done=_("The announcement is kept as you wrote it.")):
        return redirect("communication", member, kind, number)
    title, submit, back = _("Change an announcement"), _("Keep this"), _plan(member, kind, number)
    return ask(request, form, title=title, submit=submit, back=back, lead=queries.cycle_name(kind, number))


@holders_of("record_publication")
def new_publication(request: AtMember, member: str, kind: str, number: int, uid: str) -> HttpResponse:
    """Record where an announcement came out."""
    one = _announcement(request, kind, number, uid)
    form = PublicationForm(request.POST or None, request.FILES or None, initial={"on": today()})

    def deed() -> None:
        said = {**form.cleaned_data, "upload": form.cleaned_data["upload"] or None}
        actions.record_publication(one, **said, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("It is recorded, and everyone can read it.")):
        return redirect("communication", member, kind, number)
    title, submit = _("Where it was published"), _("Record this")
    lead = queries.in_words(one.title)
    return ask(request, form, title=title, submit=submit, back=_plan(member, kind, number), lead=lead)


@everyone
def publication_file(request: AtMember, member: str, pk: int) -> HttpResponseBase:
    """Hand out what shows that an announcement was published: it is public already."""
    found = queries.publication_of(request.member, pk)
    if found is None or found.file is None:
        raise Http404(str(pk))
    return file_response(found.file)


def _announcement(request: AtMember, kind: str, number: int, uid: str) -> Announcement:
    found = queries.announcement_of(found_cycle(request, kind, number), uid)
    if found is None:
        raise Http404(uid)
    return found


def _plan(member: str, kind: str, number: int) -> str:
    return reverse("communication", args=[member, kind, number])
