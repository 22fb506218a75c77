"""Long work of the cycle, done in the background."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from openregion.cycle.council_exports import print_papers
from openregion.cycle.exports import print_letter_papers
from openregion.cycle.meeting_exports import keep_minutes
from openregion.cycle.models import Letter, Minutes
from openregion.record.models import FrozenDocument


@task()
def print_letter(uid: str) -> int:
    """Print the papers of an issued letter before anyone asks for them; give how many there are."""
    return print_letter_papers(Letter.objects.select_related("member", "cycle", "frozen").get(uid=uid))


@task()
def print_frozen(uid: str) -> int:
    """Print the papers of a frozen file or deliberation before anyone asks for them; give how many there are."""
    return print_papers(FrozenDocument.objects.get(uid=uid))


@task()
def print_minutes(uid: str) -> int:
    """Print the papers of published minutes before anyone asks for them; give how many there are."""
    return keep_minutes(Minutes.objects.select_related("frozen").get(uid=uid), at=timezone.now())
