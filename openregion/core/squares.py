"""A text as the squares a telephone reads by its camera (a QR code), to draw in a page."""

from __future__ import annotations

from dataclasses import dataclass

import qrcode

QUIET = 4  # squares left empty around, as the standard asks


@dataclass(frozen=True)
class Squares:
    """How many squares a side has, the empty border included, and the path that draws the dark ones."""

    side: int
    path: str


def squares_of(text: str) -> Squares:
    """Draw a text in squares; a printed page may be creased, so a sixth of them may be unreadable.

    The squares of ISO/IEC 18004, error correction level M.
    """
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, square in enumerate(row) if square)
    return Squares(len(rows), "".join(dark))
