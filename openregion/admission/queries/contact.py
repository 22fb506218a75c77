"""The official point of contact: who, since when, by which act, and those before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from openregion.admission.models import PointOfContact
from openregion.core.official import OfficialText
from openregion.people.models import Member
from openregion.people.queries import ActLine, act_line


@dataclass(frozen=True)
class ContactLine:
    """A point of contact as published with the office; those before keep their name and dates only."""

    name: str
    function: OfficialText
    email: str
    telephone: str
    starts_on: dt.date
    ends_on: dt.date | None
    act: ActLine | None


@dataclass(frozen=True)
class ContactPage:
    """The point of contact in office, the one named to come, and their predecessors, the latest first."""

    present: ContactLine | None
    before: tuple[ContactLine, ...]


def contact_in_office(member: Member) -> PointOfContact | None:
    """Give the member's point of contact; nothing when none is named."""
    found = PointOfContact.objects.of(member).filter(ends_on=None)
    return found.select_related("act__authority__territory", "appointment__user").first()


def contact_page(member: Member) -> ContactPage:
    """Prepare the public page of the point of contact."""
    found = PointOfContact.objects.of(member).select_related("act__authority__territory")
    lines = [(one, _line(one, member)) for one in found.order_by("-starts_on", "-pk")]
    present = next((line for one, line in lines if one.ends_on is None), None)
    return ContactPage(present, tuple(line for one, line in lines if one.ends_on is not None))


def _line(one: PointOfContact, member: Member) -> ContactLine:
    here = one.ends_on is None
    return ContactLine(
        name=one.name,
        function=one.function,
        email=one.email if here else "",
        telephone=one.telephone if here else "",
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        act=act_line(one.act, member),
    )
