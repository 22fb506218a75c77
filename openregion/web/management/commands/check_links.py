"""Says whether every link of a member's chain still holds, from suggestions to evidence."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management import BaseCommand, CommandError

from openregion.people.models import Member
from openregion.web.links import checked


class Command(BaseCommand):
    """Compares the tables with the journal and with what was frozen; names each link that does not hold."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """Take the member."""
        parser.add_argument("member", metavar="MEMBER", help="the member's short address")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and end with one line of figures; the exit code is 1 when a link is broken."""
        member = Member.objects.filter(slug=options["member"]).first()
        if member is None:
            raise CommandError(f"No member is called {options['member']!r}.", returncode=2)
        done = checked(member)
        for one in done.broken:
            self.stderr.write(str(one))
        self.stdout.write(f"links {done.links} · broken {len(done.broken)}")
        if done.broken:
            sys.exit(1)
