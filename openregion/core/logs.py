"""What the logs never hold: an address that opens something by itself."""

from __future__ import annotations

import logging
import re

# A person's own calendar, the answer to an invitation, news that one follows, a rapporteur's pass: the key is in the
# address.
_KEYS = re.compile(r"(/desk/|/meetings/answers/|/news/links/|/capture/pass/)[A-Za-z0-9_\-]{16,}")


class WithoutKeys(logging.Filter):
    """Strikes the key out of an address before a line is written; loses no line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, its keys struck out."""
        said = record.getMessage()
        if _KEYS.search(said):
            record.msg, record.args = _KEYS.sub(r"\1…", said), ()
        return True
