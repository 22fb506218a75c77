"""Goes round: people of the teams are told by e-mail what waits for them, followers what is new, once a week."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from openregion.people.models import Member
from openregion.web.rounds import count_takers, go_round, refresh_workshops, tell_followers


class Command(BaseCommand):
    """For a daily line of cron where no worker runs; safe to run again: a person is told once a day at most."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Take the member, when it is only one."""
        parser.add_argument("--member", metavar="SLUG", help="only this member")

    def handle(self, *args: Any, **options: Any) -> None:
        """Go round, and end with one line of figures."""
        members = None
        if options["member"]:
            members = list(Member.objects.filter(slug=options["member"]))
            if not members:
                raise CommandError(f"No member is called {options['member']!r}.", returncode=2)
        now = timezone.now()
        refresh_workshops(members=members)
        done, followers = go_round(at=now, members=members), tell_followers(at=now, members=members)
        counts = count_takers(at=now, members=members)
        told = [str(done), *([str(followers)] if followers.due else []), *([f"counts {counts}"] if counts else [])]
        self.stdout.write(" · ".join(told))
