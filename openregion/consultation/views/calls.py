"""Pages of the calls for participation: the list, one call, its draft, its quotas."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.consultation.actions import calls as actions
from openregion.consultation.forms import calls as forms
from openregion.consultation.models import CallForParticipation
from openregion.consultation.queries import calls as queries
from openregion.consultation.queries.categories import in_few_hands
from openregion.consultation.queries.questions import smallest_group
from openregion.consultation.views.pieces import not_kept_near
from openregion.core.audience import kept
from openregion.people.asking import do
from openregion.people.audience import AtMember, deeds_here, holders_of

WRITERS = frozenset({"draft_participation_call", "revise_participation_call", "publish_participation_call"})


@kept
def participation_calls(request: AtMember, member: str) -> HttpResponse:
    """List the calls to organisations and people; drafts for those who write them."""
    now, may = timezone.now(), deeds_here(request)
    lines = queries.call_lines(request.member, at=now, drafts=bool(may & WRITERS))
    response = render(request, "consultation/calls/list.html", {"lines": lines, "may": may})
    return not_kept_near(response, queries.next_call_change(lines, at=now), now)


@kept
def participation_call(request: AtMember, member: str, number: int) -> HttpResponse:
    """Show a published call: criteria, quotas, days, the promise of its draw; then who was chosen and who came."""
    call, now = public_call(request, number), timezone.now()
    page = queries.call_page(call, at=now)
    response = render(request, "consultation/calls/call.html", {"page": page, "may": deeds_here(request)})
    return not_kept_near(response, queries.next_call_change([call], at=now), now)


@holders_of("draft_participation_call")
def new_participation_call(request: AtMember, member: str) -> HttpResponse:
    """Draft a call for participation."""
    form = forms.CallForm(request.POST if request.method == "POST" else None, member=request.member)
    made: list[CallForParticipation] = []

    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        drafted = actions.draft_participation_call(
            said["consultation"],
            title=form.text("title", at),
            about=form.text("about", at),
            criteria=form.criteria(at),
            seats=said["seats"],
            opens_at=said["opens_at"],
            closes_at=said["closes_at"],
            workshop=said["workshop"],
            place_by=said["place_by"],
            public_source=form.text("public_source", at),
            public_on=said["public_on"],
            by=request.user,
            at=at,
        )
        made.append(drafted)

    if do(request, form, deed, done=_("The call is drafted. Say now how the seats are shared, if they are.")):
        return redirect("participation_quotas", member, made[0].number)
    shown = {"form": form, "back": reverse("participation_calls", args=[member]), "call": None}
    return render(request, "consultation/calls/edit.html", shown)


@holders_of("revise_participation_call")
def revise_participation_call(request: AtMember, member: str, number: int) -> HttpResponse:
    """Change the draft of a call, and publish it with a button of its own; a published one changes by its quotas."""
    call = call_here(request, number)
    if call.state != CallForParticipation.State.DRAFT:
        return redirect("participation_quotas", member, number)
    if request.POST.get("do") == "publish":
        return _publish(request, call)
    form = forms.CallForm(request.POST if request.method == "POST" else None, member=request.member, call=call)

    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        actions.revise_participation_call(
            call,
            title=form.text("title", at),
            about=form.text("about", at),
            criteria=form.criteria(at),
            seats=said["seats"],
            quotas=call.quotas,
            opens_at=said["opens_at"],
            closes_at=said["closes_at"],
            workshop=said["workshop"],
            place_by=said["place_by"],
            public_source=form.text("public_source", at),
            public_on=said["public_on"],
            by=request.user,
            at=at,
        )

    if do(request, form, deed, done=_("The draft is saved.")):
        return redirect("revise_participation_call", member, number)
    return _draft(request, call, form)


@holders_of("revise_participation_call")
def participation_quotas(request: AtMember, member: str, number: int) -> HttpResponse:
    """Say how the seats are shared; once the call is published, with a reason that everyone reads."""
    call = call_here(request, number)
    form = forms.QuotasForm(request.POST if request.method == "POST" else None, call=call)

    def deed() -> None:
        at = timezone.now()
        actions.revise_participation_call(
            call,
            title=call.title,
            about=call.about,
            criteria=call.criteria,
            quotas=form.quotas(),
            opens_at=call.opens_at,
            public_source=call.public_source,
            **form.kept(),
            reason=form.reason(at),
            by=request.user,
            at=at,
        )

    there = "participation_call" if form.published else "revise_participation_call"
    if do(request, form, deed, done=_("The quotas are saved.")):
        return redirect(there, member, number)
    back = reverse(there, args=[member, number])
    few = in_few_hands(call, smallest_group(call.member))
    return render(request, "consultation/calls/quotas.html", {"form": form, "call": call, "back": back, "few": few})


def call_here(request: AtMember, number: int) -> CallForParticipation:
    """Find a call of the member's, drafts too: for those who hold a deed. Raises ``Http404``."""
    call = queries.call_of(request.member, number)
    if call is None:
        raise Http404(str(number))
    return call


def public_call(request: AtMember, number: int) -> CallForParticipation:
    """Find a published call of the member's. Raises ``Http404``."""
    call = call_here(request, number)
    if call.state == CallForParticipation.State.DRAFT:
        raise Http404(str(number))
    return call


def _publish(request: AtMember, call: CallForParticipation) -> HttpResponse:
    press = forms.OnePressForm(request.POST)

    def deed() -> None:
        actions.publish_participation_call(call, by=request.user, at=timezone.now())

    if do(request, press, deed, done=_("The call is published. It opens and closes by itself.")):
        return redirect("participation_call", request.member.slug, call.number)
    return _draft(request, call, forms.CallForm(member=request.member, call=call), press)


def _draft(
    request: AtMember, call: CallForParticipation, form: forms.CallForm, press: forms.OnePressForm | None = None
) -> HttpResponse:
    shown = {
        "form": form,
        "press": press,
        "call": call,
        "quotas": queries.quota_groups(call.member, call.quotas),
        "may": deeds_here(request),
        "back": reverse("participation_calls", args=[request.member.slug]),
    }
    return render(request, "consultation/calls/edit.html", shown)
