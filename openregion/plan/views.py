"""Pages where the plan is written: its workshop, sections, sheets, checks and versions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms as plain
from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import dates, languages
from openregion.core.audience import kept, signed_in
from openregion.core.refusal import Refused, refuse_if
from openregion.cycle.models import Cycle
from openregion.cycle.queries import figure, value_of
from openregion.cycle.queries.council import COUNCIL_DEEDS
from openregion.diagnosis.models import Finding
from openregion.people.asking import do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.models import Authority, Member
from openregion.people.rules import today, why_not_allowed
from openregion.plan import actions, checklist, forms, queries, rules
from openregion.plan.audience import WRITING, let_writers_in
from openregion.plan.models import ActionPlan, Commitment, PlanVersion, ReasonedResponse
from openregion.plan.tasks import print_plan


def _plan(request: AtMember, number: int) -> ActionPlan:
    theirs = ActionPlan.objects.of(request.member).select_related("cycle__member")
    return get_object_or_404(theirs, cycle__kind=Cycle.Kind.ACTION_PLAN, cycle__number=number)


def _commitment(request: AtMember, slug: str) -> Commitment:
    cycle, _hyphen, number = slug.partition("-")
    if not (cycle.isdecimal() and number.isdecimal() and len(slug) < 16):
        raise Http404(slug)
    theirs = queries.with_their_rows(Commitment.objects.of(request.member)).select_related("plan__cycle__member")
    return get_object_or_404(theirs, plan__cycle__number=int(cycle), number=int(number))


def _version(request: AtMember, number: int, version: int) -> PlanVersion:
    theirs = PlanVersion.objects.of(request.member).select_related(
        "document", "plan__cycle__member", "deliberation__act"
    )
    return get_object_or_404(theirs, plan__cycle__kind="plan", plan__cycle__number=number, number=version)


def _sent(request: AtMember) -> QueryDict | None:
    """Give what was sent; everything left empty is something too."""
    return request.POST if request.method == "POST" else None


def _ask(request: AtMember, form: plain.Form, *, title: str, submit: str, back: str, **more: Any) -> HttpResponse:
    shown = {"form": form, "title": title, "submit": submit, "back": back, "lead": "", "number": 0, "warnings": ()}
    return render(request, "plan/ask.html", shown | more)


@holders_of("draft_plan")
def new_plan(request: AtMember, member: str) -> HttpResponse:
    """Begin the plan of the cycle that has none yet."""
    held = ActionPlan.objects.of(request.member).values("cycle")
    waiting = Cycle.objects.of(request.member).filter(kind=Cycle.Kind.ACTION_PLAN).exclude(pk__in=held)
    cycle = waiting.select_related("member").latest_first().first()
    if cycle is None:
        return render(request, "plan/no_cycle.html")
    form = forms.PlanForm(
        _sent(request), title={}, length=_length_in_words(request.member), initial=_usual_days(request.member)
    )

    def deed() -> None:
        at, said = timezone.now(), form.cleaned_data
        days = {name: said[name] for name in ("starts_on", "ends_on")}
        actions.draft_plan(cycle, title=form.said("title", at), **days, by=request.user, at=at)

    if do(request, form, deed, done=_("The plan is begun. Write its sections and draft its commitments.")):
        return redirect("plan_work", member, cycle.number)
    title, submit, back = _("Begin the action plan"), _("Begin this plan"), reverse("member_home", args=[member])
    return _ask(request, form, title=title, submit=submit, back=back)


def _usual_days(member: Member) -> dict[str, Any]:
    """Propose the length that the rule gives, from the first of next month."""
    first = checklist.months_later(today().replace(day=1), 1)
    months = round(value_of(member, "plan-length", today()).value or 0)
    return {"starts_on": first, "ends_on": checklist.months_later(first, months) - dt.timedelta(days=1)}


def _length_in_words(member: Member) -> str:
    """Say the length in force and where the mandate ends: both are proposed, neither is imposed."""
    rule = value_of(member, "plan-length", today())
    said = _("The rule gives %(length)s; another length is explained.") % {"length": figure(rule.rule, rule.value or 0)}
    ends = [end for end in Authority.objects.of(member).values_list("mandate_ends_on", flat=True) if end]
    if not ends:
        return said
    day = dates.day(min(ends), get_language() or "fr")
    return f"{said} " + _("The Council's mandate ends on %(day)s.") % {"day": day}


@holders_of("revise_plan")
def edit_plan(request: AtMember, member: str, number: int) -> HttpResponse:
    """Correct the title of a plan and its days."""
    plan, back = _plan(request, number), reverse("plan_work", args=[member, number])
    days = {"starts_on": plan.starts_on, "ends_on": plan.ends_on}
    length = _length_in_words(request.member)
    form = forms.PlanForm(_sent(request), title=plan.title, length=length, initial=days)

    def deed() -> None:
        at, said = timezone.now(), form.cleaned_data
        words, kept_days = form.said("title", at), {name: said[name] for name in ("starts_on", "ends_on")}
        actions.revise_plan(plan, title=words, **kept_days, sections=plan.sections, by=request.user, at=at)

    if do(request, form, deed, done=_("The title and the days of the plan are recorded.")):
        return redirect(back)
    title = _("Title and days of the plan")
    return _ask(request, form, title=title, submit=_("Record"), back=back, number=number)


@signed_in
def plan_work(request: AtMember, member: str, number: int) -> HttpResponse:
    """The workshop of a plan: what is written, what is missing, its checks, its versions."""
    plan, may = _plan(request, number), deeds_here(request)
    if not may & set(WRITING):
        refuse_if(why_not_allowed(request.user, "draft_commitment", request.member))
    verdicts = checklist.verdicts_on(plan)
    shown = {"page": queries.plan_work(plan), "may": may, "checks": checklist.counted(verdicts), "number": number}
    return render(request, "plan/work.html", shown)


@holders_of("revise_plan")
def plan_sections(request: AtMember, member: str, number: int) -> HttpResponse:
    """List the sections of a plan, with what is written in each language."""
    plan = _plan(request, number)
    return render(request, "plan/sections.html", {"groups": queries.sections_page(plan), "number": number})


@holders_of("revise_plan")
def edit_section(request: AtMember, member: str, number: int, code: str) -> HttpResponse:
    """Write one section of a plan, beside the figures that the platform knows."""
    plan = _plan(request, number)
    asked = queries.section(plan.cycle, code)
    if asked is None:
        raise Http404(code)
    form = forms.SectionForm(_sent(request), question=asked.question, text=plan.sections.get(code, {}))

    def deed() -> None:
        at = timezone.now()
        with transaction.atomic():
            locked = ActionPlan.objects.select_for_update(of=("self",), no_key=True)
            held = locked.select_related("cycle__member").get(pk=plan.pk)
            sections = {**held.sections, code: form.said("text", at)}
            whole = {"title": held.title, "starts_on": held.starts_on, "ends_on": held.ends_on, "sections": sections}
            actions.revise_plan(held, **whole, by=request.user, at=at)

    if do(request, form, deed, done=_("The section is recorded.")):
        return redirect("plan_sections", member, number)
    codes = [one.question.code for one in queries.sections(plan.cycle)]
    after = codes[codes.index(code) + 1] if code != codes[-1] else ""
    counted = queries.figures_of(plan) if code.startswith(("methodology", "engagement")) else None
    shown = {"form": form, "asked": asked, "figures": counted, "number": number, "after": after}
    return render(request, "plan/section.html", shown)


@holders_of("draft_commitment")
def new_commitment(request: AtMember, member: str, number: int) -> HttpResponse:
    """Begin a commitment sheet, and say which unit fills it in."""
    plan, back = _plan(request, number), reverse("plan_work", args=[member, number])
    days = {"starts_on": plan.starts_on, "ends_on": plan.ends_on}
    form = forms.NewCommitmentForm(_sent(request), member=request.member, title={}, initial=days)
    made: list[Commitment] = []

    def deed() -> None:
        at, said = timezone.now(), form.cleaned_data
        given = {name: said[name] for name in ("starts_on", "ends_on", "unit")}
        words = form.said("title", at)
        made.append(actions.draft_commitment(plan, title=words, **given, by=request.user, at=at))

    if do(request, form, deed, done=_("The sheet is begun. Its unit can fill it in.")):
        return redirect("edit_commitment", member, made[0].slug)
    lead = _("One promise, one unit that answers for it. Its days are those of the plan: shorten them if need be.")
    title, submit = _("Draft a commitment"), _("Begin this sheet")
    return _ask(request, form, title=title, submit=submit, back=back, lead=lead, number=number)


@holders_of("revise_commitment")
def edit_commitment(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Fill in a commitment sheet, one part at a time; without a part, see what each still lacks."""
    commitment = _commitment(request, slug)
    refuse_if(rules.why_not_fill_in(request.user, commitment, deed="revise_commitment"))
    code = request.GET.get("part", "")
    parts = {part.code: part for part in queries.parts_of_sheet(commitment.plan.cycle)}
    shown: dict[str, Any] = {
        "page": queries.sheet_page(commitment, current=code),
        "modest": checklist.reads_as_modest(commitment),
        "may": deeds_here(request),
    }
    if not code:
        return render(request, "plan/sheet.html", shown)
    if code not in parts:
        raise Http404(code)
    shown["part"] = parts[code]
    if code == "activities":
        return _activities(request, commitment, shown)
    form = forms.PART_FORMS.get(code, forms.PartForm)(_sent(request), commitment=commitment, part=parts[code])
    if code == "identification":
        form.fields["unit"].disabled = "draft_commitment" not in shown["may"]
    if do(request, form, lambda: _replace(request, commitment, form.change), done=_("This part is recorded.")):
        return redirect(_next_part(request, commitment, list(parts), code))
    if code == "description":
        shown["syntheses"] = queries.cited_syntheses(commitment)
    return render(request, "plan/sheet_part.html", shown | {"form": form})


