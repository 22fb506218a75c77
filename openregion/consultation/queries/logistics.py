"""What a workshop needs and who is in charge there, for those who organise it; what is due about it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from openregion.consultation.capture_passes import last_day_to_send
from openregion.consultation.models import Charge, Need, Workshop
from openregion.consultation.queries.capture_passes import Brought, brought_by_passes
from openregion.consultation.queries.programme import languages_in_words
from openregion.core import dates
from openregion.core.due import Due
from openregion.core.official import text_in
from openregion.core.working_days import WorkCalendar
from openregion.cycle.models import Invitation, Meeting
from openregion.cycle.queries.clock import calendar_of
from openregion.cycle.queries.guests import categories_of
from openregion.cycle.queries.meetings import day_of
from openregion.people.models import Gender, Member

NEEDS: dict[str, Promise] = {
    "room": gettext_lazy("Room"),
    "access": gettext_lazy("Accessibility of the place"),
    "recording": gettext_lazy("Filming and recording"),
    "interpretation": gettext_lazy("Interpretation"),
    "equipment": gettext_lazy("Equipment"),
    "catering": gettext_lazy("Catering"),
    "transport": gettext_lazy("Transport"),
    "printing": gettext_lazy("Printing"),
    "other": gettext_lazy("Other"),
}
CHARGES: dict[str, Promise] = {
    "facilitator": gettext_lazy("Facilitates"),
    "rapporteur": gettext_lazy("Takes notes"),
}
# How many working days before the day each usual thing is seen to.
_AHEAD = {
    "room": 20, "access": 15, "interpretation": 15, "recording": 10, "equipment": 10, "transport": 10, "catering": 7,
    "printing": 3,
}  # fmt: skip
PEOPLE_AHEAD, KIT_AHEAD = 7, 5
_NAMELESS = re.compile(r"№ (\d+)")  # somebody counted at the door who gave no name: a number, in no language


@dataclass(frozen=True)
class Proposed:
    """A usual need, with the day by which it is seen to."""

    kind: str
    what: str
    due_on: dt.date


@dataclass(frozen=True)
class NeedLine:
    """Something a workshop needs, as those who organise it read it."""

    uid: str
    kind: str
    kind_code: str
    what: str
    who: str
    due_on: dt.date | None
    budget_line: str
    cost: str
    done_on: dt.date | None
    state: str
    tone: str


@dataclass(frozen=True)
class Totals:
    """What the list comes to: how much is ready, what it costs, on which lines, how much has no price yet."""

    ready: int
    all: int
    cost: str
    by_line: tuple[tuple[str, str], ...]
    unpriced: int


@dataclass(frozen=True)
class ChargeLine:
    """Somebody in charge of a table; ``brought`` counts what came by their pass."""

    uid: str
    name: str
    organisation: str
    part: str
    part_code: str
    table: int | None
    pass_given_at: dt.datetime | None
    may_have_pass: bool
    has_pass: bool
    brought: Brought


def nameless(number: int) -> str:
    """Write on the list of a meeting somebody who gave no name."""
    return f"№ {number}"


def number_of(guest: Invitation) -> int:
    """Give the number of somebody who gave no name; none of somebody named."""
    match = _NAMELESS.fullmatch(guest.name)
    return int(match[1]) if match else 0


def heads_of(meeting: Meeting) -> list[Invitation]:
    """List those counted at the door who gave no name."""
    found = meeting.invitations.filter(on_the_spot=True, attended=True, email="", organisation="", contact=None)
    return [one for one in found.order_by("pk") if number_of(one)]


def heads_by_category(meeting: Meeting) -> dict[str, int]:
    """Count those who gave no name, by category."""
    return dict(Counter(one.category for one in heads_of(meeting)))


def usual_needs(workshop: Workshop, calendar: WorkCalendar, *, today: dt.date) -> tuple[Proposed, ...]:
    """Propose what every workshop needs, each by a working day counted back from it, and never a day that is past."""
    day, people = day_of(workshop.meeting), workshop.capacity or workshop.tables * 10
    spoken = languages_in_words(workshop.languages) or (_("Arabic"), _("French"))
    n, counted = workshop.tables, {"people": people, "tables": workshop.tables}
    told = {
        "room": ngettext(
            "A room for %(people)s people, with %(tables)s table",
            "A room for %(people)s people, with %(tables)s tables",
            n,
        ) % counted,
        "access": _("A visit of the place: entrance without steps, toilets, loop for those who hear badly, light"),
        "interpretation": _("Interpretation: %(languages)s") % {"languages": _(", ").join(spoken)},
        "recording": _("Filming and recording, with the notice at the door and a zone without filming"),
        "equipment": _("Microphones, screen, boards, pens, sockets for telephones"),
        "transport": _("Transport for those who come from far or cannot drive"),
        "catering": _("Water and a meal or a break"),
        "printing": _("Printing of the kit and of the numbered forms"),
    }  # fmt: skip
    return tuple(
        Proposed(kind, told[kind], max(calendar.add_working_days(day, -ahead), today)) for kind, ahead in _AHEAD.items()
    )


def needs_missing(workshop: Workshop, *, today: dt.date) -> tuple[Proposed, ...]:
    """Propose the usual needs of the kinds that the list of a workshop does not hold yet."""
    here = set(workshop.needs.values_list("kind", flat=True))
    calendar = calendar_of(workshop.meeting.member)
    return tuple(one for one in usual_needs(workshop, calendar, today=today) if one.kind not in here)


def need_lines(workshop: Workshop, *, today: dt.date) -> tuple[NeedLine, ...]:
    """Prepare the list of what a workshop needs, by day; what is ready last."""
    lang = get_language() or "fr"
    found = sorted(
        workshop.needs.select_related("assignee"),
        key=lambda one: (one.done_on is not None, one.due_on or dt.date.max, one.pk),
    )
    lines = []
    for one in found:
        state, tone = _state(one, today)
        lines.append(
            NeedLine(
                uid=one.uid,
                kind=str(NEEDS[one.kind]),
                kind_code=one.kind,
                what=one.what,
                who=one.who or (one.assignee.name or one.assignee.email if one.assignee else ""),
                due_on=one.due_on,
                budget_line=one.budget_line,
                cost="" if one.cost is None else dates.dirhams(one.cost / 100, lang),
                done_on=one.done_on,
                state=state,
                tone=tone,
            )
        )
    return tuple(lines)


def _state(one: Need, today: dt.date) -> tuple[str, str]:
    if one.done_on is not None:
        return _("Ready"), "done"
    if one.due_on is not None and one.due_on < today:
        return _("Late"), "late"
    return _("To do"), "idle"


def totals_of(workshop: Workshop) -> Totals:
    """Add up the list of what a workshop needs, by budget line."""
    lang = get_language() or "fr"
    rows = list(workshop.needs.values_list("budget_line", "cost", "done_on"))
    by_line: Counter[str] = Counter()
    for line, cost, _done in rows:
        if cost is not None:
            by_line[line] += cost
    return Totals(
        ready=sum(done is not None for _line, _cost, done in rows),
        all=len(rows),
        cost=dates.dirhams(by_line.total() / 100, lang),
        by_line=tuple((line, dates.dirhams(cost / 100, lang)) for line, cost in sorted(by_line.items())),
        unpriced=sum(cost is None for _line, cost, _done in rows),
    )


def need_of(workshop: Workshop, uid: str) -> Need | None:
    """Find a line of the list of what a workshop needs."""
    need = workshop.needs.filter(uid=uid).first()
    if need is not None:
        need.workshop = workshop
    return need


# --- who is in charge -----------------------------------------------------------


def charge_lines(workshop: Workshop) -> tuple[ChargeLine, ...]:
    """List who facilitates and who takes notes, table by table; the latter may have a pass while it opens something."""
    cancelled = workshop.meeting.state == Meeting.State.CANCELLED
    open_still = not cancelled and timezone.localdate() <= last_day_to_send(workshop)
    found, brought = workshop.charges.select_related("invitation"), brought_by_passes(workshop)
    ordered = sorted(found, key=lambda one: (one.table is None, one.table or 0, one.part, one.pk))
    return tuple(
        ChargeLine(
            uid=one.uid,
            name=one.invitation.name if one.invitation and one.invitation.name else _("No longer among the guests"),
            organisation=one.invitation.organisation if one.invitation else "",
            part=str(CHARGES[one.part]),
            part_code=one.part,
            table=one.table,
            pass_given_at=one.pass_given_at,
            may_have_pass=bool(
                open_still and one.part == Charge.Part.RAPPORTEUR and one.invitation and one.invitation.name
            ),
            has_pass=bool(open_still and one.pass_hash),
            brought=brought.get(one.uid, Brought()),
        )
        for one in ordered
    )


def balance_in_words(workshop: Workshop) -> str:
    """Say how many women and men are in charge, in words; who did not say is counted apart."""
    found = workshop.charges.exclude(invitation=None).values_list("invitation__gender", flat=True)
    counts = Counter(found)
    if not counts:
        return ""
    women, men, unsaid = counts[Gender.WOMAN], counts[Gender.MAN], counts[Gender.UNSAID]
    said = [
        ngettext("%(n)s woman", "%(n)s women", women) % {"n": women},
        ngettext("%(n)s man", "%(n)s men", men) % {"n": men},
    ]
    if unsaid:
        said.append(ngettext("%(n)s who did not say", "%(n)s who did not say", unsaid) % {"n": unsaid})
    return _("In charge: %(counts)s.") % {"counts": _(", ").join(said)}


def to_be_charged(workshop: Workshop) -> QuerySet[Invitation]:
    """List the participants who may be chosen: they come or came, and have no part yet."""
    here = workshop.charges.exclude(invitation=None).values("invitation")
    coming = Q(answer=Invitation.Answer.COMING) | Q(attended=True)
    return workshop.meeting.invitations.filter(coming).exclude(name="").exclude(pk__in=here).order_by("pk")


def charge_of(workshop: Workshop, uid: str) -> Charge | None:
    """Find somebody's part at a workshop."""
    charge = workshop.charges.select_related("invitation").filter(uid=uid).first()
    if charge is not None:
        charge.workshop = workshop
    return charge


