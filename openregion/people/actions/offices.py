"""Found a member, set up bodies, seat, appoint.

Each deed asks its rule, writes, and records one line, in one transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, official
from openregion.core.refusal import refuse_if
from openregion.guide import queries as guides
from openregion.people import mails, queries, rules, usual
from openregion.people.actions.steps import hold, journal
from openregion.people.models import (
    Act,
    Appointment,
    Authority,
    Body,
    BodyFunction,
    Gender,
    Mandate,
    Member,
    Membership,
    Seat,
    Territory,
    User,
)
from openregion.record.actions import index_entry
from openregion.record.models import JournalLine, StoredFile


@dataclass(frozen=True)
class Founder:
    """Who opens a member's space and becomes its first administrator."""

    email: str
    name: str
    password: str
    lang: str


@dataclass(frozen=True)
class NewCommune:
    """A commune that opens a space: the extract holds none, so whoever opens it names theirs."""

    name_fr: str
    name_ar: str
    parent: Territory | None
    code: str = ""


@transaction.atomic
def found_member(
    *,
    slug: str,
    name: OfficialText,
    territories: Sequence[Territory],
    guide_version: str,
    founder: Founder,
    at: dt.datetime,
    invented: bool = False,
    commune: NewCommune | None = None,
) -> Member:
    """Open the space of a member: its authorities and its first administrator.

    One territory makes a single member, several a consortium (row O-8). A
    commune is added at the same time, since none is loaded. The founder comes from
    the setup page, which asks for the code that the operator's terminal shows;
    there is nobody yet whose permission to ask.
    Raises ``Refused`` when the address is taken, no authority is named, the
    commune is not fully named or the authorities cannot share a space.
    """
    refuse_if(rules.why_not_found(slug=slug, territories=territories, with_commune=commune is not None))
    refuse_if(rules.why_not_join(territories))
    if commune:
        territories = [*territories, _added(commune, invented=invented)]
    user = User.objects.filter(email=founder.email.lower()).first() or User.objects.create_user(
        founder.email, founder.password or None, name=founder.name, lang=founder.lang
    )
    member = Member.objects.create(slug=slug, name=name, guide_version=guide_version, founded_at=at, invented=invented)
    line = journal("found_member", member, member, user, at, territories=[one.code for one in territories])
    for rank, territory in enumerate(territories):
        authority, _ = Authority.objects.get_or_create(territory=territory, defaults={"kind": territory.level})
        Membership.objects.create(member=member, authority=authority, rank=rank)
    day = timezone.localdate(at)
    first = Appointment.objects.create(user=user, member=member, role="administrator", starts_on=day)
    journal("appoint", first, member, user, at, role="administrator", parent=line)
    return member


def _added(commune: NewCommune, *, invented: bool) -> Territory:
    """Add a commune to the territory; without its code it gets one that no census uses."""
    said: dict[str, Any] = {"name_fr": commune.name_fr, "name_ar": commune.name_ar, "parent": commune.parent}
    refuse_if(rules.why_not_add_commune(code=commune.code, **said))
    code, number = commune.code, 1
    while not code or Territory.objects.filter(code=code).exists():
        code, number = f"{said['parent'].code}.x{number}", number + 1
    return Territory.objects.create(code=code, level="commune", type="commune", invented=invented, **said)


@transaction.atomic
def appoint(
    *,
    email: str,
    name: str,
    role: str,
    member: Member,
    starts_on: dt.date,
    by: User,
    at: dt.datetime,
    unit: Body | None = None,
    act: Act | None = None,
    lang: str = "fr",
    site: str = "",
) -> Appointment:
    """Give a person a role at a member, inviting them if they are new.

    The act that names them, when there is one, is kept with the appointment.
    With ``site``, the platform's own address, the person is told by mail once
    the appointment is safely written; an import or a demonstration gives none.
    A known person keeps the name and the language they have. Raises
    ``Refused`` when the rule says no.
    """
    hold(member)
    user = User.objects.filter(email=email.lower()).first()
    refuse_if(rules.why_not_appoint(by, member, role=role, user=user, starts_on=starts_on))
    for theirs in (unit, act):
        refuse_if(rules.why_not_theirs(member, theirs.authority) if theirs else "")
    user = user or User.objects.create_user(email, None, name=name, lang=lang)
    appointment = Appointment.objects.create(
        user=user, member=member, role=role, unit=unit, act=act, starts_on=starts_on
    )
    journal("appoint", appointment, member, by, at, role=role)
    if site:
        mails.invite(appointment, site=site, at=at)
    return appointment


