"""Workshops as everyone reads them: the calendar by theme and province, the page of one, who came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, Need, Workshop
from openregion.consultation.queries.programme import Moment, languages_in_words, questions_of, timetable
from openregion.consultation.queries.questions import smallest_group
from openregion.core import dates, languages
from openregion.core.icalendar import CalendarEntry
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Meeting, Minutes
from openregion.cycle.queries.guests import came_by_category
from openregion.cycle.queries.meetings import STATES
from openregion.people.models import Member, Territory

NEXT_SHOWN = 3
LONGEST_EXCERPT = 180


@dataclass(frozen=True)
class WorkshopLine:
    """A workshop in the public calendar."""

    number: int
    title: OfficialText
    consultation: OfficialText
    consultation_url: str
    theme: OfficialText
    province: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    place: OfficialText
    access: OfficialText
    languages: tuple[str, ...]
    open_to_all: bool
    state: str
    state_code: str
    tone: str
    minutes_published: bool
    url: str


@dataclass(frozen=True)
class WorkshopChoices:
    """What the calendar may be narrowed to."""

    themes: tuple[tuple[str, OfficialText], ...]
    provinces: tuple[tuple[str, str], ...]
    consultations: tuple[tuple[str, OfficialText], ...]


@dataclass(frozen=True)
class Attendance:
    """Who came by category, where no small group can be worked out; ``total`` is empty when it may not be told."""

    cells: tuple[tuple[str, str], ...]
    rest: str
    total: str
    smallest: int
    nobody: bool


@dataclass(frozen=True)
class WorkshopPage:
    """A workshop as everyone reads it."""

    number: int
    title: OfficialText
    purpose: OfficialText
    consultation: OfficialText
    consultation_url: str
    consultation_slug: str
    theme: OfficialText
    province: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    place: OfficialText
    access: OfficialText
    languages: tuple[str, ...]
    capacity: int | None
    tables: int
    open_to_all: bool
    filmed: bool
    state: str
    state_code: str
    tone: str
    cancelled_reason: OfficialText
    programme: tuple[Moment, ...]
    programme_is_set: bool
    questions: tuple[tuple[OfficialText, OfficialText], ...]
    attendance: Attendance | None
    minutes_on: dt.date | None
    meeting_url: str
    upcoming: bool
    opened: bool


def workshops_of(member: Member) -> QuerySet[Workshop]:
    """List a member's workshops: their meeting is public, whoever may come."""
    published = Minutes.objects.filter(meeting=OuterRef("meeting"), state=Minutes.State.PUBLISHED)
    found = Workshop.objects.of(member).select_related("meeting", "consultation", "theme", "province")
    return found.annotate(has_minutes=Exists(published))


def workshops_narrowed(
    workshops: QuerySet[Workshop], *, theme: str, province: str, consultation: str
) -> QuerySet[Workshop]:
    """Keep those of a theme, of a province, of a consultation, as far as each is asked.

    A workshop without theme or province is about all of them: it is kept.
    """
    if theme:
        workshops = workshops.filter(Q(theme__code=theme) | Q(theme=None))
    if province:
        workshops = workshops.filter(Q(province__code=province) | Q(province=None))
    if consultation:
        workshops = workshops.filter(consultation__slug=consultation)
    return workshops


def workshops_to_come(workshops: QuerySet[Workshop], *, now: dt.datetime) -> QuerySet[Workshop]:
    """Keep those to come or under way today, the next one first; one cancelled stays until its day is over."""
    return workshops.filter(_coming(now)).order_by("meeting__starts_at", "pk")


def workshops_past(workshops: QuerySet[Workshop], *, now: dt.datetime) -> QuerySet[Workshop]:
    """Keep the others, the last one first."""
    return workshops.exclude(_coming(now)).order_by("-meeting__starts_at", "-pk")


def _coming(now: dt.datetime) -> Q:
    dawn = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Q(meeting__starts_at__gte=dawn) & ~Q(meeting__state=Meeting.State.HELD)


def workshop_choices(member: Member) -> WorkshopChoices:
    """Give the themes, provinces and consultations that a workshop of the member is about."""
    lang = get_language() or "fr"
    found = Workshop.objects.of(member).select_related("theme", "province", "consultation").order_by("pk")
    themes: dict[str, OfficialText] = {}
    provinces: dict[str, str] = {}
    consultations: dict[str, OfficialText] = {}
    for one in found:
        consultations.setdefault(one.consultation.slug, one.consultation.title)
        if one.theme:
            themes.setdefault(one.theme.code, one.theme.name)
        if one.province:
            provinces.setdefault(one.province.code, one.province.name_in(lang))
    return WorkshopChoices(tuple(themes.items()), tuple(provinces.items()), tuple(consultations.items()))


def workshop_lines(workshops: Iterable[Workshop], member: Member) -> tuple[WorkshopLine, ...]:
    """Prepare workshops for the calendar."""
    return tuple(
        WorkshopLine(
            number=one.meeting.number,
            title=one.meeting.title,
            consultation=one.consultation.title,
            consultation_url=reverse("consultation", args=[member.slug, one.consultation.slug]),
            theme=one.theme.name if one.theme else {},
            province=_place(one.province),
            starts_at=one.meeting.starts_at,
            ends_at=one.meeting.ends_at,
            place=one.meeting.place,
            access=one.access,
            languages=languages_in_words(one.languages),
            open_to_all=one.meeting.open_to_all,
            state=str(STATES[one.meeting.state][0]),
            state_code=one.meeting.state,
            tone=STATES[one.meeting.state][1],
            minutes_published=one.has_minutes,  # type: ignore[attr-defined]
            url=reverse("workshop", args=[member.slug, one.meeting.number]),
        )
        for one in workshops
    )


