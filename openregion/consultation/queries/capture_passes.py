"""The passes of those who take notes without an account: which charge they open, what is said when one is given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import override

from openregion.consultation import capture_passes
from openregion.consultation.capture_passes import last_day_to_send
from openregion.consultation.models import Charge, Contribution, Workshop
from openregion.core import languages
from openregion.core.official import OfficialText
from openregion.core.squares import Squares, squares_of


@dataclass(frozen=True)
class PassPage:
    """What a pass says of itself: of which workshop it opens the page, for which table, until which day."""

    number: int
    title: OfficialText
    when: dt.datetime
    place: OfficialText
    table: int | None
    until: dt.date


@dataclass(frozen=True)
class PassCard:
    """A pass as it is handed over, in the language of the person; lines of its address break between its parts.

    ``squares`` is the same address, for the camera of a telephone.
    """

    page: PassPage
    name: str
    lang: str
    signs: str
    address: tuple[str, ...]
    squares: Squares


@dataclass(frozen=True)
class Brought:
    """How many contributions a pass brought, and how many of them bear a sign of a machine."""

    all: int = 0
    suspect: int = 0


def brought_by_passes(workshop: Workshop) -> dict[str, Brought]:
    """Count what each pass of a workshop brought, by the charge whose pass it is; only the team reads it."""
    begins = capture_passes.source_of(workshop) + ":"
    found = Contribution.objects.filter(
        consultation=workshop.consultation_id, channel=Contribution.Channel.WORKSHOP, source__startswith=begins
    )
    counted = found.order_by().values_list("source").annotate(all=Count("pk"), clean=Count("pk", filter=Q(signals=[])))
    return {source.removeprefix(begins): Brought(n, n - clean) for source, n, clean in counted}


def charge_of_pass(workshop: Workshop, key: str) -> Charge | None:
    """Find whose pass this is at a workshop; nothing for a wrong one, or one of another workshop."""
    if len(tidied := capture_passes.tidy(key)) != capture_passes.LENGTH:
        return None
    return workshop.charges.filter(pass_hash=capture_passes.hashed(tidied)).first()


def charge_brought(request: HttpRequest, workshop: Workshop) -> Charge | None:
    """Give the charge whose pass the browser brings for a workshop, in force or not; the rules tell which.

    It holds the pass as it was brought: one that was replaced since, or whose
    charge has ended, is known by the mark alone, so that the page can say what
    to do with what was typed.
    """
    mark = capture_passes.mark_brought(request)
    if mark is None or mark.workshop != workshop.uid:
        return None
    charge = workshop.charges.filter(uid=mark.charge).first() or Charge(uid=mark.charge, workshop=workshop)
    charge.pass_hash = mark.pass_hash
    return charge


def pass_page(charge: Charge) -> PassPage:
    """Say what a pass opens."""
    meeting = charge.workshop.meeting
    return PassPage(
        number=meeting.number,
        title=meeting.title,
        when=meeting.starts_at,
        place=meeting.place,
        table=charge.table,
        until=last_day_to_send(charge.workshop),
    )


def pass_card(charge: Charge, key: str) -> PassCard:
    """Prepare the pass as it is handed to its person, in the language in which they were invited."""
    guest, meeting = charge.invitation, charge.workshop.meeting
    lang = guest.lang if guest and guest.lang in languages.CODES else "fr"
    where, signs = [meeting.member.slug, meeting.number], capture_passes.grouped(key)
    with override(lang):
        path = reverse("open_capture_pass", args=[*where, signs])
    address = f"{settings.SITE}{path}"
    return PassCard(
        page=pass_page(charge),
        name=guest.name if guest else "",
        lang=lang,
        signs=signs,
        address=tuple(f"{part}/" for part in address.rstrip("/").split("/")),
        squares=squares_of(address),
    )
