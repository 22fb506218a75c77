"""The turns of the process: a member's cycles, their stages and operations, what blocks them, what councils decided."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.core import dates, languages
from openregion.core.official import OfficialText
from openregion.cycle.models import Cycle, Deliberation, Stage
from openregion.cycle.queries.book import differing_texts
from openregion.cycle.queries.council import COUNCIL_DEEDS, DECISIONS, PUBLIC_DELIBERATIONS, is_public_deliberation
from openregion.cycle.queries.days import StageDays, days_of
from openregion.cycle.queries.operations import OperationLine, late_words, operation_lines, written_operations
from openregion.cycle.queries.pinned import book_of, cycle_name, stage_left_behind
from openregion.guide import queries as guides
from openregion.guide.schema import Guide, Text
from openregion.guide.schema import Stage as WrittenStage
from openregion.people.models import Act, Member
from openregion.people.queries import ActLine, act_line

TONES = {"adopted": "done", "rejected": "idle", "postponed": "underway"}


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
class StageLine:
    """A stage of a cycle: its words in the pinned method, its days, its operations, what blocks it in words.

    ``gone`` says that the method the cycle follows now no longer has it.
    """

    code: str
    number: int
    name: Text | OfficialText
    url: str
    days: StageDays
    operations: tuple[OperationLine, ...]
    blocks: tuple[str, ...]
    gone: bool

    @property
    def proved(self) -> int:
        """How many of its operations are proved."""
        return sum(one.state == "done" for one in self.operations)

    @property
    def set_aside(self) -> int:
        """How many of its operations are set aside."""
        return sum(one.state == "set-aside" for one in self.operations)

    @property
    def late(self) -> int:
        """How many of its operations are late."""
        return sum(one.late for one in self.operations)


@dataclass(frozen=True)
class DeliberationLine:
    """What a council decided: the act that carries it, its subject, the decision in words."""

    act: ActLine | None
    title: OfficialText
    url: str
    decision: str
    tone: str


@dataclass(frozen=True)
class CyclePage:
    """A cycle: its stages with their operations, its deliberations, the method it pinned."""

    name: str
    kind: str
    number: int
    opened_on: dt.date
    version: str
    sha256: str
    followed_now: bool
    stages: tuple[StageLine, ...]
    deliberations: tuple[DeliberationLine, ...]
    move_to: tuple[str, ...]

    @property
    def proved(self) -> int:
        """How many operations of the cycle are proved."""
        return sum(stage.proved for stage in self.stages)

    @property
    def operations(self) -> int:
        """How many operations the cycle has."""
        return sum(len(stage.operations) for stage in self.stages)

    @property
    def set_aside(self) -> int:
        """How many operations of the cycle are set aside."""
        return sum(stage.set_aside for stage in self.stages)

    @property
    def late(self) -> int:
        """How many operations of the cycle are late."""
        return sum(stage.late for stage in self.stages)


def cycle_lines(member: Member) -> tuple[CycleLine, ...]:
    """List a member's cycles, the one opened last first."""
    done = Q(operations__proofs__isnull=False, operations__proofs__withdrawn_on=None)
    proved = Count("operations", filter=done, distinct=True)
    whole = Count("operations", distinct=True)
    found = Cycle.objects.of(member).latest_first().annotate(proved=proved, whole=whole).prefetch_related("stages")
    return tuple(_cycle_line(one, member) for one in found)


def _cycle_line(cycle: Cycle, member: Member) -> CycleLine:
    days = {one.code: days_of(one) for one in cycle.stages.all()}
    written = [one for one in book_of(cycle).stages if one.part == cycle.kind]
    return CycleLine(
        name=cycle_name(cycle.kind, cycle.number),
        url=reverse("cycle", args=[member.slug, cycle.kind, cycle.number]),
        opened_on=cycle.opened_on,
        present=tuple(one.short for one in written if one.code in days and days[one.code].state == "present"),
        stages_done=sum(one.state == "done" for one in days.values()),
        stages=len(days),
        proved=cycle.proved,  # type: ignore[attr-defined]
        operations=cycle.whole,  # type: ignore[attr-defined]
    )


def cycle_page(
    cycle: Cycle,
    member: Member,
    *,
    may: Collection[str] = frozenset(),
    warnings: Mapping[str, Sequence[str]] | None = None,
) -> CyclePage:
    """Prepare a cycle's page, in words of the method it pinned.

    ``warnings`` are sentences that other subjects add to what blocks a stage, by
    its code: a session without its file, a delay of the law about to run out.
    """
    book, rows = book_of(cycle), {one.code: one for one in cycle.stages.all()}
    held: dict[str, list[OperationLine]] = defaultdict(list)
    for stage, line in operation_lines(cycle, member, book, for_team=bool(may)):
        held[stage].append(line)
    written = [one for one in book.stages if one.code in rows]
    behind = sorted(set(rows) - {one.code for one in written})
    here = {one.code for one in guides.guide(member.guide_version).stages}
    stages: list[StageLine] = []
    for number, code in enumerate([*(one.code for one in written), *behind], 1):
        told = next((one for one in written if one.code == code), None) or stage_left_behind(cycle, code)
        lines, row = tuple(held[code]), rows[code]
        blocks = _blocks(row, lines, stages[-1] if stages and code not in behind else None, for_team=bool(may))
        stages.append(
            StageLine(
                code=code,
                number=told.number if told and code not in behind else number,
                name=told.short if told else {"fr": {"text": code, "at": "", "of": ""}},
                url=reverse("method_stage", args=[member.slug, code]) if code in here else "",
                days=days_of(row),
                operations=lines,
                blocks=(*blocks, *(warnings or {}).get(code, ())),
                gone=code in behind,
            )
        )
    shown = Q() if set(may) & COUNCIL_DEEDS else PUBLIC_DELIBERATIONS
    found = cycle.deliberations.filter(shown).select_related("act__authority__territory")
    decided = found.order_by("-act__dated_on", "-pk")
    return CyclePage(
        name=cycle_name(cycle.kind, cycle.number),
        kind=cycle.kind,
        number=cycle.number,
        opened_on=cycle.opened_on,
        version=cycle.guide_version,
        sha256=cycle.guide_sha256,
        followed_now=cycle.guide_version == member.guide_version,
        stages=tuple(stages),
        deliberations=tuple(_deliberation_line(one, member) for one in decided),
        move_to=versions_to_move_to(cycle) if "move_cycle" in may else (),
    )


