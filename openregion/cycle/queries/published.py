"""What search finds of the cycles: minutes, deliberations, letters and announcements once they are public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from openregion.cycle.queries.communication import findable_announcements
from openregion.cycle.queries.council import findable_deliberations
from openregion.cycle.queries.letters import findable_letters
from openregion.cycle.queries.minutes import findable_minutes
from openregion.people.models import Member

PUBLISHED_KINDS: dict[str, Promise] = {
    "minutes": gettext_lazy("Minutes of meetings"),
    "deliberation": gettext_lazy("Deliberations"),
    "letter": gettext_lazy("Official letters"),
    "announcement": gettext_lazy("Announcements"),
}


def findable(member: Member) -> Iterator[dict[str, Any]]:
    """Yield all that search finds of what a member's cycles published."""
    yield from (dict(entry) for entry in findable_minutes(member))
    yield from findable_deliberations(member)
    yield from findable_letters(member)
    yield from findable_announcements(member)
