"""What the library of published commitments shows, prepared as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.analysis.normaliser import asked
from openregion.analysis.small_words import tongue_of
from openregion.plan.models import PublishedCommitment
from openregion.plan.queries import Said, policy_area, policy_areas

ON_A_PAGE = 20
NOT_ASSESSED = "none"
LONGEST_EXCERPT = 260
# How far a commitment was carried out, as its assessment says: OGP's five levels, and two more of its table.
RESULTS: dict[str, tuple[str, Promise]] = {
    "complete": ("done", gettext_lazy("Complete")),
    "substantial": ("underway", gettext_lazy("Substantial")),
    "limited": ("underway", gettext_lazy("Limited")),
    "not-started": ("late", gettext_lazy("Not started")),
    "withdrawn": ("late", gettext_lazy("Withdrawn")),
    "unclear": ("idle", gettext_lazy("Unclear")),
    "": ("idle", gettext_lazy("Not assessed")),
}
AMBITION: dict[str, Promise] = {
    "transformative": gettext_lazy("transformative"),
    "substantial": gettext_lazy("substantial"),
    "moderate": gettext_lazy("moderate"),
    "modest": gettext_lazy("modest"),
    "minor": gettext_lazy("minor"),
    "none": gettext_lazy("none"),
    "unclear": gettext_lazy("unclear"),
}
EARLY: dict[str, Promise] = {
    "outstanding": gettext_lazy("outstanding opening of government"),
    "major": gettext_lazy("major opening of government"),
    "significant": gettext_lazy("significant"),
    "moderate": gettext_lazy("moderate"),
    "marginal": gettext_lazy("marginal opening of government"),
    "no-change": gettext_lazy("government did not open further"),
    "worsens": gettext_lazy("government became less open"),
    "none-yet": gettext_lazy("no notable result yet"),
}


@dataclass(frozen=True)
class Filters:
    """What the reader asks of the library."""

    q: str = ""
    area: str = ""
    country: str = ""
    result: str = ""
    level: str = ""

    def __bool__(self) -> bool:
        return any((self.q.strip(), self.area, self.country, self.result, self.level))


@dataclass(frozen=True)
class Choice:
    """A value to narrow the library to: its words, their language if not the page's, how many it would leave."""

    value: str
    label: str
    lang: str
    number: int
    chosen: bool


@dataclass(frozen=True)
class Line:
    """A commitment in the list."""

    pk: int
    title: str
    excerpt: str
    lang: str
    place: str
    year: int | None
    tone: str
    result: str
    is_summary: bool


@dataclass(frozen=True)
class Shelf:
    """A page of the library."""

    filters: Filters
    lines: tuple[Line, ...]
    page: Page[PublishedCommitment]
    found: int
    whole: int
    areas: tuple[Choice, ...]
    countries: tuple[Choice, ...]
    results: tuple[Choice, ...]
    levels: tuple[Choice, ...]


@dataclass(frozen=True)
class Book:
    """A published commitment, whole."""

    title: str
    text: str
    lang: str
    is_summary: bool
    place: str
    tone: str
    result: str
    rows: tuple[tuple[str, str], ...]
    areas: tuple[tuple[str, Said], ...]
    address: str
    source_id: str
    imported_at: dt.datetime


def shelf(filters: Filters, *, number: int | str = 1) -> Shelf:
    """Give a page of the library, the latest commitments first, and what it can be narrowed to.

    Each list of choices counts what it would leave with the other filters as they are.
    """
    found = _narrowed(filters)
    ordered = found.order_by(F("year").desc(nulls_last=True), "sort_key", "pk").defer("raw", "words")
    page = Paginator(ordered, ON_A_PAGE).get_page(number)
    return Shelf(
        filters=filters,
        lines=tuple(_line(one) for one in page.object_list),
        page=page,
        found=page.paginator.count,
        whole=PublishedCommitment.objects.count(),
        areas=_areas(filters),
        countries=_countries(filters),
        results=_results(filters),
        levels=_levels(filters),
    )


def book(one: PublishedCommitment) -> Book:
    """Prepare the page of a published commitment: its words, its fields as the table gives them, its source."""
    tone, result = RESULTS.get(one.completion, RESULTS[""])
    address = str(one.raw.get("URL") or one.raw.get("url") or "")
    codes = {area.code for area in one.areas.all()}
    listed = [area.code for area in policy_areas()]
    return Book(
        title=one.title,
        text=one.text,
        lang=tongue_of(one.text or one.title),
        is_summary=one.is_summary,
        place=one.place,
        tone=tone,
        result=str(result),
        rows=tuple(_rows(one)),
        areas=tuple((code, policy_area(code)) for code in listed if code in codes),
        address=address if address.startswith("https://") else "",
        source_id=one.source_id,
        imported_at=one.imported_at,
    )


