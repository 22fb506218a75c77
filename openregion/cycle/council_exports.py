"""The Council's papers to take away: printed once from the frozen JSON, and the JSON itself."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openregion.core.paper import Paper
from openregion.cycle.papers.council import paper_of_deliberation, paper_of_file
from openregion.record import press
from openregion.record.actions import print_document
from openregion.record.models import FrozenDocument, Rendition

PRINTED: dict[str, Callable[[Paper, str], bytes]] = {"pdf": press.pdf, "docx": press.docx}
PRINTED_IN = ("fr", "ar")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


def paper_of(document: FrozenDocument, lang: str) -> Paper:
    """Draw the paper of a frozen file or deliberation, from its JSON alone."""
    stated = json.loads(document.content)
    slug, cycle = stated["member"]["slug"], stated["cycle"]
    with override(lang):
        if document.kind == "deliberation":
            where = [slug, stated["uid"]]
            return paper_of_deliberation(
                stated,
                lang=lang,
                address=settings.SITE + reverse("deliberation", args=where),
                check_at=settings.SITE + reverse("deliberation_paper", args=[*where, lang, "json"]),
            )
        where = [slug, cycle["kind"], cycle["number"], stated["number"]]
        return paper_of_file(
            stated,
            lang=lang,
            frozen_on=timezone.localdate(document.frozen_at),
            address=settings.SITE + reverse("council_file", args=where),
            check_at=settings.SITE + reverse("council_file_paper", args=[*where, lang, "json"]),
        )


def print_paper(document: FrozenDocument, *, lang: str, format: str, at: dt.datetime | None = None) -> Rendition:
    """Print a paper the first time, and keep it; later give what was printed."""
    return print_document(
        document,
        lang=lang,
        format=format,
        render=lambda one: PRINTED[format](paper_of(one, lang), one.sha256),
        at=at or timezone.now(),
    )


def print_papers(document: FrozenDocument) -> int:
    """Print every paper of a frozen document ahead of its readers; say how many there are."""
    return len([print_paper(document, lang=lang, format=format) for lang in PRINTED_IN for format in PRINTED])


def handed_out(document: FrozenDocument | None, *, lang: str, format: str) -> bytes | None:
    """Give a paper without writing anything: the one kept, else the same printed for this reader alone."""
    if document is None or lang not in PRINTED_IN:
        return None
    if format == "json":
        return document.content.encode()
    if format not in PRINTED:
        return None
    kept = document.renditions.filter(shape="", lang=lang, format=format).first()
    if kept is not None:
        try:
            with kept.file.open("rb") as opened:
                return bytes(opened.read())
        except FileNotFoundError:
            pass  # gone from the disk: printed again for this reader
    return PRINTED[format](paper_of(document, lang), document.sha256)
