"""Workshops: the public calendar and page of each, and the gestures that plan, provide for and staff them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django import forms as plain
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.actions import workshops as actions
from openregion.consultation.forms import workshops as forms
from openregion.consultation.models import Charge, Consultation, Workshop
from openregion.consultation.queries import logistics
from openregion.consultation.queries import workshops as queries
from openregion.core import icalendar
from openregion.core.audience import everyone, kept
from openregion.core.official import text_in
from openregion.core.refusal import Refused
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today

WORKSHOPS_ON_A_PAGE = 20


@kept
def workshops(request: AtMember, member: str) -> HttpResponse:
    """List the workshops by theme and province: those to come, the next one first, then those that were."""
    now = timezone.now()
    asked = {name: request.GET.get(name, "").strip() for name in ("theme", "province", "consultation")}
    found = queries.workshops_narrowed(queries.workshops_of(request.member), **asked)
    page = Paginator(queries.workshops_past(found, now=now), WORKSHOPS_ON_A_PAGE).get_page(request.GET.get("page", 1))
    shown = {
        "coming": queries.workshop_lines(queries.workshops_to_come(found, now=now), request.member),
        "past": queries.workshop_lines(page.object_list, request.member),
        "page": page,
        "asked": asked,
        "filtered": any(asked.values()),
        "choices": queries.workshop_choices(request.member),
        "may": deeds_here(request),
    }
    return render(request, "consultation/workshops/workshops.html", shown)


@kept
def workshop(request: AtMember, member: str, number: int) -> HttpResponse:
    """Show a workshop: what, where, when, how to get in; afterwards who came, and its minutes."""
    one = workshop_here(request, number)
    shown = {"page": queries.workshop_page(one, now=timezone.now()), "may": deeds_here(request)}
    return render(request, "consultation/workshops/workshop.html", shown)


@everyone
def workshop_ics(request: AtMember, member: str, number: int) -> HttpResponse:
    """Hand out a workshop for one's own calendar."""
    one, lang = workshop_here(request, number), get_language() or "fr"
    name, host = text_in(request.member.name, lang), urlsplit(settings.SITE).netloc
    entries = [queries.workshop_entry(one)] if one.meeting.state != "cancelled" else []
    content = icalendar.written(entries, name=name, host=host, at=timezone.now(), lang=lang, site=settings.SITE)
    headers = {"Content-Disposition": f'attachment; filename="{member}-workshop-{number}.ics"'}
    return HttpResponse(content, content_type=icalendar.MEDIA_TYPE, headers=headers)


