"""What a recorded voice is when it arrives, read from its bytes; and what it says of its maker, taken out.

Formats that telephones and browsers record in. Metadata is blanked in place, so
that no offset moves: where it was recorded, with what, when, under which title.
Nothing is decoded: what does not hold together is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar

_Piece = TypeVar("_Piece")

# What is kept, and the ending its name is given.
ENDINGS = {
    "audio/mp4": "m4a",
    "audio/3gpp": "3gp",
    "audio/ogg": "ogg",
    "audio/webm": "weba",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/wav": "wav",
    "audio/amr": "amr",
}


MOST_PIECES = 100_000  # boxes, pages or elements; an hour of sound holds fewer, and a trap holds millions
LONGEST_COMMENT = 1024 * 1024


class Silent(ValueError):
    """The bytes begin like a recording, and are none: cut short, damaged, or moving pictures ("video")."""


def media_type(content: bytes) -> str:
    """Say which kind of recording this is; empty when it is none. Raises ``Silent`` when it only looks like one."""
    if content[4:8] == b"ftyp":
        return _mp4_kind(content)
    if content.startswith(b"OggS"):
        return _ogg_kind(content)
    if content.startswith(b"\x1a\x45\xdf\xa3"):
        return _webm_kind(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        _bare_wav(content)
        return "audio/wav"
    if content.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "audio/amr"
    if content.startswith(b"ID3") or (content[:1] == b"\xff" and content[1:2] >= b"\xe0"):
        return _frames_kind(content)
    return ""


def without_metadata(content: bytes, kind: str) -> bytes:
    """Give the same recording without its tags: no place, no device, no date, no title, no picture."""
    if kind in {"audio/mp4", "audio/3gpp"}:
        return _bare_mp4(content)
    if kind == "audio/ogg":
        return _bare_ogg(content)
    if kind == "audio/webm":
        return _bare_webm(content)
    if kind == "audio/wav":
        return _bare_wav(content)
    if kind in {"audio/mpeg", "audio/aac"}:
        return _bare_frames(content)
    return content  # AMR has nowhere to say anything


def _few(pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """Read on while the pieces are as few as a recording's. Raises ``Silent`` beyond."""
    for count, piece in enumerate(pieces):
        if count > MOST_PIECES:
            raise Silent("too many pieces")
        yield piece


# --- MP4, M4A, 3GP: boxes ---

_HOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"edts", b"mvex"}
_TOLD = {b"udta", b"meta", b"uuid", b"\xa9xyz", b"ilst", b"Xtra", b"PICT"}
_DATED = {b"mvhd", b"tkhd", b"mdhd"}


