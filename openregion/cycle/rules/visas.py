"""What is refused about the administrative control of a decision, and why: sending, receipt, visa, publication."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Deliberation
from openregion.cycle.queries.clock import DueDate
from openregion.cycle.queries.council import guide_asks_visa, may_ask_visa_later
from openregion.cycle.queries.council_steps import visa_due
from openregion.people.models import User
from openregion.people.rules import today, why_not_allowed
from openregion.record.models import StoredFile

_Visa = Deliberation.Visa
# What may become of the visa in each state, by each deed; a deed that is not there is refused.
VISA_MOVES: dict[Deliberation.Visa, dict[str, tuple[Deliberation.Visa, ...]]] = {
    _Visa.NOT_ASKED: {"send_for_control": (_Visa.NOT_ASKED, _Visa.AWAITED), "record_receipt": (_Visa.NOT_ASKED,)},
    _Visa.AWAITED: {
        "record_receipt": (_Visa.AWAITED,),
        "record_visa": (_Visa.GRANTED, _Visa.REFUSED, _Visa.TACIT),
    },
    _Visa.GRANTED: {},
    _Visa.REFUSED: {},
    _Visa.TACIT: {},
}


def why_not_send_for_control(
    by: User, one: Deliberation, *, sent_on: dt.date, asks_visa: bool = True, confirmed: bool = False
) -> str:
    """Say why a decision may not be recorded as sent to the administrative authority that day; empty when it may.

    It is sent once, and once more to ask for a visa that was not asked for. A plan
    sent without asking is ``confirmed``: the guide asks it, and a person may know better.
    """
    if refusal := why_not_allowed(by, "send_for_control", one.cycle.member):
        return refusal
    if one.sent_on and not (asks_visa and may_ask_visa_later(one)):
        return _("This decision was sent on %(day)s already.") % {"day": _day(one.sent_on)}
    if one.decision == Deliberation.Decision.POSTPONED:
        return _("The Council postponed its decision: there is nothing to send yet.")
    if "send_for_control" not in VISA_MOVES[_Visa(one.visa)]:
        return _answered(one)
    if sent_on < one.act.dated_on:
        return _("The Council decided later than that day. Check the day.")
    if one.sent_on and sent_on < one.sent_on:
        return _("It was sent later than that day, on %(day)s. Check the day.") % {"day": _day(one.sent_on)}
    if not asks_visa and not confirmed and guide_asks_visa(one):
        return _(
            "The guide asks the visa for the action plan. Ask for it, or confirm that you send the plan without asking."
        )
    return _why_not_yet(sent_on)


def why_not_record_receipt(by: User, one: Deliberation, *, received_on: dt.date) -> str:
    """Say why the receipt of a decision may not be recorded; empty when it may. Delays are counted from it."""
    if refusal := why_not_allowed(by, "record_receipt", one.cycle.member):
        return refusal
    if one.received_on:
        return _("Receipt was acknowledged for %(day)s already.") % {"day": _day(one.received_on)}
    if one.sent_on is None:
        return _("This decision was not sent yet. Record first the day it was sent.")
    if "record_receipt" not in VISA_MOVES[_Visa(one.visa)]:
        return _answered(one)
    if received_on < one.sent_on:
        return _("It was sent later than that day, on %(day)s. Check the day.") % {"day": _day(one.sent_on)}
    return _why_not_yet(received_on)


def why_not_record_visa(
    by: User,
    one: Deliberation,
    *,
    visa: str,
    visa_on: dt.date,
    reasons: OfficialText | None = None,
    file: StoredFile | None = None,
    confirmed: bool = False,
) -> str:
    """Say why the answer of the administrative authority may not be recorded so; empty when it may.

    A refusal has its reasons. Silence is taken for a visa once the delay from
    receipt has run out, and a person says so; before that day only somebody who
    confirms it and writes why, since the delay is not verified.
    """
    if refusal := why_not_allowed(by, "record_visa", one.cycle.member):
        return refusal
    if one.visa == _Visa.NOT_ASKED:
        return _("No visa was asked for this decision. Ask the administrative authority for it first.")
    if "record_visa" not in VISA_MOVES[_Visa(one.visa)]:
        return _answered(one)
    if visa not in VISA_MOVES[_Visa.AWAITED]["record_visa"]:
        return _("Say whether the visa was granted, refused, or is tacit.")
    if file and file.member_code != one.cycle.member.slug:
        return _("This belongs to another space. Only its own people can change it.")
    if one.sent_on and visa_on < (one.received_on or one.sent_on):
        return _("This day is older than the receipt of the decision. Check the day.")
    if one.visa_asked_on and visa_on < one.visa_asked_on:
        return _("The visa was asked for later, on %(day)s. Check the day.") % {"day": _day(one.visa_asked_on)}
    if refusal := _why_not_yet(visa_on):
        return refusal
    if visa == _Visa.REFUSED and not text_in(reasons or {}, "fr"):
        return _("Give the reasons of the refusal: they are published, and the new vote answers them.")
    if visa == _Visa.TACIT:
        return _why_not_tacit(one, visa_on, explained=confirmed and bool(text_in(reasons or {}, "fr")))
    return ""


def why_not_publish_deliberation(by: User, one: Deliberation) -> str:
    """Say why a deliberation may not be published; empty when it may. The page says where its visa stands."""
    if refusal := why_not_allowed(by, "publish_deliberation", one.cycle.member):
        return refusal
    if one.published_on:
        return _("This deliberation was published on %(day)s already.") % {"day": _day(one.published_on)}
    return ""


def _why_not_tacit(one: Deliberation, visa_on: dt.date, *, explained: bool) -> str:
    if one.received_on is None:
        return _("Record first the day of receipt: the delay is counted from it.")
    due = visa_due(one)
    if due is None or visa_on > due.day:
        return ""
    if explained and not due.may_block:
        return ""
    return _too_early(due)


def _too_early(due: DueDate) -> str:
    first = _day(due.day + dt.timedelta(days=1))
    said = _("The delay has not run out: silence counts as a visa from %(day)s.") % {"day": first}
    if due.estimated:
        said += " " + _("That day is an estimate.")
    said += f" {due.sentence}"
    if due.may_block:
        return said
    return said + " " + _("If you know that the delay is shorter, confirm it and write why.")


def _answered(one: Deliberation) -> str:
    if one.visa == _Visa.AWAITED:
        return _("The visa of this decision is awaited already.")
    return _("The administrative authority has answered already, on %(day)s.") % {
        "day": _day(one.visa_on or one.act.dated_on)
    }


def _why_not_yet(day: dt.date) -> str:
    return _("This day is still to come. Record it once it is past.") if day > today() else ""


def _day(value: dt.date) -> str:
    return dates.day(value, get_language() or "fr")