def _blocks(
    stage: Stage, lines: Sequence[OperationLine], before: StageLine | None, *, for_team: bool
) -> tuple[str, ...]:
    """Say in words what keeps a stage from being finished, the gravest first."""
    said, state, lang = [], days_of(stage).state, get_language() or "fr"
    still_open = [one for one in lines if one.open]
    if state == "done" and still_open and stage.ends_on:
        n = len(still_open)
        sentence = ngettext(
            "The stage ended on %(day)s with %(n)s operation still to do.",
            "The stage ended on %(day)s with %(n)s operations still to do.",
            n,
        )
        said.append(sentence % {"day": dates.day(stage.ends_on, lang), "n": n})
    said += [late_words(one.last_day, one.text) for one in lines if one.late and one.last_day]
    if not stage.starts_on and still_open and (before is None or before.days.state != "to-come"):
        said.append(_("This stage has no dates yet."))
    if state == "present" and before and (n := sum(one.open for one in before.operations)):
        sentence = ngettext(
            "%(n)s operation of the stage before is still to do.",
            "%(n)s operations of the stage before are still to do.",
            n,
        )
        said.append(sentence % {"n": n})
    if for_team and state == "present" and (n := sum(not one.charged for one in still_open)):
        sentence = ngettext("%(n)s operation has nobody in charge.", "%(n)s operations have nobody in charge.", n)
        said.append(sentence % {"n": n})
    return tuple(said)


def _deliberation_line(one: Deliberation, member: Member) -> DeliberationLine:
    return DeliberationLine(
        act=act_line(one.act, member),
        title=one.act.title,
        url=reverse("deliberation", args=[member.slug, one.uid]) if is_public_deliberation(one) else "",
        decision=str(DECISIONS[one.decision]),
        tone=TONES[one.decision],
    )


@dataclass(frozen=True)
class MoveDifference:
    """What moving a cycle to another version changes: stages and operations that come, stay behind or are reworded."""

    stages_added: tuple[Text, ...]
    stages_left: tuple[Text, ...]
    added: tuple[Text, ...]
    left: tuple[Text, ...]
    reworded: tuple[tuple[Text, Text], ...]
    differing: tuple[tuple[languages.Language, int], ...]


def is_older(version: str, than: str) -> bool:
    """Say whether a version's name puts it before another: the same name with no number after it, or a lower one."""
    (name, number), (other, theirs) = _numbered(version), _numbered(than)
    return name == other and number < theirs


def _numbered(version: str) -> tuple[str, int]:
    """Part a version's name from the number that follows its year, as in "ma-region-2021-1"; 0 without one."""
    found = re.fullmatch(r"(.+-\d{4})[-.](\d{1,4})", version)
    return (found[1], int(found[2])) if found else (version, 0)


def versions_to_move_to(cycle: Cycle) -> tuple[str, ...]:
    """List the versions of the method that a cycle could follow instead: of the same level, and not the one it has."""
    scope = book_of(cycle).book.scope
    return tuple(
        one
        for one in guides.readable_versions()
        if guides.guide(one).book.scope == scope
        and (one, guides.fingerprint(one)) != (cycle.guide_version, cycle.guide_sha256)
        and not is_older(one, cycle.guide_version)
    )


def move_difference(cycle: Cycle, newer: Guide) -> MoveDifference:
    """Compare the method a cycle follows with the one it would follow, where the cycle is concerned."""
    older = book_of(cycle)
    before, after = (written_operations(book, cycle.kind) for book in (older, newer))
    old, new = (_stages(book, cycle.kind) for book in (older, newer))
    return MoveDifference(
        stages_added=tuple(one.short for code, one in new.items() if code not in old),
        stages_left=tuple(one.short for code, one in old.items() if code not in new),
        added=tuple(one.text for code, (_stage, one) in after.items() if code not in before),
        left=tuple(one.text for code, (_stage, one) in before.items() if code not in after),
        reworded=tuple(
            (before[code][1].text, one.text)
            for code, (_stage, one) in after.items()
            if code in before and before[code][1].text != one.text
        ),
        differing=differing_texts(older, newer),
    )


def _stages(book: Guide, part: str) -> dict[str, WrittenStage]:
    return {one.code: one for one in book.stages if one.part == part}


def stage_of(cycle: Cycle, code: str) -> Stage | None:
    """Find a stage of a cycle by the guide's code; nothing where the cycle has none."""
    return cycle.stages.filter(code=code).select_related("cycle__member").first()


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
