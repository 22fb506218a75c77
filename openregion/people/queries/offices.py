"""What the pages of the people room show, prepared as plain values.

Every page asks a fixed number of questions, whatever the number of rows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from openregion.core import colour, dates, languages, official
from openregion.guide import queries as guides
from openregion.people import deeds, usual
from openregion.people.map import drawn
from openregion.people.models import (
    Act,
    Appointment,
    Authority,
    Body,
    BodyFunction,
    Mandate,
    Member,
    Seat,
    Territory,
)
from openregion.people.queries.forum import FORUM, STANCES, Balance, balances, side_in_words

TYPES: dict[str, Promise] = {
    "region": gettext_lazy("Region"),
    "prefecture": gettext_lazy("Prefecture"),
    "province": gettext_lazy("Province"),
    "commune": gettext_lazy("Commune"),
}
ACTS: dict[str, Promise] = {
    "order": gettext_lazy("Order"),
    "decision": gettext_lazy("Decision"),
    "deliberation": gettext_lazy("Deliberation"),
    "letter": gettext_lazy("Letter"),
}
# Whose name goes with the office in public (row A5); of the others, only how many.
NAMED = ("president", "point-of-contact")


@dataclass(frozen=True)
class Place:
    """A shape of the map: its number and name, its outline, where its label and its figures are."""

    number: int
    name: str
    path: str
    x: str
    y: str
    url: str


@dataclass(frozen=True)
class PlaceRow:
    """A prefecture or province in the table: its number on the map, census figures, change between the two."""

    number: int
    anchor: str
    name: str
    type: str
    population_2014: int | None
    population_2024: int | None
    change: str


@dataclass(frozen=True)
class AuthorityLine:
    """An authority in a list."""

    code: str
    name: str
    type: str


@dataclass(frozen=True)
class TerritoryPage:
    """The territory of a member: map, table, sums."""

    box: str
    places: tuple[Place, ...]
    rows: tuple[PlaceRow, ...]
    total_2014: int
    total_2024: int
    change: str
    authorities: tuple[AuthorityLine, ...]
    invented: bool


@dataclass(frozen=True)
class ActLine:
    """An act as it is cited: kind, number, date, and its file when there is one."""

    uid: str
    cited: str
    title: official.OfficialText
    authority: str
    file: str


@dataclass(frozen=True)
class BodyLine:
    """A body in the list, with how many of its seats are held today."""

    slug: str
    name: official.OfficialText
    kind: Any
    seats: int
    held: int
    dissolved_on: dt.date | None


@dataclass(frozen=True)
class BodiesOf:
    """An authority's bodies, and whether its usual ones are still to set up."""

    authority: AuthorityLine
    bodies: tuple[BodyLine, ...]
    lacks_usual: bool


@dataclass(frozen=True)
class SeatLine:
    """A seat, who holds it today and by which act; empty when vacant."""

    uid: str
    title: official.OfficialText
    actor: Any
    side: str
    leads: bool
    votes: bool
    mandate_uid: str
    holder: str
    since: dt.date | None
    until: dt.date | None
    act: ActLine | None
    vacant: bool
    promised: bool


@dataclass(frozen=True)
class PastLine:
    """A mandate that has ended."""

    seat: official.OfficialText
    holder: str
    starts_on: dt.date
    ends_on: dt.date
    act: ActLine | None


@dataclass(frozen=True)
class FunctionLine:
    """Another body's part that this one fills, and the act that says so."""

    title: Any
    act: ActLine


@dataclass(frozen=True)
class BodyPage:
    """A body: what it is for, what made it, who sits in it and who sat."""

    slug: str
    name: official.OfficialText
    kind: Any
    remit: Any
    stance: str
    is_forum: bool
    rules: official.OfficialText
    rules_file: str
    balances: tuple[Balance, ...]
    has_sides: bool
    authority: AuthorityLine
    act: ActLine | None
    dissolved_on: dt.date | None
    functions: tuple[FunctionLine, ...]
    seats: tuple[SeatLine, ...]
    past: tuple[PastLine, ...]


@dataclass(frozen=True)
class AuthorityPage:
    """An authority: its territory, its council's mandate and what is left of it."""

    line: AuthorityLine
    population_2024: int | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    months_left: int | None
    bodies: tuple[BodyLine, ...]


