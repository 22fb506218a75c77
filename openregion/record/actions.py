"""Writing to the memory. Every deed of every room ends here, in its own transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import connection, transaction

from openregion.record.models import FrozenDocument, JournalLine, new_uid


def write_line(
    *,
    room: str,
    verb: str,
    subject_type: str,
    subject_uid: str,
    member_code: str,
    by_ref: str,
    at: dt.datetime,
    facts: dict[str, Any] | None = None,
    parent: JournalLine | None = None,
) -> JournalLine:
    """Write one line of the journal: this deed was done.

    Called inside the deed's own transaction, so that there is never a deed
    without its line nor a line without its deed. Raises ``RuntimeError`` outside one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a line of the journal belongs to its deed's transaction")
    return JournalLine.objects.create(
        room=room,
        verb=verb,
        subject_type=subject_type,
        subject_uid=subject_uid,
        member_code=member_code,
        by_ref=by_ref,
        facts=facts or {},
        parent=parent,
        at=at,
    )


def canonical(content: Any) -> str:
    """Write a value as the one JSON text it has: sorted keys, no spaces, UTF-8 letters."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@transaction.atomic
def freeze(
    content: Any, *, kind: str, subject_type: str, subject_uid: str, member_code: str, at: dt.datetime
) -> FrozenDocument:
    """Freeze what was voted or issued as canonical JSON, with the hash printed on its papers."""
    text = canonical(content)
    return FrozenDocument.objects.create(
        uid=new_uid(),
        member_code=member_code,
        kind=kind,
        subject_type=subject_type,
        subject_uid=subject_uid,
        content=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        frozen_at=at,
    )
