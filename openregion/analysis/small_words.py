"""Which language a text is in, as its smallest words tell, where its letters do not."""

from __future__ import annotations

import re

from openregion.analysis.normaliser import plain
from openregion.analysis.tongue import guess_language

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 4_000
# Words of every sentence that the others write seldom, folded as ``plain`` folds them.
_LATIN = {
    "fr": "le les des une est et pour dans que qui sur avec pas plus du au aux ce cette sont nous par ou il elle je",
    "en": "the of and to is in for that with are on be this by as it will from we not should have has an i their",
    "es": "el los las de la y que en del por para con una es se al su como lo",
    "pt": "o os a as de do da dos das e que em para com uma por no na ao mais nao",
}
# Words of darija that standard Arabic does not write.
_DARIJA = (
    "ديال ديالنا ديالهم ديالو ديالي ديالك دابا بزاف شويه كاين كاينه كاينين ماكاينش مكاينش بغينا بغيت كنبغي واش علاش "
    "فين فاش باش حيت هاد هادي هادشي داكشي خاصنا خصنا كيفاش شنو شحال ماشي حنا مزيان مزيانه راه راها كلشي والو عندنا "
    "كنخلصو كيدير ندير نديرو تدير يديرو ولادنا الدراري طوبيس الزنقه"
)
_LATIN_SETS = {lang: frozenset(words.split()) for lang, words in _LATIN.items()}
_DARIJA_SET = frozenset(_DARIJA.split())


def tongue_of(text: str) -> str:
    """Guess the language of a text: "ar", "ary", "zgh", "fr", "en", "es", "pt", or "" when nothing tells.

    For texts that came without saying it, and that nobody will read one by one
    to correct it. Darija needs two words of its own, or one in a short text.
    """
    text = text[:_LONGEST]
    script = guess_language(text, "")
    if script == "zgh" or not script:
        return script
    words = _WORD.findall(plain(text))
    if script == "ar":
        own = sum(word in _DARIJA_SET for word in words)
        return "ary" if own >= 2 or (own == 1 and len(words) <= 8) else "ar"
    counts = {lang: sum(word in small for word in words) for lang, small in _LATIN_SETS.items()}
    best = max(counts, key=lambda lang: counts[lang])
    return best if counts[best] else ""
