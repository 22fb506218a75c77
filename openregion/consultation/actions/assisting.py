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
    consent_lang: str,
    by: User,
    at: dt.datetime,
    organisation: str = "",
    theme: Theme | None = None,
    province: Territory | None = None,
    ticket: str = "",
) -> Received:
    """Receive what a person who is present said, as somebody wrote it down for them, and give the code to hand over.

    The person agrees first, asked in ``consent_lang``, and nothing is kept of
    them: who typed is, and for which organisation, for those who moderate. Where
    the words show, they are marked as written with help. Nobody edits them
    afterwards. The same ``ticket`` twice makes one. The line names the
    consultation alone, but it is written at the instant of the suggestion's own:
    who compares them sees which one it was, and so does who reads the mark.
    Raises ``Refused`` when the rule says no.
    """
    why_not = rules.why_not_assist(
        by, consultation, consent=consent, consent_lang=consent_lang, organisation=organisation, theme=theme
    )
    refuse_if(why_not)
    received = receive_suggestion(
        consultation,
        words=words,
        lang=lang,
        channel=Contribution.Channel.ASSISTED,
        theme=theme,
        province=province,
        ticket=ticket,
        assistance=AssistedEntry(
            helper=by, organisation=clean_text(organisation), consent_at=at, consent_lang=consent_lang
        ),
        at=at,
    )
    if received.new:
        member = consultation.cycle.member
        journal("assist_entry", consultation, member, by.reference, at, consultation=consultation.slug)
    return received
