"""Tracking codes: what an author keeps to follow their words.

Twelve digits in four groups, the last a check digit (Luhn), so that a code
dictated over a telephone and mistyped is told apart from one that does not
exist. Secret, apart from the public number; stored hashed; posted, never in an
address.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Iterator, Mapping

from django.conf import settings

from openregion.core.limits import Limit

LENGTH = 12
# Eleven random digits stand ten tries a minute for thousands of years; the limit keeps a machine from asking all day.
# Codes that exist are not counted, so that a help desk can follow one after another.
WRONG_ONES = Limit("wrong-codes", most=10, within=60)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
DRAWS = 50  # codes that a ticket may give; that the first is somebody else's is already next to impossible


def new_ticket() -> str:
    """Draw what a form carries from its page to its answer: from it alone the code is made."""
    return secrets.token_urlsafe(24)


def ticket_of_form(batch: str, serial: int) -> str:
    """Give the ticket of a form printed on paper: the same each time its batch is printed, and nobody's to guess.

    ``batch`` is the batch's own uid. The person leaves with the code it gives,
    before anyone has typed a word.
    """
    drawn = hmac.new(settings.SECRET_KEY.encode(), f"form:{batch}:{serial}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(drawn[:24]).decode()


def codes_of(ticket: str) -> Iterator[str]:
    """Give the codes that may go with a form's ticket, in the order in which they are tried."""
    for draw in range(DRAWS):
        yield code_of(ticket, draw)


def code_of(ticket: str, draw: int = 0) -> str:
    """Give a code that goes with a form's ticket: eleven digits and their check digit.

    The same form sent twice (a double press, a lost connection) gives the same
    code, so that it makes one contribution and its author still reads the code.
    Nobody can go from a code back to a ticket without the instance's secret.
    """
    drawn = hmac.new(settings.SECRET_KEY.encode(), f"code:{draw}:{ticket}".encode(), hashlib.sha256).digest()
    digits = str(int.from_bytes(drawn) % 10 ** (LENGTH - 1)).zfill(LENGTH - 1)
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Give the Luhn digit that follows ``digits``."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def tidy(typed: str) -> str:
    """Keep the digits of what was typed, Arabic-Indic ones made Western."""
    western = typed.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789"))
    return "".join(c for c in western if c.isascii() and c.isdigit())


def is_well_formed(code: str) -> bool:
    """Say whether a tidied code has its length and its check digit."""
    return len(code) == LENGTH and check_digit(code[:-1]) == code[-1]


def grouped(code: str) -> str:
    """Write a code in groups of four, easier to copy."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def hashed(code: str) -> str:
    """Give what is stored: a keyed hash, so that a stolen table tells no code.

    Keyed with the instance's secret rather than salted row by row: a code must
    be found by its hash alone, and eleven random digits are not in any list.
    """
    return hmac.new(settings.SECRET_KEY.encode(), b"tracking:" + code.encode(), hashlib.sha256).hexdigest()


def ticket_hashed(ticket: str) -> str:
    """Give what is stored of a form's ticket: it knows the form again, and tells nothing of the code."""
    return hmac.new(settings.SECRET_KEY.encode(), b"ticket:" + ticket.encode(), hashlib.sha256).hexdigest()


def what_is_said(words: Mapping[str, str]) -> list[str]:
    """Give the words of a row as they compare: in no part, however they were encoded, spaced or quoted."""
    return sorted(map(comparable, words.values()))


def comparable(text: str) -> str:
    """Give a text as it compares, however it was encoded, spaced or quoted."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).split())


def tombstone(*told: str) -> str:
    """Give what is kept of an imported row whose words were erased: enough to know it again, and no more.

    Without it, reading the same file again would bring the words back. Made of
    the row's words, or of its source and id, and of nothing that depends on what
    the columns of the file were said to be.
    """
    whole = json.dumps(told, ensure_ascii=False)
    return hmac.new(settings.SECRET_KEY.encode(), b"erased:" + whole.encode(), hashlib.sha256).hexdigest()
