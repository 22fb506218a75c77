"""What a printed paper says of the personal data written on it (law 09-08): the words of the screens, as a note."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from openregion.core.paper import Note


def personal_data_note(*, who: str, why: str, until: str) -> Note:
    """Tell whoever writes on a paper who keeps it, why, how long, and their rights.

    The sentences are those of ``core/pieces/personal_data.html``: a form filled by
    hand promises what the screen does. In one paragraph, so that a form stays one page.
    """
    reference = settings.CNDP_REFERENCE or _("not yet recorded: no identity-card number is asked for")
    rights = _(
        "You may read what is kept about you, have it corrected, and object to it: ask the administrator of the "
        "space. You may complain to the national commission for personal data (CNDP)."
    )
    told = (
        (_("Who is responsible"), who),
        (_("Why"), why),
        (_("How long"), until),
        (_("Your rights"), rights),
        (_("CNDP reference"), reference),
    )
    return Note(" · ".join(f"{label}{_(': ')}{text.removesuffix('.')}" for label, text in told))
