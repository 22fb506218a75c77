"""Reading meetings: the public calendar, a meeting's page, its quorum, what is due about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import AgendaItem, Cycle, Invitation, Meeting, MeetingPaper, Minutes
from openregion.cycle.queries.delays import Confidence, confidence_in_words, value_of
from openregion.cycle.queries.turns import book_of, cycle_name
from openregion.guide import queries as guides
from openregion.people.models import Body, Mandate, Member

KINDS: dict[str, Promise] = {
    "ordinary-session": gettext_lazy("Ordinary session of the Council"),
    "extraordinary-session": gettext_lazy("Extraordinary session of the Council"),
    "bureau": gettext_lazy("Meeting of the bureau"),
    "commission": gettext_lazy("Meeting of a commission"),
    "joint-commission": gettext_lazy("Joint debate of commissions"),
    "body": gettext_lazy("Meeting of a body"),
    "exchange": gettext_lazy("Exchange meeting"),
    "multi-stakeholder": gettext_lazy("Meeting of all parties"),
    "launch": gettext_lazy("Launch meeting"),
    "public": gettext_lazy("Public meeting"),
    "training": gettext_lazy("Training"),
}
STATES: dict[str, tuple[Promise, str]] = {
    "planned": (gettext_lazy("Planned"), "idle"),
    "convened": (gettext_lazy("Convened"), "underway"),
    "held": (gettext_lazy("Held"), "done"),
    "cancelled": (gettext_lazy("Cancelled"), "late"),
}
MINUTES_STATES: dict[str, tuple[Promise, str]] = {
    "draft": (gettext_lazy("Being drafted"), "underway"),
    "approved": (gettext_lazy("Approved"), "done"),
    "published": (gettext_lazy("Published"), "done"),
}
SESSIONS = frozenset({Meeting.Kind.ORDINARY_SESSION, Meeting.Kind.EXTRAORDINARY_SESSION})
# Bodies meet there: their day, place and agenda are public, and a quorum is counted where the body is named.
SITTINGS = SESSIONS | {
    Meeting.Kind.BUREAU,
    Meeting.Kind.COMMISSION,
    Meeting.Kind.JOINT_COMMISSION,
    Meeting.Kind.BODY,
}
# Everyone concerned comes: the national standard on the notice of co-creation is good practice there.
GATHERINGS = frozenset({Meeting.Kind.MULTI_STAKEHOLDER, Meeting.Kind.LAUNCH, Meeting.Kind.PUBLIC})
VALID_WHATEVER_THE_NUMBER = 3  # the third sitting, by the rule on later sittings
PUBLIC = Q(open_to_all=True) | Q(kind__in=SITTINGS | GATHERINGS) | Q(minutes__state=Minutes.State.PUBLISHED)


@dataclass(frozen=True)
class MeetingLine:
    """A meeting in the calendar."""

    number: int
    title: OfficialText
    kind: str
    body: OfficialText
    starts_at: dt.datetime
    place: str
    open_to_all: bool
    state: str
    state_code: str
    tone: str
    url: str
    minutes_published: bool


@dataclass(frozen=True)
class AgendaLine:
    """A point of an agenda: what it is about, why it is late, what was decided."""

    uid: str
    rank: int
    title: OfficialText
    about: OfficialText
    late: bool
    late_reason: OfficialText
    decision: OfficialText
    file_url: str


@dataclass(frozen=True)
class PaperLine:
    """A document given for a meeting, and whether it came in time to be read."""

    title: OfficialText
    name: str
    sent_on: dt.date
    public: bool
    too_late: str
    url: str


@dataclass(frozen=True)
class Quorum:
    """How many who vote are there, of how many in office, and whether that is enough by the rule."""

    present: int
    stand_ins: int
    members: int
    enough: bool
    valid_anyway: bool
    sentence: str
    confidence: Confidence
    rule_url: str


@dataclass(frozen=True)
class MinutesLine:
    """Where the minutes of a meeting are."""

    state: str
    state_code: str
    tone: str
    approved_on: dt.date | None
    sent_on: dt.date | None
    published_on: dt.date | None


@dataclass(frozen=True)
class MeetingPage:
    """A meeting as everyone may read it."""

    number: int
    kind: str
    kind_code: str
    title: OfficialText
    purpose: OfficialText
    state: str
    state_code: str
    tone: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    place: str
    open_to_all: bool
    asked_by: str
    body: OfficialText
    body_url: str
    cycle: str
    cycle_url: str
    operations: tuple[str, ...]
    cancelled_reason: OfficialText
    agenda: tuple[AgendaLine, ...]
    papers: tuple[PaperLine, ...]
    sitting: int
    follows: tuple[int, str] | None
    followed_by: tuple[int, str] | None
    closed_on: dt.date | None
    members_in_office: int | None
    quorum_met: bool | None
    minutes: MinutesLine | None
    upcoming: bool


def is_public(meeting: Meeting) -> bool:
    """Say whether everyone may read a meeting's day, place and agenda.

    A body meets, all are welcome, or its minutes are published: they stand on its page.
    """
    if meeting.open_to_all or meeting.kind in SITTINGS | GATHERINGS:
        return True
    return Minutes.objects.filter(meeting=meeting, state=Minutes.State.PUBLISHED).exists()


def day_of(meeting: Meeting) -> dt.date:
    """Give the day on which a meeting opens, in Casablanca."""
    return timezone.localdate(meeting.starts_at)


def meetings_of(member: Member, *, private: bool) -> QuerySet[Meeting]:
    """List a member's meetings; those for a few guests only to who may read them."""
    published = Minutes.objects.filter(meeting=OuterRef("pk"), state=Minutes.State.PUBLISHED)
    found = Meeting.objects.of(member).select_related("body").annotate(has_minutes=Exists(published))
    return found if private else found.filter(PUBLIC)


