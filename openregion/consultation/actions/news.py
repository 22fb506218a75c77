"""Having authors told of a step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from openregion.consultation import mails
from openregion.consultation.models import Contribution, Notice


@transaction.atomic
def tell_authors(
    contributions: Sequence[Contribution], *, step: str, at: dt.datetime, facts: dict[str, Any] | None = None
) -> int:
    """Have the authors who left an address told of a step; say how many will be.

    A higher room's deed calls this in its own transaction; the messages leave after it.
    """
    told = [one for one in contributions if one.reply_to and not (one.erased_at or one.withdrawn_at)]
    Notice.objects.bulk_create(Notice(contribution=one, step=step, facts=facts or {}, made_at=at) for one in told)
    if told:
        transaction.on_commit(mails.send_waiting.enqueue)
    return len(told)
