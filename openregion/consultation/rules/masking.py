"""How a third person's data is masked: words are covered, and none is changed."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from openregion.consultation.models import Contribution, Sealed
from openregion.consultation.rules.words import why_not_there_any_more
from openregion.people.models import User
from openregion.people.rules import why_not_allowed

MASK = "[…]"  # the sign that printers have long used for what is left out, in every language


def why_not_mask_now(by: User, contribution: Contribution) -> str:
    """Say why a person may not mask anything in these words; empty when they may, whatever they will cover."""
    return why_not_allowed(by, "mask_words", contribution.member) or why_not_there_any_more(contribution)


def why_not_mask(by: User, contribution: Contribution, *, words: Mapping[str, str]) -> str:
    """Say why words may not be masked so; empty when they may.

    Masked words are the words that were there, with ``MASK`` where something
    was covered: nobody rewords what a person wrote.
    """
    if refusal := why_not_mask_now(by, contribution):
        return refusal
    kept = contribution.words
    if set(words) != set(kept) or any(not only_covers(kept[part], text) for part, text in words.items()):
        return _(
            "Only cover what names somebody: put %(mask)s in its place, and leave every other word as it was written."
        ) % {"mask": MASK}
    if all(words[part] == kept[part] for part in kept):
        return _("Nothing is blacked out yet. Put %(mask)s in place of what names a third person.") % {"mask": MASK}
    return ""


def why_not_open_sealed(by: User, contribution: Contribution) -> str:
    """Say why a person may not read the words as they were before masking; empty when they may."""
    if refusal := why_not_allowed(by, "open_sealed", contribution.member) or why_not_there_any_more(contribution):
        return refusal
    if not Sealed.objects.filter(contribution=contribution).exists():
        return _("Nothing is sealed here: these words are as their author wrote them.")
    return ""


def only_covers(text: str, masked: str) -> bool:
    """Say whether ``masked`` is ``text`` with ``MASK`` in place of some of it, each covering something."""
    first, *others = masked.split(MASK)
    if not others:
        return masked == text
    *middle, last = others
    if not text.startswith(first):
        return False
    reached = len(first)
    for piece in middle:
        at = text.find(piece, reached + 1)
        if at < 0:
            return False
        reached = at + len(piece)
    return text.endswith(last) and len(text) - len(last) > reached
