"""What the platform writes to the team: one digest a day at most, in each person's language."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from openregion.core import languages, official
from openregion.people import mails
from openregion.people.models import Member, OutgoingMail, User
from openregion.web.queries.reminders import News

MOST = 10  # lines under one heading of a message; the desk has them all


def digest(user: User, member: Member, news: News, *, on: dt.date, at: dt.datetime) -> OutgoingMail:
    """Queue a person's digest of the day: what is late and due, each with its page, and how to stop it."""
    with override(user.lang):
        where = official.text_in(member.name, languages.body_lang(user.lang)) or member.slug
        late = len(news.of("late"))
        told = ngettext("%(n)s line late", "%(n)s lines late", late) % {"n": late}
        subject = _("Your work at %(where)s") % {"where": where}
        text = render_to_string(
            "web/mails/digest.txt",
            {
                "name": user.name,
                "where": where,
                "parts": [(title, lines[:MOST], max(len(lines) - MOST, 0)) for title, lines in _parts(news) if lines],
                "site": settings.SITE,
                "desk": settings.SITE + reverse("desk", args=[member.slug]),
                "stop": settings.SITE + reverse("my_reminders", args=[member.slug]),
            },
        )
    return mails.queue(
        member=member,
        kind="digest",
        once=f"digest {user.reference} {member.pk} {on.isoformat()}",
        to=user.email,
        lang=user.lang,
        subject=f"{subject} · {told}" if late else subject,
        text=text,
        at=at,
    )


def _parts(news: News) -> list[tuple[str, tuple[object, ...]]]:
    return [
        (_("Late"), news.of("late")),
        (_("Due within the week"), news.of("week")),
        (_("Due later"), news.of("soon")),
        (_("To do, without a set day"), news.of("undated")),
    ]
