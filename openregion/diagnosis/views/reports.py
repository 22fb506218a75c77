"""Reports: read in public with what each sentence cites; drafted, edited and published by the team."""

from __future__ import annotations

from typing import Any

from django import forms as plain
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, Theme, Workshop
from openregion.consultation.queries.rapporteurs import noted_by
from openregion.core.audience import kept
from openregion.core.refusal import refuse_if
from openregion.diagnosis import actions, queries, rules, tasks
from openregion.diagnosis.actions.drafting import ask_to_stop
from openregion.diagnosis.forms import (
    CiteForm,
    PassageForm,
    PublishForm,
    ReportForm,
    numbers_in,
    offered,
    picking_of,
)
from openregion.diagnosis.models import Passage, Report
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.queries import words_of

# Whoever may do one of these reads the reports that are not published yet.
WRITING = {"draft_report", "write_passage", "publish_report"}
TO_PICK_FROM = 30


@kept
def reports(request: AtMember, member: str) -> HttpResponse:
    """List the reports of what was said, the latest first; drafts only for those who write them."""
    may = deeds_here(request)
    lines = queries.reports_page(request.member, drafts=_drafts_read(request))
    return render(request, "diagnosis/reports/list.html", {"lines": lines, "may": may})


@kept
def report(request: AtMember, member: str, number: int) -> HttpResponse:
    """Show a report: its figures, its passages, what each cites; a draft with what is to be done on it."""
    one, at = readable_report(request, number), timezone.now()
    may = deeds_here(request) & (set(rules.MOVES[Report.State(one.state)]) | {"draft_report"})
    may = rules.deeds_on(request.user, may, request.member, one.workshop)
    shown: dict[str, Any] = {"page": queries.report_page(one, at=at), "may": may, "waits": ""}
    if "publish_report" in may:
        shown["waits"] = rules.why_not_publish_report(request.user, one, at=at, drafts_read=True)
    return render(request, "diagnosis/reports/report.html", shown)


