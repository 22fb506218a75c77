"""``./manage guide_hash``: the line that pins a version in ``guide/released.yaml``."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError

from openregion.guide.queries import BadGuide, fingerprint, versions


class Command(BaseCommand):
    """Prints each version and the hash of its content, ready for ``guide/released.yaml``."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Take the versions wanted; all of them when none is named."""
        parser.add_argument("version", nargs="*", help="a folder of guide/")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a version."""
        known = versions()
        for version in options["version"] or known:
            if version not in known:
                there_is = ", ".join(known) or "none"
                raise CommandError(f"guide/{version} does not exist; there is {there_is}", returncode=2)
            try:
                self.stdout.write(f"{version}: {fingerprint(version)}")
            except BadGuide as error:
                raise CommandError(str(error), returncode=2) from error