def upcoming(meetings: QuerySet[Meeting], *, now: dt.datetime) -> QuerySet[Meeting]:
    """Keep those to come or under way, the next one first."""
    coming = Q(state__in=[Meeting.State.PLANNED, Meeting.State.CONVENED])
    return meetings.filter(coming & Q(starts_at__gte=_dawn(now))).order_by("starts_at", "pk")


def past(meetings: QuerySet[Meeting], *, now: dt.datetime) -> QuerySet[Meeting]:
    """Keep the others, the last one first."""
    coming = Q(state__in=[Meeting.State.PLANNED, Meeting.State.CONVENED])
    return meetings.exclude(coming & Q(starts_at__gte=_dawn(now))).order_by("-starts_at", "-pk")


def _dawn(now: dt.datetime) -> dt.datetime:
    """A meeting stays among those to come until its day is over."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def meeting_lines(meetings: Iterable[Meeting], member: Member) -> tuple[MeetingLine, ...]:
    """Prepare meetings for the calendar."""
    return tuple(
        MeetingLine(
            number=one.number,
            title=one.title,
            kind=str(KINDS[one.kind]),
            body=one.body.name if one.body else {},
            starts_at=one.starts_at,
            place=one.place,
            open_to_all=one.open_to_all,
            state=str(STATES[one.state][0]),
            state_code=one.state,
            tone=STATES[one.state][1],
            url=reverse("meeting", args=[member.slug, one.number]),
            minutes_published=one.has_minutes,  # type: ignore[attr-defined]
        )
        for one in meetings
    )


def meeting_page(meeting: Meeting, member: Member, *, private: bool) -> MeetingPage:
    """Prepare a meeting's page; documents that are not public only for who may read them."""
    minutes = Minutes.objects.filter(meeting=meeting).first()
    following = meeting.followed_by.exclude(state=Meeting.State.CANCELLED).order_by("pk").first()
    body = meeting.body
    return MeetingPage(
        number=meeting.number,
        kind=str(KINDS[meeting.kind]),
        kind_code=meeting.kind,
        title=meeting.title,
        purpose=meeting.purpose,
        state=str(STATES[meeting.state][0]),
        state_code=meeting.state,
        tone=STATES[meeting.state][1],
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        open_to_all=meeting.open_to_all,
        asked_by=meeting.asked_by,
        body=body.name if body else {},
        body_url=reverse("body", args=[member.slug, body.slug]) if body else "",
        cycle=cycle_name(meeting.cycle.kind, meeting.cycle.number) if meeting.cycle else "",
        cycle_url=(
            reverse("cycle", args=[member.slug, meeting.cycle.kind, meeting.cycle.number]) if meeting.cycle else ""
        ),
        operations=operations_in_words(meeting.cycle, meeting.operations),
        cancelled_reason=meeting.cancelled_reason,
        agenda=tuple(_agenda_line(one, meeting, member) for one in agenda_of(meeting)),
        papers=paper_lines(meeting, member, private=private),
        sitting=sitting_of(meeting),
        follows=_link(meeting.follows, member),
        followed_by=_link(following, member),
        closed_on=meeting.closed_on,
        members_in_office=meeting.members_in_office,
        quorum_met=meeting.quorum_met,
        minutes=minutes_line(minutes) if minutes else None,
        upcoming=meeting.state in {Meeting.State.PLANNED, Meeting.State.CONVENED},
    )


def _link(meeting: Meeting | None, member: Member) -> tuple[int, str] | None:
    return (meeting.number, reverse("meeting", args=[member.slug, meeting.number])) if meeting else None


def agenda_of(meeting: Meeting) -> QuerySet[AgendaItem]:
    """List the points of a meeting's agenda in their order, each with the file put to the Council under it."""
    return meeting.agenda.select_related("proposal__cycle")


def _agenda_line(one: AgendaItem, meeting: Meeting, member: Member) -> AgendaLine:
    proposal = getattr(one, "proposal", None)
    where = [member.slug, proposal.cycle.kind, proposal.cycle.number, proposal.number] if proposal else []
    return AgendaLine(
        uid=one.uid,
        rank=one.rank,
        title=one.title,
        about=one.about,
        late=bool(one.late_reason),
        late_reason=one.late_reason,
        decision=one.decision,
        file_url=reverse("council_file", args=where) if where else "",
    )


