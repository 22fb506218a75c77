"""Writing for somebody who is present and agrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from openregion.consultation import rules
from openregion.consultation.actions.steps import journal
from openregion.consultation.actions.words import Received, receive_suggestion
from openregion.consultation.models import AssistedEntry, Consultation, Contribution, Theme
from openregion.core.refusal import refuse_if
from openregion.core.safe import clean_text
from openregion.people.models import Territory, User


@transaction.atomic
def assist_entry(
    consultation: Consultation,
    *,
    words: Mapping[str, str],
    lang: str,
    consent: bool,
    by: User,
    at: dt.datetime,
    organisation: str = "",
    theme: Theme | None = None,
    province: Territory | None = None,
    ticket: str = "",
) -> Received:
    """Receive what a person who is present said, as somebody wrote it down for them, and give the code to hand over.

    The person agrees first, and nothing is kept of them: who typed is, and for
    which organisation. Nobody edits the words afterwards. The same ``ticket``
    twice makes one. The line does not lead to the contribution: the journal
    tells through which channel none came. Raises ``Refused`` when the rule says no.
    """
    refuse_if(rules.why_not_assist(by, consultation, consent=consent, organisation=organisation, theme=theme))
    received = receive_suggestion(
        consultation,
        words=words,
        lang=lang,
        channel=Contribution.Channel.ASSISTED,
        theme=theme,
        province=province,
        ticket=ticket,
        at=at,
    )
    if received.new:
        AssistedEntry.objects.create(
            contribution=received.contribution, helper=by, organisation=clean_text(organisation), consent_at=at
        )
        member = consultation.cycle.member
        journal("assist_entry", consultation, member, by.reference, at, consultation=consultation.slug)
    return received