def _narrowed(filters: Filters, *, but: str = "") -> QuerySet[PublishedCommitment]:
    kept = replace(filters, **{but: ""}) if but else filters
    found: QuerySet[PublishedCommitment] = PublishedCommitment.objects.all()
    if kept.area:
        found = found.filter(areas__code=kept.area)
    if kept.country:
        found = found.filter(country=kept.country)
    if kept.result:
        found = found.filter(completion="" if kept.result == NOT_ASSESSED else kept.result)
    if kept.level:
        found = found.filter(is_local=kept.level == "local")
    return found.filter(_holding(kept.q)) if kept.q.strip() else found


def _holding(question: str) -> Q:
    """Ask for the commitments that hold every word: whole stems in the stored words, the last perhaps unfinished.

    Stems are folded before they are stored and before they are asked, so the
    two databases compare them alike; the library is short enough to be read through.
    """
    terms = asked(question, "en")
    if not terms:
        return Q(pk=None)
    *whole, last = terms
    held = Q()
    for (stem,) in whole:
        held &= Q(words__contains=f" {stem} ")
    begun = Q()
    for form in last:
        begun |= Q(words__contains=f" {form}")
    return held & begun


def _line(one: PublishedCommitment) -> Line:
    tone, result = RESULTS.get(one.completion, RESULTS[""])
    text = " ".join(one.text[: LONGEST_EXCERPT * 2].split())
    excerpt = text if len(text) <= LONGEST_EXCERPT else text[:LONGEST_EXCERPT].rsplit(" ", 1)[0] + " …"
    return Line(
        pk=one.pk,
        title=one.title,
        excerpt=excerpt,
        lang=tongue_of(one.text or one.title),
        place=one.place,
        year=one.year,
        tone=tone,
        result=str(result),
        is_summary=one.is_summary,
    )


def _rows(one: PublishedCommitment) -> Iterable[tuple[str, str]]:
    """Give the fields that say something, with their label."""
    raw: Callable[[str], str] = lambda name: _told(one.raw.get(name))  # noqa: E731
    yield _("Level"), _("local") if one.is_local else _("national")
    if one.year:
        yield _("Year"), str(one.year)
    period = " – ".join(day for day in (raw("Start Date") or raw("start"), raw("End Date") or raw("end")) if day)
    institutions = one.raw.get("institutions")
    lead = ", ".join(institutions) if isinstance(institutions, list) else raw("Lead Institution")
    for label, value in (
        (_("Period, as published"), period),
        (_("Lead institution"), lead),
        (_("Supporting institutions"), raw("Supporting Institution(s)")),
        (_("Ambition, as assessed"), str(AMBITION.get(one.ambition, ""))),
        (_("Early results, as assessed"), str(EARLY.get(one.early_results, ""))),
    ):
        if value:
            yield label, value


def _told(value: object) -> str:
    text = " ".join(str(value or "").split())
    return "" if text.casefold() in {"na", "nd", "nr", "n/a"} else text


def _counted(found: QuerySet[PublishedCommitment], column: str) -> dict[object, int]:
    return dict(found.order_by().values_list(column).annotate(n=Count("pk", distinct=True)).values_list(column, "n"))


def _areas(filters: Filters) -> tuple[Choice, ...]:
    numbers, lang = _counted(_narrowed(filters, but="area"), "areas__code"), get_language() or "fr"
    return tuple(
        Choice(
            area.code,
            area.name.in_(lang),
            _other(area.name.lang_in(lang)),
            numbers.get(area.code, 0),
            area.code == filters.area,
        )
        for area in policy_areas()
        if numbers.get(area.code) or area.code == filters.area
    )


def _countries(filters: Filters) -> tuple[Choice, ...]:
    numbers = _counted(_narrowed(filters, but="country"), "country")
    names = sorted({str(name) for name in numbers} | ({filters.country} if filters.country else set()))
    return tuple(Choice(name, name, _other("en"), numbers.get(name, 0), name == filters.country) for name in names)


def _results(filters: Filters) -> tuple[Choice, ...]:
    numbers = _counted(_narrowed(filters, but="result"), "completion")
    return tuple(
        Choice(code or NOT_ASSESSED, str(label), "", numbers.get(code, 0), (code or NOT_ASSESSED) == filters.result)
        for code, (_tone, label) in RESULTS.items()
    )


def _levels(filters: Filters) -> tuple[Choice, ...]:
    numbers = _counted(_narrowed(filters, but="level"), "is_local")
    return (
        Choice("national", _("national"), "", numbers.get(False, 0), filters.level == "national"),
        Choice("local", _("local"), "", numbers.get(True, 0), filters.level == "local"),
    )


def _other(lang: str) -> str:
    """Give a language to mark words with, nothing when it is the page's own."""
    page = get_language() or "fr"
    return "" if lang == ("fr" if page == "zgh" else page) else lang
