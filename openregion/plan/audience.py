"""Who reads what of a plan: everyone what is published, those who write it the rest."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openregion.core.refusal import refuse_if
from openregion.people.audience import AtMember, deeds_here

# Whoever holds one of these has a part in writing the plan, and reads it before the public does.
WRITING = (
    "draft_plan",
    "revise_plan",
    "draft_commitment",
    "revise_commitment",
    "freeze_plan",
    "adopt_plan",
    "publish_plan",
)


def let_writers_in(request: AtMember, *, published: bool) -> None:
    """Let everyone read what is published, and those who write it read the rest. Raises ``Refused`` for others."""
    may = deeds_here(request)
    refuse_if("" if published or may & set(WRITING) else _("This is not published yet. Come back when it is."))
