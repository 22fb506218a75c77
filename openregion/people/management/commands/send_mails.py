"""``./manage send_mails``: sends the messages that wait, when the mail server was down or refused some."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from openregion.people.mails import Sent, send_now


class Command(BaseCommand):
    """Sends the messages that wait; for a line of cron, safe to run at any time."""

    help = "Send the messages that wait: invitations, reminders."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send until nothing more leaves, and end with one line of figures."""
        sent, done = 0, Sent(0, 0, more=True)
        while done.more:
            done = send_now()
            sent += done.sent
        if options["verbosity"]:
            self.stdout.write(str(Sent(sent, done.waiting)))
