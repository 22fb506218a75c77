"""What is done about the point of contact: named by an act, one at a time."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openregion.admission import queries, rules
from openregion.admission.actions.steps import journal, make_findable
from openregion.admission.models import PointOfContact
from openregion.admission.rules.contact import ROLE
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import prove_operations
from openregion.cycle.actions.steps import hold
from openregion.cycle.models import Cycle
from openregion.cycle.queries import latest_cycle
from openregion.people.actions import appoint, end_appointment
from openregion.people.models import Act, Appointment, Member, User


@transaction.atomic
def name_point_of_contact(
    *,
    member: Member,
    name: str,
    function: OfficialText,
    email: str,
    telephone: str,
    act: Act | None,
    starts_on: dt.date,
    by: User,
    at: dt.datetime,
    with_role: bool = False,
    lang: str = "fr",
    site: str = "",
) -> PointOfContact:
    """Name the Region's official point of contact, by an act; the one before ends that day, and the work stays.

    ``with_role`` also lets the person in as point of contact, and ends the role
    of the one before; whoever names must then hold ``appoint``. A person who
    holds the role already keeps it. The operation of the guide is proved.
    Raises ``Refused`` when a rule says no.
    """
    hold(member)
    name, email = name.strip(), email.strip().lower()
    refuse_if(
        rules.why_not_name_point_of_contact(
            by, member, name=name, email=email, act=act, starts_on=starts_on, with_role=with_role
        )
    )
    assert act is not None  # the rule asked for one
    before = PointOfContact.objects.of(member).filter(ends_on=None).select_related("appointment__user").first()
    if before:
        before.ends_on = starts_on
        before.save(update_fields=["ends_on"])
    appointment = _role(member, name, email, act, starts_on, by, at, lang, site) if with_role else None
    named = PointOfContact.objects.create(
        member=member,
        name=name,
        function=function,
        email=email,
        telephone=telephone.strip(),
        act=act,
        appointment=appointment,
        starts_on=starts_on,
    )
    line = journal(
        "name_point_of_contact",
        named,
        member,
        by,
        at,
        starts_on=starts_on.isoformat(),
        act=act.number,
        after=before is not None,
    )
    if with_role and before and before.appointment and before.appointment != appointment:
        _end_role(before.appointment, starts_on, by, at)
    cycle = latest_cycle(member, Cycle.Kind.ADMISSION)
    if cycle:
        prove_operations(cycle, deed="name_point_of_contact", subject_uid=named.uid, parent=line, at=at)
    make_findable(member, queries.entries_of_contact(named))
    return named


def _role(
    member: Member, name: str, email: str, act: Act, starts_on: dt.date, by: User, at: dt.datetime, lang: str, site: str
) -> Appointment:
    """Give the role, unless the person holds it already."""
    held = Appointment.objects.of(member).filter(role=ROLE, ends_on=None, user__email=email).first()
    return held or appoint(
        email=email,
        name=name,
        role=ROLE,
        member=member,
        starts_on=starts_on,
        by=by,
        at=at,
        act=act,
        lang=lang,
        site=site,
    )


def _end_role(appointment: Appointment, on: dt.date, by: User, at: dt.datetime) -> None:
    """End the role of the one before, on the day the next one begins (or its own first day, if that is later)."""
    if appointment.ends_on is None:
        end_appointment(appointment, on=max(on, appointment.starts_on), by=by, at=at)
