"""Applications to one call that look like the same person's: one person, one chance in the draw.

Nothing is decided here: who judges sees the signs, and says whether they are
two people. Said by the same e-mail address, the same telephone however it is
written, or the same name in whatever order and letters: somebody may apply once
alone and once for an association.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from openregion.analysis.normaliser import plain
from openregion.consultation.models import Application, CallForParticipation
from openregion.core.official import text_in

_State = Application.State
# The reason that every call has, beside its own criteria.
ALREADY_APPLIED = "already-applied"
ONE_EACH: Promise = gettext_lazy("One application for each person. A second one by the same person is not kept.")
SIGNS: dict[str, Promise] = {
    "email": gettext_lazy("same e-mail address"),
    "telephone": gettext_lazy("same telephone"),
    "name": gettext_lazy("same name"),
}
NEAREST = 30  # of one group with which each is compared: somebody may send a thousand under one name
SIGNIFICANT = 9  # digits of a Moroccan number after +212 or 0
IN_THE_DRAW = (_State.RECEIVED, _State.ELIGIBLE)


@dataclass(frozen=True)
class Alike:
    """An application that looks like the same person's as another: its number, where it is, the signs, what was said.

    ``apart`` says that whoever judged found two people; ``settled`` that no person would have two chances.
    """

    number: int
    state: str
    signs: tuple[str, ...]
    apart: bool
    settled: bool


def alike_in(call: CallForParticipation) -> dict[int, tuple[Alike, ...]]:
    """Give, for each of a call's applications, those that look like the same person's; one question, whatever came."""
    fields = ("number", "state", "name", "email", "telephone", "apart_from")
    rows = {row[0]: row[1:] for row in call.applications.standing().filter(erased_at=None).values_list(*fields)}
    shared: dict[tuple[int, int], list[str]] = defaultdict(list)
    for sign in SIGNS:
        groups: dict[str, list[int]] = defaultdict(list)
        for number, (_state, name, email, telephone, _apart) in rows.items():
            if key := _key(sign, {"name": name, "email": email, "telephone": telephone}[sign]):
                groups[key].append(number)
        for numbers in groups.values():
            # Those that are in the draw stand together: however many were refused, no two of them escape.
            numbers.sort(key=lambda one: (rows[one][0] not in IN_THE_DRAW, one))
            for pair in _pairs(numbers):
                shared[pair].append(sign)
    found: dict[int, list[Alike]] = defaultdict(list)
    for (first, second), signs in sorted(shared.items()):
        apart = second in rows[first][4] or first in rows[second][4]
        settled = apart or rows[first][0] not in IN_THE_DRAW or rows[second][0] not in IN_THE_DRAW
        for number, other in ((first, second), (second, first)):
            found[number].append(Alike(other, rows[other][0], tuple(signs), apart, settled))
    return {number: tuple(those) for number, those in found.items()}


def unsettled_in(call: CallForParticipation) -> tuple[tuple[int, int], ...]:
    """List the pairs that nobody has settled yet, each once."""
    return tuple(
        (number, one.number)
        for number, those in sorted(alike_in(call).items())
        for one in those
        if not one.settled and number < one.number
    )


def signs_in_words(one: Alike) -> str:
    """Say in what two applications are alike."""
    return " · ".join(str(SIGNS[sign]) for sign in one.signs)


def criterion_text(call: CallForParticipation, code: str, lang: str) -> str:
    """Give the words of what a refusal names: one of the call's criteria, or the reason that every call has."""
    if code == ALREADY_APPLIED:
        return str(ONE_EACH)
    texts = [one["text"] for one in call.criteria if one["code"] == code]
    return text_in(texts[0], lang) if texts else ""


def _pairs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    for rank, one in enumerate(numbers):
        for other in numbers[rank + 1 : rank + 1 + NEAREST]:
            yield min(one, other), max(one, other)


def _key(sign: str, value: str) -> str:
    if sign == "telephone":
        digits = re.sub(r"\D", "", plain(value))
        return digits[-SIGNIFICANT:] if len(digits) >= SIGNIFICANT else digits
    if sign == "name":
        return " ".join(sorted(re.findall(r"\w+", plain(value))))
    return value.strip().casefold()
