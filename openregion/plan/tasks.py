"""Long work of the plan, done in the background."""

from __future__ import annotations

from django_tasks import task

from openregion.plan.exports import print_papers
from openregion.plan.models import PlanVersion


@task()
def print_plan(uid: str) -> int:
    """Print the papers of a version before anyone asks for them; give how many there are."""
    return print_papers(PlanVersion.objects.get(uid=uid))