@transaction.atomic
def end_appointment(appointment: Appointment, *, on: dt.date, by: User, at: dt.datetime) -> Appointment:
    """End a role on a day; what was done under it stays done.

    Raises ``Refused`` when the rule says no (a space keeps an administrator).
    """
    # Two administrators who end each other's role at once must meet here.
    Member.objects.select_for_update(no_key=True).get(pk=appointment.member_id)
    refuse_if(rules.why_not_end_appointment(by, appointment, on=on))
    appointment.ends_on = on
    appointment.save(update_fields=["ends_on"])
    journal("end_appointment", appointment, appointment.member, by, at, role=appointment.role, on=on.isoformat())
    return appointment


@transaction.atomic
def record_act(
    *,
    authority: Authority,
    member: Member,
    kind: str,
    number: str,
    dated_on: dt.date,
    title: OfficialText,
    by: User,
    at: dt.datetime,
    file: StoredFile | None = None,
    public: bool = True,
) -> Act:
    """Record a legal act of an authority: what gives a body, a mandate or a role.

    One that is not ``public`` yet waits for the deed that publishes it. Raises ``Refused`` when the rule says no.
    """
    hold(member, authority)
    said: dict[str, Any] = {"authority": authority, "kind": kind, "number": number, "dated_on": dated_on, "file": file}
    refuse_if(rules.why_not_record_act(by, member, **said))
    act = Act.objects.create(title=title, public=public, **said)
    told = {"number": number, "dated_on": dated_on.isoformat()} if public else {}
    journal("record_act", act, member, by, at, kind=kind, **told)
    return act


@transaction.atomic
def set_up_body(
    *,
    authority: Authority,
    member: Member,
    kind: str,
    name: OfficialText,
    by: User,
    at: dt.datetime,
    remit: OfficialText | None = None,
    act: Act | None = None,
    parent: Body | None = None,
    stance: str = "",
    within: JournalLine | None = None,
) -> Body:
    """Set up a body of an authority: council, commission, consultative body, unit, forum…

    An authority may take part in two members: the body is found in both, and
    both journals say it, which renews their kept pages.
    Raises ``Refused`` when the rule says no.
    """
    members = hold(member, authority)
    said: dict[str, Any] = {"authority": authority, "kind": kind, "act": act, "parent": parent, "stance": stance}
    refuse_if(rules.why_not_set_up_body(by, member, **said))
    # An address names one body of each of these members, whichever authority it belongs to.
    sharing = Body.objects.filter(authority__membership__member__in=members)
    taken = {"new", *sharing.values_list("slug", flat=True)}
    wanted = slugify(next((w["text"] for lang, w in name.items() if lang in ("fr", "en")), "")) or kind
    body = Body.objects.create(
        **said,
        slug=_free_slug(wanted[:50].strip("-"), taken),
        name=name,
        remit=remit or {},
        rank=Body.objects.filter(authority=authority).count(),
    )
    for one in members:
        for lang in WORKING:
            for entry in queries.findable_bodies(one, lang, [body]):
                index_entry(member_code=one.slug, lang=lang, **entry)
    line = journal("set_up_body", body, member, by, at, kind=kind, parent=within)
    for other in members:
        if other != member:
            journal("set_up_body", body, other, by, at, kind=kind, parent=line)
    return body


@transaction.atomic
def set_up_usual_bodies(authority: Authority, *, member: Member, by: User, at: dt.datetime) -> list[Body]:
    """Set up at once the bodies an authority has by law, with the president's seat in its council.

    Only those missing: doing it twice adds nothing. Raises ``Refused`` when the rule says no.
    """
    hold(member, authority)
    missing = usual.missing(authority, Body.objects.filter(authority=authority))
    refuse_if(rules.why_not_set_up_usual_bodies(by, member, authority=authority, missing=len(missing)))
    book = guides.guide(member.guide_version)
    line = journal("set_up_usual_bodies", authority, member, by, at, bodies=len(missing))
    bodies = []
    for one in missing:
        name, remit = official(at=at, **one.name), official(at=at, **one.remit)
        body = set_up_body(
            authority=authority, member=member, kind=one.kind, name=name, remit=remit, by=by, at=at, within=line
        )
        for actor in one.seats:
            named = guides.actor(book, actor)
            title = official(at=at, fr=named.label.fr, ar=named.label.ar, en=named.label.en) if named else {}
            add_seat(body, title=title, actor=actor, member=member, by=by, at=at, within=line)
        bodies.append(body)
    return bodies


