"""``./manage send_news``: sends what authors are still to be told, when the mail server was down."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from openregion.consultation.mails import Told, send_now


class Command(BaseCommand):
    """Sends the news that wait; for a line of cron, safe to run at any time."""

    help = "Send the news that wait for authors who left an address."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send until nothing more leaves, and end with one line of figures."""
        told, done = 0, Told(0, 0, more=True)
        while done.more:
            done = send_now()
            told += done.told
        self.stdout.write(str(Told(told, done.waiting)))