def _boxes(content: bytes, start: int, end: int, depth: int = 0) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield each box as its type, where it begins, where its body begins and where it ends; those inside after it."""
    at = start
    while at + 8 <= end:
        size, kind, body = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], at + 8
        if size == 1:
            size, body = int.from_bytes(content[at + 8 : at + 16]), at + 16
        last = end if size == 0 else at + size
        if last > end or last < body:
            raise Silent("cut short")
        yield kind, at, body, last
        if kind in _HOLDERS and depth < 8:
            yield from _boxes(content, body, last, depth + 1)
        at = last


def _mp4_kind(content: bytes) -> str:
    handlers = {
        content[body + 8 : body + 12]
        for kind, _at, body, _last in _few(_boxes(content, 0, len(content)))
        if kind == b"hdlr"
    }  # fmt: skip
    if b"vide" in handlers:
        raise Silent("video")
    if b"soun" not in handlers:
        raise Silent("no sound")
    return "audio/3gpp" if content[8:10] == b"3g" else "audio/mp4"


def _bare_mp4(content: bytes) -> bytes:
    bare = bytearray(content)
    for kind, at, body, last in _few(_boxes(content, 0, len(content))):
        if kind in _TOLD:
            bare[at + 4 : at + 8] = b"free"
            bare[body:last] = bytes(last - body)
        elif kind in _DATED:
            dates = 16 if content[body] == 1 else 8
            bare[body + 4 : body + 4 + dates] = bytes(dates)
        elif kind == b"hdlr":  # after 24 bytes, a name that says which program wrote it
            bare[body + 24 : last] = bytes(max(0, last - body - 24))
    return bytes(bare)


# --- Ogg: pages; the second packet holds the comments ---

_TABLE = []
for _byte in range(256):
    _sum = _byte << 24
    for _bit in range(8):
        _sum = ((_sum << 1) ^ 0x04C11DB7 if _sum & 0x80000000 else _sum << 1) & 0xFFFFFFFF
    _TABLE.append(_sum)


def _checksum(page: bytes) -> int:
    total = 0
    for byte in page:
        total = ((total << 8) & 0xFFFFFFFF) ^ _TABLE[(total >> 24) ^ byte]
    return total


def _pages(content: bytes) -> Iterator[tuple[int, int, bytes, int]]:
    """Yield each page: where it begins, where its body begins, the lengths of its segments, where it ends."""
    at = 0
    while at < len(content):
        if content[at : at + 4] != b"OggS" or at + 27 > len(content):
            raise Silent("cut short")
        body = at + 27 + content[at + 26]
        lengths = content[at + 27 : body]
        last = body + sum(lengths)
        if last > len(content):
            if at:  # the last page of a recording that was interrupted: the rest is heard
                return
            raise Silent("cut short")
        yield at, body, lengths, last
        at = last


def _ogg_kind(content: bytes) -> str:
    first = [(body, content[at + 5]) for at, body, _lengths, _last in _few(_pages(content)) if content[at + 5] & 2]
    if len(first) != 1 or not content[first[0][0] :].startswith((b"OpusHead", b"\x01vorbis")):
        raise Silent("no sound")
    _bare_ogg(content)
    return "audio/ogg"


def _bare_ogg(content: bytes) -> bytes:
    """Blank the comments in place: same length, no vendor, no entry; the pages they stand on are summed again."""
    bare, places, touched, done = bytearray(content), [], [], False
    for number, (at, body, lengths, last) in enumerate(_few(_pages(content))):
        if number == 0:
            continue
        touched.append((at, last))
        start = body
        for length in lengths:
            places.append((start, start + length))
            start += length
            if length < 255:  # the packet ends with its first short segment
                done = True
                break
        if done:
            break
    whole = sum(last - start for start, last in places)
    if whole > LONGEST_COMMENT:
        raise Silent("too long")
    packet = content[places[0][0] : places[0][0] + 8] if places else b""
    if packet == b"OpusTags":
        blank = b"OpusTags" + bytes(8)
    elif packet.startswith(b"\x03vorbis"):
        blank = b"\x03vorbis" + bytes(8) + b"\x01"
    else:
        return content
    blank, at = blank.ljust(whole, b"\0")[:whole], 0
    for start, last in places:
        bare[start:last] = blank[at : at + last - start]
        at += last - start
    for start, last in touched:
        bare[start + 22 : start + 26] = bytes(4)
        bare[start + 22 : start + 26] = _checksum(bytes(bare[start:last])).to_bytes(4, "little")
    return bytes(bare)


# --- WebM: elements ---

_SEGMENT, _CLUSTER, _TRACKS = 0x18538067, 0x1F43B675, 0x1654AE6B
_INFO, _TRACK, _TRACK_TYPE, _DOCTYPE, _HEADER = 0x1549A966, 0xAE, 0x83, 0x4282, 0x1A45DFA3
_INSIDE = {_SEGMENT, _TRACKS, _INFO, _TRACK, _HEADER}
# Tags, attachments; date, title, program that wrote; name of a track.
_SAYING = {0x1254C367, 0x1941A469, 0x4461, 0x7BA9, 0x5741, 0x4D80, 0x536E}


def _number(content: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """Read a number of variable length: its value (with its mark for an id), and where it ends."""
    if at >= len(content) or not content[at]:
        raise Silent("cut short")
    length = 9 - content[at].bit_length()
    value = int.from_bytes(content[at : at + length])
    if marked:
        return value, at + length
    value &= (1 << (7 * length)) - 1
    return (-1 if value == (1 << (7 * length)) - 1 else value), at + length


def _elements(content: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield each element: its id, where it begins, where its body begins, where it ends; those inside after it.

    Of a length nobody wrote (a live recording), it lasts to the end of what holds it.
    """
    at = start
    while at < end:
        kind, after = _number(content, at, marked=True)
        size, body = _number(content, after, marked=False)
        last = end if size < 0 else body + size
        if last > end:
            if kind in {_SEGMENT, _CLUSTER}:
                last = end  # interrupted: what is there is heard
            else:
                raise Silent("cut short")
        yield kind, at, body, last
        if kind in _INSIDE:
            yield from _elements(content, body, last)
        if kind == _CLUSTER and size < 0:
            return
        at = last


