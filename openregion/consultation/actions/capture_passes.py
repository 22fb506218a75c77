"""Handing whoever takes notes a pass for their telephone, ending it, and forgetting passes once they are over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from openregion.consultation import capture_passes
from openregion.consultation.actions.steps import journal
from openregion.consultation.capture_passes import PASS_GOOD_FOR, last_day_to_send, source_of
from openregion.consultation.models import Charge, Contribution, Workshop
from openregion.consultation.rules.workshops import why_not_end_capture_pass, why_not_give_capture_pass
from openregion.core.refusal import refuse_if
from openregion.cycle.actions.steps import hold
from openregion.people.models import User


@dataclass(frozen=True)
class GivenPass:
    """What is handed over at once: whose it is, the pass that is shown this once, and whether it is new."""

    charge: Charge
    key: str
    new: bool = True


@transaction.atomic
def give_capture_pass(
    charge: Charge, *, ticket: str, by: User, at: dt.datetime, after: dt.datetime | None = None
) -> GivenPass:
    """Give whoever takes notes a pass that opens the rapporteur's page without an account; it ends their earlier one.

    The page's ticket makes the pass: a press sent twice gives one pass, and one
    line. ``after`` says when the pass that the page knew had been given. Only a
    hash is kept; the journal holds neither the pass nor a name. Raises
    ``Refused`` when the rule says no.
    """
    meeting = hold(charge.workshop.meeting)
    workshop = hold(charge.workshop)
    workshop.meeting = meeting
    hold(charge).workshop = workshop
    key = capture_passes.pass_of(charge, ticket)
    kept = capture_passes.hashed(key)
    again = charge.pass_hash == kept
    refuse_if(why_not_give_capture_pass(by, charge, after=charge.pass_given_at if again else after, at=at))
    if again:
        return GivenPass(charge, key, new=False)
    charge.pass_hash, charge.pass_given_at = kept, at
    charge.save(update_fields=["pass_hash", "pass_given_at"])
    journal("give_capture_pass", charge, meeting.member, by.reference, at, number=meeting.number)
    return GivenPass(charge, key)


@transaction.atomic
def end_capture_pass(charge: Charge, *, by: User, at: dt.datetime) -> Charge:
    """End a pass and nothing else: who takes notes still does, and what the pass brought stays.

    When it was given stays known: a press on an old page, sent again, gives it
    to nobody. Raises ``Refused`` when the rule says no.
    """
    meeting = hold(charge.workshop.meeting)
    workshop = hold(charge.workshop)
    workshop.meeting = meeting
    hold(charge).workshop = workshop
    refuse_if(why_not_end_capture_pass(by, charge))
    charge.pass_hash = ""
    charge.save(update_fields=["pass_hash"])
    journal("end_capture_pass", charge, meeting.member, by.reference, at, number=meeting.number)
    return charge


@transaction.atomic
def let_go_of_capture_passes(*, at: dt.datetime) -> int:
    """Forget the passes of workshops that ended so long ago that they open nothing any more; say how many.

    What they brought no longer says which of them brought it: there is none left to end.
    """
    ended = Charge.objects.annotate(over=Coalesce("workshop__meeting__ends_at", "workshop__meeting__starts_at"))
    # A pass is good until the end of its last day.
    gone = ended.filter(over__lte=at - PASS_GOOD_FOR - dt.timedelta(days=1)).exclude(pass_given_at=None)
    numbers = list(gone.values_list("pk", flat=True))
    _forget_who_brought(at)
    return Charge.objects.filter(pk__in=numbers).update(pass_hash="", pass_given_at=None)


def _forget_who_brought(at: dt.datetime) -> None:
    """Leave to the words that passes brought the name of their workshop alone, where its passes are over."""
    brought = Contribution.everything.filter(source__regex=r"^workshop:[^:]+:").order_by()
    named = {source.split(":")[1] for source in brought.values_list("source", flat=True).distinct()}
    for workshop in Workshop.objects.filter(uid__in=named).select_related("meeting"):
        if timezone.localdate(at) > last_day_to_send(workshop):
            own = source_of(workshop)
            brought.filter(source__startswith=f"{own}:").update(source=own)
