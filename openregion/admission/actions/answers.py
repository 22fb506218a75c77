"""What is done about answers: drafted by several people, with their history and their evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from openregion.admission import queries, rules
from openregion.admission.actions.steps import journal
from openregion.admission.models import Answer, AnswerEvidence, AnswerRevision, Call
from openregion.core.official import OfficialText, reworded
from openregion.core.refusal import refuse_if
from openregion.cycle.actions.steps import hold
from openregion.cycle.models import Cycle
from openregion.people.models import User
from openregion.record.models import StoredFile


@transaction.atomic
def draft_answer(
    cycle: Cycle,
    *,
    question: str,
    words: Mapping[str, str],
    gaps: Mapping[str, str],
    state: str,
    on_revision: int,
    by: User,
    at: dt.datetime,
    call: Call | None = None,
) -> Answer:
    """Save an answer as a new revision; ``on_revision`` is the one its writer had read.

    Two people who write at once meet here: the second is refused with both
    texts before them, and nothing is lost. Saving the same words twice is one
    revision. Raises ``Refused`` when the rule says no.
    """
    hold(cycle)
    answer = Answer.objects.filter(cycle=cycle, call=call, question=question).first()
    revision = answer.revision if answer else 0
    kept = {lang: text for lang, text in words.items() if text}
    left = {lang: text for lang, text in gaps.items() if text}
    if answer and revision and _says(answer, kept, left, state):
        on_revision = revision  # the same save, sent twice
    refuse_if(
        rules.why_not_draft_answer(
            by,
            cycle,
            question=question,
            call=call,
            words=kept,
            gaps=left,
            state=state,
            on_revision=on_revision,
            revision=revision,
        )
    )
    if answer and revision and _says(answer, kept, left, state):
        return answer
    answer = answer or Answer(cycle=cycle, call=call, question=question)
    answer.text, answer.gaps = reworded(answer.text, kept, at=at), reworded(answer.gaps, left, at=at)
    answer.state, answer.revision = state, revision + 1
    answer.save()
    AnswerRevision.objects.create(answer=answer, number=answer.revision, text=answer.text, state=state, at=at, by=by)
    facts = {"question": question, "revision": answer.revision, "state": state}
    journal("draft_answer", answer, cycle.member, by, at, **facts)
    return answer


def _says(answer: Answer, words: Mapping[str, str], gaps: Mapping[str, str], state: str) -> bool:
    return (queries.plain(answer.text), queries.plain(answer.gaps), answer.state) == (words, gaps, state)


@transaction.atomic
def add_evidence(
    cycle: Cycle,
    *,
    question: str,
    title: OfficialText,
    by: User,
    at: dt.datetime,
    file: StoredFile | None = None,
    url: str = "",
    dated_on: dt.date | None = None,
    call: Call | None = None,
) -> AnswerEvidence:
    """Put a document beside an answer: a file, or a page elsewhere, with its day.

    It goes with the dossier, which becomes public. Raises ``Refused`` when the rule says no.
    """
    hold(cycle)
    refuse_if(
        rules.why_not_add_evidence(
            by, cycle, question=question, call=call, title=title, file=file, url=url, dated_on=dated_on
        )
    )
    answer, _ = Answer.objects.get_or_create(cycle=cycle, call=call, question=question)
    evidence = AnswerEvidence.objects.create(
        answer=answer, title=title, file=file, url=url, dated_on=dated_on, added_at=at
    )
    journal("add_evidence", evidence, cycle.member, by, at, question=question)
    return evidence


@transaction.atomic
def remove_evidence(evidence: AnswerEvidence, *, by: User, at: dt.datetime) -> None:
    """Take a document away from an answer; its file stays in the record. Raises ``Refused`` when the rule says no."""
    hold(evidence.answer.cycle)
    refuse_if(rules.why_not_remove_evidence(by, evidence))
    answer = evidence.answer
    evidence.delete()
    journal("remove_evidence", evidence, answer.cycle.member, by, at, question=answer.question)
