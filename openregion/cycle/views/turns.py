"""A member's turns of the process: their stages and proofs in public, and the gestures that open and date them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.core.audience import kept
from openregion.cycle import actions, queries
from openregion.cycle.forms.turns import CycleForm, DeliberationForm, StageForm
from openregion.cycle.models import Cycle
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today


@kept
def cycles(request: AtMember, member: str) -> HttpResponse:
    """List the member's turns of the process: candidacies and action plans, how far each is."""
    lines = queries.cycle_lines(request.member)
    return render(request, "cycle/turn/cycles.html", {"lines": lines, "may": deeds_here(request)})


@holders_of("open_cycle")
def new_cycle(request: AtMember, member: str) -> HttpResponse:
    """Open a candidacy or an action plan; the method followed that day is pinned."""
    form = CycleForm(request.POST or None, member=request.member, initial={"opened_on": today(), "kind": "plan"})
    made: list[Cycle] = []

    def deed() -> None:
        said = form.cleaned_data
        made.append(actions.open_cycle(member=request.member, **said, by=request.user, at=timezone.now()))

    if do(request, form, deed, done=_("The cycle is open. Give its stages their dates next.")):
        return redirect("cycle", member, made[0].kind, made[0].number)
    lead = _("It follows the method as it stands that day: its words and its hash are kept with the cycle.")
    back = reverse("cycles", args=[member])
    return ask(request, form, title=_("Open a cycle"), submit=_("Open this cycle"), back=back, lead=lead)


@kept
def cycle(request: AtMember, member: str, kind: str, number: int) -> HttpResponse:
    """Show a cycle: its stages with their dates, what blocks them, its operations, what the Council decided."""
    may = deeds_here(request)
    page = queries.cycle_page(found_cycle(request, kind, number), request.member, may=may)
    return render(request, "cycle/turn/cycle.html", {"page": page, "may": may})


@holders_of("date_stage")
def date_stage(request: AtMember, member: str, kind: str, number: int, code: str) -> HttpResponse:
    """Say when a stage starts and ends."""
    one, back = found_cycle(request, kind, number), reverse("cycle", args=[member, kind, number])
    stage = queries.stage_of(one, code)
    if stage is None:
        raise Http404(code)
    days = {"starts_on": stage.starts_on, "ends_on": stage.ends_on}
    form = StageForm(request.POST if request.method == "POST" else None, initial=days)

    def deed() -> None:
        actions.date_stage(stage, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The dates of the stage are published.")):
        return redirect(back)
    lead = f"{queries.cycle_name(kind, number)} – {queries.stage_name(one, code)}"
    return ask(request, form, title=_("Dates of a stage"), submit=_("Publish these dates"), back=back, lead=lead)


@holders_of("record_deliberation")
def new_deliberation(request: AtMember, member: str, kind: str, number: int) -> HttpResponse:
    """Record what the Council decided in a cycle; its act is recorded first."""
    one, back = found_cycle(request, kind, number), reverse("cycle", args=[member, kind, number])
    form = DeliberationForm(request.POST or None, member=request.member)

    def deed() -> None:
        actions.record_deliberation(one, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("What the Council decided is recorded.")):
        return redirect(back)
    title, submit = _("Record what the Council decided"), _("Record this decision")
    return ask(request, form, title=title, submit=submit, back=back, lead=queries.cycle_name(kind, number))


def found_cycle(request: AtMember, kind: str, number: int) -> Cycle:
    """Find the member's own cycle that an address names. Raises ``Http404`` when there is none."""
    theirs = Cycle.objects.of(request.member).select_related("member")
    return get_object_or_404(theirs, kind=kind, number=number)
