"""Asking for news, confirming it, stopping it: each with one button, without an account."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from openregion.consultation import actions, forms, mails, queries
from openregion.consultation.views.pieces import asked_from, signed_in
from openregion.core.audience import everyone
from openregion.core.refusal import Refused
from openregion.people.audience import AtMember


@everyone
@sensitive_post_parameters("email")
@never_cache
def follow_news(request: AtMember, member: str, kind: str, subject: str) -> HttpResponse:
    """Ask for news of something; the answer is the same whatever the address follows, or was sent, already.

    What is said of the connection is said to whoever asks; what concerns the address goes by mail, or nowhere.
    """
    what = queries.followed(request.member, kind, subject)
    if what is None:
        raise Http404(subject)
    by = signed_in(request)
    initial = {"email": by.email} if by else {}
    form = forms.FollowNewsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        email, visitor = form.cleaned_data["email"], asked_from(request)
        if mails.too_many_from(visitor):
            form.add_error(None, _("Enough messages were asked for from your connection. Try in an hour."))
        else:
            try:
                lang = get_language() or "fr"
                now = timezone.now()
                if not mails.too_many_to(email):
                    actions.follow_news(request.member, kind=kind, subject=subject, email=email, lang=lang, at=now)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                mails.count_code(email, visitor)
                told = _("A link leaves for that address, unless enough was asked for it already.")
                messages.success(request, told + " " + _("Press it within seven days."))
                return redirect(what.url)
    return render(request, "consultation/follow.html", {"form": form, "what": what})


@everyone
@never_cache
def confirm_follow(request: AtMember, member: str, key: str) -> HttpResponse:
    """Confirm with one button: programs that open links in advance confirm nothing."""
    follow, refused = queries.follow_of(request.member, key), ""
    if request.method == "POST" and follow is not None:
        try:
            actions.confirm_follow(follow, at=timezone.now())
        except Refused as refusal:
            refused = str(refusal)
        else:
            return _quiet(redirect(request.path))
    what = queries.followed(request.member, follow.kind, follow.subject) if follow else None
    shown = {"follow": follow, "what": what, "refused": refused, "key": key}
    return _quiet(render(request, "consultation/confirm_follow.html", shown))


@everyone
@csrf_exempt
@never_cache
def stop_following(request: AtMember, member: str, key: str) -> HttpResponse:
    """Stop with one button, or by the mail program's own (RFC 8058): no sign-in, no question, no cookie asked.

    Whoever has the link may stop, and nothing else. The answer to the press is
    the page itself, not a redirect: mail programs do not follow one. Pressed
    twice, it says the same. Links that stop nothing answer alike.
    """
    return _stop(request, key, everything=False)


@everyone
@csrf_exempt
@never_cache
def stop_all_news(request: AtMember, member: str, key: str) -> HttpResponse:
    """Stop all that an address follows at this member: what the mail program's button does."""
    return _stop(request, key, everything=True)


def _stop(request: AtMember, key: str, *, everything: bool) -> HttpResponse:
    follow = queries.follow_of(request.member, key)
    what = None
    if follow is not None:
        what = queries.followed(request.member, follow.kind, follow.subject)
        if request.method == "POST":
            actions.stop_following(follow, everything=everything)
            follow = None
    shown = {"follow": follow, "what": what, "everything": everything, "stopped": follow is None, "key": key}
    return _quiet(render(request, "consultation/stop_following.html", shown))


def _quiet(response: HttpResponse) -> HttpResponse:
    """Keep an address that holds a key to whoever has it: no search engine, no page it leads to.

    The origin stays in the referrer: without it a browser signs its form with
    an origin of "null", and the form is refused.
    """
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
