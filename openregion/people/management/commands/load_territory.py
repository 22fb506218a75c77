"""``./manage load_territory``: the Moroccan extract, into the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from openregion.people.imports import load_territory


class Command(BaseCommand):
    """Loads the Regions, prefectures and provinces that come with the platform."""

    help = "Load the 12 Regions and the 75 prefectures and provinces, with census figures and indicative boundaries."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say in one line what was done."""
        self.stdout.write(str(load_territory()))
