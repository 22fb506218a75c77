"""What those who follow something are written: the link that confirms, then their news once a week at most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.consultation import keys, queries, rules
from openregion.consultation.models import Follow
from openregion.core import languages, official
from openregion.people import mails
from openregion.people.models import Member, OutgoingMail

CONFIRM, NEWS = "follow", "news"


def ask_to_confirm(follow: Follow, *, at: dt.datetime) -> OutgoingMail:
    """Queue the link that confirms a follow, or that says it is confirmed; within one hour the same is queued once."""
    member, key = follow.member, keys.key_of(follow.uid)
    with override(follow.lang):
        what = queries.followed(member, follow.kind, follow.subject)
        where = _where(member, follow.lang)
        shown = {
            "where": where,
            "what": what.name if what else "",
            "confirmed": follow.confirmed_at is not None,
            "confirm": settings.SITE + reverse("confirm_follow", args=[member.slug, key]),
            "stop": settings.SITE + reverse("stop_following", args=[member.slug, key]),
        }
        text = render_to_string("consultation/mails/follow.txt", shown)
        subject = _("Confirm that you want news · %(where)s") % {"where": where}
    return mails.queue(
        member=member,
        kind=CONFIRM,
        once=f"follow {follow.uid} {timezone.localtime(at):%Y-%m-%dT%H}",
        to=follow.email,
        lang=follow.lang,
        subject=subject,
        text=text,
        at=at,
    )


def tell_full(first: Follow, *, kind: str, subject: str, at: dt.datetime) -> OutgoingMail:
    """Queue the message that an address follows as much as one may, once a day; ``first`` is a follow it confirmed."""
    member, on = first.member, timezone.localdate(at)
    with override(first.lang):
        what = queries.followed(member, kind, subject)
        where = _where(member, first.lang)
        stop = settings.SITE + reverse("stop_all_news", args=[member.slug, keys.key_of(first.uid)])
        shown = {"where": where, "what": what.name if what else "", "most": rules.MOST_FOLLOWED, "stop": stop}
        text = render_to_string("consultation/mails/follow-full.txt", shown)
        title = _("You follow as much as one may · %(where)s") % {"where": where}
    return mails.queue(
        member=member,
        kind=CONFIRM,
        once=f"follow-full {first.uid} {on:%Y-%m-%d}",
        to=first.email,
        lang=first.lang,
        subject=title,
        text=text,
        at=at,
    )


def send_digest(
    follows: Sequence[Follow], parts: Sequence[dict[str, Any]], *, lang: str, at: dt.datetime
) -> OutgoingMail:
    """Queue the week's news of one address; ``parts`` say what is new under each thing it follows, in its language.

    The mail program's own button stops all that the address follows here.
    """
    first = follows[0]
    member, on = first.member, timezone.localdate(at)
    with override(lang):
        where = _where(member, lang)
        stop = settings.SITE + reverse("stop_all_news", args=[member.slug, keys.key_of(first.uid)])
        text = render_to_string("consultation/mails/news.txt", {"where": where, "parts": parts, "stop": stop})
        subject = _("News from %(where)s") % {"where": where}
    return mails.queue(
        member=member,
        kind=NEWS,
        once=f"news {first.uid} {on:%Y-%m-%d}",
        to=first.email,
        lang=lang,
        subject=subject,
        text=text,
        at=at,
        stop=stop,
    )


def stop_address(follow: Follow) -> str:
    """Give the whole address of the page that stops one follow, in the language in force."""
    return settings.SITE + reverse("stop_following", args=[follow.member.slug, keys.key_of(follow.uid)])


def _where(member: Member, lang: str) -> str:
    return official.text_in(member.name, languages.body_lang(lang)) or member.slug
