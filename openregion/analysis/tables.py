"""Tables as offices send them: which encoding, which separator, where the header is, and the rows one by one.

CSV says nothing of itself. What is certain is read first (a byte order mark, a
kind of file that is no table), then what is provable (strict UTF-8), and only
then is one of two guessed: Windows-1256 or Windows-1252, the encodings of
Moroccan offices. General detectors choose among forty and take French for a
Macintosh's or a Baltic text; between two, words of Arabic letters decide.
A file is never held whole: neither its bytes nor its rows.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

LONGEST_ROW = 250_000  # characters; beyond it a quote was opened and never closed, or the cell is a book
MOST_READ_AGAIN = 10 * LONGEST_ROW  # characters; beyond it a file's quotes mean nothing across its lines
MOST_COLUMNS = 400
SEPARATORS = (",", ";", "\t", "|")
NO_SEPARATOR = "\x1f"  # a table of one column: a comma in it is a comma
_HEAD = 256 * 1024
_SAMPLE_ROWS = 80
_CHUNK = 1024 * 1024

csv.field_size_limit(2 * LONGEST_ROW)

# How kinds of file that are no table begin.
_KINDS = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "spreadsheet"),
    (b"\xd0\xcf\x11\xe0", "spreadsheet"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"SQLite format", "binary"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)
_ARABIC_WORD = re.compile("[\u0600-\u06ff]{2,}")
_WORD = re.compile(r"[^\W\d_]+")
# Windows-1252 read as Latin-1 leaves controls where quotes, dashes and the euro sign were.
_MENDED = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class NotATable(ValueError):
    """The file is no table; ``kind`` says what it is: "empty", "pdf", "spreadsheet", "picture", "archive", "binary"."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Shape:
    """How a file is to be read: its encoding, its separator, the number of its header's row, its columns' names."""

    encoding: str
    separator: str
    header: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A row as a spreadsheet numbers it, from 1, title and header included.

    ``fault`` is "" for a sound row, "quote" when a quote opened in it is never
    closed, "too-long", or "more-cells" than the header has.
    """

    number: int
    cells: tuple[str, ...]
    fault: str = ""


def shape_of(file: BinaryIO, *, encoding: str = "") -> Shape:
    """Find how a table is to be read; ``encoding`` when it is known.

    Raises ``NotATable`` for what is none, ``LookupError`` for an unknown encoding.
    """
    encoding = codecs.lookup(encoding).name if encoding else encoding_of(file)
    file.seek(0)
    head = file.read(_HEAD)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head, len(head) < _HEAD)
    text = text.lstrip("\ufeff")
    controls = sum(1 for c in text if c < " " and c not in "\t\r\n\x0b\x0c\0")
    if controls > len(text) // 100 + 2:
        raise NotATable("binary")
    if not text.replace("\0", "").strip():
        raise NotATable("empty")
    first = text.lstrip("\0\r\n ").split("\n", 1)[0]
    said = _SEP_LINE.match(first.strip())
    return _with_header(encoding, said[1] if said else _separator(text), text, after=1 if said else 0)


def encoding_of(file: BinaryIO) -> str:
    """Find a file's encoding. Raises ``NotATable`` when its first bytes are those of another kind of file."""
    file.seek(0)
    head = file.read(_HEAD)
    if not head.strip(b"\0\r\n\t "):
        raise NotATable("empty")
    for begins, kind in _KINDS:
        if head.startswith(begins):
            raise NotATable(kind)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if wide := _wide(head):
        return wide
    return _eight_bits(file)


def rows_of(file: BinaryIO, shape: Shape) -> Iterator[Row]:
    """Give the rows under the header, one by one; empty ones are passed over, short ones filled up."""
    width = len(shape.names)
    for row in _records(_text(file, shape.encoding), shape.separator):
        if row.number <= shape.header:
            continue
        cells = tuple(mended(cell) for cell in row.cells)
        if not row.fault and not any(cell.strip() for cell in cells):
            continue
        fault = row.fault
        if not fault and any(cell.strip() for cell in cells[width:]):
            fault = "more-cells"
        yield Row(row.number, (cells + ("",) * (width - len(cells)))[:width], fault)


def mended(text: str) -> str:
    """Give back the signs that a wrong reading turned into controls, and drop NUL bytes."""
    return text.replace("\0", "").translate(_MENDED)


