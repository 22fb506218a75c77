"""Completion sheets handed out: their papers, and the JSON they are drawn from."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from openregion.core.audience import everyone
from openregion.core.languages import WORKING
from openregion.monitoring import exports, queries, rules
from openregion.monitoring.models import CompletionSheet
from openregion.people.audience import AtMember
from openregion.plan.paper_views import download


@everyone
def sheet_paper(request: AtMember, member: str, slug: str, sheet: int, lang: str, format: str) -> HttpResponse:
    """A completion sheet as PDF or DOCX; before it is issued, as a draft for those who fill it in."""
    found = _sheet(request, slug, sheet)
    content = exports.handed_out(found, lang=lang, format=format) if lang in WORKING else None
    draft = "" if found.document_id else "-draft"
    return download(content, format, f"{member}-commitment-{slug}-sheet-{sheet}{draft}-{lang}.{format}")


@everyone
def sheet_json(request: AtMember, member: str, slug: str, sheet: int) -> HttpResponse:
    """The text whose SHA-256 is printed on the papers, byte for byte; a draft has none."""
    found = _sheet(request, slug, sheet)
    content = found.document.content.encode() if found.document else None
    return download(content, "json", f"{member}-commitment-{slug}-sheet-{sheet}.json")


def _sheet(request: AtMember, slug: str, number: int) -> CompletionSheet:
    found = queries.sheet_at(request.member, slug, number)
    if found is None:
        raise Http404(f"{slug} {number}")
    if found.document_id is None and not rules.may_read_draft(request.user, found):
        raise Http404(f"{slug} {number}")
    return found
