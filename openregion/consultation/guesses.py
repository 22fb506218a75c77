"""Wrong tracking codes are counted by the visitor's address: ten in a minute, then one waits.

Eleven random digits stand ten tries a minute for thousands of years; the limit
keeps a machine from asking all day. Counted in this process's memory and
forgotten after the minute: an address is written nowhere. Codes that exist are
not counted, so that a help desk can follow one after another.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress

from django.core.cache import cache

MOST, WITHIN = 10, 60


def too_many(who: str) -> bool:
    """Say whether this address has sent ten wrong codes within the minute."""
    return cache.get(_key(who), 0) >= MOST


def count(who: str) -> None:
    """Remember that a wrong code came from this address."""
    key = _key(who)
    if not cache.add(key, 1, WITHIN):
        with suppress(ValueError):  # forgotten between the two
            cache.incr(key)


def _key(who: str) -> str:
    return "wrong-codes:" + hashlib.sha256(who.encode()).hexdigest()
