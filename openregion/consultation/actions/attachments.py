"""What people give with their words: kept, written down when it speaks, deleted when they ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from openregion.analysis.tongue import in_its_letters
from openregion.consultation import rules
from openregion.consultation.actions.steps import held, journal, make_findable, make_unfindable
from openregion.consultation.models import Attachment, Contribution, PaperForm, Sealed
from openregion.core.refusal import refuse_if
from openregion.core.safe import clean_text
from openregion.people.models import User
from openregion.record.actions import forget_file, keep_file
from openregion.record.arrival import ALLOWED, Arrived


@transaction.atomic
def transcribe_recording(recording: Attachment, *, text: str, lang: str, by: User, at: dt.datetime) -> Contribution:
    """Write down what a recording says, so that those who cannot hear it read it, and search finds it.

    It becomes a part of the contribution's words, shown as written down by a
    person of the team, in the letters it was written in. Written down again, the
    last stands. Where nothing else was written, its language is the contribution's.
    Raises ``Refused`` when the rule says no.
    """
    contribution = held(recording.contribution)
    recording = contribution.attachments.get(pk=recording.pk)
    recording.contribution = contribution
    text = clean_text(text)
    refuse_if(rules.why_not_transcribe(by, recording, text=text, lang=lang))
    lang = in_its_letters(lang, text)
    if not contribution.words.keys() - {"spoken"}:
        contribution.lang = lang
    contribution.words = {**contribution.words, "spoken": text}
    contribution.save(update_fields=["words", "lang"])
    if sealed := Sealed.objects.filter(contribution=contribution).first():  # else an appeal won would lose it
        sealed.words = {**sealed.words, "spoken": text}
        sealed.save(update_fields=["words"])
    recording.transcript_lang, recording.transcribed_at, recording.transcribed_by = lang, at, by
    recording.save(update_fields=["transcript_lang", "transcribed_at", "transcribed_by"])
    facts = {"number": contribution.number}
    journal("transcribe_recording", contribution, contribution.member, by.reference, at, **facts)
    make_unfindable(contribution)
    make_findable(contribution)
    return contribution


def attach(contribution: Contribution, *, files: Sequence[tuple[str, Arrived]], at: dt.datetime) -> None:
    """Keep what was given with words. Its name on the person's own device is not: it often holds somebody's."""
    for kind, arrived in files:
        name = f"suggestion-{contribution.number}-{kind}.{ALLOWED[arrived.media_type]}"
        stored = keep_file(arrived, name=name, member_code=contribution.member.slug, by_ref="", at=at)
        Attachment.objects.create(contribution=contribution, kind=kind, file=stored)


def forget_files(contribution: Contribution) -> None:
    """Delete for good what was given with words, and the picture of the paper form they were typed from."""
    attached = list(contribution.attachments.select_related("file"))
    contribution.attachments.all().delete()
    filled = PaperForm.objects.filter(contribution=contribution).select_related("scan").first()
    if filled is not None:
        PaperForm.objects.filter(pk=filled.pk).update(scan=None, words={})
    files = [one.file for one in attached] + [filled.scan if filled else None]
    for stored in filter(None, files):
        forget_file(stored)
