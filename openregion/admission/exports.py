"""The dossier to take away: papers printed once from the frozen JSON, and an archive with its annexes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.admission import papers, queries
from openregion.admission.models import Dossier
from openregion.core.languages import WORKING
from openregion.core.paper import Paper
from openregion.record import press
from openregion.record.actions import canonical, print_document
from openregion.record.models import FrozenDocument, StoredFile

PRINTED: dict[str, Callable[[Paper, str], bytes]] = {"pdf": press.pdf, "docx": press.docx}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "zip": "application/zip",
}
# An archive made twice is the same to the byte: its entries carry this instant and not the clock's.
_ALWAYS = (1980, 1, 1, 0, 0, 0)


def paper_of(dossier: Dossier, lang: str) -> Paper:
    """Draw the paper of a frozen dossier."""
    frozen = _frozen(dossier)
    where = [dossier.cycle.member.slug, dossier.cycle.number, dossier.number]
    with override(lang):
        return papers.dossier_paper(
            json.loads(frozen.content),
            lang=lang,
            sha256=frozen.sha256,
            frozen_on=timezone.localdate(frozen.frozen_at),
            address=settings.SITE + reverse("dossier", args=where),
            check_at=settings.SITE + reverse("dossier_json", args=where),
        )


def _frozen(dossier: Dossier) -> FrozenDocument:
    if dossier.frozen is None:
        raise LookupError("a dossier is drawn from its frozen text alone")
    return dossier.frozen


class NotPrinted(Exception):
    """A paper that exists and is still being printed: no reader waits for the press."""


def handed_out(dossier: Dossier, *, lang: str, format: str) -> bytes | None:
    """Give a paper as it was printed; nothing where there is no such paper. Raises ``NotPrinted`` until it is."""
    if lang not in WORKING or format not in PRINTED or dossier.frozen is None:
        return None
    _ask_printed(dossier.frozen, lang=lang, format=format)
    kept = _kept(dossier.frozen, lang=lang, format=format)
    # One gone from the disk is printed again for this reader: what is kept elsewhere has its hash.
    return PRINTED[format](paper_of(dossier, lang), dossier.frozen.sha256) if kept is None else kept


def archive(dossier: Dossier) -> bytes | None:
    """Give the archive as it was made; nothing before the dossier is frozen. Raises ``NotPrinted`` until it is made."""
    if dossier.frozen is None:
        return None
    _ask_printed(dossier.frozen, lang="", format="zip")
    return _kept(dossier.frozen, lang="", format="zip") or packed(dossier)


def _ask_printed(document: FrozenDocument, *, lang: str, format: str) -> None:
    if not document.renditions.filter(shape="", lang=lang, format=format).exists():
        raise NotPrinted


def print_papers(dossier: Dossier, *, at: dt.datetime | None = None) -> int:
    """Print every paper of a frozen dossier and its archive ahead of their readers; say how many there are."""
    frozen, when = _frozen(dossier), at or timezone.now()
    for lang in WORKING:
        for format in PRINTED:
            print_document(frozen, lang=lang, format=format, render=_renderer(dossier, lang, format), at=when)
    print_document(frozen, lang="", format="zip", render=lambda _document: packed(dossier), at=when)
    return len(WORKING) * len(PRINTED) + 1


def _renderer(dossier: Dossier, lang: str, format: str) -> Callable[[FrozenDocument], bytes]:
    return lambda document: PRINTED[format](paper_of(dossier, lang), document.sha256)


def _kept(document: FrozenDocument, *, lang: str, format: str) -> bytes | None:
    rendition = document.renditions.filter(shape="", lang=lang, format=format).first()
    if rendition is None:
        return None
    try:
        with rendition.file.open("rb") as opened:
            return bytes(opened.read())
    except FileNotFoundError:
        return None


def packed(dossier: Dossier) -> bytes:
    """Pack a frozen dossier: its papers, its data, its annexes, and a manifest that says what each file is."""
    out = io.BytesIO()
    manifest: list[dict[str, Any]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack:
        for name, what, content in _entries(dossier):
            manifest.append(
                {"file": name, "what": what, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            )
            _put(pack, name, content)
        there = {one["sha256"] for one in manifest}
        gone = [
            one["name"] for one in queries.annexes(json.loads(_frozen(dossier).content)) if one["sha256"] not in there
        ]
        listed = {"dossier": _frozen(dossier).sha256, "files": manifest, "missing": gone}
        _put(pack, "manifest.json", json.dumps(listed, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n")
    return out.getvalue()


def _entries(dossier: Dossier) -> Iterator[tuple[str, str, bytes]]:
    frozen = _frozen(dossier)
    stated = json.loads(frozen.content)
    base = f"dossier-{stated['candidacy']}-{stated['dossier']}"
    for lang in ("en", "fr", "ar"):
        for format in PRINTED:
            kept = _kept(frozen, lang=lang, format=format)
            paper = PRINTED[format](paper_of(dossier, lang), frozen.sha256) if kept is None else kept
            yield f"{base}-{lang}.{format}", f"dossier, {lang}, {format.upper()}", paper
    yield f"{base}.json", "data of the dossier; its SHA-256 is printed on the papers", canonical(stated).encode()
    uids = [one["uid"] for one in queries.annexes(stated)]
    files = {one.uid: one for one in StoredFile.objects.of(dossier.cycle.member.slug).filter(uid__in=uids)}
    for one in queries.annexes(stated):
        content = _content(files[one["uid"]]) if one["uid"] in files else None
        if content is not None:
            title = papers.pick(one["title"], "en")[1]
            yield f"annexes/{one['number']:02d}-{one['name']}", f"{one['kind']}: {title}", content


def _content(stored: StoredFile) -> bytes | None:
    opened: File
    try:
        with stored.file.open("rb") as opened:
            return bytes(opened.read())
    except FileNotFoundError:
        return None


def _put(pack: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _ALWAYS)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    pack.writestr(entry, content)
