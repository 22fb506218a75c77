"""The pages kept inside the pack: what the team alone reads, for those who take up its work."""

from __future__ import annotations

from collections.abc import Iterator

from openregion.cycle.models import Cycle
from openregion.web.handover.around import announcements, exchanges
from openregion.web.handover.candidacy import contacts, drafts
from openregion.web.handover.chapters import council, letters, meetings
from openregion.web.handover.page import PackPage
from openregion.web.handover.papers import Papers


def inner_chapters(cycle: Cycle, papers: Papers) -> Iterator[PackPage]:
    """Give every page kept inside: drafts, meetings of a few, votes not published, summaries, ways to reach people."""
    yield meetings(cycle, papers, inner=True)
    yield council(cycle, papers, inner=True)
    yield letters(cycle, papers, inner=True)
    if cycle.kind == Cycle.Kind.ADMISSION:
        yield drafts(cycle, papers)
    yield contacts(cycle)
    yield announcements(cycle, papers, inner=True)
    yield exchanges(cycle, papers, inner=True)
