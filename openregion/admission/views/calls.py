"""The pages of calls: what OGP asks, by when, by which channel."""

from __future__ import annotations

import yaml
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.admission import actions, queries
from openregion.admission.forms.calls import CallForm
from openregion.admission.models import Call
from openregion.core.audience import kept
from openregion.people.asking import do
from openregion.people.audience import AtMember, deeds_here, holders_of


@kept
def calls(request: AtMember, member: str) -> HttpResponse:
    """List the calls entered, and show the working form that stands until one is."""
    shown = {"calls": queries.calls_page(request.member), "working": queries.working_page(request.member)}
    return render(request, "admission/calls.html", shown | {"may": deeds_here(request)})


@kept
def call(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Show a call: its deadline on two clocks, its channel, its questions."""
    found = get_object_or_404(Call.objects.of(request.member), uid=uid)
    line = queries.call_line(found, request.member)
    return render(request, "admission/call.html", {"call": line, "may": deeds_here(request)})


@kept
def working_form(request: AtMember, member: str) -> HttpResponse:
    """Hand out the working form as a YAML file, a model for entering a call."""
    questions = queries.working_questions(queries.book_for(request.member, None))
    text = yaml.safe_dump({"questions": questions}, allow_unicode=True, sort_keys=False, width=100)
    headers = {"Content-Disposition": f'attachment; filename="{member}-working-form.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@holders_of("enter_call")
def enter_call(request: AtMember, member: str) -> HttpResponse:
    """Enter a call as data: typed, or read from a file."""
    book, more = queries.book_for(request.member, None), "more" in request.POST
    known = queries.conditions(book)
    choices = [(one.code, one.text.in_(get_language() or "fr")) for one in known]
    form = CallForm(request.POST or None, request.FILES or None, member=request.member, conditions=choices, more=more)
    made: list[Call] = []

    def deed() -> None:
        at = timezone.now()
        made.append(actions.enter_call(member=request.member, **form.call(at), by=request.user, at=at))

    # Asked for more rows, the form comes back with all that was typed and no reproach.
    if more:
        form.errors.clear()
        for row in form.questions:
            row.errors.clear()
    elif do(request, form, deed, done=_("The call is entered. A dossier can answer it.")):
        return redirect("call", member, made[0].uid)
    shown = {"form": form, "conditions": known, "back": reverse("calls", args=[member])}
    return render(request, "admission/enter_call.html", shown)
