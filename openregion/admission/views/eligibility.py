"""The pages of eligibility: every criterion with its verdicts, and the form that gives one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.admission import actions, queries
from openregion.admission.forms.eligibility import VerdictForm
from openregion.core.audience import kept
from openregion.core.refusal import refuse_if
from openregion.people.asking import do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today


@kept
def eligibility(request: AtMember, member: str) -> HttpResponse:
    """Show each criterion, the verdicts given on it, what the platform reads by itself."""
    cycle = queries.candidacy_of(request.member)
    page = queries.eligibility_page(request.member, cycle)
    shown = {"page": page, "may": deeds_here(request), "status": queries.status_of(request.member)}
    return render(request, "admission/eligibility.html", shown)


@holders_of("give_verdict")
def give_verdict(request: AtMember, member: str, criterion: str) -> HttpResponse:
    """Give a verdict on a criterion, starting from what the platform proposes."""
    cycle = queries.candidacy_of(request.member)
    refuse_if("" if cycle else _("Eligibility is read within a candidacy. Open its cycle first."))
    assert cycle is not None  # refused above
    line = queries.criterion_line(request.member, cycle, criterion)
    if line is None:
        raise Http404(criterion)
    opened: dict[str, Any] = {"on": today(), "source": line.criterion.source}
    if line.proposed:
        said = {lang: one["text"] for lang, one in line.proposed.reason.items()}
        opened |= {"verdict": line.proposed.verdict, "source": line.proposed.source}
        opened |= {f"reason_{lang}": text for lang, text in said.items()}
    form = VerdictForm(request.POST if request.method == "POST" else None, initial=opened)

    def deed() -> None:
        at, given = timezone.now(), form.cleaned_data
        chosen = {name: given[name] for name in ("verdict", "source", "on")}
        actions.give_verdict(cycle, criterion=criterion, reason=form.reason(at), **chosen, by=request.user, at=at)

    if do(request, form, deed, done=_("The verdict is recorded and public, with its reason.")):
        return redirect(f"{reverse('eligibility', args=[member])}#{criterion}")
    words = line.criterion.text.in_(get_language() or "fr")
    return render(request, "admission/verdict.html", {"form": form, "line": line, "words": words})
