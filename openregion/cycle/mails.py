"""What the cycle writes to the guests of a meeting, each in their own language.

A convocation holds the link by which its guest answers: the only place where
that key stands in clear. The words are queued in the deed's own transaction and
leave after it; no address, name or key goes to a log.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.core import languages, official
from openregion.cycle.models import Invitation, Meeting
from openregion.cycle.queries.guests import once_of
from openregion.cycle.queries.meetings import KINDS, is_public
from openregion.people.mails import forget_recipient, queue
from openregion.people.models import OutgoingMail
from openregion.record.models import JournalLine

LANGUAGES = frozenset(languages.CODES)


def convoke(guest: Invitation, *, key: str, at: dt.datetime) -> None:
    """Send a guest the convocation: what, when, where, the agenda, and the link by which to answer."""
    _write(guest, "convocation", once=once_of(guest), key=key, at=at)


def tell_moved(guest: Invitation, line: JournalLine, *, at: dt.datetime) -> None:
    """Tell a guest that the meeting has another day, hour, place or name; their link still answers."""
    _write(guest, "moved", once=f"moved:{line.pk}:{guest.uid}", at=at)


def tell_cancelled(guest: Invitation, *, at: dt.datetime) -> None:
    """Tell a guest that the meeting is cancelled, and why."""
    _write(guest, "cancelled", once=f"cancelled:{guest.uid}", at=at)


def tell_withdrawn(guest: Invitation, *, at: dt.datetime) -> None:
    """Tell a guest that they are not expected any more."""
    _write(guest, "withdrawn", once=f"withdrawn:{guest.uid}", at=at)


def forget(guest: Invitation) -> None:
    """Erase the address and the words of all that was written to a guest; what still waits does not leave."""
    written = OutgoingMail.objects.of(guest.meeting.member).filter(
        kind__startswith="meeting-", once__endswith=f":{guest.uid}"
    )
    forget_recipient(guest.meeting.member, "", told=tuple(written.values_list("once", flat=True)))


def _write(guest: Invitation, news: str, *, once: str, at: dt.datetime, key: str = "") -> None:
    meeting, lang = guest.meeting, guest.lang if guest.lang in LANGUAGES else "fr"
    written = languages.body_lang(lang)
    with override(lang):
        title = official.text_in(meeting.title, written)
        subject = {
            "convocation": _("Convocation: %(title)s"),
            "moved": _("Changed: %(title)s"),
            "cancelled": _("Cancelled: %(title)s"),
            "withdrawn": _("Invitation withdrawn: %(title)s"),
        }[news]
        text = render_to_string(f"cycle/mails/{news}.txt", _told(guest, meeting, written, key))
        queue(
            member=meeting.member,
            kind=f"meeting-{news}",
            once=once,
            to=guest.email,
            lang=lang,
            subject=subject % {"title": title},
            text=text,
            at=at,
        )


def _told(guest: Invitation, meeting: Meeting, lang: str, key: str) -> dict[str, object]:
    where = [meeting.member.slug, meeting.number]
    return {
        "name": guest.name,
        "region": official.text_in(meeting.member.name, lang),
        "kind": KINDS[meeting.kind],
        "title": official.text_in(meeting.title, lang),
        "purpose": official.text_in(meeting.purpose, lang),
        "starts_at": meeting.starts_at,
        "place": official.text_in(meeting.place, lang),
        "points": [official.text_in(one.title, lang) for one in meeting.agenda.all()],
        "reason": official.text_in(meeting.cancelled_reason, lang),
        "page": settings.SITE + reverse("meeting", args=where) if is_public(meeting) else "",
        "answer": settings.SITE + reverse("answer_invitation", args=[meeting.member.slug, key]) if key else "",
        "until": meeting.starts_at,
        "contact": settings.SITE + reverse("roles", args=[meeting.member.slug]),
        "privacy": settings.SITE + reverse("privacy"),
    }
