"""All that points to a suggestion, loaded in a fixed number of questions however long the chain."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from openregion.consultation.models import Contribution
from openregion.diagnosis.models import Finding, FindingSource
from openregion.diagnosis.queries import InReport, reports_naming
from openregion.monitoring.models import CompletionLevel, CompletionSheet, ProgressUpdate
from openregion.people.rules import today
from openregion.plan.models import (
    Commitment,
    CoveredContribution,
    PlanVersion,
    ReasonedResponse,
)
from openregion.plan.querysets import VersionQuerySet

_Row = TypeVar("_Row", ProgressUpdate, CompletionSheet)


@dataclass
class Chain:
    """All that points to a contribution, loaded in a fixed number of questions."""

    member: str  # its address
    findings: list[Finding] = field(default_factory=list)
    responses: list[ReasonedResponse] = field(default_factory=list)
    reports: tuple[InReport, ...] = ()  # where it is cited, or listed as not cited
    commitments: list[Commitment] = field(default_factory=list)
    versions: dict[int, PlanVersion] = field(default_factory=dict)  # by commitment: the first that promised it
    stated: dict[int, Mapping[str, Any]] = field(default_factory=dict)  # by commitment: as published last
    updates: dict[int, list[ProgressUpdate]] = field(default_factory=dict)  # by commitment, the latest first
    sheets: dict[int, list[CompletionSheet]] = field(default_factory=dict)

    @property
    def latest(self) -> ReasonedResponse | None:
        """The answer that stands: the last one given."""
        return self.responses[0] if self.responses else None

    def level_of(self, commitment: Commitment) -> str:
        """The level last reported for a commitment as a whole; nothing while nobody has."""
        return next((one.level for one in self.updates.get(commitment.pk, ()) if one.milestone_id is None), "")

    def is_complete(self, commitment: Commitment) -> bool:
        """Whether the commitment as a whole was last reported complete."""
        return self.level_of(commitment) == CompletionLevel.COMPLETE

    def open_steps(self, commitment: Commitment) -> list[Mapping[str, Any]]:
        """The activities promised that are not reported complete, the one that ends first before the others."""
        level: dict[str, str] = {}
        for update in self.updates.get(commitment.pk, []):
            if update.milestone:
                level.setdefault(update.milestone.uid, update.level)
        steps = self.stated[commitment.pk]["milestones"]
        open_ones = [one for one in steps if level.get(one["uid"]) != CompletionLevel.COMPLETE]
        return sorted(open_ones, key=lambda one: (one["ends_on"], one["number"]))

    def next_end(self, commitment: Commitment) -> dt.date:
        """The day on which the first activity that is not complete ends; else the commitment's own."""
        promised = [*self.open_steps(commitment), self.stated[commitment.pk]]
        return dt.date.fromisoformat(promised[0]["ends_on"])

    @property
    def late(self) -> bool:
        """Whether something was due before today and is not complete."""
        return any(not self.is_complete(one) and self.next_end(one) < today() for one in self.commitments)


def walked(contribution: Contribution) -> Chain:
    """Load all that points to a contribution.

    A commitment counts once a published version of its plan holds it, and rests
    on what the last of them cites: what a draft adds or removes is not public.
    """
    sources = FindingSource.objects.filter(contribution=contribution).select_related("finding").order_by("pk")
    gathered = [one.finding for one in sources]
    covered = CoveredContribution.objects.filter(contribution=contribution).select_related("response__body")
    answers = [one.response for one in covered.order_by("-response__given_at", "-response")]
    chain = Chain(contribution.member.slug, [one for one in gathered if one.published_at], answers)
    chain.reports = reports_naming(contribution)
    versions = PlanVersion.objects.of(contribution.member) if gathered or answers else PlanVersion.objects.none()
    first, stated = _promised(versions)
    resting = [uid for uid, one in stated.items() if _rests_on(one, contribution, gathered, answers)]
    held = Commitment.objects.of(contribution.member).filter(uid__in=resting).select_related("plan__cycle")
    chain.commitments = sorted(held, key=lambda one: (one.plan_id, stated[one.uid]["number"]))
    chain.versions = {one.pk: first[one.uid] for one in chain.commitments}
    chain.stated = {one.pk: stated[one.uid] for one in chain.commitments}
    kept = [one.pk for one in chain.commitments]
    updates = ProgressUpdate.objects.standing().filter(commitment__in=kept).select_related("milestone")
    # The report that speaks of the latest day says where a promise stands, whenever it was written.
    updates = updates.order_by("-as_of", "-reported_at", "-pk").prefetch_related("evidence")
    chain.updates = _by_commitment(updates)
    issued = CompletionSheet.objects.issued().filter(commitment__in=kept)
    chain.sheets = _by_commitment(issued.order_by("-issued_at", "-pk"))
    return chain


def promises(commitments: Collection[Commitment]) -> dict[int, Mapping[str, Any]]:
    """Give, for each commitment that was published, what the last version that holds it says of it."""
    versions = PlanVersion.objects.filter(plan__in={one.plan_id for one in commitments})
    _first, stated = _promised(versions)
    return {one.pk: stated[one.uid] for one in commitments if one.uid in stated}


def _promised(versions: VersionQuerySet) -> tuple[dict[str, PlanVersion], dict[str, Mapping[str, Any]]]:
    """Give, by commitment, the first of these versions that promised it to the public, and what the last one says.

    The words that show are the frozen ones: what a unit writes for the next
    version is nobody's promise yet.
    """
    first: dict[str, PlanVersion] = {}
    stated: dict[str, Mapping[str, Any]] = {}
    related = versions.published().select_related("document", "deliberation__act", "plan__cycle")
    for version in related.order_by("number"):
        for one in json.loads(version.document.content)["commitments"]:
            first.setdefault(one["uid"], version)
            stated[one["uid"]] = one
    return first, stated


def _rests_on(
    stated: Mapping[str, Any],
    contribution: Contribution,
    findings: Iterable[Finding],
    responses: Iterable[ReasonedResponse],
) -> bool:
    """Say whether a commitment, as stated, cites one of these. Numbers are a member's own: so are the rows asked."""
    for kind, rows in (("findings", findings), ("responses", responses)):
        own = {one.number for one in rows if one.member_id == contribution.member_id}
        if any(one["number"] in own for one in stated[kind]):
            return True
    return False


def _by_commitment(rows: Iterable[_Row]) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.commitment_id].append(row)
    return found


def reached(chain: Chain) -> Iterable[tuple[str, str]]:
    """Name every public thing the chain leads to, as (kind, uid)."""
    yield from (("finding", one.uid) for one in chain.findings)
    yield from (("response", one.uid) for one in chain.responses)
    yield from (("report", one.uid) for one in chain.reports if one.cited)
    yield from (("commitment", one.uid) for one in chain.commitments)
    yield from (("version", one.uid) for one in chain.versions.values())
    for updates in chain.updates.values():
        yield from (("update", one.uid) for one in updates)
        yield from (("evidence", proof.uid) for one in updates for proof in one.evidence.all())
    yield from (("sheet", one.uid) for sheets in chain.sheets.values() for one in sheets)
