"""Pages that ask who takes part, and show it."""

from __future__ import annotations

import csv
import json
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from openregion.consultation import actions, forms, queries, rules
from openregion.consultation.models import Consultation
from openregion.consultation.views.pieces import consultation_of, signed_in
from openregion.core.audience import everyone, kept
from openregion.core.refusal import Refused
from openregion.people.audience import AtMember

SLIPS = frozenset({"workshop", "paper"})  # what people dropped in the box, typed in one after the other


@everyone
@never_cache
def about_you(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Ask who took part, once; the team, for whoever it wrote for."""
    one, by = consultation_of(request, slug), signed_in(request)
    given = request.POST.get("pass", "") or request.GET.get("pass", "")
    channel = (request.POST.get("channel") or request.GET.get("channel") or "online")[:10]
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
    """Hand out the last count as it was written down."""
    return JsonResponse(_content(consultation_of(request, slug)), json_dumps_params={"ensure_ascii": False})


@kept
def who_took_part_csv(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Hand out the last count as a table: question, group, people."""
    content = _content(consultation_of(request, slug))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-who-took-part.csv"'
    writer = csv.writer(response)
    writer.writerow(["question", "group", "people"])
    for name, table in content["tables"].items():
        writer.writerows([name, group, people] for group, people in table["shown"].items())
        writer.writerow([name, "others together", table["others"]])
    for row, column, people in content["province_and_gender"]["shown"]:
        writer.writerow(["province and gender", f"{row} {column}", people])
    return response


def _content(consultation: Consultation) -> dict[str, Any]:
    document = queries.last_count(consultation)
    if document is None:
        raise Http404("not counted yet")
    content: dict[str, Any] = json.loads(document.content)
    return content
