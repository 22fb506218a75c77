"""Whether every link of the chain still holds: the tables compared with the journal and with what was frozen.

The journal cannot be changed, so it is the witness: a finding that was said to
gather nine suggestions and holds eight has lost one, whoever removed it from
the database. What was frozen answers by its hash.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Count, F, Q

from openregion.cycle.models import Deliberation
from openregion.diagnosis.models import Finding, FindingSource
from openregion.monitoring.models import CompletionSheet, Evidence, ProgressUpdate
from openregion.people.models import Member
from openregion.plan.models import Commitment, CommitmentSource, CoveredContribution, PlanVersion, ReasonedResponse
from openregion.record.models import FrozenDocument, JournalLine

# Moderation has read whatever is gathered or answered; what is spam or withdrawn later leaves its links as they were.
UNREAD = Q(contribution__moderation="pending")


@dataclass(frozen=True)
class BrokenLink:
    """A link that does not hold: of what, and what is wrong with it. In English, for the operator."""

    subject: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.wrong}"


@dataclass(frozen=True)
class Checked:
    """How many links were looked at, and those that do not hold."""

    links: int
    broken: tuple[BrokenLink, ...]


def broken_links(member: Member) -> tuple[BrokenLink, ...]:
    """Name every link of a member's chain that does not hold, from suggestions to evidence."""
    found: list[BrokenLink] = []
    for look in (_of_findings, _of_responses, _of_sources, _of_citations, _of_versions, _of_reports, _of_frozen):
        found += look(member)
    return tuple(found)


def checked(member: Member) -> Checked:
    """Look at every link of a member's chain, and count them."""
    counted = (
        FindingSource.objects.filter(finding__member=member),
        CoveredContribution.objects.filter(response__member=member),
        CommitmentSource.objects.filter(commitment__plan__cycle__member=member),
        PlanVersion.objects.of(member),
        ProgressUpdate.objects.of(member),
        Evidence.objects.filter(update_shown__commitment__plan__cycle__member=member),
        CompletionSheet.objects.of(member),
    )
    cited = sum(1 for _ in _cited(member))
    return Checked(cited + sum(rows.count() for rows in counted), broken_links(member))


def _of_findings(member: Member) -> Iterator[BrokenLink]:
    told: Counter[str] = Counter()
    for uid, verb, facts in _lines(member, "write_finding", "add_to_finding", "remove_from_finding"):
        told[uid] += -1 if verb == "remove_from_finding" else int(facts.get("suggestions", 0))
    held = Finding.objects.of(member).annotate(gathers=Count("sources")).order_by("number")
    for uid, number, gathers in held.values_list("uid", "number", "gathers"):
        yield from _compared(f"finding {number}", "suggestions gathered", told[uid], gathers)
    links = FindingSource.objects.filter(finding__member=member)
    wrong = links.filter(~Q(contribution__member=F("finding__member")) | UNREAD).order_by("pk")
    for finding, number in wrong.values_list("finding__number", "contribution__number"):
        yield BrokenLink(f"finding {finding}", f"gathers suggestion {number}, unread or of another member")


def _of_responses(member: Member) -> Iterator[BrokenLink]:
    told = {uid: int(facts.get("suggestions", 0)) for uid, _, facts in _lines(member, "give_reasoned_response")}
    held = ReasonedResponse.objects.of(member).annotate(answers=Count("covers")).order_by("number")
    for uid, number, answers in held.values_list("uid", "number", "answers"):
        yield from _compared(f"response {number}", "suggestions answered", told.pop(uid, 0), answers)
    yield from (BrokenLink(f"response {uid}", "is in the journal and no longer in its table") for uid in told)
    links = CoveredContribution.objects.filter(response__member=member)
    wrong = links.filter(~Q(contribution__member=F("response__member")) | UNREAD).order_by("pk")
    for response, number in wrong.values_list("response__number", "contribution__number"):
        yield BrokenLink(f"response {response}", f"answers suggestion {number}, unread or of another member")
    astray = ReasonedResponse.objects.of(member).exclude(finding=None).exclude(finding__member=member)
    for number in astray.values_list("number", flat=True):
        yield BrokenLink(f"response {number}", "rests on a finding of another member")


