"""Saying that two suggestions say the same: both stay, with everybody's support, and lead to each other."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openregion.consultation import rules
from openregion.consultation.actions.steps import held, journal
from openregion.consultation.models import Contribution, Kinship
from openregion.core.refusal import refuse_if
from openregion.people.models import User


@transaction.atomic
def link_kin(contribution: Contribution, *, says_as: Contribution, by: User, at: dt.datetime) -> Kinship:
    """Say that a suggestion says the same as another; nobody's words or votes move.

    What says the same as a third one leads to that one, and what led here
    follows: all stand around one suggestion. Raises ``Refused`` when the rule
    says no.
    """
    contribution, says_as = _both_held(contribution, says_as)
    refuse_if(rules.why_not_link_kin(by, contribution, says_as=says_as))
    head = rules.head_of(says_as)
    Kinship.objects.filter(says_as=contribution).update(says_as=head)
    kinship, _new = Kinship.objects.update_or_create(
        suggestion=contribution, defaults={"says_as": head, "linked_at": at}
    )
    facts = {"number": contribution.number, "says_as": head.number}
    journal("link_kin", contribution, contribution.member, by.reference, at, **facts)
    return kinship


@transaction.atomic
def unlink_kin(contribution: Contribution, *, by: User, at: dt.datetime) -> Contribution:
    """Say that a suggestion does not say the same as another after all. Raises ``Refused`` when the rule says no."""
    contribution = held(contribution)
    refuse_if(rules.why_not_unlink_kin(by, contribution))
    kinship = Kinship.objects.select_related("says_as").get(suggestion=contribution)
    facts = {"number": contribution.number, "said_as": kinship.says_as.number}
    kinship.delete()
    journal("unlink_kin", contribution, contribution.member, by.reference, at, **facts)
    return contribution


def _both_held(one: Contribution, other: Contribution) -> tuple[Contribution, Contribution]:
    """Hold both, always in the same order: two people linking them the two ways round wait for one another in turn."""
    kept = {each.pk: held(each) for each in sorted((one, other), key=lambda each: each.pk)}
    return kept[one.pk], kept[other.pk]
