"""Who reads what of the candidacy: everyone what is recorded or frozen, those who write it the drafts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openregion.core.refusal import refuse_if
from openregion.people.audience import AtMember, deeds_here

# Whoever holds one of these has a part in the dossier, and reads it before the public does.
WRITING = frozenset(
    {
        "draft_answer",
        "add_evidence",
        "add_support",
        "sign_support",
        "open_dossier",
        "freeze_dossier",
        "submit_dossier",
        "record_ogp_answer",
        "name_point_of_contact",
    }
)


def let_writers_in(request: AtMember, *, public: bool) -> None:
    """Let everyone read what is frozen, and those who write it read the rest. Raises ``Refused`` for others."""
    open_ = public or bool(deeds_here(request) & WRITING)
    refuse_if("" if open_ else _("This is still being written. It is published once it is frozen."))
