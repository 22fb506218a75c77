"""Choosing the participants, the draw for everyone to check, the letters, the list of guests."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openregion.consultation import call_mails, lots
from openregion.consultation.actions import draws as actions
from openregion.consultation.forms.calls import OnePressForm, SelectForm
from openregion.consultation.models import CallForParticipation
from openregion.consultation.queries import applications as application_queries
from openregion.consultation.queries import calls as call_queries
from openregion.consultation.queries import draws as queries
from openregion.consultation.rules import calls as rules
from openregion.consultation.views.applications import listed
from openregion.consultation.views.calls import call_here, public_call
from openregion.core.audience import everyone, kept
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import invite_to_meeting
from openregion.people.asking import do
from openregion.people.audience import AtMember, holders_of


@holders_of("select_participants")
@require_POST
def select_participants(request: AtMember, member: str, number: int) -> HttpResponse:
    """Choose who takes part, by lot where seats are few, and write to everyone."""
    call = call_here(request, number)
    press = SelectForm(request.POST, call=call)

    def deed() -> None:
        at, figure = timezone.now(), press.figure()
        refuse_if(rules.why_not_select(request.user, call, at=at, public_value=figure))
        try:
            queries.draw_ahead(call, public_value=figure)
        except lots.TooSlow:
            refuse_if(_("The machine was too busy to draw. Nothing was decided: try again in a few minutes."))
        actions.select_participants(call, by=request.user, at=at, public_value=figure)

    if do(request, press, deed, done=_("The participants are chosen. The letters are on their way.")):
        return redirect("participation_call", member, number)
    return listed(request, call, press)


@holders_of("invite_to_meeting")
@require_POST
def invite_participants(request: AtMember, member: str, number: int) -> HttpResponse:
    """Put those who were chosen on the list of guests of the call's meeting."""
    call, press = call_here(request, number), OnePressForm(request.POST)
    if call.workshop is None or call.state != CallForParticipation.State.SELECTED:
        raise Http404(str(number))
    meeting = call.workshop.meeting

    def deed() -> None:
        guests = call_queries.guests_of_call(call)
        invite_to_meeting(meeting, guests=guests, by=request.user, at=timezone.now())

    if do(request, press, deed, done=_("They are on the list of guests. The convocation has not left yet.")):
        return redirect("meeting", member, meeting.number)
    return listed(request, call, press)


@holders_of("judge_application")
def participation_letters(request: AtMember, member: str, number: int) -> HttpResponse:
    """Print a letter for each person who left no address: one sheet each, in their language."""
    call = call_here(request, number)
    ranks = queries.reserve_ranks(call)
    letters = [
        (one.number, call_mails.outcome_letter(one, rank=ranks.get(one.number, 0)))
        for one in application_queries.to_print(call)
    ]
    return render(request, "consultation/calls/letters.html", {"call": call, "letters": letters})


@kept
def participation_draw(request: AtMember, member: str, number: int) -> HttpResponse:
    """Show a draw: the list, the quotas, the seed, the outcome, and how anyone draws again."""
    call = public_call(request, number)
    if not hasattr(call, "draw"):
        raise Http404(str(number))
    return render(request, "consultation/calls/draw.html", {"page": queries.draw_page(call.draw)})


@everyone
def participation_draw_json(request: AtMember, member: str, number: int) -> HttpResponse:
    """Hand out the frozen document of a draw, byte for byte: its fingerprint is on the page."""
    call = public_call(request, number)
    if not hasattr(call, "draw"):
        raise Http404(str(number))
    name = f"draw-{member}-{number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(call.draw.document.content, content_type="application/json", headers=headers)
