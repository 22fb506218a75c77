"""Telephone numbers, written one way: with the country, as in +212 5 30 00 00 00 typed in any manner."""

from __future__ import annotations

import re
import unicodedata

MOROCCO = "212"
_SPACING = re.compile(r"[\s.\-/()\u00a0\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def written(typed: str) -> str:
    """Give a number as ``+212530000000``, whatever the digits, spaces and prefix it was typed with.

    A national number is Moroccan. Raises ``ValueError`` for what is no number.
    """
    digits = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in _SPACING.sub("", typed))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if digits.startswith("0"):
        digits = f"+{MOROCCO}{digits[1:]}"
    if digits.startswith(f"+{MOROCCO}0"):
        digits = f"+{MOROCCO}{digits[5:]}"
    long_enough = r"\+212[5-8][0-9]{8}" if digits.startswith(f"+{MOROCCO}") else r"\+[1-9][0-9]{7,14}"
    if not re.fullmatch(long_enough, digits):
        raise ValueError(typed)
    return digits


def spaced(number: str) -> str:
    """Write a kept number to be read: ``+212 5 30 00 00 00`` for a Moroccan one, the others as they are."""
    if not number.startswith(f"+{MOROCCO}") or len(number) != 13:
        return number
    rest = number[4:]
    return " ".join([number[:4], rest[0], *(rest[at : at + 2] for at in range(1, 9, 2))]).replace(" ", "\u00a0")
