"""The chain a file walks: dated steps from the file to its publication, what is next and by when, and what is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.due import Due
from openregion.core.official import text_in
from openregion.cycle.models import Deliberation, Letter, Meeting, Proposal
from openregion.cycle.queries.clock import Clock, DueDate, NoDay, clock_of
from openregion.cycle.queries.council import (
    VISAS,
    day_of,
    file_url,
    guide_asks_visa,
    may_ask_visa_later,
    session_of,
    voting_sitting,
)
from openregion.people.models import Member

_State = Proposal.State
_Visa = Deliberation.Visa


@dataclass(frozen=True)
class Step:
    """A step of the chain: where it stands, when it was done or by when it is to be, and from what that day comes.

    ``waits_for`` names whose turn it is when it is not the Region's; ``late`` says
    that it was done, or is still to do, after its last day; ``missed`` that the
    Council voted without it. ``folded`` is what only who asks for it reads.
    """

    code: str
    label: str
    state: str
    when: str = ""
    why: str = ""
    waits_for: str = ""
    late: bool = False
    by: DueDate | None = None
    doable: bool = False
    missed: bool = False
    folded: str = ""


def agenda_due(proposal: Proposal, clock: Clock | None = None) -> DueDate | None:
    """Give the last day to address a file's point to the Wali; nothing before it stands on an agenda."""
    return _before_the_session(proposal, "agenda-to-wali", clock)


def referral_due(proposal: Proposal, clock: Clock | None = None) -> DueDate | None:
    """Give the last day for the commission's opinion: it comes before the point is addressed to the Wali."""
    return _before_the_session(proposal, "agenda-to-wali", clock)


def _before_the_session(proposal: Proposal, rule: str, clock: Clock | None) -> DueDate | None:
    if (session := session_of(proposal)) is None:
        return None
    asked = clock or clock_of(proposal.cycle.member)
    with suppress(NoDay):
        return asked.latest_day(rule, end=day_of(session), what=_("opening of the session"))
    return None


def sending_due(one: Deliberation, clock: Clock | None = None) -> DueDate | None:
    """Give the last day to send a decision for control: with the minutes, from the close of the session."""
    session = one.proposal.session if one.proposal else None
    closed = session.closed_on if session and session.closed_on else one.act.dated_on
    return _from(one, "minutes-to-wali", max(closed, one.act.dated_on), _("close of the session"), clock)


def opposition_due(one: Deliberation, clock: Clock | None = None) -> DueDate | None:
    """Give the last day on which the Wali may oppose a decision; nothing before its receipt."""
    return _from(one, "wali-opposition", one.received_on, _("receipt of the decision"), clock)


def visa_due(one: Deliberation, clock: Clock | None = None) -> DueDate | None:
    """Give the last day of the delay in which the visa is answered; nothing before the decision's receipt.

    Asked for later than the decision was received, it runs from the day it was asked for.
    """
    if one.received_on and one.visa_asked_on and one.visa_asked_on > one.received_on:
        return _from(one, "visa", one.visa_asked_on, _("day the visa was asked for"), clock)
    return _from(one, "visa", one.received_on, _("receipt of the decision"), clock)


def _from(one: Deliberation, rule: str, start: dt.date | None, what: str, clock: Clock | None) -> DueDate | None:
    if start is None:
        return None
    asked = clock or clock_of(one.cycle.member)
    with suppress(NoDay):
        return asked.due_date(rule, start=start, what=what)
    return None


def steps_of(proposal: Proposal, vote: Deliberation | None, *, today: dt.date) -> tuple[Step, ...]:
    """Draw the chain of a file: what is done with its day, what is next and by when, what is to come."""
    clock = clock_of(proposal.cycle.member)
    after = _after_the_vote(vote, today, clock) if vote else _to_come(proposal)
    found = [*_before_the_vote(proposal, today, clock), *after]
    if proposal.state == _State.WITHDRAWN:
        return tuple(one for one in found if one.state == "done")
    return tuple(found)


def steps_after(vote: Deliberation, *, today: dt.date) -> tuple[Step, ...]:
    """Draw what follows a vote: control, receipt, visa, publication."""
    return tuple(_after_the_vote(vote, today, clock_of(vote.cycle.member)))


