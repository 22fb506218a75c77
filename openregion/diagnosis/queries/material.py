"""What a report is drawn from: the suggestions it speaks of, how many, where from, how they came, who met."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openregion.analysis.disclosure import shown_cells
from openregion.consultation.models import Consultation, Contribution, Theme, Vote, Workshop
from openregion.consultation.queries import CHANNELS, smallest_group, tallies
from openregion.consultation.queries.capture import SOON_AFTER
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText
from openregion.cycle.models import Invitation, Meeting
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
    rest is the online consultation's: the two syntheses share nothing and miss nothing.
    """
    found: QuerySet[Contribution] = Contribution.objects.filter(consultation=consultation)
    if kind == Report.Kind.MEETING:
        return found.filter(_given_at(workshop))
    if kind == Report.Kind.THEME:
        return found.filter(suggestion__theme=theme)
    if kind == Report.Kind.MEETINGS:
        return found.filter(_given_in_a_meeting())
    if kind == Report.Kind.ONLINE:
        return found.exclude(_given_in_a_meeting())
    return found


def _given_in_a_meeting() -> Q:
    return Q(channel=Contribution.Channel.WORKSHOP) | Q(paper_form__workshop__isnull=False)


def _given_at(workshop: Workshop | None) -> Q:
    """Say what was given at a workshop: taken down there, or written on one of its forms.

    What was taken down without naming its workshop is known by its hour.
    """
    if workshop is None:
        return Q(pk=None)
    meeting = workshop.meeting
    begins = meeting.starts_at
    hours = (begins, max(meeting.ends_at or begins, begins + SOON_AFTER))
    at_its_hour = Q(channel=Contribution.Channel.WORKSHOP, source="", received_at__range=hours)
    return Q(source__startswith=f"workshop:{workshop.uid}") | Q(paper_form__workshop=workshop) | at_its_hour


def held_workshops(consultation: Consultation) -> QuerySet[Workshop]:
    """Give the workshops of a consultation that were held, the first one first."""
    held = Workshop.objects.filter(consultation=consultation, meeting__state=Meeting.State.HELD)
    return held.select_related("meeting", "theme", "province").order_by("meeting__starts_at", "pk")


def figures_of(
    material: QuerySet[Contribution], consultation: Consultation, *, workshops: QuerySet[Workshop], whole: bool
) -> dict[str, Any]:
    """Count what a report speaks of, as it is frozen: no group too small is told, nor can be worked out.

    ``published`` is what may be cited. What was received is told of the
    ``whole`` of a consultation only: of a part, it would tell of the few that
    are not public. What is spam or withdrawn is counted nowhere.
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
        smallest=smallest,
    )  # fmt: skip
    by_province = _cells(
        shown, "suggestion__province", lambda key: (places[key].code, _named(places[key])),
        _in_all(lambda: _("The whole Region")),
        smallest=smallest,
    )  # fmt: skip
    by_channel = _cells(
        shown, "channel", lambda key: (key, _in_all(lambda: str(CHANNELS[key]))), {}, smallest=smallest
    )  # fmt: skip
    # One way alone would tell it of each suggestion.
    if len(by_channel["cells"]) + bool(by_channel["rest"]) < 2:
        by_channel = {"cells": [], "rest": None, "too_few": False}
    met = workshops.aggregate(held=Count("pk"))["held"]
    came = Invitation.objects.filter(meeting__in=workshops.values("meeting"), attended=True).count()
    return {
        "received": totals["received"] if whole else None,
        "published": totals["published"],
        "by_theme": by_theme,
        "by_province": by_province,
        "by_channel": by_channel,
        "meetings": met,
        "people": came if came >= smallest else None,
        "smallest": smallest,
    }


def _cells(
    contributions: QuerySet[Contribution],
    by: str,
    named: Callable[[str], tuple[str, Said]],
    nothing: Said,
    *,
    smallest: int,
) -> dict[str, Any]:
    counts = {"" if key is None else str(key): n for key, n in contributions.values_list(by).annotate(Count("pk"))}
    told = shown_cells(counts, smallest)

    def cell(key: str, count: int | None) -> dict[str, Any]:
        code, name = named(key) if key else ("", nothing)
        return {"code": code, "name": name} | ({} if count is None else {"count": count})

    rest = None
    if told.rest is not None:
        rest = {"count": told.rest, "of": [cell(key, None) for key in told.grouped]}
    return {
        "cells": [cell(key, n) for key, n in told.cells.items()],
        "rest": rest,
        "too_few": bool(told.grouped) and rest is None,
    }


def voices_counted(material: QuerySet[Contribution], member: Member) -> dict[int, tuple[int, int]]:
    """Count who agrees and who disagrees, by suggestion, where enough have spoken for a count to be shown."""
    spoken = material.filter(pk__in=Vote.objects.values("suggestion")).order_by("pk").values_list("pk", flat=True)
    keys, found = list(spoken), dict[int, tuple[int, int]]()
    for start in range(0, len(keys), AT_ONCE):
        for key, told in tallies(member, keys[start : start + AT_ONCE]).items():
            if told.shown:
                found[key] = (told.agree or 0, told.disagree or 0)
    return found


def stated_workshop(workshop: Workshop) -> dict[str, Any]:
    """Say which meeting a report is of, as it is frozen."""
    meeting = workshop.meeting
    return {
        "meeting": meeting.number,
        "title": _words(meeting.title),
        "on": timezone.localdate(meeting.starts_at).isoformat(),
        "place": meeting.place,
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
