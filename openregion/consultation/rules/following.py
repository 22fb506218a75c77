"""What may be followed, and until when an unconfirmed request stands."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openregion.consultation.models import Follow
from openregion.core.post import can_be_written_to

CONFIRMED_WITHIN = dt.timedelta(days=7)
MOST_FOLLOWED = 50  # by one address at one member: more is a machine


def why_not_follow(*, known: bool, email: str) -> str:
    """Say why something may not be followed; empty when it may. ``known`` says that it exists and is public.

    Nothing here may depend on what an address follows already: whoever asks may not be its owner.
    """
    if not known:
        return _("This is not there any more, or is not public: choose something else to follow.")
    if not can_be_written_to(email):
        return _("Nothing can be sent to this address. Check it, letter by letter.")
    return ""


def why_not_confirm(follow: Follow, *, at: dt.datetime) -> str:
    """Say why a follow cannot be confirmed any more; empty when it can, or when it was."""
    if follow.confirmed_at is None and follow.asked_at + CONFIRMED_WITHIN <= at:
        return _("This link is more than seven days old. Ask again: another one is sent to you.")
    return ""
