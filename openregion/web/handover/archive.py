"""The archive itself: pages in three languages, files, tables, a manifest with the hash of each, in a set order."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.core import languages
from openregion.core.languages import WORKING
from openregion.cycle import queries as cycles
from openregion.cycle.models import Cycle
from openregion.web.handover.chapters import chapters
from openregion.web.handover.inner import inner_chapters
from openregion.web.handover.page import PackPage
from openregion.web.handover.papers import INTERNAL, Papers, papers_of
from openregion.web.handover.printing import Moved, Stopped, print_ahead
from openregion.web.handover.tables import tables

STYLE = Path(__file__).parent / "pack.css"
IN_ORDER = ("ar", "fr", "en")


@dataclass(frozen=True)
class Written:
    """What a pack came to: its files, its size, its own hash, and the files that the disk has lost."""

    files: int
    size: int
    sha256: str
    missing: int = 0

    def __str__(self) -> str:
        return f"written {self.files} · missing {self.missing} · bytes {self.size} · sha256 {self.sha256}"


class _Tally:
    """Passes bytes on, counting and hashing them: the archive is never held whole."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self.size, self._hash = out, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Pass bytes on."""
        self.size += len(data)
        self._hash.update(data)
        self._out.write(data)
        return len(data)

    def flush(self) -> None:
        """Pass on the wish to be written."""
        self._out.flush()

    @property
    def sha256(self) -> str:
        """Give the hash of what passed."""
        return self._hash.hexdigest()


def write_pack(cycle: Cycle, out: BinaryIO, *, at: dt.datetime, moved: Moved | None = None) -> Written:
    """Write the pack of a cycle, piece by piece; ``moved`` hears how far it is, and stops it by saying no.

    Papers that nobody has asked for yet are printed first, so that the pack is
    whole. The same record gives the same pieces in the same order, with the
    instant of the making on each. Raises ``Stopped``.
    """
    print_ahead(cycle, at=at, moved=moved)
    papers = papers_of(cycle)
    pieces = sorted(_pieces(cycle, papers, at), key=lambda piece: piece[0])
    tally, listed, missing = _Tally(out), [], 0
    stamp = timezone.localtime(at).timetuple()[:6]
    with zipfile.ZipFile(tally, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for number, (path, make) in enumerate(pieces, start=1):
            content = make()
            if content is None:
                missing += 1
                continue
            _put(archive, path, content, stamp)
            listed.append({"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
            if moved and not moved(number, len(pieces) + 1):
                raise Stopped
        _put(archive, "manifest.json", _manifest(cycle, listed, missing, at), stamp)
    return Written(len(listed) + 1, tally.size, tally.sha256, missing)


def _put(archive: zipfile.ZipFile, path: str, content: bytes, stamp: tuple[int, ...]) -> None:
    entry = zipfile.ZipInfo(path, date_time=stamp)  # type: ignore[arg-type]
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def _manifest(cycle: Cycle, listed: list[dict[str, object]], missing: int, at: dt.datetime) -> bytes:
    said = {
        "member": cycle.member.slug,
        "cycle": f"{cycle.kind}/{cycle.number}",
        "made_at": at.isoformat(timespec="seconds"),
        "method": {"version": cycle.guide_version, "sha256": cycle.guide_sha256},
        "files_lost": missing,
        "files": listed,
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


Piece = tuple[str, Callable[[], bytes | None]]


def _pieces(cycle: Cycle, papers: Papers, at: dt.datetime) -> Iterator[Piece]:
    """Give each file of the pack, by its place, with what makes it when its turn comes."""
    yield "index.html", lambda: _front(cycle, at)
    yield "style.css", STYLE.read_bytes
    yield "README.txt", lambda: _render("readme.txt", cycle, at)
    yield "internal/README.txt", lambda: _render("internal.txt", cycle, at)
    for path, table in tables():
        yield path, partial(table, cycle)
    for kept in papers.kept.values():
        yield kept.path, kept.content
    for lang in IN_ORDER:
        with override(lang):
            pages = [*chapters(cycle, papers), *inner_chapters(cycle, papers)]
        for inner in (False, True):
            those = [page for page in pages if page.inner is inner]
            firsts = [page for page in those if page.part <= 1]
            folder = f"{INTERNAL}/{lang}" if inner else lang
            yield f"{folder}/index.html", partial(_contents, cycle, firsts, lang, at, inner=inner)
            for page in those:
                yield f"{folder}/{page.name}", partial(_page, cycle, page, firsts, lang, at)


def _front(cycle: Cycle, at: dt.datetime) -> bytes:
    """Write the first page, in three languages at once: whoever opens it chooses."""
    doors = []
    for lang in IN_ORDER:
        with override(lang):
            doors.append(
                {
                    "lang": lang,
                    "way": languages.direction(lang),
                    "own_name": next(one.own_name for one in languages.ALL if one.code == lang),
                    "title": cycles.cycle_name(cycle.kind, cycle.number),
                    "open": _("Open the hand-over pack"),
                }
            )
    return render_to_string("web/handover/offline/front.html", {"doors": doors, "name": cycle.member.name}).encode()


def _contents(cycle: Cycle, pages: list[PackPage], lang: str, at: dt.datetime, *, inner: bool) -> bytes:
    with override(lang):
        template = "inner.html" if inner else "contents.html"
        return _html(template, cycle, lang, at, pages=pages, current="", inner=inner)


def _page(cycle: Cycle, page: PackPage, pages: list[PackPage], lang: str, at: dt.datetime) -> bytes:
    with override(lang):
        return _html("page.html", cycle, lang, at, page=page, pages=pages, current=page.code, inner=page.inner)


def _html(template: str, cycle: Cycle, lang: str, at: dt.datetime, **more: object) -> bytes:
    shown = {
        "lang": lang,
        "root": "../../" if more.get("inner") else "../",
        "direction": languages.direction(lang),
        "others": [one for one in languages.ALL if one.code in WORKING and one.code != lang],
        "name": cycle.member.name,
        "cycle_name": cycles.cycle_name(cycle.kind, cycle.number),
        "method": {"version": cycle.guide_version, "sha256": cycle.guide_sha256},
        "opened_on": cycle.opened_on,
        "made_at": at,
        "site": settings.SITE,
        "home": f"{settings.SITE}/{lang}/{cycle.member.slug}/",
    }
    return render_to_string(f"web/handover/offline/{template}", shown | more).encode()


def _render(template: str, cycle: Cycle, at: dt.datetime) -> bytes:
    """Write a text read before anything is opened, in the three languages one after the other."""
    parts = []
    for lang in ("fr", "ar", "en"):
        with override(lang):
            shown = {
                "cycle_name": cycles.cycle_name(cycle.kind, cycle.number),
                "name": cycle.member.name,
                "made_at": at,
            }
            parts.append(render_to_string(f"web/handover/offline/{template}", shown).strip())
    return ("\ufeff" + "\n\n----\n\n".join(parts) + "\n").encode()
