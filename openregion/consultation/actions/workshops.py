"""What is done about workshops: planned, changed, provided for, and given facilitators and rapporteurs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from openregion.consultation.actions.steps import journal
from openregion.consultation.models import Charge, Consultation, Need, Theme, Workshop
from openregion.consultation.queries.logistics import heads_of, nameless, number_of
from openregion.consultation.queries.workshops import entries_of_workshop, workshop_of
from openregion.consultation.rules import workshops as rules
from openregion.core.official import OfficialText, says_the_same
from openregion.core.refusal import refuse_if
from openregion.cycle.actions import check_in, plan_meeting, prove_operations, revise_meeting
from openregion.cycle.actions.steps import hold
from openregion.cycle.models import Invitation, Meeting
from openregion.cycle.queries.guests import Guest, categories_of
from openregion.people.models import Member, Territory, User
from openregion.record.actions import forget_entry, index_entry
from openregion.record.models import JournalLine

MOST_HEADS = 200
_OF_THE_MEETING = ("title", "purpose", "place", "starts_at", "ends_at", "open_to_all", "operations")
_OF_THE_WORKSHOP = ("theme", "province", "capacity", "tables", "access", "languages", "timings")


class Changes(TypedDict, total=False):
    """What may change of a workshop and of its meeting; what is not named stays as it is."""

    title: OfficialText
    purpose: OfficialText
    place: OfficialText
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    open_to_all: bool
    operations: Iterable[str]
    theme: Theme | None
    province: Territory | None
    capacity: int | None
    tables: int
    access: OfficialText
    languages: Sequence[str]
    timings: Sequence[Mapping[str, Any]]


@transaction.atomic
def plan_workshop(
    consultation: Consultation,
    *,
    title: OfficialText,
    purpose: OfficialText,
    starts_at: dt.datetime,
    by: User,
    at: dt.datetime,
    ends_at: dt.datetime | None = None,
    place: OfficialText | None = None,
    open_to_all: bool = True,
    operations: Iterable[str] = (),
    theme: Theme | None = None,
    province: Territory | None = None,
    capacity: int | None = None,
    tables: int = 4,
    access: OfficialText | None = None,
    languages: Sequence[str] = (),
    timings: Sequence[Mapping[str, Any]] = (),
) -> Workshop:
    """Plan a workshop of a consultation: the meeting everyone reads of, and its tables, access and programme.

    The same twice is one meeting, so one workshop. Raises ``Refused`` when the
    rule of the workshop, or that of the meeting, says no.
    """
    given: dict[str, Any] = {
        "theme": theme, "province": province, "capacity": capacity, "tables": tables, "access": access or {},
        "languages": list(languages), "timings": list(timings),
    }  # fmt: skip
    refuse_if(rules.why_not_plan_workshop(by, consultation, given=given))
    meeting = plan_meeting(
        member=consultation.cycle.member,
        kind=Meeting.Kind.PUBLIC,
        title=title,
        purpose=purpose,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        cycle=consultation.cycle,
        operations=operations,
        open_to_all=open_to_all,
        by=by,
        at=at,
    )
    workshop = Workshop.objects.create(consultation=consultation, meeting=meeting, **given)
    line = _line("plan_workshop", workshop, by, at, day=timezone.localdate(starts_at).isoformat())
    # The programme of the meetings is one thing, however many workshops it counts.
    _prove("plan_workshop", workshop, subject_uid=consultation.uid, line=line, at=at)
    if timings:
        _prove("revise_workshop", workshop, subject_uid=workshop.uid, line=line, at=at)
    _make_findable(entries_of_workshop(workshop), meeting.member)
    return workshop


@transaction.atomic
def revise_workshop(workshop: Workshop, *, by: User, at: dt.datetime, **changes: Unpack[Changes]) -> Workshop:
    """Change a workshop or its meeting; what is not named stays. The same again changes nothing.

    Setting the timings makes the kit ready: that proves the guide's operation.
    Raises ``Refused`` when the rule of the workshop, or that of the meeting, says no.
    """
    meeting = hold(workshop.meeting)
    hold(workshop).meeting = meeting
    asked: dict[str, Any] = dict(changes)
    given = {name: _kept(asked[name]) for name in _OF_THE_WORKSHOP if name in asked}
    refuse_if(rules.why_not_revise_workshop(by, workshop, given=given))
    of_the_meeting = {name: asked.get(name, getattr(meeting, name)) for name in _OF_THE_MEETING}
    if any(name in asked for name in _OF_THE_MEETING):
        revise_meeting(meeting, **of_the_meeting, by=by, at=at, asked_by=meeting.asked_by)
    changed = {name for name, value in given.items() if not _same(getattr(workshop, name), value)}
    for name in changed:
        setattr(workshop, name, given[name])
    _make_findable(entries_of_workshop(workshop), meeting.member)
    if not changed:
        return workshop
    workshop.save(update_fields=list(changed))
    timed = "timings" in changed and bool(workshop.timings)
    line = _line("revise_workshop", workshop, by, at, timed=timed)
    if timed:
        _prove("revise_workshop", workshop, subject_uid=workshop.uid, line=line, at=at)
    return workshop


def make_workshops_findable(member: Member) -> int:
    """Have search say of a member's workshops what is true now; give how many entries it reads.

    A meeting is moved on its own page too, which knows nothing of workshops, and
    a theme is renamed on its consultation's: the round of the day calls this.
    One workshop at a time, so that nobody who works meanwhile waits for all of
    them. Nothing goes to the journal.
    """
    numbers = Workshop.objects.of(member).order_by("pk").values_list("meeting__number", flat=True)
    return sum(_find_as_it_is(member, number) for number in list(numbers))


@transaction.atomic
def _find_as_it_is(member: Member, number: int) -> int:
    # Held, then read: who cancels it meanwhile comes wholly before, or wholly after.
    held = Meeting.objects.of(member).select_for_update(no_key=True).filter(number=number).first()
    workshop = workshop_of(member, number)
    if held is None or workshop is None:
        return 0
    if held.state == Meeting.State.CANCELLED:  # by a round that read it before, it may have been written back
        forget_entry(member_code=member.slug, kind="workshop", subject_uid=held.uid)
    return _make_findable(entries_of_workshop(workshop), member)


def _make_findable(entries: Iterable[Mapping[str, Any]], member: Member) -> int:
    return sum(bool(index_entry(member_code=member.slug, **entry)) for entry in entries)


# --- what it needs --------------------------------------------------------------


@transaction.atomic
def add_need(
    workshop: Workshop,
    *,
    kind: str,
    what: str,
    by: User,
    at: dt.datetime,
    who: str = "",
    assignee: User | None = None,
    due_on: dt.date | None = None,
    budget_line: str = "",
    cost: int | None = None,
) -> Need:
    """Put something on the list of what a workshop needs; ``cost`` is in centimes.

    The journal says its kind, never who sees to it nor the cost. Raises
    ``Refused`` when the rule says no, the same twice included.
    """
    hold(workshop.meeting)
    hold(workshop)
    refuse_if(rules.why_not_add_need(by, workshop, kind=kind, what=what, assignee=assignee))
    need = Need.objects.create(
        workshop=workshop, kind=kind, what=what.strip(), who=who.strip(), assignee=assignee, due_on=due_on,
        budget_line=budget_line.strip(), cost=cost,
    )  # fmt: skip
    _line("add_need", workshop, by, at, subject=need, kind=kind)
    return need


@transaction.atomic
def revise_need(
    need: Need,
    *,
    kind: str,
    what: str,
    who: str,
    assignee: User | None,
    due_on: dt.date | None,
    budget_line: str,
    cost: int | None,
    done_on: dt.date | None,
    by: User,
    at: dt.datetime,
) -> Need:
    """Change a line of the list, or say that it is ready; the same again changes nothing.

    When everything on the list is ready, the logistics are: that proves the
    guide's operation. Raises ``Refused`` when the rule says no.
    """
    workshop = _held_for(need)
    day = timezone.localdate(at)
    refuse_if(rules.why_not_revise_need(by, need, kind=kind, what=what, assignee=assignee, done_on=done_on, today=day))
    given: dict[str, Any] = {
        "kind": kind, "what": what.strip(), "who": who.strip(), "assignee": assignee, "due_on": due_on,
        "budget_line": budget_line.strip(), "cost": cost, "done_on": done_on,
    }  # fmt: skip
    changed = {name for name, value in given.items() if getattr(need, name) != value}
    if not changed:
        return need
    ready = "done_on" in changed and done_on is not None
    for name in changed:
        setattr(need, name, given[name])
    need.save(update_fields=list(changed))
    line = _line("revise_need", workshop, by, at, subject=need, kind=kind, ready=ready)
    if ready and not workshop.needs.filter(done_on=None).exists():
        _prove("revise_need", workshop, subject_uid=workshop.uid, line=line, at=at)
    return need


@transaction.atomic
def remove_need(need: Need, *, by: User, at: dt.datetime) -> Workshop:
    """Take a line off the list of what a workshop needs. Raises ``Refused`` when the rule says no."""
    workshop = _held_for(need)
    refuse_if(rules.why_not_remove_need(by, need))
    gone = Need(uid=need.uid, kind=need.kind)
    need.delete()
    _line("remove_need", workshop, by, at, subject=gone, kind=gone.kind)
    return workshop


def _held_for(need: Need) -> Workshop:
    """Lock a line of the list with its workshop, the meeting first."""
    meeting = hold(need.workshop.meeting)
    workshop = hold(need.workshop)
    workshop.meeting = meeting
    hold(need).workshop = workshop
    return workshop


# --- who is in charge -----------------------------------------------------------


@transaction.atomic
def give_charge(
    workshop: Workshop, *, invitation: Invitation, part: str, by: User, at: dt.datetime, table: int | None = None
) -> Charge:
    """Choose a participant to facilitate a table, or to take down what is said there.

    Chosen among those who said that they come, as the guide asks; a workshop that
    has one who facilitates and one who takes notes has its people: that proves the
    operation. The journal names nobody. Raises ``Refused`` when the rule says no.
    """
    meeting = hold(workshop.meeting)
    hold(workshop).meeting = meeting
    hold(invitation)
    refuse_if(rules.why_not_give_charge(by, workshop, invitation=invitation, part=part, table=table))
    charge = Charge.objects.create(workshop=workshop, invitation=invitation, part=part, table=table, given_at=at)
    line = _line("give_charge", workshop, by, at, subject=charge, part=part)
    if set(workshop.charges.values_list("part", flat=True)) == set(Charge.Part.values):
        _prove("give_charge", workshop, subject_uid=workshop.uid, line=line, at=at)
    return charge


@transaction.atomic
def end_charge(charge: Charge, *, by: User, at: dt.datetime) -> Workshop:
    """Relieve a participant of their part; they stay a participant. Raises ``Refused`` when the rule says no."""
    meeting = hold(charge.workshop.meeting)
    workshop = hold(charge.workshop)
    workshop.meeting = meeting
    hold(charge).workshop = workshop
    refuse_if(rules.why_not_end_charge(by, charge))
    gone = Charge(uid=charge.uid, part=charge.part)
    charge.delete()
    _line("end_charge", workshop, by, at, subject=gone, part=gone.part)
    return workshop


# --- who came, without a name ---------------------------------------------------


@transaction.atomic
def count_heads(workshop: Workshop, *, heads: Mapping[str, int], by: User, at: dt.datetime) -> int:
    """Count at the door those who give no name, by category: as many as ``heads`` says in all, not more on top.

    So the same form sent twice counts them once. Each stands on the list as a
    number. What the door's own deed refuses is refused here; says how many there
    are in all. Raises ``Refused``.
    """
    meeting = hold(workshop.meeting)
    known = tuple(categories_of(meeting.member))
    refuse_if(rules.why_not_count_heads(heads, categories=(*known, ""), most=MOST_HEADS))
    there = heads_of(meeting)
    last = max((number_of(one) for one in there), default=0)
    for category, wanted in heads.items():
        here = [one for one in there if one.category == category]
        for gone in here[wanted:]:
            check_in(meeting, guest=gone, came=False, by=by, at=at)
        for _more in range(wanted - len(here)):
            last += 1
            check_in(meeting, guest=Guest(name=nameless(last), category=category), by=by, at=at)
    return sum(heads.values())


def _kept(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, dict) and isinstance(after, dict):
        return says_the_same(before, after)
    return bool(before == after)


def _prove(deed: str, workshop: Workshop, *, subject_uid: str, line: JournalLine, at: dt.datetime) -> None:
    prove_operations(workshop.consultation.cycle, deed=deed, subject_uid=subject_uid, parent=line, at=at)


def _line(
    verb: str, workshop: Workshop, by: User, at: dt.datetime, *, subject: Need | Charge | None = None, **facts: Any
) -> JournalLine:
    told = {"number": workshop.meeting.number, **facts}
    return journal(verb, subject or workshop, workshop.meeting.member, by.reference, at, **told)