@dataclass(frozen=True)
class Holder:
    """A person whose name goes with their office."""

    name: str
    since: dt.date
    act: ActLine | None


@dataclass(frozen=True)
class RoleLine:
    """A role: what it is for, what it may do, who holds it or how many do."""

    code: str
    label: Any
    about: Any
    deeds: tuple[str, ...]
    holders: tuple[Holder, ...]
    count: int
    named: bool


@dataclass(frozen=True)
class AppointmentLine:
    """An appointment as those who appoint see it."""

    uid: str
    name: str
    email: str
    role: Any
    unit: official.OfficialText | None
    act: ActLine | None
    starts_on: dt.date
    ends_on: dt.date | None
    to_come: bool


@dataclass(frozen=True)
class ColourSeen:
    """A colour as it is tried: written with and without its hash, and how well it reads."""

    hex: str
    bare: str
    contrast: str
    readable: bool


def territory_page(member: Member) -> TerritoryPage:
    """Give the map and the table of the prefectures and provinces a member covers."""
    lang = _lang()
    places = list(Territory.objects.of(member))
    drawing = drawn({place.code: place.boundary for place in places if place.boundary})
    total_2014 = sum(place.population_2014 or 0 for place in places)
    total_2024 = sum(place.population_2024 or 0 for place in places)
    return TerritoryPage(
        box=drawing.box if drawing else "",
        places=tuple(
            Place(number, place.name_in(lang), drawing.paths[place.code], *label, f"#{_anchor(place)}")
            for number, place in enumerate(places, start=1)
            if drawing and (label := drawing.labels.get(place.code))
        ),
        rows=tuple(
            PlaceRow(
                number=number,
                anchor=_anchor(place),
                name=place.name_in(lang),
                type=str(TYPES[place.type]),
                population_2014=place.population_2014,
                population_2024=place.population_2024,
                change=change(place.population_2014, place.population_2024, lang),
            )
            for number, place in enumerate(places, start=1)
        ),
        total_2014=total_2014,
        total_2024=total_2024,
        change=change(total_2014, total_2024, lang),
        authorities=authorities_of(member),
        invented=any(place.invented for place in places),
    )


def change(before: int | None, after: int | None, lang: str) -> str:
    """Write by how much a population grew or shrank, in hundredths with one decimal: "+14,2 %"."""
    if not before or after is None:
        return ""
    written = f"{(after - before) / before * 100:+.1f}".replace("-", "\u2212")
    return (written if lang == "en" else written.replace(".", ",")) + "\u00a0%"


def authorities_of(member: Member) -> tuple[AuthorityLine, ...]:
    """List the authorities that make up a member, in their order."""
    return tuple(_authority_line(one) for one in Authority.objects.of(member).select_related("territory"))


def authority_page(authority: Authority, member: Member, *, today: dt.date) -> AuthorityPage:
    """Give an authority's council mandate, the whole months left in it, and its bodies."""
    bodies = Body.objects.filter(authority=authority).order_by("rank", "pk")
    ends_on = authority.mandate_ends_on
    return AuthorityPage(
        line=_authority_line(authority),
        population_2024=authority.territory.population_2024,
        starts_on=authority.mandate_starts_on,
        ends_on=ends_on,
        months_left=whole_months(today, ends_on) if ends_on else None,
        bodies=tuple(_body_line(body, member) for body in _counted(bodies, today)),
    )


def whole_months(start: dt.date, end: dt.date) -> int:
    """Count the whole months from a day to another; none when the end is past."""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(months, 0)


def bodies_page(member: Member, *, today: dt.date) -> tuple[BodiesOf, ...]:
    """List a member's bodies by authority."""
    there: dict[int, list[Body]] = defaultdict(list)
    for body in _counted(Body.objects.of(member), today):
        there[body.authority_id].append(body)
    return tuple(
        BodiesOf(
            authority=_authority_line(one),
            bodies=tuple(_body_line(body, member) for body in there[one.pk]),
            lacks_usual=bool(usual.missing(one, there[one.pk])),
        )
        for one in Authority.objects.of(member).select_related("territory")
    )


