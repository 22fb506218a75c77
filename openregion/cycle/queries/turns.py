"""The turns of the process: a member's cycles, their stages, what proves their operations, what councils decided."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from pydantic import ValidationError

from openregion.core import languages
from openregion.core.official import OfficialText
from openregion.core.page import twin
from openregion.cycle.models import Cycle, Deliberation, Stage
from openregion.cycle.models import Proof as ProofRow
from openregion.cycle.queries.book import part_name
from openregion.cycle.queries.days import StageDays, days_of
from openregion.guide import queries as guides
from openregion.guide.schema import Guide, Text
from openregion.people.deeds import label as deed_label
from openregion.people.models import Act, Member
from openregion.people.queries import ActLine, act_line
from openregion.record.models import FrozenDocument, SearchEntry

DECISIONS: dict[str, Promise] = {
    "adopted": gettext_lazy("Adopted"),
    "rejected": gettext_lazy("Rejected"),
    "postponed": gettext_lazy("Postponed"),
}
TONES = {"adopted": "done", "rejected": "idle", "postponed": "underway"}
PROOFS_SHOWN = 3


@dataclass(frozen=True)
class CycleLine:
    """A cycle in the list: how far its stages and its operations are."""

    name: str
    url: str
    opened_on: dt.date
    present: tuple[Text, ...]
    stages_done: int
    stages: int
    proved: int
    operations: int


@dataclass(frozen=True)
class Proof:
    """What proves an operation done: the deed in words, the day, and the page of the thing where it has one."""

    deed: str
    done_on: dt.date
    title: str
    url: str


@dataclass(frozen=True)
class OperationLine:
    """An operation of the pinned method, and what proves it done; nothing yet where ``proofs`` is empty."""

    text: Text
    proofs: tuple[Proof, ...]
    more: int


@dataclass(frozen=True)
class StageLine:
    """A stage of a cycle: its words in the pinned method, its days, its operations."""

    code: str
    number: int
    name: Text
    url: str
    days: StageDays
    operations: tuple[OperationLine, ...]

    @property
    def proved(self) -> int:
        """How many of its operations are proved."""
        return sum(bool(one.proofs) for one in self.operations)


@dataclass(frozen=True)
class DeliberationLine:
    """What a council decided: the act that carries it, its subject, the decision in words."""

    act: ActLine | None
    title: OfficialText
    decision: str
    tone: str


@dataclass(frozen=True)
class CyclePage:
    """A cycle: its stages with their proofs, its deliberations, the method it pinned."""

    name: str
    kind: str
    number: int
    opened_on: dt.date
    version: str
    sha256: str
    followed_now: bool
    stages: tuple[StageLine, ...]
    deliberations: tuple[DeliberationLine, ...]


def cycle_name(kind: str, number: int) -> str:
    """Name a cycle: its part of the process and its number."""
    return _("%(part)s %(number)s") % {"part": part_name(kind), "number": number}


def book_of(cycle: Cycle) -> Guide:
    """Open the method as the cycle pinned it.

    A version still being written may change, or leave, after a cycle was opened:
    then the text frozen with the cycle answers, for that is what it follows. One
    frozen before the schemas changed may no longer be read; today's then answers.
    """
    with suppress(guides.BadGuide):
        if guides.fingerprint(cycle.guide_version) == cycle.guide_sha256:
            return guides.guide(cycle.guide_version)
    return _frozen_book(cycle.method_id, cycle.guide_sha256) or guides.guide(cycle.guide_version)


@lru_cache(maxsize=8)
def _frozen_book(document: int, sha256: str) -> Guide | None:
    content = FrozenDocument.objects.values_list("content", flat=True).get(pk=document)
    try:
        return Guide.model_validate_json(content)
    except ValidationError:
        return None


def cycle_lines(member: Member) -> tuple[CycleLine, ...]:
    """List a member's cycles, the one opened last first."""
    done = Q(operations__proofs__isnull=False, operations__proofs__withdrawn_on=None)
    proved = Count("operations", filter=done, distinct=True)
    found = Cycle.objects.of(member).latest_first().annotate(proved=proved).prefetch_related("stages")
    return tuple(_cycle_line(one, member) for one in found)


