"""Lets what is out of time go: ended sessions, old messages of the outbox, read files, addresses of old plans."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session
from django.core.management import BaseCommand, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from openregion.consultation import held, imports
from openregion.consultation.actions import (
    forget_addresses,
    forget_applicants,
    let_go_of_capture_passes,
    let_go_of_follows,
    let_go_of_passes,
)
from openregion.consultation.actions.capture import let_go_of_wordings
from openregion.core import outbox
from openregion.cycle.actions import let_go_of_guests
from openregion.diagnosis.exports import let_go_of_papers
from openregion.people import mails
from openregion.plan.models import ActionPlan
from openregion.web.actions import let_go_of_contacts
from openregion.web.handover import making
from openregion.web.tasks import keep_rounds


class Command(BaseCommand):
    """Keeps the promises of the page on personal data; for a daily line of cron, safe to run at any time."""

    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase each, and end with one line of figures."""
        now = timezone.now()
        sessions = Session.objects.filter(expire_date__lt=now).count()
        call_command("clearsessions")
        # What a task that failed says may hold what it worked on.
        DBTaskResult.objects.filter(finished_at__lt=now - outbox.KEPT_FOR).delete()
        over = ActionPlan.objects.filter(ends_on__lt=now.date()).select_related("cycle__member")
        gone = {
            "sessions": sessions,
            "messages": outbox.let_go(),
            "mails": mails.let_go(at=now),
            "contacts": let_go_of_contacts(at=now),
            "guests": let_go_of_guests(at=now),
            "files": imports.let_go(at=now),
            "held": held.let_go(at=now),
            "packs": making.let_go(at=now),
            "papers": let_go_of_papers(),
            "addresses": sum(
                forget_addresses(one.cycle, at=now) + forget_applicants(one.cycle, at=now) for one in over
            ),
            "wordings": let_go_of_wordings(at=now),
            "follows": let_go_of_follows(at=now),
            "passes": let_go_of_passes(at=now) + let_go_of_capture_passes(at=now),
        }
        # The round asks for the next one as it ends: one lost with its worker would ask for none.
        keep_rounds()
        if options["verbosity"]:
            self.stdout.write(" · ".join(f"{name} {count}" for name, count in gone.items()))
