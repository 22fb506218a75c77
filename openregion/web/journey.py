"""A suggestion's journey: from its words to the evidence, and from a promise back to the voices behind it.

Links point back only (house, "The way through"), so what became of a
suggestion is asked from above, here: findings, responses, commitments,
versions, reports and sheets that point to it. A page asks a fixed number of
questions, however long the chain. Nothing that is not public shows: a finding
or a commitment appears once it is published, an answer as soon as it is given.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.models import Contribution
from openregion.consultation.rules import HIDING_REASONS
from openregion.core import dates
from openregion.monitoring.models import CompletionLevel, Evidence, ProgressUpdate
from openregion.monitoring.queries import worded
from openregion.monitoring.queries.promise import given_behind, step_told
from openregion.monitoring.rules import LEVELS
from openregion.people.rules import today
from openregion.plan.models import (
    Commitment,
    PlanVersion,
    ReasonedResponse,
)
from openregion.plan.queries import DECISIONS
from openregion.web.chain import Chain, promises, reached, walked
from openregion.web.links import broken_links
from openregion.web.queries.voice import Voice, official

__all__ = ["Journey", "Step", "broken_links", "name_of_outcome", "of", "outcome_of", "voices_of"]

DONE, PRESENT, TO_COME, ENDED = "done", "present", "to-come", "ended"
# Decisions after which the Region does nothing more: the line ends honestly.
DEAD_ENDS = frozenset({ReasonedResponse.Decision.NOT_TAKEN_UP, ReasonedResponse.Decision.OUT_OF_SCOPE})
TONES = {"taken-up": "done", "in-part": "done", "not-taken-up": "idle", "out-of-scope": "idle", "published": "done"}
REPORTS_SHOWN = 3  # of each commitment; the others are on its own page
LONGEST_EXCERPT = 320


@dataclass(frozen=True)
class Proof:
    """Something anyone can open that shows that a report is true."""

    title: Voice
    url: str


@dataclass(frozen=True)
class Item:
    """One thing in a step: a finding, an answer, a commitment, a report… with where to read it whole."""

    label: str
    title: Voice | None = None
    url: str = ""
    badge: str = ""
    tone: str = "idle"
    when: dt.date | None = None
    text: Voice | None = None
    aside: str = ""
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True)
class Step:
    """A dated step of the line; one that is to come says whose turn it is."""

    kind: str
    state: str
    title: str
    when: dt.date | None = None
    text: str = ""
    whose: str = ""
    items: tuple[Item, ...] = ()
    more: str = ""
    late: bool = False

    @property
    def mark(self) -> str:
        """The star that goes with the state."""
        if self.late and self.state == PRESENT:
            return "late"
        return "idle" if self.state == ENDED else self.state


@dataclass(frozen=True)
class Journey:
    """What became of a suggestion: one sentence, then the line of its steps.

    ``reaches`` names every public thing the line leads to, as (kind, uid), so
    that the walk forward can be compared with the walk back.
    """

    outcome: str
    outcome_label: str
    tone: str
    sentence: str
    steps: tuple[Step, ...]
    reaches: frozenset[tuple[str, str]]


def of(contribution: Contribution) -> Journey:
    """Tell what became of a contribution, from its arrival to the evidence.

    The contribution comes with its member and consultation. What a visitor may
    read of one that is not published is for the view to decide.
    """
    chain = walked(contribution)
    steps = tuple(_steps(contribution, chain))
    outcome = outcome_of(contribution, chain.latest.decision if chain.latest else "")
    return Journey(
        outcome=outcome,
        outcome_label=name_of_outcome(outcome),
        tone=TONES.get(outcome, "underway" if outcome in {"pending", "waiting"} else "idle"),
        sentence=_sentence(contribution, chain, outcome),
        steps=steps,
        reaches=frozenset(reached(chain)),
    )


def voices_of(commitment: Commitment) -> tuple[Contribution, ...]:
    """Walk back from a commitment to the contributions it rests on, each once, in the order they came.

    It rests on what its last published version cites; on nothing before one is published.
    """
    stated = promises([commitment]).get(commitment.pk)
    return tuple(given_behind(commitment.plan.cycle.member, stated).order_by("pk")) if stated else ()


def outcome_of(contribution: Contribution, decision: str) -> str:
    """Name in one code what became of a contribution, of which ``decision`` is the latest answer or nothing."""
    if contribution.withdrawn_at:
        return "withdrawn"
    if contribution.moderation != Contribution.Moderation.PUBLISHED:
        return str(contribution.moderation)
    if contribution.kind == Contribution.Kind.COMMENT:
        return "published"
    return decision or "waiting"


def name_of_outcome(outcome: str) -> str:
    """Say in a word or two what became of a contribution."""
    if outcome in DECISIONS:
        return str(DECISIONS[outcome])
    return {
        "waiting": _("Waiting for an answer"),
        "published": _("Published"),
        "pending": _("Waiting to be read"),
        "hidden": _("Hidden by moderation"),
        "spam": _("Set aside as spam"),
        "withdrawn": _("Withdrawn by its author"),
    }[outcome]


# The line, step by step


def _steps(contribution: Contribution, chain: Chain) -> Iterable[Step]:
    """Draw the line: what is done, what is under way, then what is to come with whose turn it is."""
    yield _received(contribution)
    if contribution.withdrawn_at:
        yield Step(
            "withdrawn",
            ENDED,
            _("Withdrawn by its author"),
            _day(contribution.withdrawn_at),
            text=_("Its words no longer show. The line ends here."),
        )
        return
    moderated = _moderated(contribution)
    yield moderated
    if moderated.state == ENDED or contribution.kind == Contribution.Kind.COMMENT:
        return  # a comment is read under its suggestion, and answered with it
    rest = _after_moderation(chain)
    waiting = moderated.state == PRESENT
    for step in rest:
        if step.state == PRESENT and waiting:
            step = replace(step, state=TO_COME)
        waiting = waiting or step.state == PRESENT
        yield step


def _after_moderation(chain: Chain) -> Iterable[Step]:
    if chain.findings:
        yield _gathered(chain)
    elif not chain.responses:
        yield Step(
            "gathered",
            PRESENT,
            _("Gathered with similar suggestions"),
            whose=_("The Region's team reads it next, beside what others said."),
        )
    if chain.reports:
        yield _told(chain)
    yield _answered(chain)
    latest = chain.latest
    if latest and latest.decision in DEAD_ENDS and not chain.commitments:
        return
    yield _promised(chain)
    yield _in_the_plan(chain)
    yield _reported(chain)
    yield _completed(chain)


def _received(contribution: Contribution) -> Step:
    consultation = contribution.consultation
    return Step(
        "received",
        DONE,
        _("Received"),
        _day(contribution.received_at),
        items=(
            Item(
                label=_("In the consultation"),
                title=official(consultation.title),
                url=reverse("consultation", args=[contribution.member.slug, consultation.slug]),
            ),
        ),
    )


def _moderated(contribution: Contribution) -> Step:
    when = _day(contribution.moderated_at) if contribution.moderated_at else None
    states = Contribution.Moderation
    if contribution.moderation == states.PUBLISHED:
        return Step("published", DONE, _("Published by moderation"), when)
    if contribution.moderation == states.HIDDEN:
        reason = str(HIDING_REASONS.get(contribution.hidden_for, ""))
        return Step("published", ENDED, _("Hidden by moderation"), when, text=reason)
    if contribution.moderation == states.SPAM:
        text = _("It was taken for an advertisement or a machine's message. If it is yours, appeal on this page.")
        return Step("published", ENDED, _("Set aside as spam"), when, text=text)
    whose = _("Moderation reads it next: it publishes it, or says why not.")
    return Step("published", PRESENT, _("Published by moderation"), whose=whose)


def _gathered(chain: Chain) -> Step:
    items = tuple(
        Item(
            label=_("Finding %(number)s") % {"number": one.number},
            title=official(one.title),
            url=reverse("finding", args=[chain.member, one.number]),
            when=_day(one.published_at) if one.published_at else None,
        )
        for one in sorted(chain.findings, key=lambda one: one.number)
    )
    first = min(one.when for one in items if one.when)
    return Step("gathered", DONE, _("Gathered with similar suggestions"), first, items=items)


def _told(chain: Chain) -> Step:
    """Say where it stands in each report of what was said: cited, or listed among what no sentence cites."""
    items = tuple(
        Item(
            label=_("Report %(number)s") % {"number": one.number},
            title=official(one.title),
            url=reverse("report", args=[chain.member, one.number]),
            badge=_("Cited") if one.cited else _("Listed, not cited"),
            tone="done" if one.cited else "idle",
            when=_day(one.published_at),
        )
        for one in chain.reports
    )
    return Step("told", DONE, _("In the reports of what was said"), items[0].when, items=items)


def _answered(chain: Chain) -> Step:
    title = _("Answered in public, with reasons")
    if not chain.responses:
        return Step("answered", PRESENT, title, whose=_("The Region answers: the point of contact gives the answer."))
    items = tuple(_answer(chain, place) for place in range(len(chain.responses)))
    latest = chain.responses[0]
    ends = latest.decision in DEAD_ENDS and not chain.commitments
    more = _("The line ends here, unless the Region changes its mind: a new answer would show above this one.")
    return Step("answered", ENDED if ends else DONE, title, items[0].when, items=items, more=more if ends else "")


def _answer(chain: Chain, place: int) -> Item:
    """Show an answer; one that replaces another says that it is a change of mind."""
    one, before = chain.responses[place], chain.responses[place + 1 : place + 2]
    changed = bool(before) and before[0].decision != one.decision
    return Item(
        label=_("Answer %(number)s") % {"number": one.number},
        url=reverse("response", args=[chain.member, one.number]),
        badge=str(DECISIONS[one.decision]),
        tone=TONES[one.decision],
        when=_day(one.given_at),
        text=official(one.reasons, most=LONGEST_EXCERPT),
        title=official(one.body.name) if one.body else None,
        aside=_("A change of mind: the answer below no longer stands.") if changed else "",
    )


def _promised(chain: Chain) -> Step:
    title = _("Part of a commitment")
    if not chain.commitments:
        return Step(
            "promised",
            PRESENT,
            title,
            whose=_("The team that writes the plan rests a commitment on it, or says why not."),
        )
    items = tuple(
        Item(
            label=_("Commitment %(number)s") % {"number": _number(chain, one)},
            title=_stated(chain, one, "title"),
            url=_commitment(chain, one),
            aside=_("Carried out by: %(unit)s") % {"unit": _stated(chain, one, "unit").text},
        )
        for one in chain.commitments
    )
    return Step("promised", DONE, title, items=items)


def _in_the_plan(chain: Chain) -> Step:
    title = _("Plan adopted by the Council and published")
    versions = {one.pk: one for one in chain.versions.values()}
    if not versions:
        return Step("plan", PRESENT, title, whose=_("The Council votes on the plan, then the Region publishes it."))
    items = tuple(_version(chain, one) for one in sorted(versions.values(), key=lambda one: (one.plan_id, one.number)))
    return Step("plan", DONE, title, items[0].when, items=items)


def _version(chain: Chain, version: PlanVersion) -> Item:
    act = version.deliberation.act if version.deliberation else None
    adopted = act and _("Deliberation no. %(number)s of %(day)s") % {
        "number": act.number,
        "day": dates.day(act.dated_on, _lang()),
    }
    return Item(
        label=_("Plan %(cycle)s, version %(number)s") % {"cycle": version.plan.cycle.number, "number": version.number},
        title=official(worded(json.loads(version.document.content)["title"])),
        url=reverse("plan", args=[chain.member, version.plan.cycle.number]),
        when=_day(version.published_at) if version.published_at else None,
        aside=adopted or "",
    )


def _reported(chain: Chain) -> Step:
    """Show the last reports of each commitment with their proofs; under way until all are complete."""
    title = _("Reports on what is done, with proof")
    items: list[Item] = []
    hidden = 0
    for commitment in chain.commitments:
        updates = chain.updates.get(commitment.pk, [])
        items += [_report(chain, commitment, one) for one in updates[:REPORTS_SHOWN]]
        hidden += max(len(updates) - REPORTS_SHOWN, 0)
    more = ngettext(
        "%(n)s earlier report is on the commitment's page.",
        "%(n)s earlier reports are on the commitment's page.",
        hidden,
    )
    complete = bool(chain.commitments) and all(chain.is_complete(one) for one in chain.commitments)
    latest = max((one.when for one in items if one.when), default=None)
    return Step(
        "progress",
        DONE if complete else PRESENT,
        title,
        latest,
        whose="" if complete else _who_reports(chain),
        items=tuple(items),
        more=more % {"n": hidden} if hidden else "",
        late=chain.late,
    )


def _report(chain: Chain, commitment: Commitment, update: ProgressUpdate) -> Item:
    step, several = step_told(chain.stated[commitment.pk], update), len(chain.commitments) > 1
    told = {"number": _number(chain, commitment), "step": step["number"] if step else 0}
    if step:
        label = _("Commitment %(number)s, activity %(step)s") if several else _("Activity %(step)s")
    elif update.milestone_id:  # an activity that the version does not have
        label = _("Commitment %(number)s")
    else:
        label = _("The whole of commitment %(number)s")
    return Item(
        label=label % told,
        title=official(worded(step["title"])) if step else None,
        url=_commitment(chain, commitment),
        badge=str(LEVELS[update.level]),
        tone="done" if update.level == CompletionLevel.COMPLETE else "underway",
        when=update.as_of,
        text=official(update.text, most=LONGEST_EXCERPT),
        proofs=tuple(Proof(official(one.title), _proof(chain, one)) for one in update.evidence.all()),
    )


def _proof(chain: Chain, evidence: Evidence) -> str:
    return evidence.url or reverse("evidence_file", args=[chain.member, evidence.uid])


def _who_reports(chain: Chain) -> str:
    """Say whose turn it is to report, and by when: the unit whose next activity ends first."""
    due = [(chain.next_end(one), one) for one in chain.commitments if not chain.is_complete(one)]
    if not due:
        return _("The unit that carries out the commitment reports on it.")
    day, commitment = min(due, key=lambda one: (one[0], one[1].pk))
    told = {"unit": _stated(chain, commitment, "unit").text, "day": dates.day(day, _lang())}
    if day < today():
        return _("%(unit)s reports next. What was due on %(day)s is late.") % told
    return _("%(unit)s reports next. The next activity ends on %(day)s.") % told


def _completed(chain: Chain) -> Step:
    title = _("Completion sheet issued")
    items = tuple(
        Item(
            label=_("Sheet %(number)s of commitment %(commitment)s")
            % {"number": sheet.number, "commitment": _number(chain, commitment)},
            url=reverse("sheet", args=[chain.member, commitment.slug, sheet.number]),
            badge=str(LEVELS[sheet.level]),
            tone="done" if sheet.level == CompletionLevel.COMPLETE else "underway",
            when=_day(sheet.issued_at) if sheet.issued_at else None,
        )
        for commitment in chain.commitments
        for sheet in chain.sheets.get(commitment.pk, [])
    )
    if items:
        return Step("sheet", DONE, title, items[0].when, items=items)
    return Step("sheet", PRESENT, title, whose=_("The unit closes its account of the period; the sheet never changes."))


def _sentence(contribution: Contribution, chain: Chain, outcome: str) -> str:
    """Say in one sentence what became of it."""
    if chain.commitments and outcome not in {"withdrawn", "hidden", "spam", "pending"}:
        return _sentence_of_promise(chain)
    day = {"day": dates.day(_day(_last_decided(contribution, chain)), _lang())}
    told = {
        "withdrawn": _("Its author withdrew it on %(day)s."),
        "hidden": _("Moderation hid it on %(day)s, for the reason below."),
        "spam": _("It was set aside as spam on %(day)s."),
        "pending": _("It was received on %(day)s. Nobody has read it yet."),
        "published": _("It was published on %(day)s, under the suggestion that it answers."),
        "taken-up": _("The Region took it up on %(day)s. No published commitment rests on it yet."),
        "in-part": _("The Region took it up in part on %(day)s. No published commitment rests on it yet."),
        "not-taken-up": _("The Region answered on %(day)s that it does not take it up, and says why."),
        "out-of-scope": _("The Region answered on %(day)s that it is out of its scope, and says why."),
    }
    if outcome in told:
        return told[outcome] % day
    return _sentence_of_waiting(contribution, gathered=bool(chain.findings))


def _sentence_of_waiting(contribution: Contribution, *, gathered: bool) -> str:
    since = (timezone.localdate() - _day(contribution.moderated_at or contribution.received_at)).days
    if gathered:
        told = ngettext(
            "It counts in a finding. Published %(n)s day ago, it has no answer yet.",
            "It counts in a finding. Published %(n)s days ago, it has no answer yet.",
            since,
        )
    else:
        told = ngettext(
            "Published %(n)s day ago, it has no answer yet.", "Published %(n)s days ago, it has no answer yet.", since
        )
    return told % {"n": since}


def _sentence_of_promise(chain: Chain) -> str:
    count = len(chain.commitments)
    if count > 1:
        complete = sum(chain.is_complete(one) for one in chain.commitments)
        return _("%(count)s commitments of the plan rest on it. Complete: %(complete)s.") % {
            "count": count,
            "complete": complete,
        }
    one = chain.commitments[0]
    rests = _("Commitment %(number)s of the plan rests on it: %(title)s.") % {
        "number": _number(chain, one),
        "title": _stated(chain, one, "title").text,
    }
    return f"{rests} {_how_far(chain, one)}"


def _how_far(chain: Chain, commitment: Commitment) -> str:
    """Say how far a commitment is: its level, else how many of its activities are complete; and that it is late."""
    steps = chain.stated[commitment.pk]["milestones"]
    if level := chain.level_of(commitment):
        told = _("Completion: %(level)s.") % {"level": LEVELS[level]}  # type: ignore[index]
    elif chain.updates.get(commitment.pk) and steps:
        done = len(steps) - len(chain.open_steps(commitment))
        told = ngettext(
            "%(done)s of its %(n)s activity is complete.", "%(done)s of its %(n)s activities are complete.", len(steps)
        ) % {"done": done, "n": len(steps)}
    else:
        told = _("No report on it yet.")
    return " ".join([told, _("It is late.")]) if chain.late else told


def _last_decided(contribution: Contribution, chain: Chain) -> dt.datetime:
    if contribution.withdrawn_at:
        return contribution.withdrawn_at
    if chain.latest and contribution.moderation == Contribution.Moderation.PUBLISHED:
        return chain.latest.given_at
    return contribution.moderated_at or contribution.received_at


def _stated(chain: Chain, one: Commitment, what: str) -> Voice:
    return official(worded(chain.stated[one.pk][what]))


def _number(chain: Chain, one: Commitment) -> int:
    return int(chain.stated[one.pk]["number"])


def _commitment(chain: Chain, one: Commitment) -> str:
    return reverse("commitment", args=[chain.member, f"{one.plan.cycle.number}-{_number(chain, one)}"])


def _day(at: dt.datetime) -> dt.date:
    return timezone.localdate(at)


def _lang() -> str:
    return get_language() or "fr"
