"""Words made comparable: the one normaliser that indexing and asking share.

Case, Latin accents, Arabic vowel marks and tatweel fall away; the forms of alef
become one, ى becomes ي, ة becomes ه, digits become Western; then each word is
cut to its stem. French and English are cut by Snowball; French plurals are
undone before it, since it cuts *commissions* shorter than *commission*. Arabic
is cut by Larkey's light method: Snowball's leaves التزامات and التزام apart.
"""

from __future__ import annotations

import re
import threading
import unicodedata

import Stemmer

LONGEST_WORD = 60
MOST_TERMS = 12
LONGEST_QUESTION = 500

_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ؤ": "و", "ئ": "ي"}
    | {"œ": "oe", "æ": "ae", "ʼ": "'", "ـ": ""}
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_WORD = re.compile(r"[^\W_]+")
_UNSEEN = {"Cf", "Mn", "Me"}  # soft hyphens, joiners and direction marks; accents and vowel marks

# Broken plurals that no stemmer joins: plural -> singular, both normalised.
_PLURALS = {
    "مدارس": "مدرسه", "طرق": "طريق", "قري": "قريه", "مستشفيات": "مستشفي", "مشاريع": "مشروع",
    "جهات": "جهه", "اقاليم": "اقليم", "مجالس": "مجلس", "هييات": "هييه", "عرايض": "عريضه",
    "برامج": "برنامج", "وثايق": "وثيقه", "اسواق": "سوق", "لجان": "لجنه", "مراجع": "مرجع",
    "قوانين": "قانون", "محاور": "محور", "مراحل": "مرحله", "اراء": "راي", "اعضاء": "عضو",
    "روساء": "رييس", "اهداف": "هدف", "اعمال": "عمل", "حقوق": "حق", "تقارير": "تقرير",
    "مبادي": "مبدا", "قيم": "قيمه", "معايير": "معيار", "مصالح": "مصلحه", "اقسام": "قسم",
    "فرق": "فريق", "مواعيد": "موعد", "اجال": "اجل", "نصوص": "نص", "فصول": "فصل", "مواد": "ماده",
    "اسيله": "سوال", "شركاء": "شريك", "وسايل": "وسيله", "مراكز": "مركز", "مدن": "مدينه",
    "عمالات": "عماله", "دواير": "دايره", "ورشات": "ورشه", "اوراش": "ورشه", "لغات": "لغه",
    "سنوات": "سنه", "فيات": "فيه", "ملفات": "ملف", "نماذج": "نموذج", "شروط": "شرط", "ادوار": "دور",
    "مهام": "مهمه", "موارد": "مورد", "مخططات": "مخطط", "ارقام": "رقم", "اسماء": "اسم", "نساء": "امراه",
}  # fmt: skip
# Words whose first letters only look like an article or an "and".
_NOT_AN_ARTICLE = ("التزام", "التماس", "التحاق", "التقاء", "الغاء", "الكترون", "الزام", "اليه", "اليات")
_NOT_AN_AND = (
    "وثيق", "وثايق", "وزار", "وزير", "وزراء", "وطن", "والي", "ولاي", "ولاه", "وسيل", "وسايل", "وسيط", "وسط", "وساط",
    "وحد", "ورش", "ورق", "وضع", "وضوح", "وقت", "وقف", "وقع", "وقاي", "وكال", "وكيل", "وصول", "وصف", "وصل", "واجب",
    "واجه", "واقع", "واحد", "واسع", "وارد", "وعد", "وعود", "وعي", "وفد", "وفق", "وفاء", "وجه", "وجد", "وجود", "ولوج",
    "ولد", "واد",
)  # fmt: skip
_ARTICLES = ("وبال", "ولل", "وال", "بال", "كال", "فال", "لل", "ال")
_AFTER_L = ("جن", "جان", "غه", "غات", "قاء", "وايح")  # للجنة is ل + اللجنة: the second ل is the word's own
_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")

# Words that say nothing alone: left out of a question, never out of the index.
_EMPTY = {
    "fr": "a au aux avec ce ces cette dans de des du elle elles en est et il ils la le les leur leurs ne nos notre ou "
    "par pas pour qu que quel quelle quels quelles qui quoi sa se ses son sont sur un une vos votre y comment",
    "en": "a an and are as at be by do does for from has have how i in into is it its of on or our that the their "
    "there these this those to was what when where which who will with you your",
    "ar": "في من الي علي عن مع او ثم ان هذا هذه ذلك التي الذي ما هو هي كل بين كيف اين متي هل و",
}
_EMPTY_WORDS = {lang: frozenset(words.split()) for lang, words in _EMPTY.items()}


