"""The programme of a workshop: its parts, how long each lasts, who speaks there and about what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from openregion.consultation.models import Consultation, Workshop
from openregion.core.official import OfficialText

# Spoken there, or interpreted; sign language is one of them.
LANGUAGES: dict[str, Promise] = {
    "ar": gettext_lazy("Arabic"),
    "ary": gettext_lazy("Darija"),
    "zgh": gettext_lazy("Tamazight"),
    "fr": gettext_lazy("French"),
    "sign": gettext_lazy("Sign language"),
}
# In their order, with their usual minutes.
PARTS: dict[str, tuple[Promise, Promise, int]] = {
    "welcome": (
        gettext_lazy("Welcome"),
        gettext_lazy("Greet each person at the door, have them sign, show them to a table. Say how the day goes."),
        20,
    ),
    "presentation": (
        gettext_lazy("Open government and its four references"),
        gettext_lazy("Say in plain words what the initiative is, what was done, and what is asked today."),
        25,
    ),
    "tables": (
        gettext_lazy("Work at the tables, question by question"),
        gettext_lazy("Everyone writes or says one thing in turn, then the table talks. The rapporteur takes it down."),
        75,
    ),
    "sharing": (
        gettext_lazy("Sharing back"),
        gettext_lazy("Each rapporteur reads the table's sheet aloud: three minutes, then the table corrects."),
        30,
    ),
    "priorities": (
        gettext_lazy("Priorities"),
        gettext_lazy("Each person puts three marks on what matters most. Count them before everyone."),
        20,
    ),
    "evaluation": (
        gettext_lazy("Evaluation"),
        gettext_lazy("Hand out the evaluation forms, and leave people alone with them. No name is asked."),
        10,
    ),
    "closing": (
        gettext_lazy("Closing"),
        gettext_lazy("Say what becomes of what was said, by when, and where each person can follow it. Thank them."),
        10,
    ),
}
_STEP, _SHORTEST = 5, 5


@dataclass(frozen=True)
class Moment:
    """A part of the programme with its hours, what it is and what the facilitator does."""

    part: str
    label: str
    about: str
    minutes: int
    starts: dt.datetime
    ends: dt.datetime


def timings_of(workshop: Workshop) -> tuple[tuple[str, int], ...]:
    """Give the minutes of each part: those that were set, else the usual ones made to fit the hours."""
    if workshop.timings:
        set_ = {one["part"]: int(one["minutes"]) for one in workshop.timings}
        return tuple((code, set_.get(code, 0)) for code in PARTS)
    return usual_timings(workshop.meeting.starts_at, workshop.meeting.ends_at)


def usual_timings(starts_at: dt.datetime, ends_at: dt.datetime | None) -> tuple[tuple[str, int], ...]:
    """Share the hours of a workshop between its parts, five minutes at least each; the tables take what is left.

    A workshop that lasts several days, or whose end is not known, has the usual minutes.
    """
    usual = {code: minutes for code, (_label, _about, minutes) in PARTS.items()}
    total = int((ends_at - starts_at).total_seconds() // 60) if ends_at else 0
    if not _SHORTEST * len(PARTS) <= total <= 12 * 60:
        return tuple(usual.items())
    whole = sum(usual.values())
    shared = {
        code: max(_SHORTEST, minutes * min(total, whole) // whole // _STEP * _STEP) for code, minutes in usual.items()
    }
    shared["tables"] = max(_SHORTEST, total - sum(n for code, n in shared.items() if code != "tables"))
    return tuple(shared.items())


def timetable(workshop: Workshop) -> tuple[Moment, ...]:
    """Lay the parts of the programme one after the other, from the hour of opening; one of no minute is left out."""
    at, found = timezone.localtime(workshop.meeting.starts_at), []
    for code, minutes in timings_of(workshop):
        if not minutes:
            continue
        label, about, _usual = PARTS[code]
        ends = at + dt.timedelta(minutes=minutes)
        found.append(Moment(code, str(label), str(about), minutes, at, ends))
        at = ends
    return tuple(found)


def overrun(moments: Sequence[Moment], ends_at: dt.datetime | None) -> int:
    """Count the minutes by which a programme goes beyond the hour of closing; none when it fits."""
    if not moments or ends_at is None:
        return 0
    return max(0, int((moments[-1].ends - ends_at).total_seconds() // 60))


def questions_of(workshop: Workshop) -> tuple[tuple[OfficialText, OfficialText], ...]:
    """List what the tables work on: the workshop's theme and its question, else each theme of the consultation."""
    consultation: Consultation = workshop.consultation
    if workshop.theme is not None:
        return ((workshop.theme.name, workshop.theme.question or consultation.question),)
    found = tuple((one.name, one.question) for one in consultation.themes.order_by("rank", "pk"))
    return found or (({}, consultation.question),)


def languages_in_words(codes: Sequence[str]) -> tuple[str, ...]:
    """Name the languages of a workshop, in the order of the list."""
    return tuple(str(label) for code, label in LANGUAGES.items() if code in codes)


def as_timings(minutes: Mapping[str, int]) -> list[dict[str, Any]]:
    """Write the minutes of each part as they are kept."""
    return [{"part": code, "minutes": minutes[code]} for code in PARTS if code in minutes]