def _replace(request: AtMember, commitment: Commitment, change: Any) -> None:
    """Write a sheet with one part replaced, the others as they are at that instant."""
    at = timezone.now()
    with transaction.atomic():
        Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)
        held = _commitment(request, commitment.slug)
        replaced = change(at)
        for name in ("texts", "values"):
            if name in replaced:
                whole = {**getattr(held, name), **replaced[name]}
                replaced[name] = {code: said for code, said in whole.items() if said not in (None, {})}
        actions.revise_commitment(held, **forms.as_entered(held) | replaced, by=request.user, at=at)


def _next_part(request: AtMember, commitment: Commitment, codes: list[str], code: str) -> str:
    """Lead on to the next part when that was asked, else back to the list of parts."""
    sheet = reverse("edit_commitment", args=[request.member.slug, commitment.slug])
    following = codes[codes.index(code) + 1 :]
    return f"{sheet}?part={following[0]}" if "go_on" in request.POST and following else sheet


def _activities(request: AtMember, commitment: Commitment, shown: dict[str, Any]) -> HttpResponse:
    """Fill in the activities: rows in any number; asking for more rows keeps what is typed."""
    sent = request.POST if request.method == "POST" else None
    rows = forms.steps_of(sent, commitment)
    form = plain.Form(sent)
    if sent is not None and "more" in sent:
        rows, form = forms.steps_of(None, commitment, rows=rows.as_typed()), plain.Form()
    elif sent is not None and rows.is_valid():
        try:
            change = {"steps": rows.steps(commitment, timezone.now())}
            if do(request, form, lambda: _replace(request, commitment, lambda at: change), done=_("Recorded.")):
                codes = [part.code for part in shown["page"].parts]
                return redirect(_next_part(request, commitment, codes, "activities"))
        except ProtectedError:
            form.add_error(None, _("Progress was reported on an activity that you removed. It stays on the sheet."))
    return render(request, "plan/sheet_activities.html", shown | {"form": form, "rows": rows})


