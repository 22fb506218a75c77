"""Applying to a call, withdrawing, judging by the criteria, erasing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from openregion.consultation import call_mails, codes
from openregion.consultation.actions.steps import journal
from openregion.consultation.models import Application, CallForParticipation
from openregion.consultation.queries.calls import guest_of
from openregion.consultation.queries.draws import next_reserve
from openregion.consultation.rules import applications as rules
from openregion.core.refusal import refuse_if
from openregion.core.safe import clean_text
from openregion.cycle.actions.guests import forget_typed_guest, release_guest
from openregion.cycle.actions.steps import hold
from openregion.cycle.models import Cycle
from openregion.people.models import Gender, Territory, User

_State = Application.State
# What tells who someone is, and what is left of it once they are erased.
_WORDS = (
    "organisation", "organisation_type", "name", "email", "telephone", "age_band", "motivation", "refusal", "code_hash",
)  # fmt: skip
_UNSAID: dict[str, Any] = {
    "gender": Gender.UNSAID, "province": None, "may_name": False, "contact": None, "apart_from": [],
}  # fmt: skip


@dataclass(frozen=True)
class Applied:
    """What whoever applies is handed at once: the application, the code that only they have, and whether it is new."""

    application: Application
    code: str
    new: bool = True


@transaction.atomic
def apply_to_call(
    call: CallForParticipation,
    *,
    kind: str,
    name: str,
    lang: str,
    at: dt.datetime,
    organisation: str = "",
    organisation_type: str = "",
    email: str = "",
    telephone: str = "",
    gender: str = Gender.UNSAID,
    age_band: str = "",
    province: Territory | None = None,
    motivation: str = "",
    may_name: bool = False,
    ticket: str = "",
    mail_code: bool = True,
) -> Applied:
    """Receive an application, with or without an account, and hand out a tracking code at once.

    The same form sent twice makes one application and gives the same code.
    Raises ``Refused`` when the rule says no.
    """
    hold(call)  # numbers are given out here, and the same form sent twice meets itself
    ticket = ticket or codes.new_ticket()
    mark = codes.ticket_hashed(ticket)
    if already := Application.objects.filter(ticket_hash=mark).select_related("call__member").first():
        refuse_if(rules.why_not_apply_again(already, call))
        return Applied(already, _code_again(already, ticket), new=False)
    is_organisation = kind == Application.Kind.ORGANISATION
    motivation = clean_text(motivation)
    refuse_if(
        rules.why_not_apply(
            call,
            kind=kind,
            organisation=organisation,
            organisation_type=organisation_type,
            name=name,
            age_band=age_band,
            province=province,
            motivation=motivation,
            at=at,
        )
    )
    code = next(one for one in codes.codes_of(ticket) if not Application.objects.filter(code_hash=codes.hashed(one)))
    application = Application.objects.create(
        call=call,
        number=(call.applications.aggregate(last=Max("number"))["last"] or 0) + 1,
        kind=kind,
        organisation=organisation if is_organisation else "",
        organisation_type=organisation_type if is_organisation else "",
        name=name,
        email=email,
        telephone=telephone,
        lang=lang,
        gender=gender,
        age_band=age_band,
        province=province,
        motivation=motivation,
        may_name=may_name and is_organisation,
        received_at=at,
        code_hash=codes.hashed(code),
        ticket_hash=mark,
    )
    journal("apply_to_call", call, call.member, "", at, call=call.number)
    if email and mail_code:
        # The one message that holds the code: it is written now and never again.
        transaction.on_commit(lambda: call_mails.hand_code(application, code))
    return Applied(application, code)


def _code_again(application: Application, ticket: str) -> str:
    """Find again the code that a form's ticket gave: it is kept nowhere."""
    return next(one for one in codes.codes_of(ticket) if codes.hashed(one) == application.code_hash)


@transaction.atomic
def withdraw_application(application: Application, *, at: dt.datetime) -> Application:
    """Let whoever applied, known by their code, withdraw; a seat they leave goes to the first reserve who fits.

    They leave the list of guests of the call's meeting too. Raises ``Refused`` when the rule says no.
    """
    hold(application.call)
    hold(application)
    refuse_if(rules.why_not_withdraw_application(application))
    if application.call.workshop:
        release_guest(application.call.workshop.meeting, guest=guest_of(application), at=at)
    seat_to = _leave(application, at)
    journal("withdraw_application", application.call, application.call.member, "", at, **_told(application, seat_to))
    return application


