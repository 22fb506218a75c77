"""Letters, invented for tests, made by their deeds.

``letter(member, by)`` is a draft filled in whole; ``issued(member, by)`` has its
number. ``FACTS`` says what stands for every word in braces that no page gives.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from openregion.cycle import actions
from openregion.cycle.models import Letter
from openregion.cycle.queries.wording import AT_ISSUE
from openregion.guide import queries as guides
from openregion.people.models import Contact, Member, User
from tests.factories.people import AT

BOOK = guides.guide("ma-region-2021")
GIVEN = {"fr": "mot inventé", "ar": "كلمة متخيلة", "en": "invented word"}
# Words that the platform fills by itself: the guide's own, the Region's name.
KNOWN = {
    "region", "guide", "programme", "values", "reasons", "facts", "eligibility", "admissibility", "membership",
    "duties", "candidacy-steps", "plan-phases", "calendar", "stakeholders", "bodies", "support-unit",
}  # fmt: skip
FACTS: dict[str, Any] = {
    one.code: GIVEN for one in BOOK.letter_words if one.code not in KNOWN and one.code not in AT_ISSUE
}


def letter(member: Member, by: User, kind: str = "agenda-item-to-wali", *, at: dt.datetime = AT, **more: Any) -> Letter:
    """Draft a letter with nothing left in braces."""
    return actions.draft_letter(member=member, kind=kind, by=by, at=at, **{"facts": FACTS, **more})


def issued(member: Member, by: User, kind: str = "agenda-item-to-wali", *, at: dt.datetime = AT, **more: Any) -> Letter:
    """Issue a letter."""
    return actions.issue_letter(letter(member, by, kind, at=at, **more), by=by, at=at)


def contact(member: Member, *, public: bool = False, **fields: Any) -> Contact:
    """Add someone the Region writes to, a person whom it does not name in public unless asked."""
    said = {"category": "civil-society", "organisation": "Association inventée", "added_on": AT.date(), **fields}
    return Contact.objects.create(member=member, public=public, **said)
