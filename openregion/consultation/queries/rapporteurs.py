"""Who takes the notes of which workshops, under their own account."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from openregion.consultation.models import Charge, Workshop
from openregion.people.models import Member, User
from openregion.record.models import JournalLine

CAPTURED, SHEET_SENT = "capture_suggestions", "send_sheet"


def noted_by(user: User, member: Member) -> QuerySet[Workshop]:
    """Give the workshops whose rapporteur somebody is: chosen there under their address, or who took notes there.

    Who sent what a workshop said, or the sheet of a table, the journal knows.
    """
    lines = JournalLine.objects.of(member.slug).filter(room="consultation", by_ref=user.reference)
    took = lines.filter(verb=CAPTURED).values("subject_uid")
    sent = lines.filter(verb=SHEET_SENT).values("subject_uid")
    chosen = Charge.objects.filter(part=Charge.Part.RAPPORTEUR, invitation__email__iexact=user.email)
    theirs = Q(uid__in=took) | Q(sheets__uid__in=sent)
    if user.email:
        theirs |= Q(pk__in=chosen.values("workshop"))
    return Workshop.objects.of(member).filter(theirs).distinct()


def note_takers(member: Member, workshops: Collection[int], among: Collection[User]) -> dict[int, frozenset[int]]:
    """Give who took the notes of each of these workshops, among some people: what ``noted_by`` says, of many at once.

    Keys lead to keys. The number of questions asked stays the same, however many workshops and people there are.
    """
    found: dict[int, set[int]] = {key: set() for key in workshops}
    named = {one.reference: one.pk for one in among}
    if found and named:
        places: dict[str, int] = {}
        for key, uid, sheet in Workshop.objects.filter(pk__in=found).values_list("pk", "uid", "sheets__uid"):
            places |= {uid: key} | ({sheet: key} if sheet else {})
        lines = JournalLine.objects.of(member.slug).filter(room="consultation", verb__in=(CAPTURED, SHEET_SENT))
        for uid, by in lines.filter(by_ref__in=named).values_list("subject_uid", "by_ref").distinct():
            if uid in places:
                found[places[uid]].add(named[by])
        chosen = Charge.objects.filter(part=Charge.Part.RAPPORTEUR, workshop__in=found)
        addresses = {
            (key, email.lower()) for key, email in chosen.values_list("workshop", "invitation__email") if email
        }
        for key in found:
            found[key] |= {one.pk for one in among if (key, one.email.lower()) in addresses}
    return {key: frozenset(people) for key, people in found.items()}
