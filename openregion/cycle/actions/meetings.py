"""What is done about meetings: planned, changed, convened, held, called again, cancelled; their agenda and papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max, Model, prefetch_related_objects
from django.utils import timezone

from openregion.core.official import OfficialText, says_the_same
from openregion.core.refusal import refuse_if
from openregion.cycle import mails, rules
from openregion.cycle.actions.operations import prove_by
from openregion.cycle.actions.steps import close_ranks, hold, journal
from openregion.cycle.models import AgendaItem, Cycle, Invitation, Meeting, MeetingPaper, Proof
from openregion.cycle.queries.guests import hashed, new_key
from openregion.cycle.queries.meetings import title_of_proof
from openregion.people.models import Body, Member, User
from openregion.record.actions import forget_entry, store_file
from openregion.record.models import JournalLine

# What a guest must hear of when it changes.
_TOLD = ("title", "place", "starts_at", "ends_at")


@transaction.atomic
def plan_meeting(
    *,
    member: Member,
    kind: str,
    title: OfficialText,
    purpose: OfficialText,
    starts_at: dt.datetime,
    by: User,
    at: dt.datetime,
    ends_at: dt.datetime | None = None,
    place: OfficialText | None = None,
    body: Body | None = None,
    cycle: Cycle | None = None,
    operations: Iterable[str] = (),
    open_to_all: bool = False,
    asked_by: str = "",
) -> Meeting:
    """Plan a meeting, with the operations of the cycle that holding it will prove. Raises ``Refused``."""
    hold(member)  # two people planning at once take two numbers
    codes = list(dict.fromkeys(operations))
    refuse_if(
        rules.why_not_plan_meeting(
            by,
            member,
            kind=kind,
            title=title,
            starts_at=starts_at,
            ends_at=ends_at,
            body=body,
            cycle=cycle,
            operations=codes,
            asked_by=asked_by,
        )
    )
    meeting = Meeting.objects.create(
        member=member,
        cycle=cycle,
        number=_next_number(member),
        kind=kind,
        body=body,
        title=title,
        purpose=purpose,
        place=place or {},
        starts_at=starts_at,
        ends_at=ends_at,
        open_to_all=open_to_all,
        operations=codes,
        asked_by=asked_by if kind == Meeting.Kind.EXTRAORDINARY_SESSION else "",
    )
    _line("plan_meeting", meeting, by, at, day=_day(meeting))
    return meeting


@transaction.atomic
def revise_meeting(
    meeting: Meeting,
    *,
    title: OfficialText,
    purpose: OfficialText,
    place: OfficialText,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    open_to_all: bool,
    operations: Iterable[str],
    by: User,
    at: dt.datetime,
    asked_by: str = "",
) -> Meeting:
    """Change a meeting, or move it; guests who were convened are told. The same again changes nothing.

    Raises ``Refused`` when the rule says no.
    """
    hold(meeting)
    codes = list(dict.fromkeys(operations))
    refuse_if(
        rules.why_not_revise_meeting(
            by, meeting, title=title, starts_at=starts_at, ends_at=ends_at, operations=codes, asked_by=asked_by
        )
    )
    asked_by = asked_by if meeting.kind == Meeting.Kind.EXTRAORDINARY_SESSION else ""
    given = {
        "title": title, "purpose": purpose, "place": place, "starts_at": starts_at, "ends_at": ends_at,
        "open_to_all": open_to_all, "operations": codes, "asked_by": asked_by,
    }  # fmt: skip
    changed = {name for name, value in given.items() if not _same(getattr(meeting, name), value)}
    if not changed:
        return meeting
    moved = bool(changed & {"starts_at", "ends_at", "place"})
    for name in changed:
        setattr(meeting, name, given[name])
    meeting.save(update_fields=list(changed))
    line = _line("revise_meeting", meeting, by, at, day=_day(meeting), moved=moved)
    if changed & set(_TOLD):
        for guest in _convened(meeting):
            mails.tell_moved(guest, line, at=at)
    return meeting


@transaction.atomic
def add_to_agenda(
    meeting: Meeting,
    *,
    title: OfficialText,
    by: User,
    at: dt.datetime,
    about: OfficialText | None = None,
    late_reason: OfficialText | None = None,
) -> AgendaItem:
    """Add a point at the end of an agenda; one that joins an agenda already sent says why it is late.

    Raises ``Refused`` when the rule says no.
    """
    hold(meeting)
    late_reason = late_reason or {}
    refuse_if(rules.why_not_add_to_agenda(by, meeting, title=title, late_reason=late_reason))
    late = meeting.agenda_sent_on is not None
    item = AgendaItem.objects.create(
        meeting=meeting,
        rank=(meeting.agenda.aggregate(last=Max("rank"))["last"] or 0) + 1,
        title=title,
        about=about or {},
        added_at=at,
        late_reason=late_reason if late else {},
    )
    _line("add_to_agenda", meeting, by, at, subject=item, point=item.rank, late=late)
    return item


@transaction.atomic
def remove_from_agenda(item: AgendaItem, *, by: User, at: dt.datetime) -> Meeting:
    """Take a point off an agenda; the others close ranks. Raises ``Refused`` when the rule says no."""
    file = getattr(item, "proposal", None)
    if file is not None:
        hold(file)  # before its meeting, as the deeds of the file do
    meeting = hold(item.meeting)
    hold(item).meeting = meeting  # a decision recorded since the page was read keeps it there
    refuse_if(rules.why_not_remove_from_agenda(by, item))
    point = item.rank
    item.delete()
    close_ranks(meeting)
    _line("remove_from_agenda", meeting, by, at, subject=item, point=point)
    return meeting


@transaction.atomic
def add_meeting_paper(
    meeting: Meeting,
    *,
    title: OfficialText,
    upload: File,
    sent_on: dt.date,
    public: bool,
    by: User,
    at: dt.datetime,
) -> MeetingPaper:
    """Give a document for a meeting, with the day on which it was sent; too late a day warns and refuses nothing.

    Raises ``Refused`` when the rule says no, or when the file was given already.
    """
    hold(meeting)
    refuse_if(rules.why_not_add_meeting_paper(by, meeting, title=title, sent_on=sent_on))
    stored = store_file(upload=upload, member_code=meeting.member.slug, by_ref=by.reference, at=at)
    refuse_if(rules.why_not_give_again(meeting, sha256=stored.sha256))  # what was just stored goes with the refusal
    paper = MeetingPaper.objects.create(meeting=meeting, title=title, file=stored, sent_on=sent_on, public=public)
    _line("add_meeting_paper", meeting, by, at, subject=paper, sent_on=sent_on.isoformat(), public=public)
    return paper


@transaction.atomic
def convene_meeting(
    meeting: Meeting,
    *,
    by: User,
    at: dt.datetime,
    to_nobody: bool = False,
    again: Invitation | None = None,
    email: str = "",
) -> Meeting:
    """Send the convocation to every guest who has an address and was not sent one yet.

    Each receives, in their language, a link of their own by which to answer; it
    is kept hashed. The agenda counts as sent that day: a later point is late.
    ``to_nobody`` says that a meeting open to all is only announced. ``again``
    names the one guest to send it to once more, at ``email`` when their address
    was wrong: a new link leaves, and the old one opens nothing any more.
    Raises ``Refused`` when the rule says no.
    """
    hold(meeting)
    if again is not None:
        hold(again).meeting = meeting
        again.email = email or again.email
        refuse_if(rules.why_not_convene_once_more(by, meeting, guest=again, at=at))
    else:
        refuse_if(rules.why_not_convene_meeting(by, meeting, at=at, to_nobody=to_nobody))
    day = timezone.localdate(at)
    meeting.state = rules.MEETING_MOVES[Meeting.State(meeting.state)]["convene_meeting"]
    meeting.convened_on = meeting.convened_on or day
    meeting.agenda_sent_on = meeting.agenda_sent_on or day
    meeting.save(update_fields=["state", "convened_on", "agenda_sent_on"])
    waiting = meeting.invitations.filter(on_the_spot=False, sent_at=None).exclude(email="")
    guests = list(waiting) if again is None else [again]
    prefetch_related_objects([meeting], "agenda")
    for guest in guests:
        guest.meeting, key = meeting, new_key()
        guest.answer_hash, guest.sent_at = hashed(key), at
        mails.convoke(guest, key=key, at=at)
    Invitation.objects.bulk_update(guests, ["answer_hash", "sent_at", "email"], batch_size=200)
    _line("convene_meeting", meeting, by, at, guests=len(guests), day=_day(meeting))
    return meeting


@transaction.atomic
def hold_meeting(
    meeting: Meeting,
    *,
    closed_on: dt.date,
    by: User,
    at: dt.datetime,
    members_in_office: int | None = None,
    quorum_met: bool | None = None,
) -> Meeting:
    """Record that a meeting was held, when it closed, and whether its quorum was met, as the secretary says.

    A meeting held proves the operations it names; a sitting without quorum
    proves nothing. Raises ``Refused`` when the rule says no.
    """
    hold(meeting)
    refuse_if(
        rules.why_not_hold_meeting(
            by, meeting, closed_on=closed_on, quorum_met=quorum_met, members_in_office=members_in_office
        )
    )
    meeting.state = rules.MEETING_MOVES[Meeting.State(meeting.state)]["hold_meeting"]
    meeting.closed_on, meeting.members_in_office, meeting.quorum_met = closed_on, members_in_office, quorum_met
    meeting.save(update_fields=["state", "closed_on", "members_in_office", "quorum_met"])
    line = _line("hold_meeting", meeting, by, at, closed_on=closed_on.isoformat(), quorum_met=quorum_met)
    if meeting.cycle and meeting.operations and quorum_met is not False:
        prove_by(
            meeting.cycle,
            codes=meeting.operations,
            kind=Proof.Kind.MEETING,
            subject_uid=meeting.uid,
            title=title_of_proof(meeting),
            parent=line,
            at=at,
            done_on=closed_on,
        )
    return meeting


@transaction.atomic
def convene_again(
    meeting: Meeting,
    *,
    starts_at: dt.datetime,
    place: OfficialText,
    by: User,
    at: dt.datetime,
    ends_at: dt.datetime | None = None,
) -> Meeting:
    """Plan the sitting that follows one without quorum, with the same agenda and the same guests.

    The third is valid whatever the number (rule ``quorum-later-sittings``).
    Raises ``Refused`` when the rule says no.
    """
    hold(meeting.member)
    hold(meeting)
    refuse_if(rules.why_not_convene_again(by, meeting, starts_at=starts_at))
    following = Meeting.objects.create(
        member=meeting.member,
        cycle=meeting.cycle,
        number=_next_number(meeting.member),
        kind=meeting.kind,
        body=meeting.body,
        title=meeting.title,
        purpose=meeting.purpose,
        place=place,
        starts_at=starts_at,
        ends_at=ends_at,
        open_to_all=meeting.open_to_all,
        operations=meeting.operations,
        asked_by=meeting.asked_by,
        follows=meeting,
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=following, rank=one.rank, title=one.title, about=one.about, added_at=at)
        for one in meeting.agenda.all()
    )
    kept = (
        "contact_id", "mandate_id", "user_id", "name", "organisation", "category", "gender", "email", "lang", "votes",
    )  # fmt: skip
    guests = meeting.invitations.filter(on_the_spot=False).order_by("pk").values(*kept)
    Invitation.objects.bulk_create(Invitation(meeting=following, **one) for one in guests)
    _line("convene_again", following, by, at, before=meeting.number, day=_day(following))
    return following


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, reason: OfficialText, by: User, at: dt.datetime) -> Meeting:
    """Cancel a meeting, with the reason; guests who were convened are told. Raises ``Refused``."""
    hold(meeting)
    refuse_if(rules.why_not_cancel_meeting(by, meeting, reason=reason))
    meeting.state = rules.MEETING_MOVES[Meeting.State(meeting.state)]["cancel_meeting"]
    meeting.cancelled_reason = reason
    meeting.save(update_fields=["state", "cancelled_reason"])
    for guest in _convened(meeting):
        mails.tell_cancelled(guest, at=at)
    forget_entry(member_code=meeting.member.slug, subject_uid=meeting.uid)  # nobody is to find it, and go there
    _line("cancel_meeting", meeting, by, at, day=_day(meeting))
    return meeting


@transaction.atomic
def record_decision(item: AgendaItem, *, decision: OfficialText, by: User, at: dt.datetime) -> AgendaItem:
    """Record what was decided under a point of the agenda; the same again changes nothing.

    A decision is public with the agenda, and closes with the minutes' approval. Raises ``Refused``.
    """
    meeting = hold(item.meeting)
    hold(item).meeting = meeting
    refuse_if(rules.why_not_record_decision(by, item, decision=decision, at=at))
    if says_the_same(item.decision, decision):
        return item
    item.decision = decision
    item.save(update_fields=["decision"])
    _line("record_decision", meeting, by, at, subject=item, point=item.rank)
    return item


def _next_number(member: Member) -> int:
    return (Meeting.objects.of(member).aggregate(last=Max("number"))["last"] or 0) + 1


def _convened(meeting: Meeting) -> list[Invitation]:
    """List the guests who were sent the convocation and did not say that they do not come."""
    sent = meeting.invitations.exclude(sent_at=None).exclude(email="").exclude(answer=Invitation.Answer.DECLINED)
    guests = list(sent)
    prefetch_related_objects([meeting], "agenda")
    for guest in guests:
        guest.meeting = meeting
    return guests


def _day(meeting: Meeting) -> str:
    return timezone.localdate(meeting.starts_at).isoformat()


def _same(before: object, after: object) -> bool:
    if isinstance(before, dict) and isinstance(after, dict):
        return says_the_same(before, after)
    return before == after


def _line(
    verb: str, meeting: Meeting, by: User, at: dt.datetime, *, subject: Model | None = None, **facts: object
) -> JournalLine:
    told = {"kind": meeting.kind, "number": meeting.number, **facts}
    return journal(verb, subject or meeting, meeting.member, by.reference, at, **told)
