"""What is refused about the communication plan, and why."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from django.utils.translation import gettext as _

from openregion.core.official import OfficialText, says_the_same
from openregion.cycle.models import Announcement, Cycle
from openregion.people.models import User
from openregion.people.rules import today, why_not_allowed

# An announcement that is not published may be worded again; once published, its words stay.
MOVES: dict[str, dict[str, str]] = {
    "planned": {"revise_announcement": "planned", "record_publication": "published"},
    "published": {"record_publication": "published"},
}


class Said(TypedDict):
    """What an announcement says: at which stage, what it is, its words, the day it should go out."""

    stage: str
    kind: str
    title: OfficialText
    text: OfficialText
    planned_on: dt.date


def why_not_plan_announcement(by: User, cycle: Cycle, said: Said, *, subject_uid: str = "", moment: str = "") -> str:
    """Say why an announcement may not be planned; empty when it may."""
    if refusal := why_not_allowed(by, "plan_announcement", cycle.member):
        return refusal
    if refusal := _why_not_said(cycle, said):
        return refusal
    alike = cycle.announcements.filter(stage=said["stage"], kind=said["kind"], planned_on=said["planned_on"])
    if any(says_the_same(one.title, said["title"]) for one in alike):
        return _("This announcement is planned already.")
    of_the_step = Announcement.objects.filter(subject_uid=subject_uid, moment=moment, kind=said["kind"])
    if subject_uid and of_the_step.exists():
        return _("This step is announced already. Change its words in the communication plan.")
    return ""


def why_not_revise_announcement(by: User, announcement: Announcement, said: Said) -> str:
    """Say why an announcement may not be worded again; empty when it may."""
    if refusal := why_not_allowed(by, "revise_announcement", announcement.cycle.member):
        return refusal
    if announcement.published_on:
        return _("This announcement is published: its words stay as people read them. Plan another one.")
    if refusal := _why_not_said(announcement.cycle, said):
        return refusal
    kept = (announcement.stage, announcement.kind, announcement.planned_on)
    alike = kept == (said["stage"], said["kind"], said["planned_on"])
    if alike and says_the_same(announcement.title, said["title"]) and says_the_same(announcement.text, said["text"]):
        return _("Nothing changes: the announcement says this already.")
    return ""


def _why_not_said(cycle: Cycle, said: Said) -> str:
    if not cycle.stages.filter(code=said["stage"]).exists():
        return _("This cycle has no such stage. Choose one of its own.")
    if said["kind"] not in Announcement.Kind.values:
        return _("It is an announcement or a press note. Choose one.")
    if not _worded(said["title"]):
        return _("Give it a title, in French or in Arabic.")
    return ""


def why_not_record_publication(by: User, announcement: Announcement, *, where: str, on: dt.date, url: str = "") -> str:
    """Say why a publication may not be recorded; empty when it may."""
    if refusal := why_not_allowed(by, "record_publication", announcement.cycle.member):
        return refusal
    if on > today():
        return _("A publication is recorded once it is out. Check its day.")
    if not where.strip():
        return _("Say where it was published: the newspaper, the radio, the site, the notice board.")
    if not _worded(announcement.text):
        return _("This announcement has no words yet. Write them first: they are published here too.")
    if announcement.publications.filter(where=where.strip(), on=on, url=url).exists():
        return _("This publication is recorded already.")
    return ""


def _worded(text: OfficialText) -> bool:
    """Say whether a text is written in one of the two languages of the Region."""
    return bool(text.get("fr") or text.get("ar"))
