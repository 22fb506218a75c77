"""The operations of a cycle: what the guide asks, what proves it, and the gestures by which it is carried out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import languages
from openregion.core.audience import everyone, kept
from openregion.core.refusal import Refused, refuse_if
from openregion.cycle import actions, queries, rules
from openregion.cycle.forms.operations import (
    OperationPlanForm,
    OwnOperationForm,
    PressForm,
    ProofForm,
    ProofKindForm,
    ReasonForm,
)
from openregion.cycle.models import Cycle, Operation, Proof
from openregion.cycle.views.turns import found_cycle
from openregion.guide import queries as guides
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today
from openregion.record.queries import file_response


@kept
def operation(request: AtMember, member: str, kind: str, number: int, code: str) -> HttpResponse:
    """Show an operation: the guide's words, who and on what ground, what it uses, its proofs, its history."""
    one, may = _operation(request, kind, number, code), deeds_here(request)
    page = queries.operation_page(one, request.member, queries.book_of(one.cycle), for_team=bool(may))
    return render(request, "cycle/operation/operation.html", {"page": page, "may": may})


@holders_of("plan_operation")
def plan_operation(request: AtMember, member: str, kind: str, number: int, code: str) -> HttpResponse:
    """Say who carries out an operation, and by which day."""
    one = _operation(request, kind, number, code)
    known = {"assignee": one.assignee_id, "body": one.body and one.body.uid, "planned_on": one.planned_on}
    form = OperationPlanForm(request.POST if request.method == "POST" else None, member=request.member, initial=known)

    def deed() -> None:
        actions.plan_operation(one, **form.cleaned_data, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("It is said who does it, and when.")):
        return redirect(_back(request, one))
    return _ask(request, form, one, title=_("Who does it, and when"), submit=_("Keep this"))


@holders_of("prove_operation")
def prove_operation(request: AtMember, member: str, kind: str, number: int, code: str) -> HttpResponse:
    """Give what shows that an operation was carried out: first its kind, where there are several, then the thing."""
    one, told = _operation(request, kind, number, code), request.POST if "done_on" in request.POST else None
    kinds = ProofKindForm(request.POST or None, member=request.member)
    if told is None and kinds.is_valid():
        return redirect(f"{request.path}?kind={kinds.cleaned_data['kind']}")
    chosen = (told or request.GET).get("kind", "")
    if chosen not in dict(kinds.offered):
        if told is None and len(kinds.offered) > 1:
            return _ask(request, kinds, one, title=_("Give its proof"), submit=_("Go on"))
        chosen = Proof.Kind.DOCUMENT
    asked: dict[str, Any] = {"member": request.member, "chosen": chosen, "initial": {"done_on": today()}}
    form = ProofForm(told, request.FILES or None, **asked)

    def deed() -> None:
        at = timezone.now()
        actions.prove_operation(one, **form.proof(at), by=request.user, at=at)

    if do(request, form, deed, done=_("The proof is given: the operation is done.")):
        return redirect(_back(request, one))
    return _ask(request, form, one, title=_("Give its proof"), submit=_("Give this proof"))


@holders_of("withdraw_proof")
def withdraw_proof(request: AtMember, member: str, kind: str, number: int, code: str, uid: str) -> HttpResponse:
    """Take back a proof given by mistake, with the reason."""
    one = _operation(request, kind, number, code)
    proof = get_object_or_404(one.proofs.select_related("operation__cycle__member"), uid=uid)
    form = ReasonForm(request.POST or None)

    def deed() -> None:
        at = timezone.now()
        actions.withdraw_proof(proof, reason=form.reason(at), by=request.user, at=at)

    if do(request, form, deed, done=_("The proof is withdrawn. It stays on the page, with the reason.")):
        return redirect(_back(request, one))
    return _ask(request, form, one, title=_("Withdraw a proof"), submit=_("Withdraw this proof"))


@everyone
def proof_file(request: AtMember, member: str, kind: str, number: int, code: str, uid: str) -> HttpResponseBase:
    """Hand out the document of a proof: to everyone when it is public, else to the team."""
    one = _operation(request, kind, number, code)
    proof = get_object_or_404(Proof.objects.select_related("file"), operation=one, uid=uid)
    if proof.file is None:
        raise Http404(uid)
    refuse_if(rules.why_not_read_proof(request.user, proof, member=request.member))
    return file_response(proof.file)


