"""What was said and what became of it, as tables anyone can recount: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from openregion.analysis.tables import safe_cell
from openregion.consultation.models import Contribution
from openregion.consultation.queries import Tally, tallies, threshold_of
from openregion.cycle.models import Cycle
from openregion.diagnosis.models import FindingSource
from openregion.people.models import Member
from openregion.plan.models import CoveredContribution

AT_ONCE = 500


@dataclass(frozen=True)
class Column:
    """A column of a table, and what it holds."""

    name: str
    about: Promise


COLUMNS = (
    Column("number", gettext_lazy("The public number of the suggestion.")),
    Column("state", gettext_lazy("published; hidden: hidden by moderation; pending: not read yet.")),
    Column("answered", gettext_lazy("yes or no. One that is hidden is answered when its author was told why.")),
    Column("cycle", gettext_lazy("The number of the cycle it was given in: a plan's coverage is that of its cycle.")),
    Column(
        "received_on",
        gettext_lazy("The day it was given. From here on, columns are filled for published ones only."),
    ),
    Column(
        "arrived_on",
        gettext_lazy(
            "The day it reached the platform: later where it was said in a room without a network, or written on paper."
        ),
    ),
    Column("consultation", gettext_lazy("The short address of its consultation.")),
    Column("theme", gettext_lazy("The code of its theme in that consultation.")),
    Column("province", gettext_lazy("The census code of the prefecture or province it speaks of.")),
    Column(
        "lang",
        gettext_lazy(
            "Its language: ar, ary or ary-latn (darija in Arabic or Latin letters), zgh, fr, en; und: another."
        ),
    ),
    Column(
        "channel",
        gettext_lazy(
            "How it was given: online; assisted (with the help of a public servant or an association); paper;"
            " workshop; imported (read in from an earlier consultation)."
        ),
    ),
    Column("problem", gettext_lazy("Its words: the problem seen.")),
    Column("idea", gettext_lazy("Its words: the idea.")),
    Column("effect", gettext_lazy("Its words: the expected effect.")),
    Column("text", gettext_lazy("Its words, where they were given in one piece.")),
    Column("spoken", gettext_lazy("What its recording says, written down by a person of the team.")),
    Column("decision", gettext_lazy("The latest answer: taken-up, in-part, not-taken-up, out-of-scope.")),
    Column("responses", gettext_lazy("The numbers of its answers, the latest first.")),
    Column("findings", gettext_lazy("The numbers of the published findings that gather it.")),
    Column(
        "voices", gettext_lazy("How many people said whether they agree; empty while too few have, as on the page.")
    ),
    Column("agree", gettext_lazy("How many of them agree.")),
    Column("disagree", gettext_lazy("How many of them disagree.")),
    Column("pass", gettext_lazy("How many of them passed.")),
)
PARTS = ("problem", "idea", "effect", "text", "spoken")
Row = dict[str, object]


def rows_of_suggestions(member: Member, cycle: Cycle | None = None) -> Iterator[Row]:
    """Give every suggestion that counts in coverage, in the order of numbers.

    What is published comes with its words. What is hidden or not read yet comes
    with its number, its state and whether it is answered, and nothing else: so
    the coverage can be recounted, and nothing is told of anybody. ``cycle``
    keeps those of one cycle.
    """
    counted = (
        Contribution.objects.of(member)
        .countable()
        .select_related("consultation__cycle", "suggestion__theme", "suggestion__province")
    )
    if cycle is not None:
        counted = counted.filter(consultation__cycle=cycle)
    found = counted.order_by("pk").iterator(chunk_size=AT_ONCE)
    least = threshold_of(member)
    while batch := list(itertools.islice(found, AT_ONCE)):
        yield from _rows(member, batch, least)


def _rows(member: Member, batch: Sequence[Contribution], least: int) -> Iterator[Row]:
    keys = [one.pk for one in batch]
    public = [one.pk for one in batch if one.moderation == Contribution.Moderation.PUBLISHED]
    voices = tallies(member, public, least=least)
    answers: dict[int, list[tuple[int, str]]] = defaultdict(list)
    covered = CoveredContribution.objects.filter(contribution__in=keys).order_by("-response__given_at", "-response")
    for key, number, decision in covered.values_list("contribution", "response__number", "response__decision"):
        answers[key].append((number, decision))
    findings: dict[int, list[int]] = defaultdict(list)
    gathered = FindingSource.objects.filter(contribution__in=keys).exclude(finding__published_at=None)
    for key, number in gathered.order_by("finding__number").values_list("contribution", "finding__number"):
        findings[key].append(number)
    for one in batch:
        yield _row(one, answers[one.pk], findings[one.pk], voices.get(one.pk))


def _row(one: Contribution, answers: Sequence[tuple[int, str]], findings: Sequence[int], voices: Tally | None) -> Row:
    told = one.moderation == Contribution.Moderation.HIDDEN and one.reason_told_at is not None
    row: Row = {
        "number": one.number,
        "state": one.moderation,
        "answered": "yes" if answers or told else "no",
        "cycle": one.consultation.cycle.number,
    }
    if one.moderation != Contribution.Moderation.PUBLISHED:
        return row
    suggestion = getattr(one, "suggestion", None)
    row |= {
        "received_on": timezone.localdate(one.received_at).isoformat(),
        "arrived_on": timezone.localdate(one.came_at).isoformat(),
        "consultation": one.consultation.slug,
        "theme": suggestion.theme.code if suggestion and suggestion.theme else "",
        "province": suggestion.province.code if suggestion and suggestion.province else "",
        "lang": one.lang,
        "channel": one.channel,
        **{part: one.words.get(part, "") for part in PARTS},
        "decision": answers[0][1] if answers else "",
        "responses": " ".join(str(number) for number, _ in answers),
        "findings": " ".join(str(number) for number in findings),
    }
    if voices is not None:
        told_of = {"voices": voices.voters, "agree": voices.agree, "disagree": voices.disagree, "pass": voices.passed}
        row |= {name: "" if count is None else count for name, count in told_of.items()}
    return row


def suggestions_as_csv(rows: Iterable[Row]) -> Iterator[str]:
    """Write suggestions as CSV, a piece at a time; a byte order mark so that Excel reads Arabic."""
    names = [column.name for column in COLUMNS]
    yield "\ufeff" + _line(names)
    for row in rows:
        yield _line([safe_cell(row.get(name, "")) for name in names])


def suggestions_as_json(rows: Iterable[Row]) -> Iterator[str]:
    """Write suggestions as one JSON list, a piece at a time, the words as they were given."""
    opening = "["
    for row in rows:
        yield opening + json.dumps(row, ensure_ascii=False)
        opening = ",\n"
    yield "[]" if opening == "[" else "]"


def _line(values: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()
