"""Who is missing among those who took part: said in words, from what is published and the census, and no further.

A share is of those who answered the question. A group whose figure is not shown
is missing only where the most that it can hold, by what is shown, is too little.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from openregion.analysis.disclosure import most_of
from openregion.consultation.queries.counting import BOTH, shown_of
from openregion.core import dates

FAR = 0.10  # a share that differs from the census by ten points is said; nearer, chance explains it
COMPARED = ("province", "gender", "age_band", "area", "disability")
Census = Mapping[str, Mapping[str, float]]
"""Shares of the inhabitants, between 0 and 1, by question and group; those of women and men of a province by place."""


@dataclass(frozen=True)
class Missing:
    """The gaps in words; which groups could not be compared; and what is to be said where there is no gap."""

    gaps: tuple[str, ...]
    untold: tuple[str, ...]
    verdict: str


NOTHING_COMPARED = Missing((), (), "")


def missing_from(content: Mapping[str, Any], census: Census, labels: Mapping[str, Mapping[str, str]]) -> Missing:
    """Say who is missing. ``labels``: the words of each group, by question."""
    gaps = [*_gaps_of_places(content, census, labels)]
    untold, compared = [], 0
    for name in COMPARED:
        for value, share in census.get(name, {}).items():
            told = _compare(content, name, value, share, labels[name][value])
            compared += told is not None
            if told is None:
                untold.append(labels[name][value])
            elif told:
                gaps.append(told)
    return Missing(tuple(gaps), tuple(untold) if compared else (), "" if gaps else _verdict(census, compared, untold))


def _verdict(census: Census, compared: int, untold: list[str]) -> str:
    if not census:
        return _("These figures cannot be compared: no census of these places is known here.")
    if not compared:
        return _("These figures cannot be compared with the census: too few people answered.")
    if untold:
        return _("No large gap with the census shows in the figures that can be compared.")
    return _("No large gap with the census shows in these figures.")


def _compare(content: Mapping[str, Any], name: str, value: str, share: float, label: str) -> str | None:
    """Say that a group is missing; nothing when it is not, and ``None`` when what is shown cannot tell."""
    table, smallest = content["tables"][name], content["smallest"]
    shown = shown_of(table)
    most = most_of(value, shown, smallest)
    if most is None or not shown.total:
        return None
    here = most / shown.total
    # Shares of provinces are small: there, half of the share is what counts.
    missing = here < share / 2 if name == "province" else share - here > FAR
    if not missing:
        return "" if value in shown.cells else None
    said = {
        "label": label,
        "census": percent(share),
        "here": percent(here),
        "n": smallest,
        "most": dates.whole(most),
        "all": dates.whole(shown.total),
    }
    if value in shown.cells:
        return _("%(label)s: %(here)s of those who answered, %(census)s of the inhabitants.") % said
    if value in shown.small:
        return _("%(label)s: fewer than %(n)s of the %(all)s who answered, %(census)s of the inhabitants.") % said
    return _("%(label)s: at most %(most)s of the %(all)s who answered, %(census)s of the inhabitants.") % said


def _gaps_of_places(
    content: Mapping[str, Any], census: Census, labels: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Say where women, or men, are missing in a province: of those there who said both."""
    table = content["tables"][BOTH]
    cells = {(row, column): figure for row, column, figure in table["shown"]}
    fewer = {
        "woman": _("Women of %(place)s: fewer than %(n)s of %(all)s."),
        "man": _("Men of %(place)s: fewer than %(n)s of %(all)s."),
    }
    few = {
        "woman": _("Women of %(place)s: %(here)s of %(all)s, where they are %(census)s of the inhabitants."),
        "man": _("Men of %(place)s: %(here)s of %(all)s, where they are %(census)s of the inhabitants."),
    }
    for row, here in table["rows"].items():
        for column, share in census.get(row, {}).items():
            said = {"place": labels["province"][row], "n": content["smallest"], "all": dates.whole(here)}
            if [row, column] in table["fewer"] and share - (content["smallest"] - 1) / here > FAR:
                yield fewer[column] % said
            elif (figure := cells.get((row, column))) is not None and share - figure / here > FAR:
                yield few[column] % {**said, "here": dates.whole(figure), "census": percent(share)}


def percent(share: float) -> str:
    """Write a share in whole percents."""
    return _("%(n)s%%") % {"n": round(share * 100)}
