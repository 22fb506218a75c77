"""A file is what its bytes say; what is not kept is refused with what to send instead."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from django.utils.translation import override
from docx import Document
from PIL import Image

from openregion.core.refusal import Refused
from openregion.record import arrival, documents
from openregion.record.actions import store_file
from openregion.record.models import StoredFile
from openregion.record.queries import file_response

AT = dt.datetime(2026, 3, 1, 10, 0, tzinfo=dt.UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF_TYPE = "application/pdf"
NAME = "Nadia Inventee"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def office(inside: str, **more: bytes) -> bytes:
    return archive(**{"[Content_Types]_dot_xml": b"<Types/>", inside: b"<x/>"}, **more)


def photograph(kind: str = "JPEG", *, mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter to see it upright
    exif[0x010F] = "MarqueInventée"
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken
    out = io.BytesIO()
    Image.new(mode, size, 200).save(out, kind, exif=exif.tobytes())
    return out.getvalue()


def keep(content: bytes, name: str = "document") -> StoredFile:
    return store_file(upload=SimpleUploadedFile(name, content), member_code="membre", by_ref="ref", at=AT)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("content", "kind", "ending"),
    [
        (PDF, "application/pdf", ".pdf"),
        (office("word__document_dot_xml"), DOCX, ".docx"),
        (office("xl__workbook_dot_xml"), XLSX, ".xlsx"),
        (archive(mimetype=ODT.encode(), content_dot_xml=b"<x/>"), ODT, ".odt"),
        ("nom;âge\nخديجة;30\nÉlie;41\n".encode(), "text/csv", ".csv"),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n", "text/csv", ".csv"),
        (b'{"a": [1, 2]}', "application/json", ".json"),
        (photograph(), "image/jpeg", ".jpg"),
        (photograph("PNG"), "image/png", ".png"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith(".") else "",
)
@pytest.mark.django_db
def test_file_is_kept_as_what_its_bytes_say(content: bytes, kind: str, ending: str) -> None:
    stored = keep(content, "trompeur.exe")
    assert (stored.media_type, stored.name) == (kind, f"trompeur{ending}")
    with stored.file.open() as opened:
        kept = opened.read()
    assert (stored.size, stored.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
    if not kind.startswith("image/"):
        assert kept == content


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + b"\x00" * 200, "PDF, DOCX"),
        (b"<html><script>alert(1)</script></html>", "PDF, DOCX"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PDF, DOCX"),
        (b"#!/bin/sh\nrm -rf /, x\n", "PDF, DOCX"),
        (b"plain words without any table", "PDF, DOCX"),
        (b"GIF89a" + b"\x00" * 60, "PDF, DOCX"),
        (archive(readme_dot_txt=b"x"), "PDF, DOCX"),
        (PDF[:20], "damaged"),
        (photograph()[:200], "damaged"),
        (office("word__document_dot_xml")[:-30], "damaged"),
        (office("word__document_dot_xml", word__vbaProject_dot_bin=b"x"), "macros"),
    ],
    ids=range(12),
)
@pytest.mark.django_db
def test_file_that_is_not_kept_is_refused_with_what_to_send(content: bytes, word: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        keep(content, "rapport.pdf")
    assert word in str(refusal.value)
    assert (StoredFile.objects.count(), files_in(tmp_path)) == (0, [])


@pytest.mark.django_db
def test_file_too_big_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "MOST_BYTES", 100)
    with pytest.raises(Refused, match="20 MB"):
        keep(PDF + b" " * 100 + b"%%EOF")


@pytest.mark.django_db
def test_archive_that_swells_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b"<x/>")
        made.writestr("word/document.xml", b"\x00" * (10 * arrival.MOST_BYTES + 1))
    with pytest.raises(Refused, match="damaged"):
        keep(out.getvalue())


@pytest.mark.row("L-1")
@pytest.mark.django_db
def test_photograph_loses_its_metadata_and_is_turned_upright() -> None:
    stored = keep(photograph(), "منظر.JPEG")
    assert stored.name == "منظر.JPEG"
    with stored.file.open() as opened:
        content = opened.read()
    assert b"MarqueInvent" not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.size, dict(picture.getexif()), "icc_profile" in picture.info) == ((20, 40), {}, False)


def word(**changes: str) -> bytes:
    """Write a Word document by an invented author, with a remark."""
    document = Document()
    properties = document.core_properties
    properties.author, properties.last_modified_by, properties.title = NAME, NAME, f"Lettre de {NAME}"
    paragraph = document.add_paragraph("Réparer le pont.")
    document.add_comment(paragraph.runs, text="À revoir.", author=NAME, initials=NAME)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def inside(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        return b"\n".join(opened.read(name) for name in opened.namelist())


@pytest.mark.row("L-1")
def test_word_document_loses_its_author_and_keeps_its_words() -> None:
    made = word()
    assert inside(made).count(NAME.encode()) >= 4
    kept = arrival.cleaned(made, DOCX).content
    again = Document(io.BytesIO(kept))
    assert (NAME.encode() in inside(kept), again.core_properties.author) == (False, "")
    assert [one.text for one in again.paragraphs] == ["Réparer le pont."]
    assert [(one.author, one.text) for one in again.comments] == [("", "À revoir.")]
    assert (arrival.media_type(kept), arrival.cleaned(kept, DOCX).content == kept) == (DOCX, True)


@pytest.mark.row("L-1")
def test_open_document_loses_its_author_and_keeps_its_order() -> None:
    by = f"<dc:creator>{NAME}</dc:creator>".encode()
    made = archive(
        mimetype=ODT.encode(), meta_dot_xml=b"<m>" + by + b"</m>", content_dot_xml=b"<c>" + by + b"Le pont.</c>"
    )
    kept = arrival.cleaned(made, ODT).content
    assert (NAME.encode() in inside(kept), b"Le pont." in inside(kept)) == (False, True)
    with zipfile.ZipFile(io.BytesIO(kept)) as opened:
        first = opened.infolist()[0]
    assert (first.filename, first.compress_type, arrival.media_type(kept)) == ("mimetype", zipfile.ZIP_STORED, ODT)


def sheets(**more: Any) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 300))
    pdf.docinfo["/Author"] = pdf.docinfo["/Title"] = NAME
    with pdf.open_metadata(set_pikepdf_as_editor=False) as said:
        said["dc:creator"] = [NAME]
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False, **more)
    return out.getvalue()


@pytest.mark.row("L-1")
def test_pdf_loses_its_author_and_is_the_same_each_time() -> None:
    made = sheets()
    assert made.count(NAME.encode()) >= 2
    kept = arrival.cleaned(made, PDF_TYPE).content
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        assert ("/Info" in pdf.trailer, "/Metadata" in pdf.Root, len(pdf.pages)) == (False, False, 1)
    assert (NAME.encode() in kept, arrival.media_type(kept)) == (False, PDF_TYPE)
    assert arrival.cleaned(made, PDF_TYPE).content == kept == arrival.cleaned(kept, PDF_TYPE).content


def test_document_that_is_signed_locked_or_broken_is_left_as_it_came() -> None:
    locked = sheets(encryption=pikepdf.Encryption(owner="o", user="u"))
    bare = sheets(encryption=pikepdf.Encryption(owner="o", user=""))
    signed = sheets() + b"% /ByteRange [0 1 2 3]\n%%EOF"
    for one in (locked, bare, signed, PDF, sheets()[:400] + b"%%EOF"):
        assert arrival.cleaned(one, PDF_TYPE).content == one
    sealed = office("word__document_dot_xml", docProps__core_dot_xml=b"<x/>", _xmlsignatures__sig1_dot_xml=b"<x/>")
    assert arrival.cleaned(sealed, DOCX).content == sealed


def test_pdf_that_swells_is_not_read_to_its_end() -> None:
    bomb = zlib.compress(b"1 0 " + b" " * (documents.MOST_OF_A_PART + 1))
    stream = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(bomb), bomb)
    made = b"%%PDF-1.5\n1 0 obj\n%s\nendobj\ntrailer<</Root 2 0 R/Info 3 0 R>>\n%%%%EOF\n" % stream
    assert arrival.cleaned(made, PDF_TYPE).content == made


@pytest.mark.parametrize("mode", ["P", "L", "LA", "RGBA", "1", "I;16"])
@pytest.mark.django_db
def test_png_of_any_mode_is_drawn_again(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, "PNG")
    assert keep(out.getvalue(), "x.png").media_type == "image/png"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\Rapport final.PDF", "Rapport final.PDF"),
        ("a\x00b\u202etxt\u2066.pdf", "abtxt.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ("Note n.3", "Note n.3.pdf"),
        ('<img src="x">|?*.pdf', "-img src=-x-----.pdf"),
        ("تقرير اللجنة.pdf", "تقرير اللجنة.pdf"),
        ("é" * 300 + ".pdf", "é" * 196 + ".pdf"),
    ],
)
def test_name_is_made_clean(given: str, kept: str) -> None:
    assert arrival.clean_name(given, "application/pdf") == kept


@pytest.mark.django_db
def test_file_leaves_the_disk_when_the_deed_that_keeps_it_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="later"), transaction.atomic():
        keep(PDF)
        assert len(files_in(tmp_path)) == 1
        raise RuntimeError("later")
    assert (StoredFile.objects.count(), files_in(tmp_path)) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_file_stays_once_its_row_is_committed(tmp_path: Path) -> None:
    with transaction.atomic():
        stored = keep(PDF)
    assert files_in(tmp_path) == [f"{stored.uid}.pdf"]


@pytest.mark.django_db
def test_response_lets_no_browser_guess_or_run_anything() -> None:
    response = file_response(keep(PDF, "تقرير.pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"] == ("attachment; filename*=utf-8''%D8%AA%D9%82%D8%B1%D9%8A%D8%B1.pdf")
    assert b"".join(response.streaming_content) == PDF
    response.close()


@pytest.mark.django_db
def test_response_to_a_file_gone_from_the_disk_is_not_found(tmp_path: Path) -> None:
    stored = keep(PDF)
    (tmp_path / stored.file.name).unlink()
    with pytest.raises(Http404):
        file_response(stored)
