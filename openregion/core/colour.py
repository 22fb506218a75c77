"""The member's accent: one deep colour, and the two shades the pages draw from it."""

from __future__ import annotations

from dataclasses import dataclass

READABLE = 4.5  # WCAG 1.4.3, ordinary text
PAPER = "#fdfcf9"
DEFAULT = "#0b5d57"


@dataclass(frozen=True)
class Accent:
    """A colour for links and marks, a deeper one for the head of the page, a wash for grounds."""

    plain: str
    deep: str
    wash: str


def accent(colour: str) -> Accent:
    """Draw the shades of ``#rrggbb``: a third towards black, nine tenths towards paper."""
    return Accent(plain=colour, deep=mix(colour, "#000000", 0.32), wash=mix(colour, PAPER, 0.92))


def mix(colour: str, other: str, part: float) -> str:
    """Mix ``part`` of another colour in."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(mine * (1 - part) + its * part):02x}" for mine, its in pairs)


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours by WCAG 2's formula: 1 (none) to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def is_readable(colour: str) -> bool:
    """Say whether text in this colour can be read on paper, and white on it."""
    return contrast(colour, PAPER) >= READABLE


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _luminance(colour: str) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (n / 255 for n in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
