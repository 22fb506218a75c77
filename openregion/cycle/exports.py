"""What the cycle gives to take away: the papers of the method and of its letters, the operations as a table."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from openregion.core.paper import Paper
from openregion.cycle import papers
from openregion.cycle.models import Letter
from openregion.cycle.queries.letters import stated_by
from openregion.guide import queries as guides
from openregion.guide.schema import Guide
from openregion.record import press
from openregion.record.actions import print_document
from openregion.record.models import FrozenDocument

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def printed_method(version: str, *, name: str, lang: str, format: str) -> bytes | None:
    """Give a paper of a version of the method as PDF or DOCX; nothing when there is no such paper.

    The guide never changes without its hash changing, so a paper is printed
    once for each wording and kept in the home, named by its own hash.
    """
    book = guides.guide(version)
    paper = papers.paper_of_the_method(book, name=name, lang=lang, sha256=guides.fingerprint(version))
    if paper is None or format not in MEDIA_TYPES:
        return None
    folder = Path(settings.HOME) / "papers" / version
    kept = folder / f"{name}-{lang}-{paper.sha256()[:24]}.{format}"
    if kept.is_file():
        return kept.read_bytes()
    content = _printed(paper, format)
    folder.mkdir(parents=True, exist_ok=True)
    for outdated in folder.glob(f"{name}-{lang}-*.{format}"):
        outdated.unlink(missing_ok=True)
    _keep(kept, content)
    return content


def _printed(paper: Paper, format: str) -> bytes:
    return press.pdf(paper) if format == "pdf" else press.docx(paper)


def _keep(path: Path, content: bytes) -> None:
    """Put a file in its place at once: of two who print together, neither hands out half a paper."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as unfinished:
        unfinished.write(content)
    Path(unfinished.name).replace(path)


def operations_as_csv(book: Guide) -> str:
    """Write every operation as a table: where it stands, its words, the deeds that prove it, the forms it uses.

    A byte order mark leads, so that a spreadsheet reads the Arabic.
    """
    out = io.StringIO()
    table = csv.writer(out)
    head = ("part", "stage", "procedure", "number", "operation", "fr", "ar", "en", "place", "proved_by", "forms")
    table.writerow(head)
    for stage in book.stages:
        for procedure in stage.procedures:
            for number, one in enumerate(procedure.operations, 1):
                words = (one.text.fr, one.text.ar, one.text.en)
                ends = (one.place, " ".join(one.proved_by), " ".join(one.forms))
                table.writerow((stage.part, stage.code, procedure.code, number, one.code, *words, *ends))
    return "\ufeff" + out.getvalue()


def letter_file(letter: Letter, *, lang: str, format: str) -> bytes | None:
    """Give a letter as PDF or DOCX without writing anything; nothing in a language it does not leave in.

    An issued one is given as it was printed first; a draft says that it is one.
    """
    if format not in MEDIA_TYPES or lang not in stated_by(letter, letter.member)["languages"]:
        return None
    if letter.frozen is None:
        return _printed(papers.letter_paper(letter, lang), format)
    kept = letter.frozen.renditions.filter(shape="", lang=lang, format=format).first()
    if kept is not None:
        try:
            with kept.file.open("rb") as opened:
                return opened.read()
        except FileNotFoundError:
            pass  # gone from the disk: the same is printed again
    return _pressed(papers.letter_paper(letter, lang), format, letter.frozen.sha256)


def print_letter_papers(letter: Letter, *, at: dt.datetime | None = None) -> int:
    """Print and keep every paper of an issued letter, each language and format; say how many there are."""
    frozen, languages = letter.frozen, stated_by(letter, letter.member)["languages"]
    if frozen is None:
        return 0
    for lang in languages:
        paper = papers.letter_paper(letter, lang)
        for format in MEDIA_TYPES:
            printed = partial(_pressed_of, paper, format)
            print_document(frozen, lang=lang, format=format, render=printed, at=at or timezone.now())
    return len(languages) * len(MEDIA_TYPES)


def _pressed_of(paper: Paper, format: str, document: FrozenDocument) -> bytes:
    return _pressed(paper, format, document.sha256)


def _pressed(paper: Paper, format: str, fingerprint: str) -> bytes:
    return press.pdf(paper, fingerprint) if format == "pdf" else press.docx(paper, fingerprint)
