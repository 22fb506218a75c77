"""What the people room waits for: seats to fill, mandates that end, contacts and messages that reach nobody."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openregion.core.due import Due
from openregion.people.models import Mandate, Member, OutgoingMail, Seat
from openregion.people.queries.directory import contact_url, unreachable
from openregion.people.queries.offices import words_of

ENDING = dt.timedelta(days=60)
FILLED = ("forum", "plan-team")  # bodies whose empty seats somebody must fill


def due(member: Member, today: dt.date) -> tuple[Due, ...]:
    """List what is due about people, in a fixed number of questions."""
    return (*_ending(member, today), *_vacant(member, today), *_lost(member), *_failed(member))


def _ending(member: Member, today: dt.date) -> tuple[Due, ...]:
    ending = Mandate.objects.of(member).filter(ends_on__range=(today, today + ENDING), seat__body__dissolved_on=None)
    followed = Mandate.objects.filter(seat=OuterRef("seat"), starts_on__gt=OuterRef("starts_on"))
    rows = ending.filter(~Exists(followed)).select_related("seat__body").distinct().order_by("ends_on", "pk")
    return tuple(
        Due(
            key=f"mandate {one.uid}",
            label=_("A mandate ends: %(seat)s, %(body)s")
            % {"seat": words_of(one.seat.title), "body": words_of(one.seat.body.name)},
            url=reverse("body", args=[member.slug, one.seat.body.slug]),
            act=_("Prepare who follows"),
            day=one.ends_on,
            why=_("The day the mandate ends."),
            deed="give_mandate",
        )
        for one in rows
    )


def _vacant(member: Member, today: dt.date) -> tuple[Due, ...]:
    held = Mandate.objects.filter(seat=OuterRef("pk")).filter(Q(ends_on=None) | Q(ends_on__gte=today))
    seats = Seat.objects.of(member).filter(body__kind__in=FILLED, body__dissolved_on=None)
    rows = seats.filter(~Exists(held)).select_related("body").distinct().order_by("body_id", "rank", "pk")
    return tuple(
        Due(
            key=f"seat {one.uid}",
            label=_("A seat is vacant: %(seat)s, %(body)s")
            % {"seat": words_of(one.title), "body": words_of(one.body.name)},
            url=reverse("new_mandate", args=[member.slug, one.uid]),
            act=_("Give this seat"),
            deed="give_mandate",
            duty="civil-society" if one.side == Seat.Side.CIVIL_SOCIETY else "",
        )
        for one in rows
    )


def _lost(member: Member) -> tuple[Due, ...]:
    return tuple(
        Due(
            key=f"contact {one.uid}",
            label=_("A contact cannot be reached: %(name)s") % {"name": one.title},
            url=contact_url(member, one.uid),
            act=_("Correct the contact"),
            act_url=reverse("revise_contact", args=[member.slug, one.uid]),
            why=one.unreachable,
            deed="revise_contact",
        )
        for one in unreachable(member)
    )


def _failed(member: Member) -> tuple[Due, ...]:
    number = OutgoingMail.objects.of(member).filter(state=OutgoingMail.State.FAILED).exclude(to="").count()
    if not number:
        return ()
    label = ngettext("%(number)s message could not be sent", "%(number)s messages could not be sent", number)
    return (
        Due(
            key="failed mails",
            label=label % {"number": number},
            url=reverse("mail_state", args=[member.slug]) + "?state=failed",
            act=_("See why"),
            deed="retry_mail",
        ),
    )
