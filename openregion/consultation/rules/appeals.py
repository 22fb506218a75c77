"""Who may appeal against a decision on their words, and who decides again."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openregion.consultation.models import Appeal, Contribution
from openregion.consultation.rules.words import why_not_there_any_more
from openregion.people.models import User
from openregion.people.rules import why_not_allowed

LONGEST_APPEAL = 4_000  # characters, of an appeal and of its answer: two pages


def why_not_appeal(contribution: Contribution, *, words: str, against: str, decided_at: dt.datetime | None) -> str:
    """Say why an author may not appeal; empty when they may.

    ``against`` is the deed appealed against, and ``decided_at`` its instant:
    each decision is looked at again once.
    """
    if refusal := why_not_appeal_now(contribution, against=against, decided_at=decided_at):
        return refusal
    if not words.strip():
        return _("Write in a few words why you think that the decision is a mistake.")
    if len(words) > LONGEST_APPEAL:
        return _("Your appeal is longer than 4,000 characters. Shorten it.")
    return ""


def why_not_appeal_now(contribution: Contribution, *, against: str, decided_at: dt.datetime | None) -> str:
    """Say why there is nothing to appeal against now; empty when there is, whatever will be written."""
    if refusal := why_not_there_any_more(contribution):
        return refusal
    if not against:
        return _("Nothing was decided against these words. There is nothing to appeal.")
    if contribution.appeals.filter(decided_at=None).exists():
        return _("Your appeal is received already. Another person looks at it and answers you.")
    if decided_at and contribution.appeals.filter(against=against, made_at__gte=decided_at).exists():
        return _("Another person has already looked at this decision again, and has answered you.")
    return ""


def why_not_decide_appeal(by: User, appeal: Appeal, *, answer: str) -> str:
    """Say why a person may not decide an appeal so; empty when they may. Never who took the first decision."""
    if refusal := why_not_hear_appeal(by, appeal):
        return refusal
    if not answer.strip():
        return _("Write the answer: the author reads it.")
    if len(answer) > LONGEST_APPEAL:
        return _("This answer is longer than 4,000 characters. Shorten it.")
    return ""


def why_not_hear_appeal(by: User, appeal: Appeal) -> str:
    """Say why a person may not look at an appeal; empty when they may, whatever they will answer."""
    contribution = appeal.contribution
    if refusal := why_not_allowed(by, "decide_appeal", contribution.member) or why_not_there_any_more(contribution):
        return refusal
    if appeal.decided_at:
        return _("This appeal is decided. Open the page again to see how.")
    if appeal.first_by_id is not None and appeal.first_by_id == by.pk:
        return _(
            "You took the first decision. An appeal goes to another person: leave it to a colleague who moderates."
        )
    if contribution.author_id is not None and contribution.author_id == by.pk:
        return _("You wrote these words. Leave the appeal to a colleague who moderates.")
    return ""
