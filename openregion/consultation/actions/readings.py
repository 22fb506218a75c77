"""Having files of contributions read in."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from openregion.consultation import rules
from openregion.consultation.actions.steps import journal
from openregion.consultation.models import Import
from openregion.core.refusal import refuse_if
from openregion.people.models import User
from openregion.people.rules import why_not_allowed
from openregion.record.models import JournalLine


@transaction.atomic
def import_contributions(reading: Import, *, by: User, at: dt.datetime) -> JournalLine:
    """Have a file of contributions read in: each of its rows will be a deed of its own, under this one line.

    Asked again of one that stopped, it goes on under the line it had. Publishing
    the rows at once asks for the right to publish. Raises ``Refused`` when the
    rule says no, or when the file is being read or has been.
    """
    member = reading.consultation.cycle.member
    refuse_if(rules.why_not_import(by, member))
    if reading.publish:
        refuse_if(why_not_allowed(by, "publish_contribution", member))
    waiting = [Import.State.CHECKED, Import.State.STOPPED, Import.State.FAILED]
    taken = Import.objects.filter(pk=reading.pk, state__in=waiting).update(
        state=Import.State.WAITING, by=by, asked_to_stop_at=None, moved_at=at, ended_at=None
    )
    refuse_if("" if taken else _("This file is being read in, or has been. Look at how far it is."))
    reading.refresh_from_db()
    before = JournalLine.objects.filter(verb="import_contributions", subject_type="Import", subject_uid=reading.uid)
    facts = {"consultation": reading.consultation.slug, "publish": reading.publish}
    return before.first() or journal("import_contributions", reading, member, by.reference, at, **facts)
