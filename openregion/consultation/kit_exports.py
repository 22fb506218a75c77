"""The kit of a workshop to print: each paper once for each wording, and all of it in one archive.

Measured (two cores, one of them busy): a paper of the kit takes 0.03 to 0.35 s,
the first of a process 1.5 to 2 s. One alone is printed for whoever asks for it
first, and kept; the archive is printed by the worker (``kit_printing``).
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from django.conf import settings

from openregion.consultation.kit_papers import KIT, PERSONAL, kit_paper
from openregion.consultation.models import Workshop
from openregion.core.paper import Paper
from openregion.record import press

PRINTED: dict[str, Callable[[Paper], bytes]] = {"pdf": press.pdf, "docx": press.docx}
LANGUAGES = ("fr", "ar")  # the two in which a workshop is held
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def printed(workshop: Workshop, name: str, *, lang: str, format: str) -> bytes | None:
    """Give a paper of the kit as PDF or DOCX; nothing when there is no such paper.

    One without names is printed once for each wording and kept in the home, named
    by its own hash: a hundred who take it cost one printing. The list of names is
    never kept.
    """
    if name not in KIT or lang not in LANGUAGES or format not in PRINTED:
        return None
    paper = kit_paper(workshop, name, lang=lang)
    if name in PERSONAL:
        return PRINTED[format](paper)
    kept = _kept_at(workshop, name, lang=lang, format=format, paper=paper)
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        pass  # not printed yet, or just taken away by whoever prints a newer wording
    content, folder = PRINTED[format](paper), kept.parent
    folder.mkdir(parents=True, exist_ok=True)
    for outdated in folder.glob(f"{name}-{lang}-*.{format}"):
        outdated.unlink(missing_ok=True)
    # Put in its place at once: of two who print together, neither hands out half a paper.
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as unfinished:
        unfinished.write(content)
    Path(unfinished.name).replace(kept)
    return content


def to_print() -> Iterator[tuple[str, str, str]]:
    """Name what the worker prints of a kit: each paper without names, in each language and format."""
    for lang in LANGUAGES:
        for name in KIT:
            if name not in PERSONAL:
                yield from ((name, lang, format) for format in PRINTED)


def how_many_printed(workshop: Workshop) -> tuple[int, int]:
    """Count the papers of the archive that are printed as they read today, and all of them."""
    papers = {(name, lang): kit_paper(workshop, name, lang=lang) for name, lang, _format in to_print()}
    asked = list(to_print())
    kept = (
        _kept_at(workshop, name, lang=lang, format=format, paper=papers[name, lang]) for name, lang, format in asked
    )
    return sum(one.is_file() for one in kept), len(asked)


def write_kit(workshop: Workshop, out: IO[bytes]) -> int:
    """Write every paper of the kit in both languages and formats into one archive; say how many.

    Those without names were printed by the worker. The list of names is printed
    here and now (a quarter of a second in all), as it stands today, and kept
    nowhere: the archive is for those who keep the door.
    """
    written = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # what it holds is packed already
        for lang in LANGUAGES:
            for rank, name in enumerate(KIT, 1):
                for format in PRINTED:
                    content = printed(workshop, name, lang=lang, format=format)
                    if content is not None:
                        archive.writestr(zipfile.ZipInfo(f"{lang}/{rank}-{name}-{lang}.{format}"), content)
                        written += 1
    return written


def _kept_at(workshop: Workshop, name: str, *, lang: str, format: str, paper: Paper) -> Path:
    folder = Path(settings.HOME) / "papers" / "workshops" / workshop.uid
    return folder / f"{name}-{lang}-{paper.sha256()[:24]}.{format}"
