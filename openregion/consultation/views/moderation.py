"""Pages where what people gave is read, before or after it is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from openregion.consultation import actions, forms, queries, rules
from openregion.consultation.models import Appeal, Contribution
from openregion.core.audience import kept
from openregion.core.refusal import Refused
from openregion.people.audience import AtMember, deeds_here, holders_of

# After these the case stays open: there is more to decide on it.
STAYS = frozenset({"place", "mask", "kin", "unkin"})


@holders_of("publish_contribution")
def moderation(request: AtMember, member: str) -> HttpResponse:
    """Show what waits to be read, oldest first, or another state; publish those chosen together."""
    if request.method == "POST":
        _publish_chosen(request)
        return redirect(_queue_address(request))
    after = request.GET.get("after", "")
    key = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0
    state, kind = _asked(request)
    queue = queries.queue(request.member, by=request.user, state=state, after=key, kind=kind)
    shown = {"queue": queue, "asked": _query(state, kind), "may": deeds_here(request)}
    return render(request, "consultation/moderation.html", shown)


@transaction.atomic
def _publish_chosen(request: AtMember) -> None:
    """Publish each chosen contribution, in one transaction; one decided meanwhile is left as it is, and said."""
    given = request.POST.getlist("chosen")
    numbers = [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) <= 9][:100]
    found = Contribution.everything.of(request.member).filter(number__in=numbers).order_by("pk")
    # All held before the first deed: a batch that took them one by one would wait for who waits for its journal line.
    chosen = list(found.select_for_update(no_key=True))
    done, now = 0, timezone.now()
    for one in chosen:
        try:
            actions.publish_contribution(one, by=request.user, at=now)
            done += 1
        except Refused as refusal:
            said = {"number": one.number, "reason": str(refusal)}
            messages.warning(request, _("Number %(number)s was not published: %(reason)s") % said)
    if done:
        told = ngettext("%(n)s contribution is published.", "%(n)s contributions are published.", done) % {"n": done}
        messages.success(request, told)
    elif not chosen:
        messages.warning(request, _("Choose at least one contribution: tick the box beside its number."))


@holders_of("publish_contribution")
def moderate(request: AtMember, member: str, number: int) -> HttpResponse:
    """Read one contribution, then decide: publish, hide, set aside, mask, place, link; or hear its author's appeal."""
    one, act = _to_moderate(request, number), request.POST.get("act", "")
    asked = forms.CaseForms(one, act=act, data=request.POST)
    if asked.sent is not None and asked.sent.is_valid():
        try:
            done = _DEEDS[act](request, one, asked.sent)
        except Refused as refusal:
            asked.sent.add_error(None, str(refusal))
            one = _to_moderate(request, number)  # somebody else decided meanwhile: show what
        else:
            messages.success(request, done)
            return _onward(request, one, stays=act in STAYS)
    return render(request, "consultation/moderate.html", _case(request, one, asked))


@holders_of("open_sealed")
@require_POST
@never_cache
def sealed(request: AtMember, member: str, number: int) -> HttpResponse:
    """Open the words as they were before masking: shown once, kept nowhere; the journal says that they were opened."""
    one = _to_moderate(request, number)
    words = actions.open_sealed(one, by=request.user, at=timezone.now())
    parts = [(str(label), words[part]) for part, label in queries.PARTS.items() if words.get(part)]
    shown = {"number": number, "parts": parts, "tag": queries.tag_of(one.lang)}
    return render(request, "consultation/sealed.html", shown)


@kept
def moderation_rules(request: AtMember, member: str) -> HttpResponse:
    """Tell the public how words are moderated: reasons, who decides, how long it takes, what was decided."""
    reasons = {code: str(label) for code, label in rules.HIDING_REASONS.items()}
    conduct = queries.conduct_of(request.member, reasons, at=timezone.now())
    shown = {"conduct": conduct, "reasons": list(rules.REASONS_TO_CHOOSE.values()), "mask": rules.MASK}
    shown["follow"] = queries.follow_address(request.member)
    return render(request, "consultation/moderation_rules.html", shown)


def _case(request: AtMember, one: Contribution, asked: forms.CaseForms) -> dict[str, Any]:
    """Gather what the page of a case shows."""
    state, kind = _asked(request)
    waiting = one.appeals.filter(decided_at=None).first()
    if waiting is not None:
        waiting.contribution = one
    why_not_hear = rules.why_not_hear_appeal(request.user, waiting) if waiting else ""
    return {
        "case": queries.case(one, by=request.user, state=state, kind=kind),
        "moves": rules.moves_of(one),
        "asked": asked,
        "form": asked.sent,
        "mask": rules.MASK,
        "query": _query(state, kind),
        "queue_address": _queue_address(request),
        "to_be_read": rules.is_to_be_read(one),
        "close": _close(request, one),
        "looked": "close" in request.GET,
        "why_not_hear": why_not_hear,
        "hearers": queries.hearers(request.member, but=request.user) if why_not_hear else (),
        "may": deeds_here(request),
    }


