"""Whole chains played through the deeds: from suggestions to proofs, as people make them.

``Chain(member)`` has a point of contact, a cycle and an open consultation; each
method does one thing of the process and gives back what was made. ``random_chain``
draws one of a size, so that walks can be compared on shapes nobody thought of.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from openregion.consultation.actions import (
    hide_contribution,
    mark_spam,
    open_consultation,
    publish_contribution,
    receive_suggestion,
)
from openregion.consultation.models import Consultation, Contribution
from openregion.cycle.actions import open_cycle, record_deliberation
from openregion.cycle.models import Cycle
from openregion.diagnosis.actions import publish_finding, write_finding
from openregion.diagnosis.models import Finding
from openregion.monitoring.actions import (
    Shown,
    draft_completion_sheet,
    issue_completion_sheet,
    report_progress,
    revise_completion_sheet,
)
from openregion.monitoring.models import CompletionSheet, ProgressUpdate
from openregion.people.actions import record_act
from openregion.people.models import Member, Territory, User
from openregion.plan.actions import (
    Contact,
    Step,
    adopt_plan,
    cite_source,
    draft_commitment,
    draft_plan,
    freeze_plan,
    give_reasoned_response,
    publish_plan,
    revise_commitment,
)
from openregion.plan.models import ActionPlan, Commitment, PlanVersion, ReasonedResponse
from tests.factories.people import BodyFactory, MemberFactory, UserFactory, words
from tests.factories.questions import promised

ROLE = "point-of-contact"


def days_ago(days: int) -> dt.datetime:
    """Give an instant so many days ago."""
    return timezone.now() - dt.timedelta(days=days)


@dataclass
class Chain:
    """What was made so far at a member, each thing through its deed."""

    member: Member = field(default_factory=MemberFactory)
    received: list[Contribution] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)  # by public number
    said: int = 0

    def __post_init__(self) -> None:
        """Appoint the point of contact, open the cycle, ask the public."""
        self.by: User = UserFactory(role=ROLE, at=self.member, password=None)
        self.authority = self.member.authorities.get()
        self.unit = BodyFactory(unit=True, authority=self.authority)
        self.cycle: Cycle = open_cycle(
            member=self.member, kind="plan", opened_on=days_ago(300).date(), by=self.by, at=days_ago(300)
        )
        self.consultation = self.ask("question")
        self.plan: ActionPlan | None = None

    def ask(self, slug: str) -> Consultation:
        """Open a consultation with two themes."""
        themes = [("budget", words("Budget", "الميزانية")), ("eau", words("Eau", "الماء"))]
        closes_at = timezone.now() + dt.timedelta(days=9)
        return open_consultation(
            self.cycle, slug=slug, title=words(f"Question {slug}"), question=words("Que faut-il changer ?"),
            themes=themes, opens_at=days_ago(299), closes_at=closes_at, by=self.by, at=days_ago(299),
            stage="plan-2", **promised(closes_at),
        )  # fmt: skip

    def suggest(self, idea: str = "Une idée", *, lang: str = "fr", publish: bool = True, **more: Any) -> Contribution:
        """Receive a suggestion; published unless said otherwise."""
        given: dict[str, Any] = {"words": {"idea": idea}, "lang": lang, "channel": "online", "at": days_ago(200)} | more
        made = receive_suggestion(given.pop("consultation", self.consultation), **given)
        one = made.contribution
        self.received.append(one)
        self.codes[one.number] = made.code
        return publish_contribution(one, by=self.by, at=days_ago(199)) if publish else one

    def suggest_many(self, many: int, **more: Any) -> list[Contribution]:
        """Receive and publish several."""
        return [self.suggest(f"Idée {number}", **more) for number in range(many)]

    def hide(self, one: Contribution, reason: str = "insult") -> Contribution:
        """Hide a suggestion."""
        return hide_contribution(one, reason=reason, by=self.by, at=days_ago(198))

    def spam(self, one: Contribution) -> Contribution:
        """Set a suggestion aside."""
        return mark_spam(one, by=self.by, at=days_ago(198))

    def _next(self) -> int:
        """Give another number each time, so that nothing is said twice in the same words."""
        self.said += 1
        return self.said

    def gather(self, those: Sequence[Contribution], *, publish: bool = True) -> Finding:
        """Write a finding that cites them; published unless said otherwise."""
        finding = write_finding(
            self.cycle, title=words(f"Constat inventé {self._next()}", "خلاصة متخيلة"),
            synthesis=words("Plusieurs le disent."), contributions=those, by=self.by, at=days_ago(180),
        )  # fmt: skip
        return publish_finding(finding, by=self.by, at=days_ago(179)) if publish else finding

    def answer(
        self, those: Sequence[Contribution], decision: str = "taken-up", *, ago: int = 170, **more: Any
    ) -> ReasonedResponse:
        """Answer them."""
        return give_reasoned_response(
            self.cycle, contributions=those, decision=decision, by=self.by, at=days_ago(ago),
            reasons=words("Pour ces raisons.", f"لهذه الأسباب {self._next()}"), **more,
        )  # fmt: skip

    def promise(self, *sources: Finding | ReasonedResponse, title: str = "Promesse inventée") -> Commitment:
        """Draft a commitment with two activities that rests on these."""
        at = days_ago(150)
        if self.plan is None:
            self.plan = draft_plan(
                self.cycle, title=words("Plan inventé"), starts_on=days_ago(120).date(),
                ends_on=days_ago(-200).date(), by=self.by, at=at,
            )  # fmt: skip
        shared: dict[str, Any] = {
            "title": words(title, "وعد متخيل"), "starts_on": days_ago(120).date(), "ends_on": days_ago(-100).date(),
            "unit": self.unit, "by": self.by, "at": at,
        }  # fmt: skip
        one = draft_commitment(self.plan, **shared)
        steps = [
            Step(words(f"Activité {ends}"), days_ago(120).date(), days_ago(-ends).date(), words("Un livrable"))
            for ends in (40, 90)
        ]
        revise_commitment(
            one, **shared, texts={}, values={}, problem_kinds=[], policy_areas=[], sector="", contact=Contact(),
            steps=steps, measure=None,
        )  # fmt: skip
        for source in sources:
            kind = "finding" if isinstance(source, Finding) else "response"
            cite_source(one, by=self.by, at=at, **{kind: source})
        return one

    def publish(self) -> PlanVersion:
        """Freeze the plan, have the council adopt it, publish it."""
        assert self.plan is not None
        version = freeze_plan(self.plan, by=self.by, at=days_ago(130))
        act = record_act(
            authority=self.authority, member=self.member, kind="deliberation", number=f"{version.pk}/2026",
            dated_on=days_ago(125).date(), title=words("Adoption"), by=self.by, at=days_ago(125),
        )  # fmt: skip
        vote = record_deliberation(self.cycle, act=act, decision="adopted", by=self.by, at=days_ago(125))
        adopt_plan(version, deliberation=vote, by=self.by, at=days_ago(125))
        return publish_plan(version, by=self.by, at=days_ago(124))

    def report(self, one: Commitment, level: str = "limited", *, ago: int = 60, **more: Any) -> ProgressUpdate:
        """Report on a commitment, with a proof."""
        proof = Shown(title=words("Preuve inventée"), url="https://example.org/preuve")
        return report_progress(
            one, level=level, text=words("Voici ce qui est fait."), as_of=days_ago(ago).date(), by=self.by,
            at=days_ago(ago), evidence=[proof], **more,
        )  # fmt: skip

    def close(self, one: Commitment) -> CompletionSheet:
        """Issue a completion sheet."""
        at = days_ago(20)
        sheet = draft_completion_sheet(
            one, starts_on=days_ago(120).date(), ends_on=days_ago(30).date(), level="limited", by=self.by, at=at
        )
        revise_completion_sheet(
            sheet, texts={"results": words("Des résultats.")}, values={}, level="limited", by=self.by, at=at
        )
        return issue_completion_sheet(sheet, by=self.by, at=at)


def random_chain(seed: int) -> tuple[Chain, list[Commitment]]:
    """Play a whole process drawn at random; give it with its commitments, published all."""
    draw = random.Random(seed)
    chain = Chain()
    provinces = list(Territory.objects.of(chain.member)) or [None]  # type: ignore[list-item]
    said = [chain.suggest(f"Idée {n}", province=draw.choice(provinces)) for n in range(draw.randint(4, 10))]
    some = [draw.sample(said, draw.randint(1, len(said))) for _ in range(7)]
    findings = [chain.gather(those, publish=draw.random() < 0.8) for those in some[: draw.randint(1, 3)]]
    decisions = ReasonedResponse.Decision.values
    answers = [chain.answer(those, draw.choice(decisions), ago=170 - n) for n, those in enumerate(some[3:])]
    sources: list[Finding | ReasonedResponse] = [*findings, *answers]
    promised = [chain.promise(*draw.sample(sources, draw.randint(0, 3))) for _ in range(draw.randint(1, 3))]
    chain.publish()
    for one in promised:
        steps = [None, *one.milestones.all()]
        for n in range(draw.randint(0, 4)):
            level = draw.choice(["not-started", "limited", "substantial", "complete"])
            chain.report(one, level, ago=90 - n, milestone=draw.choice(steps))
        if draw.random() < 0.4:
            chain.close(one)
    return chain, promised
