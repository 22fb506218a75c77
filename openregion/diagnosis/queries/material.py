"""What a report is drawn from: the suggestions it speaks of, how many, where from, how they came, who met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.consultation.capture_passes import source_of
from openregion.consultation.models import Consultation, Contribution, Theme, Vote, Workshop
from openregion.consultation.queries import CHANNELS, smallest_group, tallies
from openregion.consultation.queries.channels import given_in_meetings
from openregion.consultation.queries.voices import Tally
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText
from openregion.cycle.models import Meeting
from openregion.cycle.queries.guests import came_to
from openregion.diagnosis.models import Report
from openregion.people.models import Member, Territory

AT_ONCE = 1_000  # suggestions whose voices are counted in one question

Said = dict[str, str]
"""Official text as it is frozen: the words by language."""


def material_of(
    consultation: Consultation, kind: str, *, workshop: Workshop | None = None, theme: Theme | None = None
) -> QuerySet[Contribution]:
    """Give the suggestions that a report of this kind speaks of, whatever moderation says of them.

    What was given in a meeting, at a table or on a form, is the meetings'; all the
    rest was given outside them: the two syntheses share nothing and miss nothing.
    """
    found: QuerySet[Contribution] = Contribution.objects.filter(consultation=consultation)
    if kind == Report.Kind.MEETING:
        return found.filter(_given_at(workshop))
    if kind == Report.Kind.THEME:
        return found.filter(suggestion__theme=theme)
    if kind == Report.Kind.MEETINGS:
        return found.filter(given_in_meetings())
    if kind == Report.Kind.ONLINE:
        return found.exclude(given_in_meetings())
    return found


def _given_at(workshop: Workshop | None) -> Q:
    """Say what was given at a workshop: taken down in its name, or written on one of its forms; never guessed."""
    if workshop is None:
        return Q(pk=None)
    return Q(source__startswith=source_of(workshop)) | Q(paper_form__workshop=workshop)


def tied_to_none(material: QuerySet[Contribution], workshops: Iterable[Workshop]) -> QuerySet[Contribution]:
    """Keep what was given at none of these workshops: no report of theirs speaks of it."""
    given = Q(pk=None)
    for one in workshops:
        given |= _given_at(one)
    return material.exclude(given)


def held_workshops(consultation: Consultation) -> QuerySet[Workshop]:
    """Give the workshops of a consultation that were held, the first one first."""
    held = Workshop.objects.filter(consultation=consultation, meeting__state=Meeting.State.HELD)
    return held.select_related("meeting", "theme", "province").order_by("meeting__starts_at", "pk")


def figures_of(
    material: QuerySet[Contribution], consultation: Consultation, *, workshops: QuerySet[Workshop], whole: bool
) -> dict[str, Any]:
    """Count what a report speaks of, as it is frozen.

    What is published may be read one by one and cited: it is counted as it is, by
    theme, place and way. What was received is told of the ``whole`` of a
    consultation only: of a part, it would tell of the few that are not public.
    What is spam or withdrawn is counted nowhere. ``people`` came to the meetings
    whose own figure may be told, as their pages tell it: ``people_at`` of them.
    """
    member, counted = consultation.cycle.member, material.countable()  # type: ignore[attr-defined]
    smallest = smallest_group(member)
    totals = counted.aggregate(
        received=Count("pk"), published=Count("pk", filter=Q(moderation="published", erased_at=None))
    )
    shown = counted.filter(moderation="published", erased_at=None).order_by()
    places = {str(one.pk): one for one in Territory.objects.of(member).defer("boundary")}
    themes = {str(one.pk): one for one in consultation.themes.all()}
    by_theme = _cells(
        shown, "suggestion__theme", lambda key: (themes[key].code, _words(themes[key].name)),
        _in_all(lambda: _("No theme given")),
    )  # fmt: skip
    by_province = _cells(
        shown, "suggestion__province", lambda key: (places[key].code, _named(places[key])),
        _in_all(lambda: _("The whole Region")),
    )  # fmt: skip
    by_channel = _cells(shown, "channel", lambda key: (key, _in_all(lambda: str(CHANNELS[key]))), {})
    met = workshops.aggregate(held=Count("pk"))["held"]
    came = [n for n in came_to(workshops.values("meeting"), smallest).values() if n]
    return {
        "received": totals["received"] if whole else None,
        "published": totals["published"],
        "by_theme": by_theme,
        "by_province": by_province,
        "by_channel": by_channel,
        "meetings": met,
        "people": sum(came) or None,
        "people_at": len(came),
        "smallest": smallest,
    }


def _cells(
    contributions: QuerySet[Contribution], by: str, named: Callable[[str], tuple[str, Said]], nothing: Said
) -> dict[str, Any]:
    """Count what is published in each group, the largest first: anyone can count it again in the open data."""
    counts = [("" if key is None else str(key), n) for key, n in contributions.values_list(by).annotate(Count("pk"))]
    told = [(named(key) if key else ("", nothing), n) for key, n in counts]
    told.sort(key=lambda one: (-one[1], one[0][0]))
    return {"cells": [{"code": code, "name": name, "count": n} for (code, name), n in told]}


def voices_counted(material: QuerySet[Contribution], member: Member) -> dict[int, Tally]:
    """Count the voices on suggestions, by their keys, where enough have spoken for a count to be shown."""
    spoken = material.filter(pk__in=Vote.objects.values("suggestion")).order_by("pk").values_list("pk", flat=True)
    keys, found = list(spoken), dict[int, Tally]()
    for start in range(0, len(keys), AT_ONCE):
        counted = tallies(member, keys[start : start + AT_ONCE])
        found |= {key: told for key, told in counted.items() if told.shown}
    return found


def stated_workshop(workshop: Workshop) -> dict[str, Any]:
    """Say which meeting a report is of, as it is frozen."""
    meeting = workshop.meeting
    return {
        "meeting": meeting.number,
        "title": _words(meeting.title),
        "on": timezone.localdate(meeting.starts_at).isoformat(),
        "place": _words(meeting.place),
    }


def _words(text: OfficialText) -> Said:
    return {lang: said["text"] for lang, said in text.items() if said["text"]}


def _named(place: Territory) -> Said:
    return {lang: place.name_in(lang) for lang in WORKING}


def _in_all(make: Callable[[], str]) -> Said:
    """Say something of ours in each working language."""
    said: Said = {}
    for lang in WORKING:
        with override(lang):
            said[lang] = make()
    return said


def said_in(text: Mapping[str, str], lang: str) -> tuple[str, str]:
    """Give the language that answers for ``lang`` and its words, of text as it is frozen."""
    return next(((code, text[code]) for code in (lang, "fr", "ar", "en", *text) if text.get(code)), (lang, ""))
