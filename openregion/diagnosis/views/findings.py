"""Findings: read in public beside the suggestions they gather; written, worded and published by the team."""

from __future__ import annotations

from django import forms as plain
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openregion.consultation.models import Contribution
from openregion.core.audience import kept
from openregion.cycle.queries import latest_cycle
from openregion.diagnosis import actions, queries
from openregion.diagnosis.forms import FindingForm, numbers_in, picking_of, typed_so_far
from openregion.diagnosis.models import Finding
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.queries import words_of

# Whoever may do one of these reads the findings that are not published yet.
WRITING = {"write_finding", "revise_finding", "publish_finding"}
TO_PICK_FROM = 20


@kept
def findings(request: AtMember, member: str) -> HttpResponse:
    """List what several people said, under the guide's references; drafts only for those who write them."""
    may = deeds_here(request)
    groups = queries.findings_page(request.member, drafts=bool(WRITING & may))
    return render(request, "diagnosis/findings.html", {"groups": groups, "may": may})


@kept
def finding(request: AtMember, member: str, number: int) -> HttpResponse:
    """Show a finding: what it says, how many suggestions it gathers, and each of them."""
    may = deeds_here(request)
    one = _finding(request, number)
    if one.published_at is None and not WRITING & may:
        raise Http404(number)
    after = next(iter(numbers_in(request.GET.get("after", ""))), 0)
    page = queries.finding_page(one, request.member, after=after)
    return render(request, "diagnosis/finding.html", {"page": page, "may": may})


@holders_of("write_finding")
def new_finding(request: AtMember, member: str) -> HttpResponse:
    """Choose suggestions and say in one place what they say together."""
    cycle = latest_cycle(request.member)
    if cycle is None:
        return render(request, "diagnosis/no_cycle.html", {})
    picking, saving = picking_of(request.POST), request.POST.get("do") == "save"
    form = FindingForm(request.POST if saving else None, cycle=cycle, initial=typed_so_far(FindingForm, request.POST))
    made: list[Finding] = []

    def deed() -> None:
        at = timezone.now()
        finding = actions.write_finding(
            cycle,
            title=form.said("title", at),
            synthesis=form.said("synthesis", at),
            reference=form.cleaned_data["reference"],
            contributions=queries.chosen_ones(request.member, picking.chosen),
            by=request.user,
            at=at,
        )
        made.append(finding)

    if do(request, form, deed, done=_("The finding is written. Read it again, then publish it.")):
        return redirect("finding", member, made[0].number)
    among = queries.readable(Contribution.objects.of(request.member))
    pick = queries.to_pick(request.member, picking, among=among, most=TO_PICK_FROM)
    return render(request, "diagnosis/finding_new.html", {"form": form, "pick": pick})


@holders_of("revise_finding")
def edit_finding(request: AtMember, member: str, number: int) -> HttpResponse:
    """Word a finding better."""
    one, back = _finding(request, number), reverse("finding", args=[member, number])
    first = FindingForm.words_of(one.title, one.synthesis, one.reference)
    form = FindingForm(request.POST if request.method == "POST" else None, cycle=one.cycle, initial=first)

    def deed() -> None:
        at, reference = timezone.now(), form.cleaned_data["reference"]
        title, synthesis = form.said("title", at, one.title), form.said("synthesis", at, one.synthesis)
        actions.revise_finding(one, title=title, synthesis=synthesis, reference=reference, by=request.user, at=at)

    if do(request, form, deed, done=_("The finding is worded anew.")):
        return redirect(back)
    lead = _("The suggestions it gathers stay as they are. The journal says that its words changed.")
    return ask(request, form, title=_("Word the finding"), submit=_("Keep these words"), back=back, lead=lead)


@holders_of("add_to_finding")
def add_to_finding(request: AtMember, member: str, number: int) -> HttpResponse:
    """Choose more suggestions that say what a finding says."""
    one, back = _finding(request, number), reverse("finding", args=[member, number])
    picking, saving = picking_of(request.POST), request.POST.get("do") == "save"
    form = plain.Form(request.POST if saving else None)

    def deed() -> None:
        chosen = queries.chosen_ones(request.member, picking.chosen)
        actions.add_to_finding(one, contributions=chosen, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The suggestions are gathered under this finding.")):
        return redirect(back)
    held = queries.gathered_by(one).values("pk")
    among = queries.readable(Contribution.objects.of(request.member)).exclude(pk__in=held)
    pick = queries.to_pick(request.member, picking, among=among, most=TO_PICK_FROM)
    shown = {"form": form, "pick": pick, "number": number, "finding_title": one.title, "back": back}
    return render(request, "diagnosis/finding_add.html", shown)


@holders_of("remove_from_finding")
def remove_from_finding(request: AtMember, member: str, number: int, suggestion: int) -> HttpResponse:
    """Take out of a finding a suggestion that does not say what it says, after asking once more."""
    one, back = _finding(request, number), reverse("finding", args=[member, number])
    contribution = get_object_or_404(queries.gathered_by(one), number=suggestion)
    form = plain.Form(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.remove_from_finding(one, contribution=contribution, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The suggestion left this finding. It keeps its own page.")):
        return redirect(back)
    title = _("Take suggestion %(number)s out of the finding") % {"number": suggestion}
    return ask(request, form, title=title, submit=_("Take it out"), back=back, lead=words_of(one.title))


@holders_of("publish_finding")
def publish_finding(request: AtMember, member: str, number: int) -> HttpResponse:
    """Let everyone read a finding, after asking once more."""
    one, back = _finding(request, number), reverse("finding", args=[member, number])
    form = plain.Form(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.publish_finding(one, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The finding is published.")):
        return redirect(back)
    count = queries.gathered_by(one).count()
    lead = ngettext(
        "%(title)s – it rests on %(n)s suggestion, and everyone will read both.",
        "%(title)s – it rests on %(n)s suggestions, and everyone will read them all.",
        count,
    ) % {"title": words_of(one.title), "n": count}
    return ask(request, form, title=_("Publish the finding"), submit=_("Publish it"), back=back, lead=lead)


def _finding(request: AtMember, number: int) -> Finding:
    theirs = Finding.objects.of(request.member).select_related("member", "cycle__member")
    return get_object_or_404(theirs, number=number)
