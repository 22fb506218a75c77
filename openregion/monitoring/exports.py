"""Completion sheets to take away: their papers, printed once from the frozen JSON, and the JSON itself."""

from __future__ import annotations

import datetime as dt
import json

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.core.languages import WORKING
from openregion.core.paper import Paper
from openregion.monitoring import papers, queries
from openregion.monitoring.models import CompletionSheet
from openregion.plan.exports import PRINTED, kept_paper, method_of
from openregion.record.actions import print_document
from openregion.record.models import Rendition


def sheet_paper(sheet: CompletionSheet, *, lang: str, format: str, at: dt.datetime | None = None) -> Rendition | None:
    """Print an issued sheet, the first time, and keep it; later give what was printed. Nothing for a draft."""
    paper = _paper(sheet, lang=lang)
    if paper is None or sheet.document is None or format not in PRINTED:
        return None
    return print_document(
        sheet.document,
        lang=lang,
        format=format,
        render=lambda document: PRINTED[format](paper, document.sha256),
        at=at or timezone.now(),
    )


def handed_out(sheet: CompletionSheet, *, lang: str, format: str) -> bytes | None:
    """Give a paper without writing anything: the one kept, else the same printed for this reader alone."""
    if sheet.document and (kept := kept_paper(sheet.document, lang=lang, format=format)) is not None:
        return kept
    paper = _paper(sheet, lang=lang)
    sha256 = sheet.document.sha256 if sheet.document else ""
    return PRINTED[format](paper, sha256) if paper and format in PRINTED else None


def print_papers(sheet: CompletionSheet, *, at: dt.datetime | None = None) -> int:
    """Print every paper of an issued sheet ahead of its readers; say how many there are."""
    printed = [sheet_paper(sheet, lang=lang, format=format, at=at) for lang in WORKING for format in PRINTED]
    return sum(one is not None for one in printed)


def _paper(sheet: CompletionSheet, *, lang: str) -> Paper | None:
    """State the sheet as it was frozen; one that is not issued, as it stands today."""
    commitment = sheet.commitment
    cycle = commitment.plan.cycle
    where = [cycle.member.slug, commitment.slug, sheet.number]
    document = sheet.document
    with override(lang):
        return papers.paper_of_sheet(
            json.loads(document.content) if document else queries.statement_of_sheet(sheet),
            form_guide=method_of(cycle),
            lang=lang,
            sha256=document.sha256 if document else "",
            issued_on=timezone.localdate(sheet.issued_at) if sheet.issued_at else timezone.localdate(),
            address=settings.SITE + reverse("sheet", args=where) if document else "",
            check_at=settings.SITE + reverse("sheet_json", args=where) if document else "",
        )
