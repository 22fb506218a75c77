"""What waits for somebody in this room, and until when."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, Contribution
from openregion.core import dates, languages
from openregion.core.due import Due
from openregion.core.official import text_in
from openregion.people.models import Member

WEEK = dt.timedelta(days=7)


def due(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say what waits to be read, what closes and when, and what closed within the week.

    No rule sets a delay for reading: the line says since when the oldest waits.
    A consultation that closes is for those who open them; the day is the last
    on which one may write.
    """
    waiting = Contribution.objects.of(member).awaiting_moderation().aggregate(n=Count("pk"), first=Min("received_at"))
    lang = get_language() or "fr"
    lines = []
    if waiting["n"]:
        told = ngettext("Read %(n)s suggestion that came", "Read %(n)s suggestions that came", waiting["n"])
        since = dates.day(timezone.localdate(waiting["first"]), lang)
        lines.append(
            Due(
                key="moderation",
                label=told % {"n": waiting["n"]},
                url=reverse("moderation", args=[member.slug]),
                act=_("Read them"),
                why=_("The oldest has been waiting since %(day)s. No rule sets a delay.") % {"day": since},
                deed="publish_contribution",
                duty="civil-society",
            )
        )
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
