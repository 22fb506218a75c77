"""Reads every public page again and rebuilds what search finds."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError

from openregion.people.models import Member
from openregion.web.actions import index_again


class Command(BaseCommand):
    """Rebuilds the search index of every member, or of one."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        """Take the member, when it is only one."""
        parser.add_argument("--member", metavar="SLUG", help="only this member")

    def handle(self, *args: Any, **options: Any) -> None:
        """Index, and end with one line of figures."""
        members = Member.objects.order_by("slug")
        if options["member"]:
            members = members.filter(slug=options["member"])
            if not members:
                raise CommandError(f"No member is called {options['member']!r}.", returncode=2)
        done = [index_again(member) for member in members]
        self.stdout.write(f"read {sum(one.read for one in done)} · indexed {sum(one.indexed for one in done)}")
