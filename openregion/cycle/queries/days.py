"""The days of the stages: where each is today, and its dates in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openregion.core import dates
from openregion.cycle.models import Cycle, Stage
from openregion.people.models import Member
from openregion.people.rules import today


@dataclass(frozen=True)
class StageDays:
    """When a stage of a cycle runs: its state today (done, present, to-come), and its dates in words."""

    state: str
    when: str


UNDATED = StageDays("to-come", "")


def state_on(day: dt.date, *, starts_on: dt.date | None, ends_on: dt.date | None) -> str:
    """Say where a stage is on a day: done once its end is past, present once begun, else to come."""
    if ends_on and ends_on < day:
        return "done"
    return "present" if starts_on and starts_on <= day else "to-come"


def in_words(starts_on: dt.date | None, ends_on: dt.date | None) -> str:
    """Write the dates of a stage; nothing where it has none."""
    if not starts_on:
        return ""
    lang = get_language() or "fr"
    first = dates.day(starts_on, lang)
    if not ends_on:
        return _("from %(first)s") % {"first": first}
    if starts_on == ends_on:
        return _("on %(day)s") % {"day": first}
    return _("from %(first)s to %(last)s") % {"first": first, "last": dates.day(ends_on, lang)}


def days_of(stage: Stage) -> StageDays:
    """Give the days of one stage of a cycle."""
    state = state_on(today(), starts_on=stage.starts_on, ends_on=stage.ends_on)
    return StageDays(state, in_words(stage.starts_on, stage.ends_on))


def days_of_stages(member: Member, part: str) -> dict[str, StageDays]:
    """Give the days of each stage in the member's latest cycle of a part, by its code; nothing before one is open."""
    latest = Cycle.objects.of(member).filter(kind=part).latest_first().values("pk")[:1]
    return {one.code: days_of(one) for one in Stage.objects.filter(cycle=Subquery(latest))}
