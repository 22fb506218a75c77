"""Reports to take away: papers printed once from what was frozen, the JSON itself, and a table of what is cited."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.core.paper import Paper
from openregion.diagnosis import papers, queries
from openregion.diagnosis.models import Report
from openregion.diagnosis.queries import Quoted
from openregion.people.models import Member
from openregion.record import press
from openregion.record.actions import print_document
from openregion.record.models import Rendition

# What papers are printed in ahead of their readers, by the worker, at publication and again when words they quote go.
# Others (a draft, English) are printed on asking: 0.1 to 0.5 s, measured on a final report of ten pages.
_log = logging.getLogger(__name__)
LANGUAGES = ("fr", "ar")
PRINTED: dict[str, Callable[[Paper, str], bytes]] = {"pdf": press.pdf, "docx": press.docx}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


def report_paper(report: Report, *, lang: str, format: str) -> bytes | None:
    """Give a report as a paper: the one kept, else the same printed for this reader alone; nothing is written.

    A paper is kept with the words that it quotes, and told apart by them: when
    one of their authors withdraws, or moderation masks a name, it is another paper.
    """
    if format not in PRINTED:
        return None
    quoted = queries.quoted_in(report)
    if report.frozen:
        kept = report.frozen.renditions.filter(shape=kept_as(quoted), lang=lang, format=format).first()
        if kept is not None:
            try:
                with kept.file.open("rb") as opened:
                    return opened.read()
            except FileNotFoundError:
                pass  # the file is gone from the disk: the same is printed again for this reader
    return PRINTED[format](_paper(report, quoted, lang), report.frozen.sha256 if report.frozen else "")


def keep_papers(report: Report, *, at: dt.datetime) -> int:
    """Print the papers of a published report ahead of their readers, in French and Arabic; say how many there are."""
    if report.frozen is None:
        return 0
    quoted = queries.quoted_in(report)
    for lang in LANGUAGES:
        paper = _paper(report, quoted, lang)
        for format in PRINTED:
            print_document(
                report.frozen,
                shape=kept_as(quoted),
                lang=lang,
                format=format,
                render=lambda document, paper=paper, format=format: PRINTED[format](paper, document.sha256),  # type: ignore[misc]
                at=at,
            )
    return len(LANGUAGES) * len(PRINTED)


def let_go_of_papers(member: Member | None = None) -> int:
    """Delete printed papers that quote words which no longer show, and print them again without; say how many went.

    Nobody is handed one meanwhile: this takes the words off the disk, and spares
    each reader after it a printing of their own.
    """
    gone, touched = 0, []
    reports = Report.objects.published().select_related("frozen", "consultation")
    for report in reports.filter(member=member) if member else reports:
        here = list(Rendition.objects.filter(document=report.frozen).exclude(shape=kept_as(queries.quoted_in(report))))
        for one in here:
            one.file.delete(save=False)
            one.delete()
        gone += len(here)
        touched += [report] if here else []
    for report in touched:
        _print_again(report)
    return gone


def _print_again(report: Report) -> None:
    """Print ahead of the readers; a press that fails costs the next reader a printing, and stops no erasure."""
    try:
        keep_papers(report, at=timezone.now())
    except Exception as error:
        # Its message may hold people's words.
        _log.error("the papers of report %s could not be printed again (%s)", report.uid, type(error).__name__)


def kept_as(quoted: Mapping[int, Quoted]) -> str:
    """Name the paper that quotes these words; empty where it quotes none."""
    if not quoted:
        return ""
    said = repr(sorted((number, one.lang, one.words) for number, one in quoted.items()))
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def report_as_json(report: Report) -> bytes:
    """Give the very text whose SHA-256 is printed on the papers."""
    return report.frozen.content.encode() if report.frozen else b""


def report_as_csv(report: Report) -> Iterator[str]:
    """Write what became of each suggestion in a published report: cited or not, and where; a piece at a time.

    Recounted from the frozen text alone, so that anyone can do the same.
    """
    stated: dict[str, Any] = json.loads(report.frozen.content) if report.frozen else {"passages": [], "not_cited": []}
    cited: dict[int, list[str]] = defaultdict(list)
    for place, one in enumerate(stated["passages"], 1):
        for number in one["cites"]:
            cited[number].append(f"{place}:{one['section']}")
    yield "\ufeff" + _line(["number", "cited", "passages"])
    for number in sorted({*cited, *stated["not_cited"]}):
        yield _line([number, "yes" if number in cited else "no", " ".join(cited.get(number, []))])


def _paper(report: Report, quoted: Mapping[int, Quoted], lang: str) -> Paper:
    with override(lang):
        where = [report.member.slug, report.number]
        at = report.published_at
        return papers.paper_of_report(
            queries.stated_of(report),
            quoted,
            lang=lang,
            sha256=report.frozen.sha256 if report.frozen else "",
            dated=timezone.localdate(at) if at else None,
            address=settings.SITE + reverse("report", args=where) if at else "",
            check_at=settings.SITE + reverse("report_json", args=where) if at else "",
        )


def _line(values: list[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()
