"""What may be given with words, who may see it and when; who writes down what a recording says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openregion.consultation.models import Attachment, Contribution, Sealed
from openregion.consultation.rules.words import LONGEST, TONGUES, why_not_there_any_more
from openregion.people.models import User
from openregion.people.rules import why_not_allowed
from openregion.record.arrival import PHOTOGRAPHS, RECORDINGS, Arrived

_Kind = Attachment.Kind

MEGABYTE = 1024 * 1024

# What may be given under each kind, and its bound: ten minutes of a telephone's recorder, a photo at full size.
TAKEN: Mapping[str, frozenset[str]] = {
    _Kind.PHOTO: frozenset(PHOTOGRAPHS),
    _Kind.VOICE: RECORDINGS,
    _Kind.DOCUMENT: frozenset(
        {
            "application/pdf",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.oasis.opendocument.text",
        }
    ),
}
MOST_BYTES: Mapping[str, int] = {
    _Kind.PHOTO: 10 * MEGABYTE,
    _Kind.VOICE: 15 * MEGABYTE,
    _Kind.DOCUMENT: 10 * MEGABYTE,
}
MOST_TOGETHER = 20 * MEGABYTE  # a proxy in front lets 25 MB through

KINDS: Mapping[str, Promise] = {
    _Kind.PHOTO: gettext_lazy("Photo"),
    _Kind.VOICE: gettext_lazy("Recorded voice"),
    _Kind.DOCUMENT: gettext_lazy("Document"),
}

# Those who decide what is published see what came with it before anyone else; so does whoever writes it down.
READERS = frozenset({"publish_contribution", "hide_contribution", "decide_appeal", "transcribe_recording"})


def why_not_attach(files: Sequence[tuple[str, Arrived]]) -> str:
    """Say why these files may not be given together with words; empty when they may."""
    if len({kind for kind, _file in files}) != len(files):
        return _("Give one photo, one recording and one document at most.")
    if any(one.media_type not in TAKEN.get(kind, ()) for kind, one in files):
        return _("Give a photo as a photo, a recording as a recording, a document as a document.")
    if any(len(one.content) > MOST_BYTES[kind] for kind, one in files):
        return _("One of the files is too large.")
    return why_not_so_much(sum(len(one.content) for _kind, one in files))


def why_not_so_much(size: int) -> str:
    """Say why files of that many bytes together may not be given; empty when they may."""
    if size <= MOST_TOGETHER:
        return ""
    return _("These files are larger than %(most)s MB together. Leave one out, or make one smaller.") % {
        "most": MOST_TOGETHER // MEGABYTE
    }


def why_not_show_file(contribution: Contribution, deeds: frozenset[str]) -> str:
    """Say why a file given with words is not shown to somebody who holds these deeds; empty when it is.

    Its author, known by the code, is not asked here. What is masked in the words
    may still be heard or read in the files: they are not public either.
    """
    if contribution.erased_at:
        return _("Its words have been erased.")
    if not deeds & READERS and Sealed.objects.filter(contribution=contribution).exists():
        return _("A third person's data was blacked out: the files given with it are not shown.")
    published = contribution.moderation == Contribution.Moderation.PUBLISHED and not contribution.withdrawn_at
    return "" if published or deeds & READERS else _("This file is not public.")


def why_not_transcribe(by: User, recording: Attachment, *, text: str, lang: str) -> str:
    """Say why somebody may not write down what a recording says; empty when they may."""
    contribution = recording.contribution
    if refusal := why_not_allowed(by, "transcribe_recording", contribution.member):
        return refusal
    if refusal := why_not_there_any_more(contribution):
        return refusal
    if recording.kind != Attachment.Kind.VOICE:
        return _("Only a recording is written down.")
    sealed = Sealed.objects.filter(contribution=contribution).first()
    if sealed and sealed.words.get("spoken") != contribution.words.get("spoken"):
        return _("A part of what was written down is blacked out: it is not written anew.")
    if not text.strip():
        return _("Write what the recording says. If nothing can be heard, write that.")
    if len(text) > LONGEST:
        return _("This is longer than 20,000 characters. Shorten it.")
    return "" if lang in TONGUES else _("Choose the language that is spoken from the list.")