def _before_the_vote(proposal: Proposal, today: dt.date, clock: Clock) -> Iterator[Step]:
    frozen, session, ended = proposal.frozen, session_of(proposal), proposal.state not in ("assembling", "frozen")
    yield Step("open", _("The file is assembled"), "done" if frozen else "present")
    if frozen:
        yield Step("freeze", _("The file is frozen"), "done", dates.instant(frozen.frozen_at, _lang()))
    else:
        yield Step("freeze", _("The file is frozen"), "to-come", _("before the vote"), doable=not ended)
    if session is None:
        yield Step("agenda", _("It stands on the agenda of a session"), "present", doable=not ended)
    else:
        name = text_in(session.title, _lang())
        when = _(", ").join(filter(None, (name, _day(day_of(session)))))
        late = bool(proposal.agenda_item and proposal.agenda_item.late_reason)
        yield Step("agenda", _("It stands on the agenda of a session"), "done", when, late=late, doable=not ended)
    due = agenda_due(proposal, clock)
    voted = proposal.state == _State.VOTED
    address = Step(
        "address", _("The point is addressed to the Wali"), "to-come", doable=not ended and session is not None,
        missed=voted and proposal.agenda_addressed_on is None,
    )  # fmt: skip
    yield _with_its_letter(_dated(address, proposal.agenda_addressed_on, due, today), proposal.agenda_letter)
    referral = referral_due(proposal, clock)
    refer = Step(
        "refer", _("The file is referred to a commission"), "to-come", doable=not ended and not proposal.opinion,
        missed=voted and proposal.referred_on is None,
    )  # fmt: skip
    yield _with_its_letter(_dated(refer, proposal.referred_on, referral, today), proposal.referral_letter)
    waited = proposal.commission is not None and not proposal.opinion
    name = text_in(proposal.commission.name, _lang()) if proposal.commission else ""
    opinion = Step(
        "opinion", _("The commission gives its opinion"), "to-come", doable=waited and not ended,
        waits_for=name if waited and not ended else "", missed=voted and not proposal.opinion,
    )  # fmt: skip
    yield _dated(opinion, proposal.opinion_on, referral, today)


def _to_come(proposal: Proposal) -> Iterator[Step]:
    session = session_of(proposal)
    sitting = voting_sitting(session)
    when = _day(day_of(sitting or session)) if session else ""
    ready = proposal.state == _State.FROZEN and sitting is not None
    yield Step("vote", _("The Council votes"), "present" if ready else "to-come", when, doable=ready)
    yield Step("send", _("The decision is sent for control"), "to-come")
    yield Step("receipt", _("Its receipt is acknowledged"), "to-come")
    if proposal.wants_visa:
        yield Step("visa", _("The visa is answered"), "to-come")
    yield Step("publish", _("The deliberation is published"), "to-come")


def _after_the_vote(vote: Deliberation, today: dt.date, clock: Clock) -> Iterator[Step]:
    yield Step("vote", _("The Council votes"), "done", _day(vote.act.dated_on))
    postponed = vote.decision == Deliberation.Decision.POSTPONED
    if not postponed:
        sending = Step("send", _("The decision is sent for control"), "to-come", doable=vote.sent_on is None)
        yield _dated(sending, vote.sent_on, sending_due(vote, clock), today)
        yield _receipt(vote, today, clock)
        if vote.visa != _Visa.NOT_ASKED or (vote.proposal and vote.proposal.wants_visa and vote.sent_on is None):
            yield _visa(vote, today, clock)
        elif guide_asks_visa(vote) and may_ask_visa_later(vote):
            yield Step("visa", _("The visa is answered"), "to-come", _("it was not asked for yet"))
    published = vote.published_on
    state = "done" if published else "present" if vote.visa != _Visa.AWAITED else "to-come"
    yield Step(
        "publish", _("The deliberation is published"), state, _day(published) if published else "",
        doable=published is None,
    )  # fmt: skip