def _cycle_line(cycle: Cycle, member: Member) -> CycleLine:
    book = book_of(cycle)
    days = {one.code: days_of(one) for one in cycle.stages.all()}
    written = [one for one in book.stages if one.part == cycle.kind]
    whole = sum(len(procedure.operations) for stage in written for procedure in stage.procedures)
    return CycleLine(
        name=cycle_name(cycle.kind, cycle.number),
        url=reverse("cycle", args=[member.slug, cycle.kind, cycle.number]),
        opened_on=cycle.opened_on,
        present=tuple(one.short for one in written if one.code in days and days[one.code].state == "present"),
        stages_done=sum(one.state == "done" for one in days.values()),
        stages=len(days),
        proved=cycle.proved,  # type: ignore[attr-defined]
        operations=whole,
    )


def cycle_page(cycle: Cycle, member: Member) -> CyclePage:
    """Prepare a cycle's page, in words of the method it pinned."""
    book, days = book_of(cycle), {one.code: days_of(one) for one in cycle.stages.all()}
    proofs = _proofs(cycle, member)
    decided = cycle.deliberations.select_related("act__authority__territory")
    here = {one.code for one in guides.guide(member.guide_version).stages}
    stages = tuple(
        StageLine(
            code=one.code,
            number=one.number,
            name=one.short,
            url=reverse("method_stage", args=[member.slug, one.code]) if one.code in here else "",
            days=days[one.code],
            operations=tuple(
                OperationLine(
                    operation.text,
                    tuple(proofs[operation.code][:PROOFS_SHOWN]),
                    max(0, len(proofs[operation.code]) - PROOFS_SHOWN),
                )
                for procedure in one.procedures
                for operation in procedure.operations
            ),
        )
        for one in book.stages
        if one.code in days
    )
    return CyclePage(
        name=cycle_name(cycle.kind, cycle.number),
        kind=cycle.kind,
        number=cycle.number,
        opened_on=cycle.opened_on,
        version=cycle.guide_version,
        sha256=cycle.guide_sha256,
        followed_now=cycle.guide_version == member.guide_version,
        stages=stages,
        deliberations=tuple(_deliberation_line(one, member) for one in decided.order_by("-act__dated_on", "-pk")),
    )


def _proofs(cycle: Cycle, member: Member) -> dict[str, list[Proof]]:
    """Gather what proves each operation, the earliest first; the index of search knows which things have a page."""
    done = list(ProofRow.objects.filter(operation__cycle=cycle, withdrawn_on=None).select_related("operation"))
    pages = _pages_of(member, {one.subject_uid for one in done})
    gathered: dict[str, list[Proof]] = defaultdict(list)
    for one in done:
        title, url = pages.get(one.subject_uid, ("", ""))
        gathered[one.operation.code].append(Proof(deed_label(one.deed), one.done_on, title, url))
    return gathered


def _pages_of(member: Member, uids: Iterable[str]) -> dict[str, tuple[str, str]]:
    lang = get_language() or "fr"
    entries = SearchEntry.objects.of(member.slug).filter(lang=languages.body_lang(lang), subject_uid__in=list(uids))
    return {uid: (title, twin(path, lang)) for uid, title, path in entries.values_list("subject_uid", "title", "path")}


def _deliberation_line(one: Deliberation, member: Member) -> DeliberationLine:
    return DeliberationLine(
        act=act_line(one.act, member),
        title=one.act.title,
        decision=str(DECISIONS[one.decision]),
        tone=TONES[one.decision],
    )


def stage_of(cycle: Cycle, code: str) -> Stage | None:
    """Find a stage of a cycle by the guide's code; nothing where the cycle has none."""
    return cycle.stages.filter(code=code).select_related("cycle__member").first()


def stage_name(cycle: Cycle, code: str) -> str:
    """Name a stage in the words of the method the cycle pinned."""
    found = guides.stage(book_of(cycle), code)
    return found.short.in_(get_language() or "fr") if found else code


def latest_cycle(member: Member, kind: str = Cycle.Kind.ACTION_PLAN) -> Cycle | None:
    """Give the member's cycle of a kind that was opened last; nothing before one is open."""
    return Cycle.objects.of(member).filter(kind=kind).select_related("member").latest_first().first()


def acts_to_record(member: Member) -> QuerySet[Act]:
    """List the deliberations among a member's acts that no cycle has recorded yet, the latest first."""
    used = Deliberation.objects.of(member).values("act")
    found = Act.objects.of(member).filter(kind=Act.Kind.DELIBERATION).exclude(pk__in=used)
    return found.latest_first()


def operation_words(book: Guide, code: str) -> str:
    """Give an operation in the guide's words; its code where the guide no longer has it."""
    found = next((one for one in guides.operations(book) if one.code == code), None)
    return found.text.in_(get_language() or "fr") if found else code
