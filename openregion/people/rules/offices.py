"""Who may do what. Each rule gives the reason for refusing, or an empty string.

Permission comes from the guide's ``roles.yaml`` and nowhere else: a role held
today at the member, and the deeds that role lists.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import colour, languages
from openregion.core.official import OfficialText
from openregion.guide import queries as guides
from openregion.people.models import (
    RESERVED,
    Act,
    Appointment,
    Authority,
    Body,
    Mandate,
    Member,
    Seat,
    Territory,
    User,
)
from openregion.record.models import StoredFile

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

ADMINISTRATOR = "administrator"
GROUP, FORUM = "council-group", "forum"  # kinds of the guide's list of bodies
CO_ORDINATING = (Seat.Side.CIVIL_SOCIETY, Seat.Side.COUNCIL)
LONGEST_SLUG = 32  # the journal's subject holds no more
LONGEST_PLACE_CODE = 20


def today() -> dt.date:
    """Give today's date in Casablanca."""
    return timezone.localdate()


def roles_of(user: User | AnonymousUser, member: Member) -> tuple[str, ...]:
    """List the roles a person holds today at a member."""
    if not user.is_authenticated or not user.is_active:
        return ()
    held = Appointment.objects.of(member).held_on(today()).filter(user=user)
    return tuple(held.order_by("pk").values_list("role", flat=True))


def deeds_of(user: User | AnonymousUser, member: Member) -> frozenset[str]:
    """List the deeds that a person's roles of today give them at a member: what pages ask to show a button."""
    held = roles_of(user, member)
    book = guides.guide(member.guide_version)
    return frozenset(deed for role in book.roles if role.code in held for deed in role.deeds)


def may(user: User | AnonymousUser, deed: str, member: Member) -> bool:
    """Say whether a role held today by this person lists this deed."""
    return deed in deeds_of(user, member)


def why_not_allowed(user: User | AnonymousUser, deed: str, member: Member) -> str:
    """Say why a person may not do a deed here; empty when they may."""
    if may(user, deed, member):
        return ""
    book = guides.guide(member.guide_version)
    holders = [role.label for role in book.roles if deed in role.deeds]
    lang = get_language() or "fr"
    who = _(", ").join(label.in_(lang) for label in holders)
    if not user.is_authenticated:
        return _("This is done by: %(who)s. Sign in first.") % {"who": who}
    return _("This is done by: %(who)s. Ask the administrator of the space to give you that role.") % {"who": who}


def why_not_theirs(member: Member, authority: Authority) -> str:
    """Say why a member's people may not touch what belongs to an authority; empty when it is the member's own."""
    if Authority.objects.of(member).filter(pk=authority.pk).exists():
        return ""
    return _("This belongs to another space. Only its own people can change it.")


def _why_not_all_theirs(member: Member, authority: Authority, *more: Act | Body | None) -> str:
    owners = [authority, *(one.authority for one in more if one)]
    return next((reason for one in owners if (reason := why_not_theirs(member, one))), "")


