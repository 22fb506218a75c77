"""The pass of whoever takes notes without an account: given by the team, opened on a telephone with one button."""

from __future__ import annotations

from django import forms as plain
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from openregion.consultation import actions, capture_passes, forms, queries, rules
from openregion.consultation.audience import workshop_asked
from openregion.consultation.models import Charge, Workshop
from openregion.consultation.views.workshops import charge_here
from openregion.core import languages
from openregion.core.audience import everyone
from openregion.core.official import text_in
from openregion.core.refusal import Refused
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, holders_of


@holders_of("give_capture_pass")
@never_cache
@sensitive_post_parameters("ticket")
def give_capture_pass(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Give whoever takes notes a pass, after saying what it opens; shown once, on the page that answers."""
    _one, charge = charge_here(request, number, uid)
    form = forms.PassForm(request.POST if request.method == "POST" else None, charge=charge)
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.give_capture_pass(charge, **form.given(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _given(request, given)
    name = charge.invitation.name if charge.invitation else ""
    shown = {"charge": charge, "name": name, "form": form, "days": capture_passes.PASS_GOOD_FOR.days, "number": number}
    return render(request, "consultation/capture/give_pass.html", shown)


@holders_of("end_capture_pass")
def end_capture_pass(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """End the pass of whoever takes notes, after reading whose: a telephone was lost, or sends what nobody said."""
    _one, charge = charge_here(request, number, uid)
    form = plain.Form(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.end_capture_pass(charge, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The pass is ended. It opens nothing any more.")):
        return redirect("workshop_people", member, number)
    told = _(
        "Pass of %(name)s. It opens nothing any more once it is ended; what it brought stays, and they still take "
        "notes. What their telephone has not sent stays on it."
    )
    name = charge.invitation.name if charge.invitation else ""
    back = reverse("workshop_people", args=[member, number])
    shown = {"title": _("End a pass"), "submit": _("End the pass"), "back": back, "lead": told % {"name": name}}
    return ask(request, form, **shown)


@sensitive_variables("card", "given")
def _given(request: AtMember, given: actions.GivenPass) -> HttpResponse:
    """Show the pass as it is handed over: in the language of whoever takes notes, to print or to copy."""
    card = queries.pass_card(given.charge, given.key)
    with override(card.lang):
        handed = render_to_string("consultation/capture/pass_card.html", {"card": card}, request)
    tongue = {"lang": languages.body_lang(card.lang), "dir": languages.direction(languages.body_lang(card.lang))}
    shown = {"card": card, "handed": handed, "tongue": tongue, "number": card.page.number}
    return render(request, "consultation/capture/given_pass.html", shown)


@everyone
@never_cache
@sensitive_variables("key")
def open_capture_pass(request: AtMember, member: str, number: int, key: str) -> HttpResponse:
    """Say what a pass opens, with one button: programs that open links in advance open nothing."""
    one = workshop_asked(request, number)
    charge = queries.charge_of_pass(one, key)
    if charge is None:
        return _quiet(render(request, "consultation/capture/no_pass.html", {"number": number}, status=404))
    charge.workshop = one
    closed = rules.why_not_use_pass(charge, one, at=timezone.now())
    if request.method == "POST" and not closed:
        return _quiet(_opened(request, charge))
    return _quiet(
        render(request, "consultation/capture/pass.html", {"page": queries.pass_page(charge), "closed": closed})
    )


@everyone
@never_cache
@sensitive_post_parameters("signs")
def capture_door(request: AtMember, member: str, number: int) -> HttpResponse:
    """Open the rapporteur's page with a pass that is typed: in an installed page, there is no address to type it in.

    It forgets the pass too, for whoever gives a telephone back; pressed twice, it says so twice.
    """
    one = workshop_asked(request, number)
    if request.method == "POST" and request.POST.get("act") == "forget":
        return _quiet(_forgotten(request, one))
    form = forms.TypedPassForm(request.POST if request.method == "POST" else None, workshop=one)
    if request.method == "POST" and form.is_valid():
        return _quiet(_opened(request, form.charge))
    shown = {
        "title": _("Open your pass"),
        "submit": _("Open the page on this telephone"),
        "back": reverse("workshop", args=[member, number]),
        "lead": text_in(one.meeting.title, languages.body_lang(get_language() or "fr")),
    }
    return _quiet(ask(request, form, **shown))


def _opened(request: AtMember, charge: Charge) -> HttpResponse:
    response = redirect("capture", request.member.slug, charge.workshop.meeting.number)
    capture_passes.leave_mark(response, charge, charge.workshop)
    return response


def _forgotten(request: AtMember, one: Workshop) -> HttpResponse:
    told = _("This telephone has forgotten the pass. What it had not sent is still on it: a pass shows it again.")
    messages.success(request, told)
    response = redirect("capture_door", request.member.slug, one.meeting.number)
    capture_passes.forget_mark(response, one)
    return response


def _quiet(response: HttpResponse) -> HttpResponse:
    """Keep a pass in its address out of the logs, of the next page's referrer and of search engines.

    The referrer's origin stays: without it a browser signs its form with an
    origin of "null", and the form is refused.
    """
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django writes the address of what is not found
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
