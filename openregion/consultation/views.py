"""Pages where people read a question, answer it, and where what they gave is read before it is published."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms as plain
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from openregion.consultation import actions, codes, forms, mails, queries, rules
from openregion.consultation.models import Consultation, Contribution
from openregion.core.audience import everyone, kept
from openregion.core.refusal import Refused
from openregion.people.asking import do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.models import User

# A page kept for visitors lives up to an hour: near an opening or a closing it is made each time.
KEPT_FOR = dt.timedelta(hours=1)
SENT, SENT_KEPT = "sent", 3  # the cookie of what was sent lately, and how many it remembers


@kept
def consultations(request: AtMember, member: str) -> HttpResponse:
    """List the questions put to the public: open now, to come, closed."""
    now = timezone.now()
    lists = queries.lists(request.member, at=now)
    response = render(request, "consultation/consultations.html", {"lists": lists, "may": deeds_here(request)})
    return _not_kept_near(response, queries.next_change([*lists.open, *lists.to_come], at=now), now)


@kept
def consultation(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Show a question: until when, how many answered, what becomes of the answers, and the way to answer."""
    one, now = _consultation(request, slug), timezone.now()
    page = queries.page(one, at=now)
    response = render(request, "consultation/consultation.html", {"page": page, "may": deeds_here(request)})
    return _not_kept_near(response, queries.next_change([one], at=now), now)


