"""Calendars to subscribe to: the public one of a member, and a person's own, opened by a key alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import icalendar, languages
from openregion.core.audience import everyone, kept
from openregion.core.icalendar import CalendarEntry
from openregion.core.official import text_in
from openregion.people.audience import AtMember
from openregion.people.models import Member
from openregion.web.queries.feeds import own_entries, public_entries, reader_of


@kept
def calendar_feed(request: AtMember, member: str) -> HttpResponse:
    """The public calendar: sessions and meetings, delays, consultations, OGP's calls, the end of plans."""
    name = _("Calendar of %(where)s") % {"where": _where(request.member)}
    # Dated by the day: the same calendar asked twice is the same file, and may be kept.
    at = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return _answer(public_entries(request.member), name, f"{member}.ics", at=at)


@everyone
def my_feed(request: AtMember, member: str, key: str) -> HttpResponse:
    """A person's own lines of the desk, for their telephone: whoever has the key reads them.

    No session is opened. A key that opens nothing is answered without a word in
    the logs, which would otherwise hold one that a typing slip away opens.
    """
    user = reader_of(key, request.member)
    if user is None:
        response = HttpResponse("", status=404, content_type="text/plain")
        response._has_been_logged = True  # type: ignore[attr-defined]
    else:
        name = _("My work at %(where)s") % {"where": _where(request.member)}
        response = _answer(own_entries(user, request.member), name, "desk.ics", at=timezone.now())
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(entries: Iterable[CalendarEntry], name: str, file: str, *, at: dt.datetime) -> HttpResponse:
    host = urlsplit(settings.SITE)
    content = icalendar.written(entries, name=name, host=host.netloc, at=at, lang=get_language() or "fr")
    disposition = {"Content-Disposition": f'inline; filename="{file}"'}
    return HttpResponse(content, content_type=icalendar.MEDIA_TYPE, headers=disposition)


def _where(member: Member) -> str:
    return text_in(member.name, languages.body_lang(get_language() or "fr")) or member.slug
