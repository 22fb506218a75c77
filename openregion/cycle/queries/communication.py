"""The communication plan of a cycle: what is told at each stage, what was published where, what is due."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from openregion.core import languages
from openregion.core.due import Due
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Announcement, Cycle, Publication
from openregion.cycle.queries.days import StageDays, days_of
from openregion.cycle.queries.operations import LATELY, latest_cycles
from openregion.cycle.queries.pinned import book_of, cycle_name
from openregion.guide import queries as guides
from openregion.guide.schema import Text
from openregion.people.models import Contact, Member
from openregion.people.rules import today

ANNOUNCEMENT = "announcement"
KINDS_TO_SAY: dict[str, Promise] = {
    "announcement": gettext_lazy("Announcement"),
    "press-note": gettext_lazy("Press note"),
}
MEDIA = "media"  # the directory's category


@dataclass(frozen=True)
class PublicationLine:
    """Where an announcement came out, on which day, and what can be opened of it."""

    where: str
    on: dt.date
    url: str
    file: str


@dataclass(frozen=True)
class AnnouncementLine:
    """An announcement: its words, its days, where it was published."""

    uid: str
    kind: str
    title: OfficialText
    text: OfficialText
    planned_on: dt.date
    published_on: dt.date | None
    tone: str
    label: str
    publications: tuple[PublicationLine, ...]


@dataclass(frozen=True)
class StageToTell:
    """A stage and what is told at it."""

    code: str
    name: Text
    days: StageDays
    announcements: tuple[AnnouncementLine, ...]


@dataclass(frozen=True)
class CommunicationPage:
    """The communication plan of a cycle; the team alone sees what is not published yet."""

    name: str
    kind: str
    number: int
    stages: tuple[StageToTell, ...]
    announcements: int
    published: int
    media: int
    directory: str


def communication_page(cycle: Cycle, member: Member, *, for_team: bool) -> CommunicationPage:
    """Prepare the communication plan: all of it for the team, what is published for everyone."""
    found = cycle.announcements.prefetch_related("publications__file")
    if not for_team:
        found = found.exclude(published_on=None)
    held: dict[str, list[AnnouncementLine]] = defaultdict(list)
    for one in found:
        held[one.stage].append(_line(one, member))
    rows = {one.code: one for one in cycle.stages.all()}
    lines = [line for stage in held.values() for line in stage]
    media = Contact.objects.of(member).present().filter(category=MEDIA).count() if for_team else 0
    return CommunicationPage(
        name=cycle_name(cycle.kind, cycle.number),
        kind=cycle.kind,
        number=cycle.number,
        stages=tuple(
            StageToTell(one.code, one.short, days_of(rows[one.code]), tuple(held[one.code]))
            for one in book_of(cycle).stages
            if one.code in rows
        ),
        announcements=len(lines),
        published=sum(one.published_on is not None for one in lines),
        media=media,
        directory=f"{reverse('directory', args=[member.slug])}?category={MEDIA}" if for_team else "",
    )


def _line(one: Announcement, member: Member) -> AnnouncementLine:
    late = one.published_on is None and one.planned_on < today()
    return AnnouncementLine(
        uid=one.uid,
        kind=str(KINDS_TO_SAY[one.kind]),
        title=one.title,
        text=one.text,
        planned_on=one.planned_on,
        published_on=one.published_on,
        tone="done" if one.published_on else "late" if late else "underway",
        label=_("Published") if one.published_on else _("Late") if late else _("Planned"),
        publications=tuple(_published(out, member) for out in one.publications.all()),
    )


def _published(out: Publication, member: Member) -> PublicationLine:
    file = reverse("publication_file", args=[member.slug, out.pk]) if out.file_id else ""
    return PublicationLine(out.where, out.on, out.url, file)


def announcement_of(cycle: Cycle, uid: str) -> Announcement | None:
    """Find an announcement of a cycle; nothing where the cycle has none of this name."""
    return cycle.announcements.filter(uid=uid).select_related("cycle__member").first()


def publication_of(member: Member, pk: int) -> Publication | None:
    """Find where something of this member's was published; nothing where it is another's."""
    found = Publication.objects.filter(pk=pk, announcement__cycle__member=member)
    return found.exclude(file=None).select_related("file").first()


def proposed_words(cycle: Cycle, stage: str) -> dict[str, str]:
    """Propose the words of a press note from what the guide says of a stage: its title, what it is for, what is done.

    They are a beginning: people write the rest.
    """
    found = guides.stage(book_of(cycle), stage)
    if found is None:
        return {}
    words: dict[str, str] = {}
    for lang in languages.WORKING:
        done = [one.text.in_(lang).rstrip(" ;.؛") for procedure in found.procedures for one in procedure.operations]
        words[f"title_{lang}"] = found.title.in_(lang)
        words[f"text_{lang}"] = "\n".join([found.intro.in_(lang), "", *(f"- {line}" for line in done)])
    return words


def due_communication(member: Member, today: dt.date) -> tuple[Due, ...]:
    """Say which announcements are due in the cycles of the day, and which came out these last days."""
    cycles = {one.pk: one for one in latest_cycles(member)}
    found = Announcement.objects.filter(cycle__in=cycles)
    lang = get_language() or "fr"
    return tuple(
        Due(
            key=f"announcement:{one.uid}",
            label=f"{KINDS_TO_SAY[one.kind]} – {text_in(one.title, lang)}",
            url=_address(one, cycles[one.cycle_id], member),
            act=_("Publish it, and say where"),
            day=one.planned_on,
            done_on=one.published_on,
            deed="record_publication",
        )
        for one in found
        if one.published_on is None or one.published_on > today - LATELY
    )


def _address(one: Announcement, cycle: Cycle, member: Member) -> str:
    return f"{reverse('communication', args=[member.slug, cycle.kind, cycle.number])}#{one.uid}"


def entries_of_announcement(one: Announcement) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a published announcement, in each working language."""
    for lang in languages.WORKING:
        with override(lang):
            text = text_in(one.text, lang)
            yield {
                "lang": lang,
                "kind": ANNOUNCEMENT,
                "subject_uid": one.uid,
                "title": text_in(one.title, lang),
                "excerpt": text[:180],
                "path": _address(one, one.cycle, one.cycle.member),
                "text": text,
            }


def findable_announcements(member: Member) -> Iterator[dict[str, Any]]:
    """Yield all that search finds of a member's announcements."""
    found = Announcement.objects.filter(cycle__member=member).exclude(published_on=None)
    for one in found.select_related("cycle__member").order_by("pk"):
        yield from entries_of_announcement(one)
