"""A frozen version of the plan put to the Council: the file is the cycle's, the version is what is voted."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.cycle.actions import open_proposal
from openregion.cycle.forms.council import ProposalForm
from openregion.cycle.models import Proposal
from openregion.cycle.queries import file_url
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, holders_of
from openregion.plan import queries
from openregion.plan.models import PlanVersion


@holders_of("open_proposal")
def put_to_council(request: AtMember, member: str, number: int, version: int) -> HttpResponse:
    """Open a file for the Council on a frozen version: what is voted carries the version's hash."""
    theirs = PlanVersion.objects.of(request.member).select_related("document", "plan__cycle__member")
    one = get_object_or_404(theirs, plan__cycle__kind="plan", plan__cycle__number=number, number=version)
    cycle = one.plan.cycle
    sent = request.POST if request.method == "POST" else None
    form = ProposalForm(sent, cycle=cycle, fixed_subject="plan", initial=queries.proposed_adoption(one))
    made: list[Proposal] = []

    def deed() -> None:
        at = timezone.now()
        said = form.said(at) | {"subject_type": "PlanVersion", "subject_uid": one.uid}
        made.append(open_proposal(cycle, **said, by=request.user, at=at))

    if do(request, form, deed, done=_("The file is open. Join its documents, then freeze it.")):
        return HttpResponseRedirect(file_url(made[0]))
    back = reverse("plan_version", args=[member, number, version])
    lead = _("The Council votes the frozen version: its fingerprint stands in the file and in the deliberation.")
    return ask(request, form, title=_("Put to the Council"), submit=_("Open this file"), back=back, lead=lead)
