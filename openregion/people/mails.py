"""What the people room writes to people, in their own language."""

from __future__ import annotations

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.core import languages, official
from openregion.guide import queries as guides
from openregion.people.models import Appointment


def invite(appointment: Appointment, *, site: str) -> None:
    """Tell a person which role they were given, from when, and where to sign in.

    ``site`` is the address of the platform, without a path. The mail holds no
    secret: signing in asks for a code sent to the same address.
    """
    user, member = appointment.user, appointment.member
    role = guides.role(guides.guide(member.guide_version), appointment.role)
    with override(user.lang):
        where = official.text_in(member.name, languages.body_lang(user.lang)) or member.slug
        text = render_to_string(
            "people/mails/invitation.txt",
            {
                "name": user.name,
                "role": role.label.in_(user.lang) if role else appointment.role,
                "about": role.about.in_(user.lang) if role else "",
                "where": where,
                "starts_on": appointment.starts_on,
                "sign_in": site + reverse("account_login"),
                "privacy": site + reverse("privacy"),
            },
        )
        send_mail(_("Your role at %(where)s") % {"where": where}, text, None, [user.email])
