"""Writing reports of what was said: drafted, edited, cited, published. One deed, one transaction, one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from openregion.consultation.models import Consultation, Contribution, Theme, Workshop
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import prove_operations
from openregion.diagnosis import queries, rules
from openregion.diagnosis.actions.drafting import AT_ONCE, write_draft
from openregion.diagnosis.actions.steps import hold, journal
from openregion.diagnosis.models import Citation, Passage, Report
from openregion.people.models import Member, User
from openregion.record.actions import forget_entry, freeze, index_entry
from openregion.record.models import JournalLine


@transaction.atomic
def draft_report(
    consultation: Consultation,
    *,
    kind: str,
    by: User,
    at: dt.datetime,
    workshop: Workshop | None = None,
    theme: Theme | None = None,
    replaces: Report | None = None,
) -> Report:
    """Begin a report: the platform writes a first draft from what was said, and people go on from there.

    One that ``replaces`` another begins with its words. What a thousand
    suggestions or more are in waits for the worker: its state is then WRITING,
    and ``tasks.begin`` asks for it. Raises ``Refused`` when the rule says no.
    """
    member = consultation.cycle.member
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # the queue in which numbers are given out
    refuse_if(
        rules.why_not_draft_report(by, consultation, kind=kind, workshop=workshop, theme=theme, replaces=replaces)
    )
    report = Report.objects.create(
        member=member,
        consultation=consultation,
        number=_next_number(member),
        kind=kind,
        workshop=workshop,
        theme=theme,
        title=replaces.title if replaces else queries.drafted_title(
            consultation, kind, workshop=workshop, theme=theme, at=at
        ),
        state=Report.State.WRITING,
        drafted_at=at,
        replaces=replaces,
        material=queries.readable(queries.material_of(consultation, kind, workshop=workshop, theme=theme)).count(),
    )  # fmt: skip
    if report.material < AT_ONCE:
        write_draft(report, at=at)
    # Last: from its line on, this deed holds up every other of the member until it ends.
    facts = {"replaces": replaces.number} if replaces else {}
    journal("draft_report", report, member, by, at, number=report.number, kind=kind, **facts)
    return report


@transaction.atomic
def write_passage(
    report: Report,
    *,
    section: str,
    text: OfficialText,
    by: User,
    at: dt.datetime,
    contributions: Sequence[Contribution] = (),
    quotes: bool = False,
    as_given: bool = False,
) -> Passage:
    """Add a passage at the end of a part of a report, with what it cites. Raises ``Refused`` when the rule says no."""
    hold(report)
    refuse_if(
        rules.why_not_write_passage(by, report, section=section, text=text, quotes=quotes, contributions=contributions)
    )
    rank = (report.passages.aggregate(last=Max("rank"))["last"] or 0) + 1
    passage = Passage.objects.create(
        report=report, section=section, rank=rank, text=text, quotes=quotes, as_given=as_given
    )
    _cite(passage, contributions)
    _line("write_passage", passage, by, at, suggestions=len(contributions))
    return passage


@transaction.atomic
def revise_passage(
    passage: Passage,
    *,
    section: str,
    text: OfficialText,
    by: User,
    at: dt.datetime,
    quotes: bool = False,
    as_given: bool = False,
    place: int | None = None,
    seen: str = "",
) -> Passage:
    """Word a passage better, or put it elsewhere: ``place`` is the one it takes in its part, from 1.

    What it cites stays. Raises ``Refused`` when the rule says no.
    """
    hold(passage.report)
    hold(passage)
    refuse_if(rules.why_not_revise_passage(by, passage, section=section, text=text, seen=seen))
    passage.section, passage.text, passage.quotes, passage.as_given = section, text, quotes, as_given
    passage.drafted = False
    passage.save(update_fields=["section", "text", "quotes", "as_given", "drafted"])
    if place is not None:
        _put(passage, place)
    _line("revise_passage", passage, by, at)
    return passage


@transaction.atomic
def remove_passage(passage: Passage, *, by: User, at: dt.datetime) -> Report:
    """Take a passage out of a report; the suggestions it cited keep their pages. Raises ``Refused`` when not."""
    report = passage.report
    hold(report)
    hold(passage)
    refuse_if(rules.why_not_remove_passage(by, passage))
    _line("remove_passage", passage, by, at)
    passage.delete()
    return report


@transaction.atomic
def cite_in_passage(
    passage: Passage,
    *,
    contributions: Sequence[Contribution],
    by: User,
    at: dt.datetime,
    without: Sequence[Contribution] = (),
) -> Passage:
    """Have a passage cite more suggestions, and no longer cite those ``without``.

    The suggestions themselves never change. Raises ``Refused`` when the rule says no.
    """
    hold(passage.report)
    hold(passage)
    refuse_if(rules.why_not_cite_in_passage(by, passage, contributions=contributions, without=without))
    gone, _rows = passage.citations.filter(contribution__in=[one.pk for one in without]).delete()
    added = _cite(passage, contributions)
    _line("cite_in_passage", passage, by, at, suggestions=added, fewer=gone)
    return passage


@transaction.atomic
def publish_report(report: Report, *, by: User, at: dt.datetime, drafts_read: bool = False) -> Report:
    """Let everyone read a report: frozen with its figures, what it cites, and the list of what it does not.

    Whoever publishes says having read what the platform drafted and nobody
    changed (``drafts_read``); the line says how many passages these are. A
    report that corrects another takes its place in search; both stay to be
    read. The final report proves the operations that the guide says. Raises
    ``Refused`` when the rule says no.
    """
    hold(report)
    refuse_if(rules.why_not_publish_report(by, report, at=at, drafts_read=drafts_read))
    stated = queries.statement_of(report)
    report.frozen = freeze(
        stated | {"published_at": at.isoformat()},
        kind="report",
        subject_type="Report",
        subject_uid=report.uid,
        member_code=report.member.slug,
        at=at,
    )
    report.state, report.published_at = Report.State.PUBLISHED, at
    report.save(update_fields=["state", "published_at", "frozen"])
    figures = stated["figures"]
    line = journal(
        "publish_report", report, report.member, by, at, number=report.number, kind=report.kind,
        cited=figures["cited"], published=figures["published"],
        drafted=sum(one["drafted"] for one in stated["passages"]),
    )  # fmt: skip
    if report.kind == Report.Kind.FINAL:
        # Themes and syntheses are joined there, with what the platform received.
        cycle = report.consultation.cycle
        prove_operations(cycle, deed="publish_report", subject_uid=report.uid, parent=line, at=at)
    if report.replaces:
        forget_entry(member_code=report.member.slug, kind="report", subject_uid=report.replaces.uid)
    for entry in queries.entries_of_report(report):
        index_entry(member_code=report.member.slug, **entry)
    return report


@transaction.atomic
def discard_report(report: Report, *, by: User, at: dt.datetime) -> None:
    """Give up a draft: nothing of it stays but its lines in the journal. Raises ``Refused`` when the rule says no."""
    hold(report)
    refuse_if(rules.why_not_discard_report(by, report))
    journal("discard_report", report, report.member, by, at, number=report.number, kind=report.kind)
    report.delete()


def _next_number(member: Member) -> int:
    """Give the next number of a member's series; that of a discarded draft is not given again."""
    last = Report.objects.of(member).aggregate(last=Max("number"))["last"] or 0
    begun = JournalLine.objects.of(member.slug).filter(room="diagnosis", verb="draft_report").count()
    return max(last, begun) + 1


def _line(verb: str, passage: Passage, by: User, at: dt.datetime, **facts: int) -> None:
    report = passage.report
    journal(verb, report, report.member, by, at, number=report.number, section=passage.section, **facts)


def _cite(passage: Passage, contributions: Sequence[Contribution]) -> int:
    held = set(passage.citations.values_list("contribution_id", flat=True))
    new = {one.pk: one for one in contributions if one.pk not in held}
    Citation.objects.bulk_create((Citation(passage=passage, contribution=one) for one in new.values()), batch_size=500)
    return len(new)


def _put(passage: Passage, place: int) -> None:
    """Number the passages of a report anew, this one in its place among those of its part."""
    others = list(passage.report.passages.exclude(pk=passage.pk))
    mates = [one for one in others if one.section == passage.section]
    before = mates[place - 1] if 0 < place <= len(mates) else None
    others.insert(others.index(before) if before else len(others), passage)
    for rank, one in enumerate(others, 1):
        one.rank = rank
    Passage.objects.bulk_update(others, ["rank"])
