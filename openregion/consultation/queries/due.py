"""What waits for somebody in this room, and until when."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation
from openregion.consultation.queries.attachments import due_recordings
from openregion.consultation.queries.calls import due_calls
from openregion.consultation.queries.capture import due_capture
from openregion.consultation.queries.logistics import due_workshops
from openregion.consultation.queries.paper import due_paper
from openregion.consultation.queries.voices import due_flags
from openregion.consultation.queries.waiting import due_moderation
from openregion.core import languages
from openregion.core.due import Due
from openregion.core.official import text_in
from openregion.people.models import Member

WEEK = dt.timedelta(days=7)


def due(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say what waits to be read, what closes and when, and what closed within the week.

    A consultation that closes is for those who open them; the day is the last
    on which one may write.
    """
    lang = get_language() or "fr"
    lines = [*due_moderation(member), *due_flags(member, today), *due_paper(member), *due_capture(member, today)]
    lines += due_calls(member, today)
    lines += due_workshops(member, today)
    lines += due_recordings(member)
    now = timezone.now()
    for one in Consultation.objects.of(member).filter(closes_at__gt=now - WEEK).order_by("closes_at", "pk"):
        # What closes at midnight closes the day before.
        closes_on = timezone.localdate(one.closes_at - dt.timedelta(seconds=1))
        closed = one.closes_at <= now
        title = text_in(one.title, languages.body_lang(lang))
        said = _("The consultation closed: %(title)s") if closed else _("The consultation closes: %(title)s")
        lines.append(
            Due(
                key=f"consultation:{one.uid}",
                label=said % {"title": title},
                url=reverse("consultation", args=[member.slug, one.slug]),
                act=_("Open its page"),
                day=closes_on,
                done_on=closes_on if closed else None,
                why=_("The day on which it closes, set when it was opened."),
                deed="open_consultation",
                duty="civil-society",
            )
        )
    return tuple(lines)
