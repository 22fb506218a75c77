"""Consultations as their pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, ConsultationPaper, PaperBatch, Suggestion, Theme
from openregion.consultation.queries.announced import (
    Ahead,
    Changed,
    StageAsked,
    announced_ahead,
    corrections_of,
    stages_asked,
)
from openregion.consultation.queries.words import address_of
from openregion.core import dates, languages
from openregion.core.languages import WORKING
from openregion.core.official import OfficialText, text_in
from openregion.cycle.models import Cycle
from openregion.cycle.queries import book_of, value_of
from openregion.cycle.queries.days import days_of
from openregion.guide import queries as guides
from openregion.guide.schema import Text
from openregion.people.models import Member, Territory
from openregion.people.rules import today

READS: dict[str, Promise] = {
    Consultation.Reads.BEFORE: gettext_lazy("Before they are published: a person of the team reads each one."),
    Consultation.Reads.AFTER: gettext_lazy(
        "After they are published: they show at once, but for those that look like spam, which a person reads first."
    ),
}


@dataclass(frozen=True)
class Line:
    """A consultation in a list."""

    slug: str
    title: OfficialText
    question: OfficialText
    opens_at: dt.datetime
    closes_at: dt.datetime
    stage: str = ""
    cycle_id: int = 0

    @property
    def opens_on(self) -> dt.date:
        """The day it opens, in Casablanca."""
        return localdate(self.opens_at)

    @property
    def last_day(self) -> dt.date:
        """The last day on which one may answer: what closes at midnight closes the day before."""
        return localdate(self.closes_at - dt.timedelta(seconds=1))


@dataclass(frozen=True)
class Lists:
    """A member's consultations: those open now first, then to come, then closed."""

    open: tuple[Line, ...]
    to_come: tuple[Line, ...]
    closed: tuple[Line, ...]
    stages: tuple[StageAsked, ...] = ()


@dataclass(frozen=True)
class Cell:
    """A row of a count: what is counted, and how many are published."""

    label: str
    published: str


@dataclass(frozen=True)
class Split:
    """Published suggestions by theme or by province: anyone can count them again in the lists and the open data."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ThemeAsked:
    """A theme, what is asked under it, its published suggestions, and the name by which it is followed."""

    code: str
    name: OfficialText
    question: OfficialText
    followed_as: str
    list_address: str


@dataclass(frozen=True)
class PaperGiven:
    """A document to read before answering."""

    uid: str
    title: OfficialText
    given_on: dt.date
    late: bool
    kind: str
    size: int


@dataclass(frozen=True)
class PlaceAsked:
    """A province that it is about."""

    code: str
    name: str


@dataclass(frozen=True)
class Page:
    """A consultation as its page shows it."""

    slug: str
    title: OfficialText
    question: OfficialText
    purpose: OfficialText
    promise: OfficialText
    answers_by: dt.date | None
    conduct: OfficialText
    reads: str
    takes_votes: bool
    takes_comments: bool
    places: tuple[PlaceAsked, ...]
    papers: tuple[PaperGiven, ...]
    ahead: Ahead | None
    corrections: tuple[Changed, ...]
    on_paper: bool
    opens_at: dt.datetime
    closes_at: dt.datetime
    state: str
    stage: Text | None
    themes: tuple[ThemeAsked, ...]
    received: int
    published: int
    by_theme: Split
    by_province: Split
    list_address: str
    reports_address: str
    contact_address: str


def lists(member: Member, *, at: dt.datetime) -> Lists:
    """Sort a member's consultations: open now (the first to close first), to come (the nearest first), closed."""
    found = [
        Line(one.slug, one.title, one.question, one.opens_at, one.closes_at, one.stage, one.cycle_id)
        for one in Consultation.objects.of(member).latest_first()
    ]
    return Lists(
        open=tuple(sorted((one for one in found if one.opens_at <= at < one.closes_at), key=lambda one: one.closes_at)),
        to_come=tuple(sorted((one for one in found if one.opens_at > at), key=lambda one: one.opens_at)),
        closed=tuple(one for one in found if one.closes_at <= at),
        stages=stages_asked(cycle_to_consult_in(member), reversed(found)),
    )


def state_of(consultation: Consultation | Line, *, at: dt.datetime) -> str:
    """Say where a consultation is at an instant: "to-come", "open" or "closed"."""
    if at < consultation.opens_at:
        return "to-come"
    return "open" if at < consultation.closes_at else "closed"


def page(consultation: Consultation, *, at: dt.datetime) -> Page:
    """Prepare a consultation's page: the question, what is received, and what is published by theme and place."""
    member, lang = consultation.cycle.member, get_language() or "fr"
    themes = list(consultation.themes.order_by("rank", "pk"))
    places = {place.pk: place.name_in(lang) for place in Territory.objects.of(member)}
    names = {theme.pk: text_in(theme.name, languages.body_lang(lang)) for theme in themes}
    suggestions = Suggestion.objects.filter(contribution__consultation=consultation, contribution__withdrawn_at=None)
    counted = suggestions.exclude(contribution__moderation="spam").order_by()
    by_theme, by_province = _counts(counted, "theme"), _counts(counted, "province")
    stage = guides.stage(book_of(consultation.cycle), consultation.stage)
    return Page(
        slug=consultation.slug,
        title=consultation.title,
        question=consultation.question,
        purpose=consultation.purpose,
        promise=consultation.promise,
        answers_by=consultation.answers_by,
        conduct=consultation.conduct,
        reads=str(READS[consultation.reads]),
        takes_votes=consultation.takes_votes,
        takes_comments=consultation.takes_comments,
        places=_places(consultation, lang),
        papers=papers_of(consultation),
        ahead=announced_ahead(consultation),
        corrections=corrections_of(consultation),
        on_paper=PaperBatch.objects.filter(consultation=consultation).exists(),
        opens_at=consultation.opens_at,
        closes_at=consultation.closes_at,
        state=state_of(consultation, at=at),
        stage=stage.short if stage else None,
        themes=tuple(_theme(consultation, theme) for theme in themes),
        received=sum(received for received, _published in by_theme.values()),
        published=sum(published for _received, published in by_theme.values()),
        by_theme=_split(by_theme, names, nothing=_("No theme given")),
        by_province=_split(by_province, places, nothing=_("The whole Region")),
        list_address=address_of("suggestions", member.slug, query=f"?consultation={consultation.slug}"),
        reports_address=address_of("reports", member.slug),
        # Whom to ask for help or a form: the point of contact, where the room above offers its page.
        contact_address=address_of("point_of_contact", member.slug) or reverse("bodies", args=[member.slug]),
    )