def body_page(body: Body, member: Member, *, today: dt.date) -> BodyPage:
    """Give a body with its seats, present holders and past mandates, each with its act."""
    book = guides.guide(member.guide_version)
    kind = guides.body_kind(book, body.kind)
    mandates = Mandate.objects.select_related("act__authority__territory").order_by("-starts_on", "-pk")
    seats = list(body.seats.order_by("rank", "pk").prefetch_related(Prefetch("mandates", queryset=mandates)))
    functions = list(BodyFunction.objects.filter(body=body).select_related("act__authority__territory").order_by("pk"))
    past = [
        PastLine(seat.title, one.holder_name, one.starts_on, one.ends_on, act_line(one.act, member))
        for seat in seats
        for one in seat.mandates.all()
        if one.ends_on and one.ends_on < today
    ]
    is_forum = FORUM in {body.kind, *(one.kind for one in functions)}
    running = {seat.pk: one for seat in seats for one in seat.mandates.all() if _runs(one, today)}
    return BodyPage(
        slug=body.slug,
        name=body.name,
        kind=kind.title if kind else body.name,
        remit=body.remit or (kind.remit if kind else {}),
        stance=str(STANCES.get(body.stance, "")),
        is_forum=is_forum,
        rules=body.rules,
        rules_file=reverse("body_rules_file", args=[member.slug, body.slug]) if body.rules_file_id else "",
        balances=balances(seats, running) if is_forum else (),
        has_sides=any(seat.side for seat in seats),
        authority=_authority_line(body.authority),
        act=act_line(body.act, member),
        dissolved_on=body.dissolved_on,
        functions=tuple(
            FunctionLine(part.title, _cited(one.act, member))
            for one in functions
            if (part := guides.body_kind(book, one.kind))
        ),
        seats=tuple(_seat_line(seat, member, today) for seat in seats),
        past=tuple(sorted(past, key=lambda one: one.ends_on, reverse=True)),
    )


def act_line(act: Act | None, member: Member) -> ActLine | None:
    """Cite an act, or nothing where there is none."""
    return _cited(act, member) if act else None


def cited(act: Act) -> str:
    """Write how an act is cited: its kind, number and date."""
    kind, day = str(ACTS[act.kind]), dates.day(act.dated_on, _lang())
    return _("%(kind)s no. %(number)s of %(day)s") % {"kind": kind, "number": act.number, "day": day}


def act_lines(acts: Iterable[Act], member: Member) -> tuple[ActLine, ...]:
    """Cite a page of acts."""
    return tuple(_cited(act, member) for act in acts)


def roles_page(member: Member, *, today: dt.date) -> tuple[RoleLine, ...]:
    """List the roles of the guide: what each may do, and who holds it.

    A name is public only with an office (president, point of contact); of the
    other roles the page says how many hold them.
    """
    held: dict[str, list[Appointment]] = defaultdict(list)
    running = Appointment.objects.of(member).held_on(today)
    for one in running.select_related("user", "act__authority__territory").order_by("starts_on", "pk"):
        held[one.role].append(one)
    return tuple(
        RoleLine(
            code=role.code,
            label=role.label,
            about=role.about,
            deeds=tuple(deeds.label(deed) for deed in role.deeds),
            holders=tuple(Holder(one.user.name, one.starts_on, act_line(one.act, member)) for one in held[role.code])
            if role.code in NAMED
            else (),
            count=len(held[role.code]),
            named=role.code in NAMED,
        )
        for role in guides.guide(member.guide_version).roles
    )


def appointment_lines(
    member: Member, *, today: dt.date
) -> tuple[tuple[AppointmentLine, ...], tuple[AppointmentLine, ...]]:
    """List a member's appointments, running or to come, then past."""
    book = guides.guide(member.guide_version)
    everyone = Appointment.objects.of(member).select_related("user", "unit", "act__authority__territory")
    lines = [
        AppointmentLine(
            uid=one.uid,
            name=one.user.name,
            email=one.user.email,
            role=role.label if (role := guides.role(book, one.role)) else {},
            unit=one.unit.name if one.unit else None,
            act=act_line(one.act, member),
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            to_come=one.starts_on > today,
        )
        for one in everyone.order_by("-starts_on", "-pk")
    ]
    past = tuple(line for line in lines if line.ends_on and line.ends_on < today)
    return tuple(line for line in lines if line not in past), past


