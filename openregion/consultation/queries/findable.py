"""All that search finds of the room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openregion.consultation.models import Consultation, Contribution
from openregion.consultation.queries.calls import findable_calls
from openregion.consultation.queries.questions import entries_of_consultation
from openregion.consultation.queries.words import entries_of_suggestion
from openregion.consultation.queries.workshops import findable_workshops


def findable(member: Any) -> Iterator[dict[str, Any]]:
    """Yield all that search finds of a member's consultations, published suggestions, calls and workshops."""
    for consultation in Consultation.objects.of(member).select_related("cycle__member").order_by("pk"):
        yield from entries_of_consultation(consultation)
    published = Contribution.objects.of(member).published().filter(erased_at=None).select_related("member")
    for contribution in published.order_by("pk").iterator(chunk_size=500):
        yield from entries_of_suggestion(contribution)
    yield from findable_calls(member)
    yield from findable_workshops(member)
