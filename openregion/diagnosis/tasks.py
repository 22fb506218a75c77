"""Long work of the diagnosis, done in the background: first drafts of many suggestions, papers."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from openregion.diagnosis.actions.drafting import is_asked_to_stop, take_draft, write_draft
from openregion.diagnosis.exports import keep_papers
from openregion.diagnosis.models import Report

_log = logging.getLogger(__name__)


def begin(report: Report) -> bool:
    """Have the worker write the first draft of a report that waits for it; say whether it was asked."""
    if report.state != Report.State.WRITING:
        return False
    uid = report.uid
    transaction.on_commit(lambda: draw_report.enqueue(uid))
    return True


@task()
def draw_report(uid: str) -> int:
    """Write the first draft of a report, and stop when somebody asks; give how many passages it has.

    Whoever takes it first writes it. One that fails is left to people, as a
    draft with what is written so far.
    """
    report = take_draft(uid, at=timezone.now())
    if report is None:
        return 0
    try:
        return write_draft(report, at=timezone.now(), moved=lambda: not is_asked_to_stop(report))
    except Exception as error:
        # Its message may hold people's words, and what a task raises is kept in the database.
        _log.error("the draft of report %s failed (%s)", uid, type(error).__name__)
        Report.objects.filter(uid=uid, state=Report.State.WRITING).update(state=Report.State.DRAFT)
        raise RuntimeError("The first draft could not be written to its end.") from None


@task()
def print_report(uid: str) -> int:
    """Print the papers of a published report before anyone asks for them; give how many there are."""
    return keep_papers(
        Report.objects.select_related("frozen", "member", "consultation").get(uid=uid), at=timezone.now()
    )