@everyone
@sensitive_post_parameters("ticket", "reply_to")
@never_cache
def suggest(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Let anyone give a suggestion, and hand them their tracking code on the page that answers."""
    one, by = _consultation(request, slug), _signed_in(request)
    form = forms.SuggestionForm(request.POST if request.method == "POST" else None, consultation=one, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            ticket = _ticket(request, form)
            received, mailed = _receive(request, one, form, by, ticket)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _remembered(request, form, ticket, _handed(request, one, received, form, mailed=mailed))
    closed = rules.why_not_open(one, at=timezone.now())
    typed = form.typed() if closed and form.is_bound else []
    shown = {"consultation": one, "form": form, "closed": closed, "typed": typed, "state": _state(one)}
    return render(request, "consultation/suggest.html", shown)


def _receive(
    request: AtMember, one: Consultation, form: forms.SuggestionForm, by: User | None, ticket: str
) -> tuple[actions.Received, bool]:
    """Receive what was written; say too whether its code is sent, for nobody fills a stranger's box from here."""
    said, address = form.cleaned_data, form.address()
    asked_from = _asked_from(request) if address else ""
    mailed = bool(address) and not mails.too_many_codes(address, asked_from)
    received = actions.receive_suggestion(
        one,
        words=form.words(),
        lang=said["lang"],
        channel=Contribution.Channel.ONLINE,
        theme=said.get("theme"),
        province=said["province"],
        author=by,
        reply_to=address,
        reply_lang=(get_language() or "fr") if address else "",
        ticket=ticket,
        mail_code=mailed,
        at=timezone.now(),
    )
    if mailed and received.new:
        mails.count_code(address, asked_from)
    return received, mailed


def _ticket(request: AtMember, form: forms.SuggestionForm) -> str:
    """Give the form's ticket, or the one the same words had a moment ago in this browser.

    Who goes back and presses again is given the form anew, with another ticket:
    the words say that it is the same form.
    """
    return _sent_lately(request).get(_fingerprint(form), form.cleaned_data["ticket"])


def _remembered(request: AtMember, form: forms.SuggestionForm, ticket: str, page: HttpResponse) -> HttpResponse:
    """Leave with the browser, until its visit ends and for this page alone, which ticket went with which words."""
    lately = [*(_sent_lately(request) | {_fingerprint(form): ticket}).items()][-SENT_KEPT:]
    kept = signing.dumps(lately, salt=SENT)
    page.set_cookie(SENT, kept, path=request.path, httponly=True, samesite="Lax", secure=settings.HTTPS)
    return page


def _sent_lately(request: AtMember) -> dict[str, str]:
    try:
        return dict(signing.loads(request.COOKIES.get(SENT, ""), salt=SENT))
    except (signing.BadSignature, ValueError, TypeError):
        return {}


def _fingerprint(form: forms.SuggestionForm) -> str:
    told = "\n".join(codes.what_is_said(form.words()))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _asked_from(request: HttpRequest) -> str:
    """Give the visitor's address as the server knows it; nothing where it does not: words are received all the same."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""


def _handed(
    request: AtMember, one: Consultation, received: actions.Received, form: forms.SuggestionForm, *, mailed: bool
) -> HttpResponse:
    """Show the public number and the code: here only, and kept in no memory on the way."""
    contribution = received.contribution
    shown = {
        "consultation": one,
        "number": contribution.number,
        "code": codes.grouped(received.code),
        "sent_before": contribution.words != form.words(),
        "written_to": bool(contribution.reply_to),
        "code_mailed": mailed and bool(contribution.reply_to),
        "code_not_mailed": received.new and bool(contribution.reply_to),
        "follow": queries.follow_address(request.member),
        "received_at": contribution.received_at,
    }
    return render(request, "consultation/received.html", shown)


@holders_of("publish_contribution")
def moderation(request: AtMember, member: str) -> HttpResponse:
    """Show what nobody has read yet, oldest first; publish those chosen together."""
    if request.method == "POST":
        _publish_chosen(request)
        return redirect("moderation", member)
    after = request.GET.get("after", "")
    key = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0
    queue = queries.queue(request.member, state=request.GET.get("state", "pending"), after=key)
    return render(request, "consultation/moderation.html", {"queue": queue, "may": deeds_here(request)})


@transaction.atomic
def _publish_chosen(request: AtMember) -> None:
    """Publish each chosen contribution, in one transaction; one decided meanwhile is left as it is, and said."""
    given = request.POST.getlist("chosen")
    numbers = [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) <= 9][:100]
    found = Contribution.objects.of(request.member).filter(number__in=numbers).order_by("pk")
    # All held before the first deed: a batch that took them one by one would wait for who waits for its journal line.
    chosen = list(found.select_for_update(no_key=True))
    done, now = 0, timezone.now()
    for one in chosen:
        try:
            actions.publish_contribution(one, by=request.user, at=now)
            done += 1
        except Refused as refusal:
            said = {"number": one.number, "reason": str(refusal)}
            messages.warning(request, _("Suggestion %(number)s was not published: %(reason)s") % said)
    if done:
        told = ngettext("%(n)s suggestion is published.", "%(n)s suggestions are published.", done) % {"n": done}
        messages.success(request, told)
    elif not chosen:
        messages.warning(request, _("Choose at least one suggestion: tick the box beside its number."))


@holders_of("publish_contribution")
def moderate(request: AtMember, member: str, number: int) -> HttpResponse:
    """Read one contribution, then publish it, hide it with a reason, set it aside, or read it elsewhere."""
    one = _contribution(request, number)
    act = request.POST.get("act", "")
    hide = forms.HideForm(request.POST if act == "hide" else None)
    place = forms.PlaceForm(request.POST if act == "place" else None, contribution=one)
    bare = plain.Form(request.POST if act in {"publish", "spam"} else None)
    form = {"publish": bare, "hide": hide, "spam": bare, "place": place}.get(act)
    if form is not None and form.is_valid():
        try:
            done = _decide(act, one, form.cleaned_data, request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            one = _contribution(request, number)  # somebody else decided meanwhile: show what
        else:
            messages.success(request, done)
            return _onward(one, stays=act == "place")
    shown = {"case": queries.case(one), "moves": rules.moves_of(one), "form": form, "hide": hide, "place": place}
    return render(request, "consultation/moderate.html", shown | {"may": deeds_here(request)})


def _decide(act: str, one: Contribution, said: dict[str, Any], by: User) -> str:
    """Do what was decided; say in a sentence what was done."""
    number, at = {"number": one.number}, timezone.now()
    if act == "publish":
        actions.publish_contribution(one, by=by, at=at)
        return _("Suggestion %(number)s is published.") % number
    if act == "hide":
        actions.hide_contribution(one, reason=said["reason"], by=by, at=at)
        return _("Suggestion %(number)s is hidden.") % number
    if act == "spam":
        actions.mark_spam(one, by=by, at=at)
        return _("Suggestion %(number)s is set aside as spam.") % number
    actions.place_suggestion(one, **said, by=by, at=at)
    return _("Suggestion %(number)s is read as you said. Its words are unchanged.") % number


def _onward(one: Contribution, *, stays: bool) -> HttpResponse:
    """Lead to the next contribution that nobody has read; back to the queue when there is none."""
    following = one.number if stays else queries.next_waiting(one)
    if following is None:
        return redirect("moderation", one.member.slug)
    return redirect("moderate", one.member.slug, following)


@holders_of("open_consultation")
def new_consultation(request: AtMember, member: str) -> HttpResponse:
    """Put a question to the public, in the action-plan cycle that is open."""
    cycle, back = queries.cycle_to_consult_in(request.member), reverse("consultations", args=[member])
    if cycle is None:
        return render(request, "consultation/no_cycle.html", {"back": back})
    form = forms.ConsultationForm(request.POST if request.method == "POST" else None, cycle=cycle)
    made: list[Consultation] = []

    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        opened = actions.open_consultation(
            cycle,
            slug=said["slug"],
            title=form.official("title", at),
            question=form.official("question", at),
            themes=form.themes(at),
            opens_at=said["opens_at"],
            closes_at=said["closes_at"],
            stage=said["stage"],
            by=request.user,
            at=at,
        )
        made.append(opened)

    if do(request, form, deed, done=_("The consultation is announced. It opens by itself on its day.")):
        return redirect("consultation", member, made[0].slug)
    return render(request, "consultation/new.html", {"form": form, "back": back})


def _consultation(request: AtMember, slug: str) -> Consultation:
    theirs = Consultation.objects.of(request.member).select_related("cycle__member")
    return get_object_or_404(theirs, slug=slug)


def _contribution(request: AtMember, number: int) -> Contribution:
    one = queries.found(request.member, number)
    if one is None:
        raise Http404(str(number))
    return one


def _signed_in(request: AtMember) -> User | None:
    """Give who is signed in; a visitor who brings no session is not asked, so that none is opened."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return request.user


def _state(one: Consultation) -> str:
    return queries.state_of(one, at=timezone.now())


def _not_kept_near(response: HttpResponse, change: dt.datetime | None, now: dt.datetime) -> HttpResponse:
    """Leave a page in nobody's memory when it will say something else within the hour: no journal line tells it."""
    if change is not None and change - now <= KEPT_FOR:
        response["Cache-Control"] = "no-cache"
    return response