def _receipt(vote: Deliberation, today: dt.date, clock: Clock) -> Step:
    label = _("Its receipt is acknowledged")
    if vote.received_on is None:
        waits = _("the services of the Wali") if vote.sent_on else ""
        state = "present" if vote.sent_on else "to-come"
        return Step("receipt", label, state, waits_for=waits, doable=vote.sent_on is not None)
    if (due := opposition_due(vote, clock)) is None:
        return Step("receipt", label, "done", _day(vote.received_on))
    day = {"day": _day(due.day)}
    if vote.visa_on is None and today <= due.day:
        why = _("Until %(day)s the Wali may oppose it.") % day + f" {due.sentence}"
        return Step("receipt", label, "done", _day(vote.received_on), why, by=due)
    if vote.visa == _Visa.REFUSED:
        past = _("The Wali could oppose it until %(day)s.") % day
    else:
        past = _("The Wali could oppose it until %(day)s. No opposition is recorded.") % day
    return Step("receipt", label, "done", _day(vote.received_on), by=due, folded=f"{past} {due.sentence}")


def _with_its_letter(step: Step, letter: Letter | None) -> Step:
    """Keep a step under way while the letter that does it is a draft."""
    if letter is None or letter.state != Letter.State.DRAFT or step.state != "done":
        return step
    return replace(step, state="present", when=_("letter drafted, not issued"))


def _visa(vote: Deliberation, today: dt.date, clock: Clock) -> Step:
    label, due = _("The visa is answered"), visa_due(vote, clock)
    if vote.visa_on:
        said = f"{VISAS[vote.visa][1]} · {_day(vote.visa_on)}"
        return Step("visa", label, "done", said, late=vote.visa == _Visa.REFUSED)
    if due is None:
        return Step("visa", label, "to-come", _("the delay runs from the receipt"), doable=vote.sent_on is not None)
    if today <= due.day:
        waits = _("the administrative authority")
        return Step("visa", label, "present", _until(due), due.sentence, waits, by=due, doable=True)
    said = _("The delay ran out on %(day)s. Record what was answered, or the tacit visa.") % {"day": _day(due.day)}
    return Step("visa", label, "present", said, due.sentence, by=due, doable=True)


def _dated(step: Step, done_on: dt.date | None, due: DueDate | None, today: dt.date) -> Step:
    """Date a step: the day it was done, or by when it is to be; late when that day is past."""
    if done_on is not None:
        late = due is not None and done_on > due.day
        why = _("The last day was %(day)s.") % {"day": _day(due.day)} + f" {due.sentence}" if due and late else ""
        return replace(step, state="done", when=_day(done_on), why=why, waits_for="", late=late, by=due)
    if due is None or not step.doable:
        return replace(step, state="present" if step.doable else "to-come")
    late = today > due.day
    return replace(step, state="present", when=_until(due), why=due.sentence, late=late, by=due)


def _until(due: DueDate) -> str:
    day = _day(due.day)
    return _("by %(day)s, estimated") % {"day": day} if due.estimated else _("by %(day)s") % {"day": day}


def due_council(member: Member, today: dt.date) -> tuple[Due, ...]:
    """List what the Council's files and decisions wait for: whose turn it is, by when, on what ground."""
    waiting = Proposal.objects.of(member).filter(state__in=(_State.ASSEMBLING, _State.FROZEN))
    related = ("cycle__member", "session", "commission", "agenda_item", "frozen")
    files = waiting.select_related(*related).prefetch_related("session__followed_by__followed_by").order_by("pk")
    replaced = Prefetch("replaced_by", queryset=Deliberation.objects.only("pk", "replaces"))
    undone = Q(published_on=None) | Q(sent_on=None) | Q(received_on=None)
    votes = Deliberation.objects.of(member).filter(undone, proposal__isnull=False)
    refused = Deliberation.objects.of(member).filter(visa=_Visa.REFUSED, replaced_by=None, proposal__isnull=False)
    awaited = Deliberation.objects.of(member).filter(visa=_Visa.AWAITED, proposal__isnull=False)
    found = (votes | refused | awaited).exclude(decision=Deliberation.Decision.POSTPONED).distinct()
    decided = found.select_related("act", "cycle__member", "proposal__cycle__member", "proposal__session")
    clock = clock_of(member)
    lines = [line for one in files for line in _due_of_file(one, clock)]
    return (
        *lines,
        *(line for one in decided.prefetch_related(replaced).order_by("pk") for line in _due_of(one, today, clock)),
    )


