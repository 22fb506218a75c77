"""Pages where people say what they think of each other's suggestions: votes, comments, flags."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from openregion.consultation import actions, codes, forms, mails, queries, rules, signals, voters
from openregion.consultation.models import Contribution
from openregion.consultation.views import casting
from openregion.consultation.views.pieces import asked_from, consultation_of, signed_in
from openregion.core.audience import everyone
from openregion.core.refusal import Refused, refuse_if
from openregion.people.audience import AtMember
from openregion.people.rules import today


@everyone
@never_cache
def voices(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Read what others suggested, in the order of the day, and say of each whether one agrees."""
    one = consultation_of(request, slug)
    asked = queries.Asked.of(request.GET.dict(), now=today())
    voter, now = casting.voter_here(request), timezone.now()
    page = queries.voices_page(one, asked, voter=voter.of(one), browser=voter.browser_of(one))
    shown = {"consultation": one, "page": page}
    shown |= {"closed": rules.why_not_hear(one, at=now), "only_read": one.closes_at <= now or not one.takes_comments}
    return casting.known(request, voter, render(request, "consultation/voices.html", shown))


@everyone
@sensitive_post_parameters("ticket", "reply_to")
@never_cache
def suggestion_voices(request: AtMember, member: str, number: int) -> HttpResponse:
    """One suggestion: its voices, its comments, and the way to add one's own."""
    one = _public(request, number)
    if one is None or one.kind != Contribution.Kind.SUGGESTION:
        return _elsewhere(request, number, one)
    by = signed_in(request)
    form = forms.CommentForm(request.POST if request.method == "POST" else None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            return _commented(request, one, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    after, now = request.GET.get("after", ""), timezone.now()
    key = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0
    shown: dict[str, Any] = {"suggestion": one, "form": form, "closed": rules.why_not_hear(one.consultation, at=now)}
    voter = casting.voter_here(request)
    who, browser = voter.of(one.consultation), voter.browser_of(one.consultation)
    shown["page"] = queries.suggestion_voices(one, voter=who, browser=browser, after=key)
    shown["public_address"] = queries.address_of("suggestion", member, number)
    shown["over"] = one.consultation.closes_at <= now
    shown["silent"] = rules.why_not_comment(one, text="·", at=now)
    shown["typed"] = form.typed() if shown["silent"] and form.is_bound else ""
    return casting.known(request, voter, render(request, "consultation/suggestion_voices.html", shown))


@everyone
@require_POST
@never_cache
def vote(request: AtMember, member: str, number: int) -> HttpResponse:
    """Count a voice, and lead back to where the button was pressed."""
    one = _public(request, number)
    if one is None:
        raise Http404(number)
    voter = casting.voter_here(request)
    back = redirect(_back(request, reverse("suggestion_voices", args=[member, number])))
    said = request.POST.get("value", "")
    try:
        told = casting.cast(request, one, voter, int(said) if said in {"1", "0", "-1"} else 9)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back
    messages.success(request, told)
    return casting.keep(back, voter)


@everyone
@never_cache
def flag(request: AtMember, member: str, number: int) -> HttpResponse:
    """Let a reader tell the moderators that something published should not be, and why."""
    one = _public(request, number)
    if one is None:
        return _elsewhere(request, number, one)
    suggestion, known = queries.suggestion_of(one), asked_from(request)
    back = reverse("suggestion_voices", args=[member, suggestion.number])
    form = forms.FlagForm(request.POST if request.method == "POST" else None)
    reader = casting.voter_here(request)
    if request.method == "POST" and form.is_valid():
        try:
            if voters.too_many_reports(known):
                refuse_if(_("Much was flagged from your connection within the hour. Wait, then send again."))
            told = reader.as_reader(one.consultation)
            actions.flag_contribution(one, reason=form.cleaned_data["reason"], reader=told, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            voters.note_report(known)
            messages.success(request, _("The moderators will look at it. It stays until they decide."))
            return casting.keep(redirect(back), reader)
    shown = {"one": queries.voice_of(one), "is_comment": one.kind == Contribution.Kind.COMMENT}
    return casting.known(
        request, reader, render(request, "consultation/flag.html", shown | {"form": form, "back": back})
    )


def _commented(request: AtMember, one: Contribution, form: forms.CommentForm) -> HttpResponse:
    """Receive the comment, and hand its author the code on the page that answers: here only."""
    by, address, at, known = (
        signed_in(request),
        form.cleaned_data.get("reply_to", ""),
        timezone.now(),
        asked_from(request),
    )
    mailed = bool(address) and not mails.too_many_codes(address, known)
    words = {"text": form.cleaned_data["text"]}
    noted = signals.signals_of(
        request.member,
        words=words,
        opened_at=form.opened_at(),
        trap=form.cleaned_data["website"],
        asked_from=known,
        at=at,
    )
    received = actions.give_comment(
        one,
        text=words["text"],
        lang=form.lang(),
        author=by,
        reply_to=address,
        reply_lang=(get_language() or "fr") if address else "",
        ticket=form.cleaned_data["ticket"],
        mail_code=mailed,
        signals=noted,
        at=at,
    )
    if received.new:
        signals.note(known)
        if mailed:
            mails.count_code(address, known)
    shown = {
        "suggestion": one,
        "consultation": one.consultation,
        "number": received.contribution.number,
        "code": codes.grouped(received.code),
        "published": received.contribution.moderation == Contribution.Moderation.PUBLISHED,
        "code_mailed": mailed,
        "follow": queries.follow_address(request.member),
    }
    return render(request, "consultation/commented.html", shown)


def _public(request: AtMember, number: int) -> Contribution | None:
    return queries.public_of(request.member, number)


def _elsewhere(request: AtMember, number: int, one: Contribution | None) -> HttpResponse:
    """Lead from a comment's number to its suggestion; from what is not public, to the page that says why, if any."""
    if one is not None:
        return redirect("suggestion_voices", request.member.slug, queries.suggestion_of(one).number)
    told = Contribution.objects.of(request.member).filter(number=number).exclude(moderation__in=["pending", "spam"])
    address = queries.address_of("suggestion", request.member.slug, number) if told.exists() else ""
    if not address:
        raise Http404(number)
    return redirect(address)


def _back(request: AtMember, otherwise: str) -> str:
    """Give the page of ours where the button was; never another site's."""
    asked = request.POST.get("next", "")
    return asked if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None) else otherwise
