"""Pages that ask who takes part, and show it."""

from __future__ import annotations

import csv
from dataclasses import astuple
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from openregion.analysis.tables import safe_cell
from openregion.consultation import actions, forms, queries, rules
from openregion.consultation.models import Consultation
from openregion.consultation.views.pieces import consultation_of, signed_in
from openregion.core.audience import everyone, kept
from openregion.core.refusal import Refused
from openregion.people.audience import AtMember
from openregion.people.models import User
from openregion.record.models import FrozenDocument

SLIPS = frozenset({"workshop", "paper"})  # what people dropped in the box, typed in one after the other


@everyone
@never_cache
def about_you(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Ask who took part, once; the team, for whoever it wrote for."""
    one, by = consultation_of(request, slug), signed_in(request)
    given = request.POST.get("pass", "") or request.GET.get("pass", "")
    channel = _channel(request, one, by)
    carried = {"pass": given, "channel": channel}
    form = forms.ProfileForm(request.POST if request.method == "POST" else None, consultation=one, initial=carried)
    closed = "" if channel != "online" or queries.mark_of(given, one) else str(rules.ONLY_ONCE)
    if request.method == "POST" and form.is_valid() and not closed:
        try:
            actions.give_profile(
                one,
                answers=form.answers(),
                province=form.cleaned_data["province"],
                channel=channel,
                given=given,
                by=by if channel != "online" else None,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            by_whom = f"?channel={channel}" if channel in SLIPS else ""
            return redirect(reverse("about_you_thanks", args=[member, slug]) + by_whom)
    shown: dict[str, Any] = {"consultation": one, "form": form, "channel": channel, "closed": closed}
    shown["by_team"] = channel in SLIPS
    return render(request, "consultation/takers/about_you.html", shown)


@kept
def about_you_thanks(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Thank whoever said who they are; lead the team, which types slips, to the next, others to what people want."""
    asked = request.GET.get("channel", "")
    shown = {"consultation": consultation_of(request, slug), "channel": asked if asked in SLIPS else ""}
    shown["follow"] = queries.follow_address(request.member)
    return render(request, "consultation/takers/thanks.html", shown)


@kept
def who_took_part(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Show who took part, in groups of which none is small, beside the census."""
    one = consultation_of(request, slug)
    page = queries.takers_page(one)
    return render(request, "consultation/takers/who.html", {"consultation": one, "page": page})


@kept
def who_took_part_json(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Hand out the last count, letter for letter as it was written down: its fingerprint is that of this file."""
    document = _counted(consultation_of(request, slug))
    return HttpResponse(document.content, content_type="application/json; charset=utf-8")


@kept
def who_took_part_csv(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Hand out the last count as a table, a figure a row, with what is not told and the shares of the census."""
    one = consultation_of(request, slug)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-who-took-part.csv"'
    writer = csv.writer(response)
    writer.writerow(["table", "group_1", "group_2", "label", "told", "people", "census_share", "counted_on"])
    writer.writerows([safe_cell(value) for value in astuple(row)] for row in queries.tidy_rows(_counted(one), one))
    return response


def _channel(request: AtMember, one: Consultation, by: User | None) -> str:
    """Read through which channel it is asked; to whoever may not write for others, the page is the plain one at once.

    What is sent keeps its channel, whose rule says why it is refused: signed
    out meanwhile, a person of the team loses nothing.
    """
    if request.method == "POST":
        return (request.POST.get("channel") or "online")[:10]
    asked = request.GET.get("channel", "")
    return "online" if rules.why_not_for_another(asked, by, one) else asked


def _counted(consultation: Consultation) -> FrozenDocument:
    document = queries.last_count(consultation)
    if document is None:
        raise Http404("not counted yet")
    return document
