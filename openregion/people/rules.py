"""Who may do what. Each rule gives the reason for refusing, or an empty string.

Permission comes from the guide's ``roles.yaml`` and nowhere else: a role held
today at the member, and the deeds that role lists.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.guide import queries as guides
from openregion.people.models import Act, Appointment, Authority, Body, Mandate, Member, Seat, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def today() -> dt.date:
    """Give today's date in Casablanca."""
    return timezone.localdate()


def roles_of(user: User | AnonymousUser, member: Member) -> tuple[str, ...]:
    """List the roles a person holds today at a member."""
    if not user.is_authenticated or not user.is_active:
        return ()
    held = Appointment.objects.of(member).held_on(today()).filter(user=user)
    return tuple(held.order_by("pk").values_list("role", flat=True))


def may(user: User | AnonymousUser, deed: str, member: Member) -> bool:
    """Say whether a role held today by this person lists this deed."""
    book = guides.guide(member.guide_version)
    allowed = {role.code for role in book.roles if deed in role.deeds}
    return any(code in allowed for code in roles_of(user, member))


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


def why_not_appoint(by: User, member: Member, *, role: str, user: User | None, starts_on: dt.date) -> str:
    """Say why ``by`` may not give ``role`` to ``user`` from that day; empty when they may."""
    if reason := why_not_allowed(by, "appoint", member):
        return reason
    if guides.role(guides.guide(member.guide_version), role) is None:
        return _("The guide has no such role. Choose one from the list.")
    if user and Appointment.objects.of(member).filter(user=user, role=role, ends_on=None).exists():
        return _("This person already holds this role. End the present appointment first.")
    return ""


def why_not_end_appointment(by: User, appointment: Appointment, *, on: dt.date) -> str:
    """Say why an appointment may not be ended that day; empty when it may."""
    if reason := why_not_allowed(by, "end_appointment", appointment.member):
        return reason
    if appointment.ends_on:
        return _("This appointment has already ended.")
    if on < appointment.starts_on:
        return _("An appointment cannot end before it starts. Choose a later day.")
    last = Appointment.objects.of(appointment.member).held_on(on).filter(role="administrator").count() == 1
    if appointment.role == "administrator" and last:
        return _("The space would have no administrator left. Appoint another one first.")
    return ""


def why_not_set_up_body(by: User, member: Member, *, kind: str, functions: tuple[str, ...] = ()) -> str:
    """Say why a body of this kind, with these functions, may not be set up; empty when it may."""
    if reason := why_not_allowed(by, "set_up_body", member):
        return reason
    book = guides.guide(member.guide_version)
    if guides.body_kind(book, kind) is None:
        return _("The guide has no such kind of body. Choose one from the list.")
    return why_not_joined(member, kind=kind, functions=functions)


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


def why_not_give_function(by: User, body: Body, member: Member, *, kind: str) -> str:
    """Say why a body may not be declared to fill another's part; empty when it may."""
    if reason := why_not_allowed(by, "give_function", member):
        return reason
    if kind == body.kind:
        return _("That is this body's own part already.")
    held = tuple(body.functions.values_list("kind", flat=True))
    if kind in held:
        return _("This body already fills that part.")
    return why_not_joined(member, kind=body.kind, functions=(*held, kind))


def why_not_give_mandate(by: User, seat: Seat, member: Member, *, starts_on: dt.date) -> str:
    """Say why a seat may not be given from that day; empty when it may."""
    if reason := why_not_allowed(by, "give_mandate", member):
        return reason
    if seat.mandates.held_on(starts_on).exists():  # type: ignore[attr-defined]
        return _("Someone holds this seat on that day. End that mandate first, or choose a later day.")
    return ""


def why_not_end_mandate(by: User, mandate: Mandate, member: Member, *, on: dt.date) -> str:
    """Say why a mandate may not be ended that day; empty when it may."""
    if reason := why_not_allowed(by, "end_mandate", member):
        return reason
    if mandate.ends_on:
        return _("This mandate has already ended.")
    if on < mandate.starts_on:
        return _("A mandate cannot end before it starts. Choose a later day.")
    return ""


def why_not_record_act(
    by: User, member: Member, *, authority: Authority, kind: str, number: str, dated_on: dt.date
) -> str:
    """Say why an act may not be recorded; empty when it may."""
    if reason := why_not_allowed(by, "record_act", member):
        return reason
    if dated_on > today():
        return _("An act cannot be dated in the future. Check its date.")
    if Act.objects.filter(authority=authority, kind=kind, number=number, dated_on=dated_on).exists():
        return _("This act is already recorded, with the same number and date.")
    return ""


def why_not_set_council_mandate(by: User, member: Member, *, starts_on: dt.date, ends_on: dt.date) -> str:
    """Say why a council's mandate may not run between these days; empty when it may."""
    if reason := why_not_allowed(by, "set_council_mandate", member):
        return reason
    if ends_on <= starts_on:
        return _("The mandate must end after it starts.")
    return ""


def why_not_choose_accent(by: User, member: Member, *, accent: str) -> str:
    """Say why a colour cannot be the accent; empty when it can (WCAG 1.4.3: 4.5 to 1 on white)."""
    if reason := why_not_allowed(by, "choose_accent", member):
        return reason
    if contrast_with_white(accent) < 4.5:
        return _("This colour is too pale to be read on white. Choose a deeper one.")
    return ""


def contrast_with_white(colour: str) -> float:
    """Give the contrast ratio of ``#rrggbb`` with white, by WCAG 2's formula."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
