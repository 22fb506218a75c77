"""The desk: what is late, due soon, awaited and done, asked of each room; the five duties of coordination (A5).

Nothing is kept: each room computes its lines when they are read. A line whose
deed the reader holds is a button; another says whose turn it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openregion.admission import queries as admissions
from openregion.admission.models import PointOfContact
from openregion.consultation import queries as consultations
from openregion.consultation.models import Consultation
from openregion.core import dates
from openregion.core.due import Due
from openregion.core.official import OfficialText
from openregion.cycle import queries as cycles
from openregion.cycle.models import Cycle, Meeting
from openregion.diagnosis import queries as diagnoses
from openregion.guide import queries as guides
from openregion.guide.schema import Text
from openregion.monitoring import queries as monitorings
from openregion.monitoring.models import ProgressUpdate
from openregion.people import queries as people
from openregion.people.models import Appointment, Contact, Member, User
from openregion.people.rules import deeds_of, today
from openregion.plan import queries as plans
from openregion.plan.models import Commitment
from openregion.registers import queries as registers
from openregion.registers.models import Exchange, PeerActivity
from openregion.web.queries.around import Told, told_this_week, tools_of

ROOMS = (cycles, people, admissions, registers, consultations, diagnoses, plans, monitorings)
WEEK = dt.timedelta(days=7)
ON_THE_HOME_PAGE = 5
SHOWN = 10  # lines of a section before the others are folded
TO_DO = ("late", "soon", "undated")
_TONES = {
    "late": "late",
    "soon": "underway",
    "undated": "underway",
    "waiting": "idle",
    "done": "done",
    "later": "idle",
}
CIVIL_SOCIETY = ("civil-society", "citizens")
GOVERNMENT = ("national-government", "deconcentrated-services")
# The Council's sessions are open to all, and are no meeting with civil society.
SESSIONS = (Meeting.Kind.ORDINARY_SESSION, Meeting.Kind.EXTRAORDINARY_SESSION)
WITH_EVERYONE = (Meeting.Kind.MULTI_STAKEHOLDER, Meeting.Kind.LAUNCH, Meeting.Kind.PUBLIC)
REFRESHED = dt.timedelta(days=122)  # four months, to count reports that are fresh


@dataclass(frozen=True)
class Line:
    """A line of the desk: what, by which day, why, whose turn, and the one act it leads to.

    ``url`` is the page the line is about, ``act_url`` the form of the act. ``remind``
    is where to note that the others were asked again.
    """

    label: str
    url: str
    act: str
    act_url: str
    may: bool
    day: dt.date | None
    estimated: bool
    done_on: dt.date | None
    why: str
    who: str
    tone: str
    remind: str = ""

    @property
    def linked(self) -> bool:
        """Whether the title leads somewhere the button does not."""
        return not self.may or self.act_url != self.url


@dataclass(frozen=True)
class Section:
    """The lines that stand alike, under their heading; ``empty`` is what is said when there are none.

    The first ones are shown, and the others folded: a telephone still reaches the end of the page.
    """

    code: str
    title: str
    tone: str
    empty: str
    lines: tuple[Line, ...]
    folded: tuple[Line, ...] = ()
    told: tuple[Told, ...] = ()

    @property
    def count(self) -> int:
        """How many lines stand here."""
        return len(self.lines) + len(self.folded) + sum(1 + one.more for one in self.told)


@dataclass(frozen=True)
class Figure:
    """What is known of a duty: a sentence, and where it is read."""

    sentence: str
    url: str = ""


@dataclass(frozen=True)
class Duty:
    """One of the five duties of coordination: the guide's words, where it stands, its figures and open lines."""

    text: Text
    tone: str
    state: str
    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Desk:
    """The desk of a person at a member.

    ``assists`` are the consultations in which they may write for somebody who is
    present: no line of theirs says it, since it is due whenever somebody comes.
    """

    sections: tuple[Section, ...]
    duties: tuple[Duty, ...]
    mine: bool
    mine_count: int
    all_count: int
    cycles: tuple[tuple[str, str, str], ...]
    tools: tuple[tuple[str, str], ...]
    packs: tuple[tuple[str, str], ...]
    assists: tuple[tuple[OfficialText, str], ...]
    sees_mails: bool


