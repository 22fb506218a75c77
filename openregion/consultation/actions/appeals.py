"""An author's answer to a decision on their words, and somebody else's answer to it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openregion.consultation import queries, rules
from openregion.consultation.actions.masking import unmasked
from openregion.consultation.actions.moderation import published
from openregion.consultation.actions.news import tell_authors
from openregion.consultation.actions.steps import held, journal, named
from openregion.consultation.models import Appeal, Contribution, Notice
from openregion.core.refusal import refuse_if
from openregion.core.safe import clean_text
from openregion.people.models import User


@transaction.atomic
def make_appeal(contribution: Contribution, *, words: str, lang: str, at: dt.datetime) -> Appeal:
    """Let an author, known by their code, say why a decision on their words is a mistake.

    Somebody else than who took it looks again. One at a time, and once for each
    decision. Raises ``Refused`` when the rule says no.
    """
    contribution = held(contribution)
    words, decision = clean_text(words), queries.decision_on(contribution)
    refuse_if(rules.why_not_appeal(contribution, words=words, against=decision.against, decided_at=decision.at))
    appeal = Appeal.objects.create(
        contribution=contribution,
        words=words,
        lang=lang,
        against=decision.against,
        first_by=decision.by,
        made_at=at,
    )
    journal("make_appeal", contribution, contribution.member, "", at, **named(contribution), against=appeal.against)
    return appeal


@transaction.atomic
def decide_appeal(appeal: Appeal, *, keep: bool, answer: str, by: User, at: dt.datetime) -> Appeal:
    """Look again at a decision that its author appeals against: keep it, or undo it; the author reads the answer.

    Undone, hidden words and words taken for spam are published, and masked ones
    are as they were written. Never by who decided first. Raises ``Refused``
    when the rule says no.
    """
    contribution = held(appeal.contribution)
    appeal = Appeal.objects.select_for_update(no_key=True).get(pk=appeal.pk)
    appeal.contribution, answer = contribution, clean_text(answer)
    refuse_if(rules.why_not_decide_appeal(by, appeal, answer=answer))
    appeal.kept, appeal.answer, appeal.decided_by, appeal.decided_at = keep, answer, by, at
    appeal.save(update_fields=["kept", "answer", "decided_by", "decided_at"])
    facts = named(contribution) | {"against": appeal.against, "kept": keep}
    line = journal("decide_appeal", contribution, contribution.member, by.reference, at, **facts)
    if not keep and appeal.against == "mask_words":
        unmasked(contribution)
    elif not keep:
        published(contribution, by=by, at=at, parent=line)
    tell_authors([contribution], step=Notice.Step.APPEAL, at=at, facts={"appeal": appeal.uid})
    return appeal
