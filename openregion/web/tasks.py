"""Long work across rooms, done in the background."""

from __future__ import annotations

from django_tasks import task

from openregion.people.models import Member
from openregion.web.actions import index_again


@task()
def index_member(slug: str) -> int:
    """Index a member in the background, once its space is opened; give how many pages are found."""
    return index_again(Member.objects.get(slug=slug)).indexed
