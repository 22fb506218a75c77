"""Pages of the questions put to the public."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.consultation import actions, forms, queries
from openregion.consultation.models import Consultation
from openregion.consultation.views.pieces import consultation_of, not_kept_near
from openregion.core.audience import kept
from openregion.people.asking import do
from openregion.people.audience import AtMember, deeds_here, holders_of


@kept
def consultations(request: AtMember, member: str) -> HttpResponse:
    """List the questions put to the public: open now, to come, closed."""
    now = timezone.now()
    lists = queries.lists(request.member, at=now)
    response = render(request, "consultation/consultations.html", {"lists": lists, "may": deeds_here(request)})
    return not_kept_near(response, queries.next_change([*lists.open, *lists.to_come], at=now), now)


@kept
def consultation(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Show a question: until when, how many answered, what becomes of the answers, and the way to answer."""
    one, now = consultation_of(request, slug), timezone.now()
    page = queries.page(one, at=now)
    response = render(request, "consultation/consultation.html", {"page": page, "may": deeds_here(request)})
    return not_kept_near(response, queries.next_change([one], at=now), now)


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
