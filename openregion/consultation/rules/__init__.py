"""Who may do what in a consultation, and when. A reason, or an empty string."""

from openregion.consultation.rules.moderation import (
    HIDING_REASONS,
    MOVES,
    moves_of,
    why_not_hide,
    why_not_mark_spam,
    why_not_place,
    why_not_publish,
)
from openregion.consultation.rules.questions import LONGEST_SLUG, RESERVED, why_not_open, why_not_open_consultation
from openregion.consultation.rules.readings import why_not_import
from openregion.consultation.rules.words import (
    LONGEST,
    PARTS,
    TONGUES,
    why_not_again,
    why_not_erase,
    why_not_suggest,
    why_not_there,
    why_not_there_any_more,
    why_not_withdraw,
)

__all__ = [
    "HIDING_REASONS",
    "LONGEST",
    "LONGEST_SLUG",
    "MOVES",
    "PARTS",
    "RESERVED",
    "TONGUES",
    "moves_of",
    "why_not_again",
    "why_not_erase",
    "why_not_hide",
    "why_not_import",
    "why_not_mark_spam",
    "why_not_open",
    "why_not_open_consultation",
    "why_not_place",
    "why_not_publish",
    "why_not_suggest",
    "why_not_there",
    "why_not_there_any_more",
    "why_not_withdraw",
]
