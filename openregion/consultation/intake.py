"""Pages where staff read in files of contributions: send, look, correct, start, follow, stop."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from openregion.consultation import imports, intake_forms, intake_pages, tasks
from openregion.consultation.models import Consultation, Import
from openregion.core.refusal import Refused
from openregion.people.audience import AtMember, holders_of

IMPORTS_ON_A_PAGE = 20


@holders_of("import_contributions")
@never_cache
def all_imports(request: AtMember, member: str) -> HttpResponse:
    """List the files read in, and those being read."""
    lines = list(intake_pages.lines_of(request.member, at=timezone.now()))
    page = Paginator(lines, IMPORTS_ON_A_PAGE).get_page(request.GET.get("page", 1))
    return render(request, "consultation/imports.html", {"page": page, "lines": page.object_list})


@holders_of("import_contributions")
def new_import(request: AtMember, member: str) -> HttpResponse:
    """Take a file in, to be looked at before it is read."""
    form = intake_forms.FileForm(request.POST or None, request.FILES or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        found = Consultation.objects.of(request.member).filter(slug=form.cleaned_data["consultation"])
        one = found.select_related("cycle__member").latest_first()[0]
        try:
            reading = imports.take_in(one, form.cleaned_data["file"], by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("one_import", member, reading.uid)
    nowhere = not Consultation.objects.of(request.member).exists()
    return render(request, "consultation/import_new.html", {"form": form, "nowhere": nowhere})


@holders_of("import_contributions")
@never_cache
def one_import(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Show how a file is read before it is, then how far it is; correct, start, stop, go on, forget."""
    reading = _import(request, uid)
    names = intake_pages.names_of(reading) if reading.state == Import.State.CHECKED and reading.file else ()
    form = intake_forms.ColumnsForm(
        request.POST if request.method == "POST" and "again" in request.POST else None,
        names=names,
        initial={**reading.columns, "publish": reading.publish},
    )
    if request.method == "POST" and (answer := _asked(request, reading, form)):
        return answer
    context: dict[str, Any] = {"page": intake_pages.page_of(reading, request.member, at=timezone.now()), "form": form}
    context["preview"] = intake_pages.preview_of(reading) if names else None
    return render(request, "consultation/import.html", context)


@holders_of("import_contributions")
def import_errors(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Hand out what is wrong with a file, row by row, as a table."""
    reading = _import(request, uid)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="errors-{reading.uid[:8]}.csv"'
    csv.writer(response).writerows(intake_pages.errors_of(reading))
    return response


def _import(request: AtMember, uid: str) -> Import:
    found = Import.objects.filter(consultation__cycle__member=request.member)
    return get_object_or_404(found.select_related("consultation__cycle__member"), uid=uid)


def _asked(request: AtMember, reading: Import, form: intake_forms.ColumnsForm) -> HttpResponse | None:
    """Do what the button pressed says; none when the form is to be shown again."""
    at, asked = timezone.now(), request.POST.get("do", "")
    here = redirect("one_import", request.member.slug, reading.uid)
    try:
        if asked == "stop":
            imports.ask_to_stop(reading, at=at)
        elif asked == "forget":
            imports.forget(reading)
            messages.success(request, _("The file is deleted. Nothing was imported from it."))
            return redirect("imports", request.member.slug)
        elif asked == "go-on":
            tasks.go_on(reading, by=request.user, at=at)
        elif not form.is_valid():
            return None
        else:
            imports.look_over(reading, form.columns(), publish=form.cleaned_data["publish"])
            if asked == "start":
                tasks.start(reading, by=request.user, at=at)
    except Refused as refusal:
        if asked in ("stop", "go-on", "forget"):
            messages.error(request, str(refusal))
            return here
        form.add_error(None, str(refusal))
        return None
    return here
