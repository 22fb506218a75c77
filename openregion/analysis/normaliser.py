"""Words made comparable: the one normaliser that indexing and asking share.

Case, Latin accents, Arabic vowel marks and tatweel fall away; the forms of alef
become one, ى becomes ي, ة becomes ه, digits become Western; then each word is
cut to its stem (Snowball's French, Arabic and English stemmers).
"""

from __future__ import annotations

import re
import threading
import unicodedata

import Stemmer

_ARABIC = str.maketrans("أإآٱىةؤئ", "اااايهوي")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {"fr": "french", "ar": "arabic", "en": "english"}

# Broken plurals that no stemmer joins: plural -> singular, both normalised.
_PLURALS = {
    "مدارس": "مدرسه", "طرق": "طريق", "قري": "قريه", "مستشفيات": "مستشفي", "مشاريع": "مشروع",
    "جهات": "جهه", "اقاليم": "اقليم", "مجالس": "مجلس", "هييات": "هييه", "عرايض": "عريضه",
    "برامج": "برنامج", "وثايق": "وثيقه", "مواطنون": "مواطن", "مواطنين": "مواطن", "اسواق": "سوق",
}


def plain(text: str) -> str:
    """Fold case, accents, vowel marks, letter variants and digits."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c) and c != "ـ")
    return unicodedata.normalize("NFC", bare).translate(_ARABIC).translate(_DIGITS)


_here = threading.local()  # a stemmer keeps a cache of its own and is not made for two threads


def _stemmer(lang: str) -> Stemmer.Stemmer:
    if not hasattr(_here, lang):
        setattr(_here, lang, Stemmer.Stemmer(_STEMMERS[lang]))
    return getattr(_here, lang)


def stems(text: str, lang: str) -> list[str]:
    """Cut a text into comparable stems, in order.

    A word in Arabic script is stemmed as Arabic whatever ``lang`` says, since
    people mix; other scripts follow ``lang`` (French by default).
    """
    return [_stem(word, lang) for word in _WORD.findall(plain(text))]


def _stem(word: str, lang: str) -> str:
    if "\u0600" <= word[0] <= "\u06ff":
        bare = word.removeprefix("وال").removeprefix("ال")
        known = _PLURALS.get(bare, bare)
        return _stemmer("ar").stemWord(known)
    return _stemmer(lang if lang in ("fr", "en") else "fr").stemWord(word)
