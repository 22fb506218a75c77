"""Wrong tracking codes, counted where codes are kept: the room of contributions, which asks them too."""

from openregion.consultation.guesses import MOST, WITHIN, count, too_many

__all__ = ["MOST", "WITHIN", "count", "too_many"]
