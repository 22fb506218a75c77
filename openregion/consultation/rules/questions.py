"""Who may put a question to the public, and when it receives answers."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation
from openregion.cycle.models import Cycle
from openregion.people.models import User
from openregion.people.rules import why_not_allowed

LONGEST_SLUG = 60


RESERVED = {"new"}  # the page that opens a consultation


def why_not_open_consultation(
    by: User, cycle: Cycle, *, slug: str, opens_at: dt.datetime, closes_at: dt.datetime
) -> str:
    """Say why a consultation may not be opened between these instants; empty when it may."""
    if reason := why_not_allowed(by, "open_consultation", cycle.member):
        return reason
    if closes_at <= opens_at:
        return _("A consultation closes after it opens. Choose a later closing day.")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > LONGEST_SLUG:
        return _("The address holds small letters without accents, digits and hyphens, 60 at most.")
    if slug in RESERVED:
        return _("This address is a page of the platform. Choose another one.")
    if Consultation.objects.of(cycle.member).filter(slug=slug).exists():
        return _("A consultation of this address exists already. Choose another address.")
    return ""


def why_not_open(consultation: Consultation, *, at: dt.datetime) -> str:
    """Say why a consultation receives nothing at that instant; empty when it does."""
    if at < consultation.opens_at:
        return _("This consultation is not open yet. Keep your text and come back when it opens.")
    if at >= consultation.closes_at:
        return _("This consultation is closed. Copy your text: the consultations that are open are on the home page.")
    return ""
