"""How suggestions were given: by channel, each under its own name; and in meetings, or outside them.

The one place that says what "in a meeting" is: reports, registers and pages
that split what was given ask here, so that they all tell the same figures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from openregion.consultation.models import Contribution


@dataclass(frozen=True)
class Ways:
    """How some suggestions were given: how many through each channel, and how many of them in a meeting."""

    channels: Mapping[str, int] = field(default_factory=dict)
    in_meetings: int = 0

    @property
    def all(self) -> int:
        """How many there are in all."""
        return sum(self.channels.values())

    @property
    def outside_meetings(self) -> int:
        """How many were given outside meetings: online, on paper, with someone's help, or elsewhere before."""
        return self.all - self.in_meetings


def given_in_meetings() -> Q:
    """Say what was given in a meeting: spoken in a workshop, or written on one of a workshop's forms."""
    return Q(channel=Contribution.Channel.WORKSHOP) | Q(paper_form__workshop__isnull=False)


def ways_of(contributions: QuerySet[Contribution]) -> dict[int, Ways]:
    """Count how suggestions were given, by consultation: one question, whatever their number."""
    place = Case(When(given_in_meetings(), then=Value("met")), default=Value(""), output_field=CharField())
    channels: dict[int, Counter[str]] = defaultdict(Counter)
    met: Counter[int] = Counter()
    rows = contributions.order_by().annotate(place=place).values_list("consultation", "channel", "place")
    for consultation, channel, where, number in rows.annotate(n=Count("pk")):
        channels[consultation][channel] += number
        met[consultation] += number if where else 0
    return {key: Ways(dict(counted), met[key]) for key, counted in channels.items()}