@transaction.atomic
def judge_application(
    application: Application,
    *,
    eligible: bool,
    by: User,
    at: dt.datetime,
    refused_for: str = "",
    refusal: str = "",
    apart_from: Collection[int] | None = None,
) -> Application:
    """Say whether an application meets the criteria; a refusal names one, and says why in words for the person.

    ``apart_from`` are the numbers of those that look like the same person's, and
    are not; one left out of them is taken back, whichever of the two it was said
    of. Not given, what was said stays. Nobody is told before the selection. The
    same judgement again changes nothing. Raises ``Refused`` when the rule says no.
    """
    hold(application.call)
    hold(application)
    refusal = "" if eligible else clean_text(refusal)
    refused_for = "" if eligible else refused_for
    apart = application.apart_from if apart_from is None else sorted(set(apart_from))
    refuse_if(
        rules.why_not_judge(
            by, application, eligible=eligible, refused_for=refused_for, refusal=refusal, apart_from=apart, at=at
        )
    )
    state = _State.ELIGIBLE if eligible else _State.REFUSED
    judged = {"state": state, "refused_for": refused_for, "refusal": refusal, "apart_from": apart}
    taken_back = apart_from is not None and _take_back(application, apart)
    if not taken_back and all(getattr(application, name) == value for name, value in judged.items()):
        return application
    for name, value in {**judged, "decided_at": at}.items():
        setattr(application, name, value)
    application.save(update_fields=[*judged, "decided_at"])
    call = application.call
    # How it was judged stays out: nobody is told before the selection.
    journal("judge_application", call, call.member, by.reference, at, call=call.number)
    return application


def _take_back(application: Application, apart: Collection[int]) -> bool:
    """Take back, from the call's other applications, that this one is another person's; say whether any said so."""
    others = application.call.applications.exclude(pk=application.pk).exclude(number__in=apart)
    said = [one for one in others.only("apart_from") if application.number in one.apart_from]
    for one in said:
        one.apart_from = [number for number in one.apart_from if number != application.number]
        one.save(update_fields=["apart_from"])
    return bool(said)


@transaction.atomic
def erase_application(application: Application, *, at: dt.datetime, by: User | None = None) -> Application:
    """Erase who applied and all that leads to them, at their request; the row stays, counted, and names nobody.

    One who had a seat leaves it, and the meeting's list of guests. The published list of a draw holds numbers and
    categories alone, and stays. Raises ``Refused`` when the rule says no.
    """
    hold(application.call)
    hold(application)
    refuse_if(rules.why_not_erase_application(by, application))
    _forget_elsewhere(application)
    seat_to = 0
    if application.state not in (_State.REFUSED, _State.WITHDRAWN):
        seat_to = _leave(application, at)
    for name, nothing in {**dict.fromkeys(_WORDS, ""), **_UNSAID, "erased_at": at}.items():
        setattr(application, name, nothing)
    application.save()
    reference = by.reference if by else ""
    call = application.call
    journal("erase_application", call, call.member, reference, at, **_told(application, seat_to))
    return application


@transaction.atomic
def forget_applicants(cycle: Cycle, *, at: dt.datetime) -> int:
    """Erase who applied to the calls of a cycle whose follow-up is over; say how many were forgotten.

    So are the messages they were sent, and what the lists of guests say of them.
    Their numbers and what was decided stay (law 09-08, article 3).
    """
    known = Application.objects.filter(call__consultation__cycle=cycle, erased_at=None)
    for one in known.select_related("call__member", "call__workshop__meeting__member").order_by("pk"):
        _forget_elsewhere(one)
    gone = known.update(**dict.fromkeys(_WORDS, ""), **_UNSAID, erased_at=at)
    if gone:
        journal("forget_applicants", cycle, cycle.member, "", at, applicants=gone)
    return gone


def _forget_elsewhere(application: Application) -> None:
    """Forget what was written to whoever applied, and their place among the guests of the call's meeting."""
    call_mails.forget(application)
    if application.call.workshop and application.name:
        forget_typed_guest(application.call.workshop.meeting, guest=guest_of(application))


def _leave(application: Application, at: dt.datetime) -> int:
    """Withdraw an application; give the seat it had to the next reserve, who is told. Say which number got it."""
    had_a_seat = application.state == _State.SELECTED
    application.state, application.decided_at = _State.WITHDRAWN, at
    application.save(update_fields=["state", "decided_at"])
    reserve = next_reserve(application, at=at) if had_a_seat else None
    if reserve is None:
        return 0
    hold(reserve)
    reserve.state, reserve.decided_at = _State.SELECTED, at
    reserve.save(update_fields=["state", "decided_at"])
    reserve.call = application.call
    call_mails.tell_outcome(reserve, at=at)
    return reserve.number


def _told(application: Application, seat_to: int) -> dict[str, int]:
    """Say the numbers that the published list holds already; nothing of one who was on none."""
    said = {"call": application.call.number}
    return said | {"seat_to": seat_to} if seat_to else said
