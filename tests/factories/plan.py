"""Plans being written, invented for tests; ``tests.factories.monitoring`` has the plain rows.

``complete(commitment)`` fills in a sheet whole, in three languages;
``a_plan(member, commitments=30)`` makes a plan with as many commitments.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from openregion.people.models import Member
from openregion.plan import queries
from openregion.plan.models import ActionPlan, Commitment, Indicator, Milestone
from tests.factories.cycle import CycleFactory
from tests.factories.monitoring import CommitmentFactory, PlanFactory
from tests.factories.people import words


def a_plan(member: Member, *, commitments: int = 1, full: bool = False, **fields: Any) -> ActionPlan:
    """Make the plan of a new cycle of this member; ``full`` writes every section and sheet."""
    plan = PlanFactory(cycle=CycleFactory(member=member), **fields)
    for number in range(1, commitments + 1):
        one = CommitmentFactory(plan=plan, number=number)
        if full:
            complete(one)
    if full:
        texts = {one.question.code: trilingual(one.question.code) for one in queries.sections(plan.cycle)}
        ActionPlan.objects.filter(pk=plan.pk).update(sections=texts)
        plan.refresh_from_db()
    return plan


def trilingual(about: str) -> Any:
    """Write a text in the three languages."""
    return words(f"Texte sur {about}.", f"نص حول {about}.", f"Text about {about}.")


def complete(one: Commitment) -> Commitment:
    """Fill in a sheet whole."""
    parts = queries.parts_of_sheet(one.plan.cycle)
    asked = [question for part in parts for question in part.questions]
    one.title = trilingual("le titre")
    one.texts = {
        question.code: trilingual(question.code)
        for question in asked
        if question.kind == "long-text" or question.code == "budget"
    }
    one.values = {question.code: True for question in asked if question.kind == "yes-no"}
    one.problem_kinds, one.policy_areas, one.sector = ["social", "political"], ["open-data", "youth"], "Budget"
    one.contact_name, one.contact_title, one.contact_reach = "Titulaire inventé(e)", "Chef(fe)", "unite@example.ma"
    one.save()
    Milestone.objects.filter(commitment=one).delete()
    for number, title in enumerate(("Délibération annuelle sur le registre", "Registre tenu"), 1):
        Milestone.objects.create(
            commitment=one,
            number=number,
            title=words(title, "مداولة سنوية", "Yearly deliberation on the register"),
            deliverable=trilingual("un livrable"),
            starts_on=dt.date(2026, number, 1),
            ends_on=dt.date(2026, 6 + number, 1),
        )
    Indicator.objects.update_or_create(
        commitment=one,
        defaults={
            "name": trilingual("une mesure"),
            "unit": words("%", "%", "%"),
            "baseline": Decimal("0"),
            "baseline_on": dt.date(2026, 1, 1),
            "target": Decimal("100"),
            "target_on": dt.date(2027, 6, 30),
            "source": trilingual("une source"),
        },
    )
    return Commitment.objects.get(pk=one.pk)
