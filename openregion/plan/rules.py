"""Who may answer, promise, freeze, adopt and publish, and when. A reason, or an empty string."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.consultation.models import Contribution
from openregion.core.official import OfficialText, says_the_same, text_in
from openregion.cycle.models import Cycle, Deliberation
from openregion.cycle.queries import book_of
from openregion.diagnosis.models import Finding
from openregion.guide import queries as guides
from openregion.people.models import Appointment, Body, Member, User
from openregion.people.rules import today, why_not_allowed
from openregion.plan.models import ActionPlan, Commitment, CommitmentSource, PlanVersion, ReasonedResponse

PROBLEM_KINDS: dict[str, Promise] = {
    "social": gettext_lazy("social"),
    "economic": gettext_lazy("economic"),
    "political": gettext_lazy("political"),
    "environmental": gettext_lazy("environmental"),
}


def why_not_respond(
    by: User,
    cycle: Cycle,
    contributions: Sequence[Contribution],
    *,
    decision: str,
    reasons: OfficialText,
    finding: Finding | None = None,
    body: Body | None = None,
) -> str:
    """Say why someone may not answer these contributions; empty when they may. Reasons are public."""
    if refusal := why_not_allowed(by, "give_reasoned_response", cycle.member):
        return refusal
    if not contributions:
        return _("Choose at least one suggestion to answer.")
    if decision not in ReasonedResponse.Decision.values:
        return _("Say what was decided: taken up, in part, not taken up, or out of scope.")
    if not text_in(reasons, "fr"):
        return _("Say why: the reasons are published, and the people who wrote read them.")
    if any(one.member_id != cycle.member_id for one in contributions):
        return _("One of these suggestions was given to another Region.")
    if any(one.moderation in ("pending", "spam") or one.withdrawn_at for one in contributions):
        return _("Only suggestions that moderation has read, and that their authors have not withdrawn, are answered.")
    if finding and finding.member_id != cycle.member_id:
        return _("This finding belongs to another Region.")
    if twin := _the_same(cycle, contributions, decision, reasons):
        return _("These suggestions have this very answer already: answer %(number)s.") % {"number": twin.number}
    return _why_not_theirs(cycle.member, body)


def why_not_draft_plan(by: User, cycle: Cycle, *, title: OfficialText, starts_on: dt.date, ends_on: dt.date) -> str:
    """Say why a plan may not be begun in a cycle; empty when it may."""
    if refusal := why_not_allowed(by, "draft_plan", cycle.member):
        return refusal
    if cycle.kind != Cycle.Kind.ACTION_PLAN:
        return _("A plan belongs to an action-plan cycle. Open one first.")
    if ActionPlan.objects.filter(cycle=cycle).exists():
        return _("This cycle has its plan already.")
    return _why_not_dated(title, starts_on, ends_on)


def why_not_revise_plan(
    by: User, plan: ActionPlan, *, title: OfficialText, starts_on: dt.date, ends_on: dt.date, sections: Collection[str]
) -> str:
    """Say why a plan may not be written so; empty when it may. What is frozen stays as it was."""
    if refusal := why_not_allowed(by, "revise_plan", plan.cycle.member):
        return refusal
    if unknown := set(sections) - set(sections_of(plan.cycle)):
        return _("The template has no such section: %(codes)s.") % {"codes": ", ".join(sorted(unknown))}
    return _why_not_dated(title, starts_on, ends_on)


def why_not_draft_commitment(
    by: User, plan: ActionPlan, *, title: OfficialText, starts_on: dt.date, ends_on: dt.date, unit: Body
) -> str:
    """Say why a commitment may not be begun; empty when it may."""
    if refusal := why_not_allowed(by, "draft_commitment", plan.cycle.member):
        return refusal
    if refusal := _why_not_dated(title, starts_on, ends_on) or _why_not_theirs(plan.cycle.member, unit):
        return refusal
    # The same form sent twice would leave a twin that nothing takes away; a sheet that was filled in since is no twin.
    begun = plan.commitments.filter(unit=unit, starts_on=starts_on, ends_on=ends_on, texts={}, milestones=None)
    if twin := next((one for one in begun if says_the_same(one.title, title)), None):
        return _("This commitment is begun already, under number %(number)s, and its sheet is still empty.") % {
            "number": twin.number
        }
    return ""


def why_not_fill_in(by: User, commitment: Commitment, *, deed: str) -> str:
    """Say why someone may not fill in this sheet; empty when they may.

    The head of a unit fills in the sheets of that unit (row D4); the team, all of them.
    """
    member = commitment.plan.cycle.member
    if refusal := why_not_allowed(by, deed, member):
        return refusal
    if not _answers_for(by, commitment, member):
        unit = text_in(commitment.unit.name, get_language() or "fr")
        return _("This sheet is filled in by the unit that answers for it: %(unit)s. Write to its head.") % {
            "unit": unit
        }
    return ""


def why_not_revise_commitment(
    by: User,
    commitment: Commitment,
    *,
    title: OfficialText,
    starts_on: dt.date,
    ends_on: dt.date,
    unit: Body,
    texts: Mapping[str, Any],
    values: Mapping[str, Any],
    problem_kinds: Collection[str],
    activities: Collection[str] | None = None,
) -> str:
    """Say why a sheet may not be filled in so; empty when it may.

    ``activities`` are those that stay on the sheet, by their uid; nothing said, all of them do.
    """
    if refusal := why_not_fill_in(by, commitment, deed="revise_commitment"):
        return refusal
    member = commitment.plan.cycle.member
    if unknown := (set(texts) | set(values)) - set(questions_of_commitment(commitment.plan.cycle)):
        return _("The sheet has no such question: %(codes)s.") % {"codes": ", ".join(sorted(unknown))}
    if set(problem_kinds) - set(PROBLEM_KINDS):
        return _("A problem is social, economic, political or environmental. Choose from the list.")
    if unit.pk != commitment.unit_id and why_not_allowed(by, "draft_commitment", member):
        return _("Only those who draft commitments give a sheet to another unit. Ask the team of the plan.")
    if activities is not None and (refusal := _why_not_removed(commitment, activities)):
        return refusal
    return _why_not_dated(title, starts_on, ends_on) or _why_not_theirs(member, unit)


def _why_not_removed(commitment: Commitment, activities: Collection[str]) -> str:
    """Say why an activity may not leave the sheet: once promised in public, what becomes of it is reported on."""
    leaving = commitment.milestones.exclude(uid__in=activities).order_by("number")
    if not leaving:
        return ""
    stated = PlanVersion.objects.filter(plan=commitment.plan_id).published().values_list("document__content", flat=True)
    promised = {
        step["uid"] for content in stated for one in json.loads(content)["commitments"] for step in one["milestones"]
    }
    if step := next((one for one in leaving if one.uid in promised), None):
        return _(
            "Activity %(number)s is in a published version of the plan: it stays on the sheet, "
            "so that what becomes of it is reported. Change its days or its words instead."
        ) % {"number": step.number}
    return ""


def why_not_cite(
    by: User, commitment: Commitment, *, finding: Finding | None, response: ReasonedResponse | None
) -> str:
    """Say why a commitment may not rest on this; empty when it may."""
    if refusal := why_not_fill_in(by, commitment, deed="cite_source"):
        return refusal
    if (finding is None) == (response is None):
        return _("Choose a finding or a response.")
    member = commitment.plan.cycle.member_id
    if (finding and finding.member_id != member) or (response and response.member_id != member):
        return _("This belongs to another Region.")
    if CommitmentSource.objects.filter(commitment=commitment, finding=finding, response=response).exists():
        return _("The commitment cites it already.")
    return ""


def why_not_remove_source(by: User, source: CommitmentSource) -> str:
    """Say why a commitment may not stop resting on something; empty when it may."""
    if refusal := why_not_fill_in(by, source.commitment, deed="remove_source"):
        return refusal
    if not CommitmentSource.objects.filter(pk=source.pk).exists():
        return _("The commitment does not cite it any more.")
    return ""


def why_not_freeze(by: User, plan: ActionPlan) -> str:
    """Say why a plan may not be frozen as it stands; empty when it may. Checks warn, and never block this."""
    if refusal := why_not_allowed(by, "freeze_plan", plan.cycle.member):
        return refusal
    if not plan.commitments.exists():
        return _("A plan without a commitment promises nothing. Add one first.")
    return ""


def why_not_freeze_again(plan: ActionPlan, stated: Mapping[str, Any]) -> str:
    """Say why a plan that says ``stated`` may not be frozen once more; empty when it changed since the last version."""
    last = plan.versions.select_related("document").order_by("-number").first()
    if last is None or json.loads(last.document.content) != {**stated, "version": last.number}:
        return ""
    return _("Nothing has changed since version %(number)s: use that one.") % {"number": last.number}


def why_not_adopt(by: User, version: PlanVersion, *, deliberation: Deliberation) -> str:
    """Say why a deliberation may not adopt a version; empty when it may. The Council adopts (organic law 111-14)."""
    if refusal := why_not_allowed(by, "adopt_plan", version.plan.cycle.member):
        return refusal
    if version.deliberation_id:
        return _("This version is adopted already.")
    if deliberation.cycle_id != version.plan.cycle_id:
        return _("This deliberation belongs to another cycle.")
    if deliberation.decision != Deliberation.Decision.ADOPTED:
        return _("The Council did not adopt it: this deliberation says something else.")
    if deliberation.subject_uid and deliberation.subject_uid != version.uid:
        return _("This deliberation is about something else: what the Council voted is another text.")
    if PlanVersion.objects.filter(deliberation=deliberation).exists():
        return _("This deliberation adopted another version already. Each version has its own vote.")
    if deliberation.act.dated_on < timezone.localdate(version.frozen_at):
        return _("This deliberation is older than the version. What is voted must be frozen before the vote.")
    return ""


def why_not_publish_plan(by: User, version: PlanVersion) -> str:
    """Say why a version may not be published; empty when it may. Only what a council adopted is the plan."""
    if refusal := why_not_allowed(by, "publish_plan", version.plan.cycle.member):
        return refusal
    if version.published_at:
        return _("This version is published already.")
    if version.deliberation_id is None:
        return _("Only a version that the Council adopted is published. Record its deliberation first.")
    if later := PlanVersion.objects.filter(plan=version.plan_id, number__gt=version.number).published().first():
        return _("Version %(number)s, which came after this one, is published already.") % {"number": later.number}
    return ""


def sections_of(cycle: Cycle) -> tuple[str, ...]:
    """List the sections of a plan: the questions of annex 3 and of OGP's plan, by their codes."""
    return _questions_storing(cycle, "action_plan.")


