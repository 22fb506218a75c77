"""What the memory refuses to keep, and why."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from django.utils.translation import gettext as _

from openregion.record import arrival


def why_not_store(*, size: int, content: bytes, takes: AbstractSet[str] = arrival.USUAL) -> str:
    """Say why a file may not be kept, and what to send instead; empty when it may.

    ``size`` is what the browser announced: a file too big is refused before it
    is read whole. ``takes`` are the media types asked for here.
    """
    if refusal := why_not_so_big(max(size, len(content))):
        return refusal
    if not content:
        return _("This file is empty. Choose it again.")
    try:
        found = arrival.media_type(content)
    except arrival.Unreadable as error:
        return _why_unreadable(str(error))
    if found in takes:
        return ""
    kind = f".{arrival.ALLOWED[found]}" if found else arrival.looks_like(content)
    if takes != arrival.USUAL:
        return _why_not_among(takes, kind)
    if kind:
        return _(
            "This file is really of the kind “%(kind)s”, which is not kept here. "
            "Send a PDF, DOCX, XLSX, ODT, CSV or JSON document, or a JPEG or PNG picture."
        ) % {"kind": kind}
    return _(
        "What this file holds could not be recognised. "
        "Send a PDF, DOCX, XLSX, ODT, CSV or JSON document (text in UTF-8), or a JPEG or PNG picture."
    )


def why_not_so_big(size: int, most: int = 0) -> str:
    """Say why a file of that many bytes may not be kept; empty when it may. ``most`` is the bound where it is lower."""
    if size <= (most or arrival.MOST_BYTES):
        return ""
    if not most:
        return _("This file is larger than 20 MB. Make it smaller (fewer or smaller pictures), or send it in parts.")
    return _("This file is larger than %(most)s MB. Make it smaller, or send a shorter one.") % {
        "most": most // 1024**2
    }


def _why_unreadable(problem: str) -> str:
    if problem == "macros":
        return _("This document holds macros, which are not kept here. Save it without macros (DOCX, XLSX) or as PDF.")
    if problem == "pixels":
        return _("This picture has more than 60 million pixels. Make it smaller, then send it again.")
    if problem == "video":
        return _("This is a video. Send a recorded voice alone, without pictures.")
    if problem == "sound":
        return _("This recording is damaged or cut short, or holds no sound. Listen to it, then record it again.")
    return _("This file is damaged or cut short. Open it on your computer, save it again, then send it.")


def _why_not_among(takes: AbstractSet[str], kind: str) -> str:
    """Say what is asked for, by its usual endings, and what came instead."""
    wanted = ", ".join(sorted({arrival.ALLOWED[one].upper() for one in takes}))
    if kind:
        return _("This file is really of the kind “%(kind)s”. Here you can send: %(wanted)s.") % {
            "kind": kind, "wanted": wanted,
        }  # fmt: skip
    return _("What this file holds could not be recognised. Here you can send: %(wanted)s.") % {"wanted": wanted}