def space_of(user: User | AnonymousUser) -> Member | None:
    """Find the space a person works in: where they were appointed last, of the roles they hold today."""
    if user.is_anonymous:
        return None
    held = Appointment.objects.filter(user=user).held_on(today()).select_related("member")
    last = held.order_by("-starts_on", "-pk").first()
    return last.member if last else None


def due_of(member: Member, on: dt.date) -> tuple[Due, ...]:
    """Ask each room what is due, the earliest day first, those without a day last; in the language in force."""
    found = [line for room in ROOMS for line in room.due(member, on)]
    found += _proved_elsewhere(member)
    return tuple(sorted(found, key=_order))


def _proved_elsewhere(member: Member) -> Iterator[Due]:
    """Offer as proof what was done before its cycle opened: the nomination of the point of contact."""
    cycle = cycles.latest_cycle(member, Cycle.Kind.ADMISSION)
    named = PointOfContact.objects.of(member).filter(ends_on=None).select_related("act").first()
    if cycle is None or named is None or named.starts_on > cycle.opened_on:
        return
    book = cycles.book_of(cycle)
    codes = [one.code for one in guides.operations(book) if "name_point_of_contact" in one.proved_by]
    for one in cycle.operations.open().filter(code__in=codes):
        where = [member.slug, cycle.kind, cycle.number, one.code]
        said = _("The point of contact was named by act no. %(number)s, before this cycle: give it as proof")
        yield Due(
            key=f"proved-before:{one.uid}",
            label=said % {"number": named.act.number},
            url=reverse("operation", args=where),
            act=_("Give its proof"),
            act_url=reverse("prove_operation", args=where),
            deed="prove_operation",
        )


def _order(line: Due) -> tuple[dt.date, str]:
    return (line.day or dt.date.max, line.key)


def is_for(line: Due, user: User, may: frozenset[str]) -> bool:
    """Say whether a line is this person's: given to them, or to nobody and within their role."""
    if line.assignee is not None:
        return line.assignee == user.pk
    return line.is_done_by(user.pk, may) and line.unless not in may


def desk_of(user: User, member: Member, *, mine: bool) -> Desk:
    """Prepare the desk of a person: their own lines, or everybody's."""
    on, may = today(), deeds_of(user, member)
    found = due_of(member, on)
    own = [line for line in found if is_for(line, user, may)]
    # A line for those who hold no other on the same thing is read by them alone.
    found = tuple(line for line in found if not line.unless or line in own)
    speak = _Speaker(user, member, may, found, on)
    open_cycles = list(Cycle.objects.of(member).latest_first()[:3])
    return Desk(
        sections=_sections(own if mine else found, speak, on, told_this_week(member, user if mine else None)),
        duties=_duties(member, found, speak, on),
        mine=mine,
        mine_count=sum(line.done_on is None for line in own),
        all_count=sum(line.done_on is None for line in found),
        cycles=tuple((_named(one), _at("cycle", member, one), _at("timeline", member, one)) for one in open_cycles),
        tools=tools_of(member, may, open_cycles[0] if open_cycles else None),
        packs=tuple((_named(one), _at("hand_over", member, one)) for one in open_cycles if "hand_over" in may),
        assists=consultations.to_assist(member, at=timezone.now()) if "assist_entry" in may else (),
        sees_mails="retry_mail" in may,
    )


def work_of(user: User | AnonymousUser, member: Member) -> tuple[Line, ...]:
    """Give the first lines of a person's desk, for the home page they come to: nothing for a visitor."""
    may = deeds_of(user, member)
    if not may or user.is_anonymous:
        return ()
    assert isinstance(user, User)
    on = today()
    own = [line for line in due_of(member, on) if is_for(line, user, may)]
    # What is given to this person alone shows even when its day is far: it is what they answer for.
    pressing = [line for line in own if _stands(line, on) in TO_DO]
    theirs = [line for line in own if _stands(line, on) == "later" and line.assignee == user.pk]
    shown = [*sorted(pressing, key=lambda line: TO_DO.index(_stands(line, on))), *theirs][:ON_THE_HOME_PAGE]
    speak = _Speaker(user, member, may, shown, on)
    return tuple(speak.line(one) for one in shown)


def _stands(line: Due, on: dt.date) -> str:
    """Say in which section a line stands: what is to be done without a day has its own."""
    state = line.state(on)
    return "undated" if state == "later" and line.day is None else state


