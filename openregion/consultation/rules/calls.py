"""Who may call for participation, change a call, publish it, and choose who takes part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation import lots
from openregion.consultation.models import Application, CallForParticipation, Consultation, Workshop
from openregion.consultation.queries.categories import DIMENSIONS, category_name, values_of
from openregion.core.official import OfficialText
from openregion.people.models import Member, User
from openregion.people.rules import why_not_allowed

Quotas = Mapping[str, Mapping[str, Sequence[int]]]
MOST_CRITERIA, MOST_SEATS = 10, 2000
_State = CallForParticipation.State

# What each deed makes of a call in each state; a deed that is not there is refused.
CALL_MOVES: dict[CallForParticipation.State, dict[str, CallForParticipation.State]] = {
    _State.DRAFT: {"revise_participation_call": _State.DRAFT, "publish_participation_call": _State.PUBLISHED},
    _State.PUBLISHED: {"revise_participation_call": _State.PUBLISHED, "select_participants": _State.SELECTED},
    _State.SELECTED: {},
}
_NOT_NOW: dict[CallForParticipation.State, Promise] = {
    _State.DRAFT: gettext_lazy("This call is a draft. Publish it first."),
    _State.PUBLISHED: gettext_lazy("This call is published already."),
    _State.SELECTED: gettext_lazy("The participants are chosen: this call does not change any more."),
}


def why_not_draft_call(
    by: User,
    consultation: Consultation,
    *,
    title: OfficialText,
    criteria: Sequence[Mapping[str, Any]],
    seats: int,
    quotas: Quotas,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    workshop: Workshop | None,
) -> str:
    """Say why a call for participation may not be drafted so; empty when it may."""
    member = consultation.cycle.member
    return why_not_allowed(by, "draft_participation_call", member) or _why_not_so(
        member, title, criteria, seats, quotas, opens_at, closes_at, consultation, workshop
    )


def why_not_revise_call(
    by: User,
    call: CallForParticipation,
    *,
    title: OfficialText,
    about: OfficialText,
    criteria: Sequence[Mapping[str, Any]],
    seats: int,
    quotas: Quotas,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    workshop: Workshop | None,
    reason: OfficialText,
    at: dt.datetime,
) -> str:
    """Say why a call may not be changed so; empty when it may.

    Who applies must be chosen by what they read: once published, only the seats,
    the quotas and a later closing may change, with a reason that everyone reads.
    """
    if refusal := why_not_allowed(by, "revise_participation_call", call.member) or why_not_move_call(
        call, "revise_participation_call"
    ):
        return refusal
    if refusal := _why_not_so(
        call.member, title, criteria, seats, quotas, opens_at, closes_at, call.consultation, workshop
    ):
        return refusal
    if call.state == _State.DRAFT:
        return ""
    fixed = {"title": title, "about": about, "criteria": criteria, "opens_at": opens_at}
    if any(getattr(call, name) != value for name, value in fixed.items()):
        return _("The words, the criteria and the opening of a published call stay as they were published.")
    if set(quotas) - set(call.quotas):
        return _("Applicants were not asked about a category added after publication. Keep those published.")
    if closes_at < call.closes_at or (closes_at != call.closes_at and closes_at <= at):
        return _("A published call may only close later than it said, and in the future.")
    if not reason:
        return _("Say why it changes, in French and in Arabic: the reason is published with the change.")
    return ""


def why_not_publish_call(by: User, call: CallForParticipation, *, at: dt.datetime) -> str:
    """Say why a call may not be published; empty when it may."""
    if refusal := why_not_allowed(by, "publish_participation_call", call.member) or why_not_move_call(
        call, "publish_participation_call"
    ):
        return refusal
    if not call.criteria:
        return _("Write at least one criterion first: a refusal names the one that is not met.")
    if call.closes_at <= at:
        return _("Its closing is past. Choose a later day first.")
    return ""


def why_not_select(by: User, call: CallForParticipation, *, at: dt.datetime, states: Mapping[str, int]) -> str:
    """Say why the participants may not be chosen now; empty when they may.

    ``states`` counts the applications in each state.
    """
    if refusal := why_not_allowed(by, "select_participants", call.member) or why_not_move_call(
        call, "select_participants"
    ):
        return refusal
    if at < call.closes_at:
        return _("The call is still open. Choose when it has closed.")
    if states.get(Application.State.RECEIVED):
        return _("Some applications are not judged yet. Judge them all, then choose.")
    if not states.get(Application.State.ELIGIBLE):
        return _("No application meets the criteria: there is nobody to choose. Publish another call.")
    return ""


def why_not_draw(call: CallForParticipation, pool: Sequence[Mapping[str, Any]]) -> str:
    """Say which categories lack candidates for their quota; empty when each has enough."""
    short = lots.lacking(pool, call.quotas)
    if not short:
        return ""
    told = [
        _("%(category)s: %(there)s candidates, the quota wants %(least)s")
        % {"category": category_name(call.member, one.dimension, one.value), "there": one.there, "least": one.least}
        for one in short
    ]
    return _("These categories lack candidates. %(list)s. Change the quotas with a reason, then choose again.") % {
        "list": "; ".join(told)
    }


def why_not_drawn(call: CallForParticipation, outcome: lots.Outcome) -> str:
    """Say why the draw found no group, and which quotas would have to give way; empty when it found one."""
    if not outcome.impossible:
        return ""
    if not outcome.relaxing:
        return _("The quotas leave so little room that no group meets them all. Widen them with a reason, then draw.")
    told = [
        _("%(category)s: from %(least)s to %(most)s")
        % {"category": category_name(call.member, one.dimension, one.value), "least": one.least, "most": one.most}
        for one in outcome.relaxing
    ]
    return _(
        "No group meets all the quotas together. The nearest change would be: %(list)s. Change them, then draw."
    ) % {"list": "; ".join(told)}


def why_not_move_call(call: CallForParticipation, deed: str) -> str:
    """Say why a call's state does not allow a deed; empty when it does."""
    state = CallForParticipation.State(call.state)
    return "" if deed in CALL_MOVES[state] else str(_NOT_NOW[state])


