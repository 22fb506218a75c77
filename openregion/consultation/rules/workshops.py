"""Who may plan a workshop, list what it needs and choose who is in charge there, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from openregion.consultation.capture_passes import PASS_GOOD_FOR, last_day_to_send
from openregion.consultation.models import Charge, Consultation, Need, Theme, Workshop
from openregion.consultation.queries.programme import LANGUAGES, PARTS
from openregion.cycle.models import Invitation, Meeting
from openregion.cycle.queries.operations import team_of
from openregion.people.models import Territory, User
from openregion.people.rules import why_not_allowed

_S = Meeting.State
MOST_TABLES, MOST_PEOPLE, LONGEST_PART = 60, 5000, 480
# Once it was held its bills still come in, and a telephone that lost its pass has words to send, or one that
# was lost must send none; once it is cancelled, what was ordered is still called off.
_PREPARED = (
    "revise_workshop", "add_need", "revise_need", "remove_need", "give_charge", "end_charge", "give_capture_pass",
    "end_capture_pass",
)  # fmt: skip
WORKSHOP_MOVES: dict[Meeting.State, dict[str, Meeting.State]] = {
    _S.PLANNED: dict.fromkeys(_PREPARED, _S.PLANNED),
    _S.CONVENED: dict.fromkeys(_PREPARED, _S.CONVENED),
    _S.HELD: dict.fromkeys(("add_need", "revise_need", "give_capture_pass", "end_capture_pass"), _S.HELD),
    _S.CANCELLED: {"revise_need": _S.CANCELLED, "remove_need": _S.CANCELLED},
}


def _why_not_now(by: User, workshop: Workshop, deed: str) -> str:
    """Say why a deed does not fit the person, or the state the workshop's meeting is in."""
    if reason := why_not_allowed(by, deed, workshop.meeting.member):
        return reason
    state = Meeting.State(workshop.meeting.state)
    if deed in WORKSHOP_MOVES[state]:
        return ""
    if state == _S.CANCELLED:
        return _("This workshop was cancelled. Plan another one.")
    return _("This workshop was held: its programme, its people and its list no longer change.")


def why_not_plan_workshop(by: User, consultation: Consultation, *, given: Mapping[str, Any]) -> str:
    """Say why a workshop may not be planned so; empty when it may. Its meeting has rules of its own."""
    return why_not_allowed(by, "plan_workshop", consultation.cycle.member) or _why_not_so(consultation, given)


def why_not_revise_workshop(by: User, workshop: Workshop, *, given: Mapping[str, Any]) -> str:
    """Say why a workshop may not be changed so; empty when it may."""
    return _why_not_now(by, workshop, "revise_workshop") or _why_not_so(workshop.consultation, given)


def _why_not_so(consultation: Consultation, given: Mapping[str, Any]) -> str:
    theme: Theme | None = given.get("theme")
    if theme is not None and theme.consultation_id != consultation.pk:
        return _("This theme belongs to another consultation. Choose one of this consultation.")
    province: Territory | None = given.get("province")
    if province is not None and not Territory.objects.of(consultation.cycle.member).filter(pk=province.pk).exists():
        return _("This place is not one of this space. Choose a province or prefecture of the Region.")
    if not 1 <= given.get("tables", 1) <= MOST_TABLES:
        return _("A workshop has between 1 and %(most)s tables.") % {"most": MOST_TABLES}
    capacity = given.get("capacity")
    if capacity is not None and not 1 <= capacity <= MOST_PEOPLE:
        return _("Say how many people the place holds: between 1 and %(most)s.") % {"most": MOST_PEOPLE}
    if not set(given.get("languages", ())) <= set(LANGUAGES):
        return _("Choose the languages from the list.")
    return _why_not_timed(given.get("timings", ()))


def _why_not_timed(timings: Sequence[Mapping[str, Any]]) -> str:
    if not timings:
        return ""
    if [one.get("part") for one in timings] != [code for code in PARTS if code in {one.get("part") for one in timings}]:
        return _("The parts of the programme come once each, in their order. Write the timings again.")
    if not all(isinstance(one.get("minutes"), int) and 0 <= one["minutes"] <= LONGEST_PART for one in timings):
        return _("A part of the programme lasts between 0 and %(most)s minutes.") % {"most": LONGEST_PART}
    if not any(one["minutes"] for one in timings):
        return _("Give at least one part of the programme some minutes.")
    return ""


# --- what it needs --------------------------------------------------------------


def why_not_add_need(by: User, workshop: Workshop, *, kind: str, what: str, assignee: User | None) -> str:
    """Say why something may not join the list of what a workshop needs; empty when it may."""
    if reason := _why_not_now(by, workshop, "add_need") or _why_not_named(workshop, kind, what, assignee):
        return reason
    if workshop.needs.filter(kind=kind, what=what.strip()).exists():
        return _("This is on the list already. Change it there.")
    return ""


