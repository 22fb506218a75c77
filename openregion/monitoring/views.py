"""The public pages of plans and commitments, and the gestures by which progress is reported."""

from __future__ import annotations

from typing import Any

from django import forms as plain
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core.audience import everyone, kept
from openregion.core.official import text_in
from openregion.core.refusal import refuse_if
from openregion.monitoring import actions, forms, queries, rules
from openregion.monitoring.actions import Shown
from openregion.monitoring.models import CompletionSheet, ProgressUpdate
from openregion.monitoring.tasks import print_sheet
from openregion.people.asking import do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today
from openregion.plan.models import Commitment
from openregion.plan.rules import why_not_fill_in
from openregion.record import actions as memory
from openregion.record.queries import file_response

REPORTING = (
    "report_progress",
    "correct_progress",
    "draft_completion_sheet",
    "revise_completion_sheet",
    "issue_completion_sheet",
    "revise_commitment",
    "cite_source",
)


@kept
def plans(request: AtMember, member: str) -> HttpResponse:
    """List the plans, the one in force first, each with how far it is."""
    may = deeds_here(request)
    found = queries.plans_page(request.member, today(), may)
    return render(request, "monitoring/plans.html", {"plans": found, "may": may})


@kept
def plan(request: AtMember, member: str, number: int) -> HttpResponse:
    """Show a plan at a glance: its commitments on one timeline, late first."""
    may = deeds_here(request)
    page = queries.plan_page(request.member, number, today(), may)
    if page is None:
        raise Http404(number)
    return render(request, "monitoring/plan.html", {"page": page, "may": may, "prepares": bool(may & queries.DRAFTING)})