def name_of(authority: Authority) -> str:
    """Name an authority in the page's language: its own name, else its territory's."""
    lang = _lang()
    return official.text_in(authority.name, languages.body_lang(lang)) or authority.territory.name_in(lang)


def _lang() -> str:
    return get_language() or "fr"


def _anchor(place: Territory) -> str:
    return f"place-{place.code.replace('.', '-')}"


def _authority_line(authority: Authority) -> AuthorityLine:
    return AuthorityLine(authority.territory.code, name_of(authority), str(TYPES[authority.territory.type]))


def _counted(bodies: Any, today: dt.date) -> Any:
    running = Q(seats__mandates__starts_on__lte=today) & (
        Q(seats__mandates__ends_on=None) | Q(seats__mandates__ends_on__gte=today)
    )
    return bodies.annotate(
        seats_count=Count("seats", distinct=True), held_count=Count("seats", filter=running, distinct=True)
    )


def _body_line(body: Any, member: Member) -> BodyLine:
    kind = guides.body_kind(guides.guide(member.guide_version), body.kind)
    return BodyLine(
        slug=body.slug,
        name=body.name,
        kind=kind.title if kind else {},
        seats=body.seats_count,
        held=body.held_count,
        dissolved_on=body.dissolved_on,
    )


def _seat_line(seat: Seat, member: Member, today: dt.date) -> SeatLine:
    mandates = list(seat.mandates.all())
    running = next((one for one in mandates if _runs(one, today)), None)
    to_come = next((one for one in mandates if one.starts_on > today), None)
    shown = running or to_come
    return SeatLine(
        uid=seat.uid,
        title=seat.title,
        actor=actor.label if (actor := guides.actor(guides.guide(member.guide_version), seat.actor)) else None,
        side=side_in_words(seat.side),
        leads=seat.leads,
        votes=seat.votes,
        mandate_uid=shown.uid if shown and not shown.ends_on else "",
        holder=shown.holder_name if shown else "",
        since=shown.starts_on if shown else None,
        until=shown.ends_on if shown else None,
        act=act_line(shown.act, member) if shown else None,
        vacant=shown is None or shown.ends_on is not None,
        promised=running is None and to_come is not None,
    )


def _runs(mandate: Mandate, today: dt.date) -> bool:
    return mandate.starts_on <= today and (mandate.ends_on is None or mandate.ends_on >= today)


def _cited(act: Act, member: Member) -> ActLine:
    return ActLine(
        uid=act.uid,
        cited=cited(act),
        title=act.title,
        authority=name_of(act.authority),
        file=reverse("act_file", args=[member.slug, act.uid]) if act.file_id else "",
    )


def words_of(value: official.OfficialText) -> str:
    """Give official text as plain words in the page's language."""
    return official.text_in(value, languages.body_lang(_lang()))


def role_label(member: Member, code: str) -> str:
    """Name a role in the page's language."""
    role = guides.role(guides.guide(member.guide_version), code)
    return role.label.in_(_lang()) if role else code


def colour_seen(value: str) -> ColourSeen:
    """Say how well a colour reads on the page; the usual one where the value is no colour."""
    hexed = value.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", value) else colour.DEFAULT
    ratio = f"{colour.contrast(hexed, colour.PAPER):.1f}"
    return ColourSeen(
        hex=hexed,
        bare=hexed[1:],
        contrast=ratio if _lang() == "en" else ratio.replace(".", ","),
        readable=colour.is_readable(hexed),
    )


KINDS = {"body": gettext_lazy("Bodies")}


def findable_bodies(member: Member, lang: str, bodies: Iterable[Body]) -> Iterator[dict[str, str]]:
    """Yield what search should find of these bodies in ``lang``: name, remit and address."""
    book = guides.guide(member.guide_version)
    for body in bodies:
        kind = guides.body_kind(book, body.kind)
        texts = [official.text_in(body.remit, lang), kind.remit.in_(lang) if kind else ""]
        text = "\n".join(part for part in texts if part)
        with override(lang):
            path = reverse("body", args=[member.slug, body.slug])
        yield {
            "kind": "body",
            "subject_uid": body.uid,
            "title": official.text_in(body.name, lang),
            "excerpt": text[:200],
            "path": path,
            "text": text,
        }
