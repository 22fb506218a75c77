"""The papers of meetings to take away: printed for this reader, or once for all where they were frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from openregion.core.paper import Paper
from openregion.cycle import papers
from openregion.cycle.models import Meeting, Minutes
from openregion.cycle.queries.guests import guest_lines
from openregion.cycle.queries.meetings import agenda_of
from openregion.cycle.queries.minutes import LANGUAGES, stated, statement
from openregion.record import press
from openregion.record.actions import print_document
from openregion.record.models import FrozenDocument

PRINTED: dict[str, Callable[..., bytes]] = {"pdf": press.pdf, "docx": press.docx}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def convocation(meeting: Meeting, *, lang: str, format: str, private: bool) -> bytes | None:
    """Print the convocation of a meeting with its agenda; documents for the guests alone only for who may read them."""
    given = meeting.papers.order_by("sent_on", "pk")
    paper = papers.convocation_paper(
        meeting, agenda_of(meeting), given if private else given.filter(public=True), lang=lang
    )
    return _printed(paper, format)


def attendance(meeting: Meeting, *, lang: str, format: str) -> bytes | None:
    """Print the list to sign at the door."""
    guests = [one for one in guest_lines(meeting, meeting.member) if not one.on_the_spot or one.attended]
    return _printed(papers.attendance_paper(meeting, guests, lang=lang), format)


def minutes_to_read(minutes: Minutes, *, lang: str, format: str) -> bytes | None:
    """Give minutes as a paper: a draft as it stands, approved ones as printed once, else for this reader alone."""
    if minutes.frozen is None:
        return _printed(papers.minutes_paper(statement(minutes), lang=lang), format)
    kept = minutes.frozen.renditions.filter(shape="", lang=lang, format=format).first()
    if kept is not None:
        try:
            with kept.file.open("rb") as opened:
                return opened.read()
        except FileNotFoundError:
            pass  # the file is gone from the disk: the same is printed again for this reader
    return _printed(_frozen_paper(minutes, lang), format, minutes.frozen.sha256)


def keep_minutes(minutes: Minutes, *, at: dt.datetime) -> int:
    """Print published minutes ahead of their readers, in each language they are written in; say how many papers."""
    if minutes.frozen is None:
        return 0
    written = [lang for lang in LANGUAGES if stated(minutes)["text"].get(lang)]
    for lang in written:
        paper = _frozen_paper(minutes, lang)
        for format in PRINTED:
            print_document(
                minutes.frozen,
                lang=lang,
                format=format,
                render=partial(_pressed, paper, format),
                at=at,
            )
    return len(written) * len(PRINTED)


def _frozen_paper(minutes: Minutes, lang: str) -> Paper:
    published = minutes.state == Minutes.State.PUBLISHED
    sha256 = minutes.frozen.sha256 if minutes.frozen else ""
    return papers.minutes_paper(stated(minutes), lang=lang, sha256=sha256, published=published)


def _printed(paper: Paper, format: str, sha256: str = "") -> bytes | None:
    return PRINTED[format](paper, sha256) if format in PRINTED else None


def _pressed(paper: Paper, format: str, document: FrozenDocument) -> bytes:
    return PRINTED[format](paper, document.sha256)
