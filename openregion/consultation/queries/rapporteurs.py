"""Who takes the notes of which workshops, under their own account."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from openregion.consultation.models import Charge, Workshop
from openregion.people.models import Member, User
from openregion.record.models import JournalLine


def noted_by(user: User, member: Member) -> QuerySet[Workshop]:
    """Give the workshops whose rapporteur somebody is: chosen there under their address, or who took notes there.

    Who sent what a workshop said, or the sheet of a table, the journal knows.
    """
    lines = JournalLine.objects.of(member.slug).filter(room="consultation", by_ref=user.reference)
    took = lines.filter(verb="capture_suggestions").values("subject_uid")
    sent = lines.filter(verb="send_sheet").values("subject_uid")
    chosen = Charge.objects.filter(part=Charge.Part.RAPPORTEUR, invitation__email__iexact=user.email)
    theirs = Q(uid__in=took) | Q(sheets__uid__in=sent)
    if user.email:
        theirs |= Q(pk__in=chosen.values("workshop"))
    return Workshop.objects.of(member).filter(theirs).distinct()
