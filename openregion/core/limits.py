"""How often one visitor may do a thing within a while: a wrong code typed, a message asked for, a voice given.

Counted in this process's memory and forgotten when the while is over: a
visitor's address is written nowhere, and is kept as a hash even here. Several
web processes count each for themselves, so a bound may be passed as many times
over as there are processes: these limits slow a machine, they prove nothing.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    """At most ``most`` times within ``within`` seconds of the first, counted under ``name``."""

    name: str
    most: int
    within: int

    def is_reached(self, who: str) -> bool:
        """Say whether this visitor has done it enough for now."""
        return cache.get(self._key(who), 0) >= self.most

    def count(self, who: str) -> None:
        """Remember that this visitor has done it once more."""
        key = self._key(who)
        if not cache.add(key, 1, self.within):
            with suppress(ValueError):  # forgotten between the two
                cache.incr(key)

    def _key(self, who: str) -> str:
        return f"{self.name}:{hashlib.sha256(who.encode()).hexdigest()}"
