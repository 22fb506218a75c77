"""What is refused about the point of contact, and why."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from openregion.admission.models import PointOfContact
from openregion.people.models import Act, Member, User
from openregion.people.rules import today, why_not_allowed

ROLE = "point-of-contact"


def why_not_name_point_of_contact(
    by: User, member: Member, *, name: str, email: str, act: Act | None, starts_on: dt.date, with_role: bool
) -> str:
    """Say why a person may not be named point of contact; empty when they may."""
    if refusal := why_not_allowed(by, "name_point_of_contact", member):
        return refusal
    if not name.strip():
        return _("Give the name of the point of contact.")
    if act is None or not Act.objects.of(member).filter(pk=act.pk).exists():
        return _("Choose the act that names the point of contact. Record it first, on the page of acts.")
    if starts_on > today():
        return _("Record the nomination on the day it takes effect, not before.")
    if starts_on < act.dated_on:
        return _("The nomination takes effect on the day of its act at the earliest. Check the two days.")
    if email:
        try:
            validate_email(email)
        except ValidationError:
            return _("This e-mail address is not complete. Check it.")
    if with_role and not email:
        return _("Give the e-mail address with which the person will sign in.")
    if with_role and (refusal := why_not_allowed(by, "appoint", member)):
        return refusal
    present = PointOfContact.objects.of(member).filter(ends_on=None).first()
    if present and (present.name, present.act_id) == (name, act.pk):
        return _("This person is the point of contact already, by this act.")
    if present and starts_on < present.starts_on:
        return _("The point of contact in office was named after that day. Choose a later day.")
    return ""