class _Speaker:
    """Says lines to one person: whose turn it is, in words, and whether the act is theirs."""

    def __init__(self, user: User, member: Member, may: frozenset[str], lines: Iterable[Due], on: dt.date) -> None:
        self._user, self._member, self._may, self._on = user, member, may, on
        self._book, self._lang = guides.guide(member.guide_version), get_language() or "fr"
        charged = {line.assignee for line in lines if line.assignee is not None}
        self._names = {one.pk: str(one.name or _("Someone of the team")) for one in User.objects.filter(pk__in=charged)}

    def line(self, line: Due) -> Line:
        """Say a line."""
        state = _stands(line, self._on)
        may = line.done_on is None and (not line.deed or self._holds(line))
        asks = bool(line.waits_for) and line.done_on is None and "log_exchange" in self._may
        return Line(
            label=line.label,
            url=line.url,
            act=line.act or _("Open"),
            act_url=line.act_url or line.url,
            may=may,
            day=line.day,
            estimated=line.estimated,
            done_on=line.done_on,
            why=line.why,
            who=self._who(line),
            tone=_TONES[state],
            remind=reverse("new_exchange", args=[self._member.slug]) if asks else "",
        )

    def _holds(self, line: Due) -> bool:
        return line.is_done_by(self._user.pk, self._may)

    def _who(self, line: Due) -> str:
        if line.waits_for:
            return line.waits_for
        if line.assignee is not None:
            return _("You") if line.assignee == self._user.pk else self._names.get(line.assignee, "")
        if self._holds(line):
            return ""  # the button says it
        held = [role.label.in_(self._lang) for role in self._book.roles if line.deed in role.deeds]
        return _(", ").join(held)


def _sections(lines: Sequence[Due], speak: _Speaker, on: dt.date, told: tuple[Told, ...]) -> tuple[Section, ...]:
    words = {
        "late": (_("Late"), _("Nothing is late.")),
        "soon": (_("Due within two weeks"), _("Nothing is due within two weeks.")),
        "undated": (_("To do, without a set day"), ""),
        "waiting": (_("Waiting for others"), _("Nobody else is waited for.")),
        "done": (_("Done this week"), _("Nothing was done this week.")),
        "later": (_("Later"), ""),
    }
    standing: dict[str, list[Line]] = {code: [] for code in words}
    for line in lines:
        state = _stands(line, on)
        if state != "done" or (line.done_on and on - WEEK < line.done_on <= on):
            standing[state].append(speak.line(line))
    return tuple(
        Section(
            code,
            title,
            _TONES[code],
            empty,
            *_split(standing[code], 0 if code == "later" else SHOWN),
            told if code == "done" else (),
        )
        for code, (title, empty) in words.items()
        if standing[code] or empty
    )


def _split(lines: Sequence[Line], most: int) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    return tuple(lines[:most]), tuple(lines[most:])


def _duties(member: Member, lines: Sequence[Due], speak: _Speaker, on: dt.date) -> tuple[Duty, ...]:
    """Show the guide's five duties, each with its figures and its open lines."""
    figures = _Figures(member, on).by_duty()
    found = []
    for printed in guides.guide(member.guide_version).book.duties:
        own = [(line, n) for line, n in _shares(lines, printed.code) if line.done_on is None]
        late = sum(n for line, n in own if _stands(line, on) == "late")
        soon = sum(n for line, n in own if _stands(line, on) in ("soon", "undated"))
        tone = "late" if late else "underway" if soon else "done"
        found.append(
            Duty(
                printed.text,
                tone,
                _state(late, soon),
                figures.get(printed.code, ()),
                tuple(speak.line(line) for line, _n in own),
            )
        )
    return tuple(found)


def _shares(lines: Iterable[Due], duty: str) -> Iterator[tuple[Due, int]]:
    """Give the lines of a duty, and how many things each holds of it."""
    for line in lines:
        if line.duty == duty:
            yield line, 1
        for share in line.shares:
            if share.duty == duty:
                yield replace(line, label=share.label), share.count


def _state(late: int, soon: int) -> str:
    if late:
        return ngettext("%(n)s line late", "%(n)s lines late", late) % {"n": late}
    if soon:
        return ngettext("%(n)s thing to do", "%(n)s things to do", soon) % {"n": soon}
    return _("Nothing to do now")