def _of_sources(member: Member) -> Iterator[BrokenLink]:
    told: Counter[str] = Counter()
    for uid, verb, _ in _lines(member, "cite_source", "remove_source"):
        told[uid] += 1 if verb == "cite_source" else -1
    held = Commitment.objects.of(member).select_related("plan__cycle").annotate(cites=Count("sources"))
    for one in held.order_by("plan", "number"):
        yield from _compared(f"commitment {one.slug}", "sources cited", told[one.uid], one.cites)
    links = CommitmentSource.objects.filter(commitment__plan__cycle__member=member)
    theirs = Q(finding__member=member) | Q(response__member=member)
    for link in links.exclude(theirs).select_related("commitment__plan__cycle"):
        yield BrokenLink(f"commitment {link.commitment.slug}", "rests on something of another member")


def _of_citations(member: Member) -> Iterator[BrokenLink]:
    """Look for what the public reads that a promise rests on: whatever its draft became, it is still there."""
    held = {
        "finding": set(Finding.objects.of(member).values_list("number", flat=True)),
        "response": set(ReasonedResponse.objects.of(member).values_list("number", flat=True)),
    }
    for commitment, kind, number in _cited(member):
        if number not in held[kind]:
            yield BrokenLink(f"commitment {commitment}", f"its published version cites {kind} {number}, not held")


def _cited(member: Member) -> Iterator[tuple[str, str, int]]:
    """Give what the version of each plan published last cites: by which commitment, of what kind, its number."""
    latest: dict[int, PlanVersion] = {}
    for version in PlanVersion.objects.of(member).published().select_related("document"):
        latest.setdefault(version.plan_id, version)
    for version in latest.values():
        stated = json.loads(version.document.content)
        for one in stated["commitments"]:
            for kind in ("finding", "response"):
                for source in one[f"{kind}s"]:
                    yield f"{stated['cycle']}-{one['number']}", kind, source["number"]


def _of_versions(member: Member) -> Iterator[BrokenLink]:
    adopted = PlanVersion.objects.of(member).exclude(deliberation=None).select_related("deliberation", "plan__cycle")
    for one in adopted.order_by("pk"):
        vote = one.deliberation
        if vote and (vote.decision != Deliberation.Decision.ADOPTED or vote.cycle_id != one.plan.cycle_id):
            yield BrokenLink(f"plan {one.plan.cycle.number} version {one.number}", "its deliberation does not adopt it")


def _of_reports(member: Member) -> Iterator[BrokenLink]:
    promised = "".join(
        PlanVersion.objects.of(member).exclude(published_at=None).values_list("document__content", flat=True)
    )
    held = ProgressUpdate.objects.of(member).select_related("commitment__plan__cycle", "milestone", "corrects")
    for one in held.order_by("pk"):
        subject = f"report of {one.as_of} on commitment {one.commitment.slug}"
        if f'"uid":"{one.commitment.uid}"' not in promised:
            yield BrokenLink(subject, "no published plan holds this commitment")
        if one.milestone and one.milestone.commitment_id != one.commitment_id:
            yield BrokenLink(subject, "its activity belongs to another commitment")
        if one.corrects and one.corrects.commitment_id != one.commitment_id:
            yield BrokenLink(subject, "it corrects a report on another commitment")
    told = {uid: int(facts.get("evidence", 0)) for uid, _, facts in _lines(member, "report_progress")}
    shown = ProgressUpdate.objects.of(member).filter(uid__in=told).annotate(proofs=Count("evidence"))
    for uid, as_of, proofs in shown.order_by("pk").values_list("uid", "as_of", "proofs"):
        yield from _compared(f"report of {as_of} ({uid})", "proofs", told[uid], proofs)
    files = Evidence.objects.filter(update_shown__commitment__plan__cycle__member=member).exclude(file=None)
    for uid, name in files.order_by("pk").values_list("uid", "file__file"):
        if not default_storage.exists(name):
            yield BrokenLink(f"evidence {uid}", "its file is no longer kept")


def _of_frozen(member: Member) -> Iterator[BrokenLink]:
    frozen = FrozenDocument.objects.filter(member_code=member.slug).order_by("pk")
    for one in frozen.iterator(chunk_size=20):
        if hashlib.sha256(one.content.encode()).hexdigest() != one.sha256:
            yield BrokenLink(f"{one.kind} {one.uid}", "its text no longer has the hash that was printed")


def _compared(subject: str, what: str, told: int, held: int) -> Iterator[BrokenLink]:
    if told != held:
        yield BrokenLink(subject, f"the journal says {told} {what}, its table holds {held}")


def _lines(member: Member, *verbs: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    lines = JournalLine.objects.of(member.slug).filter(verb__in=verbs).order_by("pk")
    return lines.values_list("subject_uid", "verb", "facts").iterator(chunk_size=1000)
