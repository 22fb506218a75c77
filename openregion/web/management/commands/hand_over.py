"""Makes the hand-over pack of a cycle: everything of it as one archive that opens without a network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from openregion.cycle.models import Cycle
from openregion.people.models import Member
from openregion.web.handover.archive import write_pack


class Command(BaseCommand):
    """Writes the archive to a file, or to standard output with ``-o -``."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Take the member, the cycle and where to write."""
        parser.add_argument("member", metavar="MEMBER")
        parser.add_argument("--cycle", required=True, metavar="KIND/NUMBER", help="plan/1 or candidacy/1")
        parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the archive to write; - for stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the pack, and end with one line of figures."""
        cycle = self._cycle(options["member"], options["cycle"])
        if options["output"] == "-":
            written = write_pack(cycle, sys.stdout.buffer, at=timezone.now())
            self.stderr.write(str(written))
            return
        target = Path(options["output"])
        part = target.with_name(f"{target.name}.part")
        try:
            with part.open("wb") as out:
                written = write_pack(cycle, out, at=timezone.now())
            part.replace(target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise CommandError(f"{target} cannot be written ({error.strerror}).", returncode=2) from error
        self.stdout.write(str(written))

    def _cycle(self, slug: str, asked: str) -> Cycle:
        if not Member.objects.filter(slug=slug).exists():
            raise CommandError(f"No member is called {slug!r}.", returncode=2)
        kind, _, number = asked.partition("/")
        found = Cycle.objects.filter(member__slug=slug, kind=kind, number=int(number) if number.isdigit() else 0)
        cycle = found.select_related("member", "method").first()
        if cycle is None:
            raise CommandError(f"{slug} has no cycle {asked!r}. Write it as plan/1 or candidacy/1.", returncode=2)
        return cycle
