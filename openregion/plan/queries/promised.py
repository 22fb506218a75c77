"""Whether what a consultation promised of its answers was kept: counted again from the answers each time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from openregion.consultation.models import Consultation, Contribution
from openregion.core.official import OfficialText
from openregion.plan.models import CoveredContribution, ReasonedResponse
from openregion.plan.queries.statement import DECISIONS

SHOWN = 10  # answers listed; the others are on their own page


@dataclass(frozen=True)
class Given:
    """An answer given to a consultation's suggestions."""

    number: int
    decision: str
    reasons: OfficialText
    given_on: dt.date
    suggestions: int
    url: str


@dataclass(frozen=True)
class PromiseOf:
    """How many suggestions of a closed consultation have their answer, against the day that was promised.

    ``state`` is "nothing" (none to answer), "waiting" (the day is to come),
    "kept", "late" (the day is past) or "no-day". ``in_time`` counts those
    answered by that day.
    """

    state: str
    answers_by: dt.date | None
    countable: int
    answered: int
    in_time: int
    given: tuple[Given, ...]
    more: bool


def promise_of(consultation: Consultation, *, on: dt.date) -> PromiseOf:
    """Compare the answers given to a closed consultation with what was promised; as coverage counts them.

    Spam and what authors withdrew ask for no answer; what is hidden is answered once its reason was told.
    """
    by = consultation.answers_by
    # The end of the promised day, in Casablanca; without one, whatever was answered was in time.
    end = dt.datetime.combine((by or on) + dt.timedelta(days=1), dt.time(), timezone.get_current_timezone())
    covering = CoveredContribution.objects.filter(contribution=OuterRef("pk"))
    hidden = Q(moderation="hidden", reason_told_at__isnull=False)
    counted = Contribution.objects.filter(consultation=consultation).countable()
    figures = counted.annotate(
        covered=Exists(covering), covered_in_time=Exists(covering.filter(response__given_at__lt=end))
    ).aggregate(
        countable=Count("pk"),
        answered=Count("pk", filter=Q(covered=True) | hidden),
        in_time=Count("pk", filter=Q(covered_in_time=True) | (hidden & Q(reason_told_at__lt=end))),
    )
    given = _given(consultation)
    return PromiseOf(
        state=_state(by, on, **figures),
        answers_by=by,
        given=given[:SHOWN],
        more=len(given) > SHOWN,
        **figures,
    )


def _state(by: dt.date | None, on: dt.date, *, countable: int, answered: int, in_time: int) -> str:
    if not countable:
        return "nothing"
    if by is None:
        return "no-day"
    if in_time == countable:
        return "kept"
    return "waiting" if on <= by else "late"


def _given(consultation: Consultation) -> tuple[Given, ...]:
    member = consultation.cycle.member
    theirs = Q(covers__contribution__consultation=consultation)
    found = ReasonedResponse.objects.filter(member=member).annotate(suggestions=Count("covers", filter=theirs))
    return tuple(
        Given(
            number=one.number,
            decision=str(DECISIONS[one.decision]),
            reasons=one.reasons,
            given_on=timezone.localdate(one.given_at),
            suggestions=one.suggestions,
            url=reverse("response", args=[member.slug, one.number]),
        )
        for one in found.filter(suggestions__gt=0).order_by("-given_at", "-pk")[: SHOWN + 1]
    )
