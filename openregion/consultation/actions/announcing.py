"""Having the steps of a question told, in the communication plan."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.consultation import queries
from openregion.consultation.models import Consultation
from openregion.core.refusal import Refused
from openregion.cycle.actions import plan_announcement
from openregion.cycle.actions.steps import hold
from openregion.cycle.models import Announcement
from openregion.people.models import User


@transaction.atomic
def announce_steps(consultation: Consultation, *, by: User, at: dt.datetime) -> list[Announcement]:
    """Plan in one go what is told when a question opens, comes to its end, closes and is answered.

    Each is an announcement like another, with words to make one's own; those
    that stand in the plan already are left alone. Raises ``Refused`` when there
    is none to add, or when the rule of announcements says no.
    """
    hold(consultation)
    missing = [
        one for one in queries.proposed_announcements(consultation, on=timezone.localdate(at)) if not one.planned
    ]
    if not missing:
        raise Refused(_("All its steps are in the communication plan already."))
    return [
        plan_announcement(
            consultation.cycle,
            said={
                "stage": consultation.stage,
                "kind": one.kind,
                "title": one.title,
                "text": one.text,
                "planned_on": one.planned_on,
            },
            subject_uid=consultation.uid,
            moment=one.moment,
            by=by,
            at=at,
        )
        for one in missing
    ]
