"""What is refused about the answers of a candidacy and their evidence, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from openregion.admission import queries
from openregion.admission.models import Answer, AnswerEvidence, Call, Dossier
from openregion.core.official import OfficialText
from openregion.cycle.models import Cycle
from openregion.people.models import User
from openregion.people.rules import today, why_not_allowed
from openregion.record.models import StoredFile

LONGEST_ANSWER = 20_000  # characters a language


def overtaken(answer_revision: int, on_revision: int) -> bool:
    """Say whether somebody else saved the answer since it was opened."""
    return answer_revision != on_revision


def why_not_draft_answer(
    by: User,
    cycle: Cycle,
    *,
    question: str,
    call: Call | None,
    words: Mapping[str, str],
    gaps: Mapping[str, str],
    state: str,
    on_revision: int,
    revision: int,
) -> str:
    """Say why an answer may not be saved as written; empty when it may."""
    if refusal := why_not_allowed(by, "draft_answer", cycle.member) or why_not_question(cycle, call, question):
        return refusal
    if refusal := why_not_open_to_writing(cycle, call):
        return refusal
    if state not in Answer.State.values:
        return _("Say how ready the answer is: missing, begun or ready.")
    if any(len(text) > LONGEST_ANSWER for text in (*words.values(), *gaps.values())):
        return _("An answer holds 20 000 characters at most in a language. Shorten it, and give the rest as evidence.")
    if state == Answer.State.READY and not any(words.values()):
        return _("Write the answer before saying that it is ready.")
    if overtaken(revision, on_revision):
        return _(
            "Someone else saved this answer while you were writing. Both texts stand below: join them, then save again."
        )
    return ""


def why_not_question(cycle: Cycle, call: Call | None, question: str) -> str:
    """Say why nothing may be answered under this code; empty when it is asked in this candidacy."""
    if cycle.kind != Cycle.Kind.ADMISSION or (call and call.member_id != cycle.member_id):
        return _("Answers belong to a candidacy. Open its cycle first.")
    asked = {one["code"] for one in call.questions} if call else set()
    if not call:
        asked = {one.code for one in queries.conditions(queries.book_for(cycle.member, cycle))}
    return "" if question in asked else _("This question is not asked. Choose one of the page.")


def why_not_open_to_writing(cycle: Cycle, call: Call | None) -> str:
    """Say why the answers to a call may no longer change: its dossier is frozen. Those to the conditions always may."""
    if call is None:
        return ""
    last = Dossier.objects.filter(cycle=cycle, call=call).order_by("-number").values_list("state", flat=True).first()
    if last is None:
        return _("No dossier answers this call yet. Open one first.")
    if last != Dossier.State.DRAFT:
        return _("The dossier is frozen: its answers no longer change. Open another dossier, which replaces it.")
    return ""


def why_not_add_evidence(
    by: User,
    cycle: Cycle,
    *,
    question: str,
    call: Call | None,
    title: OfficialText,
    file: StoredFile | None,
    url: str,
    dated_on: dt.date | None,
) -> str:
    """Say why a document may not stand beside an answer; empty when it may."""
    if refusal := why_not_allowed(by, "add_evidence", cycle.member) or why_not_question(cycle, call, question):
        return refusal
    if refusal := why_not_open_to_writing(cycle, call):
        return refusal
    if not title:
        return _("Give the document a title, so that a reader knows what it shows.")
    if bool(file) == bool(url):
        return _("Give a file or an address, one of the two.")
    if url and not url.startswith(("https://", "http://")):
        return _("An address begins with https://. Copy it from the browser.")
    if dated_on and dated_on > today():
        return _("A document cannot be dated in the future. Check its day.")
    beside = AnswerEvidence.objects.filter(answer__cycle=cycle, answer__call=call, answer__question=question)
    twice = beside.filter(url=url) if url else beside.filter(file__sha256=file.sha256 if file else "")
    return _("This document stands beside the answer already.") if twice.exists() else ""


def why_not_remove_evidence(by: User, evidence: AnswerEvidence) -> str:
    """Say why a document may not be taken away from an answer; empty when it may."""
    answer = evidence.answer
    if refusal := why_not_allowed(by, "remove_evidence", answer.cycle.member):
        return refusal
    return why_not_open_to_writing(answer.cycle, answer.call)
