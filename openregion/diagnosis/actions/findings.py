"""Gathering what people said into findings. One deed, one transaction, one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from openregion.consultation.actions import tell_authors
from openregion.consultation.models import Contribution, Notice
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import prove_operations
from openregion.cycle.models import Cycle
from openregion.diagnosis import queries, rules
from openregion.diagnosis.models import Finding, FindingSource
from openregion.people.models import Member, User
from openregion.record.actions import index_entry, write_line
from openregion.record.models import JournalLine


def _hold(finding: Finding) -> None:
    """Lock and read again what is being decided: two people who do the same deed at once meet here."""
    finding.refresh_from_db(from_queryset=Finding.objects.select_for_update(no_key=True))


def _held(contributions: Sequence[Contribution]) -> list[Contribution]:
    """Lock and read again the suggestions to gather: one withdrawn meanwhile is seen. Always in the same order."""
    found = Contribution.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in contributions])
    return list(found.order_by("pk"))


def _line(verb: str, finding: Finding, by: User, at: dt.datetime, **facts: Any) -> JournalLine:
    return write_line(
        room="diagnosis",
        verb=verb,
        subject_type="Finding",
        subject_uid=finding.uid,
        member_code=finding.member.slug,
        by_ref=by.reference,
        at=at,
        facts={"number": finding.number, **facts},
    )


@transaction.atomic
def write_finding(
    cycle: Cycle,
    *,
    title: OfficialText,
    synthesis: OfficialText,
    contributions: Sequence[Contribution],
    by: User,
    at: dt.datetime,
    reference: str = "",
) -> Finding:
    """Say in one place what several people said, each of them cited. Raises ``Refused`` when the rule says no."""
    Member.objects.select_for_update(no_key=True).get(pk=cycle.member_id)  # the queue in which numbers are given out
    contributions = _held(contributions)
    refuse_if(
        rules.why_not_write_finding(
            by, cycle, title=title, synthesis=synthesis, reference=reference, contributions=contributions
        )
    )
    number = (Finding.objects.of(cycle.member).aggregate(last=Max("number"))["last"] or 0) + 1
    finding = Finding.objects.create(
        member=cycle.member,
        cycle=cycle,
        number=number,
        reference=reference,
        title=title,
        synthesis=synthesis,
        written_at=at,
    )
    _gather(finding, contributions, at)
    _line("write_finding", finding, by, at, suggestions=len(contributions))
    return finding


@transaction.atomic
def revise_finding(
    finding: Finding,
    *,
    title: OfficialText,
    synthesis: OfficialText,
    by: User,
    at: dt.datetime,
    reference: str = "",
) -> Finding:
    """Word a finding better; the journal keeps that it changed. Raises ``Refused`` when the rule says no."""
    _hold(finding)
    refuse_if(rules.why_not_revise_finding(by, finding, title=title, synthesis=synthesis, reference=reference))
    finding.title, finding.synthesis, finding.reference = title, synthesis, reference
    finding.save(update_fields=["title", "synthesis", "reference"])
    _line("revise_finding", finding, by, at)
    _make_findable(finding)
    return finding


@transaction.atomic
def add_to_finding(finding: Finding, *, contributions: Sequence[Contribution], by: User, at: dt.datetime) -> Finding:
    """Gather more suggestions under a finding. Raises ``Refused`` when the rule says no."""
    _hold(finding)
    contributions = _held(contributions)
    refuse_if(rules.why_not_add_to_finding(by, finding, contributions))
    added = _gather(finding, contributions, at)
    _line("add_to_finding", finding, by, at, suggestions=added)
    return finding


@transaction.atomic
def remove_from_finding(finding: Finding, *, contribution: Contribution, by: User, at: dt.datetime) -> Finding:
    """Take a suggestion out of a finding that does not say what it says. Raises ``Refused`` when the rule says no."""
    _hold(finding)
    refuse_if(rules.why_not_remove_from_finding(by, finding, contribution))
    finding.sources.filter(contribution=contribution).delete()
    _line("remove_from_finding", finding, by, at, suggestion=contribution.number)
    return finding


@transaction.atomic
def publish_finding(finding: Finding, *, by: User, at: dt.datetime) -> Finding:
    """Let everyone read a finding beside the suggestions it gathers. Raises ``Refused`` when the rule says no."""
    _hold(finding)
    refuse_if(rules.why_not_publish_finding(by, finding))
    finding.published_at = at
    finding.save(update_fields=["published_at"])
    line = _line("publish_finding", finding, by, at)
    prove_operations(finding.cycle, deed="publish_finding", subject_uid=finding.uid, parent=line, at=at)
    _make_findable(finding)
    gathered = Contribution.objects.filter(pk__in=finding.sources.values("contribution")).exclude(reply_to="")
    tell_authors(list(gathered), step=Notice.Step.GATHERED, at=at, facts={"finding": finding.number})
    return finding


def _gather(finding: Finding, contributions: Sequence[Contribution], at: dt.datetime) -> int:
    held = set(finding.sources.values_list("contribution_id", flat=True))
    new = {one.pk: one for one in contributions if one.pk not in held}
    FindingSource.objects.bulk_create(
        FindingSource(finding=finding, contribution=one, gathered_at=at) for one in new.values()
    )
    return len(new)


def _make_findable(finding: Finding) -> None:
    if finding.published_at:
        for entry in queries.entries_of(finding):
            index_entry(member_code=finding.member.slug, **entry)
