"""What a report states, in the one form that is frozen; and where a suggestion stands in each report."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from openregion.consultation.models import Contribution, Workshop
from openregion.consultation.queries.channels import Ways, given_in_meetings, ways_of
from openregion.consultation.queries.takers import last_count
from openregion.core.official import OfficialText
from openregion.diagnosis.models import Citation, Report
from openregion.diagnosis.queries.findings import readable
from openregion.diagnosis.queries.material import (
    figures_of,
    held_workshops,
    material_of,
    stated_workshop,
    tied_to_none,
)
from openregion.record.models import FrozenDocument

REPORT_KINDS: dict[str, Promise] = {
    "meeting": gettext_lazy("Report of a meeting"),
    "theme": gettext_lazy("Report on a theme"),
    "meetings": gettext_lazy("Synthesis of the meetings"),
    "online": gettext_lazy("Synthesis of what was given outside meetings (online, on paper, with help)"),
    "final": gettext_lazy("Final report"),
}
# The parts of a report, in the order they are read.
SECTIONS: dict[str, Promise] = {
    "who": gettext_lazy("Who spoke"),
    "where": gettext_lazy("Where from"),
    "suggestions": gettext_lazy("What was suggested"),
    "recommendations": gettext_lazy("Recommendations"),
    "priorities": gettext_lazy("Priorities"),
    "disagreements": gettext_lazy("Disagreements"),
    "conclusion": gettext_lazy("Conclusion"),
}


@dataclass(frozen=True)
class Part:
    """A part of a passage as it is laid out: a title, a lesser title, a list, a paragraph."""

    kind: str
    lines: tuple[str, ...]


def parts_of(text: str) -> tuple[Part, ...]:
    """Read the little layout that passages have: "# " and "## " begin titles, a dash begins a line of a list."""
    parts: list[Part] = []
    items: list[str] = []
    for line in [*(line.strip() for line in text.splitlines()), ""]:
        if line.startswith(("– ", "- ")):
            items.append(line[2:].strip())
            continue
        if items:
            parts.append(Part("list", tuple(items)))
            items = []
        marks = len(line) - len(line.lstrip("#"))
        if words := line.lstrip("#").strip():
            parts.append(Part("title" if marks == 1 else "subtitle" if marks else "text", (words,)))
    return tuple(parts)


def material_of_report(report: Report) -> QuerySet[Contribution]:
    """Give the suggestions that a report speaks of, whatever moderation says of them."""
    return material_of(report.consultation, report.kind, workshop=report.workshop, theme=report.theme)


def workshops_of(report: Report) -> QuerySet[Workshop]:
    """Give the workshops held that a report speaks of; a synthesis of what was given outside speaks of none."""
    held = held_workshops(report.consultation)
    if report.kind == Report.Kind.MEETING:
        return held.filter(pk=report.workshop_id or 0)
    return held if report.kind in (Report.Kind.MEETINGS, Report.Kind.FINAL) else held.none()


def figures_of_report(report: Report) -> dict[str, Any]:
    """Count what a report speaks of.

    Beside the figures of its material: how much was given in meetings and
    outside them, where a report joins both; and how much of the meetings' no
    meeting held answers for, so that the reports of meetings and their
    synthesis add up.
    """
    whole, material = report.kind == Report.Kind.FINAL, material_of_report(report)
    workshops = workshops_of(report)
    figures = figures_of(material, report.consultation, workshops=workshops, whole=whole)
    shown = readable(material)
    if whole or report.kind == Report.Kind.THEME:
        ways = ways_of(shown).get(report.consultation_id, Ways())
        figures |= {"in_meetings": ways.in_meetings, "outside_meetings": ways.outside_meetings}
    if whole or report.kind == Report.Kind.MEETINGS:
        figures |= {"tied_to_none": tied_to_none(shown.filter(given_in_meetings()), workshops).count()}
    return figures


def arrived_since(report: Report) -> list[int]:
    """List the numbers of what everyone can read today and a published report could not know of, the first first.

    Approved after an appeal, read late, or placed under its theme since.
    """
    if report.frozen is None:
        return []
    stated = stated_of(report)
    known = {number for one in stated["passages"] for number in one["cites"]} | set(stated["not_cited"])
    readable_now = readable(material_of_report(report)).order_by("number").values_list("number", flat=True)
    return [number for number in readable_now if number not in known]


def uncited_of(report: Report) -> QuerySet[Contribution]:
    """Give the suggestions that a report could cite, and that none of its passages does."""
    cited = Citation.objects.filter(passage__report=report)
    return readable(material_of_report(report)).exclude(pk__in=cited.values("contribution"))


def cited_numbers(report: Report) -> dict[int, list[int]]:
    """List the public numbers that each passage of a report cites, of those that everyone may read."""
    cites: dict[int, list[int]] = defaultdict(list)
    standing = Citation.objects.filter(
        passage__report=report, contribution__moderation="published", contribution__withdrawn_at=None,
        contribution__erased_at=None,
    )  # fmt: skip
    for key, number in standing.order_by("contribution__number").values_list("passage", "contribution__number"):
        cites[key].append(number)
    return cites


def counted_at(report: Report) -> dt.datetime | None:
    """Say as of when a report tells who took part; none for a report that does not tell it.

    The day it was first drafted: its sentences and the count that is frozen with
    it say the same figures, and one that corrects another has the other's words.
    """
    if report.kind not in (Report.Kind.ONLINE, Report.Kind.FINAL):
        return None
    first = report
    while first.replaces:
        first = first.replaces
    return first.drafted_at


def takers_of(report: Report) -> dict[str, Any] | None:
    """Name the count of who took part that a report tells: its day, its people, the SHA-256 of what was written down.

    None where the report does not tell it, or nothing was counted yet.
    """
    at = counted_at(report)
    document = last_count(report.consultation, until=at) if at else None
    if document is None:
        return None
    content = json.loads(document.content)
    return {"counted_on": content["counted_on"], "people": content["people"], "sha256": document.sha256}


def statement_of(report: Report, *, listing: bool = True) -> dict[str, Any]:
    """State a report as it stands: figures, passages with the numbers they cite, numbers that none cites.

    No word of a suggestion is in it: the numbers lead to the words where they are
    kept, so that what its author withdraws or has erased is gone everywhere.
    ``listing`` leaves out the list of what is not cited, which may be long.
    """
    consultation, member = report.consultation, report.member
    cites = cited_numbers(report)
    cited = {number for numbers in cites.values() for number in numbers}
    uncited = uncited_of(report)
    not_cited = list(uncited.order_by("number").values_list("number", flat=True)) if listing else []
    figures = figures_of_report(report)
    return {
        "member": {"code": member.slug, "name": _words(member.name), "invented": member.invented},
        "cycle": {"kind": consultation.cycle.kind, "number": consultation.cycle.number},
        "consultation": {
            "slug": consultation.slug,
            "title": _words(consultation.title),
            "opened_on": _day(consultation.opens_at),
            # What closes at midnight closes the day before.
            "closed_on": _day(consultation.closes_at - dt.timedelta(seconds=1)),
        },
        "number": report.number,
        "kind": report.kind,
        "title": _words(report.title),
        "replaces": report.replaces.number if report.replaces else None,
        "workshop": stated_workshop(report.workshop) if report.workshop else None,
        "theme": {"code": report.theme.code, "name": _words(report.theme.name)} if report.theme else None,
        "takers": takers_of(report),
        "figures": figures | {"cited": len(cited), "not_cited": len(not_cited) if listing else uncited.count()},
        "passages": [
            {
                "uid": one.uid,
                "section": one.section,
                "text": _words(one.text),
                "quotes": one.quotes,
                "drafted": one.drafted,
                "as_given": one.as_given,
                "finding": {"number": one.finding.number, "title": _words(one.finding.title)} if one.finding else None,
                "cites": cites[one.pk],
            }
            for one in report.passages.select_related("finding")
        ],
        "not_cited": not_cited,
    }


def stated_of(report: Report) -> dict[str, Any]:
    """Give what a published report states, from the text that was frozen; a draft as it stands."""
    if report.frozen is None:
        return statement_of(report, listing=False)
    stated: dict[str, Any] = json.loads(report.frozen.content)
    return stated


@dataclass(frozen=True)
class InReport:
    """Where a suggestion stands in a published report: cited there, or listed among those that nothing cites."""

    uid: str
    number: int
    kind: str
    title: OfficialText
    published_at: dt.datetime
    cited: bool


def reports_naming(contribution: Contribution) -> tuple[InReport, ...]:
    """Say in which published reports a suggestion is cited, or listed as not cited; the earliest first.

    A report that a later one corrects is left to the later one. The same few
    questions are asked whatever the number of reports.
    """
    of_it = Report.objects.of(contribution.member).current().filter(consultation=contribution.consultation_id)
    reports = list(of_it.order_by("published_at", "pk"))
    if not reports:
        return ()
    cited = set(
        Citation.objects.filter(contribution=contribution, passage__report__in=reports).values_list(
            "passage__report", flat=True
        )
    )
    listed = _listed([one.frozen_id for one in reports if one.pk not in cited and one.frozen_id])
    return tuple(
        InReport(one.uid, one.number, one.kind, one.title, one.published_at, one.pk in cited)
        for one in reports
        if one.published_at and (one.pk in cited or contribution.number in listed.get(one.frozen_id or 0, frozenset()))
    )


def _listed(documents: Iterable[int]) -> dict[int, frozenset[int]]:
    """Give the numbers that each frozen report lists as cited by nothing."""
    found = FrozenDocument.objects.filter(pk__in=list(documents)).values_list("pk", "content")
    return {key: frozenset(json.loads(content)["not_cited"]) for key, content in found}


def _words(text: OfficialText) -> dict[str, str]:
    return {lang: said["text"] for lang, said in text.items() if said["text"]}


def _day(at: dt.datetime) -> str:
    return timezone.localdate(at).isoformat()
