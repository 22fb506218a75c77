"""What a calendar of the platform says to another: entries, written as RFC 5545 asks.

The ``icalendar`` library escapes, folds and ends the lines. Each entry keeps its
``uid`` from one reading to the next, so that a telephone moves it and does not
show it twice. A day still estimated is ``TENTATIVE``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

PRODUCT = "-//Region ouverte//openregion//FR"
MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """Something in a calendar: on a whole day (or several), or from an instant to another.

    ``ends`` is the last day, which counts, for days; the end, or nothing, for instants.
    """

    uid: str
    title: str
    starts: dt.date | dt.datetime
    ends: dt.date | dt.datetime | None = None
    place: str = ""
    url: str = ""
    note: str = ""
    estimated: bool = False

    @property
    def day(self) -> dt.date:
        """The day it begins, to put entries in order."""
        return self.starts.date() if isinstance(self.starts, dt.datetime) else self.starts


def written(
    entries: Iterable[CalendarEntry], *, name: str, host: str, at: dt.datetime, lang: str = "", site: str = ""
) -> bytes:
    """Write entries as one calendar.

    ``host`` makes the uids unique in the world; ``site`` begins the addresses that
    have none (``https://`` and the host unless told); ``at`` is when it was written.
    Instants are given in UTC, so that the hour stands during Ramadan too.
    """
    import icalendar  # slow to import, and only a feed needs it

    book = icalendar.Calendar()
    book.add("prodid", PRODUCT)
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", _plain(name), parameters={"LANGUAGE": lang} if lang else {})
    for one in entries:
        event = icalendar.Event()
        event.add("uid", f"{one.uid}@{host}")
        event.add("dtstamp", at.astimezone(dt.UTC))
        event.add("summary", _plain(one.title), parameters={"LANGUAGE": lang} if lang else {})
        event.add("dtstart", _moment(one.starts))
        if (end := _end(one)) is not None:
            event.add("dtend", end)
        for key, value in (("location", one.place), ("description", one.note)):
            if value:
                event.add(key, _plain(value))
        if one.url:
            event.add("url", f"{site or f'https://{host}'}{one.url}" if one.url.startswith("/") else one.url)
        event.add("status", "TENTATIVE" if one.estimated else "CONFIRMED")
        # A deadline or a holiday takes nobody's hour; a meeting does.
        event.add("transp", "OPAQUE" if isinstance(one.starts, dt.datetime) else "TRANSPARENT")
        book.add_component(event)
    return bytes(book.to_ical())


def _moment(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value


def _end(one: CalendarEntry) -> dt.date | dt.datetime | None:
    if isinstance(one.starts, dt.datetime):
        return _moment(one.ends) if isinstance(one.ends, dt.datetime) and one.ends > one.starts else None
    # The last day counts for us; for RFC 5545 the end is the day after it.
    last = one.ends if one.ends is not None and not isinstance(one.ends, dt.datetime) else one.starts
    return max(last, one.starts) + dt.timedelta(days=1)


def _plain(text: str) -> str:
    """Leave out what no calendar can hold: control characters other than a line's end."""
    return "".join(sign for sign in text.replace("\r\n", "\n") if sign == "\n" or sign.isprintable() or sign == "\t")