def papers_of(consultation: Consultation) -> tuple[PaperGiven, ...]:
    """List the documents to read before answering, in the order in which they were given."""
    found = consultation.papers.select_related("file").order_by("given_at", "pk")
    return tuple(
        PaperGiven(
            uid=one.uid,
            title=one.title,
            given_on=localdate(one.given_at),
            late=one.given_at >= consultation.opens_at,
            kind=one.file.name.rpartition(".")[2].upper(),
            size=one.file.size,
        )
        for one in found
    )


def paper_of(consultation: Consultation, uid: str) -> ConsultationPaper | None:
    """Find a document of a consultation; nothing where it has none of this name."""
    return consultation.papers.filter(uid=uid).select_related("file", "consultation__cycle__member").first()


def _theme(consultation: Consultation, theme: Theme) -> ThemeAsked:
    followed = f"{consultation.slug}.{theme.code}"
    address = address_of("suggestions", consultation.cycle.member.slug, query=f"?theme={followed}")
    return ThemeAsked(theme.code, theme.name, theme.question, followed, address)


def _places(consultation: Consultation, lang: str) -> tuple[PlaceAsked, ...]:
    found = [PlaceAsked(one.code, one.name_in(lang)) for one in consultation.places.all()]
    return tuple(sorted(found, key=lambda one: one.name))


def smallest_group(member: Member) -> int:
    """Give the smallest group of people whose count may be shown: the guide's rule, or the member's own value."""
    return int(value_of(member, "smallest-group-shown", today()).value or 0)


def next_change(lines: Iterable[Line | Consultation], *, at: dt.datetime) -> dt.datetime | None:
    """Say when the first of these consultations opens or closes next; nothing when none will."""
    return min((when for one in lines for when in (one.opens_at, one.closes_at) if when > at), default=None)


def cycle_to_consult_in(member: Member) -> Cycle | None:
    """Give the action-plan cycle that a new consultation belongs to: the one opened last."""
    return Cycle.objects.of(member).filter(kind=Cycle.Kind.ACTION_PLAN).latest_first().first()


def stage_to_consult_in(cycle: Cycle) -> str:
    """Give the stage that a new consultation most likely serves: the one under way, else the next, else the last."""
    kept = {one.code: days_of(one).state for one in cycle.stages.all()}
    codes = [one.code for one in book_of(cycle).stages if one.code in kept]
    present = [code for code in codes if kept[code] == "present"]
    done = [code for code in codes if kept[code] == "done"]
    ahead = codes[codes.index(done[-1]) + 1 :] if done else codes
    return next(iter([*present[-1:], *ahead, *done[-1:]]), "")


def frame_of(cycle: Cycle) -> tuple[tuple[str, Text], ...]:
    """List the references that the guide gives the participatory diagnosis: the themes proposed first."""
    return tuple(
        (one.code, one.text) for stage in book_of(cycle).stages if stage.part == cycle.kind for one in stage.frame
    )


def as_a_name(words: str) -> str:
    """Take off the sign that ends a line of the guide's list, where the line becomes a name."""
    return words.rstrip(" ;.؛")


def entries_of_consultation(consultation: Consultation) -> Iterator[dict[str, Any]]:
    """Yield what search finds of a consultation, in each working language."""
    for lang in WORKING:
        with override(lang):
            question = text_in(consultation.question, lang)
            yield {
                "lang": lang,
                "kind": "consultation",
                "subject_uid": consultation.uid,
                "title": text_in(consultation.title, lang),
                "excerpt": question[:180],
                "path": reverse("consultation", args=[consultation.cycle.member.slug, consultation.slug]),
                "text": question,
            }


def _counts(suggestions: QuerySet[Suggestion], by: str) -> dict[int | None, tuple[int, int]]:
    """Count suggestions received and published by theme or province, in one question."""
    published = Count("pk", filter=Q(contribution__moderation="published"))
    rows = suggestions.values_list(by).annotate(received=Count("pk"), out=published)
    return {key: (received, out) for key, received, out in rows}


def _split(counts: Mapping[int | None, tuple[int, int]], names: Mapping[int, str], *, nothing: str) -> Split:
    """Count what is published in each group, the largest first.

    Of what is published alone: it is read one by one, with its theme and its
    place. What was received and is not public is told of the whole only.
    """
    published = [(names.get(key, nothing) if key else nothing, out) for key, (_received, out) in counts.items() if out]
    return Split(
        tuple(Cell(label, dates.whole(n)) for label, n in sorted(published, key=lambda one: (-one[1], one[0])))
    )
