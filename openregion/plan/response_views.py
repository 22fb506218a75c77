"""Answers given to people: read in public, and given by those whose role it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.core.audience import kept
from openregion.core.refusal import refuse_if
from openregion.diagnosis.forms import numbers_in, picking_of, typed_so_far
from openregion.diagnosis.models import Finding
from openregion.diagnosis.queries import chosen_ones
from openregion.people.asking import do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.plan import actions, responses
from openregion.plan.models import ReasonedResponse
from openregion.plan.response_forms import ResponseForm


@kept
def all_responses(request: AtMember, member: str) -> HttpResponse:
    """List the answers given, latest first, with the share of suggestions that have theirs."""
    decision, before = request.GET.get("decision", ""), _number(request.GET.get("before", ""))
    page = responses.responses_page(request.member, decision=decision, before=before)
    return render(request, "plan/responses.html", {"page": page, "may": deeds_here(request)})


@kept
def response(request: AtMember, member: str, number: int) -> HttpResponse:
    """Show an answer: what was decided, why, whom it answers, and whether the Region changed its mind."""
    theirs = ReasonedResponse.objects.of(request.member).select_related("finding", "body")
    one = get_object_or_404(theirs, number=number)
    page = responses.response_page(one, request.member, after=_number(request.GET.get("after", "")))
    return render(request, "plan/response.html", {"page": page, "may": deeds_here(request)})


@holders_of("give_reasoned_response")
def awaiting_response(request: AtMember, member: str) -> HttpResponse:
    """Choose, over several pages, suggestions that wait for an answer; or a finding whose suggestions all do."""
    given = request.POST if request.method == "POST" else request.GET
    page = responses.waiting_page(request.member, picking_of(given), finding=_number(given.get("finding", "")))
    return render(request, "plan/awaiting.html", {"page": page, "pick": page.pick})


@holders_of("give_reasoned_response")
def new_response(request: AtMember, member: str) -> HttpResponse:
    """Answer suggestions together: their words first, then the decision and its reasons."""
    asked = _finding(request)
    chosen, saving = _chosen(request, asked), request.POST.get("do") == "answer"
    # An answer cites a finding when it answers that finding's people, and nobody else.
    finding = asked if asked and responses.all_under(asked, chosen) else None
    first = typed_so_far(ResponseForm, request.POST)
    form = ResponseForm(request.POST if saving else None, member=request.member, initial=first)
    made: list[ReasonedResponse] = []

    def deed() -> None:
        at, contributions = timezone.now(), chosen_ones(request.member, chosen)
        cycle = responses.cycle_of(contributions, finding)
        if cycle is None:
            refuse_if(_("Choose at least one suggestion to answer."))
            return
        response = actions.give_reasoned_response(
            cycle,
            contributions=contributions,
            decision=form.cleaned_data["decision"],
            reasons=form.said("reasons", at),
            finding=finding,
            body=form.cleaned_data["body"],
            by=request.user,
            at=at,
        )
        made.append(response)

    if do(request, form, deed, done=_("The answer is published, and the people who left an address are told.")):
        return redirect("response", member, made[0].number)
    to_answer = responses.to_answer(request.member, chosen)
    shown = {"form": form, "to_answer": to_answer, "finding": finding}
    shown |= {"chosen": to_answer.chosen, "back": reverse("awaiting_response", args=[member])}
    return render(request, "plan/response_new.html", shown)


def _chosen(request: AtMember, finding: Finding | None) -> tuple[int, ...]:
    """Say which suggestions are answered: those ticked, those named, those of another answer, or a whole finding."""
    if request.method == "POST":
        return picking_of(request.POST).chosen
    if named := request.GET.get("suggestions", ""):
        return numbers_in(named)
    if again := _number(request.GET.get("again", "")):
        before = get_object_or_404(ReasonedResponse.objects.of(request.member), number=again)
        return responses.to_answer_anew(before)
    return responses.numbers_of(responses.waiting_under(request.member, finding.number)) if finding else ()


def _finding(request: AtMember) -> Finding | None:
    """Find the finding that the answer cites: the one asked for, or that of the answer given before."""
    theirs = Finding.objects.of(request.member).select_related("cycle__member")
    if again := _number(request.GET.get("again", "")):
        before = ReasonedResponse.objects.of(request.member).filter(number=again)
        return theirs.filter(pk__in=before.values("finding")).first()
    number = _number((request.POST if request.method == "POST" else request.GET).get("finding", ""))
    return get_object_or_404(theirs, number=number) if number else None


def _number(text: str) -> int:
    return next(iter(numbers_in(text)), 0)
