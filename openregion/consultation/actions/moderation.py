"""Publishing what people gave, or saying why not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from openregion.consultation import mails, rules
from openregion.consultation.actions.news import tell_authors
from openregion.consultation.actions.steps import held, journal, make_findable, make_unfindable, named
from openregion.consultation.models import Contribution, Notice, Suggestion, Theme
from openregion.core.refusal import refuse_if
from openregion.people.models import Territory, User
from openregion.record.models import JournalLine


@transaction.atomic
def publish_contribution(
    contribution: Contribution, *, by: User, at: dt.datetime, parent: JournalLine | None = None
) -> Contribution:
    """Publish a contribution as it was given; or, published as it arrived, say that it was read and stays.

    Raises ``Refused`` when the rule says no.
    """
    contribution = held(contribution)
    refuse_if(rules.why_not_publish(by, contribution))
    read_after = rules.is_to_be_read(contribution)
    published(contribution, by=by, at=at, parent=parent, stays=read_after)
    if not read_after:
        tell_authors([contribution], step=Notice.Step.PUBLISHED, at=at)
    return contribution


@transaction.atomic
def hide_contribution(contribution: Contribution, *, reason: str, by: User, at: dt.datetime) -> Contribution:
    """Hide a contribution for a stated reason; its author is told it, and may appeal.

    It counts as answered only once that reason was sent, or read with the
    tracking code. What readers flagged is settled with it. Raises ``Refused``
    when the rule says no.
    """
    contribution = held(contribution)
    refuse_if(rules.why_not_hide(by, contribution, reason=reason))
    _moderate(contribution, Contribution.Moderation.HIDDEN, by, at, reason)
    journal(
        "hide_contribution", contribution, contribution.member, by.reference, at, **named(contribution), reason=reason
    )
    make_unfindable(contribution)
    contribution.flags.filter(settled_at=None).update(settled_at=at)
    tell_authors([contribution], step=Notice.Step.HIDDEN, at=at)
    return contribution


@transaction.atomic
def mark_spam(contribution: Contribution, *, by: User, at: dt.datetime) -> Contribution:
    """Set spam aside: it leaves the count; its author is told, and may appeal.

    Raises ``Refused`` when the rule says no.
    """
    contribution = held(contribution)
    refuse_if(rules.why_not_mark_spam(by, contribution))
    _moderate(contribution, Contribution.Moderation.SPAM, by, at)
    journal("mark_spam", contribution, contribution.member, by.reference, at, **named(contribution))
    make_unfindable(contribution)
    contribution.flags.filter(settled_at=None).update(settled_at=at)
    tell_authors([contribution], step=Notice.Step.SPAM, at=at)
    return contribution


@transaction.atomic
def place_suggestion(
    contribution: Contribution,
    *,
    theme: Theme | None,
    province: Territory | None,
    lang: str,
    by: User,
    at: dt.datetime,
) -> Contribution:
    """Read a suggestion under another theme, province or language; the words themselves never change.

    Raises ``Refused`` when the rule says no.
    """
    contribution = held(contribution)
    theme_of = theme.consultation if theme else None
    refuse_if(rules.why_not_place(by, contribution, theme_of=theme_of, lang=lang, province=province))
    Suggestion.objects.filter(contribution=contribution).update(theme=theme, province=province)
    contribution.lang = lang
    contribution.save(update_fields=["lang"])
    facts: dict[str, Any] = {"number": contribution.number}
    if contribution.moderation == Contribution.Moderation.PUBLISHED:  # what is not public is told by its number alone
        facts |= {"theme": theme.code if theme else "", "lang": lang}
    journal("place_suggestion", contribution, contribution.member, by.reference, at, **facts)
    make_unfindable(contribution)
    make_findable(contribution)
    return contribution


@transaction.atomic
def tell_reason(contribution: Contribution, *, at: dt.datetime) -> Contribution:
    """Note that the author has been told why their words are hidden: by message, or reading it with their code."""
    contribution = held(contribution)
    mails.note_reason_told(contribution, at=at)
    return contribution


def published(
    contribution: Contribution, *, by: User, at: dt.datetime, parent: JournalLine | None = None, stays: bool = False
) -> None:
    """Make held words public, write the line, have search find them; ``stays`` says that they were public already."""
    _moderate(contribution, Contribution.Moderation.PUBLISHED, by, at)
    facts = named(contribution) | ({"stays": True} if stays else {})
    journal("publish_contribution", contribution, contribution.member, by.reference, at, parent=parent, **facts)
    if not stays:
        make_findable(contribution)


def _moderate(contribution: Contribution, state: str, by: User, at: dt.datetime, reason: str = "") -> None:
    contribution.moderation, contribution.moderated_at, contribution.moderated_by = state, at, by
    contribution.hidden_for, contribution.reason_told_at = reason, None
    contribution.save(update_fields=["moderation", "moderated_at", "moderated_by", "hidden_for", "reason_told_at"])
