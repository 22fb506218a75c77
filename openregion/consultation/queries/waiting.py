"""What waits for those who moderate."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.models import Contribution
from openregion.consultation.queries.appeals import waiting_appeals
from openregion.consultation.queries.moderation import in_state
from openregion.consultation.querysets import CAME_AT
from openregion.core import dates
from openregion.core.due import Due
from openregion.people.models import Member


def due_moderation(member: Member) -> tuple[Due, ...]:
    """Say what waits to be read, what was published before anyone read it, and which authors appeal.

    No rule sets a delay: each line says since when the oldest waits.
    """
    lines = []
    if found := _waiting(in_state(member, "pending")):
        n, since = found
        told = ngettext("Read %(n)s contribution that came", "Read %(n)s contributions that came", n)
        lines.append(_line(member, "", told % {"n": n}, since, act=_("Read them"), deed="publish_contribution"))
    if found := _waiting(in_state(member, "unread")):
        n, since = found
        told = ngettext("Read %(n)s contribution published unread", "Read %(n)s contributions published unread", n)
        lines.append(_line(member, "unread", told % {"n": n}, since, act=_("Read them"), deed="publish_contribution"))
    # A line for each who decided first: it is everybody's but theirs.
    appeals = waiting_appeals(member).order_by().values_list("first_by")
    for first_by, n, since in appeals.annotate(n=Count("pk"), since=Min("made_at")).order_by("since", "first_by"):
        told = ngettext(
            "Look again at %(n)s decision: its author appeals", "Look again at %(n)s decisions: authors appeal", n
        )
        line = _line(member, "appeals", told % {"n": n}, since, act=_("Decide"), deed="decide_appeal")
        lines.append(replace(line, key=f"{line.key}:{first_by or 0}", barred=first_by))
    return tuple(lines)


def _waiting(found: QuerySet[Contribution]) -> tuple[int, dt.datetime] | None:
    counted = found.aggregate(n=Count("pk"), first=Min(CAME_AT))
    return (counted["n"], counted["first"]) if counted["n"] else None


def _line(member: Member, state: str, label: str, since: dt.datetime, *, act: str, deed: str) -> Due:
    day = dates.day(timezone.localdate(since), get_language() or "fr")
    return Due(
        key=f"moderation:{state}" if state else "moderation",
        label=label,
        url=reverse("moderation", args=[member.slug]) + (f"?state={state}" if state else ""),
        act=act,
        why=_("The oldest has been waiting since %(day)s. No rule sets a delay.") % {"day": day},
        deed=deed,
        duty="civil-society",
    )
