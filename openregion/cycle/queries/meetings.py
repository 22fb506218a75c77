"""Reading meetings: the public calendar, a meeting's page, its quorum, what is due about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, official, text_in
from openregion.cycle.models import (
    AgendaItem,
    Cycle,
    Deliberation,
    Invitation,
    Meeting,
    MeetingPaper,
    Minutes,
    Proposal,
)
from openregion.cycle.queries.council import is_public_deliberation, result_in_words
from openregion.cycle.queries.delays import Confidence, confidence_in_words, value_of
from openregion.cycle.queries.pinned import book_of, cycle_name, stage_name
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
NEEDS_BODY = SITTINGS - {Meeting.Kind.JOINT_COMMISSION}
# The kind of body that meets, where the kind of meeting says it.
WHO_MEETS: dict[str, str] = {
    Meeting.Kind.ORDINARY_SESSION: "council",
    Meeting.Kind.EXTRAORDINARY_SESSION: "council",
    Meeting.Kind.BUREAU: "bureau",
    Meeting.Kind.COMMISSION: "council-commission",
}
# Everyone concerned comes: the national standard on the notice of co-creation is good practice there.
GATHERINGS = frozenset({Meeting.Kind.MULTI_STAKEHOLDER, Meeting.Kind.LAUNCH, Meeting.Kind.PUBLIC})
FEWEST_SEATS = 3  # a body with fewer seats here is not registered yet: nothing is counted from it
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
    place: OfficialText
    open_to_all: bool
    state: str
    state_code: str
    tone: str
    url: str
    minutes_published: bool
    sitting: str = ""


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
    vote: str
    vote_url: str
    stays: bool


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
    counts: bool
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
    place: OfficialText
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


def title_of_proof(meeting: Meeting) -> OfficialText:
    """Name a meeting that proves an operation: proofs are public, so one for a few guests says its kind and day."""
    if is_public(meeting):
        return meeting.title
    said = {}
    for lang in WORKING:
        with override(lang):
            named = {"kind": KINDS[meeting.kind], "day": dates.day(day_of(meeting), lang)}
            said[lang] = _("%(kind)s of %(day)s") % named
    return official(at=timezone.now(), source="fr", **said)


def day_of(meeting: Meeting) -> dt.date:
    """Give the day on which a meeting opens, in Casablanca."""
    return timezone.localdate(meeting.starts_at)


def meetings_of(member: Member, *, private: bool) -> QuerySet[Meeting]:
    """List a member's meetings; those for a few guests only to who may read them."""
    published = Minutes.objects.filter(meeting=OuterRef("pk"), state=Minutes.State.PUBLISHED)
    found = Meeting.objects.of(member).select_related("body", "follows__follows")
    found = found.annotate(has_minutes=Exists(published))
    return found if private else found.filter(PUBLIC)


def narrowed(meetings: QuerySet[Meeting], *, kind: str, body: str, year: str) -> QuerySet[Meeting]:
    """Keep the meetings of a kind, of a body, of a year, as far as each is asked; what cannot be read asks nothing."""
    if kind in Meeting.Kind.values:
        meetings = meetings.filter(kind=kind)
    if body:
        meetings = meetings.filter(body__slug=body)
    if year.isascii() and year.isdigit() and len(year) == 4 and int(year) > 0:
        meetings = meetings.filter(starts_at__year=int(year))
    return meetings


@dataclass(frozen=True)
class Choices:
    """What a list of meetings may be narrowed to."""

    kinds: tuple[tuple[str, str], ...]
    bodies: tuple[tuple[str, OfficialText], ...]
    years: tuple[int, ...]


def choices_of(member: Member, *, private: bool) -> Choices:
    """Give the kinds, bodies and years of the meetings that the reader may read."""
    found = meetings_of(member, private=private).order_by()
    kinds = set(found.values_list("kind", flat=True).distinct())
    bodies = Body.objects.filter(pk__in=found.exclude(body=None).values("body")).order_by("pk")
    years = {one.year for one in found.datetimes("starts_at", "year")}
    return Choices(
        kinds=tuple((code, str(label)) for code, label in KINDS.items() if code in kinds),
        bodies=tuple((one.slug, one.name) for one in bodies),
        years=tuple(sorted(years, reverse=True)),
    )


def cycles_to_choose(member: Member, chosen: Cycle | None) -> tuple[tuple[str, str, bool], ...]:
    """List the cycles a meeting may serve: how an address names each, its name, whether it is the one chosen."""
    return tuple(
        (f"{one.kind}-{one.number}", cycle_name(one.kind, one.number), chosen is not None and one.pk == chosen.pk)
        for one in Cycle.objects.of(member).latest_first()
    )


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
            sitting=sitting_in_words(one),
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
    votes = Deliberation.objects.select_related("act").order_by("pk")
    points = meeting.agenda.select_related("proposal__cycle")
    return points.prefetch_related(Prefetch("proposal__deliberations", queryset=votes))