@kept
def report_passage(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Show a passage of a report with all that it cites, so that anyone can check it."""
    one = readable_report(request, number)
    page = queries.passage_page(one, uid, after=_after(request))
    if page is None:
        raise Http404(uid)
    return render(request, "diagnosis/reports/passage.html", {"page": page})


@kept
def report_uncited(request: AtMember, member: str, number: int) -> HttpResponse:
    """List what a report does not cite: as frozen once it is published, and narrowed at will while it is a draft."""
    one = readable_report(request, number)
    asked = {name: request.GET.get(name, "").replace("\0", "")[:200] for name in ("q", "theme", "province")}
    page = queries.uncited_page(one, after=_after(request), arrived="since" in request.GET, **asked)
    return render(request, "diagnosis/reports/uncited.html", {"page": page})


@holders_of("draft_report")
def new_report(request: AtMember, member: str) -> HttpResponse:
    """Choose what a report is of; the platform writes its first draft."""
    consultations = list(Consultation.objects.of(request.member).latest_first().prefetch_related("themes")[:50])
    held = Workshop.objects.filter(consultation__in=consultations, meeting__state="held").select_related("meeting")
    whole = rules.writes_of_all(request.user, request.member)
    if not whole:
        held = held.filter(pk__in=noted_by(request.user, request.member))
    workshops = list(held.order_by("meeting__starts_at", "pk"))
    there = Report.objects.of(request.member).values_list("consultation", "kind", "workshop", "theme")
    begun = {(asked, kind, met or 0, theme or 0) for asked, kind, met, theme in there}
    choices = offered(consultations, workshops, begun, meetings_alone=not whole)
    form = ReportForm(request.POST or None, offered=choices, initial={"of": request.GET.get("of", "")})
    made: list[Report] = []

    def deed() -> None:
        uid, kind, key = form.cleaned_data["of"].split("|", 2)
        of = _of(request, uid, kind, key)
        made.append(actions.draft_report(by=request.user, at=timezone.now(), kind=kind, **of))

    if do(request, form, deed, done=_("The report is begun.")):
        tasks.begin(made[0])
        return redirect("report", member, made[0].number)
    return render(request, "diagnosis/reports/new.html", {"form": form, "nothing": not choices, "whole": whole})


@holders_of("draft_report")
def correct_report(request: AtMember, member: str, number: int) -> HttpResponse:
    """Begin a report that corrects a published one, with its words; both stay to be read."""
    one, back = _report(request, number), reverse("report", args=[member, number])
    form, made = _bare(request), list[Report]()

    def deed() -> None:
        of: dict[str, Any] = {"kind": one.kind, "workshop": one.workshop, "theme": one.theme, "replaces": one}
        made.append(actions.draft_report(one.consultation, by=request.user, at=timezone.now(), **of))

    if do(request, form, deed, done=_("The correction is begun, with the words of the report it corrects.")):
        tasks.begin(made[0])
        return redirect("report", member, made[0].number)
    lead = _("A new report begins with these words. Once published it takes this one's place, and both stay readable.")
    return ask(request, form, title=_("Correct the report"), submit=_("Begin the correction"), back=back, lead=lead)


@holders_of("draft_report")
def stop_report(request: AtMember, member: str, number: int) -> HttpResponse:
    """Stop the platform's first draft, or have one that lost its worker written again; what is written stays."""
    one, back = _report(request, number), reverse("report", args=[member, number])
    refuse_if(rules.why_not_write_of(request.user, "draft_report", request.member, one.workshop))
    form = _bare(request)
    if request.method == "POST":
        if request.POST.get("do") == "again":
            tasks.begin(one)
            messages.success(request, _("The draft is being written again."))
        else:
            ask_to_stop(one, at=timezone.now())
            messages.success(request, _("The draft stops. What is written stays: go on from there."))
        return redirect(back)
    lead = _("What is written stays, and you go on from there.")
    return ask(request, form, title=_("Stop the first draft"), submit=_("Stop it"), back=back, lead=lead)


@holders_of("write_passage")
def write_passage(request: AtMember, member: str, number: int) -> HttpResponse:
    """Add a passage to a report, in one of its parts."""
    one, back = _report(request, number), reverse("report", args=[member, number])
    form = PassageForm(request.POST or None, initial={"section": request.GET.get("section", "suggestions")})
    del form.fields["place"]
    made: list[Passage] = []

    def deed() -> None:
        at, said = timezone.now(), form.cleaned_data
        marks = {name: said[name] for name in ("section", "quotes", "as_given")}
        made.append(actions.write_passage(one, text=form.words(at), by=request.user, at=at, **marks))

    if do(request, form, deed, done=_("The passage is written. Cite the suggestions it rests on.")):
        return redirect("cite_in_passage", member, number, made[0].uid)
    title = _("Write a passage")
    return ask(
        request, form, title=title, submit=_("Write it, then cite"), back=back, lead=words_of(one.title), keep="new"
    )


@holders_of("revise_passage")
def revise_passage(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Word a passage better, or put it elsewhere in the report."""
    one = _passage(request, number, uid)
    form = PassageForm(request.POST or None, initial=PassageForm.words_of(one))

    def deed() -> None:
        at, said = timezone.now(), form.cleaned_data
        actions.revise_passage(
            one, section=said["section"], text=form.words(at, one.text), quotes=said["quotes"],
            as_given=said["as_given"], place=said["place"], seen=said["seen"], by=request.user, at=at,
        )  # fmt: skip

    if do(request, form, deed, done=_("The passage is worded anew.")):
        return redirect(_at(request, one))
    lead = _("What it cites stays as it is.")
    back = _at(request, one)
    return ask(
        request, form, title=_("Word the passage"), submit=_("Keep these words"), back=back, lead=lead, keep="saved"
    )


@holders_of("remove_passage")
def remove_passage(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Take a passage out of a report, after asking once more."""
    one, form = _passage(request, number, uid), _bare(request)

    def deed() -> None:
        actions.remove_passage(one, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The passage left the report. The suggestions it cited keep their pages.")):
        return redirect("report", member, number)
    back = _at(request, one)
    return ask(
        request,
        form,
        title=_("Take the passage out"),
        submit=_("Take it out"),
        back=back,
        lead=queries.first_words_of(one),
    )


@holders_of("cite_in_passage")
def cite_in_passage(request: AtMember, member: str, number: int, uid: str) -> HttpResponse:
    """Choose what a passage cites: found by words, theme and place, ticked one by one or all at once, or typed."""
    one, posted = _passage(request, number, uid), request.method == "POST"
    refuse_if(rules.why_not_write_of(request.user, "cite_in_passage", request.member, one.report.workshop))
    asked, fresh = request.POST.get("do", ""), "fresh" in request.POST or not posted
    material = queries.readable(queries.material_of_report(one.report))
    held = one.citations.values("contribution")
    among = (queries.uncited_of(one.report) if fresh else material).exclude(pk__in=held)
    picking = picking_of(request.POST)
    if asked == "all":
        picking = queries.picked_all(request.member, picking, among=among)
    typed = {name: request.POST.get(name, "") for name in ("numbers", "without")}
    form = CiteForm(request.POST if asked == "save" else None, initial=typed)

    def deed() -> None:
        wanted, gone = {*picking.chosen, *form.typed("numbers")}, set(form.typed("without"))
        add, without = material.filter(number__in=wanted - gone), material.filter(number__in=gone, pk__in=held)
        actions.cite_in_passage(one, contributions=list(add), without=list(without), by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("What the passage cites is recorded.")):
        return redirect(_at(request, one))
    pick = queries.to_pick(request.member, picking, among=among, most=TO_PICK_FROM, choosable=material)
    found = queries.narrowed(request.member, among, q=picking.q, theme=picking.theme, province=picking.province)
    shown: dict[str, Any] = {"form": form, "pick": pick, "fresh": fresh, "found": found.count()}
    shown |= {"page": queries.passage_page(one.report, uid, after=0), "uid": uid}
    shown |= {"back": _at(request, one), "number": number}
    return render(request, "diagnosis/reports/cite.html", shown)


@holders_of("publish_report")
def publish_report(request: AtMember, member: str, number: int) -> HttpResponse:
    """Publish a report, after saying what it does not cite and what nobody changed in it; or say what it waits for."""
    one, at = _report(request, number), timezone.now()
    page = queries.publish_page(one)
    form = PublishForm(request.POST if request.method == "POST" else None, drafted=len(page.drafted))

    def deed() -> None:
        read = form.cleaned_data.get("drafts_read", False)
        actions.publish_report(one, by=request.user, at=at, drafts_read=read)

    if do(request, form, deed, done=_("The report is published. Its papers are being printed.")):
        tasks.print_report.enqueue(one.uid)
        return redirect("report", member, number)
    waits = rules.why_not_publish_report(request.user, one, at=at, drafts_read=True)
    shown = {"page": page, "form": form, "waits": waits, "title": words_of(one.title)}
    return render(request, "diagnosis/reports/publish.html", shown)


@holders_of("discard_report")
def discard_report(request: AtMember, member: str, number: int) -> HttpResponse:
    """Give up a draft, after asking once more."""
    one, form = _report(request, number), _bare(request)

    def deed() -> None:
        actions.discard_report(one, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The draft is discarded. The suggestions it cited keep their pages.")):
        return redirect("reports", member)
    back = reverse("report", args=[member, number])
    lead = _("Its passages go, and cannot be had back. Its number is not given again.")
    return ask(request, form, title=_("Discard the draft"), submit=_("Discard it"), back=back, lead=lead)


def readable_report(request: AtMember, number: int) -> Report:
    """Find a report that the reader may read: published, or theirs to write. Raises ``Http404`` otherwise."""
    one = _report(request, number)
    if one.state != Report.State.PUBLISHED and not _drafts_read(request).filter(pk=one.pk).exists():
        raise Http404(number)
    return one


def _drafts_read(request: AtMember) -> QuerySet[Report]:
    """Give the drafts that the reader may read; a visitor without a session is not even asked who they are."""
    if WRITING & deeds_here(request):
        return rules.drafts_read_by(request.user, request.member)
    return Report.objects.none()


def _report(request: AtMember, number: int) -> Report:
    theirs = Report.objects.of(request.member).select_related(
        "member", "consultation__cycle__member", "workshop__meeting", "theme", "frozen", "replaces", "replaced_by"
    )
    return get_object_or_404(theirs, number=number)


def _passage(request: AtMember, number: int, uid: str) -> Passage:
    one = get_object_or_404(Passage, report__member=request.member, report__number=number, uid=uid)
    one.report = _report(request, number)
    return one


def _of(request: AtMember, uid: str, kind: str, key: str) -> dict[str, Any]:
    """Find what a report is of, as the form names it. Raises ``Http404`` when it is gone."""
    one = get_object_or_404(Consultation.objects.of(request.member).select_related("cycle__member"), uid=uid)
    found: dict[str, Any] = {"consultation": one}
    if kind == Report.Kind.THEME:
        found["theme"] = get_object_or_404(Theme, consultation=one, code=key)
    elif kind == Report.Kind.MEETING:
        met = Workshop.objects.select_related("meeting")
        found["workshop"] = get_object_or_404(met, consultation=one, meeting__number=int(key))
    return found


def _at(request: AtMember, one: Passage) -> str:
    return reverse("report", args=[request.member.slug, one.report.number]) + f"#p-{one.uid}"


def _bare(request: AtMember) -> plain.Form:
    return plain.Form(request.POST if request.method == "POST" else None)


def _after(request: AtMember) -> int:
    return next(iter(numbers_in(request.GET.get("after", ""))), 0)