@holders_of("cite_source")
def cite_sources(request: AtMember, member: str, slug: str) -> HttpResponse:
    """Say on which findings and answers a commitment rests, and hear the voices behind it."""
    commitment = _commitment(request, slug)
    refuse_if(rules.why_not_fill_in(request.user, commitment, deed="cite_source"))
    q = request.GET.get("q", "").strip()[:200]
    if request.method == "POST":
        try:
            _cite(request, commitment)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(request.get_full_path())
    page = queries.source_page(commitment, q=q)
    shown = {"page": page, "commitment": commitment, "q": q, "number": commitment.plan.cycle.number}
    return render(request, "plan/sources.html", shown)


def _cite(request: AtMember, commitment: Commitment) -> None:
    """Cite, or stop citing, what the button names."""
    at, by, sent = timezone.now(), request.user, request.POST
    if source := queries.number_typed(sent.get("remove", "")):
        held = get_object_or_404(commitment.sources.select_related("commitment__plan__cycle__member"), pk=source)
        actions.remove_source(held, by=by, at=at)
    elif number := queries.number_typed(sent.get("finding", "")):
        found = get_object_or_404(Finding.objects.of(request.member), number=number)
        actions.cite_source(commitment, finding=found, by=by, at=at)
    elif number := queries.number_typed(sent.get("response", "")):
        given = get_object_or_404(ReasonedResponse.objects.of(request.member), number=number)
        actions.cite_source(commitment, response=given, by=by, at=at)


