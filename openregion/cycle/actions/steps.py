"""What every deed of the room does the same way: hold what is decided, write its line."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from openregion.core.refusal import Refused
from openregion.cycle.models import AgendaItem, Meeting
from openregion.people.models import Member
from openregion.record.actions import write_line
from openregion.record.models import JournalLine

Held = TypeVar("Held", bound=Model)


def journal(verb: str, subject: Any, member: Member, by_ref: str, at: dt.datetime, **facts: Any) -> JournalLine:
    """Write the line of a deed in the journal; a thing without its own uid is spoken of by its cycle's."""
    parent = facts.pop("parent", None)
    return write_line(
        room="cycle",
        verb=verb,
        subject_type=type(subject).__name__,
        subject_uid=getattr(subject, "uid", None) or subject.cycle.uid,
        member_code=member.slug,
        by_ref=by_ref,
        at=at,
        facts=facts,
        parent=parent,
    )


def close_ranks(meeting: Meeting) -> None:
    """Number the points of an agenda anew once one has left it; the meeting is held by who calls."""
    for rank, other in enumerate(meeting.agenda.order_by("rank"), 1):
        if other.rank != rank:  # one by one, from the top: two points never share a rank on the way
            AgendaItem.objects.filter(pk=other.pk).update(rank=rank)


def hold(one: Held) -> Held:
    """Lock and read again what is being decided: two people who do the same deed at once meet here.

    Its key is left alone, so that rows which point at it may still be written.
    Raises ``Refused`` when someone removed it meanwhile.
    """
    rows: Any = type(one)._default_manager
    try:
        one.refresh_from_db(from_queryset=rows.select_for_update(no_key=True))
    except type(one).DoesNotExist:  # type: ignore[attr-defined]
        raise Refused(_("This was removed meanwhile. Go back, and read the page again.")) from None
    return one
