"""Who may apply to a call, withdraw, be judged, be erased; and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _

from openregion.consultation.models import Application, CallForParticipation
from openregion.consultation.queries.alike import ALREADY_APPLIED, alike_in
from openregion.consultation.queries.categories import AGES, organisation_types
from openregion.consultation.rules.calls import is_figure_known
from openregion.consultation.rules.words import why_not_there
from openregion.people.models import Territory, User
from openregion.people.rules import why_not_allowed

LONGEST_MOTIVATION, LONGEST_REFUSAL = 3000, 2000
_State = Application.State

# What each deed makes of an application in each state. A seat that somebody leaves goes to a reserve.
APPLICATION_MOVES: dict[Application.State, dict[str, Application.State | tuple[Application.State, ...]]] = {
    _State.RECEIVED: {"judge_application": (_State.ELIGIBLE, _State.REFUSED), "withdraw_application": _State.WITHDRAWN},
    _State.ELIGIBLE: {
        "judge_application": (_State.ELIGIBLE, _State.REFUSED),
        "select_participants": (_State.SELECTED, _State.RESERVE),
        "withdraw_application": _State.WITHDRAWN,
    },
    _State.REFUSED: {"judge_application": (_State.ELIGIBLE, _State.REFUSED), "withdraw_application": _State.WITHDRAWN},
    _State.SELECTED: {"withdraw_application": _State.WITHDRAWN},
    _State.RESERVE: {"withdraw_application": (_State.WITHDRAWN, _State.SELECTED)},
    _State.WITHDRAWN: {},
}


def why_not_apply_now(call: CallForParticipation, *, at: dt.datetime) -> str:
    """Say why a call receives no application at that instant; empty when it does."""
    if call.state == CallForParticipation.State.DRAFT or at < call.opens_at:
        return _("This call is not open yet. Copy what you wrote and come back when it opens.")
    if at >= call.closes_at or call.state == CallForParticipation.State.SELECTED:
        return _("This call is closed: an application that comes later is not received. Copy what you wrote.")
    return ""


def why_not_apply(
    call: CallForParticipation,
    *,
    kind: str,
    organisation: str,
    organisation_type: str,
    name: str,
    age_band: str,
    province: Territory | None,
    motivation: str,
    at: dt.datetime,
) -> str:
    """Say why an application cannot be received; empty when it can."""
    if reason := why_not_apply_now(call, at=at):
        return reason
    if kind not in Application.Kind.values:
        return _("Say whether an organisation or a person applies.")
    if kind == Application.Kind.ORGANISATION and not (
        organisation and organisation_type in organisation_types(call.member)
    ):
        return _("Give the name of the organisation, and its type.")
    if not name:
        return _("Give the name of the person who would take part.")
    if age_band and age_band not in AGES:
        return _("Choose an age band from the list, or leave it empty.")
    if len(motivation) > LONGEST_MOTIVATION:
        return _("What you say is longer than 3,000 characters. Shorten it.")
    return why_not_there(province, call.member)


def why_not_apply_again(already: Application, call: CallForParticipation) -> str:
    """Say why a form that was sent before is not answered again; empty when its page may be shown once more."""
    if already.call_id != call.pk:
        return _("This form was sent to another call. Open the form again here, and copy your text into it.")
    if already.erased_at:
        return _("What this form gave has been erased, and stays so. To apply again, open the form again.")
    return ""


def why_not_withdraw_application(application: Application) -> str:
    """Say why an application may not be withdrawn; empty when it may."""
    if "withdraw_application" not in APPLICATION_MOVES[Application.State(application.state)]:
        return _("It is withdrawn already.")
    told = application.call.state == CallForParticipation.State.SELECTED
    if application.state == _State.REFUSED and told:
        return _("It was not kept, so there is nothing to withdraw. You may have it erased.")
    return ""


def why_not_erase_application(by: User | None, application: Application) -> str:
    """Say why an application may not be erased; empty when it may.

    Whoever applied asks with the code (``by`` is nobody), or writes to the Region (law 09-08).
    """
    if by is not None and (refusal := why_not_allowed(by, "erase_application", application.call.member)):
        return refusal
    return _("It has been erased already.") if application.erased_at else ""


def why_not_judge(
    by: User,
    application: Application,
    *,
    eligible: bool,
    refused_for: str,
    refusal: str,
    at: dt.datetime,
    apart_from: Collection[int] = (),
) -> str:
    """Say why an application may not be judged so; empty when it may.

    A refusal names a criterion of the call, or that the person had applied
    already, and says why, in words for the person. Nobody is told before the
    selection, so a judgement may change until then; where the draw waits for a
    public figure, until the day on which that figure is known.
    """
    call = application.call
    if reason := why_not_allowed(by, "judge_application", call.member):
        return reason
    if call.state == CallForParticipation.State.SELECTED:
        return _("The participants are chosen, and everyone was told: judgements do not change any more.")
    if "judge_application" not in APPLICATION_MOVES[Application.State(application.state)]:
        return _("This application was withdrawn.")
    if is_figure_known(call, at=at):
        return _(
            "The day of the public figure has come: who knows it could choose who is on the list. "
            "To judge again, give the figure a later day first, among the seats and quotas, with a reason."
        )
    alike = {one.number for one in alike_in(call).get(application.number, ())}
    if not alike.issuperset({*apart_from} - {*application.apart_from}):
        return _("One of the applications you set apart does not look like this one. Open this page again.")
    if eligible:
        return ""
    if refused_for == ALREADY_APPLIED and not alike - {*apart_from}:
        return _("No other application looks like the same person's. Choose one of the call's criteria.")
    if refused_for not in {ALREADY_APPLIED, *(one["code"] for one in call.criteria)}:
        return _("Say which criterion is not met: choose one of the call's.")
    if not refusal:
        return _("Say why, in words for the person: they read them in their letter.")
    return _("The reason is too long. Keep it under 2,000 characters.") if len(refusal) > LONGEST_REFUSAL else ""
