"""The page of whoever writes for a person who is present."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from openregion.consultation import actions, codes, forms, queries, rules
from openregion.consultation.models import Consultation
from openregion.consultation.views.pieces import consultation_of, state_now
from openregion.core.refusal import Refused
from openregion.people.audience import AtMember, holders_of


@holders_of("assist_entry")
@sensitive_post_parameters("ticket")
@never_cache
def assist(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Write for a person who is present and agrees; the page that answers gives the code to hand over."""
    one = consultation_of(request, slug)
    form = forms.AssistForm(request.POST if request.method == "POST" else None, consultation=one)
    if request.method == "POST" and form.is_valid():
        try:
            received = actions.assist_entry(one, **form.given(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            given = received.contribution
            handed = {
                "consultation": one,
                "number": given.number,
                "code": codes.grouped(received.code),
                "received_at": given.received_at,
                "follow": queries.follow_address(request.member),
            }
            return render(request, "consultation/assist/handed.html", handed)
    closed = rules.why_not_open(one, at=timezone.now())
    shown = {"consultation": one, "form": form, "closed": closed, "state": state_now(one)}
    shown |= {"aloud": queries.consent_aloud(one), "reads_after": one.reads == Consultation.Reads.AFTER}
    shown |= {"typed": form.typed() if closed and form.is_bound else []}
    return render(request, "consultation/assist/page.html", shown)
