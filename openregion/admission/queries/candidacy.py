"""Where the candidacy stands, in one page: state, eligibility, conditions, dossier, point of contact."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from openregion.admission.models import Call
from openregion.admission.queries.answers import ConditionLine, Readiness, condition_lines, readiness
from openregion.admission.queries.calls import CallLine, call_line, open_call
from openregion.admission.queries.contact import ContactLine, contact_page
from openregion.admission.queries.dossier import DossierLine, dossier_line, dossiers_of
from openregion.admission.queries.eligibility import EligibilityPage, eligibility_page
from openregion.admission.queries.status import EventLine, Proposal, Status, effective_proposal, event_lines, status_of
from openregion.cycle.models import Cycle
from openregion.cycle.queries import cycle_name, latest_cycle
from openregion.people.models import Member


@dataclass(frozen=True)
class CandidacyPage:
    """The candidacy as everyone reads it; ``open`` is false before a candidacy's cycle is opened."""

    open: bool
    name: str
    cycle_url: str
    opened_on: dt.date | None
    status: Status
    events: tuple[EventLine, ...]
    proposal: Proposal | None
    eligibility: EligibilityPage
    conditions: tuple[ConditionLine, ...]
    ready: Readiness
    call: CallLine | None
    dossiers: tuple[DossierLine, ...]
    contact: ContactLine | None
    can_open_dossier: bool


def candidacy_of(member: Member) -> Cycle | None:
    """Give the candidacy under way, or the last there was; nothing before one is opened."""
    return latest_cycle(member, Cycle.Kind.ADMISSION)


def candidacy_page(member: Member) -> CandidacyPage:
    """Prepare the page of the candidacy."""
    cycle, status, call = candidacy_of(member), status_of(member), open_call(member)
    found = dossiers_of(member).filter(cycle=cycle).order_by("-number") if cycle else ()
    dossiers = tuple(dossier_line(one, member) for one in found)
    lines = condition_lines(member, cycle)
    return CandidacyPage(
        open=cycle is not None,
        name=cycle_name(cycle.kind, cycle.number) if cycle else "",
        cycle_url=reverse("cycle", args=[member.slug, cycle.kind, cycle.number]) if cycle else "",
        opened_on=cycle.opened_on if cycle else None,
        status=status,
        events=event_lines(member),
        proposal=effective_proposal(member, status),
        eligibility=eligibility_page(member, cycle),
        conditions=lines,
        ready=readiness(lines),
        call=call_line(call, member) if call else None,
        dossiers=dossiers,
        contact=contact_page(member).present,
        can_open_dossier=cycle is not None and not status.belongs and _may_follow(dossiers, call),
    )


def _may_follow(dossiers: tuple[DossierLine, ...], call: Call | None) -> bool:
    if not dossiers or dossiers[0].state in ("frozen", "refused"):
        return True
    return dossiers[0].state == "draft" and dossiers[0].working and call is not None
