"""Answering, promising, freezing, adopting, publishing. One deed, one transaction, one line."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from openregion.consultation.actions import tell_authors
from openregion.consultation.models import Contribution, Notice
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import prove_operations
from openregion.cycle.models import Cycle, Deliberation
from openregion.diagnosis.models import Finding
from openregion.people.models import Body, Member, User, new_uid
from openregion.plan import queries, rules
from openregion.plan.models import (
    ActionPlan,
    Commitment,
    CommitmentSource,
    CoveredContribution,
    Indicator,
    Milestone,
    PlanVersion,
    ReasonedResponse,
)
from openregion.record.actions import freeze, index_entry, write_line
from openregion.record.models import JournalLine


@dataclass(frozen=True)
class Step:
    """An activity as it is entered: its days, its title, what it delivers; ``uid`` when it is known already."""

    title: OfficialText
    starts_on: dt.date
    ends_on: dt.date
    deliverable: OfficialText
    uid: str = ""


@dataclass(frozen=True)
class Measure:
    """An indicator as it is entered: from which figure, to which, in which unit, read where."""

    name: OfficialText
    unit: OfficialText
    baseline: Decimal
    baseline_on: dt.date
    target: Decimal
    target_on: dt.date
    source: OfficialText


@dataclass(frozen=True)
class Contact:
    """Who answers for a commitment: public with the office, as annex 2 asks."""

    name: str = ""
    title: str = ""
    reach: str = ""


def _hold(one: Cycle | ActionPlan | Commitment | PlanVersion) -> None:
    """Lock and read again what is being decided: two people who do the same deed at once meet here.

    Its key is left alone, so that rows which point at it may still be written.
    """
    rows: Any = type(one).objects
    one.refresh_from_db(from_queryset=rows.select_for_update(no_key=True))


def _held(contributions: Sequence[Contribution]) -> list[Contribution]:
    """Lock and read again the suggestions to answer: one withdrawn meanwhile is seen. Always in the same order."""
    found = Contribution.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in contributions])
    return list(found.order_by("pk"))


def _line(verb: str, subject: Any, member: Member, by: User, at: dt.datetime, **facts: Any) -> JournalLine:
    return write_line(
        room="plan",
        verb=verb,
        subject_type=type(subject).__name__,
        subject_uid=subject.uid,
        member_code=member.slug,
        by_ref=by.reference,
        at=at,
        facts=facts,
    )


@transaction.atomic
def give_reasoned_response(
    cycle: Cycle,
    *,
    contributions: Sequence[Contribution],
    decision: str,
    reasons: OfficialText,
    by: User,
    at: dt.datetime,
    finding: Finding | None = None,
    body: Body | None = None,
) -> ReasonedResponse:
    """Answer suggestions in public: what was decided, and why.

    A response is never edited. A change of mind is a new response, and the
    page shows them all, latest first (OGP standard 4). Authors who left an
    address are told. Raises ``Refused`` when the rule says no.
    """
    # The member's row is the queue in which numbers are given out, and where the same form sent twice meets itself.
    member = Member.objects.select_for_update(no_key=True).get(pk=cycle.member_id)
    contributions = _held(contributions)
    refuse_if(
        rules.why_not_respond(by, cycle, contributions, decision=decision, reasons=reasons, finding=finding, body=body)
    )
    number = (ReasonedResponse.objects.of(member).aggregate(last=Max("number"))["last"] or 0) + 1
    response = ReasonedResponse.objects.create(
        member=member,
        cycle=cycle,
        number=number,
        decision=decision,
        reasons=reasons,
        finding=finding,
        body=body,
        given_at=at,
    )
    CoveredContribution.objects.bulk_create(
        CoveredContribution(response=response, contribution=one) for one in contributions
    )
    facts = {"number": number, "decision": decision, "suggestions": len(contributions)}
    line = _line("give_reasoned_response", response, member, by, at, **facts)
    prove_operations(cycle, deed="give_reasoned_response", subject_uid=response.uid, parent=line, at=at)
    for entry in queries.entries_of_response(response):
        index_entry(member_code=member.slug, **entry)
    told = {"decision": decision, "response": number}
    tell_authors(contributions, step=Notice.Step.ANSWERED, at=at, facts=told)
    return response


@transaction.atomic
def draft_plan(
    cycle: Cycle, *, title: OfficialText, starts_on: dt.date, ends_on: dt.date, by: User, at: dt.datetime
) -> ActionPlan:
    """Begin the plan of a cycle. Raises ``Refused`` when the rule says no."""
    _hold(cycle)
    refuse_if(rules.why_not_draft_plan(by, cycle, title=title, starts_on=starts_on, ends_on=ends_on))
    plan = ActionPlan.objects.create(cycle=cycle, title=title, starts_on=starts_on, ends_on=ends_on)
    _line("draft_plan", plan, cycle.member, by, at, starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat())
    return plan


@transaction.atomic
def revise_plan(
    plan: ActionPlan,
    *,
    title: OfficialText,
    starts_on: dt.date,
    ends_on: dt.date,
    sections: Mapping[str, OfficialText],
    by: User,
    at: dt.datetime,
) -> ActionPlan:
    """Write the sections of a plan, and its period; frozen versions stay as they were.

    Raises ``Refused`` when the rule says no.
    """
    _hold(plan)
    refuse_if(rules.why_not_revise_plan(by, plan, title=title, starts_on=starts_on, ends_on=ends_on, sections=sections))
    plan.title, plan.starts_on, plan.ends_on = title, starts_on, ends_on
    plan.sections = {code: text for code, text in sections.items() if text}
    plan.save(update_fields=["title", "starts_on", "ends_on", "sections"])
    _line("revise_plan", plan, plan.cycle.member, by, at, sections=len(plan.sections))
    return plan


@transaction.atomic
def draft_commitment(
    plan: ActionPlan,
    *,
    title: OfficialText,
    starts_on: dt.date,
    ends_on: dt.date,
    unit: Body,
    by: User,
    at: dt.datetime,
) -> Commitment:
    """Begin a commitment sheet, and say which unit fills it in. Raises ``Refused`` when the rule says no."""
    _hold(plan)  # the queue in which numbers are given out
    refuse_if(rules.why_not_draft_commitment(by, plan, title=title, starts_on=starts_on, ends_on=ends_on, unit=unit))
    number = (plan.commitments.aggregate(last=Max("number"))["last"] or 0) + 1
    commitment = Commitment.objects.create(
        plan=plan, number=number, title=title, starts_on=starts_on, ends_on=ends_on, unit=unit
    )
    _line("draft_commitment", commitment, plan.cycle.member, by, at, commitment=commitment.slug)
    return commitment


@transaction.atomic
def revise_commitment(
    commitment: Commitment,
    *,
    title: OfficialText,
    starts_on: dt.date,
    ends_on: dt.date,
    unit: Body,
    texts: Mapping[str, OfficialText],
    values: Mapping[str, bool],
    problem_kinds: Sequence[str],
    policy_areas: Sequence[str],
    sector: str,
    contact: Contact,
    steps: Sequence[Step],
    measure: Measure | None,
    by: User,
    at: dt.datetime,
    ogp_id: str = "",
) -> Commitment:
    """Fill in a commitment sheet: annex 2 and OGP's own record from one entry.

    Activities keep their identity as long as they are on the sheet: progress
    already reported stays with them. Raises ``Refused`` when the rule says no.
    """
    _hold(commitment)
    refuse_if(
        rules.why_not_revise_commitment(
            by,
            commitment,
            title=title,
            starts_on=starts_on,
            ends_on=ends_on,
            unit=unit,
            texts=texts,
            values=values,
            problem_kinds=problem_kinds,
            activities={step.uid for step in steps if step.uid},
        )
    )
    commitment.title, commitment.starts_on, commitment.ends_on, commitment.unit = title, starts_on, ends_on, unit
    commitment.texts = {code: text for code, text in texts.items() if text}
    commitment.values = dict(values)
    commitment.problem_kinds, commitment.policy_areas = list(problem_kinds), list(policy_areas)
    commitment.sector, commitment.ogp_id = sector, ogp_id
    commitment.contact_name, commitment.contact_title = contact.name, contact.title
    commitment.contact_reach = contact.reach
    commitment.save()
    _set_steps(commitment, steps)
    if measure is None:
        Indicator.objects.filter(commitment=commitment).delete()
    else:
        Indicator.objects.update_or_create(commitment=commitment, defaults=vars(measure))
    line = _line("revise_commitment", commitment, commitment.plan.cycle.member, by, at, commitment=commitment.slug)
    prove_operations(commitment.plan.cycle, deed="revise_commitment", subject_uid=commitment.uid, parent=line, at=at)
    return commitment


def _set_steps(commitment: Commitment, steps: Sequence[Step]) -> None:
    known = {one.uid: one for one in commitment.milestones.all()}
    kept = {step.uid for step in steps if step.uid}
    commitment.milestones.exclude(uid__in=kept).delete()
    # Numbers are unique: those that stay move out of the way before they take their new place.
    for shift, one in enumerate(commitment.milestones.order_by("number"), 1):
        Milestone.objects.filter(pk=one.pk).update(number=10_000 + shift)
    for number, step in enumerate(steps, 1):
        one = (known.get(step.uid) if step.uid in kept else None) or Milestone(commitment=commitment)
        one.number, one.title, one.deliverable = number, step.title, step.deliverable
        one.starts_on, one.ends_on = step.starts_on, step.ends_on
        one.save()


@transaction.atomic
def cite_source(
    commitment: Commitment,
    *,
    by: User,
    at: dt.datetime,
    finding: Finding | None = None,
    response: ReasonedResponse | None = None,
) -> CommitmentSource:
    """Say which finding, or which answer given, a commitment rests on. Raises ``Refused`` when the rule says no."""
    _hold(commitment)
    refuse_if(rules.why_not_cite(by, commitment, finding=finding, response=response))
    source = CommitmentSource.objects.create(commitment=commitment, finding=finding, response=response, linked_at=at)
    facts = {"finding": finding.number} if finding else {"response": response.number if response else 0}
    _line("cite_source", commitment, commitment.plan.cycle.member, by, at, commitment=commitment.slug, **facts)
    return source


@transaction.atomic
def remove_source(source: CommitmentSource, *, by: User, at: dt.datetime) -> Commitment:
    """Say that a commitment no longer rests on something. Raises ``Refused`` when the rule says no."""
    commitment = source.commitment
    _hold(commitment)
    refuse_if(rules.why_not_remove_source(by, source))
    source.delete()
    _line("remove_source", commitment, commitment.plan.cycle.member, by, at, commitment=commitment.slug)
    return commitment


@transaction.atomic
def freeze_plan(plan: ActionPlan, *, by: User, at: dt.datetime) -> PlanVersion:
    """Freeze the plan as it stands, so that what is voted can be checked by anyone: JSON and its hash.

    Raises ``Refused`` when the rule says no.
    """
    _hold(plan)
    stated = queries.statement_of(plan)
    refuse_if(rules.why_not_freeze(by, plan) or rules.why_not_freeze_again(plan, stated))
    number = (plan.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    member = plan.cycle.member
    document = freeze(
        stated | {"version": number},
        kind="plan",
        subject_type="ActionPlan",
        subject_uid=plan.uid,
        member_code=member.slug,
        at=at,
    )
    version = PlanVersion.objects.create(plan=plan, number=number, document=document, frozen_at=at)
    line = _line("freeze_plan", version, member, by, at, version=number, sha256=document.sha256)
    prove_operations(plan.cycle, deed="freeze_plan", subject_uid=version.uid, parent=line, at=at)
    return version


@transaction.atomic
def adopt_plan(version: PlanVersion, *, deliberation: Deliberation, by: User, at: dt.datetime) -> PlanVersion:
    """Tie a frozen version to the deliberation by which the Council adopted it.

    Raises ``Refused`` when the rule says no.
    """
    _hold(version.plan)  # where two versions that claim the same vote meet
    _hold(version)
    refuse_if(rules.why_not_adopt(by, version, deliberation=deliberation))
    version.deliberation = deliberation
    version.save(update_fields=["deliberation"])
    act = deliberation.act
    facts = {"version": version.number, "number": act.number, "dated_on": act.dated_on.isoformat()}
    line = _line("adopt_plan", version, version.plan.cycle.member, by, at, **facts)
    prove_operations(version.plan.cycle, deed="adopt_plan", subject_uid=version.uid, parent=line, at=at)
    return version


@transaction.atomic
def publish_plan(version: PlanVersion, *, by: User, at: dt.datetime) -> PlanVersion:
    """Publish an adopted version: it is the plan in force from now on.

    The people whose words its commitments rest on, as the version states them,
    are told once of each commitment, however many versions follow. Raises ``Refused`` when the rule says no.
    """
    _hold(version.plan)
    _hold(version)
    refuse_if(rules.why_not_publish_plan(by, version))
    version.published_at = at
    version.save(update_fields=["published_at"])
    member = version.plan.cycle.member
    line = _line("publish_plan", version, member, by, at, version=version.number)
    prove_operations(version.plan.cycle, deed="publish_plan", subject_uid=version.uid, parent=line, at=at)
    stated = json.loads(version.document.content)
    for entry in queries.entries_of_statement(member, stated):
        index_entry(member_code=member.slug, **entry)
    for one in stated["commitments"]:
        facts = {"commitment": f"{stated['cycle']}-{one['number']}"}
        told = Notice.objects.filter(step=Notice.Step.TAKEN_INTO, facts=facts).values("contribution")
        behind = queries.behind_stated(member, one).exclude(reply_to="").exclude(pk__in=told)
        tell_authors(list(behind), step=Notice.Step.TAKEN_INTO, at=at, facts=facts)
    return version


@transaction.atomic
def import_commitments(*, source: str, at: dt.datetime) -> JournalLine:
    """Have a table of published commitments read into the library, which belongs to the instance, under one line.

    Whoever runs the command on the machine does it: no page offers it, and no role lists it.
    """
    return write_line(
        room="plan",
        verb="import_commitments",
        subject_type="PublishedCommitment",
        subject_uid=new_uid(),
        member_code="",
        by_ref="",
        at=at,
        facts={"source": source},
    )
