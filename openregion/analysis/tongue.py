"""Which language a text is in, as far as its letters tell."""

from __future__ import annotations

import re

# Blocks of each script; presentation forms too, which some telephones and PDFs write.
_LETTERS = {
    "arabic": re.compile(
        "[\u0621-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08b4\ufb50-\ufdff\ufe70-\ufefc]"
    ),
    "tifinagh": re.compile("[\u2d30-\u2d67\u2d6f]"),
    "latin": re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]"),
}


def guess_language(text: str, page_lang: str) -> str:
    """Guess what language people wrote in, from the script that most letters belong to.

    ``text``: any length. ``page_lang``: the language of the page it was typed
    on, which decides between those written with the same letters, and alone
    where there is no letter. Gives "ar" for Arabic script, "zgh" for Tifinagh,
    "en" for Latin typed on an English page and "fr" on any other. Letters tell
    neither darija from Arabic nor Tamazight in Latin letters from French:
    whoever writes corrects it.
    """
    counts = {script: len(letters.findall(text)) for script, letters in _LETTERS.items()}
    script = max(counts, key=lambda one: counts[one])
    if not counts[script]:
        return page_lang
    if script == "latin":
        return "en" if page_lang == "en" else "fr"
    return "ar" if script == "arabic" else "zgh"


def in_its_letters(lang: str, text: str) -> str:
    """Give darija ("ary", "ary-latn") the code of the letters it is really written in; any other language, as it is.

    Telephones write it in either: the two read in opposite directions.
    """
    if lang not in {"ary", "ary-latn"} or not text.strip():
        return lang
    latin, arabic = (len(_LETTERS[script].findall(text)) for script in ("latin", "arabic"))
    return lang if latin == arabic else "ary-latn" if latin > arabic else "ary"