def workshops_near(consultation: Consultation, *, now: dt.datetime) -> tuple[WorkshopLine, ...]:
    """Give the next workshops of a consultation, for its own page."""
    member = consultation.cycle.member
    found = workshops_to_come(workshops_of(member).filter(consultation=consultation), now=now)
    found = found.exclude(meeting__state=Meeting.State.CANCELLED)
    return workshop_lines(found[:NEXT_SHOWN], member)


def entries_of_workshop(workshop: Workshop) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a workshop, in each working language; of one that is cancelled, nothing.

    Known by its meeting, so that whoever cancels the meeting makes it found no more.
    """
    meeting, theme = workshop.meeting, workshop.theme.name if workshop.theme else {}
    if meeting.state == Meeting.State.CANCELLED:
        return
    for lang in languages.WORKING:
        with override(lang):
            day = dates.day(timezone.localdate(meeting.starts_at), lang)
            told = [day, text_in(meeting.place, lang), text_in(theme, lang)]
            province = workshop.province.name_in(lang) if workshop.province else ""
            yield {
                "lang": lang,
                "kind": "workshop",
                "subject_uid": meeting.uid,
                "title": text_in(meeting.title, lang),
                "excerpt": " · ".join(one for one in told if one)[:LONGEST_EXCERPT],
                "path": reverse("workshop", args=[meeting.member.slug, meeting.number]),
                "text": "\n".join([text_in(meeting.purpose, lang), *told[1:], province]),
            }


def findable_workshops(member: Member) -> Iterator[dict[str, Any]]:
    """Yield all that search finds of a member's workshops."""
    found = Workshop.objects.of(member).select_related("meeting__member", "theme", "province").order_by("pk")
    for workshop in found:
        yield from entries_of_workshop(workshop)


def workshop_of(member: Member, number: int) -> Workshop | None:
    """Find a workshop by the number of its meeting, with what its pages read."""
    found = Workshop.objects.of(member).filter(meeting__number=number)
    related = ("meeting__member", "meeting__cycle", "consultation__cycle__member", "theme", "province")
    return found.select_related(*related).first()


def workshop_page(workshop: Workshop, *, now: dt.datetime) -> WorkshopPage:
    """Prepare the public page of a workshop."""
    meeting, member = workshop.meeting, workshop.meeting.member
    minutes = Minutes.objects.filter(meeting=meeting, state=Minutes.State.PUBLISHED).first()
    held = meeting.state == Meeting.State.HELD
    return WorkshopPage(
        number=meeting.number,
        title=meeting.title,
        purpose=meeting.purpose,
        consultation=workshop.consultation.title,
        consultation_url=reverse("consultation", args=[member.slug, workshop.consultation.slug]),
        consultation_slug=workshop.consultation.slug,
        theme=workshop.theme.name if workshop.theme else {},
        province=_place(workshop.province),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        access=workshop.access,
        languages=languages_in_words(workshop.languages),
        capacity=workshop.capacity,
        tables=workshop.tables,
        open_to_all=meeting.open_to_all,
        filmed=workshop.needs.filter(kind=Need.Kind.RECORDING).exists(),
        state=str(STATES[meeting.state][0]),
        state_code=meeting.state,
        tone=STATES[meeting.state][1],
        cancelled_reason=meeting.cancelled_reason,
        programme=timetable(workshop),
        programme_is_set=bool(workshop.timings),
        questions=questions_of(workshop),
        attendance=attendance_of(workshop) if held else None,
        minutes_on=minutes.published_on if minutes else None,
        meeting_url=reverse("meeting", args=[member.slug, meeting.number]),
        upcoming=meeting.state in {Meeting.State.PLANNED, Meeting.State.CONVENED},
        opened=timezone.localdate(meeting.starts_at) <= timezone.localdate(now),
    )


def attendance_of(workshop: Workshop) -> Attendance:
    """Say who came by category, as the minutes do; small groups are held back, and cannot be worked out."""
    member = workshop.meeting.member
    came = came_by_category(workshop.meeting, member)
    seated = ((_("People who hold a seat"), came.seated),) if came.seated and came.total is not None else ()
    return Attendance(
        cells=tuple((label, dates.whole(n)) for label, n in (*seated, *came.cells)),
        rest="" if came.rest is None else dates.whole(came.rest),
        total="" if came.total is None else dates.whole(came.total),
        smallest=smallest_group(member),
        nobody=came.nobody,
    )


def workshop_entry(workshop: Workshop) -> CalendarEntry:
    """Give a workshop as an entry of a calendar: the same as the meeting's, leading to the workshop's own page."""
    meeting, lang = workshop.meeting, languages.body_lang(get_language() or "fr")
    return CalendarEntry(
        uid=f"meeting-{meeting.uid}",
        title=text_in(meeting.title, lang),
        starts=meeting.starts_at,
        ends=meeting.ends_at,
        place=text_in(meeting.place, lang),
        url=reverse("workshop", args=[meeting.member.slug, meeting.number]),
        note=text_in(workshop.access, lang),
    )


def workshop_addresses(member: Member) -> Mapping[str, str]:
    """Give the page of each workshop by its meeting's entry in the public feed."""
    found = Workshop.objects.of(member).values_list("meeting__uid", "meeting__number")
    return {f"meeting-{uid}": reverse("workshop", args=[member.slug, number]) for uid, number in found}


def _place(province: Territory | None) -> str:
    return province.name_in(get_language() or "fr") if province else ""