@kept
def plan_checks(request: AtMember, member: str, number: int) -> HttpResponse:
    """The checks of a plan: those who write it read them on its draft, everyone on the version last published."""
    plan, writes = _plan(request, number), bool(deeds_here(request) & set(WRITING))
    version = PlanVersion.objects.filter(plan=plan).published().select_related("document", "deliberation__act").first()
    let_writers_in(request, published=version is not None)
    stated = None if writes or version is None else version
    verdicts = checklist.verdicts_on(plan, published=stated)
    shown = {"verdicts": verdicts, "checks": checklist.counted(verdicts), "number": number, "version": stated}
    title = queries.as_published(plan, stated)[0].title if stated else plan.title
    return render(request, "plan/checks.html", shown | {"title": title, "writes": writes})


@kept
def plan_version(request: AtMember, member: str, number: int, version: int) -> HttpResponse:
    """Read a frozen version, with the hash by which anyone can check it."""
    one = _version(request, number, version)
    let_writers_in(request, published=one.published_at is not None)
    may = deeds_here(request)
    shown = {"page": queries.version_page(one), "may": may, "number": number, "papers": languages.WORKING}
    shown["council"] = queries.council_state(one, staff=bool(may & COUNCIL_DEEDS))
    return render(request, "plan/version.html", shown | {"writes": bool(may & set(WRITING))})


@holders_of("freeze_plan")
def freeze_plan(request: AtMember, member: str, number: int) -> HttpResponse:
    """Freeze the plan as it stands, after showing what would be frozen and the warnings left."""
    plan = _plan(request, number)
    form = plain.Form(request.POST if request.method == "POST" else None)
    made: list[PlanVersion] = []

    def deed() -> None:
        made.append(actions.freeze_plan(plan, by=request.user, at=timezone.now()))

    if do(request, form, deed, done=_("The version is frozen. It is what the Council votes.")):
        print_plan.enqueue(made[0].uid)
        return redirect("plan_version", member, number, made[0].number)
    page, verdicts = queries.plan_work(plan), checklist.verdicts_on(plan)
    following = page.versions[0].number + 1 if page.versions else 1
    refusal = rules.why_not_freeze(request.user, plan)
    shown = {"form": form, "page": page, "number": number, "following": following, "refusal": refusal}
    return render(request, "plan/freeze.html", shown | {"open": [one for one in verdicts if one.state != "ok"]})


@holders_of("adopt_plan")
def adopt_plan(request: AtMember, member: str, number: int, version: int) -> HttpResponse:
    """Tie a frozen version to the deliberation that adopted it."""
    one = _version(request, number, version)
    form = forms.AdoptionForm(_sent(request), plan=one.plan)

    def deed() -> None:
        actions.adopt_plan(one, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The adoption is recorded. The version can be published.")):
        print_plan.enqueue(one.uid)
        return redirect("plan_version", member, number, version)
    shown = {"form": form, "number": number, "version": one, "sha256": one.document.sha256}
    shown["none"] = not form.fields["deliberation"].queryset  # type: ignore[attr-defined]
    return render(request, "plan/adopt.html", shown)


@holders_of("publish_plan")
def publish_plan(request: AtMember, member: str, number: int, version: int) -> HttpResponse:
    """Publish an adopted version, after saying what becomes of it."""
    one = _version(request, number, version)
    form = plain.Form(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.publish_plan(one, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The plan is published.")):
        return redirect("plan_version", member, number, version)
    refusal = rules.why_not_publish_plan(request.user, one)
    shown = {"form": form, "number": number, "version": one, "refusal": refusal, "page": queries.version_page(one)}
    return render(request, "plan/publish.html", shown)
