"""What each deed is called when people read what a role may do.

A deed of a room above is named by its own words until it has a label here: the
page of roles never shows an empty line.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "found_member": _("open a space"),
    "appoint": _("give a person a role"),
    "end_appointment": _("end a person's role"),
    "record_act": _("record an act"),
    "set_up_body": _("set up a body"),
    "set_up_usual_bodies": _("set up the usual bodies"),
    "give_function": _("declare that a body also fills another body's part"),
    "add_seat": _("add a seat to a body"),
    "give_mandate": _("give a person a seat"),
    "end_mandate": _("end a person's mandate"),
    "set_council_mandate": _("record the dates of the council's mandate"),
    "choose_accent": _("choose the colour of the space"),
    "override_rule": _("give a rule the authority's own value, with the reason"),
    "adopt_guide_version": _("follow another version of the method"),
}


def label(deed: str) -> str:
    """Say a deed in words."""
    return str(LABELS.get(deed) or deed.replace("_", " "))
