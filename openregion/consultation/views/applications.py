"""Applying to a call and following one's application; judging what came."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from openregion.consultation import codes, mails
from openregion.consultation.actions import applications as actions
from openregion.consultation.forms import applications as forms
from openregion.consultation.forms.calls import JudgeForm, OnePressForm, SelectForm
from openregion.consultation.models import Application, CallForParticipation
from openregion.consultation.queries import applications as queries
from openregion.consultation.queries.alike import ONE_EACH, unsettled_in
from openregion.consultation.queries.calls import call_state
from openregion.consultation.rules import applications as rules
from openregion.consultation.views.calls import call_here, public_call
from openregion.consultation.views.pieces import asked_from
from openregion.core.audience import everyone
from openregion.core.refusal import Refused
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of


@everyone
@sensitive_post_parameters("ticket", "name", "email", "telephone", "motivation")
@never_cache
def apply_to_call(request: AtMember, member: str, number: int) -> HttpResponse:
    """Let an organisation or a person apply, and hand them their tracking code on the page that answers."""
    call, now = public_call(request, number), timezone.now()
    form = forms.ApplicationForm(request.POST if request.method == "POST" else None, call=call)
    if request.method == "POST" and form.is_valid():
        try:
            return _handed(request, call, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    closed = rules.why_not_apply_now(call, at=now)
    typed = form.typed() if closed and form.is_bound else []
    shown = {"call": call, "form": form, "closed": closed, "typed": typed, "state": call_state(call, at=now)}
    shown |= {"one_each": ONE_EACH}
    return render(request, "consultation/calls/apply.html", shown)


def _handed(request: AtMember, call: CallForParticipation, form: forms.ApplicationForm) -> HttpResponse:
    """Receive the application, then show its number and its code: here only, and kept in no memory on the way."""
    address = form.cleaned_data["email"]
    whence = asked_from(request) if address else ""
    mailed = bool(address) and not mails.too_many_codes(address, whence)
    at, lang = timezone.now(), get_language() or "fr"
    received = actions.apply_to_call(call, **form.given(), lang=lang, mail_code=mailed, at=at)
    if mailed and received.new:
        mails.count_code(address, whence)
    shown = {
        "call": call,
        "number": received.application.number,
        "received_at": received.application.received_at,
        "code": codes.grouped(received.code),
        "sent_before": not received.new,
        "code_mailed": mailed,
    }
    return render(request, "consultation/calls/received.html", shown)


@everyone
@sensitive_post_parameters("code")
@never_cache
def follow_application(request: AtMember, member: str) -> HttpResponse:
    """Follow one's application with the code: its state, why, the way to withdraw it or have it erased.

    The code is posted, and posted again with each act: it stands in no address and no session.
    """
    form = forms.ApplicationCodeForm(request.POST or None, member=request.member, asked_from=asked_from(request))
    if request.method != "POST" or not form.is_valid():
        status = 429 if form.waits else 200
        return render(request, "consultation/calls/follow.html", {"form": form}, status=status)
    application = form.application
    assert application is not None  # a valid form found it
    asked = request.POST.get("do", "")
    if asked in ("withdraw", "erase") and _gone(request, application, asked):
        return redirect("follow_application", member)
    may_withdraw = not rules.why_not_withdraw_application(application)
    shown = {
        "page": queries.followed(application, may_withdraw=may_withdraw),
        "code": form.cleaned_data["code"],
    }
    return render(request, "consultation/calls/followed.html", shown)


def _gone(request: AtMember, application: Application, asked: str) -> bool:
    """Withdraw or erase what the code leads to; say whether it was."""
    try:
        if asked == "withdraw":
            actions.withdraw_application(application, at=timezone.now())
            messages.success(request, _("Your application is withdrawn."))
        else:
            actions.erase_application(application, at=timezone.now())
            messages.success(request, _("Your application is erased, with what led to you."))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    return True


@holders_of("judge_application")
def applications(request: AtMember, member: str, number: int) -> HttpResponse:
    """List a call's applications; choose the participants once all are judged."""
    return listed(request, call_here(request, number))


def listed(
    request: AtMember, call: CallForParticipation, press: OnePressForm | SelectForm | None = None
) -> HttpResponse:
    """Show a call's applications, with what was refused when somebody pressed a button."""
    state = request.GET.get("state", "")
    shown = {
        "call": call,
        "page": queries.application_lines(call, state=state, page=request.GET.get("page", "")),
        "tallies": queries.tallies(call, state=state),
        "state": call_state(call, at=timezone.now()),
        "press": press,
        "choose": press if isinstance(press, SelectForm) else SelectForm(call=call),
        "unsettled": unsettled_in(call),
        "may": deeds_here(request),
        "next": queries.next_to_judge(call),
    }
    return render(request, "consultation/calls/applications.html", shown)


@holders_of("judge_application")
def application(request: AtMember, member: str, number: int, which: int) -> HttpResponse:
    """Read one application, and say whether it meets the criteria; then comes the next one to judge."""
    call = call_here(request, number)
    one = _application(call, which)
    form = JudgeForm(request.POST if request.method == "POST" else None, application=one)

    def deed() -> None:
        actions.judge_application(one, **form.judgement(), by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("Judged. Nobody is told before the participants are chosen.")):
        following = queries.next_to_judge(call)
        if following is None:
            return redirect("applications", member, number)
        return redirect("application", member, number, following)
    shown = {
        "page": queries.application_page(one),
        "call": call,
        "form": form,
        "may": deeds_here(request),
        "chosen": call.state == CallForParticipation.State.SELECTED,
    }
    return render(request, "consultation/calls/application.html", shown)


@holders_of("erase_application")
def erase_application(request: AtMember, member: str, number: int, which: int) -> HttpResponse:
    """Erase who applied, because they ask; the row stays and is counted."""
    call = call_here(request, number)
    one = _application(call, which)
    form = OnePressForm(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.erase_application(one, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The application is erased.")):
        return redirect("applications", member, number)
    return ask(
        request,
        form,
        title=_("Erase application %(n)s") % {"n": one.number},
        submit=_("Erase it for good"),
        back=reverse("application", args=[member, number, which]),
        lead=_("The name, the address and the words go for good. The number stays. A seat goes to a reserve."),
    )


def _application(call: CallForParticipation, which: int) -> Application:
    one = queries.application_of(call, which)
    if one is None:
        raise Http404(str(which))
    return one
