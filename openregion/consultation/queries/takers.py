"""Who took part: groups of which none is small, written down now and then, compared with the census.

Everything shown comes from the count that was written down, never from the
answers themselves: the page, the table to download and the reports say the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from openregion.consultation.models import Consultation, Profile, SpentPass
from openregion.consultation.queries.counting import (
    ASKED,
    BOTH,
    as_now,
    counted,
    far_from,
    shown_of,
)
from openregion.consultation.queries.missing import NOTHING_COMPARED, Missing, missing_from, percent
from openregion.consultation.queries.questions import smallest_group
from openregion.consultation.queries.words import CHANNELS
from openregion.core import dates
from openregion.core.languages import WORKING
from openregion.people.census import inhabitants_of
from openregion.people.models import Member, Territory
from openregion.record.models import FrozenDocument

TAKERS = "who-took-part"
BETWEEN = dt.timedelta(days=7)
STILL_COUNTED = dt.timedelta(days=60)  # paper forms and workshops are typed in later
PASS, GOOD_FOR = "about-you", 24 * 60 * 60  # seconds in which the questions may be answered, after a suggestion

TITLES: dict[str, Callable[[], str]] = {
    "gender": lambda: _("Women and men"),
    "age_band": lambda: _("Age"),
    "province": lambda: _("Province or prefecture"),
    "area": lambda: _("Town or country"),
    "disability": lambda: _("Living with a disability"),
    "organisation_type": lambda: _("For whom they spoke"),
    "channel": lambda: _("How they took part"),
}


@dataclass(frozen=True)
class Row:
    """A group: how many people, their share of those who answered, and of the inhabitants where the census says it."""

    label: str
    people: str
    share: str
    census: str = ""


@dataclass(frozen=True)
class Dimension:
    """A question: its groups, how many answered it, and what those not shown make together."""

    code: str
    title: str
    rows: tuple[Row, ...]
    answered: str
    people: str
    together: str
    counted_on: dt.date
    has_census: bool


@dataclass(frozen=True)
class CrossedRow:
    """A province: its people, and its women and men where they may be shown."""

    label: str
    cells: tuple[str, ...]
    total: str


@dataclass(frozen=True)
class TakersPage:
    """Who took part, as the page shows it; ``counted_on`` is none before the first count."""

    counted_on: dt.date | None
    people: str
    smallest: int
    dimensions: tuple[Dimension, ...] = ()
    crossed_heads: tuple[str, ...] = ()
    crossed_rows: tuple[CrossedRow, ...] = ()
    crossed_answered: str = ""
    missing: Missing = NOTHING_COMPARED
    sha256: str = ""
    has_census: bool = False


@dataclass(frozen=True)
class TidyRow:
    """One figure of a count, as a table to download has it: what it is of, in codes and in words.

    ``people`` is empty where ``told`` says why: "fewer" than the smallest group
    shown, or "held back". ``told`` is "shown" for a group, "answered" for all who
    answered, "together" for the groups that are not shown.
    """

    table: str
    group_1: str
    group_2: str
    label: str
    told: str
    people: int | None
    census: float | None
    counted_on: str


def new_pass(consultation: Consultation) -> str:
    """Make what lets somebody answer once, after they took part: drawn by chance, it leads to nothing they said."""
    return signing.dumps([consultation.uid, secrets.token_urlsafe(12)], salt=PASS)


def mark_of(given: str, consultation: Consultation) -> str:
    """Give the mark of a pass of this consultation; nothing when it is no pass of it, is too old, or is spent."""
    try:
        uid, drawn = signing.loads(given, salt=PASS, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    mark = hashlib.sha256(str(drawn).encode()).hexdigest()
    spent = uid != consultation.uid or SpentPass.objects.filter(mark=mark).exists()
    return "" if spent else mark


def to_count(*, at: dt.datetime, members: Iterable[Member] | None = None) -> list[Consultation]:
    """List the consultations where people may still have said who they are since the last count."""
    running = Consultation.objects.filter(opens_at__lte=at, closes_at__gt=at - STILL_COUNTED)
    if members is not None:
        running = running.filter(cycle__member__in=members)
    return list(running.select_related("cycle__member").order_by("pk"))


def count_to_write(consultation: Consultation, *, at: dt.datetime) -> dict[str, Any] | None:
    """Count who took part, as it may be published; none when it is too soon after the last count.

    Too soon: within a week, or fewer new people than the smallest group shown.
    With the count goes all that its sentences are made from: the words of the
    groups, and the shares of the census.
    """
    member = consultation.cycle.member
    smallest, last = smallest_group(member), last_count(consultation)
    total = Profile.objects.filter(consultation=consultation).count()
    if total < smallest:
        return None
    if last and (at - last.frozen_at < BETWEEN or total - json.loads(last.content)["people"] < smallest):
        return None
    places = list(Territory.objects.of(member).defer("boundary"))
    columns = (*ASKED, "province__code", "channel")
    profiles = list(Profile.objects.filter(consultation=consultation).values(*columns))
    content = counted(profiles, [one.code for one in places], smallest, on=timezone.localdate(at))
    content |= {
        "consultation": consultation.slug,
        "census": census_of([one.code for one in places]),
        "labels": {lang: _labels(content, places, lang) for lang in WORKING},
    }
    return far_from(as_now(json.loads(last.content)), content) if last else content


def census_of(provinces: Iterable[str]) -> dict[str, dict[str, float]]:
    """Give the shares of the inhabitants by question and group, of women and men by province too; else nothing."""
    codes = list(provinces)
    everybody = inhabitants_of(codes)
    if everybody is None:
        return {}
    each = {code: inhabitants_of([code]) for code in codes}
    known = {code: one for code, one in each.items() if one is not None}
    shares = {
        "province": {code: one.people / everybody.people for code, one in known.items()},
        "gender": {"woman": everybody.women, "man": 1 - everybody.women},
        "age_band": dict(everybody.ages),
        "area": {"urban": everybody.urban, "rural": 1 - everybody.urban},
        "disability": {"yes": everybody.disability, "no": 1 - everybody.disability},
        **{code: {"woman": one.women, "man": 1 - one.women} for code, one in known.items()},
    }
    return {name: {value: round(share, 6) for value, share in of_it.items()} for name, of_it in shares.items()}


def last_count(consultation: Consultation, *, until: dt.datetime | None = None) -> FrozenDocument | None:
    """Give the last count that was written down; with ``until``, the last one there was at that time."""
    counts = FrozenDocument.objects.filter(kind=TAKERS, subject_type="Consultation", subject_uid=consultation.uid)
    if until:
        counts = counts.filter(frozen_at__lte=until)
    return counts.order_by("-pk").first()


def takers_page(consultation: Consultation, *, until: dt.datetime | None = None) -> TakersPage:
    """Prepare the page of who took part, from the last count alone; with ``until``, the last one of that time."""
    document = last_count(consultation, until=until)
    if document is None:
        return TakersPage(None, "", smallest_group(consultation.cycle.member))
    content, labels = _read(document, consultation)
    census = content["census"]
    heads, rows = _crossed_rows(content, labels)
    both = content["tables"][BOTH]["answered"]
    titled = {
        name: {value: label if name == "province" else f"{TITLES[name]()} · {label}" for value, label in of_it.items()}
        for name, of_it in labels.items()
    }
    return TakersPage(
        counted_on=dt.date.fromisoformat(content["counted_on"]),
        people=dates.whole(content["people"]),
        smallest=content["smallest"],
        dimensions=tuple(_dimension(name, content, labels[name]) for name in TITLES),
        crossed_heads=heads,
        crossed_rows=rows,
        crossed_answered="" if both is None else dates.whole(both),
        missing=missing_from(content, census, titled),
        sha256=document.sha256,
        has_census=bool(census),
    )


def tidy_rows(document: FrozenDocument, consultation: Consultation) -> Iterator[TidyRow]:
    """Give each figure of a count, and each that is not told, one a row."""
    content, labels = _read(document, consultation)
    for name in TITLES:
        table, census = content["tables"][name], content["census"].get(name, {})
        day = table["counted_on"]
        yield TidyRow(name, "", "", _("All who answered"), "answered", table["answered"], None, day)
        for value, told, people in _told(table, content["groups"][name]):
            yield TidyRow(name, value, "", labels[name][value], told, people, census.get(value), day)
        if table["together"] is not None:
            label = _("Those not shown, together")
            yield TidyRow(name, "", "", label, "together", table["together"], None, day)
    table = content["tables"][BOTH]
    day = table["counted_on"]
    yield TidyRow(BOTH, "", "", _("All who answered"), "answered", table["answered"], None, day)
    for row in content["groups"]["province"]:
        if row in table["rows"]:
            yield TidyRow(BOTH, row, "", labels["province"][row], "shown", table["rows"][row], None, day)
        for column in content["groups"]["gender"]:
            found = [(told, n) for (one, other), told, n in _told_both(table) if (one, other) == (row, column)]
            label = f"{labels['province'][row]} · {labels['gender'][column]}"
            share = content["census"].get(row, {}).get(column)
            yield from (TidyRow(BOTH, row, column, label, told, n, share, day) for told, n in found)


def _told(table: Mapping[str, Any], groups: Iterable[str]) -> Iterator[tuple[str, str, int | None]]:
    for value in groups:
        if value in table["shown"]:
            yield value, "shown", table["shown"][value]
        else:
            yield value, "fewer" if value in table["fewer"] else "held back", None


def _told_both(table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str, int | None]]:
    yield from (((row, column), "shown", figure) for row, column, figure in table["shown"])
    yield from (((row, column), "fewer", None) for row, column in table["fewer"])
    yield from (((row, column), "held back", None) for row, column in table["held_back"])


def _read(document: FrozenDocument, consultation: Consultation) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """Read a count that was written down, and the words of its groups in the page's language."""
    content = as_now(json.loads(document.content))
    places = list(Territory.objects.of(consultation.cycle.member).defer("boundary"))
    if "census" not in content:  # of the places that it counted: the territory may have changed since
        content["census"] = census_of(content["groups"]["province"])
    return content, _labels(content, places, get_language() or "fr")


