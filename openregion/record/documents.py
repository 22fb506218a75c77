"""What a document tells of whoever made it, taken out of its file: its author, its software, its dates.

Pages and words stay as they are. A file that is signed or locked is left as it
came, since it would no longer hold; so is one that cannot be read to its end.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
import zlib

import pikepdf
from pikepdf.settings import set_qpdf_limits

MOST_OF_A_PART = 32 * 1024 * 1024  # a larger part of an archive is not read, nor a larger stream of a PDF

_PRIVATE = ("/Metadata", "/PieceInfo")
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/"
_EMPTY = {
    "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata'
    '/core-properties"/>',
    "docProps/app.xml": f'<Properties xmlns="{_PROPERTIES}extended-properties"/>',
    "docProps/custom.xml": f'<Properties xmlns="{_PROPERTIES}custom-properties"/>',
    "meta.xml": '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'office:version="1.2"><office:meta/></office:document-meta>',
}
_SIGNED = ("_xmlsignatures/", "META-INF/documentsignatures.xml")
_BEGINS = b'<?xml version="1.0" encoding="UTF-8"?>\n'
# Who wrote a remark or a change: an attribute in one format, an element in the other.
_BY = re.compile(rb"""(\sw(?:1\d\w*)?:(?:author|initials|userId|providerId)\s*=\s*)("[^"]*"|'[^']*')""")
_CREATOR = re.compile(rb"<(dc:creator|meta:creator-initials)>[^<]*</\1>")
_EARLIEST = (1980, 1, 1, 0, 0, 0)

# For the whole process, and once: a small file that swells as it is read must not take all the memory.
set_qpdf_limits(flate_max_memory=MOST_OF_A_PART, run_length_max_memory=MOST_OF_A_PART)


def pdf_without_author(content: bytes) -> bytes:
    """Take out of a PDF its properties, as both of their kinds say them, and what programs noted for themselves."""
    if b"/ByteRange" in content:
        return content  # signed
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted or not _emptied(pdf):
                return content
            out = io.BytesIO()
            # The same file gives the same bytes each time: it is known again by its hash.
            pdf.save(out, deterministic_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError, KeyError, RuntimeError):
        return content
    return out.getvalue()


def office_without_author(content: bytes) -> bytes:
    """Take out of a Word, Excel or OpenDocument file its properties and the names beside its remarks."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if any(name.startswith(_SIGNED) for name in names) or _is_locked(archive, names):
                return content
            changed = _changed(archive)
            return _rewritten(archive, changed) if changed else content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        return content


def _emptied(pdf: pikepdf.Pdf) -> bool:
    """Empty a PDF of what it tells; say whether there was anything."""
    told = "/Info" in pdf.trailer
    if told:
        del pdf.trailer["/Info"]
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            for key in _PRIVATE:
                if key in one:
                    del one[key]
                    told = True
    return told


def _is_locked(archive: zipfile.ZipFile, names: list[str]) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in names and b"encryption-data" in _read(archive, archive.getinfo(manifest))


def _changed(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Give the parts of a file that tell of its maker, as they are to be."""
    changed = {}
    for entry in archive.infolist():
        name = entry.filename
        if name in _EMPTY:
            made = _BEGINS + _EMPTY[name].encode()
        elif name.endswith(".xml") and (name.startswith("word/") or name in {"content.xml", "styles.xml"}):
            made = _CREATOR.sub(rb"<\1/>", _BY.sub(rb'\1""', _read(archive, entry)))
        else:
            continue
        if made and made != _read(archive, entry):
            changed[name] = made
    return changed


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    return archive.read(entry) if entry.file_size <= MOST_OF_A_PART else b""


def _rewritten(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    """Write an archive again in its own order, which some programs rely on, without the days of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in archive.infolist():
            bare = zipfile.ZipInfo(entry.filename, _EARLIEST)
            bare.compress_type = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
            if entry.filename in changed:
                made.writestr(bare, changed[entry.filename])
                continue
            with archive.open(entry) as part, made.open(bare, "w") as kept:
                shutil.copyfileobj(part, kept, 1 << 20)
    return out.getvalue()
