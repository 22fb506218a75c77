"""What every deed of this room does the same way: give out numbers, lock, write its line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from openregion.core.refusal import Refused
from openregion.people.models import Member, User
from openregion.record.actions import write_line
from openregion.record.models import JournalLine


def hold(one: Model) -> None:
    """Lock and read again what is being decided: two people who do the same deed at once meet here.

    Raises ``Refused`` when someone removed it meanwhile.
    """
    rows: Any = type(one)._default_manager
    try:
        one.refresh_from_db(from_queryset=rows.select_for_update(no_key=True))
    except type(one).DoesNotExist:  # type: ignore[attr-defined]
        raise Refused(_("This was removed meanwhile. Go back, and read the page again.")) from None


def journal(verb: str, one: Any, member: Member, by: User, at: dt.datetime, **facts: Any) -> JournalLine:
    """Write the line of a deed; ``facts`` are public, and hold nobody's words."""
    return write_line(
        room="diagnosis",
        verb=verb,
        subject_type=type(one).__name__,
        subject_uid=one.uid,
        member_code=member.slug,
        by_ref=by.reference,
        at=at,
        facts=facts,
    )
