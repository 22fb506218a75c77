"""Reports handed out: PDF and DOCX, the JSON they are drawn from, and the table of what is cited."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404, HttpResponse, StreamingHttpResponse

from openregion.core.audience import everyone
from openregion.core.languages import WORKING
from openregion.diagnosis import exports
from openregion.diagnosis.models import Report
from openregion.diagnosis.views.reports import readable_report
from openregion.people.audience import AtMember

Answer = TypeVar("Answer", HttpResponse, StreamingHttpResponse)


@everyone
def report_paper(request: AtMember, member: str, number: int, lang: str, format: str) -> HttpResponse:
    """A report as PDF or DOCX; a draft for those who write it alone."""
    one = readable_report(request, number)
    content = exports.report_paper(one, lang=lang, format=format) if lang in WORKING else None
    if content is None:
        raise Http404(format)
    response = HttpResponse(content, content_type=exports.MEDIA_TYPES[format])
    return _named(response, f"{member}-report-{number}-{lang}.{format}")


@everyone
def report_json(request: AtMember, member: str, number: int) -> HttpResponse:
    """The text whose SHA-256 is printed on the papers, byte for byte: figures, citations, what is not cited."""
    one = _published(request, number)
    response = HttpResponse(exports.report_as_json(one), content_type=exports.MEDIA_TYPES["json"])
    return _named(response, f"{member}-report-{number}.json")


@everyone
def report_csv(request: AtMember, member: str, number: int) -> StreamingHttpResponse:
    """What became of each suggestion in a report, as a table: cited or not, and where."""
    one = _published(request, number)
    response = StreamingHttpResponse(exports.report_as_csv(one), content_type=exports.MEDIA_TYPES["csv"])
    return _named(response, f"{member}-report-{number}.csv")


def _published(request: AtMember, number: int) -> Report:
    one = readable_report(request, number)
    if one.frozen is None:
        raise Http404(number)
    return one


def _named(response: Answer, name: str) -> Answer:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
