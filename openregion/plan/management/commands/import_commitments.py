"""``./manage import_commitments FILE``: published commitments, into the library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from openregion.plan.imports import Unreadable, import_commitments


class Command(BaseCommand):
    """Reads OGP's table of commitments (CSV or JSON), or the file of Moroccan local members, into the library."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """Take the file."""
        parser.add_argument("file", help="OGP's table as CSV or JSON, or the file of Moroccan local members")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file in, and end with one line of figures."""
        try:
            figures = import_commitments(Path(options["file"]), at=timezone.now())
        except Unreadable as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from error
        if figures.corrected and options["verbosity"]:
            self.stderr.write(f"{figures.corrected:,} of those already there were brought up to date")
        self.stdout.write(str(figures))
