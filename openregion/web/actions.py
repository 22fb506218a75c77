"""What is done across rooms. For now: making a member's pages findable."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from openregion.consultation import queries as consultations
from openregion.core.languages import WORKING
from openregion.cycle import queries as cycles
from openregion.diagnosis import queries as diagnoses
from openregion.people.models import Body, Member
from openregion.people.queries import findable_bodies
from openregion.plan import queries as plans
from openregion.record.actions import empty_index, index_entry


@dataclass(frozen=True)
class Indexed:
    """How many pages were read, and how many search finds now."""

    read: int
    indexed: int


@transaction.atomic
def index_again(member: Member) -> Indexed:
    """Make every public page of a member findable again, in each working language.

    The index is emptied first: what no longer exists must not be found. Done in
    one transaction, so that a search meanwhile still finds the pages of before.
    """
    empty_index(member.slug)
    read, entries = 0, set()
    for lang in WORKING:
        for page in cycles.entries_of_the_method(member, lang):
            read += 1
            entry = index_entry(
                member_code=member.slug,
                lang=lang,
                kind=page.kind,
                subject_uid=page.subject_uid,
                title=page.title,
                excerpt=page.excerpt,
                path=page.path,
                text=page.text,
            )
            entries.add(entry.pk)
        for body in findable_bodies(member, lang, Body.objects.of(member)):
            read += 1
            entries.add(index_entry(member_code=member.slug, lang=lang, **body).pk)
    for room in (consultations, diagnoses, plans):
        for found in room.findable(member):
            read += 1
            entries.add(index_entry(member_code=member.slug, **found).pk)
    return Indexed(read, len(entries))