class _Figures:
    """What the record says of each duty, counted in a fixed number of questions."""

    def __init__(self, member: Member, on: dt.date) -> None:
        self._member, self._on, self._lang = member, on, get_language() or "fr"

    def by_duty(self) -> dict[str, tuple[Figure, ...]]:
        """Give the figures by the guide's codes of duties; a duty added to the guide has its lines only."""
        return {
            "civil-society": self._civil_society(),
            "government-entities": self._government(),
            "follow-up-and-learning": self._follow_up(),
            "peer-exchange": self._peers(),
            "national-regional-convergence": self._convergence(),
        }

    def _page(self, name: str) -> str:
        return reverse(name, args=[self._member.slug])

    def _civil_society(self) -> tuple[Figure, ...]:
        held = Meeting.objects.of(self._member).filter(state=Meeting.State.HELD).exclude(kind__in=SESSIONS)
        theirs = Q(body__kind="forum") | Q(kind__in=WITH_EVERYONE) | Q(invitations__category__in=CIVIL_SOCIETY)
        with_them = held.filter(theirs)
        last = with_them.order_by("-starts_at").values_list("starts_at", flat=True).first()
        cycle = Cycle.objects.of(self._member).latest_first().first()
        asked: set[str] = set()
        stages = 0
        if cycle is not None:
            stages = cycle.stages.count()
            asked = set(Consultation.objects.filter(cycle=cycle).exclude(stage="").values_list("stage", flat=True))
        told = ngettext(
            "%(asked)s of %(n)s stage has had its online consultation",
            "%(asked)s of %(n)s stages have had their online consultation",
            stages,
        )
        when = (
            _("Last meeting with civil society: %(day)s") % {"day": dates.day(last.date(), self._lang)}
            if last
            else _("No meeting with civil society is recorded yet")
        )
        figures = [Figure(when, self._page("meetings"))]
        if stages:
            figures.append(Figure(told % {"asked": len(asked), "n": stages}, self._page("consultations")))
        return tuple(figures)

    def _government(self) -> tuple[Figure, ...]:
        reached = Contact.objects.of(self._member).filter(category__in=GOVERNMENT, retired_on=None).count()
        units = Commitment.objects.of(self._member).order_by().values("unit").distinct().count()
        contacts = ngettext("%(n)s contact in the State's services", "%(n)s contacts in the State's services", reached)
        charged = ngettext("%(n)s unit answers for commitments", "%(n)s units answer for commitments", units)
        return (
            Figure(contacts % {"n": reached}, self._page("directory")),
            Figure(charged % {"n": units}, self._page("plans")),
        )

    def _follow_up(self) -> tuple[Figure, ...]:
        updates = ProgressUpdate.objects.of(self._member).filter(as_of__gte=self._on - REFRESHED)
        fresh = updates.order_by().values("commitment").distinct().count()
        whole = Commitment.objects.of(self._member).filter(plan__ends_on__gte=self._on).count()
        told = ngettext(
            "%(fresh)s of %(n)s commitment was reported on within four months",
            "%(fresh)s of %(n)s commitments were reported on within four months",
            whole,
        )
        return (Figure(told % {"fresh": fresh, "n": whole}, self._page("plans")),)

    def _peers(self) -> tuple[Figure, ...]:
        many = PeerActivity.objects.of(self._member).filter(starts_on__year=self._on.year).count()
        told = ngettext("%(n)s activity with peers this year", "%(n)s activities with peers this year", many)
        return (Figure(told % {"n": many}, self._page("peer_activities")),)

    def _convergence(self) -> tuple[Figure, ...]:
        since = self._on.replace(month=1, day=1)
        found = Exchange.objects.of(self._member).filter(party=Exchange.Party.NATIONAL_CONTACT, on__gte=since)
        many = found.count()
        told = ngettext(
            "%(n)s exchange with the national point of contact this year",
            "%(n)s exchanges with the national point of contact this year",
            many,
        )
        later = _("The table of convergence with the national plan comes with the commitments")
        return (Figure(told % {"n": many}, self._page("exchanges")), Figure(later))


def _named(cycle: Cycle) -> str:
    return cycles.cycle_name(cycle.kind, cycle.number)


def _at(name: str, member: Member, cycle: Cycle) -> str:
    return reverse(name, args=[member.slug, cycle.kind, cycle.number])