def why_not_found(*, slug: str, territories: Sequence[Territory], with_commune: bool = False) -> str:
    """Say why a space may not be opened under this address for these authorities; empty when it may.

    A commune that is added at the same time is an authority too.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > LONGEST_SLUG:
        return _("The short address holds small letters without accents, digits and hyphens, 32 at most.")
    if slug in RESERVED or slug in languages.CODES:
        return _("This address is a page of the platform. Choose another one.")
    if Member.objects.filter(slug=slug).exists():
        return _("Another space has this address already. Choose another one.")
    if not territories and not with_commune:
        return _("Choose at least one authority.")
    return ""


def why_not_join(territories: Sequence[Territory]) -> str:
    """Say why authorities may not share one space; empty when they may.

    In a space, an address names one body: two authorities that each have a
    body at the same address cannot be shown together.
    """
    theirs = Body.objects.filter(authority__territory__in=territories).order_by()
    if theirs.values("slug").annotate(bodies=Count("pk")).filter(bodies__gt=1).exists():
        return _("Two of these authorities each have a body with the same short address. Open a space for each.")
    return ""


def why_not_add_commune(*, code: str, name_fr: str, name_ar: str, parent: Territory | None) -> str:
    """Say why a commune may not be added under these names and in this place; empty when it may."""
    if not name_fr or not name_ar:
        return _("Write the name of the commune in French and in Arabic.")
    if parent is None or parent.level != Territory.Level.PROVINCE:
        return _("Choose the prefecture or province of the commune.")
    if code and (not re.fullmatch(r"[0-9]+(\.[0-9]+)*", code) or len(code) > LONGEST_PLACE_CODE):
        return _("The code of a commune holds digits and full stops. Correct it, or leave it empty.")
    if code and Territory.objects.filter(code=code).exists():
        return _("Another place has this code. Correct it, or leave it empty.")
    return ""


def why_not_appoint(by: User, member: Member, *, role: str, user: User | None, starts_on: dt.date) -> str:
    """Say why ``by`` may not give ``role`` to ``user`` from that day; empty when they may."""
    if reason := why_not_allowed(by, "appoint", member):
        return reason
    if guides.role(guides.guide(member.guide_version), role) is None:
        return _("The guide has no such role. Choose one from the list.")
    if reason := _why_not_about_administrators(by, member, role):
        return reason
    if user and Appointment.objects.of(member).filter(user=user, role=role, ends_on=None).exists():
        return _("This person already holds this role. End the present appointment first.")
    return ""


def why_not_end_appointment(by: User, appointment: Appointment, *, on: dt.date) -> str:
    """Say why an appointment may not be ended that day; empty when it may.

    A space always keeps an administrator: another one, without an end, must
    hold the role by the day after.
    """
    if reason := why_not_allowed(by, "end_appointment", appointment.member):
        return reason
    if reason := _why_not_about_administrators(by, appointment.member, appointment.role):
        return reason
    if appointment.ends_on:
        return _("This appointment has already ended.")
    if on < appointment.starts_on:
        return _("An appointment cannot end before it starts. Choose a later day.")
    if appointment.role == ADMINISTRATOR:
        others = Appointment.objects.of(appointment.member).filter(
            role=ADMINISTRATOR, ends_on=None, starts_on__lte=on + dt.timedelta(days=1), user__is_active=True
        )
        if not others.exclude(pk=appointment.pk).exists():
            return _("The space would have no administrator left. Appoint another one first.")
    return ""


def _why_not_about_administrators(by: User, member: Member, role: str) -> str:
    """Nobody makes themselves administrator, nor removes one, without being one."""
    if role == ADMINISTRATOR and ADMINISTRATOR not in roles_of(by, member):
        return _("Only an administrator of the space gives or ends this role.")
    return ""


def why_not_set_up_body(
    by: User,
    member: Member,
    *,
    authority: Authority,
    kind: str,
    functions: tuple[str, ...] = (),
    act: Act | None = None,
    parent: Body | None = None,
    stance: str = "",
) -> str:
    """Say why a body of this kind, with these functions, may not be set up; empty when it may.

    The act that makes it and the body around it are the member's own too.
    """
    if reason := why_not_allowed(by, "set_up_body", member) or _why_not_all_theirs(member, authority, act, parent):
        return reason
    book = guides.guide(member.guide_version)
    if guides.body_kind(book, kind) is None:
        return _("The guide has no such kind of body. Choose one from the list.")
    if stance and kind != GROUP:
        return _("Only a group of the Council sits with the majority or the opposition.")
    return why_not_joined(member, kind=kind, functions=functions)


def why_not_set_up_usual_bodies(by: User, member: Member, *, authority: Authority, missing: int) -> str:
    """Say why an authority's usual bodies may not be set up together; empty when they may."""
    if reason := why_not_allowed(by, "set_up_usual_bodies", member) or why_not_theirs(member, authority):
        return reason
    return "" if missing else _("This authority has its usual bodies already.")


def why_not_joined(member: Member, *, kind: str, functions: tuple[str, ...]) -> str:
    """Say why one body may not fill these parts together; empty when it may.

    The monitoring body is independent: it is never the follow-up group (row O-3).
    """
    book = guides.guide(member.guide_version)
    parts = {kind, *functions}
    for code in parts:
        found = guides.body_kind(book, code)
        if found and parts & set(found.never_with):
            return _("The monitoring body is independent: it cannot also be the follow-up group. Set up two bodies.")
    return ""


def why_not_give_function(by: User, body: Body, member: Member, *, kind: str, act: Act) -> str:
    """Say why a body may not be declared to fill another's part; empty when it may."""
    if reason := why_not_allowed(by, "give_function", member) or why_not_theirs(member, body.authority):
        return reason
    if guides.body_kind(guides.guide(member.guide_version), kind) is None:
        return _("The guide has no such kind of body. Choose one from the list.")
    if act.authority_id != body.authority_id:
        return _("A function is declared by an act of the body's own authority. Choose another act.")
    if kind == body.kind:
        return _("That is this body's own part already.")
    held = tuple(body.functions.values_list("kind", flat=True))
    if kind in held:
        return _("This body already fills that part.")
    return why_not_joined(member, kind=body.kind, functions=(*held, kind))


