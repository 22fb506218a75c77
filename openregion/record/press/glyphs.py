"""What can be printed: a person's text, made safe for a line of official type.

Typst refuses a whole PDF/UA document for one character that no font draws, and a
bidirectional control typed (or pasted) by one person turns round the rest of an
official line. Both are settled here, before any renderer sees the words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import fontpkg_amiri
from fontTools.ttLib import TTFont

FONT_FOLDERS = (Path(__file__).parent / "fonts", Path(fontpkg_amiri.ROOT) / "files")

# Stands where a character had to be left out: seen, and never taken for a letter.
UNPRINTABLE = "◌"

# What neither XML nor a printed line can hold: controls but tab and line feed,
# lone surrogates, non-characters, and the embeddings, overrides and isolates.
_NEVER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# Where no font of ours has the sign, the nearest that says the same.
_NEAREST = str.maketrans(
    {
        "→": "›", "⇒": "›", "➜": "›", "➔": "›", "⟶": "›", "►": "›", "▶": "›",
        "←": "‹", "⇐": "‹", "⟵": "‹", "◄": "‹", "◀": "‹", "↔": "–",
        "●": "•", "○": "•", "◦": "•", "▪": "•", "■": "•", "◆": "•", "\uf0b7": "•", "∙": "•",
        "✓": "√", "✔": "√", "☑": "√", "✅": "√", "✗": "×", "✘": "×", "☒": "×", "❌": "×",
        "≥": ">=", "≤": "<=", "≈": "~", "≠": "=/=",
        "☐": "…", "□": "…", "\u2011": "-", "\u2010": "-", "\u2012": "–", "\u202f": "\u00a0",
    }
)  # fmt: skip

# Only dress the character before them: skin tones, presentation forms, the joiner inside an emoji.
_DRESSING = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]|\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])")


def safe(text: str) -> str:
    """A person's words without what would break a file or turn a line round.

    Enough for HTML and DOCX, whose reader has more fonts than we do.
    """
    return unicodedata.normalize("NFC", _NEVER.sub("", _LINE_ENDS.sub("\n", text)))


def printable(text: str) -> str:
    """A person's words with only what our fonts draw.

    What has no near sign becomes ``UNPRINTABLE``; marks (accents, vowels) are
    dropped when no single font has both the mark and the letter under it.
    """
    text = safe(text)
    if _drawn().issuperset(text):
        return text if text.isascii() else _marks_kept_with_their_letter(text)
    text = _DRESSING.sub("", text).translate(_NEAREST)
    drawn = _drawn()
    text = "".join(char if char in drawn else _plainer(char) for char in text)
    return _marks_kept_with_their_letter(text)


def _plainer(char: str) -> str:
    """The compatible form of a character (ﬁ, Ⅳ, 𝐀) when we have it, else the mark of absence."""
    if unicodedata.category(char) == "Mn":
        return ""
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain != char and _drawn().issuperset(plain) else UNPRINTABLE


def _marks_kept_with_their_letter(text: str) -> str:
    """Drop a mark that would be set from another font than its letter: Typst counts it as missing."""
    if not any(unicodedata.combining(char) for char in text):
        return text
    out: list[str] = []
    fonts: list[frozenset[str]] = []
    for char in text:
        if unicodedata.combining(char) or unicodedata.category(char) == "Mn":
            able = [font for font in fonts if char in font]
            if not able:
                continue
            fonts = able
        else:
            fonts = [font for font in _characters() if char in font]
        out.append(char)
    return "".join(out)


@cache
def _drawn() -> frozenset[str]:
    """Every character at least one font draws, with the two white spaces the renderers handle."""
    return frozenset().union(*_characters()) | {"\n", "\t"}


@cache
def _characters() -> tuple[frozenset[str], ...]:
    """What each font draws, read once in a process (0.1 s)."""
    return tuple(_drawn_by(path) for folder in FONT_FOLDERS for path in sorted(folder.glob("*.ttf")))


def _drawn_by(path: Path) -> frozenset[str]:
    with TTFont(path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))
