"""The Council's files: assembled, frozen, placed on an agenda, referred, voted."""

from __future__ import annotations

from typing import Any

from django import forms as plain
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.core.audience import everyone, kept
from openregion.core.refusal import refuse_if
from openregion.cycle import council_exports as exports
from openregion.cycle.actions import council as actions
from openregion.cycle.forms import council as forms
from openregion.cycle.models import Cycle, Letter, Proposal, ProposalPaper
from openregion.cycle.queries import council
from openregion.cycle.queries import council_pages as pages
from openregion.cycle.queries import council_steps as steps
from openregion.cycle.queries.letters import WRITING
from openregion.cycle.queries.turns import cycle_name
from openregion.cycle.rules import council as rules
from openregion.cycle.tasks import print_frozen
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.people.rules import today
from openregion.record import actions as memory
from openregion.record.models import FrozenDocument
from openregion.record.queries import file_response


@kept
def council_files(request: AtMember, member: str, kind: str, number: int) -> HttpResponse:
    """List the files of a cycle put to the Council: everyone reads those that stand on an agenda."""
    cycle, may = _cycle(request, kind, number), deeds_here(request)
    staff = bool(may & council.COUNCIL_DEEDS)
    shown = {"lines": pages.file_lines(cycle, staff=staff), "cycle": cycle, "may": may, "staff": staff}
    return render(request, "cycle/council/files.html", shown | {"name": cycle_name(kind, number)})


@kept
def council_file(request: AtMember, member: str, kind: str, number: int, file: int) -> HttpResponse:
    """Show a file: its chain with what is next and by when; once on an agenda, everyone reads it."""
    proposal, may = _proposal(request, kind, number, file), deeds_here(request)
    staff = bool(may & council.COUNCIL_DEEDS)
    refuse_if("" if staff or council.is_public_file(proposal) else _("This file is not on an agenda yet."))
    possible = frozenset(rules.MOVES[Proposal.State(proposal.state)]) & may
    page = pages.file_page(proposal, staff=staff, today=today(), deeds=possible)
    shown = {"page": page, "may": may, "staff": staff, "languages": exports.PRINTED_IN}
    return render(request, "cycle/council/file.html", shown)


@holders_of("open_proposal")
def new_proposal(request: AtMember, member: str, kind: str, number: int) -> HttpResponse:
    """Open a file for the Council; after a refused visa it begins with the words of the file it follows."""
    cycle = _cycle(request, kind, number)
    like = cycle.proposals.filter(number=_whole(request.GET.get("after", ""))).first()
    follows = like if like and council.was_refused(like, cycle) else None
    usual = {"subject": "adhesion"} if kind == Cycle.Kind.ADMISSION else {"subject": "plan", "wants_visa": True}
    form = forms.ProposalForm(_sent(request), cycle=cycle, like=like, initial=usual)
    made: list[Proposal] = []

    def deed() -> None:
        at = timezone.now()
        made.append(actions.open_proposal(cycle, **form.said(at), follows=follows, by=request.user, at=at))

    if do(request, form, deed, done=_("The file is open. Join its documents, then freeze it.")):
        return redirect("council_file", member, kind, number, made[0].number)
    back = reverse("council_files", args=[member, kind, number])
    lead = _("The report says why, and the Council votes the decision proposed. Both change until the file is frozen.")
    return ask(request, form, title=_("Open a file for the Council"), submit=_("Open this file"), back=back, lead=lead)


@holders_of("revise_proposal")
def edit_proposal(request: AtMember, member: str, kind: str, number: int, file: int) -> HttpResponse:
    """Word a file better, and take documents out of it."""
    proposal = _proposal(request, kind, number, file)
    form = forms.ProposalForm(_sent(request), cycle=proposal.cycle, proposal=proposal)

    def deed() -> None:
        at, without = timezone.now(), form.cleaned_data.get("without", ())
        actions.revise_proposal(proposal, **form.said(at), without=without, by=request.user, at=at)

    said = {"title": _("Word the file better"), "submit": _("Record"), "done": _("The file is recorded.")}
    return _answer(request, proposal, form, deed, **said)


@holders_of("add_proposal_paper")
def new_proposal_paper(request: AtMember, member: str, kind: str, number: int, file: int) -> HttpResponse:
    """Join a document to a file."""
    proposal = _proposal(request, kind, number, file)
    form = forms.PaperForm(_sent(request), request.FILES or None)

    def deed() -> None:
        at, by = timezone.now(), request.user
        title = form.words("title", at)
        refuse_if(rules.why_not_add_proposal_paper(by, proposal, title=title))  # before the document is kept
        with transaction.atomic():
            upload = form.cleaned_data["file"]
            stored = memory.store_file(upload=upload, member_code=member, by_ref=by.reference, at=at)
            actions.add_proposal_paper(proposal, title=title, file=stored, by=by, at=at)

    said = {"title": _("Join a document"), "submit": _("Join it"), "done": _("The document is in the file.")}
    return _answer(request, proposal, form, deed, **said)


