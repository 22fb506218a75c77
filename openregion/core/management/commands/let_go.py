"""Lets what is out of time go: sessions that have ended, and messages of the outbox older than thirty days."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session
from django.core.management import BaseCommand, call_command
from django.utils import timezone

from openregion.core import outbox


class Command(BaseCommand):
    """Keeps the promise of the page on personal data; for a daily line of cron, safe to run at any time."""

    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase both, and end with one line of figures."""
        sessions = Session.objects.filter(expire_date__lt=timezone.now()).count()
        call_command("clearsessions")
        messages = outbox.let_go()
        if options["verbosity"]:
            self.stdout.write(f"sessions {sessions} · messages {messages}")
