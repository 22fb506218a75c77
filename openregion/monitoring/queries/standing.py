"""Where promises stand: the level reported last, what is late, until when it is promised now.

Only reports that nothing corrects count. Of several, the one that speaks of the
latest day counts, whenever it was written: a correction of an old report is
written today and says nothing of today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openregion.core.official import OfficialText
from openregion.monitoring.models import CompletionLevel, ProgressUpdate
from openregion.people.models import Member
from openregion.plan.models import ActionPlan

LATE, UNDER_WAY, NOT_STARTED, NO_EVIDENCE, NO_REPORT, COMPLETE = (
    "late",
    "under-way",
    "not-started",
    "no-evidence",
    "no-report",
    "complete",
)
# In the order of the plan at a glance: late first. The words, and the mark that goes with them.
STATES: dict[str, tuple[Promise, str]] = {
    LATE: (gettext_lazy("Late"), "late"),
    UNDER_WAY: (gettext_lazy("Under way"), "underway"),
    NOT_STARTED: (gettext_lazy("Not started"), "idle"),
    NO_EVIDENCE: (gettext_lazy("No evidence available"), "idle"),
    NO_REPORT: (gettext_lazy("No report yet"), "idle"),
    COMPLETE: (gettext_lazy("Complete"), "done"),
}
_BEGUN = (CompletionLevel.LIMITED, CompletionLevel.SUBSTANTIAL, CompletionLevel.COMPLETE)


@dataclass(frozen=True)
class Report:
    """What one report says of a commitment (``milestone_uid`` empty) or of an activity."""

    uid: str
    commitment_uid: str
    milestone_uid: str
    level: str
    as_of: dt.date
    expected_on: dt.date | None
    measure: Decimal | None
    reported_at: dt.datetime


@dataclass(frozen=True)
class Standing:
    """Where one thing stands: its level, as of when, until when it is promised now, since when it is complete."""

    level: str = ""
    as_of: dt.date | None = None
    reported_at: dt.datetime | None = None
    expected_on: dt.date | None = None
    done_on: dt.date | None = None


@dataclass(frozen=True)
class StepStands:
    """An activity as it was promised, and where it stands."""

    uid: str
    number: int
    title: OfficialText
    deliverable: OfficialText
    starts_on: dt.date
    ends_on: dt.date
    standing: Standing
    late: bool

    @property
    def state(self) -> str:
        """Its state: late before anything else."""
        if self.late:
            return LATE
        return _state_of(self.standing.level)

    @property
    def label(self) -> str:
        """The word of its state."""
        return str(STATES[self.state][0])

    @property
    def tone(self) -> str:
        """The mark of its state."""
        return STATES[self.state][1]


@dataclass(frozen=True)
class Stands:
    """A commitment as it was promised, and where it and its activities stand."""

    starts_on: dt.date
    ends_on: dt.date
    whole: Standing
    steps: tuple[StepStands, ...]
    overdue: bool
    late: bool

    @property
    def state(self) -> str:
        """Its state: complete when it was reported so, else late before anything else."""
        levels = {self.whole.level, *(step.standing.level for step in self.steps)}
        if self.whole.level == CompletionLevel.COMPLETE:
            return COMPLETE
        if self.late:
            return LATE
        if levels & set(_BEGUN):
            return UNDER_WAY
        if self.whole.level == CompletionLevel.NO_EVIDENCE:
            return NO_EVIDENCE
        return NOT_STARTED if levels & {CompletionLevel.NOT_STARTED} else NO_REPORT

    @property
    def label(self) -> str:
        """The word of its state."""
        return str(STATES[self.state][0])

    @property
    def tone(self) -> str:
        """The mark of its state."""
        return STATES[self.state][1]

    @property
    def late_steps(self) -> tuple[StepStands, ...]:
        """The activities that are late."""
        return tuple(step for step in self.steps if step.late)

    @property
    def done_steps(self) -> int:
        """How many activities are complete."""
        return sum(step.standing.level == CompletionLevel.COMPLETE for step in self.steps)

    @property
    def reported_at(self) -> dt.datetime | None:
        """When something was last reported, on the whole or on an activity."""
        at = [one.reported_at for one in (self.whole, *(step.standing for step in self.steps)) if one.reported_at]
        return max(at, default=None)

    @property
    def expected_on(self) -> dt.date | None:
        """Until when it is promised now: what the whole says, else the latest of its late activities."""
        if self.whole.expected_on:
            return self.whole.expected_on
        return max((step.standing.expected_on for step in self.late_steps if step.standing.expected_on), default=None)


def reports_of(plan: ActionPlan, member: Member) -> tuple[Report, ...]:
    """Read the reports that count of a plan, in one question, the earliest day first."""
    return _read(ProgressUpdate.objects.of(member).filter(commitment__plan=plan))


def reports_of_plans(plans: Collection[ActionPlan], member: Member) -> dict[int, list[Report]]:
    """Read the reports that count of several plans, by plan, in one question."""
    updates = ProgressUpdate.objects.of(member).filter(commitment__plan__in=plans)
    found: dict[int, list[Report]] = {plan.pk: [] for plan in plans}
    plan_of = dict(updates.values_list("uid", "commitment__plan"))
    for report in _read(updates):
        found[plan_of[report.uid]].append(report)
    return found


def _read(updates: Any) -> tuple[Report, ...]:
    columns = ("uid", "commitment__uid", "milestone__uid", "level", "as_of", "expected_on", "measure", "reported_at")
    rows = updates.standing().order_by("as_of", "reported_at", "pk").values_list(*columns)
    return tuple(Report(uid, of, step or "", *rest) for uid, of, step, *rest in rows)


def standing_of(reports: Iterable[Report], *, until: dt.date | None = None) -> Standing:
    """Say where one thing stands from its reports in order, read up to a day if asked."""
    found = Standing()
    for one in reports:
        if until and one.as_of > until:
            continue
        complete = one.level == CompletionLevel.COMPLETE
        found = Standing(
            level=one.level,
            as_of=one.as_of,
            reported_at=one.reported_at,
            # A new day stands until another is given; what is complete awaits none.
            expected_on=None if complete else one.expected_on or found.expected_on,
            done_on=(found.done_on or one.as_of) if complete else None,
        )
    return found


def stands(stated: Mapping[str, Any], reports: Iterable[Report], today: dt.date) -> Stands:
    """Say where a commitment stands: as a version states it, as reports tell it.

    An activity is late when its planned end is past and it is not complete; a
    commitment that is not complete is late when its own end is past, or when
    one of its activities is late (row D10).
    """
    own = [one for one in reports if one.commitment_uid == stated["uid"]]
    whole = standing_of(one for one in own if not one.milestone_uid)
    steps = tuple(_step(step, own, today) for step in stated["milestones"])
    ends_on = dt.date.fromisoformat(stated["ends_on"])
    complete = whole.level == CompletionLevel.COMPLETE
    return Stands(
        starts_on=dt.date.fromisoformat(stated["starts_on"]),
        ends_on=ends_on,
        whole=whole,
        steps=steps,
        overdue=ends_on < today and not complete,
        late=not complete and (ends_on < today or any(step.late for step in steps)),
    )


def _step(step: Mapping[str, Any], own: Sequence[Report], today: dt.date) -> StepStands:
    standing = standing_of(one for one in own if one.milestone_uid == step["uid"])
    ends_on = dt.date.fromisoformat(step["ends_on"])
    return StepStands(
        uid=step["uid"],
        number=step["number"],
        title=worded(step["title"]),
        deliverable=worded(step["deliverable"]),
        starts_on=dt.date.fromisoformat(step["starts_on"]),
        ends_on=ends_on,
        standing=standing,
        late=ends_on < today and standing.level != CompletionLevel.COMPLETE,
    )


def sentence_of(states: Sequence[str]) -> str:
    """Say in one sentence how many commitments there are, and how many are in each state."""
    order = (COMPLETE, UNDER_WAY, LATE, NOT_STARTED, NO_EVIDENCE, NO_REPORT)
    parts = [_many(state, states.count(state)) for state in order if state in states]
    whole = ngettext("%(number)s commitment", "%(number)s commitments", len(states)) % {"number": len(states)}
    if not parts:
        return _("No commitment yet.")
    return _("%(commitments)s: %(states)s.") % {"commitments": whole, "states": _(", ").join(parts)}


def _many(state: str, count: int) -> str:
    said = {
        COMPLETE: ngettext("%(number)s complete", "%(number)s complete", count),
        UNDER_WAY: ngettext("%(number)s under way", "%(number)s under way", count),
        LATE: ngettext("%(number)s late", "%(number)s late", count),
        NOT_STARTED: ngettext("%(number)s not started", "%(number)s not started", count),
        NO_EVIDENCE: ngettext("%(number)s without evidence", "%(number)s without evidence", count),
        NO_REPORT: ngettext("%(number)s without a report yet", "%(number)s without a report yet", count),
    }
    return said[state] % {"number": count}


def worded(said: Mapping[str, str]) -> OfficialText:
    """Give words that were frozen by language the shape in which templates read official text."""
    return {lang: {"text": text, "at": "", "of": ""} for lang, text in said.items() if text}


def _state_of(level: str) -> str:
    if level in (CompletionLevel.LIMITED, CompletionLevel.SUBSTANTIAL):
        return UNDER_WAY
    return {
        CompletionLevel.COMPLETE: COMPLETE,
        CompletionLevel.NOT_STARTED: NOT_STARTED,
        CompletionLevel.NO_EVIDENCE: NO_EVIDENCE,
    }.get(level, NO_REPORT)  # type: ignore[call-overload]