def _webm_kind(content: bytes) -> str:
    types, doctype = set(), b""
    for kind, _at, body, last in _few(_elements(content, 0, len(content))):
        if kind == _DOCTYPE:
            doctype = content[body:last]
        elif kind == _TRACK_TYPE:
            types.add(int.from_bytes(content[body:last]))
    if doctype.rstrip(b"\0") != b"webm":
        return ""
    if 1 in types:
        raise Silent("video")
    if types != {2}:
        raise Silent("no sound")
    return "audio/webm"


def _bare_webm(content: bytes) -> bytes:
    bare = bytearray(content)
    for kind, at, _body, last in _few(_elements(content, 0, len(content))):
        if kind in _SAYING and last - at >= 2:
            bare[at:last] = _void(last - at)
    return bytes(bare)


def _void(whole: int) -> bytes:
    """Make an element of that length that says nothing."""
    if whole < 9:
        return bytes([0xEC, 0x80 | (whole - 2)]).ljust(whole, b"\0")
    return (b"\xec" + ((1 << 56) | (whole - 9)).to_bytes(8)).ljust(whole, b"\0")


# --- WAV: chunks ---


def _bare_wav(content: bytes) -> bytes:
    """Keep the two chunks that are sound. Raises ``Silent`` where one is missing."""
    kept, at = {}, 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        body = content[at + 8 : at + 8 + size]  # an interrupted recording announces more than there is
        if name in {b"fmt ", b"data"} and name not in kept:
            kept[name] = body
        at += 8 + size + size % 2
    if len(kept.get(b"fmt ", b"")) < 16 or not kept.get(b"data"):
        raise Silent("no sound")
    chunks = b"".join(
        name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)
        for name, body in ((b"fmt ", kept[b"fmt "]), (b"data", kept[b"data"]))
    )
    return b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WAVE" + chunks


# --- MP3, AAC: frames, with tags before and after ---

_KBITS = {  # by version and layer, as the header counts them
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_APE = re.compile(rb"APETAGEX")


def _after_id3(content: bytes) -> int:
    at = 0
    while content[at : at + 3] == b"ID3" and at + 10 <= len(content):
        size = 0
        for byte in content[at + 6 : at + 10]:
            size = size << 7 | (byte & 0x7F)
        at += 10 + size + (10 if content[at + 5] & 0x10 else 0)
    return len(content) - len(content[at:].lstrip(b"\0"))  # padding that some programs leave


def _frame(content: bytes, at: int) -> tuple[str, int]:
    """Read the head of a frame: its kind, and its length; empty where none begins."""
    head = content[at : at + 7]
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return "", 0
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac", (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    version, layer, rate, kbits = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or layer != 1 or rate == 3 or kbits in {0, 15}:
        return "", 0
    samples = 144_000 if version == 3 else 72_000
    length = samples * _KBITS[1 if version == 3 else 2][kbits] // _RATES[version][rate] + (head[2] >> 1 & 1)
    return "audio/mpeg", length


def _frames_kind(content: bytes) -> str:
    """Follow the first frames: two letters alone are no recording."""
    at, kind, frames = _after_id3(content), "", 0
    for _ in range(4):
        found, length = _frame(content, at)
        if not found or length < 8 or (kind and found != kind):
            break
        kind, frames, at = found, frames + 1, at + length
    if frames >= 2:
        return kind
    if content.startswith(b"ID3"):
        raise Silent("no sound")
    return ""


def _bare_frames(content: bytes) -> bytes:
    start, last = _after_id3(content), len(content)
    if content[last - 128 : last - 125] == b"TAG":
        last -= 128
    if found := _APE.search(content, max(start, last - 512 * 1024), last):
        last = found.start()
    return content[start:last]
