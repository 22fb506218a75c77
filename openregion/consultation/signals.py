"""Quiet signs that a machine wrote: they put words before a person, and refuse nothing by themselves.

No puzzle to solve and no third party asked (row L-1). The author is told
nothing: a signal says only that a moderator reads the words before anyone else
does. Connections are counted in this process's memory, hashed, and forgotten.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from openregion.consultation import codes
from openregion.consultation.models import Contribution
from openregion.core.limits import Limit
from openregion.people.models import Member

FAST, TRAP, LINKS, REPEAT, RATE, MANY = "fast", "trap", "links", "repeat", "rate", "many"

# Each signal in words, for those who moderate.
LABELS: dict[str, Promise] = {
    FAST: gettext_lazy("Sent a few seconds after the form was opened."),
    TRAP: gettext_lazy("A box that people do not see was filled in."),
    LINKS: gettext_lazy("It holds many links."),
    REPEAT: gettext_lazy("The same words came within a day."),
    RATE: gettext_lazy("Many came from one connection within ten minutes."),
    MANY: gettext_lazy("Many came by the pass of one rapporteur."),
}

# Reading the question, then pasting a text written elsewhere, takes a person longer than this.
TOO_FAST = dt.timedelta(seconds=4)

# People name a source or two; advertisements name many.
MOST_LINKS = 2

# A family, a school or a workshop shares one connection: ten in ten minutes is a full table, more is a machine.
FROM_ONE_CONNECTION = Limit("signals", most=10, within=10 * 60)

# “I agree” is said by many in the same words; a whole sentence is not.
SHORTEST_REPEAT = 40

# A machine repeats itself at once. Further back, looking would cost more than it finds.
REPEATS_WITHIN, LOOKED_BACK = dt.timedelta(days=1), 300

# A rapporteur writes for one table: thirty in a workshop is much, beyond sixty somebody looks first.
MANY_BY_ONE_PASS = 60

_LINK = re.compile(r"https?://|\bwww\.|\[url|<a\s", re.IGNORECASE)


def signals_of(
    member: Member,
    *,
    words: Mapping[str, str],
    opened_at: dt.datetime | None,
    trap: str,
    asked_from: str,
    at: dt.datetime,
) -> list[str]:
    """List what makes words look like a machine's; nothing for nearly everybody.

    ``opened_at`` is when the form was given, where that is known for sure;
    ``trap`` is what came in the box that people do not see; ``asked_from`` is
    the visitor's connection, or nothing where the server does not know it.
    """
    checks = {
        FAST: opened_at is not None and at - opened_at < TOO_FAST,
        TRAP: bool(trap.strip()),
        LINKS: sum(len(_LINK.findall(text)) for text in words.values()) > MOST_LINKS,
        REPEAT: _is_repeated(member, words, at),
        RATE: bool(asked_from) and FROM_ONE_CONNECTION.is_reached(asked_from),
    }
    return [code for code, found in checks.items() if found]


def signals_of_pass(member: Member, *, words: Mapping[str, str], came: int, at: dt.datetime) -> list[str]:
    """List what makes words that a pass brought look like a machine's; ``came`` says how many it brought before.

    A telephone sends in one go what a room said in hours, so neither the time
    to fill nor the connection tells anything. ``at`` is when it was said.
    """
    found = signals_of(member, words=words, opened_at=None, trap="", asked_from="", at=at)
    return [*found, MANY] if came >= MANY_BY_ONE_PASS else found


def note(asked_from: str) -> None:
    """Remember for ten minutes that something came from this connection."""
    if asked_from:
        FROM_ONE_CONNECTION.count(asked_from)


def in_words(signals: list[str]) -> tuple[str, ...]:
    """Say signals to those who moderate; one that this version does not know is left as it is."""
    return tuple(str(LABELS.get(code, code)) for code in signals)


def _is_repeated(member: Member, words: Mapping[str, str], at: dt.datetime) -> bool:
    """Look for the same words among the last that came: read along the index of numbers, never the whole table."""
    said = codes.what_is_said({part: text for part, text in words.items() if text.strip()})
    if sum(map(len, said)) < SHORTEST_REPEAT:
        return False
    latest = Contribution.everything.of(member).order_by("-number").values_list("words", "received_at")[:LOOKED_BACK]
    since = at - REPEATS_WITHIN
    return any(came >= since and codes.what_is_said(kept) == said for kept, came in latest)
