"""Writing a first draft piece by piece; a long one is done by the worker, and stops when somebody asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from openregion.diagnosis.models import Citation, Passage, Report
from openregion.diagnosis.queries import Piece, pieces_of

AT_ONCE = 1_000  # suggestions drawn in the deed itself; more are drawn by the worker
LOST_AFTER = dt.timedelta(minutes=2)  # a piece takes a second or two
ROWS = 1_000


def write_draft(report: Report, *, at: dt.datetime, moved: Callable[[], bool] = lambda: True) -> int:
    """Write the first draft of a report, from the beginning; say how many passages it has.

    ``moved`` is asked after each piece, and stops the drafting by answering
    False: what is written stays, for people to go on from.
    """
    Passage.objects.filter(report=report).delete()
    written = 0
    for piece in pieces_of(report, at=at):
        if not _write(report, piece, rank=written + 1):
            return written
        written += 1
        if not moved():
            break
    else:
        Report.objects.filter(pk=report.pk).update(drawn=F("material"))
    Report.objects.filter(pk=report.pk, state=Report.State.WRITING).update(
        state=Report.State.DRAFT, moved_at=timezone.now()
    )
    report.refresh_from_db(fields=["state", "drawn", "moved_at"])
    return written


@transaction.atomic
def _write(report: Report, piece: Piece, *, rank: int) -> bool:
    """Write a piece; nothing when somebody discarded the report, or stopped its drafting, meanwhile."""
    writing = Report.objects.select_for_update(no_key=True).filter(pk=report.pk, state=Report.State.WRITING)
    if not writing.exists():
        return False
    passage = Passage.objects.create(
        report=report, section=piece.section, rank=rank, text=piece.text, drafted=piece.drafted, quotes=piece.quotes,
        as_given=piece.as_given, finding_id=piece.finding,
    )  # fmt: skip
    Citation.objects.bulk_create(
        (Citation(passage=passage, contribution_id=key) for key in piece.cites), batch_size=ROWS
    )
    Report.objects.filter(pk=report.pk).update(drawn=F("drawn") + piece.read, moved_at=timezone.now())
    return True


def take_draft(uid: str, *, at: dt.datetime) -> Report | None:
    """Take a report that waits for its first draft, so that nobody else does; nothing when it is taken or done."""
    waiting = Report.objects.filter(uid=uid, state=Report.State.WRITING)
    free = waiting.filter(Q(moved_at=None) | Q(moved_at__lt=at - LOST_AFTER), asked_to_stop_at=None)
    if not free.update(moved_at=at, drawn=0):
        return None
    return Report.objects.select_related(
        "member", "consultation__cycle__member", "workshop__meeting", "theme", "replaces"
    ).get(uid=uid)


def ask_to_stop(report: Report, *, at: dt.datetime) -> None:
    """Have a drafting stop after the piece in hand; one that has not begun, or that lost its worker, stops at once."""
    waiting = Report.objects.filter(pk=report.pk, state=Report.State.WRITING)
    idle = waiting.filter(Q(moved_at=None) | Q(moved_at__lt=at - LOST_AFTER))
    if not idle.update(state=Report.State.DRAFT, asked_to_stop_at=at):
        waiting.update(asked_to_stop_at=at)


def is_asked_to_stop(report: Report) -> bool:
    """Say whether somebody asked a drafting to stop, or discarded the report meanwhile."""
    return not Report.objects.filter(pk=report.pk, asked_to_stop_at=None).exists()
