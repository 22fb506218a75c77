"""Masking a third person's data in somebody's words, and opening what was sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from openregion.consultation import rules
from openregion.consultation.actions.news import tell_authors
from openregion.consultation.actions.steps import held, journal, make_findable, make_unfindable, named
from openregion.consultation.models import Contribution, Notice, Sealed
from openregion.core.refusal import refuse_if
from openregion.core.safe import clean_text
from openregion.people.models import User


@transaction.atomic
def mask_words(contribution: Contribution, *, words: Mapping[str, str], by: User, at: dt.datetime) -> Contribution:
    """Cover what names a third person in somebody's words; the original is sealed, and the author told.

    The masked words take the place of the others, so that no page, file or index
    can forget to mask. Masked again, the first original stays sealed. Raises
    ``Refused`` when the rule says no, and when a word is changed.
    """
    contribution = held(contribution)
    masked = {part: clean_text(text) for part, text in words.items()}
    refuse_if(rules.why_not_mask(by, contribution, words=masked))
    Sealed.objects.get_or_create(contribution=contribution, defaults={"words": contribution.words, "sealed_at": at})
    contribution.words = masked
    contribution.save(update_fields=["words"])
    journal("mask_words", contribution, contribution.member, by.reference, at, **named(contribution))
    make_unfindable(contribution)
    make_findable(contribution)
    tell_authors([contribution], step=Notice.Step.MASKED, at=at)
    return contribution


@transaction.atomic
def open_sealed(contribution: Contribution, *, by: User, at: dt.datetime) -> dict[str, str]:
    """Give the words as they were before masking, to those entitled; the journal says that they were opened.

    Raises ``Refused`` when the rule says no.
    """
    contribution = held(contribution)
    refuse_if(rules.why_not_open_sealed(by, contribution))
    journal("open_sealed", contribution, contribution.member, by.reference, at, **named(contribution))
    return dict(contribution.sealed.words)


def unmasked(contribution: Contribution) -> None:
    """Give held words back as they were written, when an appeal says that masking was a mistake."""
    sealed = Sealed.objects.filter(contribution=contribution).first()
    if sealed is None:
        return
    contribution.words = sealed.words
    contribution.save(update_fields=["words"])
    sealed.delete()
    make_unfindable(contribution)
    make_findable(contribution)


def original_words(contribution: Contribution) -> dict[str, str]:
    """Give the words as their author wrote them, whether or not some are masked; for the deeds of the room alone."""
    sealed = Sealed.objects.filter(contribution=contribution).first()
    return dict(sealed.words if sealed else contribution.words)


def forget_around(contribution: Contribution) -> None:
    """Forget the sealed original and what was said in appeals, when a person's words are erased for good."""
    Sealed.objects.filter(contribution=contribution).delete()
    contribution.appeals.filter(decided_at=None).delete()
    contribution.appeals.update(words="", answer="")
