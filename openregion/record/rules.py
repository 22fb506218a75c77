"""What the memory refuses to keep, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openregion.record import arrival


def why_not_store(*, size: int, content: bytes) -> str:
    """Say why a file may not be kept, and what to send instead; empty when it may.

    ``size`` is what the browser announced: a file too big is refused before it
    is read whole.
    """
    if size > arrival.MOST_BYTES or len(content) > arrival.MOST_BYTES:
        return _("This file is larger than 20 MB. Make it smaller (fewer or smaller pictures), or send it in parts.")
    if not content:
        return _("This file is empty. Choose it again.")
    try:
        found = arrival.media_type(content)
    except arrival.Unreadable as error:
        return _why_unreadable(str(error))
    if found:
        return ""
    kind = arrival.looks_like(content)
    if kind:
        return _(
            "This file is really of the kind “%(kind)s”, which is not kept here. "
            "Send a PDF, DOCX, XLSX, ODT, CSV or JSON document, or a JPEG or PNG picture."
        ) % {"kind": kind}
    return _(
        "What this file holds could not be recognised. "
        "Send a PDF, DOCX, XLSX, ODT, CSV or JSON document (text in UTF-8), or a JPEG or PNG picture."
    )


def _why_unreadable(problem: str) -> str:
    if problem == "macros":
        return _("This document holds macros, which are not kept here. Save it without macros (DOCX, XLSX) or as PDF.")
    if problem == "pixels":
        return _("This picture has more than 60 million pixels. Make it smaller, then send it again.")
    return _("This file is damaged or cut short. Open it on your computer, save it again, then send it.")