def why_not_revise_need(
    by: User, need: Need, *, kind: str, what: str, assignee: User | None, done_on: dt.date | None, today: dt.date
) -> str:
    """Say why a line of the list may not be changed so; empty when it may."""
    if reason := _why_not_now(by, need.workshop, "revise_need"):
        return reason
    kept = assignee if assignee is None or assignee.pk != need.assignee_id else None
    if reason := _why_not_named(need.workshop, kind, what, kept):
        return reason
    if done_on is not None and done_on > today:
        return _("It is ready once it is ready. Choose today or an earlier day.")
    if need.workshop.needs.filter(kind=kind, what=what.strip()).exclude(pk=need.pk).exists():
        return _("Another line of the list says the same. Change that one.")
    return ""


def why_not_remove_need(by: User, need: Need) -> str:
    """Say why a line may not be taken off the list; empty when it may."""
    return _why_not_now(by, need.workshop, "remove_need")


def _why_not_named(workshop: Workshop, kind: str, what: str, assignee: User | None) -> str:
    if kind not in Need.Kind.values:
        return _("Choose what kind of thing it is.")
    if not what.strip():
        return _("Say what the workshop needs.")
    if assignee is not None and not team_of(workshop.meeting.member).filter(pk=assignee.pk).exists():
        return _("This person holds no role here today. Give them one first, on the page of people.")
    return ""


# --- who is in charge -----------------------------------------------------------


def why_not_give_charge(by: User, workshop: Workshop, *, invitation: Invitation, part: str, table: int | None) -> str:
    """Say why a participant may not facilitate or take notes; empty when they may.

    They are chosen among the participants, as the guide asks: who said that they come, or came.
    """
    if reason := _why_not_now(by, workshop, "give_charge"):
        return reason
    if part not in Charge.Part.values:
        return _("Say whether they facilitate or take notes.")
    if invitation.meeting_id != workshop.meeting_id or not invitation.name:
        return _("Choose somebody among the participants of this workshop. Invite them first.")
    if not (invitation.attended or invitation.answer == Invitation.Answer.COMING):
        return _("This person has not said that they come. Take down their answer first.")
    if table is not None and not 1 <= table <= workshop.tables:
        return _("This workshop has %(n)s tables. Choose one of them.") % {"n": workshop.tables}
    if workshop.charges.filter(invitation=invitation).exists():
        return _("This person has a part at this workshop already. Relieve them of it first.")
    return ""


def why_not_end_charge(by: User, charge: Charge) -> str:
    """Say why somebody may not be relieved of their part; empty when they may."""
    return _why_not_now(by, charge.workshop, "end_charge")


def why_not_give_capture_pass(by: User, charge: Charge, *, after: dt.datetime | None, at: dt.datetime) -> str:
    """Say why somebody may not be given a pass for the telephone; empty when they may.

    ``after`` says when the pass that stood as the page was read had been given:
    who presses on an old page ends no pass that was handed out since. A pass is
    for notes alone: whoever facilitates has a table to listen to.
    """
    if reason := _why_not_now(by, charge.workshop, "give_capture_pass"):
        return reason
    if charge.part != Charge.Part.RAPPORTEUR:
        return _("A pass is for whoever takes notes. Relieve this person, then choose them to take notes.")
    if charge.invitation is None or not charge.invitation.name:
        return _("This person is no longer among the guests. Relieve them, then choose somebody who comes.")
    if timezone.localdate(at) > last_day_to_send(charge.workshop):
        told = _(
            "The workshop ended more than %(days)s days ago: no pass opens its page any more. What is on a telephone "
            "is saved as a text file and handed to the point of contact, who can tell it in the report."
        )
        return told % {"days": PASS_GOOD_FOR.days}
    if after != charge.pass_given_at:
        return _("Another pass was given since you opened this page. To give a new one, open the page again.")
    return ""


def why_not_end_capture_pass(by: User, charge: Charge) -> str:
    """Say why a pass may not be ended; empty when it may, once the workshop was held too."""
    if reason := _why_not_now(by, charge.workshop, "end_capture_pass"):
        return reason
    return "" if charge.pass_hash else _("This person has no pass: none was given, or it has ended.")


def why_not_count_heads(heads: Mapping[str, int], *, categories: Sequence[str], most: int) -> str:
    """Say why people who gave no name may not be counted so; empty when they may. The door has rules of its own."""
    if not set(heads) <= set(categories):
        return _("Choose the categories from the list.")
    if any(n < 0 for n in heads.values()) or sum(heads.values()) > most:
        return _("Count between 0 and %(most)s people who gave no name.") % {"most": most}
    return ""
