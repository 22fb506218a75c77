"""What is done in the communication plan: announcements planned, worded, and recorded where they were published."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import File
from django.db import transaction

from openregion.core.refusal import refuse_if
from openregion.cycle import rules
from openregion.cycle.actions.steps import hold, journal
from openregion.cycle.models import Announcement, Cycle, Publication
from openregion.cycle.queries.communication import entries_of_announcement
from openregion.cycle.rules.communication import Said
from openregion.people.models import User
from openregion.record.actions import index_entry, store_file


@transaction.atomic
def plan_announcement(
    cycle: Cycle, *, said: Said, by: User, at: dt.datetime, subject_uid: str = "", moment: str = ""
) -> Announcement:
    """Plan what is told at a stage, and on which day; only the team reads it until it is published.

    ``subject_uid`` and ``moment`` name the thing whose step it tells (a
    consultation opens, closes). Raises ``Refused`` when the rule says no.
    """
    hold(cycle)
    refuse_if(rules.why_not_plan_announcement(by, cycle, said, subject_uid=subject_uid, moment=moment))
    made = Announcement.objects.create(cycle=cycle, **said, subject_uid=subject_uid, moment=moment)
    _line("plan_announcement", made, by, at)
    return made


@transaction.atomic
def revise_announcement(announcement: Announcement, *, said: Said, by: User, at: dt.datetime) -> Announcement:
    """Word an announcement better, or move its day; one that is published keeps its words.

    Raises ``Refused`` when the rule says no.
    """
    hold(announcement)
    refuse_if(rules.why_not_revise_announcement(by, announcement, said))
    for name, value in said.items():
        setattr(announcement, name, value)
    announcement.save(update_fields=list(said))
    _line("revise_announcement", announcement, by, at)
    return announcement


@transaction.atomic
def record_publication(
    announcement: Announcement,
    *,
    where: str,
    on: dt.date,
    by: User,
    at: dt.datetime,
    url: str = "",
    upload: File | None = None,
) -> Publication:
    """Record in which medium an announcement came out; from then on everyone reads it here, and search finds it.

    Raises ``Refused`` when the rule says no.
    """
    hold(announcement)
    refuse_if(rules.why_not_record_publication(by, announcement, where=where, on=on, url=url))
    member = announcement.cycle.member
    file = store_file(upload=upload, member_code=member.slug, by_ref=by.reference, at=at) if upload else None
    made = Publication.objects.create(announcement=announcement, where=where.strip(), on=on, url=url, file=file)
    first = announcement.published_on
    announcement.published_on = min(first, on) if first else on
    announcement.save(update_fields=["published_on"])
    for entry in entries_of_announcement(announcement):
        index_entry(member_code=member.slug, **entry)
    facts = {"kind": announcement.kind, "where": made.where, "on": on.isoformat()}
    journal("record_publication", announcement, member, by.reference, at, stage=announcement.stage, **facts)
    return made


def _line(verb: str, one: Announcement, by: User, at: dt.datetime) -> None:
    facts = {"kind": one.kind, "stage": one.stage, "planned_on": one.planned_on.isoformat()}
    journal(verb, one, one.cycle.member, by.reference, at, **facts)
