"""Who may call for participation, change a call, publish it, and choose who takes part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.consultation import lots
from openregion.consultation.models import Application, CallForParticipation, Consultation, Workshop
from openregion.consultation.queries.alike import unsettled_in
from openregion.consultation.queries.categories import DIMENSIONS, category_name, values_of
from openregion.consultation.queries.draws import states_of
from openregion.core import dates
from openregion.core.official import OfficialText
from openregion.people.models import Member, User
from openregion.people.rules import why_not_allowed

Quotas = Mapping[str, Mapping[str, Sequence[int]]]
MOST_CRITERIA, MOST_SEATS = 10, 2000
LONGEST_FIGURE = 200
TOLD = 5  # pairs named in a refusal: the list shows them all
_State = CallForParticipation.State

# What each deed makes of a call in each state; a deed that is not there is refused.
CALL_MOVES: dict[CallForParticipation.State, dict[str, CallForParticipation.State]] = {
    _State.DRAFT: {"revise_participation_call": _State.DRAFT, "publish_participation_call": _State.PUBLISHED},
    _State.PUBLISHED: {"revise_participation_call": _State.PUBLISHED, "select_participants": _State.SELECTED},
    # Only to say at last for which workshop, where the call had promised to.
    _State.SELECTED: {"revise_participation_call": _State.SELECTED},
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
    place_by: dt.date | None = None,
    public_source: OfficialText | None = None,
    public_on: dt.date | None = None,
) -> str:
    """Say why a call for participation may not be drafted so; empty when it may."""
    member = consultation.cycle.member
    return (
        why_not_allowed(by, "draft_participation_call", member)
        or _why_not_so(member, title, criteria, seats, quotas, opens_at, closes_at, consultation, workshop)
        or _why_not_this_figure(public_source or {}, public_on, closes_at)
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
    place_by: dt.date | None,
    public_source: OfficialText,
    public_on: dt.date | None,
    reason: OfficialText,
    at: dt.datetime,
) -> str:
    """Say why a call may not be changed so; empty when it may.

    Who applies must be chosen by what they read: once published, only the seats,
    the quotas, the workshop where there was none, and later days may change, with
    a reason that everyone reads. Once the public figure is known, what the draw is
    made from changes with a later figure only. Once they are chosen, only the
    workshop that was promised is given.
    """
    if refusal := why_not_allowed(by, "revise_participation_call", call.member) or why_not_move_call(
        call, "revise_participation_call"
    ):
        return refusal
    if refusal := _why_not_so(
        call.member, title, criteria, seats, quotas, opens_at, closes_at, call.consultation, workshop
    ) or _why_not_this_figure(public_source, public_on, closes_at):
        return refusal
    if call.state == _State.DRAFT:
        return ""
    fixed = {
        "title": title, "about": about, "criteria": criteria, "opens_at": opens_at, "public_source": public_source,
    }  # fmt: skip
    if any(getattr(call, name) != value for name, value in fixed.items()):
        return _("The words, the criteria and the opening of a published call stay as they were published.")
    if call.workshop and workshop != call.workshop:
        return _("Applicants know for which workshop they apply: it stays. Move the meeting itself if its day changes.")
    if call.state == _State.SELECTED:
        kept = {"seats": seats, "quotas": quotas, "closes_at": closes_at, "place_by": place_by, "public_on": public_on}
        if workshop == call.workshop or any(getattr(call, name) != value for name, value in kept.items()):
            return str(_NOT_NOW[_State.SELECTED])
    if set(quotas) - set(call.quotas):
        return _("Applicants were not asked about a category added after publication. Keep those published.")
    if closes_at < call.closes_at or (closes_at != call.closes_at and closes_at <= at):
        return _("A published call may only close later than it said, and in the future.")
    if refusal := _why_not_these_days(call, place_by, public_on, seats, quotas, at):
        return refusal
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
    if call.workshop is None and call.place_by is None:
        return _("Say where and when one takes part: choose its workshop, or the day by which both are said.")
    if call.workshop is None and call.place_by and call.place_by < timezone.localdate(at):
        return _("The day by which the place is said is past. Choose its workshop, or a later day.")
    return ""


def why_not_select(by: User, call: CallForParticipation, *, at: dt.datetime, public_value: str = "") -> str:
    """Say why the participants may not be chosen now; empty when they may.

    One person has one chance: applications that look like the same person's are
    settled first. ``public_value`` is the figure that the call named in advance,
    which is waited for where lots are drawn.
    """
    if refusal := why_not_allowed(by, "select_participants", call.member) or why_not_move_call(
        call, "select_participants"
    ):
        return refusal
    if at < call.closes_at:
        return _("The call is still open. Choose when it has closed.")
    states = states_of(call)
    if states.get(Application.State.RECEIVED):
        return _("Some applications are not judged yet. Judge them all, then choose.")
    if not states.get(Application.State.ELIGIBLE):
        return _("No application meets the criteria: there is nobody to choose. Publish another call.")
    if pairs := unsettled_in(call):
        told = "; ".join(_("%(first)s and %(second)s") % {"first": one, "second": two} for one, two in pairs[:TOLD])
        return _(
            "Applications that may be the same person's: %(list)s. "
            "Open one of each two: say that they are two people, or refuse it as a second application."
        ) % {"list": told}
    if call.workshop is None and call.place_by and call.place_by < timezone.localdate(at):
        return _("The letters say where and when, and the day promised for it is past. Choose the workshop first.")
    by_lot = states[Application.State.ELIGIBLE] > call.seats
    return _why_not_with(call, public_value, at) if by_lot else ""


def _why_not_with(call: CallForParticipation, public_value: str, at: dt.datetime) -> str:
    """Say why lots are not drawn with this public figure; empty when they are."""
    if not call.public_on:
        return ""
    if not is_figure_known(call, at=at):
        day = dates.day(call.public_on, get_language() or "fr")
        return _("The draw waits for the public figure that the call named: it is published on %(day)s.") % {"day": day}
    if not public_value:
        return _("Type the public figure that the call named, as it was published.")
    if not lots.figure_digits(public_value):
        return _("This figure holds no digit. Type the public figure as it was published.")
    return _("The public figure is too long: 200 characters at most.") if len(public_value) > LONGEST_FIGURE else ""


def is_figure_known(call: CallForParticipation, *, at: dt.datetime) -> bool:
    """Say whether the day of the public figure has come: from then on somebody could choose by it."""
    return call.public_on is not None and timezone.localdate(at) >= call.public_on


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


def _why_not_this_figure(public_source: OfficialText, public_on: dt.date | None, closes_at: dt.datetime) -> str:
    if not public_source and not public_on:
        return ""
    if not (public_source.get("fr") and public_source.get("ar") and public_on):
        return _("A public figure wants three things: which one it is, in French and in Arabic, and its day.")
    if public_on <= timezone.localdate(closes_at):
        return _("The public figure must come after the call has closed and everyone is judged. Choose a later day.")
    return ""


def _why_not_these_days(
    call: CallForParticipation,
    place_by: dt.date | None,
    public_on: dt.date | None,
    seats: int,
    quotas: Quotas,
    at: dt.datetime,
) -> str:
    """Say why a published call's promised days may not become these; empty when they may."""
    if call.place_by and (place_by is None or place_by < call.place_by):
        return _("The day by which the place is said was published: it may only be later.")
    if call.public_on and (public_on is None or public_on < call.public_on):
        return _("The day of the public figure was published: it may only be later.")
    moved = public_on != call.public_on
    if moved and public_on and public_on <= timezone.localdate(at):
        return _("Choose a day to come for the public figure: what is known already could be chosen.")
    if is_figure_known(call, at=at) and not moved and (seats != call.seats or quotas != call.quotas):
        return _(
            "The day of the public figure has come: who knows it could choose the seats by it. "
            "Give the figure a later day in the same change."
        )
    return ""


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