@transaction.atomic
def give_function(body: Body, *, kind: str, act: Act, member: Member, by: User, at: dt.datetime) -> BodyFunction:
    """Declare, by an act, that a body also fills another body's part.

    The monitoring body is never the follow-up group. Raises ``Refused`` when
    the rule says no.
    """
    refuse_if(rules.why_not_give_function(by, body, member, kind=kind, act=act))
    function = BodyFunction.objects.create(body=body, kind=kind, act=act)
    journal("give_function", body, member, by, at, kind=kind)
    return function


@transaction.atomic
def set_body_rules(
    body: Body, *, text: OfficialText, member: Member, by: User, at: dt.datetime, file: StoredFile | None = None
) -> Body:
    """Publish the rules a body works by, in words and, when there is one, as the signed file (OGP's standard 1.1).

    Without a new file the one before stays. Raises ``Refused`` when the rule says no.
    """
    hold(member, body.authority)
    refuse_if(rules.why_not_set_body_rules(by, body, member, text=text, file=file))
    body.rules, body.rules_file = text, file or body.rules_file
    body.save(update_fields=["rules", "rules_file"])
    journal("set_body_rules", body, member, by, at, kind=body.kind)
    return body


@transaction.atomic
def add_seat(
    body: Body,
    *,
    title: OfficialText,
    actor: str,
    member: Member,
    by: User,
    at: dt.datetime,
    side: str = "",
    leads: bool = False,
    votes: bool = True,
    within: JournalLine | None = None,
) -> Seat:
    """Add a seat to a body, saying which actor of the guide takes it.

    In a forum it says on which ``side`` it sits: civil society and the council
    sit in equal numbers, and one of each co-ordinates (row O-6).

    Raises ``Refused`` when the rule says no.
    """
    hold(member, body.authority)
    refuse_if(rules.why_not_add_seat(by, body, member, actor=actor, side=side, leads=leads))
    sits = {"side": side, "leads": leads, "votes": votes}
    seat = Seat.objects.create(body=body, title=title, actor=actor, **sits, rank=body.seats.count())
    journal("add_seat", seat, member, by, at, body=body.uid, actor=actor, parent=within)
    return seat


@transaction.atomic
def give_mandate(
    seat: Seat,
    *,
    holder_name: str,
    starts_on: dt.date,
    member: Member,
    by: User,
    at: dt.datetime,
    act: Act | None = None,
    holder: User | None = None,
    gender: str = Gender.UNSAID,
) -> Mandate:
    """Seat a person from a day, by the act that names them.

    The holder's name is public with the office and is not in the journal;
    ``gender`` is only ever counted, for parity.
    Raises ``Refused`` when the rule says no.
    """
    hold(member, seat.body.authority)
    refuse_if(rules.why_not_give_mandate(by, seat, member, starts_on=starts_on, act=act))
    who = {"holder_name": holder_name, "holder": holder, "gender": gender}
    mandate = Mandate.objects.create(seat=seat, **who, act=act, starts_on=starts_on)
    journal("give_mandate", mandate, member, by, at, seat=seat.uid, starts_on=starts_on.isoformat())
    return mandate


@transaction.atomic
def end_mandate(mandate: Mandate, *, on: dt.date, member: Member, by: User, at: dt.datetime) -> Mandate:
    """End a mandate on a day. Raises ``Refused`` when the rule says no."""
    refuse_if(rules.why_not_end_mandate(by, mandate, member, on=on))
    mandate.ends_on = on
    mandate.save(update_fields=["ends_on"])
    journal("end_mandate", mandate, member, by, at, on=on.isoformat())
    return mandate


@transaction.atomic
def set_council_mandate(
    authority: Authority, *, starts_on: dt.date, ends_on: dt.date, member: Member, by: User, at: dt.datetime
) -> Authority:
    """Record when the council's mandate runs: OGP's sixteen months are counted from its end (row O-1).

    Raises ``Refused`` when the rule says no.
    """
    refuse_if(rules.why_not_set_council_mandate(by, authority, member, starts_on=starts_on, ends_on=ends_on))
    authority.mandate_starts_on, authority.mandate_ends_on = starts_on, ends_on
    authority.save(update_fields=["mandate_starts_on", "mandate_ends_on"])
    facts = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    journal("set_council_mandate", authority, member, by, at, **facts)
    return authority


@transaction.atomic
def choose_accent(member: Member, *, accent: str, by: User, at: dt.datetime) -> Member:
    """Choose the member's accent colour; too pale a one is refused (contrast with white).

    Raises ``Refused`` when the rule says no.
    """
    refuse_if(rules.why_not_choose_accent(by, member, accent=accent))
    member.accent = accent
    member.save(update_fields=["accent"])
    journal("choose_accent", member, member, by, at, accent=accent)
    return member


def _free_slug(wanted: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"