def _agenda_line(one: AgendaItem, meeting: Meeting, member: Member) -> AgendaLine:
    proposal = getattr(one, "proposal", None)
    where = [member.slug, proposal.cycle.kind, proposal.cycle.number, proposal.number] if proposal else []
    votes = list(proposal.deliberations.all()) if proposal else []
    vote = votes[-1] if votes and is_public_deliberation(votes[-1]) else None
    return AgendaLine(
        uid=one.uid,
        rank=one.rank,
        title=one.title,
        about=one.about,
        late=bool(one.late_reason),
        late_reason=one.late_reason,
        decision=one.decision,
        file_url=reverse("council_file", args=where) if where else "",
        vote=result_in_words(vote) if vote else "",
        vote_url=reverse("deliberation", args=[member.slug, vote.uid]) if vote else "",
        # What the Council votes is recorded on the page of its file; a withdrawn file no longer holds its point.
        stays=proposal is not None and proposal.state != Proposal.State.WITHDRAWN,
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


def operations_by_stage(cycle: Cycle) -> list[tuple[str, list[tuple[str, str]]]]:
    """List the operations of a cycle that a meeting may prove, stage by stage, in the method's order."""
    by_code = dict(operations_to_serve(cycle))
    grouped: dict[str, list[tuple[str, str]]] = {}
    for code, stage in cycle.operations.filter(code__in=by_code).order_by("pk").values_list("code", "stage"):
        grouped.setdefault(stage, []).append((code, by_code[code]))
    return [(stage_name(cycle, stage), choices) for stage, choices in grouped.items()]


def usual_body(member: Member, kind: str) -> str:
    """Give the slug of the one body that holds a kind of meeting; nothing where none or several do."""
    wanted = WHO_MEETS.get(kind)
    found = Body.objects.of(member).filter(kind=wanted, dissolved_on=None)[:2] if wanted else ()
    slugs = [one.slug for one in found]
    return slugs[0] if len(slugs) == 1 else ""


def sitting_of(meeting: Meeting) -> int:
    """Say which sitting a meeting is: the first, or the one that follows sittings without quorum."""
    number, before = 1, meeting.follows
    while before is not None and number < VALID_WHATEVER_THE_NUMBER:
        number, before = number + 1, before.follows
    return number


def sitting_in_words(meeting: Meeting) -> str:
    """Say which sitting a meeting is, where its title alone does not; empty for one that met at once.

    Reads ``follows`` along the chain: select it for a list.
    """
    named = {"n": sitting_of(meeting)}
    if meeting.quorum_met is False:
        return _("sitting %(n)s, quorum not met") % named
    return _("sitting %(n)s") % named if meeting.follows_id else ""


def name_of_sitting(meeting: Meeting) -> str:
    """Name a meeting in the language in force, with its sitting where another bears the same title."""
    title, sitting = text_in(meeting.title, get_language() or "fr"), sitting_in_words(meeting)
    return _("%(title)s (%(sitting)s)") % {"title": title, "sitting": sitting} if sitting else title


def members_in_office(body: Body, on: dt.date) -> int:
    """Count those who hold, that day, a seat of a body with a vote."""
    return Mandate.objects.filter(seat__body=body, seat__votes=True).held_on(on).count()


def recorded_in_office(meeting: Meeting) -> int | None:
    """Give how many members a body had in office at its latest sitting, as its secretary recorded it."""
    if meeting.members_in_office is not None:
        return meeting.members_in_office
    found = Meeting.objects.filter(body=meeting.body_id, state=Meeting.State.HELD, starts_at__lte=meeting.starts_at)
    known = found.exclude(pk=meeting.pk).exclude(members_in_office=None).order_by("-starts_at", "-pk")
    return known.values_list("members_in_office", flat=True).first()


def quorum_of(meeting: Meeting, member: Member) -> Quorum | None:
    """Count the quorum as the rule asks it: more than half of the members in office; nothing where no body is named.

    The platform counts and warns; whether it is met is recorded by a person. It
    does not count where its seats are not all registered, or where a sitting was
    held and the door noted nobody: a count would contradict the secretary.
    """
    body = meeting.body
    if body is None or meeting.kind not in SITTINGS:
        return None
    counted = meeting.invitations.filter(votes=True, attended=True).aggregate(
        present=Count("pk"), stand_ins=Count("pk", filter=Q(answer=Invitation.Answer.REPRESENTED))
    )
    day = day_of(meeting)
    seated, recorded = members_in_office(body, day), recorded_in_office(meeting)
    seats = body.seats.aggregate(all=Count("pk"), voting=Count("pk", filter=Q(votes=True)))
    members = seated if meeting.members_in_office is None else meeting.members_in_office
    incomplete = seats["all"] < FEWEST_SEATS or seated == 0 or seats["voting"] < (recorded or 0)
    unnoted = meeting.state == Meeting.State.HELD and not counted["present"]
    rule = value_of(member, "quorum", day)
    counts = not incomplete and not unnoted
    enough = counts and rule.value is not None and counted["present"] > members * rule.value
    if incomplete:
        sentence = _incomplete_in_words(seated, recorded)
    elif unnoted:
        sentence = _("Presence was not noted: the platform does not count the quorum.")
    else:
        facts = {"present": counted["present"], "members": members}
        said = _("%(present)s of %(members)s present: more than half.")
        sentence = (said if enough else _("%(present)s of %(members)s present: half or less.")) % facts
    return Quorum(
        present=counted["present"],
        stand_ins=counted["stand_ins"] if counts else 0,
        members=members,
        counts=counts,
        enough=enough,
        valid_anyway=sitting_of(meeting) >= VALID_WHATEVER_THE_NUMBER,
        sentence=sentence,
        confidence=confidence_in_words(rule.rule.confidence),
        rule_url=reverse("method_rule", args=[member.slug, "quorum"]),
    )


def _incomplete_in_words(seated: int, recorded: int | None) -> str:
    """Say that the seats of a body are not all registered, so that nothing is counted from them."""
    n = seated
    here = ngettext("%(n)s member who votes is registered", "%(n)s members who vote are registered", n) % {"n": n}
    if recorded is None:
        return _("The composition of this body is incomplete here (%(here)s): the quorum is not counted.") % {
            "here": here
        }
    return _(
        "The composition of this body is incomplete here (%(here)s, %(recorded)s in office as recorded): "
        "the quorum is not counted."
    ) % {"here": here, "recorded": recorded}


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
