"""The kit of a workshop: the page that lists it, each paper in French and Arabic, all of it at once."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from openregion.consultation import forms, kit_exports, kit_printing, tasks
from openregion.consultation.kit_papers import KIT, PERSONAL
from openregion.consultation.queries import workshops as queries
from openregion.consultation.queries.paper import batches_of_workshop
from openregion.consultation.queries.programme import overrun
from openregion.consultation.views.workshops import workshop_here
from openregion.core.audience import everyone
from openregion.core.refusal import Refused
from openregion.cycle.models import Meeting
from openregion.people.audience import AtMember, deeds_here, holders_of


@dataclass(frozen=True)
class KitLine:
    """A paper of the kit on its page."""

    name: str
    title: str
    about: str
    personal: bool


@everyone
def workshop_kit(request: AtMember, member: str, number: int) -> HttpResponse:
    """List the papers of the kit, to print in French and in Arabic; the list of names for those who keep the door."""
    one, may = workshop_here(request, number), deeds_here(request)
    page = queries.workshop_page(one, now=timezone.now())
    lines = [
        KitLine(name, str(title), str(about), name in PERSONAL)
        for name, (title, about) in KIT.items()
        if name not in PERSONAL or "check_in" in may
    ]
    shown = {"page": page, "lines": lines, "languages": kit_exports.LANGUAGES, "may": may}
    batches = batches_of_workshop(one) if "print_forms" in may else ()
    shown["numbered"] = [(lang, [batch for batch in batches if batch.tongue == lang]) for lang in kit_exports.LANGUAGES]
    shown["overrun"] = overrun(page.programme, page.ends_at)
    return render(request, "consultation/workshops/kit.html", shown)


@everyone
def kit_paper(request: AtMember, member: str, number: int, name: str, lang: str, format: str) -> HttpResponse:
    """Hand out a paper of the kit; the list of names to those who keep the door."""
    one = workshop_here(request, number)
    if name in PERSONAL and "check_in" not in deeds_here(request):
        raise Http404(name)
    content = kit_exports.printed(one, name, lang=lang, format=format)
    if content is None:
        raise Http404(name)
    headers = {
        "Content-Disposition": f'attachment; filename="{member}-workshop-{number}-{name}-{lang}.{format}"',
        "X-Content-Type-Options": "nosniff",
    }
    if name in PERSONAL:
        headers["Cache-Control"] = "private, no-store"
    return HttpResponse(content, content_type=kit_exports.MEDIA_TYPES[format], headers=headers)


@holders_of("check_in")
@never_cache
def workshop_kit_archive(request: AtMember, member: str, number: int) -> HttpResponse:
    """Have the whole kit prepared by the worker with its numbered forms, follow it, stop it, take it once it is ready.

    The forms stand beside the archive, and not in it: taken twice, it would give one code to two people.
    """
    one, now, may = workshop_here(request, number), timezone.now(), deeds_here(request)
    numbers = "print_forms" in may and one.meeting.state != Meeting.State.CANCELLED
    form = forms.KitFormsForm(request.POST if request.method == "POST" else None, workshop=one, numbers=numbers)
    stops = request.POST.get("do") == "stop"
    if request.method == "POST" and (stops or form.is_valid()):
        try:
            if stops:
                kit_printing.stop(one, at=now)
            else:
                tasks.prepare_kit(one, at=now, by=request.user, forms=form.given())
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("workshop_kit_archive", member, number)
    shown = {"page": queries.workshop_page(one, now=now), "kit": kit_printing.progress_of(one, at=now), "may": may}
    shown |= {"form": form, "batches": batches_of_workshop(one) if "print_forms" in may else ()}
    return render(request, "consultation/workshops/kit_archive.html", shown)


@holders_of("check_in")
def workshop_kit_zip(request: AtMember, member: str, number: int) -> HttpResponseBase:
    """Hand out the whole kit in one archive, the list of names with it; lead to where it is prepared until then."""
    one = workshop_here(request, number)
    if not kit_printing.progress_of(one, at=timezone.now()).ready:
        return redirect("workshop_kit_archive", member, number)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    kit_exports.write_kit(one, out)
    out.seek(0)
    response = FileResponse(out, as_attachment=True, filename=f"{member}-workshop-{number}-kit.zip")
    response["Cache-Control"] = "private, no-store"
    return response
