"""What may be given, withdrawn and erased, by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation.models import Consultation, Contribution
from openregion.consultation.rules.questions import why_not_open
from openregion.people.models import Member, Territory, User
from openregion.people.rules import why_not_allowed

LONGEST = 20_000  # characters in one part; a novel belongs in a file


PARTS = ("problem", "idea", "effect", "text")


# What people write in: the platform's languages, and the tongues that are written without being official.
TONGUES: dict[str, Promise] = {
    "ar": gettext_lazy("Arabic"),
    "ary": gettext_lazy("Darija, in Arabic letters"),
    "ary-latn": gettext_lazy("Darija, in Latin letters"),
    "zgh": gettext_lazy("Tamazight"),
    "fr": gettext_lazy("French"),
    "en": gettext_lazy("English"),
    "und": gettext_lazy("Another language"),
}


def why_not_suggest(
    consultation: Consultation,
    words: Mapping[str, str],
    *,
    lang: str,
    at: dt.datetime,
    imported: bool = False,
    province: Territory | None = None,
    with_files: bool = False,
) -> str:
    """Say why a suggestion cannot be received now; empty when it can.

    Any one part suffices: a problem seen, an idea, or an expected effect; or
    a file alone, since many people say it better than they write it. What is
    ``imported`` was given earlier, so the clock is not asked.
    """
    if not imported and (reason := why_not_open(consultation, at=at)):
        return reason
    if not with_files and not any(text.strip() for text in words.values()):
        return _(
            "Write something in one of the boxes: the problem, the idea or the effect. One is enough. "
            "Or give a recording of your voice, a photo or a document."
        )
    if any(len(text) > LONGEST for text in words.values()):
        return _("One part is longer than 20,000 characters. Shorten it, or bring the whole text to a meeting.")
    if lang not in TONGUES:
        return _("Choose the language it is written in from the list.")
    return why_not_there(province, consultation.cycle.member)


def why_not_again(already: Contribution, consultation: Consultation) -> str:
    """Say why a form that was sent before is not answered again; empty when its page may be shown once more."""
    if already.consultation_id != consultation.pk:
        return _("This form was sent in another consultation. Open the form again here, and copy your text into it.")
    if already.erased_at:
        return _("What this form gave has been erased, and stays so. To give something else, open the form again.")
    return ""


def why_not_withdraw(contribution: Contribution) -> str:
    """Say why an author may not withdraw their words; empty when they may."""
    if contribution.withdrawn_at:
        return _("You have already withdrawn it.")
    return ""


def why_not_erase(by: User | None, contribution: Contribution) -> str:
    """Say why a person's words may not be erased; empty when they may.

    Their author asks with the code (``by`` is nobody), or writes to the Region (law 09-08, articles 8 and 9).
    """
    if by is not None and (refusal := why_not_allowed(by, "erase_contribution", contribution.member)):
        return refusal
    return _("These words have been erased already.") if contribution.erased_at else ""


def why_not_add_to(other: Contribution | None, consultation: Consultation) -> str:
    """Say why a suggestion cannot be said to complete that one; empty when it can, or when it completes none."""
    if other is None:
        return ""
    if other.kind != Contribution.Kind.SUGGESTION or other.consultation_id != consultation.pk:
        return _("What you add to is a suggestion of the same consultation.")
    public = other.moderation == Contribution.Moderation.PUBLISHED and not other.withdrawn_at and not other.erased_at
    return "" if public else _("What you add to is no longer public. Send your suggestion by itself.")


def why_not_there(province: Territory | None, member: Member) -> str:
    """Say why a place is not one of the member's; empty when it is, or when there is none."""
    if province and not Territory.objects.of(member).filter(pk=province.pk).exists():
        return _("Choose a province of this Region.")
    return ""


def why_not_there_any_more(contribution: Contribution) -> str:
    """Say why nothing can be decided on words that left; empty when they are there."""
    if contribution.withdrawn_at:
        return _("Its author has withdrawn it.")
    return _("Its words have been erased.") if contribution.erased_at else ""