def _due_of_file(one: Proposal, clock: Clock) -> Iterator[Due]:
    url, title = file_url(one), text_in(one.title, _lang())

    def line(deed: str, label: str, act: str, due: DueDate | None = None, *, waits_for: str = "") -> Due:
        return Due(
            key=f"{deed}:{one.uid}",
            label=label % {"title": title},
            url=url,
            act=act,
            act_url=reverse(deed, args=[one.cycle.member.slug, one.cycle.kind, one.cycle.number, one.number]),
            day=due.day if due else None,
            why=due.sentence if due else "",
            estimated=due.estimated if due else False,
            deed=deed,
            waits_for=waits_for,
        )

    session = session_of(one)
    held = session is not None and session.state == Meeting.State.HELD
    if session is None or session.state == Meeting.State.CANCELLED:
        yield line("place_on_agenda", _("On no agenda yet: %(title)s"), _("Place it on the agenda of a session"))
    elif not held and one.agenda_addressed_on is None:
        said = _("Address the point to the Wali: %(title)s")
        yield line("address_agenda", said, _("Record the day it was addressed"), agenda_due(one, clock))
    if one.commission is None:
        if not held:
            said = _("Refer to a commission: %(title)s")
            yield line("refer_to_commission", said, _("Refer it"), referral_due(one, clock))
    elif not one.opinion:
        waits = text_in(one.commission.name, _lang())
        said = _("Opinion of the commission: %(title)s")
        yield line("record_opinion", said, _("Record the opinion"), referral_due(one, clock), waits_for=waits)
    if one.state == _State.ASSEMBLING:
        said = _("Freeze before the vote: %(title)s")
        addressed = one.agenda_addressed_on is not None
        yield line("freeze_proposal", said, _("Freeze the file"), None if addressed or held else agenda_due(one, clock))
    elif voting_sitting(session) is not None:
        yield line("record_vote", _("Record the vote: %(title)s"), _("Record the vote"))


def _due_of(one: Deliberation, today: dt.date, clock: Clock) -> Iterator[Due]:
    url = reverse("deliberation", args=[one.cycle.member.slug, one.uid])
    number = one.act.number

    def line(
        deed: str, label: str, act: str, due: DueDate | None = None, *, waits_for: str = "", day: dt.date | None = None
    ) -> Due:
        return Due(
            key=f"{deed}:{one.uid}",
            label=label % {"number": number},
            url=url,
            act=act,
            act_url="" if deed == "open_proposal" else reverse(deed, args=[one.cycle.member.slug, one.uid]),
            day=day or (due.day if due else None),
            why=due.sentence if due else "",
            estimated=due.estimated if due else False,
            deed=deed,
            waits_for=waits_for,
        )

    if one.sent_on is None:
        said = _("Send deliberation no. %(number)s for control")
        yield line("send_for_control", said, _("Record the day it was sent"), sending_due(one, clock))
    elif one.received_on is None and one.visa in (_Visa.NOT_ASKED, _Visa.AWAITED):
        said = _("Receipt of deliberation no. %(number)s")
        yield line("record_receipt", said, _("Acknowledge receipt"), waits_for=_("the services of the Wali"))
    elif one.visa == _Visa.AWAITED and (due := visa_due(one, clock)):
        said = _("Visa of deliberation no. %(number)s")
        if today <= due.day:
            yield line("record_visa", said, _("Record the answer"), due, waits_for=_("the administrative authority"))
        else:
            act = _("Record what was answered, or the tacit visa")
            yield line("record_visa", said, act, due, day=due.day + dt.timedelta(days=1))
    if one.visa == _Visa.REFUSED and not hasattr(one, "replaced_by"):
        said = _("The visa of deliberation no. %(number)s was refused")
        yield line("open_proposal", said, _("Open a file for a new vote"))
    if one.published_on is None and one.visa != _Visa.AWAITED and one.sent_on is not None:
        said = _("Publish deliberation no. %(number)s")
        yield line("publish_deliberation", said, _("Publish it"))


def _day(value: dt.date) -> str:
    return dates.day(value, _lang())


def _lang() -> str:
    return get_language() or "fr"
