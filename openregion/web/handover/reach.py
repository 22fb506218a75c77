"""What everyone may read of a cycle, and what of the member's registers belongs to it: one test for each kind."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db.models import Q, QuerySet

from openregion.cycle.models import Cycle, Meeting, Proposal
from openregion.cycle.queries.council import is_public_file
from openregion.cycle.queries.meetings import meetings_of
from openregion.plan.models import PlanVersion


def public_meetings(cycle: Cycle) -> frozenset[int]:
    """Give the meetings of a cycle that everyone may read, in one question."""
    found: QuerySet[Meeting] = meetings_of(cycle.member, private=False).filter(cycle=cycle)
    return frozenset(found.values_list("pk", flat=True))


def reads_file(proposal: Proposal) -> bool:
    """Say whether everyone reads the words of a file put to the Council: it is frozen, and public."""
    return proposal.frozen_id is not None and is_public_file(proposal)


def published_statement(cycle: Cycle) -> dict[str, Any] | None:
    """Give the plan of a cycle as last published, in the words that were frozen; nothing before it is."""
    found = PlanVersion.objects.filter(plan__cycle=cycle).published().select_related("document").first()
    return json.loads(found.document.content) if found else None


def span_of(cycle: Cycle) -> tuple[dt.date, dt.date | None]:
    """Give the days of a cycle: from its opening to that of the next of its kind."""
    later = Cycle.objects.of(cycle.member).filter(kind=cycle.kind, opened_on__gt=cycle.opened_on)
    return cycle.opened_on, later.order_by("opened_on").values_list("opened_on", flat=True).first()


def within(found: QuerySet[Any], cycle: Cycle, day: str) -> QuerySet[Any]:
    """Keep the lines of a register whose day is in the cycle's, the first one first."""
    first, after = span_of(cycle)
    kept = found.filter(**{f"{day}__gte": first})
    return (kept.filter(**{f"{day}__lt": after}) if after else kept).order_by(day, "pk")


def running_in(found: QuerySet[Any], cycle: Cycle) -> QuerySet[Any]:
    """Keep what ran at some time of the cycle: mandates, points of contact."""
    first, after = span_of(cycle)
    kept = found.filter(Q(ends_on=None) | Q(ends_on__gte=first))
    return kept.filter(starts_on__lt=after) if after else kept