@everyone
def proposal_paper(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """Hand out a document of a file: to everyone once the file is frozen and on an agenda."""
    theirs = ProposalPaper.objects.filter(proposal__cycle__member=request.member).select_related("file", "proposal")
    paper = get_object_or_404(theirs, uid=uid)
    public = paper.proposal.frozen_id is not None and council.is_public_file(paper.proposal)
    refuse_if("" if public or deeds_here(request) & council.COUNCIL_DEEDS else _("This document is not public yet."))
    return file_response(paper.file)


@holders_of("freeze_proposal")
def freeze_proposal(request: AtMember, member: str, kind: str, number: int, file: int) -> HttpResponse:
    """Freeze a file, after showing what would be frozen."""
    proposal = _proposal(request, kind, number, file)
    form = plain.Form(_sent(request))

    def deed() -> None:
        actions.freeze_proposal(proposal, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The file is frozen. It is what the Council votes.")):
        _print(proposal.frozen)
        return _back_to(proposal)
    page = pages.file_page(proposal, staff=True, today=today(), deeds=frozenset())
    refusal = rules.why_not_freeze_proposal(request.user, proposal)
    shown = {"form": form, "page": page, "refusal": refusal, "back": council.file_url(proposal)}
    return render(request, "cycle/council/freeze.html", shown)


@holders_of("place_on_agenda")
def place_on_agenda(request: AtMember, member: str, kind: str, number: int, file: int) -> HttpResponse:
    """Place a file on the agenda of a session."""
    proposal = _proposal(request, kind, number, file)
    form = forms.AgendaForm(_sent(request), proposal=proposal)

    def deed() -> None:
        at, session = timezone.now(), form.cleaned_data["session"]
        reason = form.words("late_reason", at)
        actions.place_on_agenda(proposal, session=session, late_reason=reason, by=request.user, at=at)

    lead = _("Only sessions to come of this Council are listed. Plan one on the page of meetings if it is not there.")
    said = {"title": _("Place on an agenda"), "submit": _("Place it"), "done": _("It stands on the agenda.")}
    return _answer(request, proposal, form, deed, lead=lead, **said)


@holders_of("address_agenda")
def address_agenda(request: AtMember, member: str, kind: str, number: int, file: int) -> HttpResponse:
    """Record the day the point was addressed to the Wali; the letter is drafted."""
    proposal = _proposal(request, kind, number, file)
    due = steps.agenda_due(proposal)
    form = forms.DoneOnForm(
        _sent(request), name="addressed_on", label=_("Addressed on"), help_text=due.sentence if due else ""
    )

    def deed() -> None:
        actions.address_agenda(proposal, **form.cleaned_data, by=request.user, at=timezone.now())

    lead = _("A letter is drafted with it: word it, number it and sign it on the page of letters.")
    said = {"title": _("Address the point to the Wali"), "submit": _("Record this day")}
    told = _("The day is recorded and the letter drafted. Word it and issue it: the point leaves with it.")
    answer = _answer(request, proposal, form, deed, lead=lead, done=told, **said)
    return to_letter(request, answer, proposal.agenda_letter)


@holders_of("refer_to_commission")
def refer_to_commission(request: AtMember, member: str, kind: str, number: int, file: int) -> HttpResponse:
    """Refer a file to a commission; the letter is drafted."""
    proposal = _proposal(request, kind, number, file)
    form = forms.ReferralForm(_sent(request), proposal=proposal)

    def deed() -> None:
        actions.refer_to_commission(proposal, **form.cleaned_data, by=request.user, at=timezone.now())

    lead = _("Its opinion informs the Council and does not bind it. A letter is drafted with the referral.")
    said = {"title": _("Refer to a commission"), "submit": _("Refer it")}
    told = _("The referral is recorded and its letter drafted. Word it and issue it.")
    answer = _answer(request, proposal, form, deed, lead=lead, done=told, **said)
    return to_letter(request, answer, proposal.referral_letter)


@holders_of("record_opinion")
def record_opinion(request: AtMember, member: str, kind: str, number: int, file: int) -> HttpResponse:
    """Record the opinion of the commission."""
    proposal = _proposal(request, kind, number, file)
    form = forms.OpinionForm(_sent(request), proposal=proposal, initial={"opinion_on": today()})

    def deed() -> None:
        at, told = timezone.now(), form.cleaned_data
        said = {name: told[name] for name in ("opinion", "opinion_on", "meeting")}
        actions.record_opinion(proposal, **said, text=form.words("text", at), by=request.user, at=at)

    said = {"title": _("Opinion of the commission"), "submit": _("Record this opinion")}
    return _answer(request, proposal, form, deed, done=_("The opinion is recorded."), **said)


@holders_of("withdraw_proposal")
def withdraw_proposal(request: AtMember, member: str, kind: str, number: int, file: int) -> HttpResponse:
    """Withdraw a file from the Council, with the reason."""
    proposal = _proposal(request, kind, number, file)
    form = forms.ReasonForm(_sent(request), label=_("Why it is withdrawn"))

    def deed() -> None:
        at = timezone.now()
        actions.withdraw_proposal(proposal, reason=form.words("reason", at), by=request.user, at=at)

    said = {"title": _("Withdraw the file"), "submit": _("Withdraw this file"), "done": _("The file is withdrawn.")}
    return _answer(request, proposal, form, deed, **said)


@holders_of("record_vote")
def record_vote(request: AtMember, member: str, kind: str, number: int, file: int) -> HttpResponse:
    """Record the vote of the Council: by show of hands, or by name."""
    proposal = _proposal(request, kind, number, file)
    ballot = request.GET.get("ballot", "")
    kind_of_form = forms.BALLOT_FORMS.get(ballot, forms.VoteForm)
    asked: dict[str, Any] = {"initial": {"dated_on": request.GET.get("on", "")}} if request.GET.get("on") else {}
    form = kind_of_form(_sent(request), request.FILES or None, proposal=proposal, **asked)
    made: list[Any] = []

    def deed() -> None:
        at, by = timezone.now(), request.user
        said = form.said(at)
        asked = {name: value for name, value in said.items() if name != "number"}
        refuse_if(rules.why_not_record_vote(by, proposal, **({"counts": None} | _as_ruled(asked))))
        with transaction.atomic():
            upload = form.cleaned_data["file"]
            file = upload and memory.store_file(upload=upload, member_code=member, by_ref=by.reference, at=at)
            made.append(actions.record_vote(proposal, **said, file=file or None, by=by, at=at))

    if do(request, form, deed, done=_("The vote is recorded. Send the decision for control next.")):
        _print(made[0].frozen)
        return redirect("deliberation", member, made[0].uid)
    shown = {"form": form, "back": council.file_url(proposal), "by_name": kind_of_form.by_name, "proposal": proposal}
    return render(request, "cycle/council/vote.html", shown | {"not_yet": rules.why_not_vote_yet(proposal)})


def _as_ruled(said: dict[str, Any]) -> dict[str, Any]:
    """Give the rule the counts of a vote by name, as the deed does."""
    if said["ballot"] == "by-name" and said["named"]:
        return said | {"counts": council.counted(said["named"])}
    return said


@everyone
def council_file_paper(
    request: AtMember, member: str, kind: str, number: int, file: int, lang: str, format: str
) -> HttpResponse:
    """The frozen file as PDF, DOCX or the very JSON whose hash is printed."""
    proposal = _proposal(request, kind, number, file)
    staff = bool(deeds_here(request) & council.COUNCIL_DEEDS)
    refuse_if("" if staff or council.is_public_file(proposal) else _("This file is not on an agenda yet."))
    content = exports.handed_out(proposal.frozen, lang=lang, format=format)
    return download(content, format, f"{member}-{kind}-{number}-council-{file}-{lang}.{format}")


def download(content: bytes | None, format: str, name: str) -> HttpResponse:
    """Hand out a paper under its name. Raises ``Http404`` when there is none."""
    if content is None:
        raise Http404(name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=exports.MEDIA_TYPES[format], headers=headers)


def _answer(
    request: AtMember, proposal: Proposal, form: plain.Form, deed: Any, *, title: str, submit: str, done: str,
    lead: str = "",
) -> HttpResponse:  # fmt: skip
    """Do the deed and go back to the file, or ask."""
    if do(request, form, deed, done=done):
        return _back_to(proposal)
    return ask(request, form, title=title, submit=submit, back=council.file_url(proposal), lead=lead)


def to_letter(request: AtMember, answer: HttpResponse, letter: Letter | None) -> HttpResponse:
    """Lead to the letter that a deed drafted, those who write letters; leave any other answer as it is."""
    if answer.status_code != 302 or letter is None or not deeds_here(request) & WRITING:
        return answer
    return redirect("letter", request.member.slug, letter.uid)


def _print(document: FrozenDocument | None) -> None:
    if document is not None:
        print_frozen.enqueue(document.uid)


def _back_to(proposal: Proposal) -> HttpResponseRedirect:
    return HttpResponseRedirect(council.file_url(proposal))


def _sent(request: AtMember) -> Any:
    return request.POST if request.method == "POST" else None


def _whole(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 5 else 0


def _cycle(request: AtMember, kind: str, number: int) -> Cycle:
    theirs = Cycle.objects.of(request.member).select_related("member")
    return get_object_or_404(theirs, kind=kind, number=number)


def _proposal(request: AtMember, kind: str, number: int, file: int) -> Proposal:
    related = ("cycle__member", "council__authority", "session", "agenda_item", "commission", "frozen")
    theirs = Proposal.objects.of(request.member).select_related(*related, "agenda_letter", "referral_letter")
    return get_object_or_404(theirs, cycle__kind=kind, cycle__number=number, number=file)
