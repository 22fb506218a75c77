"""What waits for someone of the Region, on the home page they come to: their own work, one line an act."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openregion.consultation.models import Contribution
from openregion.cycle.models import Cycle
from openregion.people.models import Appointment, Member, User
from openregion.people.rules import deeds_of, today
from openregion.plan.models import ActionPlan, Commitment
from openregion.plan.queries import answered


@dataclass(frozen=True)
class Task:
    """A piece of work: what it is, how much of it waits, and where it is done."""

    label: str
    waits: str
    address: str


def work_of(user: User | AnonymousUser, member: Member) -> tuple[Task, ...]:
    """List what this person may do here now, with how much of it waits."""
    may = deeds_of(user, member)
    if not may or user.is_anonymous:
        return ()
    given = Contribution.objects.of(member)
    found = []
    if "publish_contribution" in may:
        unread = given.awaiting_moderation().count()
        waits = ngettext("%(n)s to read", "%(n)s to read", unread) % {"n": unread}
        found.append(Task(_("Read what came"), waits, reverse("moderation", args=[member.slug])))
    if "give_reasoned_response" in may:
        countable = given.countable().exclude(moderation="pending")
        waiting = countable.count() - answered(countable).count()
        waits = ngettext("%(n)s without an answer", "%(n)s without an answer", waiting) % {"n": waiting}
        found.append(Task(_("Answer suggestions"), waits, reverse("awaiting_response", args=[member.slug])))
    if "open_consultation" in may:
        found.append(Task(_("Ask a question"), "", reverse("new_consultation", args=[member.slug])))
    if "open_cycle" in may and not Cycle.objects.of(member).exists():
        found.append(Task(_("Open a cycle"), "", reverse("cycles", args=[member.slug])))
    if "draft_commitment" in may:
        for plan in ActionPlan.objects.of(member).select_related("cycle").order_by("-pk")[:1]:
            address = reverse("plan_work", args=[member.slug, plan.cycle.number])
            found.append(Task(_("Write the plan"), "", address))
    if "report_progress" in may:
        found += _sheets_of(user, member)
    return tuple(found)


def _sheets_of(user: User, member: Member) -> list[Task]:
    """List the commitments of the units this person heads."""
    units = Appointment.objects.of(member).held_on(today()).filter(user=user, role="unit-head").values("unit")
    mine = Commitment.objects.of(member).filter(unit__in=units).select_related("plan__cycle").order_by("pk")
    label = _("Report on commitment %(number)s")
    return [
        Task(label % {"number": one.number}, "", reverse("commitment", args=[member.slug, one.slug])) for one in mine
    ]
