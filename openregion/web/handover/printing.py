"""The papers that the pack needs and nobody has asked for yet: printed ahead, as their own pages would."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from functools import partial

from openregion.admission.exports import print_papers as print_dossier
from openregion.admission.models import Dossier
from openregion.cycle.council_exports import print_papers as print_frozen
from openregion.cycle.exports import print_letter_papers
from openregion.cycle.meeting_exports import keep_minutes
from openregion.cycle.models import Cycle, Deliberation, Letter, Minutes, Proposal
from openregion.cycle.queries.council import is_public_deliberation
from openregion.diagnosis.exports import keep_papers as print_report
from openregion.diagnosis.models import Report
from openregion.web.handover.reach import reads_file

Moved = Callable[[int, int], bool]
_log = logging.getLogger(__name__)


class Stopped(Exception):
    """Somebody asked the making of a pack to stop."""


def print_ahead(cycle: Cycle, *, at: dt.datetime, moved: Moved | None = None) -> int:
    """Print what everyone may read of a cycle and is not on paper yet; say how many documents could not be.

    One paper that cannot be drawn never holds the pack: what was frozen is in it as data.
    Raises ``Stopped`` when somebody asked to stop.
    """
    lost = 0
    for uid, press in _presses(cycle, at):
        if moved and not moved(0, 1):
            raise Stopped
        try:
            press()
        except Exception as error:
            # Its message may hold people's words; which document it was is enough to look for why.
            _log.error("no paper of %s for the pack (%s)", uid, type(error).__name__)
            lost += 1
    return lost


def _presses(cycle: Cycle, at: dt.datetime) -> Iterator[tuple[str, Callable[[], object]]]:
    letters = Letter.objects.filter(cycle=cycle, public=True, state=Letter.State.ISSUED)
    for letter in letters.select_related("member", "cycle", "frozen").order_by("pk"):
        yield letter.uid, partial(print_letter_papers, letter, at=at)
    minutes = Minutes.objects.filter(meeting__cycle=cycle, state=Minutes.State.PUBLISHED)
    for one in minutes.select_related("frozen", "meeting__member").order_by("pk"):
        yield one.uid, partial(keep_minutes, one, at=at)
    for file in Proposal.objects.filter(cycle=cycle).select_related("frozen").order_by("pk"):
        if file.frozen and reads_file(file):
            yield file.uid, partial(print_frozen, file.frozen)
    for vote in Deliberation.objects.filter(cycle=cycle).exclude(frozen=None).select_related("frozen").order_by("pk"):
        if vote.frozen and is_public_deliberation(vote):
            yield vote.uid, partial(print_frozen, vote.frozen)
    reports = Report.objects.published().filter(consultation__cycle=cycle)
    for report in reports.select_related("frozen", "member").order_by("pk"):
        yield report.uid, partial(print_report, report, at=at)
    dossiers = Dossier.objects.filter(cycle=cycle).exclude(frozen=None)
    for dossier in dossiers.select_related("cycle__member", "call", "frozen").order_by("pk"):
        yield dossier.uid, partial(print_dossier, dossier, at=at)
