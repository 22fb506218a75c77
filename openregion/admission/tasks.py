"""Long work of the candidacy, done in the background."""

from __future__ import annotations

from django_tasks import task

from openregion.admission import exports, queries
from openregion.admission.models import Dossier
from openregion.people.models import Member


@task()
def print_dossier(uid: str) -> int:
    """Print the papers of a frozen dossier and pack its archive before anyone asks; give how many there are."""
    member = Member.objects.get(pk=Dossier.objects.values_list("cycle__member", flat=True).get(uid=uid))
    return exports.print_papers(queries.dossiers_of(member).get(uid=uid))
