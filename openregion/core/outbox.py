"""Mail without a mail server: each message becomes a file the operator can read.

For trying the platform and for offices whose SMTP is not set up yet. The page
that shows them is for administrators; messages older than thirty days go.
"""

from __future__ import annotations

import email
import email.policy
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

KEPT_FOR = timedelta(days=30)


class OutboxBackend(BaseEmailBackend):
    """Writes messages into the home's outbox instead of sending them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each message as one file; say how many."""
        settings.OUTBOX.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
            kept = settings.OUTBOX / f"{stamp}-{uuid.uuid4().hex[:6]}.eml"
            # Written aside, then named: the page never reads half a message.
            part = kept.with_suffix(".part")
            part.write_bytes(message.message().as_bytes())
            part.replace(kept)
        let_go()
        return len(email_messages)


@dataclass(frozen=True)
class Kept:
    """A message in the outbox, as the page shows it."""

    at: datetime
    to: str
    subject: str
    body: str


def messages(most: int = 100) -> Iterator[Kept]:
    """Give the latest messages, newest first."""
    for path in sorted(settings.OUTBOX.glob("*.eml"), reverse=True)[:most]:
        try:
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        except FileNotFoundError:
            continue  # thirty days old, and gone between the list and the reading
        body = message.get_body(preferencelist=("plain", "html"))
        yield Kept(
            at=datetime.strptime(path.name[:21], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC),
            to=str(message["To"]),
            subject=str(message["Subject"]),
            body=body.get_content() if body else "",
        )


def let_go() -> int:
    """Erase the messages older than thirty days, half-written ones too; say how many went."""
    before = (datetime.now(UTC) - KEPT_FOR).strftime("%Y%m%dT%H%M%S%f")
    late = [path for path in settings.OUTBOX.glob("[0-9]*T*-*.*") if path.name < before]
    for path in late:
        path.unlink(missing_ok=True)
    return len(late)
