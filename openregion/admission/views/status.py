"""The pages of the member's state: the public line of events, and what records or corrects one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.admission import actions, queries
from openregion.admission.forms.status import StatusForm
from openregion.admission.models import StatusEvent
from openregion.core import dates
from openregion.core.audience import everyone, kept
from openregion.core.languages import WORKING
from openregion.core.official import text_in
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today
from openregion.record.actions import store_file
from openregion.record.queries import file_response


@kept
def membership(request: AtMember, member: str) -> HttpResponse:
    """Show the Region's state towards OGP, and every event that gave it one."""
    page = queries.membership_page(request.member)
    return render(request, "admission/membership.html", {"page": page, "may": deeds_here(request)})


@holders_of("record_status")
def record_status(request: AtMember, member: str) -> HttpResponse:
    """Record a state that no deed of the platform knows, with its proof."""
    proposal = queries.effective_proposal(request.member, queries.status_of(request.member))
    opened: dict[str, Any] = {"on": today()}
    if proposal:
        opened |= {"state": StatusEvent.State.EFFECTIVE, "on": proposal.launched_on, "source": proposal.url}
        for lang in WORKING:
            with override(lang):
                said = {"title": text_in(proposal.consultation, lang), "day": dates.day(proposal.launched_on, lang)}
                opened[f"reason_{lang}"] = _("Consultation of civil society launched on %(day)s: %(title)s.") % said
    form = StatusForm(request.POST or None, request.FILES or None, initial=opened)
    subject = {"subject_type": "Consultation", "subject_uid": proposal.uid} if proposal else {}

    @transaction.atomic
    def deed() -> None:
        said = _said(request, form)
        said |= subject if said["state"] == StatusEvent.State.EFFECTIVE else {}
        actions.record_status(member=request.member, **said, by=request.user)

    back = reverse("membership", args=[member])
    if do(request, form, deed, done=_("The state of the Region is recorded and public.")):
        return redirect(back)
    lead = _("For what the platform does not know by itself. What a dossier gives is recorded with the dossier.")
    title, submit = _("Record the state of the Region"), _("Record this state")
    return ask(request, form, title=title, submit=submit, back=back, lead=lead)


@holders_of("correct_status")
def correct_status(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Correct an event that was wrong; both stay to be read."""
    event = get_object_or_404(StatusEvent.objects.of(request.member).select_related("member"), uid=uid)
    opened = {"state": event.state, "on": event.on, "source": event.source}
    form = StatusForm(request.POST or None, request.FILES or None, initial=opened)
    back = reverse("membership", args=[member])

    @transaction.atomic
    def deed() -> None:
        actions.correct_status(event, **_said(request, form), by=request.user)

    if do(request, form, deed, done=_("The correction is recorded. The event it corrects stays, struck out.")):
        return redirect(back)
    lead = _("Say what was right. Nothing is deleted: the event stays, and says that it was corrected.")
    title, submit = _("Correct an event"), _("Record this correction")
    return ask(request, form, title=title, submit=submit, back=back, lead=lead)


@everyone
def status_file(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """The file that proves an event: events are public."""
    event = get_object_or_404(StatusEvent.objects.of(request.member).select_related("file"), uid=uid)
    if event.file is None:
        raise Http404(uid)
    return file_response(event.file)


def _said(request: AtMember, form: StatusForm) -> dict[str, Any]:
    said, at, by = form.cleaned_data, timezone.now(), request.user
    upload = said["file"]
    stored = upload and store_file(upload=upload, member_code=request.member.slug, by_ref=by.reference, at=at)
    given = {name: said[name] for name in ("state", "on", "source")}
    return given | {"reason": form.reason(at), "file": stored or None, "at": at}