def _close(request: AtMember, one: Contribution) -> tuple[queries.Close, ...]:
    """Look for suggestions that say something close, when the moderator asks: it costs more than the page."""
    if "close" not in request.GET or one.kind != Contribution.Kind.SUGGESTION or not one.words:
        return ()
    found = queries.said_close(one.consultation, one.words, one.lang)
    return tuple(each for each in found if each.number != one.number)


def _to_moderate(request: AtMember, number: int) -> Contribution:
    one = queries.to_moderate(request.member, number)
    if one is None:
        raise Http404(str(number))
    return one


# What each act of the page does; each says in a sentence what was done.


def _publish(request: AtMember, one: Contribution, form: Any) -> str:
    was_public = one.moderation == Contribution.Moderation.PUBLISHED
    actions.publish_contribution(one, by=request.user, at=timezone.now())
    said = _("Number %(number)s is read, and stays published.") if was_public else _("Number %(number)s is published.")
    return said % {"number": one.number}


def _hide(request: AtMember, one: Contribution, form: Any) -> str:
    actions.hide_contribution(one, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    return _("Number %(number)s is hidden.") % {"number": one.number}


def _spam(request: AtMember, one: Contribution, form: Any) -> str:
    actions.mark_spam(one, by=request.user, at=timezone.now())
    return _("Number %(number)s is set aside as spam.") % {"number": one.number}


def _place(request: AtMember, one: Contribution, form: Any) -> str:
    actions.place_suggestion(one, **form.cleaned_data, by=request.user, at=timezone.now())
    return _("Suggestion %(number)s is read as you said. Its words are unchanged.") % {"number": one.number}


def _mask(request: AtMember, one: Contribution, form: Any) -> str:
    actions.mask_words(one, words=form.words(), by=request.user, at=timezone.now())
    return _("What you covered is blacked out in number %(number)s. The original is sealed.") % {"number": one.number}


def _link(request: AtMember, one: Contribution, form: Any) -> str:
    number = form.cleaned_data["says_as"]
    other = Contribution.objects.of(request.member).filter(number=number).first()
    if other is None:
        raise Refused(_("There is no suggestion %(number)s here. Check the number.") % {"number": number})
    kinship = actions.link_kin(one, says_as=other, by=request.user, at=timezone.now())
    return _("Suggestion %(number)s is said to say the same as suggestion %(other)s.") % {
        "number": one.number,
        "other": kinship.says_as.number,
    }


def _unlink(request: AtMember, one: Contribution, form: Any) -> str:
    actions.unlink_kin(one, by=request.user, at=timezone.now())
    return _("Suggestion %(number)s stands by itself again.") % {"number": one.number}


def _settle(request: AtMember, one: Contribution, form: Any) -> str:
    actions.settle_flags(one, by=request.user, at=timezone.now())
    return _("Number %(number)s stays as it is: what readers flagged is settled.") % {"number": one.number}


def _appeal(request: AtMember, one: Contribution, form: Any) -> str:
    appeal = Appeal.objects.filter(contribution=one).order_by("-pk").first()
    if appeal is None:
        raise Refused(_("Its author has not appealed."))
    said = form.cleaned_data
    keep = said["keep"] == "yes"
    actions.decide_appeal(appeal, keep=keep, answer=said["answer"], by=request.user, at=timezone.now())
    told = _("The decision on number %(number)s stands.") if keep else _("The decision on number %(number)s is undone.")
    return told % {"number": one.number}


_DEEDS: dict[str, Callable[[AtMember, Contribution, Any], str]] = {
    "publish": _publish,
    "hide": _hide,
    "spam": _spam,
    "place": _place,
    "mask": _mask,
    "kin": _link,
    "unkin": _unlink,
    "flags": _settle,
    "appeal": _appeal,
}


def _onward(request: AtMember, one: Contribution, *, stays: bool) -> HttpResponse:
    """Lead to the next case of the queue that is being read; back to the queue when there is none."""
    state, kind = _asked(request)
    following = one.number if stays else queries.next_waiting(one, by=request.user, state=state, kind=kind)
    if following is None:
        return redirect(_queue_address(request))
    return redirect(reverse("moderate", args=[one.member.slug, following]) + _query(state, kind))


def _asked(request: AtMember) -> tuple[str, str]:
    """Read which queue is being read: a state, and a kind of words."""
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    return state if state in queries.STATES else "pending", kind if kind in queries.KINDS_TO_READ else ""


def _query(state: str, kind: str) -> str:
    """Give what an address says of the queue; nothing for the one that opens first."""
    said = ({"state": state} if state != "pending" else {}) | ({"kind": kind} if kind else {})
    return f"?{urlencode(said)}" if said else ""


def _queue_address(request: AtMember) -> str:
    return reverse("moderation", args=[request.member.slug]) + _query(*_asked(request))
