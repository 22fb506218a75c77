"""The languages of the platform, and which way each is written.

Interface language is in the address. Under ``/zgh/`` what is not yet validated
in Amazigh shows in French and says so with ``lang``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """A language as the header offers it: code, own name, direction."""

    code: str
    own_name: str
    direction: str


ARABIC = Language("ar", "العربية", "rtl")
AMAZIGH = Language("zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "ltr")
FRENCH = Language("fr", "Français", "ltr")
ENGLISH = Language("en", "English", "ltr")

ALL = (ARABIC, AMAZIGH, FRENCH, ENGLISH)
CODES = tuple(language.code for language in ALL)
WORKING = ("fr", "ar", "en")  # what must exist; Amazigh only where vouched for


def direction(code: str) -> str:
    """Say which way ``code`` is written: "rtl" or "ltr"."""
    return "rtl" if code in {"ar", "ary"} else "ltr"


def body_lang(code: str) -> str:
    """Say what language the body of a page is really in: Amazigh falls back to French."""
    return "fr" if code == "zgh" else code
