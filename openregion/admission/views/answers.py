"""The pages where answers are drafted: the nine conditions, one answer, its history, its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms as plain
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.admission import actions, queries, rules
from openregion.admission.forms.answers import AnswerForm, EvidenceForm
from openregion.admission.models import Answer, AnswerEvidence, Call
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.models import Cycle
from openregion.people.asking import ask, do
from openregion.people.audience import AtMember, deeds_here, holders_of
from openregion.record.actions import store_file
from openregion.record.queries import file_response


@dataclass(frozen=True)
class _Asked:
    """What a page of drafting is about: a condition of the guide, or a question of a call."""

    cycle: Cycle
    call: Call | None
    of: str
    code: str
    label: OfficialText
    help: OfficialText
    limit: int | None
    unit: str
    lang: str
    back: str
    draws: tuple[str, ...]
    base: OfficialText


@holders_of("draft_answer")
def admissibility(request: AtMember, member: str) -> HttpResponse:
    """List the nine conditions with the state of each answer, its evidence and its gaps."""
    cycle = queries.candidacy_of(request.member)
    lines = queries.condition_lines(request.member, cycle)
    shown = {"lines": lines, "open": cycle is not None, "may": deeds_here(request)}
    return render(request, "admission/admissibility.html", shown)


@holders_of("draft_answer")
def answer(request: AtMember, member: str, of: str, question: str) -> HttpResponse:
    """Draft an answer; one saved meanwhile by someone else is shown beside, and nothing is lost."""
    asked = _asked(request, of, question)
    stands = Answer.objects.filter(cycle=asked.cycle, call=asked.call, question=question).first()
    blocks = queries.blocks_for(request.member, asked.cycle, asked.draws)
    sent = request.POST.copy() if request.method == "POST" else None
    inserted = sent is not None and "insert" in sent
    if sent is not None and inserted:
        _insert(sent, blocks)
    form = AnswerForm(None if inserted else sent, initial=AnswerForm.of(stands, asked.base) if not inserted else sent)

    def deed() -> None:
        said, at = form.cleaned_data, timezone.now()
        actions.draft_answer(
            asked.cycle,
            question=question,
            words=form.words(),
            gaps=form.words("gaps"),
            state=said["state"],
            on_revision=said["revision"],
            by=request.user,
            at=at,
            call=asked.call,
        )

    if not inserted and do(request, form, deed, done=_("The answer is saved. Its history keeps what it said before.")):
        return redirect("answer", member, of, question)
    page = _page(request, asked, form, sent)
    return render(request, "admission/answer.html", page | {"blocks": blocks, "inserted": inserted})


def _page(request: AtMember, asked: _Asked, form: AnswerForm, sent: QueryDict | None) -> dict[str, Any]:
    """Prepare the page of an answer; after a save that came second, both texts and the revision to go on from."""
    answers = Answer.objects.filter(cycle=asked.cycle, call=asked.call, question=asked.code)
    stands = answers.prefetch_related("evidence__file").first()
    mine = form.words() if form.is_bound and hasattr(form, "cleaned_data") else {}
    between: tuple[Any, ...] = ()
    if sent is not None and stands and form.is_bound and form.non_field_errors():
        read = form.cleaned_data.get("revision", stands.revision)
        if rules.overtaken(stands.revision, read):
            between = queries.between(queries.plain(stands.text), mine)
            form.data = sent
            sent["revision"] = str(stands.revision)
    typed: Any = sent if sent is not None else form.initial
    said = {lang: str(typed.get(f"text_{lang}") or "") for lang in WORKING}
    evidence = queries.evidence_lines(stands.evidence.all(), request.member) if stands else ()
    line = next((one for one in _lines(request, asked) if one.condition.code == asked.code), None)
    return {
        "asked": asked,
        "form": form,
        "may": deeds_here(request),
        "evidence": evidence,
        "warnings": line.warnings if line else (),
        "revision": stands.revision if stands else 0,
        "theirs": queries.plain(stands.text) if between and stands else {},
        "between": between,
        "lengths": tuple((lang, queries.length_of(said[lang], asked.unit)) for lang in WORKING),
        "limit": queries.limit_in_words(asked.limit, asked.unit),
        "over": max(0, queries.length_of(said.get(asked.lang, ""), asked.unit) - asked.limit) if asked.limit else 0,
    }


def _lines(request: AtMember, asked: _Asked) -> tuple[Any, ...]:
    return queries.condition_lines(request.member, asked.cycle) if asked.call is None else ()


def _insert(sent: QueryDict, blocks: tuple[Any, ...]) -> None:
    """Add words drawn from the record at the end of what is written, for the person to correct; nothing is saved."""
    for one in blocks:
        if one.key == sent["insert"]:
            for lang in WORKING:
                written, drawn = sent.get(f"text_{lang}", "").rstrip(), one.words[lang]["text"]
                sent[f"text_{lang}"] = f"{written}\n\n{drawn}" if written else drawn


@holders_of("draft_answer")
def history(request: AtMember, member: str, of: str, question: str) -> HttpResponse:
    """Show an answer's revisions, and what each changed."""
    asked = _asked(request, of, question)
    found = get_object_or_404(Answer, cycle=asked.cycle, call=asked.call, question=question)
    return render(request, "admission/history.html", {"asked": asked, "lines": queries.revision_lines(found)})