def why_not_add_seat(by: User, body: Body, member: Member, *, actor: str, side: str = "", leads: bool = False) -> str:
    """Say why a seat for this actor, on this side, may not be added to a body; empty when it may.

    A forum has two who co-ordinate it, one of civil society and one of the council (row O-6).
    """
    if reason := why_not_allowed(by, "add_seat", member) or why_not_theirs(member, body.authority):
        return reason
    if actor and guides.actor(guides.guide(member.guide_version), actor) is None:
        return _("The guide names no such actor. Choose one from the list.")
    if side and side not in Seat.Side.values:
        return _("Choose the side from the list.")
    if leads and body.kind == FORUM:
        if side not in CO_ORDINATING:
            return _("Civil society and the council co-ordinate a forum. Choose one of these two sides.")
        if body.seats.filter(side=side, leads=True).exists():
            return _("This side has its co-ordinator already: there is one on each side.")
    return ""


def why_not_set_body_rules(
    by: User, body: Body, member: Member, *, text: OfficialText, file: StoredFile | None = None
) -> str:
    """Say why a body's rules may not be published so; empty when they may. Their file was kept for this member."""
    if reason := why_not_allowed(by, "set_body_rules", member) or why_not_theirs(member, body.authority):
        return reason
    if file and file.member_code != member.slug:
        return _("This belongs to another space. Only its own people can change it.")
    return "" if text else _("Write the rules, or at least what they say in short.")


def why_not_give_mandate(by: User, seat: Seat, member: Member, *, starts_on: dt.date, act: Act | None = None) -> str:
    """Say why a seat may not be given from that day; empty when it may.

    A mandate is given without an end, so nobody may hold the seat that day or
    later. The act that gives it is the member's own.
    """
    if reason := why_not_allowed(by, "give_mandate", member) or _why_not_all_theirs(member, seat.body.authority, act):
        return reason
    if seat.mandates.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on)).exists():
        return _("Someone holds this seat on that day. End that mandate first, or choose a later day.")
    return ""


def why_not_end_mandate(by: User, mandate: Mandate, member: Member, *, on: dt.date) -> str:
    """Say why a mandate may not be ended that day; empty when it may."""
    if reason := why_not_allowed(by, "end_mandate", member) or why_not_theirs(member, mandate.seat.body.authority):
        return reason
    if mandate.ends_on:
        return _("This mandate has already ended.")
    if on < mandate.starts_on:
        return _("A mandate cannot end before it starts. Choose a later day.")
    return ""


def why_not_record_act(
    by: User,
    member: Member,
    *,
    authority: Authority,
    kind: str,
    number: str,
    dated_on: dt.date,
    file: StoredFile | None = None,
) -> str:
    """Say why an act may not be recorded; empty when it may. Its file was kept for this member."""
    if reason := why_not_allowed(by, "record_act", member) or why_not_theirs(member, authority):
        return reason
    if file and file.member_code != member.slug:
        return _("This belongs to another space. Only its own people can change it.")
    if dated_on > today():
        return _("An act cannot be dated in the future. Check its date.")
    if Act.objects.filter(authority=authority, kind=kind, number=number, dated_on=dated_on).exists():
        return _("This act is already recorded, with the same number and date.")
    return ""


def why_not_set_council_mandate(
    by: User, authority: Authority, member: Member, *, starts_on: dt.date, ends_on: dt.date
) -> str:
    """Say why a council's mandate may not run between these days; empty when it may."""
    if reason := why_not_allowed(by, "set_council_mandate", member) or why_not_theirs(member, authority):
        return reason
    if ends_on <= starts_on:
        return _("The mandate must end after it starts.")
    return ""


def why_not_choose_accent(by: User, member: Member, *, accent: str) -> str:
    """Say why a colour cannot be the accent; empty when it can (WCAG 1.4.3: 4.5 to 1 on the page's ground)."""
    if reason := why_not_allowed(by, "choose_accent", member):
        return reason
    if not re.fullmatch(r"#[0-9a-f]{6}", accent):
        return _("A colour is written with a hash sign and six digits or letters from a to f, as in #0b5d57.")
    if not colour.is_readable(accent):
        return _("This colour is too pale to be read on the page. Choose a deeper one.")
    return ""