def paper_lines(meeting: Meeting, member: Member, *, private: bool) -> tuple[PaperLine, ...]:
    """List the documents given for a meeting; those for the guests alone only to who may read them."""
    papers = meeting.papers.select_related("file").order_by("sent_on", "pk")
    return tuple(
        PaperLine(
            title=one.title,
            name=one.file.name,
            sent_on=one.sent_on,
            public=one.public,
            too_late=why_too_late_to_read(meeting, one.sent_on),
            url=reverse("meeting_file", args=[member.slug, meeting.number, one.uid]),
        )
        for one in (papers if private else papers.filter(public=True))
    )


def why_too_late_to_read(meeting: Meeting, sent_on: dt.date) -> str:
    """Say why a document came too late for its meeting; empty when it came before.

    OGP's local form asks that those invited receive documents before the
    meeting (rule ``information-before-meetings``): it warns, and refuses nothing.
    """
    if sent_on > day_of(meeting):
        return _("Given after the meeting.")
    if sent_on == day_of(meeting):
        return _("Given on the day of the meeting: nobody could read it before.")
    return ""


def minutes_line(minutes: Minutes) -> MinutesLine:
    """Say where minutes are."""
    state, tone = MINUTES_STATES[minutes.state]
    return MinutesLine(str(state), minutes.state, tone, minutes.approved_on, minutes.sent_on, minutes.published_on)


def operations_in_words(cycle: Cycle | None, codes: Iterable[str]) -> tuple[str, ...]:
    """Give operations in the words of the method the cycle pinned; one the Region added in its own."""
    if cycle is None or not (codes := tuple(codes)):
        return ()
    lang = get_language() or "fr"
    added = dict(cycle.operations.filter(code__in=codes).exclude(added_on=None).values_list("code", "text"))
    written = {one.code: one.text.in_(lang) for one in guides.operations(book_of(cycle))}
    return tuple(text_in(added[code], lang) if code in added else written.get(code, code) for code in codes)


def operations_to_serve(cycle: Cycle) -> list[tuple[str, str]]:
    """List the operations of a cycle that a meeting may prove, in words; those set aside are left out."""
    codes = list(cycle.operations.filter(set_aside_on=None).values_list("code", flat=True))
    return list(zip(codes, operations_in_words(cycle, codes), strict=True))


def sitting_of(meeting: Meeting) -> int:
    """Say which sitting a meeting is: the first, or the one that follows sittings without quorum."""
    number, before = 1, meeting.follows
    while before is not None and number < VALID_WHATEVER_THE_NUMBER:
        number, before = number + 1, before.follows
    return number


def members_in_office(body: Body, on: dt.date) -> int:
    """Count those who hold, that day, a seat of a body with a vote."""
    return Mandate.objects.filter(seat__body=body, seat__votes=True).held_on(on).count()


def quorum_of(meeting: Meeting, member: Member) -> Quorum | None:
    """Count the quorum as the rule asks it: more than half of the members in office; nothing where no body is named.

    The platform counts and warns; whether it is met is recorded by a person.
    """
    if meeting.body is None or meeting.kind not in SITTINGS:
        return None
    counted = meeting.invitations.filter(votes=True, attended=True).aggregate(
        present=Count("pk"), stand_ins=Count("pk", filter=Q(answer=Invitation.Answer.REPRESENTED))
    )
    day = day_of(meeting)
    members = members_in_office(meeting.body, day)
    rule = value_of(member, "quorum", day)
    enough = rule.value is not None and counted["present"] > members * rule.value
    facts = {"present": counted["present"], "members": members}
    if enough:
        sentence = _("%(present)s of %(members)s present: more than half.") % facts
    else:
        sentence = _("%(present)s of %(members)s present: half or less.") % facts
    return Quorum(
        present=counted["present"],
        stand_ins=counted["stand_ins"],
        members=members,
        enough=enough,
        valid_anyway=sitting_of(meeting) >= VALID_WHATEVER_THE_NUMBER,
        sentence=sentence,
        confidence=confidence_in_words(rule.rule.confidence),
        rule_url=reverse("method_rule", args=[member.slug, "quorum"]),
    )


def meeting_of(member: Member, number: int) -> Meeting | None:
    """Find a meeting by its number, with what its pages read."""
    found = Meeting.objects.of(member).select_related("member", "body", "cycle__member", "follows__follows__follows")
    return found.filter(number=number).first()


def agenda_item_of(meeting: Meeting, uid: str) -> AgendaItem | None:
    """Find a point of a meeting's agenda."""
    return meeting.agenda.filter(uid=uid).first()


def paper_of(meeting: Meeting, uid: str) -> MeetingPaper | None:
    """Find a document given for a meeting."""
    return meeting.papers.select_related("file").filter(uid=uid).first()