@kept
def commitment(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Show a commitment: the promise, where it stands, its proof, the voices behind it, its sheet."""
    may = deeds_here(request)
    found = queries.promised(request.member, slug, may)
    if found is None:
        raise Http404(slug)
    theirs = _theirs(request, slug, may) if may else frozenset()
    page = queries.promise_page(found, request.member, today(), with_drafts=bool(theirs))
    return render(request, "monitoring/commitment.html", {"page": page, "may": theirs})


def _theirs(request: AtMember, slug: str, may: frozenset[str]) -> frozenset[str]:
    """List what the reader may do with this commitment: a unit's head answers for that unit's alone."""
    held = [deed for deed in REPORTING if deed in may]
    one = queries.commitment_of(request.member, slug) if held else None
    if one is None or why_not_fill_in(request.user, one, deed=held[0]):
        return frozenset()
    return frozenset(held)


@everyone
def progress_csv(request: AtMember, member: str, slug: str) -> HttpResponse:
    """The reports of a commitment as a table anyone can count again."""
    found = queries.promised(request.member, slug)
    if found is None:
        raise Http404(slug)
    site = request.build_absolute_uri("/").rstrip("/")
    content = queries.progress_as_csv(found, request.member, site=site)
    name = f'attachment; filename="progress-{member}-{slug}.csv"'
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


@everyone
def evidence_file(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """Hand out a file that shows progress: of a published promise, to everyone."""
    shown = queries.shown_to_all(uid, request.member)
    if shown is None or shown.file is None or not rules.is_promised(shown.update_shown.commitment):
        raise Http404(uid)
    return file_response(shown.file)


@holders_of("report_progress")
def new_progress(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Say where a commitment or an activity stands, and show it."""
    one = _commitment(request, slug, "report_progress")
    steps = queries.reported_steps(one, queries.promised(request.member, slug))
    asked: dict[str, Any] = {
        "commitment": one,
        "steps": steps,
        "initial": {"as_of": today(), "about": forms.ProgressForm.WHOLE},
    }
    form = forms.ProgressForm(request.POST or None, request.FILES or None, **asked)

    def deed() -> None:
        at = timezone.now()
        said = form.report(at) | {"milestone": form.milestone(), "by": request.user}
        _with_evidence(request, form, rules.why_not_report, actions.report_progress, one, said)

    if do(request, form, deed, done=_("The report is published. The people whose words it rests on are told.")):
        return redirect("commitment", member, slug)
    return _ask_progress(request, form, one, title=_("Report progress"), submit=_("Publish this report"))


@holders_of("correct_progress")
def correct_progress(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Set a report right by another one; both stay."""
    updates = ProgressUpdate.objects.of(request.member).select_related("milestone")
    update = get_object_or_404(updates.select_related("commitment__plan__cycle__member", "commitment__unit"), uid=uid)
    one = _commitment(request, update.commitment.slug, "correct_progress")
    form = forms.ProgressForm(request.POST or None, request.FILES or None, commitment=one, update=update)

    def deed() -> None:
        said = form.report(timezone.now()) | {"by": request.user}
        _with_evidence(request, form, rules.why_not_correct, actions.correct_progress, update, said)

    if do(request, form, deed, done=_("The correction is published. The first report stays, marked as corrected.")):
        return redirect("commitment", member, one.slug)
    return _ask_progress(
        request, form, one, title=_("Correct a report"), submit=_("Publish this correction"), update=update
    )


def _with_evidence(
    request: AtMember, form: forms.ProgressForm, rule: Any, deed: Any, subject: Any, said: dict[str, Any]
) -> None:
    """Ask the rule before any file is kept; then keep the files and do the deed, or neither."""
    at, kept_ones = timezone.now(), form.kept_evidence()
    added = list(form.new_evidence(at))
    ruled = {name: value for name, value in said.items() if name not in ("by", "measure")}
    refuse_if(rule(request.user, subject, **ruled, evidence=[*kept_ones, *added]))
    here, by = request.member.slug, request.user.reference
    with transaction.atomic():
        shown = [
            Shown(
                title=title,
                file=memory.store_file(upload=file, member_code=here, by_ref=by, at=at) if file else None,
                url="" if file else url,
            )
            for title, file, url in added
        ]
        deed(subject, **said, at=at, evidence=[*kept_ones, *shown])


def _ask_progress(
    request: AtMember,
    form: forms.ProgressForm,
    one: Commitment,
    *,
    title: str,
    submit: str,
    update: ProgressUpdate | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "lead": text_in(one.title, get_language() or "fr"),
        "back": reverse("commitment", args=[request.member.slug, one.slug]),
        "update": update,
        "files_lost": bool(request.FILES),
    }
    return render(request, "monitoring/progress.html", context)


@holders_of("draft_completion_sheet")
def new_sheet(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Begin a completion sheet for a year of the plan; the record says at which level."""
    one = _commitment(request, slug, "draft_completion_sheet")
    years = queries.periods(one.plan.starts_on, one.plan.ends_on)
    past = [year.number for year in years if year.starts_on <= today()]
    initial = {"period": str(past[-1] if past else 1)}
    form = forms.PeriodForm(request.POST or None, years=years, initial=initial)
    made: list[CompletionSheet] = []

    def deed() -> None:
        first, last = form.days()
        said: dict[str, Any] = {"starts_on": first, "ends_on": last}
        said["level"] = queries.level_of_period(one, min(last, today()))
        made.append(actions.draft_completion_sheet(one, **said, by=request.user, at=timezone.now()))

    if do(request, form, deed, done=_("The sheet is begun with what the plan and the reports say.")):
        return redirect("edit_sheet", member, slug, made[0].number)
    lead = text_in(one.title, get_language() or "fr")
    title, submit = _("Begin a completion sheet"), _("Begin this sheet")
    return _ask(request, form, title=title, lead=lead, submit=submit, back=reverse("commitment", args=[member, slug]))


@kept
def sheet(request: AtMember, member: str, slug: str, sheet: int) -> HttpResponse:
    """Show a completion sheet: to everyone once issued, from its frozen words; before, to those who fill it in."""
    may = deeds_here(request)
    found = queries.sheet_at(request.member, slug, sheet)
    theirs = _theirs(request, slug, may) if found and may else frozenset()
    if found is None or not (found.document_id or theirs & {"revise_completion_sheet", "issue_completion_sheet"}):
        raise Http404(sheet)
    return render(request, "monitoring/sheet.html", {"page": queries.sheet_page(found), "may": theirs})


@holders_of("revise_completion_sheet")
def edit_sheet(request: AtMember, member: str, slug: str, sheet: int) -> HttpResponse:
    """Fill in annex 4; saved as often as wanted until it is issued."""
    found = _sheet(request, slug, sheet, "revise_completion_sheet")
    groups = queries.questions_asked(found.commitment)
    plan_says = queries.said_by_the_plan(queries.promised(request.member, slug))
    form = forms.SheetForm(request.POST or None, sheet=found, groups=groups, plan_says=plan_says)

    def deed() -> None:
        at = timezone.now()
        said = {"texts": form.texts(at), "values": form.values(), "level": form.cleaned_data["level"]}
        actions.revise_completion_sheet(found, **said, by=request.user, at=at)

    if do(request, form, deed, done=_("The sheet is saved.")):
        here = reverse("edit_sheet", args=[member, slug, sheet])
        after = request.POST.get("then", "")
        known = after in {asked.group.code for asked in groups}
        return redirect(f"{here}#{after}" if known else reverse("sheet", args=[member, slug, sheet]))
    return render(request, "monitoring/sheet_form.html", {"form": form, "page": queries.sheet_page(found)})


@holders_of("issue_completion_sheet")
def issue_sheet(request: AtMember, member: str, slug: str, sheet: int) -> HttpResponse:
    """Issue a completion sheet, once it has been read again: from then on it never changes."""
    found = _sheet(request, slug, sheet, "issue_completion_sheet")
    form = plain.Form(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.issue_completion_sheet(found, by=request.user, at=timezone.now())

    back = reverse("sheet", args=[member, slug, sheet])
    if do(request, form, deed, done=_("The sheet is issued. Its papers carry its hash.")):
        print_sheet.enqueue(found.uid)
        return redirect(back)
    title, submit = _("Issue the completion sheet"), _("Issue this sheet")
    lead = _("Once issued, it is public and never changes. The next period has a sheet of its own.")
    return _ask(request, form, title=title, lead=lead, submit=submit, back=back)


def _ask(request: HttpRequest, form: plain.Form, *, title: str, lead: str, submit: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead, "submit": submit, "back": back}
    return render(request, "people/ask.html", context | {"notice": None, "shows_roles": False, "keep": ""})


def _commitment(request: AtMember, slug: str, deed: str) -> Commitment:
    """Find the commitment of the address; say at once to the head of another unit why not."""
    found = queries.commitment_of(request.member, slug)
    if found is None:
        raise Http404(slug)
    refuse_if(why_not_fill_in(request.user, found, deed=deed))
    return found


def _sheet(request: AtMember, slug: str, number: int, deed: str) -> CompletionSheet:
    found = queries.sheet_at(request.member, slug, number)
    if found is None:
        raise Http404(number)
    refuse_if(why_not_fill_in(request.user, found.commitment, deed=deed))
    return found
