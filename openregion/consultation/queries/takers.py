"""Who took part: groups of which none is small, written down now and then, compared with the census.

Everything shown comes from the count that was written down, never from the
answers themselves: the page, the table to download and the reports say the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from openregion.analysis.crossed import Crossed, beside_the_total, crossed
from openregion.consultation.models import Consultation, Profile, SpentPass
from openregion.consultation.queries.questions import smallest_group
from openregion.consultation.queries.words import CHANNELS
from openregion.core import dates
from openregion.people.census import BANDS, Inhabitants, inhabitants_of
from openregion.people.models import Member, Territory
from openregion.record.models import FrozenDocument

TAKERS = "who-took-part"
BETWEEN = dt.timedelta(days=7)
STILL_COUNTED = dt.timedelta(days=60)  # paper forms and workshops are typed in later
FAR = 0.10  # a share that differs from the census by ten points is said; nearer, chance explains it
UNSAID = "unsaid"
GENDERS: dict[str, Promise] = {"woman": gettext_lazy("A woman"), "man": gettext_lazy("A man")}
AGES: dict[str, Promise | str] = {
    **{band: band.replace("-", "–") for band in BANDS if band != "60+"},
    "60+": gettext_lazy("60 and over"),
}
AREAS: dict[str, Promise] = {"urban": gettext_lazy("In town"), "rural": gettext_lazy("In the country")}
DISABILITIES: dict[str, Promise] = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
ORGANISATIONS: dict[str, Promise] = {
    "none": gettext_lazy("For myself"),
    "association": gettext_lazy("For an association"),
    "cooperative": gettext_lazy("For a cooperative"),
    "company": gettext_lazy("For a company"),
    "university": gettext_lazy("For a university or a school"),
    "media": gettext_lazy("For a media outlet"),
    "administration": gettext_lazy("For a public administration"),
    "other": gettext_lazy("For another organisation"),
}
QUESTIONS: dict[str, Promise] = {
    "gender": gettext_lazy("Are you"),
    "age_band": gettext_lazy("Your age"),
    "area": gettext_lazy("Where you live"),
    "disability": gettext_lazy("Do you live with a disability?"),
    "organisation_type": gettext_lazy("For whom do you speak?"),
}
ASKED: dict[str, Mapping[str, Promise | str]] = {
    "gender": GENDERS,
    "age_band": AGES,
    "area": AREAS,
    "disability": DISABILITIES,
    "organisation_type": ORGANISATIONS,
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
    """A question: the groups that are large enough, and the others together."""

    code: str
    title: str
    rows: tuple[Row, ...]
    others: str
    counted_on: dt.date
    silent: bool


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
    dimensions: tuple[Dimension, ...]
    crossed_heads: tuple[str, ...]
    crossed_rows: tuple[CrossedRow, ...]
    gaps: tuple[str, ...]
    sha256: str
    has_census: bool


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
    """
    smallest = smallest_group(consultation.cycle.member)
    last = last_count(consultation)
    total = Profile.objects.filter(consultation=consultation).count()
    if total < smallest:
        return None
    if last and (at - last.frozen_at < BETWEEN or total - json.loads(last.content)["people"] < smallest):
        return None
    provinces = list(Territory.objects.of(consultation.cycle.member).values_list("code", flat=True))
    columns = (*ASKED, "province__code", "channel")
    profiles = list(Profile.objects.filter(consultation=consultation).values(*columns))
    content = counted(profiles, provinces, smallest, on=timezone.localdate(at)) | {"consultation": consultation.slug}
    return _far_from(json.loads(last.content), content) if last else content


def counted(
    profiles: Iterable[Mapping[str, Any]], provinces: Iterable[str], smallest: int, *, on: dt.date
) -> dict[str, Any]:
    """Group people's answers so that no small group can be worked out. ``profiles``: one mapping a person."""
    people = [{**one, "province": one["province__code"]} for one in profiles]
    known: dict[str, list[str]] = {name: [*values, UNSAID] for name, values in ASKED.items()}
    known["province"] = [*provinces, UNSAID]
    known["channel"] = [one for one in CHANNELS if one != "imported"]
    dated = {"people": len(people), "counted_on": on.isoformat()}
    tables = {name: _table(Counter(one[name] or UNSAID for one in people), smallest) | dated for name in known}
    both = Counter((one["province"] or UNSAID, one["gender"] or UNSAID) for one in people)
    table = crossed({**dict.fromkeys(_pairs(both), 0), **both}, smallest)
    return {
        **dated,
        "smallest": smallest,
        "groups": known,
        "tables": tables,
        "province_and_gender": _as_data(table),
    }


