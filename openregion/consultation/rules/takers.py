"""Who may say who they are, and when the count is written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation.models import Consultation
from openregion.consultation.queries.counting import ASKED
from openregion.consultation.rules.words import why_not_there
from openregion.people.models import Territory, User
from openregion.people.rules import why_not_allowed

ONLY_ONCE = gettext_lazy("These questions come once, after a suggestion. To answer them, give a suggestion first.")
# What entitles a person of the team to write it down for somebody else, by channel.
TEAM = {"assisted": "assist_entry", "workshop": "capture_suggestions", "paper": "enter_form"}
AFTER_CLOSING = dt.timedelta(days=30)  # paper forms and workshops are typed in later


def why_not_say_who(
    consultation: Consultation,
    answers: Mapping[str, str],
    *,
    channel: str,
    by: User | None,
    at: dt.datetime,
    province: Territory | None = None,
) -> str:
    """Say why a person's answers on who they are cannot be taken; empty when they can.

    Each question may stay empty; all of them empty tell nothing.
    """
    if channel != "online" and (refusal := why_not_for_another(channel, by, consultation)):
        return refusal
    if at < consultation.opens_at or at >= consultation.closes_at + AFTER_CLOSING:
        return _("Who took part is asked while the consultation is open, and for thirty days after.")
    if not province and not any(answers.get(name) for name in ASKED):
        return _("Answer one question at least, or leave this page: nothing here is required.")
    if any(answers.get(name) and answers[name] not in known for name, known in ASKED.items()):
        return _("Choose one of the answers proposed.")
    return why_not_there(province, consultation.cycle.member)


def why_not_for_another(channel: str, by: User | None, consultation: Consultation) -> str:
    """Say why somebody may not write down who took part through a channel for another; empty when they may."""
    if by is None or channel not in TEAM:
        return _("Only the team writes this down for somebody else. Sign in, and open the page again.")
    return why_not_allowed(by, TEAM[channel], consultation.cycle.member)