@holders_of("add_evidence")
def add_evidence(request: AtMember, member: str, of: str, question: str) -> HttpResponse:
    """Put a document beside an answer."""
    asked = _asked(request, of, question)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    back = reverse("answer", args=[member, of, question])

    @transaction.atomic
    def deed() -> None:
        said, at, by = form.cleaned_data, timezone.now(), request.user
        upload = said["file"]
        stored = upload and store_file(upload=upload, member_code=request.member.slug, by_ref=by.reference, at=at)
        actions.add_evidence(
            asked.cycle,
            question=question,
            title=form.title(at),
            file=stored or None,
            url=said["url"],
            dated_on=said["dated_on"],
            by=by,
            at=at,
            call=asked.call,
        )

    if do(request, form, deed, done=_("The document stands beside the answer.")):
        return redirect(back)
    lead = _("It goes with the dossier when it is frozen, and OGP publishes the dossiers of all candidates.")
    return ask(request, form, title=_("Add evidence"), submit=_("Add this evidence"), back=back, lead=lead)


@holders_of("remove_evidence")
def remove_evidence(request: AtMember, member: str, uid: str) -> HttpResponse:
    """Take a document away from an answer, after asking."""
    found = _evidence(request, uid)
    of = found.answer.call.uid if found.answer.call else queries.OWN
    back = reverse("answer", args=[member, of, found.answer.question])
    form = plain.Form(request.POST if request.method == "POST" else None)

    def deed() -> None:
        actions.remove_evidence(found, by=request.user, at=timezone.now())

    if do(request, form, deed, done=_("The document no longer stands beside the answer.")):
        return redirect(back)
    lead = _("It leaves the answer and the next dossier. A dossier already frozen keeps it.")
    return ask(request, form, title=_("Take this evidence away"), submit=_("Take it away"), back=back, lead=lead)


@holders_of("draft_answer")
def evidence_file(request: AtMember, member: str, uid: str) -> HttpResponseBase:
    """Hand out the file of a piece of evidence to those who draft; the public reads it in the frozen dossier."""
    found = _evidence(request, uid)
    if found.file is None:
        raise Http404(uid)
    return file_response(found.file)


def _evidence(request: AtMember, uid: str) -> AnswerEvidence:
    theirs = AnswerEvidence.objects.filter(answer__cycle__member=request.member)
    return get_object_or_404(theirs.select_related("answer__cycle__member", "answer__call", "file"), uid=uid)


def _asked(request: AtMember, of: str, question: str) -> _Asked:
    """Find what is asked: a condition of the candidacy, or a question of a call. Raises ``Http404``."""
    cycle = queries.candidacy_of(request.member)
    refuse_if("" if cycle else _("Answers belong to a candidacy. Open its cycle first."))
    assert cycle is not None  # refused above
    if of == queries.OWN:
        found = queries.condition_of(request.member, cycle, question)
        if found is None:
            raise Http404(question)
        label: OfficialText = {lang: {"text": found.text.in_(lang), "at": "", "of": ""} for lang in WORKING}
        back = reverse("admissibility", args=[request.member.slug])
        return _Asked(cycle, None, of, question, label, {}, None, "words", "en", back, found.draws, {})
    call = get_object_or_404(Call.objects.of(request.member), uid=of)
    one = next((each for each in call.questions if each["code"] == question), None)
    if one is None:
        raise Http404(question)
    condition = queries.condition_of(request.member, cycle, one.get("condition") or "")
    base = Answer.objects.filter(cycle=cycle, call=None, question=one.get("condition") or "").first()
    last = queries.dossiers_of(request.member).filter(cycle=cycle, call=call).order_by("-number").first()
    page = queries.dossier_url(last, request.member) if last else reverse("candidacy", args=[request.member.slug])
    return _Asked(
        cycle=cycle,
        call=call,
        of=of,
        code=question,
        label=queries.said(one["label"]),
        help=queries.said(one.get("help") or {}),
        limit=one.get("limit"),
        unit=one.get("unit", "words"),
        lang=one.get("lang", "en"),
        back=page,
        draws=condition.draws if condition else (),
        base=base.text if base else {},
    )
