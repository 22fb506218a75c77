"""Recordings made for tests, byte by byte: what telephones write, with the metadata they add."""

from __future__ import annotations

import io
import struct
import wave

from openregion.record.sounds import _checksum

SECRET = b"Chez-Nadia-34.02-6.83"  # a place, as a telephone writes it into a file


def box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4) + kind + body


def m4a(handler: bytes = b"soun", brand: bytes = b"M4A ") -> bytes:
    """A recording as an iPhone names it: dates, a place, a title."""
    dated = bytes(4) + b"\xd9\xff\xff\xff" * 2 + bytes(80)
    track = box(
        b"trak",
        box(b"tkhd", dated) + box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12) + SECRET + b"\0"))
        + box(b"udta", SECRET),
    )  # fmt: skip
    moov = box(b"moov", box(b"mvhd", dated) + track + box(b"udta", box(b"\xa9xyz", SECRET)) + box(b"meta", SECRET))
    return box(b"ftyp", brand + bytes(4) + b"isom") + moov + box(b"mdat", b"\x21\x10" * 500)


def page(body: list[bytes], *, number: int, flags: int = 0) -> bytes:
    lacing = b""
    for packet in body:
        lacing += b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
    head = b"OggS\0" + bytes([flags]) + bytes(8) + b"\x01\0\0\0" + number.to_bytes(4, "little")
    whole = head + bytes(4) + bytes([len(lacing)]) + lacing + b"".join(body)
    return whole[:22] + _checksum(whole).to_bytes(4, "little") + whole[26:]


def opus() -> bytes:
    """A voice note of a messenger: its comments name the place."""
    comments = b"OpusTags" + struct.pack("<I", 6) + b"phone1" + struct.pack("<II", 1, len(SECRET)) + SECRET
    return (
        page([b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0"], number=0, flags=2)
        + page([comments], number=1)
        + page([b"\xfc\xff\xfe"] * 20, number=2, flags=4)
    )


def element(kind: str, body: bytes, *, unknown: bool = False) -> bytes:
    size = b"\x01" + b"\xff" * 7 if unknown else ((1 << 28) | len(body)).to_bytes(4)
    return bytes.fromhex(kind) + size + body


def webm(track: int = 2, doctype: bytes = b"webm", *, live: bool = False) -> bytes:
    """A recording of a browser; ``live`` as MediaRecorder writes it, of a length that nobody knows."""
    head = element("1A45DFA3", element("4282", doctype))
    info = element("1549A966", element("2AD7B1", b"\x0f\x42\x40") + element("5741", SECRET) + element("4461", bytes(8)))
    tracks = element("1654AE6B", element("AE", element("D7", b"\1") + element("83", bytes([track]))))
    tags = element("1254C367", SECRET)
    cluster = element(
        "1F43B675", element("E7", b"\0") + element("A3", b"\x81\0\0\x80" + b"\xfc\xff\xfe" * 50), unknown=live
    )
    return head + element("18538067", info + tracks + tags + cluster, unknown=live)


def mp3() -> bytes:
    """A recorder that writes tags before and after."""
    frame = b"\xff\xfb\x90\x00".ljust(417, b"\0")
    size = bytes([0, 0, len(SECRET) >> 7, len(SECRET) & 127])
    return b"ID3\x03\0\0" + size + SECRET + frame * 6 + (b"TAG" + SECRET).ljust(128, b"\0")


def aac() -> bytes:
    frame = b"\xff\xf1\x50\x80\x04\x1f\xfc".ljust(32, b"\0")
    return frame * 8


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\1\0" * 800)
    said = b"LIST" + len(SECRET + b"\0").to_bytes(4, "little") + SECRET + b"\0"
    return out.getvalue() + said


def amr() -> bytes:
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * 20


EVERY = {
    "audio/mp4": m4a(),
    "audio/3gpp": m4a(brand=b"3gp4"),
    "audio/ogg": opus(),
    "audio/webm": webm(),
    "audio/mpeg": mp3(),
    "audio/aac": aac(),
    "audio/wav": wav(),
    "audio/amr": amr(),
}
