"""Encodes published suggestions, so that what says the same in another language is found (extra ``across``)."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError

from openregion.consultation import vectors


class Command(BaseCommand):
    """Encodes what is published and not encoded yet; safe to run at any time."""

    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Encode, and end with one line."""
        if not vectors.is_on():
            raise CommandError("not on: install the extra across, and set OPENREGION_ACROSS=1", returncode=2)
        self.stdout.write(f"encoded {vectors.encode()}")
