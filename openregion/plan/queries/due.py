"""What the plan waits for: answers to give, sheets to fill in, a version to freeze, adopt and publish, its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.models import Contribution
from openregion.core import languages
from openregion.core.due import Due
from openregion.core.official import text_in
from openregion.cycle.models import Deliberation
from openregion.people.models import Member
from openregion.plan.models import ActionPlan, PlanVersion
from openregion.plan.queries.drafting import gaps_of, parts_of_sheet, with_their_rows
from openregion.plan.queries.statement import answered

WEEK = dt.timedelta(days=7)
_VISAS_THAT_LET_ON = (Deliberation.Visa.NOT_ASKED, Deliberation.Visa.GRANTED, Deliberation.Visa.TACIT)


def due(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say what the plan and the answers wait for, in the order one does it."""
    return (*_answers(member), *_of_the_plan(member, today))


def _answers(member: Member) -> Iterator[Due]:
    """Say how many suggestions wait for an answer; the national standard on it gives no delay."""
    countable = Contribution.objects.of(member).countable().exclude(moderation="pending")
    waiting = countable.count() - answered(countable).count()
    if not waiting:
        return
    told = ngettext("Answer %(n)s suggestion", "Answer %(n)s suggestions", waiting)
    yield Due(
        key="responses",
        label=told % {"n": waiting},
        url=reverse("awaiting_response", args=[member.slug]),
        act=_("Give an answer"),
        why=_("Every suggestion has a public answer with its reasons. No rule sets a delay."),
        deed="give_reasoned_response",
        duty="civil-society",
    )


def _of_the_plan(member: Member, today: dt.date) -> Iterator[Due]:
    """Say the next act on the plan that starts last; of the others, only that they end."""
    running = ActionPlan.objects.of(member).filter(ends_on__gte=today - WEEK)
    plans = list(running.select_related("cycle__member", "cycle__method").latest_first())
    for number, plan in enumerate(plans):
        if number == 0:
            yield from _next_act(plan, member, today)
        over = plan.ends_on < today
        yield Due(
            key=f"plan-ends:{plan.uid}",
            label=_("The plan ends: %(title)s") % {"title": _said(plan)},
            url=reverse("plan", args=[member.slug, plan.cycle.number]),
            act=_("Open the plan"),
            day=plan.ends_on,
            done_on=plan.ends_on if over else None,
            why=_("The last day of the plan's own period."),
            deed="draft_plan",
            duty="follow-up-and-learning",
        )


def _next_act(plan: ActionPlan, member: Member, today: dt.date) -> Iterator[Due]:
    found = PlanVersion.objects.filter(plan=plan).select_related("deliberation").order_by("-number").first()
    if found is None:
        yield from _to_write(plan, member)
        return
    at = [member.slug, plan.cycle.number, found.number]
    page = reverse("plan_version", args=at)
    if found.deliberation is None:
        yield Due(
            key=f"plan-adopt:{found.uid}",
            label=_("Have the Council adopt version %(n)s of the plan") % {"n": found.number},
            url=reverse("adopt_plan", args=at),
            act=_("Record the adoption"),
            why=_("A plan is published once the Council has adopted it."),
            deed="adopt_plan",
            duty="government-entities",
        )
    elif found.published_at is None:
        held = found.deliberation.visa not in _VISAS_THAT_LET_ON
        yield Due(
            key=f"plan-publish:{found.uid}",
            label=_("Publish version %(n)s of the plan") % {"n": found.number},
            url=page if held else reverse("publish_plan", args=at),
            act=_("Open the version") if held else _("Publish it"),
            waits_for=_("The administrative authority") if held else "",
            why=_("The Council adopted it; the visa is not given.") if held else _("The Council adopted it."),
            deed="publish_plan",
            duty="civil-society",
        )
    elif (published_on := timezone.localdate(found.published_at)) >= today - WEEK:
        yield Due(
            key=f"plan-publish:{found.uid}",
            label=_("Version %(n)s of the plan is published") % {"n": found.number},
            url=page,
            done_on=published_on,
            deed="publish_plan",
            duty="civil-society",
        )


def _to_write(plan: ActionPlan, member: Member) -> Iterator[Due]:
    """Say which sheets lack answers; when none does, that the plan can be frozen."""
    parts = parts_of_sheet(plan.cycle)
    sheets = list(with_their_rows(plan.commitments.order_by("number")))
    lacking = [one.number for one in sheets if gaps_of(one, parts)]
    if lacking or not sheets:
        told = ngettext("Complete %(n)s commitment sheet", "Complete %(n)s commitment sheets", len(lacking))
        yield Due(
            key=f"sheets:{plan.uid}",
            label=told % {"n": len(lacking)} if lacking else _("Write the commitments of the plan"),
            url=reverse("plan_work", args=[member.slug, plan.cycle.number]),
            act=_("Write the plan"),
            why=_("Sheets that lack answers: %(numbers)s.") % {"numbers": _(", ").join(map(str, lacking))}
            if lacking
            else _("The plan has no commitment yet."),
            deed="revise_commitment",
            duty="government-entities",
        )
        return
    yield Due(
        key=f"plan-freeze:{plan.uid}",
        label=_("Freeze the plan: %(title)s") % {"title": _said(plan)},
        url=reverse("freeze_plan", args=[member.slug, plan.cycle.number]),
        act=_("Freeze it"),
        why=_("Every sheet is complete. What the Council votes is frozen first."),
        deed="freeze_plan",
        duty="government-entities",
    )


def _said(plan: ActionPlan) -> str:
    return text_in(plan.title, languages.body_lang(get_language() or "fr"))