def plain(text: str) -> str:
    """Fold case, accents, vowel marks, letter variants and digits; drop what cannot be seen."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in folded if unicodedata.category(c) not in _UNSEEN)
    return unicodedata.normalize("NFC", bare).translate(_LETTERS).translate(_DIGITS)


def stems(text: str, lang: str) -> list[str]:
    """Cut a text into comparable stems, in order.

    A word in Arabic script is stemmed as Arabic whatever ``lang`` says, since
    people mix; other scripts follow ``lang`` (French by default).
    """
    return [_stem(word, lang) for word in _words(text)]


def asked(question: str, lang: str) -> list[tuple[str, ...]]:
    """Read a question: its terms in order, each as the stems that would answer it.

    Every term has one form but the last, which may be unfinished: it gives all
    the forms it may begin. Empty words ("de", "the", "في") are left out unless there is
    nothing else; what is beyond 12 terms or 500 characters is not read.
    """
    words = _words(question[:LONGEST_QUESTION])
    telling = [word for word in words if word not in _EMPTY_WORDS["ar" if _is_arabic(word) else lang_of_stems(lang)]]
    telling = [word for word in telling if len(word) > 1 or word.isdigit() or _is_arabic(word)] or words
    if not telling:
        return []
    *whole, last = telling[:MOST_TERMS]
    beginnings = dict.fromkeys([_stem(last, lang), last, _without_article(last) if _is_arabic(last) else last])
    return [*((_stem(word, lang),) for word in whole), tuple(beginnings)]


def telling(text: str, lang: str) -> list[str]:
    """Cut a text into stems as ``stems`` does, without the words that say nothing alone ("de", "the", "في")."""
    return [
        _stem(word, lang)
        for word in _words(text)
        if word not in _EMPTY_WORDS["ar" if _is_arabic(word) else lang_of_stems(lang)]
        and (len(word) > 2 or word.isdigit() or _is_arabic(word))
    ]


def lang_of_stems(lang: str) -> str:
    """Say whose stemmer cuts Latin words in a text of this language: English, else French."""
    return "en" if lang == "en" else "fr"


def _words(text: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain(text))]


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[0] <= "\u06ff"


def _stem(word: str, lang: str) -> str:
    if _is_arabic(word):
        return _arabic(word)
    if lang_of_stems(lang) == "en":
        return _stemmer("english").stemWord(word)
    return _french(word)


_here = threading.local()  # a stemmer keeps a cache of its own and is not made for two threads


def _stemmer(name: str) -> Stemmer.Stemmer:
    if not hasattr(_here, name):
        setattr(_here, name, Stemmer.Stemmer(name))
    return getattr(_here, name)


def _french(word: str) -> str:
    """Cut a French word without accents: its plural first, then Snowball, then the mute ending.

    The mute ending goes because accents are gone: *publié*, *publiée* and *publier* end alike.
    """
    if word.endswith("eaux"):
        word = word[:-1]
    elif word.endswith("aux") and len(word) > 5:
        word = word[:-3] + "al"
    elif word[-1] in "sx" and len(word) > 3:
        word = word[:-1]
    stem = _stemmer("french").stemWord(word)
    while len(stem) > 4 and stem[-1] in "aeiou":
        stem = stem[:-1]
    return stem[:-1] + "c" if stem.endswith("q") else stem


def _arabic(word: str) -> str:
    """Cut an Arabic word: its "and" and its article, then the ending, never below three letters."""
    bare = _without_article(word)
    bare = _PLURALS.get(bare, bare)
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= 3:
            bare = bare[: -len(ending)]
    return bare


def _without_article(word: str) -> str:
    if word.startswith("و") and len(word) > 4 and word[1:].startswith(_NOT_AN_ARTICLE):
        return word[1:]
    if word.startswith(_NOT_AN_ARTICLE):
        return word
    for article in _ARTICLES:
        rest = word.removeprefix(article)
        if rest != word and len(rest) >= 3 and not word.startswith(_NOT_AN_AND):
            return "ل" + rest if article.endswith("لل") and rest.startswith(_AFTER_L) else rest
    if word.startswith("و") and len(word) > 4 and not word.startswith(_NOT_AN_AND):
        return word[1:]
    return word
