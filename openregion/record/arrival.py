"""What a file is when it arrives: read from its bytes, never from its name.

A name or a browser's word about a file costs nothing to forge; the bytes decide
what it is stored and served as.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from dataclasses import dataclass

import puremagic
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from openregion.core.safe import clean_text
from openregion.record import documents, sounds

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_NAME = 200

# What is kept, and the ending its name is given.
ALLOWED = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "text/csv": "csv",
    "application/json": "json",
    "image/jpeg": "jpg",
    "image/png": "png",
    **sounds.ENDINGS,
}
RECORDINGS = frozenset(sounds.ENDINGS)
USUAL = frozenset(ALLOWED) - RECORDINGS  # recorded voices are kept where they are asked for
PHOTOGRAPHS = {"image/jpeg": "JPEG", "image/png": "PNG"}

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODT = "application/vnd.oasis.opendocument.text"
_TEXT_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,5}$")


class Unreadable(ValueError):
    """The bytes begin like a known kind of file, and do not hold together."""


@dataclass(frozen=True)
class Arrived:
    """A file that was looked at and made clean, ready to be kept: its bytes and what they are."""

    content: bytes
    media_type: str


def cleaned(content: bytes, kind: str) -> Arrived:
    """Take out of a file what it tells of its maker, where we know how: photographs, recordings, documents."""
    if kind in PHOTOGRAPHS:
        return Arrived(without_metadata(content, kind), kind)
    if kind in RECORDINGS:
        return Arrived(sounds.without_metadata(content, kind), kind)
    if kind == "application/pdf":
        return Arrived(documents.pdf_without_author(content), kind)
    if kind in {_DOCX, _XLSX, _ODT}:
        return Arrived(documents.office_without_author(content), kind)
    return Arrived(content, kind)


def media_type(content: bytes) -> str:
    """Say what a file really is, as a media type of the allowed list; empty when it is none of them.

    Raises ``Unreadable`` when it looks like one of them and is broken, carries
    macros, or swells beyond reason when opened.
    """
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _picture(content, "image/jpeg")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _picture(content, "image/png")
    try:
        return sounds.media_type(content) or _plain_text(content)
    except sounds.Silent as error:
        raise Unreadable("video" if str(error) == "video" else "sound") from error


def looks_like(content: bytes) -> str:
    """Name the kind of a file that is not kept, as its usual ending (".exe"); empty when nobody knows."""
    try:
        return str(puremagic.from_string(content[:65536]))
    except (puremagic.PureError, ValueError):
        return ""


def clean_name(name: str, kind: str) -> str:
    """Make a file's name fit to show and to save: no folder, no control, the ending of what it really is.

    Never longer than 200 characters, and never empty.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        c for c in clean_text(last) if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} or c == "\u200c"
    )
    kept = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "-", kept)).strip(" .")
    ending = ALLOWED[kind]
    found = _ENDING.search(kept)
    if found and (found.group().lower() == f".{ending}" or (ending == "jpg" and found.group().lower() == ".jpeg")):
        ending, kept = found.group()[1:], kept[: found.start()]
    elif found:
        kept = kept[: found.start()]
    return f"{kept[: LONGEST_NAME - len(ending) - 1].strip(' .') or 'document'}.{ending}"


def without_metadata(content: bytes, kind: str) -> bytes:
    """Draw a photograph again with its pixels only: no place, no camera, no date, no hidden preview.

    It is turned the way the camera said first, and its colours brought to sRGB,
    since the note and the profile that said so go with the rest.
    """
    with Image.open(io.BytesIO(content)) as opened:
        turned = ImageOps.exif_transpose(opened)
        profile = opened.info.get("icc_profile")
        clear = "A" in turned.getbands() or "transparency" in turned.info
        wanted = "RGBA" if clear and kind == "image/png" else "L" if turned.mode in {"1", "L"} else "RGB"
        drawn = _to_srgb(turned, profile, wanted) if profile else turned.convert(wanted)
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    out = io.BytesIO()
    if kind == "image/jpeg":
        bare.save(out, "JPEG", quality=88, progressive=True)
    else:
        bare.save(out, "PNG")
    return out.getvalue()


def _to_srgb(picture: Image.Image, profile: bytes, wanted: str) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        mode = "RGB" if wanted == "L" else wanted
        if picture.mode not in {"RGB", "RGBA", "CMYK", "L"}:
            picture = picture.convert(mode)
        return ImageCms.profileToProfile(picture, source, target, outputMode=mode) or picture.convert(wanted)
    except (ImageCms.PyCMSError, OSError):
        return picture.convert(wanted)  # a profile that lies about the picture: its numbers are kept as they are


def _pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-2048:]:
        raise Unreadable("pdf")
    return "application/pdf"


def _office(content: bytes) -> str:
    """Tell a Word, Excel or OpenDocument file from any other archive, and refuse macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            whole = sum(entry.file_size for entry in archive.infolist())
            if whole > 10 * MOST_BYTES or len(names) > 5000:
                raise Unreadable("zip")
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                raise Unreadable("macros")
            if "[Content_Types].xml" in names:
                return _DOCX if "word/document.xml" in names else _XLSX if "xl/workbook.xml" in names else ""
            if "mimetype" in names and archive.read("mimetype").strip() == _ODT.encode():
                return _ODT
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unreadable("zip") from error
    return ""


def _picture(content: bytes, kind: str) -> str:
    try:
        with Image.open(io.BytesIO(content), formats=[PHOTOGRAPHS[kind]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unreadable("pixels")
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("picture") from error
    return kind


def _plain_text(content: bytes) -> str:
    """Tell a table or a JSON document from other text: markup and scripts are neither."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    if not text.strip() or _TEXT_CONTROLS.search(text):
        return ""
    opening = text.lstrip()[0]
    if opening in "{[":
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return ""
        return "application/json"
    return "text/csv" if opening not in "<#%" and _is_table(text) else ""


def _is_table(text: str) -> bool:
    """Say whether the first lines agree on a separator and on a number of columns."""
    lines = text.splitlines()[:50]
    for separator in ",;\t":
        try:
            rows = [row for row in csv.reader(lines[:-1] or lines, delimiter=separator) if row]
        except csv.Error:
            continue
        if rows and len(rows[0]) > 1 and all(len(row) == len(rows[0]) for row in rows):
            return True
    return False
