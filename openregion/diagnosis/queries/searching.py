"""What search finds of the diagnosis: published findings and published reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from openregion.core.languages import WORKING
from openregion.core.official import text_in
from openregion.diagnosis.models import Finding, Report
from openregion.diagnosis.queries.statement import parts_of
from openregion.people.models import Member

KINDS: dict[str, Promise] = {"finding": gettext_lazy("Findings"), "report": gettext_lazy("Reports")}


def entries_of(finding: Finding) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a published finding, in each working language."""
    for lang in WORKING:
        with override(lang):
            synthesis = text_in(finding.synthesis, lang)
            yield {
                "lang": lang,
                "kind": "finding",
                "subject_uid": finding.uid,
                "title": text_in(finding.title, lang),
                "excerpt": synthesis[:180],
                "path": reverse("finding", args=[finding.member.slug, finding.number]),
                "text": synthesis,
            }


def findable(member: Member) -> Iterator[dict[str, Any]]:
    """Yield all that search finds of a member's findings and reports; of a report replaced by another, nothing."""
    for finding in Finding.objects.of(member).published().select_related("member").order_by("pk"):
        yield from entries_of(finding)
    reports = Report.objects.of(member).current()
    for report in reports.select_related("member").prefetch_related("passages").order_by("pk"):
        yield from entries_of_report(report)


def entries_of_report(report: Report) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a published report, in each working language: what people wrote in it."""
    passages = list(report.passages.all())
    for lang in WORKING:
        with override(lang):
            texts = (text_in(one.text, lang) for one in passages)
            said = [line for text in texts for part in parts_of(text) for line in part.lines]
            yield {
                "lang": lang,
                "kind": "report",
                "subject_uid": report.uid,
                "title": text_in(report.title, lang),
                "excerpt": said[0][:180] if said else "",
                "path": reverse("report", args=[report.member.slug, report.number]),
                "text": "\n".join(said),
            }