def questions_of_commitment(cycle: Cycle) -> tuple[str, ...]:
    """List the questions of a commitment sheet: those of annex 2 and of OGP's record, by their codes."""
    return _questions_storing(cycle, "commitment.")


def _questions_storing(cycle: Cycle, what: str) -> tuple[str, ...]:
    book = book_of(cycle)
    return tuple(
        dict.fromkeys(
            question.code
            for form in book.forms
            for group in form.groups
            for question in group.questions
            if (question.stores or "").startswith(what)
        )
    )


def _the_same(
    cycle: Cycle, contributions: Sequence[Contribution], decision: str, reasons: OfficialText
) -> ReasonedResponse | None:
    """Find the answer given to these suggestions and no other, in these words: the same form, sent twice."""
    asked = {one.pk for one in contributions}
    given = ReasonedResponse.objects.of(cycle.member).filter(decision=decision, covers__contribution=min(asked))
    return next(
        (
            one
            for one in given
            if says_the_same(one.reasons, reasons)
            and set(one.covers.values_list("contribution_id", flat=True)) == asked
        ),
        None,
    )


def _answers_for(by: User, commitment: Commitment, member: Member) -> bool:
    held = Appointment.objects.of(member).held_on(today()).filter(user=by)
    roles = set(held.values_list("role", flat=True))
    if roles & set(_roles_that(member, "draft_commitment")):
        return True
    return held.filter(role="unit-head", unit=commitment.unit_id).exists()


def _roles_that(member: Member, deed: str) -> tuple[str, ...]:
    return tuple(role.code for role in guides.guide(member.guide_version).roles if deed in role.deeds)


def _why_not_theirs(member: Member, body: Body | None) -> str:
    if body and not Body.objects.of(member).filter(pk=body.pk).exists():
        return _("This body belongs to another Region.")
    return ""


def _why_not_dated(title: OfficialText, starts_on: dt.date, ends_on: dt.date) -> str:
    if not text_in(title, "fr"):
        return _("Give it a title.")
    if ends_on <= starts_on:
        return _("It must end after it starts. Choose a later day.")
    return ""