@holders_of("plan_workshop")
def new_workshop(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Plan a workshop of a consultation."""
    theirs = Consultation.objects.of(request.member).select_related("cycle__member", "cycle__method")
    consultation = get_object_or_404(theirs, slug=slug)
    form = forms.WorkshopForm(
        request.POST if request.method == "POST" else None, consultation=consultation, initial={"open_to_all": True}
    )
    made: list[Workshop] = []

    def deed() -> None:
        at = timezone.now()
        made.append(actions.plan_workshop(consultation, **form.given(at), by=request.user, at=at))

    done = _("The workshop is planned, and stands in the public calendar. List what it needs next.")
    if do(request, form, deed, done=done):
        return redirect("workshop", member, made[0].meeting.number)
    lead = text_in(consultation.title, get_language() or "fr")
    back = reverse("consultation", args=[member, slug])
    return ask(request, form, title=_("Plan a workshop"), submit=_("Plan this workshop"), back=back, lead=lead)


@holders_of("revise_workshop")
def revise_workshop(request: AtMember, member: str, number: int) -> HttpResponse:
    """Change a workshop or move it; guests who were convened are told."""
    one = workshop_here(request, number)
    form = forms.WorkshopForm(
        request.POST if request.method == "POST" else None,
        consultation=one.consultation,
        initial=forms.workshop_initial(one),
    )

    def deed() -> None:
        at = timezone.now()
        actions.revise_workshop(one, **form.given(at), by=request.user, at=at)

    done = _("The workshop is changed. Guests who were convened are told.")
    return _asked(request, one, form, deed, title=_("Change the workshop"), submit=_("Save"), done=done)


@holders_of("revise_workshop")
def workshop_timings(request: AtMember, member: str, number: int) -> HttpResponse:
    """Set how long each part of the programme lasts: the kit is then ready to print."""
    one = workshop_here(request, number)
    form = forms.TimingsForm(request.POST if request.method == "POST" else None, workshop=one)

    def deed() -> None:
        actions.revise_workshop(one, timings=form.timings(), by=request.user, at=timezone.now())

    title, submit = _("Set the timings"), _("Set these timings")
    lead = _("In minutes. A part of no minute is left out of the programme.")
    done = _("The timings are set, and the kit is ready to print.")
    return _asked(request, one, form, deed, title=title, submit=submit, done=done, lead=lead, to="workshop_kit")


# --- what it needs --------------------------------------------------------------


@holders_of("add_need")
def workshop_needs(request: AtMember, member: str, number: int) -> HttpResponse:
    """Show what a workshop needs, who sees to it, by when and for how much."""
    one = workshop_here(request, number)
    shown = {
        "page": queries.workshop_page(one, now=timezone.now()),
        "needs": logistics.need_lines(one, today=today()),
        "totals": logistics.totals_of(one),
        "missing": len(logistics.needs_missing(one, today=today())),
        "may": deeds_here(request),
        "films": one.needs.filter(kind="recording").exists(),
    }
    return render(request, "consultation/workshops/needs.html", shown)


@holders_of("add_need")
def add_need(request: AtMember, member: str, number: int) -> HttpResponse:
    """Put something on the list of what a workshop needs."""
    one = workshop_here(request, number)
    form = forms.NeedForm(request.POST if request.method == "POST" else None, member=request.member)

    def deed() -> None:
        actions.add_need(one, **form.given(), by=request.user, at=timezone.now())

    title, submit, done = _("Add what the workshop needs"), _("Add it to the list"), _("It is on the list.")
    return _asked(request, one, form, deed, title=title, submit=submit, done=done, to="workshop_needs")


@holders_of("add_need")
def add_usual_needs(request: AtMember, member: str, number: int) -> HttpResponse:
    """Put on the list what every workshop needs, each by a day counted back from it."""
    one = workshop_here(request, number)
    form = plain.Form(request.POST if request.method == "POST" else None)
    proposed = logistics.needs_missing(one, today=today())

    @transaction.atomic
    def deed() -> None:
        for need in proposed:
            actions.add_need(
                one, kind=need.kind, what=need.what, due_on=need.due_on, by=request.user, at=timezone.now()
            )

    n = len(proposed)
    done = ngettext("%(n)s line is on the list.", "%(n)s lines are on the list.", n) % {"n": n}
    if do(request, form, deed, done=done):
        return redirect("workshop_needs", member, number)
    shown = {"form": form, "proposed": proposed, "kinds": logistics.NEEDS, "name": forms.title_of(one)}
    shown["back"] = reverse("workshop_needs", args=[member, number])
    return render(request, "consultation/workshops/usual_needs.html", shown)


@holders_of("revise_need")
def revise_need(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Change a line of the list, or say that it is ready; one press says that it is ready today."""
    one = workshop_here(request, number)
    need = logistics.need_of(one, uid)
    if need is None:
        raise Http404(uid)
    if "ready" in request.POST:
        return _ready(request, one, need)
    form = forms.NeedRevisionForm(
        request.POST if request.method == "POST" else None, member=request.member, initial=forms.need_initial(need)
    )

    def deed() -> None:
        actions.revise_need(need, **form.given(), by=request.user, at=timezone.now())

    title, done = _("Change a line of the list"), _("The line is changed.")
    return _asked(request, one, form, deed, title=title, submit=_("Save"), done=done, to="workshop_needs")


def _ready(request: AtMember, one: Workshop, need: Any) -> HttpResponse:
    """Say that a line of the list is ready today, and come back to the list."""
    names = ("kind", "what", "who", "assignee", "due_on", "budget_line", "cost")
    kept_ = {name: getattr(need, name) for name in names}
    try:
        actions.revise_need(need, **kept_, done_on=today(), by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is ready."))
    return redirect("workshop_needs", request.member.slug, one.meeting.number)


@holders_of("remove_need")
def remove_need(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Take a line off the list, after reading which."""
    one = workshop_here(request, number)
    need = logistics.need_of(one, uid)
    if need is None:
        raise Http404(uid)
    form = plain.Form(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.remove_need(need, by=request.user, at=timezone.now())

    title, submit, done = _("Take a line off the list"), _("Take it off"), _("It is off the list.")
    return _asked(request, one, form, deed, title=title, submit=submit, done=done, lead=need.what, to="workshop_needs")


# --- who is in charge, who came --------------------------------------------------


@holders_of("give_charge")
def workshop_people(request: AtMember, member: str, number: int) -> HttpResponse:
    """Show who facilitates and who takes notes, and choose among the participants."""
    one = workshop_here(request, number)
    form = forms.ChargeForm(request.POST if request.method == "POST" else None, workshop=one)

    def deed() -> None:
        actions.give_charge(one, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("They are chosen. Tell them, and hand them the guide.")):
        return redirect("workshop_people", member, number)
    shown = {
        "form": form,
        "page": queries.workshop_page(one, now=timezone.now()),
        "charges": logistics.charge_lines(one),
        "balance": logistics.balance_in_words(one),
        "without": {part: logistics.tables_without(one, part) for part in logistics.CHARGES},
        "some": logistics.to_be_charged(one).exists(),
        "may": deeds_here(request),
    }
    return render(request, "consultation/workshops/people.html", shown)


@holders_of("end_charge")
def end_charge(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Relieve a participant of their part, after reading whom."""
    one, charge = charge_here(request, number, uid)
    form = plain.Form(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.end_charge(charge, by=request.user, at=timezone.now())

    name = charge.invitation.name if charge.invitation else ""
    title, submit, done = _("Relieve a participant"), _("Relieve them"), _("They are relieved of their part.")
    return _asked(request, one, form, deed, title=title, submit=submit, done=done, lead=name, to="workshop_people")


@holders_of("check_in")
def count_heads(request: AtMember, member: str, number: int) -> HttpResponse:
    """Count those who came and gave no name, by category: in all, so that sending it twice counts them once."""
    one = workshop_here(request, number)
    form = forms.HeadsForm(request.POST if request.method == "POST" else None, workshop=one)

    def deed() -> None:
        actions.count_heads(one, heads=form.heads(), by=request.user, at=timezone.now())

    lead = _(
        "For those who do not wish to give a name. Write how many there are in all; those checked in by name are "
        "counted already."
    )
    title, submit, done = _("Count those who gave no name"), _("Save these counts"), _("They are counted.")
    return _asked(request, one, form, deed, title=title, submit=submit, done=done, lead=lead)


# --- what several views do the same way -------------------------------------------


def workshop_here(request: AtMember, number: int) -> Workshop:
    """Find a workshop of the member. Raises ``Http404``."""
    one = queries.workshop_of(request.member, number)
    if one is None:
        raise Http404(str(number))
    return one


def charge_here(request: AtMember, number: int, uid: str) -> tuple[Workshop, Charge]:
    """Give a workshop of this space and one of those who have a part there. Raises ``Http404`` where there is none."""
    one = workshop_here(request, number)
    charge = logistics.charge_of(one, uid)
    if charge is None:
        raise Http404(uid)
    return one, charge


def _asked(
    request: AtMember,
    one: Workshop,
    form: plain.Form,
    deed: Callable[[], Any],
    *,
    title: str,
    submit: str,
    done: str,
    lead: str = "",
    to: str = "workshop",
) -> HttpResponse:
    """Do a deed of a workshop and go back to the page it comes from, else show the form."""
    back = reverse(to, args=[request.member.slug, one.meeting.number])
    if do(request, form, deed, done=done):
        return redirect(back)
    name = forms.title_of(one)
    return ask(request, form, title=title, submit=submit, back=back, lead=f"{name} – {lead}" if lead else name)
