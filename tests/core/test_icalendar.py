"""What a feed says: read back by another reader, with its lines as RFC 5545 asks."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest

from openregion.core.icalendar import CalendarEntry, written

pytestmark = pytest.mark.row("O-1")
AT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
CASABLANCA = dt.timezone(dt.timedelta(hours=1))


def feed(*entries: CalendarEntry) -> bytes:
    return written(entries, name="Région inventée", host="region.example.ma", at=AT, lang="fr")


def events(*entries: CalendarEntry) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(feed(*entries)).walk("VEVENT"))


def test_day_is_written_whole_and_its_last_day_counts() -> None:
    (event,) = events(
        CalendarEntry(uid="stage-1", title="Diagnostic", starts=dt.date(2027, 3, 1), ends=dt.date(2027, 3, 5))
    )
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (dt.date(2027, 3, 1), dt.date(2027, 3, 6))
    assert (str(event["uid"]), str(event["status"])) == ("stage-1@region.example.ma", "CONFIRMED")


def test_instant_is_written_in_utc() -> None:
    starts = dt.datetime(2027, 3, 1, 10, 0, tzinfo=CASABLANCA)
    raw = feed(CalendarEntry(uid="m", title="Session", starts=starts, ends=starts + dt.timedelta(hours=2)))
    assert b"DTSTART:20270301T090000Z\r\n" in raw
    assert b"DTEND:20270301T110000Z\r\n" in raw
    assert b"DTSTAMP:20261123T090000Z\r\n" in raw


def test_estimated_day_is_tentative() -> None:
    (event,) = events(CalendarEntry(uid="f", title="Fête", starts=dt.date(2027, 3, 9), estimated=True))
    assert str(event["status"]) == "TENTATIVE"


def test_words_come_back_as_they_were() -> None:
    said = "Ordre du jour ; points 1, 2 \\ 3 – « l’adhésion »\nجدول الأعمال ⵜⴰⵎⵓⵔⵜ 🗓"
    (event,) = events(
        CalendarEntry(uid="w", title=said, starts=dt.date(2027, 3, 1), note=said, place=said, url="/fr/ici/calendar/")
    )
    assert {str(event[key]) for key in ("summary", "description", "location")} == {said}
    assert str(event["url"]) == "https://region.example.ma/fr/ici/calendar/"


@pytest.mark.parametrize("hostile", ["a\r\nEND:VCALENDAR\r\nX-EVIL:1", "BEGIN:VEVENT\nUID:x", "nul \x00 bell \x07 end"])
def test_hostile_words_add_no_line(hostile: str) -> None:
    raw = feed(CalendarEntry(uid="h", title=hostile, starts=dt.date(2027, 3, 1), note=hostile, place=hostile))
    lines = raw.decode().split("\r\n")
    assert [lines.count(one) for one in ("BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR")] == [1, 1, 1]
    assert not any(line.startswith(("X-EVIL", "UID:x")) for line in lines)
    assert not set("\x00\x07") & set(raw.decode())


def test_lines_are_folded_at_75_octets_and_end_as_the_standard_asks() -> None:
    raw = feed(CalendarEntry(uid="l", title="عيد الأضحى المبارك " * 40, starts=dt.date(2027, 5, 16)))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert all(line.decode() or True for line in raw.split(b"\r\n"))


def test_empty_feed_is_still_a_calendar() -> None:
    assert feed().startswith(b"BEGIN:VCALENDAR\r\n")
    assert feed().endswith(b"END:VCALENDAR\r\n")


def test_same_entries_are_written_the_same() -> None:
    one = CalendarEntry(uid="s", title="Session", starts=dt.date(2027, 3, 1))
    assert feed(one) == feed(one)


def test_end_before_the_start_is_mended() -> None:
    (event,) = events(CalendarEntry(uid="b", title="x", starts=dt.date(2027, 3, 9), ends=dt.date(2027, 3, 1)))
    assert event.decoded("dtend") == dt.date(2027, 3, 10)