def _labels(content: Mapping[str, Any], places: Iterable[Territory], lang: str) -> dict[str, dict[str, str]]:
    named = {one.code: one.name_in(lang) for one in places}
    known: Mapping[str, Mapping[str, Any]] = {**ASKED, "province": named, "channel": CHANNELS}
    with override(lang):
        return {
            name: {value: str(known[name].get(value, value)) for value in values}
            for name, values in content["groups"].items()
        }


def _dimension(name: str, content: Mapping[str, Any], labels: Mapping[str, str]) -> Dimension:
    table, census = content["tables"][name], content["census"].get(name, {})
    answered = table["answered"]
    words = _in_words(content["smallest"])
    rows = tuple(
        Row(
            labels[value],
            words[told] if people is None else dates.whole(people),
            percent(people / answered) if people is not None and answered else "",
            percent(census[value]) if value in census else "",
        )
        for value, told, people in _told(table, content["groups"][name])
    )
    return Dimension(
        code=name,
        title=TITLES[name](),
        rows=rows if shown_of(table).total or table["shown"] else (),
        answered="" if answered is None else dates.whole(answered),
        people=dates.whole(table["people"]),
        together="" if table["together"] is None else dates.whole(table["together"]),
        counted_on=dt.date.fromisoformat(table["counted_on"]),
        has_census=bool(census),
    )


def _in_words(smallest: int) -> dict[str, str]:
    return {"fewer": _("fewer than %(n)s") % {"n": smallest}, "held back": _("held back")}


def _crossed_rows(
    content: Mapping[str, Any], labels: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[str, ...], tuple[CrossedRow, ...]]:
    table, columns, words = content["tables"][BOTH], content["groups"]["gender"], _in_words(content["smallest"])
    cells = {cell: words[told] if people is None else dates.whole(people) for cell, told, people in _told_both(table)}
    rows = tuple(
        CrossedRow(
            labels["province"][row],
            tuple(cells[row, column] for column in columns),
            dates.whole(table["rows"][row]) if row in table["rows"] else "",
        )
        for row in content["groups"]["province"]
        if all((row, column) in cells for column in columns)
    )
    return (tuple(labels["gender"][one] for one in columns) if rows else ()), rows