def _far_from(last: Mapping[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Keep the tables of the last count wherever the new one, set beside it, would tell of a few newcomers.

    A figure moves by nothing or by the smallest group at least. Provinces,
    genders and the table of both go together, since each is a total of it.
    """
    together = {"province", "gender"}
    held = {name for name in now["tables"] if _tells_of_few(last["tables"][name], now["tables"][name], now["smallest"])}
    crossed_last, crossed_now = (
        {(row, column): figure for row, column, figure in one["province_and_gender"]["shown"]} for one in (last, now)
    )
    if held & together or _moved_little(crossed_last, crossed_now, now["smallest"]):
        held |= together
        now["province_and_gender"] = last["province_and_gender"]
    now["tables"] |= {name: last["tables"][name] for name in held}
    return now


def _tells_of_few(last: Mapping[str, Any], now: Mapping[str, Any], smallest: int) -> bool:
    told = {"": now["others"]} if now["others"] and last["others"] else {}
    return _moved_little({**last["shown"], "": last["others"]}, {**now["shown"], **told}, smallest)


def _moved_little(last: Mapping[Any, int], now: Mapping[Any, int], smallest: int) -> bool:
    return any(0 < abs(figure - last[name]) < smallest for name, figure in now.items() if name in last)


def _pairs(both: Mapping[tuple[str, str], int]) -> list[tuple[str, str]]:
    return [(row, column) for row in {row for row, _c in both} for column in {column for _r, column in both}]


def _table(counts: Mapping[str, int], smallest: int) -> dict[str, Any]:
    """Give the groups that show, and how many people the others make together; never which of those are empty."""
    shown = beside_the_total(counts, smallest)
    return {"shown": shown.cells, "others": shown.rest or 0}


def _as_data(table: Crossed) -> dict[str, Any]:
    return {
        "shown": [[*cell, figure] for cell, figure in sorted(table.cells.items())],
        "fewer": sorted([*cell] for cell in table.small),
        "held_back": sorted([*cell] for cell in table.held),
    }


def last_count(consultation: Consultation, *, until: dt.datetime | None = None) -> FrozenDocument | None:
    """Give the last count that was written down; with ``until``, the last one there was at that time."""
    counts = FrozenDocument.objects.filter(kind=TAKERS, subject_type="Consultation", subject_uid=consultation.uid)
    if until:
        counts = counts.filter(frozen_at__lte=until)
    return counts.order_by("-pk").first()


def takers_page(consultation: Consultation, *, until: dt.datetime | None = None) -> TakersPage:
    """Prepare the page of who took part, from the last count alone; with ``until``, the last one of that time."""
    smallest = smallest_group(consultation.cycle.member)
    document = last_count(consultation, until=until)
    if document is None:
        return TakersPage(None, "", smallest, (), (), (), (), "", has_census=False)
    content = json.loads(document.content)
    places = {one.code: one for one in Territory.objects.of(consultation.cycle.member).defer("boundary")}
    census = inhabitants_of(places)
    lang = get_language() or "fr"
    names = {code: place.name_in(lang) for code, place in places.items()}
    heads, rows = _crossed_rows(content, names)
    return TakersPage(
        counted_on=dt.date.fromisoformat(content["counted_on"]),
        people=dates.whole(content["people"]),
        smallest=content["smallest"],
        dimensions=tuple(_dimension(name, content, names, census) for name in TITLES),
        crossed_heads=heads,
        crossed_rows=rows,
        gaps=tuple(_gaps(content, places, names, census)),
        sha256=document.sha256,
        has_census=census is not None,
    )


def _label(name: str, value: str, places: Mapping[str, str]) -> str:
    if value == UNSAID:
        return _("Did not say")
    if name == "province":
        return places.get(value, value)
    if name == "channel":
        return str(CHANNELS.get(value, value))
    return str(ASKED[name].get(value, value))


def _dimension(
    name: str, content: Mapping[str, Any], places: Mapping[str, str], census: Inhabitants | None
) -> Dimension:
    table = content["tables"][name]
    shown, people = table["shown"], table["people"]
    rows = tuple(
        Row(
            _label(name, value, places),
            dates.whole(shown[value]),
            _percent(shown[value] / people),
            _percent(share) if (share := _census_share(name, value, census)) is not None else "",
        )
        for value in content["groups"][name]
        if value in shown
    )
    others = ""
    if table["others"]:
        number = len(content["groups"][name]) - len(shown)
        others = _("The %(groups)s other answers together: %(people)s") % {
            "groups": number,
            "people": dates.whole(table["others"]),
        }
    counted_on = dt.date.fromisoformat(table["counted_on"])
    return Dimension(name, TITLES[name](), rows, others, counted_on, silent=not rows)


def _census_share(name: str, value: str, census: Inhabitants | None) -> float | None:
    if census is None:
        return None
    if name == "province" and value != UNSAID:
        place = inhabitants_of([value])
        return place.people / census.people if place else None
    known = {
        "gender": {"woman": census.women, "man": 1 - census.women},
        "area": {"urban": census.urban, "rural": 1 - census.urban},
        "disability": {"yes": census.disability, "no": 1 - census.disability},
        "age_band": census.ages,
    }
    return known.get(name, {}).get(value)


def _crossed_rows(
    content: Mapping[str, Any], places: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[CrossedRow, ...]]:
    table = content["province_and_gender"]
    shown = {(row, column): figure for row, column, figure in table["shown"]}
    fewer = {(row, column) for row, column in table["fewer"]}
    told = {*shown, *fewer, *((row, column) for row, column in table["held_back"])}
    if not told:
        return (), ()
    columns = [one for one in content["groups"]["gender"] if any(column == one for _row, column in told)]
    fewer_than = _("fewer than %(n)s") % {"n": content["smallest"]}

    def cell(row: str, column: str) -> str:
        if (row, column) in shown:
            return dates.whole(shown[row, column])
        return fewer_than if (row, column) in fewer else _("held back")

    rows = tuple(
        CrossedRow(
            _label("province", row, places),
            tuple(cell(row, column) for column in columns),
            dates.whole(content["tables"]["province"]["shown"][row]),
        )
        for row in content["groups"]["province"]
        if any(row == one for one, _column in told)
    )
    return tuple(_label("gender", one, places) for one in columns), rows


def _gaps(
    content: Mapping[str, Any],
    places: Iterable[str],
    names: Mapping[str, str],
    census: Inhabitants | None,
) -> Iterator[str]:
    """Say in words who is missing, from what is shown and the census."""
    for code in places:
        yield from _gaps_of_place(code, names[code], content, census)
    for name in ("gender", "age_band", "area", "disability"):
        yield from _gaps_of(name, content, census)


def _gaps_of_place(code: str, name: str, content: Mapping[str, Any], census: Inhabitants | None) -> Iterator[str]:
    shown: Mapping[str, int] = content["tables"]["province"]["shown"]
    people, here = content["tables"]["province"]["people"], shown.get(code)
    if here is None:
        if shown:
            said = {"place": name, "people": dates.whole(people)}
            yield _("%(place)s: too few people to be shown, of the %(people)s who said who they are.") % said
        return
    table, place = content["province_and_gender"], inhabitants_of([code])
    women = next((n for row, column, n in table["shown"] if (row, column) == (code, "woman")), None)
    said = {"place": name, "n": content["smallest"], "all": dates.whole(here)}
    if [code, "woman"] in table["fewer"]:
        yield _("Women of %(place)s: fewer than %(n)s of %(all)s.") % said
    elif women is not None and place and place.women - women / here > FAR:
        said |= {"women": dates.whole(women), "share": _percent(place.women)}
        yield _("Women of %(place)s: %(women)s of %(all)s, where they are %(share)s of the inhabitants.") % said
    if place and census and here / people < place.people / census.people / 2:
        yield _("%(place)s: %(share)s of those who took part, %(census)s of the inhabitants.") % {
            "place": name,
            "share": _percent(here / people),
            "census": _percent(place.people / census.people),
        }


def _gaps_of(name: str, content: Mapping[str, Any], census: Inhabitants | None) -> Iterator[str]:
    """Say which groups of one question are missing; those who did not say are left out of the share."""
    shown: Mapping[str, int] = content["tables"][name]["shown"]
    answered = sum(count for value, count in shown.items() if value != UNSAID) + content["tables"][name]["others"]
    for value in content["groups"][name]:
        share = _census_share(name, value, census)
        if share is None or not answered or value == UNSAID:
            continue
        label = {"label": f"{TITLES[name]()} · {_label(name, value, {})}", "census": _percent(share)}
        if value not in shown:
            if share * answered >= content["smallest"]:
                yield _("%(label)s: too few to be shown, where they are %(census)s of the inhabitants.") % label
        elif share - shown[value] / answered > FAR:
            here = _percent(shown[value] / answered)
            yield _("%(label)s: %(here)s of those who answered, %(census)s of the inhabitants.") % {
                **label,
                "here": here,
            }


def _percent(share: float) -> str:
    return _("%(n)s%%") % {"n": round(share * 100)}