def safe_cell(value: object) -> str:
    """Write a value so that no spreadsheet takes it for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _wide(head: bytes) -> str:
    """Recognise UTF-16 without its mark: one byte in two is often zero, always on the same side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd < max(2, len(head) // 50) or min(even, odd) * 20 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _eight_bits(file: BinaryIO) -> str:
    """Tell UTF-8 from the two Windows encodings, reading the whole file a piece at a time."""
    strict = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        for chunk in _chunks(file):
            strict.decode(chunk)
        strict.decode(b"", True)
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    good = bad = 0
    lenient = codecs.getincrementaldecoder("utf-8")("replace")
    telling: list[bytes] = []
    for chunk in _chunks(file):
        read = lenient.decode(chunk)
        lost = read.count("\ufffd")
        bad += lost
        good += sum(1 for c in read if c > "\x7f") - lost
        if len(telling) < 20_000:
            telling += [line for line in chunk.split(b"\n") if not line.isascii()]
    if good > 20 * bad:  # UTF-8 with a few broken letters: the rows that hold them say so
        return "utf-8"
    sample = b"\n".join(telling[:20_000])
    return "cp1256" if _is_arabic(sample) else "cp1252"


def _is_arabic(sample: bytes) -> bool:
    """Say whether bytes read as Windows-1256 give Arabic words rather than Latin words with foreign letters in them.

    The small accented letters of French are the same in both; its capitals are
    Arabic letters in the other, but inside Latin words or alone.
    """
    read = sample.decode("cp1256", "replace")
    whole = mixed = 0
    for word in _WORD.findall(read):
        arabic = sum(1 for c in word if "\u0600" <= c <= "\u06ff")
        if arabic == len(word) and arabic >= 2:
            whole += 1
        elif arabic:
            mixed += 1
    return whole > mixed


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _text(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Give the physical lines of a file, its line ends as they are."""
    file.seek(0)
    wrapped = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        first = True
        for line in wrapped:
            yield line.lstrip("\ufeff") if first else line
            first = False
    finally:
        wrapped.detach()


class _Runaway(Exception):
    """A row that goes on for longer than any row."""


class _Lines:
    """Physical lines, remembered since the row began, so that a quote that never closes can be undone.

    Undoing costs a second reading: a file in which every line opens a quote
    would take hours. After a few such rows, a row is one line.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self._size = self._read_again = 0
        self.taken: list[str] = []
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.taken and self._read_again > MOST_READ_AGAIN:
            raise _Runaway
        if self._again:
            line = self._again.popleft()
        else:
            try:
                line = next(self._lines).replace("\0", "")
            except StopIteration:
                self.ended = True
                raise
        self.taken.append(line)
        self._size += len(line)
        if self._size > LONGEST_ROW:
            raise _Runaway
        return line

    def begin(self) -> None:
        """Forget the lines of the row before."""
        self.taken, self._size, self.ended = [], 0, False

    def give_back(self, lines: list[str]) -> None:
        """Have these lines read again."""
        self._again.extendleft(reversed(lines))
        self._read_again += sum(map(len, lines))


def _records(lines: Iterator[str], separator: str) -> Iterator[Row]:
    source = _Lines(lines)
    reader = csv.reader(source, delimiter=separator)
    number = 0
    while True:
        source.begin()
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_Runaway, csv.Error):
            if len(source.taken[0]) > LONGEST_ROW:
                yield Row(number, (), "too-long")
                continue
            yield _alone(source, number, separator)
            continue
        # A row that is whole asks for no further line.
        yield _alone(source, number, separator) if source.ended else Row(number, tuple(cells))


def _alone(source: _Lines, number: int, separator: str) -> Row:
    """Read the first line of a row by itself, since its quote never closes; the others are rows of their own."""
    first, *others = source.taken
    source.give_back(others)
    return Row(number, tuple(next(csv.reader([first], delimiter=separator, quoting=csv.QUOTE_NONE))), "quote")


def _sample(text: str, separator: str) -> list[Row]:
    rows = list(islice(_records(iter(io.StringIO(text, newline="")), separator), _SAMPLE_ROWS + 1))
    if len(rows) > 1 and (len(rows) > _SAMPLE_ROWS or len(text) > _HEAD // 4):
        rows.pop()  # the end of the sample may have cut it
    return [row for row in rows if any(cell.strip() for cell in row.cells)]


def _separator(text: str) -> str:
    """Choose the separator that gives the most rows of the same width; none when no one does."""
    best, chosen = (0.0, 0), NO_SEPARATOR
    for separator in SEPARATORS:
        rows = _sample(text, separator)
        widths = [len(row.cells) for row in rows]
        wide = Counter(width for width in widths if width > 1)
        if not wide:
            continue
        width, times = max(wide.items(), key=lambda item: (item[1], item[0]))
        share = times / len(widths)
        score = (math.floor(share * 10) / 10, width)
        if share >= 0.5 and score > best and not _is_prose(rows, separator):
            best, chosen = score, separator
    return chosen


def _is_prose(rows: list[Row], separator: str) -> bool:
    """Say whether a separator only parts clauses: a header without it, and a space after nearly each."""
    if separator not in ",;" or len(rows[0].cells) > 1:
        return False
    after = [cell for row in rows for cell in row.cells[1:] if cell.strip()]
    return bool(after) and sum(cell.startswith((" ", "\u00a0")) for cell in after) > 0.8 * len(after)


def _with_header(encoding: str, separator: str, text: str, *, after: int) -> Shape:
    rows = [row for row in _sample(text, separator) if row.number > after]
    if not rows:
        raise NotATable("empty")
    width = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
    enough = max(2, math.ceil(width / 2)) if width > 1 else 1
    header = next((row for row in rows if sum(bool(c.strip()) for c in row.cells) >= enough), rows[0])
    return Shape(encoding, separator, header.number, _names(header.cells))


def _names(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Name the columns: an unnamed one by its place, a repeated name with which time it comes."""
    while len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    names: list[str] = []
    for place, cell in enumerate(cells[:MOST_COLUMNS], start=1):
        name = " ".join(mended(cell).split()) or f"({place})"
        times = 2
        unique = name
        while unique in names:
            unique, times = f"{name} ({times})", times + 1
        names.append(unique)
    return tuple(names)
