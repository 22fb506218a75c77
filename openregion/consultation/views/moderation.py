"""Pages where what people gave is read before it is published."""

from __future__ import annotations

from typing import Any

from django import forms as plain
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openregion.consultation import actions, forms, queries, rules
from openregion.consultation.models import Contribution
from openregion.consultation.views.pieces import contribution_of
from openregion.core.refusal import Refused
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.models import User


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
    one = contribution_of(request, number)
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
            one = contribution_of(request, number)  # somebody else decided meanwhile: show what
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