def tables_without(workshop: Workshop, part: str) -> int:
    """Count the tables where nobody facilitates, or takes notes."""
    return workshop.tables - workshop.charges.filter(part=part).exclude(table=None).values("table").distinct().count()


def guest_categories(member: Member) -> tuple[tuple[str, str], ...]:
    """List the categories by which people are counted at the door, those of none last."""
    return (*categories_of(member).items(), ("", _("None of these")))


# --- what is due ----------------------------------------------------------------


def due_workshops(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say what is due about workshops to come: what they need, who will be in charge, the kit; and when they come."""
    waiting = Need.objects.filter(done_on=None).order_by("due_on", "pk")
    found = list(
        Workshop.objects.of(member)
        .filter(meeting__state__in=[Meeting.State.PLANNED, Meeting.State.CONVENED])
        .select_related("meeting")
        .annotate(
            facilitators=Count("charges", filter=Q(charges__part=Charge.Part.FACILITATOR), distinct=True),
            rapporteurs=Count("charges", filter=Q(charges__part=Charge.Part.RAPPORTEUR), distinct=True),
        )
        .prefetch_related(Prefetch("needs", queryset=waiting, to_attr="waiting"))
        .order_by("meeting__starts_at", "pk")
    )
    if not found:
        return ()
    calendar = calendar_of(member)
    return tuple(line for one in found for line in _due_of(one, member, calendar, today))


def _due_of(one: Workshop, member: Member, calendar: WorkCalendar, today: dt.date) -> Iterator[Due]:
    where, day = [member.slug, one.meeting.number], day_of(one.meeting)
    if day < today:
        return  # what is left is to record that it was held: the meeting's own line
    named = {"title": text_in(one.meeting.title, get_language() or "fr")}
    list_url = reverse("workshop_needs", args=where)
    counted_back = _("Counted back from the day of the workshop, in working days; no law sets it.")
    needs: Iterable[Need] = one.waiting  # type: ignore[attr-defined]
    for need in needs:
        said = {"what": need.what, **named}
        yield Due(
            key=f"need:{need.uid}",
            label=_("%(what)s: %(title)s") % said,
            url=list_url,
            act=_("Say that it is ready"),
            act_url=reverse("revise_need", args=[*where, need.uid]),
            day=need.due_on or day,
            deed="revise_need",
            assignee=need.assignee_id,
            duty="civil-society",
        )
    chosen = one.facilitators and one.rapporteurs  # type: ignore[attr-defined]
    if not chosen:
        yield Due(
            key=f"workshop:{one.uid}:people",
            label=_("Choose who facilitates and who takes notes: %(title)s") % named,
            url=reverse("workshop_people", args=where),
            act=_("Choose them"),
            day=calendar.add_working_days(day, -PEOPLE_AHEAD),
            why=counted_back,
            deed="give_charge",
            duty="civil-society",
        )
    if not one.timings:
        yield Due(
            key=f"workshop:{one.uid}:kit",
            label=_("Prepare the kit: %(title)s") % named,
            url=reverse("workshop_kit", args=where),
            act=_("Set the timings"),
            act_url=reverse("workshop_timings", args=where),
            day=calendar.add_working_days(day, -KIT_AHEAD),
            why=counted_back,
            deed="revise_workshop",
            duty="civil-society",
        )
