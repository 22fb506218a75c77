"""The documents that people read before they answer."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import File
from django.db import transaction

from openregion.consultation import rules
from openregion.consultation.actions.questions import note_removal
from openregion.consultation.actions.steps import journal
from openregion.consultation.models import Consultation, ConsultationPaper
from openregion.core.official import OfficialText
from openregion.core.refusal import refuse_if
from openregion.cycle.actions.steps import hold
from openregion.people.models import User
from openregion.record.actions import store_file


@transaction.atomic
def add_consultation_paper(
    consultation: Consultation, *, title: OfficialText, upload: File, by: User, at: dt.datetime
) -> ConsultationPaper:
    """Give a document with a consultation, for everyone to read; its page says since when it is there.

    Raises ``Refused`` when the rule says no, or when the file was given already.
    """
    hold(consultation)
    refuse_if(rules.why_not_add_consultation_paper(by, consultation, title=title, at=at))
    member = consultation.cycle.member
    stored = store_file(upload=upload, member_code=member.slug, by_ref=by.reference, at=at)
    refuse_if(rules.why_not_give_paper_again(consultation, sha256=stored.sha256))  # it leaves the disk again
    paper = ConsultationPaper.objects.create(consultation=consultation, title=title, file=stored, given_at=at)
    journal("add_consultation_paper", paper, member, by.reference, at)
    return paper


@transaction.atomic
def remove_consultation_paper(
    paper: ConsultationPaper, *, by: User, at: dt.datetime, note: OfficialText | None = None
) -> None:
    """Take a document away, so that nobody opens it any more; its file stays in the record.

    Once people can answer after reading it, a dated note says that it was there
    and why it went. Raises ``Refused`` when the rule says no.
    """
    hold(paper)
    note, consultation = note or {}, paper.consultation
    refuse_if(rules.why_not_remove_consultation_paper(by, paper, note=note, at=at))
    if at >= consultation.opens_at:
        note_removal(consultation, title=paper.title, note=note, at=at)
    journal("remove_consultation_paper", paper, consultation.cycle.member, by.reference, at)
    paper.delete()
