"""An address printed in squares is the whole address, with the empty border a camera needs."""

from __future__ import annotations

import re

import pytest
import qrcode

from openregion.core.squares import QUIET, squares_of

ADDRESS = "https://example.ma/ar/ici/workshops/13/capture/pass/abcd-efgh-ijkl-mnop/"


@pytest.mark.row("D2")
def test_squares_draw_what_the_standard_draws() -> None:
    drawn = squares_of(ADDRESS)
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn.path)}
    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(ADDRESS)
    code.make()
    rows = code.get_matrix()
    assert drawn.side == len(rows) + 2 * QUIET
    assert dark == {(x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, one in enumerate(row) if one}


@pytest.mark.row("D2")
def test_longer_text_takes_more_squares() -> None:
    assert squares_of(ADDRESS * 3).side > squares_of(ADDRESS).side
