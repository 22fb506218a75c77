"""Pages of forms filled by hand: print them, file their pictures, type them in, have another check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from openregion.consultation import actions, form_exports, forms, queries, rules
from openregion.consultation.models import Consultation, PaperForm
from openregion.consultation.views.pieces import consultation_of
from openregion.core import dates
from openregion.core.refusal import Refused
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.models import User
from openregion.record.actions import receive_file
from openregion.record.queries import file_response


@holders_of("enter_form")
def paper_forms(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Show the forms of a consultation filled by hand: to type, to check, received, set aside; and those printed."""
    one = consultation_of(request, slug)
    asked = {"state": request.GET.get("state", ""), "page": request.GET.get("page", "1")}
    queue = queries.paper_queue(one, **asked, by=request.user, reasons=rules.ASIDE_REASONS)
    shown = {"consultation": one, "queue": queue, "may": deeds_here(request)}
    return render(request, "consultation/paper/queue.html", shown)


@holders_of("print_forms")
def new_paper_batch(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Number forms to print, each with its code."""
    one, back = consultation_of(request, slug), reverse("paper_forms", args=[member, slug])
    form = forms.PrintForm(request.POST if request.method == "POST" else None, consultation=one)

    def deed() -> None:
        said = form.cleaned_data
        asked = {"forms": said["how_many"], "lang": said["lang"], "workshop": said["workshop"]}
        actions.print_forms(one, **asked, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The forms are ready: open their PDF below, and print it.")):
        return redirect(back)
    lead = _("Each form has a stub to tear off, with the code of its author.")
    return ask(request, form, title=_("Print forms"), lead=lead, submit=_("Number these forms"), back=back)


@holders_of("print_forms")
@never_cache
def paper_batch(request: AtMember, member: str, slug: str, number: int) -> HttpResponse:
    """Hand out a batch of forms to print; the same each time."""
    batch = queries.batch_of(consultation_of(request, slug), number)
    if batch is None:
        raise Http404(str(number))
    name = f'attachment; filename="{member}-{slug}-forms-{number}.pdf"'
    headers = {"Content-Disposition": name, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(form_exports.forms_pdf(batch), content_type="application/pdf", headers=headers)


@holders_of("scan_form")
def scan_paper_forms(request: AtMember, member: str, slug: str) -> HttpResponse:
    """File pictures of forms, one a form; one that is refused does not hold the others."""
    one, back = consultation_of(request, slug), reverse("paper_forms", args=[member, slug])
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.ScanForm(*posted, consultation=one)
    if request.method == "POST" and form.is_valid() and _filed(request, one, form):
        return redirect(back)
    told = _(
        "Photograph each form flat, whole, in good light. The picture is seen by the team alone. Forms are filed until "
        "%(day)s."
    )
    lead = told % {"day": dates.day(rules.last_day_for_forms(one), get_language() or "fr")}
    title, submit = _("File pictures of forms"), _("File these pictures")
    return ask(request, form, title=title, lead=lead, submit=submit, back=back)


def _filed(request: AtMember, one: Consultation, form: forms.ScanForm) -> int:
    """File each picture; say how many were, and why the others were not."""
    filed, at = 0, timezone.now()
    for picture in form.cleaned_data["pictures"]:
        try:
            # Read before the deed: a large picture takes a second, and nobody waits for it.
            arrived = receive_file(picture)
            shared = {"workshop": form.cleaned_data["workshop"], "by": request.user, "at": at}
            actions.scan_form(one, picture=arrived, name=picture.name or "", **shared)
            filed += 1
        except Refused as refusal:
            told = {"name": picture.name, "reason": str(refusal)}
            form.add_error("pictures", _("%(name)s was not filed: %(reason)s") % told)
    if filed:
        for error in form.errors.get("pictures", []):
            messages.warning(request, str(error))
        done = ngettext("%(n)s picture is filed.", "%(n)s pictures are filed.", filed)
        messages.success(request, done % {"n": filed})
    return filed


@holders_of("enter_form")
def new_paper_form(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Type in a form from the sheet itself; its page then asks for its picture."""
    one = consultation_of(request, slug)
    form = forms.EnterForm(request.POST if request.method == "POST" else None, consultation=one)
    made: list[PaperForm] = []

    def deed() -> None:
        made.append(actions.enter_form(one, **form.given(), by=request.user, at=timezone.now()))

    if do(request, form, deed, done=_("The form is typed in. File its picture now: nobody checks it without.")):
        return redirect("paper_form", member, slug, made[0].uid)
    return render(request, "consultation/paper/enter.html", {"consultation": one, "form": form, "case": None})


@holders_of("enter_form")
@never_cache
def paper_form(request: AtMember, member: str, slug: str, uid: str) -> HttpResponse:
    """See to one form: type it in beside its picture, or check what another typed, or read what became of it."""
    one, may = _form_here(request, slug, uid), deeds_here(request)
    act = request.POST.get("act", "")
    asked = {name: _asked(request, one, name) for name in ("enter", "check", "aside", "picture")}
    if act in asked and do(request, asked[act][0], asked[act][1], done=asked[act][2]):
        return redirect(request.path) if act == "picture" else _onward(request, one, state=one.state)
    shown = {
        "consultation": one.consultation,
        "case": queries.form_case(_form_here(request, slug, uid), reasons=rules.ASIDE_REASONS),
        "task": act if act in {"enter", "check"} else _task(one, request.user, may),
        "form": asked[act][0] if act in asked else None,
        "unpictured": one.scan is None and "scan_form" in rules.form_moves_of(one),
        "moves": rules.form_moves_of(one),
        "may": may,
        **{name: form for name, (form, _deed, _done) in asked.items()},
    }
    return render(request, "consultation/paper/form.html", shown)


def _task(one: PaperForm, by: User, may: frozenset[str]) -> str:
    """Say what this person is asked: to check what another typed, to type, or nothing; not to check without picture."""
    if one.state == PaperForm.State.ENTERED and one.entered_by_id != by.pk and "check_form" in may:
        return "check" if one.scan else ""
    return "enter" if "enter_form" in rules.form_moves_of(one) else ""


def _asked(request: AtMember, one: PaperForm, act: str) -> tuple[Any, Callable[[], Any], str]:
    """Give the form that an act asks, the deed it does, and what is told once it is done."""
    data = request.POST if request.POST.get("act") == act else None
    by: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if act == "check":
        check = forms.CheckForm(data, form=one)
        done = _("The form is checked and received as a contribution.")
        return check, lambda: actions.check_form(one, **check.said(), **by), done
    if act == "aside":
        aside = forms.AsideForm(data)
        done = _("The form is set aside, and its picture deleted.")
        return aside, lambda: actions.set_aside_form(one, reason=aside.cleaned_data["reason"], **by), done
    if act == "picture":
        picture = forms.PictureForm(data, request.FILES if data else None)
        return picture, lambda: _pictured(one, picture.cleaned_data["picture"], **by), _("The picture is filed.")
    enter = forms.EnterForm(data, form=one, consultation=one.consultation)
    return enter, lambda: actions.enter_form(one.consultation, form=one, **enter.given(), **by), _typed_told()


def _pictured(one: PaperForm, picture: UploadedFile, **by: Any) -> None:
    arrived = receive_file(picture)
    actions.scan_form(one.consultation, picture=arrived, name=picture.name or "", form=one, **by)


def _typed_told() -> str:
    return _("The form is typed in. Somebody else checks it.")


def _onward(request: AtMember, one: PaperForm, *, state: str) -> HttpResponse:
    """Lead to the next form that waits in the same state; back to the queue when there is none."""
    member, slug = request.member.slug, one.consultation.slug
    following = queries.next_form(one.consultation, state=state, by=request.user) if state != "set-aside" else None
    if following is None or following.pk == one.pk:
        return redirect(f"{reverse('paper_forms', args=[member, slug])}?state={state}")
    return redirect("paper_form", member, slug, following.uid)


@holders_of("enter_form")
def paper_scan(request: AtMember, member: str, slug: str, uid: str) -> HttpResponseBase:
    """Show the picture of a form to those who type and check; a PDF opens beside."""
    one = _form_here(request, slug, uid)
    if one.scan is None:
        raise Http404(uid)
    response = file_response(one.scan, as_attachment=False)
    response["Cache-Control"] = "private, no-store"
    return response


def _form_here(request: AtMember, slug: str, uid: str) -> PaperForm:
    found = queries.forms_of(consultation_of(request, slug)).filter(uid=uid)
    one = found.select_related("member", "theme", "province").first()
    if one is None:
        raise Http404(uid)
    return one