@holders_of("set_aside_operation")
def set_aside(request: AtMember, member: str, kind: str, number: int, code: str) -> HttpResponse:
    """Say that an operation will not be carried out, and why."""
    one = _operation(request, kind, number, code)
    form = ReasonForm(request.POST or None)

    def deed() -> None:
        at = timezone.now()
        actions.set_aside_operation(one, reason=form.reason(at), by=request.user, at=at)

    if do(request, form, deed, done=_("The operation is set aside. It stays in the cycle, with the reason.")):
        return redirect(_back(request, one))
    return _ask(request, form, one, title=_("Set an operation aside"), submit=_("Set it aside"))


@holders_of("take_up_operation")
def take_up(request: AtMember, member: str, kind: str, number: int, code: str) -> HttpResponse:
    """Take up again an operation that was set aside."""
    one = _operation(request, kind, number, code)
    form = PressForm(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.take_up_operation(one, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The operation is to do again.")):
        return redirect(_back(request, one))
    return _ask(request, form, one, title=_("Take an operation up again"), submit=_("Take it up again"))


@holders_of("add_operation")
def new_operation(request: AtMember, member: str, kind: str, number: int, code: str) -> HttpResponse:
    """Add an operation of the Region's own to a stage."""
    one = found_cycle(request, kind, number)
    if queries.stage_of(one, code) is None:
        raise Http404(code)
    form = OwnOperationForm(request.POST or None)
    made: list[Operation] = []

    def deed() -> None:
        at = timezone.now()
        made.append(actions.add_operation(one, stage=code, text=form.text(at), by=request.user, at=at))

    if do(request, form, deed, done=_("The operation is added. Say who does it, and when.")):
        return redirect(_back(request, made[0]))
    lead = f"{queries.cycle_name(kind, number)} – {queries.stage_name(one, code)}"
    back = f"{reverse('cycle', args=[member, kind, number])}#{code}"
    return ask(request, form, title=_("Add an operation"), submit=_("Add this operation"), back=back, lead=lead)


@holders_of("move_cycle")
def move_cycle(request: AtMember, member: str, kind: str, number: int, version: str) -> HttpResponse:
    """Let a running cycle follow another version of the method, once what changes has been read."""
    if version not in guides.versions():
        raise Http404(version)
    one, back = found_cycle(request, kind, number), reverse("cycle", args=[member, kind, number])
    form = PressForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _moved(request, form, one, version):
        messages.success(request, _("The cycle follows this version now. All that was done is kept."))
        return redirect(back)
    refusal = rules.why_not_move_cycle(request.user, one, version=version)
    difference = None if refusal else queries.move_difference(one, guides.guide(version))
    name = queries.cycle_name(kind, number)
    shown = {"form": form, "refusal": refusal, "difference": difference, "cycle": one, "version": version}
    return render(request, "cycle/operation/move.html", {**shown, "back": back, "name": name})


def _moved(request: AtMember, form: PressForm, one: Cycle, version: str) -> bool:
    """Do the deed; a refusal is read in the page that asked."""
    try:
        actions.move_cycle(one, version=version, by=request.user, at=timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _operation(request: AtMember, kind: str, number: int, code: str) -> Operation:
    one = queries.operation_of(found_cycle(request, kind, number), code)
    if one is None:
        raise Http404(code)
    return one


def _back(request: AtMember, one: Operation) -> str:
    return reverse("operation", args=[request.member.slug, one.cycle.kind, one.cycle.number, one.code])


def _ask(request: AtMember, form: Any, one: Operation, *, title: str, submit: str) -> HttpResponse:
    """Ask about one operation, whose words stand above the form."""
    lang = languages.body_lang(get_language() or "fr")
    lead = queries.in_words(queries.words_of(one, queries.book_of(one.cycle)), lang)
    return ask(request, form, title=title, submit=submit, back=_back(request, one), lead=lead)
