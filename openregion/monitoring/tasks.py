"""Long work of the follow-up, done in the background."""

from __future__ import annotations

from django_tasks import task

from openregion.monitoring.exports import print_papers
from openregion.monitoring.models import CompletionSheet


@task()
def print_sheet(uid: str) -> int:
    """Print the papers of an issued sheet before anyone asks for them; give how many there are."""
    return print_papers(CompletionSheet.objects.get(uid=uid))
