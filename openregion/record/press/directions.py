"""Which way words run: each stretch of a line in its own direction and language.

A telephone number, an amount in thousands, an address or a French word inside
Arabic comes out shuffled when left to the line around it. Each is set apart
here, once, for the three renderers: an embedding in the PDF, a run in the DOCX,
``<bdi>`` in HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openregion.core.languages import body_lang, direction

_ARABIC = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_TIFINAGH = "\u2d30-\u2d7f"
_LATIN = "A-Za-zªºÀ-ÖØ-öø-ɏ\u0250-\u02afḀ-ỿ"

_ARABIC_LETTERS = (
    "\u05d0-\u05f2\u0620-\u064a\u066e\u066f\u0671-\u06d5\u06ee\u06ef\u06fa-\u06ff"
    "\u0750-\u077f\u08a0-\u08c7\ufb1d-\ufdfb\ufe70-\ufefc"
)

_HAS_ARABIC = re.compile(f"[{_ARABIC}]")
_HAS_ARABIC_LETTER = re.compile(f"[{_ARABIC_LETTERS}]")
_HAS_TIFINAGH = re.compile(f"[{_TIFINAGH}]")
_HAS_LATIN = re.compile(f"[{_LATIN}]")

# Cuts a line where the script changes; spaces stand alone. Linear on any text.
_CHUNKS = re.compile(f"\\s+|[{_ARABIC}]+|[{_TIFINAGH}]+|[^\\s{_ARABIC}{_TIFINAGH}]+")

# A number with what belongs to it: 1 250 000 · 2027-2029 · 31/12/2027 · 12,5 % · +212 539 97 80 00.
_NUMBER = re.compile(
    r"\+\d{1,4}(?:[ \u00a0.-]?\d{1,4}){0,8}"
    r"|[-−]?\d+(?:[.,:/–\u00a0\u202f-]\d+|[ ]\d{3}(?!\d))*(?:[ \u00a0\u202f]?%)?"
)
_OPENING, _CLOSING = "([{«‹“\"'", ")]}»›”\"'.,;:!?…"

# Fifty thousand characters of honest text change direction a few hundred times;
# one that does so more often than this was made to exhaust the machine.
_MOST_RUNS = 2000

_RIGHT_MARK, _LEFT_MARK = "\u200f", "\u200e"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one line: its language when not the line's, and its direction."""

    text: str
    rtl: bool
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line (or paragraph) with its own base direction, cut in runs."""

    lang: str
    rtl: bool
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs)


def line(text: str, lang: str, *, own_words: bool = False) -> Line:
    """Cut a text for setting, seen from ``lang``, the language around it.

    A text without one letter of that language's script is a line of the other
    (a French remark in an Arabic table). With ``own_words`` (a quotation) the
    script that has more letters decides, whatever the label says.
    """
    base = _base(text, lang, own_words)
    rtl = direction(base) == "rtl"
    runs = tuple(_kept_apart(_in_arabic(text) if rtl else _in_latin(text, base), rtl))
    return Line(base, rtl, runs if len(runs) <= _MOST_RUNS else (Run(text, rtl),))


def _base(text: str, lang: str, own_words: bool) -> str:
    """The language a text is set in; darija by the voice that exists, Arabic."""
    lang = {"ary": "ar", "ary-latn": "fr"}.get(lang) or body_lang(lang) or "fr"
    rtl = direction(lang) == "rtl"
    arabic = len(_HAS_ARABIC_LETTER.findall(text))
    other = len(_HAS_LATIN.findall(text)) + len(_HAS_TIFINAGH.findall(text))
    if rtl and other and (arabic == 0 or (own_words and other > arabic)):
        return "zgh" if not _HAS_LATIN.search(text) else "fr"
    if not rtl and arabic and (other == 0 or (own_words and arabic > other)):
        return "ar"
    return lang


def _in_arabic(text: str) -> Iterator[Run]:
    """An Arabic line: Latin words, numbers and Tifinagh set apart, left to right."""
    chunks = _CHUNKS.findall(text)
    at = 0
    while at < len(chunks):
        chunk = chunks[at]
        if _HAS_TIFINAGH.match(chunk):
            yield Run(chunk, rtl=False, lang="zgh")
            at += 1
        elif not _HAS_ARABIC.match(chunk) and _HAS_LATIN.search(chunk):
            until = _end_of_latin(chunks, at)
            yield from _latin("".join(chunks[at:until]))
            at = until
        elif _HAS_ARABIC.match(chunk) or chunk.isspace():
            yield Run(chunk, rtl=True)
            at += 1
        else:
            until = _end_of_numbers(chunks, at)
            yield from _numbers("".join(chunks[at:until]))
            at = until


def _end_of_latin(chunks: list[str], at: int) -> int:
    """Where a run of Latin words stops: at Arabic, Tifinagh, a line end, or the last word or number."""
    end = at + 1
    while end + 1 < len(chunks) and chunks[end].isspace() and "\n" not in chunks[end]:
        chunk = chunks[end + 1]
        if not (_HAS_LATIN.search(chunk) or chunk[0].isdigit()):
            break
        end += 2
    return end


def _end_of_numbers(chunks: list[str], at: int) -> int:
    """Numbers cut by spaces are looked at together, for ``1 250 000`` and telephone numbers."""
    end = at + 1
    while end + 1 < len(chunks) and chunks[end].isspace() and not _HAS_ARABIC.match(chunks[end + 1]):
        if _HAS_LATIN.search(chunks[end + 1]) or _HAS_TIFINAGH.match(chunks[end + 1]):
            break
        end += 2
    return end


def _latin(text: str) -> Iterator[Run]:
    """Latin words without the punctuation of the Arabic sentence around them."""
    inner = text.lstrip(_OPENING)
    before = text[: len(text) - len(inner)]
    word = inner.rstrip(_CLOSING)
    for left, right in ("()", "[]", "«»"):  # "OGP (Local)" closes what it opened
        if word.count(left) > word.count(right) and inner[len(word) :].startswith(right):
            word += right
    after = inner[len(word) :]
    if before:
        yield Run(before, rtl=True)
    yield Run(word, rtl=False, lang="fr")
    if after:
        yield Run(after, rtl=True)


def _numbers(text: str) -> Iterator[Run]:
    """Numbers left to right, still read aloud in Arabic; what lies between them stays in the sentence."""
    done = 0
    for found in _NUMBER.finditer(text):
        if found.start() > done:
            yield Run(text[done : found.start()], rtl=True)
        yield Run(found.group(), rtl=False)
        done = found.end()
    if done < len(text):
        yield Run(text[done:], rtl=True)


def _in_latin(text: str, lang: str) -> Iterator[Run]:
    """A line from left to right: Arabic phrases and Tifinagh words set apart."""
    chunks = _CHUNKS.findall(text)
    at = 0
    while at < len(chunks):
        until = at + 1
        if _HAS_TIFINAGH.match(chunks[at]):
            yield Run(chunks[at], rtl=False, lang="" if lang == "zgh" else "zgh")
        elif _HAS_ARABIC.match(chunks[at]):
            until = _end_of_arabic(chunks, at)
            yield Run("".join(chunks[at:until]), rtl=True, lang="ar")
        else:
            yield Run(chunks[at], rtl=False)
        at = until


def _end_of_arabic(chunks: list[str], at: int) -> int:
    """Where an Arabic phrase stops: after its last Arabic word before Latin ones."""
    end = look = at + 1
    while look < len(chunks) and not _HAS_LATIN.search(chunks[look]) and not _HAS_TIFINAGH.match(chunks[look]):
        look += 1
        if _HAS_ARABIC.match(chunks[look - 1]):
            end = look
    return end


def _kept_apart(runs: Iterator[Run], rtl: bool) -> Iterator[Run]:
    """Join neighbours of one kind, and keep two foreign runs from flowing into one.

    "5، 6" inside Arabic: the comma alone between two left-to-right numbers would
    take their direction and swap them; an invisible mark of the line's own
    direction gives it back to the sentence.
    """
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].rtl == run.rtl and joined[-1].lang == run.lang:
            joined[-1] = Run(joined[-1].text + run.text, run.rtl, run.lang)
        else:
            joined.append(run)
    mark = _RIGHT_MARK if rtl else _LEFT_MARK
    letters = _HAS_ARABIC_LETTER if rtl else _HAS_LATIN
    for at, run in enumerate(joined):
        between = 0 < at < len(joined) - 1 and run.rtl == rtl and not run.lang
        if between and not letters.search(run.text):
            run = Run(mark + run.text if rtl else run.text + mark, run.rtl, run.lang)
        yield run
