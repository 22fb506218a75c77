"""A body's sides, women and men, co-ordinators and rules, computed in words: what OGP asks of a forum (row O-6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openregion.people.models import Gender, Mandate, Seat

FORUM = "forum"  # the kind of the guide's list of bodies
LEAST_COUNTED = 5  # fewer people, and a figure of women and men would tell about one of them
SIDES: dict[str, Promise] = {
    "civil-society": gettext_lazy("Civil society"),
    "council": gettext_lazy("Council"),
    "administration": gettext_lazy("Administration"),
    "other": gettext_lazy("Other"),
}
STANCES: dict[str, Promise] = {
    "majority": gettext_lazy("Majority group"),
    "opposition": gettext_lazy("Opposition group"),
}


@dataclass(frozen=True)
class Balance:
    """One thing OGP asks of a forum, and how this one stands: met, not met, or not known yet."""

    label: str
    sentence: str
    met: bool | None


def balances(seats: Sequence[Seat], holders: dict[int, Mandate]) -> tuple[Balance, ...]:
    """Say how a forum is composed: its sides, women and men, who co-ordinates; ``holders`` are today's, by seat."""
    return (_sides(seats, holders), _genders(list(holders.values())), _leads(seats, holders))


def _sides(seats: Sequence[Seat], holders: dict[int, Mandate]) -> Balance:
    held = Counter(seat.side for seat in seats if seat.pk in holders)
    civil, council = held["civil-society"], held["council"]
    label = _("Civil society and council")
    if not civil and not council:
        return Balance(label, _("No seat of either side is held yet."), None)
    counted = _("%(civil)s of civil society, %(council)s of the council.") % {
        "civil": _seats(civil),
        "council": _seats(council),
    }
    said = _("Equal numbers.") if civil == council else _("The two sides are not equal.")
    return Balance(label, f"{counted} {said}", civil == council)


def _genders(mandates: Sequence[Mandate]) -> Balance:
    label = _("Women and men")
    said = Counter(one.gender for one in mandates)
    women, men = said[Gender.WOMAN], said[Gender.MAN]
    if women + men < LEAST_COUNTED:
        return Balance(label, _("Counted once five people or more have said; nobody has to say."), None)
    words = [
        ngettext("%(number)s woman", "%(number)s women", women) % {"number": women},
        ngettext("%(number)s man", "%(number)s men", men) % {"number": men},
    ]
    if unsaid := said[Gender.UNSAID]:
        words.append(ngettext("%(number)s has not said", "%(number)s have not said", unsaid) % {"number": unsaid})
    equal = abs(women - men) <= (women + men) % 2
    told = _("As many women as men.") if equal else _("Women and men are not in equal numbers.")
    return Balance(label, f"{_(', ').join(words)}. {told}", equal)


def _leads(seats: Sequence[Seat], holders: dict[int, Mandate]) -> Balance:
    label = _("Co-ordination")
    lead = {seat.side: seat.pk in holders for seat in seats if seat.leads}
    asked = ("civil-society", "council")
    if all(lead.get(side) for side in asked):
        return Balance(label, _("Civil society and the council each have their co-ordinator."), True)
    lacking = [side for side in asked if not lead.get(side)]
    if lacking == ["civil-society"]:
        return Balance(label, _("The co-ordinator of civil society is not in place."), False)
    if lacking == ["council"]:
        return Balance(label, _("The co-ordinator of the council is not in place."), False)
    return Balance(label, _("No co-ordinator is in place, of either side."), False)


def _seats(number: int) -> str:
    return ngettext("%(number)s seat", "%(number)s seats", number) % {"number": number}


def side_in_words(side: str) -> str:
    """Name the side a seat is on; empty for none."""
    return str(SIDES.get(side, ""))
