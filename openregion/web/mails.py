"""What the platform writes to the team: one digest a day at most, in each person's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from openregion.core import languages, official
from openregion.people import mails
from openregion.people.models import Member, OutgoingMail, User
from openregion.web.queries.reminders import News, once_of

MOST = 10  # lines under one heading of a message; the desk has them all


def digest(user: User, news: Sequence[tuple[Member, News]], *, on: dt.date, at: dt.datetime) -> OutgoingMail:
    """Queue a person's digest of the day: what is late and due, each with its page, and how to stop it.

    Whoever works at several members has one message, with a part for each; it leaves in the first one's name.
    """
    first = news[0][0]
    with override(user.lang):
        names = [_name(member, user.lang) for member, _news in news]
        where = _(", ").join(names)
        late = sum(len(one.of("late")) for _member, one in news)
        told = ngettext("%(n)s line late", "%(n)s lines late", late) % {"n": late}
        subject = _("Your work at %(where)s") % {"where": where}
        text = render_to_string(
            "web/mails/digest.txt",
            {
                "name": user.name,
                "where": where,
                "places": [_place(name, *one) for name, one in zip(names, news, strict=True)],
                "site": settings.SITE,
                "stop": settings.SITE + reverse("my_reminders", args=[first.slug]),
            },
        )
    return mails.queue(
        member=first,
        kind="digest",
        once=once_of(user, on),
        to=user.email,
        lang=user.lang,
        subject=f"{subject} · {told}" if late else subject,
        text=text,
        at=at,
    )


def _place(name: str, member: Member, news: News) -> dict[str, object]:
    parts = [(title, lines[:MOST], max(len(lines) - MOST, 0)) for title, lines in _parts(news) if lines]
    return {"where": name, "desk": settings.SITE + reverse("desk", args=[member.slug]), "parts": parts}


def _name(member: Member, lang: str) -> str:
    return official.text_in(member.name, languages.body_lang(lang)) or member.slug


def _parts(news: News) -> list[tuple[str, tuple[object, ...]]]:
    return [
        (_("Late"), news.of("late")),
        (_("Due within the week"), news.of("week")),
        (_("Due later"), news.of("soon")),
        (_("To do, without a set day"), news.of("undated")),
    ]
