"""What the follow-up waits for: reports on promises, and the reports of the monitoring body."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import languages
from openregion.core.due import Due
from openregion.core.official import text_in
from openregion.cycle.queries.clock import Clock, DueDate, NoDay, clock_of
from openregion.guide import queries as guides
from openregion.monitoring.queries.standing import COMPLETE, Report, Stands, reports_of_plans, stands, worded
from openregion.people.models import Appointment, Member
from openregion.plan.models import Commitment, PlanVersion

REFRESH, INCEPTION, END_OF_COMMITMENT = "public-page-refresh", "inception-report", "end-of-commitment-report"
DUTY = "follow-up-and-learning"
# The monitoring body's reports are not kept here yet: an old wait says nothing more.
STILL_TOLD = dt.timedelta(days=60)


def due(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say which promises lack a fresh report, and which reports the monitoring body owes, in plans that run."""
    editions = _published(member, today)
    reports = reports_of_plans([one.plan for one in editions], member)
    if not editions:
        return ()
    told = _Teller(member, today, clock_of(member), _heads(editions, member, today))
    return tuple(line for one in editions for line in told.of_plan(one, reports[one.plan_id]))


def _heads(editions: list[PlanVersion], member: Member, today: dt.date) -> dict[str, int]:
    """Give the head of the unit that answers for each commitment, by its uid, where one person heads it."""
    held = Appointment.objects.of(member).held_on(today).filter(role="unit-head").exclude(unit=None)
    by_unit: dict[int, set[int]] = defaultdict(set)
    for unit, user in held.values_list("unit", "user"):
        by_unit[unit].add(user)
    charged = Commitment.objects.of(member).filter(plan__in=[one.plan_id for one in editions])
    return {
        uid: next(iter(by_unit[unit])) for uid, unit in charged.values_list("uid", "unit") if len(by_unit[unit]) == 1
    }


def _published(member: Member, today: dt.date) -> list[PlanVersion]:
    """Give the version in force of each plan that has not been over for long."""
    found = PlanVersion.objects.of(member).published().filter(plan__ends_on__gte=today - STILL_TOLD)
    latest: dict[int, PlanVersion] = {}
    for one in found.select_related("document", "plan__cycle__member"):
        latest.setdefault(one.plan_id, one)
    return list(latest.values())


@dataclass(frozen=True)
class _Teller:
    """Says what plans wait for; the legal clock is read once for all."""

    member: Member
    today: dt.date
    clock: Clock
    heads: Mapping[str, int]

    def of_plan(self, version: PlanVersion, reports: list[Report]) -> Iterator[Due]:
        """Say what a plan in force waits for."""
        assert version.published_at is not None  # only published ones are read
        published_on = timezone.localdate(version.published_at)
        plan = version.plan
        yield from self._awaited(
            INCEPTION,
            key=f"inception:{plan.uid}",
            label=_("Inception report on the plan"),
            url=reverse("plan", args=[self.member.slug, plan.cycle.number]),
            start=published_on,
            what=_("the publication of the plan"),
        )
        for stated in json.loads(version.document.content)["commitments"]:
            where = stands(stated, reports, self.today)
            slug = f"{plan.cycle.number}-{stated['number']}"
            if where.state == COMPLETE and where.whole.done_on:
                title = {"number": stated["number"], "title": _said(stated)}
                yield from self._awaited(
                    END_OF_COMMITMENT,
                    key=f"ended:{stated['uid']}",
                    label=_("End-of-commitment report on commitment %(number)s: %(title)s") % title,
                    url=reverse("commitment", args=[self.member.slug, slug]),
                    start=where.whole.done_on,
                    what=_("the end of the commitment"),
                )
            elif where.state != COMPLETE and plan.ends_on >= self.today:
                yield self._to_report(stated, where, slug, published_on)

    def _awaited(self, rule: str, *, key: str, label: str, url: str, start: dt.date, what: str) -> Iterator[Due]:
        """Say which report of the monitoring body is awaited, while it is worth saying."""
        by = self._counted(rule, start, what)
        if by is None or self.today > by.day + STILL_TOLD:
            return
        yield Due(
            key=key,
            label=label,
            url=url,
            day=by.day,
            waits_for=_monitor(self.member),
            why=by.sentence,
            estimated=by.estimated,
            duty=DUTY,
        )

    def _to_report(self, stated: Mapping[str, Any], where: Stands, slug: str, published_on: dt.date) -> Due:
        told = where.reported_at
        last = timezone.localdate(told) if told else published_on
        by = self._counted(REFRESH, last, _("the last report") if told else _("the publication of the plan"))
        label = _("Report on commitment %(number)s: %(title)s")
        return Due(
            key=f"report:{stated['uid']}",
            label=label % {"number": stated["number"], "title": _said(stated)},
            url=reverse("new_progress", args=[self.member.slug, slug]),
            act=_("Report"),
            day=by.day if by else None,
            why=by.sentence if by else "",
            estimated=bool(by and by.estimated),
            deed="report_progress",
            assignee=self.heads.get(stated["uid"]),
            duty=DUTY,
        )

    def _counted(self, rule: str, start: dt.date, what: str) -> DueDate | None:
        """Count a delay of the method; nothing where the method of this member has no such rule."""
        try:
            return self.clock.due_date(rule, start=start, what=what)
        except NoDay:
            return None


def _monitor(member: Member) -> str:
    role = guides.role(guides.guide(member.guide_version), "monitor")
    return role.label.in_(get_language() or "fr") if role else _("The monitoring body")


def _said(stated: Mapping[str, Any]) -> str:
    return text_in(worded(stated["title"]), languages.body_lang(get_language() or "fr"))