def _why_not_so(
    member: Member,
    title: OfficialText,
    criteria: Sequence[Mapping[str, Any]],
    seats: int,
    quotas: Quotas,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    consultation: Consultation,
    workshop: Workshop | None,
) -> str:
    if not (title.get("fr") and title.get("ar")):
        return _("Give the call a title in French and in Arabic.")
    if closes_at <= opens_at:
        return _("A call closes after it opens. Choose a later closing.")
    if not 1 <= seats <= MOST_SEATS:
        return _("Give the number of seats, from 1 to %(most)s.") % {"most": MOST_SEATS}
    if len(criteria) > MOST_CRITERIA or any(not one.get("text") for one in criteria):
        return _("Write ten criteria at most, each with its words.")
    if workshop is not None and workshop.consultation_id != consultation.pk:
        return _("This workshop belongs to another consultation.")
    return _why_not_these_quotas(member, quotas, seats)


def _why_not_these_quotas(member: Member, quotas: Quotas, seats: int) -> str:
    for dimension, values in quotas.items():
        known = values_of(member, dimension) if dimension in DIMENSIONS else {}
        if not set(values) <= set(known):
            return _("One of the quotas is for a category that does not exist.")
        for value, (least, most) in values.items():
            if not 0 <= least <= most <= seats:
                said = {"category": category_name(member, dimension, value)}
                return _("%(category)s: the least cannot be above the most, nor either above the seats.") % said
        if sum(least for least, _most in values.values()) > seats:
            return _("The least numbers of “%(dimension)s” make more than the seats.") % {
                "dimension": DIMENSIONS[dimension]
            }
        if set(values) == set(known) and sum(most for _least, most in values.values()) < seats:
            return _("The most numbers of “%(dimension)s” do not fill the seats.") % {
                "dimension": DIMENSIONS[dimension]
            }
    return ""
