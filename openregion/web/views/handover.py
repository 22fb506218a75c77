"""The hand-over pack of a cycle: asked for, followed while it is made, stopped, taken away."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from openregion.core.refusal import Refused
from openregion.cycle.models import Cycle, HandOver
from openregion.people.audience import AtMember, holders_of
from openregion.web.handover import making
from openregion.web.queries.handover import hand_over_page
from openregion.web.tasks import ask_hand_over


@holders_of("hand_over")
@never_cache
def hand_over(request: AtMember, member: str, kind: str, number: int) -> HttpResponseBase:
    """Ask for the pack of a cycle, see how far it is, stop it; the worker makes it outside the request."""
    cycle = _cycle(request, kind, number)
    now, error = timezone.now(), ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "stop":
                for one in HandOver.objects.filter(cycle=cycle, state__in=["waiting", "running"]):
                    making.stop(one, at=now)
                messages.success(request, _("It stops."))
            else:
                ask_hand_over(cycle, by=request.user, at=now)
                messages.success(request, _("The pack is being made. You may leave this page."))
            return redirect("hand_over", member, kind, number)
        except Refused as refusal:
            error = str(refusal)
    return render(request, "web/handover/page.html", {"page": hand_over_page(cycle, at=now), "error": error})


@holders_of("hand_over")
def hand_over_file(request: AtMember, member: str, kind: str, number: int, uid: str) -> HttpResponseBase:
    """Hand out a pack that is ready: it holds the directory, so only to those who may make one."""
    cycle = _cycle(request, kind, number)
    one = get_object_or_404(HandOver.objects.exclude(file=""), cycle=cycle, uid=uid, state=HandOver.State.DONE)
    try:
        opened = one.file.open("rb")
    except FileNotFoundError as error:
        raise Http404(uid) from error
    name = f"{member}-{kind}-{number}-{timezone.localdate(one.asked_at).isoformat()}.zip"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response


def _cycle(request: AtMember, kind: str, number: int) -> Cycle:
    found = Cycle.objects.of(request.member).select_related("member", "method")
    return get_object_or_404(found, kind=kind, number=number)
